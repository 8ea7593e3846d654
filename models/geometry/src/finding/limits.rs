//! Findings about numbers of a plan that are beyond their limits.

use super::Severity::{self, Caution, Note};
use super::Subject::*;
use crate::{Quantity, Unit};

const TOO_UNSURE: &str = "largest uncertainty accepted for this range, two fifths of its width: with more, a value in its middle would be judged outside in one of five cases";

/// Source of the limit of a quantity that weighs so much.
pub(super) fn source_of(quantity: Quantity, severity: Severity) -> &'static str {
    quantity.limit(severity).map_or("", |limit| limit.source)
}

findings! {
    CupCoverageLow { value: f64, limit: f64 } => CupCoverageLow, Caution, Cup,
        "Bone coverage of the cup is low: medialise it, change its size, or plan augmentation.",
        number value against limit in Quantity::CupCoverage.unit(), source source_of(Quantity::CupCoverage, Caution);
    MedialWallThin { value: f64, limit: f64 } => MedialWallThin, Caution, Cup,
        "The residual medial wall is thin.",
        number value against limit in Quantity::MedialWall.unit(), source source_of(Quantity::MedialWall, Caution);
    AnteriorWallThin { value: f64, limit: f64 } => AnteriorWallThin, Caution, Cup,
        "The residual anterior wall is thin.",
        number value against limit in Quantity::AnteriorWall.unit(), source source_of(Quantity::AnteriorWall, Caution);
    PosteriorWallThin { value: f64, limit: f64 } => PosteriorWallThin, Caution, Cup,
        "The residual posterior wall is thin.",
        number value against limit in Quantity::PosteriorWall.unit(), source source_of(Quantity::PosteriorWall, Caution);
    CupNearVessel { value: f64, limit: f64 } => CupNearVessel, Caution, Cup,
        "The shell comes close to a labelled iliac vessel.",
        number value against limit in Quantity::VesselDistance.unit(), source source_of(Quantity::VesselDistance, Caution);
    CupUncoveredLaterally { value: f64, limit: f64 } => CupUncoveredLaterally, Caution, Cup,
        "The cup is uncovered laterally.",
        number value against limit in Quantity::CupCentreEdgeAngle.unit(), source source_of(Quantity::CupCentreEdgeAngle, Caution);
    RimOverhang { value: f64, limit: f64 } => RimOverhang, Caution, Cup,
        "The anterior rim of the cup is prominent: risk of iliopsoas irritation.",
        number value against limit in Quantity::RimOverhang.unit(), source source_of(Quantity::RimOverhang, Caution);
    CupInclinationOutside { value: f64, limit: f64 } => CupAngleOutside, Caution, Cup,
        "Cup inclination is outside the recommended range.",
        number value against limit in Quantity::CupInclinationRadiographicFunctional.unit(),
        source source_of(Quantity::CupInclinationRadiographicFunctional, Caution);
    CupAnteversionOutside { value: f64, limit: f64 } => CupAngleOutside, Caution, Cup,
        "Cup anteversion is outside the recommended range.",
        number value against limit in Quantity::CupAnteversionRadiographicFunctional.unit(),
        source source_of(Quantity::CupAnteversionRadiographicFunctional, Caution);
    HipCentreHigh { value: f64, limit: f64 } => HipCentreHigh, Caution, Cup,
        "The planned hip centre is too high or too low.",
        number value against limit in Quantity::HipCentreShiftSuperior.unit(), source source_of(Quantity::HipCentreShiftSuperior, Caution);
    HipCentreMoved { value: f64, limit: f64 } => HipCentreMoved, Note, Cup,
        "The planned hip centre differs in height from the native one.",
        number value against limit in Quantity::HipCentreShiftSuperior.unit(), source source_of(Quantity::HipCentreShiftSuperior, Note);
    HipCentreShifted { value: f64, limit: f64 } => HipCentreMoved, Caution, Cup,
        "The planned hip centre is displaced medially or laterally from the native one.",
        number value against limit in Quantity::HipCentreShiftMedial.unit(), source source_of(Quantity::HipCentreShiftMedial, Caution);
    CombinedAnteversion { value: f64, limit: f64 } => CombinedAnteversion, Caution, Plan,
        "The combined anteversion of cup and stem is outside the recommended range.",
        number value against limit in Quantity::CombinedAnteversion.unit(), source source_of(Quantity::CombinedAnteversion, Caution);
    LegLengthDifference { value: f64, limit: f64 } => LegLengthDifference, Caution, Plan,
        "The planned leg length difference is large enough for patients to notice.",
        number value against limit in Quantity::LegLengthDifferencePlanned.unit(), source source_of(Quantity::LegLengthDifferencePlanned, Caution);
    LegLengthDiffersSlightly { value: f64, limit: f64 } => LegLengthDifference, Note, Plan,
        "A small leg length difference is planned.",
        number value against limit in Quantity::LegLengthDifferencePlanned.unit(), source source_of(Quantity::LegLengthDifferencePlanned, Note);
    LegLengthChange { value: f64, limit: f64 } => LegLengthChange, Caution, Plan,
        "The leg is lengthened by more than the sciatic nerve may tolerate, or shortened too much.",
        number value against limit in Quantity::LegLengthChange.unit(), source source_of(Quantity::LegLengthChange, Caution);
    OffsetChange { value: f64, limit: f64 } => OffsetChange, Caution, Plan,
        "Global offset changes considerably: the abductors lose tension, or the tissues over the trochanter are under tension.",
        number value against limit in Quantity::OffsetChange.unit(), source source_of(Quantity::OffsetChange, Caution);
    OffsetShort { value: f64, limit: f64 } => OffsetShort, Caution, Plan,
        "Global offset is smaller than on the other side: the abductors lose tension.",
        number value against limit in Quantity::OffsetDifferencePlanned.unit(), source source_of(Quantity::OffsetDifferencePlanned, Caution);
    OffsetLong { value: f64, limit: f64 } => OffsetLong, Note, Plan,
        "Global offset is larger than on the other side.",
        number value against limit in Quantity::OffsetDifferencePlanned.unit(), source source_of(Quantity::OffsetDifferencePlanned, Note);
    FemurShifted { value: f64, limit: f64 } => FemurShifted, Note, Plan,
        "The femur moves anteriorly or posteriorly on reduction.",
        number value against limit in Quantity::FemurShiftAnterior.unit(), source source_of(Quantity::FemurShiftAnterior, Note);
    StemUndersized { value: f64, limit: f64 } => StemUndersized, Caution, Stem,
        "Canal fill is low in the visible part of the canal.",
        number value against limit in Quantity::CanalFill.unit(), source source_of(Quantity::CanalFill, Caution);
    StemOversized { value: f64, limit: f64 } => StemOversized, Caution, Stem,
        "The stem reaches into the cortex: choose a smaller size, or ream.",
        number value against limit in Quantity::CorticalContact.unit(), source source_of(Quantity::CorticalContact, Caution);
    CortexThin { value: f64, limit: f64 } => CortexThin, Caution, Stem,
        "The residual cortex beside the stem is thin.",
        number value against limit in Quantity::CortexLeft.unit(), source source_of(Quantity::CortexLeft, Caution);
    StemMalaligned { value: f64, limit: f64 } => StemMalaligned, Caution, Stem,
        "The stem is in varus or valgus.",
        number value against limit in Quantity::StemVarus.unit(), source source_of(Quantity::StemVarus, Caution);
    StemTilted { value: f64, limit: f64 } => StemMalaligned, Caution, Stem,
        "The stem is in flexion or extension.",
        number value against limit in Quantity::StemFlexion.unit(), source source_of(Quantity::StemFlexion, Caution);
    StemTurned { value: f64, limit: f64 } => StemTurned, Note, Stem,
        "The stem is rotated from the native version. A straight stem may not turn that far in the canal; a conical or modular one \
         can.",
        number value against limit in Quantity::StemVersionChange.unit(), source source_of(Quantity::StemVersionChange, Note);
    StemVersion { value: f64, limit: f64 } => StemVersion, Caution, Stem,
        "Stem version is outside the usual range.",
        number value against limit in Quantity::StemVersion.unit(), source source_of(Quantity::StemVersion, Caution);
    ResectionLevel { value: f64, limit: f64 } => ResectionLevel, Note, Stem,
        "The neck resection level is unusual.",
        number value against limit in Quantity::ResectionLevel.unit(), source source_of(Quantity::ResectionLevel, Note);
    CupInclinationOutsideLewinnek { value: f64, limit: f64 } => OutsideLewinnekZone, Note, Cup,
        "Cup inclination relative to the anterior pelvic plane is outside Lewinnek's zone.",
        number value against limit in Quantity::CupInclinationRadiographicApp.unit(), source source_of(Quantity::CupInclinationRadiographicApp, Note);
    CupAnteversionOutsideLewinnek { value: f64, limit: f64 } => OutsideLewinnekZone, Note, Cup,
        "Cup anteversion relative to the anterior pelvic plane is outside Lewinnek's zone.",
        number value against limit in Quantity::CupAnteversionRadiographicApp.unit(), source source_of(Quantity::CupAnteversionRadiographicApp, Note);
    LewinnekNotJudged {} => LewinnekNotJudged, Note, Cup,
        "The anterior pelvic plane is too uncertain in this scan to assess Lewinnek's zone.";
    CombinedAnteversionNotJudged { least: f64, most: f64, spread: f64, largest_spread: f64 } => CombinedAnteversionNotJudged, Note, Plan,
        "The combined anteversion is too uncertain in this scan to assess against its range of {least} to {most}°.",
        number spread against largest_spread in Unit::Degree, source TOO_UNSURE;
    LegLengthDifferencePlannedNotJudged { least: f64, most: f64, spread: f64, largest_spread: f64 } => LegLengthDifferencePlannedNotJudged, Note, Plan,
        "The planned leg length difference is too uncertain in this scan to assess against its range of {least} to {most} mm.",
        number spread against largest_spread in Unit::Millimetre, source TOO_UNSURE;
    LegLengthChangeNotJudged { least: f64, most: f64, spread: f64, largest_spread: f64 } => LegLengthChangeNotJudged, Note, Plan,
        "The leg length change is too uncertain in this scan to assess against its range of {least} to {most} mm.",
        number spread against largest_spread in Unit::Millimetre, source TOO_UNSURE;
    OffsetChangeNotJudged { least: f64, most: f64, spread: f64, largest_spread: f64 } => OffsetChangeNotJudged, Note, Plan,
        "The offset change is too uncertain in this scan to assess against its range of {least} to {most} mm.",
        number spread against largest_spread in Unit::Millimetre, source TOO_UNSURE;
    StemVarusNotJudged { least: f64, most: f64, spread: f64, largest_spread: f64 } => StemVarusNotJudged, Note, Stem,
        "The varus angle of the stem is too uncertain in this scan to assess against its range of {least} to {most}°.",
        number spread against largest_spread in Unit::Degree, source TOO_UNSURE;
    StemFlexionNotJudged { least: f64, most: f64, spread: f64, largest_spread: f64 } => StemFlexionNotJudged, Note, Stem,
        "The flexion angle of the stem is too uncertain in this scan to assess against its range of {least} to {most}°.",
        number spread against largest_spread in Unit::Degree, source TOO_UNSURE;
    StemVersionNotJudged { least: f64, most: f64, spread: f64, largest_spread: f64 } => StemVersionNotJudged, Note, Stem,
        "The stem version is too uncertain in this scan to assess against its range of {least} to {most}°.",
        number spread against largest_spread in Unit::Degree, source TOO_UNSURE;
}
