//! The folder of a study's results. Blocks are files named by what they were made from, so that any number of machines can make them in any
//! order, twice, or be killed over one; merging gives one table.

mod identity;
mod merge;
mod place;
mod start;
mod status;

pub use identity::FORMAT;
pub use merge::{MergeError, Merged};
pub use status::{Failure, Refused, Status};

pub(crate) use place::{PARTIAL, REMEDY, put};

use crate::cohort::{Member, Origin, Patients};
use crate::run::{Block, Need, PlannedJob, plan_of_job, run_block};
use crate::study::{Cohort, MOST_BYTES, Study};
use crate::table::{self, TableError};
use anyhow::{Context, Result, bail};
use coxa_case::source::text_hash;
use coxa_planner::implants::Catalogue;
use identity::{catalogue, identity};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Rows of the design in one block, at most: what a machine that dies loses.
const MOST_BLOCK_ROWS: u64 = 64;

const STUDY: &str = "study.toml";
const EXPANDED: &str = "scenario.json";
const BLOCKS: &str = "blocks";
/// CTs of virtual patients whose jobs became cases.
pub(crate) const SCANS: &str = "cases/scans";

/// What a study came to when it was started (`scenario.json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expanded {
    format: u32,
    program_version: String,
    /// Hash of what the study asks, of its implants, its shape model and the version.
    identity: String,
    /// Where the study file lay; its relative paths count from there.
    beside: PathBuf,
    members: Vec<Member>,
}

/// A block by its place: rows of the design on one patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockPlace {
    /// Place of the patient.
    pub member: usize,
    /// Rows of the design.
    pub rows: Range<u64>,
}

/// The folder of a study that was started.
pub struct Store {
    folder: PathBuf,
    /// The study.
    pub study: Study,
    /// Hash of what is asked, of implants, shape model and version.
    identity: String,
    program_version: String,
    beside: PathBuf,
    patients: Patients,
    catalogue: Catalogue,
    need: Need,
}

impl Store {
    /// Whether a folder holds the results of a study. It may still be damaged: whoever opens it learns why.
    pub fn is_at(folder: &Path) -> bool {
        folder.join(EXPANDED).is_file()
    }

    /// Whether a hip takes so much memory and so many cores by itself that one is made at a time.
    pub(crate) fn is_heavy(&self) -> bool {
        matches!(self.study.cohort, Cohort::Scans(_))
    }

    /// Opens the folder of a study that was started.
    ///
    /// # Errors
    /// A folder that is none, or is of another version.
    pub fn open(folder: &Path) -> Result<Store> {
        let path = folder.join(EXPANDED);
        if !Store::is_at(folder) {
            bail!("{} holds no study: start one with coxa scenario run STUDY -o {0}", folder.display());
        }
        let text = coxa_case::bounded::read_text(&path, 1 << 30)?;
        let damaged = || format!("{} is damaged: start the study again in a new folder", path.display());
        let expanded: Expanded = serde_json::from_str(&text).with_context(damaged)?;
        if expanded.format > FORMAT {
            bail!("{} was written by a newer Coxa, format {}: use that", path.display(), expanded.format);
        }
        let study_path = folder.join(STUDY);
        let study = Study::from_toml(&coxa_case::bounded::read_text(&study_path, MOST_BYTES)?)
            .with_context(|| study_path.display().to_string())?;
        let (catalogue, implants) = catalogue(&study, &expanded.beside)?;
        if identity(&study, implants.as_ref(), &expanded.beside)? != expanded.identity {
            bail!(
                "{} is of Coxa {}, or its study.toml, implants or shape model were changed since: start the study again in a new folder",
                folder.display(),
                expanded.program_version
            );
        }
        let Expanded { identity, program_version, beside, members, .. } = expanded;
        let patients = Patients::listed(&study.cohort, &beside, members)?;
        let need = Need::of(&study)?;
        Ok(Store {
            folder: folder.to_owned(),
            study,
            identity,
            program_version,
            beside,
            patients,
            catalogue,
            need,
        })
    }

    /// Hash of what the study asks, of its implants, its shape model and the version.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The patients.
    pub fn members(&self) -> &[Member] {
        self.patients.members()
    }

    /// Jobs of the study.
    pub fn job_count(&self) -> u64 {
        self.members().len() as u64 * self.study.row_count()
    }

