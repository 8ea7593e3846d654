//! What the labels of a virtual patient hold, counted while they are drawn.

use super::flesh::MuscleTruth;
use coxa_anatomy::label_names;
use coxa_anatomy::muscle::MUSCLES;
use coxa_geometry::Side;

/// Sums over the voxels of every label.
pub(super) struct Tally {
    labels: Vec<Sums>,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    voxels: u64,
    hu: f64,
    fat: f64,
    is_cut: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { labels: vec![Sums::default(); 1 + usize::from(u8::MAX)] }
    }
}

impl Tally {
    /// Counts a row of voxels: labels, CT numbers and shares of fat.
    pub(super) fn count(&mut self, labels: &[u8], hu: &[f64], fat: &[f64]) {
        for ((&label, hu), fat) in labels.iter().zip(hu).zip(fat).filter(|((label, _), _)| **label != 0) {
            let sums = &mut self.labels[usize::from(label)];
            sums.voxels += 1;
            sums.hu += hu;
            sums.fat += fat;
        }
    }

    /// Adds what a slice holds, which may be the first or the last.
    pub(super) fn add(&mut self, slice: &Tally, is_end: bool) {
        for (sums, more) in self.labels.iter_mut().zip(&slice.labels) {
            sums.voxels += more.voxels;
            sums.hu += more.hu;
            sums.fat += more.fat;
            sums.is_cut |= is_end && more.voxels > 0;
        }
    }

    /// The muscles among them.
    pub(super) fn muscles(&self, voxel_mm3: f64) -> Vec<MuscleTruth> {
        let all = MUSCLES.into_iter().flat_map(|name| Side::BOTH.map(|side| (name, side)));
        all.filter_map(|(name, side)| {
            let id = label_names::structure_id(&format!("{name}_{side}"))?;
            let sums = self.labels[usize::from(id)];
            let count = (sums.voxels > 0).then_some(sums.voxels as f64)?;
            Some(MuscleTruth {
                name: name.to_owned(),
                side,
                volume_ml: count * voxel_mm3 / 1000.0,
                mean_hu: sums.hu / count,
                fat_fraction: sums.fat / count,
                is_cut: sums.is_cut,
            })
        })
        .collect()
    }
}
