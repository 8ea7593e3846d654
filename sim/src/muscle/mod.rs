//! Muscles and loads: what a hip does to the lengths, lever arms and forces of its muscles, and they to the hip.

pub mod function;
pub mod model;
