//! `coxa report`: the report of a case anew, from the case as it stands.

use super::plan;
use crate::case;
use crate::cli::{CtArgs, ReportArgs};
use crate::failure::file_error;
use crate::progress::Progress;
use anyhow::{Context, Result};
use coxa_planner::document;
use coxa_planner::placement::PlanOptions;

/// Runs the command: the case's own plan, edited or not, on the case's own CT.
pub fn run(args: &ReportArgs, progress: &Progress) -> Result<()> {
    let record = case::read_record(&args.case)?.input;
    let catalogue = plan::catalogue(args.implants.as_deref())?;
    let path = args.case.join("plan.toml");
    let plan = if path.exists() {
        let text = std::fs::read_to_string(&path).map_err(|e| file_error("read", &path, &e))?;
        let plan = document::from_toml(&text, &catalogue);
        Some(plan.with_context(|| format!("{} cannot be carried out", path.display()))?)
    } else {
        None
    };
    let side = plan
        .as_ref()
        .map(|plan| plan.side)
        .or(record.side)
        .context("this case was only segmented; plan it first: coxa plan CT --side SIDE -o CASE")?;
    let anything = CtArgs { series: None, labels: None, label_mapping: None };
    let input = plan::reread(None, record, &anything, progress)?;
    plan::carry_out(input, side, plan, PlanOptions::default(), &catalogue, &args.case, false, progress)
}
