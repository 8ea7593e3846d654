//! Places cup and stem by rule and prints the plan as plan.toml holds it.
//!
//!     cargo run --example place_implants

use coxa_geometry::Side;
use coxa_measure::measure;
use coxa_planner::document;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::{PlanOptions, PlanningInput, place};
use coxa_synthetic::{VirtualPatientOptions, generate};

fn main() -> anyhow::Result<()> {
    let patient = generate(&VirtualPatientOptions { spacing_mm: 2.0, ..Default::default() })?;
    let anatomy = measure(&patient.surfaces, Some((&patient.ct, &patient.labels)));
    let input = PlanningInput {
        grid: &patient.ct.grid,
        labels: &patient.labels,
        surfaces: &patient.surfaces,
        anatomy: &anatomy,
        findings: &[],
        side: Side::Right,
        options: PlanOptions::default(),
    };
    let planned = place(&input, &Catalogue::builtin())?;
    println!("{}", document::to_toml(&planned.plan));
    for finding in &planned.findings {
        println!("{:?}: {}", finding.severity, finding.message);
    }
    Ok(())
}
