//! Taking a case up into the window.

use super::opening::{Failure, Opening};
use super::resources::{Case, State};
use super::study::StudyPage;
use super::{cut, export, pages, paint, planning, player, slices};
use crate::background::Pace;
use crate::opened::Opened;
use crate::view::ViewState;
use bevy::prelude::*;

/// Puts a case that is read into the window.
pub(super) fn follow(world: &mut World) {
    let Some(mut opening) = world.get_resource_mut::<Opening>() else { return };
    let taken = opening.take();
    let (failed, name, job) = (opening.failed(), opening.name(), opening.job());
    let failure = world.resource::<Failure>().clone();
    let Some(opened) = taken else {
        if failed.is_some() {
            failure.set(failed);
        }
        return;
    };
    failure.set(None);
    let state = ViewState::new(&opened.shown);
    if let (Some(job), Some(mut study)) = (job, world.get_resource_mut::<StudyPage>()) {
        study.0.take_in_case(job, opened.case.folder());
    }
    install(world, *opened, state, Pace::GoesOn);
    world.remove_resource::<Opening>();
    for mut window in world.query::<&mut Window>().iter_mut(world) {
        window.title = format!("{name} \u{2013} Coxa");
    }
}

/// Puts a case into the window, in place of the one before.
pub(super) fn install(
    world: &mut World,
    Opened { shown, bench, case }: Opened,
    state: ViewState,
    pace: Pace,
) {
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
