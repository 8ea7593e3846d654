#![doc = include_str!("../README.md")]

pub mod cone;
pub mod conforming;
pub mod contact;
pub mod dynamics;
pub mod edge_loading;
mod limit;
pub mod map;
mod motion;
pub mod path;
pub mod rim;
mod rotation;
pub mod stability;

pub use limit::{FreeInterval, Limit};
pub use motion::{Direction, JointAxis, Motion};
