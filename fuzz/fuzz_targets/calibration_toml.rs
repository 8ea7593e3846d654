//! Calibrations of density: any text gives an error that names the file, or rods within their limits.
#![no_main]

use coxa_anatomy::calibration::CalibrationChoice;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match CalibrationChoice::from_toml(text, "calibration.toml") {
        Ok(CalibrationChoice::Phantom(rods)) => {
            assert!(!rods.is_empty());
            assert!(rods.iter().all(|rod| rod.density_mg_cm3.is_finite()));
            assert!(rods.iter().all(|rod| rod.hu.is_some() != rod.centre_mm.is_some()));
        }
        Ok(_) => {}
        Err(error) => assert!(error.to_string().starts_with("calibration.toml: ")),
    }
});
