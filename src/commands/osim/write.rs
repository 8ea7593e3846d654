//! A model written as a document of OpenSim 4.

use super::markers::note_left_out;
use super::trial::read_model;
use crate::cli::osim::WriteArgs;
use crate::new_file;
use anyhow::Result;
use coxa_muscle::osim;
use std::path::Path;

/// Runs the action.
pub(super) fn run(model: &Path, args: &WriteArgs) -> Result<()> {
    let survey = read_model(model)?;
    note_left_out(&survey);
    new_file::write(&args.output, &osim::write(&survey.model))?;
    say!("{}", args.output.display());
    Ok(())
}
