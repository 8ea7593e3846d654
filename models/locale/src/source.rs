//! The texts themselves: files of messages in the form of Fluent.

use fluent_syntax::ast::Entry;
use fluent_syntax::parser::parse;
use fluent_syntax::serializer::serialize;

/// Files of a language, by name.
pub(crate) type Texts = &'static [(&'static str, &'static str)];

pub(crate) const ENGLISH: Texts = &[
    ("findings", include_str!("../text/en/findings.ftl")),
    ("report", include_str!("../text/en/report.ftl")),
    ("words", include_str!("../text/en/words.ftl")),
];

pub(crate) const JAPANESE: Texts = &[
    ("findings", include_str!("../text/ja/findings.ftl")),
    ("report", include_str!("../text/ja/report.ftl")),
    ("words", include_str!("../text/ja/words.ftl")),
];

/// A message as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Name of its file.
    pub file: &'static str,
    /// Its name.
    pub id: String,
    /// Its text, in the form of Fluent.
    pub text: String,
}

/// Every message of a language's files.
pub(crate) fn of_texts(texts: Texts) -> Vec<Message> {
    let mut all = Vec::new();
    for (file, text) in texts {
        let resource = match parse(*text) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let id = message.id.name.to_owned();
                let one = fluent_syntax::ast::Resource { body: vec![Entry::Message(message)] };
                let text = serialize(&one);
                let text = text.split_once('=').map_or("", |(_, text)| text).trim().to_owned();
                all.push(Message { file, id, text });
            }
        }
    }
    all
}

/// The part of a message's name that stands for an English phrase: its letters and digits in lower case, with hyphens between words.
pub fn slug(english: &str) -> String {
    let lower = english.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
