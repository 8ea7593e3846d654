//! Label files of other programs.

use super::mapping::Mapping;
use super::own::{structure_id, structure_name, structures};
use super::totalsegmentator;
use crate::Bone;
use coxa_geometry::finding::{self, Finding, Subject};
use coxa_imaging::compare::SAME_PLACE_MM;
use coxa_imaging::labels::{self, TableError};
use coxa_imaging::nifti::{self, NiftiError};
use coxa_imaging::source::ReadError;
use coxa_imaging::{CtVolume, Grid, Label, LabelMap, Volume, dicom, resample};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Longest list of names in a message.
const SHOWN: usize = 12;

/// Less of the labels than this part inside the CT is worth a note.
const MOSTLY_INSIDE: f64 = 0.99;

/// Why labels of another program cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelImportError {
    /// The operating system refused.
    #[error("cannot read {file}: {source}")]
    Io {
        /// File name.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The NIfTI file cannot be read.
    #[error(transparent)]
    Nifti(#[from] NiftiError),
    /// The table of names beside the file cannot be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The DICOM file cannot be read.
    #[error(transparent)]
    Dicom(#[from] ReadError),
    /// The file is of another kind.
    #[error(
        "{file} holds no labels that can be read; give a NIfTI label map (.nii, .nii.gz), a DICOM segmentation (SEG) or \
         a structure set (RTSTRUCT)"
    )]
    Kind {
        /// File name.
        file: String,
    },
    /// The table of names beside the file leaves out ids of the file, so it is that of another file.
    #[error(
        "labels.json beside {file} does not list every label of that file (missing: {ids}); complete labels.json, or move the label map to a folder without one: its ids are then read as those of TotalSegmentator"
    )]
    OtherTable {
        /// File name.
        file: String,
        /// The ids.
        ids: String,
    },
    /// Neither hip bone, femur nor sacrum is among the labels.
    #[error(
        "{file} has no label of a hip bone, femur or sacrum; its labels are: {found}. Say what they mean with \
         `--label-mapping FILE`, a TOML file of lines such as `77 = \"hip_left\"` by id or `\"Os coxae left\" = \
         \"hip_left\"` by name"
    )]
    NoBones {
        /// File name.
        file: String,
        /// The labels that are there.
        found: String,
    },
    /// The labels lie elsewhere than the CT.
    #[error("the labels of {file} do not overlap the CT; give the labels that were made from this CT")]
    NoOverlap {
        /// File name.
        file: String,
    },
    /// Contours have no grid of their own.
    #[error(
        "{file} is a structure set, whose contours have no voxels of their own; give a label map or segmentation"
    )]
    NoGrid {
        /// File name.
        file: String,
    },
}

/// Reads labels of another program on the grid of a CT: NIfTI, DICOM segmentation or structure set, told apart by
/// their content. A `labels.json` beside a NIfTI file gives its names; without one ids are looked up in the mapping.
///
/// The map that comes back holds structures of [`structures`] only, under our ids; the findings say what was left out,
/// merged or resampled.
///
/// # Errors
/// Where the file cannot be read, holds no hip bone, femur or sacrum, or does not overlap the CT.
///
/// # Examples
/// ```
/// use coxa_anatomy::label_names::{Mapping, import_file};
/// use coxa_geometry::Point;
/// use coxa_imaging::{CtVolume, Grid, Volume, nifti};
/// use ndarray::Array3;
///
/// let grid = Grid::axis_aligned([4, 4, 4], Point::origin(), [2.0; 3]);
/// let ct = CtVolume::new(grid.clone(), Array3::zeros((4, 4, 4)));
/// // Another program's labels: its 7 is the left hip bone.
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("seg.nii.gz");
/// nifti::write_labels(&Volume::new(grid, Array3::from_elem((4, 4, 4), 7)), &path).unwrap();
/// let mapping = Mapping::from_toml("7 = \"hip_left\"", "mapping.toml").unwrap();
/// let (labels, _) = import_file(&path, &ct, &mapping).unwrap();
/// let id = labels.id("hip_left").unwrap();
/// assert!(labels.volume.as_slice().iter().all(|&voxel| voxel == id));
/// ```
pub fn import_file(
    path: &Path,
    ct: &CtVolume,
    mapping: &Mapping,
) -> Result<(LabelMap, Vec<Finding>), LabelImportError> {
    import_on(path, &ct.grid, mapping)
}

