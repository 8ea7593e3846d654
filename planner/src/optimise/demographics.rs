//! What somebody would expect who knows only sex, height and weight: the sizes that a plan has to beat.
//!
//! **Cup.** Implanted press-fit shells measured 49.9 mm in women and 55.1 mm in men, means of 1,643 hips, and grew with height
//! (Naal et al. 2009, Clin Orthop 467:923: found). Sex and height explain 0.56 of the variance, and weight no more than 0.01
//! beyond them (Chen et al. 2022, Arthroplast Today 15:210, 11,730 cups: found), so that weight changes nothing here. Predictions
//! from these and a few more miss by 1.69 mm on average (Oettl et al. 2025, J Orthop, doi 10.1016/j.jor.2025.07.021, 30,583
//! patients: found), which of a normal distribution is a spread of 2.1 mm (derived). To be verified: 0.12 mm per centimetre of
//! height within a sex, and mean heights of 163 and 175 cm.
//!
//! **Stem.** Sex and height explain 0.32 of the variance of the stem's width (Chen et al. 2022, 8,536 stems: found). To be verified:
//! that stems lie about the middle of their family with a spread of a fifth of it, and that what makes cups large does so with
//! stems.

use coxa_activity::Mark;
use coxa_rom::dynamics::Sex;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// Mean shell of women and of men, and their mean height.
const WOMEN: (f64, f64) = (49.9, 163.0);
const MEN: (f64, f64) = (55.1, 175.0);
const MM_PER_CM: f64 = 0.12;
/// Spread of the shell about what is expected.
const CUP_SPREAD_MM: f64 = 2.1;
/// Parts of the variance of shells and of stems that sex and height explain.
const CUP_EXPLAINED: f64 = 0.56;
const STEM_EXPLAINED: f64 = 0.32;
/// Where stems lie in their family, 0 the smallest and 1 the largest: mean and spread over all patients.
const STEM_PLACE: (f64, f64) = (0.5, 0.2);

/// What is known without an image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Demographics {
    /// Sex.
    pub sex: Sex,
    /// Body height in cm.
    pub height_cm: f64,
    /// Body weight in kg.
    pub weight_kg: f64,
}

/// A number that no adult has.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{field} is {value}; it must be {least} to {most}")]
pub struct DemographicsError {
    /// `height_cm` or `weight_kg`.
    pub field: &'static str,
    /// What was given.
    pub value: f64,
    /// Least that is allowed.
    pub least: f64,
    /// Most that is allowed.
    pub most: f64,
}

/// A size that is to be expected, normally distributed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpectedSize {
    /// Mean: millimetres of a shell; of a stem its place in the family, 0 the smallest and 1 the largest.
    pub mean: f64,
    /// One standard deviation.
    pub spread: f64,
    /// How well the mean is known.
    pub mark: Mark,
    /// Where it comes from.
    pub source: &'static str,
}

impl Demographics {
    /// Checks height and weight.
    ///
    /// # Errors
    /// A height outside 120 to 220 cm or a weight outside 30 to 250 kg.
    pub fn check(&self) -> Result<(), DemographicsError> {
        for (field, value, least, most) in
            [("height_cm", self.height_cm, 120.0, 220.0), ("weight_kg", self.weight_kg, 30.0, 250.0)]
        {
            if !(least..=most).contains(&value) {
                return Err(DemographicsError { field, value, least, most });
            }
        }
        Ok(())
    }

    /// Outer diameter of the shell.
    pub fn cup_mm(&self) -> ExpectedSize {
        let (mean, height) = match self.sex {
            Sex::Female => WOMEN,
            Sex::Male => MEN,
        };
        ExpectedSize {
            mean: mean + MM_PER_CM * (self.height_cm - height),
            spread: CUP_SPREAD_MM,
            mark: Mark::Unverified,
            source: "means of 1,643 hips by sex (Naal 2009), spread of predictions (Oettl 2025); growth with height assumed",
        }
    }

