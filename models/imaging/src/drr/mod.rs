//! Digitally reconstructed radiographs: X-rays through a CT by Beer and Lambert's law.
//!
//! Every ray adds up its exact length in every voxel (Siddon 1985, Med Phys 12:252), not samples along the way. A ray
//! is followed along the axis that it is nearest to, from one crossing of a border along the other two to the next:
//! between them it runs through one column of voxels, most of them over their whole length.

mod camera;
mod film;
mod ray;

pub use camera::{Camera, Source};
pub use film::{Exposure, Film, WHITE, expose};

use crate::CtVolume;
use ray::Tracer;
use rayon::prelude::*;

/// Linear attenuation of water at 60 keV, about the mean energy of a pelvis exposure, per millimetre (NIST XCOM:
/// 0.2059 per centimetre).
pub const WATER_60_KEV_PER_MM: f64 = 0.02059;

/// A projected image.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// How it was taken.
    pub camera: Camera,
    /// Line integrals of attenuation, row by row from the top, without unit: `-ln(I / I0)` of each ray.
    pub values: Vec<f32>,
}

/// Attenuation values shown as black and as white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Shown as black, and all below.
    pub black: f32,
    /// Shown as white, and all above.
    pub white: f32,
}

/// Line integrals of attenuation along every ray of a camera.
///
/// Hounsfield units become attenuation by `water_per_mm * (1 + HU / 1000)`, not below zero. Rays end at the detector;
/// what lies behind it does not count.
///
/// # Examples
/// ```
/// use coxa_geometry::Point;
/// use coxa_imaging::drr::{Camera, WATER_60_KEV_PER_MM, project};
/// use coxa_imaging::{CtVolume, Grid};
/// use ndarray::Array3;
///
/// // 100 mm of water from front to back.
/// let grid = Grid::axis_aligned([20, 20, 20], Point::origin(), [5.0; 3]);
/// let water = CtVolume::new(grid, Array3::zeros((20, 20, 20)));
/// let film = project(&water, &Camera::anteroposterior(&water.grid, 5.0), WATER_60_KEV_PER_MM);
/// let most = film.values.iter().copied().fold(0.0_f32, f32::max);
/// assert!((f64::from(most) / (100.0 * WATER_60_KEV_PER_MM) - 1.0).abs() < 0.06);
/// ```
pub fn project(ct: &CtVolume, camera: &Camera, water_per_mm: f64) -> Projection {
    let tracer = Tracer::new(ct);
    let mut values = vec![0.0; camera.columns * camera.rows];
    let per_thousand = water_per_mm / 1000.0;
    values.par_chunks_mut(camera.columns.max(1)).enumerate().for_each(|(row, values)| {
        for (column, value) in values.iter_mut().enumerate() {
            let pixel = camera.pixel(column as f64, row as f64);
            let integral = match camera.source {
                Source::Focus(focus) => tracer.integral(focus, pixel - focus, 0.0, 1.0),
                Source::Parallel(direction) => tracer.integral(pixel, direction, f64::NEG_INFINITY, 0.0),
            };
            *value = (integral * per_thousand) as f32;
        }
    });
    Projection { camera: camera.clone(), values }
}

impl Projection {
    /// A window that shows bone: from the attenuation that two thirds of the rays through the body exceed, to that which
    /// one in 500 does.
    pub fn bone_window(&self) -> Window {
        // Rays beside the body would pull the middle down; a tenth is 5 mm of water.
        let mut body: Vec<f32> = self.values.iter().copied().filter(|&v| v > 0.1).collect();
        body.sort_unstable_by(f32::total_cmp);
        let at = |share: f64| body.get((share * body.len() as f64) as usize).copied();
        match (at(0.35), at(0.998)) {
            (Some(black), Some(white)) if white > black => Window { black, white },
            _ => Window { black: 0.0, white: 1.0 },
        }
    }

    /// Eight bits a pixel, row by row from the top, dense parts bright as on film.
    pub fn to_display(&self, window: Window) -> Vec<u8> {
        let scale = 255.0 / (window.white - window.black).max(f32::MIN_POSITIVE);
        // The cast saturates, and makes not-a-number black.
        self.values.iter().map(|&v| ((v - window.black) * scale).round() as u8).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Grid, Volume};
    use coxa_geometry::{Point, Vector, frame};
    use nalgebra::{Rotation3, Vector3};
    use ndarray::Array3;

