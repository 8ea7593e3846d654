//! How a user says what densities are calibrated by: the rods of a phantom, each by its place in the scan or by its CT number, or
//! one of the ways that need none.

use super::density::{Calibration, CalibrationError, CalibrationMethod, Rod};
use crate::toml_reason::toml_reason;
use coxa_geometry::Point;
use coxa_geometry::frame::Patient;
use coxa_imaging::CtVolume;
use serde::Deserialize;
use std::path::Path;

/// No calibration comes near this.
const MOST_BYTES: u64 = 1 << 16;
/// Phantoms have three to eight rods.
const MOST_RODS: usize = 100;
/// Fewest voxels of a rod of which a mean is one.
const FEWEST_VOXELS: usize = 20;
/// Rods of phantoms, in mm.
const RADII_MM: std::ops::RangeInclusive<f64> = 1.0..=30.0;
/// Density of any rod in mg/cm3; solid cortical bone has 1200.
const DENSITIES_MG_CM3: std::ops::RangeInclusive<f64> = -200.0..=3000.0;

/// What densities are to be calibrated by.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum CalibrationChoice {
    /// Air, fat and muscle of the scan.
    #[default]
    Tissue,
    /// The line of typical phantoms alone.
    Typical,
    /// The rods of a phantom.
    Phantom(Vec<GivenRod>),
}

/// A rod as the user gives it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenRod {
    /// What it is made to have.
    pub density_mg_cm3: f64,
    /// Its mean CT number, where it was measured elsewhere.
    pub hu: Option<f64>,
    /// Its middle in the scan, patient frame (LPS).
    pub centre_mm: Option<[f64; 3]>,
    /// Of a ball about the middle that lies well within the rod.
    pub radius_mm: Option<f64>,
}

/// Why a calibration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationFileError {
    /// Not readable.
    #[error("{file} cannot be read: {reason}")]
    Read {
        /// The file as named.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// Not of this form.
    #[error("{file}: {reason}")]
    Form {
        /// The file as named.
        file: String,
        /// What is wrong and what is allowed.
        reason: String,
    },
    /// A rod that the scan does not show.
    #[error(
        "rod {rod} of the calibration covers only {voxels} voxels of the scan: centre_mm and radius_mm must be in millimetres of the patient frame (LPS) and lie in the scan"
    )]
    NotInScan {
        /// Counted from 1.
        rod: usize,
        /// Voxels within it.
        voxels: usize,
    },
    /// The rods give no line.
    #[error(transparent)]
    Rods(#[from] CalibrationError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    method: Option<CalibrationMethod>,
    #[serde(default)]
    rod: Vec<GivenRod>,
}

impl CalibrationChoice {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it cannot be read, or is no calibration.
    pub fn from_file(path: &Path) -> Result<Self, CalibrationFileError> {
        let file = path.display().to_string();
        let unread = |reason: String| CalibrationFileError::Read { file: file.clone(), reason };
        let size = std::fs::metadata(path).map_err(|e| unread(e.to_string()))?.len();
        if size > MOST_BYTES {
            return Err(unread(format!("it has {size} bytes, too many for a calibration file")));
        }
        let text = std::fs::read_to_string(path).map_err(|e| unread(e.to_string()))?;
        Self::from_toml(&text, &file)
    }

    /// Reads a document; `file` is its name in messages.
    ///
    /// # Errors
    /// [`CalibrationFileError::Form`].
    pub fn from_toml(text: &str, file: &str) -> Result<Self, CalibrationFileError> {
        let refuse = |reason: String| CalibrationFileError::Form { file: file.to_owned(), reason };
        let Document { method, rod } =
            toml::from_str(text).map_err(|error| refuse(toml_reason(text, &error)))?;
        match (method, rod.len()) {
            (Some(CalibrationMethod::Tissue), 0) => Ok(CalibrationChoice::Tissue),
            (Some(CalibrationMethod::Typical), 0) => Ok(CalibrationChoice::Typical),
            (None | Some(CalibrationMethod::Phantom), 1..=MOST_RODS) => {
                for (n, rod) in rod.iter().enumerate() {
                    rod.check().map_err(|reason| refuse(format!("rod {}: {reason}", n + 1)))?;
                }
                Ok(CalibrationChoice::Phantom(rod))
            }
            _ => Err(refuse(
                "it must hold either method = \"tissue\" or \"typical\", or a [[rod]] for each rod of the phantom".into(),
            )),
        }
    }

    /// The calibration of a scan.
    ///
    /// # Errors
    /// Where a rod is not in the scan, or the rods give no line.
    pub fn calibrate(&self, ct: &CtVolume) -> Result<Calibration, CalibrationFileError> {
        match self {
            CalibrationChoice::Tissue => Ok(Calibration::from_tissues(ct)),
            CalibrationChoice::Typical => Ok(Calibration::typical()),
            CalibrationChoice::Phantom(given) => {
                let rods: Result<Vec<Rod>, _> =
                    given.iter().enumerate().map(|(n, rod)| rod.measured(n + 1, ct)).collect();
                Ok(Calibration::from_rods(&rods?)?)
            }
        }
    }
}

