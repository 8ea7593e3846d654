//! Thelen 2003 (J Biomech Eng 125:70), with the force-velocity curve made linear where OpenSim does.

use super::error::{CurveError, ValueAndSlope, above};

/// Force at which the tendon's exponential toe ends and its line begins, and the toe's shape (Thelen 2003, equation 4).
const TOE_FORCE: f64 = 0.33;
const TOE_SHAPE: f64 = 3.0;
/// Beyond this share of the greatest force while lengthening the curve is a line, as in OpenSim's `fv_linear_extrap_threshold`.
const LINE_FROM: f64 = 0.95;

#[derive(Debug, Clone)]
pub(super) struct Thelen {
    toe_strain: f64,
    tendon_stiffness: f64,
    passive_strain: f64,
    active_shape: f64,
    passive_shape: f64,
    velocity_shape: f64,
    lengthening_force: f64,
}

impl Thelen {
    pub(super) fn new(
        tendon_strain: f64,
        passive_strain: f64,
        active_shape: f64,
        passive_shape: f64,
        velocity_shape: f64,
        lengthening_force: f64,
    ) -> Result<Thelen, CurveError> {
        let tendon_strain = above("the tendon strain", tendon_strain, 0.0, "positive")?;
        let lengthening =
            above("the maximum eccentric force", lengthening_force, 1.0 / LINE_FROM, "greater than 1.053")?;
        // Value and slope of toe and line are the same where they meet, and the line passes one at the tendon's strain.
        let steepness = TOE_SHAPE / (1.0 - (-TOE_SHAPE).exp());
        let toe_strain = TOE_FORCE * steepness * tendon_strain / (1.0 - TOE_FORCE + TOE_FORCE * steepness);
        Ok(Thelen {
            toe_strain,
            tendon_stiffness: (1.0 - TOE_FORCE) / (tendon_strain - toe_strain),
            passive_strain: above("the passive strain", passive_strain, 0.0, "positive")?,
            active_shape: above("the width of the active curve", active_shape, 0.0, "positive")?,
            passive_shape: above("the steepness of the passive curve", passive_shape, 0.0, "positive")?,
            velocity_shape: above("the shape of the force-velocity curve", velocity_shape, 0.0, "positive")?,
            lengthening_force: lengthening,
        })
    }

    /// A bell (equation 2).
    pub(super) fn active(&self, length: f64) -> ValueAndSlope {
        let off = length - 1.0;
        let value = (-off * off / self.active_shape).exp();
        [value, -2.0 * off / self.active_shape * value]
    }

    /// Equations 6 and 7 solved for the force. The slope doubles where shortening turns to lengthening, as Thelen has it.
    pub(super) fn velocity(&self, velocity: f64, activation: f64) -> ValueAndSlope {
        let scale = 0.25 + 0.75 * activation;
        let most = self.lengthening_force;
        if velocity <= 0.0 {
            let below = scale - velocity / self.velocity_shape;
            let value = (scale + velocity) / below;
            if value <= 0.0 {
                return [0.0, 0.0];
            }
            return [value, scale * (1.0 + 1.0 / self.velocity_shape) / (below * below)];
        }
        let m = (2.0 + 2.0 / self.velocity_shape) / (most - 1.0);
        let at = |velocity: f64| {
            let below = scale + velocity * m;
            [(scale + velocity * m * most) / below, scale * m * (most - 1.0) / (below * below)]
        };
        let line_from = LINE_FROM * most;
        let last = scale * (line_from - 1.0) / (m * (most - line_from));
        if velocity < last {
            return at(velocity);
        }
        let [value, slope] = at(last);
        [value + slope * (velocity - last), slope]
    }

    /// An exponential from the optimal length on (equation 3).
    pub(super) fn passive(&self, length: f64) -> ValueAndSlope {
        if length <= 1.0 {
            return [0.0, 0.0];
        }
        let rate = self.passive_shape / self.passive_strain;
        let below = self.passive_shape.exp_m1();
        let grown = rate * (length - 1.0);
        [grown.exp_m1() / below, rate * grown.exp() / below]
    }

    /// An exponential toe, then a line (equation 4).
    pub(super) fn tendon(&self, length: f64) -> ValueAndSlope {
        let strain = length - 1.0;
        if strain <= 0.0 {
            [0.0, 0.0]
        } else if strain < self.toe_strain {
            let rate = TOE_SHAPE / self.toe_strain;
            let factor = TOE_FORCE / TOE_SHAPE.exp_m1();
            [factor * (rate * strain).exp_m1(), factor * rate * (rate * strain).exp()]
        } else {
            [TOE_FORCE + self.tendon_stiffness * (strain - self.toe_strain), self.tendon_stiffness]
        }
    }
}
