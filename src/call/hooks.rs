//! Where the API key enters the URL, and the one place where it lives.

use http::header::{ACCEPT, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::Request;
use secrecy::{ExposeSecret, SecretString};

use crate::{ApiKey, generated};

/// Everything that is unreserved in a URL stays; a key in the documented format is left as it is.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The header that progenitor sends of its own accord; the documented request has none.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What the generated client carries for its hooks.
#[derive(Clone)]
pub(crate) struct Authentication {
    /// `apiKey=…`, percent-encoded once.
    query: SecretString,
}

impl Authentication {
    pub(crate) fn new(api_key: &ApiKey) -> Self {
        let encoded = utf8_percent_encode(api_key.expose(), QUERY_VALUE);
        Self { query: format!("apiKey={encoded}").into() }
    }
}

/// The generated client derives its own `Debug` from this.
impl std::fmt::Debug for Authentication {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Authentication([redacted])")
    }
}

impl ClientHooks<Authentication> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let key = self.inner().query.expose_secret();
        match request.url().query() {
            None => request.url_mut().set_query(Some(key)),
            Some(others) => {
                let query = format!("{others}&{key}");
                request.url_mut().set_query(Some(&query));
            }
        }
        request.headers_mut().remove(API_VERSION);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(())
    }
}
