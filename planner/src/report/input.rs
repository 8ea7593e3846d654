//! What a report is made of.

use crate::loads::Loads;
use crate::optimise::Optimisation;
use crate::panels::CasePanel;
use crate::{Planned, Simulated};
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::{Finding, Side};
use coxa_imaging::Grid;
use coxa_locale::Language;
use serde::Serialize;

/// All that a report shows. Without a plan it leads with why there is none and shows what was measured.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The language of its texts.
    pub language: Language,
    /// The grid of the CT.
    pub grid: &'a Grid,
    /// Bones as scanned.
    pub surfaces: &'a BoneSurfaces,
    /// Landmarks, frames and measurements.
    pub anatomy: &'a HipAnatomy,
    /// Side that was to be planned.
    pub side: Side,
    /// The plan with its geometry and numbers.
    pub planned: Option<&'a Planned>,
    /// Its simulation.
    pub simulation: Option<&'a Simulated>,
    /// Its loads, where they were asked for.
    pub loads: Option<&'a Loads>,
    /// What the optimiser found.
    pub optimisation: Option<&'a Optimisation>,
    /// What modules left in the case.
    pub modules: &'a [CasePanel],
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
