//! English in disguise: readable, and told from what no translation reaches.

use std::borrow::Cow;

/// Vowels and some consonants with accents.
const DISGUISES: [(char, char); 16] = [
    ('a', 'á'),
    ('e', 'é'),
    ('i', 'í'),
    ('o', 'ó'),
    ('u', 'ú'),
    ('y', 'ý'),
    ('c', 'ç'),
    ('n', 'ñ'),
    ('A', 'Á'),
    ('E', 'É'),
    ('I', 'Í'),
    ('O', 'Ó'),
    ('U', 'Ú'),
    ('Y', 'Ý'),
    ('C', 'Ç'),
    ('N', 'Ñ'),
];

/// Text with an accent on every letter that can bear one; markup in it is left alone.
pub(crate) fn disguise(text: &str) -> Cow<'_, str> {
    let mut is_markup = false;
    let disguised = |letter: char| {
        is_markup = (is_markup || letter == '<') && letter != '>';
        let found = DISGUISES.iter().find(|(plain, _)| *plain == letter && !is_markup);
        found.map_or(letter, |(_, accented)| *accented)
    };
    Cow::Owned(text.chars().map(disguised).collect())
}
