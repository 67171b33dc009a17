use std::time::Duration;

use bizkithub::{Error, ErrorCode, Outcome};

/// Everything that an error returns, for any endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorView {
    pub variant: &'static str,
    pub code: Option<String>,
    pub status: Option<u16>,
    pub outcome: Outcome,
    pub is_retryable: bool,
    pub retry_after: Option<Duration>,
    /// The error's message and those of its sources.
    pub messages: Vec<String>,
    /// The server's own text, and the HTTP library's, which only accessors return.
    pub raw: Vec<String>,
}

impl ErrorView {
    pub fn of<E: ErrorCode>(error: &Error<E>) -> Self {
        let (variant, raw) = match error {
            Error::Endpoint(endpoint) => ("Endpoint", vec![endpoint.message().to_owned()]),
            Error::Platform(platform) => {
                let mut raw = vec![platform.message().to_owned()];
                raw.extend(platform.description().map(str::to_owned));
                ("Platform", raw)
            }
            Error::UnexpectedResponse(response) => {
                ("UnexpectedResponse", vec![response.excerpt().to_owned()])
            }
            Error::Transport(transport) => ("Transport", vec![transport.detail().to_owned()]),
            _ => panic!("a variant newer than this test: {error:?}"),
        };
        Self {
            variant,
            code: error.code().map(str::to_owned),
            status: error.status().map(|status| status.as_u16()),
            outcome: error.outcome(),
            is_retryable: error.is_retryable(),
            retry_after: error.retry_after(),
            messages: with_sources(error).map(ToString::to_string).collect(),
            raw,
        }
    }
}

/// Everything that a program could print of an error.
pub fn debug_output<E: ErrorCode>(error: &Error<E>) -> String {
    let forms = with_sources(error).map(|error| format!("{error}\n{error:?}\n{error:#?}\n"));
    let mut text: String = forms.collect();
    text += &format!("{error:#}\n");
    if let Some(reason) = error.reason() {
        text += &format!("{reason}\n{reason:?}\n{reason:#?}\n");
    }
    // The errors inside also print themselves.
    text += &match error {
        Error::Endpoint(error) => format!("{error}\n{error:?}\n{error:#?}\n"),
        Error::Platform(error) => format!("{error}\n{error:?}\n{error:#?}\n"),
        Error::UnexpectedResponse(error) => format!("{error}\n{error:?}\n{error:#?}\n"),
        Error::Transport(error) => format!("{error}\n{error:?}\n{error:#?}\n"),
        _ => String::new(),
    };
    text
}

fn with_sources<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}
