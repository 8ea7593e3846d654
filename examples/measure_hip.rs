//! Measures a hip: landmarks, frames and angles, each with its spread.
//!
//!     cargo run --example measure_hip

use coxa_geometry::Side;
use coxa_measure::measure;
use coxa_synthetic::{VirtualPatientOptions, generate};

fn main() -> anyhow::Result<()> {
    let patient = generate(&VirtualPatientOptions { spacing_mm: 2.0, ..Default::default() })?;
    let anatomy = measure(&patient.surfaces, Some((&patient.ct, &patient.labels)));
    for (key, measured) in anatomy.measurements.iter() {
        println!("{key:44} {:8.1} +- {:.1} {}", measured.value, measured.spread, measured.unit);
    }
    // The head centre is known by construction.
    if let Some(head) = &anatomy.side(Side::Right).head {
        let truth = patient.truth.side(Side::Right).head_centre_mm;
        println!("right head centre {:.2} mm from the truth", head.centre_mm.distance(truth));
    }
    Ok(())
}
