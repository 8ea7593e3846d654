//! `coxa verify cup-angles`: Murray's three definitions and pelvic tilt against a table of exact values.

use super::SuiteReport;
use super::table::{Errors, Table};
use coxa_geometry::cup::{Anatomical, Operative, Radiographic};
use coxa_geometry::frame::AnteriorPelvicPlane;
use coxa_geometry::{Angle, Vector};
use std::path::Path;

/// Degrees that a converted angle may differ from the table.
const TOLERANCE_DEG: f64 = 1e-4;

const COLUMNS: [&str; 12] = [
    "radiographic_inclination",
    "radiographic_anteversion",
    "operative_inclination",
    "operative_anteversion",
    "anatomic_inclination",
    "anatomic_anteversion",
    "axis_x_anterior",
    "axis_y_superior",
    "axis_z_lateral",
    "posterior_tilt_deg",
    "RI_after_tilt",
    "RA_after_tilt",
];

/// Compares all pairs converted from the radiographic one, the radiographic one converted back from the table's
/// others, the axis, and the radiographic pair after pelvic tilt.
pub fn run(path: &Path) -> anyhow::Result<SuiteReport> {
    type Plane = AnteriorPelvicPlane;
    let mut angles = Errors::default();
    for row in Table::read(path, &COLUMNS)?.rows() {
        let pair = |i: usize| Ok::<_, anyhow::Error>((row.number(COLUMNS[i])?, row.number(COLUMNS[i + 1])?));
        let ((ri, ra), (oi, oa), (ai, aa)) = (pair(0)?, pair(2)?, pair(4)?);
        let radiographic = Radiographic::<Plane>::from_degrees(ri, ra);
        let (operative, anatomical) = (Operative::from(radiographic), Anatomical::from(radiographic));
        angles.add("operative inclination", operative.inclination.degrees(), oi);
        angles.add("operative anteversion", operative.anteversion.degrees(), oa);
        angles.add("anatomical inclination", anatomical.inclination.degrees(), ai);
        angles.add("anatomical anteversion", anatomical.anteversion.degrees(), aa);
        let from_operative = Radiographic::from(Operative::<Plane>::from_degrees(oi, oa));
        let from_anatomical = Radiographic::from(Anatomical::<Plane>::from_degrees(ai, aa));
        for back in [from_operative, from_anatomical] {
            angles.add("radiographic inclination back", back.inclination.degrees(), ri);
            angles.add("radiographic anteversion back", back.anteversion.degrees(), ra);
        }
        let tilted = radiographic.tilted(Angle::from_degrees(row.number("posterior_tilt_deg")?));
        angles.add("inclination after tilt", tilted.inclination.degrees(), row.number("RI_after_tilt")?);
        angles.add("anteversion after tilt", tilted.anteversion.degrees(), row.number("RA_after_tilt")?);
        let axis = Vector::new(
            row.number("axis_x_anterior")?,
            row.number("axis_y_superior")?,
            row.number("axis_z_lateral")?,
        );
        angles.add("cup axis", radiographic.axis().angle_to(axis).degrees(), 0.0);
    }
    Ok(SuiteReport { suite: "cup-angles", evidence: "analytic", checks: angles.checks(TOLERANCE_DEG, "deg") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::table::tests::run_on;

    const ROW: &str = "40,15,38.380802,19.278960,42.273515,22.629056,0.25881905,-0.73994211,0.62088515,10,42.240989,22.542995";

    #[test]
    fn a_right_table_holds_and_a_wrong_one_does_not() {
        let table = |row: &str| format!("{}\n{row}\n", COLUMNS.join(","));
        let report = run_on(&table(ROW), run).unwrap();
        assert!(report.holds(), "{report}");
        assert_eq!(report.checks.len(), 9);
        for (right, wrong) in
            [("38.380802", "38.381002"), ("22.542995", "-22.542995"), ("0.62088515", "0.6209")]
        {
            assert!(!run_on(&table(&ROW.replace(right, wrong)), run).unwrap().holds(), "{wrong}");
        }
    }
}
