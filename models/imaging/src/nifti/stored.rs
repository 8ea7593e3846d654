//! Voxel types that are written.

/// The voxel types that are written.
pub(super) trait Stored: Copy + Sync {
    /// Code of the format.
    const DATATYPE: i16;
    /// Bytes of one voxel.
    const BYTES: usize;
    /// Appends little-endian bytes.
    fn append(values: &[Self], bytes: &mut Vec<u8>);
}

impl Stored for u8 {
    const DATATYPE: i16 = 2;
    const BYTES: usize = 1;
    fn append(values: &[u8], bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(values);
    }
}

impl Stored for i16 {
    const DATATYPE: i16 = 4;
    const BYTES: usize = 2;
    fn append(values: &[i16], bytes: &mut Vec<u8>) {
        bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    }
}
