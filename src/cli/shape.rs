//! `coxa shape`: what there is to say.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The commands of `coxa shape`.
#[derive(Debug, Subcommand)]
pub enum ShapeCommand {
    /// Build a model from bone surfaces, or from a point-distribution model of another program.
    Build(BuildArgs),
    /// Fit a model to a bone surface, complete, truncated or noisy: the complete bone, with the uncertainty of each part.
    Fit(FitArgs),
    /// Generate random bones from the model.
    Sample(SampleArgs),
    /// Measure bones of a model with the landmark code that measures patients.
    Measure(MeasureArgs),
    /// Show what a model contains and how good it is, and draw its modes.
    Info(InfoArgs),
    /// Fit how shape, bone and muscle change with the grade of a disease, from a table of people.
    Progress(ProgressArgs),
}

/// `coxa shape build`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa shape build bones/ -o femur.npz --bone femur --side right\n  coxa shape build shape-femur-gias -o femur.npz --bone femur --side left --licence MPL-2.0\n\nA folder with mean.npy, modes.npy and projectedWeights.npy beside a PLY of the mean is a point-distribution model: its shapes are in\ncorrespondence, and its mean is the template. It is fitted to the shapes of further models, to surfaces and to folders of surfaces."
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
    /// Side of the surfaces; left ones are mirrored.
    #[arg(long, default_value = "right")]
    pub side: String,
    /// Template surface that is fitted to all others [default: the mean of a point-distribution model, else the first surface].
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Shapes of further point-distribution models to omit, by their number from 0: people who are in the first model already would
    /// count twice.
    #[arg(long, value_name = "N,N", value_delimiter = ',')]
    pub without: Vec<usize>,
    /// Largest number of modes to keep.
    #[arg(long, value_name = "COUNT", default_value_t = 30)]
    pub modes: usize,
    /// Where the surfaces come from, for the model's provenance; may be repeated.
    #[arg(long, value_name = "TEXT")]
    pub source: Vec<String>,
    /// Their licence, as an SPDX identifier where there is one; one for each source.
    #[arg(long, value_name = "NAME")]
    pub licence: Vec<String>,
    /// Attribution that the licence requires; one for each source.
    #[arg(long, value_name = "TEXT")]
    pub attribution: Vec<String>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa shape fit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa shape fit femur.npz cut-femur.ply --side right -o whole.ply --samples 5\n  coxa shape fit femur.npz femur.ply --side right -o whole.ply --ct CT --density whole.npz\n\nThe file of --density is a zip of NumPy arrays in the order of the model's vertices: vertices_mm, cortex_mm, density_mg_cm3 (not a\nnumber where the scan does not show it), is_seen (1 or 0)."
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
    /// Number of further bones that fit the surface equally well, written beside it.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub samples: u64,
    /// CT of the surface, to measure cortex and density beneath each vertex in the scan.
    #[arg(long, value_name = "CT", requires = "density")]
    pub ct: Option<PathBuf>,
    /// Series of the CT to read, where there are several.
    #[arg(long, value_name = "UID", requires = "ct")]
    pub series: Option<String>,
    /// File for cortex and density, ending in .npz.
    #[arg(long, value_name = "FILE", requires = "ct")]
    pub density: Option<PathBuf>,
    /// Density calibration, as for coxa plan.
    #[arg(long, value_name = "FILE", requires = "ct")]
    pub calibration: Option<PathBuf>,
    /// Keep to the modes of the model, without the Gaussian-process kernel that lets the fit depart from them.
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
    /// Seed of the first bone; each further bone has the next number.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Number of bones.
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
    /// Seed of the first sample; each further sample has the next number.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Samples to measure; with 0, only the mean bone.
    #[arg(long, default_value_t = 20)]
    pub count: u64,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa shape info`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa shape info femur.npz -o modes.svg")]
pub struct InfoArgs {
    /// The model.
    pub model: PathBuf,
    /// Drawing of the first modes, two standard deviations to either side of the mean, as SVG.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa shape progress`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  coxa shape progress cohort.csv -o progression.json\n\nThe table is a CSV file with one person per line: a column grade (whole numbers from 0), optionally a column id, and a column for each measure,\nsuch as scores of a shape model, densities, volume and fat of muscles, in any unit; an empty field is a missing value. Skill is how well people\nnot used for fitting are predicted; 'by chance' is the fraction of shuffled grades that do as well."
)]
pub struct ProgressArgs {
    /// The table.
    pub cohort: PathBuf,
    /// Model to write, ending in .json.
    #[arg(long, short, value_name = "MODEL")]
    pub output: PathBuf,
    /// Seed of the shuffling.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print the model as JSON.
    #[arg(long)]
    pub json: bool,
}
