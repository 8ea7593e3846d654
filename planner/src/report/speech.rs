//! Messages of the report, and how parts of a text are put together in a language.

use coxa_locale::{Argument, Arguments, Language};

/// A message with its arguments.
pub(super) fn say<const N: usize>(language: Language, id: &str, arguments: [(&str, Argument); N]) -> String {
    let arguments = arguments.into_iter().fold(Arguments::new(), |all, (name, one)| all.with(name, one));
    language.say(id, arguments)
}

/// A list: `shaft axis, canal`.
pub(super) fn listed(language: Language, items: impl IntoIterator<Item = String>) -> String {
    language.joined("report-list", items)
}

/// A list of what may hold commas itself: `Shell: flush, 52 mm; Stem: short`.
pub(super) fn listed_apart(language: Language, items: impl IntoIterator<Item = String>) -> String {
    language.joined("report-list-apart", items)
}

/// A text as it may stand in a drawing, between tags or in an attribute.
pub(super) fn in_drawing(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_the_signs_of_the_language() {
        let items = || ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(Language::English, items()), "a, b, c");
        assert_eq!(listed_apart(Language::English, items()), "a; b; c");
        assert_eq!(listed(Language::English, []), "");
        assert_eq!(in_drawing("Lewinnek's <a & \"b\">"), "Lewinnek's &lt;a &amp; &quot;b&quot;&gt;");
    }
}
