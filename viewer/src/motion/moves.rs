//! All that can be played of a plan.

use super::force::JointForce;
use super::track::{MotionFrame, Track};
use coxa_activity::Activity;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Transform};
use coxa_planner::loads::{Loads, MovingLeg};
use coxa_planner::simulate::{JointFrames, MotionLimit};
use coxa_planner::{Planned, Simulation};

/// How femur, stem and head are moved from where they are planned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HipPose {
    /// The motion, in the patient.
    pub motion: Transform<Patient, Patient>,
}

impl Default for HipPose {
    /// As planned.
    fn default() -> Self {
        HipPose { motion: Transform::identity() }
    }
}

/// Name of the track of an activity with the force in the joint.
fn with_forces(activity: &str) -> String {
    format!("loads.{activity}")
}

/// The tracks of a plan, with the way from hip angles to the patient.
pub struct Moves {
    frames: JointFrames,
    centre_mm: Point<Patient>,
    tracks: Vec<Track>,
    forces: Vec<(String, JointForce)>,
    leg: Option<MovingLeg>,
}

impl Moves {
    /// Of a plan: motions by their limits, activities and lever-out of a simulation of it, activities with forces of its loads.
    pub fn new(
        planned: &Planned,
        anatomy: &HipAnatomy,
        limits: &[MotionLimit],
        simulation: Option<&Simulation>,
        loads: Option<&Loads>,
    ) -> Self {
        let frames = JointFrames::new(planned.plan.side, planned.pose.hip_centre, anatomy);
        let mut tracks: Vec<Track> = limits.iter().map(Track::of_limit).collect();
        if let Some(simulation) = simulation {
            tracks.extend(simulation.activities.iter().filter_map(Track::of_activity));
        }
        // A scan that bears no muscles has loads by the static balance alone: nothing moves there.
        let leg = loads.and_then(|loads| MovingLeg::new(planned, anatomy, &loads.options).ok());
        let mut forces = Vec::new();
        for activity in loads.iter().flat_map(|loads| &loads.activities) {
            let Some(course) = leg.as_ref().and_then(|leg| leg.course(&activity.name)) else { continue };
            let course = activity.fractions.iter().copied().zip(course).collect();
            let (name, title, source) = (with_forces(&activity.name), &activity.title, &activity.source);
            tracks.extend(Track::of_load(&name, title, source, activity.duration_s, course));
            forces.push((name, JointForce::new(planned, activity)));
        }
        if let Some(simulation) = simulation {
            tracks.extend(simulation.after_contact.iter().filter_map(Track::of_lever_out));
        }
        Moves { frames, centre_mm: planned.pose.hip_centre, tracks, forces, leg }
    }

    /// What can be played, in the order in which it is listed.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// A track by its name, or by a former name of its activity, with the forces where there are any.
    pub fn track(&self, name: &str) -> Option<&Track> {
        let of = |name: &str| self.tracks.iter().find(|track| track.name == name);
        of(name).or_else(|| {
            let today = &Activity::named(name).ok()?.activity.name;
            of(&with_forces(today)).or_else(|| of(today))
        })
    }

    /// Where the planned hip turns.
    pub fn frames(&self) -> &JointFrames {
        &self.frames
    }

    /// Centre of the planned hip.
    pub fn centre_mm(&self) -> Point<Patient> {
        self.centre_mm
    }

    /// The force in the joint over an activity that loads were computed for.
    pub fn force(&self, track: &str) -> Option<&JointForce> {
        self.forces.iter().find(|(name, _)| name == track).map(|(_, force)| force)
    }

    /// The leg with its muscles, where the scan bears one and loads were asked for.
    pub fn leg(&self) -> Option<&MovingLeg> {
        self.leg.as_ref()
    }

    /// How femur, stem and head go in a frame of a track.
    pub fn pose(&self, frame: &MotionFrame) -> HipPose {
        let position = self.frames.position(frame.leg.hip);
        let shift = frame.head_shift_mm.coords().into();
        let shift = nalgebra::Isometry3::from_parts(shift, nalgebra::UnitQuaternion::identity());
        HipPose { motion: position.then(&Transform::from_isometry(shift)) }
    }
}
