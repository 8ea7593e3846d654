//! Activities of daily life: in which time steps a planned hip is free, and what meets in the others.

use super::joint::PlannedJoint;
use super::pair::ContactPair;
use coxa_activity::posture::{PelvicTilts, Posture};
use coxa_activity::{Activity, Evidence};
use coxa_geometry::frame::Patient;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Finding, Point, finding};
use coxa_rom::edge_loading::LoadPlace;
use coxa_rom::path::Path;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Most that the hip turns from one time step that is looked at to the next.
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
    #[serde(rename = "contact_share")]
    pub contact_fraction: f64,
    /// The first time step in contact.
    pub first_contact: Option<FirstContact>,
    /// The time step that leaves the least clearance.
    pub closest: Option<ClosestApproach>,
    /// The time step in which the joint force is nearest to the rim, where forces have been measured.
    pub nearest_edge: Option<NearestEdge>,
    /// The time steps looked at, in order.
    #[serde(rename = "moments")]
    pub time_steps: Vec<TimeStep>,
}

/// A time step in which two bodies are in contact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FirstContact {
    /// Fraction of the activity that has passed.
    #[serde(rename = "share")]
    pub fraction: f64,
    /// What is in contact.
    pub cause: ContactPair,
    /// Whether it is the stem, where it stands bare only because the femur is cut off in the scan.
    #[serde(default)]
    pub is_bare_stem: bool,
    /// Of the femur against the pelvis as it lay supine.
    pub angles: HipAngles,
}

/// The time step that leaves the least clearance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClosestApproach {
    /// Fraction of the activity that has passed.
    #[serde(rename = "share")]
    pub fraction: f64,
    /// What is nearest.
    pub pair: ContactPair,
    /// Its distance, or minus the depth of its contact.
    pub clearance_mm: f64,
    /// Where, on the side of the pelvis, in the patient (LPS, pelvis as scanned).
    pub place_mm: Point<Patient>,
}

/// The time step in which the joint force is nearest to the liner's rim.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NearestEdge {
    /// Fraction of the activity that has passed.
    #[serde(rename = "share")]
    pub fraction: f64,
    /// Angle from the force to the rim, seen from the head centre; negative where it points past the rim.
    pub to_rim_deg: Angle,
    /// The same as an arc on the head: from the centre of the contact patch to the rim.
    pub centre_to_rim_mm: f64,
}

/// One time step of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TimeStep {
    /// Fraction of the activity that has passed.
    #[serde(rename = "share")]
    pub fraction: f64,
    /// Of the femur against the pelvis as it lay supine.
    #[serde(flatten)]
    pub angles: HipAngles,
    /// Posterior tilt of the pelvis from supine.
    pub pelvic_tilt_deg: Angle,
    /// What is deepest in contact; `None` where the hip is free.
    pub contact: Option<ContactPair>,
    /// Distance of what is nearest, or minus the depth of the deepest contact.
    pub clearance_mm: Option<f64>,
    /// Angle from the joint force to the rim, where a force has been measured.
    pub to_rim_deg: Option<Angle>,
}

impl ActivityResult {
    /// Whether nothing meets in any time step.
    pub fn is_free(&self) -> bool {
        self.first_contact.is_none()
    }
}

/// Runs activities with a patient's pelvis.
pub(super) fn run(
    joint: &PlannedJoint,
    activities: &[&Activity],
    tilts: &PelvicTilts,
) -> Vec<ActivityResult> {
    activities.par_iter().map(|activity| result(joint, &activity.for_pelvis(tilts))).collect()
}

fn result(joint: &PlannedJoint, activity: &Activity) -> ActivityResult {
    let frames = activity.sampled(Angle::from_degrees(STEP_DEG));
    let positions: Vec<HipAngles> = frames.iter().map(|frame| frame.angles).collect();
    let clearances = joint.clearances(&positions);
    let loads: Vec<Option<LoadPlace>> =
        frames.iter().map(|frame| joint.load_place(frame.force_in_pelvis()?)).collect();
    let time_steps: Vec<TimeStep> = frames
        .par_iter()
        .zip(&clearances)
        .zip(&loads)
        .map(|((frame, clearance), load)| TimeStep {
            fraction: frame.fraction,
            angles: frame.angles,
            pelvic_tilt_deg: frame.pelvic_tilt,
            contact: joint.contact(frame.angles).map(|first| match clearance {
                Some(clearance) if clearance.distance_mm <= 0.0 => clearance.pair,
                _ => first,
            }),
            clearance_mm: clearance.map(|clearance| clearance.distance_mm),
            to_rim_deg: load.map(|load| load.to_rim),
        })
        .collect();
    let closest =
        frames.iter().zip(&clearances).filter_map(|(frame, clearance)| Some((frame.fraction, (*clearance)?)));
    let closest = closest.reduce(|a, b| if b.1.distance_mm < a.1.distance_mm { b } else { a });
    let edge = frames.iter().zip(&loads).filter_map(|(frame, load)| Some((frame.fraction, (*load)?)));
    let edge = edge.reduce(|a, b| if b.1.to_rim < a.1.to_rim { b } else { a });
    // Between time steps too: a contact may begin and end from one to the next.
    let first =
        Path::new(&positions).ok().and_then(|path| joint.first_contact(&path)).map(|(cause, place)| {
            let at = |index: usize| frames.get(index).map_or(1.0, |frame| frame.fraction);
            let (before, after) = (at(place.piece), at(place.piece + 1));
            let angles = place.angles;
            let touched = || joint.clearances_of(cause, &[angles]).pop()?.map(|clearance| clearance.at);
            let is_bare_stem = cause == ContactPair::StemOnPelvis
                && touched().is_some_and(|at| joint.is_bare_stem(cause, angles, at));
            FirstContact { fraction: before + place.fraction * (after - before), cause, is_bare_stem, angles }
        });
    ActivityResult {
        name: activity.name.clone(),
        title: activity.title.clone(),
        posture: activity.posture,
        source: activity.source.clone(),
        evidence: activity.evidence,
        contact_fraction: contact_fraction(&time_steps),
        first_contact: first,
        closest: closest.map(|(fraction, clearance)| ClosestApproach {
            fraction,
            pair: clearance.pair,
            clearance_mm: clearance.distance_mm,
            place_mm: joint.frames().in_patient(clearance.at),
        }),
        nearest_edge: edge.map(|(fraction, load)| NearestEdge {
            fraction,
            to_rim_deg: load.to_rim,
            centre_to_rim_mm: load.centre_to_rim_mm,
        }),
        time_steps,
    }
}

