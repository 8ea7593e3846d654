//! The numbers of a design in one sample, as criteria name them. They are those of a plan's own numbers
//! (`placement::results`), by the same definitions, for a cup and a stem that may have missed their places.

use super::hip::{Placed, StudyHip};
use super::opening::Opening;
use super::sample::Sample;
use super::socket_field::Hold;
use crate::placed::VersionReference;
use crate::placement::PlanningInput;
use crate::placement::canal::Fit;
use crate::placement::formulas;
use crate::placement::restore::operated_minus_other;
use crate::simulate::axis_in_posture;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity, RightSide};
use coxa_geometry::{Angle, Quantity, Transform};
use coxa_rom::stability::jumping_distance;

/// Stem width over canal width answers to a displaced surface as to a canal of this width.
const CANAL_WIDTH_MM: f64 = 12.0;

/// What is known of the patient and does not change.
pub(crate) struct Given {
    /// Operated less other side before surgery; `None` where the other side is not known.
    leg_before_mm: Option<f64>,
    offset_before_mm: Option<f64>,
    anterior_plane: Option<Transform<AnteriorPelvicPlane, RightSide>>,
    /// What versions are given against.
    reference: VersionReference,
    /// How far the pelvis tilts backwards in standing from the supine one, where that was measured.
    standing_tilt: Option<Angle>,
    standing: Angle,
    is_canal_seen: bool,
}

/// All numbers.
pub(crate) struct Facts {
    /// `None` of a cup that nobody has looked at.
    pub(crate) hold: Option<Hold>,
    walls_mm: [Option<f64>; 3],
    vessel_mm: Option<f64>,
    screw_mm: Option<f64>,
    fit: Option<Fit>,
    /// Where bone reaches further out than was measured, its inner surface lies as much further in.
    bone_outside_mm: f64,
    stem_varus: Angle,
    stem_flexion: Angle,
    /// Step of the femur: distal, lateral.
    lengthening_mm: f64,
    lateral_mm: f64,
    leg_difference_mm: f64,
    offset_difference_mm: f64,
    centre_superior_mm: f64,
    centre_medial_mm: f64,
    cup: Radiographic<Gravity>,
    /// Its radiographic anteversion in the pelvis as it stands, where that is known.
    cup_standing_deg: f64,
    cup_in_app: Option<Radiographic<AnteriorPelvicPlane>>,
    stem_version: Option<Angle>,
    jumping_mm: Option<f64>,
    pub(crate) edge_mm: Option<f64>,
    muscles: Muscles,
}

/// Lever arms of the hip in its place and where its own joint force meets the liner; `None` where they are not known.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Muscles {
    pub(crate) arm_mm: Option<f64>,
    pub(crate) arm_before_mm: Option<f64>,
    pub(crate) arm_other_mm: Option<f64>,
    pub(crate) force_pct_bw: Option<f64>,
    pub(crate) force_before_pct_bw: Option<f64>,
    pub(crate) edge_margin_deg: Option<f64>,
}

/// Whether a number of a plan is one of [`Muscles`].
pub(crate) const fn is_of_muscles(quantity: Quantity) -> bool {
    matches!(
        quantity,
        Quantity::AbductorLeverArm
            | Quantity::AbductorLeverArmChange
            | Quantity::AbductorLeverArmDifference
            | Quantity::StanceForce
            | Quantity::StanceForceChange
            | Quantity::EdgeMargin
    )
}

/// What is around a hip in its place; `None` where it is not known.
pub(crate) struct Around {
    /// Medial, anterior and posterior.
    pub(crate) walls_mm: [Option<f64>; 3],
    pub(crate) vessel_mm: Option<f64>,
    pub(crate) screw_mm: Option<f64>,
    pub(crate) muscles: Muscles,
}

/// What gives a number of a plan; `None` where the number is not known.
pub(crate) type Number = fn(&Facts) -> Option<f64>;

