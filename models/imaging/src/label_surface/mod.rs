//! Smooth, watertight surfaces of labels.
//!
//! A label map says where a bone is to the nearest voxel, in steps. [`label_surface`] takes the steps out without
//! moving the surface past a voxel centre and without changing the volume. Where the CT is at hand,
//! [`bone_surface`] then moves it to the edge that the grey values show.

mod border;
mod grey;
mod relax;
mod soft;

pub use border::{THICK_CORTEX_HU, border_hu};
pub use grey::bone_surface;
pub use soft::soft_surface;

use crate::isosurface::isosurface;
use crate::{Grid, LabelMap, Volume};
use coxa_geometry::{Mesh, Point, Side, Vector, frame};
use nalgebra::{Matrix3, Point3, Vector3};
use ndarray::{Array3, Axis};
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
    let Some(surface) = Surface::around(labels, id, Side::Right) else { return Mesh::default() };
    relax::to_patient(&labels.volume.grid, &surface.places, surface.triangles)
}

/// A closed surface in voxel indices.
struct Surface {
    places: Vec<Point3<f64>>,
    triangles: Vec<[u32; 3]>,
    neighbours: Neighbours,
}

impl Surface {
    /// How faces are cut into triangles depends on the order of voxels, and with it, by fractions of a voxel, the smoothed
    /// surface. Voxels are therefore taken along the patient's axes, of a left bone along those of its mirror image: then the
    /// surface depends neither on the order in which a file stores them, nor on the side.
    fn around(labels: &LabelMap, id: u8, side: Side) -> Option<Self> {
        let (first, mut outside) = outside(&labels.volume, id)?;
        let reversed = reversed(&labels.volume.grid, side);
        for axis in (0..3).filter(|&axis| reversed[axis]) {
            // The array's axes are k, j, i.
            outside.voxels.invert_axis(Axis(2 - axis));
        }
        outside.voxels = outside.voxels.as_standard_layout().into_owned();
        let voxels = outside.as_slice().iter().filter(|&&v| v == 0).count();
        // The surface of what is outside, turned over: where voxels touch at a face's diagonal only, the isosurface
        // keeps its inside apart, but a thin plate oblique to the grid hangs together by such diagonals.
        let mut mesh = isosurface(&outside, 0.5);
        for triangle in &mut mesh.triangles {
            triangle.swap(1, 2);
        }
        let Mesh { vertices, mut triangles } = mesh;
        let dims = outside.grid.dims;
        let forth = |v: Point3<f64>| {
            let along =
                |axis: usize| if reversed[axis] { (dims[axis] - 1) as f64 - v[axis] } else { v[axis] };
            Point3::new(along(0), along(1), along(2)) + first
        };
        let mut places: Vec<Point3<f64>> = vertices.iter().map(|v| forth(v.coords())).collect();
        if reversed.iter().filter(|&&is| is).count() % 2 == 1 {
            for triangle in &mut triangles {
                triangle.swap(1, 2);
            }
        }
        let neighbours = Neighbours::new(places.len(), &triangles);
        relax::smooth(&mut places, &neighbours, PAIRS, REACH);
        relax::restore_volume(&mut places, &triangles, voxels as f64);
        Some(Surface { places, triangles, neighbours })
    }
}

/// The axes of a grid along which its voxels run against the patient's axes, those of a left side mirrored.
fn reversed(grid: &Grid, side: Side) -> [bool; 3] {
    std::array::from_fn(|axis| {
        let step =
            side.enter(Vector::<frame::Patient>::from_coords(grid.step.column(axis).into_owned())).coords();
        step[step.iamax()] < 0.0
    })
}

