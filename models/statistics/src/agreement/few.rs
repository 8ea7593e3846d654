//! Kappa of few cases.

use crate::agreement::kappa::{KappaWeights, check, kappa};
use crate::bootstrap::Bootstrap;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::proportion::ProportionInterval;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Most draws: all are kept at once.
const MOST_DRAWS: f64 = 20_000.0;

/// Halvings of the search for an end: to a thousandth.
const HALVINGS: usize = 11;

/// Kappa with an interval for few cases, as few as seven, by inversion of a test that is simulated: the ends are the kappas at which as large, or as small, a
/// value as was found comes up in half of the error.
///
/// Studies are simulated of readers who use the classes equally often, at the fractions that both together did (half a case is added to all classes
/// together, lest a class that was not used cannot be): with the chance kappa they agree, else each class is drawn by itself; below 0 they disagree with
/// a chance instead. Studies of one class alone have no kappa and do not count. Like Clopper and Pearson's interval it holds more than its level where few values are possible; of readers
/// who use classes differently somewhat less. The same draws serve all kappas, so that the answer depends on the seed alone. At most 200 cases; of more take
/// [`kappa`](crate::kappa). The bootstrap of seven cases would not do: it never draws what none of them shows.
///
/// # Errors
/// As [`kappa`](crate::kappa); range of a number of draws that is too small or above 20,000, or of more than 200 cases.
pub fn kappa_of_few(
    a: &[usize],
    b: &[usize],
    classes: usize,
    weights: KappaWeights,
    draws: Bootstrap,
    level: Level,
) -> Result<Option<Estimate>, StatisticsError> {
    let n = check(a, b, classes)?;
    StatisticsError::within("the number of cases", 2.0, 200.0, n as f64)?;
    let tail = draws.tail(level)?;
    StatisticsError::within("the number of draws", 1.0, MOST_DRAWS, draws.draws as f64)?;
    let Some(found) = kappa(a, b, classes, weights, level)? else { return Ok(None) };
    let mut counts = vec![0.5 / classes as f64; classes];
    a.iter().chain(b).for_each(|class| counts[*class] += 1.0);
    let all: f64 = counts.iter().sum();
    let fractions: Vec<f64> = counts.iter().map(|count| count / all).collect();
    let model = Model { cumulated: cumulated(&fractions), fractions, weights };
    let mut random = ChaCha8Rng::seed_from_u64(draws.seed);
    let uniforms: Vec<[f64; 3]> =
        (0..n * draws.draws).map(|_| std::array::from_fn(|_| random.random())).collect();
    // Fractions of studies with as small and as large a value, at an agreement from -1 to 1.
    let tails = |agreement: f64| {
        let (mut small, mut large, mut known) = (0u32, 0u32, 0u32);
        for study in uniforms.chunks(n) {
            if let Some(value) = model.kappa_of(study, agreement) {
                known += 1;
                small += u32::from(value <= found.value + 1e-9);
                large += u32::from(value >= found.value - 1e-9);
            }
        }
        [small, large].map(|count| f64::from(count) / f64::from(known.max(1)))
    };
    let end = |is_upper: bool| {
        let (mut low, mut high) = (-1.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            let [small, large] = tails(middle);
            let is_within = if is_upper { small > tail } else { large <= tail };
            if is_within { low = middle } else { high = middle }
        }
        // Outwards of the last step.
        model.kappa_at(if is_upper { high } else { low })
    };
    // Rounding and the model must not leave out what was found.
    let (low, high) = (end(false).min(found.value), end(true).max(found.value));
    Ok(Some(Estimate { interval: Interval::new(low.max(-1.0), high.min(1.0), level), ..found }))
}

/// Kappa adjusted for prevalence and bias: (c · agreement − 1) / (c − 1) of c classes, as if all were equally frequent (Byrt et al. 1993, J Clin Epidemiol 46:423), with the
/// interval of the fraction that agrees; with Clopper and Pearson's it holds its level of any number of cases.
///
/// # Errors
/// As [`kappa`](crate::kappa).
pub fn prevalence_adjusted_kappa(
    a: &[usize],
    b: &[usize],
    classes: usize,
    kind: ProportionInterval,
    level: Level,
) -> Result<Estimate, StatisticsError> {
    let n = check(a, b, classes)?;
    let found = kind.estimate(a.iter().zip(b).filter(|(a, b)| a == b).count(), n, level);
    let count = classes as f64;
    let adjusted = |agreement: f64| (count * agreement - 1.0) / (count - 1.0);
    let interval = found.interval.and_then(|of| Interval::new(adjusted(of.low), adjusted(of.high), level));
    Ok(Estimate { value: adjusted(found.value), interval, n })
}

