//! Runs that are killed, and commands at the same time.

use crate::common::{coxa, stderr};
use crate::made::{Patient, assert_same, copy, files, run, text};
use coxa_test_support::is_long;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Kills a command at a time, or when `case.toml` has changed so often.
fn kill(words: &[&str], case: &Path, after: Duration, changes: usize) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_coxa"))
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (start, mut seen, mut last) = (Instant::now(), 0, None);
    while start.elapsed() < after && seen < changes && program.try_wait().unwrap().is_none() {
        let now = fs::metadata(case.join("case.toml")).and_then(|found| found.modified()).ok();
        seen += usize::from(now != last);
        last = now;
        std::thread::sleep(Duration::from_micros(300));
    }
    program.kill().unwrap();
    program.wait().unwrap();
}

/// Kills each of the commands of a case again and again; what was killed goes on and ends as an undisturbed run.
fn kill_and_go_on(kills: usize) {
    let patient = Patient::new();
    let case = patient.path("case");
    let (ct, labels) = (patient.ct(), patient.labels());
    let folder = text(&case);
    let steps: [&[&str]; 4] = [
        &["plan", text(&ct), "--side", "right", "--labels", text(&labels), "-o", folder],
        &["rom", folder, "--map"],
        &["load", folder, "--activity", "walking", "--samples", "0"],
        &["report", folder, "--scenes", "own"],
    ];
    let mut made = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        let start = Instant::now();
        run(step.iter().copied());
        copy(&case, &patient.path(&format!("after-{n}")));
        made.push((files(&case), start.elapsed()));
    }
    let mut rng = ChaCha8Rng::seed_from_u64(kills as u64);
    for n in 0..kills {
        let step = n % steps.len();
        let (whole, long) = &made[step];
        fs::remove_dir_all(&case).unwrap();
        if step > 0 {
            copy(&patient.path(&format!("after-{}", step - 1)), &case);
        }
        match rng.random_bool(0.4) {
            true => kill(steps[step], &case, long.mul_f64(rng.random_range(0.0..1.0)), usize::MAX),
            false => kill(steps[step], &case, *long * 2, rng.random_range(1..if step == 0 { 20 } else { 6 })),
        }
        let empty = case.exists().then(|| files(&case)).into_iter().flatten();
        let empty: Vec<String> = empty
            .filter(|(name, bytes)| bytes.is_empty() && !name.starts_with('.'))
            .map(|(name, _)| name)
            .collect();
        assert!(empty.is_empty(), "half-written after kill {n}: {empty:?}");
        let said = run(steps[step].iter().copied());
        assert!(
            !said.contains("since Coxa wrote it") && !said.contains("not written by Coxa"),
            "kill {n}: {said}"
        );
        assert_same(&files(&case), whole);
    }
}

#[test]
fn a_killed_run_goes_on_and_ends_the_same() {
    kill_and_go_on(if is_long() { 200 } else { 8 });
}

#[test]
fn a_second_command_says_who_has_the_case() {
    let patient = Patient::new();
    let case = patient.planned();
    let folder = text(&case);
    let mut first = Command::new(env!("CARGO_BIN_EXE_coxa"))
        .args(["optimise", folder, "--samples", "64"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !case.join(".lock").exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "the lock was never taken");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(50));
    let second = coxa(["report", folder]);
    let said = stderr(&second);
    let process = format!("in use by coxa optimise (process {}", first.id());
    assert!(second.status.code() == Some(2) && said.contains(&process), "{said}");
    assert!(coxa(["info", folder]).status.success(), "reading goes on");
    // The lock goes with who held it.
    first.kill().unwrap();
    first.wait().unwrap();
    run(["report", folder]);
}
