//! `coxa view`: starts the 3D viewer, a program of its own, so that the command line builds without a graphics stack.

use crate::cli::ViewArgs;
use crate::viewer;
use anyhow::{Context, Result, bail};
use coxa_case::folder;
use coxa_scenario::store::Store;
use std::path::Path;
use std::process::Command;

/// Runs the command, until the viewer is closed.
pub fn run(args: &ViewArgs, quiet: bool) -> Result<()> {
    // What cannot be shown is said here, whether or not there is a viewer.
    check(&args.case)?;
    let program = viewer::program()?;
    let mut command = Command::new(&program);
    command.arg(&args.case).args(&args.rest);
    if quiet {
        command.arg("--quiet");
    }
    let status = command.status().with_context(|| format!("cannot start {}", program.display()))?;
    // It said itself why.
    if !status.success() {
        bail!("the viewer ended with {status}");
    }
    Ok(())
}

/// A case, or the results of a study.
fn check(folder: &Path) -> Result<()> {
    if Store::is_at(folder) {
        return Store::open(folder).map(drop);
    }
    folder::read_record(folder)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_case_nor_study_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let said = |folder: &Path| format!("{:#}", check(folder).unwrap_err());
        assert!(said(folder.path()).contains("case.toml"), "{}", said(folder.path()));
        std::fs::write(folder.path().join("scenario.json"), "{").unwrap();
        assert!(said(folder.path()).contains("scenario.json is damaged"), "{}", said(folder.path()));
    }
}
