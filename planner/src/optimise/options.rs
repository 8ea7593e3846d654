//! What an optimisation is asked to do.

use super::choices::Families;
use super::demographics::Demographics;
use super::design::Variable;
use super::error_model::ErrorModel;
use super::part::Component;
use super::postures::Spinopelvic;
use serde::{Deserialize, Serialize};

/// What an optimisation is asked to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptimiseOptions {
    /// With what error the plan will be carried out.
    pub error_model: ErrorModel,
    /// Posture of the patient, which sets the pelvic tilt.
    pub postures: Spinopelvic,
    /// Families that may be chosen.
    pub families: Families,
    /// Variables that keep what placement by rule gave them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Variable>,
    /// Components that placement by rule chose and that stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Component>,
    /// Sex, height and weight, where they are given: what a plan is worth that knows only these is said beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demographics: Option<Demographics>,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Number of Monte Carlo samples for the final probabilities.
    pub samples: usize,
}
