//! `coxa scenario merge`: the results of all machines as one table.

use crate::cli::scenario::MergeArgs;
use anyhow::Result;
use coxa_scenario::store::Store;

/// Runs the command.
pub(super) fn run(args: &MergeArgs) -> Result<()> {
    let store = Store::open(&args.folder)?;
    let merged = store.merge(args.partial)?;
    say!("{}: {} rows", merged.results.display(), merged.rows);
    if let Some(series) = &merged.series {
        say!("{}", series.display());
    }
    if args.csv {
        say!("{}", store.write_csv(&merged)?.display());
    }
    Ok(())
}
