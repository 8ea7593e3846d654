//! Grey level run length matrices (IBSI reference manual, chapter 3.7).

use super::counter::Counter;
use super::matrix::Matrix;
use crate::prepare::GreyLevels;
use std::ops::Range;

/// Runs of equal grey levels along a direction within a range of slices, by level and length. Slices are counted from 0; a direction
/// that leaves the slice wants all of them.
pub(crate) fn run_lengths(levels: &GreyLevels, direction: [isize; 3], slices: Range<usize>) -> Matrix {
    let length = levels.row_length();
    let longest = levels.dims.iter().map(|n| n - 2).max().unwrap_or(0);
    let area = length * (levels.dims[1] - 2);
    let way = levels.way(direction);
    let values = &levels.values;
    let mut counter = Counter::new(usize::from(levels.most) + 1, longest + 1, area * slices.len());
    let mut voxels = 0_u64;
    for slice in slices {
        for start in levels.rows(slice) {
            let row = &values[start..start + length];
            let before = &values[start.wrapping_add_signed(-way)..][..length];
            for (x, (&level, &before)) in row.iter().zip(before).enumerate() {
                if level == 0 {
                    continue;
                }
                voxels += 1;
                if before == level {
                    continue;
                }
                let (mut run, mut at) = (1, (start + x).wrapping_add_signed(way));
                while values[at] == level {
                    run += 1;
                    at = at.wrapping_add_signed(way);
                }
                counter.add(u32::from(level), run);
            }
        }
    }
    counter.matrix(voxels)
}
