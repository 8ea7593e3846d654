//! The camera of the view in space: parallel, so that its scale is the same everywhere.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side, Vector};
use nalgebra::{Rotation3, Unit};
use serde::{Deserialize, Serialize};

/// Directions from which a hip is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standard {
    /// From the front.
    #[default]
    Anterior,
    /// From behind.
    Posterior,
    /// From the side that is planned.
    Lateral,
    /// From the other side.
    Medial,
    /// From the head, front on top.
    Superior,
    /// From the feet, front on top.
    Inferior,
    /// From the front and from the side that is planned, as a surgeon stands.
    Oblique,
    /// Along the opening of the cup, where there is a plan; else as of one that is usual: from below, the front and the side.
    IntoCup,
}

impl Standard {
    /// All, in the order of their keys 1 to 8.
    pub const ALL: [Standard; 8] = [
        Standard::Anterior,
        Standard::Posterior,
        Standard::Lateral,
        Standard::Medial,
        Standard::Superior,
        Standard::Inferior,
        Standard::Oblique,
        Standard::IntoCup,
    ];

    /// What a button says.
    pub const fn title(self) -> &'static str {
        match self {
            Standard::Anterior => "Anterior",
            Standard::Posterior => "Posterior",
            Standard::Lateral => "Lateral",
            Standard::Medial => "Medial",
            Standard::Superior => "Superior",
            Standard::Inferior => "Inferior",
            Standard::Oblique => "Oblique",
            Standard::IntoCup => "Into cup",
        }
    }

    /// Direction of sight and up of the picture, of a right hip.
    fn axes(self) -> ([f64; 3], [f64; 3]) {
        let up = [0.0, 0.0, 1.0];
        match self {
            Standard::Anterior => ([0.0, 1.0, 0.0], up),
            Standard::Posterior => ([0.0, -1.0, 0.0], up),
            Standard::Lateral => ([1.0, 0.0, 0.0], up),
            Standard::Medial => ([-1.0, 0.0, 0.0], up),
            Standard::Superior => ([0.0, 0.0, -1.0], [0.0, -1.0, 0.0]),
            Standard::Inferior => ([0.0, 0.0, 1.0], [0.0, -1.0, 0.0]),
            Standard::Oblique => ([0.6, 0.75, -0.28], up),
            Standard::IntoCup => ([0.68, 0.25, 0.69], up),
        }
    }
}

/// A parallel camera that looks at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// What is in the middle of the picture.
    pub target: Point<Patient>,
    /// Unit vector away from the viewer.
    pub into: Vector<Patient>,
    /// Unit vector up the picture, square to `into`.
    pub up: Vector<Patient>,
    /// Height of what is seen, in millimetres.
    pub height_mm: f64,
}

/// How small and how large a part of the patient may fill the picture.
const HEIGHT_MM: std::ops::RangeInclusive<f64> = 5.0..=3000.0;

impl Camera {
    /// A standard view; lateral, medial, oblique and into the cup as seen of that side.
    pub fn standard(view: Standard, side: Side, target: Point<Patient>, height_mm: f64) -> Self {
        let (into, up) = view.axes();
        // Views are those of a right hip.
        let of_side = |[x, y, z]: [f64; 3]| side.leave(Vector::new(x, y, z));
        let camera = Camera { target, into: of_side(into), up: of_side(up), height_mm: 1.0 };
        camera.squared().zoomed(height_mm)
    }

    /// Unit vector to the right of the picture.
    pub fn right(&self) -> Vector<Patient> {
        self.into.cross(self.up)
    }

    /// In another direction, upright as before; `None` of one that is none.
    pub fn looking(self, into: Vector<Patient>) -> Option<Self> {
        Some(Camera { into: into.normalised()?, ..self }.squared())
    }

