//! The usual view of a stack: the right of the patient at the left of the picture, his front up or his head up.

use crate::Grid;
use coxa_geometry::Point;
use nalgebra::{Matrix3, Vector3};

/// Which axis of a volume runs along columns, rows and slices of the picture, and whether it is turned round.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    /// Axes of the volume.
    pub(super) axes: [usize; 3],
    /// Turned round or not.
    pub(super) flipped: [bool; 3],
    /// The grid of the picture.
    pub(super) grid: Grid,
}

/// Patient axis (0 left, 1 back, 2 head) that a step runs along most.
fn main_axis(step: Vector3<f64>) -> usize {
    step.map(f64::abs).imax()
}

/// The letter of a direction.
fn letter(step: Vector3<f64>) -> char {
    let axis = main_axis(step);
    [['L', 'R'], ['P', 'A'], ['H', 'F']][axis][usize::from(step[axis] < 0.0)]
}

/// Letters at the left, right, upper and lower edge of a picture on a grid.
pub(super) fn edges(grid: &Grid) -> [char; 4] {
    let [column, row] = [0, 1].map(|axis| grid.step.column(axis).into_owned());
    [letter(-column), letter(column), letter(-row), letter(row)]
}

impl View {
    /// Of a volume: slices across its longest step; across the body's axis where no step is longer than all others by a tenth.
    pub(super) fn of(volume: &Grid) -> View {
        let steps = [0, 1, 2].map(|axis| volume.step.column(axis).into_owned());
        let patient = steps.map(main_axis);
        let spacing = volume.spacing_mm();
        let longest = (0..3).max_by(|a, b| spacing[*a].total_cmp(&spacing[*b])).unwrap_or(2);
        let is_alike = (0..3).any(|axis| axis != longest && spacing[axis] > 0.9 * spacing[longest]);
        let across = match is_alike {
            true => patient.iter().position(|axis| *axis == 2).unwrap_or(2),
            false => longest,
        };
        // In the picture: left-right and front-back before head-foot.
        let mut within: Vec<usize> = (0..3).filter(|axis| *axis != across).collect();
        within.sort_by_key(|axis| patient[*axis]);
        let axes = [within[0], within[1], across];
        // To the right: left or back. Down: back or feet. Through the stack: from the right, the front or the feet on.
        let wants_positive = [true, patient[axes[1]] != 2, true];
        let flipped: [bool; 3] = std::array::from_fn(|place| {
            let axis = axes[place];
            (steps[axis][patient[axis]] >= 0.0) != wants_positive[place]
        });
        let mut origin = volume.origin.coords();
        let columns: Vec<Vector3<f64>> = (0..3)
            .map(|place| {
                let step = steps[axes[place]];
                if !flipped[place] {
                    return step;
                }
                origin += step * (volume.dims[axes[place]].saturating_sub(1)) as f64;
                -step
            })
            .collect();
        let dims = axes.map(|axis| volume.dims[axis]);
        let grid = Grid { dims, origin: Point::from_coords(origin), step: Matrix3::from_columns(&columns) };
        View { axes, flipped, grid }
    }

    /// Index of the volume (i, j, k) that a column, row and slice of the picture show.
    pub(super) fn source(&self, place: [usize; 3]) -> [usize; 3] {
        let mut index = [0; 3];
        for (at, axis) in self.axes.into_iter().enumerate() {
            let last = self.grid.dims[at].saturating_sub(1);
            index[axis] = if self.flipped[at] { last - place[at] } else { place[at] };
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::frame::Voxel;

    fn grid(dims: [usize; 3], columns: [[f64; 3]; 3]) -> Grid {
        let step = Matrix3::from_columns(&columns.map(Vector3::from));
        Grid { dims, origin: Point::new(3.0, -5.0, 7.0), step }
    }

    #[test]
    fn every_volume_is_shown_in_the_usual_way() {
        for (volume, axes, letters) in [
            // Axial, as DICOM has it; then as most NIfTI files have it, to the right and to the front.
            (grid([4, 5, 3], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 3.0]]), [0, 1, 2], "RLAP"),
            (grid([4, 5, 3], [[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 3.0]]), [0, 1, 2], "RLAP"),
            // Sagittal: i through the patient, or k.
            (grid([3, 5, 4], [[-3.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0]]), [1, 2, 0], "APHF"),
            (grid([4, 5, 3], [[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [3.0, 0.0, 0.0]]), [0, 1, 2], "APHF"),
            // Coronal; and equal steps: across the axis of the body.
            (grid([4, 5, 3], [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -3.0, 0.0]]), [0, 1, 2], "RLHF"),
            (grid([4, 5, 3], [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]]), [1, 2, 0], "RLAP"),
            // Thin axial slices stay axial.
            (grid([4, 5, 3], [[0.7, 0.0, 0.0], [0.0, 0.7, 0.0], [0.0, 0.0, 0.6]]), [0, 1, 2], "RLAP"),
        ] {
            let view = View::of(&volume);
            assert_eq!((view.axes, edges(&view.grid).iter().collect::<String>().as_str()), (axes, letters));
            // The same voxel lies at the same place.
            let place = [1, 2, 2];
            let index = view.source(place);
            let of = |index: [usize; 3]| Point::<Voxel>::from_coords(index.map(|n| n as f64).into());
            let apart = view.grid.to_patient(of(place)).distance(volume.to_patient(of(index)));
            assert!(apart < 1e-12, "{view:?}");
        }
    }
}
