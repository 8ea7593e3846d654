//! A leg motion of the catalogue ([`coxa_activity::LegMotion`]) on a model of a leg: whose leg it is, its coordinates over time, and the push of
//! the ground.

pub mod drive;
mod error;
mod person;
#[cfg(test)]
mod tests;

pub use person::{Names, Person};
