//! Sensitivity and specificity where a rating above the middle of the scale calls a case diseased.

use super::areas::TestOf;
use super::data::{Cells, Data};
use crate::error::ReadersError;
use coxa_statistics::{Estimate, FigureStudy, Inference, Level, StatisticsError};
use serde::Serialize;

/// Sensitivity or specificity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fractions {
    /// By method, then reader, of readers who read everything.
    pub by_reader: Vec<f64>,
    /// Mean over readers of each method, for other readers and cases; for these readers where there is but one.
    pub means: Vec<Estimate>,
    /// Test that all methods are alike; `None` below two readers or methods.
    pub test: Option<TestOf>,
}

/// What readers call diseased.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Operating {
    /// Ratings at or above this call a case diseased.
    pub threshold: f64,
    /// Readers who read everything, in the order of the fractions.
    pub readers: Vec<String>,
    /// Fraction of the diseased that are called so.
    pub sensitivity: Fractions,
    /// Fraction of the others that are not.
    pub specificity: Fractions,
}

/// Fractions at the least whole rating above the middle of the scale, or of the ratings where no scale is known; `None` where no reader read everything or
/// ratings do not vary.
pub(super) fn operating(
    data: &Data,
    cells: &Cells<f64>,
    diseased: &[bool],
) -> Result<Option<Operating>, ReadersError> {
    let complete = data.complete(cells);
    let ratings = cells.iter().flatten().flatten().flatten().copied();
    let seen =
        ratings.fold([f64::INFINITY, f64::NEG_INFINITY], |[l, h], rating| [l.min(rating), h.max(rating)]);
    let [least, most] = data.range.unwrap_or(seen);
    if complete.is_empty() || most <= least {
        return Ok(None);
    }
    let threshold = ((least + most) / 2.0).floor() + 1.0;
    let whole: Vec<Vec<Vec<f64>>> = cells
        .iter()
        .map(|readers| {
            complete.iter().map(|reader| readers[*reader].iter().flatten().copied().collect()).collect()
        })
        .collect();
    let failed = |source| ReadersError::Statistics { what: "sensitivity and specificity".to_owned(), source };
    let of = |study: Result<FigureStudy, StatisticsError>| {
        study.and_then(|study| fractions(data, &study)).map_err(failed)
    };
    Ok(Some(Operating {
        threshold,
        readers: complete.iter().map(|reader| data.readers[*reader].clone()).collect(),
        sensitivity: of(FigureStudy::sensitivities(&whole, diseased, threshold))?,
        specificity: of(FigureStudy::specificities(&whole, diseased, threshold))?,
    }))
}

fn fractions(data: &Data, study: &FigureStudy) -> Result<Fractions, StatisticsError> {
    let level = Level::NINETY_FIVE;
    let readers = study.figures().first().map_or(0, Vec::len);
    let inference = match readers {
        1 => Inference::FixedReadersRandomCases,
        _ => Inference::RandomReadersRandomCases,
    };
    let mean = |method| study.single(method, inference, level).map(|found| found.estimate);
    Ok(Fractions {
        by_reader: study.figures().concat(),
        means: (0..study.figures().len()).map(mean).collect::<Result<_, _>>()?,
        test: study.test(inference, level).ok().map(|test| TestOf::of(data, test)),
    })
}
