//! What each command costs on a finished case, in processor time.

use super::BenchReport;
use crate::viewer::Scenes;
use anyhow::Result;
use coxa_case::folder::Case;
use coxa_case::input::Scan;
use coxa_case::pipeline::{self, PlanFrom};
use coxa_case::progress::Silent;
use coxa_case::request::Request;
use coxa_case::stages::Stages;
use coxa_geometry::Side;
use coxa_planner::SimulationOptions;
use coxa_planner::loads::LoadOptions;
use coxa_planner::placement::PlanOptions;
use coxa_synthetic::TYPICAL_SEED;
use cpu_time::ProcessTime;
use std::path::Path;

/// Measures on a copy of a case, else on that of `coxa demo`. What the whole plan costs is the floor to compare with, where it is made here.
pub fn run(case: Option<&Path>) -> Result<BenchReport> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("case");
    let mut report = BenchReport::new("stages", "processor time of commands on a finished case");
    match case {
        Some(case) => copy(case, &folder)?,
        None => {
            let start = ProcessTime::now();
            demo(&folder)?;
            report.push("whole_plan_cpu_seconds", start.elapsed().as_secs_f64());
        }
    }
    let mut timed = |name: &str, work: &mut dyn FnMut(&mut Stages<'_>) -> Result<()>| -> Result<()> {
        let start = ProcessTime::now();
        let mut case = Case::open(&folder)?;
        let mut stages = Stages::of_case(&mut case, None, &Silent)?;
        work(&mut stages)?;
        report.push(format!("{name}_cpu_seconds"), start.elapsed().as_secs_f64());
        Ok(())
    };
    timed("open", &mut |stages| stages.make_anatomy())?;
    timed("carry_out_plan", &mut |stages| stages.planned().map(drop))?;
    let walking = SimulationOptions { activities: vec!["walking".into()], ..Default::default() };
    timed("rom_walking", &mut |stages| {
        stages.request_mut().simulation = Some(walking.clone());
        stages.keep_plan()?;
        stages.motion().map(drop)
    })?;
    // Motion was asked for anew, so contacts and page are drawn; the other pictures stand.
    let report_of =
        |stages: &mut Stages<'_>| pipeline::run(stages, PlanFrom::Case, Scenes::Auto.drawn()).map(drop);
    timed("report", &mut |stages| report_of(stages))?;
    let walking_loads = LoadOptions { activities: vec!["walking".into()], ..Default::default() };
    timed("load_walking", &mut |stages| {
        stages.request_mut().loads = Some(walking_loads.clone());
        stages.keep_plan()?;
        stages.loads().map(drop)
    })?;
    timed("report_with_loads", &mut |stages| report_of(stages))?;
    timed("report_again", &mut |stages| report_of(stages))?;
    Ok(report)
}

/// The case of `coxa demo`.
fn demo(folder: &Path) -> Result<()> {
    let scan = Scan::virtual_patient(TYPICAL_SEED, Side::Right, &Silent)?;
    let request = Request {
        seed: Some(TYPICAL_SEED),
        side: Some(Side::Right),
        options: Some(PlanOptions::default()),
        simulation: Some(SimulationOptions::default()),
        ..Request::of_ct(scan.source.clone())
    };
    let mut case = Case::create(folder, request)?;
    let mut stages = Stages::of_scan(&mut case, scan, &Silent)?;
    pipeline::run(&mut stages, PlanFrom::Rule, Scenes::Auto.drawn()).map(drop)
}

/// A copy, so that the case stays as it is.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (path, to) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() {
            copy(&path, &to)?;
        } else {
            std::fs::copy(&path, &to)?;
        }
    }
    Ok(())
}
