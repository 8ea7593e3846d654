//! Boosting and forests as a user has them: laws that always hold, bad input, and how well they predict.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod cohorts;
mod inputs;
mod laws;
mod quality;
