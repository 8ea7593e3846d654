//! Findings about what was measured on the bones.

use super::Subject::*;
use crate::{Side, Unit};

const JOINT_SPACE: &str =
    "minimum joint space of Croft et al. 1990 (Am J Epidemiol 132:514), graded with limits of 2.5 and 1.5 mm";

findings! {
    FemurNotCompleted { side: Side, residual_mm: f64, limit_mm: f64 } => FemurNotCompleted, Note, Femur(side),
        "The femur is truncated and could not be completed, because the shape model does not fit the part in the scan. Deformity, \
         metal or a poor segmentation may be the reason.",
        number residual_mm against limit_mm in Unit::Millimetre,
        source "mean distance from surface to fitted model; for femora that were not used to build the model it is half of this limit";
    PelvisCompleted { landmarks: String, obtained_by: String, tilt_deg: f64, turn_deg: f64 } => PelvisCompleted, Caution, Pelvis,
        "The scan does not show the {landmarks}. {obtained_by} The anterior pelvic plane, and cup angles relative to it, are accurate \
         to {tilt_deg:.0}° of tilt and {turn_deg:.0}° of rotation.";
    PelvisNotCompleted { residual_mm: f64, limit_mm: f64 } => PelvisNotCompleted, Note, Pelvis,
        "The pelvis is truncated and could not be completed, because the shape model does not fit the part in the scan. Landmarks \
         outside the scan are missing. Deformity, metal or a poor segmentation may be the reason.",
        number residual_mm against limit_mm in Unit::Millimetre,
        source "mean distance from surface to fitted model; for a pelvis that was not used to build the model it is half of this limit";
    NotSupine { turned_deg: f64, limit_deg: f64 } => NotSupine, Caution, Pelvis,
        "The pelvis is tilted far relative to the scanner, so the table does not define a supine functional plane. Use angles \
         relative to the anterior pelvic plane.",
        number turned_deg against limit_deg in Unit::Degree, source "largest tilt of a pelvis lying supine";
    LegLengthCompleted { spread_mm: f64, which: String } => LegLengthCompleted, Note, Plan,
        "The leg length difference is accurate only to {spread_mm:.1} mm: {which} not in the scan, but predicted by a shape model.";
    FemoralHeadSmall { side: Side, value: f64, limit: f64 } => FemoralHeadSmall, Caution, Femur(side),
        "The {side} femoral head is smaller than those of adults: either the patient is a child, for whom this program is not \
         intended, or the head is deformed, or the voxel size in the header is too small.",
        number value against limit in Unit::Millimetre, source "least diameter in adults, an assumption of this program";
    FemoralHeadSmallRefuses { side: Side } => FemoralHeadSmall, Refusal, Femur(side),
        "The {side} femoral head is smaller than those of adults. The implants are made for adult bone, so this hip is not planned. \
         If the patient is an adult, check the voxel size in the header and the shape of the head.";
    FemoralHeadCut { side: Side, seen_percent: f64 } => FemoralHeadCut, Caution, Femur(side),
        "The {side} femoral head is truncated by the scan: its sphere is fitted to {seen_percent:.0} % of a full sphere's surface, \
         instead of about half for a complete head. Centre and diameter are less accurate than usual.";
    FemoralHeadCutRefuses { side: Side } => FemoralHeadCut, Refusal, Femur(side),
        "The {side} femoral head is truncated by the scan: hip centre, leg length and offset would be based on a part of it, so this \
         hip is not planned. Scan the complete joint.";
    JointNotConcentric { side: Side, gap_mm: f64, limit_mm: f64 } => JointNotConcentric, Caution, Hip(side),
        "Femoral head and acetabulum are not concentric: the joint is subluxed or deformed, or the bones were not separated well. \
         Check the segmentation before using the plan.",
        number gap_mm against limit_mm in Unit::Millimetre, source "two layers of cartilage and the fit's own error";
    JointSpaceLost { side: Side, least_mm: f64, limit_mm: f64 } => JointSpaceNarrowed, Caution, Hip(side),
        "Minimum joint space below {limit_mm:.1} mm.",
        number least_mm against limit_mm in Unit::Millimetre, source JOINT_SPACE;
    JointSpaceNarrowed { side: Side, least_mm: f64, limit_mm: f64 } => JointSpaceNarrowed, Note, Hip(side),
        "Minimum joint space below {limit_mm:.1} mm: the joint space is narrowed.",
        number least_mm against limit_mm in Unit::Millimetre, source JOINT_SPACE;
    HipSubluxated { side: Side, grade: u8, likely_percent: f64, risen_percent: f64, limit_percent: f64 }
        => HipSubluxated, Caution, Hip(side),
        "The femoral head has migrated proximally out of the acetabulum: Crowe grade {grade} is the most likely ({likely_percent:.0} %).",
        number risen_percent against limit_percent in Unit::Percent, source "Crowe et al. 1979 (J Bone Joint Surg Am 61:15)";
    Osteoarthritis { side: Side, grade: u8, likely_percent: f64 } => Osteoarthritis, Note, Hip(side),
        "Osteoarthritis: Kellgren-Lawrence grade {grade} is the most likely ({likely_percent:.0} %), according to a model of joint space, \
         osteophytes and subchondral bone that was trained only on virtual patients.";
}
