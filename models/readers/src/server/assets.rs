//! The page, as it lies in the program.

use super::http::Response;

/// The page of a reader.
pub(super) const PAGE: &str = include_str!("assets/page.html");

/// A file that the page names.
pub(super) fn asset(name: &str) -> Option<Response> {
    let script = "text/javascript; charset=utf-8";
    let (kind, text) = match name {
        "page.css" => ("text/css; charset=utf-8", include_str!("assets/page.css")),
        "viewer.js" => (script, include_str!("assets/viewer.js")),
        "marks.js" => (script, include_str!("assets/marks.js")),
        "page.js" => (script, include_str!("assets/page.js")),
        "answers.js" => (script, include_str!("assets/answers.js")),
        "input.js" => (script, include_str!("assets/input.js")),
        "tabs.js" => (script, include_str!("assets/tabs.js")),
        _ => return None,
    };
    Some(Response::new(200, kind, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_for_nothing_from_elsewhere() {
        let names = ["page.css", "viewer.js", "marks.js", "page.js", "answers.js", "input.js", "tabs.js"];
        let mut texts = vec![PAGE.to_owned()];
        texts.extend(names.iter().map(|name| String::from_utf8(asset(name).unwrap().body).unwrap()));
        for text in &texts {
            assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("eval("));
        }
        // The policy for scripts and styles allows none within the page.
        assert!(!PAGE.contains("<style") && !PAGE.contains(" style=") && !PAGE.contains(" onclick"));
        assert_eq!(PAGE.matches("<script").count(), PAGE.matches("<script src=").count());
        assert!(names[1..].iter().all(|name| PAGE.contains(&format!("/assets/{name}"))));
        assert!(asset("other.js").is_none());
    }
}
