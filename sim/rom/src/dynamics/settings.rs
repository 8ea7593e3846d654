//! How finely a simulation is carried out.
//!
//! The defaults come from a frictionless 28 mm head levered over its rim by a load of 500 N that leans by 30°, whose course is
//! known in closed form: work 3.5000 J, neck contact at 64.623°, the head leaves at 105.672°. Changed one at a time (200 kN/mm
//! with a step of 0.05 ms):
//!
//! | setting | work in J | neck contact | leaves at | peak moment in N m |
//! |---|---|---|---|---|
//! | default: 0.1 ms, 50 kN/mm, damping 0.3, 10°/s | 3.5078 | 64.598° | 105.651° | 6.037 |
//! | 0.3; 0.2; 0.05; 0.02 ms | 3.5078 | 64.597° to 64.599° | 105.650° to 105.651° | 6.037 |
//! | 10; 100; 200 kN/mm | 3.5085; 3.5077; 3.5076 | 64.495°; 64.611°; 64.617° | 105.560°; 105.662°; 105.668° | 6.052; 6.031; 6.028 |
//! | damping 0.1; 0.6 | 3.5077; 3.5080 | 64.598° | 105.651° | 6.033; 6.038 |
//! | 40; 20; 5; 2°/s | 3.5558; 3.5198; 3.5034; 3.5012 | 64.597° to 64.600° | 105.650° to 105.660° | 6.004; 6.039; 6.037; 6.036 |
//!
//! So the step does not show, the stiffness shows in hundredths of a degree, and the speed in the work, by 0.2 %. A swing of
//! 45° from rapier's ball joint has its period right to 1e-5 and loses 0.2 % of its energy in 10 s at 0.1 ms, one of 150°
//! 0.3 % and 0.9 %; both errors halve with the step.

use super::{DynamicsError, within};
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// Stiffness, damping and steps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Time step of the integration. The contact's own oscillation, with a period of 2 pi sqrt(leg mass / stiffness), must be
    /// resolved: by default, with a leg of 15 kg, it takes 3.4 ms. At least ten steps of it are asked for, with the
    /// fibres' stiffness added to the contact's.
    pub step_s: f64,
    /// Elastic stiffness of head and neck against the liner. Not a material's: high enough that the head sinks in by some
    /// hundredths of a millimetre under body weight and the course is that of rigid parts.
    pub contact_stiffness_n_per_mm: f64,
    /// Damping of the contact along its normal, as a share of the critical damping of the leg's mass on the contact's
    /// stiffness.
    pub contact_damping_ratio: f64,
    /// Sliding speed below which friction falls from its full value to zero. A head that should stick creeps at less than
    /// this. Its drag, friction times load over this speed, acts from step to step: where step × drag exceeds twice the leg's
    /// mass, a sticking head trembles by about this speed.
    pub friction_onset_mm_per_s: f64,
    /// Speed of a driven motion. Slow, so that inertia and the settling of the head play no part.
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

/// Fewest steps in one oscillation of the contact.
const STEPS_PER_PERIOD: f64 = 10.0;

/// Most steps of one simulation: some minutes of computing.
pub(super) const MOST_STEPS: usize = 20_000_000;

impl Settings {
    pub(super) fn check(&self) -> Result<(), DynamicsError> {
        within("time step in s", self.step_s, 1e-7, 1e-2)?;
        within("contact stiffness in N/mm", self.contact_stiffness_n_per_mm, 1.0, 1e7)?;
        within("contact damping ratio", self.contact_damping_ratio, 0.0, 2.0)?;
        within("sliding speed at which friction is full, in mm/s", self.friction_onset_mm_per_s, 1e-6, 1e3)?;
        within("angular speed in degrees/s", self.turning_speed_deg_per_s, 1e-3, 1e3)?;
        within("sampling step in degrees", self.sample_every_deg, 1e-4, 90.0)?;
        Ok(())
    }

    /// Refuses steps too long for a leg of this mass on contact and fibres together.
    pub(super) fn check_step(&self, mass_kg: f64, fibres_n_per_mm: f64) -> Result<(), DynamicsError> {
        let stiffness_n_per_m = (self.contact_stiffness_n_per_mm + fibres_n_per_mm) * 1e3;
        let period_s = TAU * (mass_kg / stiffness_n_per_m).sqrt();
        within("time step in s", self.step_s, 0.0, period_s / STEPS_PER_PERIOD)?;
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
