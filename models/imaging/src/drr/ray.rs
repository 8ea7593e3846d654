//! One ray through a volume.

use crate::{CtVolume, Grid};
use coxa_geometry::{Point, Vector, frame};
use nalgebra::Vector3;

/// Adds up voxels along rays.
pub(super) struct Tracer<'a> {
    values: &'a [i16],
    grid: &'a Grid,
    stride: [usize; 3],
}

impl<'a> Tracer<'a> {
    pub(super) fn new(ct: &'a CtVolume) -> Self {
        let [ni, nj, _] = ct.grid.dims;
        Tracer { values: ct.as_slice(), grid: &ct.grid, stride: [1, ni, ni * nj] }
    }

    /// The integral of `max(HU + 1000, 0)` over the path in millimetres, along `start + t * direction` for t from
    /// `from` to `to`.
    pub(super) fn integral(
        &self,
        start: Point<frame::Patient>,
        direction: Vector<frame::Patient>,
        from: f64,
        to: f64,
    ) -> f64 {
        // In voxels, such that voxel n reaches from n to n + 1.
        let first = self.grid.to_voxel(start).coords().coords + Vector3::repeat(0.5);
        let step = self.grid.to_voxel(self.grid.origin + direction).coords().coords;
        let Some((from, to)) = self.clip(&first, &step, from, to) else { return 0.0 };

        let a = step.iamax();
        let (b, c) = ((a + 1) % 3, (a + 2) % 3);
        // From here on the ray is followed by its coordinate x along axis a, upwards.
        let along = |axis: usize| {
            let slope = step[axis] / step[a];
            Line { slope, at_zero: first[axis] - slope * first[a], last: self.grid.dims[axis] - 1 }
        };
        let (in_a, out_a) = (first[a] + from * step[a], first[a] + to * step[a]);
        let path = Path {
            values: self.values,
            stride: [self.stride[a], self.stride[b], self.stride[c]],
            b: along(b),
            c: along(c),
            last: self.grid.dims[a] - 1,
        };
        let in_voxels = path.integral(in_a.min(out_a), in_a.max(out_a));
        in_voxels * direction.norm() / step[a].abs()
    }

    /// The part of the ray within the volume.
    fn clip(
        &self,
        first: &Vector3<f64>,
        step: &Vector3<f64>,
        mut from: f64,
        mut to: f64,
    ) -> Option<(f64, f64)> {
        if !step.iter().chain(first).all(|c| c.is_finite()) || step.norm_squared() == 0.0 {
            return None;
        }
        for axis in 0..3 {
            let extent = self.grid.dims[axis] as f64;
            if step[axis] == 0.0 {
                if first[axis] < 0.0 || first[axis] >= extent {
                    return None;
                }
                continue;
            }
            let (low, high) = (-first[axis] / step[axis], (extent - first[axis]) / step[axis]);
            from = from.max(low.min(high));
            to = to.min(low.max(high));
        }
        (from < to).then_some((from, to))
    }
}

/// A coordinate of the ray as a function of x.
struct Line {
    slope: f64,
    at_zero: f64,
    last: usize,
}

impl Line {
    #[inline(always)]
    fn voxel(&self, x: f64) -> usize {
        // The cast makes the slightly negative of rounding 0.
        ((self.at_zero + self.slope * x) as usize).min(self.last)
    }

    /// Where the border between two neighbouring voxels is crossed, within a slab.
    #[inline(always)]
    fn border(&self, one: usize, other: usize, begin: f64, end: f64) -> f64 {
        ((one.max(other) as f64 - self.at_zero) / self.slope).max(begin).min(end)
    }
}

/// A ray with the axis that it is nearest to, and its course along the others.
struct Path<'a> {
    values: &'a [i16],
    stride: [usize; 3],
    b: Line,
    c: Line,
    last: usize,
}

impl Path<'_> {
    /// From one x to another, in voxels along the axis.
    fn integral(&self, begin: f64, end: f64) -> f64 {
        let first = (begin as usize).min(self.last);
        let last = (end as usize).min(self.last);
        let mut at = (self.b.voxel(begin), self.c.voxel(begin));
        // Slabs that are crossed within one voxel need no fractions.
        let mut whole = 0_i64;
        let mut parts = 0.0;
        for slab in first..=last {
            let low = if slab == first { begin } else { slab as f64 };
            let high = if slab == last { end } else { (slab + 1) as f64 };
            let next = (self.b.voxel(high), self.c.voxel(high));
            if next == at && slab != first && slab != last {
                whole += i64::from(self.density(slab, at));
            } else {
                parts += self.slab(slab, low, high, at, next);
            }
            at = next;
        }
        whole as f64 + parts
    }

    /// The part of a ray in one slab, from voxel `at` to voxel `next` along b and c.
    fn slab(&self, slab: usize, low: f64, high: f64, at: (usize, usize), next: (usize, usize)) -> f64 {
        let over = |length: f64, voxel: (usize, usize)| length * f64::from(self.density(slab, voxel));
        match (at.0 == next.0, at.1 == next.1) {
            (true, true) => over(high - low, at),
            (false, true) => {
                let x = self.b.border(at.0, next.0, low, high);
                over(x - low, at) + over(high - x, next)
            }
            (true, false) => {
                let x = self.c.border(at.1, next.1, low, high);
                over(x - low, at) + over(high - x, next)
            }
            (false, false) => {
                let x_b = self.b.border(at.0, next.0, low, high);
                let x_c = self.c.border(at.1, next.1, low, high);
                let between = if x_b < x_c { (next.0, at.1) } else { (at.0, next.1) };
                let (x, y) = (x_b.min(x_c), x_b.max(x_c));
                over(x - low, at) + over(y - x, between) + over(high - y, next)
            }
        }
    }

    #[inline(always)]
    fn density(&self, slab: usize, (b, c): (usize, usize)) -> i32 {
        let hu = self.values[slab * self.stride[0] + b * self.stride[1] + c * self.stride[2]];
        (i32::from(hu) + 1000).max(0)
    }
}
