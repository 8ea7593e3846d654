//! JPEG: lossy with 8 bits a sample, or lossless with up to 16.

use super::decoded::Decoded;
use crate::dicom::image::{Photometric, PixelFormat};
use jpeg_decoder::{ColorTransform, PixelFormat as JpegFormat, UnsupportedFeature};

/// Decodes one frame.
pub(super) fn decode(frame: &[u8], format: &PixelFormat) -> Result<Decoded, String> {
    let mut decoder = jpeg_decoder::Decoder::new(frame);
    decoder.read_info().map_err(|error| match error {
        jpeg_decoder::Error::Unsupported(UnsupportedFeature::SamplePrecision(bits)) => format!(
            "lossy JPEG of {bits} bits is not decoded here; convert the series to Explicit VR Little Endian, for \
             example with `gdcmconv --raw IN OUT` or `dcmdjpeg IN OUT`"
        ),
        other => other.to_string(),
    })?;
    let info = decoder.info().ok_or("it has no frame header")?;
    if usize::from(info.width) != format.columns || usize::from(info.height) != format.rows {
        return Err(format!(
            "its size of {} x {} pixels differs from that in the header",
            info.width, info.height
        ));
    }
    // DICOM's photometric interpretation, not the markers of the JPEG stream, says what the samples are; YBR
    // is
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
        _ => Err("its number of colours differs from that in the header".to_owned()),
    }
}
