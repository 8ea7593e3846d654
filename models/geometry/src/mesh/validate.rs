//! What can be wrong with a mesh.
//!
//! One visitor ([`visit_defects`]) finds every defect with its index, so that a surgeon or engineer sees the whole
//! list; [`first_defect`] and [`defects`] are the two usual ways to call it.

use super::Mesh;
use crate::frame::Frame;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// One thing that is wrong with a mesh. Indices count from zero.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Defect {
    /// There is nothing to work on.
    #[error("the mesh has no triangles")]
    Empty,
    /// A coordinate is infinite or not a number.
    #[error("vertex {vertex} has a coordinate that is not finite")]
    NotFinite {
        /// Vertex index.
        vertex: usize,
    },
    /// A triangle names a vertex that does not exist.
    #[error("triangle {triangle} uses vertex {index}, but there are only {vertices} vertices")]
    IndexOutOfRange {
        /// Triangle index.
        triangle: usize,
        /// The vertex index it holds.
        index: u32,
        /// How many vertices there are.
        vertices: usize,
    },
    /// A triangle has no area: a repeated vertex, or three corners in a line.
    #[error("triangle {triangle} has no area")]
    Degenerate {
        /// Triangle index.
        triangle: usize,
    },
    /// Two vertices are in exactly the same place.
    #[error("vertex {vertex} is in the same place as vertex {first}")]
    DuplicateVertex {
        /// The later vertex.
        vertex: usize,
        /// The earlier vertex.
        first: usize,
    },
    /// No triangle uses this vertex.
    #[error("vertex {vertex} belongs to no triangle")]
    UnusedVertex {
        /// Vertex index.
        vertex: usize,
    },
    /// Only one triangle lies at this edge: there is a hole.
    #[error("triangle {triangle} has an open edge between vertices {} and {}", .edge[0], .edge[1])]
    OpenEdge {
        /// The triangle at the edge.
        triangle: usize,
        /// The edge's vertices.
        edge: [u32; 2],
    },
    /// More than two triangles meet at this edge.
    #[error("{triangles} triangles meet at the edge between vertices {} and {}", .edge[0], .edge[1])]
    NonManifoldEdge {
        /// The edge's vertices.
        edge: [u32; 2],
        /// How many triangles meet there.
        triangles: usize,
    },
    /// Two neighbours run around their common edge the same way, so one of them faces inwards.
    #[error("triangles {} and {} have opposite orientations", .triangles[0], .triangles[1])]
    InconsistentOrientation {
        /// The two neighbours.
        triangles: [usize; 2],
    },
    /// The mesh is closed and consistent but its normals point inwards.
    #[error("the mesh is inside out: it encloses {volume:.3} mm³")]
    InsideOut {
        /// Signed volume in mm³.
        volume: f64,
    },
}

/// Calls `visit` with every defect, in this order: no triangle; non-finite vertices; indices out of range;
/// degenerate triangles; duplicate and unused vertices; edges (open, non-manifold, inconsistent); inside out.
/// Returning [`ControlFlow::Break`] ends the search.
///
/// A later check is skipped where an earlier defect leaves it without meaning: edges of triangles with an index
/// out of range are not looked at, and only a watertight, consistently oriented mesh can be inside out.
pub fn visit_defects<F: Frame>(
    mesh: &Mesh<F>,
    mut visit: impl FnMut(Defect) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let count = mesh.vertices.len();
    visit_unusable(mesh, &mut visit)?;

    let usable = |triangle: &[u32; 3]| triangle.iter().all(|&v| (v as usize) < count);
    let mut used = vec![false; count];
    for (t, triangle) in mesh.triangles.iter().enumerate().filter(|(_, triangle)| usable(triangle)) {
        for &v in triangle {
            used[v as usize] = true;
        }
        if is_degenerate(mesh, t) {
            visit(Defect::Degenerate { triangle: t })?;
        }
    }

    let mut seen: HashMap<[u64; 3], usize> = HashMap::with_capacity(count);
    for (vertex, point) in mesh.vertices.iter().enumerate() {
        // Adding zero makes one of the two zeros.
        let key = [point.x(), point.y(), point.z()].map(|c| (c + 0.0).to_bits());
        let first = *seen.entry(key).or_insert(vertex);
        if first != vertex {
            visit(Defect::DuplicateVertex { vertex, first })?;
        }
        if !used[vertex] {
            visit(Defect::UnusedVertex { vertex })?;
        }
    }

    if visit_edges(mesh, usable, &mut visit)? {
        let volume = mesh.signed_volume();
        if volume < 0.0 {
            visit(Defect::InsideOut { volume })?;
        }
    }
    ControlFlow::Continue(())
}

