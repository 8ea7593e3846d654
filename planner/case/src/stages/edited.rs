//! Labels that a person corrected in the case: they are taken up, and bones and measurements rest on them from then on.

use super::held::{Labels, MUSCLES, RESTS_ON_LABELS, Stages};
use super::surfaces::save_surfaces;
use crate::bounded::read_text;
use crate::failure::file_error;
use crate::folder::{EDITED, Ingredients, LABELS_FILE, Stage, read_labels, read_trust};
use crate::source::{file_hash, text_hash};
use anyhow::{Context, Result, bail};
use coxa_imaging::LabelMap;
use coxa_imaging::compare::SAME_PLACE_MM;
use coxa_measure::surfaces;
use std::sync::Arc;

const TABLE_FILE: &str = "labels.json";
/// What a person may correct; the rest of the stage tells of the labels as they were, and goes.
const OF_A_HAND: [&str; 3] = [LABELS_FILE, TABLE_FILE, "muscles.json"];

impl Stages<'_> {
    /// Takes up labels that a person edited since they were made or taken up last. Whether there were any.
    ///
    /// # Errors
    /// Edits that cannot be taken up, by name; edits that would be lost, for other labels are asked for.
    pub(super) fn take_up_edited_labels(&mut self, asked: &Ingredients) -> Result<bool> {
        let Some(done) = self.case.done(Stage::Labels) else { return Ok(false) };
        let folder = self.case.folder().to_owned();
        let is_there = |name: &str| folder.join(name).is_file();
        let mut edited = self.case.edited_files(Stage::Labels);
        edited.retain(|name| OF_A_HAND.contains(&name.as_str()));
        // Who removed them wants them made anew.
        if !is_there(LABELS_FILE) || edited.is_empty() && !done.is_edited() {
            return Ok(false);
        }
        let names = if edited.is_empty() { LABELS_FILE.to_owned() } else { edited.join(", ") };
        if !asked.is_base_of(done, MUSCLES) {
            bail!(
                "{names} in {} was edited by hand, but other labels are asked for: move it away to use those, or use another folder",
                folder.display()
            );
        }
        let with_edit = asked.clone().with(EDITED, done.from.get(EDITED).cloned().unwrap_or_default());
        let with_edit = match done.from.get(MUSCLES) {
            Some(left_out) => with_edit.with(MUSCLES, &**left_out),
            None => with_edit,
        };
        if edited.is_empty() && self.stands(Stage::Labels, &with_edit)? {
            return Ok(true);
        }
        if let Some(gone) = done_files(self).into_iter().find(|name| !is_there(name)) {
            bail!(
                "{names} in {} was edited by hand, but {gone} beside it is missing: put that back, or also remove {LABELS_FILE} to segment the CT again",
                folder.display()
            );
        }
        self.take_up(&names, with_edit)?;
        Ok(true)
    }

    fn take_up(&mut self, names: &str, from: Ingredients) -> Result<()> {
        let folder = self.case.folder().to_owned();
        let ct = self.ct()?;
        let files = done_files(self);
        let hashes = || files.iter().map(|name| file_hash(&folder.join(name))).collect::<Result<Vec<_>>>();
        let before = hashes()?;
        let mut map = read_labels(&folder)?;
        if !map.volume.grid.matches(&ct.grid, SAME_PLACE_MM) {
            bail!(
                "{}, edited by hand, no longer matches the voxels of the CT: save it with its original size and position",
                folder.join(LABELS_FILE).display()
            );
        }
        map.volume.grid = ct.grid.clone();
        let table = read_text(&folder.join(TABLE_FILE), 1 << 20)?;
        refuse_unnamed(&map, &table).with_context(|| format!("{} was edited by hand", folder.display()))?;
        let trust = read_trust(&folder)?;
        let (_, findings) = coxa_segment::judge_given(&ct, &map);
        let bones =
            self.progress.stage("making surfaces of edited labels", |_| surfaces::bone_surfaces(&ct, &map));
        self.progress
            .note(&format!("{names}: edited by hand, and used; results based on labels are rebuilt"));
        if hashes()? != before {
            bail!(
                "{} was saved again while it was read: run this command again",
                folder.join(LABELS_FILE).display()
            );
        }
        let mut all = String::new();
        self.case.begin(Stage::Labels);
        for stage in RESTS_ON_LABELS {
            self.case.discard(stage)?;
        }
        for (name, hash) in files.iter().zip(&before) {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|e| file_error("read", &path, &e))?;
            all.push_str(hash);
            self.case.put(name, &bytes)?;
        }
        self.case.finish(Stage::Labels, from.with(EDITED, text_hash(&all)), Some(&findings))?;
        save_surfaces(self.case, &bones)?;
        (self.labels, self.surfaces) = (Some(Arc::new(Labels { map, trust })), Some(Arc::new(bones)));
        Ok(())
    }
}

/// The files of the labels that a person may correct, by the record.
fn done_files(stages: &Stages<'_>) -> Vec<String> {
    let names = stages.case.done(Stage::Labels).into_iter().flat_map(|done| done.files.keys());
    names.filter(|name| OF_A_HAND.contains(&name.as_str())).cloned().collect()
}

/// Refuses labels that `labels.json` does not name: nobody could say what they are.
fn refuse_unnamed(map: &LabelMap, table: &str) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Row {
        id: u8,
    }
    let rows: Vec<Row> = serde_json::from_str(table).context("labels.json is damaged")?;
    let mut present = [false; 256];
    map.volume.as_slice().iter().for_each(|id| present[usize::from(*id)] = true);
    let unnamed = (1..=u8::MAX).find(|id| present[usize::from(*id)] && !rows.iter().any(|row| row.id == *id));
    match unnamed {
        Some(id) => bail!(
            "labels.nii.gz has voxels of label {id}, which labels.json does not name: add it there, or correct the voxels"
        ),
        None => Ok(()),
    }
}
