//! `coxa diagnose`: what there is to say.

use super::read_study::ReadStudyCommand;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The commands of `coxa diagnose`.
#[derive(Debug, Subcommand)]
pub enum DiagnoseCommand {
    /// List the diagnostic modules.
    List(ListArgs),
    /// Show what a module takes, predicts and is compared with.
    Show(ShowArgs),
    /// Predict with a trained module.
    Run(RunArgs),
    /// Train a module on a table of cases by nested cross-validation, and evaluate it.
    Train(TrainArgs),
    /// Evaluate predictions of a module on cases that it was not trained on.
    Evaluate(EvaluateArgs),
    /// Write the report of a run.
    Report(ReportArgs),
    /// Studies with human readers: worklists, a local page to read on, analysis.
    #[command(subcommand)]
    ReadStudy(ReadStudyCommand),
}

/// `coxa diagnose list`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa diagnose list")]
pub struct ListArgs {
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa diagnose show`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa diagnose show laminoplasty-outcome\n  coxa diagnose show laminoplasty-outcome --write my-module\n  coxa diagnose show network.onnx --write my-module\n\nThe second writes module.toml and virtual.toml into a folder, to be edited: that folder is a module of your own. The third drafts the manifest of a network."
)]
pub struct ShowArgs {
    /// Name of a module, the folder of one of your own, or a network (.onnx) for which a manifest is to be drafted.
    pub module: String,
    /// Write the module's files into this folder and stop.
    #[arg(long, value_name = "FOLDER")]
    pub write: Option<PathBuf>,
    /// Print the header of a table of cases, ready to be filled.
    #[arg(long, conflicts_with = "write")]
    pub header: bool,
}

/// Character encodings of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum TableEncoding {
    /// UTF-8, or UTF-16 with its mark.
    #[default]
    Unicode,
    /// Shift JIS, as spreadsheets in Japan write it.
    ShiftJis,
    /// Windows-1252, as spreadsheets in western Europe and America write it.
    Windows1252,
}

/// A table of cases and what it names.
#[derive(Debug, Clone, Args)]
pub struct TableArgs {
    /// Character encoding of the table.
    #[arg(long, value_enum, default_value_t)]
    pub encoding: TableEncoding,
    /// Folder of the images, masks and case folders that it names [default: that of the table].
    #[arg(long, value_name = "FOLDER")]
    pub images: Option<PathBuf>,
}

/// `coxa diagnose run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa diagnose run trained new-patients.csv -o predictions\n  coxa diagnose run ./my-network film.dcm -o predictions --explain occlusion\n  coxa diagnose run ./my-network case\n\nWrites predictions/OUTPUT.csv, a row for each case with its probabilities; a case folder keeps what the module says of it."
)]
pub struct RunArgs {
    /// Folder of a run of `coxa diagnose train`, or of a module with networks.
    pub module: String,
    /// What it looks at: a table of cases (.csv) without the truth, one image (a file, or a folder with a DICOM series), or a case folder.
    pub input: PathBuf,
    /// New folder for the predictions; of a case folder not needed.
    #[arg(long, short, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// How the table is read.
    #[command(flatten)]
    pub table: TableArgs,
    /// Also write why: how much each column added to each prediction, or where a network looked.
    #[arg(long, value_name = "METHOD")]
    pub explain: Option<Explained>,
}

/// Ways to explain a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Explained {
    /// Exact Shapley values of a model of a table.
    Shapley,
    /// Class activation maps of a network that gives them.
    Cam,
    /// How the prediction of a network changes when a part of the image is covered.
    Occlusion,
}

/// `coxa diagnose train`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("cases").args(["table", "example"]).required(true),
    after_help = "Examples:\n  coxa diagnose train laminoplasty-outcome --table cases.csv -o run\n  coxa diagnose train laminoplasty-outcome --example -o run\n  coxa diagnose train ./my-module --table cases.csv --images scans -o run\n\nA module with a [network] is trained by PyTorch (Debian: python3-torch); the same command after an interrupt goes on where it was.\nThe folder holds the models (model.json), the prediction of each case by models that have not seen its patient (predictions/), what was chosen in each fold (log.csv) and how good it is (evaluation.json)."
)]
pub struct TrainArgs {
    /// Name of a module, or the folder of one of your own.
    pub module: String,
    /// Table of the cases.
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    /// Draw virtual cases from the module's own law instead.
    #[arg(long)]
    pub example: bool,
    /// Number of virtual cases.
    #[arg(long, value_name = "N", default_value_t = 500, requires = "example")]
    pub count: usize,
    /// Seed of the virtual cases.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "example")]
    pub seed: u64,
    /// How the table is read.
    #[command(flatten)]
    pub reading: TableArgs,
    /// Folder for the run; it must not be there yet, or hold a training of networks that was interrupted.
    #[arg(long, short, value_name = "FOLDER")]
    pub output: PathBuf,
    /// How networks are trained.
    #[command(flatten)]
    pub network: NetworkArgs,
}

/// How networks are trained, beside what the module says.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Networks")]
pub struct NetworkArgs {
    /// Number of training epochs [default: as the module says].
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Stop each network after so many steps: to try out a module.
    #[arg(long, value_name = "N")]
    pub steps: Option<usize>,
    /// Threads of PyTorch [default: those of the machine].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

/// `coxa diagnose evaluate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa diagnose evaluate run --table other-hospital.csv --external\n  coxa diagnose evaluate laminoplasty-outcome --table cases.csv --predictions p.csv --subgroup sex,age:65\n\nFor a run the model predicts, with the thresholds set in its training; patients that it was trained on are refused. The baselines of the module are fitted to these cases."
)]
pub struct EvaluateArgs {
    /// Folder of a run, or a module, by name or folder, whose predictions are given.
    pub module: String,
    /// Table of the cases with the truth.
    #[arg(long, value_name = "FILE")]
    pub table: PathBuf,
    /// Predictions of another program: a CSV file with the columns patient, study and `p:CLASS` for each class, or `predicted`.
    #[arg(long, value_name = "FILE")]
    pub predictions: Option<PathBuf>,
    /// Which output the predictions are of, where the module has several.
    #[arg(long, value_name = "OUTPUT", requires = "predictions")]
    pub of: Option<String>,
    /// Mark as external validation: the cases are from another site or period.
    #[arg(long)]
    pub external: bool,
    /// Subgroups instead of those of the module: inputs with classes, or numbers with a limit.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub subgroup: Vec<String>,
    /// New folder for the figures, of which `coxa diagnose report` makes a page.
    #[arg(long, short, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// How the table is read.
    #[command(flatten)]
    pub reading: TableArgs,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa diagnose report`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa diagnose report run\n  coxa diagnose report run --checklist tripod-ai --checklist stard"
)]
pub struct ReportArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// Add a checklist, filled where the run knows the answer: tripod-ai, stard or claim.
    #[arg(long, value_name = "NAME")]
    pub checklist: Vec<String>,
    /// File for the report [default: report.html in the run].
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
