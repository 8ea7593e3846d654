//! Plane sections.

use super::Mesh;
use super::query::MeshQuery;
use crate::frame::Frame;
use crate::spatial::{Point, Vector};
use std::collections::HashMap;

/// Cuts a mesh with the plane through `point` with normal `normal` and chains the cuts into polylines.
///
/// A closed polyline ends with its first point, bit for bit; any other is open, because the mesh has an edge
/// there. On an outward-oriented mesh a polyline runs counter-clockwise around the solid, seen from the side the
/// normal points to. A vertex in the plane counts as above it, so that faces in the plane need no special case
/// and a section through a watertight mesh is always closed. The normal need not have unit length; a zero or
/// non-finite one gives no polyline, as do triangles with an index out of range or a non-finite corner.
pub fn plane_section<F: Frame>(mesh: &Mesh<F>, point: Point<F>, normal: Vector<F>) -> Vec<Vec<Point<F>>> {
    section_of(mesh, 0..mesh.triangles.len(), point, normal)
}

/// As [`plane_section`], of a mesh prepared for queries, which passes over what is far from the plane: for many sections of
/// one mesh. `query` must have been made of `mesh`.
pub fn plane_section_by<F: Frame>(
    mesh: &Mesh<F>,
    query: &MeshQuery<F>,
    point: Point<F>,
    normal: Vector<F>,
) -> Vec<Vec<Point<F>>> {
    // In the order of the mesh, so that polylines begin where those of the whole mesh do.
    let mut near = query.near_plane(point, normal);
    near.sort_unstable();
    section_of(mesh, near, point, normal)
}

fn section_of<F: Frame>(
    mesh: &Mesh<F>,
    triangles: impl IntoIterator<Item = usize>,
    point: Point<F>,
    normal: Vector<F>,
) -> Vec<Vec<Point<F>>> {
    let Some(normal) = normal.normalised() else { return Vec::new() };
    let height = |v: u32| mesh.vertices.get(v as usize).map(|&v| (v - point).dot(normal));
    let triangles = triangles.into_iter().filter_map(|t| mesh.triangles.get(t));
    let segments: Vec<[Edge; 2]> = triangles.filter_map(|&triangle| cut_triangle(triangle, height)).collect();
    let place = |edge: Edge| {
        // Both triangles at an edge see it in the same order, so they get the same point.
        let (a, b) = (mesh.vertices[edge.0 as usize], mesh.vertices[edge.1 as usize]);
        let (below, above) = ((a - point).dot(normal), (b - point).dot(normal));
        a + (b - a) * (below / (below - above))
    };
    chain(&segments).into_iter().map(|edges| edges.into_iter().map(place).collect()).collect()
}

/// A mesh edge, smaller vertex index first.
type Edge = (u32, u32);

/// The cut through one triangle as the edges it enters and leaves by.
fn cut_triangle(triangle: [u32; 3], height: impl Fn(u32) -> Option<f64>) -> Option<[Edge; 2]> {
    let mut above = [false; 3];
    for (side, &v) in above.iter_mut().zip(&triangle) {
        let height = height(v)?;
        if !height.is_finite() {
            return None;
        }
        *side = height >= 0.0;
    }
    let (mut enters, mut leaves) = (None, None);
    for i in 0..3 {
        let j = (i + 1) % 3;
        let edge = (triangle[i].min(triangle[j]), triangle[i].max(triangle[j]));
        match (above[i], above[j]) {
            (false, true) => leaves = Some(edge),
            (true, false) => enters = Some(edge),
            _ => {}
        }
    }
    Some([enters?, leaves?])
}

