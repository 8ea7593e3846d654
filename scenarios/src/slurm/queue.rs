//! What Slurm is asked: to take a script, and what of its jobs still waits or runs.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

/// Why Slurm did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlurmError {
    /// The program is not there.
    #[error(
        "{0} is not there: run this on a machine of the cluster; without one, submit --dry-run shows the script and merge --no-wait asks nobody"
    )]
    Missing(&'static str),
    /// It said no.
    #[error("{program} refused: {said}")]
    Refused {
        /// The program.
        program: &'static str,
        /// What it said.
        said: String,
    },
}

/// The cluster's own programs.
pub struct Queue;

impl Queue {
    /// Submits a script; the number of its job.
    ///
    /// # Errors
    /// Slurm is not there, or rejects the job, with what it says.
    pub fn submit(script: &Path) -> Result<u64, SlurmError> {
        let printed = run("sbatch", Command::new("sbatch").arg("--parsable").arg(script))?;
        // The number, and the cluster behind a semicolon where there are several.
        let number = printed.trim().split(';').next().and_then(|number| number.parse().ok());
        number.ok_or(SlurmError::Refused { program: "sbatch", said: printed.trim().to_owned() })
    }

    /// Tasks of jobs that wait or run, by their state. A job that has ended has none.
    ///
    /// # Errors
    /// Slurm is not there, or does not answer.
    pub fn states(jobs: &[u64]) -> Result<BTreeMap<String, u64>, SlurmError> {
        let mut states = BTreeMap::new();
        for job in jobs {
            let mut command = Command::new("squeue");
            command.args(["--noheader", "--array", "--format=%T", "--jobs"]).arg(job.to_string());
            let printed = match run("squeue", &mut command) {
                Ok(printed) => printed,
                // Of a job that ended a while ago nothing is known.
                Err(SlurmError::Refused { said, .. }) if said.contains("Invalid job id") => String::new(),
                Err(error) => return Err(error),
            };
            for state in printed.lines().map(str::trim).filter(|state| !state.is_empty()) {
                *states.entry(state.to_lowercase()).or_default() += 1;
            }
        }
        Ok(states)
    }
}

fn run(program: &'static str, command: &mut Command) -> Result<String, SlurmError> {
    let Output { status, stdout, stderr } = command.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => SlurmError::Missing(program),
        _ => SlurmError::Refused { program, said: error.to_string() },
    })?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&stderr)
        .trim()
        .replace(&format!("{program}: error: "), "")
        .replace('\n', "; ");
    Err(SlurmError::Refused { program, said })
}
