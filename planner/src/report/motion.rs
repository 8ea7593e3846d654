//! Range of motion as the page shows it: limits with their cause, margin and place.

use super::activity::ActivityRow;
use super::after_contact::AfterSection;
use super::map_plot::{self, Slice};
use super::words::{capitalised, motion, number, signed, whole_degrees};
use crate::planned::MotionSpread;
use crate::simulate::{ContactPair, MotionGroup, MotionLimit, RangeMap, Simulated, Simulation, Verdict};
use coxa_geometry::quantity::SOFT_TISSUE_MOST_DEG;
use coxa_geometry::{Angle, Unit};
use serde::Serialize;

/// Required motion of ordinary activities reaches at most this; the bars of the table are drawn to it.
const BAR_DEG: f64 = 160.0;

/// The part of the page on range of motion.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    groups: Vec<(&'static str, Vec<LimitRow>)>,
    /// What the spreads of the limits rest on.
    spread: String,
    oscillation: String,
    jumping: String,
    /// `supine`, or the posture with its tilt.
    posture: String,
    cup: String,
    activities: Vec<ActivityRow>,
    after: Option<AfterSection>,
    map: Option<Map>,
}

impl Section {
    pub(super) fn new(simulated: &Simulated) -> Self {
        let simulation = &simulated.results;
        let mut groups: Vec<(&'static str, Vec<LimitRow>)> = Vec::new();
        for limit in &simulation.limits {
            let heading = match limit.group {
                MotionGroup::Examination => "Examination",
                MotionGroup::PosteriorDislocation => "Posterior dislocation positions",
                MotionGroup::AnteriorDislocation => "Anterior dislocation positions",
            };
            match groups.last_mut() {
                Some((last, rows)) if *last == heading => rows.push(LimitRow::new(limit)),
                _ => groups.push((heading, vec![LimitRow::new(limit)])),
            }
        }
        Section {
            groups,
            spread: ingredients(&simulation.spread),
            oscillation: whole_degrees(simulation.oscillation_deg),
            jumping: number(simulation.jumping_distance_mm, Unit::Millimetre),
            posture: simulation.posture_in_words(),
            activities: (1..).zip(&simulation.activities).map(ActivityRow::new).collect(),
            after: AfterSection::new(&simulation.after_contact),
            map: simulated.map.as_ref().map(|map| Map::new(map, simulation)),
            cup: format!(
                "{} / {}",
                whole_degrees(simulation.cup.inclination),
                whole_degrees(simulation.cup.anteversion)
            ),
        }
    }
}

/// How sure that is from which motion is computed, in a line.
fn ingredients(spread: &MotionSpread) -> String {
    let degrees = |angle: Angle| format!("\u{b1} {}", number(angle.degrees(), Unit::Degree));
    format!(
        "pelvis {}, femur {} in rotation and {} in flexion and adduction, bone surfaces \u{b1} {}",
        degrees(spread.pelvis_deg),
        degrees(spread.femur_rotation_deg),
        degrees(spread.femur_lean_deg),
        number(spread.bone_surface_mm, Unit::Millimetre)
    )
}

/// One motion with its bar: percentages of the bar's length.
#[derive(Debug, Serialize)]
struct LimitRow {
    name: String,
    limit: String,
    /// One standard deviation of the limit.
    spread: String,
    /// Whether soft tissue usually ends the motion earlier, whatever the implants allow.
    is_beyond_hips: bool,
    /// What the neck alone, and what surfaces alone, allow.
    neck: String,
    bone: String,
    cause: String,
    required: String,
    /// What is left over the required motion, with its sign.
    margin: String,
    /// What that says of the plan, where it is not simply met.
    verdict: &'static str,
    is_short: bool,
    bar: f64,
    mark: Option<f64>,
}

/// How far a motion goes, in words: what soft tissue ends earlier only as further than that.
pub fn limit_in_words(limit: &MotionLimit) -> String {
    match beyond_hips_deg(limit) {
        _ if limit.is_blocked() => "blocked".into(),
        Some(most) => format!("> {most:.0}\u{b0}"),
        None => degrees(limit.limit_deg),
    }
}

/// What no hip does in a motion, where bone and implants go further.
fn beyond_hips_deg(limit: &MotionLimit) -> Option<f64> {
    let (_, most) = SOFT_TISSUE_MOST_DEG.iter().find(|(name, _)| *name == limit.motion.name)?;
    limit.limit_deg.is_none_or(|turn| turn.degrees() > *most).then_some(*most)
}

fn degrees(angle: Option<Angle>) -> String {
    angle.map_or("no contact".into(), whole_degrees)
}

impl LimitRow {
    fn new(limit: &MotionLimit) -> Self {
        let reached = |pair| limit.of_pair(pair);
        let bone = [ContactPair::FemurOnPelvis, ContactPair::StemOnPelvis, ContactPair::FemurOnCup]
            .into_iter()
            .filter_map(reached)
            .reduce(|a, b| if b < a { b } else { a });
        let length = |angle: Angle| (angle.degrees() / BAR_DEG * 100.0).clamp(0.0, 100.0);
        let beyond = beyond_hips_deg(limit);
        LimitRow {
            name: motion(&limit.motion.name),
            limit: limit_in_words(limit),
            spread: match (beyond, limit.limit_deg) {
                (Some(_), Some(turn)) => format!("bone and implants {}", whole_degrees(turn)),
                (Some(_), None) => "bone and implants free".into(),
                (None, _) => limit
                    .spread_deg
                    .map(|spread| format!("\u{b1} {}", number(spread.degrees().max(0.1), Unit::Degree)))
                    .unwrap_or_default(),
            },
            is_beyond_hips: beyond.is_some(),
            neck: degrees(reached(ContactPair::NeckOnLiner)),
            bone: degrees(bone),
            cause: match limit.cause {
                Some(_) if limit.is_bare_stem => "Stem, bare as the femur is not in the scan".into(),
                Some(cause) => capitalised(&cause.to_string()),
                None => String::new(),
            },
            required: limit.required_deg.map(whole_degrees).unwrap_or_default(),
            margin: limit.margin_deg.map(|m| signed(m.degrees(), Unit::Degree)).unwrap_or_default(),
            verdict: match limit.verdict {
                Some(verdict) if verdict != Verdict::Met => verdict.words(),
                _ => "",
            },
            is_short: limit.is_short() || limit.is_blocked(),
            bar: limit.limit_deg.map_or(100.0, length),
            mark: limit.required_deg.map(length),
        }
    }
}

/// The map of all positions.
#[derive(Debug, Serialize)]
struct Map {
    free: String,
    reachable: String,
    legend: Vec<(String, String)>,
    /// What the letters of the diamonds stand for.
    required: String,
    slices: Vec<Slice>,
}

impl Map {
    fn new(map: &RangeMap, simulation: &Simulation) -> Self {
        let summary = map.summary();
        Map {
            free: number(summary.free_fraction, Unit::Ratio),
            reachable: number(summary.reachable_fraction, Unit::Ratio),
            legend: map_plot::legend(map),
            required: map_plot::required(simulation),
            slices: map_plot::slices(map, simulation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::PairLimit;
    use coxa_rom::Motion;

    fn limit(reached: Option<f64>, required: Option<f64>, verdict: Option<Verdict>) -> MotionLimit {
        let angle = |degrees: Option<f64>| degrees.map(Angle::from_degrees);
        let neck = PairLimit {
            pair: ContactPair::NeckOnLiner,
            limit_deg: angle(reached),
            spread_deg: angle(reached.map(|_| 2.0)),
        };
        MotionLimit {
            motion: Motion::table().swap_remove(6),
            group: MotionGroup::PosteriorDislocation,
            limit_deg: angle(reached),
            cause: reached.map(|_| ContactPair::NeckOnLiner),
            place_mm: None,
            spread_deg: neck.spread_deg,
            is_bare_stem: false,
            pairs: vec![neck],
            required_deg: angle(required),
            required_source: None,
            margin_deg: angle(reached.zip(required).map(|(a, b)| a - b)),
            verdict,
        }
    }

    #[test]
    fn a_motion_that_stops_short_says_by_how_much() {
        let row = |reached, required, verdict| LimitRow::new(&limit(reached, required, verdict));
        let short = row(Some(26.5), Some(30.0), Some(Verdict::Short));
        assert_eq!((short.margin.as_str(), short.is_short), ("\u{2212}3.5\u{b0}", true));
        assert_eq!((short.spread.as_str(), short.verdict), ("\u{b1} 2.0\u{b0}", "short"));
        assert_eq!((short.bone.as_str(), short.cause.as_str()), ("no contact", "Neck-liner"));
        assert!(short.mark.unwrap() > short.bar);
        let near = row(Some(29.0), Some(30.0), Some(Verdict::Undecided));
        assert_eq!(
            (near.margin.as_str(), near.verdict, near.is_short),
            ("\u{2212}1.0\u{b0}", "undecided", false)
        );
        let enough = row(Some(41.0), Some(30.0), Some(Verdict::Met));
        assert_eq!((enough.margin.as_str(), enough.verdict, enough.is_short), ("+11.0\u{b0}", "", false));
        assert_eq!(row(Some(31.0), None, None).required, "");
        let none = row(None, Some(30.0), Some(Verdict::Met));
        assert_eq!((none.limit.as_str(), none.spread.as_str(), none.bar), ("no contact", "", 100.0));
        assert!(row(Some(500.0), None, None).bar <= 100.0);
        let blocked = row(Some(-6.1), None, None);
        assert_eq!((blocked.limit.as_str(), blocked.is_short, blocked.bar), ("blocked", true, 0.0));
    }

    #[test]
    fn a_motion_that_soft_tissue_ends_earlier_is_not_printed_as_one() {
        let row = |name: &str, reached| {
            let motion = Motion::table().into_iter().find(|m| m.name == name).unwrap();
            LimitRow::new(&MotionLimit { motion, ..limit(reached, None, None) })
        };
        let extension = row("extension", Some(77.0));
        assert_eq!((extension.limit.as_str(), extension.is_beyond_hips), ("> 35\u{b0}", true));
        assert_eq!(extension.spread, "bone and implants 77\u{b0}");
        assert!(row("external_rotation", None).is_beyond_hips);
        assert!(
            !row("internal_rotation", Some(40.0)).is_beyond_hips
                && !row("flexion", Some(116.0)).is_beyond_hips
        );
    }
}
