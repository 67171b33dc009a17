//! See `Cargo.toml`.

#[cfg(test)]
mod tests {
    use bizkithub::{Client, ConfigError};

    #[test]
    fn missing_crypto_provider_is_a_config_error() {
        for url in ["https://bizkithub.com", "https://localhost:1", "http://127.0.0.1:1"] {
            let error = Client::builder("YOUR_API_KEY").base_url(url).build().unwrap_err();
            assert!(matches!(error, ConfigError::Tls { .. }), "{url}: {error:?}");
            let message = error.to_string();
            assert!(message.contains("rustls has no crypto provider"), "{url}: {message}");
            assert!(
                message.contains("enable the feature rustls or rustls-ring"),
                "{url}: {message}"
            );
        }
    }
}
