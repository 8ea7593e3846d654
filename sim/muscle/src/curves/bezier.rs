//! A curve of C-shaped corners, each a quintic Bezier curve, with lines at both ends: what Millard's curves are made of.
//!
//! Each corner leaves one point along one slope and comes to the next along another. Its control points lie on these two lines, each twice:
//! the first two derivatives of the whole are then continuous where corners meet (Millard et al. 2013, appendix).

use super::error::{CurveError, ValueAndSlope};

/// Rounds of Halley's method for the parameter of a place, and the step with which they end: what it leaves is about its cube.
const ROUNDS: usize = 60;
const SETTLED: f64 = 1e-7;
/// Slopes that differ by less are one line.
const STRAIGHT: f64 = 1e-8;

/// A point of the curve with the slope in which it is passed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Knot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) slope: f64,
}

/// The curve.
#[derive(Debug, Clone)]
pub(super) struct Bezier {
    ends: [Knot; 2],
    corners: Vec<[[f64; 6]; 2]>,
}

impl Bezier {
    /// Through knots, from left to right. A curviness of 0 is nearly two straight lines, of 1 the roundest curve; one for each corner.
    pub(super) fn new(what: &'static str, knots: &[Knot], curviness: &[f64]) -> Result<Bezier, CurveError> {
        let no_corner = |value: f64| CurveError::Number {
            what,
            value,
            must: "a slope with which the curve bends once between neighbouring points",
        };
        let (Some(first), Some(last)) = (knots.first(), knots.last()) else {
            return Err(no_corner(f64::NAN));
        };
        let mut corners = Vec::with_capacity(curviness.len());
        for (pair, curviness) in knots.windows(2).zip(curviness) {
            if !(0.0..=1.0).contains(curviness) {
                return Err(CurveError::Number { what, value: *curviness, must: "a curviness from 0 to 1" });
            }
            corners.push(corner(pair[0], pair[1], 0.1 + 0.8 * curviness).ok_or(no_corner(pair[1].slope))?);
        }
        Ok(Bezier { ends: [*first, *last], corners })
    }

    /// Value and slope.
    pub(super) fn at(&self, x: f64) -> ValueAndSlope {
        let [first, last] = self.ends;
        for (end, is_beyond) in [(first, x <= first.x), (last, x >= last.x)] {
            if is_beyond {
                return [end.y + end.slope * (x - end.x), end.slope];
            }
        }
        let Some([xs, ys]) = self.corners.iter().find(|[xs, _]| x <= xs[5]) else {
            // Not a number.
            return [x, x];
        };
        let u = parameter(xs, x);
        let ([_, dx, _], [y, dy, _]) = (bernstein(xs, u), bernstein(ys, u));
        [y, dy / dx]
    }
}

/// Control points of a corner; none where it would be no C.
fn corner(from: Knot, to: Knot, curviness: f64) -> Option<[[f64; 6]; 2]> {
    let turn = from.slope - to.slope;
    let x = if turn.abs() > STRAIGHT {
        (to.y - from.y - to.x * to.slope + from.x * from.slope) / turn
    } else {
        0.5 * (from.x + to.x)
    };
    let y = to.y + (x - to.x) * to.slope;
    // Where the two lines meet lies between the two points.
    if !(from.x < x && x < to.x && y.is_finite()) {
        return None;
    }
    let points = |from: f64, to: f64, meet: f64| {
        let (near, far) = (from + curviness * (meet - from), to + curviness * (meet - to));
        [from, near, near, far, far, to]
    };
    Some([points(from.x, to.x, x), points(from.y, to.y, y)])
}

/// Value and first two derivatives of a quintic Bezier polynomial by de Casteljau's rule, which loses nothing near the ends.
fn bernstein(points: &[f64; 6], u: f64) -> [f64; 3] {
    let mut p = *points;
    for left in (3..6).rev() {
        for n in 0..left {
            p[n] += u * (p[n + 1] - p[n]);
        }
    }
    let bend = 20.0 * (p[2] - 2.0 * p[1] + p[0]);
    for n in 0..2 {
        p[n] += u * (p[n + 1] - p[n]);
    }
    let rise = p[1] - p[0];
    [p[0] + u * rise, 5.0 * rise, bend]
}

/// The parameter at which a corner is at a place: Halley's method, halving where it would leave what is known to hold it.
fn parameter(xs: &[f64; 6], x: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    let mut u = (x - xs[0]) / (xs[5] - xs[0]);
    for _ in 0..ROUNDS {
        let [value, rate, bend] = bernstein(xs, u);
        if value > x {
            high = u;
        } else {
            low = u;
        }
        let off = value - x;
        let next = u - 2.0 * off * rate / (2.0 * rate * rate - off * bend);
        let is_within = next >= low && next <= high;
        if is_within && (next - u).abs() <= SETTLED {
            return next;
        }
        u = if is_within { next } else { 0.5 * (low + high) };
    }
    u
}
