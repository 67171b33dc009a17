//! Where a shopper goes back to after signing in: a path within the shop, never another host. It comes from a link, from
//! a form, or from BizKitHub as `returnUrl`, and each may be anybody's.

use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;
use url::{Position, Url};

/// A path that leads out of the shop counts as none.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(from = "String", into = "Option<String>")]
pub struct ReturnPath(Option<String>);

/// The query that takes one along.
#[derive(Default, Deserialize)]
pub struct Back {
    #[serde(rename = "return", default)]
    pub to: ReturnPath,
}

impl ReturnPath {
    pub fn new(path: &str) -> Self {
        Self(within_the_shop(path))
    }

    pub fn path(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The page `path`, with the way back taken along.
    pub fn onto(&self, path: &str) -> String {
        match self.path() {
            None => path.to_owned(),
            Some(back) => {
                let query = Serializer::new(String::new()).append_pair("return", back).finish();
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

/// Reads it as a browser would, for which `/\evil` and two slashes with a tab between them lead to another host. What
/// comes back is what was read, not what was written.
fn within_the_shop(path: &str) -> Option<String> {
    if !path.starts_with('/') {
        return None;
    }
    let shop = Url::parse("https://shop.invalid").ok()?;
    let url = shop.join(path).ok().filter(|url| url.origin() == shop.origin())?;
    let path = &url[Position::BeforePath..];
    // `/.//evil` is such a path once its dot is taken out.
    (!path.starts_with("//")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_to_another_host() {
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
    fn a_path_within_the_shop_is_kept_and_fit_for_a_header() {
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
    fn the_way_back_is_taken_along_in_a_query() {
        let back = ReturnPath::new("/basket?item=1&item=2");
        assert_eq!(back.onto("/sign-in"), "/sign-in?return=%2Fbasket%3Fitem%3D1%26item%3D2");
        assert_eq!(ReturnPath::default().onto("/sign-in"), "/sign-in");
    }
}
