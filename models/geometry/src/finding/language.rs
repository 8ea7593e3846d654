//! Findings in other languages than English.

use super::record::Finding;
use super::text::{Given, message_id};
use coxa_locale::{Argument, Arguments, Language};

impl Finding {
    /// The message in a language; in English where the finding is an older version's or the language lacks it.
    pub fn in_language(&self, language: Language) -> String {
        if language == Language::English || self.text.is_empty() {
            return self.message.clone();
        }
        let arguments = self.text.arguments.iter().map(|(name, given)| (name.clone(), argument(given)));
        let arguments: Arguments = arguments.collect();
        language.message(&message_id(&self.text.row), arguments).unwrap_or_else(|| self.message.clone())
    }
}

/// An argument as a message takes it.
pub(super) fn argument(given: &Given) -> Argument {
    match given {
        Given::Number(value) => Argument::from(*value),
        Given::Text(text) => Argument::from(text.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::RowText;
    use super::*;
    use crate::finding::LowResolution;

    #[test]
    fn a_finding_speaks_other_languages() {
        let coarse = LowResolution { voxel_mm: 2.46, limit_mm: 1.5 }.finding();
        let said = coarse.in_language(Language::Pseudo);
        assert!(said.contains("2,5 mm blúr"), "{said}");
        // As it is read back from a file.
        let kept: Finding = serde_json::from_str(&serde_json::to_string(&coarse).unwrap()).unwrap();
        assert_eq!(kept.in_language(Language::Pseudo), said);
        // An older version's has no arguments, and stays English.
        let older = Finding { text: RowText::default(), ..coarse };
        assert_eq!(older.in_language(Language::Japanese), older.message);
    }
}
