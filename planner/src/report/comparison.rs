//! The first things a surgeon looks for: the headline figures.

use super::numbers::{change, fixed, number, signed_mm, spread, value, whole_degrees};
use super::speech::{listed, say};
use super::words::{lower, titled};
use crate::planned::Planned;
use crate::simulate::{Simulation, Verdict};
use coxa_geometry::finding::Code;
use coxa_geometry::{Measured, Quantity};
use coxa_locale::Language;
use serde::Serialize;

/// A headline figure.
#[derive(Debug, Serialize)]
pub(super) struct Tile {
    pub(super) name: String,
    pub(super) figure: String,
    pub(super) detail: String,
}

/// The headline, in surgical order.
pub(super) fn headline(planned: &Planned, simulation: Option<&Simulation>, language: Language) -> Vec<Tile> {
    let (plan, results) = (&planned.plan, &planned.results);
    let mut tiles = Vec::new();
    let against = |name, difference, change| against_other_side(planned, name, difference, change, language);
    tiles.extend(against(
        "report-leg-length",
        Quantity::LegLengthDifferencePlanned,
        Quantity::LegLengthChange,
    ));
    tiles.extend(against("report-global-offset", Quantity::OffsetDifferencePlanned, Quantity::OffsetChange));
    if let Some((figure, detail)) = hip_centre(planned, language) {
        tiles.push(Tile { name: language.text("report-hip-centre"), figure, detail });
    }
    let degrees = |angle| whole_degrees(language, angle).into();
    let cup = [
        ("family", lower(&titled(language, &plan.cup.family)).into()),
        ("liner", language.word(&plan.liner.kind.replace('_', " ")).into_owned().into()),
        ("head", plan.head.diameter_mm.into()),
    ];
    tiles.push(Tile {
        name: language.text("report-cup"),
        figure: say(language, "report-cup-size", [("size", fixed(plan.cup.size_mm, 0))]),
        detail: say(language, "report-cup-parts", cup),
    });
    let angles = [
        ("inclination", degrees(plan.cup.inclination_deg)),
        ("anteversion", degrees(plan.cup.anteversion_deg)),
    ];
    tiles.push(Tile {
        name: language.text("report-inclination-anteversion"),
        figure: say(language, "report-two-angles", angles),
        detail: language.text("report-radiographic-supine"),
    });
    let measured = |quantity: Quantity, [detail, with_spread]: [&str; 2]| {
        let m = results.get(quantity)?;
        Some(Tile {
            name: language.word(quantity.title()).into_owned(),
            figure: value(language, m),
            detail: match spread(language, m) {
                spread if spread.is_empty() => language.text(detail),
                spread => say(language, with_spread, [("spread", spread.into())]),
            },
        })
    };
    tiles.extend(measured(Quantity::CupCoverage, ["report-of-shell", "report-of-shell-spread"]));
    tiles.push(stem(planned, language));
    tiles.extend(measured(
        Quantity::CombinedAnteversion,
        ["report-cup-and-stem", "report-cup-and-stem-spread"],
    ));
    tiles.extend(simulation.and_then(|simulation| range_of_motion(simulation, language)));
    tiles
}

fn stem(planned: &Planned, language: Language) -> Tile {
    let plan = &planned.plan;
    let is_size_known = planned.findings.iter().all(|finding| finding.code != Code::StemSizeUnknown);
    let size = plan.stem.size.to_string();
    let (figure, detail) = match is_size_known {
        true => (say(language, "report-stem-size", [("size", size.clone().into())]), "report-stem-parts"),
        false => (language.text("report-stem-size-unknown"), "report-stem-parts-drawn"),
    };
    let parts = [
        ("size", size.into()),
        ("family", lower(&titled(language, &plan.stem.family)).into()),
        ("neck_shaft", whole_degrees(language, plan.stem.neck_shaft_deg).into()),
        ("offset", language.word(&plan.stem.offset).into_owned().into()),
        ("head", signed_mm(language, plan.head.offset_mm).into()),
    ];
    Tile { name: language.text("report-stem"), figure, detail: say(language, detail, parts) }
}

/// How many of the motions that are commonly required the plan allows; `None` in a posture of which nothing is required.
fn range_of_motion(simulation: &Simulation, language: Language) -> Option<Tile> {
    let count = |verdict| simulation.limits.iter().filter(|limit| limit.verdict == Some(verdict)).count();
    let [met, undecided, short, not_judged] =
        [Verdict::Met, Verdict::Undecided, Verdict::Short, Verdict::NotJudged].map(count);
    let all = met + undecided + short + not_judged;
    let rest = [
        (short, "report-motions-short"),
        (undecided, "report-motions-undecided"),
        (not_judged, "report-motions-not-judged"),
    ];
    let rest = rest.into_iter().filter(|(count, _)| *count > 0);
    let rest = rest.map(|(count, id)| say(language, id, [("count", count.into())]));
    let detail = std::iter::once(language.text("report-motions-met")).chain(rest);
    (all > 0).then(|| Tile {
        name: language.text("report-range-of-motion"),
        figure: say(language, "report-met-of-all", [("met", met.into()), ("all", all.into())]),
        detail: listed(language, detail),
    })
}

