//! A virtual patient as a CT shows it.

use super::error::VirtualPatientError;
use super::flesh::MuscleTruth;
use super::options::VirtualPatientOptions;
use super::phantom::Phantom;
use super::truth::Truth;
use coxa_anatomy::BoneSurfaces;
use coxa_imaging::{CtVolume, LabelMap};

/// A virtual patient and the truth about it.
#[derive(Debug, Clone)]
pub struct VirtualPatient {
    /// The scan.
    pub ct: CtVolume,
    /// The bones on the grid of the scan, `hip_right`, `hip_left`, `femur_right`, `femur_left`, `sacrum`, and what else of muscles,
    /// vessels, lumbar vertebrae and metal it holds.
    pub labels: LabelMap,
    /// The bones the scan was made from; not cut at the end of the scan.
    pub surfaces: BoneSurfaces,
    /// The muscles as they lie in the scan.
    pub muscles: Vec<MuscleTruth>,
    /// What is known by construction.
    pub truth: Truth,
}

/// Makes a virtual patient. The same options give the same bytes on any number of threads.
///
/// # Examples
/// Takes seconds; the programs in `examples/` of the repository start with one.
pub fn generate(options: &VirtualPatientOptions) -> Result<VirtualPatient, VirtualPatientError> {
    let phantom = Phantom::new(options)?;
    let ct = phantom.ct(options.physics, options.noise_hu, options.seed);
    let Phantom { labels, surfaces, muscles, truth, .. } = phantom;
    Ok(VirtualPatient { ct, labels, surfaces, muscles, truth })
}
