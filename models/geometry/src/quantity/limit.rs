//! Limits that a quantity is held against, and where they come from.

use crate::finding::Severity;

/// Where limits and definitions come from, where more than one row names it.
pub(super) mod source {
    pub(in super::super) const PRACTICE: &str = "general arthroplasty practice, not a study";
    pub(in super::super) const OWN: &str = "definition of this program";
    pub(in super::super) const PROGRAM: &str = "limit of this program";
    pub(in super::super) const LEWINNEK: &str =
        "Lewinnek 1978: 30-50 / 5-25 degrees to the anterior pelvic plane";
    pub(in super::super) const DORR: &str = "Dorr 2009: combined anteversion 25-50 degrees";
    pub(in super::super) const WIDMER: &str = "Widmer and Zurfluh 2004, J Orthop Res 22:815";
    pub(in super::super) const MURRAY: &str = "Murray 1993, J Bone Joint Surg Br 75:228";
    pub(in super::super) const QUADRANTS: &str = "Wasielewski 1990, J Bone Joint Surg Am 72:501";
    pub(in super::super) const CROFT: &str =
        "minimum joint space of Croft et al. 1990 (Am J Epidemiol 132:514), grades from 2.5 and 1.5 mm";
    pub(in super::super) const CROWE: &str = "Crowe et al. 1979 (J Bone Joint Surg Am 61:15)";
    pub(in super::super) const MURPHY: &str = "Murphy et al. 1987, J Bone Joint Surg Am 69:1169";
    pub(in super::super) const BALANCE: &str = "static balance of Iglic et al. 1990";
}

/// A range that a value is to lie in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// How much it weighs when the value lies outside.
    pub severity: Severity,
    /// Least value that is in range, in the quantity's unit; minus infinity where there is none.
    pub least: f64,
    /// Largest value that is in range, in the quantity's unit; infinity where there is none.
    pub most: f64,
    /// Where it comes from.
    pub source: &'static str,
}

impl Limit {
    /// No less than this.
    pub(super) const fn least(severity: Severity, least: f64, source: &'static str) -> Self {
        Limit { severity, least, most: f64::INFINITY, source }
    }

    /// No more than this.
    pub(super) const fn most(severity: Severity, most: f64, source: &'static str) -> Self {
        Limit { severity, least: f64::NEG_INFINITY, most, source }
    }

    /// From one to the other.
    pub(super) const fn range(severity: Severity, [least, most]: [f64; 2], source: &'static str) -> Self {
        Limit { severity, least, most, source }
    }

    /// The bound that a value lies beyond; `None` where it is in range.
    pub fn crossed_by(&self, value: f64) -> Option<f64> {
        if value < self.least {
            Some(self.least)
        } else if value > self.most {
            Some(self.most)
        } else {
            None
        }
    }
}
