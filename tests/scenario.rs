//! Studies through the program: killed at any time, on one machine and on a real Slurm of one node, they end in the same bytes.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{coxa, stderr, stdout};
use coxa_test_support::{is_long, reference_data, skip};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const STUDY: &str = r#"
format = 1
title = "Three hips"
keep = ["cup_coverage", "motion.flexion", "load.one_leg_stance.peak"]
[cohort]
kind = "virtual"
count = 3
voxel_mm = 3.0
[[factor]]
name = "head_diameter"
levels = [28, 32]
[[factor]]
name = "error_model"
levels = ["none", "freehand"]
"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        // A short path without odd letters: Slurm's configuration knows no quoting.
        let folder = tempfile::Builder::new().prefix("coxa").tempdir_in("/tmp").unwrap();
        fs::write(folder.path().join("study.toml"), STUDY).unwrap();
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn run(&self, out: &str) -> Vec<u8> {
        let output = coxa(["scenario", "run", "-q", &self.text("study.toml"), "-o", &self.text(out)]);
        assert!(output.status.success(), "{}", stderr(&output));
        self.results(out)
    }

    fn results(&self, out: &str) -> Vec<u8> {
        fs::read(self.path(out).join("results.parquet")).unwrap()
    }
}

/// Kills a run after a time; whether it had not ended by itself.
fn kill(folder: &Folder, out: &str, after: Duration) -> bool {
    let mut program = Command::new(env!("CARGO_BIN_EXE_coxa"))
        .args(["scenario", "run", "-q", &folder.text("study.toml"), "-o", &folder.text(out)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while start.elapsed() < after {
        if program.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    program.kill().unwrap();
    program.wait().unwrap();
    true
}

#[test]
fn a_study_that_is_killed_at_any_time_ends_in_the_same_bytes() {
    let folder = Folder::new();
    let start = Instant::now();
    let undisturbed = folder.run("undisturbed");
    let took = start.elapsed();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let wanted = if is_long() { 50 } else { 3 };
    let (mut kills, mut round) = (0, 0);
    while kills < wanted {
        let out = format!("killed_{round}");
        round += 1;
        // Each folder is killed again and again until it is done.
        while kills < wanted && kill(&folder, &out, took.mul_f64(0.7 * random.random::<f64>())) {
            kills += 1;
        }
        assert!(undisturbed == folder.run(&out), "the results of {out} differ after {kills} kills");
        fs::remove_dir_all(folder.path(&out)).unwrap();
    }
}

/// A Slurm of one node, which ends with the test.
struct Cluster {
    folder: PathBuf,
    settings: Vec<(String, String)>,
}

impl Cluster {
    /// `None` where Slurm is not there, which is noted.
    fn start(folder: &Path) -> Option<Cluster> {
        let started = script().arg("start").arg(folder).output().unwrap();
        if started.status.code() == Some(3) {
            skip(&format!("no Slurm: {}", stderr(&started).trim()));
            return None;
        }
        assert!(started.status.success(), "{}", stderr(&started));
        let line = |line: &str| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        let settings = stdout(&started).lines().filter_map(line).collect();
        Some(Cluster { folder: folder.to_owned(), settings })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.envs(self.settings.iter().cloned());
        command
    }

    fn coxa(&self, args: &[&str]) -> std::process::Output {
        self.command(env!("CARGO_BIN_EXE_coxa")).args(args).output().unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = script().arg("stop").arg(&self.folder).output();
    }
}

fn script() -> Command {
    let mut command = Command::new("bash");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slurm/cluster"));
    command
}

#[test]
fn slurm_gives_the_bytes_of_one_machine_also_where_tasks_are_killed() {
    let folder = Folder::new();
    let Some(cluster) = Cluster::start(&folder.path("cluster")) else { return };
    let here = folder.run("here");
    let (study, out) = (folder.text("study.toml"), folder.text("there"));

    let refused =
        cluster.coxa(&["scenario", "submit", &study, "--slurm", "-o", &out, "--partition", "nowhere"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stdout(&refused));
    assert!(
        stderr(&refused).contains("sbatch refused") && stderr(&refused).contains("partition"),
        "{}",
        stderr(&refused)
    );
    let dry = cluster.coxa(&[
        "scenario",
        "submit",
        &study,
        "--slurm",
        "-o",
        &out,
        "--dry-run",
        "--time",
        "00:10:00",
    ]);
    assert!(
        stdout(&dry).contains("#SBATCH --array=0-2") && stdout(&dry).contains("--time=00:10:00"),
        "{}",
        stdout(&dry)
    );

    let submitted = cluster.coxa(&["scenario", "submit", &study, "--slurm", "-o", &out]);
    assert!(submitted.status.success(), "{}", stderr(&submitted));
    // The first tasks run when they are killed; what they had made stays.
    std::thread::sleep(Duration::from_secs(3));
    let record: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path("there/slurm/submission.json")).unwrap())
            .unwrap();
    let job = record["jobs"][0].to_string();
    let killed = cluster.command("scancel").args(["--signal=KILL", &job]).output().unwrap();
    assert!(killed.status.success(), "{}", stderr(&killed));
    let merged = cluster.coxa(&["scenario", "merge", "-q", &out]);
    if !merged.status.success() {
        assert!(stderr(&merged).contains("coxa scenario resume"), "{}", stderr(&merged));
        let resumed = cluster.coxa(&["scenario", "resume", &out]);
        assert!(resumed.status.success(), "{}", stderr(&resumed));
        let merged = cluster.coxa(&["scenario", "merge", "-q", &out]);
        assert!(merged.status.success(), "{}", stderr(&merged));
    }
    assert!(here == folder.results("there"), "the results differ");

    // Another division into tasks.
    let other = folder.text("other");
    let submitted = cluster.coxa(&["scenario", "submit", &study, "--slurm", "-o", &other, "--tasks", "1"]);
    assert!(submitted.status.success(), "{}", stderr(&submitted));
    let merged = cluster.coxa(&["scenario", "merge", "-q", &other]);
    assert!(merged.status.success(), "{}", stderr(&merged));
    assert!(here == folder.results("other"), "the results differ");
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    let folder = Folder::new();
    let (study, out) = (folder.text("study.toml"), folder.text("out"));
    for (args, words) in [
        (vec!["run", "no_such.toml", "-o", &out], "no_such.toml"),
        (vec!["run", &study, "-o", &study], "is a file"),
        (vec!["run", &study, "-o", &out, "--count", "0"], "1 at least"),
        (vec!["status", &out], "holds no study"),
        (vec!["report", &out], "holds no study"),
        (vec!["power", &out, "--power", "120"], "1 to 99"),
    ] {
        let output = coxa(["scenario"].into_iter().chain(args.iter().copied()));
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = stderr(&output);
        assert!(said.contains(words) && said.lines().count() == 1, "{words} is not in: {said}");
    }
    assert!(!folder.path("out").exists());
}

/// A list of CTs: one that can be planned, and one that is none, which costs its jobs alone.
#[test]
fn scans_that_were_never_planned_are_a_cohort() {
    let Some(data) = reference_data("ct-totalseg") else { return };
    let folder = Folder::new();
    let ct = data.join("example_ct.nii.gz").display().to_string();
    let study = format!(
        "format = 1\ntitle = \"CTs\"\nkeep = [\"cup_coverage\"]\nmost_unusable_percent = 50\n[cohort]\nkind = \"scans\"\n\
         [[cohort.scan]]\npath = {ct:?}\nside = \"right\"\n[[cohort.scan]]\npath = \"study.toml\"\nside = \"left\"\n"
    );
    fs::write(folder.path("study.toml"), study).unwrap();
    let output = coxa(["scenario", "run", "-q", &folder.text("study.toml"), "-o", &folder.text("out")]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("1 jobs done, 0 refused, 1 failed"), "{}", stdout(&output));
    let gone = fs::read_to_string(folder.path("study.toml")).unwrap().replace("study.toml", "gone.nii.gz");
    fs::write(folder.path("gone.toml"), gone).unwrap();
    let refused = coxa(["scenario", "run", &folder.text("gone.toml"), "-o", &folder.text("none")]);
    assert!(stderr(&refused).contains("there is no CT at gone.nii.gz"), "{}", stderr(&refused));
    let status = stdout(&coxa(["scenario", "status", &folder.text("out")]));
    assert!(status.contains("study.toml left"), "{status}");
}
