//! How fibres and tendons bear force: the curves of the three families of muscle models in the field.
//!
//! All are without unit. Lengths are over the optimal fibre length or the tendon's slack length, velocities over the fastest shortening
//! (shortening negative), forces over the greatest isometric force. Each returns its value and its slope.

mod bezier;
mod de_groote;
mod millard;
mod thelen;

use super::model::MuscleCurves;
use de_groote::DeGroote;
use millard::Millard;
use thelen::Thelen;

/// Value and slope of a curve at one place.
pub type ValueAndSlope = [f64; 2];

/// The curves of one muscle, compiled.
#[derive(Debug, Clone)]
pub struct Curves(Family);

#[derive(Debug, Clone)]
enum Family {
    Thelen(Thelen),
    Millard(Box<Millard>),
    DeGroote(DeGroote),
}

/// Why there are no curves.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CurveError {
    /// A number of which no curve can be made.
    #[error("{what} is {value} and must be {must}")]
    Number {
        /// Which number.
        what: &'static str,
        /// It.
        value: f64,
        /// What is asked of it.
        must: &'static str,
    },
    /// A muscle of a family that is not known here.
    #[error("the force of `{0}` is not supported: use Thelen 2003, Millard 2012 or De Groote 2016")]
    Family(String),
}

impl Curves {
    /// By the numbers of a model.
    ///
    /// # Errors
    /// Where these make no curve, such as a tendon that needs no strain.
    pub fn new(curves: &MuscleCurves) -> Result<Curves, CurveError> {
        Ok(Curves(match curves {
            MuscleCurves::Thelen2003 {
                tendon_strain,
                passive_strain,
                active_shape,
                passive_shape,
                velocity_shape,
                lengthening_force,
            } => Family::Thelen(Thelen::new(
                *tendon_strain,
                *passive_strain,
                *active_shape,
                *passive_shape,
                *velocity_shape,
                *lengthening_force,
            )?),
            MuscleCurves::Millard2012(numbers) => Family::Millard(Box::new(Millard::new(numbers)?)),
            MuscleCurves::DeGroote2016 { tendon_strain, passive_strain, active_width_scale } => {
                Family::DeGroote(DeGroote::new(*tendon_strain, *passive_strain, *active_width_scale)?)
            }
            MuscleCurves::Other { class } => return Err(CurveError::Family(class.clone())),
        }))
    }

    /// Active force of fibres of a length, at full activation and without motion.
    pub fn active(&self, length: f64) -> ValueAndSlope {
        match &self.0 {
            Family::Thelen(curves) => curves.active(length),
            Family::Millard(curves) => curves.active(length),
            Family::DeGroote(curves) => curves.active(length),
        }
    }

    /// Factor by which motion changes the active force. Thelen's alone depends on activation.
    pub fn velocity(&self, velocity: f64, activation: f64) -> ValueAndSlope {
        match &self.0 {
            Family::Thelen(curves) => curves.velocity(velocity, activation),
            Family::Millard(curves) => curves.velocity(velocity),
            Family::DeGroote(_) => DeGroote::velocity(velocity),
        }
    }

    /// Passive force of fibres of a length.
    pub fn passive(&self, length: f64) -> ValueAndSlope {
        match &self.0 {
            Family::Thelen(curves) => curves.passive(length),
            Family::Millard(curves) => curves.passive(length),
            Family::DeGroote(curves) => curves.passive(length),
        }
    }

    /// Force of a tendon of a length.
    pub fn tendon(&self, length: f64) -> ValueAndSlope {
        match &self.0 {
            Family::Thelen(curves) => curves.tendon(length),
            Family::Millard(curves) => curves.tendon(length),
            Family::DeGroote(curves) => curves.tendon(length),
        }
    }

    /// Passive force for each unit of velocity.
    pub fn damping(&self) -> f64 {
        match &self.0 {
            Family::Millard(curves) => curves.damping,
            Family::Thelen(_) | Family::DeGroote(_) => 0.0,
        }
    }

    /// Length below which fibres have no active force worth the name, 0 where the family knows none.
    pub(super) fn least_active_length(&self) -> f64 {
        match &self.0 {
            Family::Millard(curves) => curves.least_active_length,
            Family::Thelen(_) | Family::DeGroote(_) => 0.0,
        }
    }
}

/// A number that must be greater than a bound, and finite.
fn above(what: &'static str, value: f64, least: f64, must: &'static str) -> Result<f64, CurveError> {
    if value > least && value.is_finite() { Ok(value) } else { Err(CurveError::Number { what, value, must }) }
}

#[cfg(test)]
mod tests;
