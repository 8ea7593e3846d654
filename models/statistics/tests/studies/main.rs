//! Made-up studies whose truth is known: how often intervals hold it, and how often tests claim what is not so.
//!
//! `cargo test -p coxa-statistics --test studies -- --nocapture` prints the figures.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod any_input;
mod correlations;
mod coverage;
mod diagnosis;
mod made_up;
mod readers;
mod sensitivity;
mod tests_of_many;
