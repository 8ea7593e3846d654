//! `coxa scenario resume` and the tasks of an array.

use super::run::{finish, forget_failed, work};
use super::submit::submit;
use crate::cli::scenario::{ResumeArgs, TaskArgs};
use anyhow::{Context, Result, bail};
use coxa_case::progress::Progress;
use coxa_scenario::slurm::{Queue, Submission};
use coxa_scenario::store::Store;

/// Runs the command.
pub(super) fn run(args: &ResumeArgs, progress: &dyn Progress) -> Result<()> {
    let store = Store::open(&args.folder)?;
    if let Some(submission) = Submission::of(&args.folder)? {
        let states = Queue::states(&submission.jobs)?;
        if let Some((state, count)) = states.iter().next() {
            bail!(
                "{count} tasks of this study are still {state} on Slurm: wait for them, or end them with scancel"
            );
        }
        if args.retry_failed {
            forget_failed(&store)?;
        }
        // There may be more patients than when it was submitted.
        let tasks = Submission::new(&store, submission.options.clone()).tasks;
        return submit(&store, Submission { tasks, ..submission }, false);
    }
    store.remove_unfinished()?;
    if args.retry_failed {
        forget_failed(&store)?;
    }
    let ran = work(&store, 0..store.block_count(), progress)?;
    if ran.is_stopped {
        bail!("stopped; the same command goes on where it stopped");
    }
    finish(&store)
}

/// Makes the blocks of one task that are not made yet.
pub(super) fn task(args: &TaskArgs, progress: &dyn Progress) -> Result<()> {
    let store = Store::open(&args.folder)?;
    let submission = Submission::of(&args.folder)?.with_context(|| {
        format!("{} was not submitted: run it with coxa scenario resume", args.folder.display())
    })?;
    if args.task >= submission.tasks {
        bail!("there is no task {}: the study has tasks 0 to {}", args.task, submission.tasks - 1);
    }
    let ran = work(&store, submission.blocks(&store, args.task), progress)?;
    say!("task {}: {} blocks made, {} jobs failed", args.task, ran.made, ran.failed);
    if ran.is_stopped {
        bail!("stopped before its end");
    }
    Ok(())
}
