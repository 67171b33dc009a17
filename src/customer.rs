//! The endpoints under `/api/v1/customer/`: a file for each, named after its path's last segment.

mod get_account_info;
mod login;
mod logout;
mod register_account;
mod register_account_verify;
mod reset_password;
mod set_new_password;

pub use get_account_info::{
    AccountInfo, CustomerGroup, GetAccountInfoRequest, Referral, Subscription,
};
pub use login::{Login, LoginError};
pub use register_account::{RegisterAccountError, RegisteredAccount};
pub use register_account_verify::VerifiedAccount;
pub use set_new_password::SetNewPasswordError;
