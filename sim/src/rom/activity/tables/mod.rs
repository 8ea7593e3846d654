//! The key frames of the activities and how they become angles of the joint.
//!
//! In the tables a key frame reads `joint(posture, share, flexion, adduction, internal rotation)`, or `thigh(...)`, in degrees.
//! `joint` flexion is counted from upright standing, `thigh` flexion is that of the thigh in the room. `f`, `d` and `v` mark
//! a number as found, derived or to be verified ([`Mark`]). The pelvis has the tilt of the posture unless `tilted` gives
//! another.

mod resting;
mod upright;

use super::{Activity, ActivityFrame, Mark, Marks};
use crate::rom::posture::{Posture, joint_angles};
use Posture::{FlexedSeated, Sitting, Standing};
use coxa_geometry::frame::Femur;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Vector};

/// A number in degrees and where it comes from.
#[derive(Clone, Copy)]
struct Number(f64, Mark);

const fn f(degrees: f64) -> Number {
    Number(degrees, Mark::Found)
}

const fn d(degrees: f64) -> Number {
    Number(degrees, Mark::Derived)
}

const fn v(degrees: f64) -> Number {
    Number(degrees, Mark::Unverified)
}

/// What flexion is counted from.
#[derive(Clone, Copy)]
enum Zero {
    /// The joint in upright standing.
    Standing,
    /// The thigh upright in the room.
    Room,
}

#[derive(Clone, Copy)]
struct Key {
    share: f64,
    posture: Posture,
    zero: Zero,
    flexion: Number,
    adduction: Number,
    internal_rotation: Number,
    /// Posterior from supine; that of the posture where `None`.
    tilt: Option<Number>,
    load: Option<Load>,
}

const fn joint(posture: Posture, share: f64, flexion: Number, adduction: Number, rotation: Number) -> Key {
    let (zero, tilt, load) = (Zero::Standing, None, None);
    Key { share, posture, zero, flexion, adduction, internal_rotation: rotation, tilt, load }
}

const fn thigh(posture: Posture, share: f64, flexion: Number, adduction: Number, rotation: Number) -> Key {
    Key { zero: Zero::Room, ..joint(posture, share, flexion, adduction, rotation) }
}

impl Key {
    const fn tilted(self, tilt: Number) -> Key {
        Key { tilt: Some(tilt), ..self }
    }

    const fn loaded(self, load: Load) -> Key {
        Key { load: Some(load), ..self }
    }
}

pub(super) struct Table {
    pub(super) name: &'static str,
    title: &'static str,
    posture: Posture,
    is_cycle: bool,
    source: &'static str,
    keys: &'static [Key],
}

/// All of them, in the order of the catalogue.
pub(super) fn all() -> impl Iterator<Item = &'static Table> {
    upright::TABLES.iter().chain(resting::TABLES)
}

impl Table {
    pub(super) fn activity(&self) -> Activity {
        Activity {
            name: self.name,
            title: self.title,
            posture: self.posture,
            is_cycle: self.is_cycle,
            source: self.source,
            frames: self.keys.iter().map(Key::frame).collect(),
            marks: self.keys.iter().map(Key::marks).collect(),
            postures: self.keys.iter().map(|key| key.posture).collect(),
        }
    }
}

impl Key {
    fn frame(&self) -> ActivityFrame {
        let pelvic_tilt =
            self.tilt.map_or_else(|| self.posture.pelvic_tilt(), |tilt| Angle::from_degrees(tilt.0));
        let zero = match self.zero {
            Zero::Standing => Standing.pelvic_tilt(),
            Zero::Room => pelvic_tilt,
        };
        let given = HipAngles::from_degrees(self.flexion.0, self.adduction.0, self.internal_rotation.0);
        ActivityFrame {
            share: self.share,
            angles: joint_angles(given, zero),
            pelvic_tilt,
            force: self.load.map(Load::in_femur),
        }
    }

    fn marks(&self) -> Marks {
        Marks {
            flexion: self.flexion.1,
            adduction: self.adduction.1,
            internal_rotation: self.internal_rotation.1,
            pelvic_tilt: match (self.tilt, self.posture) {
                (Some(tilt), _) => tilt.1,
                // How far a pelvis rolls back on a chair is a choice of ours.
                (None, Sitting) => Mark::Unverified,
                (None, FlexedSeated) => Mark::Found,
                (None, _) => Mark::Derived,
            },
        }
    }
}

/// Force of the cup on the head in body weights, in the axes of the in-vivo measurements: x lateral, y anterior, z along the
/// femoral shaft. Means of Bergmann et al. 2016 (PLoS ONE 11:e0155612), from the patients' means as published with Fischer
/// et al. 2021 (J Biomech).
#[derive(Clone, Copy)]
struct Load([f64; 3]);

/// Level walking, over the phase between the two peaks; ten patients.
const WALKING: Load = Load([0.6770, -0.2362, -2.3582]);
/// Standing up, over the peak phase; nine patients.
const STANDING_UP: Load = Load([0.8607, -0.2344, -1.9447]);
/// One-leg stance, over the plateau; ten patients.
const ONE_LEG: Load = Load([0.7362, -0.1497, -2.4879]);

/// Angle between the femoral shaft, to which the measured loads refer, and the mechanical axis of the ISB frame: 5° to 7° in
/// most adults, to be verified.
const SHAFT_TO_MECHANICAL_AXIS_DEG: f64 = 6.0;

impl Load {
    /// In the ISB femur: the shaft leans outwards from the knee, so its axis points up and to the side.
    fn in_femur(self) -> Vector<Femur> {
        let [lateral, anterior, along] = self.0;
        let (sin, cos) = SHAFT_TO_MECHANICAL_AXIS_DEG.to_radians().sin_cos();
        Vector::new(anterior, along * cos - lateral * sin, along * sin + lateral * cos)
    }
}

/// Squatting after arthroplasty: 10.4° posterior at greatest flexion (Komiyama et al. 2018), the supine mean of 4.2° anterior
/// (Pierrepont et al. 2017) added.
const SQUATTING: Number = d(14.6);
/// On crossed legs: spinopelvic tilt 22.6° above standing (Moon et al. 2018), standing added.
const CROSS_LEGGED: Number = d(28.1);
/// Sitting on the heels: spinopelvic tilt 1.5° below standing (Moon et al. 2018), standing added.
const ON_THE_HEELS: Number = d(4.0);

const UPRIGHT: Key = joint(Standing, 0.0, d(0.0), v(0.0), v(0.0));
const SEATED: Key = thigh(Sitting, 0.0, v(90.0), v(0.0), v(0.0));
