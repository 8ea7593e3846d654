//! `coxa osim`: what there is to say.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `coxa osim`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa osim leg.osim info\n  coxa osim leg.osim lengths --motion walk.mot -o results\n  coxa osim leg.osim moment-arms --muscle glut_med1_r --coordinate hip_adduction_r\n  coxa osim leg.osim lengths --setup setup_muscle_analysis.xml\n  coxa osim leg.osim id --setup setup_inverse_dynamics.xml -o results\n  coxa osim leg.osim so --setup setup_static_optimization.xml -o results\n  coxa osim leg.osim jr --setup setup_joint_reaction.xml -o results\n\nWithout a motion the model stands in its default position, and the result is printed. Lengths and arms over a motion are written as OpenSim's\nMuscleAnalysis writes them."
)]
pub struct OsimArgs {
    /// Model (.osim of OpenSim 2 to 4).
    pub model: PathBuf,
    /// What to do.
    #[arg(value_enum)]
    pub action: OsimAction,
    /// Coordinates over time (.mot or .sto).
    #[arg(long, value_name = "FILE", conflicts_with = "setup")]
    pub motion: Option<PathBuf>,
    /// Set-up of an OpenSim tool (AnalyzeTool or InverseDynamicsTool): its motion, times and loads, on the model given.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
    /// Folder to write results into [default: that of the set-up, else here].
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Muscle, may be given again; by default all.
    #[arg(long, value_name = "NAME")]
    pub muscle: Vec<String>,
    /// Coordinate that moment arms are about, may be given again; by default all.
    #[arg(long, value_name = "NAME")]
    pub coordinate: Vec<String>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What `coxa osim` does with a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OsimAction {
    /// Say what it holds and what of it is not supported.
    Info,
    /// Lengths of its muscles.
    Lengths,
    /// Moment arms of its muscles.
    MomentArms,
    /// Inverse dynamics: what forces and moments a motion takes.
    Id,
    /// Static optimisation: which muscles and actuators bear it, by the set-up of an AnalyzeTool.
    So,
    /// Joint reactions: what joints bear then, by the set-up of an AnalyzeTool; forces come from its forces_file, else from static optimisation.
    Jr,
}
