//! The Python that has PyTorch, and the recipe in it.

use super::error::RecipeError;
use super::folder::{LOG_FILE, START, WorkFolder, failed};
use super::plan::Plan;
use serde::Deserialize;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What a Python must be able to do; it prints the version of PyTorch.
const PROBE: &str = "import numpy, torch; print(torch.__version__)";
/// No line of an error is quoted beyond this.
const MOST_LETTERS: usize = 300;

/// A Python with PyTorch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    program: PathBuf,
    /// Version of PyTorch.
    pub torch: String,
}

/// A line of the recipe: how far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
struct Told {
    job: usize,
    epoch: usize,
    epochs: usize,
    /// Mean loss of the epoch; of a job that was done before none.
    loss: Option<f64>,
}

impl Python {
    /// The first `python3` of a list of folders, as `PATH` has them, that has PyTorch.
    ///
    /// # Errors
    /// Where there is none.
    pub fn find(path: &OsStr) -> Result<Python, RecipeError> {
        let name = format!("python3{}", std::env::consts::EXE_SUFFIX);
        let programs = std::env::split_paths(path).map(|folder| folder.join(&name));
        let found = programs.filter(|program| program.is_file()).find_map(|program| {
            let said = command(&program).args(["-c", PROBE]).stdin(Stdio::null()).output().ok()?;
            let torch = String::from_utf8_lossy(&said.stdout).trim().to_owned();
            (said.status.success() && !torch.is_empty()).then_some(Python { program, torch })
        });
        found.ok_or(RecipeError::NoPyTorch)
    }

    /// Trains all networks of a plan, on so many threads. `done` is told of each epoch how much is done, from 0 to 1, and in words.
    ///
    /// # Errors
    /// Where the recipe ends before its end: the last line that it wrote.
    pub(crate) fn train(
        &self,
        folder: &WorkFolder,
        plan: &Plan,
        threads: usize,
        done: &dyn Fn(f64, &str),
    ) -> Result<(), RecipeError> {
        let mut log = File::options()
            .create(true)
            .append(true)
            .open(folder.path.join(LOG_FILE))
            .map_err(failed(LOG_FILE))?;
        let start = log.seek(SeekFrom::End(0)).map_err(failed(LOG_FILE))?;
        let mut command = command(&self.program);
        command.arg(folder.path.join(START)).arg(&folder.path).args(["--threads", &threads.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let child = command.spawn().map_err(failed(START))?;
        let status = follow(child, plan.jobs.len(), done).map_err(failed(START))?;
        match status.success() {
            true => Ok(()),
            false => Err(RecipeError::Stopped {
                line: last_line(&folder.path.join(LOG_FILE), start, status),
                log: LOG_FILE,
            }),
        }
    }
}

/// A command that leaves nothing behind beside what it is told to write.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    // Threads that wait for each other leave the machine to others meanwhile.
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("OMP_WAIT_POLICY", "PASSIVE");
    command
}

/// Tells of each line until the recipe ends.
fn follow(mut child: Child, jobs: usize, done: &dyn Fn(f64, &str)) -> std::io::Result<ExitStatus> {
    let begin = Instant::now();
    let mut at_first = None;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let Ok(told) = serde_json::from_str::<Told>(&line) else { continue };
            let part = told.epoch as f64 / told.epochs.max(1) as f64;
            let whole = (told.job as f64 + part) / jobs.max(1) as f64;
            let first = *at_first.get_or_insert(whole);
            done(whole, &words(told, jobs, left(begin.elapsed(), first, whole)));
        }
    }
    child.wait()
}

/// Time that is left, when `first` of the whole was done before the clock began.
fn left(passed: Duration, first: f64, whole: f64) -> Option<Duration> {
    (whole > first).then(|| passed.mul_f64((1.0 - whole) / (whole - first)))
}

fn words(told: Told, jobs: usize, left: Option<Duration>) -> String {
    let left = match left.map(|left| left.as_secs_f64()) {
        Some(seconds) if seconds >= 5400.0 => format!(", {:.1} h remaining", seconds / 3600.0),
        Some(seconds) if seconds >= 90.0 => format!(", {:.0} min remaining", seconds / 60.0),
        Some(seconds) => format!(", {seconds:.0} s remaining"),
        None => String::new(),
    };
    let loss = told.loss.map(|loss| format!(", loss {loss:.3}")).unwrap_or_default();
    format!("network {} of {jobs}, epoch {} of {}{loss}{left}", told.job + 1, told.epoch, told.epochs)
}

/// The last line that was written from a place of the log on.
fn last_line(log: &Path, start: u64, status: ExitStatus) -> String {
    let mut said = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        file.seek(SeekFrom::Start(start))?;
        file.read_to_end(&mut said)
    });
    let said = String::from_utf8_lossy(&said);
    let line = said.lines().rev().map(str::trim).find(|line| !line.is_empty());
    match (read, line) {
        (Ok(_), Some(line)) => line.chars().take(MOST_LETTERS).collect(),
        _ => format!("Python ended without a word, {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_counts_what_was_done_by_this_program_alone() {
        let hour = Duration::from_secs(3600);
        assert_eq!(left(hour, 0.5, 0.75), Some(hour));
        assert_eq!(left(hour, 0.5, 0.5), None);
        let told = Told { job: 1, epoch: 3, epochs: 60, loss: Some(0.4567) };
        assert_eq!(words(told, 5, Some(hour)), "network 2 of 5, epoch 3 of 60, loss 0.457, 60 min remaining");
    }

    #[test]
    fn a_path_without_pytorch_has_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let said = Python::find(folder.path().as_os_str()).expect_err("it is empty").to_string();
        assert!(said.contains("python3-torch") && said.contains("pip install torch"), "{said}");
    }
}
