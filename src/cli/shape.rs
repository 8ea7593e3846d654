//! `coxa shape`: what there is to say.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The commands of `coxa shape`.
#[derive(Debug, Subcommand)]
pub enum ShapeCommand {
    /// Build a model from bone surfaces, or from a point-distribution model of another program.
    Build(BuildArgs),
    /// Fit a model to a bone surface, whole, cut or noisy: the whole bone, and how sure each part of it is.
    Fit(FitArgs),
    /// Make bones that the model holds for likely.
    Sample(SampleArgs),
    /// Measure bones of a model with the landmark code that measures patients.
    Measure(MeasureArgs),
    /// Say what a model holds and how good it is, and draw its modes.
    Info(InfoArgs),
}

/// `coxa shape build`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa shape build bones/ -o femur.npz --bone femur --side right\n  coxa shape build shape-femur-gias -o femur.npz --bone femur --side left --licence MPL-2.0\n\nA folder with mean.npy, modes.npy and projectedWeights.npy beside a PLY of the mean is a point-distribution model: its shapes are in\ncorrespondence, and its mean is the template. Shapes of further ones, surfaces and folders of surfaces have the template laid on them."
)]
pub struct BuildArgs {
    /// Surfaces (PLY or STL, millimetres, patient frame), folders of them, or a point-distribution model.
    #[arg(required = true)]
    pub input: Vec<PathBuf>,
    /// Model to write, ending in .npz.
    #[arg(long, short, value_name = "MODEL")]
    pub output: PathBuf,
    /// Name of the bone without side, such as femur.
    #[arg(long, value_name = "NAME")]
    pub bone: String,
    /// Side that the surfaces are of; left ones are mirrored.
    #[arg(long, default_value = "right")]
    pub side: String,
    /// Surface that is laid on all others [default: the mean of a point-distribution model, else the first surface].
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Shapes of further point-distribution models that are left out, by their number from 0: people who are in the first model
    /// already would count twice.
    #[arg(long, value_name = "N,N", value_delimiter = ',')]
    pub without: Vec<usize>,
    /// Most modes that are kept.
    #[arg(long, value_name = "COUNT", default_value_t = 30)]
    pub modes: usize,
    /// Where the surfaces come from, for the model's provenance; may be given again.
    #[arg(long, value_name = "TEXT")]
    pub source: Vec<String>,
    /// Their licence, as an SPDX identifier where there is one; one for each source.
    #[arg(long, value_name = "NAME")]
    pub licence: Vec<String>,
    /// Words that the licence asks for; one for each source.
    #[arg(long, value_name = "TEXT")]
    pub attribution: Vec<String>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa shape fit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  coxa shape fit femur.npz cut-femur.ply --side right -o whole.ply --samples 5"
)]
pub struct FitArgs {
    /// The model.
    pub model: PathBuf,
    /// Surface of the bone, whole or in part (PLY or STL, millimetres, patient frame).
    pub surface: PathBuf,
    /// Side of the bone.
    #[arg(long)]
    pub side: String,
    /// Whole bone to write, as PLY.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Bones as they might also be, written beside it.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub samples: u64,
    /// Keep to the modes of the model, without its kernel.
    #[arg(long)]
    pub modes_only: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa shape sample`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa shape sample femur.npz --seed 1 --count 4 -o bones")]
pub struct SampleArgs {
    /// The model.
    pub model: PathBuf,
    /// Of the first bone; the next ones count up.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many.
    #[arg(long, default_value_t = 1)]
    pub count: u64,
    /// Folder to write PLY files to.
    #[arg(long, short, value_name = "DIR")]
    pub output: PathBuf,
}

/// `coxa shape measure`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa shape measure femur.npz --count 50 --json")]
pub struct MeasureArgs {
    /// The model: of a femur or a hip bone.
    pub model: PathBuf,
    /// Of the first sample; the next ones count up.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Samples to measure; without them the mean is measured alone.
    #[arg(long, default_value_t = 20)]
    pub count: u64,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa shape info`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa shape info femur.npz --draw modes.svg")]
pub struct InfoArgs {
    /// The model.
    pub model: PathBuf,
    /// Drawing of the first modes, two standard deviations to either side of the mean, as SVG.
    #[arg(long, value_name = "FILE")]
    pub draw: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}
