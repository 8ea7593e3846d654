//! How far two label maps agree on a structure.

use crate::Volume;
use crate::distance::squared_distance;
use crate::resample::crop;
use rayon::prelude::*;
use std::ops::Range;

/// Voxels of two label maps may lie this far apart and still be compared one by one.
pub const SAME_PLACE_MM: f64 = 1e-2;

/// Agreement of two segmentations of one structure.
///
/// Surface voxels are those of the structure with one of their six neighbours outside it, or outside the volume.
/// Distances are between centres of surface voxels, from each to the nearest of the other surface, so they come in
/// steps of the voxel size. Definitions as in Maier-Hein et al. 2024 (Nature Methods 21:195).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Twice the common volume over the sum of the volumes, from 0 to 1.
    pub dice: f64,
    /// Average symmetric surface distance: the mean over the surface voxels of both, in mm.
    pub average_surface_mm: f64,
    /// The larger of the two directed 95th percentiles, in mm.
    pub hausdorff95_mm: f64,
    /// Volume in the first map, in mm³.
    pub volume_a_mm3: f64,
    /// Volume in the second map, in mm³.
    pub volume_b_mm3: f64,
}

/// Why two structures cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// The maps lie on different grids.
    #[error("the two label maps have different grids; resample one onto the grid of the other")]
    GridsDiffer,
    /// One map has no voxel of the structure, so that distances are not defined.
    #[error("no voxel of the {} label map has the label {id}", if *.first { "first" } else { "second" })]
    Absent {
        /// Whether it is the first map.
        first: bool,
        /// The label looked for.
        id: u8,
    },
}

/// Compares label `id_a` of one map with label `id_b` of another on the same grid.
///
/// # Errors
/// Where the grids differ by more than [`SAME_PLACE_MM`], or a map lacks its label.
///
/// # Examples
/// ```
/// use coxa_geometry::Point;
/// use coxa_imaging::compare::compare;
/// use coxa_imaging::{Grid, Volume};
/// use ndarray::Array3;
///
/// // Two blocks of 4 x 4 x 4 voxels of 1 mm, one a voxel beside the other.
/// let block = |first: usize| {
///     let grid = Grid::axis_aligned([8, 8, 8], Point::origin(), [1.0; 3]);
///     let is_in = |(k, j, i): (usize, usize, usize)| (2..6).contains(&k) && (2..6).contains(&j) && (first..first + 4).contains(&i);
///     Volume::new(grid, Array3::from_shape_fn((8, 8, 8), |at| u8::from(is_in(at))))
/// };
/// let agreement = compare(&block(1), 1, &block(2), 1).unwrap();
/// assert!((agreement.dice - 0.75).abs() < 1e-12);
/// assert_eq!(agreement.hausdorff95_mm, 1.0);
/// ```
pub fn compare(a: &Volume<u8>, id_a: u8, b: &Volume<u8>, id_b: u8) -> Result<Agreement, CompareError> {
    if !a.grid.matches(&b.grid, SAME_PLACE_MM) {
        return Err(CompareError::GridsDiffer);
    }
    let box_a = bounding_box(a, id_a).ok_or(CompareError::Absent { first: true, id: id_a })?;
    let box_b = bounding_box(b, id_b).ok_or(CompareError::Absent { first: false, id: id_b })?;
    // Nothing outside the joint box belongs to either, so it holds all there is to compare.
    let joint: [Range<usize>; 3] = std::array::from_fn(|axis| {
        box_a[axis].start.min(box_b[axis].start)..box_a[axis].end.max(box_b[axis].end)
    });
    let mask = |volume: &Volume<u8>, id: u8| -> Vec<bool> {
        crop(volume, joint.clone()).as_slice().iter().map(|&v| v == id).collect()
    };
    let (mask_a, mask_b) = (mask(a, id_a), mask(b, id_b));
    let count = |mask: &[bool]| mask.iter().filter(|&&inside| inside).count() as f64;
    let common = mask_a.iter().zip(&mask_b).filter(|&(&a, &b)| a && b).count() as f64;
    let (count_a, count_b) = (count(&mask_a), count(&mask_b));

    let dims = joint.map(|range| range.len());
    let spacing = a.grid.spacing_mm();
    let (surface_a, surface_b) = (surface(&mask_a, dims), surface(&mask_b, dims));
    let mut a_to_b = distances(&surface_a, &surface_b, dims, spacing);
    let mut b_to_a = distances(&surface_b, &surface_a, dims, spacing);
    let sum = a_to_b.iter().sum::<f64>() + b_to_a.iter().sum::<f64>();
    let voxel = a.grid.voxel_volume_mm3();
    Ok(Agreement {
        dice: 2.0 * common / (count_a + count_b),
        average_surface_mm: sum / (a_to_b.len() + b_to_a.len()) as f64,
        hausdorff95_mm: percentile_95(&mut a_to_b).max(percentile_95(&mut b_to_a)),
        volume_a_mm3: count_a * voxel,
        volume_b_mm3: count_b * voxel,
    })
}

