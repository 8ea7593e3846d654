//! The skin of a virtual patient: fat of a plausible thickness over muscles, bones and the wall of the trunk.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Point};
use coxa_imaging::distance::squared_distance;
use coxa_imaging::resample;
use coxa_imaging::sample::Sampler;
use coxa_imaging::{Grid, Volume};
use nalgebra::Point3;
use ndarray::Array3;
use rayon::prelude::*;

use coxa_imaging::surface_distance::DistanceField;

/// Step of the grid on which the flesh is known.
const STEP_MM: f64 = 4.0;
/// Standard deviation of the blur that makes skin of it, in steps: fat fills the furrows between muscles.
const BLUR_STEPS: f64 = 2.5;
/// Muscle lies no nearer to the surface of the flesh than this.
const OVER_MUSCLE_MM: f64 = 1.0;

/// Signed distance to the surface of the flesh, below the fat.
pub(super) struct Skin {
    /// In mm, negative inside.
    flesh: Volume<f32>,
}

impl Skin {
    /// The skin over surfaces and over what `is_inside` says of places, between two corners of a box.
    pub(super) fn over<'a>(
        surfaces: impl Iterator<Item = &'a Mesh<Patient>>,
        is_inside: impl Fn(Point3<f64>) -> bool + Sync,
        [low, high]: [Point3<f64>; 2],
    ) -> Skin {
        let dims: [usize; 3] =
            std::array::from_fn(|a| ((high[a] - low[a]) / STEP_MM).ceil().max(1.0) as usize);
        let grid = Grid::axis_aligned(dims, Point::from_coords(low), [STEP_MM; 3]);
        let [ni, nj, nk] = dims;
        let mut inside: Vec<bool> = (0..ni * nj * nk)
            .into_par_iter()
            .map(|n| {
                let index = [n % ni, n / ni % nj, n / (ni * nj)].map(|n| n as f64 * STEP_MM);
                is_inside(low + nalgebra::Vector3::from(index))
            })
            .collect();
        for mesh in surfaces {
            let field = DistanceField::new(mesh, &grid, |_| 2.0 * OVER_MUSCLE_MM);
            for k in 0..nk {
                for j in 0..nj {
                    let Some((first, distances)) = field.row(j, k) else { continue };
                    let row = &mut inside[ni * (j + nj * k)..][..ni];
                    for (inside, &distance) in row.iter_mut().skip(first).zip(distances) {
                        *inside |= f64::from(distance) < OVER_MUSCLE_MM;
                    }
                }
            }
        }
        let outwards = squared_distance(&inside, dims, [STEP_MM; 3]);
        let outside: Vec<bool> = inside.iter().map(|inside| !inside).collect();
        let inwards = squared_distance(&outside, dims, [STEP_MM; 3]);
        // Between the voxels of the two sets lies the surface, half a step from either.
        let half = STEP_MM as f32 / 2.0;
        let signed = |n: usize| if inside[n] { half - inwards[n].sqrt() } else { outwards[n].sqrt() - half };
        let values =
            Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| signed(i + ni * (j + nj * k)).clamp(-1e3, 1e3));
        let flesh = resample::smooth(&Volume::new(grid, values), [BLUR_STEPS; 3]);
        Skin { flesh }
    }

    /// Looks places up.
    pub(super) fn sampler(&self) -> SkinSampler<'_> {
        SkinSampler { grid: &self.flesh.grid, sampler: Sampler::new(&self.flesh) }
    }

    /// Lowest and highest corner of the places under fat of this thickness.
    pub(super) fn bounds(&self, thickness_mm: impl Fn(Point3<f64>) -> f64) -> Option<[Point3<f64>; 2]> {
        let mut bounds: Option<[Point3<f64>; 2]> = None;
        for ((k, j, i), &distance) in self.flesh.voxels.indexed_iter() {
            let p = self.flesh.grid.to_patient(Point::new(i as f64, j as f64, k as f64)).coords();
            if f64::from(distance) < thickness_mm(p) {
                let [low, high] = bounds.unwrap_or([p, p]);
                bounds = Some([low.inf(&p), high.sup(&p)]);
            }
        }
        bounds
    }
}

/// Distances to the flesh at any place.
pub(super) struct SkinSampler<'a> {
    grid: &'a Grid,
    sampler: Sampler<'a, f32>,
}

impl SkinSampler<'_> {
    /// Signed distance in mm to the surface of the flesh, negative inside; far outside of the box it is infinite.
    pub(super) fn distance(&self, place: Point3<f64>) -> f64 {
        self.sampler.linear(self.grid.to_voxel(Point::from_coords(place)).coords()).unwrap_or(f64::INFINITY)
    }
}
