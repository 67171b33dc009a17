//! Where the API key enters the URL, and the one place where it lives.

use http::header::HeaderName;
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::Request;

use crate::{ApiKey, generated};

/// The header that progenitor sends of its own accord; the documented request has none.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What the generated client carries for its hooks. It derives its own `Debug` from this.
#[derive(Clone, Debug)]
pub(crate) struct Authentication(pub(crate) ApiKey);

impl ClientHooks<Authentication> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        request.url_mut().query_pairs_mut().append_pair("apiKey", self.inner().0.expose());
        request.headers_mut().remove(API_VERSION);
        Ok(())
    }
}
