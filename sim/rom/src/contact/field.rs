//! How far any point is from the fixed surfaces, at least, on a regular grid.
//!
//! A node holds a lower bound of its distance from every surface, with a minus sign where it lies inside a watertight
//! part. Near a surface the bound is the exact distance to the nearest triangle. Beyond, it is the Euclidean distance
//! transform of the nodes near the surface (Felzenszwalb and Huttenlocher 2012, Theory of Computing 8:415) less half a cell's
//! diagonal: every point of a surface has such a node within half a diagonal. A distance
//! changes by no more than the way gone, so a point at w from a node is at least the node's value less w from every surface;
//! there is no interpolation and so no further error.
//!
//! The sign comes from the winding number along grid lines. The grid extends beyond the surfaces, and its outermost nodes
//! count as outside, so that the answer for a point beyond the grid, taken at the nearest point of the grid, is safe too: that
//! point is nearer to everything within.

use super::lanes::{LANES, Lanes, negative};
use super::pose::Pose;
use coxa_geometry::mesh::triangle::{Corners, closest_point, extent};
use coxa_geometry::mesh::winding::Nodes;
use nalgebra::{Point3, Vector3};
use pulp::Arch;
use rayon::prelude::*;

/// Nodes at most, unless the spacing is at its least.
const NODES: f64 = 1_048_576.0;
/// Spacing at least: about the size of a triangle, which is what the planes are made for.
const LEAST_SPACING_MM: f64 = 2.0;
/// Exact to this many spacings from a surface.
const BAND: f64 = 1.5;
/// Half a cell's diagonal in spacings.
const HALF_DIAGONAL: f64 = 0.866_025_403_784_438_7;
/// Adding this to a small float rounds it to an integer in its lowest bits (and taking it away again to a float).
const MAGIC: f32 = 8_388_608.0;

/// Signed lower bounds of the distance to the fixed surfaces.
pub(super) struct Field {
    grid: Nodes,
    spacing_squared: f32,
    most: [f32; 3],
    stride: [f32; 2],
    /// By node, and zeros up to a power of two.
    values: Vec<f32>,
    arch: Arch,
}

/// What the field says of several points.
pub(super) struct Bounds {
    /// Value of the nearest node in millimetres.
    node: Lanes,
    /// Square of the distance to the nearest node in square millimetres.
    pub(super) off_squared: Lanes,
    /// The nearest node.
    pub(super) index: [u32; LANES],
}

impl Bounds {
    /// For each point two margins: a bit where it is surely further than the first from every surface, and a bit where it lies
    /// inside and surely further than the second.
    #[inline(always)]
    pub(super) fn judge(&self, margins: impl Fn(usize) -> (f32, f32)) -> (u32, u32) {
        // Compared as squares where that is sound, which saves the root; negative where further.
        let lacks = |i: usize, margin: f32| {
            let to_spare = self.node[i].abs() - ROUNDING_MM - margin;
            larger(self.off_squared[i] - to_spare * to_spare, -to_spare)
        };
        negative(|i| {
            let (outside, inside) = margins(i);
            (lacks(i, outside), larger(lacks(i, inside), self.node[i]))
        })
    }
}

/// As `f32::max`, without its care for what is not a number.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Nodes about the triangles as far as they lie within `far` of the hip centre, with a margin.
fn nodes_around(triangles: &[Corners], far: f64) -> Nodes {
    let (mut low, mut high) = (Vector3::repeat(f64::INFINITY), Vector3::repeat(f64::NEG_INFINITY));
    for corner in triangles.iter().flatten() {
        (low, high) = (low.inf(&corner.coords), high.sup(&corner.coords));
    }
    if triangles.is_empty() {
        (low, high) = (Vector3::zeros(), Vector3::zeros());
    }
    let (low, high) = (low.map(|c| c.clamp(-far, far)), high.map(|c| c.clamp(-far, far)));
    let size = high - low;
    // The spacing for which the box with its margin has about the number of nodes wished for.
    let mut spacing = (size.product() / NODES).cbrt().max(size.max() / 400.0).max(LEAST_SPACING_MM);
    let count = |spacing: f64| size.map(|s| (s / spacing).ceil() + 5.0);
    while count(spacing).product() > NODES {
        spacing *= 1.02;
    }
    // Off by parts of a cell that no coordinate of a made surface has, so that grid lines meet no edge.
    let origin = low - Vector3::new(2.137_193, 2.271_828, 2.314_159) * spacing;
    let dims = count(spacing);
    Nodes { origin, spacing, dims: [dims.x as usize, dims.y as usize, dims.z as usize] }
}

