//! Connected components.

use super::Mesh;
use crate::frame::Frame;

/// Splits a mesh into pieces that share no vertex, the piece with most triangles first (equal ones in the order
/// of their first triangle). Vertices that no triangle uses are dropped; triangles with an index out of range
/// are left out.
///
/// Pieces are told apart by vertex index: vertices in the same place must be welded before.
pub fn components<F: Frame>(mesh: &Mesh<F>) -> Vec<Mesh<F>> {
    let count = mesh.vertices.len();
    let usable = |triangle: &&[u32; 3]| triangle.iter().all(|&v| (v as usize) < count);
    let mut parents: Vec<u32> = (0..count as u32).collect();
    for triangle in mesh.triangles.iter().filter(usable) {
        for &v in &triangle[1..] {
            let (a, b) = (root(&mut parents, triangle[0]), root(&mut parents, v));
            // The smaller index stays the root, so that the result does not depend on the order of unions.
            parents[a.max(b) as usize] = a.min(b);
        }
    }

    const NONE: u32 = u32::MAX;
    let mut piece_of_root = vec![NONE; count];
    let mut new_index = vec![NONE; count];
    let mut pieces: Vec<Mesh<F>> = Vec::new();
    for triangle in mesh.triangles.iter().filter(usable) {
        let r = root(&mut parents, triangle[0]) as usize;
        if piece_of_root[r] == NONE {
            piece_of_root[r] = pieces.len() as u32;
            pieces.push(Mesh::default());
        }
        let piece = &mut pieces[piece_of_root[r] as usize];
        let renumbered = triangle.map(|v| {
            let v = v as usize;
            if new_index[v] == NONE {
                new_index[v] = piece.vertices.len() as u32;
                piece.vertices.push(mesh.vertices[v]);
            }
            new_index[v]
        });
        piece.triangles.push(renumbered);
    }
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.triangles.len()));
    pieces
}

fn root(parents: &mut [u32], mut v: u32) -> u32 {
    while parents[v as usize] != v {
        // Path halving keeps the trees flat without recursion.
        parents[v as usize] = parents[parents[v as usize] as usize];
        v = parents[v as usize];
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Pelvis;
    use crate::mesh::tests::{cube, joined};
    use crate::spatial::Vector;

    #[test]
    fn two_cubes_are_two_pieces_largest_first() {
        let mut small = cube(1.0);
        small.triangles.truncate(10);
        let both = joined(&small, &cube(2.0), Vector::new(10.0, 0.0, 0.0));
        let pieces = components(&both);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0].triangles.len(), 12);
        assert!((pieces[0].signed_volume() - 8.0).abs() < 1e-12);
        assert_eq!(pieces[1].triangles.len(), 10);
    }

    #[test]
    fn unused_vertices_and_bad_indices_do_not_disturb() {
        let mut mesh = cube(1.0);
        mesh.vertices.push(crate::Point::new(9.0, 9.0, 9.0));
        mesh.triangles.push([0, 1, 99]);
        let pieces = components(&mesh);
        assert_eq!(pieces.len(), 1);
        assert_eq!((pieces[0].vertices.len(), pieces[0].triangles.len()), (8, 12));
        assert!(components(&Mesh::<Pelvis>::default()).is_empty());
    }
}
