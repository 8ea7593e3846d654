//! How often a window is drawn: when something happens, often enough for what is computed in the background to be seen as it comes, and seldom
//! where nothing is.

use super::cut::CutOpen;
use super::export::Export;
use super::opening::Opening;
use super::pages::Pages;
use super::paint::Paint;
use super::planning::Desk;
use super::player::Player;
use super::resources::{Case, State};
use super::slices::Slices;
use super::space_target::SpaceTarget;
use super::study::StudyPage;
use bevy::prelude::*;
use bevy::winit::{UpdateMode, WinitSettings};
use std::time::Duration;

/// Of a window.
pub(super) fn plugin(app: &mut App) {
    app.add_systems(PostUpdate, rest);
}

/// How long a window waits that nobody touches.
fn rest(
    opening: Option<Res<'_, Opening>>,
    made: Option<(Res<'_, Slices>, Res<'_, Paint>, Res<'_, CutOpen>)>,
    (pages, study): (Option<Res<'_, Pages>>, Option<Res<'_, StudyPage>>),
    case: Option<Res<'_, Case>>,
    seen: Option<(Res<'_, State>, Res<'_, Player>, Res<'_, SpaceTarget>)>,
    (desk, export): (Option<Res<'_, Desk>>, Option<Res<'_, Export>>),
    mut commands: Commands<'_, '_>,
    mut was_busy: Local<'_, Option<bool>>,
) {
    let is_busy = opening.is_some()
        || made.is_some_and(|(slices, paint, cut)| {
            slices.is_in_work() || paint.is_in_work() || cut.is_in_work()
        })
        || pages.is_some_and(|pages| pages.is_in_work())
        || study.is_some_and(|study| study.0.is_listing())
        || case.is_some_and(|case| case.0.is_making_soft_tissue())
        || seen.is_some_and(|(state, player, space)| {
            player.is_in_work(&state.0) || (space.is_in_work() && state.0.layout.has_space())
        })
        || export.is_some_and(|export| export.is_in_work())
        || desk.is_some_and(|desk| desk.is_in_work());
    if was_busy.replace(is_busy) == Some(is_busy) {
        return;
    }
    let wait = Duration::from_millis(if is_busy { 50 } else { 1000 });
    commands.insert_resource(WinitSettings {
        focused_mode: UpdateMode::reactive(wait),
        unfocused_mode: UpdateMode::reactive_low_power(wait),
    });
}
