use std::time::Duration;

/// A server's reaction to a request, or to a connection.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// `true` if the request has its effect, before the first step.
    pub has_effect: bool,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub enum Step {
    Reply(Reply),
    /// Replies, but breaks off after this many bytes of the body.
    Truncate(Reply, usize),
    Wait(Duration),
    /// Never continues; the client has to give up.
    Hang,
    /// Closes the connection properly.
    Close,
    /// Resets the connection.
    Reset,
    /// Writes these bytes as they are. For HTTP/2, in a connection's script only.
    Write(Vec<u8>),
    /// Reads this many bytes from the client. In a connection's script only.
    Read(usize),
    /// Reads HTTP/2's frames up to a request's head. In a connection's script only.
    ReadHeaders,
    /// Resets the request's stream. HTTP/2 only, like the steps below.
    ResetStream(h2::Reason),
    /// Ends the connection and all of its streams at once.
    GoAway(h2::Reason),
    /// Lets the connection end once its streams have.
    Retire,
}

impl Script {
    /// The request has its effect.
    pub fn with_effect(step: impl Into<Step>) -> Self {
        Self { has_effect: true, steps: vec![step.into()] }
    }

    /// The request has no effect.
    pub fn without_effect(step: impl Into<Step>) -> Self {
        Self { has_effect: false, steps: vec![step.into()] }
    }

    pub fn then(mut self, step: impl Into<Step>) -> Self {
        self.steps.push(step.into());
        self
    }
}

impl<S: Into<Step>> From<S> for Script {
    fn from(step: S) -> Self {
        Self::without_effect(step)
    }
}

impl From<Reply> for Step {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl From<&str> for Step {
    fn from(text: &str) -> Self {
        Self::Write(text.into())
    }
}

impl From<String> for Step {
    fn from(text: String) -> Self {
        Self::Write(text.into())
    }
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Sent with HTTP/1 only: HTTP/2 has no reason phrase.
    pub reason: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A reply with a JSON body.
pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply::new(status, body).header("content-type", "application/json")
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, reason: "Reason".to_owned(), headers: Vec::new(), body: body.into() }
    }

    pub fn html(status: u16) -> Self {
        Self::new(status, "<html><body><h1>502 Bad Gateway</h1></body></html>")
            .header("content-type", "text/html")
    }

    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// The bytes of the reply in HTTP/1, with its length.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head().into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    pub fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        // These have no body.
        if self.status >= 200 && self.status != 204 {
            head += &format!("content-length: {}\r\n", self.body.len());
        }
        head + "\r\n"
    }
}
