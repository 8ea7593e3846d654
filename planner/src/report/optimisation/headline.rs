//! The chance that a plan does what is asked of it, what decides it, and what was asked.

use super::super::comparison::Tile;
use super::super::words::number;
use super::names::{self, chance, points};
use crate::document;
use crate::optimise::{Assessment, Optimisation, SizeProbability};
use crate::plan::Plan;
use coxa_geometry::Unit;
use serde::Serialize;

/// A size less likely than this is not named.
const LEAST_SHARE: f64 = 0.005;

/// What the optimiser was asked, in words.
#[derive(Debug, Serialize)]
pub(super) struct OptimiserRequest {
    error_model: String,
    criteria: String,
    count: usize,
    samples: usize,
    tried: usize,
    is_stopped: bool,
    /// Posture, tilt with its spread, how it was obtained.
    postures: Vec<(&'static str, String, String)>,
}

impl OptimiserRequest {
    pub(super) fn new(found: &Optimisation) -> Self {
        let postures = &found.options.postures;
        let of = [
            ("standing", &postures.standing),
            ("sitting", &postures.sitting),
            ("seated and leaning forwards", &postures.flexed_seated),
        ];
        let tilt = |posture: &crate::optimise::postures::PelvicPosture| {
            let [tilt, spread] = [posture.tilt, posture.spread].map(|a| number(a.degrees(), Unit::Degree));
            format!("{tilt} \u{b1} {spread}")
        };
        OptimiserRequest {
            error_model: found.options.error_model.name.replace('_', " "),
            criteria: found.criteria.preset.replace('_', " "),
            count: found.recommended.assessment.judged(),
            samples: found.recommended.assessment.samples,
            tried: found.tried,
            is_stopped: found.is_stopped,
            postures: of.map(|(name, posture)| (name, tilt(posture), posture.how.clone())).to_vec(),
        }
    }
}

/// The first figures of the section.
pub(super) fn tiles(found: &Optimisation) -> Vec<Tile> {
    let (first, best) = (&found.first.assessment, &found.recommended.assessment);
    let mut tiles = vec![
        Tile { name: "Recommended plan", figure: share(best), detail: interval(best) },
        Tile { name: "Plan by rule", figure: share(first), detail: interval(first) },
        Tile {
            name: "Gain",
            figure: format!("{} points", points(best.success - first.success)),
            detail: "of 100, by the same samples".into(),
        },
    ];
    tiles.extend(found.baseline.as_ref().map(|baseline| Tile {
        name: "Knowing sex, height and weight alone",
        figure: share(&baseline.assessment),
        detail: format!(
            "gain over it {} points; {}",
            points(best.success - baseline.assessment.success),
            interval(&baseline.assessment)
        ),
    }));
    tiles.extend(best.binding.as_ref().map(|subject| Tile {
        name: "Limiting criterion",
        figure: names::criterion(subject),
        detail: match best.criterion(subject).map(|score| score.costs) {
            Some(costs) if costs > 0.0 => {
                format!("without this criterion {}", whole_share(best.success + costs))
            }
            _ => "the nearest to its limit".into(),
        },
    }));
    tiles.extend(sizes("Cup size", " mm", &found.cup_sizes));
    tiles.extend(sizes("Stem size", "", &found.stem_sizes));
    tiles
}

/// For the head of the page, where the plan of the case is the recommended one.
pub(in super::super) fn tile(found: &Optimisation, plan: &Plan) -> Option<Tile> {
    found.recommends(plan).then(|| Tile {
        name: "Chance that all criteria hold",
        figure: share(&found.recommended.assessment),
        detail: format!(
            "{}; {} by rule",
            interval(&found.recommended.assessment),
            share(&found.first.assessment)
        ),
    })
}

fn share(assessment: &Assessment) -> String {
    whole_share(assessment.success)
}

fn whole_share(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn interval(assessment: &Assessment) -> String {
    let [low, high] = assessment.success_interval.map(|share| 100.0 * share);
    format!("95 % interval {low:.1} to {high:.1} %")
}

fn sizes(name: &'static str, unit: &str, shares: &[SizeProbability]) -> Option<Tile> {
    let mut likely: Vec<&SizeProbability> = shares.iter().filter(|s| s.probability >= LEAST_SHARE).collect();
    likely.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let words = |share: &SizeProbability| format!("{}{unit}: {}", share.size, chance(share.probability));
    let (first, rest) = likely.split_first()?;
    let others: Vec<String> = rest.iter().map(|share| words(share)).collect();
    let detail = if others.is_empty() { "no other is to be expected".into() } else { others.join(", ") };
    Some(Tile { name, figure: words(first), detail })
}

/// In what the plan of the case differs from the recommended one; empty where it does not.
pub(super) fn edited(found: &Optimisation, plan: &Plan) -> String {
    if found.recommends(plan) {
        return String::new();
    }
    let best = &found.recommended.plan;
    // One part at a time put into the other plan: what makes it another document has been changed.
    let with = |change: fn(&mut Plan, &Plan)| {
        let mut mixed = best.clone();
        change(&mut mixed, plan);
        document::to_toml(&mixed) != document::to_toml(best)
    };
    let parts = [
        ("cup", with(|mixed, plan| mixed.cup = plan.cup.clone())),
        ("liner", with(|mixed, plan| mixed.liner = plan.liner.clone())),
        ("head", with(|mixed, plan| mixed.head = plan.head.clone())),
        ("stem", with(|mixed, plan| mixed.stem = plan.stem.clone())),
    ];
    let changed: Vec<&str> =
        parts.into_iter().filter(|(_, is_changed)| *is_changed).map(|(p, _)| p).collect();
    match changed.as_slice() {
        [] => "what placement aims at".into(),
        [one] => format!("the {one}"),
        [all @ .., last] => format!("the {} and the {last}", all.join(", the ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_figures_are_those_of_the_assessments() {
        let found = fixture::optimisation();
        let tiles = tiles(&found);
        let shown: Vec<(&str, &str)> = tiles.iter().map(|t| (t.name, t.figure.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("Recommended plan", "71.0 %"),
                ("Plan by rule", "42.5 %"),
                ("Gain", "+28.5 points"),
                ("Limiting criterion", "Extension"),
                ("Cup size", "52 mm: 71 %"),
                ("Stem size", "5: 96 %"),
            ]
        );
        assert_eq!(tiles[0].detail, "95 % interval 64.4 to 76.8 %");
        assert_eq!(tiles[3].detail, "without this criterion 83.0 %");
        assert_eq!(tiles[4].detail, "54 mm: 24 %, 50 mm: 5 %");
    }

    #[test]
    fn what_is_expected_without_an_image_is_held_beside() {
        let mut found = fixture::optimisation();
        let mut baseline = found.first.clone();
        baseline.assessment.success = 0.3;
        found.baseline = Some(baseline);
        let tile = &tiles(&found)[3];
        assert_eq!(tile.figure, "30.0 %");
        assert!(tile.detail.starts_with("gain over it +41.0 points"), "{}", tile.detail);
    }

    #[test]
    fn an_edited_plan_is_told_from_the_recommended_one() {
        let found = fixture::optimisation();
        let best = found.recommended.plan.clone();
        assert_eq!(edited(&found, &best), "");
        assert!(tile(&found, &best).is_some());
        let mut other = best.clone();
        other.cup.anteversion_deg = coxa_geometry::Angle::from_degrees(12.0);
        assert_eq!(edited(&found, &other), "the cup");
        other.stem.size += 1;
        other.head.offset_mm += 3.5;
        assert_eq!(edited(&found, &other), "the cup, the head and the stem");
        assert!(tile(&found, &other).is_none());
        let mut aims = best;
        aims.targets.leg_length_change_mm = Some(3.0);
        assert_eq!(edited(&found, &aims), "what placement aims at");
    }
}
