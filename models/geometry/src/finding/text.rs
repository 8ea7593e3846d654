//! What the text of a finding is made of, for other languages than English.

use super::table::rows;
use coxa_locale::{Argument, Arguments, Language};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// An argument of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Given {
    /// A finite number.
    Number(f64),
    /// Words, or the name of a side.
    Text(String),
}

impl Given {
    pub(super) fn of_number(value: f64) -> Self {
        if value.is_finite() { Given::Number(value) } else { Given::Text(value.to_string()) }
    }
}

/// The row of the registry that a finding was made from, and the arguments of its text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RowText {
    /// Name of the row's struct; empty of a finding that an older version wrote.
    pub row: String,
    /// Arguments that the text names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, Given>,
}

impl RowText {
    pub(super) fn of<const N: usize>(row: &str, text: &str, arguments: [(&str, Given); N]) -> Self {
        let named = |name: &str| placeholders(text).any(|placeholder| placeholder.name == name);
        let arguments = arguments.into_iter().filter(|(name, _)| named(name));
        RowText {
            row: row.to_owned(),
            arguments: arguments.map(|(name, given)| (name.to_owned(), given)).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.row.is_empty()
    }
}

impl super::Finding {
    /// The message in a language; in English where the finding is an older version's or the language lacks it.
    pub fn in_language(&self, language: Language) -> String {
        if language == Language::English || self.text.is_empty() {
            return self.message.clone();
        }
        let arguments = self.text.arguments.iter().map(|(name, given)| (name.clone(), argument(given)));
        let arguments: Arguments = arguments.collect();
        language.message(&message_id(&self.text.row), arguments).unwrap_or_else(|| self.message.clone())
    }
}

fn argument(given: &Given) -> Argument {
    match given {
        Given::Number(value) => Argument::from(*value),
        Given::Text(text) => Argument::from(text.as_str()),
    }
}

/// `{name:.1}` of a text.
struct Placeholder<'a> {
    name: &'a str,
    format: &'a str,
    /// Where it stands, with its braces.
    span: std::ops::Range<usize>,
}

fn placeholders(text: &str) -> impl Iterator<Item = Placeholder<'_>> {
    text.match_indices('{').filter_map(|(start, _)| {
        let end = start + text[start..].find('}')?;
        let inside = &text[start + 1..end];
        let (name, format) = inside.split_once(':').unwrap_or((inside, ""));
        Some(Placeholder { name, format, span: start..end + 1 })
    })
}

/// Name of a row's message: that of `LowResolution` is `finding-low-resolution`.
fn message_id(row: &str) -> String {
    let mut id = String::from("finding");
    for letter in row.chars() {
        if letter.is_ascii_uppercase() {
            id.push('-');
        }
        id.push(letter.to_ascii_lowercase());
    }
    id
}

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
    use super::*;
    use crate::finding::LowResolution;

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

    #[test]
    fn a_finding_speaks_other_languages() {
        let coarse = LowResolution { voxel_mm: 2.46, limit_mm: 1.5 }.finding();
        let said = coarse.in_language(Language::Pseudo);
        assert!(said.contains("2,5 mm blúr"), "{said}");
        // As it is read back from a file.
        let kept: crate::Finding = serde_json::from_str(&serde_json::to_string(&coarse).unwrap()).unwrap();
        assert_eq!(kept.in_language(Language::Pseudo), said);
        // An older version's has no arguments, and stays English.
        let older = crate::Finding { text: RowText::default(), ..coarse };
        assert_eq!(older.in_language(Language::Japanese), older.message);
    }
}
