//! Why a plan cannot be simulated.

use coxa_activity::ActivityError;
use coxa_rom::cone::ConeError;
use coxa_rom::contact::ContactError;
use coxa_rom::edge_loading::SocketError;
use coxa_rom::map::MapError;
use coxa_rom::rim::RimError;
use coxa_rom::stability::BearingError;

/// Why a plan cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// Head, neck and liner do not make a joint.
    #[error(transparent)]
    Bearing(#[from] BearingError),
    /// The liner's bearing has no edge.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// The cone of the neck has no axis.
    #[error(transparent)]
    Cone(#[from] ConeError),
    /// The rim of the liner cannot be met.
    #[error(transparent)]
    Rim(#[from] RimError),
    /// A surface cannot be moved against another.
    #[error(transparent)]
    Contact(#[from] ContactError),
    /// The map of all positions cannot be made.
    #[error(transparent)]
    Map(#[from] MapError),
    /// An activity that is not known.
    #[error(transparent)]
    Activity(#[from] ActivityError),
    /// The plan has no neck at the rim, or its surfaces are missing.
    #[error("the planned {0} cannot be simulated")]
    Incomplete(&'static str),
}
