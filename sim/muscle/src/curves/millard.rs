//! Millard et al. 2013 (J Biomech Eng 135:021005): the four curves of OpenSim's `Millard2012EquilibriumMuscle`, of quintic Bezier corners.

use super::bezier::{Bezier, Knot};
use super::error::{CurveError, ValueAndSlope, above};
use crate::model::MillardCurves;

/// Half the width of the shoulder about the optimal length.
const SHOULDER: f64 = 0.05;
/// Where the active curve turns, it is this much steeper than its chord.
const STEEPER: f64 = 1.25;
/// Share of the fastest velocity at which the slope near it holds.
const NEAR: f64 = 0.9;
/// Damping below this counts as none.
const LEAST_DAMPING: f64 = 0.001;
/// OpenSim's curviness of the active curve.
const ACTIVE_CURVINESS: f64 = 1.0;

#[derive(Debug, Clone)]
pub(super) struct Millard {
    active: Bezier,
    velocity: Bezier,
    passive: Bezier,
    tendon: Bezier,
    pub(super) damping: f64,
    pub(super) least_active_length: f64,
}

impl Millard {
    pub(super) fn new(numbers: &MillardCurves) -> Result<Millard, CurveError> {
        let is_damped = numbers.fibre_damping >= LEAST_DAMPING;
        // As OpenSim: without damping an elastic tendon needs some active force and some slope everywhere, otherwise neither is wanted.
        let is_classic = !is_damped && !numbers.ignores_tendon_compliance;
        Ok(Millard {
            active: active(numbers, if is_classic { numbers.active_least.max(0.1) } else { 0.0 })?,
            velocity: velocity(numbers, is_classic)?,
            passive: passive(numbers)?,
            tendon: tendon(numbers)?,
            damping: if is_damped { numbers.fibre_damping } else { 0.0 },
            least_active_length: numbers.active_lengths[0],
        })
    }

    pub(super) fn active(&self, length: f64) -> ValueAndSlope {
        self.active.at(length)
    }

    pub(super) fn velocity(&self, velocity: f64) -> ValueAndSlope {
        let [value, slope] = self.velocity.at(velocity);
        // Faster than the fastest shortening a muscle does not push.
        if value < 0.0 { [0.0, 0.0] } else { [value, slope] }
    }

    pub(super) fn passive(&self, length: f64) -> ValueAndSlope {
        self.passive.at(length)
    }

    pub(super) fn tendon(&self, length: f64) -> ValueAndSlope {
        self.tendon.at(length)
    }
}

/// Rises steeply, then less so to its shoulder, and falls.
fn active(numbers: &MillardCurves, least: f64) -> Result<Bezier, CurveError> {
    let [x0, x1, x3] = numbers.active_lengths;
    let slope = numbers.active_slope;
    let y1 = 1.0 - slope * (1.0 - SHOULDER - x1);
    let knots = [
        Knot { x: x0, y: least, slope: 0.0 },
        Knot { x: 0.5 * (x0 + x1), y: 0.5 * y1, slope: STEEPER * y1 / (x1 - x0) },
        Knot { x: 0.5 * (x1 + 1.0 - SHOULDER), y: 0.5 * (1.0 + y1), slope },
        Knot { x: 1.0, y: 1.0, slope: 0.0 },
        Knot { x: 0.5 * (1.0 + SHOULDER + x3), y: 0.5, slope: -1.0 / (x3 - 1.0 - 2.0 * SHOULDER) },
        Knot { x: x3, y: least, slope: 0.0 },
    ];
    Bezier::new("the active force-length curve", &knots, &[ACTIVE_CURVINESS; 5])
}

/// Hill's hyperbola in two corners for shortening, and a plateau in two for lengthening.
fn velocity(numbers: &MillardCurves, is_classic: bool) -> Result<Bezier, CurveError> {
    let slopes = |[end, near]: [f64; 2]| if is_classic { [end.max(0.5 * near), near] } else { [0.0, near] };
    let ([c, near_c], [e, near_e]) = (slopes(numbers.shortening_slopes), slopes(numbers.lengthening_slopes));
    let most = above("the maximum eccentric force", numbers.lengthening_force, 1.0, "greater than 1")?;
    let rest = 1.0 - NEAR;
    let knots = [
        Knot { x: -1.0, y: 0.0, slope: c },
        Knot { x: -NEAR, y: 0.5 * rest * (near_c + c), slope: near_c },
        Knot { x: 0.0, y: 1.0, slope: numbers.isometric_slope },
        Knot { x: NEAR, y: most - 0.5 * rest * (near_e + e), slope: near_e },
        Knot { x: 1.0, y: most, slope: e },
    ];
    let [shortening, lengthening] = numbers.velocity_curviness;
    Bezier::new("the force-velocity curve", &knots, &[shortening, shortening, lengthening, lengthening])
}

/// A foot, a toe and a line.
fn passive(numbers: &MillardCurves) -> Result<Bezier, CurveError> {
    let [zero, one] = numbers.passive_strain;
    let [low, iso] = numbers.passive_stiffness;
    let width = above("the range of the passive strain", one - zero, 0.0, "greater than 0")?;
    let foot = (0.1 / iso).min(0.1 * width);
    let knots = [
        Knot { x: 1.0 + zero, y: 0.0, slope: 0.0 },
        Knot { x: 1.0 + zero + foot, y: 0.5 * low * foot, slope: low },
        Knot { x: 1.0 + one, y: 1.0, slope: iso },
    ];
    Bezier::new("the passive force-length curve", &knots, &[numbers.passive_curviness; 2])
}

/// A toe in two corners, then a line.
fn tendon(numbers: &MillardCurves) -> Result<Bezier, CurveError> {
    let strain = above("the tendon strain", numbers.tendon_strain, 0.0, "positive")?;
    let stiffness = above(
        "the tendon's stiffness",
        numbers.tendon_stiffness,
        1.0 / strain,
        "greater than 1 divided by its strain",
    )?;
    let toe = numbers.tendon_toe_force;
    let on_line = |force: f64| 1.0 + strain + (force - 1.0) / stiffness;
    let toe_x = on_line(toe);
    let foot = 1.0 + 0.1 * (toe_x - 1.0);
    let middle = on_line(0.5 * toe);
    let slope = 0.5 * toe / (middle - foot);
    let knots = [
        Knot { x: 1.0, y: 0.0, slope: 0.0 },
        Knot { x: 0.5 * (foot + middle), y: 0.25 * toe, slope },
        Knot { x: toe_x, y: toe, slope: stiffness },
    ];
    Bezier::new("the tendon's force-length curve", &knots, &[numbers.tendon_curviness; 2])
}
