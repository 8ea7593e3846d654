//! Where joint forces meet the planned liner.

use super::results::LinerPlace;
use crate::placed::Components;
use crate::simulate::{Bore, SimulateError};
use coxa_geometry::frame::Cup;
use coxa_geometry::{Transform, Vector};
use coxa_rom::conforming::ConformingBearing;
use coxa_rom::edge_loading::Socket;
use coxa_rom::stability::BearingError;
use std::f64::consts::TAU;

/// Azimuths at which a rim is given.
const RIM_STEPS: usize = 72;

/// A liner under loads, in the cup's frame.
pub(crate) struct LoadedLiner {
    socket: Socket<Cup>,
    bearing: ConformingBearing,
}

impl LoadedLiner {
    /// That of a plan's components.
    ///
    /// # Errors
    /// Components that do not go together.
    pub(crate) fn new(components: &Components) -> Result<Self, SimulateError> {
        let Bore { bearing, bearing_rim, .. } = Bore::new(components)?;
        let out = Vector::<Cup>::new(0.0, 0.0, 1.0);
        let socket = match bearing_rim {
            None => Socket::round(out, &bearing)?,
            Some(edge) => Socket::with_rim(&edge, &Transform::identity(), bearing.head_diameter_mm)?,
        };
        let Components { cup, cup_size_mm, liner, head, .. } = components;
        let layer_mm = cup.polyethylene_mm(*cup_size_mm, liner, head.diameter_mm);
        let bearing = ConformingBearing::polyethylene(bearing.head_diameter_mm / 2.0, layer_mm);
        Ok(LoadedLiner { socket, bearing })
    }

    /// Polar angle of the rim from the pole in degrees, from superior towards anterior.
    pub(crate) fn rim_deg(&self) -> Vec<f64> {
        let towards = |i: usize| {
            let azimuth = TAU * i as f64 / RIM_STEPS as f64;
            // A force whose place lies half way between pole and equator, on this azimuth: Y is superior, X anterior.
            let force = Vector::new(-azimuth.sin(), -azimuth.cos(), 1.0);
            self.socket.load_place(force).map(|p| (p.from_pole + p.to_rim).degrees())
        };
        (0..RIM_STEPS).filter_map(towards).collect()
    }

    /// Where a force of the cup on the head meets the liner; `None` for a force without direction.
    pub(crate) fn place(&self, on_head: Vector<Cup>) -> Option<LinerPlace> {
        let place = self.socket.load_place(on_head)?;
        Some(LinerPlace {
            from_pole_deg: place.from_pole.degrees(),
            azimuth_deg: (-on_head.x()).atan2(-on_head.y()).to_degrees().rem_euclid(360.0),
            to_rim_deg: place.to_rim.degrees(),
            centre_to_rim_mm: place.centre_to_rim_mm,
        })
    }

    /// Whether the patch of contact of a force in N runs over the rim; where no force presses there is no patch.
    ///
    /// # Errors
    /// A bearing or a force whose patch cannot be computed.
    pub(crate) fn is_edge_loaded(&self, on_head_n: Vector<Cup>) -> Result<bool, BearingError> {
        let Some(place) = self.socket.load_place(on_head_n) else { return Ok(false) };
        let patch = self.bearing.patch_radius_mm(on_head_n.norm())?;
        Ok(place.edge_to_rim_mm(patch) < 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;

    #[test]
    fn a_force_into_the_pole_is_far_from_the_rim_and_one_along_the_face_runs_over_it() {
        let planned = Case::right().plan(PlanOptions::default());
        let liner = LoadedLiner::new(&planned.components).unwrap();
        let rim = liner.rim_deg();
        assert!(rim.len() == RIM_STEPS && rim.iter().all(|deg| (60.0..120.0).contains(deg)), "{rim:?}");
        // The force of the cup on the head points out of the cup.
        let pole = liner.place(Vector::new(0.0, 0.0, 2000.0)).unwrap();
        assert!(pole.from_pole_deg < 1e-9 && (pole.to_rim_deg - rim[0]).abs() < 1e-6);
        assert_eq!(liner.is_edge_loaded(Vector::new(0.0, 0.0, 2000.0)), Ok(false));
        let (sin, cos) = 85.0f64.to_radians().sin_cos();
        // The head pushes up and forwards: the cup pushes it down and backwards.
        let force = Vector::new(-1000.0 * sin, -1000.0 * sin, 1000.0 * std::f64::consts::SQRT_2 * cos);
        let place = liner.place(force).unwrap();
        assert!((place.from_pole_deg - 85.0).abs() < 1e-9 && (place.azimuth_deg - 45.0).abs() < 1e-9);
        assert_eq!(liner.is_edge_loaded(force), Ok(true));
        let none = Vector::new(0.0, 0.0, 0.0);
        assert!(liner.place(none).is_none() && liner.is_edge_loaded(none) == Ok(false));
        // A layer that is none has no patch, which is not the same as one that stays off the rim.
        let bearing = ConformingBearing { thickness_mm: 0.0, ..liner.bearing };
        assert!(LoadedLiner { bearing, ..liner }.is_edge_loaded(force).is_err());
    }
}
