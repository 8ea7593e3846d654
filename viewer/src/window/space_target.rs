//! The picture that the view in space is drawn into, and the surfaces in it.

use crate::shown::{Colours, Shown, ShownPart, Surface};
use bevy::prelude::*;
use bevy_egui::egui;
use std::sync::Arc;

/// Frames that are drawn after a change where the processor draws: surfaces take some to reach the renderer. A picture that stays the same is not
/// drawn again then.
const AFTER_CHANGE: u8 = 3;

/// The picture that the view in space is drawn into.
#[derive(Resource)]
pub(super) struct SpaceTarget {
    pub(super) image: Handle<Image>,
    /// What the camera draws into while nothing is to be drawn: few pixels, which nobody sees, and no surfaces. A camera that is switched off
    /// is not told of surfaces that it knew when it is on again, and one that is new has them after some frames.
    pub(super) aside: Handle<Image>,
    /// What egui knows it by.
    pub(super) texture: egui::TextureId,
    /// Pixels that its pane has.
    pub(super) wanted_px: [u32; 2],
    /// Its pane, in points, as it was shown last.
    pub(super) pane: egui::Rect,
    /// Where what is told in its corner ends.
    pub(super) told_to: f32,
    /// What is said over the colours of a map.
    pub(super) legend: String,
    /// What is said beside a cut whose face is of another place.
    pub(super) pending: &'static str,
    /// Nothing is drawn while this holds, whatever changes.
    pub(super) is_held: bool,
    pub(super) frames: u8,
}

impl SpaceTarget {
    /// Whether what was changed last is still to be drawn.
    pub(super) const fn is_in_work(&self) -> bool {
        self.frames > 0
    }

    /// Something was made anew of which the state does not know.
    pub(super) const fn draw_anew(&mut self) {
        self.frames = AFTER_CHANGE;
    }
}

/// Which part of the case a surface is.
#[derive(Component)]
pub(super) struct PartOf {
    pub(super) index: usize,
    pub(super) surface: Arc<Surface>,
    /// Of its vertices, where a map colours it.
    pub(super) colours: Option<Colours>,
}

impl PartOf {
    /// The part, unless another surface has taken its place in the case: this one goes with the next commands then.
    pub(super) fn part<'a>(&self, shown: &'a Shown) -> Option<&'a ShownPart> {
        shown.parts.get(self.index).filter(|part| Arc::ptr_eq(&part.surface, &self.surface))
    }
}
