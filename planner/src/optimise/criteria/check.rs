//! What makes a criterion, or several together, no criterion.

use super::problem::{Problem, wrong};
use super::{Criterion, Subject};
use crate::lines::{is_plain, shortened};
use crate::placement::formulas::WIDMER;
use coxa_geometry::{Quantity, Unit};

/// A limit and an ideal that are nearer to one another than this are the same.
const LEAST_WAY: f64 = 1e-3;
/// A weight beyond this leaves the others without any.
const MOST_WEIGHT: f64 = 1000.0;
/// Longest source of a criterion.
const LONGEST_SOURCE: usize = 800;

/// Whether the unit that was given is the number's own.
pub(super) fn unit(given: Option<&str>, own: Unit) -> Result<(), Problem> {
    match given {
        Some(given) if given != own.name() => wrong(
            "unit",
            format!("the unit is \"{}\", but this number is in \"{}\"", shortened(given), own.name()),
        ),
        _ => Ok(()),
    }
}

/// No number of a plan is further from zero.
fn farthest(unit: Unit) -> f64 {
    match unit {
        // Forces of the joint are in per cent of body weight.
        Unit::Percent => 1000.0,
        Unit::Ratio => 10.0,
        Unit::Degree => 360.0,
        Unit::Millimetre | Unit::Hounsfield => 1000.0,
        Unit::SquareMillimetre | Unit::CubicCentimetre | Unit::Gram | Unit::MilligramPerCubicCentimetre => {
            10_000.0
        }
    }
}

/// Whether a criterion makes sense by itself.
pub(super) fn alone(c: &Criterion) -> Result<(), Problem> {
    bounds(c)?;
    for (limit_field, limit, ideal_field, ideal, sign) in [
        ("least", c.least, "ideal_least", c.ideal_least, 1.0),
        ("most", c.most, "ideal_most", c.ideal_most, -1.0),
    ] {
        match (limit, ideal) {
            (Some(limit), Some(ideal)) if sign * (ideal - limit) < LEAST_WAY => {
                let place = if sign > 0.0 { "above" } else { "below" };
                return wrong(
                    ideal_field,
                    format!(
                        "{ideal_field} {ideal} must lie {place} {limit_field} {limit}: the ideal is stricter than the limit"
                    ),
                );
            }
            (Some(limit), None) => {
                return wrong(
                    limit_field,
                    format!(
                        "{limit_field} is {limit}: give {ideal_field} too, the value from which it is ideal"
                    ),
                );
            }
            (None, Some(ideal)) => {
                return wrong(
                    ideal_field,
                    format!(
                        "{ideal_field} is {ideal}: give {limit_field} too, the limit of what is acceptable"
                    ),
                );
            }
            _ => {}
        }
    }
    if let (Some(from), Some(to)) = (c.ideal_least, c.ideal_most)
        && from > to
    {
        return wrong("ideal_most", format!("ideal_least {from} is above ideal_most {to}: nothing is ideal"));
    }
    if !(c.weight > 0.0 && c.weight <= MOST_WEIGHT) {
        let weight = c.weight;
        return wrong(
            "weight",
            format!(
                "weight is {weight}; it must be more than 0 and at most {MOST_WEIGHT}; to drop a criterion write use = false"
            ),
        );
    }
    if !is_plain(&c.source, LONGEST_SOURCE) {
        return wrong("source", format!("source: give 1 to {LONGEST_SOURCE} characters on one line"));
    }
    Ok(())
}

fn bounds(c: &Criterion) -> Result<(), Problem> {
    let farthest = farthest(c.unit);
    for (field, bound) in
        [("least", c.least), ("most", c.most), ("ideal_least", c.ideal_least), ("ideal_most", c.ideal_most)]
    {
        if let Some(bound) = bound
            && (bound.is_nan() || bound.abs() > farthest)
        {
            let unit = c.unit.name();
            return wrong(
                field,
                format!("{field} is {bound}; it must be {} to {farthest} {unit}", -farthest),
            );
        }
    }
    match (c.least, c.most) {
        (None, None) => {
            wrong("name", "give least, most or both: without a limit there is nothing to judge".into())
        }
        (Some(least), Some(most)) if least > most - LEAST_WAY => {
            wrong("most", format!("least {least} must be below most {most}"))
        }
        _ => Ok(()),
    }
}

/// Sums of other numbers: the sum, and the factor of the stem's version in it beside the cup's anteversion.
const SUMS: [(Quantity, f64); 2] =
    [(Quantity::CombinedAnteversion, 1.0), (Quantity::CombinedAnteversionWidmer, WIDMER)];

/// Criteria that no plan can meet together, for one number is the sum of the others: which, and how.
pub(super) fn contradiction(list: &[Criterion]) -> Option<([&'static str; 3], String)> {
    const CUP: &str = Quantity::CupAnteversionRadiographicFunctional.criterion_name();
    const STEM: &str = Quantity::StemVersion.criterion_name();
    let find = |quantity: Quantity| list.iter().find(|c| c.subject == Subject::Plan(quantity));
    let cup = find(Quantity::CupAnteversionRadiographicFunctional)?;
    let stem = find(Quantity::StemVersion)?;
    SUMS.into_iter().find_map(|(sum, factor)| {
        let name = sum.criterion_name();
        let sum = find(sum)?;
        let reached = |cup: Option<f64>, stem: Option<f64>| Some(cup? + factor * stem?);
        let (low, high) = (reached(cup.least, stem.least), reached(cup.most, stem.most));
        let problem = match (sum.least, high, sum.most, low) {
            (Some(least), Some(high), ..) if least > high => {
                format!("least {least} is out of reach: the upper limits of {CUP} and {STEM} give no more than {high}")
            }
            (_, _, Some(most), Some(low)) if most < low => {
                format!("most {most} is out of reach: the lower limits of {CUP} and {STEM} give no less than {low}")
            }
            _ => return None,
        };
        Some(([name, CUP, STEM], problem))
    })
}
