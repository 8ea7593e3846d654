//! CT and MR volumes out as DICOM series (PS3.3 A.3, CT Image Storage, and A.4, MR Image Storage).

use crate::{CtVolume, Volume};
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;
use std::io;
use std::path::{Path, PathBuf};

/// Why a series could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The operating system refused.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The path as given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The target is there already.
    #[error("{} already exists and is not empty; give a new folder", path.display())]
    Exists {
        /// The path as given.
        path: PathBuf,
    },
    /// The target is a file.
    #[error("{} is a file, but a DICOM series needs a folder; give a new folder", path.display())]
    NotAFolder {
        /// The path as given.
        path: PathBuf,
    },
    /// The volume cannot be expressed in DICOM.
    #[error("the volume cannot be written as DICOM: {reason}")]
    Unsuitable {
        /// Why.
        reason: &'static str,
    },
}

/// How an MR series was taken, by spin echo or inversion recovery.
#[derive(Debug, Clone, PartialEq)]
pub struct MrSeries {
    /// What people call it, such as `T1`.
    pub description: String,
    /// Repetition time.
    pub repetition_ms: f64,
    /// Echo time.
    pub echo_ms: f64,
    /// Inversion time of inversion recovery.
    pub inversion_ms: Option<f64>,
    /// Field of the magnet.
    pub field_tesla: f64,
}

/// What a series is.
#[derive(Debug, Clone, PartialEq)]
enum Kind<'a> {
    Ct,
    Mr(&'a MrSeries),
}

/// Where a series belongs: series with the same study share study and frame of reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InStudy<'a> {
    /// Text that is the same for all series of a study and for no other study; no patient data, for it is hashed only.
    pub study: &'a str,
    /// Number of the series in the study, from 1.
    pub number: u32,
}

/// Writes a CT as a DICOM series, one file a slice, into a new folder.
///
/// Explicit VR Little Endian, 16-bit two's complement with slope 1 and intercept 0. There is no patient data:
/// the
/// elements that must be there are empty, and the UIDs are hashes of the volume, so the same volume gives the
/// same
/// bytes. The folder appears whole or not at all. Decimal strings hold 16 characters, which places voxels to
/// 1e-9 mm.
/// A left-handed grid comes back with its slices in reverse order, for DICOM has right-handed ones only.
///
/// # Errors
/// A folder that is there already and not empty, a volume that DICOM cannot express, and whatever the system
/// refuses.
///
/// # Examples
/// ```
/// use coxa_imaging::source::{self, ReadOptions, SourceKind};
/// use coxa_imaging::{dicom, phantom};
///
/// let folder = tempfile::tempdir().unwrap();
/// let series = folder.path().join("ct");
/// let ct = phantom::sheets([16, 16, 8]);
/// dicom::write_series(&ct, &series).unwrap();
/// let opened = source::open(&series, &ReadOptions::default()).unwrap();
/// assert_eq!((opened.kind, opened.files), (SourceKind::DicomSeries, 8));
/// assert_eq!(opened.ct.voxels, ct.voxels);
/// ```
pub fn write_series(ct: &CtVolume, folder: &Path) -> Result<(), WriteError> {
    write(&Series::new(ct, Kind::Ct, None), folder)
}

/// As [`write_series`], as one of the series of a study.
///
/// # Errors
/// Those of [`write_series`].
pub fn write_series_in(ct: &CtVolume, study: InStudy<'_>, folder: &Path) -> Result<(), WriteError> {
    write(&Series::new(ct, Kind::Ct, Some(study)), folder)
}

/// Writes an MR image as a DICOM series of a study, as [`write_series`] does a CT. Pixels are unsigned and have no unit.
///
/// # Errors
/// Those of [`write_series`], and a volume with a negative value.
pub fn write_mr_series(
    image: &Volume<i16>,
    mr: &MrSeries,
    study: InStudy<'_>,
    folder: &Path,
) -> Result<(), WriteError> {
    if image.as_slice().iter().any(|&value| value < 0) {
        return Err(WriteError::Unsuitable { reason: "an MR image cannot have negative values" });
    }
    write(&Series::new(image, Kind::Mr(mr), Some(study)), folder)
}

