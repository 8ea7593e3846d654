//! Intraclass correlations of numbers that readers give to cases.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::student;
use serde::{Deserialize, Serialize};

/// The intraclass correlation ICC(2,1) of numbers by case, then reader: absolute agreement of single readings, readers and cases at random, with its F
/// interval (Shrout and Fleiss 1979, Psychol Bull 86:420; McGraw and Wong 1996, Psychol Methods 1:30). Numbers that do not vary have none.
///
/// # Errors
/// Lengths of cases that differ; too few below two cases or readers; too large where a number is not finite.
pub fn intraclass(readings: &[Vec<f64>], level: Level) -> Result<Option<Estimate>, StatisticsError> {
    let squares = Squares::of(readings)?;
    let Squares { n, k, rows, columns, error, .. } = squares;
    let total = rows + (k - 1.0) * error + k * (columns - error) / n;
    if total <= 0.0 || squares.is_rounding() {
        return Ok(None);
    }
    let value = (rows - error) / total;
    let (a, b) = (k * value / (n * (1.0 - value)), 1.0 + k * value * (n - 1.0) / (n * (1.0 - value)));
    let (by_reader, by_rest) = (a * columns, b * error);
    let freedom = (by_reader + by_rest).powi(2)
        / (by_reader.powi(2) / (k - 1.0) + by_rest.powi(2) / ((n - 1.0) * (k - 1.0)));
    let tail = level.error() / 2.0;
    let both = k * columns + (k * n - k - n) * error;
    let lower = student::f_quantile(tail, n - 1.0, freedom);
    let upper = student::f_quantile(tail, freedom, n - 1.0);
    let low = n * (rows - lower * error) / (lower * both + n * rows);
    let high = n * (upper * rows - error) / (both + n * upper * rows);
    Ok(Some(Estimate { value, interval: Interval::new(low, high, level), n: readings.len() }))
}

/// What an intraclass correlation is of (Shrout and Fleiss 1979; the names of McGraw and Wong 1996 in brackets).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntraclassKind {
    /// ICC(1,1): each case read by other readers.
    OneWay,
    /// ICC(2,1) (A,1): the same readers, who stand for others; agreement in value.
    Agreement,
    /// ICC(3,1) (C,1): these readers alone; a constant difference between them does not count.
    Consistency,
}

/// An intraclass correlation of single readings, or of the mean of all readers (ICC(1,k), (2,k), (3,k)), with its F interval, as R's psych has them.
/// [`intraclass`] is the one of agreement of single readings.
///
/// # Errors
/// As [`intraclass`].
pub fn intraclass_of(
    readings: &[Vec<f64>],
    kind: IntraclassKind,
    of_mean: bool,
    level: Level,
) -> Result<Option<Estimate>, StatisticsError> {
    let squares = Squares::of(readings)?;
    let Squares { n, k, rows, columns, error, .. } = squares;
    if squares.is_rounding() {
        return Ok(None);
    }
    // From the correlation of one reading to that of a mean (Spearman and Brown).
    let stepped = |one: f64| if of_mean { k * one / (1.0 + (k - 1.0) * one) } else { one };
    if kind == IntraclassKind::Agreement {
        let found = intraclass(readings, level)?;
        return Ok(found.and_then(|one| {
            let interval =
                one.interval.and_then(|of| Interval::new(stepped(of.low), stepped(of.high), level));
            let value = stepped(one.value);
            value.is_finite().then_some(Estimate { value, interval, n: one.n })
        }));
    }
    let (rest, freedom) = match kind {
        IntraclassKind::OneWay => {
            // Squares of readers and rest together.
            (((n - 1.0) * (k - 1.0) * error + (k - 1.0) * columns) / (n * (k - 1.0)), n * (k - 1.0))
        }
        _ => (error, (n - 1.0) * (k - 1.0)),
    };
    let one = |f: f64| (f - 1.0) / (f + k - 1.0);
    if rest <= 0.0 {
        return Ok(Some(Estimate { value: 1.0, interval: None, n: readings.len() }));
    }
    let (f, tail) = (rows / rest, level.error() / 2.0);
    let low = f / student::f_quantile(tail, n - 1.0, freedom);
    let high = f * student::f_quantile(tail, freedom, n - 1.0);
    let value = stepped(one(f));
    let interval = Interval::new(stepped(one(low)), stepped(one(high)), level);
    Ok(value.is_finite().then_some(Estimate { value, interval, n: readings.len() }))
}

/// Mean squares of readings by case, then reader.
struct Squares {
    /// Cases and readers.
    n: f64,
    k: f64,
    /// Of cases, of readers, of the rest.
    rows: f64,
    columns: f64,
    error: f64,
    /// Mean of all readings.
    all: f64,
}

