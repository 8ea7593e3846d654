//! From what the user names, or from what a case was made of, to a CT in memory with its hash and notes.

use crate::progress::Progress;
use crate::request::Request;
use crate::source::{Source, refuse_changed};
use anyhow::{Context, Result, bail};
use coxa_anatomy::calibration::CalibrationChoice;
use coxa_anatomy::label_names::Mapping;
use coxa_geometry::{Finding, Side};
use coxa_imaging::source::{self, Identity, Opened, ReadOptions};
use coxa_imaging::{CtVolume, Volume};
use coxa_planner::implants::Catalogue;
use coxa_synthetic::{ContrastPhase, VirtualPatientOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A CT in memory.
pub struct Scan {
    /// The volume.
    pub ct: Arc<CtVolume>,
    /// Where it came from, with the hash of its voxels and grid.
    pub source: Source,
    /// What reading had to say.
    pub notes: Vec<Finding>,
    /// Whose scan it is, where its files say.
    pub identity: Identity,
}

impl Scan {
    /// Reads a CT.
    ///
    /// # Errors
    /// What is no CT or cannot be read, with what to do.
    pub fn read(path: &Path, series: Option<&str>, progress: &dyn Progress) -> Result<Self> {
        let options = ReadOptions { series: series.map(str::to_owned) };
        // What is wrong with the name is said before the CT is read.
        let mut source = Source::at(path, String::new())?;
        let Opened { ct, notes, identity, .. } =
            progress.stage("reading", |_| source::open(path, &options))?;
        source.blake3 = content_hash(&ct);
        Ok(Scan { ct: Arc::new(ct), source, notes, identity })
    }

    /// The CT of a virtual patient with a worn hip on one side, as if it had been read from files.
    ///
    /// # Errors
    /// None for these options.
    pub fn virtual_patient(seed: u64, worn: Side, progress: &dyn Progress) -> Result<Self> {
        // Hips are scanned for planning without contrast agent.
        let contrast = Some(ContrastPhase::Native);
        let options = VirtualPatientOptions { seed, worn: Some(worn), contrast, ..Default::default() };
        let patient = progress.stage("making a virtual patient", |_| coxa_synthetic::generate(&options))?;
        let source = Source { path: None, blake3: content_hash(&patient.ct) };
        Ok(Scan { ct: Arc::new(patient.ct), source, notes: Vec::new(), identity: Identity::default() })
    }

    /// Reads what a case was made from again, from where the case says.
    ///
    /// # Errors
    /// Where it is gone, or another.
    pub fn again(request: &Request, progress: &dyn Progress) -> Result<Self> {
        let scan = match (&request.ct.path, request.seed) {
            (Some(path), _) => Scan::read(path, request.series.as_deref(), progress).context(
                "the CT of this case cannot be read; has it been moved? Name where it is now: coxa plan CT --from CASE/plan.toml, or, where there is no plan yet, coxa plan CT --side SIDE -o CASE",
            )?,
            (None, Some(seed)) => {
                Scan::virtual_patient(seed, request.side.unwrap_or(Side::Right), progress)?
            }
            (None, None) => bail!(
                "case.toml names neither a CT nor a virtual patient; name the CT: coxa plan CT --from CASE/plan.toml"
            ),
        };
        scan.refuse_other(request)?;
        Ok(scan)
    }

    /// Refuses a CT that a case was not made from.
    ///
    /// # Errors
    /// Another one.
    pub fn refuse_other(&self, request: &Request) -> Result<()> {
        if self.source.blake3 == request.ct.blake3 {
            return Ok(());
        }
        let path = self.source.path.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default();
        bail!(
            "{path}this is not the CT that the case was made from (its content hash differs); put that CT back, or plan this one in a case of its own"
        )
    }
}

/// What finds the structures in a CT, by files that the user names; our own segmentation where none is.
#[derive(Debug, Clone, Default)]
pub struct ReadAs {
    /// Series to take where the input holds several.
    pub series: Option<String>,
    /// Labels of another program instead of our own segmentation.
    pub labels: Option<PathBuf>,
    /// What the ids or names in them mean.
    pub label_mapping: Option<PathBuf>,
    /// Manifest of a network instead of our own segmentation.
    pub network: Option<PathBuf>,
    /// Atlas of muscles instead of the built-in one.
    pub muscle_atlas: Option<PathBuf>,
    /// Manifest of a network that finds muscles instead of the built-in one.
    pub muscle_network: Option<PathBuf>,
}

impl ReadAs {
    /// Takes files that are named now into a request; those that it had must be what they were.
    ///
    /// # Errors
    /// A file that cannot be read, or changed since the case was made and was not named anew.
    pub fn apply(&self, request: &mut Request) -> Result<()> {
        let ReadAs { series, labels, label_mapping, network, muscle_atlas, muscle_network } = self;
        if series.is_some() {
            request.series.clone_from(series);
        }
        take(&mut request.labels, labels.as_deref(), "labels")?;
        take(&mut request.label_mapping, label_mapping.as_deref(), "label mapping")?;
        if let Some(mapping) = label_mapping {
            Mapping::from_file(mapping)?;
        }
        take(&mut request.network, network.as_deref(), "network")?;
        take(&mut request.muscle_atlas, muscle_atlas.as_deref(), "muscle atlas")?;
        take(&mut request.muscle_network, muscle_network.as_deref(), "muscle network")
    }
}

/// Takes a file that is named now, else checks that which there is.
fn take(slot: &mut Option<Source>, named: Option<&Path>, name: &str) -> Result<()> {
    let Some(path) = named.or(slot.as_ref().and_then(|source| source.path.as_deref())) else { return Ok(()) };
    let is = Source::file(path)?;
    if named.is_none() {
        refuse_changed(slot.as_ref(), Some(&is), name)?;
    }
    *slot = Some(is);
    Ok(())
}

/// The built-in catalogue with the user's own parts: those of a folder named now, else those that a case was made with.
///
/// # Errors
/// Where a part cannot be used, or the case's parts changed since and were not named anew.
pub fn catalogue(own: Option<&Path>, of_case: Option<&Source>) -> Result<(Catalogue, Option<Source>)> {
    let Some(folder) = own.or(of_case.and_then(|source| source.path.as_deref())) else {
        return Ok((Catalogue::builtin(), None));
    };
    let source = Some(Source::implants(folder)?);
    if own.is_none() {
        refuse_changed(of_case, source.as_ref(), "implants")?;
    }
    Ok((Catalogue::load(folder)?, source))
}

/// What densities are calibrated by: a file named now, else that which a case was made with, else tissues of the scan.
///
/// # Errors
/// Where the file is no calibration, or the case's changed since and was not named anew.
pub fn calibration(
    own: Option<&Path>,
    of_case: Option<&Source>,
) -> Result<(CalibrationChoice, Option<Source>)> {
    let Some(file) = own.or(of_case.and_then(|source| source.path.as_deref())) else {
        return Ok((CalibrationChoice::default(), None));
    };
    let source = Some(Source::file(file)?);
    if own.is_none() {
        refuse_changed(of_case, source.as_ref(), "calibration")?;
    }
    Ok((CalibrationChoice::from_file(file)?, source))
}

/// BLAKE3 of grid and voxels: the same for the same volume, whatever file format it came in.
pub fn content_hash(ct: &CtVolume) -> String {
    let mut hasher = blake3::Hasher::new();
    let Volume { grid, .. } = ct;
    for n in grid.dims {
        hasher.update(&(n as u64).to_le_bytes());
    }
    for mm in grid.origin.coords().iter().chain(grid.step.iter()) {
        hasher.update(&mm.to_le_bytes());
    }
    let mut buffer = Vec::with_capacity(1 << 16);
    for chunk in ct.as_slice().chunks(1 << 15) {
        buffer.clear();
        buffer.extend(chunk.iter().flat_map(|v| v.to_le_bytes()));
        hasher.update(&buffer);
    }
    hasher.finalize().to_hex().to_string()
}
