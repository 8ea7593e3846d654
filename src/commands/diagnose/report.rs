//! `coxa diagnose report`: the page of a run.

use super::module;
use crate::cli::diagnose::ReportArgs;
use anyhow::Result;
use coxa_case::failure::file_error;
use coxa_diagnosis::report::html;
use coxa_imaging::atomic;

/// Runs the command.
pub(super) fn run(args: &ReportArgs) -> Result<()> {
    let (manifest, kept) = module::any_run(&args.run)?;
    let page = html(&manifest, &kept, &args.checklist)?;
    let path = args.output.clone().unwrap_or_else(|| args.run.join("report.html"));
    atomic::write(&path, page.as_bytes()).map_err(|error| file_error("write", &path, &error))?;
    say!("{}", path.display());
    Ok(())
}