/// The voxel ranges that hold a label, along i, j and k; `None` where there is no such voxel.
fn bounding_box(volume: &Volume<u8>, id: u8) -> Option<[Range<usize>; 3]> {
    let [ni, nj, _] = volume.grid.dims;
    let join = |a: [Range<usize>; 3], b: [Range<usize>; 3]| {
        std::array::from_fn(|axis| a[axis].start.min(b[axis].start)..a[axis].end.max(b[axis].end))
    };
    // A volume without voxels has no slices, but a slice size of 0 is no chunk size.
    let slices = volume.as_slice().par_chunks((ni * nj).max(1)).enumerate();
    slices
        .filter_map(|(k, slice)| {
            let rows = slice.chunks(ni).enumerate();
            rows.filter_map(|(j, row)| {
                let first = row.iter().position(|&v| v == id)?;
                let last = row.iter().rposition(|&v| v == id)?;
                Some([first..last + 1, j..j + 1, k..k + 1])
            })
            .reduce(join)
        })
        .reduce_with(join)
}

/// The voxels of a mask with a neighbour outside it; beyond the box everything is outside.
fn surface(mask: &[bool], dims: [usize; 3]) -> Vec<bool> {
    let [ni, nj, nk] = dims;
    let plane = ni * nj;
    let mut out = vec![false; mask.len()];
    out.par_chunks_mut(plane).enumerate().for_each(|(k, out)| {
        for (n, out) in out.iter_mut().enumerate() {
            let (i, j, at) = (n % ni, n / ni, k * plane + n);
            let within = |possible: bool, neighbour: usize| possible && mask[neighbour];
            *out = mask[at]
                && !(within(i > 0, at.wrapping_sub(1))
                    && within(i + 1 < ni, at + 1)
                    && within(j > 0, at.wrapping_sub(ni))
                    && within(j + 1 < nj, at + ni)
                    && within(k > 0, at.wrapping_sub(plane))
                    && within(k + 1 < nk, at + plane));
        }
    });
    out
}

/// Distance in mm from every voxel of one set to the nearest of another, in memory order.
fn distances(from: &[bool], to: &[bool], dims: [usize; 3], spacing_mm: [f64; 3]) -> Vec<f64> {
    let squared = squared_distance(to, dims, spacing_mm);
    from.iter()
        .zip(squared)
        .filter(|&(&from, _)| from)
        .map(|(_, squared)| f64::from(squared).sqrt())
        .collect()
}

