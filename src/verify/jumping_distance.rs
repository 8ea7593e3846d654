//! `coxa verify jumping-distance`: Sariali's jumping distance against a table of exact values.

use super::SuiteReport;
use super::table::{Errors, Table};
use coxa_geometry::cup::{Anatomical, Radiographic};
use coxa_geometry::frame::AnteriorPelvicPlane;
use coxa_rom::stability::jumping_distance;
use std::path::Path;

/// Millimetres that a jumping distance may differ from the table, and degrees for the planar inclination.
const TOLERANCE: f64 = 1e-4;

const COLUMNS: [&str; 6] = [
    "head_diameter_mm",
    "abduction_deg",
    "anatomic_anteversion_deg",
    "head_offset_mm",
    "planar_inclination_deg",
    "jumping_distance_mm",
];

/// Compares planar inclination and jumping distance of every case.
pub fn run(path: &Path) -> anyhow::Result<SuiteReport> {
    let (mut inclinations, mut distances) = (Errors::default(), Errors::default());
    for row in Table::read(path, &COLUMNS)?.rows() {
        let cup = Anatomical::<AnteriorPelvicPlane>::from_degrees(
            row.number("abduction_deg")?,
            row.number("anatomic_anteversion_deg")?,
        );
        let cup = Radiographic::from(cup);
        let found = jumping_distance(row.number("head_diameter_mm")?, cup, row.number("head_offset_mm")?)
            .map_err(|e| row.error(e))?;
        let planar = cup.inclination.degrees();
        inclinations.add("planar inclination", planar, row.number("planar_inclination_deg")?);
        distances.add("jumping distance", found, row.number("jumping_distance_mm")?);
    }
    let mut checks = inclinations.checks(TOLERANCE, "deg");
    checks.extend(distances.checks(TOLERANCE, "mm"));
    Ok(SuiteReport { suite: "jumping-distance", evidence: "analytic", checks })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::table::tests::run_on;

    #[test]
    fn a_right_table_holds_and_a_wrong_or_impossible_one_does_not() {
        let table = |row: &str| format!("{}\n{row}\n", COLUMNS.join(","));
        assert!(run_on(&table("22.225,45,15,1,44.00703,7.75247"), run).unwrap().holds());
        assert!(!run_on(&table("22.225,45,15,-1,44.00703,7.75247"), run).unwrap().holds());
        assert!(!run_on(&table("22.225,45,15,1,44.00703,7.75267"), run).unwrap().holds());
        assert_eq!(
            run_on(&table("22,45,15,11,44,7"), run).unwrap_err(),
            "cases.csv, line 2: an inset of -11 mm is not smaller than the head radius of 11 mm"
        );
    }
}
