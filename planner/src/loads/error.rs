//! Why loads cannot be simulated.

use super::leg::LegError;
use super::options::LoadOptionsError;
use crate::simulate::SimulateError;
use coxa_activity::ActivityError;
use coxa_muscle::MovedHipError;
use coxa_muscle::hip_loads::HipLoadsError;
use coxa_muscle::leg::ScaleError;
use coxa_muscle::stance::StanceError;

/// Why loads cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// What was asked for makes no sense.
    #[error(transparent)]
    Options(#[from] LoadOptionsError),
    /// An activity that there is not.
    #[error(transparent)]
    Activity(#[from] ActivityError),
    /// No native hip centre.
    #[error("no femoral head was found on this side, so muscles cannot be fitted to the bones")]
    NoHead,
    /// The liner is none.
    #[error(transparent)]
    Liner(#[from] SimulateError),
    /// No muscles, where there is nothing without them.
    #[error(transparent)]
    Muscles(MuscleError),
    /// Neither muscles nor the static balance.
    #[error("{muscles}; the static balance failed too: {stance}")]
    Nothing {
        /// Why there are no muscles.
        muscles: MuscleError,
        /// Why there is no balance.
        stance: StanceError,
    },
}

/// Why there are no muscles.
#[derive(Debug, thiserror::Error)]
pub enum MuscleError {
    /// The leg cannot be laid on the patient's bones.
    #[error(transparent)]
    Scale(#[from] ScaleError),
    /// The hip cannot be moved to where the plan has it.
    #[error(transparent)]
    Moved(#[from] MovedHipError),
    /// The leg cannot be computed with.
    #[error(transparent)]
    Leg(#[from] LegError),
    /// The leg cannot do an activity.
    #[error(transparent)]
    Loads(#[from] HipLoadsError),
}
