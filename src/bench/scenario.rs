//! What a hip of a study costs, by stages, and what a study adds to its hips.

use super::BenchReport;
use anyhow::{Result, anyhow};
use coxa_planner::SimulationOptions;
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::{self, LoadOptions};
use coxa_planner::placement::{PlanOptions, PreparedHip};
use coxa_planner::simulate::simulate;
use coxa_scenario::engine;
use coxa_scenario::hip::CohortHip;
use coxa_scenario::store::Store;
use coxa_scenario::study::VirtualCohort;
use coxa_scenario::variable::Patient;
use coxa_synthetic::Template;
use cpu_time::ProcessTime;
use std::ops::Range;
use std::time::Instant;

/// Twelve motions and six activities are simulated, and the loads of level walking.
const ACTIVITIES: [&str; 6] = ["walking", "stairs_up", "sitting_down", "chair_rise", "squat", "shoe_tying"];
const SECONDS_AN_HOUR: f64 = 3600.0;

/// Measures so many hips on one core by stages, then as a study on all cores.
pub fn run(hips: u64) -> Result<BenchReport> {
    let mut report = BenchReport::new("scenario", format!("{hips} virtual hips with osteoarthritis"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let stages = pool.install(|| stages(hips))?;
    let total: f64 = stages.iter().map(|(_, seconds)| seconds).sum();
    for (name, seconds) in &stages {
        report.push(format!("{name}_cpu_seconds_a_hip"), seconds / hips as f64);
    }
    report.push("cpu_seconds_a_hip", total / hips as f64);
    for (name, seconds) in &stages {
        report.push(format!("{name}_percent"), 100.0 * seconds / total);
    }
    study(hips, &mut report)?;
    if let Some(mb) = most_memory_mb() {
        report.push("most_memory_mb", mb);
    }
    Ok(report)
}

/// Processor time of each stage over all hips.
fn stages(hips: u64) -> Result<Vec<(&'static str, f64)>> {
    let template = Template::shipped()?;
    let catalogue = Catalogue::builtin();
    let cohort: VirtualCohort = toml::from_str("count = 1\ndisease = \"osteoarthritis\"")?;
    let motion =
        SimulationOptions { activities: ACTIVITIES.map(String::from).to_vec(), ..Default::default() };
    let walking = LoadOptions { activities: vec!["walking".into()], samples: 0, ..Default::default() };
    let mut spent = [0.0; 4];
    for seed in 0..hips {
        let mut last = ProcessTime::now();
        let mut lap = |stage: usize| {
            spent[stage] += last.elapsed().as_secs_f64();
            last = ProcessTime::now();
        };
        let hip = CohortHip::of_seed(&template, &cohort, seed, &Patient::default())?;
        lap(0);
        let refused = |error: coxa_planner::placement::Refusal| anyhow!("seed {seed}: {error}");
        let prepared = PreparedHip::new(hip.planning(PlanOptions::default())).map_err(refused)?;
        let planned = prepared.place(&catalogue).map_err(refused)?;
        lap(1);
        simulate(&planned, &hip.anatomy, &motion, &|_| {})?;
        lap(2);
        loads::simulate(&planned, &hip.anatomy, &walking, None)?;
        lap(3);
    }
    Ok(["anatomy", "plan", "motion", "loads"].into_iter().zip(spent).collect())
}

/// A study of the same hips: hips an hour, what keeping and merging cost, and whether more hips cost more each.
fn study(hips: u64, report: &mut BenchReport) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let activities = ACTIVITIES.map(|name| format!("\"activity.{name}.clearance\"")).join(", ");
    let text = format!(
        "format = 1\ntitle = \"bench\"\nkeep = [\"motion.*\", {activities}, \"load.walking.peak\"]\n[cohort]\nkind = \"virtual\"\ncount = {hips}\ndisease = \"osteoarthritis\"\n"
    );
    let file = scratch.path().join("study.toml");
    std::fs::write(&file, text)?;
    let wall = Instant::now();
    let store = Store::start(&file, &scratch.path().join("out"), |_| Ok(()))?;
    let run = |blocks: Range<u64>| -> Result<f64> {
        let start = ProcessTime::now();
        let ran = engine::run(&store, blocks, &|_| {}, &|| false)?;
        Ok(start.elapsed().as_secs_f64() / ran.made.max(1) as f64)
    };
    let few = run(0..hips.min(10))?;
    let many = if hips > 10 { run(10..hips)? } else { few };
    let start = ProcessTime::now();
    store.merge(false)?;
    let merging = start.elapsed().as_secs_f64();
    report.push("hips_an_hour_on_all_cores", SECONDS_AN_HOUR * hips as f64 / wall.elapsed().as_secs_f64());
    report.push("later_hips_over_first_ten", many / few);
    report.push("merge_percent", 100.0 * merging / (many * hips as f64));
    Ok(())
}

/// Most memory that this process has had, where the system says so.
fn most_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}
