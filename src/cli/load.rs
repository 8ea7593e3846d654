//! The command line of `coxa load`.

use clap::Args;
use std::path::PathBuf;

/// `coxa load`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa load case --activity walking --before-after --weight 74\n  coxa load case --activity one_leg_stance --activity stairs_up\n  coxa load case --motion walk_ik.mot --external-loads walk_grf.xml -o opensim\n  coxa load --activity list\n\nThe case keeps the latest results; coxa report shows them."
)]
pub struct LoadArgs {
    /// Case folder with a plan.
    #[arg(required_unless_present = "activity")]
    pub case: Option<PathBuf>,
    /// Activity to simulate; may be repeated; by default walking and standing on one leg. `list` prints all names, and which have loads.
    #[arg(long, value_name = "NAME")]
    pub activity: Vec<String>,
    /// Recorded motion (.mot or .sto) with OpenSim's coordinate names, simulated in addition to the activities; the leg on the planned side is
    /// used, a left leg mirrored. Needs --external-loads.
    #[arg(long, value_name = "FILE", requires = "external_loads")]
    pub motion: Option<PathBuf>,
    /// Ground reaction forces of that motion (OpenSim .xml with its table beside it), as recorded: they are not scaled.
    #[arg(long, value_name = "FILE", requires = "motion")]
    pub external_loads: Option<PathBuf>,
    /// Write the patient's leg (.osim), motions, external loads, activations, forces and reactions into a folder, for OpenSim.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Simulate the hip as scanned, too, for comparison with the plan.
    #[arg(long)]
    pub before_after: bool,
    /// Body weight in kg; if omitted, the weight given before for this case, else an estimate from the bones with its uncertainty.
    #[arg(long, value_name = "KG", allow_negative_numbers = true)]
    pub weight: Option<f64>,
    /// Monte Carlo samples of strength, attachments and gait for the percentiles; 0 for none.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub samples: Option<usize>,
    /// Seed of the samples.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Folder with your own implants, if the plan uses them.
    #[arg(long, value_name = "DIR")]
    pub implants: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}
