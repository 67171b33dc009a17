use serde_json::Value;

/// A request as a server received it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Request line, headers, empty line, body. With HTTP/1, byte for byte as it arrived.
    pub text: String,
}

impl Recorded {
    /// Path and query.
    pub fn target(&self) -> &str {
        self.text.split(' ').nth(1).unwrap()
    }

    pub fn version(&self) -> &str {
        self.text.lines().next().unwrap().rsplit(' ').next().unwrap()
    }

    pub fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").unwrap().1
    }

    /// The path's last segment, which is the endpoint's name.
    pub fn endpoint(&self) -> &str {
        let path = self.target().split('?').next().unwrap();
        path.rsplit('/').next().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.target().split_once('?')?;
        let mut parameters = url::form_urlencoded::parse(query.as_bytes());
        parameters.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The call that it belongs to: the endpoint, and the value that distinguishes the customer.
    pub fn call(&self) -> String {
        let customer = self.parameter("identityId").unwrap_or_else(|| {
            let body = self.json();
            let fields = ["identityId", "token", "email"];
            let field = fields.iter().find_map(|field| body[field].as_str());
            field.unwrap_or_else(|| panic!("no customer in {}", self.text)).to_owned()
        });
        format!("{} {customer}", self.endpoint())
    }
}
