//! The command line of `coxa bench`.

use clap::Args;
use std::path::PathBuf;

/// `coxa bench`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa bench imaging\n  coxa bench rom workload/\n  coxa bench loads gait2392.osim"
)]
pub struct BenchArgs {
    /// What to measure.
    #[arg(value_enum)]
    pub name: Benchmark,
    /// For rom: the folder to measure on. For loads: a model of OpenSim. For stages: a case, which is copied.
    #[arg(required_if_eq("name", "rom"))]
    pub path: Option<PathBuf>,
    /// For optimise and scenario: virtual patients to measure on.
    #[arg(long, value_name = "COUNT", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub patients: u32,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// The benchmarks of `coxa bench`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Benchmark {
    /// Isosurface, resampling, projection and reading of a series.
    Imaging,
    /// The main path from a CT of 512x512x400 voxels to the report.
    Plan,
    /// The optimiser on virtual patients: its time, and its gain over placement by rule.
    Optimise,
    /// Time of rom, load and report on a finished case; by default that of `coxa demo`.
    Stages,
    /// Contact of surfaces in poses and over the whole range of motion, on a folder as for `verify rom-workload`.
    Rom,
    /// Features of a region in an image of 100x100x100 voxels, beside pyradiomics where python3 has it.
    Radiomics,
    /// Hips of a study: what each stage costs, hips an hour, and what keeping and merging add.
    Scenario,
    /// Lengths, moment arms, inverse dynamics and static optimisation, of the leg that ships or of a model of OpenSim (.osim).
    Loads,
}
