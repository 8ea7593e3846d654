//! The smallest box of any orientation around a hull.

use super::hull::Hull;
use super::surface::{cross, dot};
use rayon::prelude::*;

/// Most faces that a side of the box is laid on.
const MOST_FACES: usize = 500;

/// Edge lengths of the smallest box that has a side on a face of the hull, mm. A hull with more than 500 faces that differ in direction is tried
/// on its 500 largest.
pub(super) fn smallest_box(hull: &Hull) -> Option<[f64; 3]> {
    let mut faces: Vec<([f64; 3], f64)> = Vec::new();
    for normal in hull.normals() {
        let length = dot(normal, normal).sqrt();
        if length > 0.0 {
            faces.push((normal.map(|x| x / length), length));
        }
    }
    // Triangles of one plane are one face.
    faces.sort_by(|(a, _), (b, _)| {
        a.iter().zip(b).fold(std::cmp::Ordering::Equal, |o, (a, b)| o.then(a.total_cmp(b)))
    });
    faces.dedup_by(|(b, area_b), (a, area_a)| {
        let same = a.iter().zip(b.iter()).all(|(x, y)| (x - y).abs() < 1e-9);
        if same {
            *area_a += *area_b;
        }
        same
    });
    faces.sort_by(|a, b| b.1.total_cmp(&a.1));
    faces.truncate(MOST_FACES);
    let boxes: Vec<[f64; 3]> = faces.par_iter().map(|(normal, _)| box_on(hull, *normal)).collect();
    boxes.into_iter().min_by(|a, b| a.iter().product::<f64>().total_cmp(&b.iter().product()))
}

/// The smallest box with a side across a direction.
fn box_on(hull: &Hull, normal: [f64; 3]) -> [f64; 3] {
    let smallest = if normal[0].abs() < 0.6 { [1.0, 0.0, 0.0] } else { [0.0, 1.0, 0.0] };
    let u = cross(normal, smallest);
    let length = dot(u, u).sqrt();
    let u = u.map(|x| x / length);
    let v = cross(normal, u);
    let heights = hull.points_mm.iter().map(|&point| dot(point, normal));
    let (low, high) = ends(heights);
    let mut points: Vec<[f64; 2]> =
        hull.points_mm.iter().map(|&point| [dot(point, u), dot(point, v)]).collect();
    let [a, b] = smallest_rectangle(&mut points);
    [a, b, high - low]
}

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// Edges of the smallest rectangle around points: one has an edge on an edge of the hull.
fn smallest_rectangle(points: &mut [[f64; 2]]) -> [f64; 2] {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let mut outline: Vec<[f64; 2]> = Vec::new();
    for forwards in [true, false] {
        let start = outline.len();
        for index in 0..points.len() {
            let point = points[if forwards { index } else { points.len() - 1 - index }];
            while outline.len() >= start + 2 {
                let (a, b) = (outline[outline.len() - 2], outline[outline.len() - 1]);
                if (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0.0 {
                    break;
                }
                outline.pop();
            }
            outline.push(point);
        }
        outline.pop();
    }
    let mut best = [f64::INFINITY; 2];
    for (i, a) in outline.iter().enumerate() {
        let b = outline[(i + 1) % outline.len()];
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        if length > 0.0 {
            let way = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
            let along = ends(outline.iter().map(|p| p[0] * way[0] + p[1] * way[1]));
            let across = ends(outline.iter().map(|p| p[1] * way[0] - p[0] * way[1]));
            let edges = [along.1 - along.0, across.1 - across.0];
            if edges[0] * edges[1] < best[0] * best[1] {
                best = edges;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphology::hull::hull;

    #[test]
    fn a_turned_square_has_a_smaller_box_than_its_axes_say() {
        let diamond = [[5, 0], [0, 5], [5, 10], [10, 5]];
        let points: Vec<[i32; 3]> = [0, 4].iter().flat_map(|&z| diamond.map(|[x, y]| [x, y, z])).collect();
        let edges = smallest_box(&hull(&points, [2.0; 3]).unwrap()).unwrap();
        assert!((edges.iter().product::<f64>() - 200.0).abs() < 1e-9, "{edges:?}");
    }
}
