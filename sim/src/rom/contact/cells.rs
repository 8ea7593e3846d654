//! Which fixed triangles are near a box.

use super::field::Grid;
use coxa_geometry::mesh::triangle::Corners;
use nalgebra::Vector3;

/// An axis-aligned box.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    pub(super) low: [f32; 3],
    pub(super) high: [f32; 3],
}

impl Extent {
    /// The box of a triangle, grown by a margin and by what single precision may lose.
    pub(super) fn of(corners: &Corners, margin: f64) -> Self {
        let [a, b, c] = corners;
        let (low, high) = (a.inf(b).inf(c), a.sup(b).sup(c));
        let margin = margin + 1e-4;
        Extent {
            low: [0, 1, 2].map(|i| (low[i] - margin) as f32),
            high: [0, 1, 2].map(|i| (high[i] + margin) as f32),
        }
    }

    fn overlaps(&self, other: &Extent) -> bool {
        (0..3).all(|i| self.low[i] <= other.high[i] && other.low[i] <= self.high[i])
    }
}

/// The cells of a grid, each with the triangles whose boxes it meets.
pub(super) struct Cells {
    origin: Vector3<f32>,
    inverse: f32,
    dims: [usize; 3],
    starts: Vec<u32>,
    triangles: Vec<u32>,
    extents: Vec<Extent>,
}

impl Cells {
    pub(super) fn new(grid: Grid, triangles: &[Corners]) -> Self {
        let mut cells = Cells {
            origin: grid.origin.cast(),
            inverse: (1.0 / grid.spacing) as f32,
            dims: grid.dims,
            starts: vec![0; grid.dims.iter().product::<usize>() + 1],
            triangles: Vec::new(),
            extents: triangles.iter().map(|corners| Extent::of(corners, 0.0)).collect(),
        };
        let extents = std::mem::take(&mut cells.extents);
        // Counted first, then filled from the back of each cell's share.
        let mut starts = std::mem::take(&mut cells.starts);
        for extent in &extents {
            cells.each(extent, |cell, _| starts[cell] += 1);
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut list = vec![0; total as usize];
        for (t, extent) in extents.iter().enumerate().rev() {
            cells.each(extent, |cell, _| {
                starts[cell] -= 1;
                list[starts[cell] as usize] = t as u32;
            });
        }
        cells.starts = starts;
        cells.triangles = list;
        cells.extents = extents;
        cells
    }

    /// Calls with every triangle whose box meets this one, once; ends where that returns true, and says whether it did.
    pub(super) fn any_near(&self, extent: &Extent, mut found: impl FnMut(usize) -> bool) -> bool {
        let first = self.range(extent).map(|r| r.0);
        let mut ended = false;
        self.each(extent, |cell, at| {
            if ended {
                return;
            }
            let list = self.starts[cell] as usize..self.starts[cell + 1] as usize;
            for &t in &self.triangles[list] {
                let other = &self.extents[t as usize];
                // In the first cell that both boxes meet, so that it counts once.
                let once = extent.overlaps(other)
                    && (0..3).all(|i| at[i] == first[i].max(self.cell(i, other.low[i])));
                if once && found(t as usize) {
                    ended = true;
                    return;
                }
            }
        });
        ended
    }

    fn cell(&self, axis: usize, x: f32) -> usize {
        (((x - self.origin[axis]) * self.inverse).max(0.0) as usize).min(self.dims[axis] - 1)
    }

    fn range(&self, extent: &Extent) -> [(usize, usize); 3] {
        [0, 1, 2].map(|i| (self.cell(i, extent.low[i]), self.cell(i, extent.high[i])))
    }

    #[inline]
    fn each(&self, extent: &Extent, mut visit: impl FnMut(usize, [usize; 3])) {
        let [x, y, z] = self.range(extent);
        for k in z.0..=z.1 {
            for j in y.0..=y.1 {
                for i in x.0..=x.1 {
                    visit((k * self.dims[1] + j) * self.dims[0] + i, [i, j, k]);
                }
            }
        }
    }
}
