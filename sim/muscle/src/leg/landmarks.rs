//! Places on pelvis and femur by which a model is made a person's.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
use nalgebra::Point3;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place on a bone. Those of the other side are named so; all else is of the side of the hip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Landmark {
    /// Centre of the acetabulum, or of the femoral head.
    HipCentre,
    /// That of the other side.
    OppositeHipCentre,
    /// Anterior superior iliac spine.
    Asis,
    /// That of the other side.
    OppositeAsis,
    /// Posterior superior iliac spine.
    Psis,
    /// That of the other side.
    OppositePsis,
    /// Pubic tubercle.
    PubicTubercle,
    /// Anterior inferior iliac spine.
    Aiis,
    /// Tubercle of the iliac crest, its most lateral place.
    IliacTubercle,
    /// The highest place of the iliac crest.
    IliacCrest,
    /// Posterior inferior iliac spine.
    Piis,
    /// Ischial spine.
    IschialSpine,
    /// The most posterior place of the ischial tuberosity.
    PosteriorIschialTuberosity,
    /// Its lowest.
    InferiorIschialTuberosity,
    /// Tip of the greater trochanter.
    GreaterTrochanter,
    /// Tip of the lesser trochanter.
    LesserTrochanter,
    /// Where the axis of the neck meets the curved middle line of the shaft (P1 of Bergmann et al. 2016, PLoS One 11:e0155612).
    NeckOnShaft,
    /// Intercondylar notch, in the middle between the condyles (P2 of the same).
    IntercondylarNotch,
    /// Lateral epicondyle.
    LateralEpicondyle,
    /// Medial epicondyle.
    MedialEpicondyle,
    /// The most posterior place of the lateral condyle.
    LateralPosteriorCondyle,
    /// That of the medial condyle.
    MedialPosteriorCondyle,
}

/// Places on the bones of a right hip, mm: x forwards, y up, z to the right, each bone in a frame of its own. A left hip is mirrored
/// before it comes here (`coxa_geometry::Side::enter`).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Landmarks {
    /// On the pelvis.
    pub pelvis: BTreeMap<Landmark, Point3<f64>>,
    /// On the femur.
    pub femur: BTreeMap<Landmark, Point3<f64>>,
}

impl Landmarks {
    /// Of a patient's hip of one side, a left one mirrored here.
    pub fn of_patient(
        side: Side,
        pelvis: impl IntoIterator<Item = (Landmark, Point<Patient>)>,
        femur: impl IntoIterator<Item = (Landmark, Point<Patient>)>,
    ) -> Landmarks {
        let taken = |(name, at): (Landmark, Point<Patient>)| {
            // From left, posterior, superior to forwards, up, right.
            let at = side.enter(at).coords();
            (name, Point3::new(-at.y, at.z, -at.x))
        };
        Landmarks {
            pelvis: pelvis.into_iter().map(taken).collect(),
            femur: femur.into_iter().map(taken).collect(),
        }
    }
}
