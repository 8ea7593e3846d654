//! Splitting a set of voxels in two along its darkest, smallest section.

use super::field::{Field, Lattice, OUTSIDE};
use super::maxflow::Graph;
use nalgebra::Vector3;

/// Capacity between two voxels of solid bone.
pub(super) const SOLID: i32 = 1000;
/// Capacity of a seed: more than any section.
const SEED: i32 = i32::MAX / 4;

/// To which part a voxel belongs for certain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Seed {
    First,
    Second,
    Open,
    /// Open, but what it costs to take it away from the first part (positive) or the second (negative).
    Lean(i32),
}

/// Splits `nodes` (ascending indices) by the minimum cut between its seeds; true where a voxel belongs to the first
/// part. `strength` says how hard it is to cut at a voxel, up to [`SOLID`].
pub(super) fn split(
    lattice: &Lattice,
    nodes: &[u32],
    strength: impl Fn(usize) -> i32,
    seed: impl Fn(usize) -> Seed,
) -> Vec<bool> {
    let mut graph = Graph::new(nodes.len());
    let strengths: Vec<i32> = nodes.iter().map(|&n| strength(n as usize)).collect();
    let [nx, ny, _] = lattice.dims;
    for (a, &n) in nodes.iter().enumerate() {
        match seed(n as usize) {
            Seed::First => graph.add_terminal(a, SEED, 0),
            Seed::Second => graph.add_terminal(a, 0, SEED),
            Seed::Open => {}
            Seed::Lean(cost) => graph.add_terminal(a, cost.max(0), (-cost).max(0)),
        }
        let cell = lattice.cell(n as usize);
        for (axis, stride) in [1, nx, nx * ny].into_iter().enumerate() {
            if cell[axis] + 1 < lattice.dims[axis]
                && let Ok(b) = nodes.binary_search(&(n + stride as u32))
            {
                graph.add_edge(a, b, (strengths[a] + strengths[b]) / 2 + 1);
            }
        }
    }
    graph.solve();
    (0..nodes.len()).map(|a| graph.is_source(a)).collect()
}

/// How much darker a voxel is than what lies on both sides of it within `reach_mm`, over the directions given, in
/// Hounsfield units; 0 where it is no valley.
pub(super) fn valley(field: &Field<i16>, index: usize, directions: &[Vector3<f64>], reach_mm: f64) -> f64 {
    let here = f64::from(field.data[index]);
    let highest = |u| beside(field, index, u, reach_mm).max().map_or(f64::NEG_INFINITY, f64::from);
    directions.iter().map(|&u| highest(u).min(highest(-u)) - here).fold(0.0, f64::max)
}

/// How much brighter a voxel is than what lies on both sides of it, over the ways given, each as long as is looked along it in mm; in
/// Hounsfield units, 0 where it is no ridge.
pub(super) fn ridge(field: &Field<i16>, index: usize, ways: &[Vector3<f64>]) -> f64 {
    let here = f64::from(field.data[index]);
    let lowest = |way: Vector3<f64>| {
        let seen = beside(field, index, way.normalize(), way.norm()).filter(|value| *value != OUTSIDE);
        seen.min().map_or(f64::INFINITY, f64::from)
    };
    ways.iter().map(|&way| here - lowest(way).max(lowest(-way))).fold(0.0, f64::max)
}

/// The CT numbers in a direction from a voxel, as far as `reach_mm`.
fn beside(
    field: &Field<i16>,
    index: usize,
    direction: Vector3<f64>,
    reach_mm: f64,
) -> impl Iterator<Item = i16> + use<'_> {
    let at = field.lattice.place(index);
    let steps = (reach_mm / field.lattice.step).ceil().max(1.0) as usize;
    (1..=steps).filter_map(move |n| field.at(at + direction * (reach_mm * n as f64 / steps as f64)))
}

/// Strength of a voxel in a valley of a depth.
pub(super) fn strength(depth_hu: f64, scale_hu: f64) -> i32 {
    (f64::from(SOLID) * (-depth_hu / scale_hu).exp()).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Point3;

    #[test]
    fn two_blocks_part_where_the_valley_is_and_leans_count_where_there_is_none() {
        let lattice = Lattice { dims: [30, 8, 8], origin: Point3::origin(), step: 1.0 };
        let nodes: Vec<u32> = (0..lattice.len() as u32).collect();
        let seed = |n: usize| match lattice.cell(n)[0] {
            0..4 => Seed::First,
            26.. => Seed::Second,
            _ => Seed::Open,
        };
        // A slit of 300 HU between 800 HU, off the middle.
        let valley_at = |x: usize| {
            let data = (0..lattice.len()).map(|n| if lattice.cell(n)[0] == x { 300 } else { 800 }).collect();
            let field: Field<i16> = Field { lattice, data };
            let depth = |n: usize| valley(&field, n, &[Vector3::x()], 3.0);
            split(&lattice, &nodes, |n| strength(depth(n), 40.0), seed)
        };
        for x in [7, 15, 22] {
            let first = valley_at(x);
            for (n, &first) in first.iter().enumerate() {
                let at = lattice.cell(n)[0];
                assert!(at == x || first == (at < x), "valley at {x}, voxel at {at}");
            }
        }
        let leaning = |n: usize| match seed(n) {
            Seed::Open => Seed::Lean(if lattice.cell(n)[0] < 12 { 50 } else { -50 }),
            sure => sure,
        };
        let first = split(&lattice, &nodes, |_| SOLID, leaning);
        assert!(first.iter().enumerate().all(|(n, &first)| first == (lattice.cell(n)[0] < 12)));
    }
}
