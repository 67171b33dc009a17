//! The page that a customer returns to after signing in: a path in the shop, never another host. It comes from a link, a form,
//! or BizKitHub's `returnUrl`, and cannot be trusted.

use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;
use url::{Position, Url};

/// A path in the shop; empty if the given one leads out of it.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(from = "String", into = "Option<String>")]
pub struct ReturnPath(Option<String>);

/// The query with a return path.
#[derive(Default, Deserialize)]
pub struct ReturnQuery {
    #[serde(rename = "return", default)]
    pub path: ReturnPath,
}

impl ReturnPath {
    pub fn new(path: &str) -> Self {
        Self(path_in_shop(path))
    }

    pub fn path(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The page `path`, with the return path in its query.
    pub fn append_to(&self, path: &str) -> String {
        match self.path() {
            None => path.to_owned(),
            Some(return_path) => {
                let query =
                    Serializer::new(String::new()).append_pair("return", return_path).finish();
                format!("{path}?{query}")
            }
        }
    }
}

impl From<String> for ReturnPath {
    fn from(path: String) -> Self {
        Self::new(&path)
    }
}

impl From<ReturnPath> for Option<String> {
    fn from(path: ReturnPath) -> Self {
        path.0
    }
}

/// Parses the path as a browser does: `/\evil` and two slashes with a tab between them lead to another host. The result is
/// the parsed path, not the original.
fn path_in_shop(path: &str) -> Option<String> {
    if !path.starts_with('/') {
        return None;
    }
    let shop = Url::parse("https://shop.invalid").ok()?;
    let url = shop.join(path).ok().filter(|url| url.origin() == shop.origin())?;
    let path = &url[Position::BeforePath..];
    // `/.//evil` becomes such a path when its dot is removed.
    (!path.starts_with("//")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_paths_never_lead_to_another_host() {
        for elsewhere in [
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n\\evil.example",
            "/\r/evil.example",
            "\t//evil.example",
            "\0//evil.example",
            " //evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/%2e//evil.example",
            "/a/..//evil.example",
            "///evil.example",
            "https://evil.example",
            "https:evil.example",
            "https:/evil.example",
            "//shop.invalid@evil.example",
            "//shop.invalid:1",
            "javascript:alert(1)",
            "data:text/html,x",
            "evil.example",
            "example_returnUrl",
            "",
        ] {
            assert_eq!(ReturnPath::new(elsewhere).path(), None, "{elsewhere:?}");
        }
    }

    #[test]
    fn paths_in_the_shop_are_kept_and_valid_in_headers() {
        for (path, kept) in [
            ("/", "/"),
            ("/basket?item=1&item=2#top", "/basket?item=1&item=2#top"),
            ("/a/../b", "/b"),
            ("/čaj", "/%C4%8Daj"),
            ("/a\r\nSet-Cookie: x", "/aSet-Cookie:%20x"),
            ("/a?next=//evil.example", "/a?next=//evil.example"),
        ] {
            assert_eq!(ReturnPath::new(path).path(), Some(kept), "{path:?}");
        }
    }

    #[test]
    fn return_path_is_appended_as_a_query() {
        let return_path = ReturnPath::new("/basket?item=1&item=2");
        assert_eq!(
            return_path.append_to("/sign-in"),
            "/sign-in?return=%2Fbasket%3Fitem%3D1%26item%3D2"
        );
        assert_eq!(ReturnPath::default().append_to("/sign-in"), "/sign-in");
    }
}
