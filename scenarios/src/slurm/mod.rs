//! A study as a job array of Slurm: the script, what was submitted, and what of it still runs. Slurm is the engine; nothing of ours keeps running.

mod queue;

pub use queue::{Queue, SlurmError};

use crate::store::{Store, put};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Tasks of an array where nothing else is said: one less than Slurm allows by default (MaxArraySize 1001).
const USUAL_TASKS: u64 = 1000;
const FOLDER: &str = "slurm";
const RECORD: &str = "submission.json";

/// What is asked of Slurm.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Options {
    /// Partition; the cluster's own where none is named.
    pub partition: Option<String>,
    /// Time of a task as sbatch takes it, such as `02:00:00`.
    pub time: Option<String>,
    /// Memory of a task as sbatch takes it, such as `2G`.
    pub memory: Option<String>,
    /// Processors of a task.
    pub cpus: u32,
    /// Tasks of the array, at most.
    pub tasks: Option<u64>,
}

/// What was submitted of a study (`slurm/submission.json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// What was asked.
    pub options: Options,
    /// Tasks into which the blocks are divided.
    pub tasks: u64,
    /// Numbers of the arrays, the last one last.
    pub jobs: Vec<u64>,
}

impl Submission {
    /// Of a study that is not submitted yet: as many tasks as there are blocks, or as are allowed.
    pub fn new(store: &Store, options: Options) -> Submission {
        let tasks = options.tasks.unwrap_or(USUAL_TASKS).clamp(1, store.block_count().max(1));
        Submission { options, tasks, jobs: Vec::new() }
    }

    /// What was submitted of a study; `None` where nothing was.
    ///
    /// # Errors
    /// A record that is damaged.
    pub fn of(folder: &Path) -> Result<Option<Submission>> {
        let path = folder.join(FOLDER).join(RECORD);
        if !path.is_file() {
            return Ok(None);
        }
        let text = coxa_case::bounded::read_text(&path, 1 << 20)?;
        let damaged = || format!("{} is damaged: remove it and submit the study again", path.display());
        let submission: Submission = serde_json::from_str(&text).with_context(damaged)?;
        if submission.tasks == 0 {
            bail!("{}", damaged());
        }
        Ok(Some(submission))
    }

    /// Keeps it with the study.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn keep(&self, folder: &Path) -> Result<()> {
        put(&folder.join(FOLDER).join(RECORD), serde_json::to_string_pretty(self)?.as_bytes())
    }

    /// Blocks of a task, by their numbers: the tasks are as equal as can be.
    pub fn blocks(&self, store: &Store, task: u64) -> Range<u64> {
        let all = u128::from(store.block_count());
        let at = |task: u64| (all * u128::from(task) / u128::from(self.tasks)) as u64;
        at(task)..at(task + 1)
    }

    /// Tasks that have a block which is not made yet.
    pub fn open_tasks(&self, store: &Store) -> Vec<u64> {
        let is_open =
            |task: &u64| self.blocks(store, *task).any(|number| !store.is_made(&store.block(number)));
        (0..self.tasks).filter(is_open).collect()
    }

    /// The script for some tasks, which `program` runs.
    ///
    /// # Errors
    /// A folder that has no absolute path.
    pub fn script(&self, store: &Store, program: &Path, tasks: &[u64]) -> Result<String> {
        let folder = std::path::absolute(store.folder())?;
        let logs = folder.join(FOLDER).join("%A_%a.out");
        let Options { partition, time, memory, cpus, .. } = &self.options;
        let mut script = "#!/bin/bash\n".to_owned();
        let mut line = |option: &str, value: &str| {
            let _ = writeln!(script, "#SBATCH --{option}={value}");
        };
        line("job-name", "coxa");
        line("array", &ranges(tasks));
        line("cpus-per-task", &cpus.max(&1).to_string());
        line("output", &quoted(&logs));
        for (option, value) in [("partition", partition), ("time", time), ("mem", memory)] {
            if let Some(value) = value {
                line(option, value);
            }
        }
        let _ = write!(
            script,
            "# A task makes its blocks; those that are made already are left. It may be killed and run again at any time.\nexport RAYON_NUM_THREADS=${{SLURM_CPUS_PER_TASK:-1}}\nexec {} scenario task {} \"$SLURM_ARRAY_TASK_ID\"\n",
            quoted(program),
            quoted(&folder)
        );
        Ok(script)
    }

    /// Where the script of the next submission lies.
    pub fn script_path(&self, folder: &Path) -> PathBuf {
        folder.join(FOLDER).join(format!("submit_{}.sh", self.jobs.len() + 1))
    }
}

/// Numbers as an array names them: `0-3,7`.
fn ranges(numbers: &[u64]) -> String {
    let mut spans: Vec<[u64; 2]> = Vec::new();
    for &number in numbers {
        match spans.last_mut() {
            Some([_, last]) if *last + 1 == number => *last = number,
            _ => spans.push([number, number]),
        }
    }
    let shown = |[first, last]: &[u64; 2]| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    spans.iter().map(shown).collect::<Vec<_>>().join(",")
}

/// A path as bash takes it, whatever is in it.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_name_ranges_and_paths_are_quoted() {
        assert_eq!(ranges(&[0, 1, 2, 3, 7, 9, 10]), "0-3,7,9-10");
        assert_eq!(ranges(&[5]), "5");
        assert_eq!(quoted(Path::new("/a b/it's")), "'/a b/it'\\''s'");
    }
}
