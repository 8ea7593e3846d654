//! `coxa scenario report`: what a study answers.

use crate::cli::scenario::ReportArgs;
use anyhow::Result;
use coxa_scenario::report;
use coxa_scenario::store::Store;

/// Runs the command.
pub(super) fn run(args: &ReportArgs) -> Result<()> {
    let store = Store::open(&args.folder)?;
    let merged = store.merge(args.partial)?;
    let written = report::write(&store, &merged)?;
    say!("{}", written.page.display());
    say!("{} plots in {}", written.plots.len(), args.folder.join("plots").display());
    Ok(())
}
