//! A CT with fewer streaks of metal, for what is looked for between them.

use super::levels::METAL_HU;
use crate::label_names::METAL;
use coxa_geometry::{Finding, Severity};
use coxa_imaging::tomography::reduce_streaks;
use coxa_imaging::{CtVolume, LabelMap};

/// Slices lie across the patient where the cosine of their normal to the patient's axis is at least this: streaks run in the plane
/// in which the scanner turns, and gantries tilt by up to 30 degrees.
const LEAST_COSINE: f64 = 0.85;

/// The CT with the streaks of labelled metal reduced, and the finding that says so; no CT where there is no metal, or where the
/// finding says why its streaks stay. The labels must lie on the grid of the CT.
///
/// What is dense as metal is metal in every slice that holds labelled metal: a plate beside the bone makes streaks, too.
pub fn without_streaks(ct: &CtVolume, labels: &LabelMap) -> (Option<CtVolume>, Option<Finding>) {
    let Some(id) = labels.id(METAL) else { return (None, None) };
    let [_, _, count] = ct.grid.dims;
    let ids = labels.volume.as_slice();
    if ids.len() != ct.grid.len() || !ids.contains(&id) {
        return (None, None);
    }
    let normal = ct.grid.step.column(2);
    let reduced = (normal.z.abs() >= LEAST_COSINE * normal.norm())
        .then(|| reduce_streaks(ct, &metal(ct, ids, id)))
        .flatten();
    let Some(reduced) = reduced else {
        let text = "Streaks of metal could not be reduced before muscles were looked for, because the slices do not lie across \
                    the patient or their pixels are not square: muscles near metal are less sure.";
        let finding = Finding::new(Severity::Caution, "streaks_not_reduced", "muscles", text);
        return (None, Some(finding));
    };
    let (Some(first), Some(last)) = (reduced.slices.first(), reduced.slices.last()) else {
        return (None, None);
    };
    let text = format!(
        "Streaks of metal were reduced in {} slices (between {} and {} of {count}) before muscles were looked for; bones and \
         density are those of the CT as it was given.",
        reduced.slices.len(),
        first + 1,
        last + 1,
    );
    (Some(reduced.ct), Some(Finding::new(Severity::Note, "streaks_reduced", "muscles", text)))
}

/// Which voxels are metal.
fn metal(ct: &CtVolume, ids: &[u8], id: u8) -> Vec<bool> {
    let plane = (ct.grid.dims[0] * ct.grid.dims[1]).max(1);
    let slices = ct.as_slice().chunks(plane).zip(ids.chunks(plane));
    slices
        .flat_map(|(hu, ids)| {
            let holds = ids.contains(&id);
            hu.iter().zip(ids).map(move |(&hu, &own)| holds && (own == id || hu >= METAL_HU))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label_names::our_table;
    use coxa_geometry::Point;
    use coxa_imaging::{Grid, Volume};
    use nalgebra::Matrix3;
    use ndarray::Array3;

    /// A body of water with a rod along the third axis up to slice 4, labelled as metal up to slice 2.
    fn rod(step: Matrix3<f64>) -> (CtVolume, LabelMap) {
        let grid = Grid { dims: [40, 30, 6], origin: Point::origin(), step };
        let in_rod = |i: usize, j: usize| i.abs_diff(12) < 3 && j.abs_diff(15) < 3;
        let hu = Array3::from_shape_fn((6, 30, 40), |(k, j, i)| match k < 5 && in_rod(i, j) {
            true => 3071,
            // A streak beside it.
            false => 40 + if j == 15 { 300 } else { 0 },
        });
        let ids = Array3::from_shape_fn((6, 30, 40), |(k, j, i)| if k < 3 && in_rod(i, j) { 6 } else { 0 });
        let labels = LabelMap { volume: Volume::new(grid.clone(), ids), table: our_table() };
        (Volume::new(grid, hu), labels)
    }

    #[test]
    fn slices_with_labelled_metal_change_and_are_named() {
        let (ct, labels) = rod(Matrix3::from_diagonal_element(2.0));
        let (reduced, said) = without_streaks(&ct, &labels);
        let (reduced, said) = (reduced.unwrap(), said.unwrap());
        assert_eq!((said.code.as_str(), said.severity), ("streaks_reduced", Severity::Note));
        assert!(said.message.contains("3 slices (between 1 and 3 of 6)"), "{}", said.message);
        let plane = 40 * 30;
        for k in 0..6 {
            let slice = k * plane..(k + 1) * plane;
            let same = ct.as_slice()[slice.clone()] == reduced.as_slice()[slice];
            assert_eq!(same, k >= 3, "slice {k}");
        }
        // The streak is darker, the metal is as it was.
        let at = |ct: &CtVolume, i: usize| ct.as_slice()[plane + 15 * 40 + i];
        assert!(at(&reduced, 25) < 240 && at(&reduced, 12) == 3071, "{}", at(&reduced, 25));
    }

    #[test]
    fn without_metal_there_is_nothing_to_say_and_slices_along_the_patient_are_left_alone() {
        let (ct, mut labels) = rod(Matrix3::from_diagonal_element(2.0));
        labels.volume.as_mut_slice().fill(0);
        assert_eq!(without_streaks(&ct, &labels), (None, None));
        let coronal = Matrix3::new(2.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 2.0, 0.0);
        let (ct, labels) = rod(coronal);
        let (reduced, said) = without_streaks(&ct, &labels);
        assert!(reduced.is_none() && said.is_some_and(|f| f.code == "streaks_not_reduced"));
    }
}
