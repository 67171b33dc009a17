use std::time::Duration;

/// What a server does with a request, or with a connection.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Whether the request has its effect, before the first step.
    pub acts: bool,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub enum Step {
    Answer(Answer),
    /// Answers, but breaks off after so many bytes of the body.
    Truncate(Answer, usize),
    Pause(Duration),
    /// Never goes on; the client has to give up.
    Hang,
    /// Closes the connection in good order.
    Close,
    /// Resets the connection.
    Reset,
    /// Writes these bytes as they are. For HTTP/2, in a connection's script only.
    Write(Vec<u8>),
    /// Reads so many bytes of what the client sends. In a connection's script only.
    Read(usize),
    /// Reads HTTP/2's frames up to a request's head. In a connection's script only.
    ReadHeaders,
    /// Resets the request's stream. HTTP/2 only, as what follows.
    ResetStream(h2::Reason),
    /// Ends the connection and all of its streams at once.
    GoAway(h2::Reason),
    /// Lets the connection end once its streams have.
    Retire,
}

impl Script {
    /// Does what was asked.
    pub fn acting(step: impl Into<Step>) -> Self {
        Self { acts: true, steps: vec![step.into()] }
    }

    /// Does nothing of what was asked.
    pub fn refusing(step: impl Into<Step>) -> Self {
        Self { acts: false, steps: vec![step.into()] }
    }

    pub fn then(mut self, step: impl Into<Step>) -> Self {
        self.steps.push(step.into());
        self
    }
}

impl<S: Into<Step>> From<S> for Script {
    fn from(step: S) -> Self {
        Self::refusing(step)
    }
}

impl From<Answer> for Step {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
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
pub struct Answer {
    pub status: u16,
    /// Goes out with HTTP/1 only: HTTP/2 has none.
    pub reason: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// An answer with a JSON body.
pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    Answer::new(status, body).header("content-type", "application/json")
}

impl Answer {
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

    /// As it goes out with HTTP/1, with its length.
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
        // These have no body, whatever is written.
        if self.status >= 200 && self.status != 204 {
            head += &format!("content-length: {}\r\n", self.body.len());
        }
        head + "\r\n"
    }
}
