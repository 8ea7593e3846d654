//! The rim of the native acetabulum, as directions from its centre: past it there is no bone that a cup could leave or take away.

use coxa_anatomy::Acetabulum;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Vector};
use std::f64::consts::{PI, TAU};

/// Sectors about the opening axis.
const SECTORS: usize = 36;
/// The wall thins out towards the rim, and what is nearer to it than this is edge, not wall.
const EDGE_MM: f64 = 5.0;

/// How high the edge of the wall stands in each direction about the opening.
#[derive(Debug, Clone)]
pub(crate) struct Rim {
    centre: Point<RightSide>,
    opening: Vector<RightSide>,
    across: [Vector<RightSide>; 2],
    /// Of each sector, the elevation over the plane through the centre normal to the opening, radians.
    elevation: Vec<f64>,
}

impl Rim {
    /// A sector that the rim was not traced in has that of its nearest neighbour; where it was not traced at all, the rim lies in the
    /// plane through the centre.
    pub(crate) fn new(socket: &Acetabulum<RightSide>) -> Self {
        let opening = socket.opening.normalised().unwrap_or(socket.opening);
        let (u, v) = opening.across();
        let mut rim =
            Rim { centre: socket.centre_mm, opening, across: [u, v], elevation: vec![f64::NAN; SECTORS] };
        for point in &socket.rim_mm {
            let Some((sector, elevation)) = rim.place(*point) else { continue };
            // The lowest of a sector: a notch is no wall.
            rim.elevation[sector] = rim.elevation[sector].min(elevation);
        }
        let traced = rim.elevation.clone();
        let nearest = |sector: usize| {
            let at = |step: usize| [(sector + step) % SECTORS, (sector + SECTORS - step) % SECTORS];
            let found = (0..=SECTORS / 2).flat_map(at).map(|k| traced[k]).find(|e| e.is_finite());
            found.unwrap_or(0.0) - EDGE_MM / socket.radius_mm
        };
        rim.elevation = (0..SECTORS).map(nearest).collect();
        rim
    }

    /// Whether a place lies in a direction in which the acetabulum has a wall.
    pub(crate) fn holds(&self, place: Point<RightSide>) -> bool {
        self.place(place).is_some_and(|(sector, elevation)| elevation < self.elevation[sector])
    }

    fn place(&self, point: Point<RightSide>) -> Option<(usize, f64)> {
        let from = (point - self.centre).normalised()?;
        let turn = (from.dot(self.across[1]).atan2(from.dot(self.across[0])) + PI) / TAU;
        Some(((turn * SECTORS as f64) as usize % SECTORS, from.dot(self.opening).clamp(-1.0, 1.0).asin()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(rim_mm: Vec<Point<RightSide>>) -> Acetabulum<RightSide> {
        let opening = Vector::new(0.0, 0.0, 1.0);
        let centre_mm = Point::new(1.0, 2.0, 3.0);
        Acetabulum { centre_mm, radius_mm: 25.0, residual_mm: 0.0, rim_mm, opening, rim_residual_mm: 0.0 }
    }

    fn towards(turn_deg: f64, elevation_deg: f64) -> Point<RightSide> {
        let (turn, up) = (turn_deg.to_radians(), elevation_deg.to_radians());
        let along = Vector::new(up.cos() * turn.cos(), up.cos() * turn.sin(), up.sin());
        Point::new(1.0, 2.0, 3.0) + along * 25.0
    }

    #[test]
    fn the_wall_ends_before_a_rim_that_is_lower_on_one_side() {
        let height = |turn: f64| if (0.0..90.0).contains(&turn) { -25.0 } else { -5.0 };
        let turns = (0..72).map(|k| f64::from(k) * 5.0 + 0.5);
        let rim = Rim::new(&socket(turns.map(|turn| towards(turn, height(turn))).collect()));
        // 5 mm of a radius of 25 mm are 11.5 degrees.
        assert!(!rim.holds(towards(45.0, -30.0)) && rim.holds(towards(45.0, -40.0)));
        assert!(!rim.holds(towards(200.0, -10.0)) && rim.holds(towards(200.0, -20.0)));
    }

    #[test]
    fn a_rim_that_was_not_traced_is_the_plane_through_the_centre() {
        let rim = Rim::new(&socket(Vec::new()));
        assert!(!rim.holds(towards(10.0, -5.0)) && rim.holds(towards(10.0, -20.0)));
    }
}
