//! What is seen: the only place with bevy.
//!
//! The view in space is drawn into a picture of its own, which egui shows in its pane beside the slices. So a window and a
//! picture without a display go the same way, and marks are drawn over both alike.

mod adapter;
mod canvas;
mod cohort;
mod contact;
mod convert;
mod cube;
mod cut;
mod export;
mod film;
mod hands;
mod headless;
mod keys;
mod leaving;
mod marks;
mod modules;
mod motion;
mod numbers;
mod opening;
mod overlays;
mod pages;
mod paint;
mod panes;
mod planning;
mod played;
mod player;
mod radiograph;
mod range;
mod rest;
mod slices;
mod space;
mod speed;
mod style;
mod tools;

pub use adapter::check_card;
pub use headless::pictures;
pub use speed::{Speed, speed};

use crate::background::Pace;
use crate::opened::Opened;
use crate::shown::{Poses, Shown};
use crate::view::{Page, ViewState};
use anyhow::{Result, bail};
use bevy::asset::AssetEventSystems;
use bevy::camera::CameraUpdateSystems;
use bevy::ecs::system::SystemParam;
use bevy::log::{Level, LogPlugin};
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy_egui::{
    EguiContexts, EguiGlobalSettings, EguiInput, EguiPlugin, EguiPostUpdateSet, EguiPreUpdateSet,
    EguiPrimaryContextPass, egui,
};
use opening::{Failure, Opening};
use std::path::Path;
use std::sync::Arc;

/// The longest side of a texture that every graphics adapter takes.
const MOST_PX: u32 = 8192;

/// The case that is shown, and how many were before it.
#[derive(Resource)]
struct Case(Shown, usize);

/// What is seen of it.
#[derive(Resource)]
struct State(ViewState);

/// Shows the case of a folder in a window until that is closed. What is wrong with the case is told in the window.
///
/// # Errors
/// Where there is no display or no graphics adapter, and what was wrong with a case when the window was closed.
pub fn show(folder: &Path) -> Result<()> {
    adapter::check_display()?;
    adapter::check()?;
    let mut app = App::new();
    let window = Window { title: "Coxa".into(), resolution: (1440, 900).into(), ..default() };
    let window = WindowPlugin { primary_window: Some(window), close_when_requested: false, ..default() };
    let plugins = DefaultPlugins.set(window).set(log()).set(complete_renderer());
    adapter::open_display(|| {
        app.add_plugins(plugins);
    })?;
    build(&mut app);
    export::plugin(&mut app);
    leaving::plugin(&mut app);
    let failure = Failure::default();
    app.insert_resource(failure.clone()).insert_resource(Opening::new(folder));
    app.world_mut().spawn(panes::camera());
    app.add_systems(Update, (opening::follow, keys::keys.run_if(is_shown)).chain());
    app.add_systems(Update, follow_soft_tissue.after(follow_bench).run_if(is_shown));
    app.add_systems(EguiPrimaryContextPass, opening::draw.run_if(resource_exists::<Opening>));
    rest::plugin(&mut app);
    app.run();
    match failure.take() {
        Some(message) => bail!("{message}"),
        None => Ok(()),
    }
}

/// What a window and pictures without one have in common.
fn build(app: &mut App) {
    app.add_plugins(EguiPlugin::default());
    app.world_mut().resource_mut::<EguiGlobalSettings>().auto_create_primary_context = false;
    cut::plugin(app);
    app.init_resource::<canvas::Pictures>();
    app.add_systems(Startup, space::set_up);
    let given = (EguiPreUpdateSet::ProcessInput, EguiPreUpdateSet::BeginPass);
    app.add_systems(PreUpdate, mend_input.after(given.0).before(given.1));
    app.add_systems(Update, follow_bench.run_if(is_shown));
    app.add_systems(EguiPrimaryContextPass, draw.run_if(is_shown));
    app.add_systems(
        PostUpdate,
        (
            paint::follow_map,
            cut::follow_cut,
            cut::draw_face,
            space::follow_plan,
            space::follow_parts,
            played::follow_tissue,
            played::follow_lines,
            space::follow_camera,
        )
            .chain()
            .run_if(is_shown)
            // Space follows what was done in the window within the frame, as what is drawn over it does.
            .after(EguiPostUpdateSet::EndPass)
            .before(TransformSystems::Propagate)
            .before(CameraUpdateSystems)
            // What is made in a frame is taken to the graphics card with it: a mesh that is another by then was taken already.
            .before(AssetEventSystems),
    );
}

