//! The pictures of one view: a single one, or those of a film.

use super::pages::Pages;
use super::player::Player;
use super::resources::{Case, State};
use crate::script::Shot;
use crate::shown::Group;
use crate::view::{Page, ViewState};
use anyhow::{Result, bail};
use bevy::prelude::World;
use coxa_geometry::Angle;
use std::f64::consts::TAU;

/// The names of a view's pictures, without ending, with what each shows.
///
/// # Errors
/// A motion that this plan has not, or that cannot be made ready.
pub(super) fn frames(world: &mut World, shot: &Shot) -> Result<Vec<(String, ViewState)>> {
    let mut case = world.resource_mut::<Case>();
    let mut state = ViewState::of_shot(&case.0, shot)?;
    let is_soft = |index: &usize| case.0.parts[*index].group == Group::SoftTissue;
    // Not in the midst of a picture: what is played is made ready for what there is.
    let is_seen = (0..case.0.parts.len()).filter(is_soft).any(|index| state.is_seen(&case.0, index));
    case.0.take_in_soft_tissue(is_seen);
    let mut is_cycle = false;
    if let (Some(motion), Some(_)) = (&shot.motion, &state.played) {
        world.resource_scope(|world, mut player: bevy::prelude::Mut<'_, Player>| {
            let mut probe = state.clone();
            player.wait(&world.resource::<Case>().0, &mut probe)?;
            let track = player.track(&motion.name)?;
            if track.name != motion.name {
                eprintln!("what was played as `{}` is now called `{}`", motion.name, track.name);
            }
            is_cycle = track.is_cycle;
            let turned =
                motion.at_deg.map(Angle::from_degrees).map(|turn| track.part_of_turn(turn)).transpose()?;
            let at = motion.at_fraction.or(turned).or(track.stop.map(|stop| stop.at)).unwrap_or(0.0);
            if let Some(played) = &mut state.played {
                played.at = at;
            }
            anyhow::Ok(())
        })?;
    }
    let Some(count) = shot.frames else { return Ok(vec![(shot.name.clone(), state)]) };
    let states = course(&state, count, state.played.is_some().then_some(is_cycle), shot.turntable);
    Ok((1..).map(|n| format!("{}_{n:03}", shot.name)).zip(states).collect())
}

/// What the pictures of a film show: where something is played, all its way, which may be a cycle; and with `turns` a whole turn of the camera.
pub(super) fn course(state: &ViewState, count: u32, plays: Option<bool>, turns: bool) -> Vec<ViewState> {
    let frame = |n: u32| {
        let mut state = state.clone();
        // What begins again where it ends, as a turn of the camera does, has no frame twice.
        let round = f64::from(n) / f64::from(count);
        if let Some(played) = &mut state.played {
            played.is_running = false;
        }
        if let (Some(is_cycle), Some(played)) = (plays, &mut state.played) {
            played.at = if is_cycle { round } else { f64::from(n) / f64::from(count - 1).max(1.0) };
        }
        if turns {
            state.camera = state.camera.orbited(TAU * round, 0.0);
        }
        state
    };
    (0..count).map(frame).collect()
}

/// Brings a state into the world, with all that its motion needs.
///
/// # Errors
/// What could not be made ready.
pub(super) fn make_ready(world: &mut World, mut state: ViewState) -> Result<()> {
    if state.played.is_some() {
        world.resource_scope(|world, mut player: bevy::prelude::Mut<'_, Player>| {
            player.wait(&world.resource::<Case>().0, &mut state)
        })?;
    }
    if let (Page::Modules, Some(wanted)) = (state.page, &state.module) {
        let shown = &world.resource::<Case>().0.clone();
        if let Some(Ok((_, modules))) = world.resource_mut::<Pages>().modules(shown)
            && modules.panels.iter().all(|one| one.panel.module != *wanted)
        {
            let names: Vec<&str> = modules.panels.iter().map(|one| one.panel.module.as_str()).collect();
            bail!("this case has no module named {wanted:?}; it has {}", names.join(", "));
        }
    }
    world.resource_mut::<State>().0 = state;
    Ok(())
}
