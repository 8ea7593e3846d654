//! An answer to one case.

use crate::mark::{MAX_MARKS, Mark};
use crate::study::{Scale, StudyCase, StudySettings};
use serde::{Deserialize, Serialize};

/// Longest time that a page may say it was looked at, seconds: a month.
const MAX_SECONDS: f64 = 31.0 * 86_400.0;

/// What a reader says of a case.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// On a scale of confidence or of per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<f64>,
    /// Name of a class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Time with the case on screen, seconds.
    pub seconds: f64,
    /// Time with the page hidden meanwhile, seconds.
    pub away_seconds: f64,
}

/// An answer that is not submitted yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Session, from 1.
    pub session: usize,
    /// Case.
    pub case: String,
    /// When the case was first shown, milliseconds since 1970.
    pub shown_ms: u64,
    /// What is said so far.
    pub answer: Answer,
}

/// A submitted answer: one line of a reader's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Who reads.
    pub reader: String,
    /// Session, from 1.
    pub session: usize,
    /// Pseudonym of the case.
    pub case: String,
    /// With which method.
    pub method: String,
    /// How often it was submitted before; 0 unless the study lets answers be changed.
    pub revision: usize,
    /// When the case was first shown, milliseconds since 1970.
    pub shown_ms: u64,
    /// When it was submitted.
    pub submitted_ms: u64,
    /// The answer.
    pub answer: Answer,
}

impl Answer {
    /// What is wrong with an answer; of a draft, what is missing is not.
    pub(crate) fn fault(&self, settings: &StudySettings, case: &StudyCase, is_draft: bool) -> Option<String> {
        let times = [self.seconds, self.away_seconds];
        if !times.iter().all(|time| time.is_finite() && (0.0..=MAX_SECONDS).contains(time)) {
            return Some("a time is no number of seconds".to_owned());
        }
        let fault = match &settings.scale {
            Scale::Classes { classes, .. } => match (&self.class, self.rating) {
                (None, None) if is_draft => None,
                (Some(class), None) if classes.contains(class) => None,
                _ => Some("one of the classes is wanted".to_owned()),
            },
            scale => match (self.rating, &self.class) {
                (None, None) if is_draft => None,
                (Some(rating), None) => scale.fault_of(rating),
                _ => Some("a rating is wanted".to_owned()),
            },
        };
        if fault.is_some() {
            return fault;
        }
        if self.marks.len() > MAX_MARKS {
            return Some(format!("a case has {MAX_MARKS} marks at most"));
        }
        let sizes: Vec<[usize; 3]> = case.pictures.iter().map(|picture| picture.size).collect();
        let of_mark = |mark: &Mark| {
            let rating = match (&settings.scale, mark.rating) {
                (Scale::Classes { .. }, None) => None,
                (Scale::Classes { .. }, Some(_)) => Some("marks of this study have no rating".to_owned()),
                (_, None) if is_draft => None,
                (_, None) => Some("each mark wants a rating".to_owned()),
                (scale, Some(rating)) => scale.fault_of(rating),
            };
            rating.or_else(|| mark.fault(settings.marks, &sizes))
        };
        self.marks.iter().find_map(of_mark)
    }
}
