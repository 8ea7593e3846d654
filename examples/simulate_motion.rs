//! Simulates the range of motion of a planned hip: how far each motion goes, and what stops it.
//!
//!     cargo run --example simulate_motion

use coxa_geometry::Side;
use coxa_measure::measure;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::{PlanOptions, PlanningInput, place};
use coxa_planner::{SimulationOptions, simulate};
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
    let simulated = simulate::simulate(&planned, &anatomy, &SimulationOptions::default(), &|_| {})?;
    for limit in &simulated.results.limits {
        match (limit.limit_deg, &limit.cause) {
            (Some(angle), Some(cause)) => println!("{:42} {angle}, then {cause}", limit.motion.name),
            _ => println!("{:42} free as far as it is followed", limit.motion.name),
        }
    }
    Ok(())
}
