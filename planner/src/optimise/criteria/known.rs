//! The numbers of a plan that a criterion may judge: names, units and meanings, all in one table.

use crate::simulate::motion_names;
use coxa_geometry::Unit::{self, Degree, Millimetre, Percent, Ratio};
use coxa_sim::rom::activity::Activity;
use coxa_sim::rom::posture::Posture;
use serde::{Deserialize, Serialize};

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
    /// Stable name.
    pub name: String,
    /// Unit.
    pub unit: Unit,
    /// What it is about.
    pub group: Group,
    /// Definition in a few words.
    pub meaning: String,
    /// The same as a program asks for it.
    pub subject: Subject,
}

/// A number as a program asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// One of the plan's own numbers, by name.
    Plan(&'static str),
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
pub const EVERY_ACTIVITY: &str = "activity.*";

use Group::{Fixation, Orientation, Restoration, Stability};

/// Name, unit, group, meaning.
#[rustfmt::skip]
const NUMBERS: &[(&str, Unit, Group, &str)] = &[
    ("cup_coverage", Percent, Fixation, "part of the shell's outer surface in contact with bone"),
    ("rim_overhang", Millimetre, Fixation, "largest part of the shell's rim that stands proud of the bone in front, where the psoas passes"),
    ("medial_wall", Millimetre, Fixation, "bone left medial of the shell"),
    ("anterior_wall", Millimetre, Fixation, "bone left in front of the shell"),
    ("posterior_wall", Millimetre, Fixation, "bone left behind the shell"),
    ("vessel_distance", Millimetre, Fixation, "shell to the nearest labelled iliac vessel, at most 20 mm"),
    ("screw_length", Millimetre, Fixation, "longest screw that stays in bone, and 5 mm from labelled vessels, through a hole over a posterior quadrant"),
    ("press_fit_contact", Percent, Fixation, "part of the peripheral third of the shell's outer surface in bone"),
    ("canal_fill", Ratio, Fixation, "stem width over canal width, lower half of the stem"),
    ("cortical_contact", Millimetre, Fixation, "furthest that the stem reaches into the cortex, negative for a gap"),
    ("cortex_left", Millimetre, Fixation, "least cortex left beside the stem"),
    ("stem_varus", Degree, Fixation, "stem against the shaft in the plane of the neck, varus positive"),
    ("stem_flexion", Degree, Fixation, "stem against the shaft across the neck, tip posterior positive"),
    ("leg_length_difference", Millimetre, Restoration, "operated less other leg after surgery; its change by surgery where the other is not known"),
    ("leg_length_change", Millimetre, Restoration, "lengthening of the operated leg"),
    ("offset_difference", Millimetre, Restoration, "global offset of the operated less the other side after surgery; its change by surgery where the other is not known"),
    ("offset_change", Millimetre, Restoration, "change of global offset, lateral positive"),
    ("hip_centre_shift_superior", Millimetre, Restoration, "planned hip centre above the native one"),
    ("hip_centre_shift_medial", Millimetre, Restoration, "planned hip centre medial of the native one"),
    ("abductor_lever_arm", Millimetre, Restoration, "mean lever arm of gluteus medius, minimus and tensor fasciae latae about the hip's axis of abduction, standing, weighted by strength"),
    ("abductor_lever_arm_change", Millimetre, Restoration, "the same less that of the hip as scanned"),
    ("abductor_lever_arm_difference", Millimetre, Restoration, "the same less that of the other side as scanned"),
    ("stance_force", Percent, Restoration, "joint force of standing on this leg by the static balance, per cent of body weight"),
    ("stance_force_change", Percent, Restoration, "the same less that of the hip as scanned"),
    ("jumping_distance", Millimetre, Stability, "way of the head out of the liner, standing"),
    ("edge_loading", Millimetre, Stability, "arc from the centre of the contact patch to the liner's rim, least over all activities with a measured force"),
    ("edge_margin", Degree, Stability, "angle to the liner's rim from where the patient's own joint force by the static balance meets it, least over standing on this leg and the loaded part of walking"),
    ("cup_inclination", Degree, Orientation, "radiographic inclination, supine functional plane"),
    ("cup_anteversion", Degree, Orientation, "radiographic anteversion, supine functional plane"),
    ("cup_inclination_app", Degree, Orientation, "radiographic inclination, anterior pelvic plane"),
    ("cup_anteversion_app", Degree, Orientation, "radiographic anteversion, anterior pelvic plane"),
    ("stem_version", Degree, Orientation, "version of the stem's neck, anterior positive"),
    ("combined_anteversion", Degree, Orientation, "cup anteversion and stem version"),
    ("combined_anteversion_widmer", Degree, Orientation, "cup anteversion and 0.7 of stem version"),
];

/// Postures that a motion may be asked for in, and how its name ends.
const POSTURES: [(Posture, &str); 4] = [
    (Posture::Supine, ""),
    (Posture::Standing, "@standing"),
    (Posture::Sitting, "@sitting"),
    (Posture::FlexedSeated, "@flexed_seated"),
];

impl Known {
    /// All of them, in the order in which criteria are kept: the plan's own numbers, motions by posture, activities.
    pub fn all() -> Vec<Known> {
        let plan = NUMBERS.iter().map(|&(name, unit, group, meaning)| Known {
            name: name.into(),
            unit,
            group,
            meaning: meaning.into(),
            subject: Subject::Plan(name),
        });
        let motions = POSTURES.into_iter().flat_map(|(posture, ending)| {
            motion_names().into_iter().map(move |motion| Known {
                name: format!("motion.{motion}{ending}"),
                unit: Degree,
                group: Group::Motion,
                meaning: format!("how far {} goes, pelvis {}", motion.replace('_', " "), posture.name()),
                subject: Subject::Motion { motion, posture },
            })
        });
        let activities = Activity::catalogue().into_iter().map(|activity| Known {
            name: format!("activity.{}", activity.name),
            unit: Degree,
            group: Group::Motion,
            meaning: format!("angle left before anything meets: {}", activity.title.to_lowercase()),
            subject: Subject::Activity(activity.name),
        });
        let mut all: Vec<Known> = plan.chain(motions).chain(activities).collect();
        // A stable sort: groups together, as a person reads them.
        all.sort_by_key(|known| known.group);
        all
    }

    /// A number by name.
    pub fn of(name: &str) -> Option<Known> {
        Known::all().into_iter().find(|known| known.name == name)
    }

    /// All names.
    pub fn names() -> Vec<String> {
        Known::all().into_iter().map(|known| known.name).collect()
    }

    /// The names there are, in one line: of motions and activities only their endings.
    pub(super) fn in_words() -> String {
        let plan: Vec<&str> = NUMBERS.iter().map(|&(name, ..)| name).collect();
        let activities: Vec<&str> = Activity::catalogue().into_iter().map(|a| a.name).collect();
        format!(
            "{}; motion.NAME, motion.NAME@standing, @sitting or @flexed_seated with NAME one of {}; {EVERY_ACTIVITY} or \
             activity.NAME with NAME one of {}",
            plan.join(", "),
            motion_names().join(", "),
            activities.join(", ")
        )
    }
}

/// A unit as files name it.
pub(super) fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Millimetre => "mm",
        Unit::Degree => "deg",
        Unit::Percent => "%",
        Unit::Hounsfield => "HU",
        Unit::Ratio => "1",
        Unit::CubicCentimetre => "cm3",
        Unit::Gram => "g",
        Unit::MilligramPerCubicCentimetre => "mg/cm3",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_number_has_one_name_and_is_found_by_it() {
        let all = Known::all();
        let names: HashSet<_> = all.iter().map(|known| &known.name).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.is_sorted_by_key(|known| known.group));
        for known in &all {
            assert_eq!(Known::of(&known.name).as_ref(), Some(known));
            assert!(!known.meaning.is_empty() && !known.meaning.contains('_'), "{}", known.meaning);
        }
        assert_eq!(all.len(), NUMBERS.len() + 4 * motion_names().len() + Activity::catalogue().len());
        assert!(Known::of(EVERY_ACTIVITY).is_none());
    }

    #[test]
    fn names_are_taken_apart() {
        let subject = |name: &str| Known::of(name).unwrap().subject;
        assert_eq!(subject("canal_fill"), Subject::Plan("canal_fill"));
        assert_eq!(subject("activity.squat"), Subject::Activity("squat"));
        let motion = |posture| Subject::Motion { motion: "flexion".into(), posture };
        assert_eq!(subject("motion.flexion"), motion(Posture::Supine));
        assert_eq!(subject("motion.flexion@sitting"), motion(Posture::Sitting));
    }

    #[test]
    fn units_are_named_as_in_every_other_file() {
        for unit in [Millimetre, Degree, Percent, Ratio, Unit::Hounsfield] {
            assert_eq!(serde_json::to_value(unit).unwrap(), unit_name(unit));
        }
    }
}
