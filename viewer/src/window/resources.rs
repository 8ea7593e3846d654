//! The case in the window, and what is seen of it.

use crate::shown::Shown;
use crate::view::ViewState;
use bevy::prelude::Resource;

/// The longest side of a texture that every graphics adapter takes.
pub(super) const MOST_PX: u32 = 8192;

/// The case that is shown, and how many were before it.
#[derive(Resource)]
pub(super) struct Case(pub(super) Shown, pub(super) usize);

/// What is seen of it.
#[derive(Resource)]
pub(super) struct State(pub(super) ViewState);
