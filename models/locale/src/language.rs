//! Languages, and what each says.

use crate::argument::Arguments;
use crate::number::write_number;
use crate::pseudo::disguise;
use crate::source::{ENGLISH, JAPANESE, slug};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::{FluentNumberOptions, FluentValue};
use fluent_bundle::{FluentArgs, FluentResource};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

/// A language of texts for users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, complete.
    #[default]
    English,
    /// Japanese, of findings and the report; no speaker of it has reviewed the texts yet.
    Japanese,
    /// English in disguise and with decimal commas: what a test still finds undisguised cannot be translated.
    Pseudo,
}

/// A language that Coxa does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are no texts in the language {0:?}; available: en, ja (not reviewed)")]
pub struct UnknownLanguage(String);

/// Messages of a language.
type Words = FluentBundle<FluentResource>;

impl Language {
    /// All that have texts.
    pub const ALL: [Language; 3] = [Language::English, Language::Japanese, Language::Pseudo];

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Japanese => "ja",
            Language::Pseudo => "en-XA",
        }
    }

    /// Whether a speaker of the language has reviewed its texts.
    pub fn is_reviewed(self) -> bool {
        self != Language::Japanese
    }

    /// A message with its arguments; `None` where the language has none of this name.
    pub fn message(self, id: &str, arguments: Arguments) -> Option<String> {
        let bundle = self.words();
        let pattern = bundle.get_message(id)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments.into_fluent()), &mut errors);
        // A translation with a wrong argument must not stand in a report.
        errors.is_empty().then(|| text.into_owned())
    }

    /// A message, in English where the language lacks it. A name that English lacks stands for itself, so that nothing is hidden.
    pub fn say(self, id: &str, arguments: Arguments) -> String {
        self.message(id, arguments.clone())
            .or_else(|| Language::English.message(id, arguments))
            .unwrap_or_else(|| id.to_owned())
    }

    /// A message without arguments.
    pub fn text(self, id: &str) -> String {
        self.say(id, Arguments::new())
    }

    /// A word or phrase that is known by its English: names of parts, landmarks, motions; or several of them with commas between. One that the language
    /// lacks stays English, and so does a list with one of these.
    pub fn word(self, english: &str) -> Cow<'_, str> {
        if self == Language::English {
            return Cow::Owned(english.to_owned());
        }
        let known = |english: &str| self.message(&format!("word-{}", slug(english)), Arguments::new());
        let listed = || {
            let each: Option<Vec<String>> = english.split(", ").map(known).collect();
            each.map(|each| self.joined("report-list", each))
        };
        Cow::Owned(known(english).or_else(listed).unwrap_or_else(|| english.to_owned()))
    }

    /// A list by a message that puts one item, `$next`, behind those before it, `$first`.
    pub fn joined(self, id: &str, items: impl IntoIterator<Item = String>) -> String {
        let both = |first: String, next: String| {
            self.say(id, Arguments::new().with("first", first).with("next", next))
        };
        items.into_iter().reduce(both).unwrap_or_default()
    }

    /// A number with so many decimals, or as many as it has, by the language's signs.
    pub fn number(self, value: f64, decimals: Option<usize>) -> String {
        // The disguise writes numbers as German does.
        write_number(if self == Language::Pseudo { "de" } else { self.tag() }, value, decimals)
    }

    fn words(self) -> &'static Words {
        static WORDS: [OnceLock<Words>; 3] = [const { OnceLock::new() }; 3];
        WORDS[self as usize].get_or_init(|| bundle_of(self))
    }
}

fn bundle_of(language: Language) -> Words {
    let tag = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Marks of direction would stand between numbers and units of left-to-right languages.
    bundle.set_use_isolating(false);
    let texts = if language == Language::Japanese { JAPANESE } else { ENGLISH };
    for (_, text) in texts {
        // A test reads every resource without error; whatever could be read counts.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(part, _)| part);
        let _ = bundle.add_resource(resource);
    }
    let added = [
        bundle.add_function("NUMBER", number_with_options),
        match language {
            Language::English => bundle.add_function("WORD", |given, _| word(Language::English, given)),
            Language::Japanese => bundle.add_function("WORD", |given, _| word(Language::Japanese, given)),
            Language::Pseudo => bundle.add_function("WORD", |given, _| word(Language::Pseudo, given)),
        },
    ];
    debug_assert!(added.iter().all(Result::is_ok), "two functions of one name");
    if language == Language::Pseudo {
        bundle.set_transform(Some(disguise));
    }
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| formatted(Language::English, value),
        Language::Japanese => |value, _| formatted(Language::Japanese, value),
        Language::Pseudo => |value, _| formatted(Language::Pseudo, value),
    }));
    bundle
}

fn formatted(language: Language, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    Some(language.number(number.value, number.options.maximum_fraction_digits))
}

/// `NUMBER($x, maximumFractionDigits: 1)`.
fn number_with_options<'a>(given: &[FluentValue<'a>], named: &FluentArgs<'_>) -> FluentValue<'a> {
    let Some(FluentValue::Number(number)) = given.first() else { return FluentValue::Error };
    let mut number = number.clone();
    let decimals = |name| match named.get(name) {
        Some(FluentValue::Number(digits)) => Some(digits.value as usize),
        _ => None,
    };
    let digits = decimals("maximumFractionDigits").or(decimals("minimumFractionDigits"));
    if digits.is_some() {
        number.options = FluentNumberOptions {
            minimum_fraction_digits: digits,
            maximum_fraction_digits: digits,
            ..number.options
        };
    }
    FluentValue::Number(number)
}

/// `WORD($cause)`: an argument that is a word or phrase by its English.
fn word<'a>(language: Language, given: &[FluentValue<'a>]) -> FluentValue<'a> {
    match given.first() {
        Some(FluentValue::String(english)) => FluentValue::String(language.word(english).into_owned().into()),
        Some(other) => other.clone(),
        None => FluentValue::Error,
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        let found = Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag));
        found.ok_or_else(|| UnknownLanguage(tag.to_owned()))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
