//! Sets of voxels: connected parts, dilation and closing by true distance, holes.

use super::field::{Field, Lattice};
use coxa_imaging::distance::squared_distance;
use rayon::prelude::*;

/// Face-connected parts of a set, largest first; equally large ones in the order of their first voxel.
pub(super) fn parts(set: &Field<bool>) -> Vec<Vec<u32>> {
    let mut seen = vec![false; set.data.len()];
    let mut parts = Vec::new();
    for start in 0..set.data.len() {
        if set.data[start] && !seen[start] {
            parts.push(flood(&set.lattice, &[start as u32], &mut seen, |n| set.data[n]));
        }
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

/// All voxels that can be reached from `starts` over faces through voxels that are `open` and not yet `seen`.
pub(super) fn flood(
    lattice: &Lattice,
    starts: &[u32],
    seen: &mut [bool],
    open: impl Fn(usize) -> bool,
) -> Vec<u32> {
    let mut reached = Vec::new();
    for &start in starts {
        let n = start as usize;
        if !seen[n] && open(n) {
            seen[n] = true;
            reached.push(start);
        }
    }
    let mut next = 0;
    while next < reached.len() {
        let n = reached[next] as usize;
        next += 1;
        for m in lattice.neighbours(n) {
            if !seen[m] && open(m) {
                seen[m] = true;
                reached.push(m as u32);
            }
        }
    }
    reached
}

/// Voxels within `radius_mm` of a set.
pub(super) fn dilated(set: &Field<bool>, radius_mm: f64) -> Field<bool> {
    let reach = (radius_mm * radius_mm) as f32 * 1.000_01;
    let distance = squared_distance(&set.data, set.lattice.dims, [set.lattice.step; 3]);
    Field { lattice: set.lattice, data: distance.iter().map(|&d| d <= reach).collect() }
}

/// Voxels of a set farther than `radius_mm` from everything outside it; the world beyond the lattice counts as
/// inside, so that a bone cut by the end of the scan is not eroded there.
pub(super) fn eroded(set: &Field<bool>, radius_mm: f64) -> Field<bool> {
    let outside = Field { lattice: set.lattice, data: set.data.iter().map(|&inside| !inside).collect() };
    let near = dilated(&outside, radius_mm);
    Field { lattice: set.lattice, data: near.data.iter().map(|&near| !near).collect() }
}

/// Dilation and erosion by the same radius: closes gaps and pores narrower than twice the radius.
pub(super) fn closed(set: &Field<bool>, radius_mm: f64) -> Field<bool> {
    let mut result = eroded(&dilated(set, radius_mm), radius_mm);
    for (result, &set) in result.data.iter_mut().zip(&set.data) {
        *result |= set;
    }
    result
}

/// Fills cavities that do not reach the border of the lattice.
pub(super) fn fill_cavities(set: &mut Field<bool>) {
    let lattice = set.lattice;
    let [nx, ny, nz] = lattice.dims;
    let mut border = Vec::new();
    for n in 0..lattice.len() {
        let [x, y, z] = lattice.cell(n);
        if x == 0 || y == 0 || z == 0 || x + 1 == nx || y + 1 == ny || z + 1 == nz {
            border.push(n as u32);
        }
    }
    let mut outside = vec![false; lattice.len()];
    flood(&lattice, &border, &mut outside, |n| !set.data[n]);
    for (inside, &outside) in set.data.iter_mut().zip(&outside) {
        *inside = !outside;
    }
}

/// Fills holes of at most `max_area_mm2` in every axial slice: a tube of cortex is closed by no third dimension.
pub(super) fn fill_axial_holes(set: &mut Field<bool>, max_area_mm2: f64) {
    let [nx, ny, _] = set.lattice.dims;
    let most = (max_area_mm2 / (set.lattice.step * set.lattice.step)) as usize;
    set.data.par_chunks_mut((nx * ny).max(1)).for_each(|slice| {
        let mut seen = slice.to_vec();
        let mut region = Vec::new();
        for start in 0..slice.len() {
            if seen[start] {
                continue;
            }
            region.clear();
            region.push(start);
            seen[start] = true;
            let mut open = false;
            let mut next = 0;
            while next < region.len() {
                let n = region[next];
                next += 1;
                let (x, y) = (n % nx, n / nx);
                open |= x == 0 || y == 0 || x + 1 == nx || y + 1 == ny;
                let beside = [
                    (x > 0).then(|| n - 1),
                    (x + 1 < nx).then_some(n + 1),
                    (y > 0).then(|| n - nx),
                    (y + 1 < ny).then_some(n + nx),
                ];
                for m in beside.into_iter().flatten() {
                    if !seen[m] {
                        seen[m] = true;
                        region.push(m);
                    }
                }
            }
            if !open && region.len() <= most {
                for &n in &region {
                    slice[n] = true;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Point3, Vector3};

    fn ball(n: usize, step: f64, inside: impl Fn(f64) -> bool) -> Field<bool> {
        let half = (n - 1) as f64 * step / 2.0;
        let lattice = Lattice { dims: [n; 3], origin: Point3::from(Vector3::repeat(-half)), step };
        Field { lattice, data: (0..lattice.len()).map(|v| inside(lattice.place(v).coords.norm())).collect() }
    }

    #[test]
    fn a_ball_grows_and_shrinks_by_the_radius() {
        let of = |radius: f64| ball(41, 0.5, move |r| r <= radius);
        assert_eq!(dilated(&of(4.0), 0.0).data, of(4.0).data);
        // Grown and shrunk again, a convex body is what it was.
        assert_eq!(closed(&of(5.0), 2.0).data, of(5.0).data);
        let grown = dilated(&of(4.0), 3.0);
        let (inner, outer) = (of(6.5), of(7.0));
        assert!((0..grown.data.len()).all(|n| !inner.data[n] || grown.data[n]));
        assert!((0..grown.data.len()).all(|n| !grown.data[n] || outer.data[n]));
    }

    #[test]
    fn closed_shells_are_filled_and_open_ones_are_not() {
        let mut shell = ball(21, 1.0, |r| (6.0..8.0).contains(&r));
        let mut open = shell.clone();
        for z in 0..21 {
            let n = open.lattice.index([10, 10, z]);
            open.data[n] = false;
        }
        let before = open.data.clone();
        fill_cavities(&mut shell);
        assert_eq!(shell.data, ball(21, 1.0, |r| r < 8.0).data);
        fill_cavities(&mut open);
        assert_eq!(open.data, before);
        fill_axial_holes(&mut open, 1e4);
        assert!(open.data[open.lattice.index([10, 10, 10])], "in axial slices it is a ring all the same");
    }

    #[test]
    fn parts_come_largest_first() {
        let lattice = Lattice { dims: [7, 1, 1], origin: Point3::origin(), step: 1.0 };
        let set = Field { lattice, data: [true, false, true, true, true, false, true].into() };
        assert_eq!(parts(&set), [vec![2, 3, 4], vec![0], vec![6]]);
    }
}
