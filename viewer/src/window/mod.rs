//! What is seen: the only place with bevy.
//!
//! The view in space is drawn into a picture of its own, which egui shows in its pane beside the slices. So a window and a
//! picture without a display go the same way, and marks are drawn over both alike.

mod adapter;
mod contact;
mod convert;
mod cube;
mod film;
mod hands;
mod headless;
mod keys;
mod marks;
mod motion;
mod numbers;
mod overlays;
mod panes;
mod planning;
mod played;
mod player;
mod range;
mod slices;
mod space;
mod style;
mod tools;

pub use headless::pictures;

use crate::planning::Workbench;
use crate::shown::{Poses, Shown};
use crate::view::ViewState;
use anyhow::Result;
use bevy::log::{Level, LogPlugin};
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::winit::{UpdateMode, WinitSettings};
use bevy_egui::{EguiContexts, EguiGlobalSettings, EguiPlugin, EguiPrimaryContextPass, egui};
use std::sync::Arc;
use std::time::Duration;

/// The case that is shown.
#[derive(Resource)]
struct Case(Shown);

/// What is seen of it.
#[derive(Resource)]
struct State(ViewState);

/// Shows a case in a window until that is closed.
///
/// # Errors
/// Where there is no graphics adapter.
pub fn show(shown: Shown, bench: Option<Workbench>, title: &str) -> Result<()> {
    adapter::check()?;
    let mut app = App::new();
    let window = Window { title: title.into(), resolution: (1440, 900).into(), ..default() };
    let window = WindowPlugin { primary_window: Some(window), ..default() };
    app.add_plugins(DefaultPlugins.set(window).set(log()).set(complete_renderer()));
    let state = ViewState::new(&shown);
    build(&mut app, shown, state, planning::Desk::new(bench));
    app.world_mut().spawn(panes::camera());
    app.add_systems(Update, keys::keys);
    // Drawn again when something happens, and often enough for what is computed in the background to be seen as it comes.
    app.insert_resource(WinitSettings {
        focused_mode: UpdateMode::reactive(Duration::from_millis(50)),
        unfocused_mode: UpdateMode::reactive_low_power(Duration::from_millis(500)),
    });
    app.run();
    Ok(())
}

/// What a window and pictures without one have in common.
fn build(app: &mut App, shown: Shown, state: ViewState, desk: planning::Desk) {
    app.add_plugins(EguiPlugin::default());
    app.world_mut().resource_mut::<EguiGlobalSettings>().auto_create_primary_context = false;
    let data = desk.bench.as_ref().map(|bench| bench.session().data().clone());
    app.insert_resource(Case(shown))
        .insert_resource(State(state))
        .insert_resource(desk)
        .insert_resource(player::Player::new(data))
        .init_resource::<slices::Slices>();
    app.add_systems(Startup, space::set_up);
    app.add_systems(Update, follow_bench);
    app.add_systems(EguiPrimaryContextPass, draw);
    app.add_systems(
        PostUpdate,
        (
            space::follow_plan,
            space::follow_parts,
            played::follow_tissue,
            played::follow_lines,
            space::follow_camera,
        )
            .chain()
            .before(TransformSystems::Propagate),
    );
}

/// Lets the case follow the plan that is being changed: its surfaces move at once, and are made anew when the plan is carried out.
fn follow_bench(
    mut desk: ResMut<'_, planning::Desk>,
    mut case: ResMut<'_, Case>,
    mut state: ResMut<'_, State>,
) {
    desk.look();
    let Some(bench) = &mut desk.bench else { return };
    bench.follow();
    let answers = bench.answers();
    if let Some(planned) = &answers.planned.value
        && case.0.planned.as_ref().is_none_or(|shown| !Arc::ptr_eq(shown, planned))
    {
        state.0.follow(&mut case.0, planned.clone());
    }
    let poses = match (&case.0.planned, &answers.sketch.value) {
        (Some(planned), Some(sketch)) => Poses::between(planned, sketch),
        _ => Poses::default(),
    };
    if state.0.poses != poses {
        state.0.poses = poses;
    }
}

/// Everything that egui draws, once a frame.
fn draw(
    mut contexts: EguiContexts<'_, '_>,
    case: Res<'_, Case>,
    mut state: ResMut<'_, State>,
    mut slices: ResMut<'_, slices::Slices>,
    mut target: ResMut<'_, space::SpaceTarget>,
    mut desk: ResMut<'_, planning::Desk>,
    mut player: ResMut<'_, player::Player>,
    time: Res<'_, Time>,
) -> bevy::ecs::error::Result {
    let context = contexts.ctx_mut()?.clone();
    style::apply(&context);
    let mut next = state.0.clone();
    player.follow(&case.0, &mut next, time.delta_secs_f64());
    let layer = egui::LayerId::background();
    let builder = egui::UiBuilder::new().layer_id(layer).max_rect(context.viewport_rect());
    let mut root = egui::Ui::new(context, "window".into(), builder);
    if next.has_panels {
        motion::show(&mut root, &mut next, &player);
        tools::show(&mut root, &case.0, &mut next);
        planning::show(&mut root, &case.0, &mut desk);
    }
    panes::show(&mut root, &case.0, &mut next, &mut slices, &mut target, desk.bench.as_mut(), &player);
    if next.layout.plane().is_none() {
        contact::paint(&root.painter_at(target.pane), target.pane, &next, &player);
    }
    // Change is only told where there is one: surfaces and camera follow it.
    if state.0 != next {
        state.0 = next;
    }
    Ok(())
}

/// Errors alone: what a person must know is said by the program itself.
fn log() -> LogPlugin {
    LogPlugin { level: Level::ERROR, filter: "wgpu=error,naga=error".into(), ..default() }
}

/// The renderer that waits for its shaders, so that the first frame is whole.
fn complete_renderer() -> RenderPlugin {
    RenderPlugin { synchronous_pipeline_compilation: true, ..default() }
}
