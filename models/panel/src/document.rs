//! `panel.json`: all of a panel but the pixels.

use crate::overlay::Ramp;
use crate::panel::{Card, Panel, Table};
use serde::{Deserialize, Serialize};

/// Form of the file that this program writes and reads.
pub(crate) const FORMAT: u32 = 1;

/// `panel.json` as it is written. Files of pictures have their names from their places: `picture_1.png` with `overlay_1.png`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) format: u32,
    pub(crate) module: String,
    pub(crate) title: String,
    pub(crate) evidence: String,
    #[serde(default)]
    pub(crate) texts: Vec<String>,
    #[serde(default)]
    pub(crate) table: Table,
    #[serde(default)]
    pub(crate) pictures: Vec<PictureForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) card: Option<Card>,
}

/// A picture without its pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PictureForm {
    pub(crate) caption: String,
    pub(crate) width_px: usize,
    pub(crate) height_px: usize,
    pub(crate) sides: [char; 2],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) overlay: Option<OverlayForm>,
}

/// An overlay without its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverlayForm {
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) low: f32,
    pub(crate) high: f32,
    #[serde(default)]
    pub(crate) ramp: Ramp,
    /// What 1 in the file stands for; 0 is nothing.
    pub(crate) value_at_1: f32,
    /// What 65535 in the file stands for.
    pub(crate) value_at_65535: f32,
}

impl Document {
    /// All of a panel but its pictures.
    pub(crate) fn of(panel: &Panel) -> Document {
        let Panel { module, title, evidence, texts, table, pictures: _, card } = panel.clone();
        Document { format: FORMAT, module, title, evidence, texts, table, pictures: Vec::new(), card }
    }
}
