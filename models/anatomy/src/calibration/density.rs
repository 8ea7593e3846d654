//! Bone density from CT numbers.
//!
//! Density is that of dipotassium phosphate in water, by which phantoms are made: linear in the CT number at one tube voltage.
//! Without a phantom in the scan the scanner is held to what air, fat and muscle usually measure at 120 kVp, and the line of
//! typical phantoms is used; without these, that line alone. Each way says how sure its densities are.

use super::histogram::Histogram;
use crate::thresholds::{AIR_HU, AIR_PEAK_HU, FAT_HU, FAT_PEAK_HU, MUSCLE_HU, MUSCLE_PEAK_HU};
use coxa_imaging::CtVolume;
use nalgebra::{Matrix2, Vector2};
use serde::{Deserialize, Serialize};

/// Slope of phantoms at 120 kVp in mg/cm3 per HU, middle and standard deviation of 0.70 to 0.95 (to be verified).
const TYPICAL_SLOPE: [f64; 2] = [0.82, 0.06];
/// Their intercept in mg/cm3, of 0 to -10 (to be verified).
const TYPICAL_INTERCEPT: [f64; 2] = [-5.0, 3.0];
/// Shift and scale by which scanners and patients differ from the usual, one standard deviation: what is added where nothing in
/// the scan was looked at. Assumption.
const UNCHECKED_SHIFT_HU: f64 = 8.0;
const UNCHECKED_SCALE: f64 = 0.02;
/// Fewest rods that show whether the line is one.
const FEWEST_RODS: usize = 3;
/// Slopes that a phantom can have at any tube voltage, in mg/cm3 per HU.
const SLOPES: std::ops::RangeInclusive<f64> = 0.3..=2.0;

/// A reference tissue: where its mode is looked for, what it usually measures at 120 kVp with its standard deviation between
/// people, in HU: adipose tissue -100 to -110, muscle 60 of the young and lean to 20 of the old and fat (to be verified).
const TISSUES: [(&str, std::ops::RangeInclusive<i32>, f64, f64); 3] = [
    ("air", AIR_PEAK_HU, AIR_HU[0], AIR_HU[1]),
    ("fat", FAT_PEAK_HU, FAT_HU[0], FAT_HU[1]),
    ("muscle", MUSCLE_PEAK_HU, MUSCLE_HU[0], MUSCLE_HU[1]),
];

/// How a calibration was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationMethod {
    /// Rods of known density in the scan.
    Phantom,
    /// Air, fat and muscle of the scan, and the line of typical phantoms.
    Tissue,
    /// The line of typical phantoms alone.
    Typical,
}

/// A rod of a phantom as the scan shows it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rod {
    /// What it is made to have.
    pub density_mg_cm3: f64,
    /// Mean CT number within it.
    pub hu: f64,
}

/// Why rods give no calibration.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CalibrationError {
    /// Two points are always on a line.
    #[error("rods given: {0}; at least {FEWEST_RODS} of different density are needed")]
    TooFew(usize),
    /// Not numbers.
    #[error("rod {0} has a density or CT number that is not a finite number")]
    NotFinite(usize),
    /// No phantom measures so.
    #[error(
        "the rods give a slope of {0:.2} mg/cm3 per HU, outside the range of {least} to {most}: check that each density belongs to its CT number",
        least = SLOPES.start(),
        most = SLOPES.end()
    )]
    Slope(f64),
}

/// A line from CT numbers to density, with its uncertainty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// How it was obtained.
    pub method: CalibrationMethod,
    /// Density of 0 HU, in mg/cm3.
    pub intercept_mg_cm3: f64,
    /// In mg/cm3 per HU.
    pub slope_mg_cm3_per_hu: f64,
    /// Covariance of intercept and slope.
    covariance: Matrix2<f64>,
    /// CT numbers of air, fat and muscle in the scan by name, where they were used.
    pub tissues_hu: Vec<(String, f64)>,
}

impl Calibration {
    /// The line of typical phantoms for a scanner that nothing is known of.
    pub fn typical() -> Self {
        let scan = Line { shift: 0.0, scale: 1.0, covariance: diagonal(UNCHECKED_SHIFT_HU, UNCHECKED_SCALE) };
        Calibration::through(CalibrationMethod::Typical, scan, Vec::new())
    }