/// Chains segments that share an edge; walks each open chain from its start, then what is left as loops.
fn chain(segments: &[[Edge; 2]]) -> Vec<Vec<Edge>> {
    // Segment ends by edge: up to two in a manifold mesh, more where sheets meet.
    let mut ends: HashMap<Edge, Vec<usize>> = HashMap::with_capacity(segments.len());
    for (index, segment) in segments.iter().enumerate() {
        for &edge in segment {
            ends.entry(edge).or_default().push(index);
        }
    }
    let mut used = vec![false; segments.len()];
    let walk = |first: usize, used: &mut Vec<bool>, start: Edge| {
        let mut edges = vec![start];
        let (mut segment, mut from) = (first, start);
        loop {
            used[segment] = true;
            let to = if segments[segment][0] == from { segments[segment][1] } else { segments[segment][0] };
            edges.push(to);
            if to == start {
                break;
            }
            let candidates = &ends[&to];
            // At a non-manifold edge, prefer the segment that goes on in the same direction.
            let next = candidates
                .iter()
                .find(|&&s| !used[s] && segments[s][0] == to)
                .or_else(|| candidates.iter().find(|&&s| !used[s]));
            match next {
                Some(&s) => (segment, from) = (s, to),
                None => break,
            }
        }
        edges
    };

    let mut chains = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        for &start in segment {
            if !used[index] && ends[&start].len() == 1 {
                chains.push(walk(index, &mut used, start));
            }
        }
    }
    for index in 0..segments.len() {
        if !used[index] {
            chains.push(walk(index, &mut used, segments[index][0]));
        }
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::tests::{cube, joined, sphere};

    fn length<F: Frame>(polyline: &[Point<F>]) -> f64 {
        polyline.windows(2).map(|w| w[0].distance(w[1])).sum()
    }

    #[test]
    fn a_cube_is_cut_into_a_closed_square_wherever_the_plane_lies() {
        // z = -1 touches the bottom face only: the section just below is empty, and so is this one.
        for (z, loops) in [(0.0, 1), (0.999, 1), (1.0, 1), (1.001, 0), (-1.0, 0), (-0.999, 1)] {
            let polylines = plane_section(&cube(2.0), Point::new(0.0, 0.0, z), Vector::new(0.0, 0.0, 2.0));
            assert_eq!(polylines.len(), loops, "z = {z}");
            for p in &polylines {
                assert_eq!(p.first(), p.last());
                assert!((length(p) - 8.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn polylines_run_counter_clockwise_around_the_solid() {
        let sphere = sphere(10.0, 40);
        let polylines = plane_section(&sphere, Point::new(0.0, 0.0, 3.0), Vector::new(0.0, 0.0, 1.0));
        assert_eq!(polylines.len(), 1);
        let area: f64 =
            polylines[0].windows(2).map(|w| (w[0].x() * w[1].y() - w[1].x() * w[0].y()) / 2.0).sum();
        let exact = std::f64::consts::PI * 91.0;
        assert!(area > 0.98 * exact && area < exact, "{area} against {exact}");
    }

    #[test]
    fn an_open_mesh_gives_an_open_polyline_in_one_piece() {
        let mut open = cube(2.0);
        // Two triangles make a side; without it the cut has three sides left.
        let side = |t: &[u32; 3]| t.iter().all(|&v| open.vertices[v as usize].x() > 0.0);
        let kept: Vec<_> = open.triangles.iter().copied().filter(|t| !side(t)).collect();
        open.triangles = kept;
        let polylines = plane_section(&open, Point::origin(), Vector::new(0.0, 0.0, 1.0));
        assert_eq!(polylines.len(), 1);
        assert_ne!(polylines[0].first(), polylines[0].last());
        assert!((length(&polylines[0]) - 6.0).abs() < 1e-12);
    }

    #[test]
    fn a_section_by_the_tree_is_that_of_the_whole_mesh_bit_for_bit() {
        let both = joined(&sphere(10.0, 40), &sphere(7.0, 30), Vector::new(12.0, 3.0, 1.0));
        let query = MeshQuery::new(&both).unwrap();
        for (height, normal) in [
            (0.0, Vector::new(0.0, 0.0, 1.0)),
            (2.5, Vector::new(0.3, -0.5, 0.8)),
            (40.0, Vector::new(1.0, 1.0, 1.0)),
        ] {
            let point = Point::new(1.0, 2.0, height);
            assert_eq!(plane_section_by(&both, &query, point, normal), plane_section(&both, point, normal));
        }
    }

    #[test]
    fn two_solids_give_two_loops_and_no_normal_gives_none() {
        let both = joined(&cube(1.0), &cube(2.0), Vector::new(5.0, 0.0, 0.0));
        assert_eq!(plane_section(&both, Point::origin(), Vector::new(0.0, 0.0, 1.0)).len(), 2);
        assert!(plane_section(&both, Point::origin(), Vector::new(0.0, 0.0, 0.0)).is_empty());
    }
}
