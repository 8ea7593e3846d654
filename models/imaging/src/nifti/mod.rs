//! NIfTI-1 files (.nii and .nii.gz), CT and label maps, in and out.
//!
//! Read are whole numbers of 1 to 8 bytes and floats of 4 and 8, in either byte order, with slope and intercept;
//! orientation comes from the sform where its code is above 0, else from the qform, and a file with neither is
//! refused, because left and right could not be told apart. Written are int16 (CT) and uint8 (labels), with both
//! forms.

mod error;
mod gzip;
mod orientation;
mod read;
mod stored;
mod write;

pub use error::{NiftiError, Problem};

use crate::labels::{self, Label, LabelMap};
use crate::{CtVolume, Volume};
use coxa_geometry::Finding;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Reads a CT, with notes on how it was read (form used, unit, voxels without a value).
///
/// # Errors
/// Whatever is no single volume of numbers in a known place is refused; see [`Problem`].
pub fn read_ct(path: &Path) -> Result<(CtVolume, Vec<Finding>), NiftiError> {
    in_file(path, || {
        let (input, size) = open(path)?;
        read::ct(input, size)
    })
}

/// Reads a CT from the bytes of a file, plain or compressed.
///
/// # Errors
/// As [`read_ct`].
pub fn read_ct_from(bytes: &[u8]) -> Result<(CtVolume, Vec<Finding>), Problem> {
    read::ct(bytes, bytes.len() as u64)
}

/// Reads the values of an image of any modality as they stand: neither rounded nor limited, and not-a-number where the file has it.
///
/// # Errors
/// As [`read_ct`].
pub fn read_values(path: &Path) -> Result<(Volume<f64>, Vec<Finding>), NiftiError> {
    in_file(path, || {
        let (input, size) = open(path)?;
        read::values(input, size)
    })
}

/// Reads label ids as they stand in a file of any program, with notes.
///
/// # Errors
/// As [`read_ct`]; also where a voxel is no whole number from 0 to 65535.
pub fn read_label_ids(path: &Path) -> Result<(Volume<u16>, Vec<Finding>), NiftiError> {
    in_file(path, || {
        let (input, size) = open(path)?;
        read::labels(input, size, u32::from(u16::MAX))
    })
}

/// Reads label ids from the bytes of a file, plain or compressed.
///
/// # Errors
/// As [`read_label_ids`].
pub fn read_label_ids_from(bytes: &[u8]) -> Result<(Volume<u16>, Vec<Finding>), Problem> {
    read::labels(bytes, bytes.len() as u64, u32::from(u16::MAX))
}

/// Reads a label map with ids up to 255. Names come from `labels.json` beside the file where there is one; ids that
/// it does not list are named `label_ID`.
///
/// # Errors
/// As [`read_ct`]; also where a voxel is no whole number from 0 to 255, or `labels.json` cannot be used.
pub fn read_labels(path: &Path) -> Result<LabelMap, NiftiError> {
    in_file(path, || {
        let (input, size) = open(path)?;
        let (volume, _) = read::labels::<u8>(input, size, u32::from(u8::MAX))?;
        let beside = path.with_file_name("labels.json");
        let mut table = if beside.is_file() { labels::read_table(&beside)? } else { Vec::new() };
        let mut present = [false; 256];
        for &id in volume.as_slice() {
            present[usize::from(id)] = true;
        }
        for id in (1..=u8::MAX).filter(|&id| present[usize::from(id)]) {
            if !table.iter().any(|label| label.id == id) {
                table.push(Label::unnamed(id));
            }
        }
        table.sort_by_key(|label| label.id);
        Ok(LabelMap { volume, table })
    })
}

/// Writes CT numbers as int16. Compressed where the name ends in `.gz`; the file appears whole or not at all.
///
/// # Errors
/// Where the system refuses, or a dimension is 0 or above 32767.
pub fn write_ct(ct: &CtVolume, path: &Path) -> Result<(), NiftiError> {
    to_file(path, || write::write(ct, path))
}

/// Writes label ids (or any bytes on a grid) as uint8; otherwise as [`write_ct`]. The table of names is a file of
/// its own: [`labels::write_table`].
///
/// # Errors
/// As [`write_ct`].
pub fn write_labels(ids: &Volume<u8>, path: &Path) -> Result<(), NiftiError> {
    to_file(path, || write::write(ids, path))
}

