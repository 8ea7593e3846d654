//! `coxa verify rom-cone`: neck-on-liner limits of the exact cone model against a table.

use super::SuiteReport;
use super::table::{Errors, Table};
use coxa_geometry::Angle;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::Gravity;
use coxa_geometry::joint::HipAngles;
use coxa_sim::rom::cone::{ConeHip, neck_axis};
use coxa_sim::rom::{Limit, Motion};
use std::path::Path;

/// Degrees that a limit may differ from the table.
const TOLERANCE_DEG: f64 = 1e-3;

const CASE: [&str; 6] = [
    "cup_RI_deg",
    "cup_RA_deg",
    "stem_anteversion_deg",
    "neck_shaft_deg",
    "oscillation_angle_deg",
    "neutral_axis_angle_deg",
];

/// The limits' columns, in the order of [`Motion::table`].
const LIMITS: [&str; 10] = [
    "flexion_limit_deg",
    "extension_limit_deg",
    "abduction_limit_deg",
    "adduction_limit_deg",
    "ir_at0_limit_deg",
    "er_at0_limit_deg",
    "ir_at90_limit_deg",
    "er_at90_limit_deg",
    "ir_at90_add10_limit_deg",
    "er_at_ext10_limit_deg",
];

/// Compares the limit of every motion, and the angle between neck and cup in neutral.
pub fn run(path: &Path) -> anyhow::Result<SuiteReport> {
    let mut errors = Errors::default();
    for row in Table::read(path, &[&CASE[..], &LIMITS[..]].concat())?.rows() {
        let cup = Radiographic::<Gravity>::from_degrees(row.number("cup_RI_deg")?, row.number("cup_RA_deg")?);
        let angle = |column: &str| row.number(column).map(Angle::from_degrees);
        let neck = neck_axis(angle("neck_shaft_deg")?, angle("stem_anteversion_deg")?);
        let hip =
            ConeHip::new(cup.axis(), neck, angle("oscillation_angle_deg")?).map_err(|e| row.error(e))?;
        let neutral = hip.axis_angle(HipAngles::default());
        errors.add("neutral axis angle", neutral.degrees(), row.number("neutral_axis_angle_deg")?);
        for (motion, column) in Motion::table().iter().zip(LIMITS) {
            let expected = row.number(column)?;
            // A limit in the table is an angle; no limit at all differs from it by more than any tolerance.
            let found = match hip.limit(motion) {
                Limit::At(angle) => angle.degrees(),
                Limit::Unlimited | Limit::Blocked => f64::NAN,
            };
            errors.add(column.trim_end_matches("_deg"), found, expected);
        }
    }
    // The table prints the neutral angle to 1e-4 degrees, as the limits.
    Ok(SuiteReport { suite: "rom-cone", evidence: "analytic", checks: errors.checks(TOLERANCE_DEG, "deg") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::table::tests::run_on;

    const ROW: &str = "45,0,0,135,135,0.0000,103.5700,103.5700,67.5000,67.5000,103.5700,103.5700,12.2349,102.2349,2.5679,92.6352";

    #[test]
    fn a_right_table_holds_and_a_wrong_or_impossible_one_does_not() {
        let table = |row: &str| format!("{}\n{row}\n", [&CASE[..], &LIMITS[..]].concat().join(","));
        let report = run_on(&table(ROW), run).unwrap();
        assert!(report.holds(), "{report}");
        assert_eq!(report.checks.len(), 11);
        assert!(!run_on(&table(&ROW.replace("12.2349", "12.2369")), run).unwrap().holds());
        let open = ROW.replacen("135,135", "135,359", 1);
        assert!(!run_on(&table(&open), run).unwrap().holds());
        let negative = ROW.replacen("135,135", "135,-5", 1);
        assert_eq!(
            run_on(&table(&negative), run).unwrap_err(),
            "cases.csv, line 2: an oscillation angle of -5 degrees is not between 0 and 360"
        );
    }
}