/// Defects that make any calculation on the mesh meaningless or impossible.
fn visit_unusable<F: Frame>(
    mesh: &Mesh<F>,
    visit: &mut impl FnMut(Defect) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if mesh.triangles.is_empty() {
        visit(Defect::Empty)?;
    }
    for (vertex, point) in mesh.vertices.iter().enumerate() {
        if !point.is_finite() {
            visit(Defect::NotFinite { vertex })?;
        }
    }
    let vertices = mesh.vertices.len();
    for (triangle, indices) in mesh.triangles.iter().enumerate() {
        if let Some(&index) = indices.iter().find(|&&v| v as usize >= vertices) {
            visit(Defect::IndexOutOfRange { triangle, index, vertices })?;
        }
    }
    ControlFlow::Continue(())
}

/// Whether the corners lie on a line to within the rounding of their coordinates.
fn is_degenerate<F: Frame>(mesh: &Mesh<F>, triangle: usize) -> bool {
    let [a, b, c] = mesh.corners(triangle);
    let (ab, ac, bc) = (b - a, c - a, c - b);
    let longest = ab.norm().max(ac.norm()).max(bc.norm());
    // Rounding moves a corner by about one unit in the last place of its largest coordinate.
    let magnitude = [a, b, c].iter().map(|p| p.coords().coords.amax()).fold(0.0, f64::max);
    let height = ab.cross(ac).norm() / longest;
    // Not a number: all corners are in one place.
    height.is_nan() || height <= 4.0 * f64::EPSILON * magnitude
}

/// Visits edge defects; the value says whether there was none.
fn visit_edges<F: Frame>(
    mesh: &Mesh<F>,
    usable: impl Fn(&[u32; 3]) -> bool,
    visit: &mut impl FnMut(Defect) -> ControlFlow<()>,
) -> ControlFlow<(), bool> {
    // (smaller vertex, larger vertex, triangle, runs from smaller to larger), sorted so that one edge's entries
    // are together: quicker than hashing and the same order every time.
    let mut edges: Vec<(u32, u32, u32, bool)> = Vec::with_capacity(3 * mesh.triangles.len());
    let mut sound = !mesh.triangles.is_empty();
    for (t, triangle) in mesh.triangles.iter().enumerate() {
        if !usable(triangle) {
            sound = false;
            continue;
        }
        for i in 0..3 {
            let (a, b) = (triangle[i], triangle[(i + 1) % 3]);
            if a != b {
                edges.push((a.min(b), a.max(b), t as u32, a < b));
            }
        }
    }
    edges.sort_unstable();
    for group in edges.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let edge = [group[0].0, group[0].1];
        let defect = match group {
            [one] => Defect::OpenEdge { triangle: one.2 as usize, edge },
            [a, b] if a.3 == b.3 => {
                Defect::InconsistentOrientation { triangles: [a.2 as usize, b.2 as usize] }
            }
            [_, _] => continue,
            _ => Defect::NonManifoldEdge { edge, triangles: group.len() },
        };
        sound = false;
        visit(defect)?;
    }
    ControlFlow::Continue(sound)
}

/// The first defect in the order of [`visit_defects`].
pub fn first_defect<F: Frame>(mesh: &Mesh<F>) -> Option<Defect> {
    let mut first = None;
    let _ = visit_defects(mesh, |defect| {
        first = Some(defect);
        ControlFlow::Break(())
    });
    first
}

/// All defects.
pub fn defects<F: Frame>(mesh: &Mesh<F>) -> Vec<Defect> {
    let mut all = Vec::new();
    let _ = visit_defects(mesh, |defect| {
        all.push(defect);
        ControlFlow::Continue(())
    });
    all
}

