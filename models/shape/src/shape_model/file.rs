//! Shape models on disk: one `.npz` that NumPy opens, and point-distribution models as folders of NumPy arrays.
//!
//! A model is a zip of `mean.npy` (vertices x 3, mm), `faces.npy` (triangles x 3), `modes.npy` (modes x vertices x 3,
//! orthonormal), `variances.npy` (mm²) and `model.json` with everything else; lengths in millimetres, a right bone.

use super::kernel::Kernel;
use super::model::ShapeModel;
use super::npy::{self, Array, NpyError};
use super::provenance::Provenance;
use coxa_imaging::atomic;
use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Version of the format that is written.
const FORMAT: u32 = 1;

/// Most bytes that a file or one of its members may have.
const LARGEST: u64 = 1 << 30;

/// Why a model could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ModelFileError {
    /// The file could not be opened, read or written.
    #[error("cannot use {}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not an atlas of muscles.
    #[error("{} is not an atlas of muscles: {reason}", .path.display())]
    NotAnAtlas {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: ModelError,
    },
    /// It is not a shape model.
    #[error("{} is not a shape model: {reason}", .path.display())]
    NotAModel {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: ModelError,
    },
}

/// What is wrong with the bytes of a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The zip is damaged or is none.
    #[error("it is not an .npz file ({0})")]
    Zip(String),
    /// A member is missing or damaged.
    #[error("its member {member} cannot be read ({reason})")]
    Member {
        /// Name of the member.
        member: &'static str,
        /// Why.
        reason: String,
    },
    /// An array is damaged.
    #[error("its member {member}: {source}")]
    Array {
        /// Name of the member.
        member: &'static str,
        /// What is wrong.
        source: NpyError,
    },
    /// Another version wrote it.
    #[error("it has format {found}, and this program reads format {reads}; use the program that wrote it")]
    Format {
        /// Its format.
        found: u32,
        /// The one that is read.
        reads: u32,
    },
    /// Members do not fit together.
    #[error("{0}")]
    Inconsistent(&'static str),
}

/// `model.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Metadata {
    format: u32,
    bone: String,
    side: String,
    length_unit: String,
    noise_variance_mm2: f64,
    kernel: Kernel,
    provenance: Provenance,
}

/// Reads a model.
///
/// # Errors
/// Any [`ModelFileError`].
pub fn read(path: &Path) -> Result<ShapeModel, ModelFileError> {
    let io = |source| ModelFileError::Io { path: path.to_owned(), source };
    let wrong = |reason| ModelFileError::NotAModel { path: path.to_owned(), reason };
    let bytes = std::fs::metadata(path).map_err(io)?.len();
    if bytes > LARGEST {
        return Err(wrong(ModelError::Zip("it is larger than 1 GB".to_owned())));
    }
    parse(&std::fs::read(path).map_err(io)?).map_err(wrong)
}

/// Writes a model whole or not at all.
///
/// # Errors
/// [`ModelFileError::Io`] where the system refuses.
pub fn write(model: &ShapeModel, path: &Path) -> Result<(), ModelFileError> {
    let io = |source| ModelFileError::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    to_bytes(model, &mut bytes).map_err(io)?;
    let mut file = atomic::beside(path).map_err(io)?;
    file.write_all(&bytes).map_err(io)?;
    file.persist(path).map(drop).map_err(|failed| io(failed.error))
}

/// A model from the bytes of its file.
///
/// # Errors
/// Any [`ModelError`].
pub fn parse(bytes: &[u8]) -> Result<ShapeModel, ModelError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ModelError::Zip(e.to_string()))?;
    let text = member_of(&mut zip, "model.json")?;
    let metadata: Metadata = serde_json::from_slice(&text)
        .map_err(|e| ModelError::Member { member: "model.json", reason: e.to_string() })?;
    if metadata.format != FORMAT {
        return Err(ModelError::Format { found: metadata.format, reads: FORMAT });
    }
    if metadata.side != "right" || metadata.length_unit != "mm" {
        return Err(ModelError::Inconsistent(
            "a model is of a right bone in mm; `model.json` says otherwise",
        ));
    }
    let mean = array_of(&mut zip, "mean.npy")?;
    let faces = array_of(&mut zip, "faces.npy")?;
    let modes = array_of(&mut zip, "modes.npy")?;
    let variances = array_of(&mut zip, "variances.npy")?;
    let model = assemble(&mean, &faces, &modes, &variances)?;
    let sound = metadata.noise_variance_mm2.is_finite() && metadata.noise_variance_mm2 >= 0.0;
    if !sound || !metadata.kernel.is_sound() {
        return Err(ModelError::Inconsistent(
            "a variance or reach in `model.json` is negative or not finite",
        ));
    }
    Ok(ShapeModel {
        bone: metadata.bone,
        noise_variance: metadata.noise_variance_mm2,
        kernel: metadata.kernel,
        provenance: metadata.provenance,
        ..model
    })
}

