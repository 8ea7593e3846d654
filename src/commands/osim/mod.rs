//! `coxa osim`: models of OpenSim, and its tools on their set-up files.

mod dynamics;
mod info;
mod loads;
mod muscles;
mod reactions;
mod sharing;
mod trial;
mod write;

use crate::cli::osim::{OsimAction, OsimArgs};
use anyhow::{Result, anyhow, bail};
use coxa_case::failure::file_error;
use coxa_case::progress::Progress;
use std::path::Path;

/// No model, motion or set-up has more bytes.
const MOST_BYTES: u64 = 1 << 28;

/// Runs the command.
pub fn run(args: &OsimArgs, progress: &dyn Progress) -> Result<()> {
    let model = &args.model;
    match &args.action {
        OsimAction::Info(own) => info::run(model, own),
        OsimAction::Lengths(own) => muscles::run(model, own, None, progress),
        OsimAction::MomentArms(own) => muscles::run(model, &own.lengths, Some(&own.coordinate), progress),
        OsimAction::Id(own) => dynamics::run(model, own, progress),
        OsimAction::So(own) => sharing::run(model, own, progress),
        OsimAction::Jr(own) => reactions::run(model, own, progress),
        OsimAction::Write(own) => write::run(model, own),
    }
}

/// The text of a file of moderate size.
fn text(file: &Path) -> Result<String> {
    let size = std::fs::metadata(file).map_err(|e| file_error("read", file, &e))?.len();
    if size > MOST_BYTES {
        bail!("{} has {size} bytes, more than any file of this kind", file.display());
    }
    let bytes = std::fs::read(file).map_err(|e| file_error("read", file, &e))?;
    String::from_utf8(bytes).map_err(|_| anyhow!("{} is no text", file.display()))
}
