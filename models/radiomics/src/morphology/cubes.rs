//! The triangles of marching cubes.
//!
//! A surface runs through the middle of each edge of a cube of eight voxel centres that joins inside and outside. Where two corners inside lie across
//! a face, there are two ways to go, and five or more middles are not in a plane; area and volume depend on both. Pyradiomics and with it
//! many others cut each corner inside off by itself where corner 6 (x = 0, y = z = 1) is outside, take the complement where it is inside,
//! and make fans. The tips of the fans below were found by asking pyradiomics 3.0.1 for area and volume of each of the 254
//! cubes with two sets of spacings, and trying all triangulations.

/// Corners of each edge; corner `x + 2 y + 4 z`.
pub(super) const EDGES: [[u8; 2]; 12] =
    [[0, 1], [0, 2], [0, 4], [1, 3], [1, 5], [2, 3], [2, 6], [3, 7], [4, 5], [4, 6], [5, 7], [6, 7]];

/// Corners around each face.
const FACES: [[u8; 4]; 6] =
    [[0, 2, 6, 4], [1, 3, 7, 5], [0, 1, 5, 4], [2, 3, 7, 6], [0, 1, 3, 2], [4, 5, 7, 6]];

/// The corner that decides how ambiguous faces are cut.
const DECIDING: u8 = 6;

/// For each set of corners inside without corner 6, in ascending order of the sets as bits, the edges (as bits) that are tips of fans.
#[rustfmt::skip]
const TIPS: [u16; 128] = [
    0x000, 0x000, 0x000, 0x004, 0x000, 0x001, 0x000, 0x040, 0x000, 0x000, 0x010, 0x004,
    0x002, 0x080, 0x010, 0x004, 0x000, 0x001, 0x000, 0x008, 0x000, 0x100, 0x000, 0x008,
    0x000, 0x001, 0x010, 0x020, 0x002, 0x200, 0x010, 0x040, 0x000, 0x000, 0x008, 0x400,
    0x000, 0x001, 0x008, 0x020, 0x000, 0x000, 0x020, 0x020, 0x002, 0x080, 0x002, 0x004,
    0x010, 0x400, 0x008, 0x008, 0x010, 0x040, 0x008, 0x008, 0x010, 0x400, 0x004, 0x400,
    0x012, 0x001, 0x001, 0x080, 0x000, 0x000, 0x000, 0x004, 0x000, 0x001, 0x000, 0x040,
    0x020, 0x020, 0x800, 0x400, 0x002, 0x001, 0x002, 0x040, 0x000, 0x001, 0x000, 0x008,
    0x000, 0x100, 0x000, 0x008, 0x020, 0x021, 0x800, 0x010, 0x002, 0x040, 0x002, 0x040,
    0x010, 0x010, 0x800, 0x004, 0x010, 0x011, 0x800, 0x008, 0x020, 0x020, 0x020, 0x020,
    0x010, 0x008, 0x800, 0x004, 0x080, 0x001, 0x008, 0x008, 0x080, 0x200, 0x008, 0x008,
    0x200, 0x010, 0x800, 0x020, 0x800, 0x000, 0x800, 0x000,
];

/// Triangles of a cube whose corners inside are the bits of `case`: three edges each, counterclockwise seen from outside.
pub(super) fn triangles(case: u8) -> Vec<[u8; 3]> {
    if case >> DECIDING & 1 == 1 {
        return triangles(!case).into_iter().map(|[a, b, c]| [a, c, b]).collect();
    }
    let tips = TIPS[usize::from(case & 63 | (case >> 7 << 6))];
    let mut all = Vec::new();
    for mut outline in outlines(case) {
        if let Some(tip) = outline.iter().position(|&edge| tips >> edge & 1 == 1) {
            outline.rotate_left(tip);
        }
        all.extend((1..outline.len() - 1).map(|i| [outline[0], outline[i], outline[i + 1]]));
    }
    all
}

/// Middle of an edge, in steps of the cube.
pub(super) fn middle(edge: u8) -> [f64; 3] {
    let [a, b] = EDGES[usize::from(edge)];
    std::array::from_fn(|axis| 0.5 * f64::from((a >> axis & 1) + (b >> axis & 1)))
}

/// Closed polygons of edges, counterclockwise seen from outside.
fn outlines(case: u8) -> Vec<Vec<u8>> {
    let inside = |corner: u8| case >> corner & 1 == 1;
    let edge_between = |a: u8, b: u8| {
        let key = [a.min(b), a.max(b)];
        EDGES.iter().position(|&edge| edge == key).map_or(0, |edge| edge as u8)
    };
    let mut segments: Vec<[u8; 2]> = Vec::new();
    for face in FACES {
        let edge = |i: usize| edge_between(face[i % 4], face[(i + 1) % 4]);
        let cut: Vec<usize> = (0..4).filter(|&i| inside(face[i]) != inside(face[(i + 1) % 4])).collect();
        match cut[..] {
            [a, b] => segments.push([edge(a), edge(b)]),
            [_, _, _, _] => {
                segments.extend((0..4).filter(|&i| inside(face[i])).map(|i| [edge(i + 3), edge(i)]));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    while let Some([first, mut at]) = segments.pop() {
        let mut outline = vec![first];
        while at != first {
            outline.push(at);
            let Some(next) = segments.iter().position(|segment| segment.contains(&at)) else { break };
            let [a, b] = segments.swap_remove(next);
            at = if a == at { b } else { a };
        }
        if !is_outward(&outline, inside) {
            outline.reverse();
        }
        all.push(outline);
    }
    all
}

/// Whether the normal of an outline points from inside to outside.
fn is_outward(outline: &[u8], inside: impl Fn(u8) -> bool) -> bool {
    let (mut normal, mut outward) = ([0.0; 3], [0.0; 3]);
    for (i, &edge) in outline.iter().enumerate() {
        let (p, q) = (middle(edge), middle(outline[(i + 1) % outline.len()]));
        let [a, b] = EDGES[usize::from(edge)];
        for axis in 0..3 {
            normal[axis] += p[(axis + 1) % 3] * q[(axis + 2) % 3] - p[(axis + 2) % 3] * q[(axis + 1) % 3];
            let step = f64::from(b >> axis & 1) - f64::from(a >> axis & 1);
            outward[axis] += if inside(a) { step } else { -step };
        }
    }
    normal.iter().zip(&outward).map(|(a, b)| a * b).sum::<f64>() > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cut_edge_is_used_and_no_other() {
        for case in 0..=255_u8 {
            let used: u16 = triangles(case).iter().flatten().fold(0, |used, edge| used | 1 << edge);
            let cut = (0..12).filter(|&edge| {
                let [a, b] = EDGES[edge];
                case >> a & 1 != case >> b & 1
            });
            assert_eq!(used, cut.fold(0, |cut, edge| cut | 1 << edge), "{case}");
        }
    }
}
