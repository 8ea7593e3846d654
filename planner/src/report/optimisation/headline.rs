//! The chance that a plan does what is asked of it, what decides it, and what was asked.

use super::super::comparison::Tile;
use super::super::numbers::{fixed, number, plus_minus};
use super::super::speech::{listed, say};
use super::names::{self, chance, points, tenths};
use crate::document;
use crate::optimise::{Assessment, Optimisation, SizeProbability};
use crate::plan::Plan;
use coxa_geometry::Unit;
use coxa_locale::Language;
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
    postures: Vec<(String, String, String)>,
}

impl OptimiserRequest {
    pub(super) fn new(found: &Optimisation, language: Language) -> Self {
        let postures = &found.options.postures;
        let of = [
            ("report-standing", &postures.standing),
            ("report-sitting", &postures.sitting),
            ("report-leaning-forwards", &postures.flexed_seated),
        ];
        let tilt = |posture: &crate::optimise::postures::PelvicPosture| {
            let [tilt, spread] = [posture.tilt, posture.spread].map(coxa_geometry::Angle::degrees);
            let tilt = number(language, tilt, Unit::Degree);
            format!("{tilt} {}", plus_minus(language, spread, Unit::Degree))
        };
        OptimiserRequest {
            error_model: language.word(&found.options.error_model.name.replace('_', " ")).into_owned(),
            criteria: language.word(&found.criteria.preset.replace('_', " ")).into_owned(),
            count: found.recommended.assessment.judged(),
            samples: found.recommended.assessment.samples,
            tried: found.tried,
            is_stopped: found.is_stopped,
            postures: of
                .map(|(name, posture)| (language.text(name), tilt(posture), posture.how.clone()))
                .to_vec(),
        }
    }
}

/// The first figures of the section.
pub(super) fn tiles(found: &Optimisation, language: Language) -> Vec<Tile> {
    let (first, best) = (&found.first.assessment, &found.recommended.assessment);
    let share = |assessment: &Assessment| tenths(language, assessment.success);
    let plan = |name: &str, assessment: &Assessment| Tile {
        name: language.text(name),
        figure: share(assessment),
        detail: interval(language, assessment),
    };
    let gain = points(language, best.success - first.success);
    let mut tiles = vec![
        plan("report-recommended-plan", best),
        plan("report-plan-by-rule", first),
        Tile {
            name: language.text("report-gain"),
            figure: say(language, "report-points", [("points", gain.into())]),
            detail: language.text("report-of-100"),
        },
    ];
    tiles.extend(found.baseline.as_ref().map(|baseline| {
        let gain = points(language, best.success - baseline.assessment.success);
        let interval = interval(language, &baseline.assessment);
        let of = [("points", gain.into()), ("interval", interval.into())];
        Tile {
            name: language.text("report-without-an-image"),
            figure: share(&baseline.assessment),
            detail: say(language, "report-gain-over-it", of),
        }
    }));
    tiles.extend(best.binding.as_ref().map(|subject| Tile {
        name: language.text("report-limiting-criterion"),
        figure: names::criterion(language, subject),
        detail: match best.criterion(subject).map(|score| score.costs) {
            Some(costs) if costs > 0.0 => {
                let chance = tenths(language, best.success + costs);
                say(language, "report-without-this", [("chance", chance.into())])
            }
            _ => language.text("report-nearest-to-limit"),
        },
    }));
    tiles.extend(sizes(language, "report-cup-sizes", "report-cup-size-chance", &found.cup_sizes));
    tiles.extend(sizes(language, "report-stem-sizes", "report-stem-size-chance", &found.stem_sizes));
    tiles
}

/// For the head of the page, where the plan of the case is the recommended one.
pub(in super::super) fn tile(found: &Optimisation, plan: &Plan, language: Language) -> Option<Tile> {
    let (first, best) = (&found.first.assessment, &found.recommended.assessment);
    let of = || {
        let by_rule = tenths(language, first.success);
        [("interval", interval(language, best).into()), ("by_rule", by_rule.into())]
    };
    found.recommends(plan).then(|| Tile {
        name: language.text("report-chance-of-all"),
        figure: tenths(language, best.success),
        detail: say(language, "report-interval-and-by-rule", of()),
    })
}

fn interval(language: Language, assessment: &Assessment) -> String {
    let [low, high] = assessment.success_interval.map(|share| fixed(100.0 * share, 1));
    say(language, "report-interval", [("low", low), ("high", high)])
}

fn sizes(language: Language, name: &str, one: &str, shares: &[SizeProbability]) -> Option<Tile> {
    let mut likely: Vec<&SizeProbability> = shares.iter().filter(|s| s.probability >= LEAST_SHARE).collect();
    likely.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let words = |share: &SizeProbability| {
        let chance = chance(language, share.probability);
        say(language, one, [("size", share.size.into()), ("chance", chance.into())])
    };
    let (first, rest) = likely.split_first()?;
    let detail = match rest {
        [] => language.text("report-no-other-size"),
        rest => listed(language, rest.iter().map(|share| words(share))),
    };
    Some(Tile { name: language.text(name), figure: words(first), detail })
}

/// In what the plan of the case differs from the recommended one; empty where it does not.
pub(super) fn edited(found: &Optimisation, plan: &Plan, language: Language) -> String {
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
        ("report-the-cup", with(|mixed, plan| mixed.cup = plan.cup.clone())),
        ("report-the-liner", with(|mixed, plan| mixed.liner = plan.liner.clone())),
        ("report-the-head", with(|mixed, plan| mixed.head = plan.head.clone())),
        ("report-the-stem", with(|mixed, plan| mixed.stem = plan.stem.clone())),
    ];
    let changed = parts.into_iter().filter(|(_, is_changed)| *is_changed);
    let mut changed: Vec<String> = changed.map(|(part, _)| language.text(part)).collect();
    let Some(last) = changed.pop() else { return language.text("report-the-aims") };
    match listed(language, changed) {
        others if others.is_empty() => last,
        others => say(language, "report-and", [("others", others.into()), ("last", last.into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_figures_are_those_of_the_assessments() {
        let found = fixture::optimisation();
        let tiles = tiles(&found, Language::English);
        let shown: Vec<(&str, &str)> = tiles.iter().map(|t| (t.name.as_str(), t.figure.as_str())).collect();
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
        let tile = &tiles(&found, Language::English)[3];
        assert_eq!(tile.figure, "30.0 %");
        assert!(tile.detail.starts_with("gain over it +41.0 points"), "{}", tile.detail);
    }

    #[test]
    fn an_edited_plan_is_told_from_the_recommended_one() {
        let found = fixture::optimisation();
        let best = found.recommended.plan.clone();
        assert_eq!(edited(&found, &best, Language::English), "");
        assert!(tile(&found, &best, Language::English).is_some());
        let mut other = best.clone();
        other.cup.anteversion_deg = coxa_geometry::Angle::from_degrees(12.0);
        assert_eq!(edited(&found, &other, Language::English), "the cup");
        other.stem.size += 1;
        other.head.offset_mm += 3.5;
        assert_eq!(edited(&found, &other, Language::English), "the cup, the head and the stem");
        assert!(tile(&found, &other, Language::English).is_none());
        let mut aims = best;
        aims.targets.leg_length_change_mm = Some(3.0);
        assert_eq!(edited(&found, &aims, Language::English), "the targets of the placement");
    }
}
