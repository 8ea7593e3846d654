//! Where a network looked, as pictures.

use anyhow::{Context, Result};
use coxa_case::failure::file_error;
use coxa_diagnosis::Explained;
use coxa_diagnosis::graphs::Attention;
use coxa_diagnosis::manifest::{ExplainMethod, Manifest};
use coxa_panel::{OPACITY, Overlay, Picture, Ramp};
use std::path::Path;

/// The middle channel of the image with what each output's attention says of it, by the output's id.
pub(super) fn pictures(
    manifest: &Manifest,
    explained: &Explained,
    method: ExplainMethod,
) -> Vec<(String, Picture)> {
    let image = &explained.image;
    let grey = image.grey(image.channels / 2);
    let one = |attention: &Attention| {
        let most = attention.values.iter().fold(0.0f32, |most, value| most.max(value.abs()));
        let title = manifest.outputs.iter().find(|output| output.id == attention.output);
        let title = title.map_or(attention.output.as_str(), |output| &output.title);
        let of = attention.class.as_ref().map_or(title.to_owned(), |class| format!("{title}: {class}"));
        let (what, how) = match method {
            ExplainMethod::Occlusion => ("fall of the prediction when the place is covered", "occlusion"),
            _ => ("what the place adds before activation", "class activation map"),
        };
        let picture = Picture {
            caption: format!("{of} ({how}; red speaks for it, blue against it)"),
            size_px: [image.columns, image.rows],
            grey: grey.clone(),
            sides: [' ', ' '],
            overlay: Some(Overlay {
                title: what.into(),
                unit: String::new(),
                low: -most,
                high: most,
                ramp: Ramp::BlueRed,
                values: attention.values.iter().map(|value| Some(*value)).collect(),
            }),
        };
        (attention.output.clone(), picture)
    };
    explained.attention.iter().map(one).collect()
}

/// Writes a picture with its overlay as a PNG file.
pub(super) fn write(picture: &Picture, path: &Path) -> Result<()> {
    let side = |side: usize| u32::try_from(side).context("the picture is too large for a PNG file");
    let file = std::fs::File::create(path).map_err(|error| file_error("write", path, &error))?;
    let mut encoder = png::Encoder::new(file, side(picture.size_px[0])?, side(picture.size_px[1])?);
    encoder.set_color(png::ColorType::Rgb);
    let failed = |error: png::EncodingError| anyhow::anyhow!("cannot write {}: {error}", path.display());
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&picture.rgb(OPACITY)).map_err(failed)?;
    writer.finish().map_err(failed)
}
