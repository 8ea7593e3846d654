//! The positions in which a design is asked whether it is free: single motions as far as criteria care, and activities.
//!
//! A patient's pelvis is not known exactly, nor is the direction in which the femur's frame looks. Every instant therefore keeps
//! how its flexion answers to the tilt of the pelvis in standing, in sitting and on a flexed seat, and is turned to the pelvis of
//! a single sample when it is asked.

use crate::simulate::examined_motion;
use coxa_activity::posture::{PelvicTilts, Posture};
use coxa_activity::{Activity, ActivityError};
use coxa_geometry::frame::Femur;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Vector};
use coxa_rom::Motion;
use nalgebra::{Rotation3, Vector3};

/// Most that the hip turns from one instant to the next. What is met and left again in between goes unseen; theatre misses its
/// angles by more.
const STEP_DEG: f64 = 4.0;

/// One instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instant {
    /// Of the mean pelvis.
    angles: HipAngles,
    /// How much of the tilt of a standing, sitting and flexed pelvis is in it.
    weights: [f64; 3],
    /// Turn from the start of a motion, or from the last instant of an activity.
    pub(crate) turn_deg: f64,
    /// Of the cup on the head.
    pub(crate) force: Option<Vector<Femur>>,
}

/// How one sample's patient differs from the mean one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stance {
    /// Posterior tilt beyond that of the mean: standing, sitting, flexed seat.
    pub(crate) tilts: [Angle; 3],
    /// Posterior tilt of the true supine plane against the measured one, in every posture.
    pub(crate) supine: Angle,
    /// External rotation of the true femur frame against the measured one.
    pub(crate) femur: Angle,
}

impl Instant {
    /// Femur in pelvis.
    pub(crate) fn rotation(&self, stance: &Stance) -> Rotation3<f64> {
        let tilt = self.weights.iter().zip(stance.tilts).fold(stance.supine, |sum, (w, t)| sum + t * *w);
        let HipAngles { flexion, adduction, internal_rotation } = self.angles;
        HipAngles::new(flexion - tilt, adduction, internal_rotation + stance.femur).rotation()
    }

    /// The force of the cup on the head, in the pelvis. It was measured in the true femur, however its frame was measured here.
    pub(crate) fn force_in_pelvis(&self, stance: &Stance) -> Option<Vector3<f64>> {
        Some(self.in_pelvis(stance, self.force?.coords()))
    }

    /// A direction of the true femur, in the pelvis.
    pub(crate) fn in_pelvis(&self, stance: &Stance, in_femur: Vector3<f64>) -> Vector3<f64> {
        let true_femur = Stance { femur: Angle::ZERO, ..*stance };
        self.rotation(&true_femur) * in_femur
    }

    /// Some part of the way to another instant.
    pub(crate) fn towards(&self, other: &Instant, part: f64) -> Instant {
        let between = |a: Angle, b: Angle| a + (b - a) * part;
        Instant {
            angles: HipAngles::new(
                between(self.angles.flexion, other.angles.flexion),
                between(self.angles.adduction, other.angles.adduction),
                between(self.angles.internal_rotation, other.angles.internal_rotation),
            ),
            ..*self
        }
    }
}

/// What a criterion asks of instants.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) kind: Kind,
    pub(crate) instants: Vec<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// How far a motion goes.
    Motion,
    /// What an activity leaves.
    Activity,
}

/// Why a criterion cannot be asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuestionError {
    /// There is no such motion.
    #[error("there is no motion `{0}`")]
    Motion(String),
    /// There is no such activity.
    #[error(transparent)]
    Activity(#[from] ActivityError),
}

impl Question {
    /// A motion from its start in a posture, followed to the last of some turns; each of them is an instant.
    pub(crate) fn motion(
        name: &str,
        posture: Posture,
        tilts: &PelvicTilts,
        turns_deg: &[f64],
    ) -> Result<Self, QuestionError> {
        let motion: Motion = examined_motion(name, tilts.in_posture(posture))
            .ok_or_else(|| QuestionError::Motion(name.chars().take(60).collect()))?;
        let weights = match posture {
            Posture::Supine => [0.0; 3],
            Posture::Standing => [1.0, 0.0, 0.0],
            Posture::Sitting => [0.0, 1.0, 0.0],
            Posture::FlexedSeated => [0.0, 0.0, 1.0],
        };
        let range = motion.range.degrees();
        let mut stops: Vec<f64> = turns_deg.iter().map(|turn| turn.clamp(0.0, range)).collect();
        stops.sort_by(f64::total_cmp);
        let mut turns = vec![0.0];
        for stop in stops {
            let from = turns[turns.len() - 1];
            let steps = ((stop - from) / STEP_DEG).ceil() as usize;
            turns.extend((1..=steps).map(|i| from + (stop - from) * i as f64 / steps as f64));
        }
        let instant = |turn_deg: f64| {
            let angles = motion.at(Angle::from_degrees(turn_deg));
            Instant { angles, weights, turn_deg, force: None }
        };
        let instants = turns.into_iter().map(instant).collect();
        Ok(Question { kind: Kind::Motion, instants })
    }

    /// An activity with the patient's mean pelvis.
    pub(crate) fn activity(name: &str, tilts: &PelvicTilts) -> Result<Self, QuestionError> {
        let activity = Activity::named(name)?.activity;
        let mean = activity.for_pelvis(tilts);
        let answers = activity.tilt_answers(tilts);
        let frames = mean.sampled(Angle::from_degrees(STEP_DEG));
        let mut last: Option<HipAngles> = None;
        let instants = frames
            .iter()
            .map(|frame| {
                let turn = last.replace(frame.angles).map_or(Angle::ZERO, |last| last.angle_to(frame.angles));
                Instant {
                    angles: frame.angles,
                    weights: answers(frame.fraction),
                    turn_deg: turn.degrees(),
                    force: frame.force,
                }
            })
            .collect();
        Ok(Question { kind: Kind::Activity, instants })
    }
}
