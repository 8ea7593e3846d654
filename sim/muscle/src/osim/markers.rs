//! Markers of a model.

use super::error::OsimError;
use super::frames::Frames;
use super::xml::Element;
use crate::model::Marker;

pub(super) fn marker(element: Element<'_>, frames: &Frames) -> Result<Marker, OsimError> {
    let holder = element.socket("parent_frame").or_else(|| element.text("body"));
    let holder = holder.ok_or_else(|| element.error("`socket_parent_frame` is missing or empty"))?;
    let (body, frame) = frames.resolve(holder, "", element)?;
    Ok(Marker {
        name: element.name()?,
        body,
        at: frame * element.place("location")?,
        is_fixed: element.flag("fixed", false)?,
    })
}
