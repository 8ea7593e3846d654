//! The placement optimiser: the best plan under the error with which it is carried out, and why it is.

pub mod criteria;
pub mod error_model;
pub mod postures;
