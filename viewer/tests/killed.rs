//! Sessions that are killed while they edit and save.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use coxa_case::folder::PLAN_FILE;
use coxa_planner::adjust::Adjustment;
use coxa_test_support::is_long;
use coxa_viewer::session::{Edit, Session};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Tells the process that is to be killed which case it saves into.
const CASE: &str = "COXA_TEST_SAVES_INTO";
/// What it says once it has saved.
const SAVED: &str = "saved a plan";
/// A process whose killer is gone ends by itself.
const LONGEST: Duration = Duration::from_secs(60);

fn move_cup(medial_mm: f64) -> Edit {
    Edit::Adjust(Adjustment::MoveCup { medial_mm, superior_mm: 0.0, anterior_mm: 0.0 })
}

/// What the other test kills; alone it does nothing.
#[test]
fn saves_until_it_is_killed() {
    let Some(folder) = std::env::var_os(CASE) else { return };
    let begin = Instant::now();
    let mut session = Session::open(Path::new(&folder)).unwrap();
    for medial_mm in [0.5, -0.5].into_iter().cycle().take_while(|_| begin.elapsed() < LONGEST) {
        session.apply(&move_cup(medial_mm)).unwrap();
        session.save().unwrap();
        println!("{SAVED}");
    }
}

/// Starts a process that saves again and again, and kills it some time after it saved first.
fn kill_one(folder: &Path, after: Duration) {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "saves_until_it_is_killed", "--nocapture"])
        .env(CASE, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().contains(SAVED)), "nothing was saved");
    std::thread::sleep(after);
    process.kill().unwrap();
    process.wait().unwrap();
}

#[test]
fn a_killed_session_leaves_a_whole_plan_and_the_case_open_to_the_next() {
    let keep = tempfile::tempdir().unwrap();
    let folder = keep.path().join("case");
    common::write_case(&folder, 2.0);
    // Places change; the lines do not.
    let lines = || {
        let text = fs::read_to_string(folder.join(PLAN_FILE)).unwrap();
        let key = |line: &str| line.split('=').next().unwrap_or_default().to_owned();
        text.lines().map(key).collect::<Vec<_>>()
    };
    let mut session = Session::open(&folder).unwrap();
    session.apply(&move_cup(0.5)).unwrap();
    session.save().unwrap();
    let whole = lines();
    drop(session);
    for n in 0..if is_long() { 50 } else { 4 } {
        // Steps of the golden ratio fall everywhere in the time that a few saves take.
        kill_one(&folder, Duration::from_millis(40).mul_f64(f64::from(n) * 0.618_034 % 1.0));
        assert_eq!(lines(), whole, "after kill {n}");
        // The lock went with its holder, and what was kept aside is taken up.
        let mut session = Session::open(&folder).unwrap();
        session.apply(&move_cup(0.5)).unwrap();
        session.save().unwrap();
        session.apply(&move_cup(-0.5)).unwrap();
        session.save().unwrap();
    }
}
