//! What a criterion may judge: quantities of a plan, motions in a posture, activities.

use crate::simulate::motion_names;
use coxa_activity::Activity;
use coxa_activity::posture::Posture;
use coxa_geometry::quantity::UnknownQuantity;
use coxa_geometry::{Quantity, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// What a number is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Components in their bones.
    Fixation,
    /// Leg length, offset and hip centre.
    Restoration,
    /// How far the hip moves.
    Motion,
    /// How far the head is from leaving, and the force from the rim.
    Stability,
    /// Angles of the components.
    Orientation,
}

/// A number that a criterion may judge.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The number.
    pub subject: Subject,
    /// Unit.
    pub unit: Unit,
    /// What it is about.
    pub group: Group,
    /// Definition in a few words.
    pub meaning: String,
}

/// A number as a program asks for it; files hold its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// One of the plan's own numbers.
    Plan(Quantity),
    /// How far a motion goes.
    Motion {
        /// The motion's name.
        motion: String,
        /// How the pelvis is held.
        posture: Posture,
    },
    /// How much angle is left in an activity.
    Activity(&'static str),
}

/// Stands for all activities in a file.
pub const EVERY_ACTIVITY: &str = Quantity::ActivityClearance.name();

use Group::{Fixation, Orientation, Restoration, Stability};

/// The numbers of a plan that may be judged, and what they are about.
const NUMBERS: &[(Quantity, Group)] = &[
    (Quantity::CupCoverage, Fixation),
    (Quantity::RimOverhang, Fixation),
    (Quantity::MedialWall, Fixation),
    (Quantity::AnteriorWall, Fixation),
    (Quantity::PosteriorWall, Fixation),
    (Quantity::VesselDistance, Fixation),
    (Quantity::ScrewLength, Fixation),
    (Quantity::PressFitContact, Fixation),
    (Quantity::CanalFill, Fixation),
    (Quantity::CorticalContact, Fixation),
    (Quantity::CortexLeft, Fixation),
    (Quantity::StemVarus, Fixation),
    (Quantity::StemFlexion, Fixation),
    (Quantity::LegLengthDifferencePlanned, Restoration),
    (Quantity::LegLengthChange, Restoration),
    (Quantity::OffsetDifferencePlanned, Restoration),
    (Quantity::OffsetChange, Restoration),
    (Quantity::HipCentreShiftSuperior, Restoration),
    (Quantity::HipCentreShiftMedial, Restoration),
    (Quantity::AbductorLeverArm, Restoration),
    (Quantity::AbductorLeverArmChange, Restoration),
    (Quantity::AbductorLeverArmDifference, Restoration),
    (Quantity::StanceForce, Restoration),
    (Quantity::StanceForceChange, Restoration),
    (Quantity::JumpingDistance, Stability),
    (Quantity::EdgeLoading, Stability),
    (Quantity::EdgeMargin, Stability),
    (Quantity::CupInclinationRadiographicFunctional, Orientation),
    (Quantity::CupAnteversionRadiographicFunctional, Orientation),
    (Quantity::CupInclinationRadiographicApp, Orientation),
    (Quantity::CupAnteversionRadiographicApp, Orientation),
    (Quantity::StemVersion, Orientation),
    (Quantity::CombinedAnteversion, Orientation),
    (Quantity::CombinedAnteversionWidmer, Orientation),
];

/// Postures that a motion may be asked for in, and how its name ends.
const POSTURES: [(Posture, &str); 4] = [
    (Posture::Supine, ""),
    (Posture::Standing, "@standing"),
    (Posture::Sitting, "@sitting"),
    (Posture::FlexedSeated, "@flexed_seated"),
];

impl Subject {
    /// The name in criteria files, results and prices.
    pub fn name(&self) -> String {
        match self {
            Subject::Plan(quantity) => quantity.criterion_name().into(),
            Subject::Motion { motion, posture } => {
                let ending =
                    POSTURES.iter().find(|(known, _)| known == posture).map_or("", |(_, ending)| ending);
                of_each(Quantity::MotionRange, &format!("{motion}{ending}"))
            }
            Subject::Activity(name) => of_each(Quantity::ActivityClearance, name),
        }
    }
}

/// The name of one of a catalogue, which the `*` of the quantity's name stands for.
fn of_each(quantity: Quantity, one: &str) -> String {
    quantity.name().replace('*', one)
}

