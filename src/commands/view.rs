//! `coxa view`: starts the 3D viewer, a program of its own, so that the command line builds without a graphics stack.

use crate::cli::ViewArgs;
use crate::viewer;
use anyhow::{Context, Result, bail};
use coxa_case::folder;
use std::process::Command;

/// Runs the command, until the viewer is closed.
pub fn run(args: &ViewArgs, quiet: bool) -> Result<()> {
    // What is no case is said here, whether or not there is a viewer.
    folder::read_record(&args.case)?;
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
