//! Local regression.

use nalgebra::{Matrix3, Vector3};

/// Local quadratic regression of y on x with tricube weights (Cleveland 1979, J Am Stat Assoc 74:829; Cleveland and Devlin 1988, 83:596), computed at
/// each place itself, as R's `loess(surface = "direct")` with its span of 0.75; the nearest `span` of all cases count. `x` is in order.
/// A place around which too few different x lie is fitted by a line or a constant.
pub(crate) fn loess(x: &[f64], y: &[f64], span: f64, at: f64) -> f64 {
    let n = x.len();
    let near = ((span * n as f64 + 1e-5).floor() as usize).clamp(1, n);
    let (mut from, mut to) = nearest(x, near, at);
    // The furthest of those that count has no weight; beyond it none has one.
    let reach = (at - x[from]).abs().max((x[to - 1] - at).abs());
    if reach == 0.0 {
        // All of those that tie, lest the order of cases matter.
        from = x.partition_point(|other| *other < at);
        to = x.partition_point(|other| *other <= at);
    }
    let mut sums = [0.0; 5];
    let mut products = [0.0; 3];
    for i in from..to {
        let u = if reach > 0.0 { (x[i] - at) / reach } else { 0.0 };
        let weight = if reach > 0.0 { (1.0 - u.abs().powi(3)).max(0.0).powi(3) } else { 1.0 };
        let mut power = weight;
        for (place, sum) in sums.iter_mut().enumerate() {
            *sum += power;
            if let Some(product) = products.get_mut(place) {
                *product += power * y[i];
            }
            power *= u;
        }
    }
    if sums[0] == 0.0 {
        // All lie as far as the furthest: none is nearer than another.
        return y[from..to].iter().sum::<f64>() / (to - from) as f64;
    }
    solve(&sums, &products)
}

/// The value at 0 of the weighted fit, of the highest degree that is determined.
fn solve(sums: &[f64; 5], products: &[f64; 3]) -> f64 {
    let matrix = Matrix3::from_fn(|i, j| sums[i + j]);
    let scale = sums[0].powi(3);
    if matrix.determinant() > 1e-12 * scale
        && let Some(found) = matrix.lu().solve(&Vector3::from_row_slice(products))
    {
        return found[0];
    }
    let determinant = sums[0] * sums[2] - sums[1] * sums[1];
    if determinant > 1e-12 * sums[0] * sums[0] {
        return (products[0] * sums[2] - products[1] * sums[1]) / determinant;
    }
    products[0] / sums[0]
}

/// From where to where, the end not counted, the nearest so many stand.
fn nearest(x: &[f64], count: usize, at: f64) -> (usize, usize) {
    let mut from = x.partition_point(|other| *other < at).saturating_sub(count).min(x.len() - count);
    while from + count < x.len() && x[from + count] - at < at - x[from] {
        from += 1;
    }
    (from, from + count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parabola_is_found_again() {
        let x: Vec<f64> = (0..40).map(|i| f64::from(i * i) / 1600.0).collect();
        let y: Vec<f64> = x.iter().map(|x| 0.3 - 2.0 * x + 1.5 * x * x).collect();
        for at in [0.0, 0.1, 0.55, 0.95] {
            let expected = 0.3 - 2.0 * at + 1.5 * at * at;
            assert!((loess(&x, &y, 0.75, at) - expected).abs() < 1e-10, "{at}");
        }
    }

    #[test]
    fn few_different_places_give_a_line_or_a_mean() {
        assert_eq!(loess(&[0.5; 4], &[0.0, 1.0, 1.0, 0.0], 0.75, 0.5), 0.5);
        assert_eq!(loess(&[0.0, 1.0], &[0.0, 1.0], 1.0, 0.5), 0.5);
        let found = loess(&[0.2, 0.2, 0.8, 0.8], &[0.0, 0.5, 1.0, 1.0], 1.0, 0.2);
        assert!((found - 0.25).abs() < 1e-9, "{found}");
    }
}
