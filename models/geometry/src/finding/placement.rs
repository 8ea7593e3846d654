//! Findings about a plan: what is missing for one, what refuses it, and what the scan did not show.

use super::Severity::{Caution, Refusal};
use super::Subject::*;
use super::limits::source_of;
use crate::{Quantity, Side, Unit};

const OF_THIS_PROGRAM: &str = "limit of this program";
const QUADRANTS: &str = "Wasielewski 1990, J Bone Joint Surg Am 72:501";

findings! {
    HipBoneMissing { side: Side } => HipBoneMissing, Refusal, Hip(side),
        "The hip bone of this side is not in the segmentation: no cup can be planned.";
    HipBoneUnusable { side: Side, defect: String } => HipBoneUnusable, Refusal, Hip(side),
        "The surface of the hip bone is unusable: {defect}.";
    PelvisCutOff { side: Side, landmark: &'static str } => PelvisCutOff, Refusal, Hip(side),
        "The pelvis is truncated: the {side} {landmark} is not in the scan and could not be completed, so cup position and pelvic reference \
         frame cannot be checked.";
    AcetabulumIncomplete { side: Side } => AcetabulumIncomplete, Refusal, Hip(side),
        "No sphere could be fitted to the acetabulum: it is incomplete in the scan, or too deformed for this program.";
    FemurMissing { side: Side } => FemurMissing, Refusal, Femur(side),
        "The femur of this side is not in the segmentation: no stem can be planned.";
    FemoralHeadMissing { side: Side } => FemoralHeadMissing, Refusal, Femur(side),
        "No sphere could be fitted to the femoral head of this side: the native hip centre is unknown.";
    FemoralNeckMissing { side: Side } => FemoralNeckMissing, Refusal, Femur(side),
        "The femoral neck was not found: the femur is truncated in the scan, or too deformed for this program.";

    OtherSide { planned: Side, asked: Side } => OtherSide, Refusal, Plan,
        "The plan is for the {planned} hip, but the {asked} hip was requested.";
    NotInCatalogue { error: String } => NotInCatalogue, Refusal, Plan,
        "{error}.";
    NoHeadFits { liner: String, shell_mm: f64 } => ImplantTooLarge, Refusal, Head,
        "No head fits the {liner} liner in a {shell_mm} mm shell: choose another liner or shell.";
    CanalTooNarrow { stem: String, beyond_mm: f64, limit_mm: f64 } => ImplantTooLarge, Refusal, Stem,
        "Even the smallest {stem} stem is too large for the canal: choose another stem family.",
        number beyond_mm against limit_mm in Unit::Millimetre, source "cortical contact allowed by this program";
    AcetabulumTooLarge { wanted_mm: f64, largest_mm: f64 } => CupBeyondCatalogue, Refusal, Cup,
        "The acetabulum needs a larger cup than this family has: choose another cup family.",
        number wanted_mm against largest_mm in Unit::Millimetre, source "implant catalogue";
    AcetabulumTooSmall { wanted_mm: f64, smallest_mm: f64 } => CupBeyondCatalogue, Refusal, Cup,
        "The smallest cup of this family is too large for this acetabulum: reaming for it would remove too much bone. Choose another cup family.",
        number wanted_mm against smallest_mm in Unit::Millimetre, source "implant catalogue";
    CupOffBone { coverage_percent: f64, limit_percent: f64 } => CupOffBone, Refusal, Cup,
        "The shell has no contact with the hip bone: correct the centre of the cup (cup.centre_mm).",
        number coverage_percent against limit_percent in Quantity::CupCoverage.unit(), source source_of(Quantity::CupCoverage, Refusal);
    CupFarFromAcetabulum { shift_mm: f64, limit_mm: f64 } => CupFarFromAcetabulum, Refusal, Cup,
        "The centre of the cup (cup.centre_mm) is far from the acetabulum: correct it.",
        number shift_mm against limit_mm in Unit::Millimetre, source OF_THIS_PROGRAM;
    StemOffBone { inside_percent: f64, limit_percent: f64 } => StemOffBone, Refusal, Stem,
        "The stem is outside the femur: correct its position (stem.origin_mm) and direction (stem.axis).",
        number inside_percent against limit_percent in Unit::Percent, source OF_THIS_PROGRAM;
    HeadOutOfSocket { side: Side, away_mm: f64, limit_mm: f64 } => HeadOutOfSocket, Note, Cup,
        "The {side} femoral head is off the centre of the acetabulum: the plan moves the hip centre towards \
         the acetabulum.",
        number away_mm against limit_mm in Unit::Millimetre, source OF_THIS_PROGRAM;
    ShellSizeOff { size_mm: f64, wanted_mm: f64 } => ShellSizeOff, Caution, Cup,
        "The shell differs by more than one size from that expected after reaming this acetabulum. If no closer size is in stock, \
         order one.",
        number size_mm against wanted_mm in Unit::Millimetre, source OF_THIS_PROGRAM;
    HeadRisen { side: Side, risen_mm: f64, left_mm: f64 } => HeadRisen, Caution, Cup,
        "The {side} femoral head is {risen_mm:.0} mm higher than the other one. The plan mirrors the hip centre of the other side and \
         the planned centre lies {left_mm:.0} mm above it. Check that the planned centre lies in the true acetabulum, and how much lengthening the sciatic nerve allows.";
    HeadInwards { side: Side, inwards_mm: f64, left_mm: f64 } => HeadInwards, Caution, Cup,
        "Protrusio: the {side} femoral head lies {inwards_mm:.0} mm further medial than the other one. The plan mirrors the hip \
         centre of the other side, and the planned centre lies {left_mm:.0} mm medial to it. The shell needs rim fixation, and graft behind it.";
    HipCentreMovedFor { moved_mm: f64, limit_mm: f64, coverage_percent: f64, wall_mm: f64 } => HipCentreMoved, Note, Cup,
        "The hip centre was moved to gain bone coverage: at the native centre {coverage_percent:.0} % of the shell would be covered \
         by bone, with a medial wall of {wall_mm:.1} mm.",
        number moved_mm against limit_mm in Unit::Millimetre, source "Dastane et al. 2011, Clin Orthop 469:429";
    StandingTiltUnknown {} => StandingTiltUnknown, Note, Cup,
        "The standing pelvic tilt is unknown; the supine tilt is used instead. Each degree of posterior tilt on standing increases \
         cup anteversion by about 0.7°. Measure it on a standing lateral radiograph and give it to coxa plan as \
         --standing-tilt, or write it as standing_tilt_deg in plan.toml.";
    SpineStiff {} => SpineStiff, Caution, Plan,
        "The spine is stiff, which raises the risk of dislocation (first year: 1.5 % without fusion, 3.0 % with one or two fused \
         levels, 4.1 % with more). The plan has more anteversion; consider dual mobility, and confirm the stiffness on a \
         flexed-seated view, because upright sitting overestimates it.",
        source "Buckland et al. 2017, Bone Joint J 99-B:585; Sharma et al. 2023, J Arthroplasty 38:713";
    WallNotMeasurable { place: &'static str } => WallNotMeasurable, Caution, Cup,
        "The acetabulum is open {place} the cup: there is no wall to measure.";
    AnteriorPelvicPlaneMissing {} => AnteriorPelvicPlaneMissing, Note, Cup,
        "The anterior pelvic plane is unknown, so Lewinnek's zone cannot be assessed.";
    FunctionalPlaneMissing {} => FunctionalPlaneMissing, Caution, Cup,
        "The pelvic landmarks for the functional plane were not found: cup angles are relative to the axes of the scanner.";
    FemurCutOff { side: Side } => FemurCutOff, Caution, Femur(side),
        "The femur is truncated above its shaft: the shaft axis is estimated from the part in the scan, so stem position, alignment, \
         offset and version are only provisional. Scan the femur to below the lesser trochanter.";
    FemurCutOffCompleted { side: Side, obtained_by: String, axis_deg: f64, version_deg: f64 } => FemurCutOff, Caution, Femur(side),
        "The femur is truncated above its shaft. {obtained_by}: shaft axis ± {axis_deg:.0}°, femoral version ± {version_deg:.0}°, so \
         stem position, alignment, offset and version are only provisional. Scan the femur to below the lesser trochanter.";
    ShaftAxisUncertain { side: Side, seen_mm: f64, limit_mm: f64 } => ShaftAxisUncertain, Caution, Femur(side),
        "Only a short part of the shaft is in the scan: stem alignment, offset and version are less accurate than usual.",
        number seen_mm against limit_mm in Unit::Millimetre, source "length of shaft to which its axis was fitted";
    StemSizeUnknown {} => StemSizeUnknown, Caution, Stem,
        "The medullary canal is not visible: the stem has the middle size of its family, and its size must be chosen by other means.";
    CanalNotCompared { side: Side } => CanalNotCompared, Caution, Femur(side),
        "The canal is not visible along the stem: the stem size was not checked.";
    CanalNotSeenBelow { side: Side, unseen_mm: f64, limit_mm: f64 } => CanalNotSeenBelow, Caution, Femur(side),
        "The scan ends above the tip of the stem: the stem size is based on the visible part, and the canal below may be narrower.",
        number unseen_mm against limit_mm in Unit::Millimetre, source "length of stem below the last section seen";
    CondylesNotSeen { side: Side } => CondylesNotSeen, Caution, Femur(side),
        "The femoral condyles are not in the scan: the stem follows the version of the native neck, and femoral version and stem \
         version relative to the condyles are unknown. To measure version, scan the condyles of both knees in the same session \
         without moving the legs.";
    CondylesCompleted { side: Side, version_deg: f64, obtained_by: String } => CondylesNotSeen, Caution, Femur(side),
        "The femoral condyles are not in the scan: the stem follows the version of the native neck, and femoral version and stem \
         version relative to the condyles are predicted, not measured (± {version_deg:.0}°, one standard deviation): too uncertain to \
         distinguish a retroverted femur from an anteverted one. To measure version, scan the condyles of both knees in the same \
         session without moving the legs. {obtained_by}.";
    LesserTrochanterNotSeen { side: Side } => LesserTrochanterNotSeen, Note, Femur(side),
        "The lesser trochanter was not found: the resection level was set from the femoral neck.";
    OtherSideNotMeasurable {} => OtherSideNotMeasurable, Note, Plan,
        "Leg length and offset could not be compared with the other side: the plan uses the targets given or, without them, the native values.";
    VersionAgainstTable {} => VersionAgainstTable, Note, Stem,
        "Stem version is relative to the scanner table, so it includes any rotation of the leg on the table.";
    SkirtedHead {} => SkirtedHead, Note, Head,
        "This head has a skirt, which reduces range of motion.";

    ScrewAnterior {
        hole: u32, length_mm: f64, quadrant: &'static str, danger: &'static str, angle_deg: f64, limit_deg: f64,
    } => ScrewAnterior, Caution, Screw(hole),
        "The {length_mm:.0} mm screw in hole {hole} points into the {quadrant} quadrant, near {danger}.",
        number angle_deg against limit_deg in Unit::Degree, source QUADRANTS;
    ScrewLong { hole: u32, length_mm: f64, limit_mm: f64 } => ScrewLong, Caution, Screw(hole),
        "The {length_mm:.0} mm screw in hole {hole} is long for the posterior-inferior quadrant, near the sciatic nerve.",
        number length_mm against limit_mm in Unit::Millimetre, source QUADRANTS;
    ScrewBeyondCortex { hole: u32, length_mm: f64, longest_mm: f64, beyond_mm: f64, limit_mm: f64 }
        => ScrewBeyondCortex, Caution, Screw(hole),
        "The {length_mm:.0} mm screw in hole {hole} penetrates the cortex: the longest screw that stays in bone there is \
         {longest_mm:.0} mm.",
        number beyond_mm against limit_mm in Quantity::ScrewBeyondCortex.unit(), source source_of(Quantity::ScrewBeyondCortex, Caution);
    NoScrewStaysInBone { hole: u32, length_mm: f64, beyond_mm: f64, limit_mm: f64 } => ScrewBeyondCortex, Caution, Screw(hole),
        "The {length_mm:.0} mm screw in hole {hole} penetrates the cortex: no screw stays in bone there.",
        number beyond_mm against limit_mm in Quantity::ScrewBeyondCortex.unit(), source source_of(Quantity::ScrewBeyondCortex, Caution);
    ScrewPurchaseShort { hole: u32, length_mm: f64, purchase_mm: f64, limit_mm: f64 } => ScrewPurchaseShort, Caution, Screw(hole),
        "The {length_mm:.0} mm screw in hole {hole} has little purchase in bone.",
        number purchase_mm against limit_mm in Quantity::ScrewPurchase.unit(), source source_of(Quantity::ScrewPurchase, Caution);
    ScrewNearVessel { hole: u32, length_mm: f64, vessel_mm: f64, limit_mm: f64 } => ScrewNearVessel, Caution, Screw(hole),
        "The {length_mm:.0} mm screw in hole {hole} comes close to a labelled iliac vessel.",
        number vessel_mm against limit_mm in Quantity::ScrewVesselDistance.unit(), source source_of(Quantity::ScrewVesselDistance, Caution);
}