/// 0 where a voxel has the label and 1 elsewhere, in the box around the label and one voxel more on every side, with
/// the voxel indices of its first voxel; `None` where no voxel has the label.
fn outside(labels: &Volume<u8>, id: u8) -> Option<(Vector3<f64>, Volume<u8>)> {
    let [ni, nj, nk] = labels.grid.dims;
    let (mut low, mut high) = ([usize::MAX; 3], [0; 3]);
    for (row, values) in labels.as_slice().chunks(ni.max(1)).enumerate() {
        let Some(begin) = values.iter().position(|&v| v == id) else { continue };
        let end = values.iter().rposition(|&v| v == id).unwrap_or(begin);
        for (axis, (least, most)) in
            [(begin, end), (row % nj, row % nj), (row / nj, row / nj)].into_iter().enumerate()
        {
            low[axis] = low[axis].min(least);
            high[axis] = high[axis].max(most);
        }
    }
    if low[2] >= nk {
        return None;
    }
    let dims: [usize; 3] = std::array::from_fn(|axis| high[axis] - low[axis] + 3);
    let mut voxels = Array3::from_elem((dims[2], dims[1], dims[0]), 1);
    for k in low[2]..=high[2] {
        for j in low[1]..=high[1] {
            for i in low[0]..=high[0] {
                if labels.voxels[[k, j, i]] == id {
                    voxels[[k - low[2] + 1, j - low[1] + 1, i - low[0] + 1]] = 0;
                }
            }
        }
    }
    let grid = Grid { dims, origin: Point::origin(), step: Matrix3::identity() };
    Some((Vector3::from(low.map(|n| n as f64 - 1.0)), Volume::new(grid, voxels)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Label;
    use coxa_geometry::mesh::components;
    use coxa_geometry::mesh::validate::defects;
    use nalgebra::Rotation3;
    use std::f64::consts::PI;

    fn oblique(dims: [usize; 3], spacing: [f64; 3]) -> Grid {
        let rotation = Rotation3::from_euler_angles(0.2, -0.5, 0.9);
        let step = rotation.matrix() * Matrix3::from_diagonal(&Vector3::from(spacing));
        Grid { dims, origin: Point::new(40.0, -70.0, 500.0), step }
    }

    /// Id 5 where `inside` says so of a place, relative to the middle of the grid, in millimetres.
    fn labels(grid: Grid, inside: impl Fn(Vector3<f64>) -> bool) -> LabelMap {
        let middle = middle(&grid);
        let [ni, nj, nk] = grid.dims;
        let voxels = Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| {
            let place = grid.to_patient(Point::new(i as f64, j as f64, k as f64));
            if inside(place.coords() - middle) { 5 } else { 0 }
        });
        LabelMap { volume: Volume::new(grid, voxels), table: vec![Label::unnamed(5)] }
    }

    fn middle(grid: &Grid) -> Point3<f64> {
        grid.to_patient(Point::from_coords(grid.dims.map(|n| (n - 1) as f64 / 2.0).into())).coords()
    }

    fn voxel_volume(labels: &LabelMap) -> f64 {
        labels.volume.as_slice().iter().filter(|&&v| v == 5).count() as f64
            * labels.volume.grid.voxel_volume_mm3()
    }

    #[test]
    fn a_ball_at_coarse_spacing_is_smooth_and_keeps_its_volume() {
        for grid in [oblique([24, 24, 24], [3.0; 3]), oblique([48, 48, 24], [1.5, 1.5, 3.0])] {
            let radius = 30.0;
            let labels = labels(grid, |p| p.norm() <= radius);
            let mesh = label_surface(&labels, 5);
            assert_eq!(defects(&mesh), []);
            assert!((mesh.signed_volume() / voxel_volume(&labels) - 1.0).abs() < 1e-3);
            assert!((mesh.signed_volume() / (4.0 / 3.0 * PI * radius.powi(3)) - 1.0).abs() < 0.01);
            let middle = middle(&labels.volume.grid);
            for vertex in &mesh.vertices {
                let off = ((vertex.coords() - middle).norm() - radius).abs();
                assert!(off < 0.5 * 3.0, "{off}");
            }
            // Steps would give normals that are up to 45 degrees off; the mean over the ball shows them.
            let mean_cosine = mesh
                .vertex_normals()
                .iter()
                .zip(&mesh.vertices)
                .map(|(n, v)| n.coords().dot(&(v.coords() - middle).normalize()))
                .sum::<f64>()
                / mesh.vertices.len() as f64;
            assert!(mean_cosine > 0.99, "{mean_cosine}");
        }
    }

    #[test]
    fn an_ellipsoid_keeps_its_shape() {
        let axes = Vector3::new(30.0, 18.0, 12.0);
        let labels = labels(oblique([48, 48, 48], [1.5; 3]), |p| p.component_div(&axes).norm() <= 1.0);
        let mesh = label_surface(&labels, 5);
        assert_eq!(defects(&mesh), []);
        assert!((mesh.signed_volume() / (4.0 / 3.0 * PI * axes.product()) - 1.0).abs() < 0.01);
        let middle = middle(&labels.volume.grid);
        for vertex in &mesh.vertices {
            let p = vertex.coords() - middle;
            // First-order distance to the ellipsoid.
            let scaled = p.component_div(&axes);
            let gradient = scaled.component_div(&axes).norm() / scaled.norm();
            assert!((scaled.norm() - 1.0).abs() / gradient < 0.75);
        }
    }

    #[test]
    fn plates_of_two_and_of_one_voxel_survive_in_one_piece() {
        for thickness in [6.0, 3.0] {
            // Oblique to the grid, like the wing of the ilium.
            let normal = Vector3::new(0.3, 0.9, 0.2).normalize();
            let labels = labels(oblique([40, 40, 40], [3.0; 3]), |p| {
                p.dot(&normal).abs() <= thickness / 2.0 && p.norm() < 45.0
            });
            let mesh = label_surface(&labels, 5);
            assert_eq!(defects(&mesh), [], "{thickness} mm");
            assert_eq!(components(&mesh).len(), 1, "{thickness} mm");
            assert!((mesh.signed_volume() / voxel_volume(&labels) - 1.0).abs() < 0.01, "{thickness} mm");
            let middle = middle(&labels.volume.grid);
            let mut reached: f64 = 0.0;
            for vertex in &mesh.vertices {
                let p = vertex.coords() - middle;
                let height = p.dot(&normal);
                reached = reached.max((p - normal * height).norm());
                assert!(height.abs() < thickness / 2.0 + 1.5, "{thickness} mm: {height}");
                if (p - normal * height).norm() < 38.0 && thickness > 3.0 {
                    assert!(height.abs() > thickness / 2.0 - 1.5, "{thickness} mm: {height}");
                }
            }
            assert!(reached > 42.0, "the rim is at {reached} mm instead of 45");
        }
    }

    #[test]
    fn odd_labels_give_closed_surfaces() {
        let grid = oblique([9, 9, 9], [1.0; 3]);
        assert!(label_surface(&labels(grid.clone(), |_| false), 5).is_empty());
        assert_eq!(defects(&label_surface(&labels(grid.clone(), |p| p.norm() < 0.5), 5)), []);
        // Filling the whole volume, and voxels that touch at corners only.
        assert_eq!(defects(&label_surface(&labels(grid.clone(), |_| true), 5)), []);
        let mut scattered = labels(grid.clone(), |_| false);
        for (n, voxel) in scattered.volume.as_mut_slice().iter_mut().enumerate() {
            *voxel = if n * n % 7 < 3 { 5 } else { 0 };
        }
        assert_eq!(defects(&label_surface(&scattered, 5)), []);
        // A left-handed grid, as of a scan with reversed slices.
        let mirrored =
            Grid { step: grid.step * Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, -1.0)), ..grid };
        assert_eq!(defects(&label_surface(&labels(mirrored, |p| p.norm() < 3.5), 5)), []);
    }
}
