//! Cortex and density beneath each vertex of a bone, for models in which a vertex is the same place in every patient.

use super::cortex::measure_cortex;
use coxa_anatomy::calibration::Calibration;
use coxa_anatomy::thresholds::PROFILE_BELOW_HU;
use coxa_geometry::Mesh;
use coxa_geometry::frame::Patient;
use coxa_imaging::CtVolume;
use coxa_imaging::sample::Sampler;
use rayon::prelude::*;

/// Spongy bone is read over this depth below the cortex, in mm.
const DEPTH_MM: [f64; 2] = [1.0, 6.0];
const STEP_MM: f64 = 0.5;
/// What is taken for the cortex where its thickness cannot be measured, in mm.
const USUAL_CORTEX_MM: f64 = 2.0;

/// Bone beneath one vertex; `None` where the scan does not show it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct VertexBone {
    /// Thickness of the cortex in mm, see [`measure_cortex`].
    pub cortex_mm: Option<f64>,
    /// Mean density in mg/cm3, 1 to 6 mm beneath the cortex (2 mm of it where it could not be measured), along the inward normal.
    pub density_mg_cm3: Option<f64>,
}

/// Measures the bone beneath every vertex of a surface whose normals point outwards.
pub fn bone_beneath(ct: &CtVolume, surface: &Mesh<Patient>, calibration: &Calibration) -> Vec<VertexBone> {
    let cortex = measure_cortex(ct, surface, 1);
    let normals = surface.vertex_normals();
    let sampler = Sampler::new(ct);
    cortex
        .into_par_iter()
        .enumerate()
        .map(|(v, cortex)| {
            let (place, inward) = (surface.vertices[v], -normals[v]);
            let top = cortex.map_or(USUAL_CORTEX_MM, |c| (c.depth_mm + c.thickness_mm).max(0.0));
            let steps = ((DEPTH_MM[1] - DEPTH_MM[0]) / STEP_MM) as usize;
            let hu: Option<Vec<f64>> = (0..=steps)
                .map(|k| {
                    let depth = top + DEPTH_MM[0] + STEP_MM * k as f64;
                    sampler.linear(ct.grid.to_voxel(place + inward * depth).coords())
                })
                .collect();
            let hu = hu.filter(|hu| hu.iter().all(|hu| *hu < PROFILE_BELOW_HU));
            VertexBone {
                cortex_mm: cortex.map(|c| c.thickness_mm),
                density_mg_cm3: hu.map(|hu| {
                    let mean = hu.iter().sum::<f64>() / hu.len() as f64;
                    calibration.density_mg_cm3(mean).0
                }),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::isosurface::isosurface;
    use coxa_imaging::{Grid, Volume};
    use ndarray::Array3;

    #[test]
    fn density_beneath_the_cortex_of_a_ball_is_that_of_its_core() {
        // 60 mm across, a cortex of 3 mm and 1200 HU, a core of 250 HU, in soft tissue.
        let n = 90;
        let grid = Grid::axis_aligned([n, n, n], Point::new(-44.5, -44.5, -44.5), [1.0; 3]);
        let voxels = Array3::from_shape_fn((n, n, n), |(k, j, i)| {
            let r = [i, j, k].map(|x| (x as f64 - 44.5).powi(2)).iter().sum::<f64>().sqrt();
            // A voxel's width of blur.
            let part = |radius: f64| (radius - r + 0.5).clamp(0.0, 1.0);
            (40.0 + 1160.0 * part(30.0) - 950.0 * part(27.0)) as i16
        });
        let ct = Volume::new(grid, voxels);
        let surface = isosurface(&ct, 620.0);
        let calibration = Calibration::typical();
        let found = bone_beneath(&ct, &surface, &calibration);
        assert_eq!(found.len(), surface.vertices.len());
        let median = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let cortex = median(found.iter().filter_map(|b| b.cortex_mm).collect());
        let density = median(found.iter().filter_map(|b| b.density_mg_cm3).collect());
        assert!((cortex - 3.0).abs() < 0.4, "{cortex}");
        assert!((density - calibration.density_mg_cm3(250.0).0).abs() < 10.0, "{density}");
    }
}
