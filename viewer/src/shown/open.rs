//! From a case folder to what is shown.

use super::{Shown, parts};
use anyhow::{Context, Result, bail};
use coxa::case::{self, CaseInput};
use coxa::input;
use coxa::progress::Progress;
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::{Finding, Side};
use coxa_imaging::source::{self, ReadOptions};
use coxa_imaging::{CtVolume, LabelMap};
use coxa_planner::placement::{PlanningInput, realise};
use coxa_planner::{Planned, document};
use std::path::Path;

const GRID_TOLERANCE_MM: f64 = 1e-3;

/// Opens a case and carries its plan out, so that implants and numbers are those of `plan.toml` as it stands.
///
/// # Errors
/// A folder that is no case, a case whose CT is gone or another, and files that cannot be read; each says what to do.
pub fn open(folder: &Path, progress: &Progress) -> Result<Shown> {
    let record = case::read_record(folder)?.input;
    let anatomy = case::read_anatomy(folder)?;
    let surfaces = case::read_bones(folder)?;
    let ct = read_ct(&record, progress)?;
    let labels = progress.stage("reading labels", |_| read_labels(folder, &ct))?;
    let (side, planned, findings) = carry_out(folder, &record, &ct, &labels, &surfaces, &anatomy, progress)?;
    let parts = progress.stage("making surfaces", |_| parts(side, &surfaces, planned.as_ref(), &labels));
    Ok(Shown { side, ct, labels, surfaces, anatomy, planned, findings, parts })
}

/// The CT from where the case says it is.
fn read_ct(record: &CaseInput, progress: &Progress) -> Result<CtVolume> {
    let ct = match (&record.ct.path, record.seed) {
        (Some(path), _) => {
            let options = ReadOptions { series: record.series.clone() };
            let opened = progress.stage("reading the CT", |_| source::open(path, &options));
            opened.context("the CT of this case cannot be read; has it been moved? Name it: coxa plan CT --from CASE/plan.toml")?.ct
        }
        (None, Some(seed)) => input::virtual_patient(seed, record.side.unwrap_or(Side::Right), progress)?.ct,
        (None, None) => bail!("case.toml names neither a CT nor a virtual patient"),
    };
    if input::content_hash(&ct) != record.ct.blake3 {
        bail!("the CT is not the one that the case was made from (its content hash differs)");
    }
    Ok(ct)
}

fn read_labels(folder: &Path, ct: &CtVolume) -> Result<LabelMap> {
    let path = folder.join("labels.nii.gz");
    let mut labels = case::read_labels(folder)?;
    if !labels.volume.grid.matches(&ct.grid, GRID_TOLERANCE_MM) {
        bail!("{} does not lie on the grid of the CT; plan the CT anew", path.display());
    }
    labels.volume.grid = ct.grid.clone();
    Ok(labels)
}

/// The side, the plan carried out, and what there is to say of it. A plan that cannot be carried out is no error: the
/// patient is shown, with the reason.
fn carry_out(
    folder: &Path,
    record: &CaseInput,
    ct: &CtVolume,
    labels: &LabelMap,
    surfaces: &BoneSurfaces,
    anatomy: &HipAnatomy,
    progress: &Progress,
) -> Result<(Side, Option<Planned>, Vec<Finding>)> {
    let path = folder.join("plan.toml");
    if !path.exists() {
        return Ok((record.side.unwrap_or(Side::Right), None, anatomy.findings.clone()));
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let (catalogue, _) = input::catalogue(None, record.implants.as_ref())?;
    let plan = document::from_toml(&text, &catalogue)
        .with_context(|| format!("{} cannot be carried out", path.display()))?;
    let side = plan.side;
    let options = record.options.clone().unwrap_or_default();
    let input = PlanningInput { grid: &ct.grid, labels, surfaces, anatomy, findings: &[], side, options };
    Ok(match progress.stage("carrying out the plan", |_| realise(&plan, &input, &catalogue)) {
        Ok(planned) => {
            let findings = planned.findings.clone();
            (side, Some(planned), findings)
        }
        Err(refusal) => (side, None, refusal.findings),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_case_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let error = open(folder.path(), &Progress::new(true)).err().unwrap().to_string();
        assert!(error.contains("case.toml"), "{error}");
        std::fs::write(folder.path().join("case.toml"), "format = 99\n").unwrap();
        let error = open(folder.path(), &Progress::new(true)).err().unwrap().to_string();
        assert!(error.contains("99"), "{error}");
    }
}
