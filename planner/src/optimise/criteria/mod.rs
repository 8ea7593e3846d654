//! What a plan is judged by: one table of criteria, each with unit, bounds, weight and source, that a person can edit.
//!
//! A criterion says of one number of a plan from where on it is acceptable (its limit) and from where on it is ideal. How good a
//! value is follows from these two alone: a linear desirability, one-sided or two-sided, after Derringer and Suich 1980 (J Qual
//! Technol 12:214), here with 0.5 at the limit so that what lies beyond it is still told apart.
//!
//! Presets name what is judged; the bounds are those that findings rest on ([`coxa_geometry::quantity`], `docs/limits.md`), and no
//! preset has its own, unless it is somebody else's rule. Five presets come with the program, as files of the form that a user's own have:
//!
//! | preset | judges besides fixation and restoration |
//! |---|---|
//! | `essential` | by itself: the things that must not go wrong in the patient's own hip |
//! | `patient_specific` | what a good plan aims at in the patient's own hip: motions, all activities, jumping distance, edge loading; no zone for angles |
//! | `lewinnek` | the cup against the anterior pelvic plane: inclination 30 to 50, anteversion 5 to 25 degrees (Lewinnek 1978) |
//! | `combined_anteversion` | cup and stem together: 25 to 50 degrees, the cup's inclination as usual (Dorr 2009) |
//! | `widmer` | cup anteversion and 0.7 of stem version near 37.3 degrees, inclination 40 to 45 (Widmer and Zurfluh 2004) |
//!
//! The last three leave out whether the hip can move as the patient needs: they are the rules of earlier planning, for comparison.

mod check;
mod file;
mod known;
mod priced;
mod problem;
mod standard;
mod write;

pub use file::{CriteriaError, FORMAT};
pub use known::{EVERY_ACTIVITY, Group, Known, Subject};
pub use priced::PartPrice;

use crate::placement::vessels::FAR_MM;
use coxa_geometry::{Quantity, Unit};
use serde::{Deserialize, Serialize};

/// What one number of a plan is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// The number.
    #[serde(rename = "name")]
    pub subject: Subject,
    /// What the number is about.
    pub group: Group,
    /// Unit of the number and of all bounds.
    pub unit: Unit,
    /// Not acceptable below this.
    pub least: Option<f64>,
    /// Not acceptable above this.
    pub most: Option<f64>,
    /// Ideal from here upwards.
    pub ideal_least: Option<f64>,
    /// Ideal up to here.
    pub ideal_most: Option<f64>,
    /// Weight among the others, above zero.
    pub weight: f64,
    /// Where the bounds come from.
    pub source: String,
}

impl Criterion {
    /// Signed margin of a value in units of the way from the limit to the ideal: 0 at the limit, 1 at the ideal and beyond it,
    /// unbounded below; the smaller one of two sides. `None` of a value that is not finite: it is not known, and not judged.
    pub fn margin(&self, value: f64) -> Option<f64> {
        if !value.is_finite() {
            return None;
        }
        let side = |limit: Option<f64>, ideal: Option<f64>, sign: f64| {
            let limit = limit?;
            // A limit that nothing says more about counts as ideal one unit further on.
            let way = ideal.map_or(1.0, |ideal| sign * (ideal - limit));
            Some(sign * (value - limit) / way)
        };
        let sides =
            [side(self.least, self.ideal_least, 1.0), side(self.most, self.ideal_most, -1.0)].into_iter();
        Some(sides.flatten().fold(1.0, f64::min))
    }

    /// Whether a value is acceptable; `None` where it is not known.
    pub fn holds(&self, value: f64) -> Option<bool> {
        self.margin(value).map(|margin| margin >= 0.0)
    }

    /// How good a value is, from 0 to 1: 1 at the ideal and beyond, 0.5 at the limit, 0 as far on its other side as the ideal is
    /// from it. `None` where the value is not known.
    pub fn desirability(&self, value: f64) -> Option<f64> {
        self.margin(value).map(desirability)
    }

    /// Whether the true number may be larger: a motion is followed no further than to its ideal, vessels no further than
    /// planning looks for them.
    pub fn is_followed_no_further(&self, value: f64) -> bool {
        match self.subject {
            Subject::Plan(quantity) => quantity == Quantity::VesselDistance && value >= FAR_MM - 1e-6,
            Subject::Motion { .. } => self.ideal_least.is_some_and(|ideal| value >= ideal - 1e-6),
            Subject::Activity(_) => false,
        }
    }
}

/// How good a margin is, from 0 to 1.
pub fn desirability(margin: f64) -> f64 {
    ((1.0 + margin) / 2.0).clamp(0.0, 1.0)
}

/// A set of criteria.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criteria {
    /// The preset that this is; `NAME, changed` after a change to one, or the name that its author gave it.
    pub preset: String,
    /// One for each number that is judged, in the order of [`Known::all`].
    pub list: Vec<Criterion>,
    /// What components and departures must gain.
    #[serde(default = "priced::usual")]
    pub prices: Vec<PartPrice>,
}

impl Criteria {
    /// The names of the presets, the default one first.
    pub const fn presets() -> [&'static str; 5] {
        ["essential", "patient_specific", "lewinnek", "combined_anteversion", "widmer"]
    }

    /// Points of what has a price; 0 of what has none.
    pub fn points(&self, name: &str) -> f64 {
        self.prices.iter().find(|price| price.name == name).map_or(0.0, |price| price.points)
    }

    /// The criterion of a number.
    pub fn get(&self, subject: impl Into<Subject>) -> Option<&Criterion> {
        let subject = subject.into();
        self.list.iter().find(|criterion| criterion.subject == subject)
    }
}

#[cfg(test)]
mod tests;
