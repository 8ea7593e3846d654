//! A leg motion on a model of a leg: its coordinates over time, and the push of the ground.
//!
//! **Where the pelvis is.** While the foot is planted it stays where it is, and everything else moves over it. Otherwise the middle
//! between the hips goes forward (and on stairs up or down) at a mean speed, and about that as the mass centre of the body must under the
//! pushes of both feet. What is left out is how the hips move against the mass centre: in the walk of OpenSim's subject01 that is
//! 0.9, 1.0 and 0.5 m/s² forward, up and sideways (root mean square, 0.6 to 4 Hz). A leg weighs 16 % of the body and its mass centre hangs
//! 0.35 m below the hip: 2.4 % of body weight in the force of the hip and 0.06 N m/kg in its moments. In stance the line of the ground's
//! push was fitted under the same motion and takes the moments up.
//!
//! **Scale.** Time goes with the square root of leg length, as in pendulums and in people of different stature who walk alike (Hof 1996,
//! Gait Posture 4:222); lengths go with leg length, forces with body weight.

use super::super::kinematics::{Posture, Skeleton};
pub use super::error::DriveError;
use super::person::{Names, Person};
use coxa_activity::{Channel, CubicTrack, LegFrame, LegMotion, REFERENCE_LEG_M};
use coxa_geometry::STANDARD_GRAVITY;
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

/// Below this many body weights the ground does not bear.
const LEAST_FORCE_BW: f64 = 0.01;

/// The push of the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroundPush {
    /// In ground, N.
    pub force_n: Vector3<f64>,
    /// A point of its line at the height of the foot's origin, in ground, m.
    pub point_m: Point3<f64>,
}

/// Coordinates and forces in one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct DrivenFrame {
    /// Since the start, s.
    pub time_s: f64,
    /// Values of the coordinates in the skeleton's order, rad and m.
    pub q: Vec<f64>,
    /// First derivatives by time.
    pub rate: Vec<f64>,
    /// Second derivatives by time.
    pub acceleration: Vec<f64>,
    /// On the foot; `None` where it does not touch the ground.
    pub ground: Option<GroundPush>,
    /// Whether a seat bears weight too, of which nothing is known.
    pub is_seated: bool,
}

/// A leg motion on a model.
#[derive(Debug, Clone)]
pub struct Drive {
    motion: LegMotion,
    duration_s: f64,
    weight_n: f64,
    leg_length_m: f64,
    foot: usize,
    pelvis: usize,
    mid_hip: Point3<f64>,
    skeleton: Skeleton,
    coordinates: Vec<CubicTrack>,
    /// How far each coordinate has gone at the end of a course beyond what comes back.
    drift: Vec<f64>,
}

impl Drive {
    /// Of a leg motion, on a model, by a person.
    ///
    /// # Errors
    /// Where the model lacks what the activity moves, or the person's numbers cannot be.
    pub fn new(
        motion: &LegMotion,
        skeleton: &Skeleton,
        names: &Names,
        person: &Person,
    ) -> Result<Drive, DriveError> {
        let &Person { body_mass_kg, leg_length_m, mid_hip_m, level_tilt_rad } = person;
        if !(1.0..=500.0).contains(&body_mass_kg) || !(0.1..=2.0).contains(&leg_length_m) {
            return Err(DriveError::Person { body_mass_kg, leg_length_m });
        }
        let body = |name: &String| skeleton.body(name).ok_or_else(|| DriveError::Body(name.clone()));
        let (pelvis, foot, shank) = (body(&names.pelvis)?, body(&names.foot)?, body(&names.shank)?);
        let mut place = [0; 11];
        for (place, name) in place.iter_mut().zip(&names.coordinates) {
            *place = skeleton.coordinate(name).ok_or_else(|| DriveError::Coordinate(name.clone()))?;
        }
        let rig =
            Rig { skeleton, place, pelvis, foot, knee: bends(skeleton, place[9], shank), mid_hip: mid_hip_m };
        // Key phases of shipped activities are whole percents, so that these samples lose nothing.
        let nodes: Vec<f64> = (0..=100).map(f64::from).collect();
        let nodes = if motion.is_cycle { &nodes[..100] } else { &nodes[..] };
        let mut posture = Posture::default();
        let placed: Vec<Vec<f64>> = nodes
            .iter()
            .map(|phase| {
                rig.pose(&motion.at(*phase), motion.is_planted, level_tilt_rad, leg_length_m, &mut posture)
            })
            .collect();
        let count = skeleton.coordinates().len();
        let coordinates = (0..count)
            .map(|n| {
                let values: Vec<f64> = placed.iter().map(|q| q[n]).collect();
                CubicTrack::new(nodes, &values, motion.is_cycle)
            })
            .collect();
        let mut drift = vec![0.0; count];
        drift[place[3]] = motion.advance_leg_lengths * leg_length_m;
        drift[place[4]] = motion.rise_leg_lengths * leg_length_m;
        Ok(Drive {
            motion: motion.clone(),
            duration_s: motion.duration_s * (leg_length_m / REFERENCE_LEG_M).sqrt(),
            weight_n: body_mass_kg * STANDARD_GRAVITY,
            leg_length_m,
            foot,
            pelvis,
            mid_hip: mid_hip_m,
            skeleton: skeleton.clone(),
            coordinates,
            drift,
        })
    }

