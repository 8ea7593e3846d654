//! From what the user names to a CT in memory, with its hash and notes.

use crate::case::CaseInput;
use crate::cli::CtArgs;
use crate::progress::Progress;
use anyhow::{Context, Result};
use coxa_anatomy::label_names::{self, Mapping};
use coxa_geometry::Finding;
use coxa_imaging::source::{self, Opened, ReadOptions};
use coxa_imaging::{CtVolume, LabelMap, Volume};
use std::path::Path;

/// A CT as read.
pub struct Input {
    /// The volume.
    pub ct: CtVolume,
    /// Labels of another program, on the CT's grid.
    pub labels: Option<LabelMap>,
    /// Where it came from, for `case.toml`.
    pub record: CaseInput,
    /// What reading had to say.
    pub notes: Vec<Finding>,
}

/// Reads a CT and, where they are given, another program's labels for it.
pub fn read(path: &Path, args: &CtArgs, progress: &Progress) -> Result<Input> {
    let options = ReadOptions { series: args.series.clone() };
    let Opened { ct, mut notes, .. } = progress.stage("reading", |_| source::open(path, &options))?;
    let labels = match &args.labels {
        None => None,
        Some(file) => {
            let mapping = match &args.label_mapping {
                Some(mapping) => Mapping::from_file(mapping)?,
                None => Mapping::default(),
            };
            let (labels, said) = label_names::import_file(file, &ct, &mapping)?;
            notes.extend(said);
            Some(labels)
        }
    };
    let absolute =
        |p: &Path| std::path::absolute(p).with_context(|| format!("cannot resolve the path {}", p.display()));
    let record = CaseInput {
        path: Some(absolute(path)?),
        series: args.series.clone(),
        labels: args.labels.as_deref().map(absolute).transpose()?,
        label_mapping: args.label_mapping.as_deref().map(absolute).transpose()?,
        seed: None,
        side: None,
        blake3: content_hash(&ct),
    };
    Ok(Input { ct, labels, record, notes })
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
