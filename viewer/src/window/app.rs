//! What a window and pictures without one have in common: the systems, and all that egui draws.

use super::opening::{Subject, is_shown};
use super::resources::{Case, MOST_PX, State};
use super::{
    canvas, cohort, contact, cut, export, leaving, modules, motion, pages, paint, panes, planning, played,
    player, slices, space, space_target, study, style, tools,
};
use crate::shown::Poses;
use crate::view::Page;
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
use std::sync::Arc;

/// What a window and pictures without one have in common.
pub(super) fn build(app: &mut App) {
    app.add_plugins(EguiPlugin::default());
    app.world_mut().resource_mut::<EguiGlobalSettings>().auto_create_primary_context = false;
    cut::plugin(app);
    app.init_resource::<canvas::Pictures>();
    app.add_systems(Startup, space::set_up);
    let given = (EguiPreUpdateSet::ProcessInput, EguiPreUpdateSet::BeginPass);
    app.add_systems(PreUpdate, mend_input.after(given.0).before(given.1));
    app.add_systems(Update, follow_bench.run_if(is_shown));
    app.add_systems(EguiPrimaryContextPass, draw.run_if(is_shown));
    app.add_systems(EguiPrimaryContextPass, draw_study.run_if(study::is_alone));
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

/// Lets the case follow the plan that is being changed: its surfaces move at once, and are made anew when the plan is carried out.
pub(super) fn follow_bench(
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

/// What is drawn with, beside the case and what is seen of it.
#[derive(SystemParam)]
struct Tools<'w> {
    slices: ResMut<'w, slices::Slices>,
    target: ResMut<'w, space_target::SpaceTarget>,
    desk: ResMut<'w, planning::Desk>,
    player: ResMut<'w, player::Player>,
    pages: ResMut<'w, pages::Pages>,
    pictures: ResMut<'w, canvas::Pictures>,
    images: ResMut<'w, Assets<Image>>,
    /// Absent where there is no window, as the next.
    export: Option<ResMut<'w, export::Export>>,
    leaving: Option<ResMut<'w, leaving::Leaving>>,
    /// Absent where no study was opened.
    study: Option<ResMut<'w, study::StudyPage>>,
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
    let Tools { mut pictures, mut images, mut export, leaving, mut study, .. } = tools;
    let context = contexts.ctx_mut()?.clone();
    let canvas =
        &mut canvas::Canvas { pictures: &mut pictures, images: &mut images, contexts: &mut contexts };
    let mut next = state.0.clone();
    player.follow(&case.0, &mut next, time.delta_secs_f64());
    slices.follow();
    let mut root = root(context);
    let turns = Page::of_window(study.is_some());
    if next.page != Page::Views {
        tools::pages(&mut root, &mut next, turns);
        match next.page {
            Page::Views => {}
            Page::Modules => modules::show(&mut root, &case.0, &mut next, &mut pages, canvas),
            Page::Cases => cohort::show(&mut root, &mut pages),
            Page::Study => {
                if let Some(study) = &mut study {
                    study::show(&mut root, study, Some(pages.folder()));
                }
            }
        }
    } else {
        if next.has_panels {
            motion::show(&mut root, &mut next, &player);
            tools::show(&mut root, &case.0, &mut next, turns, export.as_deref_mut());
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
            leaving.wish = Some(leaving::Wish::Open(Subject::Case(folder)));
        }
        if let Some(study) = &mut study {
            take_wish(study, &mut leaving);
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

/// The list of a study in the whole window, before the first of its jobs was opened.
fn draw_study(
    mut contexts: EguiContexts<'_, '_>,
    mut study: ResMut<'_, study::StudyPage>,
    leaving: Option<ResMut<'_, leaving::Leaving>>,
) -> bevy::ecs::error::Result {
    let mut root = root(contexts.ctx_mut()?.clone());
    study::show(&mut root, &mut study, None);
    if let Some(mut leaving) = leaving {
        take_wish(&mut study, &mut leaving);
    }
    Ok(())
}

/// What is drawn into: the whole window.
fn root(context: egui::Context) -> egui::Ui {
    style::apply(&context);
    let layer = egui::LayerId::background();
    let builder = egui::UiBuilder::new().layer_id(layer).max_rect(context.viewport_rect());
    egui::Ui::new(context, "window".into(), builder)
}

/// Opens the job that was chosen from a list.
fn take_wish(study: &mut study::StudyPage, leaving: &mut leaving::Leaving) {
    if let Some(job) = study.0.wanted.take() {
        leaving.wish = Some(leaving::Wish::Open(Subject::Job(job)));
    }
}

/// Errors alone: what a person must know is said by the program itself.
pub(super) fn log() -> LogPlugin {
    LogPlugin { level: Level::ERROR, filter: "wgpu=error,naga=error".into(), ..default() }
}

/// The renderer that waits for its shaders, so that the first frame is whole.
pub(super) fn complete_renderer() -> RenderPlugin {
    RenderPlugin { synchronous_pipeline_compilation: true, ..default() }
}
