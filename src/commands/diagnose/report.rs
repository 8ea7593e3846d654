//! `coxa diagnose report`: the page of a run.

use super::module;
use crate::cli::diagnose::ReportArgs;
use anyhow::Result;
use coxa_case::failure::file_error;
use coxa_diagnosis::manifest::Manifest;
use coxa_diagnosis::report::html;
use coxa_diagnosis::run::read;
use coxa_imaging::atomic;

/// Runs the command.
pub(super) fn run(args: &ReportArgs) -> Result<()> {
    let kept = read(&args.run).map_err(|error| module::in_file(&args.run, &error))?;
    let manifest = Manifest::from_toml(&kept.manifest)
        .map_err(|error| module::in_file(&args.run.join("module.toml"), &error))?;
    let page = html(&manifest, &kept, &args.checklist)?;
    let path = args.output.clone().unwrap_or_else(|| args.run.join("report.html"));
    atomic::write(&path, page.as_bytes()).map_err(|error| file_error("write", &path, &error))?;
    say!("{}", path.display());
    Ok(())
}
