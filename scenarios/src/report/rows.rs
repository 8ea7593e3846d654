//! Rows of the page's tables, as its template takes them.

use crate::analysis::{Comparison, Distribution, Extreme, Interaction, Sensitivity, Subgroups};
use crate::case_of_job;
use crate::store::Store;
use coxa_statistics::{Estimate, Summary};
use minijinja::{Value, context};

/// What is shown as 0: no quantity is known so well.
const NOTHING: f64 = 1e-9;

/// A number with three significant digits and a true minus.
fn shown(value: f64) -> String {
    let digits =
        if value.abs() < NOTHING { 0 } else { (2.0 - value.abs().log10().floor()).clamp(0.0, 6.0) as usize };
    format!("{value:.digits$}").replace('-', "\u{2212}")
}

fn with_interval(estimate: &Estimate) -> String {
    match &estimate.interval {
        Some(interval) => {
            format!("{} ({} to {})", shown(estimate.value), shown(interval.low), shown(interval.high))
        }
        None => shown(estimate.value),
    }
}

fn p_value(p: Option<f64>) -> String {
    match p {
        None => String::new(),
        Some(p) if p < 0.001 => "< 0.001".into(),
        Some(p) => format!("{p:.3}"),
    }
}

pub(super) fn comparison(one: &Comparison) -> Value {
    let found = one.found.as_ref();
    context! {
        quantity => one.output.name(),
        unit => one.output.unit(),
        change => one.change(),
        pairs => one.pairs,
        difference => match found {
            Some(found) => with_interval(&found.difference),
            None => "too few patients".to_owned(),
        },
        effect => found.and_then(|found| found.effect_size.as_ref()).map(with_interval).unwrap_or_default(),
        exceeds => found.map(|found| percent(&found.exceeds)).unwrap_or_default(),
        p => p_value(one.adjusted_p),
    }
}

fn percent(estimate: &Estimate) -> String {
    let of = |value: f64| format!("{:.0}", 100.0 * value);
    match &estimate.interval {
        Some(interval) => format!("{} ({} to {})", of(estimate.value), of(interval.low), of(interval.high)),
        None => of(estimate.value),
    }
}

pub(super) fn distribution(store: &Store, one: &Distribution) -> Value {
    let named = |list: &[Extreme]| list.iter().map(|one| extreme(store, one)).collect::<Vec<_>>();
    let level = |(factor, level, summary): &(String, String, Option<Summary>)| {
        context! { quantity => format!("{factor} {level}"), ..summarised(summary.as_ref()) }
    };
    context! {
        quantity => one.output.name(),
        unit => one.output.unit(),
        rows => one.rows,
        levels => one.by_level.iter().map(level).collect::<Vec<_>>(),
        least => named(&one.extremes[0]),
        greatest => named(&one.extremes[1]),
        ..summarised(one.summary.as_ref())
    }
}

fn summarised(summary: Option<&Summary>) -> Value {
    context! {
        patients => summary.map_or(0, |summary| summary.mean.n),
        mean => summary.map(|summary| with_interval(&summary.mean)).unwrap_or_default(),
        sd => summary.and_then(|summary| summary.standard_deviation).map(shown).unwrap_or_default(),
        quartiles => summary.map(|s| format!("{}, {}, {}", shown(s.lower_quartile), shown(s.median), shown(s.upper_quartile))).unwrap_or_default(),
    }
}

/// A patient at one end, with the report of its case where the case was made.
fn extreme(store: &Store, one: &Extreme) -> Value {
    let report = case_of_job::folder(store, one.job).join("report.html");
    let link =
        report.is_file().then(|| report.strip_prefix(store.folder()).map(|path| path.display().to_string()));
    context! {
        patient => one.patient,
        mean => shown(one.mean),
        value => shown(one.value),
        job => one.job,
        link => link.and_then(Result::ok),
    }
}

/// Interactions that are listed at most, those that are claimed and the others.
const MOST_INTERACTIONS: usize = 100;
/// Claimed at this p value, after adjustment.
const CLAIMED: f64 = 0.05;

/// Interactions, those with the least p value first, as far as they are listed: those that are claimed, and the others.
pub(super) fn interactions(all: &[Interaction]) -> [Vec<Value>; 2] {
    let mut sorted: Vec<&Interaction> = all.iter().collect();
    // Those without a p value come last.
    let p = |one: &Interaction| one.adjusted_p.unwrap_or(2.0);
    sorted.sort_by(|a, b| p(a).total_cmp(&p(b)));
    let (claimed, others): (Vec<_>, Vec<_>) = sorted.into_iter().partition(|one| p(one) <= CLAIMED);
    [claimed, others].map(|list| list.into_iter().take(MOST_INTERACTIONS).map(interaction).collect())
}

fn interaction(one: &Interaction) -> Value {
    let [effect, from, to] = &one.effect;
    let [by, first, other] = &one.by;
    context! {
        quantity => one.output.name(),
        unit => one.output.unit(),
        effect => format!("{effect}: {from} \u{2192} {to}"),
        by => format!("{by}: {other} instead of {first}"),
        pairs => one.found.difference.n,
        difference => with_interval(&one.found.difference),
        p => p_value(one.adjusted_p),
    }
}

/// Subgroups between which a difference is claimed, and how many were looked at.
pub(super) fn subgroups(comparisons: &[Comparison]) -> (Vec<Value>, usize) {
    let all = comparisons.iter().flat_map(|one| one.subgroups.iter().map(move |found| (one, found)));
    let row = |(one, found): (&Comparison, &Subgroups)| {
        let [a, b] = found.by.names();
        context! {
            quantity => one.output.name(),
            unit => one.output.unit(),
            change => one.change(),
            names => [a, b],
            differences => [0, 1].map(|which| format!("{}, n = {}", with_interval(&found.found[which]), found.found[which].n)),
            p => p_value(found.adjusted_p),
        }
    };
    let claimed = all.clone().filter(|(_, found)| found.adjusted_p.is_some_and(|p| p <= CLAIMED));
    (claimed.map(row).collect(), all.filter(|(_, found)| found.adjusted_p.is_some()).count())
}

pub(super) fn sensitivity(one: &Sensitivity) -> Value {
    let [method, first, total] = match one.method {
        "sobol_indices" => ["Sobol' indices (Saltelli 2010, Jansen 1999)", "first order", "total"],
        "morris" => [
            "elementary effects (Morris 1991), over the whole range; of a normal distribution from its 0.5th to its 99.5th percentile",
            "mean",
            "mean of absolute values",
        ],
        _ => ["standardised regression coefficients of the factors that are numbers", "coefficient", ""],
    };
    let factors = one.factors.iter().map(|effect| {
        context! {
            factor => effect.factor,
            first => with_interval(&effect.first),
            total => effect.total.as_ref().map(with_interval).unwrap_or_default(),
        }
    });
    context! {
        quantity => one.output.name(),
        method => method,
        first => first,
        total => total,
        patients => one.patients,
        r_squared => one.r_squared.map(|r| format!("{r:.2}")),
        factors => factors.collect::<Vec<_>>(),
    }
}
