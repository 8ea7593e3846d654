//! `coxa osim`: models of OpenSim, and its tools on their set-up files.

mod dynamics;
mod info;
mod kinematics;
mod loads;
mod markers;
mod muscles;
mod reactions;
mod scale;
mod sharing;
mod text;
mod trial;
mod write;

use crate::cli::osim::{OsimAction, OsimArgs};
use anyhow::Result;
use coxa_case::progress::Progress;

/// Runs the command.
pub fn run(args: &OsimArgs, progress: &dyn Progress) -> Result<()> {
    let model = &args.model;
    match &args.action {
        OsimAction::Info(own) => info::run(model, own),
        OsimAction::Lengths(own) => muscles::run(model, own, None, progress),
        OsimAction::MomentArms(own) => muscles::run(model, &own.lengths, Some(&own.coordinate), progress),
        OsimAction::Scale(own) => scale::run(model, own, progress),
        OsimAction::Ik(own) => kinematics::run(model, own, progress),
        OsimAction::Id(own) => dynamics::run(model, own, progress),
        OsimAction::So(own) => sharing::run(model, own, progress),
        OsimAction::Jr(own) => reactions::run(model, own, progress),
        OsimAction::Write(own) => write::run(model, own),
    }
}
