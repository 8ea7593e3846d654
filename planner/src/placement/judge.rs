//! What the surgeon must know about a plan: numbers beyond their limits, and what the scan did not show.

use super::geometry::Assembly;
use super::hip::RightHip;
use super::numbers::Numbers;
use super::screws;
use crate::placed::VersionReference;
use coxa_geometry::Severity::{self, Caution, Note, Refusal};
use coxa_geometry::frame::Stem;
use coxa_geometry::quantity::Limit;
use coxa_geometry::{Finding, Measured, Point, Quantity, Vector, finding};

/// What is said where a number lies outside one of its limits.
struct Judged {
    quantity: Quantity,
    /// Which of its limits.
    severity: Severity,
    /// Says that a value is beyond a bound of it.
    beyond: fn(f64, f64) -> Finding,
    /// Says that the number is too unsure for it; none where that is not worth a finding, or the limit has one end.
    not_judged: Option<fn(Unjudged) -> Finding>,
}

/// A range, the spread of a number, and the largest spread with which it is held against the range.
struct Unjudged {
    least: f64,
    most: f64,
    spread: f64,
    largest_spread: f64,
}

macro_rules! say_not_judged {
    ($row:ident) => {
        |Unjudged { least, most, spread, largest_spread }| {
            finding::$row { least, most, spread, largest_spread }.finding()
        }
    };
}

/// A number is held against a range only where its spread is no more than this part of the range's width: with more, even
/// one in the middle of the range lies outside it in one of five cases.
const JUDGED_SPREAD: f64 = 0.4;

fn largest_spread(limit: &Limit) -> f64 {
    JUDGED_SPREAD * (limit.most - limit.least)
}

/// Whether a number is too unsure for a range. Two spreads beyond the range it is wrong all the same.
fn is_beyond_knowledge(limit: &Limit, measured: &Measured) -> bool {
    let Measured { value, spread, .. } = *measured;
    let surely_out = value + 2.0 * spread < limit.least || value - 2.0 * spread > limit.most;
    spread > largest_spread(limit) && !surely_out
}

impl Judged {
    /// Says that a number is too unsure for its range, with the spread as the number.
    fn not_judged(&self, limit: &Limit, measured: &Measured) -> Option<Finding> {
        let Limit { least, most, .. } = *limit;
        let (spread, largest_spread) = (measured.spread, largest_spread(limit));
        self.not_judged.map(|say| say(Unjudged { least, most, spread, largest_spread }))
    }
}

