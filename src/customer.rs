//! The operations under `/api/v1/customer/`, each in a file named after the last segment of its path.

mod get_account_info;
mod login;
mod logout;
mod register_account;
mod register_account_verify;
mod reset_password;
mod set_new_password;

pub use get_account_info::GetAccountInfoError;
pub use login::LoginError;
pub use logout::LogoutError;
pub use register_account::RegisterAccountError;
pub use register_account_verify::RegisterAccountVerifyError;
pub use reset_password::ResetPasswordError;
pub use set_new_password::SetNewPasswordError;
