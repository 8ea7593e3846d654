//! All blocks as one table, in the order of the jobs.

use super::place::{PARTIAL, REMEDY, put_with};
use super::{Store, series_path};
use crate::study::Cohort;
use crate::table::{self, TableError, results_schema, series_schema};
use anyhow::{Result, anyhow, bail};
use arrow_array::RecordBatch;
use arrow_schema::Schema;
use coxa_case::failure::file_error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The merged tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// `results.parquet`: a row for each job.
    pub results: PathBuf,
    /// `series.parquet`: a row for each time step, where series are kept.
    pub series: Option<PathBuf>,
    /// Rows of the first.
    pub rows: u64,
}

/// What a killed run left is removed when nobody can be writing it any more.
const OLD: Duration = Duration::from_secs(24 * 3600);

/// Blocks that were not made yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{missing} of {all} blocks are not made yet: go on with coxa scenario run, or use what there is with --partial"
)]
pub struct MergeError {
    /// How many are missing.
    pub missing: u64,
    /// Of how many.
    pub all: u64,
}

impl Store {
    /// Merges all blocks; with `is_partial` those that there are. The same blocks give the same bytes, whoever made them.
    ///
    /// # Errors
    /// Blocks that are missing or damaged, and whatever the system refuses.
    pub fn merge(&self, is_partial: bool) -> Result<Merged> {
        let missing = self.pending().count() as u64;
        // All are read where all were there: one that has gone since is an error.
        let made = || {
            let places = (0..self.block_count()).map(|number| self.block(number));
            places.filter(|place| missing == 0 || self.is_made(place)).map(|place| self.path_of(&place))
        };
        if missing > 0 && !is_partial {
            bail!(MergeError { missing, all: self.block_count() });
        }
        if Store::open(&self.folder)?.members().len() != self.members().len() {
            bail!("{} was given more patients meanwhile: run the command again", self.folder.display());
        }
        let schema = results_schema(&self.study)?;
        let (results, rows) = self.joined("results.parquet", &schema, made())?;
        let series = match self.study.simulate.series {
            true => Some(
                self.joined("series.parquet", &series_schema(), made().map(|path| series_path(&path)))?.0,
            ),
            false => None,
        };
        Ok(Merged { results, series, rows })
    }

    fn joined(
        &self,
        name: &str,
        schema: &Arc<Schema>,
        from: impl Iterator<Item = PathBuf>,
    ) -> Result<(PathBuf, u64)> {
        let target = self.folder.join(name);
        let mut rows = 0;
        put_with(&target, |file| {
            let (mut blocks, mut open, mut reading, mut is_damaged) = (from, None, PathBuf::new(), false);
            let batches = std::iter::from_fn(|| next(&mut open, &mut blocks, schema, &mut reading));
            let batches = batches.inspect(|batch| match batch {
                Ok(batch) => rows += batch.num_rows() as u64,
                Err(_) => is_damaged = true,
            });
            let written = table::write(file, schema, &self.about(), batches).map(drop);
            match written {
                // As words, so that a block that cannot be read is not taken for the file that is written.
                Err(error) if is_damaged => {
                    Err(anyhow!("{error}").context(format!("{}: {REMEDY}", reading.display())))
                }
                written => Ok(written?),
            }
        })?;
        Ok((target, rows))
    }

    /// Writes the merged results as `results.csv` too.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn write_csv(&self, merged: &Merged) -> Result<PathBuf> {
        let target = self.folder.join("results.csv");
        let schema = results_schema(&self.study)?;
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let batches = table::read(&merged.results, &schema)?.map(|batch| batch.map_err(TableError::from));
        put_with(&target, |file| Ok(table::write_csv(file, &names, batches)?))?;
        Ok(target)
    }

    /// What a table says of itself.
    fn about(&self) -> Vec<(&'static str, String)> {
        let evidence = match self.study.cohort {
            Cohort::Virtual(_) => "synthetic-new-anatomy",
            Cohort::Cases(_) => "as the cases",
            Cohort::Scans(_) => "as the segmentation of the CTs",
        };
        let made = self.block_count() - self.pending().count() as u64;
        vec![
            ("coxa.blocks", format!("{made} of {}", self.block_count())),
            ("coxa.title", self.study.title.clone()),
            ("coxa.study", self.identity.clone()),
            ("coxa.version", self.program_version.clone()),
            ("coxa.evidence", evidence.to_owned()),
        ]
    }

    /// Removes what killed runs left unfinished, of yesterday and before: others may write now.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn remove_unfinished(&self) -> Result<()> {
        let blocks = self.folder.join(super::BLOCKS);
        let folders = fs::read_dir(&blocks).map_err(|error| file_error("open", &blocks, &error))?;
        let others = [blocks.clone(), self.folder.clone(), self.folder.join(super::SCANS)];
        let folders = folders.flatten().map(|entry| entry.path()).chain(others);
        for entry in folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
            let age =
                entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
            let is_old = age.is_some_and(|age| age > OLD);
            if is_old && entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                let path = entry.path();
                let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            }
        }
        Ok(())
    }
}

type Reader = parquet::arrow::arrow_reader::ParquetRecordBatchReader;

/// The next batch of the files, one after another.
fn next(
    open: &mut Option<Reader>,
    files: &mut impl Iterator<Item = PathBuf>,
    schema: &Arc<Schema>,
    reading: &mut PathBuf,
) -> Option<Result<RecordBatch, TableError>> {
    loop {
        if let Some(batch) = open.as_mut().and_then(Iterator::next) {
            return Some(batch.map_err(TableError::from));
        }
        *reading = files.next()?;
        match table::read(reading, schema) {
            Ok(reader) => *open = Some(reader),
            Err(error) => return Some(Err(error)),
        }
    }
}
