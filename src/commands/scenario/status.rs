//! `coxa scenario status`: how far a study is.

use crate::cli::scenario::StatusArgs;
use anyhow::Result;
use coxa_scenario::store::Store;
use serde_json::json;

/// Failures that are printed one by one.
const MOST_SHOWN: usize = 20;

/// Runs the command.
pub(super) fn run(args: &StatusArgs) -> Result<()> {
    let store = Store::open(&args.folder)?;
    let status = store.status()?;
    if args.json {
        let failed =
            status.failed.iter().map(|f| json!({"job": f.job, "patient": f.patient, "reason": f.reason}));
        let refused = status.refused.values();
        let refused = refused.map(|r| json!({"reason": r.reason, "jobs": r.jobs, "is_varied": r.is_varied}));
        let value = json!({
            "title": store.study.title,
            "jobs": status.jobs,
            "blocks": status.blocks,
            "blocks_made": status.made,
            "done": status.done,
            "refused": refused.collect::<Vec<_>>(),
            "unusable_patients": status.unusable,
            "failed": failed.collect::<Vec<_>>(),
        });
        say!("{}", serde_json::to_string_pretty(&value)?);
        return Ok(());
    }
    say!("{}", store.study.title);
    say!("  {} of {} blocks made, {} jobs in all", status.made, status.blocks, status.jobs);
    say!("  done     {}", status.done);
    say!("  refused  {}", status.refused_jobs());
    for refused in status.refused.values() {
        say!("    {}: {}", refused.jobs, refused.in_words());
    }
    if !status.unusable.is_empty() {
        say!("  patients without a job that was done: {}", status.unusable.join(", "));
    }
    say!("  failed   {}", status.failed.len());
    for failure in status.failed.iter().take(MOST_SHOWN) {
        say!("    job {}, {}: {}", failure.job, failure.patient, failure.reason);
    }
    if status.failed.len() > MOST_SHOWN {
        say!("    and {} more: see the column reason of the results", status.failed.len() - MOST_SHOWN);
    }
    Ok(())
}
