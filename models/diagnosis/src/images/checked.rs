//! Images are opened and held against the manifest, and against each other.

use coxa_imaging::image::{self, Image, ImageError};
use coxa_imaging::{Volume, nifti};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Air in a CT has about -1000 HU: a CT whose least value is above this is none.
const CT_REACHES_HU: f64 = -100.0;
/// Planes of slices.
const PLANES: [&str; 3] = ["axial", "coronal", "sagittal"];
/// Modalities whose view is the way of the beam.
const PROJECTIONS: [&str; 4] = ["CR", "DX", "RF", "RG"];

/// What a manifest asks of an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted<'a> {
    /// DICOM modalities that it may be of.
    pub modality: &'a [String],
    /// View or plane.
    pub view: Option<&'a str>,
}

/// Opens an image and holds it against what is asked of it.
///
/// # Errors
/// A path that holds no image, another modality or view. Messages do not name the path, which may name a patient.
pub fn open_checked(path: &Path, wanted: Wanted<'_>) -> Result<Image, String> {
    let image = image::open(path).map_err(|error| match error {
        ImageError::Io { .. } => "the image is not there or cannot be read; paths start in the folder of the table, or that of --images".to_owned(),
        ImageError::Unusable { reason, .. } => format!("the image cannot be used: {reason}"),
    })?;
    check_modality(&image, wanted.modality)?;
    if let Some(view) = wanted.view {
        check_view(&image, view)?;
    }
    Ok(image)
}

/// Opens an image as a volume in the patient; a NIfTI file with its voxels in the order in which they are stored.
///
/// # Errors
/// As [`open_checked`]; an image that does not say where it lies.
pub fn open_volume(path: &Path, wanted: Wanted<'_>) -> Result<Volume<f64>, String> {
    if path.is_file() && image::is_nifti(path) {
        let (volume, _) =
            nifti::read_values(path).map_err(|_| "the image is no NIfTI file that can be read".to_owned())?;
        check_values(volume.voxels.iter().copied(), wanted.modality)?;
        return Ok(volume);
    }
    let image = open_checked(path, wanted)?;
    image.volume().ok_or_else(|| {
        "the image does not say where it lies in the patient, so that no region fits it".to_owned()
    })
}

/// Whose each image is: no two patients have the same one.
#[derive(Debug, Default)]
pub struct Owners {
    /// Patient and line of the table by hash of the values.
    seen: BTreeMap<[u8; 32], (String, usize)>,
}

impl Owners {
    /// The hash of an image's values.
    pub fn hash(values: impl Iterator<Item = f64>) -> [u8; 32] {
        let mut hash = Sha256::new();
        values.for_each(|value| hash.update(value.to_le_bytes()));
        hash.finalize().into()
    }

    /// Takes an image, by its hash, as one of a patient, whose row is this line of the table.
    ///
    /// # Errors
    /// An image of another patient.
    pub fn claim(&mut self, hash: [u8; 32], patient: &str, line: usize) -> Result<(), String> {
        let (owner, first) = self.seen.entry(hash).or_insert_with(|| (patient.to_owned(), line));
        if owner != patient {
            return Err(format!("the image is the same as that of another patient, in row {first}"));
        }
        Ok(())
    }
}

/// By what the file says; of a file that says nothing by its values, as far as they can tell.
fn check_modality(image: &Image, wanted: &[String]) -> Result<(), String> {
    let asked = || wanted.join(" or ");
    match &image.modality {
        Some(modality) if !wanted.contains(modality) => {
            Err(format!("the image is of the modality {modality}; the module asks for {}", asked()))
        }
        Some(_) => Ok(()),
        None => check_values(image.values.iter().copied(), wanted),
    }
}

/// Values where a CT alone is asked for, of a file that does not say its modality.
fn check_values(values: impl Iterator<Item = f64>, wanted: &[String]) -> Result<(), String> {
    if wanted.iter().any(|modality| modality != "CT") {
        return Ok(());
    }
    let least = values.fold(f64::INFINITY, f64::min);
    match least > CT_REACHES_HU {
        true => {
            Err(format!("no value of the image is below {least}: a CT in Hounsfield units has fat and air"))
        }
        false => Ok(()),
    }
}

/// By the view position of a radiograph, by the plane of slices; what a file does not say is not held against it.
fn check_view(image: &Image, wanted: &str) -> Result<(), String> {
    let found = match image.modality.as_deref() {
        Some(modality) if PROJECTIONS.contains(&modality) => image.view.clone(),
        Some(_) => image.edges.map(|edges| plane(edges).to_owned()),
        None => None,
    };
    match found {
        Some(found) if !found.eq_ignore_ascii_case(wanted) => {
            Err(format!("the view of the image is {found}; the module asks for {wanted}"))
        }
        _ => Ok(()),
    }
}

/// By the plane of the slices that are looked at, of a file that does not say its modality.
///
/// # Errors
/// Another plane.
pub(super) fn check_plane(image: &Image, wanted: Wanted<'_>) -> Result<(), String> {
    let (Some(view), Some(edges), None) = (wanted.view, image.edges, &image.modality) else { return Ok(()) };
    let found = plane(edges);
    let is_plane = PLANES.iter().any(|plane| view.eq_ignore_ascii_case(plane));
    match is_plane && !view.eq_ignore_ascii_case(found) {
        true => Err(format!("the slices of the image are {found}; the module asks for {view}")),
        false => Ok(()),
    }
}

/// Name of the plane of a slice with these letters at its edges.
fn plane(edges: [char; 4]) -> &'static str {
    let has = |letters: [char; 2]| edges.iter().any(|edge| letters.contains(edge));
    match (has(['R', 'L']), has(['A', 'P'])) {
        (true, true) => "axial",
        (true, false) => "coronal",
        (false, _) => "sagittal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::dicom::write_series;
    use coxa_imaging::{CtVolume, Grid};
    use ndarray::Array3;

    fn ct(value: i16) -> CtVolume {
        let grid = Grid::axis_aligned([6, 5, 4], Point::origin(), [1.0, 1.5, 3.0]);
        CtVolume::new(grid, Array3::from_shape_fn((4, 5, 6), |(k, j, i)| value + (k + j + i) as i16))
    }

    #[test]
    fn modality_view_and_owner_are_checked() {
        let folder = tempfile::tempdir().unwrap();
        let (series, file) = (folder.path().join("series"), folder.path().join("ct.nii.gz"));
        write_series(&ct(-1000), &series).unwrap();
        nifti::write_ct(&ct(5), &file).unwrap();
        let [only_ct, mr] = ["CT", "MR"].map(|name| vec![name.to_owned()]);
        let mut owners = Owners::default();
        let mut open = |path: &Path, patient: &str, modality: &[String], view| {
            let image = open_checked(path, Wanted { modality, view })?;
            owners.claim(Owners::hash(image.values.iter().copied()), patient, 2).map(|()| image.size)
        };
        assert_eq!(open(&series, "1", &only_ct, Some("axial")), Ok([6, 5, 4]));
        assert!(open(&series, "1", &mr, None).unwrap_err().contains("modality CT"));
        assert!(
            open(&series, "1", &only_ct, Some("sagittal"))
                .unwrap_err()
                .contains("view of the image is axial")
        );
        assert!(open(&series, "2", &only_ct, None).unwrap_err().contains("another patient"));
        assert!(open(&file, "2", &only_ct, None).unwrap_err().contains("fat and air"));
        assert_eq!(open(&file, "2", &mr, Some("sagittal")), Ok([6, 5, 4]));
        assert!(open(&folder.path().join("none"), "3", &mr, None).unwrap_err().contains("not there"));
    }
}
