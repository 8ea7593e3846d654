//! Geodesics of smooth surfaces, straight beyond both touching points.
//!
//! A geodesic is shot from the first touching point: `x'' = -(v' H v / |g|^2) g` with gradient `g` and Hessian `H` of the function whose
//! zero the surface is (Runge and Kutta, sixth order). The touching point (two numbers) and the length on the surface are found by
//! Newton's method so that the first tangent comes from one end and the last one goes to the other, as Scholz et al. 2015 (Multibody Syst
//! Dyn 36:195) close the errors of a path. As there, how the errors change comes with the geodesic itself: its neighbours part from it as
//! `j'' + K j = 0` with the Gaussian curvature `K` (Jacobi). The way found is stationary: the change of its length with its ends is that of
//! the straight parts alone, and moment arms are exact.

use super::detour::Detour;
use nalgebra::{Matrix3, Vector3};

/// Steps on the surface while the way is sought. When it is found the sharpest bend times the length says how many are needed: so much in
/// radians for each; the error is of its sixth power.
const SEEKING: usize = 6;
const STEP: f64 = 0.07;
const LEAST: f64 = 4.0;
const MOST: f64 = 256.0;
/// Steps and halvings where Newton's method finds nothing.
const SOUGHT: usize = 24;
const BISECTIONS: usize = 20;
/// How often the bend is looked at again.
const REFINEMENTS: usize = 3;
/// Rounds of Newton's method, and halvings of one of its steps.
const ROUNDS: usize = 40;
const HALVINGS: usize = 10;
/// What is left of the errors, over the size of the problem: when to go on with more steps, and at the end.
const NEAR: f64 = 1e-5;
const CLOSED: f64 = 1e-12;

/// A surface: where a function is zero that grows outwards.
pub(super) trait Surface {
    /// Of the function.
    fn gradient(&self, at: &Vector3<f64>) -> Vector3<f64>;
    /// Change of the gradient along a velocity.
    fn turn(&self, at: &Vector3<f64>, velocity: &Vector3<f64>) -> Vector3<f64>;
    /// Gaussian curvature.
    fn curvature(&self, at: &Vector3<f64>) -> f64;
    /// A point of the surface near another one.
    fn onto(&self, at: &Vector3<f64>) -> Vector3<f64>;
}

/// Errors of a way that touches first at a place and stays on the surface so long, and where it leaves.
struct Shot {
    errors: Vector3<f64>,
    /// Change of the errors: with the first touching point along `heading` and across it, and with the length.
    slope: Matrix3<f64>,
    heading: Vector3<f64>,
    across: Vector3<f64>,
    last: Vector3<f64>,
    /// Greatest curvature along the way.
    sharpest: f64,
    /// Whether both straight parts run as the surface does.
    goes_on: bool,
}

/// The way over a surface near a guess of its first touching point and its length; `None` where none is found.
pub(super) fn settle(
    surface: &impl Surface,
    ends: [&Vector3<f64>; 2],
    guess: (Vector3<f64>, f64),
) -> Option<Detour> {
    settle_in(surface, ends, guess, SEEKING)
}

/// With so many steps at first.
fn settle_in(
    surface: &impl Surface,
    ends: [&Vector3<f64>; 2],
    guess: (Vector3<f64>, f64),
    seeking: usize,
) -> Option<Detour> {
    let size = (ends[1] - ends[0]).norm();
    let newton = Newton { surface, ends, reach: 0.5 * guess.1 };
    let start = (surface.onto(&guess.0), guess.1);
    let (mut way, mut shot) = newton.close(start, seeking, NEAR * size)?;
    let mut steps = 0;
    for _ in 0..REFINEMENTS {
        let needed = (shot.sharpest * way.1 / STEP).ceil().clamp(LEAST, MOST) as usize;
        if needed <= steps {
            break;
        }
        steps = needed;
        (way, shot) = newton.close(way, steps, CLOSED * size)?;
    }
    // Rounding may leave a little more than what Newton's method is asked for.
    let is_way = shot.errors.norm() < 1e3 * CLOSED * size && shot.goes_on && way.1 > 0.0;
    is_way.then(|| Detour { touches: [way.0.into(), shot.last.into()], on_surface: way.1 })
}

