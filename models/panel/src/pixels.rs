//! Pictures and overlays as PNG files.
//!
//! An overlay is a grey picture of 16 bits: 0 is nothing, 1 to 65535 are values in equal steps from the least to the greatest. A value so kept is off by at most
//! half a step, 1/131,068 of the range.

use png::{BitDepth, ColorType};
use std::io::Cursor;

/// Steps between the least and the greatest value of an overlay.
const STEPS: f64 = 65534.0;

/// What 1 and 65535 in the file of an overlay stand for.
pub(crate) type Span = [f32; 2];

/// A grey picture of 8 bits as a file.
pub(crate) fn grey_png(size_px: [usize; 2], grey: &[u8]) -> Result<Vec<u8>, String> {
    encode(size_px, BitDepth::Eight, grey)
}

/// An overlay as a file, and what its codes stand for. What is no finite number is nothing.
pub(crate) fn overlay_png(size_px: [usize; 2], values: &[Option<f32>]) -> Result<(Vec<u8>, Span), String> {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let (least, most) = known().fold((f32::MAX, f32::MIN), |(least, most), v| (least.min(v), most.max(v)));
    let span = if least <= most { [least, most] } else { [0.0, 0.0] };
    let [low, width] = [f64::from(span[0]), f64::from(span[1]) - f64::from(span[0])];
    let code = |value: &Option<f32>| match value.filter(|value| value.is_finite()) {
        None => 0,
        Some(_) if width <= 0.0 => 1,
        // From 1 to 65535 whatever the value.
        Some(value) => 1 + ((f64::from(value) - low) / width * STEPS).round().clamp(0.0, STEPS) as u16,
    };
    let bytes: Vec<u8> = values.iter().flat_map(|value| code(value).to_be_bytes()).collect();
    Ok((encode(size_px, BitDepth::Sixteen, &bytes)?, span))
}

/// The picture of a file of the size that is meant.
pub(crate) fn grey_of(bytes: &[u8], size_px: [usize; 2]) -> Result<Vec<u8>, String> {
    decode(bytes, BitDepth::Eight, size_px)
}

/// The overlay of a file of the size that is meant.
pub(crate) fn overlay_of(bytes: &[u8], size_px: [usize; 2], span: Span) -> Result<Vec<Option<f32>>, String> {
    let [low, width] = [f64::from(span[0]), f64::from(span[1]) - f64::from(span[0])];
    let value = |pair: &[u8]| {
        let code = u16::from_be_bytes([pair[0], pair[1]]).checked_sub(1)?;
        Some((low + f64::from(code) / STEPS * width) as f32)
    };
    Ok(decode(bytes, BitDepth::Sixteen, size_px)?.chunks_exact(2).map(value).collect())
}

fn encode([width, height]: [usize; 2], depth: BitDepth, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let side = |side: usize| u32::try_from(side).map_err(|_| "it is too large for a PNG".to_owned());
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side(width)?, side(height)?);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(depth);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(bytes)?;
        writer.finish()
    });
    written.map_err(|error| format!("it is no picture: {error}"))?;
    Ok(file)
}

fn decode(bytes: &[u8], depth: BitDepth, size_px: [usize; 2]) -> Result<Vec<u8>, String> {
    let wrong = |error: png::DecodingError| {
        format!("it is no PNG that can be read: {}", error.to_string().trim_end_matches('.'))
    };
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().map_err(wrong)?;
    let info = reader.info();
    let found = [info.width as usize, info.height as usize];
    if found != size_px || (info.color_type, info.bit_depth) != (ColorType::Grayscale, depth) {
        let bits = depth as u8;
        return Err(format!("it is not grey, of {bits} bits and {} x {} pixels", size_px[0], size_px[1]));
    }
    // Of a size that was looked at.
    let size = reader.output_buffer_size().ok_or("it is too large")?;
    let mut buffer = vec![0; size];
    reader.next_frame(&mut buffer).map_err(wrong)?;
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn values_come_back_to_half_a_step(values in prop::collection::vec(prop::option::of(-1e4f32..1e6), 1..60)) {
            let size = [values.len(), 1];
            let (file, span) = overlay_png(size, &values).unwrap();
            let back = overlay_of(&file, size, span).unwrap();
            let half = f64::from(span[1] - span[0]) / STEPS / 2.0;
            for (value, back) in values.iter().zip(&back) {
                prop_assert_eq!(value.is_some(), back.is_some());
                let off = value.zip(*back).map_or(0.0, |(a, b)| f64::from(a - b).abs());
                // And what rounding to f32 adds.
                prop_assert!(off <= half + 0.07, "{off} of {half}");
            }
            // Kept again they are the same.
            prop_assert_eq!(overlay_png(size, &back).unwrap(), (file, span));
        }
    }

    #[test]
    fn what_is_no_number_is_nothing_and_one_value_is_itself() {
        let values = [Some(f32::NAN), None, Some(f32::INFINITY), Some(0.3)];
        let (file, span) = overlay_png([2, 2], &values).unwrap();
        assert_eq!(overlay_of(&file, [2, 2], span).unwrap(), [None, None, None, Some(0.3)]);
        let (file, span) = overlay_png([1, 1], &[None]).unwrap();
        assert_eq!((overlay_of(&file, [1, 1], span).unwrap(), span), (vec![None], [0.0; 2]));
        let ends = [Some(f32::MIN), Some(f32::MAX)];
        let (file, span) = overlay_png([2, 1], &ends).unwrap();
        assert_eq!(overlay_of(&file, [2, 1], span).unwrap(), ends);
    }

    #[test]
    fn another_picture_is_refused_before_it_is_decoded() {
        let file = grey_png([3, 2], &[7; 6]).unwrap();
        assert_eq!(grey_of(&file, [3, 2]).unwrap(), [7; 6]);
        assert!(grey_of(&file, [2, 3]).unwrap_err().contains("2 x 3 pixels"));
        assert!(overlay_of(&file, [3, 2], [0.0, 1.0]).unwrap_err().contains("16 bits"));
        assert!(grey_of(b"none", [3, 2]).unwrap_err().contains("no PNG"));
        for end in 0..file.len() {
            assert!(grey_of(&file[..end], [3, 2]).is_err() || end > 50, "{end} of {}", file.len());
        }
    }
}
