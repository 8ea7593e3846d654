//! Tangent, arc, tangent around a circle about the origin of a plane.

use nalgebra::Vector2;
use std::f64::consts::TAU;

/// Tangent, arc, tangent around a circle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    /// Where the way meets the circle and leaves it.
    pub(super) touches: [Vector2<f64>; 2],
    /// Of the arc.
    pub(super) length: f64,
}

/// The way from `a` to `b`, both outside, counter-clockwise with a `turn` of 1 and clockwise with -1.
pub(super) fn arc(radius: f64, a: &Vector2<f64>, b: &Vector2<f64>, turn: f64) -> Arc {
    // The tangent from outside touches where the radius is this far round from the direction of the point.
    let round = |p: &Vector2<f64>| (radius / p.norm()).acos();
    let angle = |p: &Vector2<f64>| p.y.atan2(p.x);
    let (first, second) = (angle(a) + turn * round(a), angle(b) - turn * round(b));
    let swept = (turn * (second - first)).rem_euclid(TAU);
    // Where both tangents touch at one place, rounding must not send the way all around.
    let swept = if swept > TAU - 1e-9 { 0.0 } else { swept };
    let on_circle = |angle: f64| Vector2::new(angle.cos(), angle.sin()) * radius;
    Arc { touches: [on_circle(first), on_circle(second)], length: radius * swept }
}
