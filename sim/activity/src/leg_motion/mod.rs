//! What bones and ground do over an activity that loads are computed for.
//!
//! A [`LegMotion`] holds means of published groups of people with the spread between people: angles of pelvis, hip, knee and ankle, the push
//! of the ground on this foot in body weights, and the line along which the ground pushes. [`LegMotion::at`] gives them at a phase,
//! [`LegMotion::varied`] makes the motion of another person. `data/README.md` says where each number is from.
//!
//! **Conventions.** A right leg; X anterior, Y up, Z to the right. The pelvis in the laboratory is a rotation by tilt about Z
//! (backwards positive), then list about X (right side down positive), then rotation about Y (right side forward positive); its
//! zero is the plane of both anterior and the middle of the posterior superior iliac spines lying level, as motion analysis has it. The
//! hip turns by flexion, adduction and internal rotation, the knee by flexion, the ankle by dorsiflexion.
//!
//! **The line of the ground's push** is given by where it crosses the level of the middle between the hips, in fractions of leg
//! length from there, not by a point under the foot: the moment at the hip then stays the measured one whatever a leg's
//! proportions, and a hip that a plan moves towards the middle comes nearer to the line, as the weight of the body demands.
//! Points under the foot of averaged people miss the averaged hip by centimetres.

mod channel;
mod file;
#[cfg(test)]
mod tests;
mod vary;

use crate::curve::{CubicTrack, MonotoneTrack};
use crate::mark::Mark;

use channel::FORCE_TRACKS;
pub use channel::{CHANNELS, Channel};
pub(crate) use file::LegText;
pub use vary::DEVIATES;

/// Leg length, hip centre to floor, for which durations are given, m.
pub const REFERENCE_LEG_M: f64 = 0.9;

/// A value with its first two derivatives by time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct JointState {
    /// rad or fraction of leg length.
    pub value: f64,
    /// Per second.
    pub rate: f64,
    /// Per second squared.
    pub acceleration: f64,
}

/// Leg and ground at one phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LegFrame {
    /// In the order of [`Channel::ALL`].
    pub joints: [JointState; CHANNELS],
    /// Force of the ground on this foot in body weights: anterior, up, to the right.
    pub ground_bw: [f64; 3],
    /// Where its line crosses the level of the middle between the hips, from there: anterior and to the right, fractions of leg length.
    pub line_fraction: [f64; 2],
    /// Whether a seat bears weight too, of which nothing is known: loads of the hip then mean nothing.
    pub is_seated: bool,
}

impl LegFrame {
    /// One of its joints.
    pub fn joint(&self, channel: Channel) -> JointState {
        self.joints[channel as usize]
    }
}

/// The course of one number: key phases in percent, means and spreads there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Keys {
    pub(crate) phase: Vec<f64>,
    mean: Vec<f64>,
    /// One standard deviation between people.
    spread: Vec<f64>,
    pub(crate) mark: Mark,
    source: String,
}

/// Motion of a leg with the push of the ground.
#[derive(Debug, Clone)]
pub struct LegMotion {
    /// Whether it begins again where it ends.
    pub is_cycle: bool,
    /// Whether the foot stays flat on the ground: the ankle then follows from the other joints.
    pub is_planted: bool,
    /// How long it takes on a leg of [`REFERENCE_LEG_M`], s.
    pub duration_s: f64,
    /// One standard deviation of it between people, s.
    pub duration_spread_s: f64,
    /// When the foot leaves the ground, percent.
    pub foot_off_percent: Option<f64>,
    /// From when until when a seat bears weight too, percent.
    pub seat_percent: Option<[f64; 2]>,
    /// How far the body goes forward in one course, leg lengths.
    pub advance_leg_lengths: f64,
    /// How far it goes up, leg lengths.
    pub rise_leg_lengths: f64,
    /// In the order of [`Channel::ALL`]; `None` of a channel that is not given and does not change, or follows from others.
    joints: [Option<Keys>; CHANNELS],
    /// In the order of [`FORCE_TRACKS`].
    forces: [Keys; 5],
    curves: Curves,
}

/// Curves through the keys.
#[derive(Debug, Clone)]
struct Curves {
    joints: [Option<CubicTrack>; CHANNELS],
    forces: [MonotoneTrack; 5],
}

