//! Areas and border lines of a value over a grid, for drawings: marching squares with straight interpolation along the sides of
//! each square. Places are in steps of the grid from its first node.

use std::fmt::Write;

/// The area in which the value reaches a level, as a path that is filled. Whole squares beside one another are one rectangle.
pub(super) fn area(values: &[Vec<f64>], level: f64) -> String {
    let mut path = String::new();
    for (i, square) in squares(values) {
        let mut whole_from = None;
        for (j, corners) in square.iter().enumerate() {
            let is_whole = corners.iter().all(|&value| value >= level);
            if is_whole {
                whole_from = whole_from.or(Some(j));
                continue;
            }
            close(&mut path, i, whole_from.take(), j);
            let outline = walk(i, j, *corners, level, true);
            for (n, [x, y]) in outline.iter().enumerate() {
                // Writing to a string cannot fail.
                let _ = write!(path, "{}{x:.2} {y:.2}", if n == 0 { 'M' } else { 'L' });
            }
            if !outline.is_empty() {
                path.push('z');
            }
        }
        close(&mut path, i, whole_from, square.len());
    }
    path
}

/// The line on which the value is a level.
pub(super) fn border(values: &[Vec<f64>], level: f64) -> String {
    let mut path = String::new();
    for (i, square) in squares(values) {
        for (j, corners) in square.into_iter().enumerate() {
            for ends in walk(i, j, corners, level, false).chunks_exact(2) {
                let [[x0, y0], [x1, y1]] = [ends[0], ends[1]];
                let _ = write!(path, "M{x0:.2} {y0:.2}L{x1:.2} {y1:.2}");
            }
        }
    }
    path
}

/// The squares of each pair of neighbouring rows, with their corners in order around them.
fn squares(values: &[Vec<f64>]) -> impl Iterator<Item = (usize, Vec<[f64; 4]>)> {
    values.windows(2).enumerate().map(|(i, rows)| {
        let pairs = rows[0].windows(2).zip(rows[1].windows(2));
        (i, pairs.map(|(a, b)| [a[0], b[0], b[1], a[1]]).collect())
    })
}

fn close(path: &mut String, i: usize, from: Option<usize>, to: usize) {
    if let Some(from) = from {
        let _ = write!(path, "M{i} {from}h1v{}h-1z", to - from);
    }
}

/// Around one square: where its sides cross the level and, with corners, those that reach it.
fn walk(i: usize, j: usize, corners: [f64; 4], level: f64, with_corners: bool) -> Vec<[f64; 2]> {
    const AROUND: [[f64; 2]; 4] = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
    let place = |[x, y]: [f64; 2]| [i as f64 + x, j as f64 + y];
    let mut points = Vec::new();
    for n in 0..4 {
        let next = (n + 1) % 4;
        let (here, there) = (corners[n], corners[next]);
        if with_corners && here >= level {
            points.push(place(AROUND[n]));
        }
        if (here >= level) != (there >= level) {
            let part = (level - here) / (there - here);
            let between = [0, 1].map(|axis| AROUND[n][axis] + part * (AROUND[next][axis] - AROUND[n][axis]));
            points.push(place(between));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Area enclosed by a path of polygons and rectangles.
    fn size(path: &str) -> f64 {
        let polygons = path.split('z').filter(|p| !p.is_empty());
        polygons
            .map(|polygon| {
                if let Some((_, rectangle)) = polygon.split_once("h1v") {
                    return rectangle.trim_end_matches("h-1").parse::<f64>().unwrap();
                }
                let points: Vec<[f64; 2]> = polygon[1..]
                    .split('L')
                    .map(|p| p.split_once(' ').unwrap())
                    .map(|(x, y)| [x.parse().unwrap(), y.parse().unwrap()])
                    .collect();
                let twice: f64 = (0..points.len())
                    .map(|n| (points[n], points[(n + 1) % points.len()]))
                    .map(|([x0, y0], [x1, y1])| x0 * y1 - x1 * y0)
                    .sum();
                twice.abs() / 2.0
            })
            .sum()
    }

    #[test]
    fn an_area_is_as_large_as_it_should_be() {
        // A cone of radius 12 about the middle of a grid of 30: at half its height it has radius 6.
        let cone = |i: usize, j: usize| (1.0 - (i as f64 - 15.0).hypot(j as f64 - 15.0) / 12.0).max(0.0);
        let values: Vec<Vec<f64>> = (0..=30).map(|i| (0..=30).map(|j| cone(i, j)).collect()).collect();
        let found = size(&area(&values, 0.5));
        let exact = std::f64::consts::PI * 36.0;
        assert!((found - exact).abs() < 0.02 * exact, "{found} against {exact}");
        assert_eq!(size(&area(&values, 0.0)), 900.0);
        assert_eq!(area(&values, 1.1), "");
        assert!(border(&values, 0.5).starts_with('M'));
    }

    #[test]
    fn a_slope_is_cut_where_it_crosses() {
        let values = vec![vec![0.0, 0.0], vec![1.0, 1.0]];
        assert_eq!(border(&values, 0.25), "M0.25 0.00L0.25 1.00");
        assert_eq!(size(&area(&values, 0.25)), 0.75);
        assert_eq!(area(&[], 0.5), "");
        assert_eq!(area(&[vec![1.0]], 0.5), "");
    }
}
