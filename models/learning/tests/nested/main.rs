//! Nested cross-validation as a whole: made-up cohorts of known ceiling, nothing that leaks, all models alike.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod any_input;
mod any_model;
mod ceiling;
mod leaks;
mod made_up;
