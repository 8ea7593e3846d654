//! The hip as scanned beside the hip as planned.

use super::comparison::hip_centre;
use super::input::ReportInput;
use super::numbers::{change, signed, spread, value};
use crate::planned::Planned;
use coxa_geometry::quantity::CUP_ANGLES;
use coxa_geometry::{Angle, Measured, Quantity, Side, Unit};
use serde::Serialize;

/// One line of the table of before and after: value and spread in each cell.
#[derive(Debug, Serialize)]
pub(super) struct Compared {
    pub(super) name: String,
    pub(super) before: (String, String),
    pub(super) planned: (String, String),
    pub(super) change: (String, String),
}

/// The hip as scanned beside the hip as planned, in what is defined alike for both.
pub(super) fn before_and_after(input: &ReportInput<'_>) -> Vec<Compared> {
    let Some(planned) = input.planned else { return Vec::new() };
    let language = input.language;
    let mut rows = relative_to_other_side(input, planned);
    rows.extend(absolute(input, planned));
    if let Some((first, rest)) = hip_centre(planned, language) {
        let at = rows.len().min(2);
        let (before, planned) = ((language.text("report-native"), String::new()), (first, rest));
        let name = language.text("report-hip-centre");
        rows.insert(at, Compared { name, before, planned, change: Default::default() });
    }
    rows
}

/// What is told as the operated less the other side.
fn relative_to_other_side(input: &ReportInput<'_>, planned: &Planned) -> Vec<Compared> {
    let language = input.language;
    let result = |quantity: Quantity| planned.results.get(quantity);
    let mut rows = Vec::new();
    for (before, after, by) in [
        (Quantity::LegLengthDifference, Quantity::LegLengthDifferencePlanned, Quantity::LegLengthChange),
        (Quantity::OffsetDifference, Quantity::OffsetDifferencePlanned, Quantity::OffsetChange),
    ] {
        let name = language.word(after.title()).into_owned();
        let before = input.anatomy.measurements.get(before).map(|m| match input.side {
            Side::Right => m.clone(),
            Side::Left => Measured { value: -m.value, ..m.clone() },
        });
        let unknown = || (language.text("report-not-known"), String::new());
        let relative =
            |m: Option<&Measured>| m.map_or_else(unknown, |m| (change(language, m), spread(language, m)));
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
    rows
}

/// What is told of the hip alone.
fn absolute(input: &ReportInput<'_>, planned: &Planned) -> Vec<Compared> {
    let language = input.language;
    let own = |quantity: Quantity| input.anatomy.measurements.get(quantity.of(input.side));
    let result = |quantity: Quantity| planned.results.get(quantity);
    let plan = &planned.plan;
    let exact = |value: f64, unit| Measured { value, spread: 0.0, unit, method: String::new() };
    let angle = |a: Angle| exact(a.degrees(), Unit::Degree);
    let [cup_inclination, cup_anteversion] = CUP_ANGLES[0][0].map(result);
    let neck_shaft = angle(plan.stem.neck_shaft_deg);
    let head = exact(plan.head.diameter_mm, Unit::Millimetre);
    let pairs = [
        (
            "report-compared-femoral-offset",
            result(Quantity::FemoralOffsetNative),
            result(Quantity::FemoralOffset),
        ),
        ("report-compared-inclination", own(Quantity::AcetabularInclinationSupine), cup_inclination),
        ("report-compared-anteversion", own(Quantity::AcetabularAnteversionSupine), cup_anteversion),
        ("report-compared-version", result(Quantity::FemoralVersionNative), result(Quantity::StemVersion)),
        ("report-compared-neck-shaft", own(Quantity::NeckShaftAngle), Some(&neck_shaft)),
        ("report-compared-head", own(Quantity::HeadDiameter), Some(&head)),
    ];
    let cell = |m: &Measured| (value(language, m), spread(language, m));
    let row = |(name, before, after): (&str, Option<&Measured>, Option<&Measured>)| {
        let (before, after) = (before?, after?);
        Some(Compared {
            name: language.text(name),
            before: cell(before),
            planned: cell(after),
            change: (signed(language, after.value - before.value, after.unit), String::new()),
        })
    };
    pairs.into_iter().filter_map(row).collect()
}