fn write(series: &Series<'_>, folder: &Path) -> Result<(), WriteError> {
    let ct = series.volume;
    let fail = |source| WriteError::Io { path: folder.to_owned(), source };
    let [columns, rows, slices] = ct.grid.dims;
    if ct.grid.is_empty()
        || columns > usize::from(u16::MAX)
        || rows > usize::from(u16::MAX)
        || slices > 99_999
    {
        return Err(WriteError::Unsuitable { reason: "its size exceeds the limits of the format" });
    }
    if !ct.grid.origin.is_finite()
        || !ct.grid.step.iter().all(|s| s.is_finite())
        || ct.grid.step.determinant() == 0.0
    {
        return Err(WriteError::Unsuitable { reason: "its grid is degenerate" });
    }
    if folder.is_file() {
        return Err(WriteError::NotAFolder { path: folder.to_owned() });
    }
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(WriteError::Exists { path: folder.to_owned() });
    }
    let partial = crate::atomic::folder_beside(folder).map_err(fail)?;
    (0..slices).into_par_iter().try_for_each(|k| {
        let path = partial.path().join(format!("slice_{:05}.dcm", k + 1));
        std::fs::write(path, series.slice(k)?).map_err(fail)
    })?;
    // Temporary folders are private to the user; a result has the usual permissions.
    #[cfg(unix)]
    std::fs::set_permissions(partial.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .map_err(fail)?;
    std::fs::rename(partial.path(), folder).map_err(fail)
}

struct Series<'a> {
    volume: &'a Volume<i16>,
    kind: Kind<'a>,
    number: u32,
    /// Hash of voxels and grid, from which UIDs of series and slices come.
    content: blake3::Hash,
    /// Hash from which UIDs of study and frame of reference come.
    study: blake3::Hash,
}

impl<'a> Series<'a> {
    fn new(ct: &'a Volume<i16>, kind: Kind<'a>, study: Option<InStudy<'_>>) -> Self {
        let mut content = blake3::Hasher::new();
        for number in ct.grid.origin.coords().iter().chain(ct.grid.step.iter()) {
            content.update(&number.to_le_bytes());
        }
        for n in ct.grid.dims {
            content.update(&(n as u64).to_le_bytes());
        }
        for voxels in ct.as_slice().chunks(1 << 16) {
            let bytes: Vec<u8> = voxels.iter().flat_map(|v| v.to_le_bytes()).collect();
            content.update(&bytes);
        }
        if let Kind::Mr(mr) = &kind {
            content.update(mr.description.as_bytes());
        }
        let content = content.finalize();
        let of_study = study.map_or(content, |study| blake3::hash(study.study.as_bytes()));
        Series { volume: ct, kind, number: study.map_or(1, |study| study.number), content, study: of_study }
    }

