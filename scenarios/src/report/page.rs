//! The page: what its template is filled with.

use crate::analysis::{Analysis, Comparison, Data, Distribution, Sensitivity};
use crate::store::{Status, Store};
use crate::study::Cohort;
use anyhow::Result;
use coxa_statistics::Estimate;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

const TEMPLATE: &str = include_str!("../../templates/report.html");

/// The page as HTML.
pub(super) fn html(
    store: &Store,
    data: &Data,
    analysis: &Analysis,
    status: &Status,
    plots: &[(String, String)],
) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let study = &store.study;
    let plots: Vec<Plot<'_>> = plots.iter().map(|(name, svg)| Plot { name, svg }).collect();

    Ok(environment.render_str(
        TEMPLATE,
        context! {
            title => study.title,
            question => study.question,
            is_virtual => matches!(study.cohort, Cohort::Virtual(_)),
            patients => data.patients.len(),
            rows => data.rows,
            jobs => status.jobs,
            done => status.done,
            refused => status.refused.iter().collect::<Vec<_>>(),
            failed => status.failed.len(),
            unusable => status.unusable,
            factors => study.factors.iter().map(|factor| &factor.name).collect::<Vec<_>>(),
                        compared => analysis.comparisons.len(),
            blocks => status.blocks,
            made => status.made,
            comparisons => analysis.comparisons.iter().map(compared_row).collect::<Vec<_>>(),
            distributions => analysis.distributions.iter().map(distribution_row).collect::<Vec<_>>(),
            sensitivities => analysis.sensitivities.iter().map(sensitivity_table).collect::<Vec<_>>(),
            plots => plots,
            seed => study.seed,
            identity => store.identity(),
            version => coxa_case::folder::version(),
        },
    )?)
}

#[derive(Serialize)]
struct Plot<'a> {
    name: &'a str,
    svg: &'a str,
}

/// A number with three significant digits and a true minus.
fn shown(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { (2.0 - value.abs().log10().floor()).clamp(0.0, 6.0) as usize };
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

fn compared_row(one: &Comparison) -> minijinja::Value {
    let found = one.found.as_ref();
    context! {
        quantity => one.output.name(),
        unit => one.output.unit(),
        change => format!("{}: {} \u{2192} {}", one.factor, one.from, one.to),
        pairs => found.map_or(0, |found| found.difference.n),
        difference => found.map(|found| with_interval(&found.difference)).unwrap_or_default(),
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

fn distribution_row(one: &Distribution) -> minijinja::Value {
    let named = |list: &[(String, f64)]| {
        let one = |(name, value): &(String, f64)| format!("{name} ({})", shown(*value));
        list.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let summary = one.summary.as_ref();
    context! {
        quantity => one.output.name(),
        unit => one.output.unit(),
        patients => summary.map_or(0, |summary| summary.mean.n),
        mean => summary.map(|summary| with_interval(&summary.mean)).unwrap_or_default(),
        sd => summary.and_then(|summary| summary.standard_deviation).map(shown).unwrap_or_default(),
        quartiles => summary.map(|s| format!("{}, {}, {}", shown(s.lower_quartile), shown(s.median), shown(s.upper_quartile))).unwrap_or_default(),
        least => named(&one.extremes[0]),
        greatest => named(&one.extremes[1]),
    }
}

fn sensitivity_table(one: &Sensitivity) -> minijinja::Value {
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