/// Mends what egui is told, of which there is one context.
fn mend_input(mut inputs: Query<'_, '_, &mut EguiInput>, mut held: Local<'_, Option<egui::Modifiers>>) {
    for mut input in &mut inputs {
        // It takes textures for smaller than they may be, and a screen may be larger.
        input.0.max_texture_side = Some(MOST_PX as usize);
        // With each event it wants another frame, and in every frame it is told which keys are held: nothing would ever rest.
        input.0.events.retain(|event| match event {
            egui::Event::ModifiersChanged(now) => held.replace(*now) != Some(*now),
            _ => true,
        });
    }
}

/// Whether there is a case to show and no other one is being opened.
fn is_shown(case: Option<Res<'_, Case>>, opening: Option<Res<'_, Opening>>) -> bool {
    case.is_some() && opening.is_none()
}

/// Puts a case into the window, in place of the one before.
fn install(world: &mut World, Opened { shown, bench, case }: Opened, state: ViewState, pace: Pace) {
    let data = bench.as_ref().map(|bench| bench.session().data().clone());
    let number = world.get_resource::<Case>().map_or(0, |case| case.1 + 1);
    world.insert_resource(Case(shown, number));
    world.insert_resource(State(state));
    world.insert_resource(planning::Desk::new(bench));
    world.insert_resource(player::Player::new(data));
    world.insert_resource(paint::Paint::new(pace));
    world.insert_resource(cut::CutOpen::new(pace));
    world.insert_resource(slices::Slices::new(pace));
    world.insert_resource(pages::Pages::new(case, pace));
    // What was being exported was of the case before.
    if world.contains_resource::<export::Export>() {
        world.insert_resource(export::Export::default());
    }
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
    let is_ahead = answers.planned.value.is_some() && answers.planned.is_stale;
    if (state.0.poses, state.0.is_ahead) != (poses, is_ahead) {
        (state.0.poses, state.0.is_ahead) = (poses, is_ahead);
    }
}

/// Takes in the surfaces of soft tissue when they are there.
fn follow_soft_tissue(mut case: ResMut<'_, Case>) {
    if !case.0.is_making_soft_tissue() {
        return;
    }
    case.bypass_change_detection().0.take_in_soft_tissue(false);
    if !case.0.is_making_soft_tissue() {
        case.set_changed();
    }
}

/// What is drawn with, beside the case and what is seen of it.
#[derive(SystemParam)]
struct Tools<'w> {
    slices: ResMut<'w, slices::Slices>,
    target: ResMut<'w, space::SpaceTarget>,
    desk: ResMut<'w, planning::Desk>,
    player: ResMut<'w, player::Player>,
    pages: ResMut<'w, pages::Pages>,
    pictures: ResMut<'w, canvas::Pictures>,
    images: ResMut<'w, Assets<Image>>,
    /// Absent where there is no window, as the next.
    export: Option<ResMut<'w, export::Export>>,
    leaving: Option<ResMut<'w, leaving::Leaving>>,
}

/// Everything that egui draws, once a frame.
fn draw(
    mut contexts: EguiContexts<'_, '_>,
    case: Res<'_, Case>,
    mut state: ResMut<'_, State>,
    tools: Tools<'_>,
    time: Res<'_, Time>,
) -> bevy::ecs::error::Result {
    let Tools { mut slices, mut target, mut desk, mut player, mut pages, .. } = tools;
    let Tools { mut pictures, mut images, mut export, leaving, .. } = tools;
    let context = contexts.ctx_mut()?.clone();
    style::apply(&context);
    let canvas =
        &mut canvas::Canvas { pictures: &mut pictures, images: &mut images, contexts: &mut contexts };
    let mut next = state.0.clone();
    player.follow(&case.0, &mut next, time.delta_secs_f64());
    slices.follow();
    let layer = egui::LayerId::background();
    let builder = egui::UiBuilder::new().layer_id(layer).max_rect(context.viewport_rect());
    let mut root = egui::Ui::new(context, "window".into(), builder);
    if next.page != Page::Views {
        tools::pages(&mut root, &mut next);
        pages::show(&mut root, &case.0, &mut next, &mut pages, canvas);
    } else {
        if next.has_panels {
            motion::show(&mut root, &mut next, &player);
            tools::show(&mut root, &case.0, &mut next, export.as_deref_mut());
            planning::show(&mut root, &case.0, &mut desk);
        }
        let bench = desk.bench.as_mut();
        panes::show(&mut root, &case.0, &mut next, &mut slices, canvas, &mut target, bench, &player);
        if next.layout.has_space() {
            contact::paint(&root.painter_at(target.pane), target.pane, target.told_to, &next, &player);
        }
    }
    if let Some(mut leaving) = leaving {
        if let Some(folder) = pages.wanted.take() {
            leaving.wish = Some(leaving::Wish::Open(folder));
        }
        leaving::ask(root.ctx(), &mut leaving, &mut desk);
    }
    if let Some(export) = &export {
        export::progress(root.ctx(), export);
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
