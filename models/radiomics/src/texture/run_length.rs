//! Grey level run length matrices (IBSI reference manual, chapter 3.7).

use super::counter::Counter;
use super::matrix::Matrix;
use crate::prepare::GreyLevels;
use std::ops::Range;

/// Runs of equal grey levels along a direction within a range of slices, by level and length. Slices are counted from 0; a direction
/// that leaves the slice wants all of them. Each direction leads to a voxel that is later in memory.
pub(crate) fn run_lengths(levels: &GreyLevels, direction: [isize; 3], slices: Range<usize>) -> Matrix {
    let length = levels.row_length();
    let longest = levels.dims.iter().map(|n| n - 2).max().unwrap_or(0);
    let area = length * (levels.dims[1] - 2);
    let way = levels.way(direction).unsigned_abs();
    let values = &levels.values;
    let mut counter = Counter::new(usize::from(levels.most) + 1, longest + 1, area * slices.len());
    // Voxels of each run so far, for the slices of the range and those beside them.
    let slice_size = levels.dims[0] * levels.dims[1];
    let base = slices.start * slice_size;
    let mut runs = vec![0_u32; (slices.len() + 2) * slice_size];
    let mut voxels = 0;
    for slice in slices {
        for start in levels.rows(slice) {
            voxels += values[start..start + length].iter().filter(|&&level| level > 0).count() as u64;
            for at in start..start + length {
                let level = values[at];
                let before = if values[at - way] == level { runs[at - way - base] } else { 0 };
                let run = before + 1;
                runs[at - base] = run;
                let is_end = values[at + way] != level;
                match &mut counter {
                    // Whether a run ends here is a guess that a processor often loses: what does not end counts 0.
                    Counter::Dense { width, counts } => {
                        counts[usize::from(level) * *width + run as usize] += u32::from(is_end);
                    }
                    sparse @ Counter::Sparse(_) if is_end && level > 0 => sparse.add(u32::from(level), run),
                    Counter::Sparse(_) => {}
                }
            }
        }
    }
    let mut matrix = counter.matrix(voxels);
    matrix.entries.retain(|entry| entry.i > 0);
    matrix
}