impl From<Quantity> for Subject {
    fn from(quantity: Quantity) -> Self {
        Subject::Plan(quantity)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl FromStr for Subject {
    type Err = UnknownQuantity;

    fn from_str(name: &str) -> Result<Self, UnknownQuantity> {
        let known = Known::all().into_iter().map(|known| known.subject);
        let today = renamed(name).map(|(today, _)| today);
        let wanted = today.as_deref().unwrap_or(name);
        let found = known.clone().find(|subject| subject.name() == wanted);
        found.ok_or_else(|| UnknownQuantity::among(name, known.map(|subject| subject.name())))
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

impl Known {
    /// All of them, in the order in which criteria are kept: the plan's own numbers, motions by posture, activities.
    pub fn all() -> Vec<Known> {
        let plan = NUMBERS.iter().map(|&(quantity, group)| Known {
            unit: quantity.unit(),
            group,
            meaning: quantity.definition().into(),
            subject: Subject::Plan(quantity),
        });
        let motions = POSTURES.into_iter().flat_map(|(posture, _)| {
            motion_names().into_iter().map(move |motion| Known {
                unit: Quantity::MotionRange.unit(),
                group: Group::Motion,
                meaning: format!("range of {}, pelvis {}", motion.replace('_', " "), posture.name()),
                subject: Subject::Motion { motion, posture },
            })
        });
        let activities = Activity::catalogue().iter().map(|activity| Known {
            unit: Quantity::ActivityClearance.unit(),
            group: Group::Motion,
            meaning: format!("clearance before impingement: {}", activity.title.to_lowercase()),
            subject: Subject::Activity(&activity.name),
        });
        let mut all: Vec<Known> = plan.chain(motions).chain(activities).collect();
        // A stable sort: groups together, as a person reads them.
        all.sort_by_key(|known| known.group);
        all
    }

    /// What is known of a number.
    pub fn of(subject: &Subject) -> Option<Known> {
        Known::all().into_iter().find(|known| known.subject == *subject)
    }

    /// The names there are, in one line: of motions and activities only their endings.
    pub(super) fn in_words() -> String {
        let plan: Vec<&str> = NUMBERS.iter().map(|(quantity, _)| quantity.criterion_name()).collect();
        let activities: Vec<&str> = Activity::catalogue().iter().map(|a| a.name.as_str()).collect();
        format!(
            "{}; motion.NAME, motion.NAME@standing, @sitting or @flexed_seated with NAME one of {}; {EVERY_ACTIVITY} or \
             activity.NAME with NAME one of {}",
            plan.join(", "),
            motion_names().join(", "),
            activities.join(", ")
        )
    }
}

/// The name of today of a number that is called after a former name of an activity, and a line that gives it.
pub(super) fn renamed(name: &str) -> Option<(String, String)> {
    let before = of_each(Quantity::ActivityClearance, "");
    let named = Activity::named(name.strip_prefix(&before)?).ok()?;
    Some((of_each(Quantity::ActivityClearance, &named.activity.name), named.notice()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_number_has_one_name_and_is_found_by_it() {
        let all = Known::all();
        let names: HashSet<_> = all.iter().map(|known| known.subject.name()).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.is_sorted_by_key(|known| known.group));
        for known in &all {
            assert_eq!(known.subject.name().parse(), Ok(known.subject.clone()));
            assert_eq!(Known::of(&known.subject).as_ref(), Some(known));
            assert!(!known.meaning.is_empty() && !known.meaning.contains('_'), "{}", known.meaning);
        }
        assert_eq!(all.len(), NUMBERS.len() + 4 * motion_names().len() + Activity::catalogue().len());
        assert!(EVERY_ACTIVITY.parse::<Subject>().is_err());
    }

    #[test]
    fn names_are_taken_apart() {
        let subject = |name: &str| name.parse::<Subject>().unwrap();
        assert_eq!(subject("canal_fill"), Subject::Plan(Quantity::CanalFill));
        assert_eq!(subject("activity.squat"), Subject::Activity("squat"));
        assert_eq!(subject("activity.chair"), Subject::Activity("chair_rise"));
        let motion = |posture| Subject::Motion { motion: "flexion".into(), posture };
        assert_eq!(subject("motion.flexion"), motion(Posture::Supine));
        assert_eq!(subject("motion.flexion@sitting"), motion(Posture::Sitting));
    }
}
