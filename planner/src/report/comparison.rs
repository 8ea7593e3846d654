//! The first things a surgeon looks for: the headline figures, and the hip as scanned beside the hip as planned.

use super::input::ReportInput;
use super::words::{change, lower, number, signed, signed_mm, spread, title, value, whole_degrees};
use crate::planned::Planned;
use crate::simulate::{Simulation, Verdict};
use coxa_geometry::finding::Code;
use coxa_geometry::quantity::CUP_ANGLES;
use coxa_geometry::{Angle, Measured, Quantity, Side, Unit};
use serde::Serialize;

/// A headline figure.
#[derive(Debug, Serialize)]
pub(super) struct Tile {
    pub(super) name: &'static str,
    pub(super) figure: String,
    pub(super) detail: String,
}

/// The headline, in surgical order.
pub(super) fn headline(planned: &Planned, simulation: Option<&Simulation>) -> Vec<Tile> {
    let (plan, results) = (&planned.plan, &planned.results);
    let mut tiles = Vec::new();
    tiles.extend(against_other_side(
        planned,
        "Leg length",
        Quantity::LegLengthDifferencePlanned,
        Quantity::LegLengthChange,
    ));
    tiles.extend(against_other_side(
        planned,
        "Global offset",
        Quantity::OffsetDifferencePlanned,
        Quantity::OffsetChange,
    ));
    if let Some((figure, detail)) = hip_centre(planned) {
        tiles.push(Tile { name: "Hip centre", figure, detail });
    }
    tiles.push(Tile {
        name: "Cup",
        figure: format!("{:.0} mm", plan.cup.size_mm),
        detail: format!(
            "{}, {} liner, {} mm head",
            lower(&title(&plan.cup.family)),
            plan.liner.kind.replace('_', " "),
            plan.head.diameter_mm
        ),
    });
    tiles.push(Tile {
        name: "Inclination / anteversion",
        figure: format!(
            "{} / {}",
            whole_degrees(plan.cup.inclination_deg),
            whole_degrees(plan.cup.anteversion_deg)
        ),
        detail: "radiographic, supine functional plane".into(),
    });
    let measured = |quantity: Quantity, detail: &str| {
        let m = results.get(quantity)?;
        Some(Tile {
            name: quantity.title(),
            figure: value(m),
            detail: format!("{} {detail}", spread(m)).trim().to_owned(),
        })
    };
    tiles.extend(measured(Quantity::CupCoverage, "of the shell in bone"));
    let is_size_known = planned.findings.iter().all(|finding| finding.code != Code::StemSizeUnknown);
    let (figure, shown) = match is_size_known {
        true => (format!("size {}", plan.stem.size), String::new()),
        false => ("size not known".into(), format!("size {} is drawn; ", plan.stem.size)),
    };
    tiles.push(Tile {
        name: "Stem",
        figure,
        detail: format!(
            "{shown}{}, {}, {} offset, head {}",
            lower(&title(&plan.stem.family)),
            whole_degrees(plan.stem.neck_shaft_deg),
            plan.stem.offset,
            signed_mm(plan.head.offset_mm)
        ),
    });
    tiles.extend(measured(Quantity::CombinedAnteversion, "cup and stem"));
    tiles.extend(simulation.and_then(range_of_motion));
    tiles
}

/// How many of the motions that are commonly required the plan allows; `None` in a posture of which nothing is required.
fn range_of_motion(simulation: &Simulation) -> Option<Tile> {
    let count = |verdict| simulation.limits.iter().filter(|limit| limit.verdict == Some(verdict)).count();
    let [met, undecided, short, not_judged] =
        [Verdict::Met, Verdict::Undecided, Verdict::Short, Verdict::NotJudged].map(count);
    let all = met + undecided + short + not_judged;
    let rest = [(short, "short"), (undecided, "undecided"), (not_judged, "not judged")];
    let rest =
        rest.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let detail: Vec<String> = std::iter::once("required motions met".to_owned()).chain(rest).collect();
    (all > 0).then(|| Tile {
        name: "Range of motion",
        figure: format!("{met} of {all}"),
        detail: detail.join(", "),
    })
}

/// What the plan leaves between the sides where that is known, else what it changes.
fn against_other_side(
    planned: &Planned,
    name: &'static str,
    difference: Quantity,
    change_by_plan: Quantity,
) -> Option<Tile> {
    let changed = planned.results.get(change_by_plan);
    if let Some(m) = planned.results.get(difference) {
        let by = changed.map(|c| format!("; changed by {}", change(c))).unwrap_or_default();
        let detail = format!("{} to the other side{by}", spread(m));
        return Some(Tile { name, figure: change(m), detail: detail.trim().to_owned() });
    }
    changed.map(|m| Tile {
        name,
        figure: change(m),
        detail: format!("{} change; other side not measured", spread(m)).trim().to_owned(),
    })
}

/// Largest shift of the hip centre, and the other two.
fn hip_centre(planned: &Planned) -> Option<(String, String)> {
    let mut shifts: Vec<(f64, [&str; 2], &Measured)> = [
        (Quantity::HipCentreShiftMedial, ["medial", "lateral"]),
        (Quantity::HipCentreShiftSuperior, ["superior", "inferior"]),
        (Quantity::HipCentreShiftAnterior, ["anterior", "posterior"]),
    ]
    .into_iter()
    .map(|(quantity, words)| planned.results.get(quantity).map(|m| (m.value, words, m)))
    .collect::<Option<_>>()?;
    shifts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let words = |(v, [positive, negative], m): &(f64, [&str; 2], &Measured)| {
        format!("{} {}", number(v.abs(), m.unit), if *v < 0.0 { negative } else { positive })
    };
    let [first, second, third] = shifts.as_slice() else { return None };
    let is_mirrored =
        planned.findings.iter().any(|found| matches!(found.code, Code::HeadRisen | Code::HeadInwards));
    let restored = if is_mirrored { "other side's centre, mirrored" } else { "native centre" };
    let detail = format!("{}, {} of the {restored}; {}", words(second), words(third), spread(first.2));
    Some((words(first), detail.trim_end_matches("; ").to_owned()))
}

