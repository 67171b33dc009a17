use std::time::Duration;

use bizkithub::{Error, Outcome, Refusal};

/// Everything that can be asked of an error, whichever endpoint it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub variant: &'static str,
    pub code: Option<String>,
    pub status: Option<u16>,
    pub outcome: Outcome,
    pub is_retryable: bool,
    pub retry_after: Option<Duration>,
    /// Its message and those of its sources.
    pub story: Vec<String>,
    /// What the server wrote, and what the HTTP library says of it: behind accessors alone.
    pub raw: Vec<String>,
}

impl Told {
    pub fn of<E: Refusal>(error: &Error<E>) -> Self {
        let (variant, raw) = match error {
            Error::Refused(refused) => ("Refused", vec![refused.message().to_owned()]),
            Error::Platform(platform) => {
                let mut raw = vec![platform.message().to_owned()];
                raw.extend(platform.description().map(str::to_owned));
                ("Platform", raw)
            }
            Error::Unexpected(response) => ("Unexpected", vec![response.excerpt().to_owned()]),
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
            story: with_sources(error).map(ToString::to_string).collect(),
            raw,
        }
    }
}

/// Everything that a program could print of an error.
pub fn printed<E: Refusal>(error: &Error<E>) -> String {
    let forms = with_sources(error).map(|error| format!("{error}\n{error:?}\n{error:#?}\n"));
    let mut text: String = forms.collect();
    text += &format!("{error:#}\n");
    if let Some(refusal) = error.refusal() {
        text += &format!("{refusal}\n{refusal:?}\n{refusal:#?}\n");
    }
    text
}

fn with_sources<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}
