//! Markers in a file of their own.

use super::document;
use super::error::OsimError;
use super::frames::Frames;
use super::markers::marker;
use super::xml::Element;
use crate::model::{Marker, Model};

/// Reads a file of markers, on the bodies of a model.
///
/// # Errors
/// Where it is none, is damaged, or a marker is on a body that the model does not have.
pub fn read_markers(text: &str, model: &Model) -> Result<Vec<Marker>, OsimError> {
    let parsed = document(text)?;
    let root = Element(parsed.root_element());
    if root.find("MarkerSet").is_none() {
        return Err(root.error("it contains no MarkerSet"));
    }
    let frames = Frames::of_bodies(model.bodies.iter().map(|body| body.name.clone()));
    root.objects("MarkerSet").map(|element| marker(element, &frames)).collect()
}
