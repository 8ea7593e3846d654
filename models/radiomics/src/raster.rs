//! Voxels on an axis-aligned grid, as features see them: rotation and place in the patient change no feature.

/// Voxels with x (the grid's i) fastest, then y, then z.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Raster<T> {
    /// Number of voxels along x, y and z.
    pub(crate) dims: [usize; 3],
    /// Distance of voxel centres in millimetres.
    pub(crate) spacing_mm: [f64; 3],
    /// Values in memory order.
    pub(crate) values: Vec<T>,
}

impl<T: Copy> Raster<T> {
    /// Index into `values`.
    pub(crate) fn index(&self, [x, y, z]: [usize; 3]) -> usize {
        (z * self.dims[1] + y) * self.dims[0] + x
    }

    /// Value of a voxel.
    #[cfg(test)]
    pub(crate) fn at(&self, at: [usize; 3]) -> T {
        self.values[self.index(at)]
    }

    /// Volume of a voxel, mm³.
    pub(crate) fn voxel_volume_mm3(&self) -> f64 {
        self.spacing_mm.iter().product()
    }

    /// The rows along x, each with its y and z.
    pub(crate) fn rows(&self) -> impl Iterator<Item = ([usize; 2], &[T])> + '_ {
        let [nx, ny, _] = self.dims;
        self.values
            .chunks_exact(nx.max(1))
            .enumerate()
            .map(move |(row, values)| ([row % ny, row / ny], values))
    }

    /// The voxels of a box: first voxel and number of voxels along each axis.
    pub(crate) fn cropped(&self, first: [usize; 3], dims: [usize; 3]) -> Raster<T> {
        let mut values = Vec::with_capacity(dims.iter().product());
        for z in first[2]..first[2] + dims[2] {
            for y in first[1]..first[1] + dims[1] {
                let start = self.index([first[0], y, z]);
                values.extend_from_slice(&self.values[start..start + dims[0]]);
            }
        }
        Raster { dims, spacing_mm: self.spacing_mm, values }
    }
}

impl Raster<bool> {
    /// Number of voxels inside.
    pub(crate) fn count(&self) -> usize {
        self.values.iter().filter(|&&inside| inside).count()
    }

    /// First voxel and number of voxels along each axis of the smallest box around the voxels inside.
    pub(crate) fn bounding_box(&self) -> Option<([usize; 3], [usize; 3])> {
        let (mut low, mut high) = ([usize::MAX; 3], [0; 3]);
        for ([y, z], row) in self.rows() {
            let Some(first) = row.iter().position(|&inside| inside) else { continue };
            let last = row.iter().rposition(|&inside| inside).unwrap_or(first);
            for (axis, (from, to)) in [(first, last), (y, y), (z, z)].into_iter().enumerate() {
                low[axis] = low[axis].min(from);
                high[axis] = high[axis].max(to);
            }
        }
        (low[0] != usize::MAX).then(|| (low, std::array::from_fn(|axis| high[axis] - low[axis] + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_holds_the_voxels_inside_and_no_more() {
        let mut mask = Raster { dims: [4, 3, 2], spacing_mm: [1.0; 3], values: vec![false; 24] };
        assert_eq!(mask.bounding_box(), None);
        for at in [[1, 2, 0], [3, 1, 1]] {
            let index = mask.index(at);
            mask.values[index] = true;
        }
        let (first, dims) = mask.bounding_box().unwrap();
        assert_eq!((first, dims), ([1, 1, 0], [3, 2, 2]));
        let part = mask.cropped(first, dims);
        assert_eq!(part.count(), 2);
        assert!(part.at([0, 1, 0]) && part.at([2, 0, 1]));
    }
}
