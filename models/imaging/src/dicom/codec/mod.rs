//! Decoders of compressed frames: each gives little-endian samples, colours interleaved.

mod jpeg;
mod jpeg2000;
mod jpeg_ls;
mod rle;

use super::file::Coding;
use super::image::PixelFormat;

/// A decoded frame: `bits` (8, 16 or 32) a sample, little endian, colours interleaved.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// The samples.
    pub(crate) bytes: Vec<u8>,
    /// Bits of one of them.
    pub(crate) bits: u32,
}

/// Decodes one frame; the error says why not.
pub(crate) fn decode(coding: Coding, frame: &[u8], format: &PixelFormat) -> Result<Decoded, String> {
    let decoded = match coding {
        Coding::Rle => rle::decode(frame, format),
        Coding::Jpeg => jpeg::decode(frame, format),
        Coding::JpegLs => jpeg_ls::decode(frame, format),
        Coding::Jpeg2000 => jpeg2000::decode(frame, format),
        Coding::Native | Coding::Unsupported => Err("there is no decoder".to_owned()),
    }?;
    let expected = format.pixels() * format.samples * decoded.bits as usize / 8;
    if decoded.bytes.len() != expected {
        return Err(format!("it holds {} bytes instead of {expected}", decoded.bytes.len()));
    }
    Ok(decoded)
}

/// Samples in the fewest bytes that hold them, little endian.
fn pack(samples: impl Iterator<Item = i32>, precision: u32) -> Decoded {
    // Two's complement is cut to the width of the sample; the header says how to read it.
    match precision {
        0..=8 => Decoded { bytes: samples.map(|s| s as u8).collect(), bits: 8 },
        9..=16 => Decoded { bytes: samples.flat_map(|s| (s as u16).to_le_bytes()).collect(), bits: 16 },
        _ => Decoded { bytes: samples.flat_map(i32::to_le_bytes).collect(), bits: 32 },
    }
}
