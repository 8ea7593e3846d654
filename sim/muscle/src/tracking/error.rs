//! What keeps markers from being followed.

use thiserror::Error;

/// Why markers cannot be followed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TrackingError {
    /// Names that do not meet.
    #[error(
        "none of the markers that are followed is in both the model, which has {model}, and the file, which has {count} markers of other names"
    )]
    NoMarkers {
        /// Markers of the model.
        model: String,
        /// How many the file has: what they are called may say whose they are.
        count: usize,
    },
    /// A task on a coordinate that is not there.
    #[error("the set-up has a task for the coordinate `{0}`, which the model does not have")]
    UnknownCoordinate(String),
    /// A task that follows a file that is not named, or does not have it.
    #[error(
        "the task for the coordinate `{0}` follows a file of coordinates, which is not named or does not have it"
    )]
    NoCoordinates(String),
    /// A time without frames.
    #[error("the markers have no frames from {0} to {1} s")]
    NoFrames(f64, f64),
    /// Frames without any of the markers.
    #[error("no frame shows three of the markers that are followed")]
    NothingSeen,
    /// A unit that cannot be right.
    #[error(
        "the markers lie {measured} apart on the average, those of the model {model}: check the unit in the header of the file"
    )]
    Unit {
        /// As measured.
        measured: String,
        /// In the model.
        model: String,
    },
    /// A frame of the laboratory with the other hand.
    #[error(
        "the markers fit the model only when mirrored ({mirrored_mm:.0} mm instead of {direct_mm:.0} mm from one stiff body): two axes of the file are exchanged, or one has the wrong sign, or left and right markers"
    )]
    Mirrored {
        /// Distance from a mirrored model, mm.
        mirrored_mm: f64,
        /// Distance from the model, mm.
        direct_mm: f64,
    },
    /// A marker that did not stay.
    #[error(
        "the marker `{marker}` moves by {moved_mm:.0} mm within the time of the static pose; {most_mm:.0} mm are allowed"
    )]
    Moved {
        /// The marker.
        marker: String,
        /// How far it moves, mm.
        moved_mm: f64,
        /// How far it may, mm.
        most_mm: f64,
    },
}
