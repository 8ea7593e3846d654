//! What one more, or one less, of each variable does.

use super::super::numbers::{fixed, signed};
use super::super::speech::say;
use super::super::words::capitalised;
use super::names;
use crate::optimise::criteria::Criterion;
use crate::optimise::{CriterionPrice, Optimisation, Price, Variable};
use coxa_geometry::Unit;
use coxa_locale::Language;
use serde::Serialize;

/// Criteria that are named for one step.
const NAMED: usize = 3;
/// A number that changes by so much of the way from limit to ideal counts like a change of one point of its chance.
const WAY_OF_A_POINT: f64 = 0.1;
/// Less than this of either is not worth a word.
const LEAST: f64 = 0.5;

/// One variable.
#[derive(Debug, Serialize)]
pub(super) struct PriceRow {
    /// What is changed, and by how much.
    what: String,
    more: Option<Step>,
    less: Option<Step>,
}

/// One step of it.
#[derive(Debug, Serialize)]
struct Step {
    /// Change of the chance that all criteria hold, in points.
    success: String,
    is_worse: bool,
    /// The criteria that change most, dearest first.
    criteria: Vec<String>,
}

/// A row for every variable.
pub(super) fn rows(found: &Optimisation, language: Language) -> Vec<PriceRow> {
    let step = |variable: Variable, sign: f64| {
        let price = found.prices.iter().find(|price| price.variable == variable && price.step == sign)?;
        Some(Step::new(price, &found.criteria.list, language))
    };
    let row = |variable: Variable| PriceRow {
        what: {
            let id =
                if variable.unit() == Unit::Degree { "report-by-a-degree" } else { "report-by-a-millimetre" };
            say(language, id, [("variable", capitalised(&language.word(variable.title())).into())])
        },
        more: step(variable, 1.0),
        less: step(variable, -1.0),
    };
    let rows = Variable::ALL.map(row).into_iter();
    rows.filter(|row| row.more.is_some() || row.less.is_some()).collect()
}

/// A cup that comes out otherwise than it was aimed.
#[derive(Debug, Serialize)]
pub(super) struct Slip {
    /// `5° steeper`.
    what: String,
    #[serde(flatten)]
    step: Step,
}

/// What is lost where theatre misses the orientation of the cup by so much.
pub(super) fn slips(found: &Optimisation, language: Language) -> Vec<Slip> {
    let slip = |price: &Price| Slip {
        what: say(language, direction(price), [("angle", fixed(price.step.abs(), 0))]),
        step: Step::new(price, &found.criteria.list, language),
    };
    found.slips.iter().map(slip).collect()
}

const fn direction(price: &Price) -> &'static str {
    match (price.variable, price.step > 0.0) {
        (Variable::Inclination, true) => "report-cup-steeper",
        (Variable::Inclination, false) => "report-cup-flatter",
        (_, true) => "report-cup-more-anteverted",
        (_, false) => "report-cup-less-anteverted",
    }
}

impl Step {
    fn new(price: &Price, criteria: &[Criterion], language: Language) -> Self {
        let judged = |change: &CriterionPrice| criteria.iter().find(|c| c.subject == change.subject).cloned();
        let mut weighed: Vec<(f64, &CriterionPrice, Criterion)> = price
            .criteria
            .iter()
            .filter_map(|change| {
                let criterion = judged(change)?;
                Some((weight(change, &criterion), change, criterion))
            })
            .filter(|(weight, ..)| *weight >= LEAST)
            .collect();
        // A stable sort: of equals the first of the table.
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
        weighed.truncate(NAMED);
        Step {
            success: names::points(language, price.success),
            is_worse: price.success < 0.0,
            criteria: weighed
                .into_iter()
                .map(|(_, change, criterion)| in_words(change, &criterion, language))
                .collect(),
        }
    }
}

/// How much a change matters, in points.
fn weight(change: &CriterionPrice, criterion: &Criterion) -> f64 {
    let way = |limit: Option<f64>, ideal: Option<f64>| Some((ideal? - limit?).abs());
    let ways = [way(criterion.least, criterion.ideal_least), way(criterion.most, criterion.ideal_most)];
    let way = ways.into_iter().flatten().fold(f64::INFINITY, f64::min);
    let way = if way.is_finite() { way } else { 1.0 };
    100.0 * change.probability.abs() + change.planned.abs() / (way * WAY_OF_A_POINT)
}

fn in_words(change: &CriterionPrice, criterion: &Criterion, language: Language) -> String {
    let name = ("criterion", names::criterion(language, &change.subject).into());
    let planned = ("change", signed(language, change.planned, criterion.unit).into());
    match names::points(language, change.probability) {
        points if points == "0" => say(language, "report-criterion-changes", [name, planned]),
        points => say(language, "report-criterion-changes-holds", [name, planned, ("points", points.into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_dearest_criteria_are_named_first_and_no_more_than_three() {
        let found = fixture::optimisation();
        let rows = rows(&found, Language::English);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].what, "Cup anteversion, by 1\u{b0}");
        let more = rows[0].more.as_ref().unwrap();
        assert_eq!((more.success.as_str(), more.is_worse), ("\u{2212}3.5", true));
        assert_eq!(
            more.criteria,
            [
                "Extension \u{2212}1.2\u{b0} (holds \u{2212}4.0)",
                "Jumping distance \u{2212}0.3 mm (holds \u{2212}0.5)",
                "Flexion +0.8\u{b0}"
            ]
        );
        assert!(rows[0].less.is_none());
    }
}
