//! Functions of coordinates, by which joints and moving points of a model move.

mod error;
mod natural;

pub use error::SplineError;

/// A function of one or more numbers, with its first two derivatives.
#[derive(Debug, Clone, PartialEq)]
pub enum Function {
    /// Always the same.
    Constant(f64),
    /// Coefficients of the arguments in their order, then what is added.
    Linear(Vec<f64>),
    /// Coefficients of falling powers.
    Polynomial(Vec<f64>),
    /// A curve through points.
    Spline(Spline),
    /// Steps at points: the value of the last one passed.
    Steps {
        /// Where, ascending.
        x: Vec<f64>,
        /// The value from there on.
        y: Vec<f64>,
    },
    /// `amplitude * sin(omega * x + phase) + offset`
    Sine {
        /// Half of its span.
        amplitude: f64,
        /// Radians for each unit of the argument.
        omega: f64,
        /// Radians at zero.
        phase: f64,
        /// Its middle.
        offset: f64,
    },
    /// From one value to another, by the polynomial of the fifth degree whose first two derivatives vanish at both ends.
    SmoothStep {
        /// Where it begins and ends.
        from_to: [f64; 2],
        /// The values there.
        values: [f64; 2],
    },
    /// Another one times a factor.
    Scaled(f64, Box<Function>),
}

impl Function {
    /// Its value.
    pub fn value(&self, x: &[f64]) -> f64 {
        self.derivative(x, &[])
    }

    /// It, times a factor.
    pub fn times(self, factor: f64) -> Function {
        match self {
            Function::Scaled(own, inner) => Function::Scaled(own * factor, inner),
            function => Function::Scaled(factor, Box::new(function)),
        }
    }

    /// Whether it is the same for all arguments by its form: scaling a model scales constants as well.
    pub fn is_constant(&self) -> bool {
        match self {
            Function::Constant(_) => true,
            Function::Scaled(_, inner) => inner.is_constant(),
            _ => false,
        }
    }

    /// Whether it is written so that it is zero everywhere.
    pub fn is_zero(&self) -> bool {
        match self {
            Function::Constant(value) => *value == 0.0,
            Function::Scaled(scale, function) => *scale == 0.0 || function.is_zero(),
            _ => false,
        }
    }

    /// Its derivative with respect to the arguments named, by their places: none, one or two of them.
    ///
    /// Arguments that are not there count as zero, third derivatives as zero.
    pub fn derivative(&self, x: &[f64], by: &[usize]) -> f64 {
        let first = x.first().copied().unwrap_or(0.0);
        // All but the linear function depend on their first argument alone.
        let of_first = by.iter().all(|&n| n == 0);
        match self {
            Function::Constant(value) => {
                if by.is_empty() {
                    *value
                } else {
                    0.0
                }
            }
            Function::Linear(coefficients) => match by {
                [] => {
                    let sum: f64 = coefficients.iter().zip(x).map(|(c, x)| c * x).sum();
                    sum + coefficients.get(x.len()).copied().unwrap_or(0.0)
                }
                &[n] if n < x.len() => coefficients.get(n).copied().unwrap_or(0.0),
                _ => 0.0,
            },
            Function::Scaled(factor, inner) => factor * inner.derivative(x, by),
            _ if !of_first => 0.0,
            Function::Polynomial(coefficients) => {
                // Horner's scheme for the value and both derivatives at once.
                let mut d = [0.0; 3];
                for c in coefficients {
                    d = [d[0] * first + c, d[1] * first + d[0], d[2] * first + 2.0 * d[1]];
                }
                d.get(by.len()).copied().unwrap_or(0.0)
            }
            Function::Spline(spline) => spline.derivative(first, by.len()),
            Function::Steps { x: at, y } => match by {
                [] => y.get(at.partition_point(|at| *at <= first).saturating_sub(1)).copied().unwrap_or(0.0),
                _ => 0.0,
            },
            Function::Sine { amplitude, omega, phase, offset } => {
                let angle = omega * first + phase;
                match by.len() {
                    0 => amplitude * angle.sin() + offset,
                    1 => amplitude * omega * angle.cos(),
                    2 => -amplitude * omega * omega * angle.sin(),
                    _ => 0.0,
                }
            }
            Function::SmoothStep { from_to: [from, to], values: [start, end] } => {
                let width = to - from;
                let t = ((first - from) / width).clamp(0.0, 1.0);
                let rise = end - start;
                match by.len() {
                    0 => start + rise * t * t * t * (10.0 + t * (6.0 * t - 15.0)),
                    1 => rise / width * 30.0 * t * t * (1.0 - t) * (1.0 - t),
                    2 => rise / (width * width) * 60.0 * t * (1.0 - t) * (1.0 - 2.0 * t),
                    _ => 0.0,
                }
            }
        }
    }
}

