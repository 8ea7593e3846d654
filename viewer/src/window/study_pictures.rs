//! Pictures of the list of a study, without a display.

use super::adapter;
use super::headless::{offscreen_with, take};
use super::png::write;
use super::study::StudyPage;
use crate::background::Pace;
use crate::script::{Script, Shot};
use crate::study::{Choice, StudyList};
use crate::view::Page;
use anyhow::{Context, Result, bail};
use coxa_scenario::store::Store;
use std::path::Path;

/// Draws the list of a study as each view of a script has it, and tells each file as it is written.
///
/// # Errors
/// A view of a case, whose folder is to be named in place of the study's; a quantity that the study does not keep; jobs that cannot be
/// listed; a folder that cannot be written; no graphics adapter.
pub fn study_pictures(store: Store, script: &Script, folder: &Path, told: impl Fn(&Path)) -> Result<()> {
    if let Some(shot) = script.shots.iter().find(|shot| shot.page != Page::Study || shot.frames.is_some()) {
        bail!(
            "the view {} cannot be drawn of a study, only page = \"study\": to draw one of its jobs, name its case, such as {}",
            shot.name,
            store.folder().join("cases").join("job-000000").display()
        );
    }
    let mut list = StudyList::new(store, Pace::Waits);
    let table = match list.table() {
        Some(Ok(table)) => table,
        Some(Err(problem)) => bail!("{problem}"),
        None => bail!("the jobs of the study were not listed because of a program error; please report it"),
    };
    let choice = |shot: &Shot| {
        let seen = shot.study.clone().unwrap_or_default();
        let named = || format!("the view {} cannot be drawn", shot.name);
        Choice::of_shot(&table.listing, &seen).with_context(named)
    };
    let choices: Vec<Choice> = script.shots.iter().map(choice).collect::<Result<_>>()?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    adapter::check()?;
    let (mut app, target) = offscreen_with(script.size_px, |world| world.insert_resource(StudyPage(list)));
    for (shot, choice) in script.shots.iter().zip(choices) {
        app.world_mut().resource_mut::<StudyPage>().0.choice = choice;
        let image = take(&mut app, &target, shot.size_px.unwrap_or(script.size_px), &shot.name)?;
        let path = folder.join(format!("{}.png", shot.name));
        write(&image, &path)?;
        told(&path);
    }
    Ok(())
}
