//! The 3D viewer of Coxa: what a case holds, seen in space and in slices.
//!
//! A case is read once ([`opened`]). What is shown ([`shown`]), from where ([`view`]), how it moves ([`motion`]), in which order pictures are made ([`script`]) and how
//! a plan is changed ([`session`], by hand [`planning`]) know nothing of graphics and are tested without them. Feature `window` adds the
//! window and pictures without one, the only place with bevy.

pub mod background;
pub mod cohort;
pub mod modules;
pub mod motion;
pub mod opened;
pub mod planning;
pub mod script;
pub mod session;
pub mod shown;
pub mod view;
#[cfg(feature = "window")]
pub mod window;
