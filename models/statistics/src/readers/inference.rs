//! What of several methods and readers is tested, whatever figure of merit they have: the model of Obuchowski and Rockette 1995 (Commun Stat Simul 24:285)
//! with the degrees of freedom of Hillis 2007 (Stat Med 26:596).

use crate::interval::{Estimate, Interval, Level};
use crate::roc::mean;
use crate::student;
use serde::{Deserialize, Serialize};

/// Whom the answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inference {
    /// Other readers of other cases.
    RandomReadersRandomCases,
    /// These readers of other cases.
    FixedReadersRandomCases,
    /// Other readers of these cases.
    RandomReadersFixedCases,
}

/// Variance and covariances of areas: of one; of one reader with two methods; of two readers with one method; of two readers with two.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Components {
    /// Of one area.
    pub var: f64,
    /// The same reader, two methods.
    pub cov1: f64,
    /// Two readers, the same method.
    pub cov2: f64,
    /// Two readers, two methods.
    pub cov3: f64,
}

/// The test that all methods are alike, and the difference of each pair of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MethodTest {
    /// Whom it is for.
    pub inference: Inference,
    /// F statistic.
    pub f: f64,
    /// Degrees of freedom of its numerator.
    pub df1: f64,
    /// Of its denominator; infinite where it is known.
    pub df2: f64,
    /// Probability of so large an F where all methods are alike.
    pub p: f64,
    /// Area of the second method less that of the first, for each pair of methods by their places.
    pub differences: Vec<(usize, usize, Estimate)>,
}

impl Components {
    /// Each the mean over all pairs of its kind, of the covariance of two figures by their places: method times readers plus reader. What has no pair is 0.
    pub(crate) fn pooled(
        methods: usize,
        readers: usize,
        covariance: impl Fn(usize, usize) -> f64,
    ) -> Components {
        let all = (0..methods * readers).flat_map(|a| (0..methods * readers).map(move |b| (a, b)));
        let (mut sums, mut counts) = ([0.0; 4], [0u32; 4]);
        for (a, b) in all {
            let is_same = [a / readers == b / readers, a % readers == b % readers];
            let kind = match is_same {
                [true, true] => 0,
                [false, true] => 1,
                [true, false] => 2,
                [false, false] => 3,
            };
            sums[kind] += covariance(a, b);
            counts[kind] += 1;
        }
        let [var, cov1, cov2, cov3] = [0, 1, 2, 3].map(|kind| sums[kind] / f64::from(counts[kind].max(1)));
        Components { var, cov1, cov2, cov3 }
    }
}

/// Whether methods differ, and by how much: of figures by method, then reader.
pub(crate) fn method_test(
    areas: &[Vec<f64>],
    components: Components,
    cases: usize,
    inference: Inference,
    level: Level,
) -> MethodTest {
    let (t, r) = (areas.len() as f64, areas[0].len() as f64);
    let squares = Squares::of(areas);
    let Components { var, cov1, cov2, cov3 } = components;
    let both = (t - 1.0) * (r - 1.0);
    let shared = (r * (cov2 - cov3)).max(0.0);
    let (error, df2) = match inference {
        Inference::RandomReadersRandomCases => {
            let error = squares.of_both + shared;
            (error, error * error / (squares.of_both * squares.of_both / both))
        }
        Inference::FixedReadersRandomCases => {
            (var - cov1 + ((r - 1.0) * (cov2 - cov3)).max(0.0), f64::INFINITY)
        }
        Inference::RandomReadersFixedCases => (squares.of_both, both),
    };
    // Methods that are alike in every reader differ in nothing, also where there is no spread to tell it from.
    let f = if squares.of_methods > 0.0 { squares.of_methods / error } else { 0.0 };
    let means: Vec<f64> = areas.iter().map(|readers| mean(readers)).collect();
    let t_of_level = match df2.is_finite() {
        true => student::two_sided(level, df2),
        false => student::normal_two_sided(level),
    };
    let half = t_of_level * (2.0 / r * error).sqrt();
    let pairs = (0..means.len()).flat_map(|a| (a + 1..means.len()).map(move |b| (a, b)));
    let differences = pairs.map(|(a, b)| {
        let value = means[b] - means[a];
        (a, b, Estimate { value, interval: Interval::around(value, half, level), n: cases })
    });
    let (df1, differences) = (t - 1.0, differences.collect());
    MethodTest { inference, f, df1, df2, p: student::f_tail(f, df1, df2), differences }
}

/// Mean squares of methods, and of methods and readers together.
struct Squares {
    of_methods: f64,
    of_both: f64,
}

impl Squares {
    fn of(areas: &[Vec<f64>]) -> Squares {
        let (t, r) = (areas.len() as f64, areas[0].len() as f64);
        let of_method: Vec<f64> = areas.iter().map(|readers| mean(readers)).collect();
        let of_reader: Vec<f64> =
            (0..areas[0].len()).map(|reader| areas.iter().map(|of| of[reader]).sum::<f64>() / t).collect();
        let all = mean(&of_method);
        let methods: f64 = of_method.iter().map(|mean| (mean - all).powi(2)).sum();
        let both = areas.iter().zip(&of_method).flat_map(|(readers, method)| {
            readers.iter().zip(&of_reader).map(move |(area, reader)| (area - method - reader + all).powi(2))
        });
        Squares { of_methods: r * methods / (t - 1.0), of_both: both.sum::<f64>() / ((t - 1.0) * (r - 1.0)) }
    }
}
