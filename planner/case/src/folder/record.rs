//! `case.toml`: what a case was made from, what was asked, and which stages are done.

use crate::failure::{file_error, message};
use crate::folder::{PLAN, text_hash, version};
use anyhow::{Context, Result};
use coxa_geometry::Side;
use coxa_planner::SimulationOptions;
use coxa_planner::loads::LoadOptions;
use coxa_planner::placement::PlanOptions;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Form of the case folder that this program writes.
pub const FORMAT: u32 = 1;

/// `case.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Form of the case folder.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program_version: String,
    /// Stages done, each with the hash of what it left or was made from.
    #[serde(default)]
    pub stages: BTreeMap<String, String>,
    /// Where the case came from.
    pub input: CaseInput,
}

impl CaseRecord {
    /// Whether the plan with these words is the one that was carried out last: findings, report and results in the case are of it.
    pub fn is_of_plan(&self, text: &str) -> bool {
        self.stages.get(PLAN) == Some(&text_hash(text))
    }
}

/// Where a case came from and what was asked of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseInput {
    /// Which series, where the CT's path holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Seed of the virtual patient, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Side that was to be planned; absent where only bones were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// The CT: hash of its voxels and grid, whatever format they came in.
    pub ct: Source,
    /// Labels of another program, where they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Source>,
    /// Mapping file for those labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_mapping: Option<Source>,
    /// Manifest of the network that found the structures, where one did; it names the hash of its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Source>,
    /// What densities are calibrated by, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Source>,
    /// Folder of the user's own implants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implants: Option<Source>,
    /// What placement was to aim at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<PlanOptions>,
    /// What was to be simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<SimulationOptions>,
    /// What of muscles and loads was to be simulated, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loads: Option<LoadOptions>,
    /// The user's own motion among the loads, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<MotionSources>,
}

/// Files of a user's own motion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotionSources {
    /// The motion.
    pub motion: Source,
    /// Which columns push on which body.
    pub external_loads: Source,
    /// The table of these.
    pub forces: Source,
}

impl CaseInput {
    /// A CT alone.
    pub fn of_ct(ct: Source) -> Self {
        CaseInput {
            ct,
            series: None,
            seed: None,
            side: None,
            labels: None,
            label_mapping: None,
            network: None,
            calibration: None,
            implants: None,
            options: None,
            simulation: None,
            loads: None,
            motion: None,
        }
    }

    /// Everything that was read, by its role.
    pub fn sources(&self) -> impl Iterator<Item = (&'static str, &Source)> {
        let given = [
            ("labels", &self.labels),
            ("label mapping", &self.label_mapping),
            ("network", &self.network),
            ("calibration", &self.calibration),
            ("own implants", &self.implants),
        ];
        let given = given.into_iter().filter_map(|(role, source)| Some((role, source.as_ref()?)));
        let motion = self.motion.iter().flat_map(|own| {
            [
                ("own motion", &own.motion),
                ("its external loads", &own.external_loads),
                ("their table", &own.forces),
            ]
        });
        std::iter::once(("CT, voxels and grid", &self.ct)).chain(given).chain(motion)
    }
}

/// One thing that a case was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Where it was; absent for the built-in virtual patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// BLAKE3 of its content.
    pub blake3: String,
}

impl Source {
    /// A file, with the hash of its bytes.
    pub fn file(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|e| file_error("read", path, &e))?;
        Source::at(path, blake3::hash(&bytes).to_hex().to_string())
    }

    /// A folder of the user's own implants, with the hash of the names and bytes of what describes them.
    pub fn implants(folder: &Path) -> Result<Self> {
        let entries = fs::read_dir(folder).map_err(|e| file_error("open", folder, &e))?;
        let mut files: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|p| p.is_file()).collect();
        files.sort();
        let mut hasher = blake3::Hasher::new();
        for file in files {
            let ending = file.extension().unwrap_or_default().to_ascii_lowercase();
            if ["toml", "stl", "ply"].iter().any(|known| ending == *known) {
                hasher.update(file.file_name().unwrap_or_default().as_encoded_bytes());
                let bytes = fs::read(&file).map_err(|e| file_error("read", &file, &e))?;
                hasher.update(blake3::hash(&bytes).as_bytes());
            }
        }
        Source::at(folder, hasher.finalize().to_hex().to_string())
    }

    /// A path, made absolute so that the case can be carried on from any folder, with a hash that is known already.
    pub fn at(path: &Path, blake3: String) -> Result<Self> {
        let path = std::path::absolute(path)
            .with_context(|| format!("cannot resolve the path {}", path.display()))?;
        Ok(Source { path: Some(path), blake3 })
    }
}