/// The arrays as a model without metadata, if they fit together.
fn assemble(mean: &Array, faces: &Array, modes: &Array, variances: &Array) -> Result<ShapeModel, ModelError> {
    let &[vertices, 3] = &mean.shape[..] else {
        return Err(ModelError::Inconsistent("`mean.npy` needs a row of three coordinates for each vertex"));
    };
    let &[_, 3] = &faces.shape[..] else {
        return Err(ModelError::Inconsistent("`faces.npy` needs a row of three vertices for each triangle"));
    };
    if vertices == 0 || faces.values.iter().any(|&v| v < 0.0 || v >= vertices as f64 || v.fract() != 0.0) {
        return Err(ModelError::Inconsistent("`faces.npy` names a vertex that `mean.npy` does not have"));
    }
    let count = variances.values.len();
    if modes.shape[..] != [count, vertices, 3] || variances.shape.len() != 1 {
        return Err(ModelError::Inconsistent(
            "`modes.npy` needs, for each number of `variances.npy`, three numbers for each vertex",
        ));
    }
    if variances.values.iter().any(|v| *v < 0.0) {
        return Err(ModelError::Inconsistent("`variances.npy` holds a negative variance"));
    }
    let face = |f: &[f64]| [f[0] as u32, f[1] as u32, f[2] as u32];
    Ok(ShapeModel {
        bone: String::new(),
        faces: faces.values.chunks_exact(3).map(face).collect(),
        mean: DVector::from_column_slice(&mean.values),
        // One mode after the other is column by column.
        modes: DMatrix::from_column_slice(3 * vertices, count, &modes.values),
        variances: DVector::from_column_slice(&variances.values),
        noise_variance: 0.0,
        kernel: Kernel::default(),
        provenance: Provenance::default(),
    })
}

/// The bytes of one member of a zip, read no further than they are wanted.
pub(crate) fn member_of(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    name: &'static str,
) -> Result<Vec<u8>, ModelError> {
    let wrong = |reason: String| ModelError::Member { member: name, reason };
    let file = zip.by_name(name).map_err(|e| wrong(e.to_string()))?;
    // What the zip says of the size is not trusted.
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| wrong(e.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(wrong("it is larger than 1 GB".to_owned()));
    }
    Ok(bytes)
}

/// One array of an `.npz`.
pub(crate) fn array_of(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &'static str) -> Result<Array, ModelError> {
    npy::parse(&member_of(zip, name)?).map_err(|source| ModelError::Array { member: name, source })
}

/// The bytes of a model's file; the same model gives the same bytes.
fn to_bytes(model: &ShapeModel, to: &mut Vec<u8>) -> std::io::Result<()> {
    let metadata = Metadata {
        format: FORMAT,
        bone: model.bone.clone(),
        side: "right".to_owned(),
        length_unit: "mm".to_owned(),
        noise_variance_mm2: model.noise_variance,
        kernel: model.kernel.clone(),
        provenance: model.provenance.clone(),
    };
    let mut zip = ZipWriter::new(Cursor::new(to));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let (vertices, count) = (model.vertex_count(), model.mode_count());
    zip.start_file("model.json", options)?;
    serde_json::to_writer_pretty(&mut zip, &metadata)?;
    zip.start_file("mean.npy", options)?;
    npy::write(&mut zip, &[vertices, 3], model.mean.iter().map(|&v| v as f32))?;
    zip.start_file("faces.npy", options)?;
    npy::write(&mut zip, &[model.faces.len(), 3], model.faces.iter().flatten().map(|&v| v as i32))?;
    zip.start_file("modes.npy", options)?;
    npy::write(&mut zip, &[count, vertices, 3], model.modes.iter().map(|&v| v as f32))?;
    zip.start_file("variances.npy", options)?;
    npy::write(&mut zip, &[count], model.variances.iter().copied())?;
    zip.finish()?.flush()
}