impl Field {
    /// From the triangles that distances are taken to and those of the watertight parts, whose insides count. Nothing
    /// further than `far` from the hip centre will be asked for. Also gives the triangle nearest to each node near a surface,
    /// [`NONE`] to the others.
    pub(super) fn new(surfaces: &[Corners], solids: &[Vec<Corners>], far: f64) -> (Self, Vec<u32>) {
        let grid = nodes_around(surfaces, far);
        let ((distances, nearest), inside) =
            rayon::join(|| distances(&grid, surfaces), || grid.inside(solids));
        let [nx, ny, nz] = grid.dims;
        let outermost = |x: usize, y: usize, z: usize| {
            [(x, nx), (y, ny), (z, nz)].iter().any(|&(i, n)| i == 0 || i + 1 == n)
        };
        let mut values = vec![0.0; distances.len().next_power_of_two()];
        for (i, (value, (&distance, &inside))) in
            values.iter_mut().zip(distances.iter().zip(&inside)).enumerate()
        {
            let is_negative = inside && !outermost(i % nx, i / nx % ny, i / nx / ny);
            *value = if is_negative { -distance } else { distance };
        }
        let field = Field {
            spacing_squared: (grid.spacing * grid.spacing) as f32,
            most: grid.dims.map(|n| (n - 1) as f32),
            stride: [nx as f32, (nx * ny) as f32],
            values,
            arch: Arch::new(),
            grid,
        };
        (field, nearest)
    }

    pub(super) fn grid(&self) -> Nodes {
        self.grid
    }

    /// The widest vector instructions that this machine has; with these, points are looked up fastest.
    #[inline(always)]
    pub(super) fn arch(&self) -> Arch {
        self.arch
    }

    /// Whether a node lies inside a solid.
    pub(super) fn is_inside(&self, node: u32) -> bool {
        self.values.get(node as usize).is_some_and(|&value| value < 0.0)
    }

    /// Where a node is.
    pub(super) fn place(&self, node: u32) -> Point3<f64> {
        let [nx, ny, _] = self.grid.dims;
        let (i, at) = (node as usize, |axis, index| self.grid.position(axis, index));
        Point3::new(at(0, i % nx), at(1, i / nx % ny), at(2, i / nx / ny))
    }

    /// What takes a point of the moving side to its place in the grid: three rows of a matrix, in spacings, and a shift.
    pub(super) fn to_grid(&self, pose: &Pose) -> [[f32; 4]; 3] {
        let Nodes { origin, spacing, .. } = self.grid;
        let row = |i: usize| {
            let entry = |j: usize| (pose.rotation[(i, j)] / spacing) as f32;
            let shift = (pose.translation.vector[i] - origin[i]) / spacing;
            [entry(0), entry(1), entry(2), shift as f32]
        };
        [row(0), row(1), row(2)]
    }

    /// What is known of points, given by their coordinates in the grid.
    #[inline(always)]
    pub(super) fn bounds(&self, x: &Lanes, y: &Lanes, z: &Lanes) -> Bounds {
        let last = self.values.len() - 1;
        let mut index = [0u32; LANES];
        let mut off_squared = [0f32; LANES];
        for i in 0..LANES {
            let (fx, dx) = self.node(0, x[i]);
            let (fy, dy) = self.node(1, y[i]);
            let (fz, dz) = self.node(2, z[i]);
            let flat = fx + fy * self.stride[0] + fz * self.stride[1];
            index[i] = (flat + MAGIC).to_bits() & last as u32;
            off_squared[i] = (dx * dx + dy * dy + dz * dz) * self.spacing_squared;
        }
        let mut node = [0f32; LANES];
        for i in 0..LANES {
            // The length is a power of two, so this changes nothing; but with it the compiler needs no check.
            node[i] = self.values[index[i] as usize & last];
        }
        Bounds { node, off_squared, index }
    }

