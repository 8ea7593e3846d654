//! The command line of `coxa report`, `coxa check` and `coxa undo`.

use crate::viewer::Scenes;
use clap::Args;
use coxa_locale::Language;
use std::path::PathBuf;

/// `coxa report`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa report case\n  coxa report case --scenes viewer   # shaded by the 3D viewer, with or without a graphics card\n  coxa report case --language ja"
)]
pub struct ReportArgs {
    /// Case folder.
    pub case: PathBuf,
    /// Folder with your own implants, if the plan uses them.
    #[arg(long, value_name = "DIR")]
    pub implants: Option<PathBuf>,
    /// Program that draws the 3D pictures of bones and implants.
    #[arg(long, value_enum, default_value_t)]
    pub scenes: Scenes,
    /// Language of the report: en, or ja, whose texts no speaker of Japanese has reviewed. It applies to this report only: without this option, the next one is in English again.
    #[arg(long, value_name = "TAG", default_value_t)]
    pub language: Language,
}

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
