//! Radiomic features of regions that a table names.

use crate::images::{Owners, Wanted, open_volume};
use crate::manifest::{FeatureOf, Manifest, Value, family_of};
use coxa_imaging::{Grid, Volume, nifti, resample};
use coxa_radiomics::{Extraction, Family, Settings, extract, mask_of};
use std::collections::BTreeSet;
use std::path::Path;

/// Voxels of a mask with this number are the region.
const REGION: u16 = 1;
/// Grids of an image and its mask may lie apart by this much, mm.
const SAME_PLACE_MM: f64 = 1e-3;

/// The features of one region at a time, and whose images were seen.
pub(super) struct Regions {
    settings: Settings,
    /// Paths of image and mask, and what they gave.
    last: Option<([String; 2], Result<Extraction, String>)>,
    owners: Owners,
}

impl Regions {
    /// For the features that a manifest names: their families alone are computed.
    pub(super) fn of(manifest: &Manifest) -> Regions {
        let named = manifest.inputs.iter().filter_map(|input| match &input.value {
            Value::Feature(of, _) => family_of(&of.feature),
            _ => None,
        });
        let families: BTreeSet<Family> = named.collect();
        let settings = Settings { families: families.into_iter().collect(), ..Settings::default() };
        Regions { settings, last: None, owners: Owners::default() }
    }

    /// A feature of a region.
    pub(super) fn value(
        &mut self,
        folder: &Path,
        (image, mask): (&str, &str),
        wanted: Wanted<'_>,
        (patient, line): (&str, usize),
        of: &FeatureOf,
    ) -> Result<f64, String> {
        let key = [image.to_owned(), mask.to_owned()];
        if self.last.as_ref().is_none_or(|(last, _)| *last != key) {
            let found = self.extracted(&folder.join(image), &folder.join(mask), wanted, (patient, line));
            self.last = Some((key, found));
        }
        match &self.last {
            Some((_, Ok(found))) => {
                let value = found.value(&of.feature);
                value.ok_or_else(|| format!("the region does not determine {}", of.feature))
            }
            Some((_, Err(wrong))) => Err(wrong.clone()),
            None => Err("nothing was read".into()),
        }
    }

    fn extracted(
        &mut self,
        image: &Path,
        mask: &Path,
        wanted: Wanted<'_>,
        (patient, line): (&str, usize),
    ) -> Result<Extraction, String> {
        let values = open_volume(image, wanted)?;
        self.owners.claim(Owners::hash(values.voxels.iter().copied()), patient, line)?;
        // Messages of the readers name the path, which may name a patient.
        let (labels, _) = nifti::read_label_ids(mask)
            .map_err(|_| "the mask is no NIfTI file of whole numbers that can be read".to_owned())?;
        let mask = in_order_of(mask_of(&labels, REGION), &values.grid);
        extract(&values, &mask, &self.settings).map_err(|error| error.to_string())
    }
}

/// A mask in the order of an image's voxels: a series is kept in another order than a file of its labels. A mask that does not have all of its voxels there stays as it is, to be refused.
fn in_order_of(mask: Volume<bool>, grid: &Grid) -> Volume<bool> {
    if mask.grid.matches(grid, SAME_PLACE_MM) {
        return mask;
    }
    let spacing = |grid: &Grid| {
        let mut all = grid.spacing_mm();
        all.sort_by(f64::total_cmp);
        all
    };
    let region = |mask: &Volume<bool>| mask.voxels.iter().filter(|inside| **inside).count();
    let moved = resample::nearest(&mask, grid);
    let is_alike = spacing(&mask.grid).iter().zip(spacing(grid)).all(|(a, b)| (a - b).abs() < SAME_PLACE_MM);
    if is_alike && region(&moved) == region(&mask) { moved } else { mask }
}