/// One line of the table of before and after: value and spread in each cell.
#[derive(Debug, Serialize)]
pub(super) struct Compared {
    pub(super) name: &'static str,
    pub(super) before: (String, String),
    pub(super) planned: (String, String),
    pub(super) change: (String, String),
}

/// The hip as scanned beside the hip as planned, in what is defined alike for both.
pub(super) fn before_and_after(input: &ReportInput<'_>) -> Vec<Compared> {
    let Some(planned) = input.planned else { return Vec::new() };
    let scanned = &input.anatomy.measurements;
    let own = |quantity: Quantity| scanned.get(quantity.of(input.side));
    let result = |quantity: Quantity| planned.results.get(quantity);
    let mut rows = Vec::new();
    for (before, after, by) in [
        (Quantity::LegLengthDifference, Quantity::LegLengthDifferencePlanned, Quantity::LegLengthChange),
        (Quantity::OffsetDifference, Quantity::OffsetDifferencePlanned, Quantity::OffsetChange),
    ] {
        let name = after.title();
        let before = scanned.get(before).map(|m| match input.side {
            Side::Right => m.clone(),
            Side::Left => Measured { value: -m.value, ..m.clone() },
        });
        let relative = |m: Option<&Measured>| m.map_or_else(unknown, |m| (change(m), spread(m)));
        let (after, by) = (result(after), result(by));
        if after.is_some() || by.is_some() {
            rows.push(Compared {
                name,
                before: relative(before.as_ref()),
                planned: relative(after),
                change: relative(by),
            });
        }
    }
    let plan = &planned.plan;
    let exact = |value: f64, unit| Measured { value, spread: 0.0, unit, method: String::new() };
    let angle = |a: Angle| exact(a.degrees(), Unit::Degree);
    let [cup_inclination, cup_anteversion] = CUP_ANGLES[0][0].map(result);
    let neck_shaft = angle(plan.stem.neck_shaft_deg);
    let head = exact(plan.head.diameter_mm, Unit::Millimetre);
    let pairs = [
        (
            "Femoral offset, head centre to axis",
            result(Quantity::FemoralOffsetNative),
            result(Quantity::FemoralOffset),
        ),
        ("Inclination, acetabulum and cup", own(Quantity::AcetabularInclinationSupine), cup_inclination),
        ("Anteversion, acetabulum and cup", own(Quantity::AcetabularAnteversionSupine), cup_anteversion),
        ("Femoral version", result(Quantity::FemoralVersionNative), result(Quantity::StemVersion)),
        ("Neck-shaft angle", own(Quantity::NeckShaftAngle), Some(&neck_shaft)),
        ("Head diameter", own(Quantity::HeadDiameter), Some(&head)),
    ];
    for (name, before, after) in pairs {
        if let (Some(before), Some(after)) = (before, after) {
            rows.push(Compared {
                name,
                before: (value(before), spread(before)),
                planned: (value(after), spread(after)),
                change: (signed(after.value - before.value, after.unit), String::new()),
            });
        }
    }
    if let Some((first, rest)) = hip_centre(planned) {
        let at = rows.len().min(2);
        let (before, planned) = (("native".into(), String::new()), (first, rest));
        rows.insert(at, Compared { name: "Hip centre", before, planned, change: Default::default() });
    }
    rows
}

fn unknown() -> (String, String) {
    ("not known".into(), String::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::synthetic::Case;

    #[test]
    fn leg_length_is_the_difference_left_where_it_is_known_and_the_change_where_not() {
        let mut planned = Case::right().plan(Default::default());
        planned.results.insert(Quantity::LegLengthChange, 5.46, 3.8, "");
        planned.results.remove(Quantity::LegLengthDifferencePlanned);
        let unknown = &headline(&planned, None)[0];
        assert_eq!((unknown.name, unknown.figure.as_str()), ("Leg length", "+5.5 mm"));
        assert!(unknown.detail.contains("other side not measured"), "{}", unknown.detail);

        planned.results.insert(Quantity::LegLengthDifferencePlanned, -0.44, 3.8, "");
        let known = &headline(&planned, None)[0];
        assert_eq!(known.figure, "\u{2212}0.4 mm");
        assert_eq!(known.detail, "\u{b1} 3.8 mm to the other side; changed by +5.5 mm");
    }

    #[test]
    fn the_headline_follows_the_operation() {
        let names: Vec<&str> =
            headline(&Case::right().plan(Default::default()), None).iter().map(|t| t.name).collect();
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
        let (figure, detail) = hip_centre(&planned).unwrap();
        assert_eq!(figure, "2.6 mm inferior");
        assert_eq!(detail, "1.2 mm medial, 0.3 mm posterior of the native centre; \u{b1} 3.8 mm");
        // Of a head that is out of place the shift is told from the other one.
        let risen = coxa_geometry::finding::HeadRisen { side: Side::Right, risen_mm: 30.0, left_mm: 2.0 };
        planned.findings.push(risen.finding());
        assert!(hip_centre(&planned).unwrap().1.contains("of the other side's centre, mirrored"));
        planned.results.remove(Quantity::HipCentreShiftMedial);
        assert!(hip_centre(&planned).is_none());
    }
}
