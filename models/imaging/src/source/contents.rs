//! What a folder, zip or DICOM file holds, without reading a voxel.

use super::open::{archive_of, parse};
use super::{Blob, ReadError, blob};
use crate::dicom::{LabelObject, SeriesInfo, series};
use std::path::Path;

/// The DICOM objects among some files.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contents {
    /// Series of images, CT first; the ids and numbers are those that `ReadOptions::series` takes.
    pub series: Vec<SeriesInfo>,
    /// Segmentations and structure sets.
    pub labels: Vec<LabelObject>,
    /// DICOM files that cannot be read, each with the reason.
    pub damaged: Vec<String>,
    /// Number of files looked at.
    pub files: usize,
}

/// Lists the DICOM objects in a folder (searched with its subfolders), a zip or a single file. Of another kind of file,
/// nothing is listed.
///
/// # Errors
/// Where the folder or zip cannot be opened.
pub fn contents(path: &Path) -> Result<Contents, ReadError> {
    let metadata = std::fs::metadata(path).map_err(|source| blob::io(path, source))?;
    let blobs = if metadata.is_dir() {
        blob::folder(path)?
    } else {
        let file = Blob::file(path)?;
        match archive_of(&file)? {
            Some(entries) => entries,
            None => vec![file],
        }
    };
    let files = blobs.len();
    let (parsed, damaged) = parse(blobs);
    let labels = parsed.iter().filter_map(|(_, file)| LabelObject::of(file)).collect();
    let images = parsed.into_iter().filter(|(_, file)| file.pixels.is_some()).collect();
    let damaged =
        damaged.iter().filter(|file| file.claims_to_be_dicom()).map(|f| f.error.in_short()).collect();
    Ok(Contents { series: series::list(images), labels, damaged, files })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::test_slices::{Slice, series};
    use crate::source::{ReadOptions, open};
    use dicom_core::VR;
    use dicom_dictionary_std::tags;

    #[test]
    fn every_series_is_listed_with_the_id_that_opens_it() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
        for (k, slice) in series(4).into_iter().enumerate() {
            write(&format!("a{k}"), &slice.bytes());
        }
        for k in 0..3 {
            let other = Slice::new(k).text(tags::SERIES_INSTANCE_UID, VR::UI, "2.25.7");
            write(&format!("b{k}"), &other.text(tags::MODALITY, VR::CS, "MR").bytes());
        }
        let other = Slice::new(0).text(tags::SERIES_INSTANCE_UID, VR::UI, "2.25.8");
        write("damaged", &other.bytes()[..300]);
        write("notes.txt", b"nothing to see");
        let found = contents(folder.path()).unwrap();
        let told: Vec<_> = found.series.iter().map(|s| (s.modality.as_str(), s.files, s.slices)).collect();
        assert_eq!(told, [("CT", 4, 4), ("MR", 3, 3)]);
        assert_eq!(found.series[0].pixel_spacing_mm, Some([0.7, 0.8]));
        assert_eq!((found.damaged.len(), found.files), (1, 9));
        let options = ReadOptions { series: Some(found.series[0].id.clone()) };
        assert_eq!(open(folder.path(), &options).unwrap().ct.grid.dims[2], 4);

        let single = contents(&folder.path().join("b1")).unwrap();
        assert_eq!((single.series.len(), single.series[0].slices), (1, 1));
        assert_eq!(contents(&folder.path().join("notes.txt")).unwrap().series, []);
        assert!(contents(&folder.path().join("none")).is_err());
    }
}
