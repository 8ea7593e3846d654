//! The plan document (`plan.toml`).

use coxa_activity::posture::SpinalMobility;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Angle, Point, Side, Vector};
use serde::{Deserialize, Serialize};

/// What placement aims at; all of it may be edited in `plan.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// Radiographic inclination in the functional plane: of the standing pelvis where its tilt is known, else supine.
    pub inclination_deg: Angle,
    /// Radiographic anteversion of the cup in the same plane; absent: what the stem's version leaves of the combined anteversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anteversion_deg: Option<Angle>,
    /// Radiographic anteversion of the cup and version of the stem together.
    #[serde(default = "usual_combined_anteversion")]
    pub combined_anteversion_deg: Angle,
    /// Posterior tilt of the standing pelvis from the supine one; absent: not known, and taken as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing_tilt_deg: Option<Angle>,
    /// How much the pelvis tilts from standing to sitting; absent: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spine: Option<SpinalMobility>,
    /// Leg length change wanted, mm, lengthening positive; absent: restore to the other side, else keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg_length_change_mm: Option<f64>,
    /// Global offset change wanted, mm, lateral positive; absent: restore to the other side, else keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_change_mm: Option<f64>,
}

/// The combined anteversion that is aimed at: 37 degrees (Dorr et al. 2009, Clin Orthop Relat Res 467:119).
pub fn usual_combined_anteversion() -> Angle {
    Angle::from_degrees(37.0)
}

/// The acetabular shell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CupPlan {
    /// Family in the catalogue.
    pub family: String,
    /// Outer diameter.
    pub size_mm: f64,
    /// Centre of the cup's outer sphere, patient frame (LPS).
    pub centre_mm: Point<Patient>,
    /// Radiographic inclination in the supine functional plane.
    pub inclination_deg: Angle,
    /// Radiographic anteversion in the supine functional plane.
    pub anteversion_deg: Angle,
    /// Screws through the shell; none with press fit alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screws: Vec<ScrewPlan>,
}

/// A screw through the shell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScrewPlan {
    /// Hole of the shell, counted from 1.
    pub hole: u32,
    /// From under the head to the tip.
    pub length_mm: f64,
}

/// The liner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinerPlan {
    /// `flush`, `lipped`, `offset` or `dual_mobility`, or a user's own.
    pub kind: String,
    /// Direction of the lip about the cup axis, from superior towards anterior; only for lipped liners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lip_direction_deg: Option<Angle>,
}

/// The femoral head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadPlan {
    /// Diameter of the articulating sphere.
    pub diameter_mm: f64,
    /// Head offset along the neck axis, -3.5 to +12.
    pub offset_mm: f64,
}

/// The femoral stem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StemPlan {
    /// Family in the catalogue.
    pub family: String,
    /// Size within the family.
    pub size: u32,
    /// Neck-shaft angle of the stem.
    pub neck_shaft_deg: Angle,
    /// `standard` or `high`.
    pub offset: String,
    /// Origin of the stem frame: on the stem axis at the resection plane, patient frame (LPS).
    pub origin_mm: Point<Patient>,
    /// Unit vector proximal along the stem axis, patient frame.
    pub axis: Vector<Patient>,
    /// Version of the neck about the stem axis against the native neck's azimuth or, where the condyles are
    /// seen, against the posterior condylar line; see `version_reference`.
    pub version_deg: Angle,
    /// `posterior_condylar_line`, `native_neck` or `table` (the coronal plane of the scanner).
    pub version_reference: String,
}

/// What the names of screws among a plan's surfaces begin with; the number of the hole follows.
pub const SCREW_PREFIX: &str = "screw_";

/// The whole plan: small, editable, the only thing that `coxa plan --from` needs beside the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Version of this document's form.
    pub format: u32,
    /// Side planned.
    pub side: Side,
    /// What placement aimed at.
    pub targets: Targets,
    /// Shell.
    pub cup: CupPlan,
    /// Liner.
    pub liner: LinerPlan,
    /// Head.
    pub head: HeadPlan,
    /// Stem.
    pub stem: StemPlan,
}
