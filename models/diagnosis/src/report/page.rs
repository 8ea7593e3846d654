//! The page: what its template is filled with.

use super::checklist::{Checklist, checklist};
use super::figures;
use super::known::known;
use super::rows::{self, number, with_interval};
use crate::evaluation::{DRAWS, Evaluated, PredictorKind};
use crate::manifest::{Manifest, Output};
use crate::run::ModuleRun;
use crate::training::RETRAINED;
use minijinja::{AutoEscape, Environment, Value, context};
use thiserror::Error;

const TEMPLATE: &str = include_str!("../../templates/report.html");
/// So many columns of a model are listed, those that count most.
const MOST_COLUMNS: usize = 20;
/// So many digits of a hash tell files apart for a reader.
const HASH_DIGITS: usize = 12;

/// Why a report could not be made.
#[derive(Debug, Error)]
pub enum ReportError {
    /// There is no list of this name.
    #[error("there is no checklist {0:?}; those there are: tripod-ai, stard, claim")]
    NoList(String),
    /// The template could not be filled.
    #[error("the report could not be written: {0}")]
    Template(#[from] minijinja::Error),
}

/// The report of a run as one HTML page, with the checklists named.
///
/// # Errors
/// A checklist of another name.
pub fn html(manifest: &Manifest, kept: &ModuleRun, lists: &[String]) -> Result<String, ReportError> {
    let known = known(manifest, kept);
    let filled = |name: &String| checklist(name, &known).ok_or_else(|| ReportError::NoList(name.clone()));
    let lists = lists.iter().map(filled).collect::<Result<Vec<Checklist>, _>>()?;
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let short = |hash: &str| hash.chars().take(HASH_DIGITS).collect::<String>();
    let settings = &kept.settings;
    let outputs = kept.results.outputs.iter().map(|evaluated| of_output(manifest, kept, evaluated));
    Ok(environment.render_str(
        TEMPLATE,
        context! {
            title => manifest.title,
            question => manifest.question,
            name => manifest.name,
            intended_use => manifest.intended_use,
            cases => settings.cases,
            patients => settings.patients,
            version => settings.program_version,
            manifest_hash => short(&settings.manifest_sha256),
            table_hash => short(&settings.table_sha256),
            is_example => settings.is_example,
            notes => settings.notes,
            draws => DRAWS,
            retrained => RETRAINED,
            is_network => manifest.network.is_some(),
            is_training => settings.kind.is_training(),
            how => known.get("validation"),
            outputs => outputs.collect::<Vec<_>>(),
            association => kept.results.association.as_ref().map(|found| context! {
                adjusted_for => found.adjusted_for,
                permutations => found.permutations,
                pairs => found.pairs.len(),
                left_out => found.left_out,
                rows => rows::pairs(&found.pairs),
            }),
            card => manifest.card,
            checklists => lists.iter().map(list).collect::<Vec<_>>(),
        },
    )?)
}

fn list(list: &Checklist) -> Value {
    let answered = list.items.iter().filter(|item| item.answer.is_some()).count();
    context! { title => list.title, source => list.source, items => list.items, answered => answered }
}

fn of_output(manifest: &Manifest, kept: &ModuleRun, evaluated: &Evaluated) -> Value {
    let prevalence = match evaluated.counts[..] {
        [no, yes] if no + yes > 0 => yes as f64 / (no + yes) as f64,
        _ => 0.0,
    };
    let detail = evaluated.binary.as_ref();
    let classes = evaluated.classes.iter().zip(&evaluated.counts);
    let measures = evaluated.predictors.first().map(|first| &first.measures[..]).unwrap_or_default();
    let has = |wanted: PredictorKind| evaluated.predictors.iter().any(|one| one.kind == wanted);
    let importance = kept.results.importance.iter().find(|(output, _)| *output == evaluated.output);
    let importance = importance.map(|(_, columns)| {
        let mut columns: Vec<&(String, f64)> = columns.iter().filter(|(_, value)| *value > 0.0).collect();
        columns.sort_by(|a, b| b.1.total_cmp(&a.1));
        columns
            .into_iter()
            .take(MOST_COLUMNS)
            .map(|(name, value)| [name.clone(), number(*value)])
            .collect::<Vec<_>>()
    });
    let model = kept.models.iter().find(|model| model.output == evaluated.output);
    let subgroups = evaluated.subgroups.iter().map(|part| {
        let value = with_interval(part.value.value, part.value.interval.as_ref());
        [part.name.clone(), part.cases.to_string(), value]
    });
    let code = manifest.outputs.iter().find(|output: &&Output| output.id == evaluated.output);
    context! {
        title => evaluated.title,
        code => code.and_then(|output| output.code.clone()),
        cases => evaluated.cases,
        patients => evaluated.patients,
        classes => classes.map(|(class, count)| format!("{class} {count}")).collect::<Vec<_>>(),
        measures => measures.iter().map(|value| value.measure.title()).collect::<Vec<_>>(),
        rows => rows::predictors(evaluated),
        has_ceiling => has(PredictorKind::Ceiling),
        has_shuffled => has(PredictorKind::Chance),
        plots => detail.map(|detail| figures::binary(detail, prevalence)),
        calibration_index => detail.map(|detail| number(detail.smooth.index)),
        thresholds => detail.map(thresholds),
        importance => importance,
        model => model.map(|model| model.candidate.clone()),
        subgroups => subgroups.collect::<Vec<_>>(),
    }
}

fn thresholds(detail: &crate::evaluation::BinaryDetail) -> Vec<[String; 7]> {
    let row = |named: &crate::evaluation::NamedPoint| {
        let point = &named.point;
        let estimate = |of: &coxa_statistics::Estimate| with_interval(Some(of.value), of.interval.as_ref());
        let maybe = |of: &Option<coxa_statistics::Estimate>| {
            of.as_ref().map(estimate).unwrap_or_else(|| "\u{2013}".into())
        };
        [
            named.name.clone(),
            number(point.threshold),
            estimate(&point.sensitivity),
            estimate(&point.specificity),
            maybe(&point.positive_predictive_value),
            maybe(&point.negative_predictive_value),
            format!(
                "{}, {}, {}, {}",
                point.true_positives, point.false_negatives, point.false_positives, point.true_negatives
            ),
        ]
    };
    detail.thresholds.iter().map(row).collect()
}
