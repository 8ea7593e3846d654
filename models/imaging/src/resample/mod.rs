//! Volumes on other grids: interpolated, cropped, turned.
//!
//! Grids along the same axes go through tables, row by row; oblique ones voxel by voxel. Up to half a voxel outside the
//! outermost voxel centres their value holds; beyond that there is [`Interpolated::OUTSIDE`].

mod aligned;
mod gaussian;
mod interpolated;
mod reorient;

pub use gaussian::smooth;
pub use interpolated::Interpolated;
pub use reorient::{crop, to_patient_axes};

use crate::sample::Sampler;
use crate::{Grid, Volume};
use aligned::Axis;
use interpolated::filled;
use nalgebra::{Matrix3, Point3, Vector3};
use rayon::prelude::*;

/// The volume on another grid, interpolated trilinearly. For a coarser grid see [`linear_smoothed`].
pub fn linear<T: Interpolated>(volume: &Volume<T>, grid: &Grid) -> Volume<T> {
    if volume.grid.is_empty() || grid.is_empty() {
        return filled(grid, T::OUTSIDE);
    }
    if let Some(axes) = Axis::between(&volume.grid, grid) {
        return aligned::linear(volume, grid, &axes);
    }
    let sampler = Sampler::new(volume);
    each_voxel(&volume.grid, grid, |place| {
        sampler.linear(place).map_or(T::OUTSIDE, |value| T::from_f32(value as f32))
    })
}

/// As [`linear`], after a Gaussian blur along every axis on which the new grid is coarser, so that detail too small
/// for it does not come back as a pattern.
pub fn linear_smoothed<T: Interpolated>(volume: &Volume<T>, grid: &Grid) -> Volume<T> {
    let target = grid.spacing_mm();
    let sigma = std::array::from_fn(|axis| {
        let source = volume.grid.step.column(axis);
        // The new grid's axis that runs along this one.
        let along = (0..3)
            .max_by(|&a, &b| {
                let cosine = |n: usize| (grid.step.column(n).dot(&source) / target[n]).abs();
                cosine(a).total_cmp(&cosine(b))
            })
            .unwrap_or(axis);
        let ratio = target[along] / source.norm();
        // Blurs of a voxel's width add in squares; half a voxel is the blur that sampling itself stands for.
        0.5 * (ratio * ratio - 1.0).max(0.0).sqrt()
    });
    linear(&smooth(volume, sigma), grid)
}

/// The volume on another grid, each voxel that of the nearest old one: for labels.
pub fn nearest<T: Copy + Send + Sync + Default>(volume: &Volume<T>, grid: &Grid) -> Volume<T> {
    let [ni, nj, nk] = volume.grid.dims;
    let values = volume.as_slice();
    each_voxel(&volume.grid, grid, |place| {
        let [i, j, k] = [place.x, place.y, place.z].map(|c| (c + 0.5).floor());
        let within = |c: f64, n: usize| c >= 0.0 && c < n as f64;
        if within(i, ni) && within(j, nj) && within(k, nk) {
            values[(k as usize * nj + j as usize) * ni + i as usize]
        } else {
            T::default()
        }
    })
}

/// A grid of another spacing over the same box, outermost voxel faces included, with the same axes.
pub fn grid_with_spacing(grid: &Grid, spacing_mm: [f64; 3]) -> Grid {
    let old = grid.spacing_mm();
    let dims = std::array::from_fn(|axis| {
        ((grid.dims[axis] as f64 * old[axis] / spacing_mm[axis]).round().max(1.0)) as usize
    });
    let step = Matrix3::from_fn(|r, c| grid.step[(r, c)] / old[c] * spacing_mm[c]);
    let half = Vector3::repeat(0.5);
    let middle = |dims: [usize; 3]| Vector3::from(dims.map(|n| n as f64)) / 2.0 - half;
    let origin = grid.origin.coords() + grid.step * middle(grid.dims) - step * middle(dims);
    Grid { dims, origin: coxa_geometry::Point::from_coords(origin), step }
}

