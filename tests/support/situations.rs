//! Every answer that the client must tell apart, and what it has to make of each: the rows of `src/outcomes.md` that are
//! told by an answer.

use std::time::Duration;

use bizkithub::Outcome::{self, Unchanged, Unknown};

use super::{Answer, Endpoint, json};

/// An answer and what the client has to make of it.
pub struct Situation {
    pub name: String,
    pub answer: Answer,
    pub variant: &'static str,
    pub code: Option<String>,
    pub outcome: Outcome,
    pub repeated: Repeated,
    pub retry_after: Option<Duration>,
}

/// Whether the client repeats the call by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    Yes,
    /// Only an endpoint that changes nothing.
    LostAnswer,
    No,
}

impl Situation {
    /// Whether the same call may be made again without any risk.
    pub fn is_retryable(&self, endpoint: &Endpoint) -> bool {
        self.repeated == Repeated::Yes
            || (endpoint.repeats_lost_answers() && self.outcome == Unknown)
    }

    /// Whether a client does so by itself, if the wait fits into the call's time.
    pub fn is_repeated(&self, endpoint: &Endpoint) -> bool {
        match self.repeated {
            Repeated::Yes => true,
            Repeated::LostAnswer => endpoint.repeats_lost_answers(),
            Repeated::No => false,
        }
    }

    fn of(variant: &'static str, name: String, answer: Answer, outcome: Outcome) -> Self {
        let (code, repeated, retry_after) = (None, Repeated::No, None);
        Self { name, answer, variant, code, outcome, repeated, retry_after }
    }

    fn code(self, code: &str) -> Self {
        Self { code: Some(code.to_owned()), ..self }
    }

    fn repeated(self, repeated: Repeated) -> Self {
        Self { repeated, ..self }
    }

    /// With the header, or with a time that the answer gives in another way.
    fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(Duration::from_secs(seconds)), ..self }
    }
}

/// Every failure of an endpoint that is told by an answer. The platform's own words are `words` wherever it has any.
pub fn failures(endpoint: &Endpoint, words: &str) -> Vec<Situation> {
    let words = &serde_json::to_string(words).unwrap();
    let mut situations = refusals(endpoint, words);
    situations.extend(platform_errors(words));
    situations.extend(contradictions(words));
    situations.extend(unexpected(endpoint, words));
    situations
}

/// What a status says of a "no" whose code says nothing.
const SAYS_NO: [u16; 7] = [200, 201, 400, 404, 409, 422, 429];
const SAYS_NOTHING: [u16; 7] = [301, 308, 408, 500, 502, 503, 504];