/// A point-distribution model of another program: a folder with `mean.npy`, `modes.npy` (coordinates x modes) and
/// `projectedWeights.npy` (modes x shapes). Returns the shapes that it was made of, coordinates three to a vertex, in mm.
///
/// # Errors
/// Any [`ModelFileError`].
pub fn read_point_distribution(folder: &Path) -> Result<Vec<DVector<f64>>, ModelFileError> {
    let wrong = |reason| ModelFileError::NotAModel { path: folder.to_owned(), reason };
    let load = |name: &'static str| {
        let path = folder.join(name);
        let io = |source| ModelFileError::Io { path: path.clone(), source };
        if std::fs::metadata(&path).map_err(io)?.len() > LARGEST {
            return Err(wrong(ModelError::Inconsistent("an array is larger than 1 GB")));
        }
        npy::parse(&std::fs::read(&path).map_err(io)?)
            .map_err(|source| wrong(ModelError::Array { member: name, source }))
    };
    let (mean, modes, scores) = (load("mean.npy")?, load("modes.npy")?, load("projectedWeights.npy")?);
    let sizes = |array: &Array, member| {
        array.rows_and_columns().map_err(|source| wrong(ModelError::Array { member, source }))
    };
    let (rows, count) = sizes(&modes, "modes.npy")?;
    let (score_rows, shapes) = sizes(&scores, "projectedWeights.npy")?;
    if mean.values.len() != rows || score_rows != count || rows % 3 != 0 {
        return Err(wrong(ModelError::Inconsistent(
            "`modes.npy` needs a row for each number of `mean.npy` and a column for each row of `projectedWeights.npy`",
        )));
    }
    let mean = DVector::from_column_slice(&mean.values);
    let modes = DMatrix::from_row_slice(rows, count, &modes.values);
    let scores = DMatrix::from_row_slice(count, shapes, &scores.values);
    Ok((0..shapes).map(|j| &mean + &modes * scores.column(j)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::tests::bumps;
    use super::*;

    #[test]
    fn a_model_comes_back_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.npz");
        let model = bumps(7);
        write(&model, &path).unwrap();
        let read = read(&path).unwrap();
        assert_eq!((&read.bone, &read.faces), (&model.bone, &model.faces));
        assert!((read.kernel.at(30.0) / model.kernel.at(30.0) - 1.0).abs() < 1e-12);
        assert!((&read.mean - &model.mean).amax() < 1e-4);
        assert!((&read.modes - &model.modes).amax() < 1e-6);
        assert_eq!(read.variances, model.variances);
        assert!((read.noise_variance / model.noise_variance - 1.0).abs() < 1e-14);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        to_bytes(&model, &mut a).unwrap();
        to_bytes(&model, &mut b).unwrap();
        assert_eq!(a, b);
    }

    #[test]
    fn damaged_files_are_refused_wherever_they_are_cut_or_changed() {
        let mut bytes = Vec::new();
        to_bytes(&bumps(5), &mut bytes).unwrap();
        for end in (0..bytes.len()).step_by(97) {
            assert!(parse(&bytes[..end]).is_err());
        }
        for at in (0..bytes.len()).step_by(211) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            if let Ok(model) = parse(&changed) {
                assert!(model.mean_mesh().vertices.iter().all(|v| v.is_finite()));
                assert!(model.faces.iter().flatten().all(|&v| (v as usize) < model.vertex_count()));
            }
        }
    }

    #[test]
    fn a_file_that_is_no_model_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bone.npz");
        std::fs::write(&path, "hello").unwrap();
        let message = read(&path).unwrap_err().to_string();
        assert!(message.contains("bone.npz") && message.contains("not an .npz"), "{message}");
    }
}
