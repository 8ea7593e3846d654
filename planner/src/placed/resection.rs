//! Resection of the femoral neck as in theatre: a sloping cut through the neck and an upright one along its lateral base,
//! so that the greater trochanter stays.
//!
//! Only the piece that holds the head is removed, and what is left is closed.

use super::components::Components;
use coxa_geometry::frame::{Frame, Stem};
use coxa_geometry::{Mesh, Point, Transform, Vector};
use spade::handles::{FixedVertexHandle, VertexHandle};
use spade::{ConstrainedDelaunayTriangulation, Point2, Triangulation};
use std::collections::{HashMap, HashSet};

/// Vertices this close to the plane are moved onto its head side, so that no cut is thinner than rounding.
const SNAP_MM: f64 = 1e-4;

/// The two cuts of a neck resection, at less than a right angle to each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Osteotomy<F: Frame> {
    /// A point on the cut through the neck.
    pub(crate) origin: Point<F>,
    /// Normal of that cut, towards the head.
    pub(crate) normal: Vector<F>,
    /// A point on the upright cut.
    pub(crate) shoulder: Point<F>,
    /// Normal of the upright cut, towards the head.
    pub(crate) medial: Vector<F>,
}

/// How far lateral of the stem's shoulder the upright cut of the neck resection stands.
const SHOULDER_MM: f64 = 2.0;

impl<F: Frame> Osteotomy<F> {
    /// That which a stem in its place asks for.
    pub(crate) fn of(components: &Components, stem_frame: &Transform<Stem, F>) -> Self {
        let shoulder = Point::new(-components.size.lateral_mm - SHOULDER_MM, 0.0, 0.0);
        Osteotomy {
            origin: stem_frame.apply(Point::origin()),
            normal: stem_frame.apply(components.stem.resection_normal()),
            shoulder: stem_frame.apply(shoulder),
            medial: stem_frame.apply(Vector::new(1.0, 0.0, 0.0)),
        }
    }
}

/// Removes the piece of a mesh that lies beyond both cuts (on the side of their normals) and holds the vertex nearest to
/// `head`, and closes what is left. A mesh that the cuts do not meet there is returned as it is. A watertight mesh
/// stays watertight.
pub(crate) fn resected<F: Frame>(mesh: &Mesh<F>, osteotomy: &Osteotomy<F>, head: Point<F>) -> Mesh<F> {
    let Osteotomy { origin, shoulder, .. } = *osteotomy;
    let (Some(normal), Some(medial)) = (osteotomy.normal.normalised(), osteotomy.medial.normalised()) else {
        return mesh.clone();
    };
    // Seen along the bisector both faces of the cut lie side by side, so one triangulation closes them.
    let Some(bisector) = (normal + medial).normalised() else { return mesh.clone() };
    let upright = split(mesh, shoulder, medial);
    let triangles = upright.triangles.into_iter().chain(upright.beyond).collect();
    let mut cut = split(&Mesh { vertices: upright.vertices, triangles }, origin, normal);
    let (beyond, lateral) = cut.beyond.iter().partition(|triangle| {
        triangle.iter().map(|&v| (cut.vertices[v as usize] - shoulder).dot(medial)).sum::<f64>() > 0.0
    });
    cut.beyond = beyond;
    cut.triangles.extend::<Vec<_>>(lateral);
    let removed = piece_with(&cut, head);
    if removed.is_empty() {
        return mesh.clone();
    }
    cut.triangles
        .extend(cut.beyond.iter().enumerate().filter(|(i, _)| !removed.contains(i)).map(|(_, &t)| t));
    let taken: Vec<[u32; 3]> = removed.iter().map(|&i| cut.beyond[i]).collect();
    let loops = rim(&taken, &cut.triangles);
    let on_both = |v: u32| {
        let place = cut.vertices[v as usize];
        [(place - origin).dot(normal), (place - shoulder).dot(medial)].iter().all(|h| h.abs() < 3.0 * SNAP_MM)
    };
    let along = normal.cross(medial);
    let mut crease: Vec<u32> = loops.iter().flatten().copied().filter(|&v| on_both(v)).collect();
    let position = |v: &u32| (cut.vertices[*v as usize] - origin).dot(along);
    crease.sort_by(|a, b| position(a).total_cmp(&position(b)));
    let cap = triangulate(&cut.vertices, &loops, &crease, bisector);
    cut.triangles.extend(cap);
    without_unused_vertices(Mesh { vertices: cut.vertices, triangles: cut.triangles })
}

