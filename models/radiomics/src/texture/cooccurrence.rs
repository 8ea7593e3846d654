//! Grey level co-occurrence matrices (IBSI reference manual, chapter 3.6).

use super::counter::Counter;
use super::matrix::Matrix;
use crate::prepare::GreyLevels;
use std::ops::Range;

/// Pairs of neighbours in a direction within a range of slices, counted both ways, so that the matrix is symmetrical. Slices are
/// counted from 0.
pub(crate) fn cooccurrence(levels: &GreyLevels, direction: [isize; 3], slices: Range<usize>) -> Matrix {
    let size = usize::from(levels.most) + 1;
    let length = levels.row_length();
    let voxels = length * (levels.dims[1] - 2) * slices.len();
    let way = levels.way(direction);
    let mut counter = Counter::new(size, size, voxels);
    for slice in slices {
        for start in levels.rows(slice) {
            let row = &levels.values[start..start + length];
            // The border keeps every neighbour within the array.
            let neighbours = &levels.values[start.wrapping_add_signed(way)..][..length];
            match &mut counter {
                Counter::Dense { width, counts } => {
                    for (&a, &b) in row.iter().zip(neighbours) {
                        if a > 0 {
                            counts[usize::from(a) * *width + usize::from(b)] += 1;
                        }
                    }
                }
                sparse @ Counter::Sparse(_) => {
                    for (&a, &b) in row.iter().zip(neighbours) {
                        if a > 0 && b > 0 {
                            sparse.add(u32::from(a), u32::from(b));
                        }
                    }
                }
            }
        }
    }
    let mut matrix = counter.matrix(0);
    matrix.entries.retain(|entry| entry.j > 0);
    let mut other_way = matrix.clone();
    other_way.entries.iter_mut().for_each(|entry| std::mem::swap(&mut entry.i, &mut entry.j));
    Matrix::sum([&matrix, &other_way])
}
