//! Convex hull of points with whole coordinates, by quickhull. Whole numbers leave no doubt on which side of a plane a point is.

use super::planar::planes;
use super::surface::{cross, dot, minus};

/// A convex hull in millimetres.
#[derive(Debug, Clone)]
pub(super) struct Hull {
    /// Corners.
    pub(super) points_mm: Vec<[f64; 3]>,
    /// Triangles: indices of corners, counterclockwise seen from outside.
    pub(super) triangles: Vec<[usize; 3]>,
}

impl Hull {
    /// Area, mm².
    pub(super) fn area_mm2(&self) -> f64 {
        self.normals().map(|normal| 0.5 * dot(normal, normal).sqrt()).sum()
    }

    /// Volume, mm³.
    pub(super) fn volume_mm3(&self) -> f64 {
        let origin = self.points_mm.first().copied().unwrap_or_default();
        let heights = self.triangles.iter().zip(self.normals());
        heights.map(|(&[a, ..], normal)| dot(minus(self.points_mm[a], origin), normal) / 6.0).sum()
    }

    /// Normals of the triangles, twice as long as their areas are large.
    pub(super) fn normals(&self) -> impl Iterator<Item = [f64; 3]> + '_ {
        self.triangles.iter().map(|&triangle| {
            let [p, q, r] = triangle.map(|corner| self.points_mm[corner]);
            cross(minus(q, p), minus(r, p))
        })
    }
}

struct Face {
    corners: [usize; 3],
    /// Face across the edge from corner i to corner i + 1.
    across: [usize; 3],
    normal: [i64; 3],
    offset: i64,
    /// Points outside, each in the list of one face that sees it.
    outside: Vec<usize>,
    alive: bool,
}

struct Builder {
    points: Vec<[i64; 3]>,
    faces: Vec<Face>,
}

/// The hull of points in half voxels. `None` where they all lie in a plane.
pub(super) fn hull(vertices: &[[i32; 3]], spacing_mm: [f64; 3]) -> Option<Hull> {
    // Points inside the hull of their slice are no corners.
    let points: Vec<[i64; 3]> = planes(vertices, 2)
        .into_iter()
        .flat_map(|(z, corners)| corners.into_iter().map(move |[x, y]| [x, y, z].map(i64::from)))
        .collect();
    let mut builder = Builder::start(points)?;
    let mut next = 0;
    while next < builder.faces.len() {
        if builder.faces[next].alive && !builder.faces[next].outside.is_empty() {
            builder.extend(next);
        }
        next += 1;
    }
    let mut index = vec![usize::MAX; builder.points.len()];
    let mut hull = Hull { points_mm: Vec::new(), triangles: Vec::new() };
    for face in builder.faces.iter().filter(|face| face.alive) {
        let triangle = face.corners.map(|corner| {
            if index[corner] == usize::MAX {
                index[corner] = hull.points_mm.len();
                let point = builder.points[corner];
                hull.points_mm.push(std::array::from_fn(|axis| 0.5 * point[axis] as f64 * spacing_mm[axis]));
            }
            index[corner]
        });
        hull.triangles.push(triangle);
    }
    Some(hull)
}

impl Builder {
    /// A tetrahedron of four points that are not in a plane.
    fn start(points: Vec<[i64; 3]>) -> Option<Builder> {
        let a = 0;
        let b = (0..points.len()).max_by_key(|&i| squared(sub(points[i], points[a])))?;
        let line = sub(points[b], points[a]);
        let c = (0..points.len()).max_by_key(|&i| squared(product(line, sub(points[i], points[a]))))?;
        let normal = product(line, sub(points[c], points[a]));
        let d = (0..points.len()).max_by_key(|&i| inner(normal, sub(points[i], points[a])).abs())?;
        let height = inner(normal, sub(points[d], points[a]));
        if height == 0 {
            return None;
        }
        let (b, c) = if height > 0 { (c, b) } else { (b, c) };
        let mut builder = Builder { points, faces: Vec::new() };
        // With d behind the triangle a, b, c.
        for (corners, across) in
            [([a, b, c], [1, 2, 3]), ([b, a, d], [0, 3, 2]), ([c, b, d], [0, 1, 3]), ([a, c, d], [0, 2, 1])]
        {
            builder.add(corners, across);
        }
        let all: Vec<usize> = (0..builder.points.len()).collect();
        builder.hand_out(all, 0);
        Some(builder)
    }

