//! Factors of bodies from distances between markers, and by hand.

use crate::files::Markers;
use crate::model::Model;
use crate::osim::scale_setup::{MOST_FACTOR, Measurement, Scaling, Source};
use crate::tracking::TrackingError;
use crate::{PathError, Posture, Skeleton, SkeletonError};
use nalgebra::{Point3, Vector3};
use std::collections::BTreeMap;
use thiserror::Error;

/// By body the factors along its axes; a body that is not named keeps its size.
pub type Factors = BTreeMap<String, Vector3<f64>>;

/// Why a model cannot be scaled.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ScalingError {
    /// A marker that is not there.
    #[error("the measurement `{measurement}` takes the marker `{marker}`, which {who} does not have")]
    Marker {
        /// The measurement.
        measurement: String,
        /// The marker.
        marker: String,
        /// Who has not.
        who: &'static str,
    },
    /// A set-up without a file of markers.
    #[error("the set-up takes measurements and names no marker_file")]
    NoMarkerFile,
    /// Markers that are never seen together.
    #[error("the measurement `{measurement}`: `{pair}` are in no frame of the time range together")]
    NotSeen {
        /// The measurement.
        measurement: String,
        /// The pair.
        pair: String,
    },
    /// A body that is not there.
    #[error("the set-up scales the body `{0}`, which the model does not have")]
    Body(String),
    /// A measurement without a length.
    #[error("the measurement `{0}` has no pair of markers apart from each other")]
    Empty(String),
    /// A factor that is none.
    #[error(
        "the measurement `{measurement}` would scale by {factor:.3}: check the unit in the header of the file of markers, and the names"
    )]
    Factor {
        /// The measurement.
        measurement: String,
        /// The factor.
        factor: f64,
    },
    /// Markers that cannot be followed.
    #[error(transparent)]
    Tracking(#[from] TrackingError),
    /// The model.
    #[error(transparent)]
    Skeleton(#[from] SkeletonError),
    /// Its paths.
    #[error(transparent)]
    Path(#[from] PathError),
}

/// Factors that a set-up asks for. A measurement is the mean over its pairs of the mean distance of two markers over the time, over that of the model in its default position.
///
/// # Errors
/// Markers or bodies that are not there; a time without frames; a factor that cannot be one.
pub fn factors(
    model: &Model,
    skeleton: &Skeleton,
    scaling: &Scaling,
    markers: Option<&Markers>,
) -> Result<Factors, ScalingError> {
    let mut found = Factors::new();
    let known = |body: &str| match model.bodies.iter().any(|own| own.name == body) {
        true => Ok(()),
        false => Err(ScalingError::Body(body.to_owned())),
    };
    let of_model = places_of_model(model, skeleton);
    for source in &scaling.order {
        match source {
            Source::Manual => {
                for (body, factors) in &scaling.manual {
                    known(body)?;
                    found.insert(body.clone(), *factors);
                }
            }
            Source::Measurements => {
                for measurement in &scaling.measurements {
                    let markers = markers.ok_or(ScalingError::NoMarkerFile)?;
                    let factor = factor(measurement, &of_model, markers, scaling.time)?;
                    for (body, axes) in &measurement.bodies {
                        known(body)?;
                        let own = found.entry(body.clone()).or_insert(Vector3::repeat(1.0));
                        (0..3).filter(|&axis| axes[axis]).for_each(|axis| own[axis] = factor);
                    }
                }
            }
        }
    }
    Ok(found)
}

fn places_of_model(model: &Model, skeleton: &Skeleton) -> BTreeMap<String, Point3<f64>> {
    let mut posture = Posture::default();
    skeleton.place(skeleton.defaults(), &mut posture);
    let place = |marker: &crate::model::Marker| {
        let body = skeleton.body(&marker.body)?;
        Some((marker.name.clone(), posture.frames[body].point(&marker.at)))
    };
    model.markers.iter().filter_map(place).collect()
}

fn factor(
    measurement: &Measurement,
    of_model: &BTreeMap<String, Point3<f64>>,
    markers: &Markers,
    time: [f64; 2],
) -> Result<f64, ScalingError> {
    let missing = |marker: &String, who: &'static str| ScalingError::Marker {
        measurement: measurement.name.clone(),
        marker: marker.clone(),
        who,
    };
    let frames = markers.frames_within(time);
    let mut ratios = Vec::new();
    for pair in &measurement.pairs {
        let mut ends = [Point3::origin(); 2];
        let mut columns = [0; 2];
        for (n, name) in pair.iter().enumerate() {
            ends[n] = *of_model.get(name).ok_or_else(|| missing(name, "the model"))?;
            let column = markers.names.iter().position(|own| own == name);
            columns[n] = column.ok_or_else(|| missing(name, "the file of markers"))?;
        }
        let places = frames.iter().map(|&frame| &markers.places[frame]);
        let lengths: Vec<f64> =
            places.filter_map(|seen| Some((seen[columns[0]]? - seen[columns[1]]?).norm())).collect();
        if lengths.is_empty() {
            let pair = pair.join("` and `");
            return Err(match frames.is_empty() {
                true => TrackingError::NoFrames(time[0], time[1]).into(),
                false => ScalingError::NotSeen { measurement: measurement.name.clone(), pair },
            });
        }
        let own = (ends[0] - ends[1]).norm();
        if own > 0.0 {
            ratios.push(lengths.iter().sum::<f64>() / lengths.len() as f64 / own);
        }
    }
    if ratios.is_empty() {
        return Err(ScalingError::Empty(measurement.name.clone()));
    }
    let factor = ratios.iter().sum::<f64>() / ratios.len() as f64;
    match (1.0 / MOST_FACTOR..=MOST_FACTOR).contains(&factor) {
        true => Ok(factor),
        false => Err(ScalingError::Factor { measurement: measurement.name.clone(), factor }),
    }
}