/// What the plan leaves between the sides where that is known, else what it changes.
fn against_other_side(
    planned: &Planned,
    name: &str,
    difference: Quantity,
    change_by_plan: Quantity,
    language: Language,
) -> Option<Tile> {
    let changed = planned.results.get(change_by_plan);
    let tile = |m: &Measured, detail: String| Tile {
        name: language.text(name),
        figure: change(language, m),
        detail,
    };
    if let Some(m) = planned.results.get(difference) {
        let (spread, by) = (spread(language, m), changed.map(|c| change(language, c)));
        let detail = match (spread.is_empty(), by) {
            (false, Some(by)) => {
                let arguments = [("spread", spread.into()), ("change", by.into())];
                say(language, "report-to-other-side-spread-changed", arguments)
            }
            (false, None) => say(language, "report-to-other-side-spread", [("spread", spread.into())]),
            (true, Some(by)) => say(language, "report-to-other-side-changed", [("change", by.into())]),
            (true, None) => language.text("report-to-other-side"),
        };
        return Some(tile(m, detail));
    }
    changed.map(|m| {
        let detail = match spread(language, m) {
            spread if spread.is_empty() => language.text("report-change-alone"),
            spread => say(language, "report-change-alone-spread", [("spread", spread.into())]),
        };
        tile(m, detail)
    })
}

/// Largest shift of the hip centre, and the other two.
pub(super) fn hip_centre(planned: &Planned, language: Language) -> Option<(String, String)> {
    let mut shifts: Vec<(f64, [&str; 2], &Measured)> = [
        (Quantity::HipCentreShiftMedial, ["report-shift-medial", "report-shift-lateral"]),
        (Quantity::HipCentreShiftSuperior, ["report-shift-superior", "report-shift-inferior"]),
        (Quantity::HipCentreShiftAnterior, ["report-shift-anterior", "report-shift-posterior"]),
    ]
    .into_iter()
    .map(|(quantity, words)| planned.results.get(quantity).map(|m| (m.value, words, m)))
    .collect::<Option<_>>()?;
    shifts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let words = |(v, [positive, negative], m): &(f64, [&str; 2], &Measured)| {
        let by = number(language, v.abs(), m.unit);
        say(language, if *v < 0.0 { negative } else { positive }, [("by", by.into())])
    };
    let [first, second, third] = shifts.as_slice() else { return None };
    let is_mirrored =
        planned.findings.iter().any(|found| matches!(found.code, Code::HeadRisen | Code::HeadInwards));
    let restored = if is_mirrored { "report-shift-of-mirrored" } else { "report-shift-of-native" };
    let detail = say(language, restored, [("second", words(second).into()), ("third", words(third).into())]);
    let detail = match spread(language, first.2) {
        spread if spread.is_empty() => detail,
        spread => say(language, "report-shift-spread", [("shift", detail.into()), ("spread", spread.into())]),
    };
    Some((words(first), detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::synthetic::Case;
    use coxa_geometry::Side;

    #[test]
    fn leg_length_is_the_difference_left_where_it_is_known_and_the_change_where_not() {
        let mut planned = Case::right().plan(Default::default());
        planned.results.insert(Quantity::LegLengthChange, 5.46, 3.8, "");
        planned.results.remove(Quantity::LegLengthDifferencePlanned);
        let unknown = &headline(&planned, None, Language::English)[0];
        assert_eq!((unknown.name.as_str(), unknown.figure.as_str()), ("Leg length", "+5.5 mm"));
        assert!(unknown.detail.contains("other side not measured"), "{}", unknown.detail);

        planned.results.insert(Quantity::LegLengthDifferencePlanned, -0.44, 3.8, "");
        let known = &headline(&planned, None, Language::English)[0];
        assert_eq!(known.figure, "\u{2212}0.4 mm");
        assert_eq!(known.detail, "\u{b1} 3.8 mm relative to the other side; changed by +5.5 mm");
    }

    #[test]
    fn the_headline_follows_the_operation() {
        let names = headline(&Case::right().plan(Default::default()), None, Language::English);
        let names: Vec<&str> = names.iter().map(|t| t.name.as_str()).collect();
        let expected = [
            "Leg length",
            "Global offset",
            "Hip centre",
            "Cup",
            "Inclination / anteversion",
            "Bone coverage",
            "Stem",
            "Combined anteversion",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn shifts_of_the_hip_centre_are_said_in_directions_largest_first() {
        let mut planned = Case::right().plan(Default::default());
        for (shift, value) in [
            (Quantity::HipCentreShiftMedial, 1.2),
            (Quantity::HipCentreShiftSuperior, -2.6),
            (Quantity::HipCentreShiftAnterior, -0.3),
        ] {
            planned.results.insert(shift, value, 3.8, "");
        }
        let (figure, detail) = hip_centre(&planned, Language::English).unwrap();
        assert_eq!(figure, "2.6 mm inferior");
        assert_eq!(detail, "1.2 mm medial, 0.3 mm posterior to the native centre; \u{b1} 3.8 mm");
        // Of a head that is out of place the shift is told from the other one.
        let risen = coxa_geometry::finding::HeadRisen { side: Side::Right, risen_mm: 30.0, left_mm: 2.0 };
        planned.findings.push(risen.finding());
        assert!(
            hip_centre(&planned, Language::English)
                .unwrap()
                .1
                .contains("to the mirrored centre of the other side")
        );
        planned.results.remove(Quantity::HipCentreShiftMedial);
        assert!(hip_centre(&planned, Language::English).is_none());
    }
}
