//! The angle between a turning direction and a fixed one, in closed form.

use super::motion::FixedAxisTurn;
use nalgebra::Vector3;
use std::f64::consts::TAU;

/// cos of the angle between a direction that turns about an axis and one that stands still:
/// `constant + amplitude cos(t - phase)`, t the turn in radians.
///
/// With v the turning direction at t = 0, d the fixed one and k the axis: constant C = (v.k)(d.k), amplitude and
/// phase the polar form of P = v.d - C and Q = (k x v).d.
pub(super) struct CosineOfTurn {
    constant: f64,
    amplitude: f64,
    phase: f64,
}

/// The turns for which the cosine is at least some value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Arc {
    All,
    None,
    /// Within `half` of `centre`, both in radians, modulo a full turn.
    About {
        centre: f64,
        half: f64,
    },
}

impl Arc {
    /// How far a turn from zero goes on in the arc: zero where it begins outside, `None` where it never leaves.
    pub(super) fn end_from_zero(self) -> Option<f64> {
        match self {
            Arc::All => None,
            Arc::None => Some(0.0),
            Arc::About { centre, half } => {
                let within = (half - centre).rem_euclid(TAU);
                Some((2.0 * half - within).max(0.0))
            }
        }
    }

    /// How far a turn from zero goes until the arc begins: zero where it begins inside, `None` where it never enters.
    pub(super) fn begin_from_zero(self) -> Option<f64> {
        match self {
            Arc::All => Some(0.0),
            Arc::None => None,
            Arc::About { centre, half } => {
                let begin = (centre - half).rem_euclid(TAU);
                Some(if begin + 2.0 * half >= TAU { 0.0 } else { begin })
            }
        }
    }
}

impl CosineOfTurn {
    /// `turning` is given in the femur, `fixed` in the pelvis; both of unit length.
    pub(super) fn new(turn: &FixedAxisTurn, turning: &Vector3<f64>, fixed: &Vector3<f64>) -> Self {
        let (v, k) = (turn.start * turning, turn.axis.into_inner());
        let constant = v.dot(&k) * fixed.dot(&k);
        let (p, q) = (v.dot(fixed) - constant, k.cross(&v).dot(fixed));
        CosineOfTurn { constant, amplitude: p.hypot(q), phase: q.atan2(p) }
    }

    /// Where the cosine is at least `least`.
    pub(super) fn at_least(&self, least: f64) -> Arc {
        if self.constant - self.amplitude >= least {
            Arc::All
        } else if self.constant + self.amplitude < least {
            Arc::None
        } else {
            // Clamped: at the very bounds rounding may leave [-1, 1].
            let half = ((least - self.constant) / self.amplitude).clamp(-1.0, 1.0).acos();
            Arc::About { centre: self.phase, half }
        }
    }
}
