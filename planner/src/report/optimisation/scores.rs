//! The table of criteria: what each asks, and how the plan by rule and the recommended one answer.

use super::names;
use crate::optimise::criteria::{Criterion, Group, Subject};
use crate::optimise::{CriterionScore, Optimisation};
use coxa_locale::Language;
use serde::Serialize;

/// Criteria of one group.
#[derive(Debug, Serialize)]
pub(super) struct Rows {
    heading: String,
    /// Worst first; what is not judged comes last.
    rows: Vec<CriterionRow>,
}

/// One criterion.
#[derive(Debug, Serialize)]
struct CriterionRow {
    name: String,
    meaning: String,
    limit: String,
    ideal: String,
    by_rule: Answer,
    recommended: Answer,
    /// The number is not known of this patient.
    is_unknown: bool,
    is_binding: bool,
}

/// How one plan does.
#[derive(Debug, Serialize)]
struct Answer {
    /// When it is carried out exactly.
    value: String,
    is_missed: bool,
    /// From the fifth to the ninety-fifth percentile.
    range: String,
    chance: String,
    /// Desirability of the value, in per cent of the bar; 50 at the limit.
    bar: Option<f64>,
}

/// A source and the criteria whose bounds rest on it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Source {
    text: String,
    criteria: Vec<String>,
}

/// All criteria in groups; activities apart from motions.
pub(super) fn groups(found: &Optimisation, language: Language) -> Vec<Rows> {
    let scores = found.first.assessment.criteria.iter().zip(&found.recommended.assessment.criteria);
    let mut rows: Vec<(String, [f64; 2], CriterionRow)> = found
        .criteria
        .list
        .iter()
        .zip(scores)
        .map(|(criterion, (by_rule, recommended))| {
            let binding = found.recommended.assessment.binding.as_ref();
            // What is not known sorts behind everything.
            let order = [recommended.probability, recommended.desirability].map(|o| o.unwrap_or(2.0));
            let row = CriterionRow {
                name: names::criterion(language, &criterion.subject),
                meaning: names::meaning(&criterion.subject),
                limit: names::limit(language, criterion),
                ideal: names::ideal(language, criterion),
                by_rule: Answer::new(criterion, by_rule, language),
                recommended: Answer::new(criterion, recommended, language),
                is_unknown: by_rule.probability.is_none() && recommended.probability.is_none(),
                is_binding: binding == Some(&criterion.subject),
            };
            (heading(criterion, language), order, row)
        })
        .collect();
    rows.sort_by(|(_, a, _), (_, b, _)| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let headings = [
        names::group(language, Group::Restoration),
        names::group(language, Group::Fixation),
        names::group(language, Group::Orientation),
        names::group(language, Group::Motion),
        activities(language),
        names::group(language, Group::Stability),
    ];
    let mut groups: Vec<Rows> =
        headings.into_iter().map(|heading| Rows { heading, rows: Vec::new() }).collect();
    for (heading, _, row) in rows {
        if let Some(group) = groups.iter_mut().find(|group| group.heading == heading) {
            group.rows.push(row);
        }
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}

fn heading(criterion: &Criterion, language: Language) -> String {
    match criterion.subject {
        Subject::Activity(_) => activities(language),
        _ => names::group(language, criterion.group),
    }
}

fn activities(language: Language) -> String {
    language.text("report-activities")
}

/// Where the bounds come from, each source once.
pub(super) fn sources(found: &Optimisation, language: Language) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for criterion in &found.criteria.list {
        // The activities share their source, and are many.
        let name = match criterion.subject {
            Subject::Activity(_) => activities(language),
            _ => names::criterion(language, &criterion.subject),
        };
        match sources.iter_mut().find(|source| source.text == criterion.source) {
            Some(source) if source.criteria.contains(&name) => {}
            Some(source) => source.criteria.push(name),
            None => sources.push(Source { text: criterion.source.clone(), criteria: vec![name] }),
        }
    }
    sources
}

impl Answer {
    fn new(criterion: &Criterion, score: &CriterionScore, language: Language) -> Self {
        let unit = criterion.unit;
        let range = score.percentiles.map(|[low, _, high]| names::from_to(language, low, high, unit));
        Answer {
            // What is judged and has no value is missed: the plan leaves it none.
            value: score.planned.map_or_else(
                || language.text("report-no-value"),
                |value| {
                    let or_more = if criterion.is_followed_no_further(value) { "\u{2265} " } else { "" };
                    format!("{or_more}{}", names::figure(language, value, unit))
                },
            ),
            is_missed: score.planned.and_then(|value| criterion.holds(value)) != Some(true),
            range: range.unwrap_or_default(),
            chance: match score.probability {
                Some(share) => names::chance(language, share),
                None => language.text("report-not-judged"),
            },
            bar: score.desirability.map(|d| 100.0 * d.clamp(0.0, 1.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_worst_comes_first_in_its_group_and_what_is_not_judged_last() {
        let groups = groups(&fixture::optimisation(), Language::English);
        let headings: Vec<&str> = groups.iter().map(|g| g.heading.as_str()).collect();
        assert_eq!(headings, ["Fixation", "Motion", "Activities", "Stability"]);
        let names: Vec<&str> = groups[1].rows.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(names, ["Extension", "Flexion"]);
        let extension = &groups[1].rows[0];
        assert_eq!((extension.by_rule.value.as_str(), extension.by_rule.is_missed), ("26.0\u{b0}", true));
        assert_eq!(extension.recommended.chance, "80 %");
        assert_eq!(extension.recommended.range, "27.5 to 45.0\u{b0}");
        assert!(extension.is_binding && !groups[1].rows[1].is_binding);
        let unknown = groups[0].rows.last().unwrap();
        assert!(unknown.is_unknown, "{}", unknown.name);
        assert_eq!(unknown.recommended.chance, "not judged");
    }

    #[test]
    fn a_source_is_given_once_with_all_that_rests_on_it() {
        let mut found = fixture::optimisation();
        let flexion: Subject = "motion.flexion".parse().unwrap();
        let flexion = found.criteria.get(flexion).unwrap().source.clone();
        for criterion in
            found.criteria.list.iter_mut().filter(|c| matches!(c.subject, Subject::Motion { .. }))
        {
            criterion.source.clone_from(&flexion);
        }
        let sources = sources(&found, Language::English);
        let shared = sources.iter().find(|s| s.criteria.len() > 1).unwrap();
        assert_eq!(shared.criteria, ["Flexion", "Extension"]);
    }
}
