//! `coxa shape`: statistical shape models of bones.

mod build;
mod draw;
mod files;
mod fit;
mod info;
mod measure;
mod progress;
mod sample;

use crate::cli::shape::ShapeCommand;
use anyhow::Result;
use coxa_case::progress::Progress;

/// Runs the command.
pub fn run(command: &ShapeCommand, progress: &dyn Progress) -> Result<()> {
    match command {
        ShapeCommand::Build(args) => build::run(args, progress),
        ShapeCommand::Fit(args) => fit::run(args, progress),
        ShapeCommand::Sample(args) => sample::run(args),
        ShapeCommand::Measure(args) => measure::run(args, progress),
        ShapeCommand::Info(args) => info::run(args),
        ShapeCommand::Progress(args) => progress::run(args, progress),
    }
}
