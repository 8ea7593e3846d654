//! `coxa scenario run`: a study on this machine.

use crate::cli::scenario::RunArgs;
use crate::new_file;
use anyhow::{Context, Result, bail};
use coxa_case::progress::Progress;
use coxa_scenario::engine::{self, Ran};
use coxa_scenario::slurm::{Queue, Submission};
use coxa_scenario::store::{Status, Store};
use coxa_scenario::study::{Cohort, EXAMPLE, Study};
use std::cell::OnceCell;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

/// Blocks by which the time of all is estimated.
const PILOT: usize = 3;

/// Runs the command.
pub(super) fn run(args: &RunArgs, progress: &dyn Progress) -> Result<()> {
    if let Some(to) = &args.write_example {
        return new_file::write(to, EXAMPLE);
    }
    let study = args.study.as_deref().context("scenario run needs a study; see coxa scenario run --help")?;
    let folder = args.output.as_deref().context("name a folder for the results with -o")?;
    let store = start(study, folder, args.count, progress)?;
    store.remove_unfinished()?;
    if args.retry_failed {
        forget_failed(&store)?;
    }
    let pending = store.pending().count() as u64;
    // The pilot ends behind the third block that is not made yet.
    let pilot = store.pending().nth(PILOT - 1).map_or(store.block_count(), |number| number + 1);
    say!("{}", store.study.title);
    say!(
        "  {} patients x {} combinations of levels = {} jobs, {} of {} blocks made before",
        store.members().len(),
        store.study.row_count(),
        store.job_count(),
        store.block_count() - pending,
        store.block_count()
    );
    for factor in store.study.factors.iter().filter(|factor| factor.level_count() == Some(1)) {
        progress.note(&format!("the factor {} has one level, with which nothing is compared", factor.name));
    }
    let start = Instant::now();
    let mut ran = work(&store, 0..pilot, progress)?;
    let rest = pending.saturating_sub(ran.made);
    if ran.made > 0 && !ran.is_stopped && (rest > 0 || args.check) {
        estimate(&store, start.elapsed(), ran.made, rest);
    }
    if args.check {
        return Ok(());
    }
    if rest > 0 && !ran.is_stopped {
        let more = work(&store, pilot..store.block_count(), progress)?;
        ran =
            Ran { made: ran.made + more.made, failed: ran.failed + more.failed, is_stopped: more.is_stopped };
    }
    if ran.failed > 0 {
        progress.note(&format!(
            "{} jobs failed: coxa scenario status {} says why",
            ran.failed,
            folder.display()
        ));
    }
    if ran.is_stopped {
        bail!("stopped; the same command goes on where it stopped");
    }
    finish(&store)
}

/// Starts a study, or opens it where it was started before.
pub(super) fn start(
    study: &Path,
    folder: &Path,
    count: Option<usize>,
    progress: &dyn Progress,
) -> Result<Store> {
    let change = |study: &mut Study| {
        match (count, &mut study.cohort) {
            (None, _) => {}
            (Some(count @ 1..), Cohort::Virtual(cohort)) => cohort.count = count,
            (Some(0), Cohort::Virtual(_)) => bail!("--count is the number of virtual patients, 1 at least"),
            (Some(_), _) => {
                bail!("--count is a number of virtual patients, and [cohort] has none: leave it out")
            }
        }
        Ok(())
    };
    let change = |study: &mut Study| {
        change(study)?;
        refuse_more(folder, study)
    };
    // Told only where patients have to be looked for.
    let running = OnceCell::new();
    Store::start(study, folder, change, &|found, wanted| {
        running
            .get_or_init(|| progress.begin("finding patients"))
            .tell(found as f64 / wanted.max(1) as f64, "");
    })
}

/// Tasks on Slurm count their blocks by the patients that there were: none are added under them.
fn refuse_more(folder: &Path, study: &Study) -> Result<()> {
    let (Some(submission), Cohort::Virtual(cohort)) = (Submission::of(folder)?, &study.cohort) else {
        return Ok(());
    };
    let is_more = cohort.count > Store::open(folder)?.members().len();
    if is_more && !Queue::states(&submission.jobs)?.is_empty() {
        bail!(
            "tasks of this study are on Slurm: wait for them, or end them with scancel, before it gets more patients"
        );
    }
    Ok(())
}

/// Blocks in which a job failed are made again.
pub(super) fn forget_failed(store: &Store) -> Result<()> {
    let blocks = store.forget_failed()?;
    say!("  {blocks} blocks with a job that failed are made again");
    Ok(())
}

pub(super) fn work(store: &Store, blocks: Range<u64>, progress: &dyn Progress) -> Result<Ran> {
    let running = progress.begin_search("running jobs");
    let tell = |now: engine::Progress| {
        let left = now.left.map(|left| format!(", {} left", in_words(left))).unwrap_or_default();
        running.tell(now.made as f64 / now.of as f64, &format!("{} of {} blocks{left}", now.made, now.of));
    };
    engine::run(store, blocks, &tell, &|| running.is_stopped())
}

/// The pilot blocks ran side by side, on as many cores as there are blocks.
fn estimate(store: &Store, took: Duration, made: u64, left: u64) {
    let cores = rayon::current_num_threads() as f64;
    let time = took.mul_f64(cores.min(made as f64) / made as f64 * left as f64 / cores);
    let all = store.block_count() as f64;
    let mb = store.made_bytes() as f64 / 1e6 * all / (all - left as f64);
    say!("  by {made} pilot blocks: {} for the rest, {mb:.1} MB in all", in_words(time));
}

fn in_words(time: Duration) -> String {
    humantime::format_duration(Duration::from_secs(time.as_secs().max(1))).to_string()
}

/// Merges and says how the study ended.
pub(super) fn finish(store: &Store) -> Result<()> {
    let merged = store.merge(false)?;
    let status = store.status_of(&merged)?;
    let refused = status.refused_jobs();
    say!("  {} jobs done, {refused} refused, {} failed", status.done, status.failed.len());
    say!("  {}: {} rows", merged.results.display(), merged.rows);
    if let Some(series) = merged.series {
        say!("  {}", series.display());
    }
    refuse_unusable(store, &status)
}

/// A study of whom too many patients gave nothing is no answer.
pub(super) fn refuse_unusable(store: &Store, status: &Status) -> Result<()> {
    let lost = status.unusable.len();
    let percent = 100.0 * lost as f64 / store.members().len().max(1) as f64;
    if percent > store.study.most_unusable_percent {
        bail!(
            "{} of {} patients cannot be used ({percent:.0} %), more than the study allows ({:.0} %): coxa scenario status {} says why",
            lost,
            store.members().len(),
            store.study.most_unusable_percent,
            store.folder().display()
        );
    }
    Ok(())
}
