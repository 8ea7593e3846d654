//! Range of motion as the page shows it: limits with their cause, margin and place.

use super::activity::ActivityRow;
use super::after_contact::AfterSection;
use super::map_plot::{self, Slice};
use super::numbers::{number, plus_minus, signed, whole_degrees};
use super::speech::say;
use super::words::{capitalised, motion_in};
use crate::planned::MotionSpread;
use crate::simulate::{ContactPair, MotionGroup, MotionLimit, RangeMap, Simulated, Simulation, Verdict};
use coxa_geometry::quantity::SOFT_TISSUE_MOST_DEG;
use coxa_geometry::{Angle, Unit};
use coxa_locale::Language;
use serde::Serialize;

/// Required motion of ordinary activities reaches at most this; the bars of the table are drawn to it.
const BAR_DEG: f64 = 160.0;

/// The part of the page on range of motion.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    groups: Vec<(String, Vec<LimitRow>)>,
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
    pub(super) fn new(simulated: &Simulated, language: Language) -> Self {
        let simulation = &simulated.results;
        let mut groups: Vec<(String, Vec<LimitRow>)> = Vec::new();
        for limit in &simulation.limits {
            let heading = language.text(match limit.group {
                MotionGroup::Examination => "report-examination",
                MotionGroup::PosteriorDislocation => "report-posterior-dislocation",
                MotionGroup::AnteriorDislocation => "report-anterior-dislocation",
            });
            let row = LimitRow::new(limit, language);
            match groups.last_mut() {
                Some((last, rows)) if *last == heading => rows.push(row),
                _ => groups.push((heading, vec![row])),
            }
        }
        Section {
            groups,
            spread: ingredients(&simulation.spread, language),
            oscillation: whole_degrees(language, simulation.oscillation_deg),
            jumping: number(language, simulation.jumping_distance_mm, Unit::Millimetre),
            posture: posture(simulation, language),
            activities: (1..)
                .zip(&simulation.activities)
                .map(|one| ActivityRow::new(one, language))
                .collect(),
            after: AfterSection::new(&simulation.after_contact, language),
            map: simulated.map.as_ref().map(|map| Map::new(map, simulation, language)),
            cup: say(
                language,
                "report-two-angles",
                [
                    ("inclination", whole_degrees(language, simulation.cup.inclination).into()),
                    ("anteversion", whole_degrees(language, simulation.cup.anteversion).into()),
                ],
            ),
        }
    }
}

/// `standing, tilted 5.5° backwards from supine`.
fn posture(simulation: &Simulation, language: Language) -> String {
    let posture = language.word(simulation.posture.name()).into_owned();
    let tilt = simulation.pelvic_tilt_deg;
    // What is shown as nothing is not said.
    if tilt.abs().degrees() < 0.05 {
        return posture;
    }
    let id = if tilt > Angle::ZERO { "report-tilted-backwards" } else { "report-tilted-forwards" };
    let tilt = number(language, tilt.abs().degrees(), Unit::Degree);
    say(language, id, [("posture", posture.into()), ("tilt", tilt.into())])
}

/// How sure that is from which motion is computed, in a line.
fn ingredients(spread: &MotionSpread, language: Language) -> String {
    let degrees = |angle: Angle| plus_minus(language, angle.degrees(), Unit::Degree).into();
    let of = [
        ("pelvis", degrees(spread.pelvis_deg)),
        ("rotation", degrees(spread.femur_rotation_deg)),
        ("lean", degrees(spread.femur_lean_deg)),
        ("surface", plus_minus(language, spread.bone_surface_mm, Unit::Millimetre).into()),
    ];
    say(language, "report-motion-spread", of)
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
    verdict: String,
    is_short: bool,
    bar: f64,
    mark: Option<f64>,
}

/// How far a motion goes, in English: what soft tissue ends earlier only as further than that.
pub fn limit_in_words(limit: &MotionLimit) -> String {
    limit_in(limit, Language::English)
}

fn limit_in(limit: &MotionLimit, language: Language) -> String {
    match beyond_hips_deg(limit) {
        _ if limit.is_blocked() => language.text("report-blocked"),
        Some(most) => {
            let most = whole_degrees(language, Angle::from_degrees(most));
            say(language, "report-more-than", [("value", most.into())])
        }
        None => degrees(limit.limit_deg, language),
    }
}

