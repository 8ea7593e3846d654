//! What is gained by what is changed, and what stands in the way where nothing is recommended.

use super::super::numbers::fixed;
use super::super::speech::{listed, say};
use super::super::words::capitalised;
use super::names::{self, points, tenths};
use crate::optimise::{Change, Optimisation};
use coxa_locale::Language;
use serde::Serialize;

/// A change of the plan by rule.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Changed {
    /// `Liner and head: flush, 32 mm to flush, 36 mm`.
    what: String,
    /// Points that are lost without it, with their standard error.
    gain: String,
    /// Points that it had to gain.
    price: String,
}

/// A criterion and its part in a difference, or what success would be without it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct CriterionFigure {
    criterion: String,
    figure: String,
}

/// Criteria that no plan meets.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct OutOfReach {
    most: String,
    together: String,
    obstacles: Vec<CriterionFigure>,
}

/// All changes, what matters most first.
pub(super) fn changes(found: &Optimisation, language: Language) -> Vec<Changed> {
    found.changes.iter().map(|change| changed(change, language)).collect()
}

fn changed(change: &Change, language: Language) -> Changed {
    let title = capitalised(&language.word(change.part.title()));
    // Names of parts stand between commas, with sizes.
    let words =
        |choice: &str| listed(language, choice.split(", ").map(|part| language.word(part).into_owned()));
    let what = match (change.from.as_str(), change.to.as_str()) {
        ("", _) | (_, "") => title,
        (from, to) => {
            let of = [("part", title.into()), ("from", words(from).into()), ("to", words(to).into())];
            say(language, "report-changed-from-to", of)
        }
    };
    Changed {
        what,
        gain: say(
            language,
            "report-with-error",
            [
                ("points", points(language, change.gain / 100.0).into()),
                ("error", fixed(change.gain_error, 1)),
            ],
        ),
        price: language.number(change.price, Some(1)),
    }
}

/// What each criterion gives to the difference, what gives most first.
pub(super) fn by_criterion(found: &Optimisation, language: Language) -> Vec<CriterionFigure> {
    let mut gains: Vec<_> = found.gains.iter().collect();
    gains.sort_by(|a, b| b.success.abs().total_cmp(&a.success.abs()));
    let part = |gain: &&crate::optimise::CriterionGain| CriterionFigure {
        criterion: names::criterion(language, &gain.subject),
        figure: points(language, gain.success),
    };
    gains.iter().map(part).collect()
}

/// What stands in the way where no plan meets the criteria.
pub(super) fn out_of_reach(found: &Optimisation, language: Language) -> Option<OutOfReach> {
    let percent = |share: f64| tenths(language, share);
    let out = found.out_of_reach.as_ref()?;
    let obstacles = out.obstacles.iter().map(|obstacle| CriterionFigure {
        criterion: names::criterion(language, &obstacle.subject),
        figure: percent(obstacle.success),
    });
    Some(OutOfReach {
        most: percent(out.most),
        together: percent(out.together),
        obstacles: obstacles.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::optimise::{CriterionGain, Obstacle, Part};

    #[test]
    fn a_change_says_what_it_gains_and_what_it_had_to() {
        let mut found = fixture::optimisation();
        found.changes = vec![Change {
            part: Part::Bearing,
            from: "flush, 32 mm".into(),
            to: "flush, 36 mm".into(),
            gain: 6.25,
            gain_error: 1.24,
            price: 0.25,
        }];
        let expected = Changed {
            what: "Liner and head: flush, 32 mm to flush, 36 mm".into(),
            gain: "+6.2 \u{b1} 1.2".into(),
            price: "0.2".into(),
        };
        assert_eq!(changes(&found, Language::English), [expected]);
        let gain = |name: &str, success| CriterionGain { subject: name.parse().unwrap(), success };
        found.gains = vec![gain("cup_coverage", -0.02), gain("motion.flexion", 0.1)];
        let parts = by_criterion(&found, Language::English);
        assert_eq!((parts[0].criterion.as_str(), parts[0].figure.as_str()), ("Flexion", "+10.0"));
        assert_eq!(parts[1].figure, "\u{2212}2.0");
    }

    #[test]
    fn what_stands_in_the_way_is_said_with_what_relaxing_it_gives() {
        let mut found = fixture::optimisation();
        assert_eq!(out_of_reach(&found, Language::English), None);
        found.out_of_reach = Some(crate::optimise::OutOfReach {
            most: 0.019,
            together: 0.4,
            obstacles: vec![Obstacle { subject: "motion.extension".parse().unwrap(), success: 0.12 }],
        });
        let out = out_of_reach(&found, Language::English).unwrap();
        assert_eq!((out.most.as_str(), out.together.as_str()), ("1.9 %", "40.0 %"));
        assert_eq!(out.obstacles[0].figure, "12.0 %");
    }
}
