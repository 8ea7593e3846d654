//! An activity as hip angles with pelvic tilt and, where it has been measured, joint force.
//!
//! **Convention.** [`ActivityFrame::angles`] are those of the femur against the pelvis bone, zero in the supine functional
//! frame, as everywhere in this library. Sources give something else, and are converted:
//! - a joint angle of motion analysis, counted from upright standing: the tilt from supine to standing is taken off;
//! - a thigh in the laboratory: the tilt of the pelvis at that time is taken off ([`crate::posture`]);
//! - a joint angle against the plane of both anterior and the middle of the posterior superior iliac spines, as leg motions have it: that
//!   plane is tilted by [`UPRIGHT_PLANE_TILT_DEG`] in upright standing.
//!
//! **Between the key positions** every angle follows a monotone cubic, so none goes beyond its key values; a leg motion is smooth.
//!
//! **Another pelvis.** [`Activity::for_pelvis`] leaves the thigh where it is in the laboratory and tilts the pelvis as the patient's
//! does: a stiff spine that stays upright in sitting pays for it with hip flexion.

use crate::curve::MonotoneTrack;
use crate::joint_force::JointForce;
use crate::leg_motion::{Channel, LegMotion};
use crate::mark::Evidence;
use crate::posture::{PelvicTilts, Posture, joint_angles, laboratory_angles};
use coxa_geometry::frame::{Femur, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Vector};

/// Posterior tilt of the plane of both anterior and the middle of the posterior superior iliac spines in upright standing, that of the
/// catalogue's own stance and knee bend; adults stand with 8 to 13 degrees of anterior tilt (to be verified).
pub(crate) const UPRIGHT_PLANE_TILT_DEG: f64 = -10.0;

/// One frame of an activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActivityFrame {
    /// Fraction of the activity that has passed, from 0 to 1.
    pub fraction: f64,
    /// Of the femur against the pelvis bone, zero in the supine functional frame.
    pub angles: HipAngles,
    /// Posterior tilt of the pelvis from its supine position.
    pub pelvic_tilt: Angle,
    /// Force of the cup on the head in the femur's frame, in body weights; `None` where no direction has been measured.
    pub force: Option<Vector<Femur>>,
}

impl ActivityFrame {
    /// The angles that the thigh shows in the laboratory.
    pub fn thigh_in_laboratory(&self) -> HipAngles {
        laboratory_angles(self.angles, self.pelvic_tilt)
    }

    /// The force of the cup on the head in the supine functional frame of the pelvis, in body weights.
    pub fn force_in_pelvis(&self) -> Option<Vector<Gravity>> {
        self.force.map(|force| Vector::from_coords(self.angles.rotation() * force.coords()))
    }
}

/// An activity of daily life.
#[derive(Debug, Clone)]
pub struct Activity {
    /// Stable snake_case name.
    pub name: String,
    /// What a person calls it.
    pub title: String,
    /// Names of it in earlier versions, snake_case.
    pub former_names: Vec<String>,
    /// The posture that it belongs to.
    pub posture: Posture,
    /// Whether it begins again where it ends; its last key frame is then the first once more.
    pub is_cycle: bool,
    /// Sources, and what each of them gave.
    pub source: String,
    /// How many of its hip angles and pelvic tilts come from where.
    pub evidence: Evidence,
    /// The key frames, from fraction 0 to 1.
    pub frames: Vec<ActivityFrame>,
    /// Fractions with the posture there, whose tilt another pelvis changes: of each key frame, or of a leg motion those between which
    /// the posture changes.
    pub(crate) postures: Vec<(f64, Posture)>,
    pub(crate) joint_force: Option<JointForce>,
    pub(crate) leg: Option<LegMotion>,
    /// The pelvis that does it.
    pub(crate) tilts: PelvicTilts,
}

impl Activity {
    /// What the whole leg and the ground do; `None` where only the hip's key positions are known, so that loads cannot be computed.
    pub fn leg(&self) -> Option<&LegMotion> {
        self.leg.as_ref()
    }