    /// From air, fat and muscle of the scan itself, of which at least fat and muscle must be seen; else [`Calibration::typical`].
    pub fn from_tissues(ct: &CtVolume) -> Self {
        let histogram = Histogram::new(ct);
        let seen: Vec<_> = TISSUES
            .into_iter()
            .filter_map(|(name, range, usual, sd)| Some((name, histogram.mode(range)?, usual, sd)))
            .collect();
        let has = |wanted| seen.iter().any(|(name, ..)| *name == wanted);
        if !(has("fat") && has("muscle")) {
            return Calibration::typical();
        }
        let points: Vec<_> = seen.iter().map(|&(_, found, usual, sd)| (found, usual, sd)).collect();
        let Some(line) = Line::fit(&points) else { return Calibration::typical() };
        let tissues_hu = seen.iter().map(|(name, found, ..)| ((*name).to_owned(), *found)).collect();
        Calibration::through(CalibrationMethod::Tissue, line, tissues_hu)
    }

    /// From the rods of a phantom.
    ///
    /// # Errors
    /// Fewer than three rods of different density, numbers that are none, a slope that no phantom has.
    pub fn from_rods(rods: &[Rod]) -> Result<Self, CalibrationError> {
        if let Some(i) = rods.iter().position(|r| !(r.density_mg_cm3.is_finite() && r.hu.is_finite())) {
            return Err(CalibrationError::NotFinite(i + 1));
        }
        let mut densities: Vec<f64> = rods.iter().map(|rod| rod.density_mg_cm3).collect();
        densities.sort_by(f64::total_cmp);
        densities.dedup();
        if densities.len() < FEWEST_RODS {
            return Err(CalibrationError::TooFew(densities.len()));
        }
        let points: Vec<_> = rods.iter().map(|rod| (rod.hu, rod.density_mg_cm3, 1.0)).collect();
        let line = Line::fit(&points).ok_or(CalibrationError::Slope(f64::INFINITY))?;
        if !SLOPES.contains(&line.scale) {
            return Err(CalibrationError::Slope(line.scale));
        }
        // The rods' own scatter about the line is all that is known of their error.
        let off = |(hu, density, _): &(f64, f64, f64)| (line.shift + line.scale * hu - density).powi(2);
        let variance = points.iter().map(off).sum::<f64>() / (points.len() - 2) as f64;
        Ok(Calibration {
            method: CalibrationMethod::Phantom,
            intercept_mg_cm3: line.shift,
            slope_mg_cm3_per_hu: line.scale,
            covariance: line.covariance * variance,
            tissues_hu: Vec::new(),
        })
    }

    /// The typical line behind a line from the scan's CT numbers to usual ones.
    fn through(method: CalibrationMethod, scan: Line, tissues_hu: Vec<(String, f64)>) -> Self {
        let ([slope, slope_sd], [intercept, intercept_sd]) = (TYPICAL_SLOPE, TYPICAL_INTERCEPT);
        // d = i + s (a + b h): first order in all four.
        let of_line = Vector2::new(scan.shift, scan.scale);
        let covariance = diagonal(intercept_sd, 0.0)
            + of_line * of_line.transpose() * slope_sd.powi(2)
            + scan.covariance * slope.powi(2);
        Calibration {
            method,
            intercept_mg_cm3: intercept + slope * scan.shift,
            slope_mg_cm3_per_hu: slope * scan.scale,
            covariance,
            tissues_hu,
        }
    }

    /// Density at a CT number, in mg/cm3, and one standard deviation of what the calibration leaves open.
    pub fn density_mg_cm3(&self, hu: f64) -> (f64, f64) {
        let at = Vector2::new(1.0, hu);
        let variance = (at.transpose() * self.covariance * at)[0];
        (self.intercept_mg_cm3 + self.slope_mg_cm3_per_hu * hu, variance.max(0.0).sqrt())
    }
}

fn diagonal(first_sd: f64, second_sd: f64) -> Matrix2<f64> {
    Matrix2::from_diagonal(&Vector2::new(first_sd.powi(2), second_sd.powi(2)))
}

/// y = shift + scale x.
struct Line {
    shift: f64,
    scale: f64,
    covariance: Matrix2<f64>,
}

