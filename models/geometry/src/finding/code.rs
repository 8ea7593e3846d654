//! Codes of findings.

use crate::quantity::nearest;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// No more of a text that is no code is repeated.
const LONGEST: usize = 80;

macro_rules! codes {
    ($($code:ident $name:literal)*) => {
        /// Code of a finding: what is the matter, for programs. Codes stay as they are from version to version.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`")] $code,)*
        }

        impl Code {
            /// All codes.
            pub const ALL: &[Code] = &[$(Code::$code),*];

            /// Its name in files.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Code::$code => $name,)*
                }
            }
        }
    };
}

codes! {
    LocalizersDropped "localizers_dropped"
    LossyCompression "lossy_compression"
    NoRescale "no_rescale"
    NotHounsfield "not_hounsfield"
    NoIntercept "no_intercept"
    SeriesMixed "series_mixed"
    SlicesNotGiven "slices_not_given"
    PatientUnstated "patient_unstated"
    DuplicateSlices "duplicate_slices"
    FilesWithoutPixels "files_without_pixels"
    OtherSeries "other_series"
    UnevenSlices "uneven_slices"
    GantryTiltCorrected "gantry_tilt_corrected"
    FilesSetAside "files_set_aside"
    ValuesNotHounsfield "values_not_hounsfield"
    NiftiUnitMissing "nifti_unit_missing"
    NiftiFormsDisagree "nifti_forms_disagree"
    CtMissingVoxels "ct_missing_voxels"
    CtSaturatedVoxels "ct_saturated_voxels"
    ColourRadiograph "colour_radiograph"
    MagnificationApplied "magnification_applied"
    SpacingAtDetector "spacing_at_detector"
    SpacingUnstated "spacing_unstated"
    NoSpacing "no_spacing"
    SegmentsOverlap "segments_overlap"
    OpenContours "open_contours"
    ContoursOutside "contours_outside"
    FractionalSegments "fractional_segments"
    SegmentsRenumbered "segments_renumbered"
    LabelsResampled "labels_resampled"
    LabelsOutsideCt "labels_outside_ct"
    LabelsLeftOut "labels_left_out"
    LabelsJoined "labels_joined"

    LowResolution "low_resolution"
    StreaksReduced "streaks_reduced"
    StreaksNotReduced "streaks_not_reduced"
    ScanTurned "scan_turned"
    SidesExchanged "sides_exchanged"
    LiverOnTheLeft "liver_on_the_left"
    HipsNotFound "hips_not_found"
    HipsOfAChild "hips_of_a_child"
    HeadNotFound "head_not_found"
    HipMissing "hip_missing"
    MetalInFemur "metal_in_femur"
    MetalAtJoint "metal_at_joint"
    MetalInPelvis "metal_in_pelvis"
    BoneCutOff "bone_cut_off"
    SacrumTopUncertain "sacrum_top_uncertain"
    MusclesWithoutNetwork "muscles_without_network"
    MusclesNotFound "muscles_not_found"
    MusclesDoubtful "muscles_doubtful"

    FemurNotCompleted "femur_not_completed"
    PelvisCompleted "pelvis_completed"
    PelvisNotCompleted "pelvis_not_completed"
    NotSupine "not_supine"
    LegLengthCompleted "leg_length_completed"
    FemoralHeadSmall "femoral_head_small"
    FemoralHeadCut "femoral_head_cut"
    JointNotConcentric "joint_not_concentric"
    JointSpaceNarrowed "joint_space_narrowed"
    HipSubluxated "hip_subluxated"
    Osteoarthritis "osteoarthritis"

    HipBoneMissing "hip_bone_missing"
    HipBoneUnusable "hip_bone_unusable"
    PelvisCutOff "pelvis_cut_off"
    AcetabulumIncomplete "acetabulum_incomplete"
    FemurMissing "femur_missing"
    FemoralHeadMissing "femoral_head_missing"
    FemoralNeckMissing "femoral_neck_missing"
    OtherSide "other_side"
    NotInCatalogue "not_in_catalogue"
    ImplantTooLarge "implant_too_large"
    CupBeyondCatalogue "cup_beyond_catalogue"
    CupOffBone "cup_off_bone"
    CupFarFromAcetabulum "cup_far_from_acetabulum"
    StemOffBone "stem_off_bone"
    WallNotMeasurable "wall_not_measurable"
    AnteriorPelvicPlaneMissing "anterior_pelvic_plane_missing"
    FunctionalPlaneMissing "functional_plane_missing"
    FemurCutOff "femur_cut_off"
    ShaftAxisUncertain "shaft_axis_uncertain"
    StemSizeUnknown "stem_size_unknown"
    CanalNotCompared "canal_not_compared"
    CanalNotSeenBelow "canal_not_seen_below"
    CondylesNotSeen "condyles_not_seen"
    LesserTrochanterNotSeen "lesser_trochanter_not_seen"
    OtherSideNotMeasurable "other_side_not_measurable"
    VersionAgainstTable "version_against_table"
    SkirtedHead "skirted_head"
    ScrewAnterior "screw_anterior"
    ScrewLong "screw_long"
    ScrewBeyondCortex "screw_beyond_cortex"
    ScrewPurchaseShort "screw_purchase_short"
    ScrewNearVessel "screw_near_vessel"

    CupCoverageLow "cup_coverage_low"
    MedialWallThin "medial_wall_thin"
    AnteriorWallThin "anterior_wall_thin"
    PosteriorWallThin "posterior_wall_thin"
    CupNearVessel "cup_near_vessel"
    CupUncoveredLaterally "cup_uncovered_laterally"
    HipCentreHigh "hip_centre_high"
    HipCentreMoved "hip_centre_moved"
    CombinedAnteversion "combined_anteversion"
    LegLengthDifference "leg_length_difference"
    LegLengthChange "leg_length_change"
    OffsetChange "offset_change"
    OffsetShort "offset_short"
    OffsetLong "offset_long"
    FemurShifted "femur_shifted"
    StemUndersized "stem_undersized"
    StemOversized "stem_oversized"
    CortexThin "cortex_thin"
    StemMalaligned "stem_malaligned"
    StemVersion "stem_version"
    ResectionLevel "resection_level"
    HeadOutOfSocket "head_out_of_socket"
    ShellSizeOff "shell_size_off"
    HeadRisen "head_risen"
    HeadInwards "head_inwards"
    StandingTiltUnknown "standing_tilt_unknown"
    SpineStiff "spine_stiff"
    RimOverhang "rim_overhang"
    StemTurned "stem_turned"
    CupAngleOutside "cup_angle_outside"
    OutsideLewinnekZone "outside_lewinnek_zone"
    LewinnekNotJudged "lewinnek_not_judged"
    CombinedAnteversionNotJudged "combined_anteversion_not_judged"
    LegLengthDifferencePlannedNotJudged "leg_length_difference_planned_not_judged"
    LegLengthChangeNotJudged "leg_length_change_not_judged"
    OffsetChangeNotJudged "offset_change_not_judged"
    StemVarusNotJudged "stem_varus_not_judged"
    StemFlexionNotJudged "stem_flexion_not_judged"
    StemVersionNotJudged "stem_version_not_judged"

    NotSimulated "not_simulated"
    BlockedAtNeutral "blocked_at_neutral"
    FemurCut "femur_cut"
    MotionShort "motion_short"
    MotionUndecided "motion_undecided"
    MotionNotJudged "motion_not_judged"
    ActivityInContact "activity_in_contact"
    ActivityNotJudged "activity_not_judged"

    NoLoads "no_loads"
    NoMuscles "no_muscles"
    NoStaticBalance "no_static_balance"
    ActivityNotSimulated "activity_not_simulated"
    BodyMassUnknown "body_mass_unknown"
    PelvisMirrored "pelvis_mirrored"
    LandmarksContradict "landmarks_contradict"
    StrengthOfMuscles "strength_of_muscles"
    MuscleTooLong "muscle_too_long"
    MuscleSlack "muscle_slack"
    AbductorsTooWeak "abductors_too_weak"
    EdgeLoading "edge_loading"
    EdgeLoadingUnknown "edge_loading_unknown"
    MomentOutOfReach "moment_out_of_reach"
    FullActivation "full_activation"
    MusclesOverestimate "muscles_overestimate"
    SamplesLost "samples_lost"
    TimeOfOwnMotion "time_of_own_motion"
    LoadsOfAnotherBody "loads_of_another_body"

    UnitOfAnglesAssumed "unit_of_angles_assumed"
    AnglesTooSmall "angles_too_small"
    AnglesTooGreat "angles_too_great"
    MarkersMissed "markers_missed"
    CoordinatesNotDetermined "coordinates_not_determined"
    TrackingNotConverged "tracking_not_converged"
    NotUpright "not_upright"
    BeyondRange "beyond_range"
    MotionLeftAside "motion_left_aside"
    ResidualForce "residual_force"
    ResidualMoment "residual_moment"
    ForcesDoNotBearTheMotion "forces_do_not_bear_the_motion"

    StiffBySitting "stiff_by_sitting"
    SearchStopped "search_stopped"
    CriterionNotJudged "criterion_not_judged"
    NoPlanMeetsCriteria "no_plan_meets_criteria"
    CriterionNotMet "criterion_not_met"
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is no code of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode {
    /// The text given, shortened where it is long.
    pub name: String,
    /// Codes that it may have meant, the nearest first.
    pub nearest: Vec<Code>,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no finding code `{}`", self.name)?;
        let nearest: Vec<&str> = self.nearest.iter().map(|code| code.name()).collect();
        if nearest.is_empty() { Ok(()) } else { write!(f, "; nearest are {}", nearest.join(", ")) }
    }
}

impl std::error::Error for UnknownCode {}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Self, UnknownCode> {
        Code::ALL.iter().copied().find(|code| code.name() == name).ok_or_else(|| {
            let name: String = name.chars().take(LONGEST).collect();
            UnknownCode { nearest: nearest(&name, Code::ALL.iter().copied()), name }
        })
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_code_and_its_name_go_together() {
        for code in Code::ALL {
            assert_eq!(code.name().parse(), Ok(*code));
            let words: String = code
                .name()
                .split('_')
                .map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]))
                .collect();
            assert_eq!(words, format!("{code:?}"), "a code is spelt as its name");
        }
        let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn what_is_no_code_is_answered_with_the_nearest() {
        let unknown = "metal_at_jiont".parse::<Code>().unwrap_err();
        assert_eq!(unknown.nearest[0], Code::MetalAtJoint);
        let text = unknown.to_string();
        assert!(
            text.starts_with("there is no finding code `metal_at_jiont`; nearest are metal_at_joint, "),
            "{text}"
        );
        for odd in ["", "\u{fc}\u{fc}", &"x".repeat(5000)] {
            assert!(odd.parse::<Code>().unwrap_err().to_string().len() < 400);
        }
    }
}