/// The activities in which something meets: of the patient as a caution, of a stem that is bare in the scan alone as a note.
pub(super) fn findings(results: &[ActivityResult]) -> Vec<Finding> {
    let met = |is_bare: bool| -> Vec<String> {
        let of = results.iter().filter_map(|r| Some((r, r.first_contact?)));
        let of = of.filter(|(_, first)| first.is_bare_stem == is_bare);
        of.map(|(r, first)| format!("{} (first {})", r.title.to_lowercase(), first.cause)).collect()
    };
    let list = |met: Vec<String>| (!met.is_empty()).then(|| met.join(", "));
    let caution = list(met(false)).map(|activities| finding::ActivityInContact { activities }.finding());
    let note = list(met(true)).map(|activities| finding::ActivityNotJudged { activities }.finding());
    caution.into_iter().chain(note).collect()
}

/// Each time step stands for half the way to its neighbours.
fn contact_fraction(time_steps: &[TimeStep]) -> f64 {
    let pieces = time_steps.windows(2).map(|pair| {
        let met = pair.iter().filter(|m| m.contact.is_some()).count() as f64;
        (pair[1].fraction - pair[0].fraction) * met / 2.0
    });
    pieces.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;

    #[test]
    fn moments_are_what_their_positions_give_and_a_stiff_spine_costs_flexion() {
        let case = Case::right();
        let planned = case.plan(PlanOptions::default());
        let joint = PlannedJoint::new(&planned, &case.anatomy).unwrap();
        let all: Vec<&Activity> = Activity::catalogue().iter().collect();
        let results = run(&joint, &all, &PelvicTilts::default());
        assert_eq!(results.len(), all.len());
        for result in &results {
            assert!(
                result
                    .time_steps
                    .windows(2)
                    .all(|pair| { pair[0].angles.angle_to(pair[1].angles).degrees() <= STEP_DEG + 1e-6 })
            );
            // The path meets something no later than the first time step that does, and not before the one ahead of it.
            if let Some(met) = result.time_steps.iter().position(|m| m.contact.is_some()) {
                let first = result.first_contact.unwrap();
                assert!(first.fraction <= result.time_steps[met].fraction + 1e-9, "{}", result.name);
                assert!(
                    met == 0 || first.fraction >= result.time_steps[met - 1].fraction - 1e-9,
                    "{}",
                    result.name
                );
            }
            assert!(!result.is_free() || result.contact_fraction == 0.0, "{}", result.name);
            assert!((0.0..=1.0).contains(&result.contact_fraction));
            for time_step in &result.time_steps {
                let clearance = time_step.clearance_mm.unwrap();
                assert_eq!(clearance <= 0.0, time_step.contact.is_some(), "{}: {clearance}", result.name);
                assert!(result.closest.unwrap().clearance_mm <= clearance);
            }
        }
        let stiff = PelvicTilts { sitting: Angle::ZERO, standing: Angle::ZERO, flexed_seated: Angle::ZERO };
        let most = |results: &[ActivityResult]| {
            let chair = results.iter().find(|r| r.name == "chair_low").unwrap();
            chair.time_steps.iter().map(|m| m.angles.flexion.degrees()).fold(f64::MIN, f64::max)
        };
        let stiff = run(&joint, &[Activity::named("chair_low").unwrap().activity], &stiff);
        // The most is asked on the flexed seat, where the pelvis of the others is tilted back by 3.7 degrees.
        assert!((most(&stiff) - most(&results) - 3.7).abs() < 1e-6);
    }

    #[test]
    fn the_share_in_contact_is_that_of_time() {
        let time_step = |fraction, met: bool| TimeStep {
            fraction,
            angles: HipAngles::default(),
            pelvic_tilt_deg: Angle::ZERO,
            contact: met.then_some(ContactPair::FemurOnPelvis),
            clearance_mm: None,
            to_rim_deg: None,
        };
        let time_steps =
            [time_step(0.0, false), time_step(0.5, true), time_step(0.9, true), time_step(1.0, false)];
        assert!((contact_fraction(&time_steps) - (0.25 + 0.4 + 0.05)).abs() < 1e-12);
        assert_eq!(contact_fraction(&[]), 0.0);
    }
}
