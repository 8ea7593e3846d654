//! Compares the conversions of cup angles with a reference table (Murray 1993), as `coxa verify cup-angles` does.
//!
//!     cargo run --example verify_angles -- table.csv
//!
//! Without a table it takes two rows of exact values.

use coxa::verify::cup_angles;

const TABLE: &str = "radiographic_inclination,radiographic_anteversion,operative_inclination,operative_anteversion,\
anatomic_inclination,anatomic_anteversion,axis_x_anterior,axis_y_superior,axis_z_lateral,posterior_tilt_deg,RI_after_tilt,RA_after_tilt
40,15,38.380802,19.278960,42.273515,22.629056,0.25881905,-0.73994211,0.62088515,10,42.240989,22.542995
45,0,45,0,45,0,0,-0.70710678,0.70710678,0,45,0
";

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = match std::env::args_os().nth(1) {
        Some(path) => path.into(),
        None => {
            let path = folder.path().join("cup_angles.csv");
            std::fs::write(&path, TABLE)?;
            path
        }
    };
    let report = cup_angles::run(&path)?;
    println!("{report}");
    anyhow::ensure!(report.holds(), "the conversions do not agree with the table");
    Ok(())
}
