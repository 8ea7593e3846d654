//! Bones from CT without a network: hip bones, femora, sacrum and metal, at the resolution of the scan.
//!
//! What belongs to which bone is decided on an isotropic copy along the patient axes (`field`), where a voxel means
//! the same in every scan; where exactly a bone ends is decided in the scan itself (`native`).
//!
//! 1. `levels`: thresholds from the muscle of this scan; `metal` apart, its `streaks` reduced before anything is looked for.
//! 2. `heads`: femoral heads by sphere voting, told from other round things by socket and neck; `misread`: scans that
//!    lie otherwise than their header says, or are of a child.
//! 3. `joint`: heads placed by the sphere that fits best (`probe`), or by the shell of a `replaced` joint; femur from hip bone by
//!    a minimum cut with that sphere as prior.
//! 4. `midplane`, `pelvis`, `lumbosacral`: hip bones from sacrum, left from right, sacrum from spine, each by a
//!    minimum cut between what anatomy is sure of.
//! 5. `solid`: marrow belongs to the bone. `native`: surface and uncertainty voxel by voxel.

mod body;
mod bones;
mod by_network;
mod cut;
mod field;
mod findings;
mod given;
mod heads;
mod joint;
mod levels;
mod lumbosacral;
mod maxflow;
mod metal;
mod midplane;
mod misread;
mod morphology;
pub mod muscles;
mod native;
mod pelvis;
mod probe;
mod replaced;
mod sample;
mod scan;
mod solid;
mod streaks;

pub use given::judge_given;

use coxa_anatomy::label_names;
use coxa_geometry::{Finding, Side};
use coxa_imaging::{CtVolume, LabelMap, Volume};
use field::{Field, Lattice};
use ndarray::Array3;
use scan::Scan;

/// Working copies larger than this are made coarser.
const MOST_WORKING_VOXELS: usize = 40_000_000;

/// What finds structures in a CT.
pub trait Segmenter {
    /// Segments a CT. `progress` is told how many of how many steps are done.
    ///
    /// # Errors
    /// Where the volume cannot be segmented at all; what is merely doubtful is a finding.
    fn segment(
        &self,
        ct: &CtVolume,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Segmentation, SegmentError>;
}

/// How to segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentOptions {
    /// Voxel size in millimetres of the working copy, 0.8 to 3.
    pub working_step_mm: f64,
}

impl Default for SegmentOptions {
    fn default() -> Self {
        SegmentOptions { working_step_mm: 1.5 }
    }
}

/// Segments bones by thresholds, anatomy and minimum cuts; needs no trained model.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ThresholdSegmenter {
    /// How to segment.
    pub options: SegmentOptions,
}

/// Metal on one side of the patient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metal {
    /// Which side.
    pub side: Side,
    /// All of it in mm³.
    pub volume_mm3: f64,
    /// What lies in or on the femur.
    pub in_femur_mm3: f64,
    /// What lies within the joint, in the head or the wall of the socket.
    pub at_joint_mm3: f64,
}

/// Structures found in a CT.
#[derive(Debug, Clone, PartialEq)]
pub struct Segmentation {
    /// `hip_right`, `hip_left`, `femur_right`, `femur_left`, `sacrum` and `metal`, on the grid of the CT. The table
    /// lists all of them; those not in view have no voxels.
    pub labels: LabelMap,
    /// How doubtful each voxel is, 0 to 100: near a bone surface of little contrast, or where two bones touch.
    pub uncertainty: Volume<u8>,
    /// Metal, by side; sides without any are left out.
    pub metal: Vec<Metal>,
    /// The CT with the streaks of metal reduced, in which the bones were found; absent where there is no metal, where
    /// streaks cannot be reduced, and in what a network found. Muscles
    /// are to be looked for in it, densities to be measured in the CT that was given.
    pub without_streaks: Option<CtVolume>,
    /// What the user must know.
    pub findings: Vec<Finding>,
}

/// Why a volume cannot be segmented.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SegmentError {
    /// No voxels.
    #[error("the volume has no voxels")]
    Empty,
    /// Positions or voxel sizes that are zero, infinite or not a number.
    #[error("the volume has no usable voxel size: its steps must be finite, orthogonal and above zero")]
    Grid,
    /// An option outside its range.
    #[error("the working voxel size is {0} mm, but must lie between 0.8 and 3")]
    WorkingStep(f64),
    /// A network could not be run.
    #[error(transparent)]
    Network(#[from] coxa_network::NetworkError),
}

