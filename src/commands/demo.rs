//! `coxa demo`: the main job on the built-in virtual patient.

use super::plan::{self, Job};
use crate::cli::DemoArgs;
use crate::viewer::Scenes;
use anyhow::Result;
use coxa_case::input;
use coxa_case::pipeline::Optimise;
use coxa_case::progress::Progress;
use coxa_planner::SimulationOptions;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::PlanOptions;

/// Runs the command.
pub fn run(args: &DemoArgs, progress: &dyn Progress) -> Result<()> {
    let side = args.side.parse()?;
    let job = Job {
        input: input::virtual_patient(args.seed, side, progress)?,
        side,
        plan: None,
        options: PlanOptions::default(),
        optimise: Optimise::No,
        simulation: SimulationOptions::default(),
        loads: None,
        motion: None,
        catalogue: Catalogue::builtin(),
        folder: &args.output,
        scenes: Scenes::default(),
    };
    plan::show(&plan::carry_out(job, progress)?, &args.output, args.json)
}
