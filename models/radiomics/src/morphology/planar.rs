//! Convex hull of points with whole coordinates in a plane.

/// Corners of the hull in counterclockwise order, by Andrew's monotone chain. Sorts the points.
pub(super) fn planar_hull(points: &mut Vec<[i32; 2]>) -> Vec<[i32; 2]> {
    points.sort_unstable();
    points.dedup();
    if points.len() < 3 {
        return points.clone();
    }
    let mut hull: Vec<[i32; 2]> = Vec::with_capacity(points.len());
    let mut chain = |points: &mut dyn Iterator<Item = [i32; 2]>| {
        let start = hull.len();
        for point in points {
            while hull.len() >= start + 2 && turn(hull[hull.len() - 2], hull[hull.len() - 1], point) <= 0 {
                hull.pop();
            }
            hull.push(point);
        }
        hull.pop();
    };
    chain(&mut points.iter().copied());
    chain(&mut points.iter().rev().copied());
    hull
}

fn turn(a: [i32; 2], b: [i32; 2], c: [i32; 2]) -> i64 {
    let [abx, aby] = [i64::from(b[0] - a[0]), i64::from(b[1] - a[1])];
    let [acx, acy] = [i64::from(c[0] - a[0]), i64::from(c[1] - a[1])];
    abx * acy - aby * acx
}

/// For each plane of equal coordinate along an axis, ascending: the coordinate, and the corners of the hull of the points in it as the
/// other two coordinates in cyclic order (y and z for x, z and x for y, x and y for z).
pub(super) fn planes(points: &[[i32; 3]], axis: usize) -> Vec<(i32, Vec<[i32; 2]>)> {
    let Some(most) = points.iter().map(|point| point[axis]).max() else { return Vec::new() };
    let mut of_planes: Vec<Vec<[i32; 2]>> = vec![Vec::new(); most as usize + 1];
    for point in points {
        of_planes[point[axis] as usize].push([point[(axis + 1) % 3], point[(axis + 2) % 3]]);
    }
    let full = of_planes.iter_mut().enumerate().filter(|(_, points)| !points.is_empty());
    full.map(|(at, points)| (at as i32, planar_hull(points))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_alone_remain() {
        let mut points = vec![[0, 0], [2, 0], [1, 0], [2, 2], [1, 1], [0, 2], [0, 1], [2, 2]];
        assert_eq!(planar_hull(&mut points), [[0, 0], [2, 0], [2, 2], [0, 2]]);
        assert_eq!(planar_hull(&mut vec![[3, 3], [1, 1], [2, 2]]), [[1, 1], [3, 3]]);
    }
}
