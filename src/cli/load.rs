//! The command line of `coxa load`.

use clap::Args;
use std::path::PathBuf;

/// `coxa load`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa load case --activity level-walking --before-after --weight 74\n  coxa load case --activity one-leg-stance --activity stairs-up\n  coxa load --activity list\n\nThe case keeps what was asked, so that coxa report shows the same again."
)]
pub struct LoadArgs {
    /// Case folder with a plan.
    #[arg(required_unless_present = "activity")]
    pub case: Option<PathBuf>,
    /// Activity to simulate, may be given again; by default level walking and standing on one leg. `list` prints their names.
    #[arg(long, value_name = "NAME")]
    pub activity: Vec<String>,
    /// Simulate the hip as scanned beside the plan.
    #[arg(long)]
    pub before_after: bool,
    /// Body weight in kg; without it, what goes with the bones, with its spread.
    #[arg(long, value_name = "KG")]
    pub weight: Option<f64>,
    /// Samples of strength, attachments and gait behind the percentiles; 0 for none.
    #[arg(long, value_name = "N")]
    pub samples: Option<usize>,
    /// Seed of the samples.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Folder with one's own implants, if the plan uses them.
    #[arg(long, value_name = "DIR")]
    pub implants: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}