/// 95th percentile, linear between the two values around it.
fn percentile_95(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let place = 0.95 * last as f64;
    let before = place as usize;
    let (low, high) = (values[before], values[(before + 1).min(last)]);
    low + (high - low) * (place - before as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;
    use coxa_geometry::Point;
    use ndarray::Array3;

    const SPACING: [f64; 3] = [0.5, 1.0, 2.0];

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-5, "{found} instead of {expected}");
    }

    fn map(dims: [usize; 3], id: u8, inside: impl Fn(usize, usize, usize) -> bool) -> Volume<u8> {
        let [ni, nj, nk] = dims;
        let voxels = Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| if inside(i, j, k) { id } else { 0 });
        Volume::new(Grid::axis_aligned(dims, Point::new(-7.0, 3.0, 100.0), SPACING), voxels)
    }

    fn cuboid(first: [usize; 3], size: [usize; 3]) -> impl Fn(usize, usize, usize) -> bool {
        move |i, j, k| {
            [i, j, k]
                .iter()
                .zip(first)
                .zip(size)
                .all(|((&n, first), size)| (first..first + size).contains(&n))
        }
    }

    #[test]
    fn equal_shapes_agree_whatever_their_ids() {
        let dims = [20, 20, 20];
        let found = compare(
            &map(dims, 3, cuboid([4, 5, 6], [10, 8, 6])),
            3,
            &map(dims, 200, cuboid([4, 5, 6], [10, 8, 6])),
            200,
        );
        let found = found.unwrap();
        assert_eq!((found.dice, found.average_surface_mm, found.hausdorff95_mm), (1.0, 0.0, 0.0));
        close(found.volume_a_mm3, 480.0);
        close(found.volume_b_mm3, 480.0);
    }

    #[test]
    fn parallel_plates_are_their_distance_apart() {
        // One voxel thick, so that every voxel is surface and lies opposite one of the other plate.
        for (axis, expected) in [(0, 3.5), (1, 7.0), (2, 14.0)] {
            let plate = |at: usize| {
                let (mut first, mut size) = ([2; 3], [12; 3]);
                (first[axis], size[axis]) = (at, 1);
                map([16; 3], 1, cuboid(first, size))
            };
            let found = compare(&plate(5), 1, &plate(12), 1).unwrap();
            assert_eq!(found.dice, 0.0);
            close(found.average_surface_mm, expected);
            close(found.hausdorff95_mm, expected);
        }
    }

    #[test]
    fn a_shifted_box_gives_the_figures_worked_out_by_hand() {
        // A row of 10 voxels of 0.5 mm against the same row shifted by 4: the first 4 voxels of one and the last 4 of
        // the other are 2.0, 1.5, 1.0 and 0.5 mm off, the others 0.
        let row = |first| map([30, 3, 3], 1, cuboid([first, 1, 1], [10, 1, 1]));
        let found = compare(&row(5), 1, &row(9), 1).unwrap();
        close(found.dice, 0.6);
        close(found.average_surface_mm, 0.5);
        // Place 0.95 * 9 = 8.55 between 1.5 and 2.0.
        close(found.hausdorff95_mm, 1.5 + 0.55 * 0.5);
    }

    #[test]
    fn the_worse_direction_counts_and_outliers_below_five_per_cent_do_not() {
        // A long row against its first voxels: near one way, far the other.
        let long = map([101, 1, 1], 1, |_, _, _| true);
        let short = map([101, 1, 1], 1, |i, _, _| i == 0);
        let found = compare(&short, 1, &long, 1).unwrap();
        close(found.hausdorff95_mm, 0.95 * 50.0);
        assert_eq!(found, {
            let swapped = compare(&long, 1, &short, 1).unwrap();
            Agreement { volume_a_mm3: swapped.volume_b_mm3, volume_b_mm3: swapped.volume_a_mm3, ..swapped }
        });
        // A speck far off adds one surface voxel in a thousand.
        let slab = map([40, 40, 12], 1, cuboid([0, 0, 0], [40, 40, 1]));
        let speck = map([40, 40, 12], 1, |i, j, k| k == 0 || (i, j, k) == (20, 20, 11));
        assert_eq!(compare(&slab, 1, &speck, 1).unwrap().hausdorff95_mm, 0.0);
    }

    #[test]
    fn concentric_balls_are_the_difference_of_their_radii_apart() {
        let grid = Grid::axis_aligned([80; 3], Point::origin(), [1.0; 3]);
        let ball = |radius: f64| {
            let voxels = Array3::from_shape_fn((80, 80, 80), |(k, j, i)| {
                u8::from([i, j, k].iter().map(|&n| (n as f64 - 39.5).powi(2)).sum::<f64>().sqrt() <= radius)
            });
            Volume::new(grid.clone(), voxels)
        };
        let found = compare(&ball(25.0), 1, &ball(31.0), 1).unwrap();
        // Voxel surfaces are rough to about half a voxel.
        assert!((found.average_surface_mm - 6.0).abs() < 0.5, "{found:?}");
        assert!((found.hausdorff95_mm - 6.0).abs() < 1.0, "{found:?}");
        let ratio = (25.0_f64 / 31.0).powi(3);
        assert!((found.dice - 2.0 * ratio / (1.0 + ratio)).abs() < 0.005, "{found:?}");
    }

    #[test]
    fn absent_labels_and_other_grids_are_errors() {
        let some = map([4, 4, 4], 1, cuboid([1, 1, 1], [2, 2, 2]));
        assert_eq!(compare(&some, 2, &some, 1), Err(CompareError::Absent { first: true, id: 2 }));
        assert_eq!(compare(&some, 1, &some, 7), Err(CompareError::Absent { first: false, id: 7 }));
        let empty = map([0, 4, 4], 1, |_, _, _| true);
        assert_eq!(compare(&empty, 1, &empty, 1), Err(CompareError::Absent { first: true, id: 1 }));
        let mut moved = some.clone();
        moved.grid.origin = Point::new(-7.0, 3.1, 100.0);
        assert_eq!(compare(&some, 1, &moved, 1), Err(CompareError::GridsDiffer));
    }
}
