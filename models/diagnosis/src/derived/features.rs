//! Radiomic features of regions that a table names.

use crate::manifest::{FeatureOf, Manifest, Value, family_of};
use coxa_imaging::nifti;
use coxa_radiomics::{Extraction, Family, Settings, extract, mask_of};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Voxels of a mask with this number are the region.
const REGION: u16 = 1;

/// The features of one region at a time, and whose images were seen.
pub(super) struct Regions {
    settings: Settings,
    /// Paths of image and mask, and what they gave.
    last: Option<([String; 2], Result<Extraction, String>)>,
    /// Patient by hash of the values of the image.
    seen: BTreeMap<[u8; 32], String>,
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
        Regions { settings, last: None, seen: BTreeMap::new() }
    }

    /// A feature of a region.
    pub(super) fn value(
        &mut self,
        folder: &Path,
        (image, mask): (&str, &str),
        patient: &str,
        of: &FeatureOf,
    ) -> Result<f64, String> {
        let key = [image.to_owned(), mask.to_owned()];
        if self.last.as_ref().is_none_or(|(last, _)| *last != key) {
            let found = self.extracted(&folder.join(image), &folder.join(mask), patient);
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

    fn extracted(&mut self, image: &Path, mask: &Path, patient: &str) -> Result<Extraction, String> {
        // Messages of the readers name the path, which may name a patient.
        let not_there = |_| "the image is not there or cannot be read".to_owned();
        std::fs::metadata(image).map_err(not_there)?;
        let (values, _) = nifti::read_values(image)
            .map_err(|_| "the image is no NIfTI file that can be read".to_owned())?;
        let mut hash = Sha256::new();
        values.voxels.iter().for_each(|value| hash.update(value.to_le_bytes()));
        let owner = self.seen.entry(hash.finalize().into()).or_insert_with(|| patient.to_owned());
        if owner != patient {
            return Err("the image is the same as that of another patient".into());
        }
        let (labels, _) = nifti::read_label_ids(mask)
            .map_err(|_| "the mask is no NIfTI file of whole numbers that can be read".to_owned())?;
        extract(&values, &mask_of(&labels, REGION), &self.settings).map_err(|error| error.to_string())
    }
}
