//! What a case holds, read back without its CT.

use super::done::Stage;
use super::ranges;
use super::read_record::read_record;
use crate::bounded::read_text;
use anyhow::{Context, Result, bail};
use coxa_anatomy::Bone;
use coxa_anatomy::muscle::MuscleTrust;
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::Finding;
use coxa_geometry::mesh::file;
use coxa_imaging::{LabelMap, Volume, labels, nifti};
use coxa_planner::Simulation;
use coxa_planner::loads::Loads;
use coxa_planner::optimise::{self, Optimisation};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;

/// No result has more bytes.
const MOST_BYTES: u64 = 512 << 20;

/// `anatomy.json`.
///
/// # Errors
/// A case that was only segmented, a file that is damaged.
pub fn read_anatomy(folder: &Path) -> Result<HipAnatomy> {
    let path = folder.join("anatomy.json");
    if !path.exists() {
        bail!(
            "{} holds no anatomy.json: it was only segmented or is incomplete; plan it first: coxa plan CT --side SIDE -o {0}",
            folder.display()
        );
    }
    read_json(&path, "report", folder)
}

/// The bones in `surfaces/`, as scanned: those that Coxa made.
///
/// # Errors
/// No bones, a surface that is damaged.
pub fn read_bones(folder: &Path) -> Result<BoneSurfaces> {
    let record = read_record(folder)?;
    let done = record.stages.get(&Stage::Surfaces);
    let mut bones = BoneSurfaces::new();
    for bone in Bone::ALL {
        let name = format!("surfaces/{}.ply", bone.name());
        if done.is_some_and(|done| done.files.contains_key(&name)) {
            bones.insert(bone, file::read(&folder.join(name))?);
        }
    }
    if bones.is_empty() {
        bail!("{} holds no bone surfaces; plan the CT into it again", folder.display());
    }
    Ok(bones)
}

/// `labels.nii.gz` with its table, on the grid that the file names.
///
/// # Errors
/// A file that is missing or damaged.
pub fn read_labels(folder: &Path) -> Result<LabelMap> {
    let path = folder.join("labels.nii.gz");
    if !path.exists() {
        bail!("{} holds no labels.nii.gz; plan the CT into it again", folder.display());
    }
    let table = folder.join("labels.json");
    labels::read_table(&table)
        .with_context(|| format!("{} cannot be used: correct it, or put back a copy", table.display()))?;
    nifti::read_labels(&path).with_context(|| {
        format!("{} is damaged: put back a copy, or remove it to segment the CT again", path.display())
    })
}

/// `uncertainty.nii.gz`, from 0 to 100; `None` where the labels came without.
///
/// # Errors
/// A file that is damaged.
pub fn read_uncertainty(folder: &Path) -> Result<Option<Volume<u16>>> {
    let path = folder.join("uncertainty.nii.gz");
    if !path.exists() {
        return Ok(None);
    }
    let read = nifti::read_label_ids(&path).with_context(|| {
        format!("{} is damaged; remove it, or plan the CT into the case again", path.display())
    })?;
    Ok(Some(read.0))
}

/// `findings.json` by stage; none where it is not there.
///
/// # Errors
/// A file that is damaged.
pub fn read_findings(folder: &Path) -> Result<BTreeMap<String, Vec<Finding>>> {
    let path = folder.join("findings.json");
    if path.exists() { read_json(&path, "report", folder) } else { Ok(BTreeMap::new()) }
}

/// `rom.json`, where the plan was simulated.
///
/// # Errors
/// A file that is damaged or of a newer program.
pub fn read_simulation(folder: &Path) -> Result<Option<Simulation>> {
    read_of_form(&folder.join("rom.json"), coxa_planner::simulate::FORMAT, "rom", folder)
}

/// `loads.json`, where loads were asked for.
///
/// # Errors
/// A file that is damaged or of a newer program.
pub fn read_loads(folder: &Path) -> Result<Option<Loads>> {
    read_of_form(&folder.join("loads.json"), coxa_planner::loads::FORMAT, "load", folder)
}

/// `muscles.json`; empty where the labels are another program's.
///
/// # Errors
/// A file that is damaged.
pub fn read_trust(folder: &Path) -> Result<Vec<MuscleTrust>> {
    let path = folder.join("muscles.json");
    if !path.exists() {
        return Ok(Vec::new());
    }
    // A person may have edited it, so that no command makes it anew.
    parse(&path).with_context(|| format!("{} cannot be used: correct it, or put back a copy", path.display()))
}

/// What the optimiser found for a case, if it was asked since the bones were last found.
///
/// # Errors
/// A file that is damaged, or written by a newer program.
pub fn read_optimisation(folder: &Path) -> Result<Option<Optimisation>> {
    read_of_form(&folder.join("optimise.json"), optimise::FORMAT, "optimise", folder)
}

/// Any other result, with its numbers in their ranges.
///
/// # Errors
/// A file that is damaged.
pub fn read_values(folder: &Path, name: &str) -> Result<serde_json::Value> {
    read_json(&folder.join(name), "report", folder)
}

fn read_of_form<T: DeserializeOwned>(
    path: &Path,
    known: u32,
    command: &str,
    folder: &Path,
) -> Result<Option<T>> {
    if !path.exists() {
        return Ok(None);
    }
    #[derive(Deserialize)]
    struct Form {
        format: u32,
    }
    let Form { format } = read_json(path, command, folder)?;
    if format > known {
        bail!(
            "{} has format {format}; this program ({}) reads formats up to {known}: use a newer Coxa",
            path.display(),
            super::done::version()
        );
    }
    read_json(path, command, folder).map(Some)
}

fn read_json<T: DeserializeOwned>(path: &Path, command: &str, folder: &Path) -> Result<T> {
    parse(path).with_context(|| {
        format!("{} is damaged; rebuild it: coxa {command} {}", path.display(), folder.display())
    })
}

fn parse<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = read_text(path, MOST_BYTES)?;
    let value: serde_json::Value = serde_json::from_str(&text)?;
    ranges::check(&value).map_err(anyhow::Error::msg)?;
    // From the words, for a field that is not known is told with its line.
    Ok(serde_json::from_str(&text)?)
}
