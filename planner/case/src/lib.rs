//! The case folder, its stages, and the path from a CT to a report through them.
//!
//! A case is a folder that a person can read. [`pipeline`] is the main path; it asks [`stages`] for what it needs, and a stage is taken from
//! its files in the [`folder`] where they stand, else made and kept. Whoever runs it learns how far it is through
//! [`progress::Progress`]; this crate prints nothing and watches no signals.

pub mod failure;
pub mod folder;
pub mod input;
pub mod own_motion;
pub mod pipeline;
pub mod progress;
pub mod request;
pub mod source;
pub mod stages;
