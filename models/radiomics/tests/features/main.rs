//! Features against values of others, the IBSI's consensus and pyradiomics, and of regions that have hardly any.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod any_input;
mod ibsi;
mod pyradiomics;
