//! What the surgeon must know about a plan: numbers beyond their limits, and what the scan did not show.

use super::geometry::Assembly;
use super::hip::RightHip;
use super::results::Numbers;
use super::screws;
use crate::placed::VersionReference;
use coxa_geometry::Severity::{Caution, Note, Refusal};
use coxa_geometry::frame::Stem;
use coxa_geometry::quantity::Limit;
use coxa_geometry::{Finding, Measured, Point, Quantity, Severity, Unit, Vector};

/// What is said where a number lies outside one of its limits.
struct Judged {
    quantity: Quantity,
    /// Which of its limits.
    severity: Severity,
    code: &'static str,
    about: &'static str,
    message: &'static str,
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
    fn not_judged(&self, limit: &Limit, measured: &Measured) -> Finding {
        let name = self.quantity.name();
        let text = format!(
            "The {} is known too poorly from this scan to be held against its range of {} to {} {}: it is neither confirmed nor faulted.",
            name.replace('_', " "),
            limit.least,
            limit.most,
            match measured.unit {
                Unit::Degree => "degrees".to_owned(),
                unit => unit.to_string(),
            }
        );
        Finding::new(Note, &format!("{name}_not_judged"), self.about, text).with_limit(
            measured.spread,
            largest_spread(limit),
            measured.unit,
            "largest spread for this range, two fifths of its width: with more, the middle of the range is outside in one of five cases",
        )
    }
}

#[rustfmt::skip]
const JUDGED: &[Judged] = &[
    Judged { quantity: Quantity::CupCoverage, severity: Caution, code: "cup_coverage_low", about: "cup", message: "Too little of the cup is in contact with bone: medialise it, change its size, or plan for augmentation." },
    Judged { quantity: Quantity::MedialWall, severity: Caution, code: "medial_wall_thin", about: "cup", message: "Little bone is left medial of the cup." },
    Judged { quantity: Quantity::AnteriorWall, severity: Caution, code: "anterior_wall_thin", about: "cup", message: "Little bone is left in front of the cup." },
    Judged { quantity: Quantity::PosteriorWall, severity: Caution, code: "posterior_wall_thin", about: "cup", message: "Little bone is left behind the cup." },
    Judged { quantity: Quantity::VesselDistance, severity: Caution, code: "cup_near_vessel", about: "cup", message: "The shell comes near a labelled iliac vessel." },
    Judged { quantity: Quantity::CupCentreEdgeAngle, severity: Caution, code: "cup_uncovered_laterally", about: "cup", message: "The cup stands out of the acetabulum laterally." },
    Judged { quantity: Quantity::HipCentreShiftSuperior, severity: Caution, code: "hip_centre_high", about: "cup", message: "The planned hip centre is high." },
    Judged { quantity: Quantity::HipCentreShiftSuperior, severity: Note, code: "hip_centre_moved", about: "cup", message: "The planned hip centre differs in height from the native one." },
    Judged { quantity: Quantity::HipCentreShiftMedial, severity: Note, code: "hip_centre_moved", about: "cup", message: "The planned hip centre lies further medially or laterally than the native one." },
    Judged { quantity: Quantity::CombinedAnteversion, severity: Caution, code: "combined_anteversion", about: "plan", message: "Combined anteversion of cup and stem is outside the recommended range." },
    Judged { quantity: Quantity::LegLengthDifferencePlanned, severity: Caution, code: "leg_length_difference", about: "plan", message: "The legs will differ in length by an amount that patients notice." },
    Judged { quantity: Quantity::LegLengthDifferencePlanned, severity: Note, code: "leg_length_difference", about: "plan", message: "The legs will differ slightly in length." },
    Judged { quantity: Quantity::LegLengthChange, severity: Caution, code: "leg_length_change", about: "plan", message: "The leg is lengthened by more than the sciatic nerve may bear, or shortened." },
    Judged { quantity: Quantity::OffsetChange, severity: Caution, code: "offset_change", about: "plan", message: "Global offset changes much: the abductors lose tension, or the trochanter is strained." },
    Judged { quantity: Quantity::OffsetDifferencePlanned, severity: Caution, code: "offset_short", about: "plan", message: "Global offset will be shorter than on the other side: the abductors lose tension." },
    Judged { quantity: Quantity::OffsetDifferencePlanned, severity: Note, code: "offset_long", about: "plan", message: "Global offset will be greater than on the other side." },
    Judged { quantity: Quantity::FemurShiftAnterior, severity: Note, code: "femur_shifted", about: "plan", message: "The femur moves forwards or backwards in reduction." },
    Judged { quantity: Quantity::CanalFill, severity: Caution, code: "stem_undersized", about: "stem", message: "The stem fills little of the canal where it is seen." },
    Judged { quantity: Quantity::CorticalContact, severity: Caution, code: "stem_oversized", about: "stem", message: "The stem reaches into the cortex: choose a smaller size or ream." },
    Judged { quantity: Quantity::CortexLeft, severity: Caution, code: "cortex_thin", about: "stem", message: "Little cortex is left beside the stem." },
    Judged { quantity: Quantity::StemVarus, severity: Caution, code: "stem_malaligned", about: "stem", message: "The stem stands in varus or valgus." },
    Judged { quantity: Quantity::StemFlexion, severity: Caution, code: "stem_malaligned", about: "stem", message: "The stem is tilted forwards or backwards." },
    Judged { quantity: Quantity::StemVersion, severity: Caution, code: "stem_version", about: "stem", message: "The version of the stem is outside the usual range." },
    Judged { quantity: Quantity::ResectionLevel, severity: Note, code: "resection_level", about: "stem", message: "The neck is cut at an unusual level." },
];