impl Line {
    /// Weighted least squares through (x, y, standard deviation of y); `None` where all x are the same.
    fn fit(points: &[(f64, f64, f64)]) -> Option<Self> {
        let mut normal = Matrix2::zeros();
        let mut right = Vector2::zeros();
        for &(x, y, sd) in points {
            let row = Vector2::new(1.0, x);
            normal += row * row.transpose() / sd.powi(2);
            right += row * y / sd.powi(2);
        }
        let covariance = normal.try_inverse()?;
        let solution = covariance * right;
        solution.iter().all(|v| v.is_finite()).then_some(Line {
            shift: solution[0],
            scale: solution[1],
            covariance,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::{Grid, Volume};
    use ndarray::Array3;
    use proptest::prelude::*;

    fn rods(line: impl Fn(f64) -> f64) -> Vec<Rod> {
        [0.0, 50.0, 100.0, 200.0].map(|hu| Rod { density_mg_cm3: line(hu), hu }).to_vec()
    }

    proptest! {
        #[test]
        fn rods_on_a_line_give_that_line(slope in 0.4..1.8f64, intercept in -30.0..30.0f64, hu in -100.0..1500.0f64) {
            let found = Calibration::from_rods(&rods(|hu| intercept + slope * hu)).unwrap();
            let (density, sd) = found.density_mg_cm3(hu);
            prop_assert!((density - intercept - slope * hu).abs() < 1e-6 && sd < 1e-6);
        }

        #[test]
        fn a_scanner_that_shifts_and_scales_gives_the_same_densities(shift in -15.0..15.0f64, scale in 0.93..1.07f64) {
            let scan = |of: &dyn Fn(f64) -> f64| {
                let grid = Grid::axis_aligned([30; 3], Point::origin(), [1.0; 3]);
                let tissue = |i: usize| [-1000.0, -105.0, 48.0][i % 3] + (i / 3 % 7) as f64 - 3.0;
                let values = (0..27_000).map(|i| of(tissue(i)).round() as i16).collect();
                Calibration::from_tissues(&Volume::new(grid, Array3::from_shape_vec((30, 30, 30), values).unwrap()))
            };
            let (straight, other) = (scan(&|hu| hu), scan(&|hu| shift + scale * hu));
            prop_assert_eq!(other.method, CalibrationMethod::Tissue);
            for hu in [-100.0, 50.0, 300.0] {
                let (a, sd) = straight.density_mg_cm3(hu);
                let (b, _) = other.density_mg_cm3(shift + scale * hu);
                prop_assert!((a - b).abs() < 2.0, "{a} {b}");
                prop_assert!(sd > 1.0);
            }
        }
    }

    #[test]
    fn rods_scatter_into_the_spread_and_bad_ones_are_refused() {
        let mut noisy = rods(|hu| 0.8 * hu);
        noisy[1].density_mg_cm3 += 4.0;
        noisy[2].density_mg_cm3 -= 4.0;
        let found = Calibration::from_rods(&noisy).unwrap();
        let (_, near) = found.density_mg_cm3(100.0);
        let (_, far) = found.density_mg_cm3(1000.0);
        assert!(near > 1.0 && far > 4.0 * near, "{near} {far}");
        let refused = |rods: &[Rod]| Calibration::from_rods(rods).unwrap_err().to_string();
        assert!(refused(&noisy[..2]).contains("rods given: 2"));
        assert!(refused(&[noisy[0]; 5]).contains("rods given: 1"));
        assert!(refused(&rods(|hu| -hu)).contains("-1.00 mg/cm3"));
        noisy[3].hu = f64::NAN;
        assert!(refused(&noisy).contains("rod 4"));
    }

    #[test]
    fn what_is_known_of_the_scanner_makes_densities_surer() {
        let grid = Grid::axis_aligned([30; 3], Point::origin(), [1.0; 3]);
        let values = (0..27_000).map(|i| [-1000, -105, 48][i % 3]).collect();
        let ct: CtVolume = Volume::new(grid.clone(), Array3::from_shape_vec((30, 30, 30), values).unwrap());
        let (tissue, typical) = (Calibration::from_tissues(&ct), Calibration::typical());
        for hu in [100.0, 300.0, 900.0] {
            let ((a, sure), (b, unsure)) = (tissue.density_mg_cm3(hu), typical.density_mg_cm3(hu));
            assert!((a - b).abs() < 1e-6 * hu && sure < unsure, "{hu}: {a} {b}, {sure} {unsure}");
        }
        // A scan without muscle says nothing of its scanner.
        let blank: CtVolume = Volume::new(grid, Array3::from_elem((30, 30, 30), -1000));
        assert_eq!(Calibration::from_tissues(&blank), typical);
    }
}