/// Whether every edge joins exactly two triangles that agree in orientation, so that the mesh has an inside.
pub fn is_watertight<F: Frame>(mesh: &Mesh<F>) -> bool {
    let count = mesh.vertices.len();
    let usable = |triangle: &[u32; 3]| triangle.iter().all(|&v| (v as usize) < count);
    visit_edges(mesh, usable, &mut |_| ControlFlow::Break(())) == ControlFlow::Continue(true)
}

/// Checks that queries can run on a mesh: it has triangles, finite vertices and indices in range.
pub fn check_usable<F: Frame>(mesh: &Mesh<F>) -> Result<(), Defect> {
    let mut first = Ok(());
    let _ = visit_unusable(mesh, &mut |defect| {
        first = Err(defect);
        ControlFlow::Break(())
    });
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::tests::{cube, sphere};
    use crate::spatial::Point;

    #[test]
    fn sound_meshes_have_no_defect() {
        assert_eq!(defects(&cube(2.0)), []);
        assert!(is_watertight(&cube(2.0)));
        let mut open = cube(2.0);
        open.triangles.pop();
        assert!(!is_watertight(&open));
        assert_eq!(defects(&sphere(20.0, 30)), []);
    }

    #[test]
    fn each_defect_is_found_with_its_index() {
        let mut mesh = cube(2.0);
        mesh.vertices[3] = Point::new(f64::NAN, 0.0, 0.0);
        assert_eq!(first_defect(&mesh), Some(Defect::NotFinite { vertex: 3 }));

        let mut mesh = cube(2.0);
        mesh.triangles[5][1] = 77;
        let found = defects(&mesh);
        assert_eq!(found[0], Defect::IndexOutOfRange { triangle: 5, index: 77, vertices: 8 });
        assert_eq!(found.iter().filter(|d| matches!(d, Defect::OpenEdge { .. })).count(), 3);
        assert_eq!(check_usable(&mesh), Err(found[0]));

        let mut mesh = cube(2.0);
        let removed = mesh.triangles.pop().unwrap();
        assert_eq!(defects(&mesh).len(), 3);
        mesh.triangles.push([removed[0], removed[2], removed[1]]);
        assert_eq!(defects(&mesh).len(), 3);
        assert!(defects(&mesh).iter().all(|d| matches!(d, Defect::InconsistentOrientation { .. })));

        let mut mesh = cube(2.0);
        for triangle in &mut mesh.triangles {
            triangle.swap(0, 1);
        }
        assert!(matches!(defects(&mesh)[..], [Defect::InsideOut { volume }] if (volume + 8.0).abs() < 1e-9));

        let mut mesh = cube(2.0);
        mesh.triangles.push(mesh.triangles[0]);
        assert_eq!(defects(&mesh).len(), 3);
        assert!(defects(&mesh).iter().all(|d| matches!(d, Defect::NonManifoldEdge { triangles: 3, .. })));

        let mut mesh = cube(2.0);
        mesh.vertices.push(mesh.vertices[2]);
        assert_eq!(
            defects(&mesh),
            [Defect::DuplicateVertex { vertex: 8, first: 2 }, Defect::UnusedVertex { vertex: 8 }]
        );

        let mut mesh = cube(2.0);
        mesh.triangles.push([0, 0, 1]);
        assert!(defects(&mesh).contains(&Defect::Degenerate { triangle: 12 }));

        assert_eq!(first_defect(&Mesh::<crate::frame::Pelvis>::default()), Some(Defect::Empty));
    }

    #[test]
    fn a_needle_of_rounding_width_is_degenerate_and_a_thin_triangle_is_not() {
        let triangle = |height: f64| Mesh {
            vertices: vec![
                Point::<crate::frame::Pelvis>::new(500.0, 0.0, 0.0),
                Point::new(600.0, 0.0, 0.0),
                Point::new(550.0, height, 0.0),
            ],
            triangles: vec![[0, 1, 2]],
        };
        assert!(is_degenerate(&triangle(1e-14), 0));
        assert!(!is_degenerate(&triangle(1e-6), 0));
    }
}
