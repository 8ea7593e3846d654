//! What is known of osteoarthritis of a hip: joint space by place, and grades.

use coxa_geometry::Point;
use coxa_geometry::frame::{Frame, Patient};
use coxa_geometry::side::{Crossing, Side, World};
use serde::{Deserialize, Serialize};

/// How likely each grade is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradeProbabilities {
    /// Lowest grade.
    pub from: u8,
    /// Of the grades from the lowest on; they sum to one.
    pub probabilities: Vec<f64>,
    /// What they rest on.
    pub method: String,
}

impl GradeProbabilities {
    /// The likeliest grade with its probability.
    pub fn likeliest(&self) -> (u8, f64) {
        let best = self
            .probabilities
            .iter()
            .enumerate()
            .fold((0, 0.0), |best, (k, &p)| if p > best.1 { (k, p) } else { best });
        (self.from.saturating_add(best.0 as u8), best.1)
    }

    /// The mean grade.
    pub fn mean(&self) -> f64 {
        self.probabilities.iter().enumerate().map(|(k, p)| p * (f64::from(self.from) + k as f64)).sum()
    }
}

/// Grades of one hip.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Severity {
    /// Grade of osteoarthritis after Kellgren and Lawrence 1957, 0 to 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kellgren_lawrence: Option<GradeProbabilities>,
    /// Grade of subluxation after Crowe 1979, 1 to 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crowe: Option<GradeProbabilities>,
}

/// Parts of the loaded socket, seen from the head centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// Within 25 degrees of the vertical.
    Superior,
    /// Beyond it, towards the midline.
    Medial,
    /// Beyond it, to the front.
    Anterior,
    /// Beyond it, outwards.
    Lateral,
    /// Beyond it, to the back.
    Posterior,
}

/// Joint space at one place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct JointSpacePlace<F: Frame = Patient> {
    /// On the surface of the head.
    pub place_mm: Point<F>,
    /// From there to the socket, along the line from the head centre.
    pub width_mm: f64,
    /// Part of the socket.
    pub sector: Sector,
}

impl<W: World> Crossing for JointSpacePlace<W> {
    type World = W;
    type Across = JointSpacePlace<W::Other>;

    fn crossed(self, side: Side) -> JointSpacePlace<W::Other> {
        let JointSpacePlace { place_mm, width_mm, sector } = self;
        JointSpacePlace { place_mm: place_mm.crossed(side), width_mm, sector }
    }
}
