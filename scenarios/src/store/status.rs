//! How far a study is, and which jobs failed.

use super::place::REMEDY;
use super::{Merged, Store};
use crate::table::{self, results_schema};
use anyhow::{Context, Result};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

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

/// Jobs that were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The reason, of the first of them.
    pub reason: String,
    /// How many.
    pub jobs: u64,
    /// Whether that of others has other numbers in it.
    pub is_varied: bool,
}

impl Refused {
    /// The reason in words, said of all of them.
    pub fn in_words(&self) -> String {
        let others = if self.is_varied { " (and the like, with other numbers)" } else { "" };
        format!("{}{others}", self.reason)
    }
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
    /// Jobs of which there is no plan, by the reason without its numbers.
    pub refused: BTreeMap<String, Refused>,
    /// Jobs in which something went wrong.
    pub failed: Vec<Failure>,
    /// Patients whose jobs are made and of whom none was done.
    pub unusable: Vec<String>,
}

impl Status {
    /// Jobs of which there is no plan.
    pub fn refused_jobs(&self) -> u64 {
        self.refused.values().map(|refused| refused.jobs).sum()
    }
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
        self.counted(self.made_tables(), REMEDY)
    }

    /// The tables of the blocks that are made, in their order.
    pub(crate) fn made_tables(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let places = (0..self.block_count()).map(|number| self.block(number));
        places.filter(|place| self.is_made(place)).map(|place| self.path_of(&place))
    }

    /// The same of results that are merged, read once.
    ///
    /// # Errors
    /// A table that is damaged.
    pub fn status_of(&self, merged: &Merged) -> Result<Status> {
        self.counted(std::iter::once(merged.results.clone()), "merge the results again")
    }

    fn counted(&self, tables: impl Iterator<Item = PathBuf>, remedy: &str) -> Result<Status> {
        let schema = results_schema(&self.study)?;
        let mut status = Status { jobs: self.job_count(), blocks: self.block_count(), ..Status::default() };
        status.made = status.blocks - self.pending().count() as u64;
        let [mut usable, mut seen] = [(); 2].map(|()| vec![false; self.members().len()]);
        for path in tables {
            let damaged = || format!("{}: {remedy}", path.display());
            for batch in table::read(&path, &schema).with_context(damaged)? {
                let tell = |job: u64, is_done: bool| {
                    let member = (job / self.study.row_count()) as usize;
                    if let (Some(seen), Some(usable)) = (seen.get_mut(member), usable.get_mut(member)) {
                        *seen = true;
                        *usable |= is_done;
                    }
                };
                count(&batch.with_context(damaged)?, &mut status, tell);
            }
        }
        let members = self.members().iter().zip(seen.iter().zip(&usable));
        status.unusable =
            members.filter(|(_, (seen, usable))| **seen && !**usable).map(|(m, _)| m.name()).collect();
        Ok(status)
    }

    /// Removes the blocks in which a job failed, so that they are made again; how many there were.
    ///
    /// # Errors
    /// A block that is damaged, or that the system does not remove.
    pub fn forget_failed(&self) -> Result<u64> {
        let failed: BTreeSet<u64> = self.status()?.failed.iter().map(|failure| failure.job).collect();
        let mut removed = 0;
        for place in (0..self.block_count()).map(|number| self.block(number)) {
            let first = place.member as u64 * self.study.row_count();
            let path = self.path_of(&place);
            if path.is_file()
                && failed.range(first + place.rows.start..first + place.rows.end).next().is_some()
            {
                std::fs::remove_file(&path)
                    .map_err(|error| coxa_case::failure::file_error("remove", &path, &error))?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// A reason with its numbers left out, so that a thousand shells of other sizes are one reason.
fn without_numbers(reason: &str) -> String {
    let mut text = String::new();
    for c in reason.chars() {
        let is_of_number = c.is_ascii_digit() || c == '.' && text.ends_with('#');
        match is_of_number {
            true if text.ends_with('#') => {}
            true => text.push('#'),
            false => text.push(c),
        }
    }
    text
}

fn count(batch: &RecordBatch, status: &mut Status, mut tell: impl FnMut(u64, bool)) {
    let words = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    let jobs = batch.column_by_name("job").and_then(|column| column.as_primitive_opt::<UInt64Type>());
    let (Some(jobs), Some(outcomes), Some(reasons), Some(patients)) =
        (jobs, words("outcome"), words("reason"), words("patient"))
    else {
        return;
    };
    for row in 0..batch.num_rows() {
        tell(jobs.value(row), outcomes.value(row) == "done");
        match outcomes.value(row) {
            "done" => status.done += 1,
            "refused" => {
                let reason = reasons.value(row);
                let first = || Refused { reason: reason.to_owned(), jobs: 0, is_varied: false };
                let refused = status.refused.entry(without_numbers(reason)).or_insert_with(first);
                refused.jobs += 1;
                refused.is_varied |= refused.reason != reason;
            }
            _ => status.failed.push(Failure {
                job: jobs.value(row),
                patient: patients.value(row).to_owned(),
                reason: reasons.value(row).to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_differ_in_numbers_alone_are_one() {
        let [one, other] =
            ["the shell of 46 mm takes no head of 36 mm", "the shell of 48.5 mm takes no head of 36 mm"];
        assert_eq!(without_numbers(one), without_numbers(other));
        assert_eq!(without_numbers("it ends here. 3 of 4"), "it ends here. # of #");
    }
}
