//! JPEG 2000 (ISO 15444-1), by hayro-jpeg2000.
//!
//! openjp2 would decode High-Throughput JPEG 2000 too, but frees null pointers on valid streams; the decoder
//! for foreign
//! bytes is one without unsafe code. It computes in `f32`, which holds 16-bit samples exactly.

use super::decoded::{Decoded, pack};
use crate::dicom::image::PixelFormat;
use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

/// Start of codestream and of its size marker.
const CODESTREAM: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];

/// Decodes one frame.
pub(super) fn decode(frame: &[u8], format: &PixelFormat) -> Result<Decoded, String> {
    let sample = check_size(frame, format)?;
    // Strict: a truncated stream is refused instead of filled up. Boxes around the stream, which DICOM does
    // not foresee, are
    // often not quite right.
    let strict = frame.starts_with(&CODESTREAM);
    let settings = DecodeSettings { resolve_palette_indices: false, strict, target_resolution: None };
    let image = Image::new(frame, &settings).map_err(|error| error.to_string())?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|error| error.to_string())?;
    let components: Vec<&[f32]> = decoded.components().iter().map(|component| component.samples()).collect();
    if components.len() != format.samples || components.iter().any(|c| c.len() < format.pixels()) {
        return Err("its components are not what the header says".to_owned());
    }
    // The decoder adds the level shift of unsigned samples to signed ones too, and lossy samples may leave
    // their range.
    let shift = if sample.signed { 1 << (sample.precision - 1) } else { 0 };
    let most = ((1_u32 << sample.precision) - 1) as f32;
    let value = move |c: &[f32], i: usize| c[i].round().clamp(0.0, most) as i32 - shift;
    let components = &components;
    let values = (0..format.pixels()).flat_map(|i| components.iter().map(move |c| value(c, i)));
    Ok(pack(values, sample.precision))
}

/// Bits and sign of a sample.
struct Sample {
    precision: u32,
    signed: bool,
}

/// Holds the size marker (ISO 15444-1 A.5.1) against the DICOM header before the decoder allocates by it.
fn check_size(frame: &[u8], format: &PixelFormat) -> Result<Sample, String> {
    let start = frame.windows(4).position(|w| w == CODESTREAM).ok_or("it holds no codestream")?;
    let marker = frame.get(start + 4..start + 4 + 38).ok_or("its size marker is truncated")?;
    let word =
        |at: usize| -> usize { marker[at..at + 4].iter().fold(0, |n, &byte| n << 8 | usize::from(byte)) };
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
        return Err("its tile sizes are invalid".to_owned());
    }
    if width.div_ceil(tile_width) * height.div_ceil(tile_height) > 65_535 {
        return Err("it has more tiles than the standard allows".to_owned());
    }
    // Depth and subsampling of each component follow.
    let specs = frame.get(start + 42..start + 42 + 3 * components).ok_or("its size marker is truncated")?;
    if specs.chunks_exact(3).any(|spec| spec[0] != specs[0] || spec[1] != 1 || spec[2] != 1) {
        return Err("its components differ in depth or are subsampled".to_owned());
    }
    let precision = u32::from(specs[0] & 0x7F) + 1;
    if precision > 16 {
        return Err(format!("it has {precision} bits per sample, which is not supported"));
    }
    Ok(Sample { precision, signed: specs[0] & 0x80 != 0 })
}
