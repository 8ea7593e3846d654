//! Surfaces of soft tissue, whose labels come in steps of several voxels.

use super::{label_surface, outside, relax};
use crate::isosurface::closed_isosurface;
use crate::resample::smooth;
use crate::{LabelMap, Volume};
use coxa_geometry::{Mesh, frame};
use nalgebra::Point3;

/// As [`label_surface`], of soft tissue: steps of up to about `blur_mm` are taken out, and the volume of the label's voxels is kept. What is
/// thinner than that keeps the surface of its voxels.
pub fn soft_surface(labels: &LabelMap, id: u8, blur_mm: f64) -> Mesh<frame::Patient> {
    let Some((first, outside)) = outside(&labels.volume, id) else { return Mesh::default() };
    let grid = &labels.volume.grid;
    let count = outside.as_slice().iter().filter(|&&voxel| voxel == 0).count();
    let inside = Volume::new(outside.grid.clone(), outside.voxels.mapv(|voxel| 1.0 - f32::from(voxel)));
    let sigma = std::array::from_fn(|axis| blur_mm / grid.step.column(axis).norm());
    let mesh = closed_isosurface(&smooth(&inside, sigma), 0.5);
    if mesh.triangles.is_empty() {
        return label_surface(labels, id);
    }
    let mut places: Vec<Point3<f64>> = mesh.vertices.iter().map(|v| v.coords() + first).collect();
    relax::restore_volume(&mut places, &mesh.triangles, count as f64);
    relax::to_patient(grid, &places, mesh.triangles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Grid, Label};
    use coxa_geometry::Point;
    use coxa_geometry::mesh::validate::defects;
    use nalgebra::Matrix3;
    use ndarray::Array3;

    /// A ball of 20 mm in blocks of 4 mm, on voxels of 1 mm.
    fn blocks() -> LabelMap {
        let grid = Grid { dims: [48; 3], origin: Point::origin(), step: Matrix3::identity() };
        let centre = |n: usize| (n / 4 * 4) as f64 + 1.5 - 23.5;
        let voxels = Array3::from_shape_fn((48, 48, 48), |(k, j, i)| {
            u8::from([i, j, k].map(|n| centre(n).powi(2)).iter().sum::<f64>() < 400.0)
        });
        LabelMap { volume: Volume::new(grid, voxels), table: vec![Label::unnamed(1)] }
    }

    #[test]
    fn steps_of_several_voxels_are_taken_out_and_the_volume_is_kept() {
        let labels = blocks();
        let voxels = labels.volume.as_slice().iter().filter(|&&v| v == 1).count() as f64;
        let off = |mesh: &Mesh<frame::Patient>| {
            let centre = Point::new(23.5, 23.5, 23.5);
            let radii = mesh.vertices.iter().map(|v| v.distance(centre) - 20.0);
            (radii.map(|r| r * r).sum::<f64>() / mesh.vertices.len() as f64).sqrt()
        };
        let (soft, hard) = (soft_surface(&labels, 1, 3.0), label_surface(&labels, 1));
        assert_eq!(defects(&soft), []);
        assert!((soft.signed_volume() / voxels - 1.0).abs() < 0.01, "{}", soft.signed_volume() / voxels);
        assert!(off(&soft) < 0.6 * off(&hard), "{} against {}", off(&soft), off(&hard));
        assert!(soft_surface(&labels, 7, 3.0).triangles.is_empty());
    }
}