/// A curve of pieces of polynomials through points, going on beyond them by its last derivatives.
#[derive(Debug, Clone, PartialEq)]
pub struct Spline {
    /// By what rule it was laid through its points.
    kind: SplineKind,
    /// Ascending.
    knots: Vec<f64>,
    /// The points' values, as they were given.
    ordinates: Vec<f64>,
    /// Of each piece, its coefficients of rising powers of the distance from its knot; the first piece begins at the first knot and
    /// goes on before it only to first order.
    pieces: Vec<Vec<f64>>,
    /// Before the first and after the last knot.
    ends: [Vec<f64>; 2],
}

/// Rules by which curves are laid through points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplineKind {
    /// [`Spline::linear`].
    Linear,
    /// [`Spline::simm`].
    Simm,
    /// [`Spline::natural`] of this degree.
    Natural(usize),
}

impl Spline {
    /// Straight lines between points, going on beyond them.
    ///
    /// # Errors
    /// Where points make no curve.
    pub fn linear(x: &[f64], y: &[f64]) -> Result<Spline, SplineError> {
        check(x, y, 2)?;
        let slope = |n: usize| (y[n + 1] - y[n]) / (x[n + 1] - x[n]);
        let pieces = (0..x.len() - 1).map(|n| vec![y[n], slope(n)]).collect();
        Ok(Spline::of(SplineKind::Linear, x, y, pieces))
    }

    /// The cubic spline of SIMM and OpenSim's `SimmSpline`: its third derivative at each end is that of the cubic through the four points
    /// there (Forsythe, Malcolm and Moler 1977, Computer methods for mathematical computations, chapter 4); beyond the ends straight.
    ///
    /// # Errors
    /// Where points make no curve.
    pub fn simm(x: &[f64], y: &[f64]) -> Result<Spline, SplineError> {
        check(x, y, 2)?;
        let n = x.len();
        if n == 2 {
            return Ok(Spline { kind: SplineKind::Simm, ..Spline::linear(x, y)? });
        }
        let h: Vec<f64> = x.windows(2).map(|w| w[1] - w[0]).collect();
        let slope: Vec<f64> = (0..n - 1).map(|i| (y[i + 1] - y[i]) / h[i]).collect();
        // A third of half the second derivatives: a tridiagonal system, symmetric.
        let mut diagonal: Vec<f64> = (0..n)
            .map(|i| match i {
                0 => -h[0],
                i if i == n - 1 => -h[n - 2],
                i => 2.0 * (h[i - 1] + h[i]),
            })
            .collect();
        let mut c: Vec<f64> =
            (0..n).map(|i| if i == 0 || i == n - 1 { 0.0 } else { slope[i] - slope[i - 1] }).collect();
        if n > 3 {
            let second = |i: usize| (slope[i + 1] - slope[i]) / (x[i + 2] - x[i]);
            let third = |i: usize| (second(i + 1) - second(i)) / (x[i + 3] - x[i]);
            c[0] = third(0) * h[0] * h[0];
            c[n - 1] = -third(n - 4) * h[n - 2] * h[n - 2];
        }
        for i in 1..n {
            let t = h[i - 1] / diagonal[i - 1];
            diagonal[i] -= t * h[i - 1];
            c[i] -= t * c[i - 1];
        }
        c[n - 1] /= diagonal[n - 1];
        for i in (0..n - 1).rev() {
            c[i] = (c[i] - h[i] * c[i + 1]) / diagonal[i];
        }
        let piece = |i: usize| {
            vec![y[i], slope[i] - h[i] * (c[i + 1] + 2.0 * c[i]), 3.0 * c[i], (c[i + 1] - c[i]) / h[i]]
        };
        Ok(Spline::of(SplineKind::Simm, x, y, (0..n - 1).map(piece).collect()))
    }

