//! Range of motion as the page shows it: limits with their cause, margin and place.

use super::activity::ActivityRow;
use super::after_contact::AfterSection;
use super::map_plot::{self, Slice};
use super::words::{capitalised, motion, number, signed, whole_degrees};
use crate::simulate::{ContactPair, MotionGroup, MotionLimit, RangeMap, Simulated, Simulation};
use coxa_geometry::{Angle, Unit};
use serde::Serialize;

/// Required motion of ordinary activities reaches at most this; the bars of the table are drawn to it.
const BAR_DEG: f64 = 160.0;

/// The part of the page on range of motion.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    groups: Vec<(&'static str, Vec<Row>)>,
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
        let is_cut = simulation.femur_cut_at_mm.is_some();
        let mut groups: Vec<(&'static str, Vec<Row>)> = Vec::new();
        for limit in &simulation.limits {
            let heading = match limit.group {
                MotionGroup::Examination => "Examination",
                MotionGroup::PosteriorDislocation => "Positions in which hips dislocate backwards",
                MotionGroup::AnteriorDislocation => "Positions in which hips dislocate forwards",
            };
            match groups.last_mut() {
                Some((last, rows)) if *last == heading => rows.push(Row::new(limit, is_cut)),
                _ => groups.push((heading, vec![Row::new(limit, is_cut)])),
            }
        }
        Section {
            groups,
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

/// One motion with its bar: percentages of the bar's length.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    limit: String,
    /// What the neck alone, and what surfaces alone, allow.
    neck: String,
    bone: String,
    cause: String,
    required: String,
    /// What is left over the required motion, with its sign.
    margin: String,
    is_short: bool,
    bar: f64,
    mark: Option<f64>,
}

impl Row {
    /// Where the femur `is_cut` off in the scan, a stem that meets something stands bare as it will not in the patient.
    fn new(limit: &MotionLimit, is_cut: bool) -> Self {
        let degrees = |a: Option<Angle>| a.map_or("no contact".into(), whole_degrees);
        let reached = |pair| limit.of_pair(pair);
        let bone = [ContactPair::FemurOnPelvis, ContactPair::StemOnPelvis, ContactPair::FemurOnCup]
            .into_iter()
            .filter_map(reached)
            .reduce(|a, b| if b < a { b } else { a });
        let length = |angle: Angle| (angle.degrees() / BAR_DEG * 100.0).clamp(0.0, 100.0);
        Row {
            name: motion(&limit.motion.name),
            limit: if limit.is_blocked() { "blocked".into() } else { degrees(limit.limit_deg) },
            neck: degrees(reached(ContactPair::NeckOnLiner)),
            bone: degrees(bone),
            cause: match limit.cause {
                Some(ContactPair::StemOnPelvis) if is_cut => {
                    "Stem, bare as the femur is not in the scan".into()
                }
                Some(cause) => capitalised(&cause.to_string()),
                None => String::new(),
            },
            required: limit.required_deg.map(whole_degrees).unwrap_or_default(),
            margin: limit.margin_deg.map(|m| signed(m.degrees(), Unit::Degree)).unwrap_or_default(),
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
    slices: Vec<Slice>,
}

impl Map {
    fn new(map: &RangeMap, simulation: &Simulation) -> Self {
        let summary = map.summary();
        Map {
            free: number(summary.free_share, Unit::Ratio),
            reachable: number(summary.reachable_share, Unit::Ratio),
            legend: map_plot::legend(map),
            slices: map_plot::slices(map, simulation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::PairLimit;
    use coxa_sim::rom::Motion;

    fn row(reached: Option<f64>, required: Option<f64>) -> Row {
        let angle = |degrees: Option<f64>| degrees.map(Angle::from_degrees);
        Row::new(
            &MotionLimit {
                motion: Motion::table().swap_remove(6),
                group: MotionGroup::PosteriorDislocation,
                limit_deg: angle(reached),
                cause: reached.map(|_| ContactPair::NeckOnLiner),
                place_mm: None,
                pairs: vec![PairLimit { pair: ContactPair::NeckOnLiner, limit_deg: angle(reached) }],
                required_deg: angle(required),
                required_source: None,
                margin_deg: angle(reached.zip(required).map(|(a, b)| a - b)),
            },
            false,
        )
    }

    #[test]
    fn a_motion_that_stops_short_says_by_how_much() {
        let short = row(Some(26.5), Some(30.0));
        assert_eq!((short.margin.as_str(), short.is_short), ("\u{2212}3.5\u{b0}", true));
        assert_eq!((short.bone.as_str(), short.cause.as_str()), ("no contact", "Neck on liner"));
        assert!(short.mark.unwrap() > short.bar);
        let enough = row(Some(31.0), Some(30.0));
        assert_eq!((enough.margin.as_str(), enough.is_short), ("+1.0\u{b0}", false));
        assert_eq!(row(Some(31.0), None).required, "");
        assert_eq!((row(None, Some(30.0)).limit.as_str(), row(None, None).bar), ("no contact", 100.0));
        assert!(row(Some(500.0), None).bar <= 100.0);
        let blocked = row(Some(-6.1), None);
        assert_eq!((blocked.limit.as_str(), blocked.is_short, blocked.bar), ("blocked", true, 0.0));
    }
}
