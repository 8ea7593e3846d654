//! What follows contact: the motions in which hips dislocate, carried on past the contact of neck and rim until the head leaves.
//!
//! A plan does not say how strong its patient is, so the figures compare plans and do not predict a patient's. The head is held by
//! [`HOLDING_FORCE_N`] along the line of the joint force that has been measured in a similar position: rising from a chair, where it
//! presses the head backwards, for a flexed hip, and standing on one leg for an extended one. Then once more with a capsule
//! besides, whose fibres pull when they are longer than in the middle of the range by the slack of native hips. Moments and
//! work of the muscles grow in proportion to the force. The femur is turned slowly, gravity is left out.
//!
//! Only head, neck and liner are bodies here. Where bone or another implant meets first, that is the fulcrum instead;
//! [`AfterContact::meets_before`] says so. A lip is left out: the rim is that away from it.

use super::joint::PlannedJoint;
use super::limits::MotionGroup;
use super::pair::ContactPair;
use coxa_activity::Activity;
use coxa_geometry::frame::{Patient, Pelvis};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Point, Vector};
use coxa_rom::dynamics::{
    Capsule, DynamicsError, HipJoint, Leg, LeverOut, LeverOutInput, Settings, Sex, lever_out,
};
use coxa_rom::{Direction, JointAxis, Motion};
use nalgebra::Vector3;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Force that holds the head in the liner: some two thirds of the weight of a person of 75 kg, an assumption for a leg at rest.
pub const HOLDING_FORCE_N: f64 = 500.0;
/// Radial clearance and friction of an ordinary bearing, assumptions too.
const CLEARANCE_MM: f64 = 0.05;
const FRICTION: f64 = 0.05;
/// The capsule ends on the pelvis this far outside the shell and on the femur in a circle about the neck. Typical, for the scan does
/// not show the capsule.
const CAPSULE_BEYOND_SHELL_MM: f64 = 2.0;
const CAPSULE_ON_FEMUR_MM: f64 = 16.0;
const CAPSULE_ALONG_NECK_MM: f64 = 38.0;
/// How far a motion is carried on.
const RANGE_DEG: f64 = 140.0;

/// What keeps the head in its liner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// [`HOLDING_FORCE_N`] of muscle alone.
    Muscles,
    /// The same and a capsule with native slack.
    MusclesAndCapsule,
}

/// One motion carried on past contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AfterContact {
    /// The motion, from its start in the posture; its angles are of the femur against the pelvis as it lay supine.
    #[serde(flatten)]
    pub motion: Motion,
    /// Which way the head leaves.
    pub group: MotionGroup,
    /// What holds it.
    pub holding: Holding,
    /// Why there are no results, where that is so.
    pub not_simulated: Option<String>,
    /// What meets before the neck meets the rim, and so is the true fulcrum.
    pub meets_before: Option<ContactPair>,
    /// Turn at which the neck meets the rim.
    pub neck_contact_deg: Option<Angle>,
    /// Turn from which the head goes out by itself; `None` where it stays in.
    pub dislocation_deg: Option<Angle>,
    /// Largest moment that resisted after the neck's contact.
    pub peak_moment_n_m: f64,
    /// Where.
    pub peak_turn_deg: Angle,
    /// Work from the neck's contact until the head left, or to the end.
    pub work_j: f64,
    /// The course, degree by degree.
    pub course: Vec<CoursePoint>,
}

/// A moment of the course.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CoursePoint {
    /// From the start of the motion.
    pub turn_deg: Angle,
    /// About the motion's axis, positive against it.
    pub resisting_moment_n_m: f64,
    /// Of the head, in the patient (LPS, pelvis as scanned).
    pub head_centre_mm: Point<Patient>,
}

/// Carries the dislocation-prone motions of a posture on past contact: backwards out of flexion, adduction and internal rotation,
/// forwards out of extension and external rotation, each with both ways of holding. In parallel; the results do not depend on it.
pub(super) fn after_contact(
    joint: &PlannedJoint,
    shell_diameter_mm: f64,
    posterior_tilt: Angle,
) -> Vec<AfterContact> {
    let motions = motions(posterior_tilt);
    let only: Vec<Motion> = motions.iter().map(|(motion, _)| motion.clone()).collect();
    let runs: Vec<_> = motions
        .into_iter()
        .zip(joint.reaches(&only))
        .flat_map(|run| [(run.clone(), Holding::Muscles), (run, Holding::MusclesAndCapsule)])
        .collect();
    runs.into_par_iter()
        .map(|(((motion, group), reaches), holding)| {
            let neck = reaches[0].limit;
            let before = ContactPair::ALL
                .into_iter()
                .zip(&reaches)
                .skip(1)
                .filter_map(|(pair, reach)| Some((pair, reach.limit?)))
                .filter(|(_, limit)| neck.is_none_or(|neck| *limit < neck))
                .reduce(|a, b| if b.1 < a.1 { b } else { a });
            let found = run(joint, shell_diameter_mm, &motion, group, holding);
            result(joint, motion, group, holding, before.map(|(pair, _)| pair), found)
        })
        .collect()
}

