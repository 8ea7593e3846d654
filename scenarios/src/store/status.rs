//! How far a study is, and which jobs failed.

use super::Store;
use crate::table::{self, results_schema};
use anyhow::{Context, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use std::collections::BTreeMap;

/// A job that was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its number.
    pub job: u64,
    /// The patient.
    pub patient: String,
    /// Why.
    pub reason: String,
}

/// How far a study is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Status {
    /// Jobs of the study.
    pub jobs: u64,
    /// Blocks of the study, and those that are made.
    pub blocks: u64,
    /// Blocks that are made.
    pub made: u64,
    /// Jobs that were done.
    pub done: u64,
    /// Jobs of which there is no plan, by the reason.
    pub refused: BTreeMap<String, u64>,
    /// Jobs in which something went wrong.
    pub failed: Vec<Failure>,
    /// Patients whose jobs are made and of whom none was done.
    pub unusable: Vec<String>,
}

impl Store {
    /// Numbers of the blocks that are not made yet, in their order.
    pub fn pending(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.block_count()).filter(|number| !self.is_made(&self.block(*number)))
    }

    /// Bytes of the blocks that are made.
    pub fn made_bytes(&self) -> u64 {
        let paths = (0..self.block_count()).map(|number| self.path_of(&self.block(number)));
        let both = paths.flat_map(|path| [super::series_path(&path), path]);
        both.filter_map(|path| std::fs::metadata(path).ok()).map(|found| found.len()).sum()
    }

    /// How far the study is.
    ///
    /// # Errors
    /// A block that is damaged.
    pub fn status(&self) -> Result<Status> {
        let schema = results_schema(&self.study)?;
        let mut status = Status { jobs: self.job_count(), blocks: self.block_count(), ..Status::default() };
        let [mut usable, mut seen] = [(); 2].map(|()| vec![false; self.members().len()]);
        for place in (0..self.block_count()).map(|number| self.block(number)) {
            if !self.is_made(&place) {
                continue;
            }
            status.made += 1;
            let before = status.done;
            let path = self.path_of(&place);
            let damaged =
                || format!("{}: remove it and go on with coxa scenario run to make it again", path.display());
            for batch in table::read(&path, &schema).with_context(damaged)? {
                count(&batch.with_context(damaged)?, &mut status);
            }
            usable[place.member] |= status.done > before;
            seen[place.member] = true;
        }
        let members = self.members().iter().zip(seen.iter().zip(&usable));
        status.unusable =
            members.filter(|(_, (seen, usable))| **seen && !**usable).map(|(m, _)| m.name()).collect();
        Ok(status)
    }
}

fn count(batch: &arrow_array::RecordBatch, status: &mut Status) {
    let words = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    let jobs = batch.column_by_name("job").and_then(|column| column.as_primitive_opt::<UInt64Type>());
    let (Some(jobs), Some(outcomes), Some(reasons), Some(patients)) =
        (jobs, words("outcome"), words("reason"), words("patient"))
    else {
        return;
    };
    for row in 0..batch.num_rows() {
        match outcomes.value(row) {
            "done" => status.done += 1,
            "refused" => *status.refused.entry(reasons.value(row).to_owned()).or_default() += 1,
            _ => status.failed.push(Failure {
                job: jobs.value(row),
                patient: patients.value(row).to_owned(),
                reason: reasons.value(row).to_owned(),
            }),
        }
    }
}
