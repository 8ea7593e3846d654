//! `coxa scenario case`: one job as a case folder.

use crate::cli::scenario::CaseArgs;
use anyhow::Result;
use coxa_case::progress::Progress;
use coxa_scenario::case_of_job::case_of_job;
use coxa_scenario::store::Store;

/// Runs the command.
pub(super) fn run(args: &CaseArgs, progress: &dyn Progress) -> Result<()> {
    let store = Store::open(&args.folder)?;
    say!("{}", case_of_job(&store, args.job, progress)?.display());
    Ok(())
}
