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
            Line {
                inverse: slope.recip(),
                slope,
                at_zero: first[axis] - slope * first[a],
                voxels: self.grid.dims[axis],
            }
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
    inverse: f64,
    at_zero: f64,
    voxels: usize,
}

impl Line {
    /// The voxel at x; rounding may put the ends of the ray just outside.
    fn voxel(&self, x: f64) -> usize {
        ((self.at_zero + self.slope * x) as usize).min(self.voxels - 1)
    }

    /// The x at which the ray leaves a voxel.
    #[inline(always)]
    fn exit(&self, voxel: usize) -> f64 {
        if self.slope == 0.0 {
            return f64::INFINITY;
        }
        let border = if self.slope > 0.0 { voxel + 1 } else { voxel };
        (border as f64 - self.at_zero) * self.inverse
    }

    /// The voxel after one that the ray leaves; `None` outside the volume.
    #[inline(always)]
    fn next(&self, voxel: usize) -> Option<usize> {
        if self.slope > 0.0 { Some(voxel + 1).filter(|&v| v < self.voxels) } else { voxel.checked_sub(1) }
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
    /// From one x to another, in voxels along the axis. Between two crossings of a border along b or c the ray runs
    /// through one column of voxels.
    fn integral(&self, begin: f64, end: f64) -> f64 {
        let mut sum = 0.0;
        let mut x = begin;
        let (mut b, mut c) = (self.b.voxel(x), self.c.voxel(x));
        let (mut exit_b, mut exit_c) = (self.b.exit(b), self.c.exit(c));
        loop {
            let to = exit_b.min(exit_c).min(end).max(x);
            sum += self.column(x, to, b * self.stride[1] + c * self.stride[2]);
            if to >= end {
                return sum;
            }
            if exit_b <= exit_c {
                let Some(next) = self.b.next(b) else { return sum };
                (b, exit_b) = (next, self.b.exit(next));
            } else {
                let Some(next) = self.c.next(c) else { return sum };
                (c, exit_c) = (next, self.c.exit(next));
            }
            x = to;
        }
    }

    /// From one x to another within a column of voxels that begins at `base`.
    #[inline(always)]
    fn column(&self, begin: f64, end: f64, base: usize) -> f64 {
        let density = |&hu: &i16| (i32::from(hu) + 1000).max(0);
        let at = |slab: usize| f64::from(self.values.get(base + slab * self.stride[0]).map_or(0, density));
        let (first, last) = ((begin as usize).min(self.last), (end as usize).min(self.last));
        if first == last {
            return (end - begin) * at(first);
        }
        let between = self.values.get(base + (first + 1) * self.stride[0]..).unwrap_or_default();
        let whole: i64 = between
            .iter()
            .step_by(self.stride[0])
            .take(last - first - 1)
            .map(|hu| i64::from(density(hu)))
            .sum();
        ((first + 1) as f64 - begin) * at(first) + whole as f64 + (end - last as f64) * at(last)
    }
}