/// As [`import_file`], on any grid.
///
/// # Errors
/// As [`import_file`].
pub fn import_on(
    path: &Path,
    grid: &Grid,
    mapping: &Mapping,
) -> Result<(LabelMap, Vec<Finding>), LabelImportError> {
    let (mut labels, mut notes) = read_mapped(path, Some(grid), mapping)?;
    if labels.volume.grid.matches(grid, SAME_PLACE_MM) {
        // To the last digit, which formats keep to different ones.
        labels.volume.grid = grid.clone();
        return Ok((labels, notes));
    }
    let own = &labels.volume;
    let volume = resample::nearest(own, grid);
    let labelled_mm3 = |volume: &Volume<u8>| {
        volume.as_slice().iter().filter(|&&id| id != 0).count() as f64 * volume.grid.voxel_volume_mm3()
    };
    let (all, inside) = (labelled_mm3(own), labelled_mm3(&volume));
    if inside == 0.0 {
        return Err(LabelImportError::NoOverlap { file: file_name(path) });
    }
    let (labels_grid, ct_grid) = (spacing(&own.grid), spacing(grid));
    notes.push(finding::LabelsResampled { labels_grid, ct_grid }.finding());
    if inside < MOSTLY_INSIDE * all {
        notes.push(finding::LabelsOutsideCt { outside_percent: 100.0 * (1.0 - inside / all) }.finding());
    }
    let present = present(&volume);
    let table = labels.table.into_iter().filter(|label| present[usize::from(label.id)]).collect();
    Ok((LabelMap { volume, table }, notes))
}

/// Reads labels of another program on their own grid; otherwise as [`import_file`]. Structure sets have no grid.
///
/// # Errors
/// As [`import_file`], and for structure sets.
pub fn read_file(path: &Path, mapping: &Mapping) -> Result<(LabelMap, Vec<Finding>), LabelImportError> {
    read_mapped(path, None, mapping)
}

/// Labels as they stand in a file.
struct Foreign {
    ids: Volume<u16>,
    /// Names by id, where the file has any.
    names: Option<BTreeMap<u16, String>>,
    notes: Vec<Finding>,
}

fn read_mapped(
    path: &Path,
    grid: Option<&Grid>,
    mapping: &Mapping,
) -> Result<(LabelMap, Vec<Finding>), LabelImportError> {
    let file = file_name(path);
    let foreign = if is_nifti(path)? { read_nifti(path)? } else { read_dicom(path, grid)? };
    let Foreign { ids, names, mut notes } = foreign;
    let mut used = vec![false; 1 << 16];
    for &id in ids.as_slice() {
        used[usize::from(id)] = true;
    }
    let used: Vec<u16> = (1..=u16::MAX).filter(|&id| used[usize::from(id)]).collect();

    let mut own_of = vec![0_u8; 1 << 16];
    let mut sources: BTreeMap<u8, Vec<String>> = BTreeMap::new();
    let (mut left_out, mut described) = (Vec::new(), Vec::new());
    for &id in &used {
        let name = names.as_ref().and_then(|names| names.get(&id));
        let description = match name {
            Some(name) => name.clone(),
            None => totalsegmentator::name(id)
                .map_or_else(|| format!("id {id}"), |name| format!("id {id} ({name})")),
        };
        // In a file that names its labels an id without a name means nothing.
        match mapping.of(Some(id), name.map(String::as_str).or(names.is_some().then_some(""))) {
            Some(own) => {
                own_of[usize::from(id)] = own;
                sources.entry(own).or_default().push(description.clone());
            }
            None => left_out.push(description.clone()),
        }
        described.push(description);
    }
    if !Bone::ALL.iter().any(|bone| structure_id(bone.name()).is_some_and(|id| sources.contains_key(&id))) {
        let found = if described.is_empty() { "none".to_owned() } else { list(&described) };
        return Err(LabelImportError::NoBones { file, found });
    }
    if !left_out.is_empty() {
        notes.push(finding::LabelsLeftOut { labels: list(&left_out) }.finding());
    }
    for (&own, from) in sources.iter().filter(|(_, from)| from.len() > 1) {
        let structure = structure_name(own).map_or(Subject::Labels, Subject::of);
        notes.push(finding::LabelsJoined { structure, count: from.len(), labels: list(from) }.finding());
    }
    let table: Vec<Label> =
        structures().into_iter().filter(|label| sources.contains_key(&label.id)).collect();
    Ok((LabelMap { volume: ids.map(|&id| own_of[usize::from(id)]), table }, notes))
}

