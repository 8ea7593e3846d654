//! Markers of a scaled model are put to where the person has them in a static pose.

use super::factors::ScalingError;
use crate::files::{Course, Markers};
use crate::model::Model;
use crate::osim::scale_setup::Placing;
use crate::tracking::{Goals, Tracked, average, track};
use crate::{Posture, Skeleton};

/// A model with the markers of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The model.
    pub model: Model,
    /// The static pose, and how far the markers of the scaled model are missed in it.
    pub pose: Tracked,
    /// Markers that were left out, for the static pose does not have them.
    pub without: Vec<String>,
    /// Markers that are never seen in it, so that they stay where the model has them.
    pub unseen: Vec<String>,
    /// The mean places of the markers in it, as one frame.
    pub mean: Markers,
}

/// Brings a model into the static pose of a person and puts its markers, where they are not fixed, to where the person has them.
///
/// # Errors
/// A time without frames, a marker that moves too far in it, markers that cannot be of the model.
pub fn place(
    model: &Model,
    skeleton: &Skeleton,
    placing: &Placing,
    markers: &Markers,
    course: Option<(&Course, &[String])>,
) -> Result<Placed, ScalingError> {
    let named: Vec<&str> = model.markers.iter().map(|marker| marker.name.as_str()).collect();
    let places = average(markers, placing.time, &named, placing.most_movement)?;
    let time = markers.times.iter().copied().find(|time| *time >= placing.time[0]).unwrap_or(0.0);
    let still = Markers { times: vec![time], places: vec![places], ..markers.clone() };
    let goals = Goals::new(model, skeleton, &still.names, Some(&placing.tasks), course)?;
    let pose = track(model, skeleton, &goals, &still, [time, time], course.map(|(course, _)| course))?;
    let mut model = model.clone();
    let (kept, left): (Vec<_>, Vec<_>) =
        std::mem::take(&mut model.markers).into_iter().partition(|marker| still.names.contains(&marker.name));
    model.markers = kept;
    let mut unseen = Vec::new();
    if placing.moves_markers {
        let mut posture = Posture::default();
        skeleton.place(&pose.rows[0], &mut posture);
        for marker in model.markers.iter_mut().filter(|marker| !marker.is_fixed) {
            let column = still.names.iter().position(|name| *name == marker.name);
            let (Some(at), Some(body)) =
                (column.and_then(|column| still.places[0][column]), skeleton.body(&marker.body))
            else {
                unseen.push(marker.name.clone());
                continue;
            };
            marker.at = posture.frames[body].point_inside(&at);
        }
    }
    Ok(Placed {
        model,
        pose,
        unseen,
        mean: still,
        without: left.into_iter().map(|marker| marker.name).collect(),
    })
}
