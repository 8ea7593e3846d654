#![doc = include_str!("../README.md")]

pub mod bounded;
pub mod check;
pub mod failure;
pub mod folder;
pub mod input;
pub mod own_motion;
pub mod pipeline;
pub mod progress;
pub mod request;
pub mod source;
pub mod stages;
pub mod trail;
