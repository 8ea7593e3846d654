//! Decoders of compressed frames: each gives little-endian samples, colours interleaved.

use super::file::Coding;
use super::image::{Photometric, PixelFormat};
use jpeg_decoder::{ColorTransform, PixelFormat as JpegFormat};

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
        Coding::Rle => rle(frame, format),
        Coding::Jpeg => jpeg(frame, format),
        Coding::JpegLs => Err("JPEG-LS is not decoded yet".to_owned()),
        Coding::Jpeg2000 => Err("JPEG 2000 is not decoded yet".to_owned()),
        Coding::Native | Coding::Unsupported => Err("there is no decoder".to_owned()),
    }?;
    let expected = format.pixels() * format.samples * decoded.bits as usize / 8;
    if decoded.bytes.len() != expected {
        return Err(format!("it holds {} bytes instead of {expected}", decoded.bytes.len()));
    }
    Ok(decoded)
}

/// Run lengths of byte planes, most significant first (PS3.5 annex G). Written here because the decoder of
/// dicom-transfer-syntax-registry takes no 32-bit samples and stops the program on short segments.
fn rle(frame: &[u8], format: &PixelFormat) -> Result<Decoded, String> {
    let word = |at: usize| -> Option<usize> {
        let bytes: [u8; 4] = frame.get(4 * at..4 * at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let width = (format.allocated / 8) as usize;
    let planes = width * format.samples;
    let segments = word(0).ok_or("its segment table is cut off")?;
    if segments != planes || width == 0 {
        return Err(format!("it has {segments} segments instead of {planes}"));
    }
    let mut bytes = vec![0; format.pixels() * planes];
    for segment in 0..segments {
        let start = word(segment + 1).ok_or("its segment table is cut off")?;
        let end = if segment + 1 < segments { word(segment + 2) } else { Some(frame.len()) };
        let packed = end.and_then(|end| frame.get(start..end)).ok_or("a segment lies outside the frame")?;
        // The segments of a sample run from its most to its least significant byte.
        let (sample, byte) = (segment / width, width - 1 - segment % width);
        let mut slots = bytes.iter_mut().skip(sample * width + byte).step_by(planes);
        let filled = unpack(packed, &mut slots);
        if filled < format.pixels() {
            return Err(format!("a segment holds {filled} of {} bytes", format.pixels()));
        }
    }
    Ok(Decoded { bytes, bits: format.allocated })
}

/// PackBits; returns how many slots were filled.
fn unpack<'a>(packed: &[u8], slots: &mut impl Iterator<Item = &'a mut u8>) -> usize {
    let mut filled = 0;
    let mut at = 0;
    while let Some(&control) = packed.get(at) {
        at += 1;
        let run = usize::from(control);
        match control {
            0..=127 => {
                let literal = packed.get(at..).unwrap_or_default();
                let taken = literal.len().min(run + 1);
                for (slot, &byte) in slots.by_ref().take(taken).zip(literal) {
                    *slot = byte;
                    filled += 1;
                }
                at += run + 1;
            }
            128 => {}
            129.. => {
                let Some(&byte) = packed.get(at) else { break };
                for slot in slots.by_ref().take(257 - run) {
                    *slot = byte;
                    filled += 1;
                }
                at += 1;
            }
        }
    }
    filled
}

/// JPEG, lossy with 8 bits or lossless with up to 16.
fn jpeg(frame: &[u8], format: &PixelFormat) -> Result<Decoded, String> {
    let mut decoder = jpeg_decoder::Decoder::new(frame);
    decoder.read_info().map_err(|error| error.to_string())?;
    let info = decoder.info().ok_or("it has no frame header")?;
    if usize::from(info.width) != format.columns || usize::from(info.height) != format.rows {
        return Err(format!("it is {} x {} pixels, the header says otherwise", info.width, info.height));
    }
    // DICOM's photometric interpretation, not the markers of the JPEG stream, says what the samples are; YBR is
    // turned into RGB here as everywhere.
    if format.samples == 3 {
        decoder.set_color_transform(match format.photometric {
            Photometric::Rgb => ColorTransform::RGB,
            _ => ColorTransform::YCbCr,
        });
    }
    let bytes = decoder.decode().map_err(|error| error.to_string())?;
    match (info.pixel_format, format.samples) {
        (JpegFormat::L8, 1) | (JpegFormat::RGB24, 3) => Ok(Decoded { bytes, bits: 8 }),
        // The decoder gives 16-bit samples in the machine's own order.
        (JpegFormat::L16, 1) => {
            let swapped =
                bytes.chunks_exact(2).flat_map(|b| u16::from_ne_bytes([b[0], b[1]]).to_le_bytes()).collect();
            Ok(Decoded { bytes: swapped, bits: 16 })
        }
        _ => Err("its number of colours is not what the header says".to_owned()),
    }
}
