//! From voxels to marks: one lesion for each part that hangs together, one contour for each of its regions in a slice.

use super::shape::{Mark, MarkKind};
use std::collections::BTreeMap;

/// Marks of the voxels that are not 0, numbers by slice, row and column. Lesions are numbered from `first` on, by label, then by where they begin;
/// voxels that touch at an edge or corner hang together. Holes are filled.
pub(super) fn marks(ids: &[u16], size: [usize; 3], picture: usize, first: usize) -> Vec<Mark> {
    let [columns, rows, slices] = size;
    let lesions = lesions(ids, size);
    let mut found = Vec::new();
    for slice in 0..slices {
        let plane = &lesions[slice * columns * rows..(slice + 1) * columns * rows];
        let mut numbers: Vec<usize> = plane.iter().copied().filter(|number| *number > 0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let is_in = |x: i64, y: i64| {
                x >= 0
                    && y >= 0
                    && (x as usize) < columns
                    && (y as usize) < rows
                    && plane[y as usize * columns + x as usize] == number
            };
            for points in loops(columns, rows, &is_in) {
                let lesion = Some(first + number - 1);
                let kind = MarkKind::Contour;
                found.push(Mark { picture, slice: slice + 1, kind, points, rating: None, lesion });
            }
        }
    }
    found.sort_by_key(|mark| (mark.lesion, mark.slice));
    found
}

/// The number of the lesion of each voxel, from 1; 0 for none.
fn lesions(ids: &[u16], [columns, rows, slices]: [usize; 3]) -> Vec<usize> {
    let mut numbers = vec![0usize; ids.len()];
    let mut labels: Vec<u16> = ids.iter().copied().filter(|id| *id > 0).collect();
    labels.sort_unstable();
    labels.dedup();
    let mut last = 0;
    for label in labels {
        for start in 0..ids.len() {
            if ids[start] != label || numbers[start] > 0 {
                continue;
            }
            last += 1;
            numbers[start] = last;
            let mut open = vec![start];
            while let Some(at) = open.pop() {
                let (x, y, z) = (at % columns, at / columns % rows, at / columns / rows);
                let near = |n: usize, size: usize| n.saturating_sub(1)..=(n + 1).min(size - 1);
                for (c, b) in near(z, slices).flat_map(|c| near(y, rows).map(move |b| (c, b))) {
                    for a in near(x, columns) {
                        let other = (c * rows + b) * columns + a;
                        if ids[other] == label && numbers[other] == 0 {
                            numbers[other] = last;
                            open.push(other);
                        }
                    }
                }
            }
        }
    }
    numbers
}

/// Outer edges of the regions of a slice, along the edges of pixels, corners only.
fn loops(columns: usize, rows: usize, is_in: &dyn Fn(i64, i64) -> bool) -> Vec<Vec<[f64; 2]>> {
    // Edges with the region at the right of who walks along them, y down.
    let mut edges: BTreeMap<(i64, i64), Vec<(i64, i64)>> = BTreeMap::new();
    let mut add = |from: (i64, i64), to: (i64, i64)| edges.entry(from).or_default().push(to);
    for (y, x) in (0..rows as i64).flat_map(|y| (0..columns as i64).map(move |x| (y, x))) {
        if !is_in(x, y) {
            continue;
        }
        if !is_in(x, y - 1) {
            add((x, y), (x + 1, y));
        }
        if !is_in(x + 1, y) {
            add((x + 1, y), (x + 1, y + 1));
        }
        if !is_in(x, y + 1) {
            add((x + 1, y + 1), (x, y + 1));
        }
        if !is_in(x - 1, y) {
            add((x, y + 1), (x, y));
        }
    }
    let mut found = Vec::new();
    while let Some((&start, _)) = edges.iter().find(|(_, ends)| !ends.is_empty()) {
        let mut path = vec![start];
        let mut at = start;
        while let Some(next) = edges.get_mut(&at).and_then(Vec::pop) {
            if next == start {
                break;
            }
            path.push(next);
            at = next;
        }
        if area(&path) > 0 {
            found.push(corners(&path));
        }
    }
    found
}

/// Twice the area within a path; below 0 for the edge of a hole.
fn area(path: &[(i64, i64)]) -> i64 {
    (0..path.len())
        .map(|place| {
            let ((ax, ay), (bx, by)) = (path[place], path[(place + 1) % path.len()]);
            ax * by - bx * ay
        })
        .sum()
}

/// The points at which a path turns, in pixels whose middles are whole.
fn corners(path: &[(i64, i64)]) -> Vec<[f64; 2]> {
    let count = path.len();
    let turns = (0..count).filter(|place| {
        let (before, at, after) =
            (path[(place + count - 1) % count], path[*place], path[(place + 1) % count]);
        (at.0 - before.0) * (after.1 - at.1) != (at.1 - before.1) * (after.0 - at.0)
    });
    turns.map(|place| [path[place].0 as f64 - 0.5, path[place].1 as f64 - 0.5]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lesions_are_two_and_their_contours_hold_their_pixels() {
        // A ring over two slices, and a single pixel of another label.
        let mut ids = vec![0u16; 6 * 5 * 2];
        for (x, y) in [(1, 1), (2, 1), (3, 1), (1, 2), (3, 2), (1, 3), (2, 3), (3, 3)] {
            ids[y * 6 + x] = 1;
        }
        ids[(5 + 2) * 6 + 2] = 1;
        ids[4 * 6 + 5] = 2;
        let found = marks(&ids, [6, 5, 2], 3, 1);
        let told: Vec<_> = found.iter().map(|mark| (mark.lesion, mark.slice, mark.points.len())).collect();
        assert_eq!(told, [(Some(1), 1, 4), (Some(1), 2, 4), (Some(2), 1, 4)]);
        assert_eq!(found[0].bounds(), [[0.5, 0.5], [3.5, 3.5]]);
        assert!(found[0].contains([1.0, 2.0]) && !found[0].contains([4.0, 2.0]) && found[0].picture == 3);
        assert!(found[1].contains([2.0, 2.0]) && found[2].contains([5.0, 4.0]));
    }

    #[test]
    fn pixels_that_touch_at_a_corner_are_one_lesion() {
        let found = marks(&[1, 0, 0, 1], [2, 2, 1], 1, 5);
        assert!(found.iter().all(|mark| mark.lesion == Some(5)), "{found:?}");
        let inside = |place| found.iter().filter(|mark| mark.contains(place)).count();
        assert_eq!([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0]].map(inside), [1, 1, 0, 0]);
        assert_eq!(marks(&[0; 4], [2, 2, 1], 1, 1), []);
    }
}
