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

/// What the labels of a case were made by and are now; labels that somebody edited no longer match it.
fn label_key(origin: &str, file: &[u8]) -> String {
    format!("{origin} {}", blake3::hash(file).to_hex())
}

impl Case {
    /// Our own labels with their findings, if an earlier run finished them on this CT and nobody changed them since.
    pub fn load_labels(&self, ct: &CtVolume) -> Option<(LabelMap, Vec<Finding>)> {
        let path = self.folder().join("labels.nii.gz");
        let key = label_key("own", &std::fs::read(&path).ok()?);
        let findings = self.findings.get("bones").filter(|_| self.is_done("labels", &key))?;
        let mut labels = nifti::read_labels(&path).ok()?;
        if !labels.volume.grid.matches(&ct.grid, GRID_TOLERANCE_MM) {
            return None;
        }
        // NIfTI keeps fewer digits of the grid than the CT has in memory.
        labels.volume.grid = ct.grid.clone();
        Some((labels, findings.clone()))
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
        self.set_undone("labels")?;
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
        for (bone, mesh) in surfaces {
            self.save_mesh(bone.name(), mesh)?;
        }
        self.keep_only("surfaces", |name| {
            surfaces.keys().any(|bone| name == format!("{}.ply", bone.name()))
        })?;
        self.set_findings("bones", findings)?;
        self.set_done("labels", &key)
    }

    /// `anatomy.json`.
    pub fn save_anatomy(&mut self, anatomy: &HipAnatomy) -> Result<()> {
        self.write_json("anatomy.json", anatomy)?;
        self.set_findings("anatomy", &anatomy.findings)
    }

    /// `plan.toml`, `rom.json` and the implants in `surfaces/`. Files of an earlier plan go, so that a case never shows
    /// what does not hold; only a `plan.toml` that the user edited stays where it is refused, to be edited on.
    pub fn save_plan(
        &mut self,
        planned: Option<&Planned>,
        edited: bool,
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
            None if edited => {}
            None => self.remove("plan.toml")?,
        }
        let is_current = |name: &str| {
            let part = name.strip_prefix("implant_").and_then(|n| n.strip_suffix(".ply"));
            let bone = name.strip_prefix("planned_");
            match (part, bone, planned) {
                (Some(part), _, Some(planned)) => planned.implants.contains_key(part),
                (Some(_), ..) | (_, Some(_), None) => false,
                _ => true,
            }
        };
        self.keep_only("surfaces", is_current)?;
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
        let names: Vec<String> = report.pictures.iter().map(|p| format!("{}.png", p.name)).collect();
        self.keep_only("pictures", |name| names.iter().any(|n| n == name))?;
        self.write("report.html", report.html.as_bytes())?;
        self.set_done("report", &crate::case::version())
    }

    fn save_mesh(&self, name: &str, mesh: &Mesh<frame::Patient>) -> Result<()> {
        let mut bytes = Vec::new();
        ply::write(mesh, &mut bytes)
            .with_context(|| format!("the surface {name} cannot be written as PLY"))?;
        self.write(&format!("surfaces/{name}.ply"), &bytes)
    }

    /// Keeps what a stage had to say in `findings.json`.
    pub fn set_findings(&mut self, stage: &str, findings: &[Finding]) -> Result<()> {
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
