//! What is wrong with a TOML document, in one line for a message.

/// The line, counted from 1, and the words of the parser.
pub fn toml_reason(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or(text));
    format!("line {}: {}", before.matches('\n').count() + 1, error.message().replace('\n', ", "))
}
