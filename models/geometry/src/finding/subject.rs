//! What a finding is about.

use crate::Side;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The thing that a finding is about. In files it is its name, such as `femur_left` or `cup`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A file that was given.
    Input,
    /// A DICOM series.
    Series,
    /// A radiograph.
    Radiograph,
    /// Labels that another program made.
    Labels,
    /// The scan as a whole.
    Scan,
    /// The pelvis as a whole.
    Pelvis,
    /// The sacrum.
    Sacrum,
    /// The hip bone or hip joint of a side.
    Hip(Side),
    /// The femur of a side.
    Femur(Side),
    /// Muscles of both sides.
    Muscles,
    /// Muscles of one side.
    MusclesOf(Side),
    /// The plan as a whole.
    Plan,
    /// The cup.
    Cup,
    /// The screw in a hole of the cup, by the hole's number.
    Screw(u32),
    /// The prosthetic head.
    Head,
    /// The stem.
    Stem,
    /// Range of motion.
    RangeOfMotion,
    /// Loads of the hip.
    Loads,
    /// A recorded motion.
    Motion,
    /// Pelvic tilt in the postures of daily life.
    Postures,
    /// The optimiser.
    Optimiser,
    /// A label, or a body or coordinate of a musculoskeletal model, by its name.
    Named(String),
}

/// Those without side, number or name of their own.
const PLAIN: &[(Subject, &str)] = &[
    (Subject::Input, "input"),
    (Subject::Series, "series"),
    (Subject::Radiograph, "radiograph"),
    (Subject::Labels, "labels"),
    (Subject::Scan, "scan"),
    (Subject::Pelvis, "pelvis"),
    (Subject::Sacrum, "sacrum"),
    (Subject::Muscles, "muscles"),
    (Subject::Plan, "plan"),
    (Subject::Cup, "cup"),
    (Subject::Head, "head"),
    (Subject::Stem, "stem"),
    (Subject::RangeOfMotion, "range_of_motion"),
    (Subject::Loads, "loads"),
    (Subject::Motion, "motion"),
    (Subject::Postures, "postures"),
    (Subject::Optimiser, "optimiser"),
];

type OfSide = fn(Side) -> Subject;

/// Those of a side.
const SIDED: &[(OfSide, &str)] =
    &[(Subject::Hip, "hip"), (Subject::Femur, "femur"), (Subject::MusclesOf, "muscles")];

const SCREW: &str = "screw_";

impl Subject {
    /// The subject of a name; one that is none of ours is [`Subject::Named`].
    pub fn of(name: &str) -> Self {
        if let Some((plain, _)) = PLAIN.iter().find(|(_, own)| *own == name) {
            return plain.clone();
        }
        let sided = || {
            let (thing, side) = name.rsplit_once('_')?;
            let side = Side::BOTH.into_iter().find(|own| own.name() == side)?;
            SIDED.iter().find(|(_, own)| *own == thing).map(|(of, _)| of(side))
        };
        let screw = || {
            let screw = Subject::Screw(name.strip_prefix(SCREW)?.parse().ok()?);
            // Not one that is written otherwise, such as `screw_01`: a name is kept as it is.
            (screw.to_string() == name).then_some(screw)
        };
        sided().or_else(screw).unwrap_or_else(|| Subject::Named(name.to_owned()))
    }

    /// The side that it is on; `None` where it is on both or neither. Names of labels end in it.
    pub fn side(&self) -> Option<Side> {
        match self {
            Subject::Hip(side) | Subject::Femur(side) | Subject::MusclesOf(side) => Some(*side),
            Subject::Named(name) => {
                Side::BOTH.into_iter().find(|side| name.rsplit('_').next() == Some(side.name()))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Hip(side) => write!(f, "hip_{side}"),
            Subject::Femur(side) => write!(f, "femur_{side}"),
            Subject::MusclesOf(side) => write!(f, "muscles_{side}"),
            Subject::Screw(hole) => write!(f, "{SCREW}{hole}"),
            Subject::Named(name) => f.write_str(name),
            plain => {
                let name = PLAIN.iter().find(|(own, _)| own == plain).map_or("", |(_, name)| *name);
                f.write_str(name)
            }
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Subject::of(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_and_subjects_go_together() {
        let sided = SIDED.iter().flat_map(|(of, _)| Side::BOTH.map(of));
        let plain = PLAIN.iter().map(|(plain, _)| plain.clone());
        let named = ["calcn_r", "gluteus_medius_left", "hip", "femur_", "screw_x", ""]
            .map(|n| Subject::Named(n.into()));
        let all: Vec<Subject> =
            sided.chain(plain).chain([Subject::Screw(0), Subject::Screw(12)]).chain(named).collect();
        assert_eq!(all.len(), 6 + PLAIN.len() + 2 + 6);
        for subject in all {
            let name = subject.to_string();
            assert_eq!(Subject::of(&name), subject);
            assert_eq!(serde_json::to_value(&subject).unwrap(), serde_json::json!(name));
        }
    }

    #[test]
    fn a_subject_knows_its_side() {
        assert_eq!(Subject::Femur(Side::Left).side(), Some(Side::Left));
        assert_eq!(Subject::of("gluteus_medius_right").side(), Some(Side::Right));
        assert_eq!(Subject::of("upright").side(), None);
        assert_eq!(Subject::Cup.side(), None);
    }

    proptest! {
        #[test]
        fn any_name_is_kept(name in "[a-z_]{0,12}(screw_[0-9]{1,12})?(_left|_right)?") {
            prop_assert_eq!(Subject::of(&name).to_string(), name);
        }
    }
}
