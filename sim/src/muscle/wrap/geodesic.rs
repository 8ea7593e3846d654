//! Geodesics of smooth surfaces, straight beyond both touching points.
//!
//! A geodesic is shot from the first touching point: `x'' = -(v' H v / |g|^2) g` with gradient `g` and Hessian `H` of the function whose
//! zero the surface is (Runge and Kutta, fourth order). The touching point (two numbers) and the length on the surface are found by
//! Newton's method so that the first tangent comes from one end and the last one goes to the other, as Scholz et al. 2015 (Multibody Syst
//! Dyn 36:195) close the errors of a path. The way found is stationary: the change of its length with its ends is that of the straight
//! parts alone, and moment arms are exact.

use super::Detour;
use nalgebra::{Matrix3, Vector3};

/// Steps on the surface; the error is of their fourth power.
const STEPS: usize = 48;
/// Rounds of Newton's method, and halvings of one of its steps.
const ROUNDS: usize = 25;
const HALVINGS: usize = 10;
/// What is left of the errors, and the step for their differences, each over the size of the problem.
const CLOSED: f64 = 1e-12;
const DIFFERENCE: f64 = 1e-6;

/// A surface: where a function is zero that grows outwards.
pub(super) trait Surface {
    fn gradient(&self, at: &Vector3<f64>) -> Vector3<f64>;
    /// Second derivative of the function along a velocity.
    fn bend(&self, at: &Vector3<f64>, velocity: &Vector3<f64>) -> f64;
    /// A point of the surface near another one.
    fn onto(&self, at: &Vector3<f64>) -> Vector3<f64>;
}

/// Errors of a way that touches first at a place and stays on the surface so long, and where it leaves.
struct Shot {
    errors: Vector3<f64>,
    last: Vector3<f64>,
    /// Whether both straight parts run as the surface does.
    goes_on: bool,
}

/// The way over a surface near a guess of its first touching point and its length; `None` where none is found.
pub(super) fn settle(
    surface: &impl Surface,
    ends: [&Vector3<f64>; 2],
    guess: (Vector3<f64>, f64),
) -> Option<Detour> {
    let size = (ends[1] - ends[0]).norm();
    let (mut first, mut length) = (surface.onto(&guess.0), guess.1);
    let mut shot = shoot(surface, ends, &first, length);
    for _ in 0..ROUNDS {
        let error = shot.errors.norm();
        if error < CLOSED * size {
            break;
        }
        let normal = surface.gradient(&first).normalize();
        let side = normal.cross(&Vector3::ith(normal.iamin(), 1.0)).normalize();
        let other = normal.cross(&side);
        let step = DIFFERENCE * size;
        let moved = [
            shoot(surface, ends, &surface.onto(&(first + side * step)), length),
            shoot(surface, ends, &surface.onto(&(first + other * step)), length),
            shoot(surface, ends, &first, length + step),
        ];
        let slope = Matrix3::from_columns(&moved.map(|moved| (moved.errors - shot.errors) / step));
        let way = -(slope.try_inverse()? * shot.errors);
        // By less than the guess is long, and to no way that turns back: its neighbours have the same equations.
        let mut share = (0.5 * guess.1 / way.norm()).min(1.0);
        let better = (0..HALVINGS).find_map(|_| {
            let place = surface.onto(&(first + (side * way.x + other * way.y) * share));
            let longer = length + way.z * share;
            let next = shoot(surface, ends, &place, longer);
            share *= 0.5;
            let is_better = next.errors.norm() < error && next.goes_on && longer > 0.0;
            is_better.then_some((place, longer, next))
        });
        let Some(better) = better else { break };
        (first, length, shot) = better;
    }
    // Rounding may leave a little more than what Newton's method is asked for.
    let is_way = shot.errors.norm() < 1e3 * CLOSED * size && shot.goes_on && length > 0.0;
    is_way.then(|| Detour { touches: [first.into(), shot.last.into()], on_surface: length })
}

fn shoot(surface: &impl Surface, ends: [&Vector3<f64>; 2], first: &Vector3<f64>, length: f64) -> Shot {
    let normal = surface.gradient(first).normalize();
    let come = first - ends[0];
    let height = come.dot(&normal);
    let heading = (come - normal * height).normalize();
    let (mut at, mut velocity) = (*first, heading);
    let h = length / STEPS as f64;
    let pull = |at: &Vector3<f64>, velocity: &Vector3<f64>| {
        let gradient = surface.gradient(at);
        gradient * (-surface.bend(at, velocity) / gradient.norm_squared())
    };
    for _ in 0..STEPS {
        let k1 = pull(&at, &velocity);
        let v2 = velocity + k1 * (h / 2.0);
        let k2 = pull(&(at + velocity * (h / 2.0)), &v2);
        let v3 = velocity + k2 * (h / 2.0);
        let k3 = pull(&(at + v2 * (h / 2.0)), &v3);
        let v4 = velocity + k3 * h;
        let k4 = pull(&(at + v3 * h), &v4);
        at += (velocity + v2 * 2.0 + v3 * 2.0 + v4) * (h / 6.0);
        velocity += (k1 + k2 * 2.0 + k3 * 2.0 + k4) * (h / 6.0);
    }
    let normal = surface.gradient(&at).normalize();
    let leave = ends[1] - at;
    let across = velocity.cross(&normal);
    Shot {
        errors: Vector3::new(height, leave.dot(&normal), leave.dot(&across)),
        last: at,
        goes_on: come.dot(&heading) > 0.0 && leave.dot(&velocity) > 0.0,
    }
}
