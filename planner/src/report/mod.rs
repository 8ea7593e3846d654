//! The report: one self-contained page that a surgeon reads, with its pictures.

mod gallery;
mod page;
mod words;

use crate::pictures::Picture;
use crate::{Planned, Simulation};
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::{Finding, Side};
use coxa_imaging::{CtVolume, LabelMap};
use serde::Serialize;

/// All that a report shows. Without a plan it leads with why there is none and shows what was measured.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The CT.
    pub ct: &'a CtVolume,
    /// Its labels.
    pub labels: &'a LabelMap,
    /// Bones as scanned.
    pub surfaces: &'a BoneSurfaces,
    /// Landmarks, frames and measurements.
    pub anatomy: &'a HipAnatomy,
    /// Side that was to be planned.
    pub side: Side,
    /// The plan with its geometry and numbers.
    pub planned: Option<&'a Planned>,
    /// Its simulation.
    pub simulation: Option<&'a Simulation>,
    /// Findings of all stages.
    pub findings: &'a [Finding],
    /// Where everything came from.
    pub provenance: &'a Provenance,
}

/// Where a report came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// Version of the program.
    pub program_version: String,
    /// What was read.
    pub inputs: Vec<InputHash>,
    /// Seed of the virtual patient, where it was one.
    pub seed: Option<u64>,
}

/// Hash of one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputHash {
    /// What it is.
    pub role: String,
    /// BLAKE3, 64 hexadecimal digits.
    pub blake3: String,
}

/// A finished report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The page, pictures inside.
    pub html: String,
    /// The same pictures as files.
    pub pictures: Vec<Picture>,
}

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The page template and what fills it do not fit.
    #[error("the report page could not be filled in")]
    Page(#[from] minijinja::Error),
    /// A picture could not be encoded.
    #[error("a picture of the report could not be encoded")]
    Picture(#[from] png::EncodingError),
}

/// Draws the pictures and fills in the page.
///
/// # Errors
/// See [`ReportError`]; neither depends on the patient.
pub fn render(input: &ReportInput<'_>) -> Result<Report, ReportError> {
    let pictures = gallery::draw(input)?;
    let html = page::fill(input, &pictures)?;
    Ok(Report { html, pictures })
}