/// The way whose first touching point and length `start` gives near, for a number between two: where a geodesic passes the last end on one
/// side and on the other, halving finds the one that meets it. Slower than [`settle`], and where neighbouring ways are almost as long it
/// still finds one.
pub(super) fn settle_between(
    surface: &impl Surface,
    ends: [&Vector3<f64>; 2],
    start: impl Fn(f64) -> (Vector3<f64>, f64),
    between: [f64; 2],
) -> Option<Detour> {
    let shot = |at: f64| {
        let (first, mut length) = start(at);
        // A way that grazes may come out a little shorter than nothing.
        length = length.max(0.0);
        let first = surface.onto(&first);
        let mut shot = shoot(surface, ends, &first, length, SOUGHT);
        // To where the end comes into sight, or nearly does: the way may miss the end's horizon.
        for _ in 0..ROUNDS {
            let mut longer = -shot.errors.y / shot.slope.m23;
            longer = longer.clamp(-0.5 * length, 0.5 * length);
            let better = (0..HALVINGS).find_map(|_| {
                let next = shoot(surface, ends, &first, length + longer, SOUGHT);
                longer *= 0.5;
                (next.errors.y.abs() < shot.errors.y.abs()).then_some((length + 2.0 * longer, next))
            });
            let Some(better) = better else { break };
            (length, shot) = better;
            if longer.abs() < NEAR * length {
                break;
            }
        }
        (shot.errors.z, (first, length))
    };
    let [mut low, mut high] = between;
    let side = shot(low).0 > 0.0;
    if (shot(high).0 > 0.0) == side {
        return None;
    }
    for _ in 0..BISECTIONS {
        let middle = (low + high) / 2.0;
        if (shot(middle).0 > 0.0) == side { low = middle } else { high = middle }
    }
    settle_in(surface, ends, shot((low + high) / 2.0).1, SOUGHT)
}

/// Newton's method.
struct Newton<'a, S> {
    surface: &'a S,
    ends: [&'a Vector3<f64>; 2],
    /// It goes no farther than this in one round: not to a way that turns back, which has the same equations.
    reach: f64,
}

impl<S: Surface> Newton<'_, S> {
    /// Closes the errors of a way, as far as it can.
    fn close(
        &self,
        start: (Vector3<f64>, f64),
        steps: usize,
        closed: f64,
    ) -> Option<((Vector3<f64>, f64), Shot)> {
        let (mut first, mut length) = start;
        let mut shot = shoot(self.surface, self.ends, &first, length, steps);
        for _ in 0..ROUNDS {
            let error = shot.errors.norm();
            if error < closed {
                break;
            }
            let way = -(shot.slope.try_inverse()? * shot.errors);
            let mut share = (self.reach / way.norm()).min(1.0);
            let better = (0..HALVINGS).find_map(|_| {
                let by = (shot.heading * way.x + shot.across * way.y) * share;
                let (place, longer) = (self.surface.onto(&(first + by)), length + way.z * share);
                let next = shoot(self.surface, self.ends, &place, longer, steps);
                share *= 0.5;
                let is_better = next.errors.norm() < error && next.goes_on && longer > 0.0;
                is_better.then_some((place, longer, next))
            });
            let Some(better) = better else { break };
            (first, length, shot) = better;
        }
        Some(((first, length), shot))
    }
}

/// A geodesic and its neighbours: one that starts beside it and one that starts at an angle to it.
#[derive(Clone, Copy)]
struct State {
    at: Vector3<f64>,
    velocity: Vector3<f64>,
    beside: [f64; 2],
    angled: [f64; 2],
}

impl State {
    fn rate(&self, surface: &impl Surface) -> State {
        let gradient = surface.gradient(&self.at);
        let bend = surface.turn(&self.at, &self.velocity).dot(&self.velocity);
        let k = surface.curvature(&self.at);
        State {
            at: self.velocity,
            velocity: gradient * (-bend / gradient.norm_squared()),
            beside: [self.beside[1], -k * self.beside[0]],
            angled: [self.angled[1], -k * self.angled[0]],
        }
    }

    fn plus(&self, rates: &[(f64, &State)]) -> State {
        let mut sum = *self;
        for (by, rate) in rates {
            sum.at += rate.at * *by;
            sum.velocity += rate.velocity * *by;
            for n in 0..2 {
                sum.beside[n] += rate.beside[n] * by;
                sum.angled[n] += rate.angled[n] * by;
            }
        }
        sum
    }

    /// A step of Butcher's method of sixth order with seven stages (1964, J Austral Math Soc 4:179).
    fn step(&self, k1: &State, h: f64, surface: &impl Surface) -> State {
        let k2 = self.plus(&[(h / 3.0, k1)]).rate(surface);
        let k3 = self.plus(&[(h * 2.0 / 3.0, &k2)]).rate(surface);
        let k4 = self.plus(&[(h / 12.0, k1), (h / 3.0, &k2), (-h / 12.0, &k3)]).rate(surface);
        let k5 = self.plus(&[(-h / 16.0, k1), (h * 1.125, &k2), (-h * 0.1875, &k3), (-h * 0.375, &k4)]);
        let k5 = k5.rate(surface);
        let k6 = self.plus(&[(h * 1.125, &k2), (-h * 0.375, &k3), (-h * 0.75, &k4), (h * 0.5, &k5)]);
        let k6 = k6.rate(surface);
        let k7 = self.plus(&[
            (h * 9.0 / 44.0, k1),
            (-h * 9.0 / 11.0, &k2),
            (h * 63.0 / 44.0, &k3),
            (h * 18.0 / 11.0, &k4),
            (-h * 16.0 / 11.0, &k6),
        ]);
        let k7 = k7.rate(surface);
        self.plus(&[
            (h * 11.0 / 120.0, k1),
            (h * 0.675, &k3),
            (h * 0.675, &k4),
            (-h * 4.0 / 15.0, &k5),
            (-h * 4.0 / 15.0, &k6),
            (h * 11.0 / 120.0, &k7),
        ])
    }
}

