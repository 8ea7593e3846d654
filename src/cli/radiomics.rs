//! The command line of `coxa radiomics`.

use clap::Args;
use coxa_radiomics::Mode;
use std::path::PathBuf;

/// `coxa radiomics`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa radiomics --write-settings settings.toml      # then edit it\n  coxa radiomics t2.nii.gz cord.nii.gz --settings settings.toml --csv -o features.csv\n  coxa radiomics ct.nii.gz labels.nii.gz --label 75 --mode pyradiomics --json\n\nImage and mask are NIfTI files on one grid. Without --settings the defaults hold, which --write-settings writes."
)]
pub struct RadiomicsArgs {
    /// Image of any modality: NIfTI, whole numbers or floats.
    #[arg(required_unless_present = "write_settings")]
    pub image: Option<PathBuf>,
    /// Mask or label map on the grid of the image: NIfTI.
    #[arg(required_unless_present = "write_settings")]
    pub mask: Option<PathBuf>,
    /// Settings, as TOML: interpolation, resegmentation, discretisation, families.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Label of the region in the mask.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub label: u16,
    /// Definitions that features follow, instead of those of the settings.
    #[arg(long, value_enum)]
    pub mode: Option<ModeArg>,
    /// Print the features as CSV.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print features, settings and what was done to image and mask as JSON.
    #[arg(long)]
    pub json: bool,
    /// Write the result into this file instead.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only write the default settings with comments into this file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["image", "mask", "settings", "output"])]
    pub write_settings: Option<PathBuf>,
}

/// The modes of `coxa radiomics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ModeArg {
    /// The Image Biomarker Standardisation Initiative.
    Ibsi,
    /// The 107 features of pyradiomics 3.
    Pyradiomics,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::Ibsi => Mode::Ibsi,
            ModeArg::Pyradiomics => Mode::Pyradiomics,
        }
    }
}
