//! The program `coxa`.

use clap::{CommandFactory, FromArgMatches};
use coxa::cli::{Cli, Command};
use coxa::terminal::{self, Terminal};
use coxa::{commands, invocation};
use coxa_case::trail;
use std::process::ExitCode;

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    trail::set_invocation(invocation::of(&Cli::command(), &matches, cli.user.clone()));
    let progress = Terminal::new(cli.quiet);
    let usable = invocation::refuse_pipes(&Cli::command(), &matches);
    let done = usable.and_then(|()| terminal::clean_up_on_interrupt()).and_then(|()| match cli.command {
        Command::Plan(args) => commands::plan::run(&args, &progress),
        Command::Demo(args) => commands::demo::run(&args, &progress),
        Command::Info(args) => commands::info::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Undo(args) => commands::undo::run(&args, &progress),
        Command::Segment(args) => commands::segment::run(&args, &progress),
        Command::Report(args) => commands::report::run(&args, &progress),
        Command::View(args) => commands::view::run(&args, cli.quiet),
        Command::Rom(args) => commands::rom::run(&args, &progress),
        Command::Load(args) => commands::load::run(&args, &progress),
        Command::Optimise(args) => commands::optimise::run(&args, &progress),
        Command::Evaluate(args) => commands::evaluate::run(&args, &progress),
        Command::Convert(args) => commands::convert::run(&args, &progress),
        Command::Implant(command) => commands::implant::run(&command),
        Command::Patient(args) => commands::patient::run(&args, &progress),
        Command::Radiomics(args) => commands::radiomics::run(&args),
        Command::Shape(command) => commands::shape::run(&command, &progress),
        Command::Scenario(command) => commands::scenario::run(&command, &progress),
        Command::Diagnose(command) => commands::diagnose::run(&command, &progress),
        Command::Osim(args) => commands::osim::run(&args, &progress),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Bench(args) => commands::bench::run(&args),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("coxa: {}", coxa_case::failure::message(&error));
            coxa::failure::exit_code(&error)
        }
    }
}