/// A mesh split along a plane.
struct Split<F: Frame> {
    vertices: Vec<Point<F>>,
    /// Triangles on the near side.
    triangles: Vec<[u32; 3]>,
    /// Triangles on the side of the normal.
    beyond: Vec<[u32; 3]>,
}

fn split<F: Frame>(mesh: &Mesh<F>, plane: Point<F>, normal: Vector<F>) -> Split<F> {
    let mut vertices = mesh.vertices.clone();
    let heights: Vec<f64> = vertices
        .iter_mut()
        .map(|v| {
            let height = (*v - plane).dot(normal);
            if height.abs() >= SNAP_MM {
                return height;
            }
            *v = *v + normal * (SNAP_MM - height);
            SNAP_MM
        })
        .collect();
    let mut crossings: HashMap<(u32, u32), u32> = HashMap::new();
    let (mut triangles, mut beyond) = (Vec::with_capacity(mesh.triangles.len()), Vec::new());
    for &triangle in &mesh.triangles {
        let above = triangle.map(|v| heights[v as usize] > 0.0);
        match above.iter().filter(|a| **a).count() {
            0 => triangles.push(triangle),
            3 => beyond.push(triangle),
            count => {
                // Turn the triangle so that the corner alone on its side comes first.
                let lone = (0..3).find(|&i| above[i] == (count == 1)).unwrap_or(0);
                let [a, b, c] = [triangle[lone], triangle[(lone + 1) % 3], triangle[(lone + 2) % 3]];
                let mut crossing = |p: u32, q: u32| {
                    let key = (p.min(q), p.max(q));
                    *crossings.entry(key).or_insert_with(|| {
                        let (low, high) = (heights[key.0 as usize], heights[key.1 as usize]);
                        let (from, to) = (vertices[key.0 as usize], vertices[key.1 as usize]);
                        vertices.push(from + (to - from) * (low / (low - high)));
                        vertices.len() as u32 - 1
                    })
                };
                let (ab, ca) = (crossing(a, b), crossing(c, a));
                let (lone_side, pair_side) =
                    if count == 1 { (&mut beyond, &mut triangles) } else { (&mut triangles, &mut beyond) };
                lone_side.push([a, ab, ca]);
                pair_side.extend([[ab, b, c], [ab, c, ca]]);
            }
        }
    }
    Split { vertices, triangles, beyond }
}

/// Indices into `beyond` of the triangles connected to the vertex nearest to `head`.
fn piece_with<F: Frame>(cut: &Split<F>, head: Point<F>) -> HashSet<usize> {
    let nearest = cut.beyond.iter().flatten().copied().min_by(|&a, &b| {
        cut.vertices[a as usize].distance(head).total_cmp(&cut.vertices[b as usize].distance(head))
    });
    let Some(nearest) = nearest else { return HashSet::new() };
    let mut at_vertex: HashMap<u32, Vec<usize>> = HashMap::new();
    for (i, triangle) in cut.beyond.iter().enumerate() {
        for &v in triangle {
            at_vertex.entry(v).or_default().push(i);
        }
    }
    let mut piece = HashSet::new();
    let mut open = vec![nearest];
    let mut seen: HashSet<u32> = HashSet::from([nearest]);
    while let Some(v) = open.pop() {
        for &i in at_vertex.get(&v).map_or(&[][..], Vec::as_slice) {
            if piece.insert(i) {
                open.extend(cut.beyond[i].iter().copied().filter(|&w| seen.insert(w)));
            }
        }
    }
    piece
}

