#![doc = include_str!("../README.md")]

pub mod analysis;
pub mod case_of_job;
pub mod cohort;
mod design;
pub mod engine;
pub mod hip;
pub mod listing;
pub mod output;
pub mod report;
pub mod run;
pub mod slurm;
pub mod store;
pub mod study;
pub mod table;
pub mod variable;