    /// The bytes of one slice's file.
    fn slice(&self, k: usize) -> Result<Vec<u8>, WriteError> {
        let grid = &self.volume.grid;
        let [columns, rows, _] = grid.dims;
        let spacing = grid.spacing_mm();
        let first: Point3<f64> = grid.origin.coords() + grid.step.column(2) * k as f64;
        let along = |axis: usize| -> Vector3<f64> { grid.step.column(axis) / spacing[axis] };
        let orientation: Vec<f64> = along(0).iter().chain(along(1).iter()).copied().collect();
        let pixels = &self.volume.as_slice()[k * rows * columns..(k + 1) * rows * columns];
        let bytes: Vec<u8> = pixels.iter().flat_map(|v| v.to_le_bytes()).collect();

        let mut object = InMemDicomObject::new_empty();
        let mut text = |tag, vr, value: String| {
            object.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
        };
        let (class, modality, image_type) = match self.kind {
            Kind::Ct => (uids::CT_IMAGE_STORAGE, "CT", "DERIVED\\SECONDARY\\AXIAL"),
            Kind::Mr(_) => (uids::MR_IMAGE_STORAGE, "MR", "DERIVED\\SECONDARY\\OTHER"),
        };
        text(tags::IMAGE_TYPE, VR::CS, image_type.to_owned());
        text(tags::SOP_CLASS_UID, VR::UI, class.to_owned());
        text(tags::SOP_INSTANCE_UID, VR::UI, uid(&self.content, "slice", k));
        text(tags::MODALITY, VR::CS, modality.to_owned());
        text(tags::MANUFACTURER, VR::LO, "Coxa".to_owned());
        text(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES".to_owned());
        text(tags::DEIDENTIFICATION_METHOD, VR::LO, "Written without patient data".to_owned());
        text(tags::SLICE_THICKNESS, VR::DS, decimal(spacing[2]));
        text(tags::STUDY_INSTANCE_UID, VR::UI, uid(&self.study, "study", 0));
        text(tags::SERIES_INSTANCE_UID, VR::UI, uid(&self.content, "series", 0));
        text(tags::SERIES_NUMBER, VR::IS, self.number.to_string());
        text(tags::INSTANCE_NUMBER, VR::IS, (k + 1).to_string());
        text(tags::IMAGE_POSITION_PATIENT, VR::DS, decimals(first.iter()));
        text(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, decimals(orientation.iter()));
        text(tags::FRAME_OF_REFERENCE_UID, VR::UI, uid(&self.study, "frame", 0));
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2".to_owned());
        text(tags::PIXEL_SPACING, VR::DS, decimals([spacing[1], spacing[0]].iter()));
        match self.kind {
            Kind::Ct => {
                text(tags::RESCALE_INTERCEPT, VR::DS, "0".to_owned());
                text(tags::RESCALE_SLOPE, VR::DS, "1".to_owned());
                text(tags::RESCALE_TYPE, VR::LO, "HU".to_owned());
                empty_elements(&mut object, &[(tags::KVP, VR::DS), (tags::PATIENT_POSITION, VR::CS)]);
            }
            Kind::Mr(mr) => {
                let sequence = if mr.inversion_ms.is_some() { "IR\\SE" } else { "SE" };
                text(tags::SERIES_DESCRIPTION, VR::LO, mr.description.clone());
                text(tags::SCANNING_SEQUENCE, VR::CS, sequence.to_owned());
                text(tags::SEQUENCE_VARIANT, VR::CS, "NONE".to_owned());
                text(tags::MR_ACQUISITION_TYPE, VR::CS, "2D".to_owned());
                text(tags::REPETITION_TIME, VR::DS, decimal(mr.repetition_ms));
                text(tags::ECHO_TIME, VR::DS, decimal(mr.echo_ms));
                text(tags::MAGNETIC_FIELD_STRENGTH, VR::DS, decimal(mr.field_tesla));
                if let Some(inversion_ms) = mr.inversion_ms {
                    text(tags::INVERSION_TIME, VR::DS, decimal(inversion_ms));
                }
                let empty = [
                    (tags::SCAN_OPTIONS, VR::CS),
                    (tags::ECHO_TRAIN_LENGTH, VR::IS),
                    (tags::PATIENT_POSITION, VR::CS),
                ];
                empty_elements(&mut object, &empty);
            }
        }
        let is_signed = self.kind == Kind::Ct;
        for (tag, value) in [
            (tags::SAMPLES_PER_PIXEL, 1),
            (tags::ROWS, rows),
            (tags::COLUMNS, columns),
            (tags::BITS_ALLOCATED, 16),
            (tags::BITS_STORED, 16),
            (tags::HIGH_BIT, 15),
            (tags::PIXEL_REPRESENTATION, usize::from(is_signed)),
        ] {
            object.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value as u16)));
        }
        object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(bytes)));

        encoded(object)
    }
}

