//! The files of a case, one function per stage.

use super::{Case, PLAN, text_hash};
use crate::failure::file_error;
use anyhow::{Context, Result, bail};
use coxa_anatomy::muscle::MuscleTrust;
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::mesh::ply;
use coxa_geometry::{Finding, Mesh, frame};
use coxa_imaging::{CtVolume, LabelMap, Volume, nifti};
use coxa_planner::loads::Loads;
use coxa_planner::optimise::{self, Evaluation, Optimisation};
use coxa_planner::report::Report;
use coxa_planner::simulate::MAP_FILE;
use coxa_planner::{Planned, Simulated};
use serde::{Deserialize, Serialize};
use std::path::Path;

const GRID_TOLERANCE_MM: f64 = 1e-3;
/// What the optimiser found.
const TRUST_FILE: &str = "muscles.json";
const OPTIMISATION_FILE: &str = "optimise.json";
/// Muscles and loads.
pub(super) const LOADS_FILE: &str = "loads.json";

/// What the labels of a case were made by and are now; labels that somebody edited no longer match it.
fn label_key(origin: &str, file: &[u8]) -> String {
    format!("{origin} {}", blake3::hash(file).to_hex())
}

/// What planning leaves in a case.
pub struct Results<'a> {
    /// Text of `plan.toml`: the user's own where an edited plan was carried out, `None` where there is no plan.
    pub plan_document: Option<&'a str>,
    /// The plan carried out, unless it was refused.
    pub planned: Option<&'a Planned>,
    /// Its simulation.
    pub simulation: Option<&'a Simulated>,
    /// Its loads, where they were asked for.
    pub loads: Option<&'a Loads>,
    /// What the optimiser found, where it was asked.
    pub optimisation: Option<&'a Optimisation>,
    /// Findings of planning and simulation.
    pub findings: &'a [Finding],
    /// The report.
    pub report: &'a Report,
}

/// What the optimiser found for a case, if it was asked since the bones were last found.
///
/// # Errors
/// A file that is damaged, or written by a newer program.
pub fn read_optimisation(folder: &Path) -> Result<Option<Optimisation>> {
    let path = folder.join(OPTIMISATION_FILE);
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(|e| file_error("read", &path, &e))?;
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let damaged = || format!("{} is damaged; remove it and optimise the case again", path.display());
    let found = serde_json::from_str::<Format>(&text).with_context(damaged)?.format;
    if found > optimise::FORMAT {
        bail!(
            "{} has form {found}; this program ({}) reads forms up to {}: use a newer Coxa",
            path.display(),
            crate::folder::version(),
            optimise::FORMAT
        );
    }
    serde_json::from_str(&text).with_context(damaged).map(Some)
}

/// Labels of an earlier run.
pub struct KeptLabels {
    /// The label map.
    pub labels: LabelMap,
    /// How far its muscles are to be trusted.
    pub trust: Vec<MuscleTrust>,
    /// Findings of the segmentation.
    pub findings: Vec<Finding>,
}

impl Case {
    /// The labels of this origin with their findings, if an earlier run finished them on this CT and nobody changed them since.
    ///
    /// # Errors
    /// Labels that cannot be read: something cut or damaged the file since.
    pub fn load_labels(&self, ct: &CtVolume, origin: &str) -> Result<Option<KeptLabels>> {
        let path = self.folder().join("labels.nii.gz");
        if !self.is_known("labels") || !path.exists() {
            return Ok(None);
        }
        let file = std::fs::read(&path).map_err(|e| file_error("read", &path, &e))?;
        let mut labels = nifti::read_labels(&path).with_context(|| {
            format!("{} is damaged; remove it, and the bones are found anew", path.display())
        })?;
        let findings =
            self.findings.get("bones").filter(|_| self.is_done("labels", &label_key(origin, &file)));
        let (Some(findings), true) = (findings, labels.volume.grid.matches(&ct.grid, GRID_TOLERANCE_MM))
        else {
            return Ok(None);
        };
        // NIfTI keeps fewer digits of the grid than the CT has in memory.
        labels.volume.grid = ct.grid.clone();
        let path = self.folder().join(TRUST_FILE);
        let trust = match path.exists() {
            true => {
                let text = std::fs::read_to_string(&path).map_err(|e| file_error("read", &path, &e))?;
                serde_json::from_str(&text).with_context(|| {
                    format!(
                        "{} is damaged; remove it and labels.nii.gz, and muscles are found anew",
                        path.display()
                    )
                })?
            }
            false => Vec::new(),
        };
        Ok(Some(KeptLabels { labels, trust, findings: findings.clone() }))
    }

    /// `labels.nii.gz`, `labels.json`, `uncertainty.nii.gz`, `muscles.json` and the bones in `surfaces/`.
    pub fn save_bones(
        &mut self,
        labels: &LabelMap,
        uncertainty: Option<&Volume<u8>>,
        surfaces: &BoneSurfaces,
        trust: &[MuscleTrust],
        findings: &[Finding],
        origin: &str,
    ) -> Result<()> {
        self.set_undone("labels")?;
        // Bones that change make an earlier plan's report untrue.
        self.set_undone("report")?;
        self.remove("report.html")?;
        let mut key = String::new();
        self.write_with("labels.nii.gz", |path| {
            nifti::write_labels(&labels.volume, path)?;
            key = label_key(origin, &std::fs::read(path).map_err(|e| file_error("read", path, &e))?);
            Ok(())
        })?;
        self.write_json("labels.json", &labels.table)?;
        match uncertainty {
            Some(u) => self.write_with("uncertainty.nii.gz", |path| Ok(nifti::write_labels(u, path)?))?,
            None => self.remove("uncertainty.nii.gz")?,
        }
        match trust.is_empty() {
            true => self.remove(TRUST_FILE)?,
            false => self.write_json(TRUST_FILE, &trust)?,
        }
        for (bone, mesh) in surfaces {
            self.save_mesh(bone.name(), mesh)?;
        }
        self.keep_only("surfaces", |name| {
            surfaces.keys().any(|bone| name == format!("{}.ply", bone.name()))
        })?;
        self.remove("rom.json")?;
        self.remove(MAP_FILE)?;
        self.remove(OPTIMISATION_FILE)?;
        self.remove(LOADS_FILE)?;
        self.set_findings("bones", findings);
        self.write_json("findings.json", &self.findings)?;
        self.set_done("labels", &key)
    }

