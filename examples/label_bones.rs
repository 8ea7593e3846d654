//! Finds the bones of a virtual patient in its CT and compares them with the truth (evidence: synthetic-new-anatomy).
//!
//!     cargo run --example label_bones

use coxa_imaging::compare::compare;
use coxa_segment::{SegmentOptions, segment};
use coxa_synthetic::{VirtualPatientOptions, generate};

fn main() -> anyhow::Result<()> {
    let patient = generate(&VirtualPatientOptions { spacing_mm: 2.0, ..Default::default() })?;
    let found = segment(&patient.ct, &SegmentOptions::default(), &|_, _| {})?;
    for label in &found.labels.table {
        let truth = patient.labels.table.iter().find(|other| other.name == label.name);
        let Some(truth) = truth else { continue };
        let agreement = compare(&found.labels.volume, label.id, &patient.labels.volume, truth.id)?;
        println!(
            "{:12} Dice {:.3}, mean surface distance {:.2} mm",
            label.name, agreement.dice, agreement.average_surface_mm
        );
    }
    Ok(())
}
