//! Surfaces of constant value through a volume.
//!
//! Marching cubes in the manner of flying edges (Schroeder, Maynard, Geveci 2015, LDAV 33): rows are classified,
//! counted and written on all threads, every vertex exists once, and the mesh is the same on any number of threads.
//! Here the classification is a bit per voxel, so that empty space costs next to nothing.

mod bits;
mod cases;
mod extract;
mod scalar;

use crate::Volume;
use bits::Bits;
use coxa_geometry::{Mesh, frame};
pub use scalar::Scalar;

/// The surface between voxels below `level` and voxels at or above it (inside), in millimetres.
///
/// Vertices lie on the lines between neighbouring voxel centres, placed linearly; triangles face the lower values.
/// The surface is watertight but where it leaves the volume: there it ends. No triangle is degenerate.
pub fn isosurface<S: Scalar>(volume: &Volume<S>, level: f64) -> Mesh<frame::Patient> {
    surface(volume, level, 0)
}

/// As [`isosurface`], and closed where it leaves the volume: half a voxel outside the outermost voxel centres.
pub fn closed_isosurface<S: Scalar>(volume: &Volume<S>, level: f64) -> Mesh<frame::Patient> {
    surface(volume, level, 1)
}

fn surface<S: Scalar>(volume: &Volume<S>, level: f64, border: usize) -> Mesh<frame::Patient> {
    let Some(threshold) = S::threshold(level) else { return Mesh::default() };
    if volume.grid.is_empty() || volume.grid.dims.iter().any(|n| n + 2 * border < 2) {
        return Mesh::default();
    }
    let bits = Bits::new(volume, threshold, border);
    extract::extract(volume, &bits, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;
    use coxa_geometry::mesh::validate::{Defect, defects};
    use coxa_geometry::{Point, Vector};
    use nalgebra::{Matrix3, Rotation3, Vector3};
    use ndarray::Array3;
    use std::f64::consts::PI;

    fn cubic(n: usize, spacing: f64) -> Grid {
        Grid::axis_aligned([n; 3], Point::new(-10.0, 20.0, 300.0), [spacing; 3])
    }

    /// A volume of what a function says of places in voxels.
    fn filled<T>(grid: Grid, value: impl Fn(Vector3<f64>) -> T) -> Volume<T> {
        let [ni, nj, nk] = grid.dims;
        let voxels = Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| {
            value(Vector3::new(i as f64, j as f64, k as f64))
        });
        Volume::new(grid, voxels)
    }

    fn ball(grid: Grid, centre: f64, radius: f64) -> Volume<i16> {
        filled(grid, |p| (100.0 * (radius - (p - Vector3::repeat(centre)).norm())).round() as i16)
    }

    /// A reproducible value with no pattern.
    fn scrambled(p: Vector3<f64>) -> u64 {
        let seed = (p.x + 1000.0 * p.y + 1_000_000.0 * p.z) as u64;
        let mixed = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ mixed >> 32
    }

    #[test]
    fn a_ball_has_the_volume_area_and_place_of_a_ball() {
        let mesh = isosurface(&ball(cubic(70, 0.5), 34.3, 30.0), 0.0);
        assert_eq!(defects(&mesh), []);
        let radius: f64 = 15.0;
        assert!((mesh.signed_volume() / (4.0 / 3.0 * PI * radius.powi(3)) - 1.0).abs() < 2e-3);
        assert!((mesh.area() / (4.0 * PI * radius.powi(2)) - 1.0).abs() < 2e-3);
        let centre = Point::new(-10.0 + 17.15, 20.0 + 17.15, 300.0 + 17.15);
        for vertex in &mesh.vertices {
            assert!((vertex.distance(centre) - radius).abs() < 0.01);
        }
    }

    #[test]
    fn any_pattern_gives_a_closed_consistent_surface() {
        // Random voxels hold every one of the 256 cases next to every other.
        for percent in [10, 50, 90] {
            let volume = filled(cubic(20, 1.0), |p| u8::from(scrambled(p) % 100 < percent));
            let mesh = closed_isosurface(&volume, 0.5);
            assert_eq!(defects(&mesh), [], "{percent} %");
            let open = isosurface(&volume, 0.5);
            assert!(defects(&open).iter().all(|d| matches!(d, Defect::OpenEdge { .. })));
            for defect in defects(&open) {
                let Defect::OpenEdge { edge, .. } = defect else { continue };
                for end in edge {
                    let at = volume.grid.to_voxel(open.vertices[end as usize]);
                    let border = at.coords().iter().any(|c| !(1e-9..=19.0 - 1e-9).contains(c));
                    assert!(border, "open inside the volume");
                }
            }
        }
    }

    #[test]
    fn every_sign_change_between_neighbours_has_one_vertex() {
        let volume = filled(cubic(12, 1.0), |p| (scrambled(p) % 7) as i16);
        let mesh = isosurface(&volume, 3.0);
        let inside = |k: usize, j: usize, i: usize| volume.voxels[[k, j, i]] >= 3;
        let mut changes = 0;
        for ((k, j, i), _) in volume.voxels.indexed_iter() {
            for (dk, dj, di) in [(0, 0, 1), (0, 1, 0), (1, 0, 0)] {
                let other = (k + dk, j + dj, i + di);
                if other.0 < 12 && other.1 < 12 && other.2 < 12 {
                    changes += usize::from(inside(k, j, i) != inside(other.0, other.1, other.2));
                }
            }
        }
        assert_eq!(mesh.vertices.len(), changes);
    }

    #[test]
    fn voxels_of_exactly_the_level_leave_no_degenerate_triangle() {
        let volume = filled(cubic(16, 1.0), |p| {
            let distance = (p - Vector3::repeat(7.0)).abs().max();
            (5.0 - distance) as i16
        });
        let mesh = isosurface(&volume, 0.0);
        assert_eq!(defects(&mesh), []);
        // Voxels 2 to 12 are at or above the level.
        assert!((mesh.signed_volume() - 1000.0).abs() < 1.0, "{}", mesh.signed_volume());
    }

    #[test]
    fn levels_between_whole_numbers_move_the_surface() {
        let ramp = filled(cubic(8, 1.0), |p| p.x as i16 * 10);
        for level in [31.0, 33.3, 39.9] {
            let mesh = isosurface(&ramp, level);
            for vertex in &mesh.vertices {
                assert!((vertex.x() + 10.0 - level / 10.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_surface_follows_the_grid() {
        let volume = ball(cubic(40, 1.0), 19.0, 12.0);
        let straight = isosurface(&volume, 0.0);
        let rotation = Rotation3::from_euler_angles(0.5, 1.0, -2.0);
        let turned = Grid {
            origin: Point::from_coords(rotation * volume.grid.origin.coords() + Vector3::new(5.0, 6.0, 7.0)),
            step: rotation.matrix() * volume.grid.step,
            ..volume.grid.clone()
        };
        let mesh = isosurface(&Volume::new(turned, volume.voxels.clone()), 0.0);
        assert_eq!(mesh.triangles, straight.triangles);
        for (turned, straight) in mesh.vertices.iter().zip(&straight.vertices) {
            let expected = rotation * straight.coords() + Vector3::new(5.0, 6.0, 7.0);
            assert!((turned.coords() - expected).norm() < 1e-9);
        }

        // A left-handed grid shows the mirror image, still facing outwards.
        let mirrored = Grid {
            step: Matrix3::from_diagonal(&Vector3::new(-1.0, 1.0, 1.0)) * volume.grid.step,
            ..volume.grid.clone()
        };
        let mesh = isosurface(&Volume::new(mirrored, volume.voxels.clone()), 0.0);
        assert_eq!(defects(&mesh), []);
        assert!((mesh.signed_volume() / straight.signed_volume() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_closed_surface_ends_half_a_voxel_outside() {
        let full = filled(cubic(6, 2.0), |_| 5_i16);
        assert!(isosurface(&full, 1.0).is_empty());
        let mesh = closed_isosurface(&full, 1.0);
        assert_eq!(defects(&mesh), []);
        let (low, high) = mesh.bounds().unwrap();
        let edge = Vector::new(1.0, 1.0, 1.0);
        assert!((low + edge).distance(full.grid.origin) < 1e-9);
        assert!((high - edge).distance(full.grid.origin + Vector::new(10.0, 10.0, 10.0)) < 1e-9);
        // A single voxel too.
        assert_eq!(defects(&closed_isosurface(&filled(cubic(1, 1.0), |_| 5_i16), 1.0)), []);
    }

    #[test]
    fn odd_levels_and_values_are_survived() {
        let volume = ball(cubic(10, 1.0), 4.0, 3.0);
        for level in [f64::NAN, f64::INFINITY, 1e9, 32768.0] {
            assert!(isosurface(&volume, level).is_empty(), "{level}");
        }
        for level in [f64::NEG_INFINITY, -1e9] {
            assert!(isosurface(&volume, level).is_empty(), "{level}");
        }
        assert!(isosurface(&filled(cubic(1, 1.0), |_| 0_i16), 0.0).is_empty());
        let strange = filled(cubic(8, 1.0), |p| match scrambled(p) % 4 {
            0 => f32::NAN,
            1 => f32::INFINITY,
            2 => f32::NEG_INFINITY,
            _ => 1.0,
        });
        let mesh = closed_isosurface(&strange, 0.5);
        assert_eq!(defects(&mesh), []);
    }

    #[test]
    fn the_mesh_does_not_depend_on_the_number_of_threads() {
        let volume = filled(cubic(40, 1.0), |p| (scrambled(p) % 100) as i16);
        let mesh = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| isosurface(&volume, 50.0))
        };
        assert_eq!(mesh(1), mesh(3));
    }
}