fn in_file<T>(path: &Path, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, NiftiError> {
    work().map_err(|problem| {
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        NiftiError { file, problem }
    })
}

/// An error of writing names the path as it was given: the folder is as likely to be at fault as the file.
fn to_file(path: &Path, work: impl FnOnce() -> Result<(), Problem>) -> Result<(), NiftiError> {
    work().map_err(|problem| NiftiError { file: path.display().to_string(), problem })
}

fn open(path: &Path) -> Result<(BufReader<File>, u64), Problem> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(Problem::NotNifti("it is a folder"));
    }
    // A pipe has no end.
    if !metadata.is_file() {
        return Err(Problem::NotNifti("it is a pipe or device"));
    }
    Ok((BufReader::with_capacity(1 << 18, File::open(path)?), metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;
    use coxa_geometry::Point;
    use nalgebra::{Matrix3, Rotation3, Vector3};
    use ndarray::Array3;

    fn oblique_ct(dims: [usize; 3]) -> CtVolume {
        let rotation = Rotation3::from_euler_angles(-0.4, 0.2, 1.3);
        let scale = Matrix3::from_diagonal(&Vector3::new(0.75, 0.8, -1.25));
        let grid = Grid { dims, origin: Point::new(101.0, -220.5, 1400.25), step: rotation.matrix() * scale };
        let [ni, nj, nk] = dims;
        let voxels = Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| (i * 31 + j * 517 + k * 7919) as i16);
        Volume::new(grid, voxels)
    }

    /// A header as ours with the fields of a test changed, followed by the voxels.
    fn file(change: impl FnOnce(&mut Vec<u8>), voxels: &[u8]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.nii");
        write_ct(&oblique_ct([2, 2, 2]), &path).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.truncate(352);
        change(&mut bytes);
        bytes.extend_from_slice(voxels);
        bytes
    }

    fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
        bytes[at..at + value.len()].copy_from_slice(value);
    }

    #[test]
    fn what_was_written_is_read_again_plain_and_compressed() {
        let folder = tempfile::tempdir().unwrap();
        // More than one block of the compressor.
        for dims in [[1, 1, 1], [5, 6, 7], [130, 120, 80]] {
            let ct = oblique_ct(dims);
            for name in ["ct.nii", "ct.nii.gz"] {
                let path = folder.path().join(name);
                write_ct(&ct, &path).unwrap();
                let (read, notes) = read_ct(&path).unwrap();
                assert_eq!(read.voxels, ct.voxels);
                assert!(read.grid.matches(&ct.grid, 1e-3), "{:?}", read.grid);
                assert_eq!(notes, []);
                let from_bytes = read_ct_from(&std::fs::read(&path).unwrap()).unwrap();
                assert_eq!(from_bytes.0, read);
            }
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "a temporary file was left");
    }

    #[test]
    fn compressed_bytes_do_not_depend_on_the_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = |threads: usize| {
            let path = folder.path().join("ct.nii.gz");
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| write_ct(&oblique_ct([130, 120, 80]), &path)).unwrap();
            std::fs::read(&path).unwrap()
        };
        assert!(bytes(1) == bytes(3));
    }

    #[test]
    fn labels_keep_ids_and_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.nii.gz");
        let ids = oblique_ct([9, 4, 3]).map(|&v| (v % 4) as u8);
        write_labels(&ids, &path).unwrap();
        let table = vec![Label { name: "sacrum".into(), ..Label::unnamed(2) }];
        labels::write_table(&table, &folder.path().join("labels.json")).unwrap();
        let read = read_labels(&path).unwrap();
        assert_eq!(read.volume.voxels, ids.voxels);
        let names: Vec<_> = read.table.iter().map(|label| (label.id, label.name.as_str())).collect();
        assert_eq!(names, [(1, "label_1"), (2, "sacrum"), (3, "label_3")]);
        let (wide, _) = read_label_ids(&path).unwrap();
        assert_eq!(wide.voxels, ids.map(|&id| u16::from(id)).voxels);
    }

    #[test]
    fn every_number_type_and_byte_order_is_read() {
        let values = [0.0, 1.0, 2.0, 3.0, 100.0, 7.0, 5.0, 120.0];
        macro_rules! bytes {
            ($t:ty, $to:ident) => {
                values.iter().flat_map(|&v| (v as $t).$to()).collect::<Vec<u8>>()
            };
        }
        macro_rules! check {
            ($($code:literal $t:ty),*) => {$(
                let width = (8 * size_of::<$t>()) as i16;
                let little = file(
                    |h| {
                        put(h, 70, &i16::to_le_bytes($code));
                        put(h, 72, &width.to_le_bytes());
                    },
                    &bytes!($t, to_le_bytes),
                );
                let (ct, _) = read_ct_from(&little).unwrap();
                assert_eq!(ct.as_slice(), values.map(|v| v as i16), stringify!($t));
                let (ids, _) = read_label_ids_from(&little).unwrap();
                assert_eq!(ids.as_slice(), values.map(|v| v as u16));
                let mut big = little;
                // The same header in the other byte order: every field, by its width.
                for (range, width) in [
                    (0..4, 4), (32..36, 4), (36..38, 2), (40..56, 2), (56..68, 4), (68..76, 2), (76..120, 4),
                    (120..122, 2), (124..148, 4), (252..256, 2), (256..328, 4),
                ] {
                    big[range].chunks_exact_mut(width).for_each(<[u8]>::reverse);
                }
                big[352..].chunks_exact_mut(size_of::<$t>()).for_each(<[u8]>::reverse);
                assert_eq!(read_ct_from(&big).unwrap().0, ct, "big-endian {}", stringify!($t));
            )*};
        }
        check!(2 u8, 256 i8, 4 i16, 512 u16, 8 i32, 768 u32, 1024 i64, 1280 u64, 16 f32, 64 f64);
    }

    #[test]
    fn scaling_rounding_saturation_and_missing_values() {
        let floats = [f32::NAN, -0.5, 0.49, 1e9, -1e9, 2.5, 10.0, f32::INFINITY];
        let voxels: Vec<u8> = floats.iter().flat_map(|v| v.to_le_bytes()).collect();
        let bytes = file(
            |h| {
                put(h, 70, &16_i16.to_le_bytes());
                put(h, 72, &32_i16.to_le_bytes());
            },
            &voxels,
        );
        let (ct, notes) = read_ct_from(&bytes).unwrap();
        assert_eq!(ct.as_slice(), [-1024, -1, 0, i16::MAX, i16::MIN, 3, 10, i16::MAX]);
        let codes: Vec<_> = notes.iter().map(|n| n.code.name()).collect();
        assert_eq!(codes, ["ct_missing_voxels", "ct_saturated_voxels"]);
        assert!(notes[1].message.contains(": 3;"));
        assert!(matches!(read_label_ids_from(&bytes), Err(Problem::NotALabel { index: 0, .. })));
        let (values, notes) = read::values(bytes.as_slice(), bytes.len() as u64).unwrap();
        assert!(values.as_slice()[0].is_nan() && notes.is_empty());
        assert_eq!(values.as_slice()[1..], floats.map(f64::from)[1..]);

        let scaled = file(
            |h| {
                put(h, 112, &2.0_f32.to_le_bytes());
                put(h, 116, &(-1000.0_f32).to_le_bytes());
            },
            &[500_i16, 0, 1, -1, 2, 3, 4, 32767].map(i16::to_le_bytes).concat(),
        );
        let (ct, _) = read_ct_from(&scaled).unwrap();
        assert_eq!(ct.as_slice(), [0, -1000, -998, -1002, -996, -994, -992, 32767]);
        // A slope that is 0 or not a number means no scaling, whatever the intercept.
        for slope in [0.0, f32::NAN] {
            let mut bytes = scaled.clone();
            put(&mut bytes, 112, &slope.to_le_bytes());
            assert_eq!(read_ct_from(&bytes).unwrap().0.as_slice()[0], 500);
        }
    }

    #[test]
    fn broken_headers_are_refused_with_the_reason() {
        let voxels = [0_u8; 16];
        let refused = |change: &dyn Fn(&mut Vec<u8>), expected: &str| {
            let problem = read_ct_from(&file(change, &voxels)).unwrap_err().to_string();
            assert!(problem.contains(expected), "{problem}");
        };
        let dim = |h: &mut Vec<u8>, dims: [i16; 8]| put(h, 40, &dims.map(i16::to_le_bytes).concat());
        refused(&|h| h.truncate(100), "shorter than a header");
        refused(&|h| put(h, 344, b"abcd"), "format are missing");
        refused(&|h| put(h, 344, b"ni1\0"), ".img file");
        refused(&|h| put(h, 4, b"n+2\0"), "NIfTI-2");
        refused(&|h| put(h, 0, &0_i32.to_le_bytes()), "sizeof_hdr");
        refused(&|h| dim(h, [0, 2, 2, 2, 1, 1, 1, 1]), "dim");
        refused(&|h| dim(h, [3, 2, -2, 2, 1, 1, 1, 1]), "positive numbers");
        refused(&|h| dim(h, [3, 2, 0, 2, 1, 1, 1, 1]), "positive numbers");
        refused(&|h| dim(h, [4, 2, 2, 2, 3, 1, 1, 1]), "3 volumes");
        refused(&|h| dim(h, [3, 32767, 32767, 32767, 1, 1, 1, 1]), "more than the limit");
        refused(&|h| dim(h, [3, 1000, 1000, 1000, 1, 1, 1, 1]), "truncated");
        refused(
            &|h| dim(h, [3, 2, 2, 3, 1, 1, 1, 1]),
            "its header announces 12 voxels, but only 8 are present",
        );
        refused(&|h| put(h, 70, &3_i16.to_le_bytes()), "datatype");
        refused(&|h| (put(h, 70, &128_i16.to_le_bytes()), put(h, 72, &24_i16.to_le_bytes())).0, "Rgb24");
        refused(&|h| put(h, 72, &8_i16.to_le_bytes()), "bitpix");
        refused(&|h| put(h, 108, &f32::NAN.to_le_bytes()), "vox_offset");
        refused(&|h| put(h, 108, &0_f32.to_le_bytes()), "vox_offset");
        refused(&|h| put(h, 108, &1e30_f32.to_le_bytes()), "vox_offset");
        refused(&|h| put(h, 112, &f32::INFINITY.to_le_bytes()), "scl_slope");
        refused(&|h| put(h, 252, &[0; 4]), "left and right");
        assert!(read_ct_from(&file(|h| dim(h, [5, 2, 2, 2, 1, 1, 1, 1]), &voxels)).is_ok());
        assert!(read_ct_from(b"").is_err());
    }

    #[test]
    fn a_file_that_goes_on_behind_its_voxels_is_refused() {
        let of = |behind: usize| file(|_| {}, &[[0; 16].as_slice(), &vec![7; behind]].concat());
        assert!(read_ct_from(&of(0)).is_ok());
        assert!(read_ct_from(&of(16)).is_ok(), "filled up");
        let said = read_ct_from(&of(40)).unwrap_err().to_string();
        assert!(said.contains("continues after the 8 voxels"), "{said}");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &of(4000)).unwrap();
        let said = read_ct_from(&packed.finish().unwrap()).unwrap_err().to_string();
        assert!(said.contains("continues after"), "{said}");
        let mut whole = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut whole, &of(0)).unwrap();
        let behind =
            [whole.finish().unwrap(), b"PK\x03\x04 somebody's zip behind the stream".to_vec()].concat();
        assert!(read_ct_from(&behind).is_err());
    }

    #[test]
    fn damaged_compression_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ct.nii.gz");
        write_ct(&oblique_ct([40, 40, 40]), &path).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for cut in [11, 200, whole.len() / 2, whole.len() - 3] {
            assert!(read_ct_from(&whole[..cut]).is_err(), "cut at {cut}");
        }
        assert!(matches!(read_ct_from(&whole[..whole.len() / 2]), Err(Problem::Truncated { .. })));
        let mut flipped = whole.clone();
        let checksum = whole.len() - 6;
        flipped[checksum] ^= 1;
        assert!(matches!(read_ct_from(&flipped), Err(Problem::Gzip(_))));
    }

    #[test]
    fn errors_name_the_file_without_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing.nii");
        let message = read_ct(&path).unwrap_err().to_string();
        assert!(message.starts_with("missing.nii: cannot be read"), "{message}");
        assert!(!message.contains(&folder.path().display().to_string()));
    }

    #[test]
    fn errors_of_writing_name_the_path_given() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["none/ct.nii", "none/ct.nii.gz"] {
            let path = folder.path().join(name);
            let message = write_ct(&oblique_ct([2, 2, 2]), &path).unwrap_err().to_string();
            assert!(message.starts_with(&path.display().to_string()), "{message}");
            assert!(message.ends_with("its folder does not exist; create it first"), "{message}");
        }
        let message = write_ct(&oblique_ct([2, 2, 2]), folder.path()).unwrap_err().to_string();
        assert!(message.starts_with(&folder.path().display().to_string()), "{message}");
        assert!(!message.contains("partial"), "{message}");
    }
}
