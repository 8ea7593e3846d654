//! The case folder, and the path from a CT to a report through it.
//!
//! A case is a folder that a person can read: [`folder`] keeps its files whole and knows what they were made from,
//! [`input`] brings in what a case is made of, [`pipeline`] is the main path. Whoever runs it learns how far it is
//! through [`progress::Progress`]; this crate prints nothing and watches no signals.

pub mod failure;
pub mod folder;
pub mod input;
pub mod own_motion;
pub mod pipeline;
pub mod progress;
