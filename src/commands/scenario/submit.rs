//! `coxa scenario submit`: a study as a job array of Slurm.

use super::run::start;
use crate::cli::scenario::SubmitArgs;
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_case::progress::Progress;
use coxa_scenario::slurm::{Options, Queue, Submission};
use coxa_scenario::store::Store;

/// Runs the command.
pub(super) fn run(args: &SubmitArgs, progress: &dyn Progress) -> Result<()> {
    if args.cpus == 0 || args.tasks == Some(0) {
        bail!("--cpus and --tasks are 1 at least");
    }
    if let Some(earlier) = Submission::of(&args.output)?.filter(|earlier| !earlier.jobs.is_empty()) {
        bail!(
            "{} was submitted before, as job {}: go on with coxa scenario resume {0}",
            args.output.display(),
            earlier.jobs.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
        );
    }
    let store = start(&args.study, &args.output, args.count, progress)?;
    let options = Options {
        partition: args.partition.clone(),
        time: args.time.clone(),
        memory: args.memory.clone(),
        cpus: args.cpus,
        tasks: args.tasks,
    };
    submit(&store, Submission::new(&store, options), args.dry_run)
}

/// Submits the tasks that have something to make.
pub(super) fn submit(store: &Store, mut submission: Submission, is_dry: bool) -> Result<()> {
    let tasks = submission.open_tasks(store);
    if tasks.is_empty() {
        say!("all blocks are made: coxa scenario merge {}", store.folder().display());
        return Ok(());
    }
    let program = std::env::current_exe().context("the path of this program is not known")?;
    let script = submission.script(store, &program, &tasks)?;
    if is_dry {
        say!("{}", script.trim_end());
        return Ok(());
    }
    let path = submission.script_path(store.folder());
    // The tasks write their logs beside it.
    let folder = path.parent().unwrap_or(store.folder());
    std::fs::create_dir_all(folder).map_err(|error| file_error("create", folder, &error))?;
    std::fs::write(&path, script).map_err(|error| file_error("write", &path, &error))?;
    // The record first, so that a job that starts at once finds how blocks are divided.
    submission.keep(store.folder())?;
    submission.jobs.push(Queue::submit(&path)?);
    submission.keep(store.folder())?;
    say!("{}", store.study.title);
    say!(
        "  {} jobs in {} tasks, submitted as job {}",
        store.job_count(),
        tasks.len(),
        submission.jobs[submission.jobs.len() - 1]
    );
    say!("  coxa scenario status {0}; coxa scenario merge {0}", store.folder().display());
    Ok(())
}
