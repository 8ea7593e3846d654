//! Scaling filters of orthogonal wavelets.

use rustfft::num_complex::Complex;

/// Steps after which the roots of the polynomials below no longer move.
const STEPS: usize = 400;

/// The scaling filter of Daubechies' wavelet with `moments` vanishing moments (1 is Haar's), 2 `moments` weights of unit norm, the
/// largest first.
///
/// It is the factor of least phase of Daubechies' polynomial (Daubechies 1988, Commun Pure Appl Math 41:909): with y = (2 - z - 1/z) / 4 the
/// roots of the sum of C(moments - 1 + k, k) y^k give pairs z, 1/z, of which the one inside the unit circle is taken.
pub(super) fn daubechies(moments: usize) -> Vec<f64> {
    let mut binomials = vec![1.0];
    for k in 1..moments {
        binomials.push(binomials[k - 1] * (moments - 1 + k) as f64 / k as f64);
    }
    let mut filter = vec![Complex::new(1.0, 0.0)];
    for _ in 0..moments {
        filter = times_linear(&filter, Complex::new(1.0, 0.0));
    }
    for y in roots(&binomials) {
        let middle = Complex::new(1.0, 0.0) - y * 2.0;
        let distance = (middle * middle - 1.0).sqrt();
        let (one, other) = (middle + distance, middle - distance);
        filter = times_linear(&filter, -if one.norm() < other.norm() { one } else { other });
    }
    normalised(filter.iter().map(|weight| weight.re).collect())
}

/// The scaling filter of the Coiflet with two vanishing moments, 6 weights of unit norm (Daubechies 1993, SIAM J Math Anal 24:499).
pub(super) fn coiflet() -> Vec<f64> {
    let root = 7.0f64.sqrt();
    normalised(vec![1.0 - root, 5.0 + root, 14.0 + 2.0 * root, 14.0 - 2.0 * root, 1.0 - root, root - 3.0])
}

/// The weights scaled to the sum of the square root of two, which is unit norm for an orthogonal filter.
fn normalised(weights: Vec<f64>) -> Vec<f64> {
    let scale = std::f64::consts::SQRT_2 / weights.iter().sum::<f64>();
    weights.into_iter().map(|weight| weight * scale).collect()
}

/// The polynomial times 1 + a x.
fn times_linear(polynomial: &[Complex<f64>], a: Complex<f64>) -> Vec<Complex<f64>> {
    let mut product = polynomial.to_vec();
    product.push(Complex::default());
    for (k, weight) in polynomial.iter().enumerate() {
        product[k + 1] += weight * a;
    }
    product
}

/// All roots of a polynomial of real coefficients, lowest power first, by the iteration of Durand and Kerner.
fn roots(coefficients: &[f64]) -> Vec<Complex<f64>> {
    let Some((&highest, _)) = coefficients.split_last() else { return Vec::new() };
    let value = |x: Complex<f64>| {
        coefficients.iter().rev().fold(Complex::default(), |sum: Complex<f64>, &c| sum * x + c / highest)
    };
    // Powers of a number that is neither real nor of unit norm: no two start alike, nor as a conjugate pair.
    let start = Complex::new(0.4, 0.9);
    let mut roots: Vec<Complex<f64>> = (1..coefficients.len()).map(|k| start.powu(k as u32)).collect();
    for _ in 0..STEPS {
        for k in 0..roots.len() {
            let others = (0..roots.len()).filter(|&other| other != k);
            let product =
                others.fold(Complex::new(1.0, 0.0), |product, other| product * (roots[k] - roots[other]));
            let moved = roots[k] - value(roots[k]) / product;
            if moved.is_finite() {
                roots[k] = moved;
            }
        }
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f64], expected: &[f64], tolerance: f64) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < tolerance, "{found} instead of {expected}");
        }
    }

    #[test]
    fn filters_have_their_closed_forms() {
        let (three, ten) = (3.0f64.sqrt(), 10.0f64.sqrt());
        let all = |weights: &[f64], scale: f64| -> Vec<f64> {
            weights.iter().map(|weight| weight / scale).collect()
        };
        let two = all(&[1.0 + three, 3.0 + three, 3.0 - three, 1.0 - three], 4.0 * 2.0f64.sqrt());
        near(&daubechies(2), &two, 1e-14);
        let root = (5.0 + 2.0 * ten).sqrt();
        let weights = [
            1.0 + ten + root,
            5.0 + ten + 3.0 * root,
            10.0 - 2.0 * ten + 2.0 * root,
            10.0 - 2.0 * ten - 2.0 * root,
            5.0 + ten - 3.0 * root,
            1.0 + ten - root,
        ];
        near(&daubechies(3), &all(&weights, 16.0 * 2.0f64.sqrt()), 1e-14);
    }

    #[test]
    fn filters_are_those_of_pywavelets() {
        // pywt.Wavelet(name).rec_lo of PyWavelets 1.8.0, whose table of db3 is right to 3e-12 only, as the closed form above shows.
        near(
            &daubechies(3),
            &[
                0.3326705529509569,
                0.8068915093133388,
                0.4598775021193313,
                -0.13501102001039084,
                -0.08544127388224149,
                0.035226291882100656,
            ],
            1e-11,
        );
        near(
            &coiflet(),
            &[
                -0.0727326195128539,
                0.3378976624578092,
                0.8525720202122554,
                0.38486484686420286,
                -0.0727326195128539,
                -0.01565572813546454,
            ],
            1e-11,
        );
    }

    #[test]
    fn filters_are_orthogonal_to_themselves_shifted_by_two_voxels() {
        let mut filters: Vec<Vec<f64>> = (1..=10).map(daubechies).collect();
        filters.push(coiflet());
        for filter in filters {
            for shift in (0..filter.len()).step_by(2) {
                let product: f64 = filter.iter().skip(shift).zip(&filter).map(|(a, b)| a * b).sum();
                let expected = if shift == 0 { 1.0 } else { 0.0 };
                assert!(
                    (product - expected).abs() < 1e-10,
                    "{} weights, shift {shift}: {product}",
                    filter.len()
                );
            }
        }
    }
}
