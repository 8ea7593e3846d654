//! A case is not left with edits that are kept nowhere before somebody has said so.

use super::opening::{Opening, Subject};
use super::planning::Desk;
use super::style;
use crate::planning::Workbench;
use crate::session::Session;
use bevy::prelude::*;
use bevy::window::WindowCloseRequested;
use bevy_egui::egui::{self, RichText};

/// What somebody wants who leaves a case.
pub(super) enum Wish {
    /// Another case.
    Open(Subject),
    /// No more of the window.
    Close,
}

/// What is wanted, and whether it was asked about what would be lost.
#[derive(Resource, Default)]
pub(super) struct Leaving {
    pub(super) wish: Option<Wish>,
    is_sure: bool,
}

/// Of a window that can be left.
pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Leaving>();
    app.add_systems(Update, (take_requests, leave).chain().before(super::install::follow));
}

/// The window's own button, and whatever else asks it to close.
fn take_requests(
    mut requests: MessageReader<'_, '_, WindowCloseRequested>,
    mut leaving: ResMut<'_, Leaving>,
) {
    if requests.read().count() > 0 {
        leaving.wish = Some(Wish::Close);
    }
}

/// Does what is wanted, unless something would be lost.
fn leave(
    mut commands: Commands<'_, '_>,
    mut leaving: ResMut<'_, Leaving>,
    mut desk: Option<ResMut<'_, Desk>>,
    mut exit: MessageWriter<'_, AppExit>,
) {
    if leaving.wish.is_none() {
        return;
    }
    // What is still held, as a number that is being typed, is an edit too.
    if let Some(bench) = desk.as_mut().and_then(|desk| desk.bench.as_mut()) {
        bench.let_go();
    }
    if !leaving.is_sure && would_lose(desk.as_deref()) {
        return;
    }
    leaving.is_sure = false;
    match leaving.wish.take() {
        Some(Wish::Open(subject)) => {
            // It may be the same case, which was computed anew meanwhile.
            if let Some(bench) = desk.as_mut().and_then(|desk| desk.bench.as_mut()) {
                bench.session_mut().release();
            }
            commands.insert_resource(Opening::new(subject));
        }
        Some(Wish::Close) => drop(exit.write(AppExit::Success)),
        None => {}
    }
}

fn would_lose(desk: Option<&Desk>) -> bool {
    desk.and_then(|desk| desk.bench.as_ref()).map(Workbench::session).is_some_and(Session::would_lose)
}

/// Asks, where something would be lost.
pub(super) fn ask(context: &egui::Context, leaving: &mut Leaving, desk: &mut Desk) {
    if leaving.wish.is_none() || !would_lose(Some(desk)) {
        return;
    }
    let Some(bench) = &mut desk.bench else { return };
    egui::Modal::new("leaving".into()).show(context, |ui| {
        ui.set_width(380.0);
        ui.label(RichText::new("The plan is not saved").size(17.0).color(style::CAUTION));
        ui.add_space(6.0);
        ui.label("Edits in this window are not autosaved: unsaved changes will be lost.");
        if let Some(said) = bench.said().filter(|said| said.is_refusal) {
            ui.label(RichText::new(&said.text).color(style::REFUSAL));
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            if ui.button("Save").clicked() {
                bench.save();
            }
            if ui.button("Leave without saving").clicked() {
                leaving.is_sure = true;
            }
            if ui.button("Stay").clicked() {
                leaving.wish = None;
            }
        });
    });
}
