//! What the text of a finding is made of, for other languages than English.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// `{name:.1}` of a text.
pub(super) struct Placeholder<'a> {
    pub(super) name: &'a str,
    pub(super) format: &'a str,
    /// Where it stands, with its braces.
    pub(super) span: std::ops::Range<usize>,
}

pub(super) fn placeholders(text: &str) -> impl Iterator<Item = Placeholder<'_>> {
    text.match_indices('{').filter_map(|(start, _)| {
        let end = start + text[start..].find('}')?;
        let inside = &text[start + 1..end];
        let (name, format) = inside.split_once(':').unwrap_or((inside, ""));
        Some(Placeholder { name, format, span: start..end + 1 })
    })
}

/// Name of a row's message: that of `LowResolution` is `finding-low-resolution`.
pub(super) fn message_id(row: &str) -> String {
    let mut id = String::from("finding");
    for letter in row.chars() {
        if letter.is_ascii_uppercase() {
            id.push('-');
        }
        id.push(letter.to_ascii_lowercase());
    }
    id
}