fn is_nifti(path: &Path) -> Result<bool, LabelImportError> {
    let mut head = Vec::with_capacity(352);
    File::open(path)
        .and_then(|file| file.take(352).read_to_end(&mut head))
        .map_err(|source| LabelImportError::Io { file: file_name(path), source })?;
    // The mark of NIfTI-1 at its end, that of NIfTI-2 at its start; the reader explains what it does not take.
    let marked = matches!(head.get(344..348), Some(b"n+1\0" | b"ni1\0"))
        || matches!(head.get(4..8), Some(b"n+2\0" | b"ni2\0"));
    Ok(marked || head.starts_with(&[0x1F, 0x8B]))
}

fn read_nifti(path: &Path) -> Result<Foreign, LabelImportError> {
    let (ids, notes) = nifti::read_label_ids(path)?;
    let beside = path.with_file_name("labels.json");
    if !beside.is_file() {
        return Ok(Foreign { ids, names: None, notes });
    }
    let table = labels::read_table(&beside)?;
    let names: BTreeMap<u16, String> =
        table.into_iter().map(|label| (u16::from(label.id), label.name)).collect();
    let mut unlisted: Vec<u16> = Vec::new();
    let mut last = 0;
    for &id in ids.as_slice() {
        // Neighbours are mostly alike.
        if id != last && id != 0 && !names.contains_key(&id) && !unlisted.contains(&id) {
            unlisted.push(id);
        }
        last = id;
    }
    if unlisted.is_empty() {
        return Ok(Foreign { ids, names: Some(names), notes });
    }
    unlisted.sort_unstable();
    let ids: Vec<String> = unlisted.iter().map(u16::to_string).collect();
    Err(LabelImportError::OtherTable { file: file_name(path), ids: list(&ids) })
}

fn read_dicom(path: &Path, grid: Option<&Grid>) -> Result<Foreign, LabelImportError> {
    let kind = || LabelImportError::Kind { file: file_name(path) };
    let (LabelMap { volume, table }, notes) = match dicom::read_seg(path) {
        Err(ReadError::NotAnImage { .. }) => match grid {
            Some(grid) => match dicom::read_rtstruct(path, grid) {
                Err(ReadError::NotAnImage { .. }) => return Err(kind()),
                read => read?,
            },
            None => {
                // Any grid tells a structure set from other files.
                let grid = Grid::axis_aligned([1; 3], coxa_geometry::Point::origin(), [1.0; 3]);
                return Err(match dicom::read_rtstruct(path, &grid) {
                    Err(ReadError::NotAnImage { .. }) => kind(),
                    _ => LabelImportError::NoGrid { file: file_name(path) },
                });
            }
        },
        read => read?,
    };
    let names = table.into_iter().map(|label| (u16::from(label.id), label.name)).collect();
    Ok(Foreign { ids: volume.map(|&id| u16::from(id)), names: Some(names), notes })
}

/// Which ids a map holds.
fn present(volume: &Volume<u8>) -> [bool; 256] {
    let mut present = [false; 256];
    for &id in volume.as_slice() {
        present[usize::from(id)] = true;
    }
    present
}

fn list(names: &[String]) -> String {
    let mut text = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text += &format!(" and {} more", names.len() - SHOWN);
    }
    text
}

