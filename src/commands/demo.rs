//! `coxa demo`: the main job on the built-in virtual patient.

use super::plan;
use crate::cli::DemoArgs;
use crate::viewer::Scenes;
use anyhow::Result;
use coxa_case::folder::{Case, another_ct, another_side};
use coxa_case::input::Scan;
use coxa_case::pipeline::{self, PlanFrom};
use coxa_case::progress::Progress;
use coxa_case::request::Request;
use coxa_case::source::Source;
use coxa_case::stages::Stages;
use coxa_geometry::Side;
use coxa_planner::SimulationOptions;
use coxa_planner::placement::PlanOptions;

/// Runs the command.
pub fn run(args: &DemoArgs, progress: &dyn Progress) -> Result<()> {
    let side: Side = args.side.parse()?;
    let request = |ct: Source| Request {
        seed: Some(args.seed),
        side: Some(side),
        options: Some(PlanOptions::default()),
        simulation: Some(SimulationOptions::default()),
        ..Request::of_ct(ct)
    };
    // The patient of a case that is there is made anew only where its voxels are wanted.
    let earlier = Case::check_folder(&args.output)?.map(|record| record.input);
    let mut case;
    let mut stages = match earlier {
        Some(earlier) if earlier.seed != Some(args.seed) => return Err(another_ct(&args.output, None)),
        Some(Request { side: Some(was), .. }) if was != side => {
            return Err(another_side(&args.output, was, side));
        }
        Some(earlier) => {
            case = Case::create(&args.output, request(earlier.ct))?;
            Stages::of_case(&mut case, None, progress)?
        }
        None => {
            let scan = Scan::virtual_patient(args.seed, side, progress)?;
            case = Case::create(&args.output, request(scan.source.clone()))?;
            Stages::of_scan(&mut case, scan, progress)?
        }
    };
    let outcome = pipeline::run(&mut stages, PlanFrom::Rule, Scenes::default().drawn())?;
    plan::show(&outcome, &args.output, args.json)
}