impl GivenRod {
    fn check(&self) -> Result<(), String> {
        let GivenRod { density_mg_cm3, hu, centre_mm, radius_mm } = self;
        if !DENSITIES_MG_CM3.contains(density_mg_cm3) {
            return Err(format!("density_mg_cm3 is {density_mg_cm3}, but must lie between -200 and 3000"));
        }
        match (hu, centre_mm, radius_mm) {
            (Some(hu), None, None) if (-1100.0..=4000.0).contains(hu) => Ok(()),
            (Some(hu), None, None) => Err(format!("hu is {hu}, but must lie between -1100 and 4000")),
            (None, Some(centre), Some(radius)) => {
                if !centre.iter().all(|mm| mm.abs() < 1e5) {
                    return Err("centre_mm must be three finite numbers in millimetres".into());
                }
                if !RADII_MM.contains(radius) {
                    return Err(format!("radius_mm is {radius}, but must lie between 1 and 30"));
                }
                Ok(())
            }
            _ => Err("it needs either hu, or centre_mm and radius_mm".into()),
        }
    }

    /// The rod `number`, counted from 1, with its mean CT number.
    fn measured(&self, number: usize, ct: &CtVolume) -> Result<Rod, CalibrationFileError> {
        let density_mg_cm3 = self.density_mg_cm3;
        if let Some(hu) = self.hu {
            return Ok(Rod { density_mg_cm3, hu });
        }
        let [x, y, z] = self.centre_mm.unwrap_or_default();
        let radius = self.radius_mm.unwrap_or_default();
        let near = ct.grid.voxels_near(Point::<Patient>::new(x, y, z), radius);
        let values: Vec<f64> = near.filter_map(|at| ct.voxels.get(at).map(|hu| f64::from(*hu))).collect();
        if values.len() < FEWEST_VOXELS {
            return Err(CalibrationFileError::NotInScan { rod: number, voxels: values.len() });
        }
        Ok(Rod { density_mg_cm3, hu: values.iter().sum::<f64>() / values.len() as f64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_imaging::{Grid, Volume};
    use ndarray::Array3;

    /// Water with three rods along x, whose CT number is 20 + 1.25 times their density.
    fn scan() -> CtVolume {
        let grid = Grid::axis_aligned([60, 20, 20], Point::origin(), [1.0; 3]);
        let value = |(_, _, x): (usize, usize, usize)| {
            if x < 20 {
                20
            } else if x < 40 {
                145
            } else {
                270
            }
        };
        Volume::new(grid, Array3::from_shape_fn((20, 20, 60), value))
    }

    fn rods(third: &str) -> String {
        let rod = |density: f64, x: f64| {
            format!("[[rod]]\ndensity_mg_cm3 = {density}\ncentre_mm = [{x}, 10, 10]\nradius_mm = 5\n")
        };
        format!("{}{}{third}", rod(0.0, 10.0), rod(100.0, 30.0))
    }

    #[test]
    fn rods_in_the_scan_and_rods_by_their_number_give_the_same_line() {
        let in_scan = rods("[[rod]]\ndensity_mg_cm3 = 200\ncentre_mm = [50, 10, 10]\nradius_mm = 5");
        let by_number = rods("[[rod]]\ndensity_mg_cm3 = 200\nhu = 270");
        for text in [in_scan, by_number] {
            let found = CalibrationChoice::from_toml(&text, "f").unwrap().calibrate(&scan()).unwrap();
            assert_eq!(found.method, CalibrationMethod::Phantom);
            let (density, sd) = found.density_mg_cm3(645.0);
            assert!((density - 500.0).abs() < 1e-6 && sd < 1e-6, "{density} {sd}");
        }
    }

    #[test]
    fn every_way_can_be_chosen() {
        let chosen =
            |text: &str| CalibrationChoice::from_toml(text, "f").unwrap().calibrate(&scan()).unwrap();
        assert_eq!(chosen("method = \"typical\""), Calibration::typical());
        assert_eq!(chosen("method = \"tissue\""), Calibration::from_tissues(&scan()));
    }

    #[test]
    fn what_is_no_calibration_says_why() {
        for (text, why) in [
            ("", "either method"),
            ("method = \"phantom\"", "either method"),
            ("method = \"tissue\"\n[[rod]]\ndensity_mg_cm3 = 1\nhu = 1", "either method"),
            ("\nmethods = 1", "line 2"),
            ("[[rod]]\ndensity_mg_cm3 = 1", "rod 1: it needs either hu"),
            ("[[rod]]\ndensity_mg_cm3 = nan\nhu = 1", "rod 1: density_mg_cm3 is NaN"),
            ("[[rod]]\ndensity_mg_cm3 = 1\ncentre_mm = [0, 0, 0]\nradius_mm = 1e9", "between 1 and 30"),
        ] {
            let said = CalibrationChoice::from_toml(text, "f").unwrap_err().to_string();
            assert!(said.starts_with("f: ") && said.contains(why), "{said}");
        }
        let outside = rods("[[rod]]\ndensity_mg_cm3 = 200\ncentre_mm = [500, 10, 10]\nradius_mm = 5");
        let said = CalibrationChoice::from_toml(&outside, "f").unwrap().calibrate(&scan()).unwrap_err();
        assert!(said.to_string().contains("rod 3 of the calibration covers only 0 voxels"), "{said}");
        let few = CalibrationChoice::from_toml(&rods(""), "f").unwrap().calibrate(&scan()).unwrap_err();
        assert!(few.to_string().contains("rods given: 2"), "{few}");
    }
}