fn shoot(
    surface: &impl Surface,
    ends: [&Vector3<f64>; 2],
    first: &Vector3<f64>,
    length: f64,
    steps: usize,
) -> Shot {
    let gradient = surface.gradient(first);
    let (normal, size) = (gradient.normalize(), gradient.norm());
    let come = first - ends[0];
    let height = come.dot(&normal);
    let along = come - normal * height;
    let far = along.norm();
    let heading = along / far;
    let across = normal.cross(&heading);
    let mut now = State { at: *first, velocity: heading, beside: [1.0, 0.0], angled: [0.0, 1.0] };
    let h = length / steps as f64;
    let mut sharpest: f64 = 0.0;
    for _ in 0..steps {
        let rate = now.rate(surface);
        sharpest = sharpest.max(rate.velocity.norm());
        now = now.step(&rate, h, surface);
    }
    let (last, velocity) = (now.at, now.velocity);
    let end_gradient = surface.gradient(&last);
    let (end_normal, end_size) = (end_gradient.normalize(), end_gradient.norm());
    let leave = ends[1] - last;
    let beyond = leave.dot(&velocity);
    let end_across = end_normal.cross(&velocity);
    let end_height = leave.dot(&end_normal);
    let errors = Vector3::new(height, end_height, leave.dot(&end_across));
    // How a normal turns where its foot moves.
    let tilt = |at: &Vector3<f64>, normal: &Vector3<f64>, size: f64, by: &Vector3<f64>| {
        let turn = surface.turn(at, by);
        (turn - normal * normal.dot(&turn)) / size
    };
    let end_along = tilt(&last, &end_normal, end_size, &velocity);
    let end_beside = tilt(&last, &end_normal, end_size, &end_across);
    // Of a way that ends so far along and to the side, and turned so far.
    let change = |height: f64, along: f64, beside: f64, turned: f64| {
        let tilt = end_along * along + end_beside * beside;
        Vector3::new(height, leave.dot(&tilt), -beside - turned * beyond - end_across.dot(&tilt) * end_height)
    };
    let first_change = |by: &Vector3<f64>, to_side: f64| {
        let tilt = tilt(first, &normal, size, by);
        let angle = (to_side - height * across.dot(&tilt)) / far;
        let [beside, turned] = [0, 1].map(|n| to_side * now.beside[n] + angle * now.angled[n]);
        change(come.dot(&tilt), 1.0 - to_side, beside, turned)
    };
    let slope = Matrix3::from_columns(&[
        first_change(&heading, 0.0),
        first_change(&across, 1.0),
        change(0.0, 1.0, 0.0, 0.0),
    ]);
    Shot { errors, slope, heading, across, last, sharpest, goes_on: come.dot(&heading) > 0.0 && beyond > 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::ellipsoid::Ellipsoid;
    use super::super::torus::Torus;
    use super::*;
    use proptest::prelude::*;

    /// How the errors change with the way is what their differences say.
    fn check(surface: &impl Surface, ends: [Vector3<f64>; 2], first: Vector3<f64>, length: f64) {
        let ends = ends.each_ref();
        let shoot =
            |first: &Vector3<f64>, length: f64| shoot(surface, ends, &surface.onto(first), length, 128);
        let first = surface.onto(&first);
        let shot = shoot(&first, length);
        let step = 1e-7;
        let difference = |by: [Vector3<f64>; 2], longer: f64| {
            let [ahead, behind] = [0, 1].map(|n| shoot(&(first + by[n]), length + [longer, -longer][n]));
            (ahead.errors - behind.errors) / (2.0 * step)
        };
        let aside = |by: Vector3<f64>| difference([by * step, by * -step], 0.0);
        let rest = [Vector3::zeros(); 2];
        let slope = Matrix3::from_columns(&[aside(shot.heading), aside(shot.across), difference(rest, step)]);
        let size = slope.norm();
        assert!((slope - shot.slope).norm() < 1e-5 * size, "{slope} {}", shot.slope);
    }

    proptest! {
        #[test]
        fn slopes_of_errors_are_their_differences(
            radii in [0.02..0.05, 0.02..0.05, 0.02..0.05],
            ends in [[-0.1..-0.06, -0.03..0.03, -0.03..0.03], [0.06..0.1, -0.03..0.03, -0.03..0.03]],
            first in [-0.03..0.03, -0.03..0.03, 0.01..0.03],
            length in 0.005..0.04,
        ) {
            let ends = ends.map(Vector3::from);
            let inverse = Vector3::from(radii).map(|r: f64| 1.0 / (r * r));
            check(&Ellipsoid { inverse }, ends, first.into(), length);
            check(&Torus { ring: 0.05, tube: radii[0] * 0.5 }, ends, first.into(), length);
        }
    }
}