    fn uniform(grid: Grid, hu: i16) -> CtVolume {
        let [ni, nj, nk] = grid.dims;
        Volume::new(grid, Array3::from_elem((nk, nj, ni), hu))
    }

    fn patchwork(grid: Grid) -> CtVolume {
        let [ni, nj, nk] = grid.dims;
        let value = |(k, j, i)| ((i * 7919 + j * 104_729 + k * 1_299_709) % 2500) as i16 - 1100;
        Volume::new(grid, Array3::from_shape_fn((nk, nj, ni), value))
    }

    fn oblique(dims: [usize; 3]) -> Grid {
        let rotation = Rotation3::from_euler_angles(0.4, -0.2, 1.1);
        let step = rotation.matrix() * nalgebra::Matrix3::from_diagonal(&Vector3::new(1.0, 0.8, 2.0));
        Grid { dims, origin: Point::new(-12.0, 30.0, 100.0), step }
    }

    #[test]
    fn a_uniform_block_attenuates_by_the_length_of_the_ray_in_it() {
        // From -50 to 50 mm along x and z, 30 mm thick along y.
        let grid = Grid::axis_aligned([100, 20, 50], Point::new(-49.5, -14.25, -49.0), [1.0, 1.5, 2.0]);
        let block = uniform(grid, 500);
        let mut camera = Camera::anteroposterior(&block.grid, 1.0);
        let straight = project(&block, &camera, WATER_60_KEV_PER_MM);
        for value in &straight.values {
            assert!((f64::from(*value) - 1.5 * WATER_60_KEV_PER_MM * 30.0).abs() < 1e-6);
        }
        // From a focus, the ray at an angle to the normal is longer by the cosine.
        let focus = Point::new(3.0, -600.0, -7.0);
        camera.source = Source::Focus(focus);
        camera.first_pixel = camera.first_pixel + Vector::new(0.0, 200.0, 0.0);
        let fanned = project(&block, &camera, WATER_60_KEV_PER_MM);
        let mut through = 0;
        for (n, value) in fanned.values.iter().enumerate() {
            let direction = camera.pixel((n % camera.columns) as f64, (n / camera.columns) as f64) - focus;
            let front = focus + direction * ((-15.0 - focus.y()) / direction.y());
            let back = focus + direction * ((15.0 - focus.y()) / direction.y());
            let inside = |p: Point<frame::Patient>| p.x().abs() < 50.0 && p.z().abs() < 50.0;
            if inside(front) && inside(back) {
                let expected = 1.5 * WATER_60_KEV_PER_MM * front.distance(back);
                assert!((f64::from(*value) - expected).abs() < 1e-6);
                through += 1;
            }
        }
        assert!(through > 5000);
    }

    /// What a ray passes through, by very many samples.
    fn sampled(ct: &CtVolume, from: Point<frame::Patient>, to: Point<frame::Patient>) -> f64 {
        let samples = 200_000;
        let sum: f64 = (0..samples)
            .map(|n| {
                let at = ct.grid.to_voxel(from + (to - from) * ((n as f64 + 0.5) / samples as f64)).coords();
                let index = [at.z, at.y, at.x].map(|c| (c + 0.5).floor());
                if index.iter().any(|&c| c < 0.0) {
                    return 0.0;
                }
                let voxel = ct.voxels.get(index.map(|c| c as usize));
                voxel.map_or(0.0, |&hu| (f64::from(hu) + 1000.0).max(0.0))
            })
            .sum();
        sum / f64::from(samples) * from.distance(to)
    }