    /// `anatomy.json`.
    pub fn save_anatomy(&mut self, anatomy: &HipAnatomy) -> Result<()> {
        self.set_findings("anatomy", &anatomy.findings);
        self.write_json("findings.json", &self.findings)?;
        self.write_json("anatomy.json", anatomy)
    }

    /// All that planning left: `plan.toml`, implants and cut bones in `surfaces/`, `rom.json`, `report.html` and `pictures/`.
    ///
    /// The old report goes before the first of them is written and the new one comes last, so that a run that is killed
    /// in between never leaves a report beside a plan that it does not tell of.
    pub fn save_results(&mut self, results: &Results<'_>) -> Result<()> {
        self.set_undone("report")?;
        self.remove("report.html")?;
        self.save_plan(results.plan_document)?;
        self.save_planned_surfaces(results.planned)?;
        self.save_simulation(results.simulation)?;
        match results.loads {
            Some(loads) => self.write_json(LOADS_FILE, loads)?,
            None => self.remove(LOADS_FILE)?,
        }
        match results.optimisation {
            Some(optimisation) => self.write_json(OPTIMISATION_FILE, optimisation)?,
            None => self.remove(OPTIMISATION_FILE)?,
        }
        self.set_findings("plan", results.findings);
        self.write_json("findings.json", &self.findings)?;
        self.save_report(results.report)
    }

    /// The report alone, of results that are saved already.
    pub fn save_report(&mut self, report: &Report) -> Result<()> {
        for picture in &report.pictures {
            self.write(&format!("pictures/{}.png", picture.name), &picture.png)?;
        }
        let names: Vec<String> = report.pictures.iter().map(|p| format!("{}.png", p.name)).collect();
        self.keep_only("pictures", |name| names.iter().any(|n| n == name))?;
        self.write("report.html", report.html.as_bytes())?;
        self.set_done("report", &crate::folder::version())
    }

    /// Whether the case holds what the optimiser found.
    pub fn has_optimisation(&self) -> bool {
        self.folder().join(OPTIMISATION_FILE).exists()
    }

    /// `plan_by_rule.toml`: the plan that the optimiser started from.
    pub fn save_plan_by_rule(&self, document: &str) -> Result<()> {
        self.write("plan_by_rule.toml", document.as_bytes())
    }

    /// `evaluation.json`.
    pub fn save_evaluation(&self, evaluation: &Evaluation) -> Result<()> {
        self.write_json("evaluation.json", evaluation)
    }

    /// `plan.toml`, with its hash in the record, by which later edits are known.
    fn save_plan(&mut self, document: Option<&str>) -> Result<()> {
        self.set_undone(PLAN)?;
        match document {
            Some(text) => {
                self.write("plan.toml", text.as_bytes())?;
                self.set_done(PLAN, &text_hash(text))
            }
            None => self.remove("plan.toml"),
        }
    }

    /// `rom.json` and, where there is one, the map; the map first, so that no `rom.json` names a file that is not there.
    fn save_simulation(&self, simulated: Option<&Simulated>) -> Result<()> {
        self.remove("rom.json")?;
        match simulated.and_then(|simulated| simulated.map.as_ref()) {
            Some(map) => self.write_with(MAP_FILE, |path| Ok(nifti::write_labels(&map.labels(), path)?))?,
            None => self.remove(MAP_FILE)?,
        }
        match simulated {
            Some(simulated) => self.write_json("rom.json", &simulated.results),
            None => Ok(()),
        }
    }

    fn save_planned_surfaces(&self, planned: Option<&Planned>) -> Result<()> {
        let mut written = Vec::new();
        if let Some(planned) = planned {
            for (name, mesh) in &planned.implants {
                written.push(self.save_mesh(&format!("implant_{name}"), mesh)?);
            }
            for (bone, mesh) in &planned.bones {
                written.push(self.save_mesh(&format!("planned_{}", bone.name()), mesh)?);
            }
        }
        self.keep_only("surfaces", |name| {
            let of_a_plan = name.starts_with("implant_") || name.starts_with("planned_");
            !of_a_plan || written.iter().any(|file| file == name)
        })
    }

    /// Writes a surface and returns the name of its file.
    fn save_mesh(&self, name: &str, mesh: &Mesh<frame::Patient>) -> Result<String> {
        let mut bytes = Vec::new();
        ply::write(mesh, &mut bytes)
            .with_context(|| format!("the surface {name} cannot be written as PLY"))?;
        let file = format!("{name}.ply");
        self.write(&format!("surfaces/{file}"), &bytes)?;
        Ok(file)
    }

    /// Keeps what a stage had to say for `findings.json`, which is written with the files of the next stage.
    pub fn set_findings(&mut self, stage: &str, findings: &[Finding]) {
        self.findings.insert(stage.into(), findings.to_vec());
    }

    fn write_json(&self, name: &str, value: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_string_pretty(value)
            .with_context(|| format!("{name} cannot be written as JSON"))?;
        text.push('\n');
        self.write(name, text.as_bytes())
    }
}
