//! Pictures of the renderer as PNG files.

use anyhow::{Context, Result, bail};
use bevy::prelude::Image;
use bevy::render::render_resource::TextureFormat;
use std::path::Path;

/// Writes a picture as PNG, without its opacity.
pub(super) fn write(image: &Image, path: &Path) -> Result<()> {
    let named = || format!("cannot write {}", path.display());
    let data = image.data.as_ref().context("the graphics adapter gave an empty picture")?;
    let size = image.texture_descriptor.size;
    // Windows have their blue first on many machines.
    let format = image.texture_descriptor.format;
    let order = match format {
        TextureFormat::Rgba8Unorm | TextureFormat::Rgba8UnormSrgb => [0, 1, 2],
        TextureFormat::Bgra8Unorm | TextureFormat::Bgra8UnormSrgb => [2, 1, 0],
        other => bail!("the graphics adapter uses an unsupported pixel format: {other:?}"),
    };
    let rgb: Vec<u8> = data.chunks_exact(4).flat_map(|pixel| order.map(|at| pixel[at])).collect();
    let file = std::fs::File::create(path).with_context(named)?;
    let mut encoder = ::png::Encoder::new(std::io::BufWriter::new(file), size.width, size.height);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    let mut writer = encoder.write_header().with_context(named)?;
    writer.write_image_data(&rgb).with_context(named)?;
    writer.finish().with_context(named)
}
