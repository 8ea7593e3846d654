//! The registry in the form of Fluent.

use super::table::rows;
use super::text::{Given, Placeholder, message_id, placeholders};
use std::fmt::Write as _;

const HEAD: &str = "\
# Findings, in English. Written by `cargo run -p coxa-geometry --example tables` from the rows in models/geometry/src/finding/:
# change the text there. A translation has the same names, and need not use every argument. It may
# choose its words by $side, which is left or right.
";

/// The registry in the form of Fluent: `models/locale/text/en/findings.ftl`.
pub fn fluent() -> String {
    let mut all = String::from(HEAD);
    let mut subject = "";
    for row in rows() {
        let file = row.file.rsplit("::").next().unwrap_or_default();
        if file != subject {
            subject = file;
            let _ = write!(all, "\n## {subject}\n\n");
        }
        let (mut text, sample) = (String::new(), row.sample());
        let mut rest = 0;
        for placeholder in placeholders(row.text) {
            text += &row.text[rest..placeholder.span.start];
            text += &placeable(&placeholder, sample.text.arguments.get(placeholder.name));
            rest = placeholder.span.end;
        }
        text += &row.text[rest..];
        // Writing to a string does not fail.
        let _ = writeln!(all, "{} = {text}", message_id(row.name));
    }
    all
}

fn placeable(placeholder: &Placeholder<'_>, sample: Option<&Given>) -> String {
    let Placeholder { name, format, .. } = placeholder;
    match (format.strip_prefix('.'), sample) {
        (Some(decimals), _) => {
            format!(
                "{{ NUMBER(${name}, minimumFractionDigits: {decimals}, maximumFractionDigits: {decimals}) }}"
            )
        }
        (None, Some(Given::Text(_))) => format!("{{ WORD(${name}) }}"),
        (None, _) => format!("{{ ${name} }}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::argument;
    use super::*;
    use coxa_locale::Language;

    #[test]
    fn the_english_of_fluent_is_the_registry() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../locale/text/en/findings.ftl");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == fluent(), "findings.ftl is old: cargo run -p coxa-geometry --example tables");
        // A message says the same as the registry.
        for row in rows() {
            let sample = row.sample();
            let arguments = sample.text.arguments.iter().map(|(name, given)| (name.clone(), argument(given)));
            let said = Language::English.message(&message_id(row.name), arguments.collect());
            assert_eq!(said.as_ref(), Some(&sample.message), "{}", row.name);
        }
    }
}
