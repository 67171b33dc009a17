//! All kinds of error responses, each with the error that the client has to return: the rows of `src/outcomes.md` about
//! responses.

use std::time::Duration;

use bizkithub::Outcome::{self, Unchanged, Unknown};

use super::documented_api::DocumentedCode;
use super::{Endpoint, Reply, json};

/// A response, and the error that the client has to return for it.
pub struct ResponseCase {
    pub name: String,
    pub reply: Reply,
    pub variant: &'static str,
    pub code: Option<String>,
    pub outcome: Outcome,
    pub retried: Retried,
    pub retry_after: Option<Duration>,
}

/// Says whether the client retries the call by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    Yes,
    /// Only if the endpoint changes nothing.
    IfIdempotent,
    No,
}

impl ResponseCase {
    /// `true` if the same call may be made again without any risk.
    pub fn is_retryable(&self, endpoint: &Endpoint) -> bool {
        self.retried == Retried::Yes || (endpoint.is_idempotent && self.outcome == Unknown)
    }

    /// `true` if a client retries the call by itself, provided that the delay fits into the call's time.
    pub fn is_retried(&self, endpoint: &Endpoint) -> bool {
        match self.retried {
            Retried::Yes => true,
            Retried::IfIdempotent => endpoint.is_idempotent,
            Retried::No => false,
        }
    }

    fn of(variant: &'static str, name: String, reply: Reply, outcome: Outcome) -> Self {
        let (code, retried, retry_after) = (None, Retried::No, None);
        Self { name, reply, variant, code, outcome, retried, retry_after }
    }

    fn code(self, code: &str) -> Self {
        Self { code: Some(code.to_owned()), ..self }
    }

    fn retried(self, retried: Retried) -> Self {
        Self { retried, ..self }
    }

    /// The header's time, or one that the reply gives in another way.
    fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(Duration::from_secs(seconds)), ..self }
    }
}

/// All error responses of an endpoint. The server's own messages are `words`.
pub fn failures(endpoint: &Endpoint, words: &str) -> Vec<ResponseCase> {
    let words = &serde_json::to_string(words).unwrap();
    let mut cases = endpoint_errors(endpoint, words);
    cases.extend(platform_errors(words));
    cases.extend(contradictions(words));
    cases.extend(unexpected(endpoint, words));
    cases
}

/// Statuses that make an error certain, and others that don't, if the code is unknown.
const CERTAIN: [u16; 7] = [200, 201, 400, 404, 409, 422, 429];
const UNCERTAIN: [u16; 7] = [301, 308, 408, 500, 502, 503, 504];

