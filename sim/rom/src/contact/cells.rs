//! Which fixed triangles are near a box.

use coxa_geometry::mesh::triangle::Corners;
use coxa_geometry::mesh::winding::Nodes;
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
    /// Where each cell's share of the entries begins; cells along x follow one another.
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

/// A triangle in a cell.
#[derive(Clone, Copy)]
struct Entry {
    extent: Extent,
    triangle: u32,
    /// A bit for each axis along which no earlier cell meets the triangle's box.
    first: u32,
}

impl Cells {
    pub(super) fn new(grid: Nodes, triangles: &[Corners]) -> Self {
        let mut cells = Cells {
            origin: grid.origin.cast(),
            inverse: (1.0 / grid.spacing) as f32,
            dims: grid.dims,
            starts: Vec::new(),
            entries: Vec::new(),
        };
        let extents: Vec<Extent> = triangles.iter().map(|corners| Extent::of(corners, 0.0)).collect();
        // Counted first, then filled from the back of each cell's share.
        let mut starts = vec![0; grid.dims.iter().product::<usize>() + 1];
        for extent in &extents {
            cells.each(extent, |cell, _| starts[cell] += 1);
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let none = Entry { extent: Extent { low: [0.0; 3], high: [0.0; 3] }, triangle: 0, first: 0 };
        let mut entries = vec![none; total as usize];
        for (t, &extent) in extents.iter().enumerate().rev() {
            cells.each(&extent, |cell, first| {
                starts[cell] -= 1;
                entries[starts[cell] as usize] = Entry { extent, triangle: t as u32, first };
            });
        }
        cells.starts = starts;
        cells.entries = entries;
        cells
    }

    /// Calls with every triangle whose box meets this one, once; ends where that returns true, and says whether it did.
    pub(super) fn any_near(&self, extent: &Extent, mut found: impl FnMut(usize) -> bool) -> bool {
        let (low, high) = self.range(extent);
        for k in low[2]..=high[2] {
            for j in low[1]..=high[1] {
                let row = (k * self.dims[1] + j) * self.dims[0];
                let [begin, second, end] = [row + low[0], row + low[0] + 1, row + high[0] + 1]
                    .map(|cell| self.starts[cell] as usize);
                // A triangle counts in the first cell that both boxes meet: along each axis that is its own first, or ours.
                let ours = u32::from(j == low[1]) << 1 | u32::from(k == low[2]) << 2;
                for (entries, ours) in [(begin..second, ours | 1), (second..end, ours)] {
                    for entry in &self.entries[entries] {
                        if extent.overlaps(&entry.extent)
                            && entry.first | ours == 7
                            && found(entry.triangle as usize)
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

    /// Calls with every cell that a box meets, and the axes along which it is the first.
    fn each(&self, extent: &Extent, mut visit: impl FnMut(usize, u32)) {
        let (low, high) = self.range(extent);
        for k in low[2]..=high[2] {
            for j in low[1]..=high[1] {
                for i in low[0]..=high[0] {
                    let first = [i == low[0], j == low[1], k == low[2]];
                    let first = (0..3).fold(0, |bits, axis| bits | u32::from(first[axis]) << axis);
                    visit((k * self.dims[1] + j) * self.dims[0] + i, first);
                }
            }
        }
    }
}
