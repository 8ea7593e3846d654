//! `coxa verify oscillation-angle`: head, neck and liner against a table of exact oscillation angles.

use super::SuiteReport;
use super::table::{Errors, Table};
use coxa_geometry::Angle;
use coxa_rom::stability::{Bearing, Rim};
use std::path::Path;

/// Degrees that an oscillation angle may differ from the table.
const TOLERANCE_DEG: f64 = 1e-3;

const COLUMNS: [&str; 5] = [
    "head_diameter_mm",
    "neck_diameter_mm",
    "head_centre_inset_mm",
    "neck_half_taper_deg",
    "oscillation_angle_deg",
];

/// Compares the oscillation angle of every bearing.
pub fn run(path: &Path) -> anyhow::Result<SuiteReport> {
    let mut errors = Errors::default();
    for row in Table::read(path, &COLUMNS)?.rows() {
        let bearing = Bearing {
            head_diameter_mm: row.number("head_diameter_mm")?,
            neck_diameter_mm: row.number("neck_diameter_mm")?,
            neck_half_taper: Angle::from_degrees(row.number("neck_half_taper_deg")?),
            rim: Rim::Sharp { inset_mm: row.number("head_centre_inset_mm")? },
        };
        let found = bearing.oscillation_angle().map_err(|e| row.error(e))?;
        errors.add("oscillation angle", found.degrees(), row.number("oscillation_angle_deg")?);
    }
    Ok(SuiteReport {
        suite: "oscillation-angle",
        evidence: "analytic",
        checks: errors.checks(TOLERANCE_DEG, "deg"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::table::tests::run_on;

    #[test]
    fn a_right_table_holds_and_a_wrong_or_impossible_one_does_not() {
        let table = |row: &str| format!("{}\n{row}\n", COLUMNS.join(","));
        assert!(run_on(&table("32,12,0,2.85,130.3087"), run).unwrap().holds());
        assert!(run_on(&table("32,12,-1.5,0,146.7101"), run).unwrap().holds());
        assert!(!run_on(&table("32,12,1.5,0,146.7101"), run).unwrap().holds());
        assert!(!run_on(&table("32,12,0,2.85,130.3107"), run).unwrap().holds());
        assert_eq!(
            run_on(&table("32,12,17,0,130"), run).unwrap_err(),
            "cases.csv, line 2: an inset of 17 mm is not smaller than the head radius of 16 mm"
        );
    }
}
