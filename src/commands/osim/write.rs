//! A model written as a document of OpenSim 4.

use super::markers::note_unread;
use super::trial::read_model;
use crate::cli::osim::WriteArgs;
use crate::new_file;
use anyhow::Result;
use coxa_muscle::osim;
use std::path::Path;

/// Runs the action.
pub(super) fn run(model: &Path, args: &WriteArgs) -> Result<()> {
    let survey = read_model(model)?;
    for force in &survey.unsupported_forces {
        eprintln!("note: left out: {force}");
    }
    note_unread(&survey);
    if !survey.left_aside.is_empty() {
        let parts = super::info::counted(&survey.left_aside);
        eprintln!("note: left out, because they do not affect paths and dynamics: {parts}");
    }
    new_file::write(&args.output, &osim::write(&survey.model))?;
    say!("{}", args.output.display());
    Ok(())
}
