//! The page: what its template is filled with.

use super::rows;
use crate::analysis::{Analysis, Data, LEAST_SUBGROUP, Trait};
use crate::store::{Status, Store};
use crate::study::{Cohort, Design};
use anyhow::Result;
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
    let [claimed, others] = rows::interactions(&analysis.interactions);
    let sizes = data.subgroup_sizes();
    let sizes = Trait::ALL.into_iter().zip(sizes).filter(|(_, [a, b])| a + b > 0).map(|(by, [a, b])| {
        let [one, other] = by.names();
        format!("{one} {a}, {other} {b}")
    });
    let (subgroups, subgroups_tested) = rows::subgroups(&analysis.comparisons);
    let plots: Vec<Plot<'_>> = plots.iter().map(|(name, svg)| Plot { name, svg }).collect();

    Ok(environment.render_str(
        TEMPLATE,
        context! {
            title => study.title,
            question => study.question,
            is_virtual => matches!(study.cohort, Cohort::Virtual(_)),
            people => match study.cohort {
                Cohort::Virtual(_) => "virtual patients",
                Cohort::Cases(_) => "cases",
                Cohort::Scans(_) => "hips in CTs",
            },
            patients => data.patients.len(),
            rows => data.rows,
            jobs => status.jobs,
            done => status.done,
            refused => status.refused.values().map(|one| (one.in_words(), one.jobs)).collect::<Vec<_>>(),
            failed => status.failed.len(),
            unusable => status.unusable,
            compared => analysis.comparisons.iter().filter(|one| one.adjusted_p.is_some()).count(),
            interactions => claimed,
            other_interactions => others,
            is_factorial => study.design == Design::Factorial && study.factors.len() > 1,
            interactions_tested => analysis.interactions.iter().filter(|one| one.adjusted_p.is_some()).count(),
            interactions_looked_at => analysis.interactions.len(),
            subgroup_sizes => sizes.collect::<Vec<_>>().join("; "),
            least_subgroup => LEAST_SUBGROUP,
            subgroups => subgroups,
            subgroups_tested => subgroups_tested,
            blocks => status.blocks,
            made => status.made,
            comparisons => analysis.comparisons.iter().map(rows::comparison).collect::<Vec<_>>(),
            distributions => analysis.distributions.iter().map(|one| rows::distribution(store, one)).collect::<Vec<_>>(),
            sensitivities => analysis.sensitivities.iter().map(rows::sensitivity).collect::<Vec<_>>(),
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
