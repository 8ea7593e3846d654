//! NIfTI-1 out, atomically.
//!
//! The `nifti` crate writes in place and on one thread, so header and voxels are laid out here.

use super::error::Problem;
use super::stored::Stored;
use super::{gzip, orientation};
use crate::{Grid, Volume};
use nifti::NiftiHeader;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes to a temporary file beside `path`, then renames. Compressed where the name ends in `.gz`.
pub(super) fn write<T: Stored>(volume: &Volume<T>, path: &Path) -> Result<(), Problem> {
    let header = header_bytes::<T>(&volume.grid)?;
    let mut file = crate::atomic::beside(path)?;
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        gzip::write(file.as_file_mut(), &header, volume.as_slice())?;
    } else {
        let mut out = BufWriter::with_capacity(1 << 20, file.as_file_mut());
        out.write_all(&header)?;
        let mut bytes = Vec::new();
        for values in volume.as_slice().chunks(1 << 18) {
            bytes.clear();
            T::append(values, &mut bytes);
            out.write_all(&bytes)?;
        }
        out.flush()?;
    }
    file.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// Header and empty extension, 352 bytes, little-endian.
fn header_bytes<T: Stored>(grid: &Grid) -> Result<Vec<u8>, Problem> {
    let mut header = NiftiHeader::default();
    orientation::set_grid(&mut header, grid);
    let mut bytes = vec![0_u8; 352];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(0, &348_i32.to_le_bytes());
    put(38, b"r");
    put(40, &3_i16.to_le_bytes());
    for (axis, &n) in grid.dims.iter().enumerate() {
        let n = i16::try_from(n).ok().filter(|&n| n > 0);
        let n = n.ok_or_else(|| Problem::Unsupported {
            what: format!("a volume of {:?} voxels", grid.dims),
            remedy: "NIfTI-1 allows 1 to 32767 voxels along each axis",
        })?;
        put(42 + 2 * axis, &n.to_le_bytes());
    }
    for unused in 3..7 {
        put(42 + 2 * unused, &1_i16.to_le_bytes());
    }
    put(70, &T::DATATYPE.to_le_bytes());
    put(72, &(8 * T::BYTES as i16).to_le_bytes());
    for (i, v) in header.pixdim.iter().enumerate() {
        put(76 + 4 * i, &v.to_le_bytes());
    }
    put(108, &352_f32.to_le_bytes());
    put(112, &1_f32.to_le_bytes());
    put(123, &[header.xyzt_units]);
    put(252, &header.qform_code.to_le_bytes());
    put(254, &header.sform_code.to_le_bytes());
    let quaternion = [header.quatern_b, header.quatern_c, header.quatern_d];
    let offset = [header.quatern_x, header.quatern_y, header.quatern_z];
    let rows = [header.srow_x, header.srow_y, header.srow_z];
    for (i, v) in quaternion.iter().chain(&offset).chain(rows.as_flattened()).enumerate() {
        put(256 + 4 * i, &v.to_le_bytes());
    }
    put(344, b"n+1\0");
    Ok(bytes)
}
