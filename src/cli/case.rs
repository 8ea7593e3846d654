//! The command line of `coxa check` and `coxa undo`.

use clap::Args;
use std::path::PathBuf;

/// `coxa check`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  coxa check case

Exit code 1 where something does not hold. Hashes tell that a file was changed, not by whom: they are no signature.")]
pub struct CheckArgs {
    /// Case folder.
    pub case: PathBuf,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa undo`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  coxa undo case

An edit of plan.toml that was not carried out yet is undone first; undoing again goes further back. No plan is lost: all are in the folder plans of the case.")]
pub struct UndoArgs {
    /// Case folder.
    pub case: PathBuf,
}