/// Closed chains of the edges that removed and kept triangles share, in the direction a cap must run.
fn rim(taken: &[[u32; 3]], kept: &[[u32; 3]]) -> Vec<Vec<u32>> {
    let edges = |t: &[u32; 3]| [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])];
    let removed: HashSet<(u32, u32)> = taken.iter().flat_map(edges).collect();
    // A kept triangle runs along the edge against the removed one, and the cap runs as the removed one did.
    let mut rim: Vec<(u32, u32)> =
        kept.iter().flat_map(edges).map(|(a, b)| (b, a)).filter(|e| removed.contains(e)).collect();
    rim.sort_unstable();
    let mut next: HashMap<u32, Vec<u32>> = HashMap::new();
    for &(a, b) in rim.iter().rev() {
        next.entry(a).or_default().push(b);
    }
    let mut loops = Vec::new();
    for &(start, _) in &rim {
        let mut chain = Vec::new();
        let mut at = start;
        while let Some(to) = next.get_mut(&at).and_then(Vec::pop) {
            chain.push(at);
            at = to;
            if at == start {
                break;
            }
        }
        if chain.len() >= 3 && at == start {
            loops.push(chain);
        }
    }
    loops
}

/// Triangles that close loops which do not cross each other seen along `normal`, holes respected, every loop vertex kept.
/// `crease` holds the loop vertices on the edge between the two faces of the cut, in order along it: the edge runs into
/// the bone at one and out of it at the next.
fn triangulate<F: Frame>(
    vertices: &[Point<F>],
    loops: &[Vec<u32>],
    crease: &[u32],
    normal: Vector<F>,
) -> Vec<[u32; 3]> {
    constrained(vertices, loops, crease, normal).unwrap_or_else(|| fans(loops))
}

fn constrained<F: Frame>(
    vertices: &[Point<F>],
    loops: &[Vec<u32>],
    crease: &[u32],
    normal: Vector<F>,
) -> Option<Vec<[u32; 3]>> {
    let any = if normal.x().abs() < 0.8 { Vector::new(1.0, 0.0, 0.0) } else { Vector::new(0.0, 1.0, 0.0) };
    let u = (any - normal * any.dot(normal)).normalised()?;
    let v = normal.cross(u);
    let origin = vertices[*loops.first()?.first()? as usize];
    let flat = |i: u32| {
        let d = vertices[i as usize] - origin;
        (d.dot(u), d.dot(v))
    };

    let mut triangulation = ConstrainedDelaunayTriangulation::<Point2<f64>>::new();
    let mut mesh_vertex = HashMap::new();
    for ring in loops {
        let mut handles = Vec::with_capacity(ring.len());
        for &i in ring {
            let (x, y) = flat(i);
            let handle = triangulation.insert(Point2::new(x, y)).ok()?;
            // Two rim vertices in one place cannot both be corners of the triangulation.
            if mesh_vertex.insert(handle, i).is_some_and(|other| other != i) {
                return None;
            }
            handles.push(handle);
        }
        for (k, &from) in handles.iter().enumerate() {
            let to = handles[(k + 1) % handles.len()];
            if triangulation.try_add_constraint(from, to).is_empty()
                && !triangulation.exists_constraint(from, to)
            {
                return None;
            }
        }
    }
    // Vertices keep their handles when the crease is added; edges do not.
    let rim_edges: HashSet<[FixedVertexHandle; 2]> = triangulation
        .undirected_edges()
        .filter(|e| e.is_constraint_edge())
        .map(|e| ends(e.vertices()))
        .collect();
    let handle_of: HashMap<u32, _> = mesh_vertex.iter().map(|(&handle, &i)| (i, handle)).collect();
    for pair in crease.chunks_exact(2) {
        if let (Some(&from), Some(&to)) = (handle_of.get(&pair[0]), handle_of.get(&pair[1])) {
            triangulation.try_add_constraint(from, to);
        }
    }
    let inside = inside_faces(&triangulation, &rim_edges);
    let mut cap = Vec::new();
    for face in triangulation.inner_faces().filter(|face| inside.contains(&face.index())) {
        let [a, b, c] = face.vertices().map(|w| mesh_vertex.get(&w.fix()).copied());
        // Faces run counter-clockwise in (u, v), that is, seen from the side the normal points to: outwards.
        cap.push([a?, b?, c?]);
    }
    Some(cap)
}