impl Squares {
    /// # Errors
    /// As [`intraclass`].
    fn of(readings: &[Vec<f64>]) -> Result<Squares, StatisticsError> {
        let (cases, readers) = (readings.len(), readings.first().map_or(0, Vec::len));
        for (what, found) in [("cases", cases), ("readers", readers)] {
            if found < 2 {
                return Err(StatisticsError::TooFew { what, needed: 2, found });
            }
        }
        if let Some(other) = readings.iter().find(|case| case.len() != readers) {
            let (expected, found) = (readers, other.len());
            return Err(StatisticsError::Lengths { what: "readings of the cases", expected, found });
        }
        if readings.iter().flatten().any(|reading| !reading.is_finite()) {
            return Err(StatisticsError::TooLarge);
        }
        let (n, k) = (cases as f64, readers as f64);
        let of_case: Vec<f64> = readings.iter().map(|case| case.iter().sum::<f64>() / k).collect();
        let of_reader: Vec<f64> =
            (0..readers).map(|reader| readings.iter().map(|case| case[reader]).sum::<f64>() / n).collect();
        let all = of_case.iter().sum::<f64>() / n;
        let squares = |means: &[f64]| means.iter().map(|mean| (mean - all).powi(2)).sum::<f64>();
        let (rows, columns) = (k * squares(&of_case) / (n - 1.0), n * squares(&of_reader) / (k - 1.0));
        let rest = readings.iter().zip(&of_case).flat_map(|(case, mean)| {
            case.iter().zip(&of_reader).map(move |(reading, reader)| (reading - mean - reader + all).powi(2))
        });
        let error = rest.sum::<f64>() / ((n - 1.0) * (k - 1.0));
        Ok(Squares { n, k, rows, columns, error, all })
    }

    /// Whether readings vary by no more than rounding.
    fn is_rounding(&self) -> bool {
        self.rows + self.columns + self.error < 1e-24 * self.all.abs().max(1.0).powi(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    // Shrout and Fleiss 1979, table 2: six targets, four judges.
    const JUDGED: [[f64; 4]; 6] = [
        [9.0, 2.0, 5.0, 8.0],
        [6.0, 1.0, 3.0, 2.0],
        [8.0, 4.0, 6.0, 8.0],
        [7.0, 1.0, 2.0, 6.0],
        [10.0, 5.0, 6.0, 9.0],
        [6.0, 2.0, 4.0, 7.0],
    ];

    #[test]
    fn the_judges_of_shrout_and_fleiss_agree_as_they_say() {
        let found = intraclass(&JUDGED.map(|case| case.to_vec()), Level::NINETY_FIVE).unwrap().unwrap();
        // Their 0.29; the rest by scipy.
        near(found.value, 0.289_763_779_527_559_1);
        let interval = found.interval.unwrap();
        near(interval.low, 0.018_786_513_374_712_016);
        near(interval.high, 0.761_084_369_648_952_9);
        let same = intraclass(&[vec![2.0, 2.0], vec![2.0, 2.0]], Level::NINETY_FIVE).unwrap();
        assert_eq!(same, None);
    }

    #[test]
    fn all_six_are_those_of_psych() {
        // ICC(..., lmer = FALSE) of psych 2.2.9.
        let readings = JUDGED.map(|case| case.to_vec());
        use IntraclassKind::{Agreement, Consistency, OneWay};
        for (kind, of_mean, value, low, high) in [
            (OneWay, false, 0.165_741_768_405_476, -0.132_932_324_874_751, 0.722_560_062_328_121),
            (Agreement, false, 0.289_763_779_527_559, 0.018_786_513_374_712, 0.761_084_369_648_953),
            (Consistency, false, 0.714_840_714_840_715, 0.342_464_765_033_925, 0.945_858_259_955_36),
            (OneWay, true, 0.442_797_133_679_269, -0.884_442_155_238_119, 0.912_415_420_340_776),
            (Agreement, true, 0.620_050_547_598_989, 0.071_136_815_302_503_5, 0.927_232_040_167_722),
            (Consistency, true, 0.909_315_542_377_069, 0.675_674_713_816_305, 0.985_891_678_169_062),
        ] {
            let found = intraclass_of(&readings, kind, of_mean, Level::NINETY_FIVE).unwrap().unwrap();
            near(found.value, value);
            near(found.interval.unwrap().low, low);
            near(found.interval.unwrap().high, high);
        }
        let same = intraclass_of(&[vec![2.0; 2], vec![2.0; 2]], OneWay, false, Level::NINETY_FIVE);
        assert_eq!(same, Ok(None));
        let shifted = [vec![1.0, 2.0], vec![2.0, 3.0], vec![4.0, 5.0]];
        let found = intraclass_of(&shifted, Consistency, false, Level::NINETY_FIVE).unwrap().unwrap();
        assert_eq!((found.value, found.interval), (1.0, None));
    }
}
