//! Every answer that the client must tell apart, and what it has to make of each.

use std::time::Duration;

use bizkithub::Outcome;

use super::{answer, json};

/// An answer and what the client has to make of it.
pub struct Situation {
    pub name: String,
    pub answer: String,
    pub variant: &'static str,
    pub code: Option<String>,
    pub status: u16,
    pub outcome: Outcome,
    pub is_retryable: bool,
    pub retry_after: Option<Duration>,
}

const TEN_MINUTES: Duration = Duration::from_secs(600);
const HTML: &str = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/// Every failure that is told by an answer.
pub fn failures() -> Vec<Situation> {
    let mut situations = refusals();
    situations.extend(platform_errors());
    situations.extend(unexpected());
    situations
}

fn refusals() -> Vec<Situation> {
    let messages = [
        ("E001", "Customer register failed."),
        ("E002", "Customer has been registered."),
        ("E003", "Customer account has been banned."),
        ("E004", "Too many registration attempts."),
        ("E999", "Something new."),
    ];
    let mut refusals = Vec::new();
    for (code, message) in messages {
        for status in [200, 409, 429, 500] {
            let body = format!(r#"{{"success":false,"errorCode":"{code}","message":"{message}"}}"#);
            refusals.push(refusal(code, status, json(status, &body)));
        }
    }
    let without_code = Situation {
        name: "a refusal without a code".to_owned(),
        code: None,
        ..refusal("", 200, json(200, r#"{"success":false,"message":"No."}"#))
    };
    let with_a_time = Situation {
        name: "a refusal with Retry-After".to_owned(),
        retry_after: Some(Duration::from_secs(30)),
        ..refusal(
            "E004",
            429,
            answer(429, &[("retry-after", "30")], r#"{"success":false,"errorCode":"E004"}"#),
        )
    };
    refusals.extend([without_code, with_a_time]);
    refusals
}

fn refusal(code: &str, status: u16, answer: String) -> Situation {
    let passes = code == "E004";
    Situation {
        name: format!("{code} in a {status}"),
        answer,
        variant: "Refused",
        code: Some(code.to_owned()),
        status,
        outcome: Outcome::Refused,
        is_retryable: passes,
        retry_after: passes.then_some(TEN_MINUTES),
    }
}

fn platform_errors() -> Vec<Situation> {
    let codes = [
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
        (400, "INTERNAL_VALIDATION_FAILED"),
        (500, "INTERNAL_VALIDATION_FAILED"),
        (418, "A_CODE_NEWER_THAN_THIS_CRATE"),
    ];
    let envelope = |code: &str| format!(r#"{{"error":{{"code":"{code}","message":"In words."}}}}"#);
    let mut errors: Vec<_> = codes
        .into_iter()
        .map(|(status, code)| platform(code, status, json(status, &envelope(code))))
        .collect();
    for code in ["INTERNAL_TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"] {
        let limited = platform(code, 429, answer(429, &[("Retry-After", "3600")], &envelope(code)));
        let retry_after = Some(Duration::from_secs(3600));
        errors.push(Situation { is_retryable: true, retry_after, ..limited });
    }
    let body = r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Later.","retry_after":7}}"#;
    errors.push(Situation {
        name: "a rate limit that gives its time in the body only".to_owned(),
        is_retryable: true,
        retry_after: Some(Duration::from_secs(7)),
        ..platform("RATE_LIMIT_EXCEEDED", 429, json(429, body))
    });
    let crash = "A_CODE_NEWER_THAN_THIS_CRATE";
    errors.push(Situation {
        name: "an unknown platform error in a 500, which may come after the account was made"
            .to_owned(),
        outcome: Outcome::Unknown,
        ..platform(crash, 500, json(500, &envelope(crash)))
    });
    errors
}

fn platform(code: &str, status: u16, answer: String) -> Situation {
    Situation {
        name: format!("{code} in a {status}"),
        answer,
        variant: "Platform",
        code: Some(code.to_owned()),
        status,
        outcome: Outcome::Refused,
        is_retryable: false,
        retry_after: None,
    }
}

fn unexpected() -> Vec<Situation> {
    let html = |status| answer(status, &[("content-type", "text/html")], HTML);
    let unknown = [
        ("an HTML 502", 502, html(502)),
        ("an HTML 503", 503, html(503)),
        ("HTML in a 200", 200, html(200)),
        ("an empty 401", 401, json(401, "")),
        ("an empty 200", 200, json(200, "")),
        ("a 204", 204, "HTTP/1.1 204 No Content\r\n\r\n".to_owned()),
        ("success: true in a 500", 500, json(500, r#"{"success":true}"#)),
        ("success: true in a 429", 429, json(429, r#"{"success":true}"#)),
        ("success: true in a 301", 301, json(301, r#"{"success":true}"#)),
        ("success as a string", 200, json(200, r#"{"success":"true"}"#)),
        ("JSON without a verdict", 200, json(200, r#"{"message":"hello"}"#)),
        ("an error without a code", 404, json(404, r#"{"error":{"message":"hello"}}"#)),
        ("an error that is text", 404, json(404, r#"{"error":"not found"}"#)),
        ("JSON that is no object", 200, json(200, "[1,2]")),
        ("JSON that is cut off", 200, json(200, r#"{"success":tr"#)),
        ("JSON nested without an end", 200, json(200, &"[".repeat(100_000))),
    ];
    let mut unexpected: Vec<_> = unknown
        .into_iter()
        .map(|(name, status, answer)| Situation {
            name: name.to_owned(),
            answer,
            variant: "Unexpected",
            code: None,
            status,
            outcome: Outcome::Unknown,
            is_retryable: false,
            retry_after: None,
        })
        .collect();
    let busy = answer(503, &[("retry-after", "5")], HTML);
    let limited = answer(429, &[("retry-after", "9")], HTML);
    unexpected.push(Situation {
        name: "an HTML 503 with Retry-After".to_owned(),
        answer: busy,
        variant: "Unexpected",
        code: None,
        status: 503,
        outcome: Outcome::Unknown,
        is_retryable: false,
        retry_after: Some(Duration::from_secs(5)),
    });
    unexpected.push(Situation {
        name: "an HTML 429".to_owned(),
        answer: limited,
        variant: "Unexpected",
        code: None,
        status: 429,
        outcome: Outcome::Refused,
        is_retryable: true,
        retry_after: Some(Duration::from_secs(9)),
    });
    unexpected
}