    fn add(&mut self, corners: [usize; 3], across: [usize; 3]) {
        let [p, q, r] = corners.map(|corner| self.points[corner]);
        let normal = product(sub(q, p), sub(r, p));
        self.faces.push(Face {
            corners,
            across,
            normal,
            offset: inner(normal, p),
            outside: Vec::new(),
            alive: true,
        });
    }

    fn height(&self, face: usize, point: usize) -> i64 {
        inner(self.faces[face].normal, self.points[point]) - self.faces[face].offset
    }

    /// Gives each point to the first of the faces from `first` on that sees it.
    fn hand_out(&mut self, points: Vec<usize>, first: usize) {
        for point in points {
            if let Some(face) = (first..self.faces.len()).find(|&face| self.height(face, point) > 0) {
                self.faces[face].outside.push(point);
            }
        }
    }

    /// Makes the farthest point outside a face a corner.
    fn extend(&mut self, face: usize) {
        let tip = self.faces[face].outside.iter().copied().max_by_key(|&point| self.height(face, point));
        let Some(tip) = tip else { return };
        // What the tip sees, and the edges around it.
        let (mut seen, mut horizon, mut next) = (vec![face], Vec::new(), 0);
        self.faces[face].alive = false;
        while next < seen.len() {
            let at = seen[next];
            next += 1;
            for side in 0..3 {
                let other = self.faces[at].across[side];
                if !self.faces[other].alive {
                    continue;
                }
                if self.height(other, tip) > 0 {
                    self.faces[other].alive = false;
                    seen.push(other);
                } else {
                    let corners = self.faces[at].corners;
                    horizon.push((corners[side], corners[(side + 1) % 3], other));
                }
            }
        }
        let first = self.faces.len();
        let count = horizon.len();
        // Around the horizon, edge after edge.
        for at in 0..count {
            if at + 1 < count
                && let Some(follows) = (at + 1..count).find(|&other| horizon[other].0 == horizon[at].1)
            {
                horizon.swap(at + 1, follows);
            }
        }
        for (at, &(from, to, other)) in horizon.iter().enumerate() {
            let (before, after) = (first + (at + count - 1) % count, first + (at + 1) % count);
            self.add([from, to, tip], [other, after, before]);
            let face = &mut self.faces[other];
            for side in 0..3 {
                if face.corners[side] == to && face.corners[(side + 1) % 3] == from {
                    face.across[side] = first + at;
                }
            }
        }
        let mut orphans: Vec<usize> = Vec::new();
        for face in seen {
            orphans.append(&mut self.faces[face].outside);
        }
        self.hand_out(orphans, first);
    }
}

fn sub(a: [i64; 3], b: [i64; 3]) -> [i64; 3] {
    std::array::from_fn(|axis| a[axis] - b[axis])
}

fn product(a: [i64; 3], b: [i64; 3]) -> [i64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn inner(a: [i64; 3], b: [i64; 3]) -> i64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn squared(a: [i64; 3]) -> i128 {
    a.iter().map(|&x| i128::from(x) * i128::from(x)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_with_points_everywhere_on_it() {
        let mut points = Vec::new();
        for x in 0..=6 {
            for y in 0..=4 {
                points.extend((0..=8).map(|z| [x, y, z]));
            }
        }
        let found = hull(&points, [1.0, 2.0, 0.5]).unwrap();
        assert_eq!((found.points_mm.len(), found.triangles.len()), (8, 12));
        assert!((found.volume_mm3() - 3.0 * 4.0 * 2.0).abs() < 1e-12);
        assert!((found.area_mm2() - 2.0 * (12.0 + 6.0 + 8.0)).abs() < 1e-12);
        assert!(hull(&points[..9], [1.0; 3]).is_none());
    }

    #[test]
    fn no_point_is_outside_the_hull_of_scattered_ones() {
        let mut state = 3_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 26) as i32
        };
        for _ in 0..20 {
            let points: Vec<[i32; 3]> = (0..200).map(|_| [next() / 3, next(), next() / 7]).collect();
            let found = hull(&points, [2.0; 3]).unwrap();
            for (&[a, ..], normal) in found.triangles.iter().zip(found.normals()) {
                for point in &points {
                    let place = point.map(f64::from);
                    assert!(dot(normal, minus(place, found.points_mm[a])) <= 1e-9);
                }
            }
            // Euler: a closed surface of triangles.
            assert_eq!(found.triangles.len(), 2 * found.points_mm.len() - 4);
        }
    }
}
