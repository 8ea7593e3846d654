//! How fast a case is drawn while it is turned and its slices are gone through.

use super::adapter;
use super::headless::{frame, offscreen};
use super::resources::State;
use super::space_target::SpaceTarget;
use crate::opened::Opened;
use crate::view::{Plane, ViewState};
use anyhow::{Context, Result};
use bevy::app::App;
use bevy::render::renderer::RenderAdapterInfo;
use std::time::{Duration, Instant};

/// Frames before the first that counts: shaders are made in them.
const BEFORE: usize = 10;
/// Of each frame: turn of the camera in radians, way through the slices in mm.
const TURN: f64 = 0.03;
const STEP_MM: f64 = 0.5;

/// What was measured.
#[derive(Debug, Clone)]
pub struct Speed {
    /// Of the surfaces that are seen in space.
    pub triangles: usize,
    /// From the shortest to the longest.
    pub frames: Vec<Duration>,
    /// The same with the view in space left as it was: slices, outlines and panels, for which the processor alone works.
    pub without_space: Vec<Duration>,
    /// What drew.
    pub adapter: String,
}

/// Draws the four views of a case, in each frame another picture of all of them.
///
/// # Errors
/// Where there is no graphics adapter, or it fails.
pub fn speed(opened: Opened, size_px: [u32; 2], frames: usize) -> Result<Speed> {
    adapter::check()?;
    let state = ViewState::new(&opened.shown);
    let seen = (0..opened.shown.parts.len()).filter(|&index| state.is_seen(&opened.shown, index));
    let triangles = seen.map(|index| opened.shown.parts[index].surface.mesh.triangles.len()).sum();
    let (mut app, _target) = offscreen(opened, state, size_px);
    let with_space = measured(&mut app, frames, false)?;
    let without_space = measured(&mut app, frames, true)?;
    let adapter = app.world().get_resource::<RenderAdapterInfo>().context("no graphics adapter was used")?;
    Ok(Speed { triangles, frames: with_space, without_space, adapter: adapter.name.clone() })
}

fn measured(app: &mut App, frames: usize, is_held: bool) -> Result<Vec<Duration>> {
    let mut taken = Vec::with_capacity(frames);
    for n in 0..BEFORE + frames {
        let start = Instant::now();
        let world = app.world_mut();
        if let Some(mut space) = world.get_resource_mut::<SpaceTarget>() {
            space.is_held = is_held;
        }
        if let Some(mut state) = world.get_resource_mut::<State>() {
            state.0.camera = state.0.camera.orbited(TURN, 0.0);
            // There and back, so that the slices stay within the scan.
            let along = if n / 40 % 2 == 0 { STEP_MM } else { -STEP_MM };
            Plane::ALL.into_iter().for_each(|plane| state.0.scroll(plane, along));
        }
        frame(app)?;
        if n >= BEFORE {
            taken.push(start.elapsed());
        }
    }
    taken.sort();
    Ok(taken)
}