fn endpoint_errors(endpoint: &Endpoint, words: &str) -> Vec<ResponseCase> {
    let endpoint_error = |code: &str, status| {
        let body = format!(r#"{{"success":false,"errorCode":"{code}","message":{words}}}"#);
        let name = format!("{code} in a {status}");
        let case = ResponseCase::of("Endpoint", name, json(status, body), Unchanged).code(code);
        match (endpoint.name(), code) {
            ("register-account", "E004") => case.retry_after(600),
            _ => case,
        }
    };
    let mut cases = Vec::new();
    for DocumentedCode { code, .. } in endpoint.codes {
        let statuses = CERTAIN.into_iter().chain(UNCERTAIN);
        cases.extend(statuses.map(|status| endpoint_error(code, status)));
    }
    for status in CERTAIN {
        cases.push(endpoint_error("E999", status));
    }
    for status in UNCERTAIN {
        let retried = retried_if_from_gateway(status);
        cases.push(ResponseCase { outcome: Unknown, retried, ..endpoint_error("E999", status) });
    }
    let codeless = [
        r#"{"success":false}"#.to_owned(),
        format!(r#"{{"success":false,"message":{words}}}"#),
        r#"{"success":false,"errorCode":null}"#.to_owned(),
        r#"{"success":false,"errorCode":"","message":7}"#.to_owned(),
        r#"{"success":false,"errorCode":4}"#.to_owned(),
        r#"{"success":false,"errorCode":{"E004":"E004"}}"#.to_owned(),
        // `success: false` is certain, even next to an `error`.
        r#"{"success":false,"error":{"code":"RATE_LIMIT_EXCEEDED"}}"#.to_owned(),
    ];
    for body in codeless {
        for (status, outcome) in
            [(200, Unchanged), (404, Unchanged), (408, Unknown), (500, Unknown)]
        {
            let name = format!("{body} in a {status}");
            cases.push(ResponseCase::of("Endpoint", name, json(status, &*body), outcome));
        }
    }
    let name = "an endpoint error with Retry-After".to_owned();
    let reply = json(429, r#"{"success":false,"errorCode":"E999"}"#).header("retry-after", 30);
    cases.push(ResponseCase::of("Endpoint", name, reply, Unchanged).code("E999").retry_after(30));
    cases
}

/// The documented codes of the platform, each with its documented status, or with one that it may have.
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

/// Codes that resemble known ones.
const UNKNOWN_CODES: [&str; 4] = [
    "PERMISSION_SERVICE_CRASHED",
    "PUBLIC_API_KEY_IS_EMPTY_",
    "XPUBLIC_API_KEY_IS_EMPTY",
    "public_api_key_is_empty",
];

fn platform_errors(words: &str) -> Vec<ResponseCase> {
    let platform = |code: &str, status| {
        let body =
            format!(r#"{{"error":{{"code":"{code}","message":{words},"description":{words}}}}}"#);
        let name = format!("{code} in a {status}");
        ResponseCase::of("Platform", name, json(status, body), Unchanged).code(code)
    };
    let mut errors = Vec::new();
    for (documented, code) in PLATFORM_CODES {
        let retried = if documented == 429 { Retried::Yes } else { Retried::No };
        // The code is certain with any status.
        for status in [documented, 200, 301, 408, 500, 503] {
            errors.push(platform(code, status).retried(retried));
        }
    }
    for code in UNKNOWN_CODES {
        for status in CERTAIN {
            let retried = if status == 429 { Retried::Yes } else { Retried::No };
            errors.push(platform(code, status).retried(retried));
        }
        for status in UNCERTAIN {
            let retried = retried_if_from_gateway(status);
            errors.push(ResponseCase { outcome: Unknown, retried, ..platform(code, status) });
        }
    }
    let limited = || platform("RATE_LIMIT_EXCEEDED", 429).retried(Retried::Yes).retry_after(3600);
    let in_the_body = |time: &str| {
        json(429, format!(r#"{{"error":{{"code":"RATE_LIMIT_EXCEEDED","retry_after":{time}}}}}"#))
    };
    let in_the_header = json(429, r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","retry_after":7}}"#)
        .header("Retry-After", 3600);
    errors.extend([
        ResponseCase {
            name: "both Retry-After and retry_after".to_owned(),
            reply: in_the_header,
            ..limited()
        },
        ResponseCase {
            name: "retry_after alone".to_owned(),
            reply: in_the_body("3600"),
            ..limited()
        },
        ResponseCase {
            name: "a fractional retry_after".to_owned(),
            reply: in_the_body("3600.0"),
            ..limited()
        },
        ResponseCase {
            name: "a negative retry_after".to_owned(),
            reply: in_the_body("-1"),
            retry_after: None,
            ..limited()
        },
        ResponseCase {
            name: "a Retry-After with a plus sign".to_owned(),
            reply: json(429, r#"{"error":{"code":"RATE_LIMIT_EXCEEDED"}}"#)
                .header("retry-after", "+5"),
            retry_after: None,
            ..limited()
        },
        ResponseCase {
            name: "a retry_after that is not a number".to_owned(),
            reply: in_the_body("\"soon\""),
            retry_after: None,
            ..limited()
        },
        // A permanent error, although its status is that of a temporary one.
        platform("PUBLIC_API_KEY_IS_EMPTY", 429),
        ResponseCase {
            name: "a platform error next to fields that are null".to_owned(),
            reply: json(404, r#"{"success":null,"errorCode":null,"error":{"code":"NEW"}}"#),
            ..platform("NEW", 404)
        },
    ]);
    errors
}

fn retried_if_from_gateway(status: u16) -> Retried {
    match status {
        502..=504 => Retried::IfIdempotent,
        _ => Retried::No,
    }
}

/// Responses that say both that the call succeeded and that it failed.
fn contradictions(words: &str) -> Vec<ResponseCase> {
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
        r#"{"error":{"code":"NEW","code":"PUBLIC_API_KEY_IS_EMPTY"}}"#.to_owned(),
        r#"{"error":{"c\u006fde":"RATE_LIMIT_EXCEEDED","code":null}}"#.to_owned(),
        r#"{"success":null,"errorCode":"E001","error":{"code":"NEW"}}"#.to_owned(),
        r#"{"errorCode":"E001"}"#.to_owned(),
        r#"{"errorCode":"E001","loggedIn":true}"#.to_owned(),
        r#"{"errorCode":4,"loggedIn":true}"#.to_owned(),
        r#"{"success":"no","loggedIn":true}"#.to_owned(),
        r#"{"success":"true"}"#.to_owned(),
        r#"{"success":"false","errorCode":"E001"}"#.to_owned(),
        r#"{"success":0}"#.to_owned(),
        r#"{"success":1}"#.to_owned(),
        r#"{"success":[true],"loggedIn":true}"#.to_owned(),
    ];
    let mut cases = Vec::new();
    for body in both {
        cases.extend([200, 404, 429, 500, 503].map(|status| unknown(&body, status)));
    }
    let success = r#"{"success":true}"#;
    cases.extend([301, 400, 408, 429, 500, 502].map(|status| unknown(success, status)));
    cases
}

/// A JSON response that proves nothing.
fn unknown(body: &str, status: u16) -> ResponseCase {
    let shown: String = body.chars().take(80).collect();
    ResponseCase::of(
        "UnexpectedResponse",
        format!("{shown} in a {status}"),
        json(status, body),
        Unknown,
    )
    .retried(retried_if_from_gateway(status))
}

fn unexpected(endpoint: &Endpoint, words: &str) -> Vec<ResponseCase> {
    let html = |status| Reply::new(status, format!("<html>{words}</html>"));
    let mut cases = Vec::new();
    for status in [301, 302, 303, 307, 308, 400, 401, 404, 408, 418, 500, 502, 503, 504] {
        for (what, reply) in [
            ("HTML", html(status)),
            ("an empty body", json(status, "")),
            ("an object", json(status, r#"{"any":"json"}"#)),
        ] {
            cases.push(
                ResponseCase::of(
                    "UnexpectedResponse",
                    format!("{what} in a {status}"),
                    reply,
                    Unknown,
                )
                .retried(retried_if_from_gateway(status)),
            );
        }
    }
    // A 429 means that nothing was done, unless the body may say otherwise.
    let bodies = [
        "",
        "<html></html>",
        r#"{"any":"json"}"#,
        r#"{"error":{"message":"Later."}}"#,
        r#"{"error":"Later."}"#,
    ];
    for body in bodies {
        let name = format!("{body:?} in a 429");
        cases.push(
            ResponseCase::of("UnexpectedResponse", name, json(429, body), Unchanged)
                .retried(Retried::Yes),
        );
    }
    cases.push(unknown(r#"{"success":tr"#, 429));
    cases.push(unknown(r#"{"success":true"#, 429));

    let nested = "[".repeat(100_000);
    let mut bodies = vec![
        "",
        "<html></html>",
        "[1,2]",
        "[]",
        "[true]",
        "[true,null,null,null]",
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
            r#"{"Success":true}"#,
            r#"{"data":{"success":true}}"#,
        ]);
    }
    cases.extend(bodies.into_iter().map(|body| unknown(body, 200)));
    if endpoint.name() == "login" {
        let without_an_identity = [
            r#"{"success":true}"#,
            r#"{"success":true,"identityId":null}"#,
            r#"{"success":true,"identityId":""}"#,
            r#"{"success":true,"identityId":7}"#,
            r#"{"success":true,"data":{"identityId":"b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA"}}"#,
        ];
        cases.extend(without_an_identity.map(|body| unknown(body, 200)));
    }
    let empty = "a 204".to_owned();
    cases.push(ResponseCase::of("UnexpectedResponse", empty, Reply::new(204, ""), Unknown));
    let too_long = format!(r#"{{"success":true,"data":"{}"}}"#, " ".repeat(1 << 20));
    for status in [200, 429] {
        cases.push(ResponseCase {
            name: format!("a body past the limit in a {status}"),
            ..unknown(&too_long, status)
        });
    }
    let with_retry_after = |status, outcome, retried| {
        let name = format!("HTML with Retry-After in a {status}");
        let reply = html(status).header("retry-after", 3600);
        ResponseCase::of("UnexpectedResponse", name, reply, outcome)
            .retried(retried)
            .retry_after(3600)
    };
    cases.push(with_retry_after(429, Unchanged, Retried::Yes));
    cases.push(with_retry_after(503, Unknown, Retried::IfIdempotent));
    cases
}
