//! Landmarks with their spread.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
use serde::{Deserialize, Serialize};

/// Which anatomical point a landmark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LandmarkKind {
    /// Anterior superior iliac spine.
    Asis,
    /// Anterior inferior iliac spine.
    Aiis,
    /// Pubic tubercle.
    PubicTubercle,
    /// Posterior superior iliac spine.
    Psis,
    /// Ischial spine.
    IschialSpine,
    /// Radiographic teardrop: the lowest point of the acetabular fossa's figure in the coronal view.
    Teardrop,
    /// Centre of the femoral head.
    HeadCentre,
    /// Centre of the narrowest section of the femoral neck.
    NeckIsthmus,
    /// Tip of the greater trochanter.
    GreaterTrochanter,
    /// Apex of the lesser trochanter.
    LesserTrochanter,
    /// Medial epicondyle.
    MedialEpicondyle,
    /// Lateral epicondyle.
    LateralEpicondyle,
    /// Most posterior point of the medial condyle.
    MedialPosteriorCondyle,
    /// Most posterior point of the lateral condyle.
    LateralPosteriorCondyle,
    /// Intercondylar notch.
    IntercondylarNotch,
}

impl LandmarkKind {
    /// All of them.
    pub const ALL: [LandmarkKind; 15] = [
        LandmarkKind::Asis,
        LandmarkKind::Aiis,
        LandmarkKind::PubicTubercle,
        LandmarkKind::Psis,
        LandmarkKind::IschialSpine,
        LandmarkKind::Teardrop,
        LandmarkKind::HeadCentre,
        LandmarkKind::NeckIsthmus,
        LandmarkKind::GreaterTrochanter,
        LandmarkKind::LesserTrochanter,
        LandmarkKind::MedialEpicondyle,
        LandmarkKind::LateralEpicondyle,
        LandmarkKind::MedialPosteriorCondyle,
        LandmarkKind::LateralPosteriorCondyle,
        LandmarkKind::IntercondylarNotch,
    ];

    /// Whether it goes with the femur where that is moved.
    pub const fn is_of_femur(self) -> bool {
        !matches!(
            self,
            LandmarkKind::Asis
                | LandmarkKind::Aiis
                | LandmarkKind::PubicTubercle
                | LandmarkKind::Psis
                | LandmarkKind::IschialSpine
                | LandmarkKind::Teardrop
        )
    }

    /// Name in files and messages, snake_case.
    pub const fn name(self) -> &'static str {
        match self {
            LandmarkKind::Asis => "asis",
            LandmarkKind::Aiis => "aiis",
            LandmarkKind::PubicTubercle => "pubic_tubercle",
            LandmarkKind::Psis => "psis",
            LandmarkKind::IschialSpine => "ischial_spine",
            LandmarkKind::Teardrop => "teardrop",
            LandmarkKind::HeadCentre => "head_centre",
            LandmarkKind::NeckIsthmus => "neck_isthmus",
            LandmarkKind::GreaterTrochanter => "greater_trochanter",
            LandmarkKind::LesserTrochanter => "lesser_trochanter",
            LandmarkKind::MedialEpicondyle => "medial_epicondyle",
            LandmarkKind::LateralEpicondyle => "lateral_epicondyle",
            LandmarkKind::MedialPosteriorCondyle => "medial_posterior_condyle",
            LandmarkKind::LateralPosteriorCondyle => "lateral_posterior_condyle",
            LandmarkKind::IntercondylarNotch => "intercondylar_notch",
        }
    }
}

/// A landmark with its spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landmark {
    /// Which point.
    pub kind: LandmarkKind,
    /// Which side.
    pub side: Side,
    /// Where.
    pub position_mm: Point<Patient>,
    /// One standard deviation of the position, per axis.
    pub spread_mm: f64,
    /// How it was found, in one sentence.
    pub method: String,
}