/// Even a cup left in a high false socket lies nearer to the acetabulum than this.
const MOST_CUP_SHIFT_MM: f64 = 50.0;
/// Of the axis of a stem in the canal, at least this part lies in bone.
const LEAST_AXIS_IN_FEMUR_PERCENT: f64 = 50.0;
/// Distance of the points on the stem axis that are looked at.
const AXIS_STEP_MM: f64 = 2.0;

/// What makes a plan no plan: components that are not in their bones. Nothing that would be computed from it means anything.
pub(crate) fn misplaced(assembly: &Assembly, hip: &RightHip, numbers: &Numbers) -> Vec<Finding> {
    const SOURCE: &str = "limit of this program";
    let mut refusals = Vec::new();
    let coverage = numbers.value(Quantity::CupCoverage);
    if let Some(limit) = Quantity::CupCoverage.limit(Refusal)
        && let Some(least) = limit.crossed_by(coverage)
    {
        let text = "The shell does not rest on the hip bone: correct the centre of the cup (cup.centre_mm).";
        refusals.push(Finding::new(Refusal, "cup_off_bone", "cup", text).with_limit(
            coverage,
            least,
            Quantity::CupCoverage.unit(),
            limit.source,
        ));
    }
    let shift = assembly.pose.cup_centre.distance(hip.socket.centre_mm);
    if shift > MOST_CUP_SHIFT_MM {
        let text = "The centre of the cup (cup.centre_mm) lies far from the acetabulum: correct it.";
        refusals.push(Finding::new(Refusal, "cup_far_from_acetabulum", "cup", text).with_limit(
            shift,
            MOST_CUP_SHIFT_MM,
            Unit::Millimetre,
            SOURCE,
        ));
    }
    let inside = 100.0 * axis_in_femur(assembly, hip);
    if inside < LEAST_AXIS_IN_FEMUR_PERCENT {
        let text = "The stem does not lie in the femur: correct its place (stem.origin_mm) and direction (stem.axis).";
        refusals.push(Finding::new(Refusal, "stem_off_bone", "stem", text).with_limit(
            inside,
            LEAST_AXIS_IN_FEMUR_PERCENT,
            Unit::Percent,
            SOURCE,
        ));
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
            // That a mere note could not be made is not worth another.
            if judged.severity > Note {
                findings.push(judged.not_judged(limit, measured));
            }
            continue;
        }
        let Some(bound) = limit.crossed_by(value) else { continue };
        // A note says nothing that a caution about the same has not said.
        if !findings.iter().any(|f| f.code == judged.code && f.value == Some(value)) {
            findings.push(
                Finding::new(judged.severity, judged.code, judged.about, judged.message).with_limit(
                    value,
                    bound,
                    measured.unit,
                    limit.source,
                ),
            );
        }
    }
    for (wall, where_to) in [
        (Quantity::MedialWall, "medial of"),
        (Quantity::AnteriorWall, "in front of"),
        (Quantity::PosteriorWall, "behind"),
    ] {
        if numbers.value(wall).is_nan() {
            let text = format!(
                "No continuous bone was met {where_to} the cup: the wall there could not be measured and may be missing."
            );
            findings.push(Finding::new(Caution, "wall_not_measurable", "cup", text));
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
        let text =
            "The anterior pelvic plane is not known, so the cup could not be held against Lewinnek's zone.";
        findings.push(Finding::new(Note, "anterior_pelvic_plane_missing", "cup", text));
        return;
    };
    let mut is_unsure = false;
    for (quantity, angle, name) in [
        (Quantity::CupInclinationRadiographicApp, angles.inclination, "inclination"),
        (Quantity::CupAnteversionRadiographicApp, angles.anteversion, "anteversion"),
    ] {
        let Some(limit) = quantity.limit(Caution) else { continue };
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
            let text = format!("Cup {name} to the anterior pelvic plane is outside Lewinnek's zone.");
            findings.push(Finding::new(Caution, "outside_lewinnek_zone", "cup", text).with_limit(
                value,
                bound,
                quantity.unit(),
                limit.source,
            ));
        }
    }
    if is_unsure {
        let text = "The anterior pelvic plane is known too poorly from this scan to hold the cup against Lewinnek's zone.";
        findings.push(Finding::new(Note, "lewinnek_not_judged", "cup", text));
    }
}

