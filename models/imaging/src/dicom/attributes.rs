//! Lenient access to element values: whatever is missing, empty or unreadable is `None`.

use dicom_core::Tag;
use dicom_object::InMemDicomObject;

/// Typed views on the elements of a data set.
pub(crate) trait Attributes {
    /// First text value, trimmed; `None` where empty.
    fn text(&self, tag: Tag) -> Option<String>;
    /// All text values, trimmed.
    fn texts(&self, tag: Tag) -> Vec<String>;
    /// All numbers, empty where any cannot be read.
    fn numbers(&self, tag: Tag) -> Vec<f64>;
    /// The items of a sequence.
    fn items(&self, tag: Tag) -> &[InMemDicomObject];

    /// First number.
    fn number(&self, tag: Tag) -> Option<f64> {
        self.numbers(tag).first().copied()
    }

    /// Exactly `N` numbers.
    fn array<const N: usize>(&self, tag: Tag) -> Option<[f64; N]> {
        self.numbers(tag).try_into().ok()
    }

    /// A whole number from 0 on.
    fn count(&self, tag: Tag) -> Option<usize> {
        // Saturates, and not-a-number becomes 0.
        self.number(tag).filter(|value| *value >= 0.0).map(|value| value as usize)
    }

    /// The first item of a sequence.
    fn item(&self, tag: Tag) -> Option<&InMemDicomObject> {
        self.items(tag).first()
    }
}

/// Whether a value has the form of a code or number, and so may be shown: no name or date of a patient hides in it.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() <= 16 && text.chars().all(|c| c.is_ascii_alphanumeric() || " _-.+/".contains(c))
}

impl Attributes for InMemDicomObject {
    fn text(&self, tag: Tag) -> Option<String> {
        self.texts(tag).into_iter().next().filter(|text| !text.is_empty())
    }

    fn texts(&self, tag: Tag) -> Vec<String> {
        let values = self.get(tag).and_then(|element| element.to_multi_str().ok());
        let trim = |text: &String| text.trim_matches([' ', '\0']).to_owned();
        values.map(|values| values.iter().map(trim).collect()).unwrap_or_default()
    }

    fn numbers(&self, tag: Tag) -> Vec<f64> {
        self.get(tag).and_then(|element| element.to_multi_float64().ok()).unwrap_or_default()
    }

    fn items(&self, tag: Tag) -> &[InMemDicomObject] {
        self.get(tag).and_then(|element| element.items()).unwrap_or_default()
    }
}
