//! Coxa turns a hip CT into a total-hip-arthroplasty plan that is simulated before it is carried out.
//!
//! The main path is in [`coxa_case::pipeline`]; every stage is one public function of one crate.

#[macro_use]
pub mod output;
pub mod bench;
pub mod cli;
pub mod commands;
pub mod exported;
pub mod failure;
pub mod invocation;
pub mod new_file;
pub mod stock;
pub mod table;
pub mod terminal;
pub mod verify;
pub mod viewer;
