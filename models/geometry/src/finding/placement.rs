//! Findings about a plan: what is missing for one, what refuses it, and what the scan did not show.

use super::Severity::{Caution, Refusal};
use super::Subject::*;
use super::limits::source_of;
use crate::{Quantity, Side, Unit};

const OF_THIS_PROGRAM: &str = "limit of this program";
const QUADRANTS: &str = "Wasielewski 1990, J Bone Joint Surg Am 72:501";

findings! {
    HipBoneMissing { side: Side } => HipBoneMissing, Refusal, Hip(side),
        "The hip bone of this side was not found in the scan: no cup can be planned.";
    HipBoneUnusable { side: Side, defect: String } => HipBoneUnusable, Refusal, Hip(side),
        "The surface of the hip bone cannot be used: {defect}.";
    PelvisCutOff { side: Side, landmark: &'static str } => PelvisCutOff, Refusal, Hip(side),
        "The pelvis is cut off: the {side} {landmark} is not in the scan and could not be completed, so cup position and pelvic \
         frame cannot be checked.";
    AcetabulumIncomplete { side: Side } => AcetabulumIncomplete, Refusal, Hip(side),
        "No sphere could be fitted to the acetabulum: it is incomplete in the scan or deformed beyond what this program plans.";
    FemurMissing { side: Side } => FemurMissing, Refusal, Femur(side),
        "The femur of this side was not found in the scan: no stem can be planned.";
    FemoralHeadMissing { side: Side } => FemoralHeadMissing, Refusal, Femur(side),
        "No femoral head could be fitted on this side: the native hip centre is unknown.";
    FemoralNeckMissing { side: Side } => FemoralNeckMissing, Refusal, Femur(side),
        "The femoral neck was not found: the femur is cut off in the scan or deformed beyond what this program plans.";

    OtherSide { planned: Side, asked: Side } => OtherSide, Refusal, Plan,
        "The plan is for the {planned} hip, but the {asked} hip was asked for.";
    NotInCatalogue { error: String } => NotInCatalogue, Refusal, Plan,
        "{error}.";
    NoHeadFits { liner: String, shell_mm: f64 } => ImplantTooLarge, Refusal, Head,
        "No head fits the {liner} liner in a {shell_mm} mm shell.";
    CanalTooNarrow { stem: String, beyond_mm: f64, limit_mm: f64 } => ImplantTooLarge, Refusal, Stem,
        "Even the smallest {stem} stem is too large for the canal.",
        number beyond_mm against limit_mm in Unit::Millimetre, source "cortical contact allowed by this program";
    AcetabulumTooLarge { wanted_mm: f64, largest_mm: f64 } => CupBeyondCatalogue, Refusal, Cup,
        "The acetabulum asks for a larger cup than the catalogue has.",
        number wanted_mm against largest_mm in Unit::Millimetre, source "implant catalogue";
    AcetabulumTooSmall { wanted_mm: f64, smallest_mm: f64 } => CupBeyondCatalogue, Refusal, Cup,
        "The smallest cup of the catalogue is too large for this acetabulum: reaming for it would take too much bone.",
        number wanted_mm against smallest_mm in Unit::Millimetre, source "implant catalogue";
    CupOffBone { coverage_percent: f64, limit_percent: f64 } => CupOffBone, Refusal, Cup,
        "The shell does not rest on the hip bone: correct the centre of the cup (cup.centre_mm).",
        number coverage_percent against limit_percent in Quantity::CupCoverage.unit(), source source_of(Quantity::CupCoverage, Refusal);
    CupFarFromAcetabulum { shift_mm: f64, limit_mm: f64 } => CupFarFromAcetabulum, Refusal, Cup,
        "The centre of the cup (cup.centre_mm) lies far from the acetabulum: correct it.",
        number shift_mm against limit_mm in Unit::Millimetre, source OF_THIS_PROGRAM;
    StemOffBone { inside_percent: f64, limit_percent: f64 } => StemOffBone, Refusal, Stem,
        "The stem does not lie in the femur: correct its place (stem.origin_mm) and direction (stem.axis).",
        number inside_percent against limit_percent in Unit::Percent, source OF_THIS_PROGRAM;
    HeadOutOfSocket { side: Side, away_mm: f64, limit_mm: f64 } => HeadOutOfSocket, Note, Cup,
        "The {side} femoral head does not lie in the middle of its socket: the cup goes back towards it, and the hip centre with it.",
        number away_mm against limit_mm in Unit::Millimetre, source OF_THIS_PROGRAM;
    ShellSizeOff { size_mm: f64, wanted_mm: f64 } => ShellSizeOff, Caution, Cup,
        "The shell is more than one size from the one that reaming this acetabulum leads to. Where no nearer one is at hand, order it.",
        number size_mm against wanted_mm in Unit::Millimetre, source OF_THIS_PROGRAM;
    HeadRisen { side: Side, risen_mm: f64, left_mm: f64 } => HeadRisen, Caution, Cup,
        "The {side} femoral head has risen {risen_mm:.0} mm above the other one. The hip is planned where the other side lies, mirrored; the \
         planned centre is {left_mm:.0} mm above that. Look whether a true acetabulum lies there, and how far the nerve allows the leg to be \
         lengthened.";
    HeadInwards { side: Side, inwards_mm: f64, left_mm: f64 } => HeadInwards, Caution, Cup,
        "Protrusio: the {side} femoral head lies {inwards_mm:.0} mm further in than the other one. The hip is planned where the other side \
         lies, mirrored; the planned centre is {left_mm:.0} mm medial of that. The shell has to hold by its rim, and bone to fill the gap \
         behind it.";
    HipCentreMovedFor { moved_mm: f64, limit_mm: f64, coverage_percent: f64, wall_mm: f64 } => HipCentreMoved, Note, Cup,
        "The hip centre is moved for the sake of the bone: at the native centre {coverage_percent:.0} % of the shell would touch bone, \
         with {wall_mm:.1} mm of wall medially.",
        number moved_mm against limit_mm in Unit::Millimetre, source "Dastane et al. 2011, Clin Orthop 469:429";
    StandingTiltUnknown {} => StandingTiltUnknown, Note, Cup,
        "The tilt of the standing pelvis is not known and is taken as that of the supine one: every degree that it tilts backwards in \
         standing opens the cup by about 0.7\u{b0}. Measure it on a standing lateral radiograph and give it with --standing-tilt.";
    SpineStiff {} => SpineStiff, Caution, Plan,
        "The spine is stiff: heads leave their cups more often (1.5 % in the first year without a fusion, 3.0 % with one or two fused \
         levels, 4.1 % with more). The cup is opened further; consider dual mobility, and make sure of the stiffness bent forwards, \
         for seated upright it is overestimated.",
        source "Buckland et al. 2017, Bone Joint J 99-B:585; Sharma et al. 2023, J Arthroplasty 38:713";
    WallNotMeasurable { place: &'static str } => WallNotMeasurable, Caution, Cup,
        "The acetabulum is open {place} the cup: there is no wall to measure there.";
    AnteriorPelvicPlaneMissing {} => AnteriorPelvicPlaneMissing, Note, Cup,
        "The anterior pelvic plane is not known, so the cup could not be held against Lewinnek's zone.";
    FunctionalPlaneMissing {} => FunctionalPlaneMissing, Caution, Cup,
        "The pelvic landmarks for the functional plane were not found: cup angles refer to the axes of the scanner.";
    FemurCutOff { side: Side } => FemurCutOff, Caution, Femur(side),
        "The femur is cut off above its shaft: the shaft axis is an estimate from what is left, so stem position, alignment, \
         offset and version are only a draft. Scan the femur to below the lesser trochanter for a plan.";
    FemurCutOffCompleted { side: Side, obtained_by: String, axis_deg: f64, version_deg: f64 } => FemurCutOff, Caution, Femur(side),
        "The femur is cut off above its shaft. {obtained_by}: its shaft axis is sure to {axis_deg:.0}\u{b0} and its version to \
         {version_deg:.0}\u{b0}, so stem position, alignment, offset and version are only a draft. Scan the femur to below the \
         lesser trochanter for a plan.";
    ShaftAxisUncertain { side: Side, seen_mm: f64, limit_mm: f64 } => ShaftAxisUncertain, Caution, Femur(side),
        "Only a short piece of shaft is in the scan: stem alignment, offset and version are less sure than usual.",
        number seen_mm against limit_mm in Unit::Millimetre, source "length of shaft its axis was fitted to";
    StemSizeUnknown {} => StemSizeUnknown, Caution, Stem,
        "The medullary canal is not seen: the stem is of the middle size of its family and must be sized by other means.";
    CanalNotCompared { side: Side } => CanalNotCompared, Caution, Femur(side),
        "No part of the canal that is seen lies along the stem: its size is not checked.";
    CanalNotSeenBelow { side: Side, unseen_mm: f64, limit_mm: f64 } => CanalNotSeenBelow, Caution, Femur(side),
        "The femur ends in the scan before the stem does: the stem's size rests on the part that is seen, and the canal below may \
         be narrower.",
        number unseen_mm against limit_mm in Unit::Millimetre, source "length of stem below the last section seen";
    CondylesNotSeen { side: Side } => CondylesNotSeen, Caution, Femur(side),
        "The femoral condyles are not in the scan: stem version follows the native neck, and femoral version and the stem's against \
         the condyles are not known. Scan the condyles of both knees in the same session, with the legs unmoved, for a version.";
    CondylesCompleted { side: Side, version_deg: f64, obtained_by: String } => CondylesNotSeen, Caution, Femur(side),
        "The femoral condyles are not in the scan: stem version follows the native neck, and femoral version and the stem's against \
         the condyles rest on nothing that was seen. They are known to {version_deg:.0}\u{b0} (one standard deviation) only, too \
         little to tell a retroverted femur from an anteverted one. Scan the condyles of both knees in the same session, with the \
         legs unmoved, for a version. {obtained_by}.";
    LesserTrochanterNotSeen { side: Side } => LesserTrochanterNotSeen, Note, Femur(side),
        "The lesser trochanter was not found: the resection level follows the neck.";
    OtherSideNotMeasurable {} => OtherSideNotMeasurable, Note, Plan,
        "Leg length and offset could not be compared with the other side: the plan keeps to its own targets or the native values.";
    VersionAgainstTable {} => VersionAgainstTable, Note, Stem,
        "The version of the stem refers to the scanner, so the rotation of the leg on the table enters fully.";
    SkirtedHead {} => SkirtedHead, Note, Head,
        "This head has a skirt, which takes range of motion.";

    ScrewAnterior {
        hole: u32, length_mm: f64, quadrant: &'static str, danger: &'static str, angle_deg: f64, limit_deg: f64,
    } => ScrewAnterior, Caution, Screw(hole),
        "The screw of {length_mm:.0} mm in hole {hole} points into the {quadrant} quadrant, behind which lie {danger}.",
        number angle_deg against limit_deg in Unit::Degree, source QUADRANTS;
    ScrewLong { hole: u32, length_mm: f64, limit_mm: f64 } => ScrewLong, Caution, Screw(hole),
        "The screw of {length_mm:.0} mm in hole {hole} is long for the posterior-inferior quadrant, near the sciatic nerve.",
        number length_mm against limit_mm in Unit::Millimetre, source QUADRANTS;
    ScrewBeyondCortex { hole: u32, length_mm: f64, longest_mm: f64, beyond_mm: f64, limit_mm: f64 }
        => ScrewBeyondCortex, Caution, Screw(hole),
        "The screw of {length_mm:.0} mm in hole {hole} comes out of the bone: the longest that stays in bone there has \
         {longest_mm:.0} mm.",
        number beyond_mm against limit_mm in Quantity::ScrewBeyondCortex.unit(), source source_of(Quantity::ScrewBeyondCortex, Caution);
    NoScrewStaysInBone { hole: u32, length_mm: f64, beyond_mm: f64, limit_mm: f64 } => ScrewBeyondCortex, Caution, Screw(hole),
        "The screw of {length_mm:.0} mm in hole {hole} comes out of the bone: none stays in bone there.",
        number beyond_mm against limit_mm in Quantity::ScrewBeyondCortex.unit(), source source_of(Quantity::ScrewBeyondCortex, Caution);
    ScrewPurchaseShort { hole: u32, length_mm: f64, purchase_mm: f64, limit_mm: f64 } => ScrewPurchaseShort, Caution, Screw(hole),
        "The screw of {length_mm:.0} mm in hole {hole} holds little bone.",
        number purchase_mm against limit_mm in Quantity::ScrewPurchase.unit(), source source_of(Quantity::ScrewPurchase, Caution);
    ScrewNearVessel { hole: u32, length_mm: f64, vessel_mm: f64, limit_mm: f64 } => ScrewNearVessel, Caution, Screw(hole),
        "The screw of {length_mm:.0} mm in hole {hole} comes near a labelled iliac vessel.",
        number vessel_mm against limit_mm in Quantity::ScrewVesselDistance.unit(), source source_of(Quantity::ScrewVesselDistance, Caution);
}