fn spacing(grid: &Grid) -> String {
    let [i, j, k] = grid.dims;
    let [di, dj, dk] = grid.spacing_mm();
    format!("{i} x {j} x {k} voxels of {di:.2} x {dj:.2} x {dk:.2} mm")
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use ndarray::Array3;
    use std::path::PathBuf;

    const SPACING: [f64; 3] = [1.0, 2.0, 3.0];

    fn grid() -> Grid {
        Grid::axis_aligned([6, 5, 4], Point::new(10.0, -20.0, 30.0), SPACING)
    }

    fn ct(grid: &Grid) -> CtVolume {
        let [ni, nj, nk] = grid.dims;
        Volume::new(grid.clone(), Array3::zeros((nk, nj, ni)))
    }

    /// A label file whose slice k is filled with `ids[k]`.
    fn file(folder: &Path, ids: [u8; 4], names: &[(u8, &str)]) -> PathBuf {
        let voxels = Array3::from_shape_fn((4, 5, 6), |(k, _, _)| ids[k]);
        let path = folder.join("seg.nii.gz");
        nifti::write_labels(&Volume::new(grid(), voxels), &path).unwrap();
        if !names.is_empty() {
            let entry = |&(id, name): &(u8, &str)| Label { name: name.into(), ..Label::unnamed(id) };
            let table: Vec<Label> = names.iter().map(entry).collect();
            labels::write_table(&table, &folder.join("labels.json")).unwrap();
        }
        path
    }

    fn slices(labels: &LabelMap) -> Vec<&str> {
        let name = |k: usize| structure_name(labels.volume.voxels[[k, 2, 3]]).unwrap_or("-");
        (0..labels.volume.grid.dims[2]).map(name).collect()
    }

    fn codes(notes: &[Finding]) -> Vec<&str> {
        notes.iter().map(|note| note.code.name()).collect()
    }

    #[test]
    fn ids_are_totalsegmentators_where_nothing_names_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), [77, 1, 76, 200], &[]);
        let (labels, notes) = import_file(&path, &ct(&grid()), &Mapping::default()).unwrap();
        assert_eq!(slices(&labels), ["hip_left", "-", "femur_right", "-"]);
        let table: Vec<_> = labels.table.iter().map(|label| label.name.as_str()).collect();
        assert_eq!(table, ["hip_left", "femur_right"]);
        assert_eq!(codes(&notes), ["labels_left_out"]);
        assert!(notes[0].message.contains("id 1 (spleen), id 200"), "{}", notes[0].message);
    }

    #[test]
    fn names_beside_the_file_outweigh_its_ids() {
        let folder = tempfile::tempdir().unwrap();
        let names = [(77, "Femur right"), (1, "sacrum"), (3, "bladder")];
        let path = file(folder.path(), [77, 1, 3, 0], &names);
        let (labels, notes) = import_file(&path, &ct(&grid()), &Mapping::default()).unwrap();
        assert_eq!(slices(&labels), ["femur_right", "sacrum", "-", "-"]);
        assert!(notes[0].message.contains("bladder"));
        // A table that is that of another file would give the bones of this one wrong names.
        let path = file(folder.path(), [77, 1, 78, 26], &names);
        let error = import_file(&path, &ct(&grid()), &Mapping::default()).unwrap_err().to_string();
        assert!(error.contains("does not list every label of that file (missing: 26, 78)"), "{error}");
    }

    #[test]
    fn a_mapping_file_names_ids_and_joins_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), [5, 6, 7, 0], &[]);
        let error = import_file(&path, &ct(&grid()), &Mapping::default()).unwrap_err().to_string();
        assert!(error.contains("id 6 (stomach)") && error.contains("77 = \"hip_left\""), "{error}");
        let text = "5 = \"femur_left\"\n6 = \"femur_left\"\n7 = \"hip_left\"";
        let mapping = Mapping::from_toml(text, "map.toml").unwrap();
        let (labels, notes) = import_file(&path, &ct(&grid()), &mapping).unwrap();
        assert_eq!(slices(&labels), ["femur_left", "femur_left", "hip_left", "-"]);
        assert_eq!(codes(&notes), ["labels_joined"]);
        assert_eq!(notes[0].about, Subject::Femur(coxa_geometry::Side::Left));
    }

    #[test]
    fn labels_come_onto_the_grid_of_the_ct() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), [77, 78, 75, 25], &[]);
        // Twice as fine, from the second slice on: the first slice and half of the second lie outside.
        let fine = Grid::axis_aligned([12, 10, 5], Point::new(9.75, -20.5, 33.0), [0.5, 1.0, 1.5]);
        let (labels, notes) = import_file(&path, &ct(&fine), &Mapping::default()).unwrap();
        assert_eq!(labels.volume.grid, fine);
        assert_eq!(slices(&labels), ["hip_right", "femur_left", "femur_left", "sacrum", "sacrum"]);
        assert_eq!(codes(&notes), ["labels_resampled", "labels_outside_ct"]);
        assert_eq!(labels.id("hip_left"), None);
        let far = Grid { origin: Point::new(500.0, 0.0, 0.0), ..grid() };
        let error = import_file(&path, &ct(&far), &Mapping::default()).unwrap_err();
        assert!(matches!(error, LabelImportError::NoOverlap { .. }), "{error}");
    }

    #[test]
    fn other_files_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        let read = |path: &Path| import_file(path, &ct(&grid()), &Mapping::default()).unwrap_err();
        for bytes in [&b""[..], b"hello", &[0x20; 4000]] {
            std::fs::write(&path, bytes).unwrap();
            assert!(read(&path).to_string().contains("notes.txt"), "{}", read(&path));
        }
        assert!(matches!(read(folder.path()), LabelImportError::Io { .. }));
        assert!(matches!(read(&folder.path().join("missing.nii")), LabelImportError::Io { .. }));
        let empty = file(folder.path(), [0; 4], &[]);
        assert!(matches!(read(&empty), LabelImportError::NoBones { .. }));
    }
}
