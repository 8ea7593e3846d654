//! All messages of a language, to be read as a list.

use crate::language::Language;
use crate::source::{ENGLISH, JAPANESE, Message, of_texts};

/// Every message in English.
pub fn english() -> Vec<Message> {
    of_texts(ENGLISH)
}

/// Every message of a language; the disguise has those of English.
pub fn messages(language: Language) -> Vec<Message> {
    match language {
        Language::Japanese => of_texts(JAPANESE),
        _ => english(),
    }
}

/// Names of all messages of a language.
pub fn ids(language: Language) -> Vec<String> {
    messages(language).into_iter().map(|message| message.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_bundle::FluentResource;
    use std::collections::BTreeSet;

    /// `$name` of a message.
    fn arguments(message: &Message) -> BTreeSet<String> {
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let after = message.text.split('$').skip(1);
        after.map(|rest| rest.chars().take_while(|c| letters(*c)).collect()).collect()
    }

    #[test]
    fn every_text_is_read_whole() {
        for (file, text) in ENGLISH.iter().chain(JAPANESE) {
            let errors = FluentResource::try_new((*text).to_owned()).err().map(|(_, errors)| errors);
            assert!(errors.is_none(), "{file}: {errors:?}");
        }
        for language in [Language::English, Language::Japanese] {
            let names: Vec<String> = ids(language);
            let once: BTreeSet<&String> = names.iter().collect();
            assert_eq!(names.len(), once.len(), "{language} has a message twice");
        }
    }

    #[test]
    fn a_translation_has_no_argument_of_its_own() {
        let english = messages(Language::English);
        for message in messages(Language::Japanese) {
            let own = english.iter().find(|english| english.id == message.id);
            let own = own.unwrap_or_else(|| panic!("{} is no message in English", message.id));
            assert!(arguments(&message).is_subset(&arguments(own)), "{}", message.id);
        }
    }

    #[test]
    fn japanese_is_whole_and_says_that_nobody_reviewed_it() {
        let of = |language| ids(language).into_iter().collect::<BTreeSet<String>>();
        let (english, japanese) = (of(Language::English), of(Language::Japanese));
        let missing: Vec<_> = english.difference(&japanese).collect();
        let unknown: Vec<_> = japanese.difference(&english).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing:?}; unknown: {unknown:?}");
        assert!(english.len() > 800, "{}", english.len());
        for (file, text) in JAPANESE {
            assert!(text.starts_with("# UNREVIEWED"), "{file}");
        }
        // A text that needs an argument must not fall back to English for want of it.
        let english = messages(Language::English);
        for message in messages(Language::Japanese) {
            let own = english.iter().find(|own| own.id == message.id).unwrap();
            let given = arguments(own).into_iter().map(|name| (name, "right"));
            assert!(Language::Japanese.message(&message.id, given.collect()).is_some(), "{}", message.id);
        }
    }

    #[test]
    fn a_tag_names_a_language() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse(), Ok(language));
        }
        assert!("xx".parse::<Language>().unwrap_err().to_string().contains("\"xx\""));
    }

    #[test]
    fn what_a_language_lacks_is_english() {
        assert_eq!(Language::Japanese.text("no-such-message"), "no-such-message");
        assert_eq!(Language::Japanese.word("no such word"), "no such word");
        assert_eq!(Language::Japanese.word("gluteus medius, no such word"), "gluteus medius, no such word");
    }

    #[test]
    fn words_with_commas_between_are_a_list() {
        assert_eq!(Language::Japanese.word("gluteus medius, quadratus femoris"), "中殿筋、大腿方形筋");
        assert_eq!(Language::English.word("gluteus medius, iliacus"), "gluteus medius, iliacus");
    }
}
