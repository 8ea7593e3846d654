//! Jobs: what is made of a patient under the levels of a row of the design.

mod block;
mod changed;
mod job;
mod need;
mod optimised;
mod outcome;

pub use block::{PlannedJob, plan_of_job, run_block};
pub use need::Need;
pub use outcome::{Block, Outcome, Row};