/// Finds the bones of the hips in a CT.
///
/// # Errors
/// Where the volume has no voxels or no usable grid, or an option lies outside its range.
pub fn segment(
    ct: &CtVolume,
    options: &SegmentOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Segmentation, SegmentError> {
    ThresholdSegmenter { options: *options }.segment(ct, progress)
}

impl Segmenter for ThresholdSegmenter {
    fn segment(
        &self,
        ct: &CtVolume,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Segmentation, SegmentError> {
        const STEPS: usize = 4;
        check(ct, &self.options)?;
        let given = Scan::centred(ct);
        let lattice = Lattice::around(&given.grid, self.options.working_step_mm, MOST_WORKING_VOXELS);
        let mut field = Field::sample(&given, lattice);
        let (without_streaks, said) = streaks::without_streaks(ct, &field);
        let scan = without_streaks.as_ref().map_or(given, Scan::centred);
        if without_streaks.is_some() {
            field = Field::sample(&scan, lattice);
        }
        let levels = levels::Levels::of(&field, scan.grid.voxel_volume_mm3().cbrt());
        progress(1, STEPS);
        let bones = bones::find(&scan, &field, &levels, without_streaks.is_some());
        progress(2, STEPS);
        let regions = native::Regions::of(&bones.solids, &bones::ALL);
        let (mut labels, uncertainty) = native::refine(&scan, &regions, &levels);
        progress(3, STEPS);
        metal::clear_shells(&scan, &bones, &mut labels);
        let metal = metal::mark(&scan, &bones, &mut labels);
        let mut findings = findings::of(&scan, &bones, &labels, &metal);
        findings.extend(said);
        let [ni, nj, nk] = ct.grid.dims;
        let on_grid = |voxels: Vec<u8>| {
            let voxels = Array3::from_shape_vec((nk, nj, ni), voxels).map_err(|_| SegmentError::Grid)?;
            Ok::<_, SegmentError>(Volume::new(ct.grid.clone(), voxels))
        };
        let table = label_names::our_table();
        let labels = LabelMap { volume: on_grid(labels)?, table };
        let uncertainty = on_grid(uncertainty)?;
        progress(STEPS, STEPS);
        Ok(Segmentation { labels, uncertainty, metal, without_streaks, findings })
    }
}

fn check(ct: &CtVolume, options: &SegmentOptions) -> Result<(), SegmentError> {
    check_grid(ct)?;
    if !(0.8..=3.0).contains(&options.working_step_mm) {
        return Err(SegmentError::WorkingStep(options.working_step_mm));
    }
    Ok(())
}

/// Refuses volumes without voxels or without a usable voxel size.
pub(crate) fn check_grid(ct: &CtVolume) -> Result<(), SegmentError> {
    if ct.grid.is_empty() {
        return Err(SegmentError::Empty);
    }
    let spacing = ct.grid.spacing_mm();
    let volume = ct.grid.voxel_volume_mm3();
    let usable = ct.grid.origin.is_finite()
        && spacing.iter().all(|s| (1e-3..=1e3).contains(s))
        && (volume / spacing.iter().product::<f64>() - 1.0).abs() < 1e-3;
    if !usable {
        return Err(SegmentError::Grid);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::Grid;

    fn scan(dims: [usize; 3], value: impl Fn(usize, usize, usize) -> i16) -> CtVolume {
        let [ni, nj, nk] = dims;
        let grid = Grid::axis_aligned(dims, Point::origin(), [1.0, 1.0, 2.0]);
        CtVolume::new(grid, Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| value(i, j, k)))
    }

    fn segmented(ct: &CtVolume) -> Segmentation {
        segment(ct, &SegmentOptions::default(), &|_, _| {}).unwrap()
    }

    #[test]
    fn scans_without_a_hip_give_no_bones_and_say_so() {
        for dims in [[1, 1, 1], [2, 2, 2], [1, 40, 3], [40, 30, 20]] {
            for value in [-1024, 0, 40, 300, 3071, i16::MIN, i16::MAX] {
                let found = segmented(&scan(dims, |_, _, _| value));
                assert!(found.labels.volume.as_slice().iter().all(|&id| id == 0), "{dims:?} of {value} HU");
                assert!(found.findings.iter().any(|finding| finding.code == "hips_not_found"));
            }
            let checkers =
                segmented(&scan(dims, |i, j, k| if (i + j + k) % 2 == 0 { i16::MIN } else { i16::MAX }));
            assert!(checkers.labels.volume.as_slice().iter().all(|&id| id == 0));
        }
    }

    #[test]
    fn unusable_volumes_and_options_are_refused() {
        let options = SegmentOptions::default();
        let quiet = |_: usize, _: usize| {};
        let empty = scan([0, 3, 3], |_, _, _| 0);
        assert_eq!(segment(&empty, &options, &quiet), Err(SegmentError::Empty));
        let good = scan([3, 3, 3], |_, _, _| 0);
        for bad in [0.0, f64::NAN, f64::INFINITY] {
            let mut ct = good.clone();
            ct.grid.step[(0, 0)] = bad;
            assert_eq!(segment(&ct, &options, &quiet), Err(SegmentError::Grid));
        }
        for bad in [0.1, f64::NAN, 10.0] {
            let options = SegmentOptions { working_step_mm: bad };
            assert!(matches!(segment(&good, &options, &quiet), Err(SegmentError::WorkingStep(_))));
        }
    }
}
