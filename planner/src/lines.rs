//! Lines of a TOML document that a person edits: where fields stand, and what its reader found, in plain words.

use std::ops::Range;

/// A mistake in the form: the line it stands on, and what is wrong.
pub struct FormMistake {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong and what is allowed.
    pub message: String,
}

/// What the reader's words for types mean to a person who edits a document.
const PLAIN_WORDS: [(&str, &str); 15] = [
    ("invalid type: ", ""),
    ("invalid value: ", ""),
    ("invalid length", "wrong number of values:"),
    ("floating point", "the number"),
    ("integer `", "the whole number `"),
    ("string \"", "the text \""),
    ("sequence", "a list"),
    ("map", "a table"),
    ("expected an array of length 3", "expected three numbers in square brackets, such as [1.0, 2.0, 3.0]"),
    ("expected u32", "expected a whole number that is not negative, without a point and without quotes"),
    ("expected usize", "expected a whole number that is not negative, without a point and without quotes"),
    ("expected u64", "expected a whole number that is not negative, without a point and without quotes"),
    ("expected f64", "expected a number without quotes"),
    ("expected a string", "expected text in quotes"),
    ("expected a boolean", "expected true or false"),
];

impl FormMistake {
    /// From what the TOML reader says, with the field's name and in plain words.
    pub(crate) fn new(text: &str, span: Option<Range<usize>>, message: &str) -> Self {
        let line = line_at(text, span);
        let mut message = message.trim_end().replace('\n', ", ");
        if message.starts_with("invalid ") {
            for (technical, plain) in PLAIN_WORDS {
                message = message.replace(technical, plain);
            }
            if let Some((field, _)) = text.lines().nth(line - 1).and_then(|l| l.split_once('=')) {
                message = format!("{}: found {message}", shortened(field.trim()));
            }
        } else if let Some(comma) = text.lines().nth(line - 1).and_then(decimal_comma) {
            message = comma;
        }
        FormMistake { line, message }
    }
}

/// What is wrong with a line whose number has a decimal comma.
fn decimal_comma(line: &str) -> Option<String> {
    let (field, value) = line.split_once('=')?;
    let value = value.split('#').next()?.trim();
    let with_point = value.replacen(',', ".", 1);
    let is_number = value.contains(',') && with_point.parse::<f64>().is_ok();
    is_number.then(|| {
        let field = shortened(field.trim());
        format!(
            "`{field}` wants a number, found \"{}\": write a decimal point, {with_point}",
            shortened(value)
        )
    })
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

fn line_at(text: &str, span: Option<Range<usize>>) -> usize {
    let at = span.map_or(0, |s| s.start).min(text.len());
    1 + text.as_bytes().iter().take(at).filter(|&&b| b == b'\n').count()
}

/// The shortest decimal that reads back as the same number; zero has no sign.
pub(crate) fn number(value: f64) -> String {
    format!("{:?}", value + 0.0)
}

/// A text in quotes, as TOML writes it.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

/// The beginning of what a user wrote, for a message.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
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
