//! How finely a simulation is carried out.

use super::{DynamicsError, within};
use serde::{Deserialize, Serialize};

/// Stiffness, damping and steps. The defaults are those at which the figures of the convergence tests no longer change:
/// see the fields.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Time step of the integration. The contact's own oscillation, sqrt(stiffness / leg mass), must be resolved: with the
    /// default stiffness and a leg of 14 kg its period is 3.3 ms.
    pub step_s: f64,
    /// Elastic stiffness of head and neck against the liner. The default is at the upper end of what metal on
    /// polyethylene shows, so that the head sinks in by some hundredths of a millimetre under body weight.
    pub contact_stiffness_n_per_mm: f64,
    /// Damping of the contact along its normal, as a share of the critical damping of the leg's mass on the contact's
    /// stiffness.
    pub contact_damping_ratio: f64,
    /// Sliding speed below which friction falls from its full value to zero. A head that should stick creeps at less than
    /// this.
    pub friction_onset_mm_per_s: f64,
    /// Speed of a driven motion. Slow, so that inertia plays no part.
    pub turning_speed_deg_per_s: f64,
    /// A driven motion is told in pieces of so many degrees.
    pub sample_every_deg: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            step_s: 1e-4,
            contact_stiffness_n_per_mm: 5e4,
            contact_damping_ratio: 0.3,
            friction_onset_mm_per_s: 0.5,
            turning_speed_deg_per_s: 10.0,
            sample_every_deg: 0.25,
        }
    }
}

/// Most steps of one simulation: some minutes of computing.
pub(super) const MOST_STEPS: usize = 20_000_000;

impl Settings {
    pub(super) fn check(&self) -> Result<(), DynamicsError> {
        within("time step in s", self.step_s, 1e-7, 1e-2)?;
        within("contact stiffness in N/mm", self.contact_stiffness_n_per_mm, 1.0, 1e7)?;
        within("contact damping ratio", self.contact_damping_ratio, 0.0, 2.0)?;
        within("friction onset in mm/s", self.friction_onset_mm_per_s, 1e-6, 1e3)?;
        within("turning speed in degrees/s", self.turning_speed_deg_per_s, 1e-3, 1e3)?;
        within("sampling in degrees", self.sample_every_deg, 1e-4, 90.0)?;
        Ok(())
    }

    /// Number of steps that `duration_s` takes.
    pub(super) fn steps(&self, duration_s: f64) -> Result<usize, DynamicsError> {
        let steps = (duration_s / self.step_s).ceil();
        if steps <= MOST_STEPS as f64 {
            Ok(steps as usize)
        } else {
            Err(DynamicsError::TooLong { steps, most: MOST_STEPS })
        }
    }
}
