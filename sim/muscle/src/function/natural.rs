//! The smoothest curve through points.
//!
//! A natural spline of degree 2m - 1 has m - 1 derivatives at each knot that are not known yet. Between two knots it is the polynomial that has the m
//! values and derivatives at both; where two pieces meet, derivatives m to 2m - 2 of both agree, and at the ends they vanish. These are
//! equations between neighbours alone, so that they are solved in blocks, in time that grows with the number of points.

use super::error::SplineError;
use nalgebra::{DMatrix, DVector};

/// Pieces between the points, then the curve before the first and after the last: coefficients of rising powers of the way from the
/// point on the left, or from the end.
pub(super) type Pieces = (Vec<Vec<f64>>, [Vec<f64>; 2]);

/// Lays the curve; points are checked already, at least m of them.
pub(super) fn pieces(degree: usize, x: &[f64], y: &[f64]) -> Result<Pieces, SplineError> {
    let m = degree.div_ceil(2);
    let n = x.len();
    // In units of the mean step numbers keep their size.
    let unit = (x[n - 1] - x[0]) / (n - 1) as f64;
    let steps: Vec<f64> = x.windows(2).map(|pair| (pair[1] - pair[0]) / unit).collect();
    let known = derivatives(m, &steps, y).ok_or(SplineError::Singular(degree))?;
    let upper = upper(m).ok_or(SplineError::Singular(degree))?;
    let pieces = steps
        .iter()
        .enumerate()
        .map(|(i, h)| {
            let scaled = |column: usize| {
                let (at, j) = (i + column / m, column % m);
                let derivative = if j == 0 { y[at] } else { known[at][j - 1] };
                h.powi(j as i32) / factorial(j) * derivative
            };
            let both = DVector::from_fn(2 * m, |column, _| scaled(column));
            let high = &upper * &both;
            let all = both.iter().take(m).chain(high.iter());
            all.enumerate().map(|(k, c)| c / (h * unit).powi(k as i32)).collect()
        })
        .collect();
    let end = |at: usize| {
        let derivative = |j: usize| if j == 0 { y[at] } else { known[at][j - 1] };
        (0..m).map(|j| derivative(j) / (factorial(j) * unit.powi(j as i32))).collect()
    };
    Ok((pieces, [end(0), end(n - 1)]))
}

/// Derivatives 1 to m - 1 at each knot.
fn derivatives(m: usize, steps: &[f64], y: &[f64]) -> Option<Vec<DVector<f64>>> {
    let (n, size) = (y.len(), m - 1);
    let upper = upper(m)?;
    // Derivatives m to 2m - 2 of a piece at its left (`false`) or right end, by the m values and derivatives at its left and right.
    let functional = |h: f64, right: bool| {
        DMatrix::from_fn(size, 2 * m, |row, column| {
            let r = m + row;
            let coefficient = |k: usize| upper[(k - m, column)];
            let sum: f64 = match right {
                false => coefficient(r),
                true => (r..2 * m).map(|k| binomial(k, r) * coefficient(k)).sum(),
            };
            let j = column % m;
            sum * factorial(r) / h.powi(r as i32) * h.powi(j as i32) / factorial(j)
        })
    };
    let (mut before, mut diagonal, mut after, mut right) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for i in 0..n {
        let mut blocks = [(); 3].map(|()| DMatrix::zeros(size, size));
        let mut sum = DVector::zeros(size);
        // The end of the piece before less the begin of the one after.
        let mut add = |matrix: &DMatrix<f64>, first: usize, sign: f64| {
            for (side, at) in [(0, first), (1, first + 1)] {
                let place = at + 1 - i;
                blocks[place] += sign * matrix.columns(side * m + 1, size);
                sum -= sign * y[at] * matrix.column(side * m);
            }
        };
        if i > 0 {
            add(&functional(steps[i - 1], true), i - 1, 1.0);
        }
        if i + 1 < n {
            add(&functional(steps[i], false), i, -1.0);
        }
        let [a, b, c] = blocks;
        before.push(a);
        diagonal.push(b);
        after.push(c);
        right.push(sum);
    }
    if size == 0 {
        return Some(right);
    }
    // Elimination by blocks, forwards and back.
    for i in 0..n - 1 {
        let solved = diagonal[i].clone().lu();
        let (next, sum) = (solved.solve(&after[i])?, solved.solve(&right[i])?);
        let (ahead, lower) = (&before[i + 1] * &next, &before[i + 1] * &sum);
        diagonal[i + 1] -= ahead;
        right[i + 1] -= lower;
        (after[i], right[i]) = (next, sum);
    }
    right[n - 1] = diagonal[n - 1].clone().lu().solve(&right[n - 1])?;
    for i in (0..n - 1).rev() {
        let step = &after[i] * &right[i + 1];
        right[i] -= step;
    }
    Some(right)
}

/// Coefficients m to 2m - 1 of a polynomial on 0 to 1, by its scaled derivatives f, f', f''/2!, ... at 0, then at 1.
fn upper(m: usize) -> Option<DMatrix<f64>> {
    let at_one = DMatrix::from_fn(m, m, |j, k| binomial(m + k, j)).try_inverse()?;
    let from = DMatrix::from_fn(m, 2 * m, |j, column| match column < m {
        true => -binomial(column, j),
        false => f64::from(u8::from(column - m == j)),
    });
    Some(at_one * from)
}

fn factorial(n: usize) -> f64 {
    (1..=n).map(|k| k as f64).product()
}

fn binomial(n: usize, k: usize) -> f64 {
    if k > n { 0.0 } else { (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product() }
}
