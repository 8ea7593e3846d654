//! The IBSI's reference values: reading them, computing them, comparing.

mod compare;
mod configurations;
mod table;

pub use compare::{ConformanceError, ConformanceRow, DataSet, Verdict, conformance};
