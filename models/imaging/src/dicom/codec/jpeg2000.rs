//! JPEG 2000 and High-Throughput JPEG 2000, by openjp2 (a port of OpenJPEG to Rust).
//!
//! Of the decoders in Rust it is the one that decodes both, and signed samples exactly.

use super::{Decoded, pack};
use crate::dicom::image::PixelFormat;
use jpeg2k::{DecodeParameters, Image};

/// Start of codestream and of its size marker.
const CODESTREAM: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];

/// Decodes one frame.
pub(super) fn decode(frame: &[u8], format: &PixelFormat) -> Result<Decoded, String> {
    check_size(frame, format)?;
    // Strict: a truncated stream is refused instead of filled up with zeros.
    let image = Image::from_bytes_with(frame, DecodeParameters::new().strict(true))
        .map_err(|error| error.to_string())?;
    let components: Vec<&[i32]> = image.components().iter().map(|component| component.data()).collect();
    if components.len() != format.samples || components.iter().any(|c| c.len() != format.pixels()) {
        return Err("its components are not what the header says".to_owned());
    }
    let precision = image.components().iter().map(|component| component.precision()).max().unwrap_or(0);
    Ok(pack((0..format.pixels()).flat_map(|i| components.iter().map(move |c| c[i])), precision))
}

/// Holds the size marker (ISO 15444-1 A.5.1) against the DICOM header before the decoder allocates by it.
fn check_size(frame: &[u8], format: &PixelFormat) -> Result<(), String> {
    let start = frame.windows(4).position(|w| w == CODESTREAM).ok_or("it holds no codestream")?;
    let marker = frame.get(start + 4..start + 4 + 38).ok_or("its size marker is cut off")?;
    let word = |at: usize| -> usize { marker[at..at + 4].iter().fold(0, |n, &byte| n << 8 | usize::from(byte)) };
    let [width, height] = [4, 8].map(word);
    let [left, top] = [12, 16].map(word);
    let [tile_width, tile_height] = [20, 24].map(word);
    let components = usize::from(marker[36]) << 8 | usize::from(marker[37]);
    if width.checked_sub(left) != Some(format.columns) || height.checked_sub(top) != Some(format.rows) {
        return Err("its size is not what the header says".to_owned());
    }
    if components != format.samples {
        return Err("its number of components is not what the header says".to_owned());
    }
    // Offsets far outside the image serve no purpose but overflow.
    if left > 1 << 20 || top > 1 << 20 || tile_width == 0 || tile_height == 0 {
        return Err("its tiles are impossible".to_owned());
    }
    if width.div_ceil(tile_width) * height.div_ceil(tile_height) > 65_535 {
        return Err("it has more tiles than the standard allows".to_owned());
    }
    Ok(())
}
