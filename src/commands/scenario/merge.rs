//! `coxa scenario merge`: the results of all machines as one table.

use super::run::refuse_unusable;
use crate::cli::scenario::MergeArgs;
use anyhow::{Result, bail};
use coxa_case::progress::Progress;
use coxa_scenario::slurm::{Queue, Submission};
use coxa_scenario::store::Store;
use std::time::Duration;

/// How often Slurm is asked.
const EVERY: Duration = Duration::from_secs(2);

/// Runs the command.
pub(super) fn run(args: &MergeArgs, progress: &dyn Progress) -> Result<()> {
    let store = Store::open(&args.folder)?;
    if !args.partial && !args.no_wait {
        wait(&store, progress)?;
    }
    let merged = store.merge(args.partial)?;
    say!("{}: {} rows", merged.results.display(), merged.rows);
    if let Some(series) = &merged.series {
        say!("{}", series.display());
    }
    if args.csv {
        say!("{}", store.write_csv(&merged)?.display());
    }
    if args.partial { Ok(()) } else { refuse_unusable(&store, &store.status_of(&merged)?) }
}

/// Waits until no task of the study waits or runs on Slurm.
fn wait(store: &Store, progress: &dyn Progress) -> Result<()> {
    let Some(submission) = Submission::of(store.folder())? else { return Ok(()) };
    let running = progress.begin_search("waiting for Slurm");
    loop {
        let made = store.block_count() - store.pending().count() as u64;
        if made == store.block_count() {
            return Ok(());
        }
        let states = Queue::states(&submission.jobs)?;
        if states.is_empty() {
            // What ended between the two questions.
            let missing = store.pending().count();
            if missing == 0 {
                return Ok(());
            }
            bail!(
                "no task runs any more, and {missing} of {} blocks are missing: logs are in {}; go on with coxa scenario resume {}",
                store.block_count(),
                store.folder().join("slurm").display(),
                store.folder().display()
            );
        }
        if running.is_stopped() {
            bail!("stopped; the tasks on Slurm go on");
        }
        let words: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
        running.tell(made as f64 / store.block_count() as f64, &words.join(", "));
        std::thread::sleep(EVERY);
    }
}