/// A UID below the root for UUIDs (PS3.5 annex B.2), with a hash of content, role and number as a custom UUID (RFC 9562
/// version 8).
pub(super) fn uid(content: &blake3::Hash, role: &str, number: usize) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(content.as_bytes()).update(role.as_bytes()).update(&(number as u64).to_le_bytes());
    let mut uuid = [0; 16];
    uuid.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    uuid[6] = uuid[6] & 0x0F | 0x80;
    uuid[8] = uuid[8] & 0x3F | 0x80;
    format!("2.25.{}", u128::from_be_bytes(uuid))
}

/// Puts in elements that must be there and may be empty: those of every image, and more.
pub(super) fn empty_elements(object: &mut InMemDicomObject, more: &[(Tag, VR)]) {
    let common = [
        (tags::STUDY_DATE, VR::DA),
        (tags::STUDY_TIME, VR::TM),
        (tags::ACCESSION_NUMBER, VR::SH),
        (tags::REFERRING_PHYSICIAN_NAME, VR::PN),
        (tags::PATIENT_NAME, VR::PN),
        (tags::PATIENT_ID, VR::LO),
        (tags::PATIENT_BIRTH_DATE, VR::DA),
        (tags::PATIENT_SEX, VR::CS),
        (tags::STUDY_ID, VR::SH),
        (tags::ACQUISITION_NUMBER, VR::IS),
        (tags::POSITION_REFERENCE_INDICATOR, VR::LO),
    ];
    for &(tag, vr) in common.iter().chain(more) {
        object.put(DataElement::empty(tag, vr));
    }
}

/// The bytes of a file, Explicit VR Little Endian.
pub(super) fn encoded(object: InMemDicomObject) -> Result<Vec<u8>, WriteError> {
    let unsuitable = || WriteError::Unsuitable { reason: "its header cannot be encoded" };
    let meta = FileMetaTableBuilder::new().transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN);
    let file = object.with_meta(meta).map_err(|_| unsuitable())?;
    let mut out = Vec::new();
    file.write_all(&mut out).map_err(|_| unsuitable())?;
    Ok(out)
}

fn decimals<'a>(values: impl Iterator<Item = &'a f64>) -> String {
    values.map(|&value| decimal(value)).collect::<Vec<_>>().join("\\")
}

