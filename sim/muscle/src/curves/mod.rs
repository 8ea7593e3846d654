//! How fibres and tendons bear force: the curves of the three families of muscle models in the field.
//!
//! All are without unit. Lengths are over the optimal fibre length or the tendon's slack length, velocities over the fastest shortening
//! (shortening negative), forces over the greatest isometric force. Each returns its value and its slope.

mod bezier;
mod de_groote;
mod error;
mod millard;
mod thelen;

use super::model::MuscleCurves;
use de_groote::DeGroote;
pub use error::{CurveError, ValueAndSlope};
use millard::Millard;
use thelen::Thelen;

/// The curves of one muscle, compiled.
#[derive(Debug, Clone)]
pub struct Curves(Family);

#[derive(Debug, Clone)]
enum Family {
    Thelen(Thelen),
    Millard(Box<Millard>),
    DeGroote(DeGroote),
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

#[cfg(test)]
mod tests;
