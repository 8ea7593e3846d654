//! The study file (`study.toml`): what is asked, of whom, what is varied, what is simulated and what is kept.

mod cohort;
mod design;
mod error;
mod factor;
mod fields;
mod file;
mod read;

pub use cohort::{CaseCohort, Cohort, Scan, ScanCohort, VirtualCohort};
pub use design::Design;
pub use error::{FORMAT, MOST_BYTES, StudyError};
pub use factor::{Choice, Distribution, Factor, Level};
pub use file::{Simulate, Study};

/// A commented study to begin with.
pub const EXAMPLE: &str = include_str!("example.toml");