/// Readers who agree more, or less, than by chance.
struct Model {
    fractions: Vec<f64>,
    cumulated: Vec<f64>,
    weights: KappaWeights,
}

fn cumulated(fractions: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    fractions
        .iter()
        .map(|fraction| {
            sum += fraction;
            sum
        })
        .collect()
}

impl Model {
    fn class(&self, uniform: f64) -> usize {
        self.cumulated.partition_point(|sum| *sum <= uniform).min(self.fractions.len() - 1)
    }

    /// Another class than this, at the fractions of the others.
    fn other(&self, class: usize, uniform: f64) -> usize {
        let own = self.fractions[class];
        let place = uniform * (1.0 - own);
        let before = self.cumulated[class] - own;
        let found = self.class(if place < before { place } else { place + own });
        // Rounding at a border.
        if found == class { if class == 0 { 1 } else { class - 1 } } else { found }
    }

    /// Kappa of one study; `None` of one class alone.
    fn kappa_of(&self, study: &[[f64; 3]], agreement: f64) -> Option<f64> {
        let classes = self.fractions.len();
        let (mut rows, mut columns) = ([0.0; 16], [0.0; 16]);
        let (mut many_rows, mut many_columns) = (Vec::new(), Vec::new());
        // Few classes need no memory of their own.
        let (rows, columns): (&mut [f64], &mut [f64]) = if classes <= 16 {
            (&mut rows[..classes], &mut columns[..classes])
        } else {
            many_rows.resize(classes, 0.0);
            many_columns.resize(classes, 0.0);
            (&mut many_rows, &mut many_columns)
        };
        let mut observed = 0.0;
        for [together, one, other] in study {
            let a = self.class(*one);
            let b = match *together < agreement.abs() {
                false => self.class(*other),
                true if agreement > 0.0 => a,
                true => self.other(a, *other),
            };
            rows[a] += 1.0;
            columns[b] += 1.0;
            observed += self.weights.of(a, b, classes);
        }
        let n = study.len() as f64;
        let pairs = rows.iter().enumerate().filter(|row| *row.1 > 0.0);
        let expected: f64 = pairs
            .map(|(i, row)| {
                let with = columns.iter().enumerate().filter(|column| *column.1 > 0.0);
                row * with.map(|(j, column)| column * self.weights.of(i, j, classes)).sum::<f64>()
            })
            .sum();
        let (observed, expected) = (observed / n, expected / (n * n));
        (1.0 - expected > 1e-12).then(|| (observed - expected) / (1.0 - expected))
    }

