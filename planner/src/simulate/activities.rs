//! Activities of daily life: in which moments a planned hip is free, and what meets in the others.

use super::joint::{ContactPair, PlannedJoint};
use coxa_geometry::Angle;
use coxa_geometry::joint::HipAngles;
use coxa_sim::rom::activity::{Activity, ActivityFrame, Mark};
use coxa_sim::rom::posture::{PelvicTilts, Posture};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Most that the hip turns from one moment that is looked at to the next.
const STEP_DEG: f64 = 2.0;

/// How a planned hip does in one activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityResult {
    /// Stable snake_case name.
    pub name: String,
    /// What a person calls it.
    pub title: String,
    /// The posture that it belongs to.
    pub posture: Posture,
    /// Where its angles come from.
    pub source: String,
    /// How well its angles are known.
    pub evidence: Evidence,
    /// Part of the activity, from 0 to 1, in which something is in contact.
    pub contact_share: f64,
    /// The first moment in contact.
    pub first_contact: Option<ContactMoment>,
    /// The moments looked at, in order.
    pub moments: Vec<Moment>,
}

/// How many of an activity's numbers come from where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Read in the source.
    pub found: usize,
    /// Computed from numbers that were found.
    pub derived: usize,
    /// Known or assumed, and to be verified.
    pub unverified: usize,
}

/// A moment in which two bodies are in contact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ContactMoment {
    /// Part of the activity that has passed.
    pub share: f64,
    /// What is in contact.
    pub cause: ContactPair,
    /// Of the femur against the pelvis as it lay supine.
    pub angles: HipAngles,
}

/// One moment of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Part of the activity that has passed.
    pub share: f64,
    /// Of the femur against the pelvis as it lay supine.
    #[serde(flatten)]
    pub angles: HipAngles,
    /// Posterior tilt of the pelvis from supine.
    pub pelvic_tilt_deg: Angle,
    /// What is in contact; `None` where the hip is free.
    pub contact: Option<ContactPair>,
}

impl ActivityResult {
    /// Whether nothing meets in any moment.
    pub fn is_free(&self) -> bool {
        self.first_contact.is_none()
    }
}

/// Runs activities with a patient's pelvis.
pub(super) fn run(joint: &PlannedJoint, activities: &[Activity], tilts: &PelvicTilts) -> Vec<ActivityResult> {
    activities.par_iter().map(|activity| result(joint, &activity.for_pelvis(tilts))).collect()
}

fn result(joint: &PlannedJoint, activity: &Activity) -> ActivityResult {
    let frames = activity.sampled(Angle::from_degrees(STEP_DEG));
    let moments: Vec<Moment> = frames.par_iter().map(|frame| moment(joint, frame)).collect();
    let first = moments
        .iter()
        .find_map(|m| Some(ContactMoment { share: m.share, cause: m.contact?, angles: m.angles }));
    ActivityResult {
        name: activity.name.into(),
        title: activity.title.into(),
        posture: activity.posture,
        source: activity.source.into(),
        evidence: evidence(activity),
        contact_share: contact_share(&moments),
        first_contact: first,
        moments,
    }
}

fn moment(joint: &PlannedJoint, frame: &ActivityFrame) -> Moment {
    Moment {
        share: frame.share,
        angles: frame.angles,
        pelvic_tilt_deg: frame.pelvic_tilt,
        contact: joint.contact(frame.angles),
    }
}

/// Each moment stands for half the way to its neighbours.
fn contact_share(moments: &[Moment]) -> f64 {
    let pieces = moments.windows(2).map(|pair| {
        let met = pair.iter().filter(|m| m.contact.is_some()).count() as f64;
        (pair[1].share - pair[0].share) * met / 2.0
    });
    pieces.sum()
}

fn evidence(activity: &Activity) -> Evidence {
    let mut evidence = Evidence::default();
    for marks in &activity.marks {
        for mark in [marks.flexion, marks.adduction, marks.internal_rotation, marks.pelvic_tilt] {
            match mark {
                Mark::Found => evidence.found += 1,
                Mark::Derived => evidence.derived += 1,
                Mark::Unverified => evidence.unverified += 1,
            }
        }
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::Catalogue;
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;

    #[test]
    fn moments_are_what_their_positions_give_and_a_stiff_spine_costs_flexion() {
        let case = Case::right();
        let planned = case.plan(PlanOptions::default());
        let joint = PlannedJoint::new(&planned, &case.anatomy, &Catalogue::builtin()).unwrap();
        let results = run(&joint, &Activity::catalogue(), &PelvicTilts::default());
        assert_eq!(results.len(), Activity::catalogue().len());
        for result in &results {
            assert!(
                result
                    .moments
                    .windows(2)
                    .all(|pair| { pair[0].angles.angle_to(pair[1].angles).degrees() <= STEP_DEG + 1e-6 })
            );
            let met = result.moments.iter().find(|m| m.contact.is_some());
            assert_eq!(result.first_contact.map(|c| c.share), met.map(|m| m.share));
            assert_eq!(result.is_free(), result.contact_share == 0.0, "{}", result.name);
            assert!((0.0..=1.0).contains(&result.contact_share));
        }
        let stiff = PelvicTilts { sitting: Angle::ZERO, standing: Angle::ZERO };
        let most = |results: &[ActivityResult]| {
            let chair = results.iter().find(|r| r.name == "chair").unwrap();
            chair.moments.iter().map(|m| m.angles.flexion.degrees()).fold(f64::MIN, f64::max)
        };
        let stiff = run(&joint, &[Activity::named("chair").unwrap()], &stiff);
        assert!(most(&stiff) > most(&results) + 4.0);
    }

    #[test]
    fn the_share_in_contact_is_that_of_time() {
        let moment = |share, met: bool| Moment {
            share,
            angles: HipAngles::default(),
            pelvic_tilt_deg: Angle::ZERO,
            contact: met.then_some(ContactPair::FemurOnPelvis),
        };
        let moments = [moment(0.0, false), moment(0.5, true), moment(0.9, true), moment(1.0, false)];
        assert!((contact_share(&moments) - (0.25 + 0.4 + 0.05)).abs() < 1e-12);
        assert_eq!(contact_share(&[]), 0.0);
    }
}
