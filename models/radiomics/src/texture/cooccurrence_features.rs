//! Features of a co-occurrence matrix (IBSI reference manual, chapter 3.6).

use super::matrix::Matrix;

/// Probabilities of sums or differences of grey levels, by sum or difference.
struct Marginal(Vec<f64>);

impl Marginal {
    fn mean_of(&self, f: impl Fn(f64) -> f64) -> f64 {
        let present = self.0.iter().enumerate().filter(|&(_, &p)| p > 0.0);
        present.map(|(k, &p)| p * f(k as f64)).sum()
    }

    fn entropy(&self) -> f64 {
        entropy(self.0.iter().copied())
    }
}

fn entropy(probabilities: impl Iterator<Item = f64>) -> f64 {
    // Adding zero makes a negative zero positive.
    0.0 - probabilities.filter(|&p| p > 0.0).map(|p| p * p.log2()).sum::<f64>()
}

/// In the order of the table; `most` is the highest grey level of the region. Nothing of an empty matrix. Where all pairs have one level,
/// correlation is 1 and the correlations of information are 0.
pub(crate) fn cooccurrence_features(matrix: &Matrix, most: u16) -> Option<Vec<f64>> {
    let total = matrix.total() as f64;
    if total == 0.0 {
        return None;
    }
    let most = f64::from(most);
    let size = usize::from(most as u16) + 1;
    let mut single = vec![0.0; size];
    let mut differences = Marginal(vec![0.0; size]);
    let mut sums = Marginal(vec![0.0; 2 * size - 1]);
    let (mut maximum, mut energy, mut joint_entropy, mut product) = (0.0_f64, 0.0, 0.0, 0.0);
    for entry in &matrix.entries {
        let p = entry.n as f64 / total;
        single[entry.i as usize] += p;
        differences.0[entry.i.abs_diff(entry.j) as usize] += p;
        sums.0[(entry.i + entry.j) as usize] += p;
        maximum = maximum.max(p);
        energy += p * p;
        joint_entropy -= p * p.log2();
        product += p * f64::from(entry.i) * f64::from(entry.j);
    }
    let single = Marginal(single);
    let mean = single.mean_of(|i| i);
    let variance = single.mean_of(|i| (i - mean).powi(2));
    let covariance: f64 = matrix
        .entries
        .iter()
        .map(|entry| entry.n as f64 / total * (f64::from(entry.i) - mean) * (f64::from(entry.j) - mean))
        .sum();
    let flat = matrix.entries.len() == 1;
    let difference_mean = differences.mean_of(|k| k);
    let sum_mean = sums.mean_of(|k| k);
    let cluster = |power: i32| sums.mean_of(|k| (k - 2.0 * mean).powi(power));
    let single_entropy = single.entropy();
    let information = 2.0 * single_entropy - joint_entropy;
    Some(vec![
        maximum,
        mean,
        variance,
        joint_entropy + 0.0,
        difference_mean,
        differences.mean_of(|k| (k - difference_mean).powi(2)),
        differences.entropy(),
        sum_mean,
        sums.mean_of(|k| (k - sum_mean).powi(2)),
        sums.entropy(),
        energy,
        differences.mean_of(|k| k * k),
        difference_mean,
        differences.mean_of(|k| 1.0 / (1.0 + k)),
        differences.mean_of(|k| 1.0 / (1.0 + k / most)),
        differences.mean_of(|k| 1.0 / (1.0 + k * k)),
        differences.mean_of(|k| 1.0 / (1.0 + (k / most).powi(2))),
        differences.mean_of(|k| if k > 0.0 { 1.0 / (k * k) } else { 0.0 }),
        if flat || variance == 0.0 { 1.0 } else { covariance / variance },
        product,
        cluster(2),
        cluster(3),
        cluster(4),
        if flat { 0.0 } else { -information / single_entropy },
        if flat { 0.0 } else { (1.0 - (-2.0 * information).exp()).max(0.0).sqrt() },
    ])
}