    /// What points are at least away from every surface in the grid, in millimetres; below zero where nothing is known.
    #[inline(always)]
    pub(super) fn away(&self, x: &Lanes, y: &Lanes, z: &Lanes, bounds: &Bounds) -> Lanes {
        let mut away = [0f32; LANES];
        for i in 0..LANES {
            // From a point beyond the grid, the way to anything in it and the way to the grid's nearest point enclose no more than
            // a right angle with the rest.
            let [dx, dy, dz] = [self.beyond(0, x[i]), self.beyond(1, y[i]), self.beyond(2, z[i])];
            let beyond = (dx * dx + dy * dy + dz * dz) * self.spacing_squared;
            let within = bounds.node[i].abs() - ROUNDING_MM - bounds.off_squared[i].sqrt();
            away[i] = if beyond > 0.0 {
                (beyond + larger(within, 0.0) * larger(within, 0.0)).sqrt() - ROUNDING_MM
            } else {
                within
            };
        }
        away
    }

    /// How far beyond the grid a coordinate is, in spacings.
    #[inline(always)]
    fn beyond(&self, axis: usize, at: f32) -> f32 {
        larger(at - self.most[axis], larger(-at, 0.0))
    }

    /// The nearest node along an axis, and how far it is from the grid's nearest point, in spacings.
    #[inline(always)]
    fn node(&self, axis: usize, at: f32) -> (f32, f32) {
        // Written so that a number that is not finite becomes zero.
        let at = if at > 0.0 { at } else { 0.0 };
        let at = if at < self.most[axis] { at } else { self.most[axis] };
        let nearest = (at + MAGIC) - MAGIC;
        (nearest, at - nearest)
    }
}

/// What single precision may lose of a coordinate within half a metre, turning and looking up included.
const ROUNDING_MM: f32 = 1e-3;

/// Layers of nodes that one task works on.
pub(super) const LAYERS: usize = 8;
/// No triangle.
pub(super) const NONE: u32 = u32::MAX;

/// The triangles that may be within `reach` of some node, for each group of layers.
pub(super) fn near_layers(grid: &Nodes, triangles: &[Corners], reach: f64) -> Vec<Vec<usize>> {
    let mut near = vec![Vec::new(); grid.dims[2].div_ceil(LAYERS)];
    for (t, corners) in triangles.iter().enumerate() {
        let [_, _, layers] = grid.near(corners, reach);
        if !layers.is_empty() {
            near[layers.start / LAYERS..=(layers.end - 1) / LAYERS].iter_mut().for_each(|list| list.push(t));
        }
    }
    near
}

/// Lower bounds of the distances of all nodes, x running fastest, and the nearest triangles.
fn distances(grid: &Nodes, surfaces: &[Corners]) -> (Vec<f32>, Vec<u32>) {
    let [nx, ny, nz] = grid.dims;
    let band = BAND * grid.spacing;
    let slab = nx * ny;
    let mut squared = vec![f32::INFINITY; slab * nz];
    let mut nearest = vec![NONE; slab * nz];
    let near = near_layers(grid, surfaces, band);
    let chunks = squared.par_chunks_mut(slab * LAYERS).zip(nearest.par_chunks_mut(slab * LAYERS));
    chunks.zip(&near).enumerate().for_each(|(chunk, ((squared, nearest), near))| {
        let first = chunk * LAYERS;
        for &t in near {
            splat(grid, &surfaces[t], band, first..(first + LAYERS).min(nz), |node, distance| {
                if distance < squared[node] {
                    (squared[node], nearest[node]) = (distance, t as u32);
                }
                squared[node]
            });
        }
    });
    let half_diagonal = HALF_DIAGONAL * grid.spacing;
    let seed = ((half_diagonal + 1e-6) * (half_diagonal + 1e-6)) as f32;
    let mut far: Vec<f32> = squared.par_iter().map(|&d| if d <= seed { 0.0 } else { UNREACHED }).collect();
    let mut dims = grid.dims;
    for _ in 0..3 {
        far.par_chunks_mut(dims[0])
            .for_each_init(Envelope::default, |envelope, line| envelope.transform(line));
        far = rotated(&far, dims);
        dims = [dims[1], dims[2], dims[0]];
    }
    let within = band as f32;
    let bounds = squared.par_iter().zip(&far).map(|(&exact, &far)| {
        let exact = exact.sqrt();
        // Rounded down a little: the transform works in single precision.
        let beyond = (far.sqrt() * 0.9999 - HALF_DIAGONAL as f32) * grid.spacing as f32;
        if exact <= within { exact * 0.999_999 } else { beyond.max(within * 0.9999) }
    });
    (bounds.collect(), nearest)
}

