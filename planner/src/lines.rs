//! Lines of a TOML document that a person edits: where fields stand, and what its reader found, in plain words.

pub(crate) use coxa_anatomy::toml_reason::shortened;
use coxa_anatomy::toml_reason::{line_at, plain_reason};
use std::ops::Range;

/// A mistake in the form: the line it stands on, and what is wrong.
pub struct FormMistake {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl FormMistake {
    /// From what the TOML reader says, with the field's name and in plain words.
    pub(crate) fn new(text: &str, span: Option<Range<usize>>, message: &str) -> Self {
        let (line, message) = plain_reason(text, span, message);
        FormMistake { line, message }
    }
}

impl From<(&str, toml_edit::TomlError)> for FormMistake {
    fn from((text, error): (&str, toml_edit::TomlError)) -> Self {
        FormMistake::new(text, error.span(), error.message())
    }
}

impl From<(&str, toml::de::Error)> for FormMistake {
    fn from((text, error): (&str, toml::de::Error)) -> Self {
        FormMistake::new(text, error.span(), error.message())
    }
}

/// Where fields stand.
pub(crate) struct Lines<'a> {
    text: &'a str,
    document: toml_edit::Document<&'a str>,
}

impl<'a> Lines<'a> {
    /// Reads the document as TOML.
    pub(crate) fn new(text: &'a str) -> Result<Self, FormMistake> {
        let document = toml_edit::Document::parse(text).map_err(|error| (text, error))?;
        Ok(Lines { text, document })
    }

    /// The version of the document's form, where it names one. It is looked at before anything else, for a newer document may
    /// have fields that this program calls unknown.
    pub(crate) fn format(&self) -> Option<i64> {
        self.document.get("format")?.as_integer()
    }

    /// The line of a dotted field, in which a number stands for an entry of a list, counted from 0; of its table, or the first,
    /// where it is absent.
    pub(crate) fn of(&self, field: &str) -> usize {
        let mut item = self.document.as_item();
        let mut line = 1;
        for name in field.split('.') {
            let entry = name.parse::<usize>().ok().and_then(|index| item.get(index));
            let Some(next) = entry.or_else(|| item.get(name)) else { break };
            if let Some(span) = next.span() {
                line = line_at(self.text, Some(span));
            }
            item = next;
        }
        line
    }
}

/// The shortest decimal that reads back as the same number; zero has no sign.
pub(crate) fn number(value: f64) -> String {
    format!("{:?}", value + 0.0)
}

/// A text in quotes, as TOML writes it.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

/// Whether a text may stand on one line of a report: something, not too much, and nothing that a terminal obeys.
pub(crate) fn is_plain(text: &str, longest: usize) -> bool {
    let length = text.chars().count();
    !text.trim().is_empty() && length <= longest && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comma_is_named() {
        let said = |text: &str| Lines::new(text).err().map(|mistake| (mistake.line, mistake.message));
        let (line, message) = said("a = 1\ninclination_deg = 40,5 # degrees\n").unwrap();
        assert_eq!(line, 2);
        assert_eq!(message, "`inclination_deg` wants a number, found \"40,5\": write a decimal point, 40.5");
        assert!(!said("a = 4,\n").unwrap().1.contains("wants a number, found \"4,5"));
        assert!(said("a = [4,5]\n").is_none());
    }
}
