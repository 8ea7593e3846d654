//! Random patients and counts of studies.

use coxa_statistics::{Estimate, Level};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Studies of each kind.
pub(crate) const STUDIES: usize = 1000;
pub(crate) const LEVEL: Level = Level::NINETY_FIVE;

/// What draws the patients of a study.
pub(crate) struct Patients(ChaCha8Rng);

impl Patients {
    pub(crate) fn of(seed: u64) -> Self {
        Patients(ChaCha8Rng::seed_from_u64(seed))
    }

    /// From 0 to below 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// Normal with mean 0 and standard deviation 1 (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let (radius, turn) = (1.0 - self.uniform(), self.uniform());
        (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * turn).cos()
    }
}

/// Whether the interval of an estimate holds the truth.
pub(crate) fn holds(estimate: &Estimate, truth: f64) -> bool {
    estimate.interval.unwrap().contains(truth)
}

/// The share of studies of which something is so.
pub(crate) fn share(seed: u64, mut study: impl FnMut(&mut Patients) -> bool) -> f64 {
    let mut patients = Patients::of(seed);
    (0..STUDIES).filter(|_| study(&mut patients)).count() as f64 / STUDIES as f64
}

/// The share, printed, which must lie within a range.
pub(crate) fn expect(what: &str, share: f64, range: std::ops::RangeInclusive<f64>) {
    println!("{what}: {:.1} %", 100.0 * share);
    assert!(range.contains(&share), "{what}: {share}, not in {range:?}");
}
