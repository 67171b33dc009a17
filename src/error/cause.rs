use std::borrow::Cow;
use std::error::Error;
use std::{fmt, io};

/// The cause of a transport error, in the operating system's words or this crate's.
///
/// The libraries' own messages quote the server: they have contained the names in a certificate and the text of an HTTP/2
/// GOAWAY.
#[derive(Debug)]
pub(super) struct Cause(Cow<'static, str>);

/// Causes that no later attempt can remove.
const NO_TLS: &str =
    "this program has no TLS: enable the feature rustls, rustls-ring or native-tls of bizkithub";
const NO_SOCKS: &str = "a SOCKS proxy needs the feature socks of reqwest";

const NOT_HTTP: &str = "the response is not HTTP";

/// The HTTP library's message if it cannot connect to a proxy.
const NO_PROXY: &str = "tunnel error: failed to create underlying connection";

impl Cause {
    pub(super) fn is_permanent(&self) -> bool {
        [NO_TLS, NO_SOCKS].contains(&&*self.0)
    }

    /// The deepest cause that [`words`] describes, which is the most precise one. It must be taken before the error's URL is
    /// removed.
    pub(super) fn of(error: &reqwest::Error) -> Option<Self> {
        let is_https = error.url().is_some_and(|url| url.scheme() == "https");
        let chain = std::iter::successors(Some(error as &dyn Error), |error| inner(*error));
        let is_proxy = chain.clone().any(|error| error.to_string() == NO_PROXY);
        let cause = match chain.filter_map(words).last()? {
            // Without TLS, the scheme of a SOCKS proxy leads to the same error.
            words if words == NO_TLS && !is_https => Self(NO_SOCKS.into()),
            words => Self(words),
        };
        Some(match is_proxy && !cause.is_permanent() {
            true => Self(format!("the proxy is unreachable: {cause}").into()),
            false => cause,
        })
    }
}

/// The error inside an error. (The `source` of an I/O error skips the error that it wraps.)
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn words(error: &(dyn Error + 'static)) -> Option<Cow<'static, str>> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return of_io(error);
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return of_http(error).map(Cow::Borrowed);
    }
    if let Some(reason) = error.downcast_ref::<h2::Error>().and_then(h2::Error::reason) {
        return Some(match reason {
            h2::Reason::NO_ERROR => "HTTP/2: the server closed the connection".into(),
            _ => format!("HTTP/2: {}", reason.description()).into(),
        });
    }
    #[cfg(any(feature = "rustls", feature = "rustls-ring"))]
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error));
    }
    of_connecting(error).map(Cow::Borrowed)
}

fn of_io(error: &io::Error) -> Option<Cow<'static, str>> {
    let words = match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code).to_string(),
        // The HTTP library says this of a malformed chunk, and the standard library would call it an invalid parameter.
        None if error.kind() == io::ErrorKind::InvalidInput => NOT_HTTP.to_owned(),
        None => error.kind().to_string(),
    };
    // The standard library says this for an error that it does not know, such as a name that was not found.
    let says_nothing = ["other error", "uncategorized error"].contains(&words.as_str());
    (!says_nothing).then(|| words.into())
}

fn of_http(error: &hyper::Error) -> Option<&'static str> {
    if error.is_incomplete_message() {
        Some("the response is incomplete")
    } else if error.is_parse() && error.to_string() == "message head is too large" {
        Some("the head of the response is too large")
    } else if error.is_parse() {
        Some(NOT_HTTP)
    } else {
        None
    }
}

#[cfg(any(feature = "rustls", feature = "rustls-ring"))]
fn of_tls(error: &rustls::Error) -> Cow<'static, str> {
    use rustls::CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext,
        NotValidYet, NotValidYetContext, Revoked, UnknownIssuer,
    };
    let certificate = match error {
        rustls::Error::InvalidCertificate(certificate) => certificate,
        rustls::Error::AlertReceived(alert) => {
            return format!("TLS: the server ended the handshake with the alert {alert:?}").into();
        }
        rustls::Error::PeerIncompatible(_) => {
            return "TLS: the server supports no common version or cipher".into();
        }
        _ => return "TLS: the handshake failed".into(),
    };
    match certificate {
        Expired | ExpiredContext { .. } => "the certificate has expired",
        NotValidYet | NotValidYetContext { .. } => "the certificate is not valid yet",
        NotValidForName | NotValidForNameContext { .. } => "the certificate is for another name",
        UnknownIssuer => "the certificate's issuer is not trusted",
        Revoked => "the certificate was revoked",
        BadSignature => "the certificate's signature is wrong",
        _ => "the certificate was not accepted",
    }
    .into()
}

/// The HTTP library's error types for connecting are private, so they are recognized by their messages.
fn of_connecting(error: &(dyn Error + 'static)) -> Option<&'static str> {
    Some(match error.to_string().as_str() {
        "dns error" => "the host's name was not found",
        "operation timed out" => "timed out",
        "tunnel error: unsuccessful"
        | "tunnel error: unexpected end of file"
        | "tunnel error: proxy response headers too long" => "the proxy rejected the tunnel",
        "tunnel error: proxy authorization required" => "the proxy requires credentials",
        "invalid URL, scheme is not http" => NO_TLS,
        "unsupported scheme socks4" | "unsupported scheme socks4a" => NO_SOCKS,
        "unsupported scheme socks5" | "unsupported scheme socks5h" => NO_SOCKS,
        _ => return None,
    })
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Cause {}

#[cfg(all(test, any(feature = "rustls", feature = "rustls-ring")))]
mod tests {
    use rustls::CertificateError;

    use super::*;

    #[test]
    fn certificate_errors_have_a_cause() {
        for (error, words) in [
            (CertificateError::Revoked, "the certificate was revoked"),
            (CertificateError::BadSignature, "the certificate's signature is wrong"),
            (CertificateError::BadEncoding, "the certificate was not accepted"),
        ] {
            assert_eq!(of_tls(&rustls::Error::InvalidCertificate(error)), words);
        }
    }
}
