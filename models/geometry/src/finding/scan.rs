//! Findings about the scan and its segmentation.

use super::{Subject, Subject::*};
use crate::{Side, Unit};

findings! {
    LowResolution { voxel_mm: f64, limit_mm: f64 } => LowResolution, Caution, Scan,
        "Voxels of {voxel_mm:.1} mm blur thin cortex and the joint space: bone surfaces are accurate only to about 1 mm.",
        number voxel_mm against limit_mm in Unit::Millimetre, source "cortex and joint space of 2 to 4 mm";
    StreaksReduced { slices: usize, first: usize, last: usize, count: usize } => StreaksReduced, Note, Scan,
        "Metal artefacts were reduced in {slices} slices (between {first} and {last} of {count}) before segmentation; densities are \
         those of the original CT.";
    StreaksNotReduced {} => StreaksNotReduced, Caution, Scan,
        "Metal artefacts could not be reduced before segmentation, because the slices are not axial or their pixels are not square: \
         bones and muscles near metal are less accurate.";
    ScanTurned { how: &'static str } => ScanTurned, Refusal, Scan,
        "The scan is {how}: the hips do not lie as the header says. Correct the orientation in the header, or export the scan again; \
         nothing was segmented. Check left and right as well: the bones do not show whether left and right are exchanged.";
    LabelsTurned { how: &'static str } => ScanTurned, Refusal, Scan,
        "According to its labels, the scan is {how}. Check the labels before planning: either the header is wrong, or they mistake \
         something else for bone.";
    SidesExchanged {} => SidesExchanged, Refusal, Scan,
        "Labels and scan header disagree on left and right. Find out which is correct before planning: correct the \
         header, or rename the labels with --label-mapping.";
    LiverOnTheLeft { thickness_mm: f64, other_mm: f64, limit_mm: f64 } => LiverOnTheLeft, Caution, Scan,
        "The thickest solid organ above the pelvis is on the left of this scan ({thickness_mm:.0} mm; on the right {other_mm:.0} mm). \
         If it is the liver, the scan has left and right exchanged, or the patient has situs inversus. Find out which before \
         planning.",
        number thickness_mm against limit_mm in Unit::Millimetre, source "diameter of a sphere that fits into the liver, but into neither \
         spleen nor kidney";
    HipsNotFound {} => HipsNotFound, Refusal, Scan,
        "No femoral head was recognised: none in the scan is round and mostly complete, or metal hides it. Check that the scan is a \
         CT of the hip and that its orientation is correct.";
    HipsOfAChild { diameter_mm: f64, limit_mm: f64 } => HipsOfAChild, Refusal, Scan,
        "The femoral heads are smaller than those of adults: either the patient is a child, for whom this program is not intended, or \
         the voxel size in the header is too small. Nothing was segmented.",
        number diameter_mm against limit_mm in Unit::Millimetre, source "least diameter in adults, an assumption of this program";
    HeadNotFound { side: Side } => HeadNotFound, Caution, Femur(side),
        "The {side} femoral head was not recognised; the {side} joint was separated at the mirrored position of the other head. Check \
         the labels before measuring on this side.";
    HipMissing { side: Side } => HipMissing, Caution, Hip(side),
        "The {side} hip joint is not in the scan.";
    HipNotRecognised { side: Side } => HipMissing, Caution, Hip(side),
        "The scan covers the expected position of the {side} hip joint, but no femoral head was recognised there: it may be \
         destroyed, replaced, dislocated or absent. Nothing was measured on this side.";
    MetalInFemur { side: Side, volume_ml: f64 } => MetalInFemur, Caution, Femur(side),
        "There are {volume_ml:.1} ml of metal in or at the {side} femur. Artefacts hide the bone around it; its segmentation is \
         unreliable.";
    MetalInFemurRefuses { side: Side } => MetalInFemur, Refusal, Femur(side),
        "There is metal in the {side} hip: bone and canal around it cannot be measured, so this hip is not planned.";
    MetalAtJoint { side: Side, volume_ml: f64 } => MetalAtJoint, Caution, Hip(side),
        "There are {volume_ml:.1} ml of metal at the {side} hip joint. Artefacts hide the bone around it; its segmentation is \
         unreliable.";
    MetalAtJointRefuses { side: Side } => MetalAtJoint, Refusal, Hip(side),
        "There is metal in the {side} hip: bone and canal around it cannot be measured, so this hip is not planned.";
    MetalInPelvis { side: Side, volume_ml: f64 } => MetalInPelvis, Caution, Hip(side),
        "There are {volume_ml:.1} ml of metal in the pelvis on the {side}. Artefacts hide the bone around it; its segmentation is \
         unreliable.";
    BoneCutOff { bone: Subject, name: &'static str, end: &'static str, area_cm2: f64 } => BoneCutOff, Caution, bone,
        "The {name} is truncated at the {end} of the scan (cut area {area_cm2:.0} cm²).";
    FemoralShaftCutOff { side: Side, end: &'static str, area_cm2: f64 } => BoneCutOff, Note, Femur(side),
        "The {side} femur is truncated at the {end} of the scan (cut area {area_cm2:.0} cm²).";
    SacrumTopUncertain {} => SacrumTopUncertain, Note, Sacrum,
        "The lumbosacral disc was not recognised; the upper end of the sacrum is an estimate.";
    MusclesWithoutNetwork { error: String } => MusclesWithoutNetwork, Note, Muscles,
        "Muscles were segmented with the atlas alone: {error}.";
    MusclesNotFound { side: Side, reason: String } => MusclesNotFound, Note, MusclesOf(side),
        "Muscles on the {side} were not segmented: {reason}.";
    MusclesDoubtful { side: Side, muscles: String, least: f64 } => MusclesDoubtful, Caution, MusclesOf(side),
        "Labels of muscles on the {side} are doubtful: {muscles}. The ways of finding them agree so little that a Dice below {least:.1} is \
         expected, as where a muscle is wasted, replaced by fat, or unlike the atlas, or where the scan shows one side alone. Check these \
         labels before you use them.";
}
