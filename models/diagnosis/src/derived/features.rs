//! Radiomic features of regions that a table names.

use crate::manifest::FeatureOf;
use coxa_imaging::nifti;
use coxa_radiomics::{Extraction, Family, Settings, extract, mask_of};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Voxels of a mask with this number are the region.
const REGION: u16 = 1;

/// The features of one region at a time, and whose images were seen.
#[derive(Default)]
pub(super) struct Regions {
    /// Paths of image and mask, and what they gave.
    last: Option<([String; 2], Result<Extraction, String>)>,
    /// Patient by hash of the image.
    seen: BTreeMap<[u8; 32], String>,
}

impl Regions {
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
        let found = self
            .last
            .as_ref()
            .map(|(_, found)| found.clone())
            .unwrap_or_else(|| Err("nothing was read".into()));
        let value = found?.value(&of.feature);
        value.ok_or_else(|| format!("the region does not determine {}", of.feature))
    }

    fn extracted(&mut self, image: &Path, mask: &Path, patient: &str) -> Result<Extraction, String> {
        let bytes =
            std::fs::read(image).map_err(|_| "the image is not there or cannot be read".to_owned())?;
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        let owner = self.seen.entry(hash).or_insert_with(|| patient.to_owned());
        if owner != patient {
            return Err("the image is the same as that of another patient".into());
        }
        // Their messages name the path, which may name a patient.
        let (values, _) = nifti::read_values(image)
            .map_err(|_| "the image is no NIfTI file that can be read".to_owned())?;
        let (labels, _) = nifti::read_label_ids(mask)
            .map_err(|_| "the mask is no NIfTI file of whole numbers that can be read".to_owned())?;
        let settings =
            Settings { families: vec![Family::Statistics, Family::Morphology], ..Settings::default() };
        extract(&values, &mask_of(&labels, REGION), &settings).map_err(|error| error.to_string())
    }
}