    /// Blocks of the study, in their order: those of the first patient first.
    pub fn block_count(&self) -> u64 {
        self.members().len() as u64 * self.blocks_of_member()
    }

    fn blocks_of_member(&self) -> u64 {
        self.study.row_count().div_ceil(MOST_BLOCK_ROWS).max(1)
    }

    /// A block by its number.
    pub fn block(&self, number: u64) -> BlockPlace {
        let (member, part) = (number / self.blocks_of_member(), number % self.blocks_of_member());
        let start = part * MOST_BLOCK_ROWS;
        let end = (start + MOST_BLOCK_ROWS).min(self.study.row_count());
        BlockPlace { member: member as usize, rows: start..end }
    }

    /// The block in which a job is.
    pub fn block_of_job(&self, job: u64) -> Option<BlockPlace> {
        let (member, row) = (job / self.study.row_count(), job % self.study.row_count());
        (job < self.job_count()).then(|| self.block(member * self.blocks_of_member() + row / MOST_BLOCK_ROWS))
    }

    /// Where a block lies, named by the hash of what it is made from: study, version, patient, rows.
    fn path_of(&self, place: &BlockPlace) -> PathBuf {
        let BlockPlace { member, rows: Range { start, end } } = place;
        let name = self.members()[*member].name();
        // A case that changes is another patient; its place gives the numbers of its jobs.
        let content = self.patients.content(*member);
        let name = text_hash(&format!("{} {member} {name} {content} {start} {end}", self.identity));
        self.folder.join(BLOCKS).join(&name[..2]).join(format!("{}.parquet", &name[2..26]))
    }

    /// Whether a block was made.
    pub fn is_made(&self, place: &BlockPlace) -> bool {
        let path = self.path_of(place);
        path.is_file() && (!self.study.simulate.series || series_path(&path).is_file())
    }

    /// Makes a block and puts it in place, whole or not at all.
    ///
    /// # Errors
    /// Whatever the system refuses; what goes wrong in a job is in its row.
    pub fn make(&self, place: &BlockPlace) -> Result<Block> {
        let block = self.run(place)?;
        if !self.patients.is_as_it_was(place.member) {
            bail!("{} was changed while the study ran: run it again", block.patient);
        }
        self.keep(place, &block)?;
        Ok(block)
    }

    /// Keeps a block that was made elsewhere.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn keep(&self, place: &BlockPlace, block: &Block) -> Result<()> {
        let batch = table::of_block(&self.study, block)?;
        let path = self.path_of(place);
        let bytes = table::write(Vec::new(), &batch.schema(), &[], [Ok(batch)])?;
        if self.study.simulate.series {
            let series = table::series_of_block(block).map_err(TableError::from)?;
            let bytes = table::write(Vec::new(), &series.schema(), &[], [Ok(series)])?;
            put(&series_path(&path), &bytes)?;
        }
        put(&path, &bytes)
    }

    /// Runs a block without keeping it.
    ///
    /// # Errors
    /// A study that was not checked.
    pub fn run(&self, place: &BlockPlace) -> Result<Block> {
        let rows = place.rows.clone();
        Ok(run_block(&self.study, &self.need, &self.patients, &self.catalogue, place.member, rows)?)
    }

    /// The plan of a job, with the patient that it is of.
    ///
    /// # Errors
    /// A job that the study does not have, or that has no plan.
    pub(crate) fn plan_of_job(&self, job: u64) -> Result<(Origin<'_>, PlannedJob)> {
        let place = self.block_of_job(job).with_context(|| self.no_such_job(job))?;
        let row = job % self.study.row_count();
        let planned =
            plan_of_job(&self.study, &self.need, &self.patients, &self.catalogue, place.member, row)?;
        Ok((self.patients.origin(&self.members()[place.member])?, planned))
    }

    /// Says which jobs there are.
    pub fn no_such_job(&self, job: u64) -> String {
        let last = self.job_count().saturating_sub(1);
        format!("there is no job {job}: {} has jobs 0 to {last}", self.folder.display())
    }

    /// Folder of the user's own implants.
    pub(crate) fn implants(&self) -> Option<PathBuf> {
        self.study.implants.as_ref().map(|folder| self.beside.join(folder))
    }
}

fn series_path(block: &Path) -> PathBuf {
    block.with_extension("series.parquet")
}
