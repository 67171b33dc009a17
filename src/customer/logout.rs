use crate::call::Endpoint;
use crate::generated::operations;
use crate::{Answered, Client, Error, LogoutRequest, UndocumentedRefusal};

impl Client {
    /// Signs a shopper out: `POST /api/v1/customer/logout`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-logout)).
    ///
    /// It ends the identity that [`login`](Self::login) opened. Forget the shopper's cookie first, whatever comes of the
    /// call.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`], [`Error::Platform`], [`Error::Unexpected`] or [`Error::Transport`]. Not documented: what an
    /// identity gets that has ended already. If the [outcome](Error::outcome) is `Unknown`, the identity may still be open;
    /// it ends after inactivity.
    pub async fn logout(
        &self,
        request: &LogoutRequest,
    ) -> Result<Answered<()>, Error<UndocumentedRefusal>> {
        self.call(&ENDPOINT, |api| api.post_api_v1_customer_logout(request)).await
    }
}

static ENDPOINT: Endpoint = Endpoint {
    operation: operations::LOGOUT,
    in_doubt: "The identity may still be open until it ends by inactivity: forget the shopper's cookie all the same",
};
