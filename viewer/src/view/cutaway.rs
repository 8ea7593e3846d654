//! What is cut away in space, along a plane through the crosshair.

use super::Plane;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Vector};
use serde::{Deserialize, Serialize};

/// The side of the crosshair that is cut away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cutaway {
    /// What is in front.
    Anterior,
    /// What is behind.
    Posterior,
    /// What is on the patient's right.
    Right,
    /// What is on the patient's left.
    Left,
    /// What is above.
    Superior,
    /// What is below.
    Inferior,
}

impl Cutaway {
    /// All, in the order in which they are listed.
    pub const ALL: [Cutaway; 6] = [
        Cutaway::Anterior,
        Cutaway::Posterior,
        Cutaway::Right,
        Cutaway::Left,
        Cutaway::Superior,
        Cutaway::Inferior,
    ];

    /// What a list and the view call it.
    pub const fn title(self) -> &'static str {
        match self {
            Cutaway::Anterior => "anterior part cut away",
            Cutaway::Posterior => "posterior part cut away",
            Cutaway::Right => "right part cut away",
            Cutaway::Left => "left part cut away",
            Cutaway::Superior => "superior part cut away",
            Cutaway::Inferior => "inferior part cut away",
        }
    }

    /// Unit vector from the plane into what is cut away.
    pub fn removed(self) -> Vector<Patient> {
        let [x, y, z] = match self {
            Cutaway::Anterior => [0.0, -1.0, 0.0],
            Cutaway::Posterior => [0.0, 1.0, 0.0],
            Cutaway::Right => [-1.0, 0.0, 0.0],
            Cutaway::Left => [1.0, 0.0, 0.0],
            Cutaway::Superior => [0.0, 0.0, 1.0],
            Cutaway::Inferior => [0.0, 0.0, -1.0],
        };
        Vector::new(x, y, z)
    }

    /// The plane that it is cut along.
    pub const fn plane(self) -> Plane {
        match self {
            Cutaway::Anterior | Cutaway::Posterior => Plane::Coronal,
            Cutaway::Right | Cutaway::Left => Plane::Sagittal,
            Cutaway::Superior | Cutaway::Inferior => Plane::Axial,
        }
    }

    /// Whether a place is cut away along a plane through another one.
    pub fn removes(self, through: Point<Patient>, place: Point<Patient>) -> bool {
        (place - through).dot(self.removed()) > 0.0
    }

    /// The part of a line of sight that is left, from where to where along it: what lies through `place` and beyond is gone.
    pub fn left_of_ray(
        self,
        place: Point<Patient>,
        eye: Point<Patient>,
        into: Vector<Patient>,
    ) -> Option<[f64; 2]> {
        let (above, climb) = ((eye - place).dot(self.removed()), into.dot(self.removed()));
        let crossing = -above / climb;
        match () {
            () if climb.abs() < 1e-9 => (above <= 0.0).then_some([0.0, f64::INFINITY]),
            () if climb < 0.0 => Some([crossing.max(0.0), f64::INFINITY]),
            () => (crossing > 0.0).then_some([0.0, crossing]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::letters;

    #[test]
    fn what_is_cut_away_lies_where_its_name_says() {
        for cutaway in Cutaway::ALL {
            let letter = letters(cutaway.removed());
            assert_eq!(cutaway.title().chars().next().unwrap().to_ascii_uppercase().to_string(), letter);
            let normal = cutaway.plane().view(Point::origin(), 1.0, 1.0, 1.0).into_picture();
            assert!((normal.dot(cutaway.removed()).abs() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_ray_keeps_its_part_on_the_side_that_is_left() {
        let front = Point::new(3.0, -90.0, 4.0);
        assert!(Cutaway::Anterior.removes(Point::origin(), front));
        assert!(!Cutaway::Posterior.removes(Point::origin(), front));
        let (place, ahead) = (Point::new(0.0, 10.0, 0.0), Vector::new(0.0, 1.0, 0.0));
        let from = |y: f64| Point::new(3.0, y, 4.0);
        let cut = |cutaway: Cutaway, y: f64, into| cutaway.left_of_ray(place, from(y), into);
        assert_eq!(cut(Cutaway::Anterior, -90.0, ahead), Some([100.0, f64::INFINITY]));
        assert_eq!(cut(Cutaway::Anterior, 30.0, ahead), Some([0.0, f64::INFINITY]));
        assert_eq!(cut(Cutaway::Posterior, -90.0, ahead), Some([0.0, 100.0]));
        assert_eq!(cut(Cutaway::Posterior, 30.0, ahead), None);
        // Along the plane.
        let along = Vector::new(1.0, 0.0, 0.0);
        assert_eq!(cut(Cutaway::Anterior, 9.0, along), None);
        assert_eq!(cut(Cutaway::Anterior, 11.0, along), Some([0.0, f64::INFINITY]));
    }
}