/// The ends of an edge, smaller first.
fn ends<V, D, U, F>(vertices: [VertexHandle<'_, V, D, U, F>; 2]) -> [FixedVertexHandle; 2] {
    let [a, b] = vertices.map(|v| v.fix());
    if a.index() <= b.index() { [a, b] } else { [b, a] }
}

/// Faces within an odd number of rings, found by walking in from outside. Asking where a face's centre lies would go
/// wrong for the slivers between rim vertices on a line.
fn inside_faces(
    triangulation: &ConstrainedDelaunayTriangulation<Point2<f64>>,
    rim: &HashSet<[FixedVertexHandle; 2]>,
) -> HashSet<usize> {
    let mut seen = HashSet::new();
    let mut inside = HashSet::new();
    let mut open: Vec<_> =
        triangulation.directed_edges().filter(|e| e.is_outer_edge()).map(|e| (e, false)).collect();
    while let Some((edge, from_inside)) = open.pop() {
        let Some(face) = edge.rev().face().as_inner() else { continue };
        if !seen.insert(face.index()) {
            continue;
        }
        let now_inside = from_inside != rim.contains(&ends(edge.vertices()));
        if now_inside {
            inside.insert(face.index());
        }
        open.extend(face.adjacent_edges().map(|e| (e, now_inside)));
    }
    inside
}

/// Fans close any loop, if not prettily; for loops that touch themselves by rounding.
fn fans(loops: &[Vec<u32>]) -> Vec<[u32; 3]> {
    loops.iter().flat_map(|ring| (1..ring.len() - 1).map(move |k| [ring[0], ring[k], ring[k + 1]])).collect()
}

fn without_unused_vertices<F: Frame>(mesh: Mesh<F>) -> Mesh<F> {
    const UNUSED: u32 = u32::MAX;
    let mut new_index = vec![UNUSED; mesh.vertices.len()];
    let mut vertices = Vec::new();
    let triangles = mesh
        .triangles
        .iter()
        .map(|t| {
            t.map(|v| {
                let slot = &mut new_index[v as usize];
                if *slot == UNUSED {
                    *slot = vertices.len() as u32;
                    vertices.push(mesh.vertices[v as usize]);
                }
                *slot
            })
        })
        .collect();
    Mesh { vertices, triangles }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::{Catalogue, NeckOffset};
    use coxa_geometry::Angle;
    use coxa_geometry::frame::Stem;
    use coxa_geometry::mesh::validate::defects;

    /// A cut through the neck alone: the upright one passes far from the mesh.
    fn neck_cut<F: Frame>(origin: Point<F>, normal: Vector<F>) -> Osteotomy<F> {
        Osteotomy { origin, normal, shoulder: origin - normal * 1e4, medial: normal }
    }

    fn stem() -> Mesh<Stem> {
        let catalogue = Catalogue::builtin();
        let family = catalogue.stem("metaphyseal_filling").unwrap();
        let taper = catalogue.taper("12/14").unwrap();
        family.mesh(&family.sizes[4], Angle::from_degrees(135.0), NeckOffset::Standard, taper, 0.1)
    }

    #[test]
    fn a_cut_stays_watertight_and_the_two_parts_add_up() {
        let whole = stem();
        for (height, tilt) in [(-60.0, 0.0), (-30.0, 0.2), (0.0, 0.785), (3.0, 0.785), (10.0, 0.3)] {
            let normal = Vector::new(f64::sin(tilt), f64::cos(tilt), 0.0);
            let plane = Point::new(0.0, height, 0.0);
            let below = resected(&whole, &neck_cut(plane, normal), Point::new(30.0, 60.0, 0.0));
            let above = resected(&whole, &neck_cut(plane, -normal), Point::new(0.0, -200.0, 0.0));
            assert_eq!(defects(&below), [], "{height} {tilt}");
            assert_eq!(defects(&above), []);
            let sum = below.signed_volume() + above.signed_volume();
            assert!((sum / whole.signed_volume() - 1.0).abs() < 1e-5, "{height}: {sum}");
            assert!(below.vertices.iter().all(|v| (*v - plane).dot(normal) < 2.0 * SNAP_MM));
        }
    }

    #[test]
    fn only_the_piece_with_the_head_goes_and_holes_stay_open() {
        let catalogue = Catalogue::builtin();
        let cup = catalogue.cup("hemispherical").unwrap();
        // A shell, cut across its wall: the section is a ring.
        let shell = cup.shell_mesh(54.0, 0.0, 0.1);
        let ring = resected(
            &shell,
            &neck_cut(Point::new(0.0, 0.0, -8.0), Vector::new(0.0, 0.0, 1.0)),
            Point::origin(),
        );
        assert_eq!(defects(&ring), []);
        let cap = |r: f64| {
            let h: f64 = r - 8.0;
            std::f64::consts::PI * h * h * (3.0 * r - h) / 3.0
        };
        let exact = cap(27.0) - cap(23.5);
        assert!((ring.signed_volume() / exact - 1.0).abs() < 0.02, "{}", ring.signed_volume() / exact);

        // Cut through both walls of the bowl from the side: two pieces beyond, one goes.
        let tilted = Vector::new(1.0, 0.0, 0.0);
        let halved =
            resected(&shell, &neck_cut(Point::new(25.0, 0.0, 0.0), tilted), Point::new(27.0, 0.0, 0.0));
        assert_eq!(defects(&halved), []);
        let mut two = shell.clone();
        let shift = two.vertices.len() as u32;
        let other: Vec<_> = shell.vertices.iter().map(|v| *v + Vector::new(0.0, 100.0, 0.0)).collect();
        two.vertices.extend(other);
        two.triangles.extend(shell.triangles.iter().map(|t| t.map(|v| v + shift)));
        let one_left = resected(
            &two,
            &neck_cut(Point::new(0.0, 0.0, -100.0), Vector::new(0.0, 0.0, 1.0)),
            Point::new(0.0, 100.0, 0.0),
        );
        assert_eq!(defects(&one_left), []);
        assert!((one_left.signed_volume() / shell.signed_volume() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_upright_cut_spares_what_stands_lateral_of_it() {
        // A cube of 20 mm; the sloping cut takes its upper medial corner, the upright one limits that to x > 4.
        let corner =
            |i: usize| Point::new([-10.0, 10.0][i & 1], [-10.0, 10.0][i >> 1 & 1], [-10.0, 10.0][i >> 2]);
        let faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        let triangles = faces.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
        let cube: Mesh<Stem> = Mesh { vertices: (0..8).map(corner).collect(), triangles };
        let cut = Osteotomy {
            origin: Point::new(0.0, 2.0, 0.0),
            normal: Vector::new(0.0, 1.0, 0.0),
            shoulder: Point::new(4.0, 0.0, 0.0),
            medial: Vector::new(1.0, 0.0, 0.0),
        };
        let left = resected(&cube, &cut, Point::new(10.0, 10.0, 0.0));
        assert_eq!(defects(&left), []);
        let expected = 8000.0 - 6.0 * 8.0 * 20.0;
        assert!((left.signed_volume() - expected).abs() < 0.1, "{}", left.signed_volume());
    }

    #[test]
    fn what_both_cuts_take_and_what_they_leave_make_the_whole() {
        let whole = stem();
        let normal = Vector::new(0.6, 0.8, 0.0);
        let medial = Vector::new(1.0, 0.0, 0.0);
        for (height, x) in [(-20.0, 3.0), (-8.0, -4.0), (-30.0, 1.0)] {
            let (origin, shoulder) = (Point::new(0.0, height, 0.0), Point::new(x, 0.0, 0.0));
            let kept = resected(
                &whole,
                &Osteotomy { origin, normal, shoulder, medial },
                Point::new(40.0, 40.0, 0.0),
            );
            assert_eq!(defects(&kept), [], "{height} {x}");
            let above = resected(&whole, &neck_cut(origin, -normal), Point::new(0.0, -100.0, 0.0));
            let taken = resected(&above, &neck_cut(shoulder, -medial), Point::new(-100.0, 10.0, 0.0));
            let sum = kept.signed_volume() + taken.signed_volume();
            assert!((sum / whole.signed_volume() - 1.0).abs() < 1e-5, "{height} {x}: {sum}");
        }
    }

    #[test]
    fn a_plane_that_misses_changes_nothing() {
        let whole = stem();
        let normal = Vector::new(0.0, 1.0, 0.0);
        assert_eq!(resected(&whole, &neck_cut(Point::new(0.0, 500.0, 0.0), normal), Point::origin()), whole);
        assert_eq!(
            resected(&whole, &neck_cut(Point::origin(), Vector::new(0.0, 0.0, 0.0)), Point::origin()),
            whole
        );
    }
}
