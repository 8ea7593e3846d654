//! A CT with fewer streaks of metal, for what is looked for between them.

use super::field::Field;
use super::metal_pieces;
use super::scan::Scan;
use coxa_geometry::{Finding, finding};
use coxa_imaging::CtVolume;
use coxa_imaging::tomography::reduce_streaks;

/// Slices lie across the patient where the cosine of their normal to the patient's axis is at least this: streaks run in the plane
/// in which the scanner turns, and gantries tilt by up to 30 degrees.
const LEAST_COSINE: f64 = 0.85;

/// The CT with the streaks of metal reduced, and the finding that says so; no CT where there is no metal in the patient, or where
/// the finding says why its streaks stay.
///
/// What is dense as metal is metal in every slice that holds a piece of it: a plate beside the bone makes streaks, too.
pub(super) fn without_streaks(ct: &CtVolume, field: &Field<i16>) -> (Option<CtVolume>, Option<Finding>) {
    let Some(metal) = metal_pieces::in_slices(&Scan::centred(ct), field) else { return (None, None) };
    let [_, _, count] = ct.grid.dims;
    let normal = ct.grid.step.column(2);
    let reduced =
        (normal.z.abs() >= LEAST_COSINE * normal.norm()).then(|| reduce_streaks(ct, &metal)).flatten();
    let Some(reduced) = reduced else {
        return (None, Some(finding::StreaksNotReduced {}.finding()));
    };
    let (Some(first), Some(last)) = (reduced.slices.first(), reduced.slices.last()) else {
        return (None, None);
    };
    let said =
        finding::StreaksReduced { slices: reduced.slices.len(), first: first + 1, last: last + 1, count };
    (Some(reduced.ct), Some(said.finding()))
}

#[cfg(test)]
mod tests {
    use super::super::field::Lattice;
    use super::*;
    use coxa_geometry::Point;
    use coxa_geometry::finding::{Code, Severity};
    use coxa_imaging::{Grid, Volume};
    use nalgebra::Matrix3;
    use ndarray::Array3;

    /// A body of water with a rod of metal in slices 2 to 4, and a marker of one voxel in slice 0.
    fn rod(step: Matrix3<f64>) -> CtVolume {
        let grid = Grid { dims: [40, 30, 6], origin: Point::origin(), step };
        let in_rod = |i: usize, j: usize| i.abs_diff(12) < 3 && j.abs_diff(15) < 3;
        let hu = Array3::from_shape_fn((6, 30, 40), |(k, j, i)| match (k, i, j) {
            (2..5, ..) if in_rod(i, j) => 3071,
            (0, 20, 20) => 3071,
            // A streak beside it.
            _ => 40 + if j == 15 { 300 } else { 0 },
        });
        Volume::new(grid, hu)
    }

    fn found(ct: &CtVolume) -> (Option<CtVolume>, Option<Finding>) {
        let scan = Scan::centred(ct);
        without_streaks(ct, &Field::sample(&scan, Lattice::around(&scan.grid, 1.5, 1 << 20)))
    }

    #[test]
    fn slices_with_a_piece_of_metal_change_and_are_named() {
        let ct = rod(Matrix3::from_diagonal_element(2.0));
        let (reduced, said) = found(&ct);
        let (reduced, said) = (reduced.unwrap(), said.unwrap());
        assert_eq!((said.code, said.severity), (Code::StreaksReduced, Severity::Note));
        assert!(said.message.contains("3 slices (between 3 and 5 of 6)"), "{}", said.message);
        let plane = 40 * 30;
        for k in 0..6 {
            let slice = k * plane..(k + 1) * plane;
            let same = ct.as_slice()[slice.clone()] == reduced.as_slice()[slice];
            assert_eq!(same, !(2..5).contains(&k), "slice {k}");
        }
        // The streak is darker, the metal is as it was.
        let at = |ct: &CtVolume, i: usize| ct.as_slice()[3 * plane + 15 * 40 + i];
        assert!(at(&reduced, 25) < 240 && at(&reduced, 12) == 3071, "{}", at(&reduced, 25));
    }

    #[test]
    fn without_metal_there_is_nothing_to_say_and_slices_along_the_patient_are_left_alone() {
        let mut ct = rod(Matrix3::from_diagonal_element(2.0));
        ct.as_mut_slice().iter_mut().for_each(|v| *v = (*v).min(2000));
        assert_eq!(found(&ct), (None, None));
        let coronal = Matrix3::new(2.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 2.0, 0.0);
        let (reduced, said) = found(&rod(coronal));
        assert!(reduced.is_none() && said.is_some_and(|f| f.code == Code::StreaksNotReduced));
    }
}