impl LegMotion {
    /// The leg at a phase in percent; a cycle begins again after 100, anything else is still before 0 and after 100.
    ///
    /// Rates are those on a leg of [`REFERENCE_LEG_M`]; who moves a model by it scales time to the person.
    pub fn at(&self, phase_percent: f64) -> LegFrame {
        let wrapped = if self.is_cycle { phase_percent.rem_euclid(100.0) } else { phase_percent };
        let mut joints = [JointState::default(); CHANNELS];
        for (joint, curve) in joints.iter_mut().zip(&self.curves.joints) {
            let Some(curve) = curve else { continue };
            let [value, rate, acceleration] = curve.at(wrapped);
            let per_second = 100.0 / self.duration_s;
            *joint = JointState {
                value,
                rate: rate * per_second,
                acceleration: acceleration * per_second * per_second,
            };
        }
        if self.is_planted {
            joints[Channel::AnkleDorsiflexion as usize] = flat_foot(&joints);
        }
        let mut forces = [0.0; 5];
        for (force, curve) in forces.iter_mut().zip(&self.curves.forces) {
            *force = curve.at(wrapped);
        }
        let [anterior, vertical, lateral, line @ ..] = forces;
        LegFrame {
            joints,
            ground_bw: [anterior, vertical.max(0.0), lateral],
            line_fraction: line,
            // Who sits at the end goes on sitting.
            is_seated: self
                .seat_percent
                .is_some_and(|[from, to]| from <= wrapped && (wrapped < to || to >= 100.0)),
        }
    }

    /// Where the numbers of each track come from: its name, mark and source, in the order of the tracks.
    pub fn sources(&self) -> impl Iterator<Item = (&'static str, Mark, &str)> {
        self.tracks().map(|(name, keys)| (name, keys.mark, keys.source.as_str()))
    }

    /// The tracks by name, joints before forces.
    fn tracks(&self) -> impl Iterator<Item = (&'static str, &Keys)> {
        let names = Channel::ALL.iter().map(|channel| channel.track());
        let joints = names.zip(&self.joints).filter_map(|(name, keys)| Some((name, keys.as_ref()?)));
        joints.chain(FORCE_TRACKS.into_iter().zip(&self.forces))
    }

    /// The keys of a joint; `None` of a channel that is not given.
    pub(crate) fn keys(&self, channel: Channel) -> Option<&Keys> {
        self.joints[channel as usize].as_ref()
    }

    /// Spread between people of a joint at a phase, rad or fraction of leg length; zero where it has no track.
    pub fn joint_spread(&self, channel: Channel, phase_percent: f64) -> f64 {
        self.keys(channel).map_or(0.0, |keys| keys.spread_at(phase_percent, self.is_cycle))
    }

    /// Spread between people of the ground's push at a phase, body weights: anterior, up, to the right.
    pub fn ground_spread_bw(&self, phase_percent: f64) -> [f64; 3] {
        std::array::from_fn(|n| self.forces[n].spread_at(phase_percent, self.is_cycle))
    }

    fn assembled(mut self) -> LegMotion {
        let joints = std::array::from_fn(|n| {
            self.joints[n].as_ref().map(|keys| CubicTrack::new(&keys.phase, &keys.mean, self.is_cycle))
        });
        let forces = std::array::from_fn(|n| self.forces[n].monotone(&self.forces[n].mean, self.is_cycle));
        self.curves = Curves { joints, forces };
        self
    }
}

/// The ankle that keeps the sole level in the sagittal plane: the shank leans forward by as much as the foot does not.
fn flat_foot(joints: &[JointState; CHANNELS]) -> JointState {
    let of = |channel: Channel| joints[channel as usize];
    let (tilt, hip, knee) = (of(Channel::PelvisTilt), of(Channel::HipFlexion), of(Channel::KneeFlexion));
    JointState {
        value: knee.value - hip.value - tilt.value,
        rate: knee.rate - hip.rate - tilt.rate,
        acceleration: knee.acceleration - hip.acceleration - tilt.acceleration,
    }
}

impl Keys {
    fn monotone(&self, values: &[f64], is_cycle: bool) -> MonotoneTrack {
        let mut keys: Vec<(f64, f64)> = self.phase.iter().copied().zip(values.iter().copied()).collect();
        if let (true, Some(&(_, first))) = (is_cycle, keys.first()) {
            keys.push((100.0, first));
        }
        MonotoneTrack::new(keys, is_cycle)
    }

    fn spread_at(&self, phase_percent: f64, is_cycle: bool) -> f64 {
        let wrapped = if is_cycle { phase_percent.rem_euclid(100.0) } else { phase_percent };
        self.monotone(&self.spread, is_cycle).at(wrapped)
    }
}
