//! The folder of a study's results. Blocks are files named by what they were made from, so that any number of machines can make them in any
//! order, twice, or be killed over one; merging gives one table.

mod merge;
mod status;

pub use merge::{MergeError, Merged};
pub use status::{Failure, Status};

use crate::cohort::{Member, Patients};
use crate::run::{Block, Need, run_block};
use crate::study::{MOST_BYTES, Study};
use crate::table::{self, TableError};
use crate::variable::{Domain, Part, Value};
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_case::folder::version;
use coxa_case::source::{Source, text_hash};
use coxa_planner::implants::Catalogue;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Form of a study's folder.
pub const FORMAT: u32 = 1;
/// Rows of the design in one block, at most: what a machine that dies loses.
const MOST_BLOCK_ROWS: u64 = 64;

const STUDY: &str = "study.toml";
const EXPANDED: &str = "scenario.json";
const BLOCKS: &str = "blocks";
/// What a killed run left unfinished begins so.
const PARTIAL: &str = ".partial-";

/// What a study came to when it was started (`scenario.json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expanded {
    format: u32,
    program_version: String,
    /// Hash of the study, of the implants and of the version.
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
    /// Hash of all that results rest on but the patients, and the version that started it.
    identity: String,
    program_version: String,
    patients: Patients,
    catalogue: Catalogue,
    need: Need,
}

impl Store {
    /// Starts a study in a new folder, or opens it where it was started before.
    ///
    /// # Errors
    /// A study file that is none; a folder that holds something else, another study or one of another version; a cohort without patients.
    pub fn start(
        study_file: &Path,
        folder: &Path,
        change: impl FnOnce(&mut Study) -> Result<()>,
    ) -> Result<Store> {
        let text = coxa_case::bounded::read_text(study_file, MOST_BYTES)?;
        let at = || study_file.display().to_string();
        let mut study = Study::from_toml(&text).with_context(at)?;
        change(&mut study)?;
        let text = toml::to_string(&study).with_context(at)?;
        let study = Study::from_toml(&text).with_context(at)?;
        let beside = study_file.parent().map(Path::to_owned).unwrap_or_default();
        let beside =
            std::path::absolute(if beside.as_os_str().is_empty() { Path::new(".") } else { &beside })?;
        let (catalogue, implants) = catalogue(&study, &beside)?;
        let identity = identity(&study, implants.as_ref())?;
        if folder.join(EXPANDED).is_file() {
            let store = Store::open(folder)?;
            if store.identity != identity {
                bail!(
                    "{} holds the results of another study or of another version of Coxa; name a new folder with -o",
                    folder.display()
                );
            }
            return Ok(store);
        }
        refuse_full(folder, &text)?;
        refuse_unknown_parts(&study, &catalogue).with_context(at)?;
        let patients = Patients::of(&study.cohort, &beside)?;
        study.check_size(patients.members().len())?;
        let expanded = Expanded {
            format: FORMAT,
            program_version: version(),
            identity,
            beside,
            members: patients.members().to_vec(),
        };
        fs::create_dir_all(folder.join(BLOCKS)).map_err(|error| file_error("create", folder, &error))?;
        put(&folder.join(STUDY), text.as_bytes())?;
        put(&folder.join(EXPANDED), serde_json::to_string(&expanded)?.as_bytes())?;
        let need = Need::of(&study)?;
        let Expanded { identity, program_version, .. } = expanded;
        Ok(Store { folder: folder.to_owned(), study, identity, program_version, patients, catalogue, need })
    }