/// The decimal string of at most 16 characters nearest to a value.
pub(super) fn decimal(value: f64) -> String {
    let shortest = format!("{}", value + 0.0);
    if shortest.len() <= 16 {
        return shortest;
    }
    let candidates =
        (0..=14).rev().flat_map(|digits| [format!("{value:.digits$}"), format!("{value:.digits$e}")]);
    let fits = candidates.filter(|text| text.len() <= 16);
    let error = |text: &String| text.parse::<f64>().map_or(f64::MAX, |back| (back - value).abs());
    fits.min_by(|a, b| error(a).total_cmp(&error(b))).unwrap_or(shortest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;
    use crate::source::{ReadOptions, open};
    use coxa_geometry::Point;
    use nalgebra::{Matrix3, Rotation3};
    use ndarray::Array3;

    fn oblique() -> CtVolume {
        let turn = Rotation3::from_euler_angles(0.3, -0.2, 1.1);
        let step = turn.matrix() * Matrix3::from_diagonal(&Vector3::new(0.7, 0.8, 1.25));
        let grid =
            Grid { dims: [17, 13, 9], origin: Point::new(-123.456789012345, 77.1, -0.333333333333), step };
        let voxels = Array3::from_shape_fn((9, 13, 17), |(k, j, i)| {
            ((k as i16 * 401) ^ (j as i16 * 257) ^ (i as i16 * 31)) - 1000
        });
        Volume::new(grid, voxels)
    }

    #[test]
    fn an_oblique_volume_comes_back_the_same() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("series");
        let ct = oblique();
        write_series(&ct, &folder).unwrap();
        let back = open(&folder, &ReadOptions::default()).unwrap();
        assert_eq!(back.ct.voxels, ct.voxels);
        assert!(back.ct.grid.matches(&ct.grid.rounded(), 1e-9), "{:?}", back.ct.grid);
        assert_eq!((back.files, back.notes.len()), (9, 0));
        assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 1, "nothing but the folder is left");
    }

    #[test]
    fn the_same_volume_gives_the_same_bytes_and_an_old_folder_is_kept() {
        let temp = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| temp.path().join(name));
        write_series(&oblique(), &one).unwrap();
        write_series(&oblique(), &two).unwrap();
        let read = |folder: &Path| std::fs::read(folder.join("slice_00005.dcm")).unwrap();
        assert_eq!(read(&one), read(&two));
        assert!(matches!(write_series(&oblique(), &one), Err(WriteError::Exists { .. })));
        let file = one.join("slice_00005.dcm");
        assert!(matches!(write_series(&oblique(), &file), Err(WriteError::NotAFolder { .. })));
        let below = file.join("series");
        let message = write_series(&oblique(), &below).unwrap_err().to_string();
        assert!(message.contains(&below.display().to_string()) && !message.contains("partial"), "{message}");
    }

    #[test]
    fn decimal_strings_fit_and_are_near() {
        for value in
            [0.0, -0.0, 1.0 / 3.0, -1_234.567_890_123_456, 1e-9, -0.906_307_787_036_65, 6.1e-17, 0.976_562]
        {
            let text = decimal(value);
            assert!(text.len() <= 16, "{text}");
            assert!((text.parse::<f64>().unwrap() - value).abs() <= 1e-11 * value.abs().max(1.0), "{text}");
        }
    }

    #[test]
    fn series_of_one_study_share_it_and_mr_says_how_it_was_taken() {
        let scratch = tempfile::tempdir().unwrap();
        let ct = oblique();
        let image = ct.map(|v| v & 0xfff);
        let stir = MrSeries {
            description: "STIR".into(),
            repetition_ms: 4500.0,
            echo_ms: 40.0,
            inversion_ms: Some(237.25),
            field_tesla: 1.5,
        };
        let [ct_folder, mr_folder] = ["ct", "mr"].map(|name| scratch.path().join(name));
        let study = |number| InStudy { study: "one of the tests", number };
        write_series_in(&ct, study(1), &ct_folder).unwrap();
        write_mr_series(&image, &stir, study(2), &mr_folder).unwrap();
        let first = |folder: &Path| dicom_object::open_file(folder.join("slice_00001.dcm")).unwrap();
        let (ct, mr) = (first(&ct_folder), first(&mr_folder));
        let text = |object: &dicom_object::DefaultDicomObject, tag| {
            object.element(tag).unwrap().to_str().unwrap().trim().to_owned()
        };
        for tag in [tags::STUDY_INSTANCE_UID, tags::FRAME_OF_REFERENCE_UID, tags::IMAGE_POSITION_PATIENT] {
            assert_eq!(text(&ct, tag), text(&mr, tag));
        }
        for tag in [tags::SERIES_INSTANCE_UID, tags::SOP_INSTANCE_UID, tags::SERIES_NUMBER] {
            assert_ne!(text(&ct, tag), text(&mr, tag));
        }
        assert_eq!(text(&mr, tags::MODALITY), "MR");
        assert_eq!(text(&mr, tags::SCANNING_SEQUENCE), "IR\\SE");
        assert_eq!(text(&mr, tags::INVERSION_TIME), "237.25");
        assert!(mr.element(tags::RESCALE_SLOPE).is_err());
        let bytes = mr.element(tags::PIXEL_DATA).unwrap().to_bytes().unwrap();
        let first: Vec<i16> = bytes.chunks(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
        assert_eq!(first, image.as_slice()[..first.len()]);
        let negative =
            write_mr_series(&oblique().map(|_| -1i16), &stir, study(2), &scratch.path().join("no"));
        assert!(matches!(negative, Err(WriteError::Unsuitable { .. })));
    }
}