fn refusals(endpoint: &Endpoint, words: &str) -> Vec<Situation> {
    let refusal = |code: &str, status| {
        let body = format!(r#"{{"success":false,"errorCode":"{code}","message":{words}}}"#);
        let name = format!("{code} in a {status}");
        let situation = Situation::of("Refused", name, json(status, body), Unchanged).code(code);
        match (endpoint.name, code) {
            ("register-account", "E004") => situation.retry_after(600),
            _ => situation,
        }
    };
    let mut refusals = Vec::new();
    for (code, _) in endpoint.codes() {
        let statuses = SAYS_NO.into_iter().chain(SAYS_NOTHING);
        refusals.extend(statuses.map(|status| refusal(code, status)));
    }
    for status in SAYS_NO {
        refusals.push(refusal("E999", status));
    }
    for status in SAYS_NOTHING {
        refusals.push(Situation { outcome: Unknown, ..refusal("E999", status) });
    }
    let codeless = [
        r#"{"success":false}"#.to_owned(),
        format!(r#"{{"success":false,"message":{words}}}"#),
        r#"{"success":false,"errorCode":null}"#.to_owned(),
        r#"{"success":false,"errorCode":"","message":7}"#.to_owned(),
        r#"{"success":false,"errorCode":4}"#.to_owned(),
        r#"{"success":false,"errorCode":{"E004":"E004"}}"#.to_owned(),
        // An endpoint's "no" is taken at its word, whatever else stands beside it.
        r#"{"success":false,"error":{"code":"RATE_LIMIT_EXCEEDED"}}"#.to_owned(),
    ];
    for body in codeless {
        for (status, outcome) in
            [(200, Unchanged), (404, Unchanged), (408, Unknown), (500, Unknown)]
        {
            let name = format!("{body} in a {status}");
            refusals.push(Situation::of("Refused", name, json(status, &*body), outcome));
        }
    }
    let name = "a refusal with Retry-After".to_owned();
    let answer = json(429, r#"{"success":false,"errorCode":"E999"}"#).header("retry-after", 30);
    refusals.push(Situation::of("Refused", name, answer, Unchanged).code("E999").retry_after(30));
    refusals
}

/// The codes that are documented for the platform, each with its documented status, or with one of those it may have.
pub const PLATFORM_CODES: [(u16, &str); 17] = [
    (404, "PUBLIC_API_KEY_DOES_NOT_EXIST"),
    (404, "PUBLIC_API_KEY_SAMPLE_VALUE"),
    (404, "PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT"),
    (404, "PUBLIC_API_KEY_HAS_BEEN_DELETED"),
    (404, "PUBLIC_API_KEY_IS_NOT_ACTIVE"),
    (404, "PUBLIC_API_KEY_IS_EMPTY"),
    (404, "PUBLIC_API_KEY_HAS_BEEN_EXPIRED"),
    (403, "PUBLIC_API_KEY_SCOPE_NOT_ALLOWED"),
    (401, "PERMISSION_MEMBER_HAS_NO_PERMISSION"),
    (401, "PERMISSION_MEMBER_IS_BLOCKED_IN_ORGANISATION"),
    (401, "INTERNAL_USER_MUST_BE_AUTHORIZED"),
    (429, "INTERNAL_TOO_MANY_REQUESTS"),
    (429, "RATE_LIMIT_EXCEEDED"),
    (429, "PUBLIC_API_KEY_TOO_MANY_REQUEST"),
    (400, "INTERNAL_VALIDATION_FAILED"),
    (404, "INTERNAL_RESOURCE_NOT_FOUND"),
    (400, "INTERNAL_ACCOUNT_CAN_NOT_DETERMINATE_USER_IP"),
];

/// Like codes that the crate knows, and in its alphabet. A prefix, or a code's first or last letter, proves nothing.
const UNKNOWN_CODES: [&str; 4] = [
    "PERMISSION_SERVICE_CRASHED",
    "PUBLIC_API_KEY_IS_EMPTY_",
    "UBLIC_API_KEY_IS_EMPTY",
    "public_api_key_is_empty",
];

fn platform_errors(words: &str) -> Vec<Situation> {
    let platform = |code: &str, status| {
        let body =
            format!(r#"{{"error":{{"code":"{code}","message":{words},"description":{words}}}}}"#);
        let name = format!("{code} in a {status}");
        Situation::of("Platform", name, json(status, body), Unchanged).code(code)
    };
    let mut errors = Vec::new();
    for (status, code) in PLATFORM_CODES {
        let turned_away = if status == 429 { Repeated::Yes } else { Repeated::No };
        errors.push(platform(code, status).repeated(turned_away));
        // Whatever the status: the code says what happened, and only a 429 says that it passes.
        errors.extend([200, 301, 408, 500, 503].map(|status| platform(code, status)));
    }
    for code in UNKNOWN_CODES {
        for status in SAYS_NO {
            let turned_away = if status == 429 { Repeated::Yes } else { Repeated::No };
            errors.push(platform(code, status).repeated(turned_away));
        }
        for status in SAYS_NOTHING {
            let repeated = lost_if_a_gateways(status);
            errors.push(Situation { outcome: Unknown, repeated, ..platform(code, status) });
        }
    }
    let limited = || platform("RATE_LIMIT_EXCEEDED", 429).repeated(Repeated::Yes).retry_after(3600);
    let in_the_body = |time: &str| {
        json(429, format!(r#"{{"error":{{"code":"RATE_LIMIT_EXCEEDED","retry_after":{time}}}}}"#))
    };
    let in_the_header = json(429, r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","retry_after":7}}"#)
        .header("Retry-After", 3600);
    errors.extend([
        Situation {
            name: "Retry-After beside retry_after".to_owned(),
            answer: in_the_header,
            ..limited()
        },
        Situation {
            name: "retry_after alone".to_owned(),
            answer: in_the_body("3600"),
            ..limited()
        },
        Situation {
            name: "a retry_after that is no number of seconds".to_owned(),
            answer: in_the_body("\"soon\""),
            retry_after: None,
            ..limited()
        },
        // A code of the platform's own that says "no" for good.
        platform("PUBLIC_API_KEY_IS_EMPTY", 429),
        Situation {
            name: "a platform error beside a success that is null and a code of an endpoint"
                .to_owned(),
            answer: json(404, r#"{"success":null,"errorCode":"E001","error":{"code":"NEW"}}"#),
            ..platform("NEW", 404)
        },
    ]);
    errors
}

fn lost_if_a_gateways(status: u16) -> Repeated {
    match status {
        502..=504 => Repeated::LostAnswer,
        _ => Repeated::No,
    }
}

/// Answers that say both that the call succeeded and that it failed.
fn contradictions(words: &str) -> Vec<Situation> {
    let both = [
        r#"{"success":true,"error":{"code":"RATE_LIMIT_EXCEEDED"}}"#.to_owned(),
        format!(r#"{{"error":{{"message":{words}}},"success":true}}"#),
        r#"{"success":true,"errorCode":"E002"}"#.to_owned(),
        r#"{"success":true,"error":false}"#.to_owned(),
        r#"{"success":false,"success":true}"#.to_owned(),
        r#"{"success":true,"success":false,"errorCode":"E001"}"#.to_owned(),
        r#"{"success":true,"success":true}"#.to_owned(),
        r#"{"success":false,"errorCode":"E001","errorCode":"E002"}"#.to_owned(),
        r#"{"error":{"code":"NEW"},"error":{"code":"RATE_LIMIT_EXCEEDED"}}"#.to_owned(),
    ];
    let mut situations = Vec::new();
    for body in both {
        situations.extend([200, 404, 429, 500, 503].map(|status| unknown(&body, status)));
    }
    for body in [r#"{"success":true}"#, r#"{"success":"true"}"#, r#"{"success":1}"#] {
        situations.extend([301, 400, 408, 429, 500, 502].map(|status| unknown(body, status)));
    }
    situations
}

/// A JSON answer that proves nothing.
fn unknown(body: &str, status: u16) -> Situation {
    let shown: String = body.chars().take(80).collect();
    Situation::of("Unexpected", format!("{shown} in a {status}"), json(status, body), Unknown)
        .repeated(lost_if_a_gateways(status))
}

fn unexpected(endpoint: &Endpoint, words: &str) -> Vec<Situation> {
    let html = |status| Answer::new(status, format!("<html>{words}</html>"));
    let mut situations = Vec::new();
    for status in [301, 302, 303, 307, 308, 400, 401, 404, 408, 418, 500, 502, 503, 504] {
        for (what, answer) in [
            ("HTML", html(status)),
            ("an empty body", json(status, "")),
            ("an object", json(status, r#"{"any":"json"}"#)),
        ] {
            situations.push(
                Situation::of("Unexpected", format!("{what} in a {status}"), answer, Unknown)
                    .repeated(lost_if_a_gateways(status)),
            );
        }
    }
    // A 429 means that nothing was done, unless the body says or may say otherwise.
    for body in ["", "<html></html>", r#"{"any":"json"}"#, r#"{"error":{"message":"Later."}}"#] {
        let name = format!("{body:?} in a 429");
        situations.push(
            Situation::of("Unexpected", name, json(429, body), Unchanged).repeated(Repeated::Yes),
        );
    }
    situations.push(unknown(r#"{"success":tr"#, 429));
    situations.push(unknown(r#"{"success":true"#, 429));

    let nested = "[".repeat(100_000);
    let mut bodies = vec![
        "",
        "<html></html>",
        "[1,2]",
        "true",
        "null",
        r#""success""#,
        r#"{"success":tr"#,
        r#"{"success":true}{"success":true}"#,
        r#"{'success':true}"#,
        r#"{"error":{"message":"hello"}}"#,
        r#"{"error":"not found"}"#,
        r#"{"error":{"code":404}}"#,
        r#"{"error":[]}"#,
        &nested,
    ];
    if !endpoint.is_get() {
        bodies.extend([
            "{}",
            r#"{"message":"hello"}"#,
            r#"{"success":null}"#,
            r#"{"success":"true"}"#,
            r#"{"success":1}"#,
            r#"{"Success":true}"#,
            r#"{"errorCode":"E002"}"#,
            r#"{"data":{"success":true}}"#,
        ]);
    }
    situations.extend(bodies.into_iter().map(|body| unknown(body, 200)));
    if endpoint.name == "login" {
        let without_an_identity = [
            r#"{"success":true}"#,
            r#"{"success":true,"identityId":null}"#,
            r#"{"success":true,"identityId":""}"#,
            r#"{"success":true,"identityId":7}"#,
            r#"{"success":true,"data":{"identityId":"b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA"}}"#,
        ];
        situations.extend(without_an_identity.map(|body| unknown(body, 200)));
    }
    let empty = "a 204".to_owned();
    situations.push(Situation::of("Unexpected", empty, Answer::new(204, ""), Unknown));
    let too_long = format!(r#"{{"success":true,"data":"{}"}}"#, " ".repeat(1 << 20));
    for status in [200, 429] {
        situations.push(Situation {
            name: format!("a body past the limit in a {status}"),
            ..unknown(&too_long, status)
        });
    }
    let waiting = |status, outcome, repeated| {
        let name = format!("HTML with Retry-After in a {status}");
        let answer = html(status).header("retry-after", 3600);
        Situation::of("Unexpected", name, answer, outcome).repeated(repeated).retry_after(3600)
    };
    situations.push(waiting(429, Unchanged, Repeated::Yes));
    situations.push(waiting(503, Unknown, Repeated::LostAnswer));
    situations
}
