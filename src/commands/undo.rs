//! `coxa undo`: the plan before the present one, again.

use super::plan;
use crate::cli::case::UndoArgs;
use anyhow::Result;
use coxa_case::folder::Case;
use coxa_case::progress::Progress;

/// Runs the command.
pub fn run(args: &UndoArgs, progress: &dyn Progress) -> Result<()> {
    let mut case = Case::open(&args.case)?;
    let undone = case.undo_plan()?;
    let instead = match undone.instead_of.as_str() {
        "" => String::new(),
        kept => format!("; the plan it replaces is kept as {kept}"),
    };
    say!("plan.toml is again the plan of {} ({}){instead}", undone.time, undone.command);
    plan::say_older(&mut case, progress)
}
