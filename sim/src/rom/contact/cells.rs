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
        let (below, above) = (|x: f64| (x - margin) as f32, |x: f64| (x + margin) as f32);
        Extent {
            low: [below(low.x), below(low.y), below(low.z)],
            high: [above(high.x), above(high.y), above(high.z)],
        }
    }

    #[inline(always)]
    fn overlaps(&self, other: &Extent) -> bool {
        // Without short cuts: six comparisons cost less than one wrong guess.
        let mut apart = false;
        for i in 0..3 {
            apart |= (self.low[i] > other.high[i]) | (other.low[i] > self.high[i]);
        }
        !apart
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
            cells.each(extent, |cell| starts[cell] += 1);
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut list = vec![0; total as usize];
        for (t, extent) in extents.iter().enumerate().rev() {
            cells.each(extent, |cell| {
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
        let (low, high) = self.range(extent);
        for k in low[2]..=high[2] {
            for j in low[1]..=high[1] {
                let row = (k * self.dims[1] + j) * self.dims[0];
                for i in low[0]..=high[0] {
                    let list = self.starts[row + i] as usize..self.starts[row + i + 1] as usize;
                    for &t in &self.triangles[list] {
                        let other = &self.extents[t as usize];
                        // In the first cell that both boxes meet, so that it counts once.
                        if extent.overlaps(other)
                            && i == low[0].max(self.cell(0, other.low[0]))
                            && j == low[1].max(self.cell(1, other.low[1]))
                            && k == low[2].max(self.cell(2, other.low[2]))
                            && found(t as usize)
                        {
                            return true;
                        }
                    }
                }
            }
        }
        false
    }

    #[inline(always)]
    fn cell(&self, axis: usize, x: f32) -> usize {
        (((x - self.origin[axis]) * self.inverse).max(0.0) as usize).min(self.dims[axis] - 1)
    }

    #[inline(always)]
    fn range(&self, extent: &Extent) -> ([usize; 3], [usize; 3]) {
        let (low, high) = (&extent.low, &extent.high);
        (
            [self.cell(0, low[0]), self.cell(1, low[1]), self.cell(2, low[2])],
            [self.cell(0, high[0]), self.cell(1, high[1]), self.cell(2, high[2])],
        )
    }

    fn each(&self, extent: &Extent, mut visit: impl FnMut(usize)) {
        let (low, high) = self.range(extent);
        for k in low[2]..=high[2] {
            for j in low[1]..=high[1] {
                for i in low[0]..=high[0] {
                    visit((k * self.dims[1] + j) * self.dims[0] + i);
                }
            }
        }
    }
}
