//! The command line of `coxa check` and `coxa undo`.

use clap::Args;
use std::path::PathBuf;

/// `coxa check`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  coxa check case

Exit code 1 if a check fails. Hashes show that a file was changed, not by whom: they are not a signature.")]
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

An edit of plan.toml that has not been applied yet is undone first; repeat the command to go further back. No plan is lost: all are kept in the folder `plans` of the case.")]
pub struct UndoArgs {
    /// Case folder.
    pub case: PathBuf,
}
