//! Time per case by method.

use super::data::{Cells, Data};
use coxa_statistics::{Estimate, FigureStudy, Inference, Interval, Level, quantile};
use serde::Serialize;

/// Time per case of a reader with a method, or of all readers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReaderTime {
    /// Method.
    pub treatment: String,
    /// Reader; `None` of all together.
    pub reader: Option<String>,
    /// Number of readings.
    pub n: usize,
    /// Lower quartile, median and upper quartile, seconds.
    pub quartiles_s: [f64; 3],
}

/// How much longer a method takes than another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimeRatio {
    /// Method that is divided by.
    pub from: String,
    /// The other.
    pub to: String,
    /// Ratio of geometric mean times, for other readers and cases.
    pub ratio: Estimate,
    /// p value of the test that all methods take as long.
    pub p: f64,
}

/// Time per case, without time away from the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Times {
    /// By method, all readers and then each.
    pub by_method: Vec<ReaderTime>,
    /// Ratios of each pair of methods, over readers who read everything; empty below two of them.
    pub ratios: Vec<TimeRatio>,
}

/// Times of readings; `None` where none is known.
pub(super) fn times(data: &Data) -> Option<Times> {
    let cells = data.cells(|row| row.seconds);
    let mut by_method = Vec::new();
    for (treatment, readers) in data.treatments.iter().zip(&cells) {
        let all: Vec<f64> = readers.iter().flatten().flatten().copied().collect();
        by_method.extend(of(treatment, None, &all));
        for (reader, cases) in readers.iter().enumerate() {
            let own: Vec<f64> = cases.iter().flatten().copied().collect();
            by_method.extend(of(treatment, Some(&data.readers[reader]), &own));
        }
    }
    (!by_method.is_empty()).then(|| Times { by_method, ratios: ratios(data, &cells) })
}

/// Ratios after Obuchowski and Rockette, of logarithms of times.
fn ratios(data: &Data, cells: &Cells<f64>) -> Vec<TimeRatio> {
    let complete = data.complete(cells);
    let of_readers = |readers: &Vec<Vec<Option<f64>>>| -> Vec<Vec<f64>> {
        complete.iter().map(|reader| readers[*reader].iter().flatten().copied().collect()).collect()
    };
    let times: Vec<Vec<Vec<f64>>> = cells.iter().map(of_readers).collect();
    let test = FigureStudy::log_times(&times)
        .and_then(|study| study.test(Inference::RandomReadersRandomCases, Level::NINETY_FIVE));
    // Without a reader who read everything, or with a time of 0, there is nothing to compare.
    let Ok(test) = test else { return Vec::new() };
    let ratio = |(from, to, found): &(usize, usize, Estimate)| {
        let ends = found.interval.and_then(|i| Interval::new(i.low.exp(), i.high.exp(), i.level));
        let ratio = Estimate { value: found.value.exp(), interval: ends, n: found.n };
        TimeRatio { from: data.treatments[*from].clone(), to: data.treatments[*to].clone(), ratio, p: test.p }
    };
    test.differences.iter().map(ratio).collect()
}

fn of(treatment: &str, reader: Option<&String>, seconds: &[f64]) -> Option<ReaderTime> {
    let quartile = |share| quantile(seconds, share).ok();
    let quartiles_s = [quartile(0.25)?, quartile(0.5)?, quartile(0.75)?];
    Some(ReaderTime {
        treatment: treatment.to_owned(),
        reader: reader.cloned(),
        n: seconds.len(),
        quartiles_s,
    })
}
