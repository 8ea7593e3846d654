//! Findings about the scan and its segmentation.

use super::{Subject, Subject::*};
use crate::{Side, Unit};

findings! {
    LowResolution { voxel_mm: f64, limit_mm: f64 } => LowResolution, Caution, Scan,
        "The voxels are {voxel_mm:.1} mm in size: thin cortex and joint space are blurred, so that bone surfaces are sure to about \
         a millimetre only.",
        number voxel_mm against limit_mm in Unit::Millimetre, source "cortex and joint space of 2 to 4 mm";
    StreaksReduced { slices: usize, first: usize, last: usize, count: usize } => StreaksReduced, Note, Scan,
        "Streaks of metal were reduced in {slices} slices (between {first} and {last} of {count}) before bones and muscles were \
         looked for; density is that of the CT as it was given.";
    StreaksNotReduced {} => StreaksNotReduced, Caution, Scan,
        "Streaks of metal could not be reduced before bones and muscles were looked for, because the slices do not lie across the \
         patient or their pixels are not square: bones and muscles near metal are less sure.";
    ScanTurned { how: &'static str } => ScanTurned, Refusal, Scan,
        "The scan is {how}: the hips do not lie as its header says. Correct the orientation in the header, or export the scan \
         anew; nothing was segmented. Check left and right too: anatomy does not show whether they are exchanged.";
    LabelsTurned { how: &'static str } => ScanTurned, Refusal, Scan,
        "By its labels the scan is {how}. Look at them before anything is planned: either its header is wrong, or the labels take \
         something else for a bone.";
    SidesExchanged {} => SidesExchanged, Refusal, Scan,
        "The labels call left what the header of the scan places on the right. Find out which is true before anything is planned: \
         correct the header, or name the labels right with --label-mapping.";
    LiverOnTheLeft { thickness_mm: f64, other_mm: f64, limit_mm: f64 } => LiverOnTheLeft, Caution, Scan,
        "The thickest solid organ above the pelvis lies on the left of this scan ({thickness_mm:.0} mm; on the right {other_mm:.0} mm). If it \
         is the liver, left and right are exchanged in the scan, or the patient's organs lie the other way round. Find out which before \
         anything is planned.",
        number thickness_mm against limit_mm in Unit::Millimetre, source "twice the radius of a ball that fits into the liver, but into neither \
         spleen nor kidney";
    HipsNotFound {} => HipsNotFound, Refusal, Scan,
        "No femoral head was recognised: the scan shows none that is round and mostly whole, or metal hides it. Check that the scan is a \
         CT of the hip and that its orientation is right.";
    HipsOfAChild { diameter_mm: f64, limit_mm: f64 } => HipsOfAChild, Refusal, Scan,
        "The femoral heads are smaller than those of adults: the patient is a child, for whom this program is not made, or the \
         header gives too small a voxel size. Nothing was segmented.",
        number diameter_mm against limit_mm in Unit::Millimetre, source "least diameter in adults, an assumption of this program";
    HeadNotFound { side: Side } => HeadNotFound, Caution, Femur(side),
        "The {side} femoral head was not recognised; the {side} joint was parted at the place opposite the other head. Check the \
         labels before measuring on this side.";
    HipMissing { side: Side } => HipMissing, Caution, Hip(side),
        "The {side} hip joint is not in the scan.";
    HipNotRecognised { side: Side } => HipMissing, Caution, Hip(side),
        "The scan reaches to where the {side} hip joint should lie, but no femoral head was recognised there: it may be destroyed, \
         replaced, dislocated or absent. Nothing was measured on this side.";
    MetalInFemur { side: Side, volume_ml: f64 } => MetalInFemur, Caution, Femur(side),
        "There are {volume_ml:.1} ml of metal in or at the {side} femur. Bone around it is hidden by streaks and was not segmented \
         reliably.";
    MetalInFemurRefuses { side: Side } => MetalInFemur, Refusal, Femur(side),
        "There is metal in the {side} hip: bone and canal around it cannot be measured, so this hip is not planned.";
    MetalAtJoint { side: Side, volume_ml: f64 } => MetalAtJoint, Caution, Hip(side),
        "There are {volume_ml:.1} ml of metal at the {side} hip joint. Bone around it is hidden by streaks and was not segmented \
         reliably.";
    MetalAtJointRefuses { side: Side } => MetalAtJoint, Refusal, Hip(side),
        "There is metal in the {side} hip: bone and canal around it cannot be measured, so this hip is not planned.";
    MetalInPelvis { side: Side, volume_ml: f64 } => MetalInPelvis, Caution, Hip(side),
        "There are {volume_ml:.1} ml of metal in the pelvis on the {side}. Bone around it is hidden by streaks and was not \
         segmented reliably.";
    BoneCutOff { bone: Subject, name: String, end: &'static str, area_cm2: f64 } => BoneCutOff, Caution, bone,
        "The {name} is cut off at the {end} of the scan ({area_cm2:.0} cm² of it lie on the edge).";
    FemoralShaftCutOff { side: Side, end: &'static str, area_cm2: f64 } => BoneCutOff, Note, Femur(side),
        "The femur {side} is cut off at the {end} of the scan ({area_cm2:.0} cm² of it lie on the edge).";
    SacrumTopUncertain {} => SacrumTopUncertain, Note, Sacrum,
        "The disc between sacrum and fifth lumbar vertebra was not seen; the upper end of the sacrum is a guess.";
    MusclesWithoutNetwork { error: String } => MusclesWithoutNetwork, Note, Muscles,
        "Muscles were found by the atlas alone: {error}.";
    MusclesNotFound { side: Side, reason: String } => MusclesNotFound, Note, MusclesOf(side),
        "Muscles not found on the {side}: {reason}.";
}