    #[test]
    fn any_ray_gives_what_fine_sampling_gives() {
        let ct = patchwork(oblique([23, 31, 17]));
        let tracer = Tracer::new(&ct);
        let middle = ct.grid.to_patient(Point::new(11.0, 15.0, 8.0));
        let mut crossed = 0;
        for n in 0..60 {
            let angle = f64::from(n) * 2.399_963;
            let height = 1.0 - f64::from(n) / 30.0 + 1.0 / 60.0;
            let direction = Vector::new(angle.cos(), angle.sin(), height) * 40.0;
            let aside =
                Vector::new(f64::from(n % 7) - 3.0, f64::from(n % 5) - 2.0, f64::from(n % 3) - 1.0) * 2.0;
            let (from, to) = (middle + direction + aside, middle - direction + aside);
            let exact = tracer.integral(from, to - from, 0.0, 1.0);
            let expected = sampled(&ct, from, to);
            assert!((exact - expected).abs() < 2e-3 * expected + 5.0, "{exact} {expected}");
            crossed += usize::from(exact > 0.0);
            // The same the other way round, and in two parts.
            assert!((tracer.integral(to, from - to, 0.0, 1.0) - exact).abs() < 1e-6 * exact + 1e-9);
            let parts =
                tracer.integral(from, to - from, 0.0, 0.37) + tracer.integral(from, to - from, 0.37, 1.0);
            assert!((parts - exact).abs() < 1e-6 * exact + 1e-9);
        }
        assert!(crossed > 50);
    }

    #[test]
    fn rays_that_miss_or_are_no_rays_give_nothing() {
        let ct = patchwork(oblique([9, 8, 7]));
        let tracer = Tracer::new(&ct);
        let far = Point::new(1e4, 1e4, 1e4);
        assert_eq!(tracer.integral(far, Vector::new(0.0, 0.0, 1.0), f64::NEG_INFINITY, f64::INFINITY), 0.0);
        assert_eq!(tracer.integral(ct.grid.origin, Vector::new(0.0, 0.0, 0.0), 0.0, 1.0), 0.0);
        assert_eq!(tracer.integral(ct.grid.origin, Vector::new(f64::NAN, 0.0, 1.0), 0.0, 1.0), 0.0);
        let empty = uniform(Grid::axis_aligned([0, 4, 4], Point::origin(), [1.0; 3]), 0);
        assert_eq!(Tracer::new(&empty).integral(Point::origin(), Vector::new(1.0, 0.0, 0.0), -9.0, 9.0), 0.0);
    }

    #[test]
    fn a_moved_patient_and_camera_give_the_same_picture() {
        let ct = patchwork(oblique([20, 20, 20]));
        let camera = Camera {
            source: Source::Focus(Point::new(0.0, -900.0, 120.0)),
            ..Camera::anteroposterior(&ct.grid, 2.0)
        };
        let rotation = Rotation3::from_euler_angles(-0.3, 0.9, 0.2);
        let point = |p: Point<frame::Patient>| {
            Point::from_coords(rotation * p.coords() + Vector3::new(5.0, 80.0, -9.0))
        };
        let vector = |v: Vector<frame::Patient>| Vector::from_coords(rotation * v.coords());
        let moved = Volume::new(
            Grid {
                dims: ct.grid.dims,
                origin: point(ct.grid.origin),
                step: rotation.matrix() * ct.grid.step,
            },
            ct.voxels.clone(),
        );
        let moved_camera = Camera {
            source: Source::Focus(point(Point::new(0.0, -900.0, 120.0))),
            first_pixel: point(camera.first_pixel),
            column_step: vector(camera.column_step),
            row_step: vector(camera.row_step),
            ..camera.clone()
        };
        let still = project(&ct, &camera, WATER_60_KEV_PER_MM);
        let both = project(&moved, &moved_camera, WATER_60_KEV_PER_MM);
        for (a, b) in still.values.iter().zip(&both.values) {
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }

    #[test]
    fn the_display_is_black_and_white_at_the_window() {
        let camera = Camera { columns: 4, rows: 1, ..Camera::anteroposterior(&oblique([2, 2, 2]), 1.0) };
        let projection = Projection { camera, values: vec![-1.0, 1.0, 2.0, f32::NAN] };
        assert_eq!(projection.to_display(Window { black: 0.0, white: 2.0 }), [0, 128, 255, 0]);
        let window = project(&uniform(oblique([20, 20, 20]), 40), &projection.camera, 0.02).bone_window();
        assert!(window.white > window.black);
    }
}
