//! Masses and inertia of scaled bodies.

use crate::model::Body;
use nalgebra::{Matrix3, Vector3};

/// Factors that differ by less are one.
const SAME: f64 = 1e-12;

/// Scales a body along its axes; its mass follows its volume where `with_mass`.
pub(super) fn scale(body: &mut Body, factors: &Vector3<f64>, with_mass: bool) {
    body.mass_centre.coords.component_mul_assign(factors);
    let volume = factors.product();
    let old_mass = body.mass;
    if with_mass {
        body.mass *= volume;
    }
    if body.mass <= f64::EPSILON {
        body.inertia = Matrix3::zeros();
        return;
    }
    let mass_ratio = body.mass / old_mass;
    let is_even = (factors.max() - factors.min()).abs() <= SAME * factors.max();
    body.inertia = match is_even {
        true => body.inertia * (mass_ratio * factors.x * factors.x),
        false => of_cylinder(&body.inertia, old_mass, body.mass, factors),
    };
}

/// Inertia of a body that grows unevenly, taken as a cylinder about the axis of its least moment, as OpenSim does: nothing is known of how its mass lies.
fn of_cylinder(inertia: &Matrix3<f64>, old_mass: f64, mass: f64, factors: &Vector3<f64>) -> Matrix3<f64> {
    let diagonal = inertia.diagonal();
    let along = diagonal.imin();
    let across: Vec<usize> = (0..3).filter(|axis| *axis != along).collect();
    let radius_squared = (2.0 * diagonal[along] / old_mass).max(0.0);
    let length_squared = (12.0 * (diagonal[across[0]] / old_mass - 0.25 * radius_squared)).max(0.0);
    let radius_squared = radius_squared * factors[across[0]] * factors[across[1]];
    let length_squared = length_squared * factors[along] * factors[along];
    let mut scaled = Matrix3::from_fn(|row, column| {
        inertia[(row, column)] * factors[row] * factors[column] * mass / old_mass
    });
    scaled[(along, along)] = 0.5 * mass * radius_squared;
    for axis in across {
        scaled[(axis, axis)] = mass * (length_squared / 12.0 + 0.25 * radius_squared);
    }
    scaled
}

/// Makes bodies together weigh so much, each as much more.
pub(super) fn weigh(bodies: &mut [Body], mass_kg: f64) {
    let whole: f64 = bodies.iter().map(|body| body.mass).sum();
    if whole > 0.0 {
        for body in bodies {
            body.mass *= mass_kg / whole;
            body.inertia *= mass_kg / whole;
        }
    }
}