/// Squared spacings where nothing has been found yet.
const UNREACHED: f32 = 1e9;

/// Squared distance of a point from a box; no more than that from what the box holds.
fn squared_to_box(p: &Point3<f64>, extents: &[(f64, f64); 3]) -> f64 {
    let beyond = |axis: usize| (extents[axis].0 - p[axis]).max(p[axis] - extents[axis].1).max(0.0);
    beyond(0).powi(2) + beyond(1).powi(2) + beyond(2).powi(2)
}

/// Gives the squared distances of the nodes within `band` of a triangle, in some layers, to `lower`, which answers with the least
/// one known; infinity asks for that alone.
fn splat(
    grid: &Nodes,
    corners: &Corners,
    band: f64,
    layers: std::ops::Range<usize>,
    mut lower: impl FnMut(usize, f32) -> f32,
) {
    let [xs, ys, zs] = grid.near(corners, band);
    let normal = (corners[1] - corners[0]).cross(&(corners[2] - corners[0]));
    let area = normal.norm();
    let extents = [0, 1, 2].map(|axis| extent(corners, axis));
    let [nx, ny, _] = grid.dims;
    for z in zs.start.max(layers.start)..zs.end.min(layers.end) {
        for y in ys.clone() {
            let row = ((z - layers.start) * ny + y) * nx;
            for x in xs.clone() {
                let p = Point3::new(grid.position(0, x), grid.position(1, y), grid.position(2, z));
                let height = (p - corners[0]).dot(&normal);
                // Nearer than its height over the plane, or than its box, the triangle is not.
                let least = f64::from(lower(row + x, f32::INFINITY)) * 1.000_001;
                let known = least.min(band * band * 1.000_001);
                if height * height <= known * area * area && squared_to_box(&p, &extents) <= least {
                    lower(row + x, (closest_point(&p, corners) - p).norm_squared() as f32);
                }
            }
        }
    }
}

/// Lower envelope of parabolas along a line, in spacings.
#[derive(Default)]
struct Envelope {
    values: Vec<f32>,
    vertices: Vec<usize>,
    starts: Vec<f32>,
}

impl Envelope {
    fn transform(&mut self, line: &mut [f32]) {
        self.values.clear();
        self.values.extend_from_slice(line);
        self.vertices.clear();
        self.starts.clear();
        for q in 0..line.len() {
            let f = self.values[q];
            if f >= UNREACHED {
                continue;
            }
            let mut start = f32::NEG_INFINITY;
            while let (Some(&v), Some(&from)) = (self.vertices.last(), self.starts.last()) {
                let (a, b) = (v as f32, q as f32);
                let crossing = ((f - self.values[v]) / (b - a) + a + b) * 0.5;
                if crossing > from {
                    start = crossing;
                    break;
                }
                self.vertices.pop();
                self.starts.pop();
            }
            self.vertices.push(q);
            self.starts.push(start);
        }
        if self.vertices.is_empty() {
            return;
        }
        let mut k = 0;
        for (q, value) in line.iter_mut().enumerate() {
            while self.starts.get(k + 1).is_some_and(|&start| start < q as f32) {
                k += 1;
            }
            let v = self.vertices[k];
            let step = q as f32 - v as f32;
            *value = step * step + self.values[v];
        }
    }
}

/// The same values with the second axis running fastest, then the third, then the first.
fn rotated(values: &[f32], [nx, ny, nz]: [usize; 3]) -> Vec<f32> {
    let mut out = vec![0.0; values.len()];
    out.par_chunks_mut(ny * nz).enumerate().for_each(|(x, plane)| {
        for z in 0..nz {
            for y in 0..ny {
                plane[z * ny + y] = values[(z * ny + y) * nx + x];
            }
        }
    });
    out
}
