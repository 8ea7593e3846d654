//! The surface of a mask: area, volume and vertices.

use super::cubes::{middle, triangles};
use crate::raster::Raster;
use rayon::prelude::*;

/// Surface through the middle between voxels inside and outside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Surface {
    /// Area, mm².
    pub(crate) area_mm2: f64,
    /// Volume inside, mm³.
    pub(crate) volume_mm3: f64,
    /// Vertices, in half voxels: even numbers are voxel centres of the mask with a border of one voxel. By z, then y, then x
    /// within each kind of edge.
    pub(crate) vertices: Vec<[i32; 3]>,
}

/// How often a cube of each kind occurs, and the sums of the places where it does. Whole numbers: the order of adding changes nothing.
struct Cases {
    count: [u64; 256],
    place: [[u64; 3]; 256],
}

impl Cases {
    fn none() -> Cases {
        Cases { count: [0; 256], place: [[0; 3]; 256] }
    }

    fn plus(mut self, other: &Cases) -> Cases {
        for case in 0..256 {
            self.count[case] += other.count[case];
            for axis in 0..3 {
                self.place[case][axis] += other.place[case][axis];
            }
        }
        self
    }
}

/// The surface of a mask.
pub(crate) fn surface(mask: &Raster<bool>) -> Surface {
    let Some((first, inner)) = mask.bounding_box() else {
        return Surface { area_mm2: 0.0, volume_mm3: 0.0, vertices: Vec::new() };
    };
    let padded = padded(mask, first, inner);
    let cases = (0..padded.dims[2] - 1)
        .into_par_iter()
        .map(|z| cases_of_slice(&padded, z))
        .reduce(Cases::none, |a, b| a.plus(&b));
    let (mut area, mut volume) = (0.0, 0.0);
    for case in 1..255_u8 {
        let count = cases.count[usize::from(case)] as f64;
        if count == 0.0 {
            continue;
        }
        let place = cases.place[usize::from(case)];
        for triangle in triangles(case) {
            let [p, q, r] = triangle.map(|edge| {
                let middle = middle(edge);
                std::array::from_fn(|axis| middle[axis] * padded.spacing_mm[axis])
            });
            let normal: [f64; 3] = cross(minus(q, p), minus(r, p));
            area += count * 0.5 * dot(normal, normal).sqrt();
            // Moved by a way, the tetrahedron to the origin grows by a third of way times area.
            let way: [f64; 3] = std::array::from_fn(|axis| place[axis] as f64 * padded.spacing_mm[axis]);
            volume += (count * dot(p, normal) + dot(way, normal)) / 6.0;
        }
    }
    Surface { area_mm2: area, volume_mm3: volume, vertices: vertices(&padded) }
}

/// The mask in the box around it with a border of one voxel.
fn padded(mask: &Raster<bool>, first: [usize; 3], inner: [usize; 3]) -> Raster<bool> {
    let dims = inner.map(|n| n + 2);
    let values = vec![false; dims.iter().product()];
    let mut padded = Raster { dims, spacing_mm: mask.spacing_mm, values };
    for z in 0..inner[2] {
        for y in 0..inner[1] {
            let from = mask.index([first[0], first[1] + y, first[2] + z]);
            let to = padded.index([1, y + 1, z + 1]);
            padded.values[to..to + inner[0]].copy_from_slice(&mask.values[from..from + inner[0]]);
        }
    }
    padded
}

fn cases_of_slice(mask: &Raster<bool>, z: usize) -> Cases {
    let mut cases = Cases::none();
    let [nx, ny, _] = mask.dims;
    for y in 0..ny - 1 {
        let row = |y: usize, z: usize| &mask.values[mask.index([0, y, z])..][..nx];
        let rows = [row(y, z), row(y + 1, z), row(y, z + 1), row(y + 1, z + 1)];
        let column = |x: usize| (0..4).fold(0_u8, |bits, at| bits | u8::from(rows[at][x]) << (2 * at));
        let mut left = column(0);
        for x in 0..nx - 1 {
            let right = column(x + 1);
            let case = usize::from(left | right << 1);
            left = right;
            if case != 0 && case != 255 {
                cases.count[case] += 1;
                for (sum, at) in cases.place[case].iter_mut().zip([x, y, z]) {
                    *sum += at as u64;
                }
            }
        }
    }
    cases
}

/// Middles of the edges between inside and outside, in half voxels.
fn vertices(mask: &Raster<bool>) -> Vec<[i32; 3]> {
    let [nx, ny, nz] = mask.dims;
    let of_slices: Vec<Vec<[i32; 3]>> = (0..nz)
        .into_par_iter()
        .map(|z| {
            let mut found = Vec::new();
            for y in 0..ny {
                let start = mask.index([0, y, z]);
                let row = &mask.values[start..start + nx];
                let mut cut = |other: Option<&[bool]>, way: [i32; 3]| {
                    for (x, (a, b)) in row.iter().zip(other.unwrap_or_default()).enumerate() {
                        if a != b {
                            found.push([2 * x as i32 + way[0], 2 * y as i32 + way[1], 2 * z as i32 + way[2]]);
                        }
                    }
                };
                cut(row.get(1..), [1, 0, 0]);
                cut((y + 1 < ny).then(|| &mask.values[start + nx..start + 2 * nx]), [0, 1, 0]);
                cut((z + 1 < nz).then(|| &mask.values[start + nx * ny..][..nx]), [0, 0, 1]);
            }
            found
        })
        .collect();
    of_slices.concat()
}

pub(super) fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|axis| a[axis] - b[axis])
}

pub(super) fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

pub(super) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_voxel_is_an_octahedron() {
        let mask = Raster { dims: [1; 3], spacing_mm: [1.0; 3], values: vec![true] };
        let found = surface(&mask);
        assert!((found.volume_mm3 - 1.0 / 6.0).abs() < 1e-12);
        assert!((found.area_mm2 - 3.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(found.vertices.len(), 6);
    }

    #[test]
    fn a_box_loses_its_edges_and_corners() {
        let [a, b, c] = [5.0, 3.0, 4.0];
        let mask = Raster { dims: [5, 3, 4], spacing_mm: [1.0; 3], values: vec![true; 60] };
        let found = surface(&mask);
        // An edge loses an eighth of a cubic step a step, a corner 5/48.
        let volume = a * b * c - 0.5 * (a + b + c - 3.0) - 5.0 / 6.0;
        assert!((found.volume_mm3 - volume).abs() < 1e-12, "{}", found.volume_mm3);
        // Faces without their rims, chamfers, and the corners of the octahedron.
        let faces = 2.0 * ((a - 1.0) * (b - 1.0) + (b - 1.0) * (c - 1.0) + (c - 1.0) * (a - 1.0));
        let area = faces + 4.0 * (a + b + c - 3.0) * 0.5_f64.sqrt() + 3.0_f64.sqrt();
        assert!((found.area_mm2 - area).abs() < 1e-12, "{}", found.area_mm2);
    }

    #[test]
    fn the_same_on_any_number_of_threads() {
        let values = (0..4913).map(|i| (i * 7919) % 13 < 7).collect();
        let mask = Raster { dims: [17; 3], spacing_mm: [1.0, 1.3, 0.5], values };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        assert_eq!(pool.install(|| surface(&mask)), surface(&mask));
    }
}
