#![doc = include_str!("../README.md")]

pub mod analysis;
mod error;
pub mod example;
pub mod mark;
pub mod picture;
pub mod reading;
pub mod server;
pub mod study;
mod table;

pub use error::ReadersError;
