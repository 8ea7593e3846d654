//! Areas under ROC curves, and whether methods differ.

use super::data::{Cells, Data};
use crate::error::ReadersError;
use coxa_statistics::{
    Components, Covariances, CurvePoint, Estimate, Inference, Level, MethodTest, Ratings, ReaderStudy,
};
use serde::Serialize;

/// The area of one reader with one method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaOf {
    /// Method.
    pub treatment: String,
    /// Reader.
    pub reader: String,
    /// Area with its interval (DeLong).
    pub area: Estimate,
    /// Points of the empirical curve.
    pub curve: Vec<CurvePoint>,
}

/// The difference of two methods.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodComparison {
    /// The method that is taken away.
    pub from: String,
    /// The method it is taken from.
    pub to: String,
    /// Mean area of `to` less that of `from`.
    pub difference: Estimate,
}

/// Test that all methods are alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestOf {
    /// Whom the answer is for.
    pub inference: Inference,
    /// F statistic.
    pub f: f64,
    /// Degrees of freedom of its numerator.
    pub df1: f64,
    /// Of its denominator; `None` where it is infinite.
    pub df2: Option<f64>,
    /// Probability of so large an F where all methods are alike.
    pub p: f64,
    /// Differences of methods.
    pub differences: Vec<MethodComparison>,
}

/// Variance components and tests by one way to estimate covariances. The fields of `var` to `p` are those of random readers and random cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tests {
    /// Components of Obuchowski and Rockette.
    #[serde(flatten)]
    pub components: Components,
    /// Random readers and random cases.
    #[serde(flatten)]
    pub random: TestOf,
    /// These readers of other cases.
    pub fixed_readers: TestOf,
    /// Other readers of these cases.
    pub fixed_cases: TestOf,
}

/// Areas of all readers and methods.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Areas {
    /// Areas alone, by method, then reader.
    pub auc: Vec<f64>,
    /// Areas with intervals and curves, in the same order.
    pub areas: Vec<AreaOf>,
    /// Mean area of each method over the readers, in their order.
    pub means: Vec<f64>,
    /// Over jackknife covariances; `None` below two readers or methods.
    pub jackknife: Option<Tests>,
    /// Over DeLong's covariances.
    pub delong: Option<Tests>,
}

/// Areas of ratings; of readers who did not rate all, those of the cases they rated, and no test.
pub(super) fn areas(
    data: &Data,
    cells: &Cells<f64>,
    diseased: &[bool],
    notes: &mut Vec<String>,
) -> Result<Areas, ReadersError> {
    let level = Level::NINETY_FIVE;
    let (mut areas, mut auc) = (Vec::new(), Vec::new());
    let mut means = Vec::new();
    for (treatment, readers) in data.treatments.iter().zip(cells) {
        let mut of_method = Vec::new();
        for (reader, cases) in data.readers.iter().zip(readers) {
            let rated: Vec<(f64, bool)> =
                cases.iter().zip(diseased).filter_map(|(rating, is)| Some(((*rating)?, *is))).collect();
            let (ratings, is): (Vec<f64>, Vec<bool>) = rated.into_iter().unzip();
            if ratings.is_empty() {
                notes.push(format!("{reader} has rated nothing with the method {treatment}"));
                continue;
            }
            let ratings = match Ratings::new(&ratings, &is) {
                Ok(ratings) => ratings,
                Err(source) => {
                    notes.push(format!("no area of {reader} with the method {treatment}: {source}"));
                    continue;
                }
            };
            let area = ratings.estimate(level);
            of_method.push(area.value);
            auc.push(area.value);
            areas.push(AreaOf {
                treatment: treatment.clone(),
                reader: reader.clone(),
                area,
                curve: ratings.curve().points,
            });
        }
        means.push(of_method.iter().sum::<f64>() / (of_method.len() as f64).max(1.0));
    }
    let complete = data.complete(cells);
    let is_partial = complete.len() < data.readers.len();
    let (mut jackknife, mut delong) = (None, None);
    if complete.len() >= 2 && data.treatments.len() >= 2 {
        if is_partial {
            let left: Vec<&str> = (0..data.readers.len())
                .filter(|r| !complete.contains(r))
                .map(|r| data.readers[r].as_str())
                .collect();
            notes.push(format!(
                "tests leave out readers who did not rate every case with every method: {}",
                left.join(", ")
            ));
        }
        let ratings: Vec<Vec<Vec<f64>>> = cells
            .iter()
            .map(|readers| {
                complete.iter().map(|reader| readers[*reader].iter().flatten().copied().collect()).collect()
            })
            .collect();
        let study = ReaderStudy::new(&ratings, diseased)
            .map_err(|source| ReadersError::Statistics { what: "the test of methods".to_owned(), source })?;
        jackknife = Some(tests(data, &study, Covariances::Jackknife, level));
        delong = Some(tests(data, &study, Covariances::DeLong, level));
    } else if data.treatments.len() >= 2 {
        notes.push(
            "fewer than two readers rated every case with every method, so that methods are not tested"
                .to_owned(),
        );
    }
    Ok(Areas { auc, areas, means, jackknife, delong })
}

fn tests(data: &Data, study: &ReaderStudy, by: Covariances, level: Level) -> Tests {
    let of = |inference| TestOf::of(data, study.test(by, inference, level));
    Tests {
        components: study.components(by),
        random: of(Inference::RandomReadersRandomCases),
        fixed_readers: of(Inference::FixedReadersRandomCases),
        fixed_cases: of(Inference::RandomReadersFixedCases),
    }
}

impl TestOf {
    /// A test, its methods by name.
    pub(super) fn of(data: &Data, test: MethodTest) -> TestOf {
        let MethodTest { inference, f, df1, df2, p, differences } = test;
        let name = |place: usize| data.treatments.get(place).cloned().unwrap_or_default();
        let differences = differences
            .into_iter()
            .map(|(from, to, difference)| MethodComparison { from: name(from), to: name(to), difference })
            .collect();
        TestOf { inference, f, df1, df2: Some(df2).filter(|df2| df2.is_finite()), p, differences }
    }
}
