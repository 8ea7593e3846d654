//! PNG and JPEG, colours as their brightness.

use super::content::{Image, MAX_PIXELS};

/// Reads a PNG.
pub(super) fn png(bytes: &[u8]) -> Result<Image, String> {
    let wrong = |error: png::DecodingError| format!("it is a PNG that cannot be read: {error}");
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(wrong)?;
    let size = reader.output_buffer_size().filter(|size| *size <= MAX_PIXELS).ok_or("it is too large")?;
    let mut buffer = vec![0; size];
    let info = reader.next_frame(&mut buffer).map_err(wrong)?;
    let samples = info.color_type.samples();
    let values: Vec<f64> = match info.bit_depth {
        png::BitDepth::Sixteen => {
            buffer.chunks_exact(2).map(|pair| f64::from(u16::from_be_bytes([pair[0], pair[1]]))).collect()
        }
        _ => buffer.iter().map(|byte| f64::from(*byte)).collect(),
    };
    grey(info.width as usize, info.height as usize, samples, &values)
}

/// Reads a JPEG.
pub(super) fn jpeg(bytes: &[u8]) -> Result<Image, String> {
    let wrong = |error: jpeg_decoder::Error| format!("it is a JPEG that cannot be read: {error}");
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(MAX_PIXELS);
    let pixels = decoder.decode().map_err(wrong)?;
    let info = decoder.info().ok_or("it is a JPEG without a size")?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    let bytes = || pixels.iter().map(|byte| f64::from(*byte)).collect::<Vec<_>>();
    match info.pixel_format {
        jpeg_decoder::PixelFormat::L8 => grey(width, height, 1, &bytes()),
        jpeg_decoder::PixelFormat::RGB24 => grey(width, height, 3, &bytes()),
        jpeg_decoder::PixelFormat::L16 => {
            let words = pixels.chunks_exact(2).map(|pair| f64::from(u16::from_ne_bytes([pair[0], pair[1]])));
            grey(width, height, 1, &words.collect::<Vec<_>>())
        }
        jpeg_decoder::PixelFormat::CMYK32 => {
            Err("it is a JPEG for printing (CMYK); save it as RGB".to_owned())
        }
    }
}

/// Brightness of interleaved samples: the first, or of three and four that of red, green and blue.
fn grey(width: usize, height: usize, samples: usize, values: &[f64]) -> Result<Image, String> {
    if width == 0 || height == 0 || values.len() < width * height * samples {
        return Err("it has fewer pixels than its header says".to_owned());
    }
    let brightness = values.chunks_exact(samples.max(1)).take(width * height).map(|pixel| match pixel {
        [red, green, blue, ..] => luma([*red, *green, *blue]),
        _ => pixel[0],
    });
    Ok(Image::new([width, height, 1], brightness.collect()))
}

/// Brightness of a colour (ITU-R BT.601), as a whole number.
pub(super) fn luma([red, green, blue]: [f64; 3]) -> f64 {
    (0.299 * red + 0.587 * green + 0.114 * blue).round()
}
