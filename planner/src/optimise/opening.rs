//! Head, neck and liner in the cup's own frame: which directions of the neck are free, and how far a load is from the rim.

use crate::placed::Components;
use crate::simulate::{Bore, SimulateError};
use coxa_geometry::frame::Cup;
use coxa_geometry::{Angle, Transform, Vector};
use coxa_rom::edge_loading::Socket;
use coxa_rom::rim::RimHip;
use coxa_rom::stability::Rim;
use nalgebra::Vector3;
use std::f64::consts::TAU;

/// Azimuths at which a rim with a lip is kept.
const AZIMUTHS: usize = 360;

/// What a bore leaves free about its axis.
pub(crate) struct Opening {
    /// Largest angle between neck and cup axis: one for a round rim, else by azimuth from +X towards +Y.
    half_angles: Vec<f64>,
    socket: Socket<Cup>,
    pub(crate) bearing_mm: f64,
    /// Height of the face over the head centre, away from any lip.
    pub(crate) face_mm: f64,
    /// Polar angle of the bearing's edge from its pole; the least where it is not the same all around.
    pub(crate) edge: f64,
}

impl Opening {
    pub(crate) fn new(components: &Components) -> Result<Self, SimulateError> {
        let Bore { bearing, neck, rim, bearing_rim } = Bore::new(components)?;
        let frame = Transform::<Cup, Cup>::identity();
        let out = Vector::<Cup>::new(0.0, 0.0, 1.0);
        let (half_angles, socket) = match bearing_rim {
            None => (vec![bearing.oscillation_angle()?.radians() / 2.0], Socket::round(out, &bearing)?),
            Some(edge) => {
                let rim = RimHip::new(&rim, &frame, &neck)?;
                let half = |i: usize| {
                    let azimuth = Angle::from_radians(TAU * i as f64 / AZIMUTHS as f64);
                    rim.half_angle_towards(azimuth, &frame).map_or(0.0, |half| half.radians())
                };
                let socket = Socket::with_rim(&edge, &frame, bearing.head_diameter_mm)?;
                ((0..AZIMUTHS).map(half).collect(), socket)
            }
        };
        let (Rim::Bevelled { depth_mm: face_mm, .. } | Rim::Sharp { inset_mm: face_mm }) = bearing.rim;
        let edge = edge(&socket);
        Ok(Opening { half_angles, socket, bearing_mm: bearing.head_diameter_mm, face_mm, edge })
    }

    /// The angle that is left to a neck in this direction of the cup frame, a unit vector; negative beyond the rim. Towards a lip
    /// it is that in the plane of neck and cup axis.
    pub(crate) fn margin(&self, neck: &Vector3<f64>) -> f64 {
        let off_axis = neck.x.hypot(neck.y);
        self.half_angle(neck) - off_axis.atan2(neck.z)
    }

    fn half_angle(&self, neck: &Vector3<f64>) -> f64 {
        let [single] = self.half_angles[..] else {
            let place = neck.y.atan2(neck.x).rem_euclid(TAU) / TAU * AZIMUTHS as f64;
            let (i, part) = (place.floor() as usize, place.fract());
            let at = |i: usize| self.half_angles[i % AZIMUTHS];
            return at(i) * (1.0 - part) + at(i + 1) * part;
        };
        single
    }

    /// The narrowest and the widest angle that is free about the axis.
    pub(crate) fn half_angles(&self) -> (f64, f64) {
        let all = self.half_angles.iter();
        all.fold((f64::INFINITY, 0.0), |(least, most), &half| (half.min(least), half.max(most)))
    }

    /// From where a force of the cup on the head meets the bearing to the rim, as an arc.
    pub(crate) fn load_to_rim_mm(&self, force_on_head: Vector3<f64>) -> Option<f64> {
        self.socket.load_place(Vector::from_coords(force_on_head)).map(|place| place.centre_to_rim_mm)
    }

    /// The same as an angle; `None` for a force without direction.
    pub(crate) fn load_to_rim_deg(&self, force_on_head: Vector3<f64>) -> Option<f64> {
        self.socket.load_place(Vector::from_coords(force_on_head)).map(|place| place.to_rim.degrees())
    }
}

/// The least polar angle of a bearing's edge.
fn edge(socket: &Socket<Cup>) -> f64 {
    let towards = |i: usize| {
        let azimuth = TAU * i as f64 / AZIMUTHS as f64;
        // A load at 45 degrees from the pole, which lies in -Z; the force on the head points the other way.
        let force = Vector::new(azimuth.cos(), azimuth.sin(), 1.0);
        socket.load_place(force).map(|place| (place.from_pole + place.to_rim).radians())
    };
    (0..AZIMUTHS).filter_map(towards).fold(f64::INFINITY, f64::min)
}
