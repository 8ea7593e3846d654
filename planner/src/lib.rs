//! Implants, placement, the plan document and the report.

pub mod implants;
pub mod plan;

pub use plan::{CupPlan, HeadPlan, LinerPlan, Plan, Planned, RomRow, Simulation, StemPlan, Targets};
