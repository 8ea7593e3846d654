//! A plane near each node that no fixed surface near the node rises above.
//!
//! The field alone leaves every triangle in doubt that is nearer than its own size and the way to its node. Most surfaces are
//! smooth at that scale: all of a surface within [`REACH_SPACINGS`] of a node lies below some plane that faces outwards. A
//! triangle within the same reach whose corners are all above it touches nothing.

use super::field::{Field, LAYERS, NONE, near_layers};
use coxa_geometry::mesh::triangle::{Corners, closest_point};
use coxa_geometry::mesh::winding::Nodes;
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// How far about a node its plane holds.
const REACH_SPACINGS: f64 = 1.7;
/// What single precision may lose.
const ROUNDING_MM: f64 = 2e-3;

/// Planes by node of the field.
pub(super) struct Planes {
    of_node: Vec<u32>,
    /// Normal of one spacing's length, and height over the grid's origin.
    planes: Vec<[f32; 4]>,
    reach: f32,
}

impl Planes {
    pub(super) fn new(field: &Field, nearest: &[u32], triangles: &[Corners]) -> Self {
        let grid = field.grid();
        let reach = REACH_SPACINGS * grid.spacing;
        let nodes: Vec<u32> =
            (0..nearest.len() as u32).filter(|&node| nearest[node as usize] != NONE).collect();
        let mut of_node = vec![NONE; nearest.len()];
        for (i, &node) in nodes.iter().enumerate() {
            of_node[node as usize] = i as u32;
        }
        let near = near_layers(&grid, triangles, reach);
        let slab = LAYERS * grid.dims[0] * grid.dims[1];
        let planes = near.par_iter().enumerate().flat_map_iter(|(chunk, near)| {
            let first = nodes.partition_point(|&node| (node as usize) < chunk * slab);
            let end = nodes.partition_point(|&node| (node as usize) < (chunk + 1) * slab);
            let normals = nodes[first..end].iter().map(|&node| {
                let triangle = &triangles[nearest[node as usize] as usize];
                let normal = normal(&field.place(node), triangle);
                Plane { normal: if field.is_inside(node) { -normal } else { normal }, height: -reach }
            });
            let mut planes: Vec<Plane> = normals.collect();
            let layers = chunk * LAYERS..((chunk + 1) * LAYERS).min(grid.dims[2]);
            for &t in near {
                raise(&grid, &triangles[t], reach, layers.clone(), |node, height| {
                    if let Some(plane) = planes.get_mut((of_node[node] as usize).wrapping_sub(first)) {
                        plane.height = plane.height.max(height(&plane.normal));
                    }
                });
            }
            planes.into_iter().zip(&nodes[first..end]).map(|(plane, &node)| {
                let n = plane.normal;
                // Within reach nothing can be higher than the reach itself.
                let height =
                    n.dot(&(field.place(node).coords - grid.origin)) + plane.height.min(reach) + ROUNDING_MM;
                let n = n * grid.spacing;
                [n.x as f32, n.y as f32, n.z as f32, height as f32]
            })
        });
        let planes = planes.collect();
        Planes { of_node, planes, reach: (reach - ROUNDING_MM) as f32 }
    }

    /// How far about a node its plane holds.
    #[inline(always)]
    pub(super) fn reach(&self) -> f32 {
        self.reach
    }

    /// The plane of a node: normal of one spacing's length, and a height over the grid's origin above which nothing within reach rises.
    #[inline(always)]
    pub(super) fn of(&self, node: u32) -> Option<&[f32; 4]> {
        self.of_node.get(node as usize).and_then(|&i| self.planes.get(i as usize))
    }
}

/// Its normal points from the nearest surface outwards; its height over the node is that of the highest corner of all
/// triangles within reach.
struct Plane {
    normal: Vector3<f64>,
    height: f64,
}

fn normal(node: &Point3<f64>, nearest: &Corners) -> Vector3<f64> {
    (node - closest_point(node, nearest)).try_normalize(1e-6).unwrap_or_else(Vector3::x)
}

/// Calls with every node within reach of a triangle, and what gives the triangle's height over the node along a normal.
fn raise(
    grid: &Nodes,
    corners: &Corners,
    reach: f64,
    layers: std::ops::Range<usize>,
    mut found: impl FnMut(usize, &dyn Fn(&Vector3<f64>) -> f64),
) {
    let middle = Point3::from((corners[0].coords + corners[1].coords + corners[2].coords) / 3.0);
    let radius = corners.iter().map(|c| (c - middle).norm()).fold(0.0, f64::max) + reach;
    let [xs, ys, zs] = grid.near(corners, reach);
    for z in zs.start.max(layers.start)..zs.end.min(layers.end) {
        for y in ys.clone() {
            for x in xs.clone() {
                let node = Point3::new(grid.position(0, x), grid.position(1, y), grid.position(2, z));
                if (middle - node).norm_squared() <= radius * radius {
                    let height = |normal: &Vector3<f64>| {
                        corners.iter().map(|c| (c - node).dot(normal)).fold(f64::NEG_INFINITY, f64::max)
                    };
                    found((z * grid.dims[1] + y) * grid.dims[0] + x, &height);
                }
            }
        }
    }
}
