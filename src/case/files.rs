//! The files of a case, one function per stage.

use super::Case;
use crate::failure::file_error;
use anyhow::{Context, Result};
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::mesh::ply;
use coxa_geometry::{Finding, Mesh, frame};
use coxa_imaging::{CtVolume, LabelMap, Volume, nifti};
use coxa_planner::report::Report;
use coxa_planner::{Planned, Simulation, document};
use serde::Serialize;

const GRID_TOLERANCE_MM: f64 = 1e-3;

impl Case {
    /// Our own labels with their findings, if an earlier run finished them on this CT.
    pub fn load_labels(&self, ct: &CtVolume) -> Result<Option<(LabelMap, Vec<Finding>)>> {
        if !self.is_done("labels", "own") {
            return Ok(None);
        }
        let labels = nifti::read_labels(&self.folder().join("labels.nii.gz"))?;
        let path = self.folder().join("findings.json");
        let text = std::fs::read_to_string(&path).map_err(|e| file_error("read", &path, &e))?;
        let findings: std::collections::BTreeMap<String, Vec<Finding>> =
            serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))?;
        let usable = labels.volume.grid.matches(&ct.grid, GRID_TOLERANCE_MM);
        Ok(usable.then(|| (labels, findings.get("bones").cloned().unwrap_or_default())))
    }

    /// `labels.nii.gz`, `labels.json`, `uncertainty.nii.gz` and the bones in `surfaces/`.
    pub fn save_bones(
        &mut self,
        labels: &LabelMap,
        uncertainty: Option<&Volume<u8>>,
        surfaces: &BoneSurfaces,
        findings: &[Finding],
        origin: &str,
    ) -> Result<()> {
        self.write_with("labels.nii.gz", |path| Ok(nifti::write_labels(&labels.volume, path)?))?;
        self.write_json("labels.json", &labels.table)?;
        match uncertainty {
            Some(u) => self.write_with("uncertainty.nii.gz", |path| Ok(nifti::write_labels(u, path)?))?,
            None => self.remove("uncertainty.nii.gz")?,
        }
        for (bone, mesh) in surfaces {
            self.save_mesh(bone.name(), mesh)?;
        }
        self.set_findings("bones", findings)?;
        self.set_done("labels", origin)
    }

    /// `anatomy.json`.
    pub fn save_anatomy(&mut self, anatomy: &HipAnatomy) -> Result<()> {
        self.write_json("anatomy.json", anatomy)?;
        self.set_findings("anatomy", &anatomy.findings)
    }

    /// `plan.toml`, `rom.json` and the implants in `surfaces/`; where planning was refused, the files of an earlier
    /// plan go, so that a case never shows a plan that does not hold.
    pub fn save_plan(
        &mut self,
        planned: Option<&Planned>,
        simulation: Option<&Simulation>,
        findings: &[Finding],
    ) -> Result<()> {
        match planned {
            Some(planned) => {
                self.write("plan.toml", document::to_toml(&planned.plan).as_bytes())?;
                for (name, mesh) in &planned.implants {
                    self.save_mesh(&format!("implant_{name}"), mesh)?;
                }
                for (bone, mesh) in &planned.bones {
                    self.save_mesh(&format!("planned_{}", bone.name()), mesh)?;
                }
            }
            None => self.remove("plan.toml")?,
        }
        match simulation {
            Some(simulation) => self.write_json("rom.json", simulation)?,
            None => self.remove("rom.json")?,
        }
        self.set_findings("plan", findings)
    }

    /// `report.html` and `pictures/`.
    pub fn save_report(&mut self, report: &Report) -> Result<()> {
        for picture in &report.pictures {
            self.write(&format!("pictures/{}.png", picture.name), &picture.png)?;
        }
        self.write("report.html", report.html.as_bytes())
    }

    fn save_mesh(&self, name: &str, mesh: &Mesh<frame::Patient>) -> Result<()> {
        let mut bytes = Vec::new();
        ply::write(mesh, &mut bytes)
            .with_context(|| format!("the surface {name} cannot be written as PLY"))?;
        self.write(&format!("surfaces/{name}.ply"), &bytes)
    }

    fn set_findings(&mut self, stage: &str, findings: &[Finding]) -> Result<()> {
        self.findings.insert(stage.into(), findings.to_vec());
        self.write_json("findings.json", &self.findings)
    }

    fn write_json(&self, name: &str, value: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_string_pretty(value)
            .with_context(|| format!("{name} cannot be written as JSON"))?;
        text.push('\n');
        self.write(name, text.as_bytes())
    }
}
