//! The command line of `coxa load`.

use clap::Args;
use std::path::PathBuf;

/// `coxa load`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa load case --activity walking --before-after --weight 74\n  coxa load case --activity one_leg_stance --activity stairs_up\n  coxa load case --motion walk_ik.mot --external-loads walk_grf.xml -o opensim\n  coxa load --activity list\n\nThe case keeps what was asked last; coxa report draws it."
)]
pub struct LoadArgs {
    /// Case folder with a plan.
    #[arg(required_unless_present = "activity")]
    pub case: Option<PathBuf>,
    /// Activity to simulate, may be given again; by default walking and standing on one leg. `list` prints all names, and which have loads.
    #[arg(long, value_name = "NAME")]
    pub activity: Vec<String>,
    /// A motion of one's own (.mot or .sto), coordinates by OpenSim's names: simulated beside the activities; the leg of the plan's side is taken
    /// from it, a left one mirrored. Needs --external-loads.
    #[arg(long, value_name = "FILE", requires = "external_loads")]
    pub motion: Option<PathBuf>,
    /// What pushed on the feet in it (.xml of OpenSim with its table beside it), as recorded: forces are not scaled.
    #[arg(long, value_name = "FILE", requires = "motion")]
    pub external_loads: Option<PathBuf>,
    /// Write the patient's leg (.osim), its motions, pushes, activations, forces and reactions into a folder, for OpenSim.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Simulate the hip as scanned beside the plan.
    #[arg(long)]
    pub before_after: bool,
    /// Body weight in kg; without it, what the case was given before, else what goes with the bones, with its spread.
    #[arg(long, value_name = "KG", allow_negative_numbers = true)]
    pub weight: Option<f64>,
    /// Samples of strength, attachments and gait behind the percentiles; 0 for none.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub samples: Option<usize>,
    /// Seed of the samples.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Folder with one's own implants, if the plan uses them.
    #[arg(long, value_name = "DIR")]
    pub implants: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}