    /// Kappa of the model itself: above 0 the agreement, below by its table.
    fn kappa_at(&self, agreement: f64) -> f64 {
        if agreement >= 0.0 {
            return agreement;
        }
        let classes = self.fractions.len();
        let by_chance = 1.0 + agreement;
        let cell = |i: usize, j: usize| {
            let apart =
                if i == j { 0.0 } else { self.fractions[i] * self.fractions[j] / (1.0 - self.fractions[i]) };
            by_chance * self.fractions[i] * self.fractions[j] - agreement * apart
        };
        let cells = || (0..classes).flat_map(|i| (0..classes).map(move |j| (i, j)));
        let columns: Vec<f64> = (0..classes).map(|j| (0..classes).map(|i| cell(i, j)).sum()).collect();
        let weight = |i: usize, j: usize| self.weights.of(i, j, classes);
        let observed: f64 = cells().map(|(i, j)| cell(i, j) * weight(i, j)).sum();
        let expected: f64 = cells().map(|(i, j)| self.fractions[i] * columns[j] * weight(i, j)).sum();
        (observed - expected) / (1.0 - expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: Bootstrap = Bootstrap { draws: 2000, seed: 1 };
    const LEVEL: Level = Level::NINETY_FIVE;

    fn few(a: &[usize], b: &[usize], weights: KappaWeights) -> Estimate {
        kappa_of_few(a, b, 2, weights, DRAWS, LEVEL).unwrap().unwrap()
    }

    #[test]
    fn seven_cases_that_all_agree_leave_much_open() {
        let a = [0, 0, 0, 1, 1, 1, 1];
        let interval = few(&a, &a, KappaWeights::None).interval.unwrap();
        assert_eq!(interval.high, 1.0);
        // All agree, with p of about one half and not all in one class, in a fortieth of studies: 1/2 + kappa/2 = 0.025^(1/7) but for that condition.
        assert!((interval.low - 0.18).abs() < 0.04, "{interval:?}");
        // The normal interval has no width.
        assert_eq!(kappa(&a, &a, 2, KappaWeights::None, LEVEL).unwrap().unwrap().interval, None);
        let turned: Vec<usize> = a.iter().map(|class| 1 - class).collect();
        let found = few(&a, &turned, KappaWeights::None);
        assert!(found.value < -0.9 && found.interval.unwrap().high < 0.1, "{found:?}");
    }

    #[test]
    fn ends_are_those_of_all_tables_of_seven_cases() {
        let (a, b) = ([0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1, 1]);
        let draws = Bootstrap { draws: 20_000, seed: 1 };
        let found = kappa_of_few(&a, &b, 2, KappaWeights::None, draws, LEVEL).unwrap().unwrap();
        let interval = found.interval.unwrap();
        // By numpy and scipy from the probabilities of all 120 tables.
        assert!((found.value - 0.695_652_173_913_043).abs() < 1e-12);
        assert!(
            (interval.low + 0.105_7).abs() < 0.02 && (interval.high - 0.990_1).abs() < 0.005,
            "{interval:?}"
        );
        let many = Bootstrap { draws: 20_001, seed: 1 };
        assert!(kappa_of_few(&a, &b, 2, KappaWeights::None, many, LEVEL).is_err());
    }

    #[test]
    fn of_many_cases_it_is_near_the_normal_interval() {
        let cases = crate::made_up::cases(1, 160);
        let a: Vec<usize> = cases.p.iter().map(|p| (p * 3.0) as usize).collect();
        let b: Vec<usize> = cases.a.iter().map(|a| (a * 0.28) as usize).collect();
        let found = kappa_of_few(&a, &b, 3, KappaWeights::Linear, DRAWS, LEVEL).unwrap().unwrap();
        let normal = kappa(&a, &b, 3, KappaWeights::Linear, LEVEL).unwrap().unwrap();
        assert_eq!(found.value, normal.value);
        let (found, normal) = (found.interval.unwrap(), normal.interval.unwrap());
        assert!(
            (found.low - normal.low).abs() < 0.05 && (found.high - normal.high).abs() < 0.05,
            "{found:?} {normal:?}"
        );
    }

    #[test]
    fn an_adjusted_kappa_has_an_exact_interval() {
        let a = [0, 0, 1, 1, 1, 0, 1];
        let kind = ProportionInterval::ClopperPearson;
        let found = prevalence_adjusted_kappa(&a, &a, 2, kind, LEVEL).unwrap();
        // binom.test(7, 7) of R has 0.590383602774997.
        assert!((found.interval.unwrap().low - (2.0 * 0.590383602774997 - 1.0)).abs() < 1e-9);
        assert_eq!((found.value, found.interval.unwrap().high), (1.0, 1.0));
        let b = [0, 1, 2, 2, 0, 1];
        let third = prevalence_adjusted_kappa(&b, &[1; 6], 3, kind, LEVEL).unwrap();
        assert_eq!(third.value, 0.0);
    }

    #[test]
    fn one_class_alone_has_no_kappa_and_a_wrong_one_is_refused() {
        assert_eq!(kappa_of_few(&[1; 7], &[1; 7], 2, KappaWeights::None, DRAWS, LEVEL), Ok(None));
        assert!(kappa_of_few(&[1; 7], &[2; 7], 2, KappaWeights::None, DRAWS, LEVEL).is_err());
        assert!(kappa_of_few(&[1; 201], &[0; 201], 2, KappaWeights::None, DRAWS, LEVEL).is_err());
        assert!(prevalence_adjusted_kappa(&[1], &[1], 2, ProportionInterval::Wilson, LEVEL).is_err());
    }
}
