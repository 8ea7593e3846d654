//! Every position of a hip at once: free, or in contact and by which pair of bodies.
//!
//! The three hip angles span a box of cells. Two rotations whose angles differ by f, a and r (flexion, adduction, internal
//! rotation) are no further apart than sqrt(f² + a² + r² + 2 f r sin|adduction|): flexion and rotation turn about axes that
//! enclose 90 degrees less adduction, and adduction about the normal of both. So a clearance or a depth of contact at the middle
//! of a box of cells decides all of them at once where it exceeds the way that any point can go (`ContactModel::around`). A box
//! that is not decided is divided, down to single cells, which are answered exactly at their middle.
//!
//! The free volume is measured in rotation space: a cell counts by the cosine of its adduction, the invariant measure of
//! rotations in these angles.

mod boxes;
mod options;

use options::MOST_PAIRS;
pub use options::{MapAxis, MapError, MapOptions, Pair};

use boxes::{BRICK, Cells, Work};
use coxa_geometry::frame::Frame;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

impl Default for MapOptions {
    /// Flexion -40° to 140°, abduction and adduction to 60°, rotation to 90° both ways, at 1 degree: 4.0 million cells.
    fn default() -> Self {
        MapOptions {
            flexion: MapAxis::new(-40.0, 140.0, 1.0),
            adduction: MapAxis::new(-60.0, 60.0, 1.0),
            internal_rotation: MapAxis::new(-90.0, 90.0, 1.0),
        }
    }
}

/// What is known of every cell.
#[derive(Debug, Clone, PartialEq)]
pub struct RomMap {
    options: MapOptions,
    /// Zero where free, else one more than the index of the pair; internal rotation runs fastest, then adduction.
    cells: Vec<u8>,
}

