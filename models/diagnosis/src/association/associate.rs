//! Rank correlations of measures with scores.

use crate::cases::{Cases, Column, encode};
use crate::manifest::{Association, Input, Manifest, Value};
use crate::training::patients;
use coxa_learning::LearningError;
use coxa_statistics::{
    Correlation, CorrelationOfMany, Level, ManyCorrelations, Permutations, StatisticsError, many_correlations,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A measure is compared where so many cases have it: with fewer an interval says nothing.
const LEAST_CASES: usize = 10;

/// A comparison is claimed up to this family-wise p value.
const CLAIM: f64 = 0.05;

/// Why nothing could be compared.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum AssociationError {
    /// The module compares nothing.
    #[error("the module predicts, and has no [association]")]
    NoAssociation,
    /// No measure has enough values.
    #[error("no measure has values in {LEAST_CASES} cases that have a score too")]
    NothingKnown,
    /// The adjustment cannot be made.
    #[error(transparent)]
    Adjustment(#[from] LearningError),
    /// The statistics cannot be computed.
    #[error(transparent)]
    Statistics(#[from] StatisticsError),
}

/// All comparisons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Associated {
    /// Cases.
    pub cases: usize,
    /// Patients that they are of.
    pub patients: usize,
    /// Permutations of patients.
    pub permutations: usize,
    /// Titles of what partial correlations adjust for.
    pub adjusted_for: Vec<String>,
    /// Titles of measures that too few cases have.
    pub left_out: Vec<String>,
    /// The comparisons, by score, then measure.
    pub pairs: Vec<Pair>,
}

/// A measure against a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Id of the measure.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// Column of the score.
    pub score: String,
    /// Its title.
    pub score_title: String,
    /// Whether more of the score is better for the patient.
    pub more_is_better: bool,
    /// Spearman's correlation; `None` where one of them does not vary.
    pub plain: CorrelationTest,
    /// What remains of it when the adjustment is taken out; `None` without one.
    pub adjusted: Option<CorrelationTest>,
}

/// A correlation and its chances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrelationTest {
    /// The correlation with its interval.
    pub correlation: Option<Correlation>,
    /// p value of this comparison alone, by permutation.
    pub p: Option<f64>,
    /// p value against the largest of all comparisons (family-wise error).
    pub p_family: Option<f64>,
    /// p value for the false discovery rate (Benjamini and Hochberg).
    pub p_false_discovery: Option<f64>,
}

impl Pair {
    /// What the pair is judged by: the adjusted comparison where there is one.
    pub fn judged_by(&self) -> &CorrelationTest {
        self.adjusted.as_ref().unwrap_or(&self.plain)
    }

    /// Whether a correlation is claimed: family-wise p of at most 0.05.
    pub fn is_claimed(&self) -> bool {
        self.judged_by().p_family.is_some_and(|p| p <= CLAIM)
    }
}

impl From<CorrelationOfMany> for CorrelationTest {
    fn from(of: CorrelationOfMany) -> CorrelationTest {
        CorrelationTest {
            correlation: of.correlation,
            p: of.p_permutation,
            p_family: of.p_family,
            p_false_discovery: of.p_false_discovery,
        }
    }
}

/// Compares the numeric inputs, but for those that are adjusted for, with the scores: as they are, and adjusted.
///
/// # Errors
/// A module without `[association]`; too few cases; adjustment by something that does not vary or follows from the rest.
pub fn associate(cases: &Cases, manifest: &Manifest) -> Result<Associated, AssociationError> {
    let Some(association) = &manifest.association else { return Err(AssociationError::NoAssociation) };
    let scores: Vec<Vec<f64>> =
        association.scores.iter().map(|score| numbers(cases.truths.get(&score.column))).collect();
    let is_measure = |input: &&Input| {
        let is_number = matches!(input.value, Value::Number(_) | Value::Feature(..) | Value::Muscle(..));
        is_number && !association.adjust_for.contains(&input.id)
    };
    let all = manifest.inputs.iter().filter(is_measure);
    let all: Vec<(&Input, Vec<f64>)> =
        all.map(|input| (input, numbers(cases.inputs.get(&input.id)))).collect();
    let is_known = |values: &Vec<f64>| {
        let both = |score: &Vec<f64>| {
            values.iter().zip(score).filter(|(a, b)| a.is_finite() && b.is_finite()).count()
        };
        scores.iter().any(|score| both(score) >= LEAST_CASES)
    };
    let (known, unknown): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, values)| is_known(values));
    if known.is_empty() {
        return Err(AssociationError::NothingKnown);
    }
    let groups = patients(cases);
    let permutations = Permutations { draws: association.permutations, seed: association.seed };
    let x: Vec<Vec<f64>> = known.iter().map(|(_, values)| values.clone()).collect();
    let covariates = covariates(cases, manifest, association)?;
    let of = |covariates: &[Vec<f64>]| {
        let of = ManyCorrelations { x: &x, y: &scores, covariates, groups: Some(&groups) };
        many_correlations(of, permutations, Level::NINETY_FIVE)
    };
    let plain = of(&[])?;
    let adjusted = if covariates.is_empty() { None } else { Some(of(&covariates)?) };
    let pair = |(place, found): (usize, CorrelationOfMany)| {
        let (input, score) = (known[found.x].0, &association.scores[found.y]);
        Pair {
            measure: input.id.clone(),
            title: input.title.clone(),
            score: score.column.clone(),
            score_title: score.title.clone(),
            more_is_better: score.more_is_better,
            adjusted: adjusted.as_ref().map(|all| all[place].clone().into()),
            plain: found.into(),
        }
    };
    let mut pairs: Vec<Pair> = plain.into_iter().enumerate().map(pair).collect();
    pairs.sort_by_key(|pair| association.scores.iter().position(|score| score.column == pair.score));
    let title = |id: &String| manifest.input(id).map_or(id.as_str(), |input| &input.title).to_owned();
    Ok(Associated {
        cases: cases.len(),
        patients: groups.iter().max().map_or(0, |last| last + 1),
        permutations: association.permutations,
        adjusted_for: association.adjust_for.iter().map(title).collect(),
        left_out: unknown.into_iter().map(|(input, _)| input.title.clone()).collect(),
        pairs,
    })
}

fn numbers(column: Option<&Column>) -> Vec<f64> {
    match column {
        Some(Column::Numbers(values)) => values.clone(),
        _ => Vec::new(),
    }
}

/// Columns that are adjusted for; of several classes all but the first, which the others determine.
fn covariates(
    cases: &Cases,
    manifest: &Manifest,
    association: &Association,
) -> Result<Vec<Vec<f64>>, LearningError> {
    let mut columns = Vec::new();
    for id in &association.adjust_for {
        let table = encode(cases, manifest, std::slice::from_ref(id))?;
        let is_many = table.columns() > 1;
        columns.extend((usize::from(is_many)..table.columns()).map(|place| table.column(place).to_vec()));
    }
    Ok(columns)
}
