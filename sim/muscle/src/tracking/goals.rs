//! What is followed: markers with their places in bodies, and coordinates with the values that they are held near.

use super::error::TrackingError;
use crate::Skeleton;
use crate::files::Course;
use crate::model::Model;
use crate::osim::kinematics_setup::{Near, Tasks};
use coxa_geometry::{Finding, finding};
use nalgebra::Point3;

/// Names that are listed in a message.
const MOST_NAMES: usize = 8;

/// What is followed.
#[derive(Debug, Clone)]
pub struct Goals {
    pub(super) markers: Vec<MarkerGoal>,
    pub(super) coordinates: Vec<CoordinateGoal>,
    /// Coordinates that may change, by their places.
    pub(super) free: Vec<usize>,
    /// What each of these cannot leave.
    pub(super) ranges: Vec<[f64; 2]>,
    /// What was asked for and is not there.
    pub(super) findings: Vec<Finding>,
}

/// A marker.
#[derive(Debug, Clone)]
pub(super) struct MarkerGoal {
    pub(super) name: String,
    /// Its body by its place in the skeleton, and where in it.
    pub(super) body: usize,
    pub(super) at: Point3<f64>,
    /// Its place among the markers of the file.
    pub(super) column: usize,
    pub(super) weight: f64,
}

/// A coordinate.
#[derive(Debug, Clone)]
pub(super) struct CoordinateGoal {
    /// Its place.
    pub(super) place: usize,
    pub(super) weight: f64,
    /// A value, or none where it follows a file.
    pub(super) value: Option<f64>,
}

impl Goals {
    /// What a set-up asks for, of a model and markers of these names; without tasks all markers that both have, with a weight of one. `course` has the coordinates that tasks may follow,
    /// and which of them it knows.
    ///
    /// # Errors
    /// Where no marker is in both, or a task is for a coordinate that is not there.
    pub fn new(
        model: &Model,
        skeleton: &Skeleton,
        names: &[String],
        tasks: Option<&Tasks>,
        course: Option<(&Course, &[String])>,
    ) -> Result<Goals, TrackingError> {
        let all: Vec<(String, f64)>;
        let wanted: &[(String, f64)] = match tasks.filter(|tasks| !tasks.markers.is_empty()) {
            Some(tasks) => &tasks.markers,
            None => {
                all = model.markers.iter().map(|marker| (marker.name.clone(), 1.0)).collect();
                &all
            }
        };
        let mut missing = Vec::new();
        let mut markers: Vec<MarkerGoal> = Vec::new();
        for (name, weight) in wanted {
            let column = names.iter().position(|own| own == name);
            let marker = model.markers.iter().find(|marker| marker.name == *name);
            match (column, marker, marker.and_then(|marker| skeleton.body(&marker.body))) {
                (Some(column), Some(marker), Some(body)) => {
                    markers.push(MarkerGoal {
                        name: name.clone(),
                        body,
                        at: marker.at,
                        column,
                        weight: *weight,
                    });
                }
                _ => missing.push(name.clone()),
            }
        }
        if markers.is_empty() {
            let of_model = listed(model.markers.iter().map(|marker| marker.name.as_str()));
            return Err(TrackingError::NoMarkers { model: of_model, count: names.len() });
        }
        let mut findings = Vec::new();
        if !missing.is_empty() {
            let what =
                format!("the markers {}, which the model or the file does not have", missing.join(", "));
            findings.push(finding::MotionLeftAside { what }.finding());
        }
        let coordinates = tasks.map_or(&[][..], |tasks| &tasks.coordinates).iter().map(|task| {
            let unknown = || TrackingError::UnknownCoordinate(task.name.clone());
            let place = skeleton.coordinate(&task.name).ok_or_else(unknown)?;
            let value = match task.near {
                Near::Default => Some(skeleton.defaults()[place]),
                Near::Value(value) => Some(value),
                Near::File => match course {
                    Some((_, missing)) if !missing.contains(&task.name) => None,
                    _ => return Err(TrackingError::NoCoordinates(task.name.clone())),
                },
            };
            Ok(CoordinateGoal { place, weight: task.weight, value })
        });
        let coordinates = coordinates.collect::<Result<_, _>>()?;
        let mut free = Vec::new();
        let mut ranges = Vec::new();
        for (place, coordinate) in model.joints.iter().flat_map(|joint| &joint.coordinates).enumerate() {
            let follows = model.couplers.iter().any(|coupler| coupler.dependent == coordinate.name);
            if !coordinate.is_locked && !follows {
                free.push(place);
                ranges.push(match coordinate.is_clamped {
                    true => coordinate.range,
                    false => [f64::NEG_INFINITY, f64::INFINITY],
                });
            }
        }
        Ok(Goals { markers, coordinates, free, ranges, findings })
    }

    /// Names of the markers that are followed.
    pub fn markers(&self) -> impl Iterator<Item = &str> {
        self.markers.iter().map(|marker| marker.name.as_str())
    }

    /// Of a frame the places of the markers that are followed.
    pub(super) fn seen(&self, frame: &[Option<Point3<f64>>]) -> Vec<Option<Point3<f64>>> {
        self.markers.iter().map(|marker| frame.get(marker.column).copied().flatten()).collect()
    }
}

/// The first names of a list.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = names.collect();
    let shown = all.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
    match all.len() {
        0 => "none".into(),
        count if count > MOST_NAMES => format!("{shown} and {} more", count - MOST_NAMES),
        _ => shown,
    }
}
