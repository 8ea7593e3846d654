//! What a hip of a study costs, by stages, and what a study adds to its hips.

use super::BenchReport;
use anyhow::{Result, anyhow, bail};
use coxa_planner::SimulationOptions;
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::{self, LoadOptions};
use coxa_planner::placement::{PlanOptions, PreparedHip};
use coxa_planner::simulate::simulate;
use coxa_scenario::engine;
use coxa_scenario::hip::{CohortHip, Person};
use coxa_scenario::report::{analysed, write};
use coxa_scenario::run::{Block, Outcome, Row};
use coxa_scenario::store::{BlockPlace, Store};
use coxa_scenario::study::Cohort;
use coxa_scenario::variable::Patient;
use coxa_synthetic::Template;
use cpu_time::ProcessTime;
use rayon::prelude::*;
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
    // The most that there was so far: of the hips first, of the large table after it.
    if let Some(mb) = most_memory_mb() {
        report.push("most_memory_mb", mb);
    }
    large(&mut report)?;
    if let Some(mb) = most_memory_mb() {
        report.push("million_rows_most_memory_mb", mb);
    }
    Ok(report)
}

/// Processor time of each stage over all hips.
fn stages(hips: u64) -> Result<Vec<(&'static str, f64)>> {
    let template = Template::shipped()?;
    let catalogue = Catalogue::builtin();
    let Cohort::Virtual(cohort) =
        toml::from_str("kind = \"virtual\"\ncount = 1\ndisease = \"osteoarthritis\"")?
    else {
        bail!("the cohort of the bench is virtual")
    };
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
    let store = Store::start(&file, &scratch.path().join("out"), |_| Ok(()), &|_, _| {})?;
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

/// Merges and reports a study of 1,000 patients and 1,000 combinations of levels, whose values are made up.
fn large(report: &mut BenchReport) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let factors = ["medial", "superior", "anterior"]
        .map(|way| format!("[[factor]]\nname = \"cup_{way}\"\nlevels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n"));
    let text = format!(
        "format = 1\ntitle = \"large\"\nkeep = [\"cup_coverage\", \"jumping_distance\", \"motion.*\"]\n[cohort]\nkind = \"virtual\"\ncount = 1000\n{}",
        factors.concat()
    );
    let file = scratch.path().join("study.toml");
    std::fs::write(&file, text)?;
    let store = Store::start(&file, &scratch.path().join("out"), |_| Ok(()), &|_, _| {})?;
    (0..store.block_count()).into_par_iter().try_for_each(|number| made_up(&store, &store.block(number)))?;
    let start = Instant::now();
    let merged = store.merge(false)?;
    report.push("million_rows_merged_seconds", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let (data, analysis) = analysed(&store, &merged)?;
    write(&store, &merged, &data, &analysis)?;
    report.push("million_rows_reported_seconds", start.elapsed().as_secs_f64());
    Ok(())
}

/// Keeps a block with values that follow from nothing but their places.
fn made_up(store: &Store, place: &BlockPlace) -> Result<()> {
    let rows = store.study.row_count();
    let outputs = store.study.outputs()?.len() as u64;
    let row = |row: u64| -> Result<Row> {
        let job = place.member as u64 * rows + row;
        let levels = store.study.row(row)?.into_iter().map(|choice| choice.value).collect();
        // The golden ratio spreads numbers evenly.
        let value =
            |output: u64| Some(100.0 * ((job * outputs + output) as f64 * 0.618_033_988_749_895).fract());
        let outcome = Outcome::Done { values: (0..outputs).map(value).collect(), series: Vec::new() };
        Ok(Row { job, person: Person::default(), levels, outcome })
    };
    let rows = place.rows.clone().map(row).collect::<Result<Vec<Row>>>()?;
    store.keep(place, &Block { patient: store.members()[place.member].name(), rows })
}

/// Most memory that this process has had, where the system says so.
fn most_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}