/// Fills a grid with a function of the place in voxel indices of the source.
fn each_voxel<T: Copy + Send + Sync + Default>(
    source: &Grid,
    grid: &Grid,
    value: impl Fn(Point3<f64>) -> T + Sync,
) -> Volume<T> {
    let mut out = filled(grid, T::default());
    let [ni, nj, _] = grid.dims;
    if grid.is_empty() {
        return out;
    }
    let index = |i: usize, j: usize, k: usize| {
        source.to_voxel(grid.to_patient(coxa_geometry::Point::new(i as f64, j as f64, k as f64))).coords()
    };
    let step = index(1, 0, 0) - index(0, 0, 0);
    out.as_mut_slice().par_chunks_mut(ni).enumerate().with_min_len(16).for_each(|(row, values)| {
        let first = index(0, row % nj, row / nj);
        for (i, voxel) in values.iter_mut().enumerate() {
            *voxel = value(first + step * i as f64);
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use nalgebra::Rotation3;
    use ndarray::Array3;

    /// A volume of a function of the place in the patient, in millimetres.
    fn of<T: Interpolated>(grid: &Grid, value: impl Fn(Point3<f64>) -> T) -> Volume<T> {
        let [ni, nj, nk] = grid.dims;
        let voxels = Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| {
            value(grid.to_patient(Point::new(i as f64, j as f64, k as f64)).coords())
        });
        Volume::new(grid.clone(), voxels)
    }

    fn slope(p: Point3<f64>) -> f32 {
        (3.0 * p.x - 2.0 * p.y + 0.5 * p.z + 7.0) as f32
    }

    fn source() -> Grid {
        Grid::axis_aligned([20, 24, 18], Point::new(-7.0, 3.0, 11.0), [0.8, 0.7, 1.5])
    }

    /// Grids that lie within the source: finer, coarser, flipped, permuted, oblique.
    fn targets() -> Vec<Grid> {
        let aligned = |spacing| Grid::axis_aligned([6, 6, 6], Point::new(-3.0, 7.0, 16.0), spacing);
        let turned = |step: Matrix3<f64>| Grid { step, ..aligned([1.0; 3]) };
        let rotation = Rotation3::from_euler_angles(0.3, 0.2, -0.4);
        vec![
            aligned([0.5, 0.45, 0.9]),
            aligned([1.1, 1.2, 1.6]),
            Grid {
                origin: Point::new(2.0, 13.0, 30.0),
                ..turned(Matrix3::from_diagonal(&Vector3::new(-0.7, -0.9, -1.1)))
            },
            turned(Matrix3::new(0.0, 0.6, 0.0, 0.0, 0.0, 0.7, 0.8, 0.0, 0.0)),
            turned(rotation.matrix() * 0.6),
        ]
    }

    #[test]
    fn a_linear_function_is_kept_on_every_grid() {
        let volume = of(&source(), slope);
        for grid in targets() {
            let found = linear(&volume, &grid);
            let expected = of(&grid, slope);
            for (found, expected) in found.as_slice().iter().zip(expected.as_slice()) {
                assert!((found - expected).abs() < 1e-3, "{found} {expected} on {grid:?}");
            }
        }
    }

    #[test]
    fn a_constant_stays_constant_in_every_way_and_type() {
        for grid in targets() {
            assert!(linear(&of(&source(), |_| -77_i16), &grid).as_slice().iter().all(|&v| v == -77));
            assert!(linear(&of(&source(), |_| 200_u8), &grid).as_slice().iter().all(|&v| v == 200));
            assert!(
                linear_smoothed(&of(&source(), |_| 1234_i16), &grid).as_slice().iter().all(|&v| v == 1234)
            );
            assert!(nearest(&of(&source(), |_| 9_u8), &grid).as_slice().iter().all(|&v| v == 9));
        }
    }

    #[test]
    fn the_same_grid_gives_the_same_volume_and_the_table_way_the_same_as_the_voxel_way() {
        let wavy = of(&source(), |p| (500.0 * (p.x * 0.9).sin() * (p.y * 0.7 + p.z).cos()).round() as i16);
        assert_eq!(linear(&wavy, &wavy.grid), wavy);
        assert_eq!(nearest(&wavy, &wavy.grid), wavy);
        // Half outside the source, so that the border is compared too.
        let grid = Grid::axis_aligned([31, 17, 25], Point::new(-11.0, 1.0, 20.0), [0.55, 1.3, 0.9]);
        let sampler = Sampler::new(&wavy);
        let slow = each_voxel(&wavy.grid, &grid, |place| sampler.linear(place).map(|v| v as f32));
        let mut outside = 0;
        for (fast, slow) in linear(&wavy, &grid).as_slice().iter().zip(slow.as_slice()) {
            match slow {
                Some(slow) => assert!((f32::from(*fast) - slow).abs() <= 0.501, "{fast} {slow}"),
                None => {
                    assert_eq!(*fast, -1024);
                    outside += 1;
                }
            }
        }
        assert!(outside > 1000);
    }

    #[test]
    fn interpolation_follows_a_motion_of_both_grids() {
        let wavy = of(&source(), |p| (500.0 * (p.x * 0.9).sin() * (p.y * 0.7 + p.z).cos()) as f32);
        let rotation = Rotation3::from_euler_angles(1.0, -0.6, 0.2);
        let moved = |grid: &Grid| Grid {
            origin: Point::from_coords(rotation * grid.origin.coords() + Vector3::new(9.0, -4.0, 2.0)),
            step: rotation.matrix() * grid.step,
            ..grid.clone()
        };
        for grid in targets() {
            let still = linear(&wavy, &grid);
            let both = linear(&Volume::new(moved(&source()), wavy.voxels.clone()), &moved(&grid));
            for (a, b) in still.as_slice().iter().zip(both.as_slice()) {
                assert!((a - b).abs() < 1e-2, "{a} {b}");
            }
        }
    }

    #[test]
    fn smoothing_before_thinning_out_removes_what_would_come_back_as_a_pattern() {
        let grid = Grid::axis_aligned([64, 8, 8], Point::origin(), [1.0; 3]);
        let stripes = of(&grid, |p| if (p.x as usize).is_multiple_of(2) { 1000_i16 } else { 0 });
        let coarse = Grid::axis_aligned([20, 4, 4], Point::new(3.0, 0.0, 0.0), [2.9, 1.0, 1.0]);
        let spread = |v: &Volume<i16>| {
            let values = v.as_slice();
            values.iter().max().unwrap() - values.iter().min().unwrap()
        };
        assert!(spread(&linear(&stripes, &coarse)) > 500);
        assert!(spread(&linear_smoothed(&stripes, &coarse)) < 30);
    }

    #[test]
    fn another_spacing_covers_the_same_box() {
        let rotation = Rotation3::from_euler_angles(0.3, 0.2, -0.4);
        let grid = Grid { step: rotation.matrix() * source().step, ..source() };
        let new = grid_with_spacing(&grid, [1.0, 1.0, 1.0]);
        assert_eq!(new.dims, [16, 17, 27]);
        let corner = |grid: &Grid, sign: f64| {
            let half = |n: usize| (n as f64 - 1.0) / 2.0 + sign * n as f64 / 2.0;
            let [i, j, k] = grid.dims.map(half);
            grid.to_patient(Point::new(i, j, k))
        };
        for sign in [-1.0, 1.0] {
            assert!(corner(&grid, sign).distance(corner(&new, sign)) < 0.5);
        }
    }
}
