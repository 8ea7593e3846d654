//! `coxa patient`: what there is to say.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `coxa patient`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa patient --seed 1 -o patients\n  coxa patient --seed 10 --count 4 --disease osteoarthritis --grade 3 --side left -o patients\n  coxa patient --modality ct --modality xray --modality mr --implant hip --side right -o patients\n\nEach patient is a folder with the scan, labels.nii.gz, labels.json, surfaces, truth.json and renderings.png; several have\npatients.csv and contact_sheet.png beside them. The same options and seed give identical files. The patients are models: results on them do\nnot show accuracy in patients."
)]
pub struct PatientArgs {
    /// Seed of the first patient; each further patient has the next number.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Number of patients.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub count: u32,
    /// Folder to write, new or empty.
    #[arg(long, short, value_name = "DIR")]
    pub output: PathBuf,
    /// Disease of the patients: none, osteoarthritis, dysplasia, protrusio, retroversion or osteoporosis.
    #[arg(long, value_name = "NAME", default_value = "none")]
    pub disease: String,
    /// Grade of the disease: Kellgren-Lawrence 0 to 4, Crowe 1 to 3, or protrusio 1 to 3; random by default.
    #[arg(long, value_name = "N")]
    pub grade: Option<u8>,
    /// The hip that is affected, or has the implant: right or left; random by default.
    #[arg(long)]
    pub side: Option<String>,
    /// Shape of both femora: usual, retroverted, anteverted, short_neck, champagne_flute or stovepipe.
    #[arg(long, value_name = "NAME", default_value = "usual")]
    pub femur: String,
    /// Body mass index in kg/m2, 16 to 45; random by default.
    #[arg(long, allow_negative_numbers = true, value_name = "BMI")]
    pub bmi: Option<f64>,
    /// Contrast phase of the CT; random by default, mostly native (unenhanced).
    #[arg(long, value_enum, value_name = "PHASE")]
    pub contrast: Option<ContrastArg>,
    /// Imaging modality; may be repeated.
    #[arg(long, value_enum, value_name = "NAME", default_values_t = [Modality::Ct])]
    pub modality: Vec<Modality>,
    /// Metal in the affected hip.
    #[arg(long, value_enum, value_name = "NAME")]
    pub implant: Option<ImplantArg>,
    /// How the CT is simulated.
    #[arg(long, value_enum, value_name = "NAME", default_value = "quick")]
    pub physics: PhysicsArg,
    /// In-plane voxel size, 0.7 to 4 mm; the slice distance is 1.25 times as large.
    #[arg(long, allow_negative_numbers = true, value_name = "MM", default_value_t = 1.0)]
    pub spacing: f64,
    /// Standard deviation of the noise of the CT in soft tissue.
    #[arg(long, allow_negative_numbers = true, value_name = "HU", default_value_t = 12.0)]
    pub noise: f64,
    /// How far the scan reaches above the hip centres, mm; by default above both iliac crests.
    #[arg(long, allow_negative_numbers = true, value_name = "MM")]
    pub above: Option<f64>,
    /// How far the scan reaches below the hip centres, mm; by default below both knees.
    #[arg(long, allow_negative_numbers = true, value_name = "MM")]
    pub below: Option<f64>,
    /// Template of the bones instead of the built-in one: a folder made by models/training/virtual_patient.
    #[arg(long, value_name = "DIR")]
    pub template: Option<PathBuf>,
    /// Atlas of muscles instead of the built-in one: a file made by models/training/muscle_atlas.
    #[arg(long, value_name = "FILE")]
    pub muscle_atlas: Option<PathBuf>,
    /// Write CT and MR as DICOM series too.
    #[arg(long)]
    pub dicom: bool,
    /// Print the patients as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Machines that take pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Modality {
    /// Computed tomography.
    Ct,
    /// A radiograph of the pelvis from the front.
    Xray,
    /// Magnetic resonance: T1, T2 and STIR.
    Mr,
}

/// When a CT is taken after contrast agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ContrastArg {
    /// No contrast agent.
    Native,
    /// Arterial phase.
    Arterial,
    /// Venous phase.
    Venous,
}

/// Metal in a hip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImplantArg {
    /// A nail in the femur with a screw into its head.
    Nail,
    /// A replaced hip: shell, liner, head and stem.
    Hip,
}

/// How a CT comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PhysicsArg {
    /// Noise is added to the image; slices with metal go through the sinogram.
    Quick,
    /// Every slice goes through the sinogram: X-rays of five energies, counted, filtered, projected back.
    Sinogram,
}
