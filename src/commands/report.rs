//! `coxa report`: the report of a case as it stands.

use super::plan;
use crate::cli::case::ReportArgs;
use anyhow::Result;
use coxa_case::folder::Case;
use coxa_case::pipeline::{self, PlanFrom};
use coxa_case::progress::Progress;
use coxa_case::stages::Stages;

/// Runs the command.
pub fn run(args: &ReportArgs, progress: &dyn Progress) -> Result<()> {
    let mut case = Case::open(&args.case)?;
    let mut stages = Stages::of_case(&mut case, args.implants.as_deref(), progress)?;
    stages.side()?;
    if !args.language.is_reviewed() {
        progress.note(&format!(
            "no speaker of the language {} has reviewed the texts of the report",
            args.language
        ));
    }
    stages.speak(args.language);
    let outcome = pipeline::run(&mut stages, PlanFrom::Case, args.scenes.drawn())?;
    plan::show(&outcome, &args.case, false)
}
