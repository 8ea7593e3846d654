//! Linear interpolation between grids whose axes are parallel: one axis after the other.
//!
//! Each slice of the result is blended from two slices, each row of it from two rows, and only the last axis needs a
//! look-up per voxel. Slices and rows are blended on whole vector registers.

use super::interpolated::{Interpolated, filled};
use crate::{Grid, Volume};
use rayon::prelude::*;
use std::ops::Range;

/// How far a place may be off, in voxels, for axes to count as parallel.
const TOLERANCE: f64 = 1e-4;

/// Where the voxels of the new grid lie along one axis of the old.
pub(super) struct Axis {
    /// The new voxels that lie within the old grid.
    covered: Range<usize>,
    /// For each covered one the old voxel before it, and how far it is beyond, from 0 to 1.
    places: Vec<(u32, f32)>,
}

impl Axis {
    /// The three axes; `None` where they are not parallel in this order.
    pub(super) fn between(old: &Grid, new: &Grid) -> Option<[Axis; 3]> {
        let index = |at: [f64; 3]| {
            old.to_voxel(new.to_patient(coxa_geometry::Point::from_coords(at.into()))).coords()
        };
        let first = index([0.0; 3]);
        let mut axes = Vec::with_capacity(3);
        for axis in 0..3 {
            let mut at = [0.0; 3];
            at[axis] = 1.0;
            let step = index(at) - first;
            let across = (0..3).filter(|&n| n != axis).map(|n| step[n].abs()).fold(0.0, f64::max);
            let off = across * new.dims[axis] as f64;
            if off.is_nan() || off > TOLERANCE {
                return None;
            }
            axes.push(Axis::new(first[axis], step[axis], old.dims[axis], new.dims[axis]));
        }
        axes.try_into().ok()
    }

    fn new(first: f64, step: f64, old: usize, new: usize) -> Self {
        let last = old as f64 - 1.0;
        let place = |n: usize| first + step * n as f64;
        let within = |n: &usize| place(*n) >= -0.5 && place(*n) <= last + 0.5;
        let begin = (0..new).find(within).unwrap_or(new);
        let end = (begin..new).find(|n| !within(n)).unwrap_or(new);
        let places = (begin..end)
            .map(|n| {
                let at = place(n).clamp(0.0, last);
                let before = (at as usize).min(old.saturating_sub(2));
                (before as u32, (at - before as f64) as f32)
            })
            .collect();
        Axis { covered: begin..end, places }
    }

    /// Number and place of the covered voxels.
    fn covered(&self) -> impl Iterator<Item = (usize, (u32, f32))> {
        self.covered.clone().zip(self.places.iter().copied())
    }
}

pub(super) fn linear<T: Interpolated>(volume: &Volume<T>, grid: &Grid, axes: &[Axis; 3]) -> Volume<T> {
    let [along_i, along_j, along_k] = axes;
    let [ni, nj, nk] = volume.grid.dims;
    let values = volume.as_slice();
    let mut out = filled(grid, T::OUTSIDE);
    let slice = grid.dims[0] * grid.dims[1];
    let covered: Vec<_> = along_k.covered().collect();
    let first = along_k.covered.start * slice;
    let slices = &mut out.as_mut_slice()[first..first + covered.len() * slice];
    slices.par_chunks_mut(slice).zip(covered).for_each_init(
        || (vec![0.0_f32; ni * nj], vec![0.0_f32; ni + 1]),
        |(blended, row), (out, (_, (k, part)))| {
            let k = k as usize;
            let (a, b) = (&values[k * ni * nj..], &values[(k + 1).min(nk - 1) * ni * nj..]);
            blend(blended, a, b, part);
            for (j, (from, part)) in along_j.covered() {
                let from = from as usize;
                let (a, b) = (&blended[from * ni..], &blended[(from + 1).min(nj - 1) * ni..]);
                blend(&mut row[..ni], a, b, part);
                // A spare value at the end, so that the look-up needs no case for a single voxel.
                row[ni] = row[ni - 1];
                let out = &mut out[j * grid.dims[0]..][along_i.covered.clone()];
                for (voxel, &(from, part)) in out.iter_mut().zip(&along_i.places) {
                    let (a, b) = (row[from as usize], row[from as usize + 1]);
                    *voxel = T::from_f32(a + (b - a) * part);
                }
            }
        },
    );
    out
}

fn blend<T: Interpolated>(out: &mut [f32], a: &[T], b: &[T], part: f32) {
    for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
        let (a, b) = (a.to_f32(), b.to_f32());
        *out = a + (b - a) * part;
    }
}
