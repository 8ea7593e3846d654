//! A finding as it stands in files.

use super::code::Code;
use super::severity::Severity;
use super::subject::Subject;
use super::text::RowText;
use crate::{Side, Unit};
use serde::{Deserialize, Serialize};

/// Something the user must know: about what, the number, the limit and where the limit comes from.
///
/// Only rows of the registry make one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// Stable code for programs, in files its snake_case name.
    pub code: Code,
    /// The thing it is about.
    pub about: Subject,
    /// One or two sentences for a surgeon: what is the matter and what to do. No patient data, no paths.
    pub message: String,
    /// What the message was made of, to say it in another language.
    #[serde(default, skip_serializing_if = "RowText::is_empty")]
    pub text: RowText,
    /// The number found, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The limit it was held against, in the same unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// Unit of `value` and `limit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Where the limit comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

impl Finding {
    /// The side that it is about; `None` where it is about both or neither.
    pub fn side(&self) -> Option<Side> {
        self.about.side()
    }

    /// The same finding with another weight.
    #[must_use]
    pub fn with_severity(self, severity: Severity) -> Self {
        Finding { severity, ..self }
    }

    /// The same finding about something else.
    #[must_use]
    pub fn with_subject(self, about: Subject) -> Self {
        Finding { about, ..self }
    }

    /// The same finding with weight and text of another: why something is refused of which this was found before.
    #[must_use]
    pub fn weighed_as(self, other: Finding) -> Self {
        Finding { severity: other.severity, message: other.message, text: other.text, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{FemoralHeadSmall, FemoralHeadSmallRefuses, HipsNotFound};

    #[test]
    fn a_finding_is_written_and_read_as_it_was_before_codes_were_a_type() {
        let finding = FemoralHeadSmall { side: Side::Left, value: 30.5, limit: 36.0 }.finding();
        let text = serde_json::to_string(&finding).unwrap();
        assert!(
            text.starts_with(r#"{"severity":"caution","code":"femoral_head_small","about":"femur_left","message":"The left "#),
            "{text}"
        );
        assert!(text.contains(r#""value":30.5,"limit":36.0,"unit":"mm","source":"least diameter"#), "{text}");
        assert_eq!(serde_json::from_str::<Finding>(&text).unwrap(), finding);
        let older = text.replace(r#""text":{"row":"FemoralHeadSmall","arguments":{"side":"left"}},"#, "");
        assert!(older.len() < text.len(), "{text}");
        assert_eq!(serde_json::from_str::<Finding>(&older).unwrap().message, finding.message);
        assert_eq!(finding.side(), Some(Side::Left));
        let plain = serde_json::to_string(&HipsNotFound {}.finding()).unwrap();
        assert!(
            plain.ends_with(r#"its orientation is correct.","text":{"row":"HipsNotFound"}}"#),
            "nothing is written of a number: {plain}"
        );
    }

    #[test]
    fn a_code_that_is_not_known_is_answered_with_the_nearest() {
        let text = r#"{"severity":"note","code":"femur_cut_of","about":"plan","message":"."}"#;
        let error = serde_json::from_str::<Finding>(text).unwrap_err().to_string();
        assert!(error.contains("`femur_cut_of`") && error.contains("femur_cut_off"), "{error}");
    }

    #[test]
    fn a_weight_changed_later_leaves_code_and_number() {
        let small = FemoralHeadSmall { side: Side::Right, value: 30.0, limit: 36.0 }.finding();
        let refused = small.clone().weighed_as(FemoralHeadSmallRefuses { side: Side::Right }.finding());
        assert_eq!(
            (refused.severity, refused.code, refused.value),
            (Severity::Refusal, small.code, small.value)
        );
        assert!(refused.message.ends_with("the shape of the head."));
    }
}
