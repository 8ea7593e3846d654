//! `coxa scenario`: experiments over cohorts, designs, plans, errors and activities.

mod job;
mod list;
mod merge;
mod power;
mod report;
mod run;
mod status;

use crate::cli::scenario::ScenarioCommand;
use anyhow::Result;
use coxa_case::progress::Progress;

/// Runs the command.
pub fn run(command: &ScenarioCommand, progress: &dyn Progress) -> Result<()> {
    match command {
        ScenarioCommand::Run(args) => run::run(args, progress),
        ScenarioCommand::Status(args) => status::run(args),
        ScenarioCommand::Job(args) => job::run(args),
        ScenarioCommand::Merge(args) => merge::run(args),
        ScenarioCommand::Report(args) => report::run(args),
        ScenarioCommand::Power(args) => power::run(args),
        ScenarioCommand::List(args) => list::run(args),
    }
}