    /// Whether loads can be computed, too.
    pub fn has_leg(&self) -> bool {
        self.leg.is_some()
    }

    /// The same activity with another pelvis: the thigh goes where it goes in the laboratory, and the tilt differs from the catalogue's by as
    /// much as the pelvis in the posture of the time does.
    #[must_use]
    pub fn for_pelvis(&self, tilts: &PelvicTilts) -> Activity {
        let mut changed = self.clone();
        if self.has_leg() {
            changed.tilts = *tilts;
            changed.frames = self.frames.iter().map(|frame| changed.at(frame.fraction)).collect();
            return changed;
        }
        for (frame, &(_, posture)) in changed.frames.iter_mut().zip(&self.postures) {
            let thigh = frame.thigh_in_laboratory();
            frame.pelvic_tilt = frame.pelvic_tilt + tilts.in_posture(posture) - posture.pelvic_tilt();
            frame.angles = joint_angles(thigh, frame.pelvic_tilt);
        }
        changed
    }

    /// The frame at a fraction of the activity; before 0 and after 1 the first and the last.
    pub fn at(&self, fraction: f64) -> ActivityFrame {
        let fraction = fraction.clamp(0.0, 1.0);
        let (angles, pelvic_tilt) = match &self.leg {
            Some(leg) => leg_angles(leg, fraction, self.tilted_deg(fraction)),
            None => self.between_keys(fraction),
        };
        let force = self.joint_force.and_then(|force| force.at(fraction));
        ActivityFrame { fraction, angles, pelvic_tilt, force }
    }

    fn between_keys(&self, fraction: f64) -> (HipAngles, Angle) {
        let track = |value: fn(&ActivityFrame) -> Angle| {
            let keys = self.frames.iter().map(|frame| (frame.fraction, value(frame).radians())).collect();
            Angle::from_radians(MonotoneTrack::new(keys, self.is_cycle).at(fraction))
        };
        let angles = HipAngles::new(
            track(|frame| frame.angles.flexion),
            track(|frame| frame.angles.adduction),
            track(|frame| frame.angles.internal_rotation),
        );
        (angles, track(|frame| frame.pelvic_tilt))
    }

    /// By how much the pelvis of a leg motion is tilted back beyond the catalogue's, degrees.
    fn tilted_deg(&self, fraction: f64) -> f64 {
        let change = |posture: Posture| (self.tilts.in_posture(posture) - posture.pelvic_tilt()).degrees();
        blend(&self.postures, fraction).into_iter().map(|(posture, weight)| weight * change(posture)).sum()
    }

    /// The frame in the middle of the part in which the joint force has been measured, where there is one.
    pub fn loaded_frame(&self) -> Option<ActivityFrame> {
        let [from, to] = self.joint_force?.span;
        Some(self.at(f64::midpoint(from, to)))
    }

    /// How the pelvic tilt at a fraction of the activity answers to the tilt of the pelvis in standing, in sitting and on a flexed
    /// seat, each from 0 to 1, for a patient whose tilts lie near `tilts`. Hip flexion answers by as much the other way. Exact at
    /// the key frames, and between them wherever the curve does not bend with its key values; where it does, as on the way up from
    /// a chair, it is the mean answer to a change of five degrees either way, about as much as patients differ.
    pub fn tilt_answers(&self, tilts: &PelvicTilts) -> impl Fn(f64) -> [f64; 3] + use<> {
        const CHANGE_DEG: f64 = 5.0;
        let postures = self.has_leg().then(|| self.postures.clone());
        let track = |tilts: PelvicTilts| {
            let frames = self.for_pelvis(&tilts).frames;
            let keys = frames.iter().map(|frame| (frame.fraction, frame.pelvic_tilt.degrees())).collect();
            MonotoneTrack::new(keys, self.is_cycle)
        };
        let changed = [-1.0, 1.0].map(|way| {
            let change = Angle::from_degrees(way * CHANGE_DEG);
            [
                track(PelvicTilts { standing: tilts.standing + change, ..*tilts }),
                track(PelvicTilts { sitting: tilts.sitting + change, ..*tilts }),
                track(PelvicTilts { flexed_seated: tilts.flexed_seated + change, ..*tilts }),
            ]
        });
        move |fraction| {
            if let Some(postures) = &postures {
                return weights(postures, fraction);
            }
            let [less, more] = &changed;
            std::array::from_fn(|posture| {
                let answer = more[posture].at(fraction) - less[posture].at(fraction);
                (answer / (2.0 * CHANGE_DEG)).clamp(0.0, 1.0)
            })
        }
    }

