//! `coxa report`: the report of a case anew, from the case as it stands.

use super::optimise;
use super::plan::{self, Job};
use crate::cli::ReportArgs;
use crate::viewer::Scenes;
use anyhow::{Context, Result};
use coxa_case::failure::file_error;
use coxa_case::folder;
use coxa_case::input::{self, ReadAs};
use coxa_case::pipeline::{GivenPlan, Optimise};
use coxa_case::progress::Progress;
use coxa_planner::document;
use std::path::Path;

/// Runs the command.
pub fn run(args: &ReportArgs, progress: &dyn Progress) -> Result<()> {
    let mut job = job_of(&args.case, args.implants.as_deref(), progress)?;
    job.optimise = optimise::kept(&args.case)?;
    job.scenes = args.scenes;
    plan::show(&plan::carry_out(job, progress)?, &args.case, false)
}

/// The case's own plan, edited or not, on the case's own CT. A case whose plan was refused is asked the same again.
pub fn job_of<'a>(folder: &'a Path, implants: Option<&Path>, progress: &dyn Progress) -> Result<Job<'a>> {
    let record = folder::read_record(folder)?.input;
    let (catalogue, implants) = input::catalogue(implants, record.implants.as_ref())?;
    let path = folder.join("plan.toml");
    let plan = if path.exists() {
        let text = std::fs::read_to_string(&path).map_err(|e| file_error("read", &path, &e))?;
        let plan = document::from_toml(&text, &catalogue)
            .with_context(|| format!("{} cannot be carried out", path.display()))?;
        Some(GivenPlan { plan, text })
    } else {
        None
    };
    if let (Some(given), Some(of_case)) = (&plan, record.side) {
        plan::refuse_other_side(&path, given.plan.side, of_case)?;
    }
    let side = plan
        .as_ref()
        .map(|given| given.plan.side)
        .or(record.side)
        .context("this case was only segmented; plan it first: coxa plan CT --side SIDE -o CASE")?;
    let mut input = input::reread(None, record, &ReadAs::default(), progress)?;
    input.record.implants = implants;
    let options = input.record.options.clone().unwrap_or_default();
    let simulation = input.record.simulation.clone().unwrap_or_default();
    let loads = input.record.loads.clone();
    let motion = None;
    let optimise = Optimise::No;
    let scenes = Scenes::default();
    Ok(Job { input, side, plan, options, optimise, simulation, loads, motion, catalogue, folder, scenes })
}
