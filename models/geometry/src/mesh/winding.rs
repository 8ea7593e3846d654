//! Which nodes of a regular grid lie inside surfaces, by the winding number along grid lines.

use super::triangle::{Corners, extent};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;
use std::ops::Range;

/// The nodes of a regular grid along the axes of a frame.
#[derive(Debug, Clone, Copy)]
pub struct Nodes {
    /// The first node in mm.
    pub origin: Vector3<f64>,
    /// Distance of neighbours in mm.
    pub spacing: f64,
    /// How many there are along x, y and z.
    pub dims: [usize; 3],
}

impl Nodes {
    /// Where the nodes of an index lie on an axis.
    pub fn position(&self, axis: usize, index: usize) -> f64 {
        self.origin[axis] + index as f64 * self.spacing
    }

    /// Indices of the nodes within an interval of an axis.
    pub fn within(&self, axis: usize, low: f64, high: f64) -> Range<usize> {
        let at = |x: f64| (x - self.origin[axis]) / self.spacing;
        let first = at(low).ceil().max(0.0) as usize;
        let last = ((at(high).floor() + 1.0).max(0.0) as usize).min(self.dims[axis]);
        first.min(last)..last
    }

    /// Indices of the nodes within `reach` of a triangle's box, by axis.
    pub fn near(&self, corners: &Corners, reach: f64) -> [Range<usize>; 3] {
        [0, 1, 2].map(|axis| {
            let (low, high) = extent(corners, axis);
            self.within(axis, low - reach, high + reach)
        })
    }

    /// Which nodes lie inside a solid: those about which its surface winds, x running fastest. Where solids overlap is inside.
    pub fn inside(&self, solids: &[Vec<Corners>]) -> Vec<bool> {
        let [nx, ny, nz] = self.dims;
        let mut inside = vec![false; nx * ny * nz];
        for solid in solids {
            // For every line along x, where it crosses the surface and which way.
            let mut crossings: Vec<Vec<(f64, i32)>> = vec![Vec::new(); ny * nz];
            for corners in solid {
                let (y_low, y_high) = extent(corners, 1);
                let (z_low, z_high) = extent(corners, 2);
                for z in self.within(2, z_low, z_high) {
                    for y in self.within(1, y_low, y_high) {
                        let (py, pz) = (self.position(1, y), self.position(2, z));
                        if let Some(crossing) = crossing(corners, py, pz) {
                            crossings[z * ny + y].push(crossing);
                        }
                    }
                }
            }
            inside.par_chunks_mut(nx.max(1)).zip(crossings.par_iter_mut()).for_each(|(line, crossings)| {
                // A line that winds up elsewhere than it began ran through an edge; nothing is claimed of it.
                if crossings.iter().map(|c| c.1).sum::<i32>() != 0 {
                    return;
                }
                crossings.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
                let (mut next, mut winding) = (0, 0);
                for (x, node) in line.iter_mut().enumerate() {
                    while crossings.get(next).is_some_and(|c| c.0 < self.position(0, x)) {
                        winding += crossings[next].1;
                        next += 1;
                    }
                    *node |= winding != 0;
                }
            });
        }
        inside
    }
}

/// Where a line along x crosses a triangle, and in which sense. Neighbours evaluate their common side with the same numbers
/// in the same order, so that a line crosses exactly one of them.
fn crossing(corners: &Corners, y: f64, z: f64) -> Option<(f64, i32)> {
    let side = |p: &Point3<f64>, q: &Point3<f64>| {
        let turned = (p.y, p.z) > (q.y, q.z);
        let (a, b) = if turned { (q, p) } else { (p, q) };
        let area = (b.y - a.y) * (z - a.z) - (b.z - a.z) * (y - a.y);
        (area >= 0.0) != turned
    };
    let [a, b, c] = corners;
    let left = side(a, b);
    if side(b, c) != left || side(c, a) != left {
        return None;
    }
    let normal = (b - a).cross(&(c - a));
    if normal.x == 0.0 {
        return None;
    }
    let x = a.x - ((y - a.y) * normal.y + (z - a.z) * normal.z) / normal.x;
    Some((x, if left { 1 } else { -1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A box of twelve triangles that face outwards.
    fn cuboid(low: [f64; 3], high: [f64; 3]) -> Vec<Corners> {
        let corner =
            |n: usize| Point3::from(std::array::from_fn(|a| if n >> a & 1 == 0 { low[a] } else { high[a] }));
        let faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        faces.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).map(|t| t.map(corner)).collect()
    }

    #[test]
    fn nodes_within_a_solid_are_inside_though_the_grid_ends_in_it() {
        let nodes = Nodes { origin: Vector3::new(0.0, -3.0, -4.0), spacing: 0.5, dims: [20, 12, 18] };
        // One reaches beyond the grid on two sides, its sides run through nodes; the other overlaps it.
        let boxes = [([-5.0, -1.0, -9.0], [4.0, 2.0, 1.0]), ([3.3, 0.2, 0.3], [7.1, 9.0, 3.1])];
        let inside = nodes.inside(&boxes.map(|(low, high)| cuboid(low, high)));
        for (n, inside) in inside.into_iter().enumerate() {
            let at = [n % 20, n / 20 % 12, n / 240];
            let at: [f64; 3] = std::array::from_fn(|a| nodes.position(a, at[a]));
            let off = |(low, high): &([f64; 3], [f64; 3])| {
                (0..3).map(|a| (low[a] - at[a]).max(at[a] - high[a])).fold(f64::NEG_INFINITY, f64::max)
            };
            let off = boxes.iter().map(off).fold(f64::INFINITY, f64::min);
            assert!(off.abs() < 1e-9 || inside == (off < 0.0), "{at:?}");
        }
    }

    #[test]
    fn a_surface_with_a_hole_claims_nothing_on_the_lines_through_it() {
        let nodes = Nodes { origin: Vector3::repeat(-1.9), spacing: 0.5, dims: [9, 9, 9] };
        let mut open = cuboid([-1.0; 3], [1.0; 3]);
        let facing_x = |c: &Corners| c.iter().all(|p| p.x == 1.0);
        open.retain(|c| !facing_x(c));
        assert!(nodes.inside(&[open]).iter().all(|inside| !inside));
    }
}
