//! Largest distances between vertices of a surface.

use super::planar::planes;

/// Largest distance between two vertices, mm.
///
/// Vertices inside the hull of their slice are no ends of it. Pairs of slices are taken in the order of a bound of what they can give, until no
/// pair can give more than was found.
pub(crate) fn diameter(vertices: &[[i32; 3]], spacing_mm: [f64; 3]) -> f64 {
    let slices: Vec<(f64, Vec<[f64; 2]>)> = planes(vertices, 2)
        .into_iter()
        .map(|(z, corners)| {
            let place = |[x, y]: [i32; 2]| [half(x, spacing_mm[0]), half(y, spacing_mm[1])];
            (half(z, spacing_mm[2]), corners.into_iter().map(place).collect())
        })
        .collect();
    let mut ends = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    for point in slices.iter().flat_map(|(_, points)| points) {
        for axis in 0..2 {
            ends[0][axis] = ends[0][axis].min(point[axis]);
            ends[1][axis] = ends[1][axis].max(point[axis]);
        }
    }
    let centre = [0.5 * (ends[0][0] + ends[1][0]), 0.5 * (ends[0][1] + ends[1][1])];
    let radius = |points: &[[f64; 2]]| {
        points.iter().map(|p| (p[0] - centre[0]).hypot(p[1] - centre[1])).fold(0.0, f64::max)
    };
    let radii: Vec<f64> = slices.iter().map(|(_, points)| radius(points)).collect();
    let mut pairs = Vec::new();
    for (a, first) in slices.iter().enumerate() {
        for (b, second) in slices.iter().enumerate().skip(a) {
            pairs.push(((radii[a] + radii[b]).powi(2) + (first.0 - second.0).powi(2), a, b));
        }
    }
    pairs.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut best = 0.0_f64;
    for (bound, a, b) in pairs {
        // The bound is rounded; what is a digit below it is not given up.
        if bound * (1.0 + 1e-12) < best {
            break;
        }
        let along = (slices[a].0 - slices[b].0).powi(2);
        for p in &slices[a].1 {
            for q in &slices[b].1 {
                best = best.max((p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2) + along);
            }
        }
    }
    best.sqrt()
}

/// Largest distance between two vertices of a plane across each axis (x, y, z), mm.
pub(crate) fn planar_diameters(vertices: &[[i32; 3]], spacing_mm: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|axis| {
        let step = [spacing_mm[(axis + 1) % 3], spacing_mm[(axis + 2) % 3]];
        let mut best = 0.0_f64;
        for (_, corners) in planes(vertices, axis) {
            for (i, p) in corners.iter().enumerate() {
                for q in &corners[i + 1..] {
                    let squared = half(p[0] - q[0], step[0]).powi(2) + half(p[1] - q[1], step[1]).powi(2);
                    best = best.max(squared);
                }
            }
        }
        best.sqrt()
    })
}

fn half(steps: i32, spacing_mm: f64) -> f64 {
    0.5 * f64::from(steps) * spacing_mm
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_scattered_points() {
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as i32 % 40
        };
        for n in [1, 2, 5, 300] {
            let points: Vec<[i32; 3]> = (0..n).map(|_| [next(), next(), next()]).collect();
            let spacing = [0.7, 1.3, 2.9];
            let distance = |p: &[i32; 3], q: &[i32; 3]| {
                (0..3).map(|axis| half(p[axis] - q[axis], spacing[axis]).powi(2)).sum::<f64>().sqrt()
            };
            let slow = |same: Option<usize>| {
                let pairs = points.iter().flat_map(|p| points.iter().map(move |q| (p, q)));
                let pairs = pairs.filter(|(p, q)| same.is_none_or(|axis| p[axis] == q[axis]));
                pairs.map(|(p, q)| distance(p, q)).fold(0.0, f64::max)
            };
            assert!((diameter(&points, spacing) - slow(None)).abs() < 1e-12);
            let planar = planar_diameters(&points, spacing);
            for (axis, found) in planar.iter().enumerate() {
                assert!((found - slow(Some(axis))).abs() < 1e-12);
            }
        }
    }
}
