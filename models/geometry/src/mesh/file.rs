//! Mesh files on disk.

use super::Mesh;
use super::{ply, stl};
use crate::frame::Frame;
use std::path::{Path, PathBuf};

/// Largest file that is read: 2 GiB, some 40 million triangles.
pub const LARGEST_FILE: u64 = 2 << 30;

/// Why a mesh file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MeshFileError {
    /// A folder, a pipe or a device.
    #[error("{} is not a file; give a PLY or STL file", .path.display())]
    NoFile {
        /// What was named.
        path: PathBuf,
    },
    /// The file could not be opened or read.
    #[error("cannot read the mesh {}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Above [`LARGEST_FILE`].
    #[error("the mesh {} has {bytes} bytes, more than the limit of {LARGEST_FILE}", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// Begins as PLY but is not sound.
    #[error("{}: {source}", .path.display())]
    Ply {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ply::PlyError,
    },
    /// Not PLY, and not sound as STL.
    #[error("{}: {source}", .path.display())]
    Stl {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: stl::StlError,
    },
}

/// Reads a PLY or STL file, told apart by its first bytes and not by its name. Coordinates are millimetres in
/// frame `F`.
///
/// # Errors
/// Any [`MeshFileError`].
pub fn read<F: Frame>(path: &Path) -> Result<Mesh<F>, MeshFileError> {
    let io = |source| MeshFileError::Io { path: path.to_owned(), source };
    let found = std::fs::metadata(path).map_err(io)?;
    if !found.is_file() {
        return Err(MeshFileError::NoFile { path: path.to_owned() });
    }
    let bytes = found.len();
    if bytes > LARGEST_FILE {
        return Err(MeshFileError::TooLarge { path: path.to_owned(), bytes });
    }
    let bytes = std::fs::read(path).map_err(io)?;
    if bytes.starts_with(b"ply") {
        ply::parse(&bytes).map_err(|source| MeshFileError::Ply { path: path.to_owned(), source })
    } else {
        stl::parse(&bytes).map_err(|source| MeshFileError::Stl { path: path.to_owned(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Pelvis;
    use crate::mesh::tests::cube;

    #[test]
    fn the_content_decides_and_errors_name_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part.stl");
        let mesh = cube(2.0);
        ply::write(&mesh, std::fs::File::create(&path).unwrap()).unwrap();
        assert_eq!(read::<Pelvis>(&path).unwrap(), mesh);
        stl::write(&mesh, std::fs::File::create(&path).unwrap()).unwrap();
        assert_eq!(read::<Pelvis>(&path).unwrap().triangles.len(), 12);
        std::fs::write(&path, "hello").unwrap();
        let message = read::<Pelvis>(&path).unwrap_err().to_string();
        assert!(message.contains("part.stl") && message.contains("not an STL file"), "{message}");
        assert!(matches!(read::<Pelvis>(&folder.path().join("none")), Err(MeshFileError::Io { .. })));
    }
}
