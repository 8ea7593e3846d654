//! Cases made up by a rule that R, Python and this crate compute alike, for comparison with peers.

/// The generator of Park and Miller 1988 (Commun ACM 31:1192), whose numbers are exact in double precision everywhere.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn of(seed: u64) -> Self {
        Numbers(seed)
    }

    /// Between 0 and 1.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = 16807 * self.0 % 2_147_483_647;
        self.0 as f64 / 2_147_483_647.0
    }
}

/// Cases of two methods and of a prediction.
pub(crate) struct Cases {
    /// Patient of each case; two cases each.
    pub(crate) group: Vec<usize>,
    pub(crate) diseased: Vec<bool>,
    /// Ratings by the better method, 0 to 10.
    pub(crate) a: Vec<f64>,
    /// Ratings by the other, 0 to 20.
    pub(crate) b: Vec<f64>,
    /// Predicted probabilities to three digits.
    pub(crate) p: Vec<f64>,
}

/// Cases from a seed; seed 1 and 80 cases are what peers computed from, unless a test says otherwise.
pub(crate) fn cases(seed: u64, n: usize) -> Cases {
    let mut numbers = Numbers::of(seed);
    let mut made = Cases { group: vec![], diseased: vec![], a: vec![], b: vec![], p: vec![] };
    for i in 0..n {
        let u: [f64; 5] = std::array::from_fn(|_| numbers.next());
        made.group.push(i / 2);
        made.diseased.push(u[1] < u[0]);
        made.a.push((10.0 * (0.6 * u[0] + 0.4 * u[2])).round());
        made.b.push((20.0 * (0.4 * u[0] + 0.6 * u[3])).round());
        made.p.push((1000.0 * (0.05 + 0.9 * (0.7 * u[0] + 0.3 * u[4]))).round() / 1000.0);
    }
    made
}

/// Fails where a number is further from that of a peer than 1e-6, relative above 1.
pub(crate) fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found} instead of {expected}");
}

/// [`near`] of the two ends of an interval.
pub(crate) fn near_ends(found: Option<crate::Interval>, expected: [f64; 2]) {
    let found = found.expect("an interval");
    near(found.low, expected[0]);
    near(found.high, expected[1]);
}
