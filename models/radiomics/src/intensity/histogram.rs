//! Features of the histogram of grey levels (IBSI reference manual, chapter 3.4).

use super::distribution::Distribution;
use super::statistics::statistics;

/// In the order of the table. `histogram[level]` counts voxels of a level; the levels go from 1 to the highest.
pub(crate) fn histogram(histogram: &[u64]) -> Vec<f64> {
    let values = Distribution::of_levels(histogram);
    let found = statistics(&values);
    let mut all = found.start();
    all.push(mode(&values, found.mean));
    all.extend(found.end());
    let n = values.n as f64;
    let fractions = || values.values.iter().map(|&(_, count)| count as f64 / n);
    // Adding zero makes a negative zero positive.
    all.push(0.0 - fractions().map(|p| p * p.log2()).sum::<f64>());
    all.push(fractions().map(|p| p * p).sum());
    all.extend(gradients(&histogram[1..]));
    all
}

/// The level that most voxels have; of several the one nearest to the mean, the lower of two.
fn mode(values: &Distribution, mean: f64) -> f64 {
    let most = values.values.iter().map(|&(_, count)| count).max().unwrap_or(0);
    let candidates = values.values.iter().filter(|&&(_, count)| count == most).map(|&(value, _)| value);
    candidates.fold(f64::NAN, |best: f64, value| {
        if best.is_nan() || (value - mean).abs() < (best - mean).abs() { value } else { best }
    })
}

/// Highest gradient of the counts with its level, least gradient with its level; the first of equal ones. Differences are central,
/// at the ends one-sided. One level alone has none.
fn gradients(counts: &[u64]) -> [f64; 4] {
    let n = counts.len();
    if n < 2 {
        return [f64::NAN; 4];
    }
    let gradient = |i: usize| {
        let (low, high) = (i.saturating_sub(1), (i + 1).min(n - 1));
        (counts[high] as f64 - counts[low] as f64) / (high - low) as f64
    };
    let (mut most, mut least) = ((f64::NEG_INFINITY, 0), (f64::INFINITY, 0));
    for i in 0..n {
        let found = gradient(i);
        if found > most.0 {
            most = (found, i);
        }
        if found < least.0 {
            least = (found, i);
        }
    }
    [most.0, (most.1 + 1) as f64, least.0, (least.1 + 1) as f64]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digital_phantom_has_its_gradients() {
        assert_eq!(gradients(&[50, 0, 1, 16, 0, 7]), [8.0, 3.0, -50.0, 1.0]);
        assert!(gradients(&[5]).iter().all(|value| value.is_nan()));
    }

    #[test]
    fn of_two_modes_the_one_nearer_to_the_mean_counts() {
        let values = Distribution::of_levels(&[0, 3, 1, 0, 0, 3, 2]);
        assert_eq!(mode(&values, 3.4), 5.0);
    }
}