    /// Opens the folder of a study that was started.
    ///
    /// # Errors
    /// A folder that is none, or is of another version.
    pub fn open(folder: &Path) -> Result<Store> {
        let path = folder.join(EXPANDED);
        if !path.is_file() {
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
        if identity(&study, implants.as_ref())? != expanded.identity {
            bail!(
                "{} is of Coxa {}, or its study.toml or implants were changed since: start the study again in a new folder",
                folder.display(),
                expanded.program_version
            );
        }
        let Expanded { identity, program_version, beside, members, .. } = expanded;
        let patients = Patients::listed(&study.cohort, &beside, members)?;
        let need = Need::of(&study)?;
        Ok(Store { folder: folder.to_owned(), study, identity, program_version, patients, catalogue, need })
    }

    /// Hash of the study, of the implants and of the version.
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
        let content = self.patients.record(*member);
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
            bail!("the case {} was changed while the study ran: run it again", block.patient);
        }
        let batch = table::of_block(&self.study, &block)?;
        let path = self.path_of(place);
        let bytes = table::write(Vec::new(), &batch.schema(), &[], [Ok(batch)])?;
        if self.study.simulate.series {
            let series = table::series_of_block(&block).map_err(TableError::from)?;
            let bytes = table::write(Vec::new(), &series.schema(), &[], [Ok(series)])?;
            put(&series_path(&path), &bytes)?;
        }
        put(&path, &bytes)?;
        Ok(block)
    }

    /// Runs a block without keeping it.
    ///
    /// # Errors
    /// A study that was not checked.
    pub fn run(&self, place: &BlockPlace) -> Result<Block> {
        let rows = place.rows.clone();
        Ok(run_block(&self.study, &self.need, &self.patients, &self.catalogue, place.member, rows)?)
    }
}

fn series_path(block: &Path) -> PathBuf {
    block.with_extension("series.parquet")
}

fn catalogue(study: &Study, beside: &Path) -> Result<(Catalogue, Option<Source>)> {
    let folder = study.implants.as_ref().map(|folder| beside.join(folder));
    coxa_case::input::catalogue(folder.as_deref(), None)
}

/// Hash of all that results rest on but the patients.
fn identity(study: &Study, implants: Option<&Source>) -> Result<String> {
    let study = serde_json::to_string(study)?;
    let implants = implants.map_or("", |implants| implants.blake3.as_str());
    Ok(text_hash(&format!("{FORMAT} {} {study} {implants}", version())))
}

/// Parts that the catalogue does not have are told before anything runs.
fn refuse_unknown_parts(study: &Study, catalogue: &Catalogue) -> Result<()> {
    for factor in &study.factors {
        for place in 0..factor.level_count().unwrap_or(0) {
            for (variable, value) in factor.level(place)?.set {
                let (Value::Word(name), Domain::Part(part)) = (value, variable.domain()) else { continue };
                match part {
                    Part::Cup => drop(catalogue.cup(&name)?),
                    Part::Stem => drop(catalogue.stem(&name)?),
                    Part::Liner => drop(catalogue.liner(&name)?),
                }
            }
        }
    }
    Ok(())
}

/// A folder that holds something else, or another study file than the one that would be written there.
fn refuse_full(folder: &Path, study: &str) -> Result<()> {
    if folder.is_file() {
        bail!("{} is a file; name a new folder with -o", folder.display());
    }
    let is_same = || fs::read_to_string(folder.join(STUDY)).is_ok_and(|text| text == study);
    let is_ours = |name: &std::ffi::OsStr| {
        name == BLOCKS || name.to_string_lossy().starts_with(PARTIAL) || name == STUDY && is_same()
    };
    let is_full = folder.is_dir()
        && fs::read_dir(folder)
            .map_err(|error| file_error("open", folder, &error))?
            .flatten()
            .any(|entry| !is_ours(&entry.file_name()));
    if is_full {
        bail!("{} is not empty; name a new folder with -o", folder.display());
    }
    Ok(())
}

/// Puts a file in place whole.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    put_with(path, |mut file| Ok(file.write_all(bytes).map_err(TableError::from)?))
}

/// Puts what is written into a file in place, synced before it has its name.
fn put_with(path: &Path, write: impl FnOnce(&File) -> Result<()>) -> Result<()> {
    let refused = |error: std::io::Error| file_error("write", path, &error);
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(refused)?;
    let file = partial(parent).map_err(refused)?;
    write(file.as_file()).map_err(|error| match error.downcast::<TableError>() {
        Ok(TableError::System(error)) => refused(error),
        Ok(other) => other.into(),
        Err(error) => error,
    })?;
    file.as_file().sync_all().map_err(refused)?;
    file.persist(path).map_err(|error| refused(error.error))?;
    coxa_case::folder::sync_folder(parent)
}

/// A file without a name yet, that others of the cluster may read.
fn partial(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PARTIAL);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
