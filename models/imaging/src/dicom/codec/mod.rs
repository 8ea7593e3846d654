//! Decoders of compressed frames: each gives little-endian samples, colours interleaved.

mod decoded;
mod jpeg;
mod jpeg2000;
mod jpeg_ls;
mod rle;

pub(crate) use decoded::Decoded;

use super::image::PixelFormat;
use super::syntax::Coding;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::image::Photometric;

    fn format(columns: usize, rows: usize, allocated: u32) -> PixelFormat {
        PixelFormat {
            rows,
            columns,
            frames: 1,
            samples: 1,
            allocated,
            stored: allocated,
            high: allocated - 1,
            signed: false,
            planar: false,
            photometric: Photometric::Monochrome2,
        }
    }

    /// The worked example of ITU-T T.87, annex H.3.
    const JPEG_LS: [u8; 57] = [
        0xFF, 0xD8, 0xFF, 0xF7, 0x00, 0x0B, 0x08, 0x00, 0x04, 0x00, 0x04, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xDA,
        0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00, 0x6C, 0x80, 0x20, 0x8E, 0x01, 0xC0,
        0x00, 0x00, 0x57, 0x40, 0x00, 0x00, 0x6E, 0xE6, 0x00, 0x00, 0x01, 0xBC, 0x18, 0x00, 0x00, 0x05, 0xD8,
        0x00, 0x00, 0x91, 0x60, 0xFF, 0xD9,
    ];

    #[test]
    fn jpeg_ls_decodes_the_example_of_the_standard() {
        let decoded = decode(Coding::JpegLs, &JPEG_LS, &format(4, 4, 8)).unwrap();
        let expected = [0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145];
        assert_eq!((decoded.bytes.as_slice(), decoded.bits), (&expected[..], 8));
        for cut in 0..50 {
            assert!(decode(Coding::JpegLs, &JPEG_LS[..cut], &format(4, 4, 8)).is_err(), "cut at {cut}");
        }
        assert!(decode(Coding::JpegLs, &JPEG_LS, &format(5, 4, 8)).is_err());
    }

    #[test]
    fn rle_joins_byte_planes() {
        // Two segments for 16-bit samples: high bytes as one run, low bytes as literals.
        let mut frame = vec![0; 64];
        (frame[0], frame[4], frame[8]) = (2, 64, 66);
        frame.extend([0xFD, 0x01, 0x03, 5, 6, 7, 8]);
        let decoded = decode(Coding::Rle, &frame, &format(2, 2, 16)).unwrap();
        assert_eq!(decoded.bytes, [5, 1, 6, 1, 7, 1, 8, 1]);
        assert!(decode(Coding::Rle, &frame[..70], &format(2, 2, 16)).is_err());
        assert!(decode(Coding::Rle, &frame[..40], &format(2, 2, 16)).is_err());
    }
}