#[rustfmt::skip]
const JUDGED: &[Judged] = &[
    Judged { quantity: Quantity::CupCoverage, severity: Caution, beyond: |value, limit| finding::CupCoverageLow { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::MedialWall, severity: Caution, beyond: |value, limit| finding::MedialWallThin { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::AnteriorWall, severity: Caution, beyond: |value, limit| finding::AnteriorWallThin { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::PosteriorWall, severity: Caution, beyond: |value, limit| finding::PosteriorWallThin { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::VesselDistance, severity: Caution, beyond: |value, limit| finding::CupNearVessel { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::CupCentreEdgeAngle, severity: Caution, beyond: |value, limit| finding::CupUncoveredLaterally { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::HipCentreShiftSuperior, severity: Caution, beyond: |value, limit| finding::HipCentreHigh { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::HipCentreShiftSuperior, severity: Note, beyond: |value, limit| finding::HipCentreMoved { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::RimOverhang, severity: Caution, beyond: |value, limit| finding::RimOverhang { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::CupInclinationRadiographicFunctional, severity: Caution, beyond: |value, limit| finding::CupInclinationOutside { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::CupAnteversionRadiographicFunctional, severity: Caution, beyond: |value, limit| finding::CupAnteversionOutside { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::HipCentreShiftMedial, severity: Caution, beyond: |value, limit| finding::HipCentreShifted { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::CombinedAnteversion, severity: Caution, beyond: |value, limit| finding::CombinedAnteversion { value, limit }.finding(), not_judged: Some(say_not_judged!(CombinedAnteversionNotJudged)) },
    Judged { quantity: Quantity::LegLengthDifferencePlanned, severity: Caution, beyond: |value, limit| finding::LegLengthDifference { value, limit }.finding(), not_judged: Some(say_not_judged!(LegLengthDifferencePlannedNotJudged)) },
    Judged { quantity: Quantity::LegLengthDifferencePlanned, severity: Note, beyond: |value, limit| finding::LegLengthDiffersSlightly { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::LegLengthChange, severity: Caution, beyond: |value, limit| finding::LegLengthChange { value, limit }.finding(), not_judged: Some(say_not_judged!(LegLengthChangeNotJudged)) },
    Judged { quantity: Quantity::OffsetChange, severity: Caution, beyond: |value, limit| finding::OffsetChange { value, limit }.finding(), not_judged: Some(say_not_judged!(OffsetChangeNotJudged)) },
    Judged { quantity: Quantity::OffsetDifferencePlanned, severity: Caution, beyond: |value, limit| finding::OffsetShort { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::OffsetDifferencePlanned, severity: Note, beyond: |value, limit| finding::OffsetLong { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::FemurShiftAnterior, severity: Note, beyond: |value, limit| finding::FemurShifted { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::CanalFill, severity: Caution, beyond: |value, limit| finding::StemUndersized { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::CorticalContact, severity: Caution, beyond: |value, limit| finding::StemOversized { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::CortexLeft, severity: Caution, beyond: |value, limit| finding::CortexThin { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::StemVarus, severity: Caution, beyond: |value, limit| finding::StemMalaligned { value, limit }.finding(), not_judged: Some(say_not_judged!(StemVarusNotJudged)) },
    Judged { quantity: Quantity::StemFlexion, severity: Caution, beyond: |value, limit| finding::StemTilted { value, limit }.finding(), not_judged: Some(say_not_judged!(StemFlexionNotJudged)) },
    Judged { quantity: Quantity::StemVersion, severity: Caution, beyond: |value, limit| finding::StemVersion { value, limit }.finding(), not_judged: Some(say_not_judged!(StemVersionNotJudged)) },
    Judged { quantity: Quantity::StemVersionChange, severity: Note, beyond: |value, limit| finding::StemTurned { value, limit }.finding(), not_judged: None },
    Judged { quantity: Quantity::ResectionLevel, severity: Note, beyond: |value, limit| finding::ResectionLevel { value, limit }.finding(), not_judged: None },
];

/// Even a cup left in a high false socket lies nearer to the acetabulum than this.
const MOST_CUP_SHIFT_MM: f64 = 50.0;
/// Of the axis of a stem in the canal, at least this part lies in bone.
const LEAST_AXIS_IN_FEMUR_PERCENT: f64 = 50.0;
/// Distance of the points on the stem axis that are looked at.
const AXIS_STEP_MM: f64 = 2.0;

/// What makes a plan no plan: components that are not in their bones. Nothing that would be computed from it means anything.
pub(crate) fn misplaced(assembly: &Assembly, hip: &RightHip, numbers: &Numbers) -> Vec<Finding> {
    let mut refusals = Vec::new();
    if let Some(coverage) = numbers.get(Quantity::CupCoverage)
        && let Some(limit) = Quantity::CupCoverage.limit(Refusal)
        && let Some(least) = limit.crossed_by(coverage.value)
    {
        let (coverage_percent, limit_percent) = (coverage.value, least);
        refusals.push(finding::CupOffBone { coverage_percent, limit_percent }.finding());
    }
    let shift = assembly.pose.cup_centre.distance(hip.socket.centre_mm);
    if shift > MOST_CUP_SHIFT_MM {
        refusals
            .push(finding::CupFarFromAcetabulum { shift_mm: shift, limit_mm: MOST_CUP_SHIFT_MM }.finding());
    }
    let inside = 100.0 * axis_in_femur(assembly, hip);
    if inside < LEAST_AXIS_IN_FEMUR_PERCENT {
        let (inside_percent, limit_percent) = (inside, LEAST_AXIS_IN_FEMUR_PERCENT);
        refusals.push(finding::StemOffBone { inside_percent, limit_percent }.finding());
    }
    refusals
}

/// Part of the stem's axis, as far down as the scan shows the femur, that lies within the bone's outer surface.
fn axis_in_femur(assembly: &Assembly, hip: &RightHip) -> f64 {
    let to_stem = assembly.pose.stem_frame.inverse();
    let lowest = hip.femur.vertices.iter().map(|&v| to_stem.apply(v).y()).fold(f64::INFINITY, f64::min);
    let tip = (-assembly.components.size.length_mm).max(lowest + AXIS_STEP_MM);
    // A femur that cannot be asked, or one that ends above the stem, holds no part of it.
    let (Some(femur), true) = (&hip.femur_query, tip < 0.0) else { return 0.0 };
    let steps = (-tip / AXIS_STEP_MM) as usize;
    let on_axis = |i: usize| Point::<Stem>::origin() - Vector::new(0.0, i as f64 * AXIS_STEP_MM, 0.0);
    let inside = (0..=steps).filter(|&i| femur.contains(assembly.pose.stem_frame.apply(on_axis(i)))).count();
    inside as f64 / (steps + 1) as f64
}

/// Findings of a plan.
pub(crate) fn judge(assembly: &Assembly, hip: &RightHip, numbers: &Numbers) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for judged in JUDGED {
        let Some(measured) = numbers.get(judged.quantity) else { continue };
        let Some(limit) = judged.quantity.limit(judged.severity) else { continue };
        let value = measured.value;
        if is_beyond_knowledge(limit, measured) {
            findings.extend(judged.not_judged(limit, measured));
            continue;
        }
        let Some(bound) = limit.crossed_by(value) else { continue };
        let beyond = (judged.beyond)(value, bound);
        // A note says nothing that a caution about the same has not said.
        if !findings.iter().any(|f| f.code == beyond.code && f.value == Some(value)) {
            findings.push(beyond);
        }
    }
    for (wall, place) in [
        (Quantity::MedialWall, "medial to"),
        (Quantity::AnteriorWall, "in front of"),
        (Quantity::PosteriorWall, "behind"),
    ] {
        if numbers.get(wall).is_none() {
            findings.push(finding::WallNotMeasurable { place }.finding());
        }
    }
    lewinnek(numbers, &mut findings);
    unseen(assembly, hip, numbers, &mut findings);
    components(assembly, &mut findings);
    if !numbers.screws.is_empty() {
        let corridors =
            screws::corridors(hip, &assembly.seat(), &assembly.pose.cup_frame, &assembly.components.screw);
        findings.extend(screws::findings(&numbers.screws, &corridors));
    }
    findings
}

fn lewinnek(numbers: &Numbers, findings: &mut Vec<Finding>) {
    let Some(angles) = numbers.cup_in_app else {
        findings.push(finding::AnteriorPelvicPlaneMissing {}.finding());
        return;
    };
    let mut is_unsure = false;
    let outside: [fn(f64, f64) -> Finding; 2] = [
        |value, limit| finding::CupInclinationOutsideLewinnek { value, limit }.finding(),
        |value, limit| finding::CupAnteversionOutsideLewinnek { value, limit }.finding(),
    ];
    let zone = [
        (Quantity::CupInclinationRadiographicApp, angles.inclination),
        (Quantity::CupAnteversionRadiographicApp, angles.anteversion),
    ];
    for ((quantity, angle), outside) in zone.into_iter().zip(outside) {
        let Some(limit) = quantity.limit(Note) else { continue };
        let value = angle.degrees();
        // As other numbers: one that is too unsure for its range is faulted only where it is surely outside.
        let spread = numbers.get(quantity).map_or(0.0, |m| m.spread);
        if spread > largest_spread(limit)
            && value + 2.0 * spread > limit.least
            && value - 2.0 * spread < limit.most
        {
            is_unsure = true;
            continue;
        }
        if let Some(bound) = limit.crossed_by(value) {
            findings.push(outside(value, bound));
        }
    }
    if is_unsure {
        findings.push(finding::LewinnekNotJudged {}.finding());
    }
}

/// A shaft axis from less than this is a guess.
const SHORT_SHAFT_MM: f64 = 60.0;
/// Part of the stem that must lie in seen canal for its size to be taken as known.
const TIP_CLEARANCE_MM: f64 = 10.0;

/// What the scan did not show, and what that does to the plan.
fn unseen(assembly: &Assembly, hip: &RightHip, numbers: &Numbers, findings: &mut Vec<Finding>) {
    let side = hip.side;
    if !hip.shaft_seen {
        findings.push(match &hip.completed {
            Some(c) => {
                let (obtained_by, axis_deg) = (c.obtained_by.to_string(), hip.shaft.spread_deg);
                let version_deg = c.version_spread_deg;
                finding::FemurCutOffCompleted { side, obtained_by, axis_deg, version_deg }.finding()
            }
            None => finding::FemurCutOff { side }.finding(),
        });
    }
    if hip.canal.is_empty() {
        findings.push(finding::StemSizeUnknown {}.finding());
    } else if assembly.fit.sections == 0 {
        findings.push(finding::CanalNotCompared { side }.finding());
    }
    if hip.axes.of_table {
        findings.push(finding::FunctionalPlaneMissing {}.finding());
    }
    if hip.condyles.is_none() {
        findings.push(match &hip.completed {
            Some(c) => {
                let (version_deg, obtained_by) = (c.version_spread_deg, c.obtained_by.to_string());
                finding::CondylesCompleted { side, version_deg, obtained_by }.finding()
            }
            None => finding::CondylesNotSeen { side }.finding(),
        });
    }
    if hip.lesser_trochanter.is_none() {
        findings.push(finding::LesserTrochanterNotSeen { side }.finding());
    }
    if !numbers.other_side_measured {
        findings.push(finding::OtherSideNotMeasurable {}.finding());
    }
    if assembly.reference == VersionReference::Table {
        findings.push(finding::VersionAgainstTable {}.finding());
    }
    let unseen_mm = assembly.fit.lowest_mm + assembly.components.size.length_mm;
    if assembly.fit.sections > 0 && unseen_mm > TIP_CLEARANCE_MM {
        findings.push(finding::CanalNotSeenBelow { side, unseen_mm, limit_mm: TIP_CLEARANCE_MM }.finding());
    }
    if hip.shaft_seen && hip.shaft.seen_mm < SHORT_SHAFT_MM {
        let (seen_mm, limit_mm) = (hip.shaft.seen_mm, SHORT_SHAFT_MM);
        findings.push(finding::ShaftAxisUncertain { side, seen_mm, limit_mm }.finding());
    }
}

fn components(assembly: &Assembly, findings: &mut Vec<Finding>) {
    if assembly
        .components
        .head
        .skirt(assembly.components.head_offset_mm, &assembly.components.taper)
        .is_some()
    {
        findings.push(finding::SkirtedHead {}.finding());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::criteria::Criteria;

    #[test]
    fn every_judged_number_has_the_limit_that_it_is_judged_by() {
        for judged in JUDGED {
            assert!(judged.quantity.limit(judged.severity).is_some(), "{}", judged.quantity);
            let beyond = (judged.beyond)(0.0, 0.0);
            assert_eq!((beyond.severity, beyond.unit), (judged.severity, Some(judged.quantity.unit())));
            assert!(!beyond.source.is_empty(), "{}", judged.quantity);
        }
        let judged = |severity| JUDGED.iter().filter(|judged| judged.severity == severity).count();
        assert_eq!([Caution, Note].map(judged), [22, 6]);
    }

    #[test]
    fn the_optimiser_has_the_limits_that_findings_have() {
        let criteria = Criteria::preset("patient_specific").unwrap();
        let mut compared = 0;
        for (quantity, limit) in JUDGED
            .iter()
            .filter(|judged| judged.severity == Caution)
            .map(|judged| (judged.quantity, judged.quantity.limit(judged.severity).unwrap()))
        {
            let Some(criterion) = criteria.get(quantity) else { continue };
            // What a criterion leaves open a finding may bound, not the other way round and not elsewhere.
            for (own, finding) in [(criterion.least, limit.least), (criterion.most, limit.most)] {
                assert!(
                    own.is_none() || finding.is_infinite() || own == Some(finding),
                    "{quantity}: {own:?}, {finding}"
                );
            }
            assert_eq!(criterion.unit, quantity.unit());
            compared += 1;
        }
        assert!(compared >= 14, "{compared}");
    }
}
