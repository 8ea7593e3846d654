//! Which sizes will turn out to fit, for what was measured is not exact and a bed is not reamed exactly.

use super::error::OptimiseError;
use super::hip::Miss;
use super::sample::Sample;
use super::study::{Prepared, Study};
use crate::placed::Components;
use crate::placement::canal::{CORTICAL_CONTACT_MM, Outlines};
use serde::{Deserialize, Serialize};

/// A size and how likely it is to be the one that fits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SizeProbability {
    /// Outer diameter of a shell, number of a stem.
    pub size: f64,
    /// Part of the samples.
    pub probability: f64,
}

/// Sizes further from the planned one than this are not looked at.
const NEIGHBOURS: usize = 3;

/// Of the shell and of the stem, smallest first; none of a stem whose canal is not seen.
pub(crate) fn probabilities(
    study: &Study<'_>,
    prepared: &Prepared,
    samples: &[Sample],
) -> Result<(Vec<SizeProbability>, Vec<SizeProbability>), OptimiseError> {
    Ok((cups(prepared, samples), stems(study, prepared, samples)?))
}

/// The shell nearest to the planned one with what the socket differs by from its measured diameter, and the bed from the reamer's.
fn cups(prepared: &Prepared, samples: &[Sample]) -> Vec<SizeProbability> {
    let parts = &prepared.parts;
    let fitting = samples.iter().filter_map(|sample| {
        let wanted = parts.cup_size_mm + sample.socket_diameter_mm;
        let sizes = parts.cup.sizes_mm.iter().copied();
        sizes.min_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()))
    });
    counted(fitting.collect(), samples.len())
}

/// The largest stem that the canal takes at the planned height where its walls are elsewhere than was measured.
fn stems(
    study: &Study<'_>,
    prepared: &Prepared,
    samples: &[Sample],
) -> Result<Vec<SizeProbability>, OptimiseError> {
    let canal = &study.hip.bones.canal;
    let parts = &prepared.parts;
    let Some(planned) = parts.stem.sizes.iter().position(|size| size.size == parts.size.size) else {
        return Ok(Vec::new());
    };
    let near = planned.saturating_sub(NEIGHBOURS)..(planned + NEIGHBOURS + 1).min(parts.stem.sizes.len());
    let mut contacts = Vec::new();
    for size in &parts.stem.sizes[near] {
        let other = Components { size: size.clone(), ..parts.clone() };
        let Some(placed) = study.hip.place(&other, &prepared.design.placement, &Miss::default()) else {
            continue;
        };
        let fit = Outlines::new(&parts.stem, size, &parts.taper).fit(canal, &placed.pose.stem_frame);
        if fit.sections > 0 {
            contacts.push((f64::from(size.size), fit.into_cortex_mm));
        }
    }
    // A stem that was planned tighter than usual stays the one that fits where nothing differs.
    let own =
        contacts.iter().find(|(size, _)| *size == f64::from(parts.size.size)).map(|(_, contact)| *contact);
    let allowed = own.unwrap_or(0.0).max(CORTICAL_CONTACT_MM);
    let fitting = samples.iter().filter_map(|sample| {
        let takes = |(_, contact): &&(f64, f64)| contact + sample.bone_outside_mm <= allowed;
        contacts.iter().rev().find(takes).or(contacts.first()).map(|(size, _)| *size)
    });
    Ok(counted(fitting.collect(), samples.len()))
}

fn counted(mut sizes: Vec<f64>, of: usize) -> Vec<SizeProbability> {
    sizes.sort_by(f64::total_cmp);
    sizes
        .chunk_by(|a, b| a == b)
        .map(|same| SizeProbability { size: same[0], probability: same.len() as f64 / of.max(1) as f64 })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_counted_by_size() {
        let shares = counted(vec![54.0, 52.0, 52.0, 50.0], 4);
        let as_pairs: Vec<_> = shares.iter().map(|s| (s.size, s.probability)).collect();
        assert_eq!(as_pairs, [(50.0, 0.25), (52.0, 0.5), (54.0, 0.25)]);
        assert_eq!(counted(Vec::new(), 0), []);
    }
}
