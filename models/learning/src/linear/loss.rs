//! Form of a loss that the solver minimises, and how it is penalised.

use serde::{Deserialize, Serialize};

/// A convex loss of parameters, as a mean over rows, and smooth where it is finite.
pub(crate) trait Loss {
    /// The minimum without any slope, in closed form.
    fn start(&self) -> Vec<f64>;

    /// Whether the penalty is on a parameter: on slopes, not on constants.
    fn is_slope(&self, parameter: usize) -> bool;

    /// Loss at parameters; infinite outside of its domain.
    fn value(&self, at: &[f64]) -> f64;

    /// Derivative by each parameter.
    fn gradient(&self, at: &[f64]) -> Vec<f64>;

    /// Second derivatives by the parameters named, row by row.
    fn curvature(&self, at: &[f64], of: &[usize]) -> Vec<f64>;

    /// The largest change that a step of all parameters makes to a predictor of any row.
    fn reach(&self, step: &[f64]) -> f64;
}

/// Weights of the penalty on each slope: `absolute * |slope| + squared / 2 * slope²`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weights {
    pub(crate) absolute: f64,
    pub(crate) squared: f64,
}

/// How a fit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// At the minimum.
    Converged,
    /// Without a minimum: some combination of columns separates classes, and larger coefficients would fit ever better. The coefficients are those
    /// at which probabilities stopped changing; a penalty gives proper ones.
    Separated,
    /// Short of the minimum, because rounding or the limit of steps ended it.
    Stopped,
}
