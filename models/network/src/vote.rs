//! From the network's grid back to that of the CT.

use super::manifest::TensorAxis;
use super::windows::Decision;
use coxa_geometry::{Point, frame};
use coxa_imaging::{Grid, Volume};
use ndarray::Array3;
use rayon::prelude::*;

/// What the network said, on the way back to the CT.
pub(super) struct Vote<'a> {
    pub(super) decision: &'a Decision,
    /// The network's grid along the patient's axes.
    pub(super) grid: &'a Grid,
    pub(super) axes: [TensorAxis; 3],
    pub(super) ids: &'a [Option<u8>],
}

impl Vote<'_> {
    /// Structure and uncertainty, 0 to 100, of every voxel of a grid.
    pub(super) fn on(&self, grid: &Grid) -> (Volume<u8>, Volume<u8>) {
        let [ni, nj, nk] = grid.dims;
        let (ids, doubts): (Vec<Vec<u8>>, Vec<Vec<u8>>) = (0..nk)
            .into_par_iter()
            .map(|k| {
                (0..nj * ni)
                    .map(|at| {
                        let voxel = [at % ni, at / ni, k].map(|n| n as f64);
                        self.at(self.grid.to_voxel(grid.to_patient(Point::from_coords(voxel.into()))))
                    })
                    .unzip()
            })
            .unzip();
        let volume = |slices: Vec<Vec<u8>>| {
            let mut volume = Volume::new(grid.clone(), Array3::zeros((nk, nj, ni)));
            volume.as_mut_slice().iter_mut().zip(slices.concat()).for_each(|(voxel, said)| *voxel = said);
            volume
        };
        (volume(ids), volume(doubts))
    }

    /// What the eight voxels around a place say.
    fn at(&self, place: Point<frame::Voxel>) -> (u8, u8) {
        let place = [place.x(), place.y(), place.z()];
        // Up to half a voxel outside the outermost centres their value holds.
        let corner = |patient: usize, upper: usize| {
            let last = self.grid.dims[patient].saturating_sub(1) as f64;
            let low = place[patient].clamp(0.0, last).floor();
            let share = (place[patient].clamp(0.0, last) - low).clamp(0.0, 1.0);
            let weight = if upper == 1 { share } else { 1.0 - share };
            ((low + upper as f64).min(last) as usize, weight as f32)
        };
        let mut votes = [(0_u8, 0.0_f32); 8];
        let mut doubt = 0.0;
        for (n, vote) in votes.iter_mut().enumerate() {
            let corners: [(usize, f32); 3] = std::array::from_fn(|patient| corner(patient, n >> patient & 1));
            let weight: f32 = corners.iter().map(|(_, weight)| weight).product();
            let at = self.axes.map(|axis| {
                let (index, _) = corners[axis.patient];
                if axis.reversed { self.grid.dims[axis.patient] - 1 - index } else { index }
            });
            let id = self.ids.get(usize::from(self.decision.class[at])).copied().flatten();
            *vote = (id.unwrap_or(0), weight * self.decision.probability[at]);
            doubt += weight * self.decision.entropy[at];
        }
        let of = |id: u8| votes.iter().filter(|vote| vote.0 == id).map(|vote| vote.1).sum::<f32>();
        let winner = votes.iter().fold((0, of(0)), |best, &(id, _)| {
            let sum = of(id);
            if sum > best.1 { (id, sum) } else { best }
        });
        (winner.0, (100.0 * doubt).round().clamp(0.0, 100.0) as u8)
    }
}
