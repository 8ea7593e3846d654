//! From what the user names, or from what a case was made of, to a CT in memory with its hash and notes.

use crate::folder::{CaseInput, Source};
use crate::pipeline::LabelSource;
use crate::progress::Progress;
use anyhow::{Context, Result, bail};
use coxa_anatomy::calibration::CalibrationChoice;
use coxa_anatomy::label_names::{self, Mapping};
use coxa_geometry::{Finding, Side};
use coxa_imaging::source::{self, Opened, ReadOptions};
use coxa_imaging::{CtVolume, Volume};
use coxa_network::Network;
use coxa_planner::implants::Catalogue;
use coxa_synthetic::{ContrastPhase, VirtualPatientOptions};
use std::path::{Path, PathBuf};

/// A CT as read.
pub struct Input {
    /// The volume.
    pub ct: CtVolume,
    /// What finds the structures in it.
    pub labels: LabelSource,
    /// What densities are calibrated by.
    pub calibration: CalibrationChoice,
    /// Where it came from, for `case.toml`.
    pub record: CaseInput,
    /// What reading had to say.
    pub notes: Vec<Finding>,
}

/// How to read a CT, and what finds the structures in it.
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
}

/// Reads a CT and, where they are given, another program's labels for it.
pub fn read(path: &Path, args: &ReadAs, progress: &dyn Progress) -> Result<Input> {
    let options = ReadOptions { series: args.series.clone() };
    let Opened { ct, mut notes, .. } = progress.stage("reading", |_| source::open(path, &options))?;
    let labels = match (&args.labels, &args.network) {
        (None, None) => LabelSource::Own,
        (None, Some(manifest)) => LabelSource::Network(Box::new(Network::load(manifest)?)),
        (Some(file), _) => {
            let mapping = match &args.label_mapping {
                Some(mapping) => Mapping::from_file(mapping)?,
                None => Mapping::default(),
            };
            let (labels, said) = label_names::import_file(file, &ct, &mapping)?;
            notes.extend(said);
            LabelSource::Given(Box::new(labels))
        }
    };
    let record = CaseInput {
        series: args.series.clone(),
        labels: args.labels.as_deref().map(Source::file).transpose()?,
        label_mapping: args.label_mapping.as_deref().map(Source::file).transpose()?,
        network: args.network.as_deref().map(Source::file).transpose()?,
        ..CaseInput::of_ct(Source::at(path, content_hash(&ct))?)
    };
    Ok(Input { ct, labels, calibration: CalibrationChoice::default(), record, notes })
}

/// Reads what a case was made from again, from where the case says or from where the user says it is now. What was
/// asked of the case stays in its record.
///
/// # Errors
/// Where the CT is another, or labels changed since and were not named anew: the case would not be what it says.
pub fn reread(ct: Option<&Path>, record: CaseInput, args: &ReadAs, progress: &dyn Progress) -> Result<Input> {
    let path = |source: &Option<Source>| source.as_ref().and_then(|source| source.path.clone());
    let mut input = match (ct.or(record.ct.path.as_deref()), record.seed) {
        (Some(ct), _) => {
            let again = ReadAs {
                series: args.series.clone().or(record.series.clone()),
                labels: args.labels.clone().or(path(&record.labels)),
                label_mapping: args.label_mapping.clone().or(path(&record.label_mapping)),
                network: args.network.clone().or(path(&record.network)),
            };
            read(ct, &again, progress)
                .context("the case cannot be read again; name its CT: coxa plan CT --from CASE/plan.toml")?
        }
        (None, Some(seed)) => virtual_patient(seed, record.side.unwrap_or(Side::Right), progress)?,
        (None, None) => {
            bail!("case.toml names neither a CT nor a virtual patient; name the CT before --from")
        }
    };
    if input.record.ct.blake3 != record.ct.blake3 {
        bail!("this is not the CT that the case was made from (its content hash differs)");
    }
    for (given, was, is, name) in [
        (&args.labels, &record.labels, &input.record.labels, "labels"),
        (&args.label_mapping, &record.label_mapping, &input.record.label_mapping, "label mapping"),
        (&args.network, &record.network, &input.record.network, "network"),
    ] {
        if given.is_none() {
            refuse_changed(was, is, name)?;
        }
    }
    let (choice, calibration) = calibration(None, record.calibration.as_ref())?;
    input.calibration = choice;
    let CaseInput { side, implants, options, simulation, loads, motion, .. } = record;
    input.record =
        CaseInput { side, implants, options, simulation, loads, motion, calibration, ..input.record };
    Ok(input)
}

fn refuse_changed(was: &Option<Source>, is: &Option<Source>, name: &str) -> Result<()> {
    match (was, is) {
        (Some(was), Some(is)) if was.blake3 != is.blake3 => {
            let path = is.path.as_deref().unwrap_or(Path::new(name));
            bail!(
                "{} changed since the case was made; name it with --{} to use it as it is now",
                path.display(),
                name.replace(' ', "-")
            )
        }
        _ => Ok(()),
    }
}

/// The CT of a virtual patient with a worn hip on one side, as if it had been read from files.
pub fn virtual_patient(seed: u64, worn: Side, progress: &dyn Progress) -> Result<Input> {
    // Hips are scanned for planning without contrast agent.
    let contrast = Some(ContrastPhase::Native);
    let options = VirtualPatientOptions { seed, worn: Some(worn), contrast, ..Default::default() };
    let patient = progress.stage("making a virtual patient", |_| coxa_synthetic::generate(&options))?;
    let ct = Source { path: None, blake3: content_hash(&patient.ct) };
    let record = CaseInput { seed: Some(seed), ..CaseInput::of_ct(ct) };
    let calibration = CalibrationChoice::default();
    Ok(Input { ct: patient.ct, labels: LabelSource::Own, calibration, record, notes: Vec::new() })
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
        refuse_changed(&of_case.cloned(), &source, "implants")?;
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
        refuse_changed(&of_case.cloned(), &source, "calibration")?;
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
