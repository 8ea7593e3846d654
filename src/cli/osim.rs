//! `coxa osim`: what there is to say.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `coxa osim`.
#[derive(Debug, Args)]
#[command(
    subcommand_value_name = "ACTION",
    subcommand_help_heading = "Actions",
    disable_help_subcommand = true,
    after_help = "Examples:\n  coxa osim leg.osim info\n  coxa osim leg.osim lengths --motion walk.mot -o results\n  coxa osim leg.osim moment-arms --muscle glut_med1_r --coordinate hip_adduction_r\n  coxa osim leg.osim lengths --setup setup_muscle_analysis.xml\n  coxa osim generic.osim scale --setup setup_scale.xml -o person\n  coxa osim person/scaled.osim ik --setup setup_ik.xml -o results\n  coxa osim leg.osim id --setup setup_inverse_dynamics.xml -o results\n  coxa osim leg.osim so --setup setup_static_optimization.xml -o results\n  coxa osim leg.osim jr --setup setup_joint_reaction.xml -o results\n  coxa osim leg_2.osim write -o leg_4.osim\n\nWithout a motion the model stands in its default position, and the result is printed. Lengths and moment arms over a motion are written as OpenSim's\nMuscleAnalysis writes them. Options of an action: coxa osim MODEL ACTION --help."
)]
pub struct OsimArgs {
    /// Model (.osim of OpenSim 2 to 4).
    pub model: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub action: OsimAction,
}

/// What `coxa osim` does with a model.
#[derive(Debug, Subcommand)]
pub enum OsimAction {
    /// Show what the model contains and what of it is not supported.
    Info(InfoArgs),
    /// Muscle lengths.
    Lengths(LengthsArgs),
    /// Muscle moment arms.
    MomentArms(MomentArmsArgs),
    /// Scale the model to a person, by the set-up of a ScaleTool: bodies by distances of markers, then markers to their places.
    Scale(SetupArgs),
    /// Inverse kinematics: the coordinates that bring the markers of the model nearest to measured ones.
    Ik(IkArgs),
    /// Inverse dynamics: forces and moments that a motion requires.
    Id(MotionArgs),
    /// Static optimisation: forces of muscles and actuators for the motion in the set-up of an AnalyzeTool.
    So(SetupArgs),
    /// Joint reactions, by the set-up of an AnalyzeTool; muscle forces come from its forces_file, else from static optimisation.
    Jr(SetupArgs),
    /// Write the model as an OpenSim 4 file, whatever its version.
    Write(WriteArgs),
}

/// `coxa osim MODEL info`.
#[derive(Debug, Args)]
pub struct InfoArgs {
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa osim MODEL write`.
#[derive(Debug, Args)]
pub struct WriteArgs {
    /// File to write; an existing file is not overwritten.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
}

/// `coxa osim MODEL lengths`.
#[derive(Debug, Args)]
pub struct LengthsArgs {
    /// Motion, and where results go.
    #[command(flatten)]
    pub motion: MotionArgs,
    /// Muscle; may be repeated; by default all.
    #[arg(long, value_name = "NAME")]
    pub muscle: Vec<String>,
}

/// `coxa osim MODEL moment-arms`.
#[derive(Debug, Args)]
pub struct MomentArmsArgs {
    /// What lengths take too.
    #[command(flatten)]
    pub lengths: LengthsArgs,
    /// Coordinate for the moment arms; may be repeated; by default all.
    #[arg(long, value_name = "NAME")]
    pub coordinate: Vec<String>,
}

/// A motion, by its file or by a set-up, and where results go.
#[derive(Debug, Args)]
pub struct MotionArgs {
    /// Coordinates over time (.mot or .sto).
    #[arg(long, value_name = "FILE", conflicts_with = "setup")]
    pub motion: Option<PathBuf>,
    /// Set-up of an OpenSim tool (AnalyzeTool or InverseDynamicsTool): its motion, times and loads, on the model given.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
    /// Folder to write results into [default: that of the set-up, else the current folder].
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa osim MODEL ik`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("trial").args(["setup", "markers"]).required(true))]
pub struct IkArgs {
    /// Set-up of an InverseKinematicsTool of OpenSim: its markers, weights and times, on the model given.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
    /// Markers over time (.trc or .c3d); all that the model has too are followed with a weight of one.
    #[arg(long, value_name = "FILE")]
    pub markers: Option<PathBuf>,
    /// Folder to write results into [default: that of the set-up, else the current folder].
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// A set-up, and where results go.
#[derive(Debug, Args)]
pub struct SetupArgs {
    /// Set-up of the tool of OpenSim: what to run on which files, on the model given.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
    /// Folder to write results into [default: that of the set-up, else the current folder].
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}
