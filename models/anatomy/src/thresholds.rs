//! CT numbers that part tissues.

/// Metal: above any bone, below the saturation of 12-bit scanners.
pub const METAL_HU: i16 = 2500;