    /// Turned about the patient's long axis and about the picture's horizontal, in radians: what is seen follows a hand that moves
    /// right and down.
    #[must_use]
    pub fn orbited(self, right: f64, down: f64) -> Self {
        let about = |axis: Vector<Patient>, by: f64| {
            let rotation = Rotation3::from_axis_angle(&Unit::new_normalize(axis.coords()), by);
            move |v: Vector<Patient>| Vector::from_coords(rotation * v.coords())
        };
        // Upside down the long axis runs the other way on the screen.
        let upright = if self.up.z() < 0.0 { -1.0 } else { 1.0 };
        let turn = about(Vector::new(0.0, 0.0, 1.0), -right * upright);
        let tilt = about(self.right(), -down);
        Camera { into: turn(tilt(self.into)), up: turn(tilt(self.up)), ..self }.squared()
    }

    /// Moved so that what is seen follows a hand by so many millimetres right and down.
    #[must_use]
    pub fn panned(self, right_mm: f64, down_mm: f64) -> Self {
        Camera { target: self.target - self.right() * right_mm + self.up * down_mm, ..self }
    }

    /// With another height of what is seen, within reason.
    #[must_use]
    pub fn zoomed(self, height_mm: f64) -> Self {
        let height_mm = if height_mm.is_finite() { height_mm } else { self.height_mm };
        Camera { height_mm: height_mm.clamp(*HEIGHT_MM.start(), *HEIGHT_MM.end()), ..self }
    }

    /// Where a place is in the picture, in millimetres right and down from its middle, and how far behind it.
    pub fn project(&self, place: Point<Patient>) -> [f64; 3] {
        let d = place - self.target;
        [d.dot(self.right()), -d.dot(self.up), d.dot(self.into)]
    }

    /// Axes made square again, after rounding.
    fn squared(self) -> Self {
        let into = self.into.normalised().unwrap_or(Vector::new(0.0, 1.0, 0.0));
        let right =
            into.cross(self.up).normalised().or_else(|| into.cross(Vector::new(0.0, 0.0, 1.0)).normalised());
        let right = right.unwrap_or(Vector::new(1.0, 0.0, 0.0));
        Camera { into, up: right.cross(into), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::letters;
    use proptest::prelude::*;

    fn marks(view: Standard, side: Side) -> [String; 2] {
        let camera = Camera::standard(view, side, Point::origin(), 100.0);
        [letters(camera.right()), letters(camera.up)]
    }

    #[test]
    fn standard_views_are_those_of_the_field() {
        assert_eq!(marks(Standard::Anterior, Side::Right), ["L", "S"]);
        assert_eq!(marks(Standard::Anterior, Side::Left), ["L", "S"]);
        assert_eq!(marks(Standard::Posterior, Side::Left), ["R", "S"]);
        assert_eq!(marks(Standard::Lateral, Side::Right), ["A", "S"]);
        assert_eq!(marks(Standard::Lateral, Side::Left), ["P", "S"]);
        assert_eq!(marks(Standard::Medial, Side::Right), ["P", "S"]);
        assert_eq!(marks(Standard::Superior, Side::Right), ["R", "A"]);
        assert_eq!(marks(Standard::Inferior, Side::Left), ["L", "A"]);
    }

    #[test]
    fn what_is_seen_follows_the_hand() {
        let camera = Camera::standard(Standard::Anterior, Side::Right, Point::origin(), 100.0);
        // A place in front of the target, and the target itself.
        let near = Point::new(0.0, -10.0, 0.0);
        let turned = camera.orbited(0.2, 0.1).project(near);
        assert!(turned[0] > 1.0 && turned[1] > 0.5, "{turned:?}");
        let moved = camera.panned(7.0, 3.0).project(Point::origin());
        assert!((moved[0] - 7.0).abs() < 1e-9 && (moved[1] - 3.0).abs() < 1e-9, "{moved:?}");
    }

    proptest! {
        #[test]
        fn a_camera_stays_square(turns in prop::collection::vec((-4.0..4.0, -4.0..4.0), 1..40)) {
            let mut camera = Camera::standard(Standard::Oblique, Side::Left, Point::origin(), 50.0);
            for (right, down) in turns {
                camera = camera.orbited(right, down);
            }
            prop_assert!((camera.into.norm() - 1.0).abs() < 1e-9 && (camera.up.norm() - 1.0).abs() < 1e-9);
            prop_assert!(camera.into.dot(camera.up).abs() < 1e-9);
        }
    }
}
