//! What modules say of the case: each panel with its pictures as they are seen at the usual opacity, and the card of the module.

use crate::panels::CasePanel;
use base64::Engine;
use coxa_panel::{OPACITY, Overlay, Picture, TableRow};
use serde::Serialize;

/// Colours between the ends of a ramp.
const STOPS: usize = 9;

/// A panel as the page shows it.
#[derive(Serialize)]
pub(super) struct Section<'a> {
    title: &'a str,
    evidence: &'a str,
    caution: Option<&'a str>,
    texts: &'a [String],
    columns: &'a [String],
    rows: &'a [TableRow],
    pictures: Vec<Shown<'a>>,
    /// Name and words.
    card: Vec<(&'static str, String)>,
}

/// A picture with its overlay in it.
#[derive(Serialize)]
struct Shown<'a> {
    caption: &'a str,
    width: usize,
    height: usize,
    sides: [char; 2],
    data: String,
    legend: Option<Legend<'a>>,
}

/// What the colours of an overlay stand for.
#[derive(Serialize)]
struct Legend<'a> {
    title: &'a str,
    ends: [String; 2],
    /// Of CSS, from the first to the last.
    colours: String,
}

/// The panels in their order.
pub(super) fn sections(panels: &[CasePanel]) -> Result<Vec<Section<'_>>, png::EncodingError> {
    panels.iter().map(section).collect()
}

fn section(stored: &CasePanel) -> Result<Section<'_>, png::EncodingError> {
    let panel = &stored.panel;
    Ok(Section {
        title: &panel.title,
        evidence: &panel.evidence,
        caution: stored.caution.as_deref(),
        texts: &panel.texts,
        columns: &panel.table.columns,
        rows: &panel.table.rows,
        pictures: panel.pictures.iter().map(shown).collect::<Result<_, _>>()?,
        card: panel.card.iter().flat_map(coxa_panel::Card::lines).collect(),
    })
}

fn shown(picture: &Picture) -> Result<Shown<'_>, png::EncodingError> {
    let [width, height] = picture.size_px;
    let mut file = Vec::new();
    // A panel that was read or written has at most 2^24 pixels.
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, side(width), side(height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&picture.rgb(OPACITY))?;
    writer.finish()?;
    Ok(Shown {
        caption: &picture.caption,
        width,
        height,
        sides: picture.sides,
        data: base64::engine::general_purpose::STANDARD.encode(&file),
        legend: picture.overlay.as_ref().map(legend),
    })
}

fn legend(overlay: &Overlay) -> Legend<'_> {
    let colour = |n: usize| {
        let [r, g, b] = overlay.ramp.colour(n as f32 / (STOPS - 1) as f32);
        format!("rgb({r},{g},{b})")
    };
    let colours = (0..STOPS).map(colour).collect::<Vec<_>>().join(", ");
    Legend { title: &overlay.title, ends: overlay.ends(), colours }
}
