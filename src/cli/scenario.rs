//! `coxa scenario`: what there is to say.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The commands of `coxa scenario`.
#[derive(Debug, Subcommand)]
pub enum ScenarioCommand {
    /// Run a study on this machine; a study that was stopped goes on where it stopped.
    Run(RunArgs),
    /// Submit a study to Slurm as a job array.
    Submit(SubmitArgs),
    /// Go on with a study: on Slurm where it was submitted there, else on this machine.
    Resume(ResumeArgs),
    /// One task of a job array: what the submitted script runs.
    Task(TaskArgs),
    /// How far a study is, and which jobs failed and why.
    Status(StatusArgs),
    /// Run one job by itself and print what it gives.
    Job(JobArgs),
    /// Make the case folder of one job, which the viewer and all other commands take.
    Case(CaseArgs),
    /// Merge the results of all machines into one table.
    Merge(MergeArgs),
    /// Write the report of a study: differences between levels, sensitivities, distributions.
    Report(ReportArgs),
    /// How many patients a difference needs, from a study that was run as a pilot.
    Power(PowerArgs),
    /// List what a study can vary and what it can keep.
    List(ListArgs),
}

/// `coxa scenario run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa scenario run --write-example study.toml\n  coxa scenario run study.toml -o out --count 20\n\nThe results are in out/results.parquet, a row for each job. The same study and seed give the same bytes on any number of threads and machines."
)]
pub struct RunArgs {
    /// The study.
    #[arg(value_name = "STUDY", required_unless_present = "write_example")]
    pub study: Option<PathBuf>,
    /// Folder for the results; one that holds the same study, of as many patients or fewer, is gone on with.
    #[arg(long, short, value_name = "FOLDER", required_unless_present = "write_example")]
    pub output: Option<PathBuf>,
    /// Number of virtual patients instead of that in the study.
    #[arg(long, value_name = "N")]
    pub count: Option<usize>,
    /// Only make the first three blocks that are not made yet, and estimate time and disk of the study by them; a later run goes on from there.
    #[arg(long)]
    pub check: bool,
    /// Make the blocks again in which a job failed.
    #[arg(long)]
    pub retry_failed: bool,
    /// Write a commented study to this file and stop.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["study", "output", "count", "check", "retry_failed"])]
    pub write_example: Option<PathBuf>,
}

/// `coxa scenario submit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa scenario submit study.toml --slurm -o out --dry-run\n  coxa scenario submit study.toml --slurm -o out --partition short --time 02:00:00 --memory 2G\n\nWhen all tasks have ended: coxa scenario merge out."
)]
pub struct SubmitArgs {
    /// The study.
    pub study: PathBuf,
    /// Folder for the results, on a file system that all machines share.
    #[arg(long, short, value_name = "FOLDER")]
    pub output: PathBuf,
    /// Submit to Slurm.
    #[arg(long, required = true)]
    pub slurm: bool,
    /// Number of virtual patients instead of that in the study.
    #[arg(long, value_name = "N")]
    pub count: Option<usize>,
    /// Partition of the cluster.
    #[arg(long, value_name = "NAME")]
    pub partition: Option<String>,
    /// Time of a task, as sbatch takes it.
    #[arg(long, value_name = "TIME")]
    pub time: Option<String>,
    /// Memory of a task, as sbatch takes it.
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<String>,
    /// Processors of a task.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub cpus: u32,
    /// Tasks of the array, at most [default: a task for each block, up to 1000].
    #[arg(long, value_name = "N")]
    pub tasks: Option<u64>,
    /// Print the script, and submit nothing. The folder of the study is made all the same.
    #[arg(long)]
    pub dry_run: bool,
}

/// `coxa scenario resume`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  coxa scenario resume out\n  coxa scenario resume out --retry-failed")]
pub struct ResumeArgs {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Make the blocks again in which a job failed.
    #[arg(long)]
    pub retry_failed: bool,
}

/// `coxa scenario task`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa scenario task out 17")]
pub struct TaskArgs {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Number of the task.
    pub task: u64,
}

/// `coxa scenario status`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa scenario status out")]
pub struct StatusArgs {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa scenario job`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa scenario job out 421")]
pub struct JobArgs {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Number of the job, as in the column `job` of the results.
    pub job: u64,
}

/// `coxa scenario case`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  coxa scenario case out 421\n\nWrites out/cases/job-000421. A virtual patient gets a CT with its true labels. Bones and muscles are measured anew in its voxels, so that numbers of the case may differ a little from those of the job. A case that was made before is left as it is."
)]
pub struct CaseArgs {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Number of the job, as in the column `job` of the results.
    pub job: u64,
}

/// `coxa scenario merge`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa scenario merge out --csv")]
pub struct MergeArgs {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Merge what there is of a study that is not at its end.
    #[arg(long)]
    pub partial: bool,
    /// Write results.csv too.
    #[arg(long)]
    pub csv: bool,
    /// Do not wait for tasks that are still on Slurm.
    #[arg(long)]
    pub no_wait: bool,
}

/// `coxa scenario report`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa scenario report out\n  coxa scenario report out --cases motion.flexion\n\nWrites out/report.html and out/plots/*.svg."
)]
pub struct ReportArgs {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Report what there is of a study that is not at its end.
    #[arg(long)]
    pub partial: bool,
    /// Make the case folders of the patients at either end of this quantity, six or fewer, and link them; about half a minute each.
    #[arg(long, value_name = "QUANTITY")]
    pub cases: Option<String>,
}

/// `coxa scenario power`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa scenario power out\n  coxa scenario power out --quantity motion.flexion --difference 2"
)]
pub struct PowerArgs {
    /// Folder of the results of the pilot.
    pub folder: PathBuf,
    /// Only this quantity.
    #[arg(long, value_name = "NAME")]
    pub quantity: Option<String>,
    /// Difference to be found, in the unit of the quantity [default: that of the pilot].
    #[arg(long, value_name = "D", requires = "quantity", allow_negative_numbers = true)]
    pub difference: Option<f64>,
    /// Probability of finding it, per cent.
    #[arg(long, value_name = "PERCENT", default_value_t = 80.0)]
    pub power: f64,
}

/// `coxa scenario list`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa scenario list")]
pub struct ListArgs {
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}
