//! What is seen: the only place with bevy.
//!
//! The view in space is drawn into a picture of its own, which egui shows in its pane beside the slices. So a window and a
//! picture without a display go the same way, and marks are drawn over both alike.

mod adapter;
mod app;
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
mod install;
mod keys;
mod leaving;
mod marks;
mod module_picture;
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
mod png;
mod radiograph;
mod range;
mod resources;
mod rest;
mod slices;
mod space;
mod space_target;
mod speed;
mod study;
mod study_pictures;
mod style;
mod tools;
mod wheel;

pub use adapter::check_card;
pub use headless::pictures;
pub use speed::{Speed, speed};
pub use study_pictures::study_pictures;

use crate::background::Pace;
use crate::study::{StudyList, is_study};
use anyhow::{Result, bail};
use app::{build, complete_renderer, follow_bench, log};
use bevy::prelude::*;
use bevy_egui::EguiPrimaryContextPass;
use coxa_scenario::store::Store;
use opening::{Failure, Opening, Subject, is_shown};
use resources::Case;
use std::path::Path;

/// Shows the case of a folder, or the jobs of a study, in a window until that is closed. What is wrong with a case is told in the window.
///
/// # Errors
/// Where there is no display or no graphics adapter, a study that cannot be opened, and what was wrong with a case when the window was closed.
pub fn show(folder: &Path) -> Result<()> {
    let store = is_study(folder).then(|| Store::open(folder)).transpose()?;
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
    app.insert_resource(failure.clone());
    match store {
        Some(store) => app.insert_resource(study::StudyPage(StudyList::new(store, Pace::GoesOn))),
        None => app.insert_resource(Opening::new(Subject::Case(folder.to_owned()))),
    };
    app.world_mut().spawn(panes::camera());
    app.add_systems(Update, (install::follow, keys::keys.run_if(is_shown)).chain());
    app.add_systems(Update, follow_soft_tissue.after(follow_bench).run_if(is_shown));
    app.add_systems(EguiPrimaryContextPass, opening::draw.run_if(resource_exists::<Opening>));
    rest::plugin(&mut app);
    app.run();
    match failure.take() {
        Some(message) => bail!("{message}"),
        None => Ok(()),
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