fn motions(posterior_tilt: Angle) -> [(Motion, MotionGroup); 2] {
    let motion = |name, flexion, adduction, direction| {
        let mut start = HipAngles::from_degrees(flexion, adduction, 0.0);
        start.flexion = start.flexion - posterior_tilt;
        Motion::new(name, start, JointAxis::InternalRotation, direction, Angle::from_degrees(RANGE_DEG))
    };
    [
        (
            motion("internal_rotation_at_90_adducted_10", 90.0, 10.0, Direction::Positive),
            MotionGroup::PosteriorDislocation,
        ),
        (
            motion("external_rotation_extended_10", -10.0, 0.0, Direction::Negative),
            MotionGroup::AnteriorDislocation,
        ),
    ]
}

/// Against the measured force of the cup on the head, in the pelvis and with the leg as the activity has it.
fn holding_force(group: MotionGroup) -> Vector<Pelvis> {
    let name = match group {
        MotionGroup::PosteriorDislocation => "chair_rise",
        MotionGroup::AnteriorDislocation | MotionGroup::Examination => "one_leg_stance",
    };
    let loaded = Activity::named(name).ok().and_then(|named| named.activity.loaded_frame());
    let measured = loaded.and_then(|frame| frame.force_in_pelvis());
    let into_socket = measured.and_then(|force| (-force).normalised());
    Vector::from_coords(into_socket.map_or_else(Vector3::y, Vector::coords) * HOLDING_FORCE_N)
}

fn run(
    joint: &PlannedJoint,
    shell_diameter_mm: f64,
    motion: &Motion,
    group: MotionGroup,
    holding: Holding,
) -> Result<LeverOut, DynamicsError> {
    let neck = joint.neck();
    let cup_axis = neck.cup().apply(Vector::new(0.0, 0.0, 1.0));
    let hip = HipJoint {
        // The functional axes of the supine pelvis stand for the pelvis' own: only that they are the same for cup and femur counts.
        cup_axis: Vector::from_coords(cup_axis.coords()),
        neck_axis: neck.axis(),
        bearing: *neck.bearing(),
        radial_clearance_mm: CLEARANCE_MM,
        friction: FRICTION,
    };
    let fibres = match holding {
        Holding::Muscles => Vec::new(),
        Holding::MusclesAndCapsule => {
            let capsule = Capsule {
                slack_mm: Capsule::NATIVE_SLACK_MM,
                ..Capsule::pieroh_2016(
                    shell_diameter_mm / 2.0 + CAPSULE_BEYOND_SHELL_MM,
                    CAPSULE_ON_FEMUR_MM,
                    CAPSULE_ALONG_NECK_MM,
                )
            };
            capsule.fibres(&hip, HipAngles::from_degrees(30.0, 0.0, 0.0))?
        }
    };
    let input = LeverOutInput {
        joint: hip,
        leg: Leg::de_leva(Sex::Female, 75.0, 1700.0)?,
        motion: motion.clone(),
        joint_force_n: holding_force(group),
        gravity_m_per_s2: Vector::new(0.0, 0.0, 0.0),
        fibres,
    };
    // Twice the default step and speed: by the table of `Settings` half a per cent of the work, for a quarter of the time.
    let settings = Settings {
        step_s: 2e-4,
        turning_speed_deg_per_s: 20.0,
        sample_every_deg: 1.0,
        ..Settings::default()
    };
    lever_out(&input, &settings)
}

