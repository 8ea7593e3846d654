//! Moves and turns a planned cup by hand and shows what that changes.
//!
//!     cargo run --example move_cup

use coxa_geometry::Side;
use coxa_measure::measure;
use coxa_planner::adjust::Adjustment;
use coxa_planner::implants::Catalogue;
use coxa_planner::placed::HipAxes;
use coxa_planner::placement::{PlanOptions, PlanningInput, place, realise};
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
    let catalogue = Catalogue::builtin();
    let before = place(&input, &catalogue)?;
    let by = Adjustment::MoveCup { medial_mm: 0.0, superior_mm: 3.0, anterior_mm: 0.0 };
    let plan = HipAxes::new(&anatomy, Side::Right).adjusted(&before.plan, &by)?;
    let after = realise(&plan, &input, &catalogue)?;
    for (key, was) in before.results.iter() {
        let Some(is) = after.results.get(key) else { continue };
        if (is.value - was.value).abs() > 0.05 {
            println!("{key:32} {:7.1} -> {:7.1} {}", was.value, is.value, is.unit);
        }
    }
    Ok(())
}
