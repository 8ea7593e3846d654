//! What is wrong with a TOML document that a person edits, in plain words.

use std::ops::Range;

/// What the reader's words for types mean to a person who edits a document.
const PLAIN_WORDS: [(&str, &str); 18] = [
    ("invalid type: map", "a table"),
    ("invalid type: sequence", "a list"),
    ("invalid type: ", ""),
    ("invalid value: ", ""),
    ("invalid length", "wrong number of values:"),
    ("floating point", "the number"),
    ("integer `", "the whole number `"),
    ("string \"", "the text \""),
    ("boolean `", "the truth value `"),
    ("expected a sequence", "expected a list in square brackets"),
    ("expected a map", "expected a table"),
    ("expected an array of length 3", "expected three numbers in square brackets, such as [1.0, 2.0, 3.0]"),
    ("expected u32", "expected a whole number that is not negative, without a point and without quotes"),
    ("expected usize", "expected a whole number that is not negative, without a point and without quotes"),
    ("expected u64", "expected a whole number that is not negative, without a point and without quotes"),
    ("expected f64", "expected a number without quotes"),
    ("expected a string", "expected text in quotes"),
    ("expected a boolean", "expected true or false"),
];

/// The line, counted from 1, and what is wrong there.
pub fn toml_reason(text: &str, error: &toml::de::Error) -> String {
    let (line, what) = plain_reason(text, error.span(), error.message());
    format!("line {line}: {what}")
}

/// The line, counted from 1, of what a TOML reader found there, and that in plain words, with the field's name where the line has one.
pub fn plain_reason(text: &str, span: Option<Range<usize>>, message: &str) -> (usize, String) {
    let line = line_at(text, span);
    let written = text.lines().nth(line - 1);
    let message = message.trim_end().replace('\n', ", ");
    if !message.starts_with("invalid ") {
        return (line, written.and_then(decimal_comma).unwrap_or(message));
    }
    let found = plain_words(&message);
    match written.and_then(|line| line.split_once('=')) {
        Some((field, _)) => (line, format!("{}: {found}", shortened(field.trim()))),
        None => (line, found),
    }
}

/// What a TOML reader says of a value of another kind than is asked, in plain words; anything else as it is.
pub fn plain_words(message: &str) -> String {
    if !message.starts_with("invalid ") {
        return message.to_owned();
    }
    let replace = |text: String, (technical, plain): &(&str, &str)| text.replace(technical, plain);
    format!("found {}", PLAIN_WORDS.iter().fold(message.to_owned(), replace))
}

/// Line, from 1, where a span begins; the first where there is none.
pub fn line_at(text: &str, span: Option<Range<usize>>) -> usize {
    let at = span.map_or(0, |span| span.start).min(text.len());
    1 + text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count()
}

/// The beginning of what a user wrote, for a message.
pub fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only its reading is tried")]
    struct Form {
        size: Option<f64>,
        classes: Option<Vec<String>>,
    }

    #[test]
    fn a_value_of_another_kind_is_told_in_plain_words_with_its_field() {
        for (text, wanted) in [
            ("size = \"wide\"\n", "line 1: size: found the text \"wide\", expected a number without quotes"),
            ("\nsize = { low = 1 }\n", "line 2: size: found a table, expected a number without quotes"),
            (
                "classes = 3\n",
                "line 1: classes: found the whole number `3`, expected a list in square brackets",
            ),
            ("size = 40,5\n", "line 1: `size` wants a number, found \"40,5\": write a decimal point, 40.5"),
        ] {
            let error = toml::from_str::<Form>(text).expect_err("it is wrong");
            assert_eq!(toml_reason(text, &error), wanted);
        }
    }
}