impl RomMap {
    /// Answers every cell for some pairs of bodies; of several that are in contact the first counts.
    /// `progress` is called now and then, from any thread, with the part done.
    ///
    /// # Errors
    /// Any [`MapError`].
    ///
    /// # Examples
    /// ```
    /// use coxa_geometry::{Angle, cup::Radiographic, frame::Gravity};
    /// use coxa_rom::cone::{ConeHip, neck_axis};
    /// use coxa_rom::map::{MapOptions, Pair, RomMap};
    /// use coxa_rom::stability::Bearing;
    ///
    /// let cup = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
    /// let neck = neck_axis(Angle::from_degrees(135.0), Angle::from_degrees(12.0));
    /// let free = |head_mm: f64| {
    ///     let cone = ConeHip::new(cup, neck, Bearing::flush(head_mm, 12.0).oscillation_angle().unwrap()).unwrap();
    ///     RomMap::new(&[Pair::Cone(&cone)], MapOptions::default(), &|_| {}).unwrap().free_fraction()
    /// };
    /// assert!(free(28.0) < free(36.0));
    /// ```
    pub fn new<P: Frame>(
        pairs: &[Pair<'_, P>],
        options: MapOptions,
        progress: &(dyn Fn(f64) + Sync),
    ) -> Result<Self, MapError> {
        if pairs.is_empty() || pairs.len() > MOST_PAIRS {
            return Err(MapError::Pairs(pairs.len()));
        }
        let axes = [options.flexion, options.adduction, options.internal_rotation];
        for (axis, (name, most)) in
            axes.iter().zip([("flexion", 360.0), ("adduction", 90.0), ("rotation", 360.0)])
        {
            if !axis.is_sound(most) {
                return Err(MapError::Axis(name));
            }
        }
        let counts = axes.map(|axis| axis.count);
        let total =
            counts.iter().try_fold(1usize, |product, &n| product.checked_mul(n)).unwrap_or(usize::MAX);
        if total > u32::MAX as usize {
            return Err(MapError::TooLarge(total));
        }
        let pieces = counts.map(|n| n.div_ceil(BRICK));
        let bricks: Vec<Cells> = (0..pieces.iter().product())
            .map(|i: usize| {
                let at = [i / pieces[2] / pieces[1], i / pieces[2] % pieces[1], i % pieces[2]];
                Cells([0, 1, 2].map(|axis| at[axis] * BRICK..((at[axis] + 1) * BRICK).min(counts[axis])))
            })
            .collect();
        let done = AtomicUsize::new(0);
        let answers: Vec<Vec<u8>> = bricks
            .par_iter()
            .map(|brick| {
                let answers = Work::of(pairs, &options, brick);
                progress((done.fetch_add(1, Ordering::Relaxed) + 1) as f64 / bricks.len() as f64);
                answers
            })
            .collect();
        let mut cells = vec![0; total];
        for (Cells([flexion, adduction, rotation]), answers) in bricks.iter().zip(&answers) {
            for (i, f) in flexion.clone().enumerate() {
                for (j, a) in adduction.clone().enumerate() {
                    let from = (i * BRICK + j) * BRICK;
                    let to = (f * counts[1] + a) * counts[2] + rotation.start;
                    cells[to..to + rotation.len()].copy_from_slice(&answers[from..from + rotation.len()]);
                }
            }
        }
        Ok(RomMap { options, cells })
    }

    /// A map whose answers are known: for the indices of flexion, adduction and internal rotation zero where the position is free, else
    /// one more than the index of the pair. `None` where a number is of no pair.
    pub fn of_contacts(
        options: MapOptions,
        pairs: usize,
        contact: impl Fn(usize, usize, usize) -> u8,
    ) -> Option<Self> {
        let MapOptions { flexion, adduction, internal_rotation } = &options;
        let mut cells = Vec::with_capacity(flexion.count * adduction.count * internal_rotation.count);
        for f in 0..flexion.count {
            for a in 0..adduction.count {
                cells.extend((0..internal_rotation.count).map(|r| contact(f, a, r)));
            }
        }
        cells.iter().all(|&cell| usize::from(cell) <= pairs).then_some(RomMap { options, cells })
    }

    /// The positions of the map.
    pub fn options(&self) -> &MapOptions {
        &self.options
    }

    /// Which pair is in contact at a cell, by the indices of flexion, adduction and internal rotation; `None` where the
    /// position is free or not on the map.
    pub fn contact(&self, flexion: usize, adduction: usize, internal_rotation: usize) -> Option<usize> {
        let [_, na, nr] = self.counts();
        if adduction >= na || internal_rotation >= nr {
            return None;
        }
        let cell = self.cells.get((flexion * na + adduction) * nr + internal_rotation)?;
        usize::from(*cell).checked_sub(1)
    }

    /// How many cells are free, and how many each of so many pairs stops first.
    pub fn census(&self, pairs: usize) -> (usize, Vec<usize>) {
        let mut counts = vec![0; pairs + 1];
        for &cell in &self.cells {
            if let Some(count) = counts.get_mut(usize::from(cell)) {
                *count += 1;
            }
        }
        let stopped = counts.split_off(1);
        (counts[0], stopped)
    }

    /// The part of the map's rotations that is free, by the invariant measure of rotations: the range-of-motion score.
    pub fn free_fraction(&self) -> f64 {
        let [_, na, nr] = self.counts();
        let (mut free, mut all) = (0.0, 0.0);
        for (row, cells) in self.cells.chunks_exact(nr).enumerate() {
            let adduction = self.options.adduction.at((row % na) as f64).to_radians();
            let count = cells.iter().filter(|&&cell| cell == 0).count();
            free += adduction.cos() * count as f64;
            all += adduction.cos() * cells.len() as f64;
        }
        if all > 0.0 { free / all } else { 0.0 }
    }

    fn counts(&self) -> [usize; 3] {
        let MapOptions { flexion, adduction, internal_rotation } = &self.options;
        [flexion.count, adduction.count, internal_rotation.count]
    }
}

#[cfg(test)]
mod tests;