/// A shaft axis from less than this is a guess.
const SHORT_SHAFT_MM: f64 = 60.0;
/// Part of the stem that must lie in seen canal for its size to be taken as known.
const TIP_CLEARANCE_MM: f64 = 10.0;

/// What the scan did not show, and what that does to the plan.
fn unseen(assembly: &Assembly, hip: &RightHip, numbers: &Numbers, findings: &mut Vec<Finding>) {
    let femur = format!("femur_{}", hip.side);
    let mut caution = |severity, code: &str, about: &str, text: &str| {
        findings.push(Finding::new(severity, code, about, text));
    };
    if !hip.shaft_seen {
        let text = match &hip.completed {
            Some(c) => format!(
                "The femur is cut off above its shaft. {}: its shaft axis is sure to {:.0}\u{b0} and its version to {:.0}\u{b0}, so stem position, alignment, offset and version are only a draft. Scan the femur to below the lesser trochanter for a plan.",
                c.obtained_by, hip.shaft.spread_deg, c.version_spread_deg
            ),
            None => "The femur is cut off above its shaft: the shaft axis is an estimate from what is left, so stem position, alignment, offset and version are only a draft. Scan the femur to below the lesser trochanter for a plan.".to_owned(),
        };
        caution(Caution, "femur_cut_off", &femur, &text);
    }
    if hip.canal.is_empty() {
        caution(
            Caution,
            "stem_size_unknown",
            "stem",
            "The medullary canal is not seen: the stem is of the middle size of its family and must be sized by other means.",
        );
    } else if assembly.fit.sections == 0 {
        caution(
            Caution,
            "canal_not_compared",
            &femur,
            "No part of the canal that is seen lies along the stem: its size is not checked.",
        );
    }
    if hip.table_axes {
        caution(
            Caution,
            "functional_plane_missing",
            "cup",
            "The pelvic landmarks for the functional plane were not found: cup angles refer to the axes of the scanner.",
        );
    }
    if hip.condyles.is_none() {
        let text = match &hip.completed {
            Some(c) => format!(
                "The femoral condyles are not in the scan: stem version follows the native neck, and its angle to the condyles is known to {:.0}\u{b0} only. {}.",
                c.version_spread_deg, c.obtained_by
            ),
            None => "The femoral condyles are not in the scan: stem version follows the native neck, and its angle to the condyles is not known.".to_owned(),
        };
        caution(Note, "condyles_not_seen", &femur, &text);
    }
    if hip.lesser_trochanter.is_none() {
        caution(
            Note,
            "lesser_trochanter_not_seen",
            &femur,
            "The lesser trochanter was not found: the resection level follows the neck.",
        );
    }
    if !numbers.other_side_measured {
        caution(
            Note,
            "other_side_not_measurable",
            "plan",
            "Leg length and offset could not be compared with the other side: the plan keeps to its own targets or the native values.",
        );
    }
    if assembly.reference == VersionReference::Table {
        caution(
            Note,
            "version_against_table",
            "stem",
            "The version of the stem refers to the scanner, so the rotation of the leg on the table enters fully.",
        );
    }
    let unseen_mm = assembly.fit.lowest_mm + assembly.components.size.length_mm;
    if assembly.fit.sections > 0 && unseen_mm > TIP_CLEARANCE_MM {
        findings.push(
            Finding::new(Caution, "canal_not_seen_below", &femur, "The femur ends in the scan before the stem does: the stem's size rests on the part that is seen, and the canal below may be narrower.")
                .with_limit(unseen_mm, TIP_CLEARANCE_MM, Unit::Millimetre, "length of stem below the last section seen"),
        );
    }
    if hip.shaft_seen && hip.shaft.seen_mm < SHORT_SHAFT_MM {
        findings.push(
            Finding::new(Caution, "shaft_axis_uncertain", &femur, "Only a short piece of shaft is in the scan: stem alignment, offset and version are less sure than usual.")
                .with_limit(hip.shaft.seen_mm, SHORT_SHAFT_MM, Unit::Millimetre, "length of shaft its axis was fitted to"),
        );
    }
}

fn components(assembly: &Assembly, findings: &mut Vec<Finding>) {
    if assembly
        .components
        .head
        .skirt(assembly.components.head_offset_mm, &assembly.components.taper)
        .is_some()
    {
        let text = "This head has a skirt, which takes range of motion.";
        findings.push(Finding::new(Note, "skirted_head", "head", text));
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
        }
        let judged = |severity| JUDGED.iter().filter(|judged| judged.severity == severity).count();
        assert_eq!([Caution, Note].map(judged), [18, 6]);
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
        assert_eq!(compared, 14);
    }
}
