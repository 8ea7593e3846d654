//! Zones of equal grey level: size and distance zone matrices (IBSI reference manual, chapters 3.8 and 3.9).

use super::directions::{IN_PLANE, IN_SPACE, both_ways};
use super::matrix::{Matrix, place};
use crate::prepare::GreyLevels;
use crate::raster::Raster;
use std::ops::Range;

/// Both matrices of the same zones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Zones {
    /// By level and number of voxels.
    pub(crate) sizes: Matrix,
    /// By level and least distance from the border of the region; empty where no distances were given.
    pub(crate) distances: Matrix,
}

/// Zones of voxels that touch by a face, edge or corner: within each slice of a range, or in space. `distances` are as long as the levels.
pub(crate) fn zones(
    levels: &GreyLevels,
    distances: Option<&[u32]>,
    slices: Range<usize>,
    in_space: bool,
) -> Zones {
    let directions = if in_space { both_ways(&IN_SPACE) } else { both_ways(&IN_PLANE) };
    let ways: Vec<isize> = directions.iter().map(|&way| levels.way(way)).collect();
    let slice_size = levels.dims[0] * levels.dims[1];
    // A slice of its own needs no copy of the others.
    let offset = if in_space { 0 } else { slices.start * slice_size };
    let end = if in_space { levels.values.len() } else { (slices.end + 2) * slice_size };
    let mut open = levels.values[offset..end].to_vec();
    let (mut sizes, mut nearest, mut waiting, mut voxels) = (Vec::new(), Vec::new(), Vec::new(), 0_u64);
    for slice in slices {
        for start in levels.rows(slice).map(|start| start - offset) {
            for first in start..start + levels.row_length() {
                let level = open[first];
                if level == 0 {
                    continue;
                }
                open[first] = 0;
                waiting.push(first);
                let (mut size, mut least) = (0_u32, u32::MAX);
                while let Some(at) = waiting.pop() {
                    size += 1;
                    if let Some(distances) = distances {
                        least = least.min(distances[at + offset]);
                    }
                    for &way in &ways {
                        let next = at.wrapping_add_signed(way);
                        if open[next] == level {
                            open[next] = 0;
                            waiting.push(next);
                        }
                    }
                }
                voxels += u64::from(size);
                sizes.push(place(u32::from(level), size));
                if distances.is_some() {
                    nearest.push(place(u32::from(level), least));
                }
            }
        }
    }
    Zones { sizes: Matrix::from_places(sizes, voxels), distances: Matrix::from_places(nearest, voxels) }
}

/// City-block distance of each voxel to the next voxel outside the morphological mask, beyond the image included; within slices or in
/// space. As long as the levels; 0 outside.
pub(crate) fn border_distances(levels: &GreyLevels, mask: &Raster<bool>, in_space: bool) -> Vec<u32> {
    // The morphological mask is as large as the intensity mask or larger: distances are taken in the box around it.
    let Some((first, inner)) = mask.bounding_box() else { return vec![0; levels.values.len()] };
    let dims = inner.map(|n| n + 2);
    let mut distance = vec![0_u32; dims.iter().product()];
    let index = |x: usize, y: usize, z: usize| (z * dims[1] + y) * dims[0] + x;
    for z in 0..inner[2] {
        for y in 0..inner[1] {
            let from = mask.index([first[0], first[1] + y, first[2] + z]);
            let to = index(1, y + 1, z + 1);
            for x in 0..inner[0] {
                distance[to + x] = if mask.values[from + x] { u32::MAX - 1 } else { 0 };
            }
        }
    }
    let axes = if in_space { 3 } else { 2 };
    let way = [1, dims[0], dims[0] * dims[1]];
    for &way in &way[..axes] {
        for at in way..distance.len() {
            distance[at] = distance[at].min(distance[at - way] + 1);
        }
        for at in (0..distance.len() - way).rev() {
            distance[at] = distance[at].min(distance[at + way] + 1);
        }
    }
    let mut of_levels = vec![0; levels.values.len()];
    let shift: [usize; 3] = std::array::from_fn(|axis| levels.first[axis] - first[axis]);
    let [nx, ny, nz] = levels.dims.map(|n| n - 2);
    for z in 1..=nz {
        for y in 1..=ny {
            let to = (z * levels.dims[1] + y) * levels.dims[0] + 1;
            let from = index(1 + shift[0], y + shift[1], z + shift[2]);
            of_levels[to..to + nx].copy_from_slice(&distance[from..from + nx]);
        }
    }
    of_levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::discretise;
    use crate::settings::{Discretisation, Settings};

    #[test]
    fn a_cube_in_a_cube() {
        let dims = [5, 5, 5];
        let mut values = vec![1.0; 125];
        values[62] = 2.0;
        let image = Raster { dims, spacing_mm: [1.0; 3], values };
        let mask = Raster { dims, spacing_mm: [1.0; 3], values: vec![true; 125] };
        let settings = Settings { discretisation: Discretisation::None, ..Settings::default() };
        let levels = discretise(&image, &mask, &settings).unwrap();
        let distances = border_distances(&levels, &mask, true);
        let found = zones(&levels, Some(&distances), 0..5, true);
        assert_eq!(found.sizes, Matrix::from_places(vec![place(1, 124), place(2, 1)], 125));
        assert_eq!(found.distances, Matrix::from_places(vec![place(1, 1), place(2, 3)], 125));
        let slice = zones(&levels, None, 2..3, false);
        assert_eq!(slice.sizes, Matrix::from_places(vec![place(1, 24), place(2, 1)], 25));
    }
}
