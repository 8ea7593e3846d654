//! Surfaces of the bones of a label map.

use coxa_anatomy::label_names::METAL;
use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::Side;
use coxa_geometry::mesh::components;
use coxa_imaging::label_surface::bone_surface;
use coxa_imaging::{CtVolume, LabelMap};
use rayon::prelude::*;

/// The side of a bone, as its surface is made; the sacrum goes as a right one.
fn side(bone: Bone) -> Side {
    match bone {
        Bone::HipLeft | Bone::FemurLeft => Side::Left,
        Bone::HipRight | Bone::FemurRight | Bone::Sacrum => Side::Right,
    }
}

/// The surface of every bone that the labels name, placed by grey values with sub-voxel accuracy, in the patient frame.
///
/// Only the largest piece of a bone is kept; specks are not bone. Muscles and vessels that are labelled change nothing: a surface ends
/// at other bones and metal alone.
///
/// # Examples
/// ```
/// use coxa_anatomy::Bone;
/// use coxa_anatomy::label_names::our_table;
/// use coxa_geometry::Point;
/// use coxa_imaging::{CtVolume, Grid, LabelMap, Volume};
/// use coxa_measure::surfaces::bone_surfaces;
/// use ndarray::Array3;
///
/// // A ball of 20 mm radius, labelled as a femur.
/// let grid = Grid::axis_aligned([60, 60, 60], Point::new(-29.5, -29.5, -29.5), [1.0; 3]);
/// let is_in = |(k, j, i): (usize, usize, usize)| [i, j, k].map(|n| (n as f64 - 29.5).powi(2)).iter().sum::<f64>() < 400.0;
/// let ct = CtVolume::new(grid.clone(), Array3::from_shape_fn((60, 60, 60), |at| if is_in(at) { 1000 } else { 0 }));
/// let mut labels = LabelMap { volume: Volume::new(grid, Array3::zeros((60, 60, 60))), table: our_table() };
/// let id = labels.id(Bone::FemurRight.name()).unwrap();
/// labels.volume.voxels = Array3::from_shape_fn((60, 60, 60), |at| if is_in(at) { id } else { 0 });
///
/// let surfaces = bone_surfaces(&ct, &labels);
/// let volume = surfaces[&Bone::FemurRight].signed_volume();
/// assert_eq!(surfaces.len(), 1);
/// assert!((volume / 33_510.0 - 1.0).abs() < 0.03);
/// ```
pub fn bone_surfaces(ct: &CtVolume, labels: &LabelMap) -> BoneSurfaces {
    let solid = solid(labels);
    let labels = &solid;
    Bone::ALL
        .into_par_iter()
        .filter_map(|bone| {
            let surface = bone_surface(ct, labels, labels.id(bone.name())?, side(bone));
            let volume = |mesh: &coxa_geometry::Mesh<_>| mesh.signed_volume();
            let largest = components(&surface).into_iter().max_by(|a, b| volume(a).total_cmp(&volume(b)))?;
            Some((bone, largest))
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

/// The labels of bones and metal alone.
fn solid(labels: &LabelMap) -> LabelMap {
    let mut kept = [0u8; 256];
    let solids = labels
        .table
        .iter()
        .filter(|label| label.name == METAL || Bone::ALL.iter().any(|bone| bone.name() == label.name));
    for label in solids {
        kept[usize::from(label.id)] = label.id;
    }
    LabelMap { volume: labels.volume.map(|&id| kept[usize::from(id)]), table: labels.table.clone() }
}
