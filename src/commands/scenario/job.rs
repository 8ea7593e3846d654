//! `coxa scenario job`: one job by itself.

use crate::cli::scenario::JobArgs;
use crate::table::Table;
use anyhow::{Context, Result};
use coxa_scenario::run::Outcome;
use coxa_scenario::store::Store;

/// Runs the command.
pub(super) fn run(args: &JobArgs) -> Result<()> {
    let store = Store::open(&args.folder)?;
    let place = store.block_of_job(args.job).with_context(|| store.no_such_job(args.job))?;
    let row = args.job % store.study.row_count();
    let block = store.run(&coxa_scenario::store::BlockPlace { rows: row..row + 1, ..place })?;
    let Some(done) = block.rows.first() else { return Ok(()) };
    say!("job {}, {}", done.job, block.patient);
    for (factor, level) in store.study.factors.iter().zip(&done.levels) {
        say!("  {} = {level}", factor.name);
    }
    match &done.outcome {
        Outcome::Done { values, .. } => {
            let mut table = Table::new().indented().left("").right("").left("");
            for (output, value) in store.study.outputs()?.iter().zip(values) {
                let value = value.map_or_else(|| "no value".to_owned(), |value| format!("{value:.3}"));
                table.row(&[&output.name(), &value, &output.unit()]);
            }
            say!("{table}");
        }
        Outcome::Refused(why) => say!("  refused: {why}"),
        Outcome::Failed(why) => say!("  failed: {why}"),
    }
    Ok(())
}
