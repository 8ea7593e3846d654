//! A decoded frame.

/// A decoded frame: `bits` (8, 16 or 32) a sample, little endian, colours interleaved.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// The samples.
    pub(crate) bytes: Vec<u8>,
    /// Bits of one of them.
    pub(crate) bits: u32,
}

/// Samples in the fewest bytes that hold them, little endian.
pub(super) fn pack(samples: impl Iterator<Item = i32>, precision: u32) -> Decoded {
    // Two's complement is cut to the width of the sample; the header says how to read it.
    match precision {
        0..=8 => Decoded { bytes: samples.map(|s| s as u8).collect(), bits: 8 },
        9..=16 => Decoded { bytes: samples.flat_map(|s| (s as u16).to_le_bytes()).collect(), bits: 16 },
        _ => Decoded { bytes: samples.flat_map(i32::to_le_bytes).collect(), bits: 32 },
    }
}
