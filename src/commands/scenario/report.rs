//! `coxa scenario report`: what a study answers.

use super::kept;
use crate::cli::scenario::ReportArgs;
use anyhow::Result;
use coxa_case::failure::message;
use coxa_case::progress::Progress;
use coxa_scenario::analysis::Analysis;
use coxa_scenario::case_of_job::case_of_job;
use coxa_scenario::output::Output;
use coxa_scenario::report::{self, Report};
use coxa_scenario::store::Store;

/// Runs the command.
pub(super) fn run(args: &ReportArgs, progress: &dyn Progress) -> Result<()> {
    let store = Store::open(&args.folder)?;
    let outputs = store.study.outputs()?;
    let of_cases = args.cases.as_deref().map(|name| kept::named(name, &outputs)).transpose()?;
    let of_cases = of_cases.unwrap_or_default();
    let merged = store.merge(args.partial)?;
    let (data, analysis) = report::analysed(&store, &merged)?;
    for job in extremes(&analysis, &of_cases) {
        // One that cannot be made takes nothing from the page.
        match case_of_job(&store, job, progress) {
            Ok(case) => say!("{}", case.display()),
            Err(error) => progress.note(&format!("job {job}: {}", message(&error))),
        }
    }
    let Report { page, plots } = report::write(&store, &merged, &data, &analysis)?;
    say!("{}", page.display());
    say!("{} plots in {}", plots.len(), args.folder.join("plots").display());
    Ok(())
}

/// Jobs of the patients at either end of some quantities, each once.
fn extremes(analysis: &Analysis, of: &[Output]) -> Vec<u64> {
    let wanted = analysis.distributions.iter().filter(|one| of.contains(&one.output));
    let mut jobs: Vec<u64> =
        wanted.flat_map(|one| one.extremes.iter().flatten().map(|one| one.job)).collect();
    jobs.sort_unstable();
    jobs.dedup();
    jobs
}
