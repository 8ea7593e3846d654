//! The 256 ways in which a surface can pass through a cell of eight voxels, worked out rather than listed.
//!
//! On every face of the cell the crossings are joined so that inside corners are cut off one by one. That depends
//! on the face alone, so neighbouring cells agree and the surface has no holes; where it is ambiguous, two insides
//! that touch at a face's diagonal only stay apart, which keeps bones apart across a narrow joint space.

use std::sync::LazyLock;

/// Corner `n` of a cell is at (n & 1, n >> 1 & 1, n >> 2) from its first voxel.
type Corner = usize;

/// The two corners of each edge: four along i, then four along j, then four along k.
pub(super) const EDGES: [[Corner; 2]; 12] =
    [[0, 1], [2, 3], [4, 5], [6, 7], [0, 2], [1, 3], [4, 6], [5, 7], [0, 4], [1, 5], [2, 6], [3, 7]];

/// The corners of each face, counter-clockwise seen from outside the cell.
const FACES: [[Corner; 4]; 6] =
    [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];

/// The triangles of one case.
#[derive(Clone, Copy, Default)]
pub(super) struct Case {
    count: u8,
    triangles: [[u8; 3]; 6],
}

impl Case {
    /// Edge numbers, three to a triangle, counter-clockwise seen from outside in a right-handed grid.
    pub(super) fn triangles(&self) -> &[[u8; 3]] {
        &self.triangles[..usize::from(self.count)]
    }

    /// Number of triangles.
    pub(super) fn count(&self) -> usize {
        usize::from(self.count)
    }
}

/// The cases by the corners that are inside, corner n being bit n.
pub(super) static CASES: LazyLock<[Case; 256]> =
    LazyLock::new(|| std::array::from_fn(|case| build(case as u8)));

fn build(case: u8) -> Case {
    let mut built = Case::default();
    for polygon in polygons(case) {
        for triangle in triangulate(&polygon) {
            built.triangles[usize::from(built.count)] = triangle;
            built.count += 1;
        }
    }
    built
}

/// The closed polygons of a case, as edge numbers.
fn polygons(case: u8) -> Vec<Vec<u8>> {
    let inside = |corner: Corner| case >> corner & 1 == 1;
    // next[e] is the edge that follows e around the surface. Walking counter-clockwise around a face, a segment
    // joins the place where an inside run begins to the place where it ends; the neighbouring face walks the common
    // edge the other way, so that every crossed edge is entered once and left once.
    let mut next = [None; 12];
    for face in FACES {
        for n in 0..4 {
            let (before, first) = (face[n], face[(n + 1) % 4]);
            if inside(before) || !inside(first) {
                continue;
            }
            let mut last = n + 1;
            while inside(face[(last + 1) % 4]) {
                last += 1;
            }
            let begin = edge(before, first);
            next[begin] = Some(edge(face[last % 4], face[(last + 1) % 4]));
        }
    }
    let mut polygons = Vec::new();
    for start in 0..12 {
        let mut polygon = Vec::new();
        let mut at = start;
        while let Some(following) = next[at].take() {
            polygon.push(at as u8);
            at = following;
        }
        if !polygon.is_empty() {
            polygons.push(polygon);
        }
    }
    polygons
}

fn edge(a: Corner, b: Corner) -> usize {
    let corners = [a.min(b), a.max(b)];
    EDGES.iter().position(|e| *e == corners).unwrap_or(0)
}

/// Cuts a polygon into triangles so that no cut lies in a face of the cell: the neighbour might cut along the same
/// line, and four triangles would meet there.
fn triangulate(polygon: &[u8]) -> Vec<[u8; 3]> {
    let n = polygon.len();
    if n == 3 {
        return vec![[polygon[0], polygon[1], polygon[2]]];
    }
    let ears = (0..n).map(|ear| (polygon[(ear + n - 1) % n], polygon[ear], polygon[(ear + 1) % n], ear));
    for (before, tip, after, ear) in ears {
        if share_a_face(before, after) {
            continue;
        }
        let rest: Vec<u8> = (0..n).filter(|&i| i != ear).map(|i| polygon[i]).collect();
        let mut triangles = triangulate(&rest);
        if !triangles.is_empty() {
            triangles.push([before, tip, after]);
            return triangles;
        }
    }
    Vec::new()
}

fn share_a_face(a: u8, b: u8) -> bool {
    let on =
        |edge: u8, face: &[Corner; 4]| EDGES[usize::from(edge)].iter().all(|corner| face.contains(corner));
    FACES.iter().any(|face| on(a, face) && on(b, face))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_uses_exactly_the_crossed_edges_and_all_its_polygons() {
        for case in 0..=255_u8 {
            let crossed: Vec<u8> = (0..12)
                .filter(|&e| EDGES[usize::from(e)].iter().filter(|&&c| case >> c & 1 == 1).count() == 1)
                .collect();
            let mut used: Vec<u8> = CASES[usize::from(case)].triangles().concat();
            used.sort_unstable();
            used.dedup();
            assert_eq!(used, crossed, "case {case:08b}");
            let expected: usize = polygons(case).iter().map(|p| p.len() - 2).sum();
            assert_eq!(CASES[usize::from(case)].count(), expected, "case {case:08b}");
        }
    }

    #[test]
    fn no_triangulation_cuts_along_a_face() {
        for case in 0..=255_u8 {
            for polygon in polygons(case) {
                let n = polygon.len();
                let sides: Vec<_> = (0..n).map(|i| (polygon[i], polygon[(i + 1) % n])).collect();
                for [a, b, c] in triangulate(&polygon) {
                    for (p, q) in [(a, b), (b, c), (c, a)] {
                        assert!(sides.contains(&(p, q)) || !share_a_face(p, q), "case {case:08b}");
                    }
                }
            }
        }
    }

    #[test]
    fn one_inside_corner_is_cut_off_facing_away_from_it() {
        let midpoint = |edge: u8| {
            let [a, b] = EDGES[usize::from(edge)];
            nalgebra::Vector3::from_fn(|axis, _| ((a >> axis & 1) + (b >> axis & 1)) as f64 / 2.0)
        };
        for corner in 0..8 {
            let at = nalgebra::Vector3::from_fn(|axis, _| (corner >> axis & 1) as f64);
            let [[a, b, c]] = CASES[1 << corner].triangles() else { panic!("not one triangle") };
            let [a, b, c] = [*a, *b, *c].map(midpoint);
            assert!((b - a).cross(&(c - a)).dot(&(a - at)) > 0.0, "corner {corner}");
        }
    }
}
