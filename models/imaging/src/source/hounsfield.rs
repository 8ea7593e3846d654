//! Whether the values of a volume can be Hounsfield units at all. NIfTI does not say what its values are.

use super::ReadError;
use crate::CtVolume;
use coxa_geometry::{Finding, finding};
use rayon::prelude::*;

/// Fat and air lie below this; muscle, blood and contrast do not.
const FAT_HU: i16 = -30;
/// A body has more fat than this share of its voxels, in per cent, wherever it is cut; noise alone gives less.
const LEAST_FAT_PERCENT: f64 = 0.1;
/// Cortical bone lies above this.
const BONE_HU: i16 = 300;
/// What CT numbers are stored with where zero is the least value.
const STORED_OFFSET_HU: i16 = 1024;
/// What readers put where there is no value, so that it proves nothing.
const PADDING_HU: i16 = crate::dicom::PADDING_HU;

/// Metal and enamel alone are denser.
const BRIGHT_HU: i16 = 4000;
/// A body has less of them than this share of its voxels, in per cent, wherever it is cut.
const MOST_BRIGHT_PERCENT: f64 = 10.0;

/// What a volume's values cover.
struct Range {
    least: i16,
    most: i16,
    /// Voxels denser than bone.
    bright: usize,
    /// Voxels of fat or air, padding left out.
    dark: usize,
}

/// A caution where hardly a voxel can be fat or air, or many are denser than bone.
///
/// # Errors
/// Values without air, fat and bone, of a file that does not say itself that it is a CT: a label map, a mask, a picture, or another modality.
pub(crate) fn judge(ct: &CtVolume, says_ct: bool) -> Result<Option<Finding>, ReadError> {
    let voxels = ct.as_slice();
    let Range { least, most, dark, bright } = range(voxels);
    let of_all = |count: usize| 100.0 * count as f64 / voxels.len().max(1) as f64;
    let percent = of_all(dark);
    if of_all(bright) > MOST_BRIGHT_PERCENT {
        let bright = finding::ValuesTooBright {
            percent: of_all(bright),
            limit_percent: MOST_BRIGHT_PERCENT,
            bright_hu: BRIGHT_HU,
        };
        return Ok(Some(bright.finding()));
    }
    if dark == 0 && most < BONE_HU && !says_ct {
        let what = format!("these are values from {least} to {most}, without air, fat or bone");
        return Err(ReadError::NotCt { what });
    }
    if percent >= LEAST_FAT_PERCENT {
        return Ok(None);
    }
    let guess = if least >= 0 && most > STORED_OFFSET_HU {
        format!(" {STORED_OFFSET_HU} may have been added to the values.")
    } else {
        String::new()
    };
    let shifted = finding::ValuesNotHounsfield {
        least,
        most,
        dark_percent: percent,
        limit_percent: LEAST_FAT_PERCENT,
        fat_hu: FAT_HU,
        guess,
    };
    Ok(Some(shifted.finding()))
}

fn range(voxels: &[i16]) -> Range {
    let none = || Range { least: i16::MAX, most: i16::MIN, dark: 0, bright: 0 };
    let join = |a: Range, b: Range| Range {
        least: a.least.min(b.least),
        most: a.most.max(b.most),
        dark: a.dark + b.dark,
        bright: a.bright + b.bright,
    };
    let of_chunk = |chunk: &[i16]| {
        chunk.iter().fold(none(), |range, &v| Range {
            least: range.least.min(v),
            most: range.most.max(v),
            dark: range.dark + usize::from(v < FAT_HU && v != PADDING_HU),
            bright: range.bright + usize::from(v > BRIGHT_HU),
        })
    };
    voxels.par_chunks(1 << 16).map(of_chunk).reduce(none, join)
}

#[cfg(test)]
mod tests {
    use crate::source::{ReadError, ReadOptions, open};
    use crate::{CtVolume, Grid, Volume, nifti};
    use coxa_geometry::finding::Code;
    use coxa_geometry::{Finding, Point};
    use ndarray::Array3;

    /// Reads a NIfTI file whose voxel `n` of 8000 has a value.
    fn read(value: impl Fn(usize) -> i16) -> Result<Vec<Finding>, ReadError> {
        let grid = Grid::axis_aligned([20; 3], Point::origin(), [1.0; 3]);
        let voxels = Array3::from_shape_fn((20, 20, 20), |(k, j, i)| value(400 * k + 20 * j + i));
        let ct: CtVolume = Volume::new(grid, voxels);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("volume.nii.gz");
        nifti::write_ct(&ct, &path).unwrap();
        open(&path, &ReadOptions::default()).map(|opened| opened.notes)
    }

    #[test]
    fn a_ct_passes_wherever_it_is_cut() {
        let whole = |n: usize| if n.is_multiple_of(3) { -1000 } else { 40 + (n % 900) as i16 };
        assert_eq!(read(whole).unwrap(), []);
        // Inside the body: muscle, and fat between it.
        let inside = |n: usize| if n.is_multiple_of(50) { -90 } else { 55 };
        assert_eq!(read(inside).unwrap(), []);
        // Inside a bone: no fat at all, but nothing to refuse.
        let bone = read(|n| 250 + (n % 800) as i16).unwrap();
        assert_eq!(bone[0].code, Code::ValuesNotHounsfield);
    }

    #[test]
    fn other_values_are_cautioned_with_what_was_found() {
        let mr = read(|n| (n % 700) as i16).unwrap();
        let [finding] = &mr[..] else { panic!("{mr:?}") };
        assert!(finding.message.contains("from 0 to 699"), "{}", finding.message);
        assert_eq!((finding.value, finding.limit), (Some(0.0), Some(0.1)));
        assert!(!finding.message.contains("1024 may have been added"));
        let stored = read(|n| (n % 4096) as i16).unwrap();
        assert!(stored[0].message.contains("1024 may have been added"), "{}", stored[0].message);
        let padded = read(|n| if n < 4000 { -1024 } else { (n % 700) as i16 }).unwrap();
        assert_eq!(padded[0].code, Code::ValuesNotHounsfield, "padding is no air");
        let ringing = read(|n| if n < 7 { -60 } else { (n % 700) as i16 }).unwrap();
        assert_eq!(ringing[0].value, Some(100.0 * 7.0 / 8000.0));
    }

    #[test]
    fn labels_masks_and_pictures_are_refused() {
        for most in [0, 1, 25, 255] {
            let message = read(|n| (n % (most + 1)) as i16).unwrap_err().to_string();
            assert!(
                message.contains(&format!("from 0 to {most}")) && message.contains("not CT"),
                "{message}"
            );
        }
    }
}
