//! Cropping and turning without interpolation.

use crate::{Grid, Volume};
use coxa_geometry::Point;
use ndarray::Array3;
use std::ops::Range;

/// The part of a volume within ranges of voxel indices along i, j and k, cut to the volume.
pub fn crop<T: Copy>(volume: &Volume<T>, ranges: [Range<usize>; 3]) -> Volume<T> {
    let bounds: [(usize, usize); 3] = std::array::from_fn(|axis| {
        let end = ranges[axis].end.min(volume.grid.dims[axis]);
        (ranges[axis].start.min(end), end)
    });
    let [i, j, k] = bounds;
    let dims = bounds.map(|(begin, end)| end - begin);
    let origin = volume.grid.to_patient(Point::new(i.0 as f64, j.0 as f64, k.0 as f64));
    let voxels = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(dk, dj, di)| {
        volume.voxels[[k.0 + dk, j.0 + dj, i.0 + di]]
    });
    Volume::new(Grid { dims, origin, ..volume.grid.clone() }, voxels)
}

/// The same voxels in the order in which i runs most nearly to the left, j to the back and k to the head: axes are
/// swapped and reversed, no value changes and every voxel stays where it is in the patient.
pub fn to_patient_axes<T: Copy>(volume: &Volume<T>) -> Volume<T> {
    let grid = &volume.grid;
    let spacing = grid.spacing_mm();
    let cosine = |patient: usize, axis: usize| grid.step[(patient, axis)] / spacing[axis];
    // The assignment of voxel axes to patient axes that lies nearest over all three, so that none is used twice.
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let fit = |order: &[usize; 3]| (0..3).map(|p| cosine(p, order[p]).abs()).sum::<f64>();
    let order =
        orders.into_iter().fold(orders[0], |best, order| if fit(&order) > fit(&best) { order } else { best });

    let reversed: [bool; 3] = std::array::from_fn(|p| cosine(p, order[p]) < 0.0);
    let dims: [usize; 3] = std::array::from_fn(|p| grid.dims[order[p]]);
    // The old index of a new one.
    let old = |new: [usize; 3]| {
        let mut index = [0; 3];
        for p in 0..3 {
            index[order[p]] = if reversed[p] { dims[p] - 1 - new[p] } else { new[p] };
        }
        index
    };
    let voxels = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(k, j, i)| {
        let [i, j, k] = old([i, j, k]);
        volume.voxels[[k, j, i]]
    });
    let mut step = grid.step;
    for p in 0..3 {
        step.set_column(p, &(grid.step.column(order[p]) * if reversed[p] { -1.0 } else { 1.0 }));
    }
    let first = if grid.is_empty() { [0; 3] } else { old([0; 3]) };
    let origin = grid.to_patient(Point::from_coords(first.map(|n| n as f64).into()));
    Volume::new(Grid { dims, origin, step }, voxels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Matrix3, Rotation3};

    fn numbered(grid: Grid) -> Volume<i16> {
        let [ni, nj, nk] = grid.dims;
        Volume::new(grid, Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| (i + 10 * j + 100 * k) as i16))
    }

    /// The value nearest to a place in the patient.
    fn at(volume: &Volume<i16>, place: Point<coxa_geometry::frame::Patient>) -> i16 {
        let index = volume.grid.to_voxel(place).coords();
        volume.voxels[[index.z.round() as usize, index.y.round() as usize, index.x.round() as usize]]
    }

    #[test]
    fn turned_volumes_keep_every_voxel_in_its_place() {
        let tilt = Rotation3::from_euler_angles(0.2, 0.1, -0.3);
        for turn in [
            Matrix3::new(0.0, 0.0, -1.0, 1.0, 0.0, 0.0, 0.0, -1.0, 0.0),
            Matrix3::new(-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0),
            Matrix3::new(0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        ] {
            let step = tilt.matrix() * turn * Matrix3::from_diagonal(&[0.5, 0.8, 2.0].into());
            let volume = numbered(Grid { dims: [4, 5, 6], origin: Point::new(10.0, 20.0, -30.0), step });
            let turned = to_patient_axes(&volume);
            for p in 0..3 {
                let column = turned.grid.step.column(p);
                assert!(column[p] > 0.8 * column.norm());
            }
            for ((k, j, i), &value) in turned.voxels.indexed_iter() {
                let place = turned.grid.to_patient(Point::new(i as f64, j as f64, k as f64));
                assert_eq!(at(&volume, place), value);
            }
            assert_eq!(to_patient_axes(&turned), turned);
        }
    }

    #[test]
    fn a_part_keeps_its_place_and_is_cut_to_the_volume() {
        let grid = Grid::axis_aligned([4, 5, 6], Point::new(1.0, 2.0, 3.0), [1.0, 2.0, 3.0]);
        let part = crop(&numbered(grid), [1..3, 2..99, 5..6]);
        assert_eq!(part.grid.dims, [2, 3, 1]);
        assert_eq!(part.grid.origin, Point::new(2.0, 6.0, 18.0));
        assert_eq!(part.as_slice(), [521, 522, 531, 532, 541, 542]);
        assert!(crop(&part, [5..9, 0..1, 0..1]).grid.is_empty());
    }
}
