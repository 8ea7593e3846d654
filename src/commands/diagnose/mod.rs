//! `coxa diagnose`: diagnostic modules on tables of cases.

mod attention;
mod evaluate;
mod list;
mod module;
mod predict;
mod predictor;
mod report;
mod show;
mod subject;
mod summary;
mod train;

use crate::cli::diagnose::DiagnoseCommand;
use crate::commands::read_study;
use anyhow::Result;
use coxa_case::progress::Progress;

/// Runs the command.
pub fn run(command: &DiagnoseCommand, progress: &dyn Progress) -> Result<()> {
    match command {
        DiagnoseCommand::List(args) => list::run(args),
        DiagnoseCommand::Show(args) => show::run(args),
        DiagnoseCommand::Run(args) => predict::run(args, progress),
        DiagnoseCommand::Train(args) => train::run(args, progress),
        DiagnoseCommand::Evaluate(args) => evaluate::run(args, progress),
        DiagnoseCommand::Report(args) => report::run(args),
        DiagnoseCommand::ReadStudy(command) => read_study::run(command),
    }
}
