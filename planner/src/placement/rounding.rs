//! Numbers as plans hold them.

use coxa_geometry::frame::Frame;
use coxa_geometry::{Point, Vector};

/// The nearest multiple of a fraction; zero has no sign, so that no plan says -0.0.
pub(crate) fn to_step(x: f64, steps_per_unit: f64) -> f64 {
    (x * steps_per_unit).round() / steps_per_unit + 0.0
}

/// Plans hold hundredths of a millimetre: less than anyone can carry out, and short enough to edit.
pub(crate) fn rounded<F: Frame>(p: Point<F>) -> Point<F> {
    let round = |x: f64| to_step(x, 100.0);
    Point::new(round(p.x()), round(p.y()), round(p.z()))
}

/// Directions to a millionth, 0.0001 degree.
pub(crate) fn rounded_direction<F: Frame>(v: Vector<F>) -> Vector<F> {
    let round = |x: f64| to_step(x, 1e6);
    Vector::new(round(v.x()), round(v.y()), round(v.z()))
}