/// Why the record of a case cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The folder is no case.
    #[error("{0}")]
    NotACase(String),
    /// A newer program wrote it.
    #[error(
        "{path} has form {found}; this program ({}) reads forms up to {FORMAT}: use a newer Coxa",
        version()
    )]
    Newer {
        /// The record.
        path: String,
        /// Its form.
        found: u32,
    },
    /// It cannot be read or is damaged.
    #[error("{0}")]
    Damaged(String),
}

/// Reads `case.toml` of a folder.
///
/// # Errors
/// Any [`RecordError`].
pub fn read_record(folder: &Path) -> Result<CaseRecord, RecordError> {
    let path = folder.join("case.toml");
    if folder.is_file() {
        let parent = folder.parent();
        let parent = parent.map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
        return Err(RecordError::NotACase(match parent {
            Some(case) if case.join("case.toml").is_file() => format!(
                "{} is a file of a case; give the case's folder: {}",
                folder.display(),
                case.display()
            ),
            _ => format!("{} is a file; give the folder of a case", folder.display()),
        }));
    }
    if folder.is_dir() && !path.exists() {
        let text = format!("{} is no case: it holds no case.toml", folder.display());
        return Err(RecordError::NotACase(text));
    }
    let damaged = |e: anyhow::Error| RecordError::Damaged(message(&e));
    let text = fs::read_to_string(&path).map_err(|e| damaged(file_error("read", &path, &e)))?;
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let found = toml::from_str::<Format>(&text)
        .with_context(|| format!("{} is no case.toml: it names no format", path.display()))
        .map_err(damaged)?
        .format;
    if found > FORMAT {
        return Err(RecordError::Newer { path: path.display().to_string(), found });
    }
    let record: CaseRecord = toml::from_str(&text)
        .with_context(|| format!("{} is damaged; plan the CT anew into another folder", path.display()))
        .map_err(damaged)?;
    if let Some(simulation) = &record.input.simulation {
        let checked = simulation.check();
        checked.with_context(|| format!("{}, [input.simulation]", path.display())).map_err(damaged)?;
    }
    if let Some(loads) = &record.input.loads {
        let checked = loads.check();
        checked.with_context(|| format!("{}, [input.loads]", path.display())).map_err(damaged)?;
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let mapping = folder.path().join("mapping.toml");
        fs::write(&mapping, "1 = \"sacrum\"").unwrap();
        let ct = Source { path: None, blake3: "0123".into() };
        let input = CaseInput {
            seed: Some(4),
            side: Some(Side::Left),
            label_mapping: Some(Source::file(&mapping).unwrap()),
            options: Some(PlanOptions { stem_family: Some("short".into()), ..PlanOptions::default() }),
            ..CaseInput::of_ct(ct)
        };
        assert_eq!(input.sources().count(), 2);
        let stages = BTreeMap::from([("labels".into(), "key".into())]);
        let record = CaseRecord { format: FORMAT, program_version: version(), stages, input };
        fs::write(folder.path().join("case.toml"), toml::to_string(&record).unwrap()).unwrap();
        assert_eq!(read_record(folder.path()).unwrap(), record);
    }

    #[test]
    fn implants_are_told_apart_by_what_describes_them() {
        let folder = tempfile::tempdir().unwrap();
        let hash = || Source::implants(folder.path()).unwrap().blake3;
        fs::write(folder.path().join("stem.toml"), "a").unwrap();
        let first = hash();
        fs::write(folder.path().join("notes.txt"), "x").unwrap();
        assert_eq!(hash(), first);
        fs::write(folder.path().join("stem.stl"), "solid").unwrap();
        assert_ne!(hash(), first);
    }
}
