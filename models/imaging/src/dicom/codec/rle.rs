//! RLE Lossless: run lengths of byte planes, most significant first (PS3.5 annex G).
//!
//! Written here because the decoder of dicom-transfer-syntax-registry takes no 32-bit samples and stops the
//! program on
//! short segments.

use super::decoded::Decoded;
use crate::dicom::image::PixelFormat;

/// Decodes one frame.
pub(super) fn decode(frame: &[u8], format: &PixelFormat) -> Result<Decoded, String> {
    let word = |at: usize| -> Option<usize> {
        let bytes: [u8; 4] = frame.get(4 * at..4 * at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let width = (format.allocated / 8) as usize;
    let planes = width * format.samples;
    let segments = word(0).ok_or("its segment table is truncated")?;
    if segments != planes || width == 0 {
        return Err(format!("it has {segments} segments instead of {planes}"));
    }
    let mut bytes = vec![0; format.pixels() * planes];
    for segment in 0..segments {
        let start = word(segment + 1).ok_or("its segment table is truncated")?;
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