/// What no hip does in a motion, where bone and implants go further.
fn beyond_hips_deg(limit: &MotionLimit) -> Option<f64> {
    let (_, most) = SOFT_TISSUE_MOST_DEG.iter().find(|(name, _)| *name == limit.motion.name)?;
    limit.limit_deg.is_none_or(|turn| turn.degrees() > *most).then_some(*most)
}

fn degrees(angle: Option<Angle>, language: Language) -> String {
    angle.map_or_else(|| language.text("report-no-contact"), |angle| whole_degrees(language, angle))
}

impl LimitRow {
    fn new(limit: &MotionLimit, language: Language) -> Self {
        let reached = |pair| limit.of_pair(pair);
        let bone = [ContactPair::FemurOnPelvis, ContactPair::StemOnPelvis, ContactPair::FemurOnCup]
            .into_iter()
            .filter_map(reached)
            .reduce(|a, b| if b < a { b } else { a });
        let length = |angle: Angle| (angle.degrees() / BAR_DEG * 100.0).clamp(0.0, 100.0);
        let beyond = beyond_hips_deg(limit);
        let whole = |angle| whole_degrees(language, angle);
        let sure = |spread: Angle| plus_minus(language, spread.degrees().max(0.1), Unit::Degree);
        let margin = |margin: Angle| signed(language, margin.degrees(), Unit::Degree);
        LimitRow {
            name: motion_in(language, &limit.motion.name),
            limit: limit_in(limit, language),
            spread: match (beyond, limit.limit_deg) {
                (Some(_), Some(turn)) => {
                    say(language, "report-bone-and-implants", [("angle", whole(turn).into())])
                }
                (Some(_), None) => language.text("report-bone-and-implants-free"),
                (None, _) => limit.spread_deg.map(sure).unwrap_or_default(),
            },
            is_beyond_hips: beyond.is_some(),
            neck: degrees(reached(ContactPair::NeckOnLiner), language),
            bone: degrees(bone, language),
            cause: match limit.cause {
                Some(_) if limit.is_bare_stem => language.text("report-bare-stem"),
                Some(cause) => capitalised(&language.word(&cause.to_string())),
                None => String::new(),
            },
            required: limit.required_deg.map(whole).unwrap_or_default(),
            margin: limit.margin_deg.map(margin).unwrap_or_default(),
            verdict: match limit.verdict {
                Some(Verdict::Short) => language.text("report-short"),
                Some(Verdict::Undecided) => language.text("report-undecided"),
                Some(Verdict::NotJudged) => language.text("report-not-judged"),
                Some(Verdict::Met) | None => String::new(),
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
    fn new(map: &RangeMap, simulation: &Simulation, language: Language) -> Self {
        let summary = map.summary();
        Map {
            free: number(language, summary.free_fraction, Unit::Ratio),
            reachable: number(language, summary.reachable_fraction, Unit::Ratio),
            legend: map_plot::legend(map, language),
            required: map_plot::required(simulation, language),
            slices: map_plot::slices(map, simulation, language),
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
        let row =
            |reached, required, verdict| LimitRow::new(&limit(reached, required, verdict), Language::English);
        let short = row(Some(26.5), Some(30.0), Some(Verdict::Short));
        assert_eq!((short.margin.as_str(), short.is_short), ("\u{2212}3.5\u{b0}", true));
        assert_eq!((short.spread.as_str(), short.verdict.as_str()), ("\u{b1} 2.0\u{b0}", "short"));
        assert_eq!((short.bone.as_str(), short.cause.as_str()), ("no contact", "Neck-liner"));
        assert!(short.mark.unwrap() > short.bar);
        let near = row(Some(29.0), Some(30.0), Some(Verdict::Undecided));
        assert_eq!(
            (near.margin.as_str(), near.verdict.as_str(), near.is_short),
            ("\u{2212}1.0\u{b0}", "undecided", false)
        );
        let enough = row(Some(41.0), Some(30.0), Some(Verdict::Met));
        assert_eq!(
            (enough.margin.as_str(), enough.verdict.as_str(), enough.is_short),
            ("+11.0\u{b0}", "", false)
        );
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
            LimitRow::new(&MotionLimit { motion, ..limit(reached, None, None) }, Language::English)
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