fn result(
    joint: &PlannedJoint,
    motion: Motion,
    group: MotionGroup,
    holding: Holding,
    meets_before: Option<ContactPair>,
    found: Result<LeverOut, DynamicsError>,
) -> AfterContact {
    let (not_simulated, found) = match found {
        Ok(found) => (None, Some(found)),
        Err(error) => (Some(error.to_string()), None),
    };
    let in_patient = |at: Point<Pelvis>| joint.frames().in_patient(Point::from_coords(at.coords()));
    let found = found.as_ref();
    AfterContact {
        motion,
        group,
        holding,
        not_simulated,
        meets_before,
        neck_contact_deg: found.and_then(|found| Some(found.neck_contact?.turn)),
        dislocation_deg: found.and_then(|found| Some(found.dislocation?.turn)),
        peak_moment_n_m: found.map_or(0.0, |found| found.peak_moment_n_m),
        peak_turn_deg: found.map_or(Angle::ZERO, |found| found.peak_turn),
        work_j: found.map_or(0.0, |found| found.work_j),
        course: found.map_or_else(Vec::new, |found| {
            let point = |sample: &coxa_rom::dynamics::LeverOutSample| CoursePoint {
                turn_deg: sample.turn,
                resisting_moment_n_m: sample.resisting_moment_n_m,
                head_centre_mm: in_patient(sample.head_centre),
            };
            found.samples.iter().map(point).collect()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::Catalogue;
    use crate::placement::synthetic::Case;
    use crate::placement::{PlanOptions, realise};

    fn of(case: &Case, change: impl Fn(&mut crate::plan::Plan)) -> (Vec<AfterContact>, PlannedJoint) {
        let mut plan = case.plan(PlanOptions::default()).sketch.plan;
        change(&mut plan);
        let catalogue = Catalogue::builtin();
        let planned = realise(&plan, &case.input(PlanOptions::default()), &catalogue).unwrap();
        let joint = PlannedJoint::new(&planned, &case.anatomy).unwrap();
        (after_contact(&joint, plan.cup.size_mm, Angle::ZERO), joint)
    }

    #[test]
    fn the_neck_meets_the_rim_where_the_limits_say_and_the_head_leaves_the_way_its_motion_pushes() {
        let (found, joint) = of(&Case::right(), |_| {});
        assert_eq!(found.len(), 4);
        let at = |point| joint.frames().in_patient(point);
        let axis = joint.neck().cup().apply(Vector::new(0.0, 0.0, 1.0));
        let out = at(Point::origin() + axis) - at(Point::origin());
        for run in &found {
            assert_eq!(run.not_simulated, None);
            let limit = joint.reaches(std::slice::from_ref(&run.motion))[0][0].limit.unwrap();
            let met = run.neck_contact_deg.unwrap();
            // The head sits in the bearing by its clearance and the force, so the neck arrives a little before.
            assert!((met - limit).abs().degrees() < 1.0, "{}: {met} {limit}", run.motion.name);
            assert!(run.peak_moment_n_m > 0.5 && run.work_j > 0.5, "{run:?}");
            assert!(run.dislocation_deg.is_none_or(|out| out > met));
            // Where the head has gone besides out along the cup's axis; LPS: backwards is +y.
            let way = run.course[run.course.len() - 1].head_centre_mm - run.course[0].head_centre_mm;
            let backwards = (way - out * way.dot(out)).y();
            match run.group {
                MotionGroup::PosteriorDislocation => assert!(backwards > 1.0, "{backwards}"),
                _ => assert!(backwards < -0.3, "{backwards}"),
            }
        }
        // A capsule resists more than muscles alone.
        for pair in found.chunks_exact(2) {
            assert!(pair[1].peak_moment_n_m > pair[0].peak_moment_n_m);
        }
    }

    #[test]
    fn a_mirrored_patient_dislocates_alike() {
        let (right, _) = of(&Case::right(), |_| {});
        let (left, _) = of(&Case::right().mirrored(), |_| {});
        for (a, b) in right.iter().zip(&left) {
            assert!((a.peak_moment_n_m - b.peak_moment_n_m).abs() < 1e-3 * a.peak_moment_n_m);
            assert!((a.work_j - b.work_j).abs() < 1e-3 * a.work_j);
            for (p, q) in a.course.iter().zip(&b.course) {
                assert!((p.head_centre_mm.y() - q.head_centre_mm.y()).abs() < 1e-2);
            }
        }
    }

    #[test]
    fn results_come_back_from_a_file() {
        let (found, _) = of(&Case::right(), |_| {});
        let text = serde_json::to_string(&found).unwrap();
        let back: Vec<AfterContact> = serde_json::from_str(&text).unwrap();
        assert_eq!(back[1].group, found[1].group);
        assert!((back[1].work_j - found[1].work_j).abs() < 1e-12);
        assert!(text.contains("\"holding\":\"muscles_and_capsule\""));
    }
}
