//! The closed pieces of a model's surface: a pelvis is two hip bones and a sacrum, which keep their places in one model.

use super::model::ShapeModel;
use coxa_geometry::Mesh;
use coxa_geometry::frame::Frame;

/// Which piece of a surface each vertex and triangle belongs to; pieces are numbered by their first vertex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces {
    /// `usize::MAX` for a vertex that no triangle uses.
    of_vertex: Vec<usize>,
    /// Triangles of each piece.
    triangles: Vec<Vec<usize>>,
}

impl ShapeModel {
    /// The connected pieces of the surface, in the order of their first vertices.
    pub fn pieces(&self) -> Pieces {
        let mut parents: Vec<usize> = (0..self.vertex_count()).collect();
        for face in &self.faces {
            for &v in &face[1..] {
                let (a, b) = (root(&mut parents, face[0] as usize), root(&mut parents, v as usize));
                parents[a.max(b)] = a.min(b);
            }
        }
        let mut used = vec![false; parents.len()];
        self.faces.iter().flatten().for_each(|&v| used[v as usize] = true);
        let mut of_vertex = vec![usize::MAX; parents.len()];
        let mut count = 0;
        for v in (0..parents.len()).filter(|&v| used[v]) {
            // A root is the smallest vertex of its piece, so it has been met.
            let r = root(&mut parents, v);
            if r == v {
                of_vertex[v] = count;
                count += 1;
            } else {
                of_vertex[v] = of_vertex[r];
            }
        }
        let mut triangles = vec![Vec::new(); count];
        for (t, face) in self.faces.iter().enumerate() {
            triangles[of_vertex[face[0] as usize]].push(t);
        }
        Pieces { of_vertex, triangles }
    }

    /// The surface as one piece, whatever it is made of.
    pub(super) fn one_piece(&self) -> Pieces {
        Pieces { of_vertex: vec![0; self.vertex_count()], triangles: vec![(0..self.faces.len()).collect()] }
    }
}

impl Pieces {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.triangles.len()
    }

    /// The piece of a vertex; `None` where no triangle uses it.
    pub fn of_vertex(&self, vertex: usize) -> Option<usize> {
        self.of_vertex.get(vertex).copied().filter(|&p| p != usize::MAX)
    }

    /// Vertices of a piece, in ascending order.
    pub fn vertices(&self, piece: usize) -> Vec<usize> {
        (0..self.of_vertex.len()).filter(|&v| self.of_vertex[v] == piece).collect()
    }

    /// Triangles of a piece, in ascending order; none of a piece that does not exist.
    pub fn triangles(&self, piece: usize) -> &[usize] {
        self.triangles.get(piece).map_or(&[], Vec::as_slice)
    }

    /// One piece of a mesh with the model's faces, its vertices in the order of [`Pieces::vertices`].
    pub fn mesh<F: Frame>(&self, whole: &Mesh<F>, piece: usize) -> Mesh<F> {
        let kept = self.vertices(piece);
        let mut place = vec![u32::MAX; self.of_vertex.len()];
        kept.iter().enumerate().for_each(|(new, &old)| place[old] = new as u32);
        Mesh {
            vertices: kept.iter().map(|&v| whole.vertices[v]).collect(),
            triangles: self
                .triangles(piece)
                .iter()
                .map(|&t| whole.triangles[t].map(|v| place[v as usize]))
                .collect(),
        }
    }
}

fn root(parents: &mut [usize], mut v: usize) -> usize {
    while parents[v] != v {
        parents[v] = parents[parents[v]];
        v = parents[v];
    }
    v
}

#[cfg(test)]
mod tests {
    use super::super::tests::bumpy;
    use super::super::{FitOptions, Provenance, build, fit, fit_pieces, tests::ball};
    use super::*;
    use coxa_geometry::frame::{Patient, Template};
    use coxa_geometry::{Point, Side, Transform};
    use nalgebra::{Point3, Vector3};

    /// A model of two balls, the second smaller and beside the first, that differ together.
    fn pair() -> ShapeModel {
        let first = ball(10);
        let count = first.vertices.len() as u32;
        let mut faces = first.triangles.clone();
        faces.extend(first.triangles.iter().map(|t| t.map(|v| v + count)));
        let shapes: Vec<Vec<Point3<f64>>> = bumpy(7, 10, 5)
            .into_iter()
            .map(|shape| {
                let middle = shape.iter().map(|p| p.coords).sum::<Vector3<f64>>() / shape.len() as f64;
                let own: Vec<Point3<f64>> = shape.iter().map(|p| p - middle).collect();
                let beside = own.iter().map(|p| p * 0.6 + Vector3::new(70.0, 60.0, -70.0));
                own.iter().copied().chain(beside).collect()
            })
            .collect();
        build("pair", faces, &shapes, usize::MAX, Provenance::default()).unwrap()
    }

    #[test]
    fn pieces_are_told_apart_and_keep_their_vertices() {
        let model = pair();
        let pieces = model.pieces();
        let half = model.vertex_count() / 2;
        assert_eq!(pieces.count(), 2);
        assert_eq!((pieces.of_vertex(0), pieces.of_vertex(half)), (Some(0), Some(1)));
        assert_eq!(pieces.vertices(1), (half..2 * half).collect::<Vec<_>>());
        let (mean, part) = (model.mean_mesh(), pieces.mesh(&model.mean_mesh(), 1));
        assert_eq!(part.vertices[..], mean.vertices[half..]);
        assert!(part.signed_volume() > 0.0 && pieces.of_vertex(2 * half).is_none());
    }

    #[test]
    fn a_fit_to_pieces_lays_each_on_its_own_and_completes_the_one_that_is_not_seen() {
        let model = pair();
        let pieces = model.pieces();
        let wanted = [1.0, -0.8, 0.5];
        let whole: Mesh<Patient> =
            Transform::<Template, Patient>::identity().apply(&model.reconstruct(&wanted));
        let parts = [pieces.mesh(&whole, 0), pieces.mesh(&whole, 1)];
        let off = |found: &Mesh<Patient>| -> f64 {
            found.vertices.iter().zip(&whole.vertices).map(|(a, b)| a.distance(*b)).fold(0.0, f64::max)
        };
        let options = FitOptions { places: 800, ..FitOptions::default() };
        let both = fit_pieces(&model, &[Some(&parts[0]), Some(&parts[1])], Side::Right, &options).unwrap();
        assert!(off(&both.mesh()) < 2.0 && both.seen.iter().all(|s| *s), "{}", off(&both.mesh()));
        // Half of the second ball is enough to know where it is.
        let mut cut = parts[1].clone();
        cut.triangles.retain(|t| t.iter().all(|&v| parts[1].vertices[v as usize].z() < -70.0));
        let one = fit_pieces(&model, &[Some(&parts[0]), Some(&cut)], Side::Right, &options).unwrap();
        assert!(off(&one.mesh()) < 4.0, "{}", off(&one.mesh()));
        assert!(!pieces.vertices(1).iter().all(|&v| one.seen[v]));
        // Surfaces in one mesh find their pieces by themselves, whatever their order.
        let mut joined = parts[1].clone();
        let shift = joined.vertices.len() as u32;
        joined.vertices.extend(parts[0].vertices.iter().map(|p| Point::from_coords(p.coords())));
        joined.triangles.extend(parts[0].triangles.iter().map(|t| t.map(|v| v + shift)));
        let found = fit(&model, &joined, Side::Right, &options).unwrap();
        assert!(off(&found.mesh()) < 2.0, "{}", off(&found.mesh()));
        assert!(fit_pieces(&model, &[None, None], Side::Right, &options).is_err());
    }
}