/// What gives a number of a plan, of those that a design has in a sample.
pub(crate) fn number(quantity: Quantity) -> Option<Number> {
    Some(match quantity {
        Quantity::CupCoverage => |f| Some(100.0 * f.hold?.coverage),
        Quantity::RimOverhang => |f| f.hold?.overhang_mm,
        Quantity::PressFitContact => |f| Some(100.0 * f.hold?.press_fit),
        Quantity::MedialWall => |f| f.wall_mm(0),
        Quantity::AnteriorWall => |f| f.wall_mm(1),
        Quantity::PosteriorWall => |f| f.wall_mm(2),
        Quantity::VesselDistance => |f| f.vessel_mm,
        Quantity::ScrewLength => |f| f.screw_mm,
        Quantity::CanalFill => |f| Some(f.fit?.fill * (1.0 + 2.0 * f.bone_outside_mm / CANAL_WIDTH_MM)),
        Quantity::CorticalContact => |f| Some(f.fit?.into_cortex_mm + f.bone_outside_mm),
        Quantity::CortexLeft => |f| Some(f.bone_outside_mm + formulas::cortex_left(&f.fit?)),
        Quantity::StemVarus => |f| Some(f.stem_varus.degrees()),
        Quantity::StemFlexion => |f| Some(f.stem_flexion.degrees()),
        Quantity::StemVersion => |f| f.version_deg(),
        Quantity::LegLengthChange => |f| Some(f.lengthening_mm),
        Quantity::OffsetChange => |f| Some(f.lateral_mm),
        Quantity::LegLengthDifferencePlanned => |f| Some(f.leg_difference_mm),
        Quantity::OffsetDifferencePlanned => |f| Some(f.offset_difference_mm),
        Quantity::HipCentreShiftSuperior => |f| Some(f.centre_superior_mm),
        Quantity::HipCentreShiftMedial => |f| Some(f.centre_medial_mm),
        Quantity::CupInclinationRadiographicFunctional => |f| Some(f.cup.inclination.degrees()),
        Quantity::CupAnteversionRadiographicFunctional => |f| Some(f.cup.anteversion.degrees()),
        Quantity::CupInclinationRadiographicApp => |f| Some(f.cup_in_app?.inclination.degrees()),
        Quantity::CupAnteversionRadiographicApp => |f| Some(f.cup_in_app?.anteversion.degrees()),
        Quantity::CombinedAnteversion => {
            |f| Some(formulas::combined_anteversion(f.cup_standing_deg, f.version_deg()?))
        }
        Quantity::CombinedAnteversionWidmer => {
            |f| Some(formulas::combined_anteversion_widmer(f.cup_standing_deg, f.version_deg()?))
        }
        Quantity::JumpingDistance => |f| f.jumping_mm,
        Quantity::EdgeLoading => |f| f.edge_mm,
        Quantity::AbductorLeverArm => |f| f.muscles.arm_mm,
        Quantity::AbductorLeverArmChange => |f| Some(f.muscles.arm_mm? - f.muscles.arm_before_mm?),
        Quantity::AbductorLeverArmDifference => |f| Some(f.muscles.arm_mm? - f.muscles.arm_other_mm?),
        Quantity::StanceForce => |f| f.muscles.force_pct_bw,
        Quantity::StanceForceChange => |f| Some(f.muscles.force_pct_bw? - f.muscles.force_before_pct_bw?),
        Quantity::EdgeMargin => |f| f.muscles.edge_margin_deg,
        _ => return None,
    })
}

impl Facts {
    fn version_deg(&self) -> Option<f64> {
        self.stem_version.map(Angle::degrees)
    }

    fn wall_mm(&self, which: usize) -> Option<f64> {
        Some(self.walls_mm[which]? + self.bone_outside_mm)
    }
}

impl Given {
    pub(crate) fn new(
        input: &PlanningInput<'_>,
        hip: &StudyHip,
        standing: Angle,
        standing_tilt: Option<Angle>,
    ) -> Self {
        let before = |difference| operated_minus_other(input, difference).map(|measured| measured.value);
        let bones = &hip.bones;
        let condyles = bones.condyles.is_some();
        Given {
            leg_before_mm: before(Quantity::LegLengthDifference),
            offset_before_mm: before(Quantity::OffsetDifference),
            anterior_plane: bones.axes.anterior_plane,
            reference: if condyles {
                VersionReference::PosteriorCondylarLine
            } else {
                VersionReference::Table
            },
            standing,
            standing_tilt,
            is_canal_seen: !bones.canal.is_empty(),
        }
    }

    /// Leg length and global offset of the operated less the other side, their change where that is not known.
    pub(crate) fn restoration(&self, hip: &StudyHip, placed: &Placed) -> [f64; 2] {
        let [leg_mm, offset_mm] = formulas::leg_and_offset_change(&hip.bones, placed.pose.reduction);
        [
            formulas::operated_less_other(self.leg_before_mm, leg_mm),
            formulas::operated_less_other(self.offset_before_mm, offset_mm),
        ]
    }

    /// The numbers of a design in its place, but for those that are filled in from outside: the hold in bone and the loads.
    pub(crate) fn facts(
        &self,
        hip: &StudyHip,
        placed: &Placed,
        sample: &Sample,
        opening: &Opening,
        fit: Fit,
        around: Around,
    ) -> Facts {
        let bones = &hip.bones;
        let shaft = placed.pose.stem_frame.inverse().apply(bones.shaft.axis);
        let [leg_mm, offset_mm] = self.restoration(hip, placed);
        let [centre_medial_mm, centre_superior_mm, _] =
            formulas::centre_shift(bones, placed.pose.hip_centre - bones.centre_to_restore());
        // The true supine plane is tilted against the one in which the cup was aimed.
        let axis = placed.pose.cup_angles.axis();
        let cup = axis_in_posture(axis, sample.stance.supine);
        let standing = self.standing + sample.stance.tilts[0] + sample.stance.supine;
        let jumping = jumping_distance(opening.bearing_mm, axis_in_posture(axis, standing), -opening.face_mm);
        Facts {
            hold: None,
            walls_mm: around.walls_mm,
            vessel_mm: around.vessel_mm,
            screw_mm: around.screw_mm,
            fit: (self.is_canal_seen && fit.sections > 0).then_some(fit),
            bone_outside_mm: sample.bone_outside_mm,
            stem_varus: formulas::stem_varus(shaft),
            stem_flexion: formulas::stem_flexion(shaft),
            lengthening_mm: leg_mm - self.leg_before_mm.unwrap_or_default(),
            lateral_mm: offset_mm - self.offset_before_mm.unwrap_or_default(),
            leg_difference_mm: leg_mm + sample.leg_length_mm,
            offset_difference_mm: offset_mm + sample.offset_mm,
            centre_superior_mm,
            centre_medial_mm,
            cup,
            cup_standing_deg: formulas::standing_cup(cup, self.standing_tilt).anteversion.degrees(),
            cup_in_app: self
                .anterior_plane
                .map(|plane| formulas::cup_in_anterior_plane(&plane, placed.pose.cup_axis)),
            stem_version: hip.version(placed, self.reference).map(|v| v - sample.stance.femur),
            jumping_mm: jumping.ok(),
            edge_mm: None,
            muscles: around.muscles,
        }
    }
}
