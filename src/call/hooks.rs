//! The outgoing headers, and the API key, which is stored and added to the URL only here.

use http::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::Request;

use crate::{ApiKey, generated};

/// The headers of every request. The caller's HTTP settings may change them.
pub(crate) fn default_headers() -> HeaderMap {
    let user_agent = concat!("bizkithub/", env!("CARGO_PKG_VERSION"));
    HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        // reqwest's own setting, `user_agent`, would be copied along with the connector, six times per call.
        (USER_AGENT, HeaderValue::from_static(user_agent)),
    ])
}

/// The header that progenitor adds by itself. The documented request does not have it.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// The state that the generated client carries for its hooks. It derives its own `Debug` from this.
#[derive(Clone, Debug)]
pub(crate) struct Authentication(pub(crate) ApiKey);

impl ClientHooks<Authentication> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let key = self.inner().0.expose();
        request.url_mut().query_pairs_mut().append_pair(generated::API_KEY_PARAMETER, key);
        request.headers_mut().remove(API_VERSION);
        Ok(())
    }
}
