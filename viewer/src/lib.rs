#![doc = include_str!("../README.md")]

pub mod background;
pub mod cohort;
pub mod modules;
pub mod motion;
pub mod opened;
pub mod planning;
pub mod script;
pub mod session;
pub mod shown;
pub mod study;
pub mod view;
#[cfg(feature = "window")]
pub mod window;
