//! Paths: positions of a hip one after another, such as the moments of an activity.
//!
//! From each position to the next the femur makes the shortest turn there is, about one axis that stands still in the pelvis. What
//! holds of a turn about a joint axis, certified contact and closed forms alike, so holds of every piece of a path.

use super::motion::FixedAxisTurn;
use coxa_geometry::Angle;
use coxa_geometry::joint::HipAngles;
use nalgebra::{UnitQuaternion, Vector3};

/// Positions joined by turns.
#[derive(Debug, Clone)]
pub struct Path {
    start: HipAngles,
    pieces: Vec<Piece>,
}

/// One turn of a path.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) turn: FixedAxisTurn,
    /// How far it goes, in radians, and where it leads.
    pub(super) range: f64,
    end: HipAngles,
}

/// Why positions make no path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// There is no position.
    #[error("a path needs at least one position")]
    Empty,
    /// An angle of this position is no finite number.
    #[error("an angle of position {0} of the path is not a finite number")]
    NotFinite(usize),
}

/// A place on a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PathPlace {
    /// The turn on which it lies, which leads from the position of this index to the next.
    pub piece: usize,
    /// Fraction of that turn that has been made, from 0 to 1.
    pub fraction: f64,
    /// Turned in all since the start of the path; zero at the start itself.
    pub travelled: Angle,
    /// The position there.
    pub angles: HipAngles,
}

impl Path {
    /// Through these positions in order.
    ///
    /// # Errors
    /// [`PathError`] without a position or with an angle that is not finite.
    pub fn new(positions: &[HipAngles]) -> Result<Path, PathError> {
        let is_finite = |p: &HipAngles| {
            [p.flexion, p.adduction, p.internal_rotation].iter().all(|angle| angle.radians().is_finite())
        };
        if let Some(index) = positions.iter().position(|p| !is_finite(p)) {
            return Err(PathError::NotFinite(index));
        }
        let &start = positions.first().ok_or(PathError::Empty)?;
        let pieces = positions.windows(2).map(|pair| Piece::between(pair[0], pair[1])).collect();
        Ok(Path { start, pieces })
    }

    /// Where it begins.
    pub fn start(&self) -> HipAngles {
        self.start
    }

    /// The whole way, as the sum of its turns.
    pub fn length(&self) -> Angle {
        Angle::from_radians(self.pieces.iter().map(|piece| piece.range).sum())
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The place after some radians of one piece.
    pub(super) fn place(&self, piece: usize, turned: f64) -> PathPlace {
        let before: f64 = self.pieces.iter().take(piece).map(|piece| piece.range).sum();
        let (fraction, angles) = match self.pieces.get(piece) {
            Some(on) if turned < on.range => {
                (turned / on.range, HipAngles::from_rotation(&on.turn.at(turned).to_rotation_matrix()))
            }
            Some(on) => (1.0, on.end),
            None => (0.0, self.start),
        };
        let angles = if piece == 0 && turned == 0.0 { self.start } else { angles };
        PathPlace { piece, fraction, travelled: Angle::from_radians(before + turned), angles }
    }
}

impl Piece {
    fn between(from: HipAngles, to: HipAngles) -> Piece {
        let start = UnitQuaternion::from_rotation_matrix(&from.rotation());
        let there = UnitQuaternion::from_rotation_matrix(&to.rotation());
        let (axis, range) = (there * start.inverse()).axis_angle().unwrap_or((Vector3::x_axis(), 0.0));
        Piece { turn: FixedAxisTurn { axis, start }, range, end: to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_along_a_joint_axis_is_that_motion() {
        let at = |flexion| HipAngles::from_degrees(flexion, 5.0, 10.0);
        let path = Path::new(&[at(0.0), at(30.0), at(100.0)]).unwrap();
        assert!((path.length().degrees() - 100.0).abs() < 1e-9);
        let place = path.place(1, 40f64.to_radians());
        assert!((place.angles.rotation().matrix() - at(70.0).rotation().matrix()).norm() < 1e-12);
        assert!((place.travelled.degrees() - 70.0).abs() < 1e-9 && (place.fraction - 4.0 / 7.0).abs() < 1e-9);
        assert_eq!(path.place(0, 0.0).angles, at(0.0));
        assert_eq!(path.place(1, 9.0).angles, at(100.0));
    }

    #[test]
    fn the_shortest_turn_is_taken() {
        let path = Path::new(&[HipAngles::default(), HipAngles::from_degrees(350.0, 0.0, 0.0)]).unwrap();
        assert!((path.length().degrees() - 10.0).abs() < 1e-9);
    }

    #[test]
    fn standing_still_is_a_path_and_nothing_is_not() {
        let still = Path::new(&[HipAngles::default(); 3]).unwrap();
        assert_eq!(still.length(), Angle::ZERO);
        assert_eq!(Path::new(&[HipAngles::default()]).unwrap().pieces().len(), 0);
        assert_eq!(Path::new(&[]).unwrap_err(), PathError::Empty);
        let nan = HipAngles::from_degrees(f64::NAN, 0.0, 0.0);
        assert_eq!(Path::new(&[HipAngles::default(), nan]).unwrap_err(), PathError::NotFinite(1));
    }
}
