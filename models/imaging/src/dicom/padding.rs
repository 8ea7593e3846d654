//! What stands where a scan has no value.

/// What padding outside the reconstruction circle becomes: air.
pub(crate) const PADDING_HU: i16 = -1024;
