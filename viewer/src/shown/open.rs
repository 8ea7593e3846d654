//! From a case to what is shown of it.

use super::soft::SoftTissue;
use super::{Group, Shown, parts};
use crate::session::CaseData;
use anyhow::{Result, anyhow, bail};
use coxa_case::input::Scan;
use coxa_case::progress::Progress;
use coxa_geometry::Finding;
use coxa_planner::Planned;
use coxa_planner::placement::realise;
use std::sync::Arc;

const GRID_TOLERANCE_MM: f64 = 1e-3;

/// Reads what is seen of a case and carries its plan out, so that implants and numbers are those of `plan.toml` as it stands. Surfaces of soft
/// tissue come later: see [`Shown::take_in_soft_tissue`].
///
/// # Errors
/// A case whose CT is gone or another, and files that cannot be read; each says what to do.
pub fn open(case: &Arc<CaseData>, progress: &dyn Progress) -> Result<Shown> {
    let ct = Scan::again(case.input(), progress)?.ct;
    let labels = progress.stage("reading labels", |_| case.labels()).map_err(|e| anyhow!(e))?;
    if !labels.volume.grid.matches(&ct.grid, GRID_TOLERANCE_MM) {
        let folder = case.folder().display();
        bail!("the labels of {folder} do not match the voxel grid of the CT; plan the CT again");
    }
    let surfaces = Arc::new(case.bones().map_err(|e| anyhow!(e))?.clone());
    let (planned, findings) = carry_out(case, progress)?;
    let (side, is_planned) = (case.side(), planned.is_some());
    let parts = progress.stage("making surfaces", |_| parts::scanned(side, &surfaces, is_planned, labels));
    let is_soft =
        |name: &String| parts.iter().any(|part| part.group == Group::SoftTissue && part.name == *name);
    let soft = labels.table.iter().filter(|label| is_soft(&label.name));
    let soft: Vec<(u8, String)> = soft.map(|label| (label.id, label.name.clone())).collect();
    let anatomy = Arc::new(case.anatomy().clone());
    let mut shown = Shown {
        side,
        ct,
        surfaces,
        anatomy,
        planned: None,
        plan_count: 0,
        findings,
        parts,
        folder: case.folder().to_owned(),
        uncertainty: Arc::default(),
        soft: (!soft.is_empty()).then(|| Arc::new(SoftTissue::begin(case.clone(), soft))),
    };
    if let Some(planned) = planned {
        shown.follow(Arc::new(planned));
    }
    Ok(shown)
}

/// The plan carried out, and what there is to say of it. A plan that cannot be carried out is no error: the patient is shown, with
/// the reason.
fn carry_out(case: &CaseData, progress: &dyn Progress) -> Result<(Option<Planned>, Vec<Finding>)> {
    let Some(saved) = case.plan() else { return Ok((None, case.anatomy().findings.clone())) };
    let input = case.planning().map_err(|e| anyhow!(e))?;
    let carried = progress.stage("applying the plan", |_| realise(&saved.plan, &input, case.catalogue()));
    Ok(match carried {
        Ok(planned) => (Some(planned), Vec::new()),
        Err(refusal) => (None, refusal.findings),
    })
}