    /// How long the course takes, s.
    pub fn duration_s(&self) -> f64 {
        self.duration_s
    }

    /// The weight of the body, N.
    pub fn weight_n(&self) -> f64 {
        self.weight_n
    }

    /// The frame at a phase in percent.
    pub fn at(&self, phase_percent: f64) -> DrivenFrame {
        let phase = if self.motion.is_cycle {
            phase_percent.rem_euclid(100.0)
        } else {
            phase_percent.clamp(0.0, 100.0)
        };
        let per_second = 100.0 / self.duration_s;
        let count = self.coordinates.len();
        let (mut q, mut rate, mut acceleration) = (vec![0.0; count], vec![0.0; count], vec![0.0; count]);
        for (n, curve) in self.coordinates.iter().enumerate() {
            let [value, first, second] = curve.at(phase);
            q[n] = value + self.drift[n] * phase_percent / 100.0;
            rate[n] = (first + self.drift[n] / 100.0) * per_second;
            acceleration[n] = second * per_second * per_second;
        }
        let leg = self.motion.at(phase);
        let ground = self.ground(&leg, &q);
        DrivenFrame {
            time_s: phase_percent / per_second,
            q,
            rate,
            acceleration,
            ground,
            is_seated: leg.is_seated,
        }
    }

    fn ground(&self, leg: &LegFrame, q: &[f64]) -> Option<GroundPush> {
        let force_n = Vector3::from(leg.ground_bw) * self.weight_n;
        if leg.ground_bw[1] < LEAST_FORCE_BW {
            return None;
        }
        let mut posture = Posture::default();
        self.skeleton.place(q, &mut posture);
        let [anterior, lateral] = leg.line_fraction.map(|fraction| fraction * self.leg_length_m);
        let crossing =
            posture.frames[self.pelvis].point(&self.mid_hip) + Vector3::new(anterior, 0.0, lateral);
        let down = (posture.frames[self.foot].origin.y - crossing.y) / force_n.y;
        Some(GroundPush { force_n, point_m: crossing + force_n * down })
    }
}

/// Which way the knee's coordinate bends: 1 where it rises with flexion, else -1.
fn bends(skeleton: &Skeleton, knee: usize, shank: usize) -> f64 {
    let turn = |by: f64| {
        let mut q = skeleton.defaults().to_vec();
        q[knee] += by;
        skeleton.couple(&mut q);
        let mut posture = Posture::default();
        skeleton.place(&q, &mut posture);
        posture.frames[shank].turn
    };
    // The axis of a flexing knee points to the left.
    let by = turn(-0.05).transpose() * turn(0.05);
    if by[(1, 0)] - by[(0, 1)] > 0.0 { -1.0 } else { 1.0 }
}

struct Rig<'a> {
    skeleton: &'a Skeleton,
    place: [usize; 11],
    pelvis: usize,
    foot: usize,
    knee: f64,
    mid_hip: Point3<f64>,
}

impl Rig<'_> {
    /// Values of all coordinates in one frame, without what goes on from course to course.
    fn pose(
        &self,
        leg: &LegFrame,
        is_planted: bool,
        level_tilt: f64,
        leg_length: f64,
        posture: &mut Posture,
    ) -> Vec<f64> {
        let of = |channel: Channel| leg.joint(channel).value;
        let (z, x, y) = (Vector3::z_axis(), Vector3::x_axis(), Vector3::y_axis());
        let plane = Rotation3::from_axis_angle(&z, of(Channel::PelvisTilt))
            * Rotation3::from_axis_angle(&x, of(Channel::PelvisList))
            * Rotation3::from_axis_angle(&y, of(Channel::PelvisRotation));
        let [tilt, list, rotation] = angles((plane * Rotation3::from_axis_angle(&z, level_tilt)).matrix());
        let mut q = self.skeleton.defaults().to_vec();
        let values = [
            tilt,
            list,
            rotation,
            0.0,
            0.0,
            0.0,
            // The same thigh, seen from a pelvis that is turned.
            of(Channel::HipFlexion) - level_tilt,
            of(Channel::HipAdduction),
            of(Channel::HipRotation),
            self.knee * of(Channel::KneeFlexion),
            of(Channel::AnkleDorsiflexion),
        ];
        for (place, value) in self.place.into_iter().zip(values) {
            q[place] = value;
        }
        self.skeleton.couple(&mut q);
        self.skeleton.place(&q, posture);
        let [stays, goes] = if is_planted {
            [posture.frames[self.foot].origin, Vector3::zeros()]
        } else {
            let up = 1.0 + of(Channel::MidHipUp);
            let goes = Vector3::new(of(Channel::MidHipForward), up, of(Channel::MidHipLateral)) * leg_length;
            [posture.frames[self.pelvis].point(&self.mid_hip).coords, goes]
        };
        let moved = goes - stays;
        for (n, along) in [moved.x, moved.y, moved.z].into_iter().enumerate() {
            q[self.place[3 + n]] += along;
        }
        self.skeleton.couple(&mut q);
        q
    }
}

/// Rotations about z, then the x and the y that move along.
fn angles(turn: &Matrix3<f64>) -> [f64; 3] {
    let list = turn[(2, 1)].clamp(-1.0, 1.0).asin();
    [(-turn[(0, 1)]).atan2(turn[(1, 1)]), list, (-turn[(2, 0)]).atan2(turn[(2, 2)])]
}
