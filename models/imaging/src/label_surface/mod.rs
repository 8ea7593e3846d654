//! Smooth, watertight surfaces of labels.
//!
//! A label map says where a bone is to the nearest voxel, in steps. [`label_surface`] takes the steps out without
//! moving the surface past a voxel centre and without changing the volume. Where the CT is at hand,
//! [`bone_surface`] then moves it to where the grey values cross a level.

mod grey;
mod relax;

pub use grey::bone_surface;

use crate::isosurface::closed_isosurface;
use crate::{Grid, LabelMap, Volume};
use coxa_geometry::{Mesh, Point, frame};
use nalgebra::{Matrix3, Point3, Vector3};
use ndarray::Array3;
use relax::Neighbours;

/// Pairs of smoothing steps.
const PAIRS: usize = 40;

/// How far a vertex may move from the middle between two voxel centres, in voxels.
const REACH: f64 = 0.5;

/// The smooth surface of one label, in millimetres; empty where no voxel has the id.
///
/// The mesh is closed (half a voxel outside the volume where the label touches its border), consistently oriented,
/// and encloses the volume of the label's voxels. Plates of a single voxel survive.
pub fn label_surface(labels: &LabelMap, id: u8) -> Mesh<frame::Patient> {
    let Some(surface) = Surface::around(labels, id) else { return Mesh::default() };
    relax::to_patient(&labels.volume.grid, &surface.places, surface.triangles)
}

/// A closed surface in voxel indices.
struct Surface {
    places: Vec<Point3<f64>>,
    triangles: Vec<[u32; 3]>,
    neighbours: Neighbours,
}

impl Surface {
    fn around(labels: &LabelMap, id: u8) -> Option<Self> {
        let (first, mask) = mask(&labels.volume, id)?;
        let voxels: f64 = mask.as_slice().iter().map(|&v| f64::from(v)).sum();
        let mesh = closed_isosurface(&mask, 0.5);
        let offset = Vector3::from(first.map(|n| n as f64));
        let mut places: Vec<Point3<f64>> = mesh.vertices.iter().map(|v| v.coords() + offset).collect();
        let triangles = mesh.triangles;
        let neighbours = Neighbours::new(places.len(), &triangles);
        relax::smooth(&mut places, &neighbours, PAIRS, REACH);
        relax::restore_volume(&mut places, &triangles, voxels);
        Some(Surface { places, triangles, neighbours })
    }
}

type FirstVoxel = [usize; 3];

/// 1 where a voxel has the label, on the box around it, in voxel indices; `None` where there is none.
fn mask(labels: &Volume<u8>, id: u8) -> Option<(FirstVoxel, Volume<u8>)> {
    let [ni, nj, nk] = labels.grid.dims;
    let (mut low, mut high) = ([usize::MAX; 3], [0; 3]);
    for (row, values) in labels.as_slice().chunks(ni.max(1)).enumerate() {
        let Some(begin) = values.iter().position(|&v| v == id) else { continue };
        let end = values.iter().rposition(|&v| v == id).unwrap_or(begin);
        for (axis, (least, most)) in [(begin, end), (row % nj, row % nj), (row / nj, row / nj)].into_iter().enumerate() {
            low[axis] = low[axis].min(least);
            high[axis] = high[axis].max(most + 1);
        }
    }
    if low[2] >= nk {
        return None;
    }
    let dims: [usize; 3] = std::array::from_fn(|axis| high[axis] - low[axis]);
    let voxels = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(k, j, i)| {
        u8::from(labels.voxels[[low[2] + k, low[1] + j, low[0] + i]] == id)
    });
    let grid = Grid { dims, origin: Point::origin(), step: Matrix3::identity() };
    Some((low, Volume::new(grid, voxels)))
}
