use std::borrow::Cow;
use std::error::Error;
use std::{fmt, io};

/// Why there was no answer, in words that no server chose: the operating system's, or a table's.
///
/// The libraries' own messages quote the other side. A certificate's names and HTTP/2's GOAWAY text were both seen in them.
#[derive(Debug)]
pub(super) struct Cause(Cow<'static, str>);

impl Cause {
    /// The deepest cause that has words, which is the most precise one.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let deepest = std::iter::successors(Some(error), |error| inner(*error));
        deepest.filter_map(words).last().map(Self)
    }
}

/// An I/O error's `source` skips the error that it wraps.
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
        return Some(format!("HTTP/2: {}", reason.description()).into());
    }
    #[cfg(feature = "rustls")]
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error));
    }
    of_connecting(error).map(Cow::Borrowed)
}

fn of_io(error: &io::Error) -> Option<Cow<'static, str>> {
    let words = match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code).to_string(),
        None => error.kind().to_string(),
    };
    // What the standard library says of an error that it has no word for; a name that is not found is one.
    let says_nothing = ["other error", "uncategorized error"].contains(&words.as_str());
    (!says_nothing).then(|| words.into())
}

fn of_http(error: &hyper::Error) -> Option<&'static str> {
    if error.is_incomplete_message() {
        Some("the connection was closed in the middle of an answer, or before it")
    } else if error.is_parse() {
        Some("the answer is not HTTP")
    } else {
        None
    }
}

#[cfg(feature = "rustls")]
fn of_tls(error: &rustls::Error) -> Cow<'static, str> {
    use rustls::CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext,
        NotValidYet, NotValidYetContext, Revoked, UnknownIssuer,
    };
    let certificate = match error {
        rustls::Error::InvalidCertificate(certificate) => certificate,
        rustls::Error::AlertReceived(alert) => {
            return format!("TLS: the other side gave up with the alert {alert:?}").into();
        }
        rustls::Error::PeerIncompatible(_) => {
            return "TLS: no version or cipher in common".into();
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

/// The HTTP library's words for connecting; its types are private.
fn of_connecting(error: &(dyn Error + 'static)) -> Option<&'static str> {
    Some(match error.to_string().as_str() {
        "dns error" => "the host's name was not found",
        "operation timed out" => "timed out",
        "tunnel error: unsuccessful" => "the proxy refused the tunnel",
        "tunnel error: proxy authorization required" => "the proxy wants credentials",
        _ => return None,
    })
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Cause {}

#[cfg(all(test, feature = "rustls"))]
mod tests {
    use rustls::CertificateError;

    use super::*;

    #[test]
    fn a_certificate_that_no_server_of_a_test_can_show_has_its_words() {
        for (error, words) in [
            (CertificateError::Revoked, "the certificate was revoked"),
            (CertificateError::BadSignature, "the certificate's signature is wrong"),
            (CertificateError::BadEncoding, "the certificate was not accepted"),
        ] {
            assert_eq!(of_tls(&rustls::Error::InvalidCertificate(error)), words);
        }
    }
}
