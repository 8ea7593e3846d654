//! Readings: what readers answer, how it is kept, and what comes next.

mod answer;
mod desk;
mod log;

pub use answer::{Answer, Draft, Reading};
pub use desk::{Desk, DeskError, Place};
pub use log::{Log, read_log};
