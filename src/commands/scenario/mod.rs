//! `coxa scenario`: experiments over cohorts, designs, plans, errors and activities.

mod case;
pub(crate) mod describe;
mod job;
mod kept;
mod list;
mod merge;
mod power;
mod report;
mod resume;
mod run;
mod status;
mod submit;

use crate::cli::scenario::ScenarioCommand;
use anyhow::Result;
use coxa_case::progress::Progress;

/// Runs the command.
pub fn run(command: &ScenarioCommand, progress: &dyn Progress) -> Result<()> {
    match command {
        ScenarioCommand::Run(args) => run::run(args, progress),
        ScenarioCommand::Submit(args) => submit::run(args, progress),
        ScenarioCommand::Resume(args) => resume::run(args, progress),
        ScenarioCommand::Task(args) => resume::task(args, progress),
        ScenarioCommand::Status(args) => status::run(args),
        ScenarioCommand::Job(args) => job::run(args),
        ScenarioCommand::Case(args) => case::run(args, progress),
        ScenarioCommand::Merge(args) => merge::run(args, progress),
        ScenarioCommand::Report(args) => report::run(args, progress),
        ScenarioCommand::Power(args) => power::run(args),
        ScenarioCommand::List(args) => list::run(args),
    }
}