    /// The smoothest curve of an odd degree through the points: beyond them a polynomial of half the degree. What OpenSim's `GCVSpline`
    /// is where it does not smooth (Woltring 1986, Adv Eng Softw 8:104).
    ///
    /// # Errors
    /// Where points make no curve, or the degree is not 1, 3, 5 or 7.
    pub fn natural(degree: usize, x: &[f64], y: &[f64]) -> Result<Spline, SplineError> {
        let order = degree.div_ceil(2);
        if !matches!(degree, 1 | 3 | 5 | 7) {
            return Err(SplineError::Singular(degree));
        }
        check(x, y, 2.max(order))?;
        let (pieces, ends) = natural::pieces(degree, x, y)?;
        let kind = SplineKind::Natural(degree);
        Ok(Spline { kind, knots: x.to_vec(), ordinates: y.to_vec(), pieces, ends })
    }

    /// By what rule it was laid through its points.
    pub fn kind(&self) -> SplineKind {
        self.kind
    }

    /// The points that it was laid through: abscissae and ordinates.
    pub fn points(&self) -> (&[f64], &[f64]) {
        (&self.knots, &self.ordinates)
    }

    /// With straight ends.
    fn of(kind: SplineKind, x: &[f64], y: &[f64], pieces: Vec<Vec<f64>>) -> Spline {
        let last = x.len() - 1;
        let end = evaluate(&pieces[last - 1], x[last] - x[last - 1], 1);
        let begin = pieces[0][1];
        let ends = [vec![y[0], begin], vec![y[last], end]];
        Spline { kind, knots: x.to_vec(), ordinates: y.to_vec(), ends, pieces }
    }

    /// Its value, first or second derivative, by the order of the derivative.
    pub fn derivative(&self, x: f64, order: usize) -> f64 {
        let after = self.knots.partition_point(|knot| *knot <= x);
        let last = self.knots.len() - 1;
        match after {
            0 => evaluate(&self.ends[0], x - self.knots[0], order),
            n if n > last => evaluate(&self.ends[1], x - self.knots[last], order),
            n => evaluate(&self.pieces[n - 1], x - self.knots[n - 1], order),
        }
    }
}

fn check(x: &[f64], y: &[f64], needed: usize) -> Result<(), SplineError> {
    if x.len() != y.len() {
        return Err(SplineError::Uneven { x: x.len(), y: y.len() });
    }
    if x.len() < needed {
        return Err(SplineError::TooFew { needed, found: x.len() });
    }
    // Written so that NaN is refused.
    let rises = |n: usize| x[n].is_finite() && y[n].is_finite() && (n == 0 || x[n] > x[n - 1]);
    (0..x.len()).find(|&n| !rises(n)).map_or(Ok(()), |n| Err(SplineError::NotRising(n)))
}

