//! Agreement of readers with each other, and with the truth where it is a class.

use super::data::{Cells, Data, Truth};
use coxa_statistics::{Estimate, KappaWeights, Level, intraclass, kappa, proportion};
use serde::Serialize;

/// Ratings on a scale of so many grades or fewer are compared as classes.
const MOST_GRADES: f64 = 20.0;

/// Agreement of two readers with one method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairAgreement {
    /// Method.
    pub treatment: String,
    /// The readers.
    pub readers: [String; 2],
    /// Cohen's kappa; `None` where both give all cases one class.
    pub kappa: Option<Estimate>,
}

/// Agreement of readers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Weights of kappa: none of classes without an order, else by the square of the distance.
    pub weights: Option<KappaWeights>,
    /// Kappa of each pair of readers with each method; empty where ratings are not on a scale of few grades.
    pub pairs: Vec<PairAgreement>,
    /// ICC(2,1) of all readers who rated every case, by method; `None` of classes and of ratings that do not vary.
    pub intraclass: Vec<(String, Option<Estimate>)>,
}

/// How well a reader names classes with one method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfClasses {
    /// Method.
    pub treatment: String,
    /// Reader.
    pub reader: String,
    /// Fraction of cases whose class is named rightly.
    pub accuracy: Estimate,
    /// Kappa of reader and truth.
    pub kappa: Option<Estimate>,
    /// Cases by true class, then named class.
    pub table: Vec<Vec<usize>>,
}

/// Agreement of all pairs.
pub(super) fn agreement(data: &Data, cells: &Cells<f64>, notes: &mut Vec<String>) -> Agreement {
    let level = Level::NINETY_FIVE;
    let grades = grades(data, cells);
    let weights = match data.classes.is_empty() || data.ordered {
        true => KappaWeights::Quadratic,
        false => KappaWeights::None,
    };
    let (mut pairs, mut all) = (Vec::new(), Vec::new());
    for (treatment, readers) in data.treatments.iter().zip(cells) {
        for a in 0..readers.len() {
            for b in a + 1..readers.len() {
                let Some((least, count)) = grades else { continue };
                let place = |rating: f64| (rating - least) as usize;
                let both = readers[a]
                    .iter()
                    .zip(&readers[b])
                    .filter_map(|(a, b)| Some((place((*a)?), place((*b)?))));
                let (one, other): (Vec<usize>, Vec<usize>) = both.unzip();
                let names = [a, b].map(|reader| data.readers[reader].clone());
                match kappa(&one, &other, count, weights, level) {
                    Ok(kappa) => {
                        pairs.push(PairAgreement { treatment: treatment.clone(), readers: names, kappa });
                    }
                    Err(source) => {
                        notes.push(format!(
                            "no kappa of {} and {} with the method {treatment}: {source}",
                            names[0], names[1]
                        ));
                    }
                }
            }
        }
        if data.classes.is_empty() {
            let whole: Vec<&Vec<Option<f64>>> =
                readers.iter().filter(|cases| cases.iter().all(Option::is_some)).collect();
            let by_case: Vec<Vec<f64>> = (0..data.cases.len())
                .map(|case| whole.iter().filter_map(|cases| cases[case]).collect())
                .collect();
            let found = if whole.len() >= 2 { intraclass(&by_case, level).ok().flatten() } else { None };
            all.push((treatment.clone(), found));
        }
    }
    Agreement { weights: grades.map(|_| weights), pairs, intraclass: all }
}

/// Lowest grade and number of grades, where ratings are whole numbers of few.
fn grades(data: &Data, cells: &Cells<f64>) -> Option<(f64, usize)> {
    if !data.classes.is_empty() {
        return Some((0.0, data.classes.len()));
    }
    let ratings = || cells.iter().flatten().flatten().flatten().copied();
    let (least, most) = match data.range {
        Some([least, most]) => (least, most),
        None => ratings()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), rating| (l.min(rating), h.max(rating))),
    };
    let is_few = most - least < MOST_GRADES && most > least && ratings().all(|rating| rating.fract() == 0.0);
    is_few.then_some((least, (most - least) as usize + 1))
}

/// How well readers name classes; empty of ratings of disease.
pub(super) fn of_classes(data: &Data, cells: &Cells<f64>, notes: &mut Vec<String>) -> Vec<OfClasses> {
    let level = Level::NINETY_FIVE;
    let truths: Vec<usize> = data
        .cases
        .iter()
        .filter_map(|(_, truth)| match truth {
            Truth::Class(place) => Some(*place),
            Truth::Disease(_) => None,
        })
        .collect();
    if data.classes.is_empty() || truths.len() != data.cases.len() {
        return Vec::new();
    }
    let weights = if data.ordered { KappaWeights::Quadratic } else { KappaWeights::None };
    let mut found = Vec::new();
    for (treatment, readers) in data.treatments.iter().zip(cells) {
        for (reader, cases) in data.readers.iter().zip(readers) {
            let named: Vec<(usize, usize)> = cases
                .iter()
                .zip(&truths)
                .filter_map(|(class, truth)| Some((*truth, (*class)? as usize)))
                .collect();
            let count = data.classes.len();
            let mut table = vec![vec![0; count]; count];
            named.iter().for_each(|(truth, class)| table[*truth][*class] += 1);
            let (truth, class): (Vec<usize>, Vec<usize>) = named.into_iter().unzip();
            let right = truth.iter().zip(&class).filter(|(a, b)| a == b).count();
            let accuracy = proportion(right, truth.len(), level);
            match (accuracy, kappa(&truth, &class, count, weights, level)) {
                (Ok(accuracy), Ok(kappa)) => {
                    let (treatment, reader) = (treatment.clone(), reader.clone());
                    found.push(OfClasses { treatment, reader, accuracy, kappa, table });
                }
                (Err(source), _) | (_, Err(source)) => {
                    notes.push(format!(
                        "no agreement of {reader} with the truth with the method {treatment}: {source}"
                    ));
                }
            }
        }
    }
    found
}