    /// The activity in frames so close that two neighbours are no more than `step` of rotation apart, the key frames among
    /// them. A step below a hundredth of a degree is taken as that.
    pub fn sampled(&self, step: Angle) -> Vec<ActivityFrame> {
        let step = step.radians().max(Angle::from_degrees(0.01).radians());
        let mut frames = Vec::new();
        for pair in self.frames.windows(2) {
            let (from, to) = (pair[0].fraction, pair[1].fraction);
            let piece = |parts: usize| -> Vec<ActivityFrame> {
                (0..parts).map(|i| self.at(from + (to - from) * i as f64 / parts as f64)).collect()
            };
            let mut parts = 1;
            loop {
                let found = piece(parts);
                let next = found.iter().skip(1).chain(std::iter::once(&pair[1]));
                let widest = found
                    .iter()
                    .zip(next)
                    .map(|(a, b)| a.angles.angle_to(b.angles).radians())
                    .fold(0.0, f64::max);
                if widest <= step {
                    frames.extend(found);
                    break;
                }
                parts = ((parts as f64 * widest / step).ceil() as usize).max(parts + 1);
            }
        }
        frames.extend(self.frames.last());
        frames
    }
}

/// The two postures between which a fraction lies and how much of each is in it: a cubic that is at rest in both.
fn blend(postures: &[(f64, Posture)], fraction: f64) -> [(Posture, f64); 2] {
    let next = postures.partition_point(|&(from, _)| from <= fraction);
    let last = || postures.last().map_or(Posture::Supine, |&(_, posture)| posture);
    match (next.checked_sub(1).and_then(|n| postures.get(n)), postures.get(next)) {
        (Some(&(from, before)), Some(&(to, after))) => {
            let t = (fraction - from) / (to - from);
            let weight = t * t * (3.0 - 2.0 * t);
            [(before, 1.0 - weight), (after, weight)]
        }
        _ => [(last(), 1.0), (last(), 0.0)],
    }
}

/// How much of standing, sitting and a flexed seat is in a fraction.
fn weights(postures: &[(f64, Posture)], fraction: f64) -> [f64; 3] {
    let mut weights = [0.0; 3];
    for (posture, weight) in blend(postures, fraction) {
        match posture {
            Posture::Supine => {}
            Posture::Standing => weights[0] += weight,
            Posture::Sitting => weights[1] += weight,
            Posture::FlexedSeated => weights[2] += weight,
        }
    }
    weights
}

/// Angles of the hip against the supine functional frame and pelvic tilt from supine, with a pelvis that is tilted back by some more
/// degrees under the same thigh.
fn leg_angles(leg: &LegMotion, fraction: f64, tilted_deg: f64) -> (HipAngles, Angle) {
    let frame = leg.at(100.0 * fraction);
    let of = |channel: Channel| Angle::from_radians(frame.joint(channel).value);
    let zero = Posture::Standing.pelvic_tilt() + Angle::from_degrees(tilted_deg - UPRIGHT_PLANE_TILT_DEG);
    let angles =
        HipAngles::new(of(Channel::HipFlexion) - zero, of(Channel::HipAdduction), of(Channel::HipRotation));
    (angles, of(Channel::PelvisTilt) + zero)
}

#[cfg(test)]
mod tests;