/// A polynomial of rising powers, or its derivative.
fn evaluate(coefficients: &[f64], t: f64, order: usize) -> f64 {
    let falling = |k: usize| (0..order).map(|i| (k - i) as f64).product::<f64>();
    (order..coefficients.len()).rev().fold(0.0, |sum, k| sum * t + coefficients[k] * falling(k))
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 7] = [-2.0944, -1.22173, -0.5, -0.349066, -0.174533, 0.159149, 2.0944];
    const Y: [f64; 7] = [-0.4226, -0.4082, -0.399, -0.3976, -0.3966, -0.395264, -0.396];

    fn splines() -> Vec<Spline> {
        vec![
            Spline::linear(&X, &Y).unwrap(),
            Spline::simm(&X, &Y).unwrap(),
            Spline::natural(1, &X, &Y).unwrap(),
            Spline::natural(3, &X, &Y).unwrap(),
            Spline::natural(5, &X, &Y).unwrap(),
            Spline::natural(7, &X, &Y).unwrap(),
        ]
    }

    #[test]
    fn curves_go_through_their_points_and_derivatives_are_those_of_values() {
        for (n, spline) in splines().into_iter().enumerate() {
            for (x, y) in X.iter().zip(Y) {
                assert!((spline.derivative(*x, 0) - y).abs() < 1e-9, "{n} at {x}");
            }
            for k in -30..30 {
                let (x, step) = (0.1 * f64::from(k) + 0.013, 1e-5);
                for order in 0..2 {
                    let ahead = spline.derivative(x + step, order) - spline.derivative(x - step, order);
                    let exact = spline.derivative(x, order + 1);
                    assert!((ahead / (2.0 * step) - exact).abs() < 1e-5, "{n} at {x}: {exact}");
                }
            }
        }
    }

    #[test]
    fn cubics_are_smooth_at_their_knots_and_straight_beyond_them() {
        let spline = Spline::simm(&X, &Y).unwrap();
        for x in &X[1..6] {
            for order in 1..3 {
                let jump = spline.derivative(x - 1e-9, order) - spline.derivative(x + 1e-9, order);
                assert!(jump.abs() < 1e-6, "{x}: {jump}");
            }
        }
        assert_eq!((spline.derivative(-3.0, 2), spline.derivative(3.0, 2)), (0.0, 0.0));
        let natural = Spline::natural(3, &X, &Y).unwrap();
        assert!(
            natural.derivative(X[0] + 1e-9, 2).abs() < 1e-5
                && natural.derivative(X[6] - 1e-9, 2).abs() < 1e-5
        );
    }

    #[test]
    fn a_cubic_is_its_own_spline() {
        let cubic = |x: f64| 1.0 - 2.0 * x + 0.5 * x * x + 3.0 * x * x * x;
        let y: Vec<f64> = X.iter().map(|x| cubic(*x)).collect();
        let spline = Spline::simm(&X, &y).unwrap();
        for k in -20..=20 {
            let x = 0.1 * f64::from(k);
            assert!((spline.derivative(x, 0) - cubic(x)).abs() < 1e-10);
        }
    }

    #[test]
    fn other_functions_are_what_they_are_called() {
        let value = |f: &Function, x: &[f64]| [f.value(x), f.derivative(x, &[0]), f.derivative(x, &[0, 0])];
        assert_eq!(value(&Function::Constant(2.0), &[5.0]), [2.0, 0.0, 0.0]);
        assert_eq!(value(&Function::Linear(vec![2.0, 1.0]), &[3.0]), [7.0, 2.0, 0.0]);
        let two = Function::Linear(vec![2.0, -1.0, 0.5]);
        assert_eq!((two.value(&[1.0, 4.0]), two.derivative(&[1.0, 4.0], &[1])), (-1.5, -1.0));
        assert_eq!(value(&Function::Polynomial(vec![1.0, 0.0, -2.0]), &[3.0]), [7.0, 6.0, 2.0]);
        let sine = Function::Sine { amplitude: 2.0, omega: 3.0, phase: 0.0, offset: 1.0 };
        assert_eq!(value(&sine, &[0.0]), [1.0, 6.0, -0.0]);
        let scaled = Function::Scaled(-2.0, Box::new(sine));
        assert_eq!(scaled.value(&[0.0]), -2.0);
        let steps = Function::Steps { x: vec![0.0, 1.0], y: vec![4.0, 5.0] };
        assert_eq!([-1.0, 0.5, 1.0, 2.0].map(|x| steps.value(&[x])), [4.0, 4.0, 5.0, 5.0]);
        let smooth = Function::SmoothStep { from_to: [1.0, 3.0], values: [-1.0, 1.0] };
        assert_eq!(value(&smooth, &[2.0]), [0.0, 1.875, 0.0]);
        assert_eq!((smooth.value(&[0.0]), smooth.value(&[9.0])), (-1.0, 1.0));
        // What depends on its first argument does not on a second.
        assert_eq!(smooth.derivative(&[2.0, 1.0], &[1]), 0.0);
    }

    #[test]
    fn points_that_make_no_curve_are_refused_with_the_reason() {
        let error = |x: &[f64], y: &[f64]| Spline::simm(x, y).unwrap_err();
        assert_eq!(error(&[0.0], &[1.0]), SplineError::TooFew { needed: 2, found: 1 });
        assert_eq!(error(&[0.0, 1.0], &[1.0]), SplineError::Uneven { x: 2, y: 1 });
        assert_eq!(error(&[0.0, 0.0], &[1.0, 2.0]), SplineError::NotRising(1));
        assert_eq!(error(&[0.0, f64::NAN], &[1.0, 2.0]), SplineError::NotRising(1));
        assert!(Spline::natural(4, &X, &Y).is_err());
        assert_eq!(
            Spline::natural(7, &X[..3], &Y[..3]).unwrap_err(),
            SplineError::TooFew { needed: 4, found: 3 }
        );
    }
}