    /// Place of the stem in its family.
    pub fn stem_place(&self) -> ExpectedSize {
        // How far the patient stands out among all, in standard deviations of what sex and height explain.
        let explained = CUP_SPREAD_MM * (CUP_EXPLAINED / (1.0 - CUP_EXPLAINED)).sqrt();
        let score = (self.cup_mm().mean - f64::midpoint(WOMEN.0, MEN.0)) / explained;
        let (mean, spread) = STEM_PLACE;
        ExpectedSize {
            mean: mean + spread * STEM_EXPLAINED.sqrt() * score,
            spread: spread * (1.0 - STEM_EXPLAINED).sqrt(),
            mark: Mark::Unverified,
            source: "variance explained by sex and height (Chen 2022); size of the mean stem in its family assumed",
        }
    }
}

impl ExpectedSize {
    /// How likely each of some sizes, ascending, is the one that fits: what lies nearest to it, the ends with all beyond them.
    /// Sizes of a shell are its diameters; those of a stem its places in the family.
    pub fn shares(&self, sizes: &[f64]) -> Vec<f64> {
        let normal = Normal::standard();
        let below = |boundary: f64| normal.cdf((boundary - self.mean) / self.spread);
        let boundaries = sizes.windows(2).map(|pair| below(f64::midpoint(pair[0], pair[1])));
        let mut last = 0.0;
        boundaries
            .chain(sizes.last().map(|_| 1.0))
            .map(|next| next - std::mem::replace(&mut last, next))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sex: Sex, height_cm: f64) -> Demographics {
        Demographics { sex, height_cm, weight_kg: 75.0 }
    }

    #[test]
    fn the_mean_patient_of_a_sex_has_its_mean_cup_and_taller_ones_larger_parts() {
        assert_eq!(of(Sex::Female, 163.0).cup_mm().mean, 49.9);
        assert_eq!(of(Sex::Male, 175.0).cup_mm().mean, 55.1);
        for sex in [Sex::Female, Sex::Male] {
            let (short, tall) = (of(sex, 160.0), of(sex, 185.0));
            assert!((tall.cup_mm().mean - short.cup_mm().mean - 3.0).abs() < 1e-9);
            assert!(tall.stem_place().mean > short.stem_place().mean);
            assert!((0.0..1.0).contains(&tall.stem_place().mean));
        }
        // Mean absolute error of a normal distribution: spread times the root of 2 / pi.
        let error = CUP_SPREAD_MM * (2.0 / std::f64::consts::PI).sqrt();
        assert!((error - 1.69).abs() < 0.02, "{error}");
    }

    #[test]
    fn two_millimetres_hold_as_many_cups_as_were_found() {
        // Within one size either way: 0.83 of 30,583 (Oettl et al. 2025), of predictions to the nearest size.
        let sizes: Vec<f64> = (0..12).map(|i| 44.0 + 2.0 * f64::from(i)).collect();
        let shares = ExpectedSize { mean: 54.0, ..of(Sex::Male, 175.0).cup_mm() }.shares(&sizes);
        let within: f64 =
            sizes.iter().zip(&shares).filter(|(s, _)| (*s - 54.0).abs() < 2.5).map(|(_, p)| p).sum();
        assert!((within - 0.83).abs() < 0.02, "{within}");
    }

    #[test]
    fn shares_are_of_the_whole_and_the_nearest_size_is_the_likeliest() {
        let expected = of(Sex::Female, 170.0).cup_mm();
        let sizes = [46.0, 48.0, 50.0, 52.0, 54.0];
        let shares = expected.shares(&sizes);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12 && shares.iter().all(|p| *p >= 0.0));
        assert_eq!(shares.iter().copied().fold(0.0, f64::max), shares[2]);
        assert_eq!(expected.shares(&[50.0]), [1.0]);
        assert!(expected.shares(&[]).is_empty());
    }

    #[test]
    fn numbers_that_no_adult_has_are_refused() {
        assert!(of(Sex::Male, 175.0).check().is_ok());
        let error = of(Sex::Male, 1.75).check().unwrap_err().to_string();
        assert_eq!(error, "height_cm is 1.75; it must be 120 to 220");
        for weight_kg in [f64::NAN, 0.0, 300.0] {
            assert!(Demographics { weight_kg, ..of(Sex::Male, 175.0) }.check().is_err());
        }
    }
}
