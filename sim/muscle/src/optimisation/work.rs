//! Work of muscles over a motion.

/// Work done while shortening and while lengthening, J.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Work {
    /// Done by the muscle on the bones; positive.
    pub shortening: f64,
    /// Done on the muscle; negative.
    pub lengthening: f64,
}

impl Work {
    /// Of both together.
    pub fn net(&self) -> f64 {
        self.shortening + self.lengthening
    }
}

/// Work of a power in W given at times in s, by the trapezoidal rule; where the power changes its sign, each side of the zero counts for
/// itself.
pub fn work(times: &[f64], powers: &[f64]) -> Work {
    let mut work = Work::default();
    for (t, p) in times.windows(2).zip(powers.windows(2)) {
        let (duration, [a, b]) = (t[1] - t[0], [p[0], p[1]]);
        let (mut add_to, whole) = (
            |share: f64| {
                if share > 0.0 { work.shortening += share } else { work.lengthening += share }
            },
            0.5 * duration * (a + b),
        );
        if a * b < 0.0 {
            let zero = a / (a - b);
            add_to(0.5 * duration * zero * a);
            add_to(0.5 * duration * (1.0 - zero) * b);
        } else {
            add_to(whole);
        }
    }
    work
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_a_sine_is_that_of_its_halves() {
        let times: Vec<f64> = (0..=1000).map(|n| f64::from(n) / 1000.0).collect();
        let powers: Vec<f64> = times.iter().map(|t| 3.0 * (std::f64::consts::TAU * t + 0.3).sin()).collect();
        let found = work(&times, &powers);
        // Each half turn does 3 / pi.
        assert!((found.shortening - 3.0 / std::f64::consts::PI).abs() < 1e-5);
        assert!(found.net().abs() < 1e-12);
        assert_eq!(work(&[0.0], &[1.0]), Work::default());
    }

    #[test]
    fn a_sign_that_changes_between_two_times_splits_the_work() {
        let found = work(&[0.0, 1.0], &[1.0, -3.0]);
        assert_eq!(found, Work { shortening: 0.125, lengthening: -1.125 });
    }
}
