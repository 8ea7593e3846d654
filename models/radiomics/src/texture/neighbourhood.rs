//! What surrounds each voxel: grey tone difference and dependence matrices (IBSI reference manual, chapters 3.10 and 3.11).

use super::counter::Counter;
use super::directions::{IN_PLANE, IN_SPACE, both_ways};
use super::grey_tone::{GreyTones, Isolated};
use super::matrix::Matrix;
use crate::prepare::GreyLevels;
use std::ops::Range;

/// Both matrices of the same neighbourhoods.
#[derive(Debug, Clone)]
pub(crate) struct Neighbours {
    /// By level and number of dependent voxels, the centre included.
    pub(crate) dependences: Matrix,
    /// Differences from the mean of the neighbours.
    pub(crate) tones: GreyTones,
}

/// Neighbourhoods of the voxels of a range of slices: the 8 around in the slice, or the 26 in space. `alpha` is the largest difference of
/// grey level of a dependent neighbour, `isolated` says whether voxels without neighbours count in the tones.
pub(crate) fn neighbours(
    levels: &GreyLevels,
    slices: Range<usize>,
    in_space: bool,
    alpha: u16,
    isolated: Isolated,
) -> Neighbours {
    let directions = if in_space { both_ways(&IN_SPACE) } else { both_ways(&IN_PLANE) };
    let ways: Vec<isize> = directions.iter().map(|&way| levels.way(way)).collect();
    let length = levels.row_length();
    let expected = length * (levels.dims[1] - 2) * slices.len();
    let mut dependences = Counter::new(usize::from(levels.most) + 1, ways.len() + 2, expected);
    let mut tones = GreyTones::new(levels.most, ways.len(), isolated);
    let (mut same, mut present, mut sum) = (vec![0_u16; length], vec![0_u16; length], vec![0_u32; length]);
    let mut voxels = 0;
    for slice in slices {
        for start in levels.rows(slice) {
            let row = &levels.values[start..start + length];
            if row.iter().all(|&level| level == 0) {
                continue;
            }
            same.fill(0);
            present.fill(0);
            sum.fill(0);
            for &way in &ways {
                let around = &levels.values[start.wrapping_add_signed(way)..][..length];
                for x in 0..length {
                    let (level, other) = (row[x], around[x]);
                    let inside = u16::from(other != 0);
                    same[x] += inside & u16::from(level.abs_diff(other) <= alpha);
                    present[x] += inside;
                    sum[x] += u32::from(other);
                }
            }
            for x in (0..length).filter(|&x| row[x] != 0) {
                voxels += 1;
                dependences.add(u32::from(row[x]), u32::from(same[x]) + 1);
                tones.add(row[x], sum[x], present[x]);
            }
        }
    }
    Neighbours { dependences: dependences.matrix(voxels), tones }
}
