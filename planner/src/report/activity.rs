//! Activities as the page shows them: the clearance that each leaves in its course.

use super::map_plot::hex;
use super::numbers::{number, whole_degrees};
use super::words::capitalised;
use crate::pictures::pair_colour;
use crate::simulate::{ActivityResult, TimeStep};
use coxa_geometry::Unit;
use coxa_locale::Language;
use serde::Serialize;
use std::fmt::Write;

/// Size of a course in its own units, and what of the clearance it shows.
const WIDE: f64 = 180.0;
const HIGH: f64 = 26.0;
const MOST_MM: f64 = 12.0;
const LEAST_MM: f64 = -4.0;

/// One activity with its course.
#[derive(Debug, Serialize)]
pub(super) struct ActivityRow {
    number: usize,
    title: String,
    posture: &'static str,
    /// Greatest flexion of the joint.
    most: String,
    is_free: bool,
    /// Part of the activity in contact.
    contact: String,
    /// Least clearance and what is nearest.
    clearance: String,
    nearest: String,
    /// Least angle from the joint force to the rim.
    edge: String,
    /// Clearance over the course.
    svg: String,
    /// How many of the numbers come from sources, of all.
    evidence: [usize; 2],
    source: String,
}

impl ActivityRow {
    pub(super) fn new((number_of, activity): (usize, &ActivityResult), language: Language) -> Self {
        let flexions = activity.time_steps.iter().map(|m| m.angles.flexion);
        let most = flexions.reduce(|a, b| if b > a { b } else { a });
        let evidence = activity.evidence;
        let known = evidence.found + evidence.derived;
        let closest = activity.closest;
        ActivityRow {
            number: number_of,
            title: language.word(&activity.title).into_owned(),
            posture: activity.posture.name(),
            most: most.map(|most| whole_degrees(language, most)).unwrap_or_default(),
            is_free: activity.is_free(),
            contact: match activity.is_free() {
                true => language.text("report-free"),
                false => number(language, activity.contact_fraction, Unit::Ratio),
            },
            clearance: closest
                .map(|c| number(language, c.clearance_mm, Unit::Millimetre))
                .unwrap_or_default(),
            nearest: closest.map(|c| capitalised(&language.word(&c.pair.to_string()))).unwrap_or_default(),
            edge: activity.nearest_edge.map(|e| whole_degrees(language, e.to_rim_deg)).unwrap_or_default(),
            svg: course(&activity.time_steps),
            evidence: [known, known + evidence.unverified],
            source: super::words::source(&activity.source),
        }
    }
}

/// Clearance over the course of an activity, coloured where it is used up.
fn course(steps: &[TimeStep]) -> String {
    let y = |mm: f64| HIGH * (MOST_MM - mm.clamp(LEAST_MM, MOST_MM)) / (MOST_MM - LEAST_MM);
    let zero = y(0.0);
    let mut out = format!("<svg viewBox=\"0 0 {WIDE} {HIGH}\" aria-hidden=\"true\">");
    // Each step stands for half the way to its neighbours.
    let bound = |i: usize| match (i.checked_sub(1).and_then(|b| steps.get(b)), steps.get(i)) {
        (Some(before), Some(after)) => WIDE * (before.fraction + after.fraction) / 2.0,
        (None, _) => 0.0,
        (_, None) => WIDE,
    };
    for (i, step) in steps.iter().enumerate() {
        if let Some(pair) = step.contact {
            let (from, to) = (bound(i), bound(i + 1));
            let colour = hex(pair_colour(pair));
            // Writing to a string cannot fail.
            let _ = write!(
                out,
                "<path shape-rendering=\"crispEdges\" fill=\"{colour}\" d=\"M{from:.1} 0H{to:.1}V{HIGH}H{from:.1}z\"/>"
            );
        }
    }
    let _ = write!(out, "<path class=\"zero\" d=\"M0 {zero:.1}H{WIDE}\"/><polyline points=\"");
    for step in steps {
        if let Some(mm) = step.clearance_mm {
            let _ = write!(out, "{:.1} {:.1} ", WIDE * step.fraction, y(mm));
        }
    }
    out.push_str("\"/></svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::ContactPair;
    use coxa_geometry::Angle;
    use coxa_geometry::joint::HipAngles;

    fn step(fraction: f64, clearance_mm: f64) -> TimeStep {
        TimeStep {
            fraction,
            angles: HipAngles::default(),
            pelvic_tilt_deg: Angle::ZERO,
            contact: (clearance_mm <= 0.0).then_some(ContactPair::FemurOnPelvis),
            clearance_mm: Some(clearance_mm),
            to_rim_deg: None,
        }
    }

    #[test]
    fn a_course_is_coloured_where_it_is_in_contact_and_never_leaves_its_frame() {
        let svg = course(&[step(0.0, 50.0), step(0.5, -50.0), step(1.0, 3.0)]);
        let colour = hex(pair_colour(ContactPair::FemurOnPelvis));
        assert!(svg.contains(&format!("fill=\"{colour}\" d=\"M45.0 0H135.0V26H45.0z\"")), "{svg}");
        assert!(svg.contains("points=\"0.0 0.0 90.0 26.0 180.0 14.6 \""), "{svg}");
        assert!(!course(&[step(0.0, 1.0), step(1.0, 1.0)]).contains("fill="));
        assert!(course(&[]).starts_with("<svg"));
    }
}
