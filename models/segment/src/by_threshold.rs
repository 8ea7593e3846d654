//! The steps by which bones are found without a network.

use super::field::{Field, Lattice};
use super::scan::Scan;
use super::segmentation::{SegmentError, Segmentation, Segmenter, check_grid};
use super::{bones, findings, found, levels, liver, metal, native, streaks};
use coxa_anatomy::label_names;
use coxa_imaging::{CtVolume, LabelMap, Volume};
use ndarray::Array3;

/// Working copies larger than this are made coarser.
const MOST_WORKING_VOXELS: usize = 40_000_000;

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
        let regions = native::Regions::of(&bones.solids, &found::ALL);
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
        findings.extend(liver::on_the_left(&scan, &labels));
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
                assert!(
                    found
                        .findings
                        .iter()
                        .any(|finding| finding.code == coxa_geometry::finding::Code::HipsNotFound)
                );
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
