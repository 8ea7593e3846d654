//! Placement: from anatomy to a plan, and from a plan to what follows from it.
//!
//! [`place`] chooses a plan and then calls [`realise`], which computes geometry, numbers and findings from any plan; an
//! edited plan goes through the same function. Both mirror a left hip once on entry and back on exit.

mod beside;
pub(crate) mod canal;
#[cfg(test)]
mod completed_tests;
mod first_plan;
pub(crate) mod formulas;
pub(crate) mod gather;
pub(crate) mod geometry;
pub(crate) mod hip;
mod input;
mod judge;
mod lever_arms;
mod numbers;
mod pose;
mod prepared;
pub(crate) mod reasons;
mod refusal;
#[cfg(test)]
mod refused;
pub(crate) mod restore;
pub(crate) mod results;
pub(crate) mod rim;
pub(crate) mod rounding;
pub(crate) mod screws;
pub(crate) mod socket;
mod sureness;
#[cfg(test)]
pub(crate) mod synthetic;
pub(crate) mod vessels;
pub(crate) mod walls;

pub use input::{PlanOptions, PlanningInput};
pub use prepared::PreparedHip;
pub use refusal::Refusal;
pub use walls::{WALL_REACH_MM, bone_behind_shell};

use crate::implants::Catalogue;
use crate::plan::Plan;
use crate::planned::Planned;

/// What refuses a plan of this hip whatever is put into it; `None` where nothing does.
pub fn refusal(input: &PlanningInput<'_>) -> Option<Refusal> {
    gather::gather(input).err()
}

/// Chooses components and their places.
///
/// # Errors
/// Findings that refuse: metal at the joint, a pelvis cut off, bones or axes not found, an acetabulum or canal outside the
/// catalogue, families that do not exist.
///
/// # Examples
/// The [crate's page](crate) places a hip; `examples/place_implants.rs` of the repository that of a virtual patient.
pub fn place(input: &PlanningInput<'_>, catalogue: &Catalogue) -> Result<Planned, Refusal> {
    PreparedHip::new(input.clone())?.place(catalogue)
}

/// Computes geometry, numbers and findings of a plan. A plan read back from its document gives the same again.
///
/// # Errors
/// As [`place`]; also a plan for parts that the catalogue does not have or that do not fit each other, one for another side
/// than the input's, and one whose cup or stem is not in its bone.
pub fn realise(plan: &Plan, input: &PlanningInput<'_>, catalogue: &Catalogue) -> Result<Planned, Refusal> {
    if plan.side != input.side {
        return Err(refusal::of_other_side(plan, input.side));
    }
    PreparedHip::new(input.clone())?.realise(plan, catalogue)
}
