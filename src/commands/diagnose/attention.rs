//! Where a network looked, as pictures.

use anyhow::Result;
use coxa_diagnosis::Explained;
use coxa_diagnosis::graphs::Attention;
use coxa_diagnosis::manifest::{ExplainMethod, Manifest, Numeric, Output, Scale};
use coxa_panel::{OPACITY, Overlay, Picture, Ramp};

/// The middle channel of the image with what each output's attention says of it, by the output's id.
pub(super) fn pictures(
    manifest: &Manifest,
    explained: &Explained,
    method: ExplainMethod,
) -> Vec<(String, Picture)> {
    let image = &explained.image;
    let grey = image.grey(image.channels / 2);
    let one = |attention: &Attention| {
        let output = manifest.outputs.iter().find(|output| output.id == attention.output);
        let least = output.map_or(0.0, |output| least_shown(output, method));
        let most = attention.values.iter().fold(least, |most, value| most.max(value.abs()));
        let title = output.map_or(attention.output.as_str(), |output| &output.title);
        let of = attention.class.as_ref().map_or(title.to_owned(), |class| format!("{title}: {class}"));
        let (what, how) = match method {
            ExplainMethod::Occlusion => ("decrease of the prediction when occluded", "occlusion"),
            _ => ("contribution before activation", "class activation map"),
        };
        let picture = Picture {
            caption: format!("{of} ({how}; red supports it, blue opposes it)"),
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

/// Full colour stands for this at least, so that what hardly matters looks so: a tenth of probability, one of log odds, a twentieth of the range of a number.
fn least_shown(output: &Output, method: ExplainMethod) -> f32 {
    match (&output.scale, method) {
        (Scale::Number(Numeric { range: [low, high], .. }), _) => 0.05 * (high - low) as f32,
        (_, ExplainMethod::Occlusion) => 0.1,
        _ => 1.0,
    }
}

/// A picture as it is written.
pub(super) struct Shown {
    /// Name of its file.
    pub(super) file: String,
    /// The file: the picture with its overlay.
    pub(super) png: Vec<u8>,
    /// What it shows, what the colours are, and what the bluest and the reddest stand for.
    caption: [String; 4],
}

/// A picture with its overlay as a PNG file of this name.
pub(super) fn shown(file: String, picture: &Picture) -> Shown {
    let overlay = picture.overlay.as_ref();
    let [low, high] = overlay.map_or([0.0; 2], |overlay| [overlay.low, overlay.high]);
    let title = overlay.map_or("", |overlay| overlay.title.as_str());
    let caption = [picture.caption.clone(), title.to_owned(), low.to_string(), high.to_string()];
    // Writing to memory fails for a picture without pixels alone, and a network sees none.
    Shown { file, png: png_of(picture).unwrap_or_default(), caption }
}

fn png_of(picture: &Picture) -> Option<Vec<u8>> {
    let side = |side: usize| u32::try_from(side).ok();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side(picture.size_px[0])?, side(picture.size_px[1])?);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&picture.rgb(OPACITY)).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// What each picture shows, and what its reddest and bluest colours stand for.
pub(super) fn captions(all: &[Shown]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["file", "shows", "colours", "blue", "red"])?;
    for Shown { file, caption, .. } in all {
        writer.write_record(std::iter::once(file).chain(caption))?;
    }
    Ok(writer.into_inner()?)
}
