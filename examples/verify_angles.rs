//! Compares the conversions of cup angles with a reference table (Murray 1993); `coxa verify cup-angles` does the same and more.
//!
//!     cargo run --example verify_angles -- table.csv
//!
//! Without a table it takes two rows of exact values.

use anyhow::{Context, ensure};
use coxa_geometry::cup::{Anatomical, Operative, Radiographic};
use coxa_geometry::frame::AnteriorPelvicPlane;

const TABLE: &str =
    "radiographic_inclination,radiographic_anteversion,operative_inclination,operative_anteversion,\
anatomic_inclination,anatomic_anteversion
40,15,38.380802,19.278960,42.273515,22.629056
45,0,45,0,45,0
";

/// Degrees that a converted angle may differ from the table.
const TOLERANCE_DEG: f64 = 1e-4;

fn main() -> anyhow::Result<()> {
    let table = match std::env::args_os().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => TABLE.to_owned(),
    };
    let mut worst_deg = 0.0_f64;
    let mut rows = 0;
    for line in table.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let numbers: Vec<f64> =
            line.split(',').take(6).map(|cell| cell.trim().parse()).collect::<Result<_, _>>()?;
        let [inclination, anteversion, expected @ ..] =
            <[f64; 6]>::try_from(numbers).ok().context("a row holds six angles")?;
        let cup = Radiographic::<AnteriorPelvicPlane>::from_degrees(inclination, anteversion);
        let (operative, anatomical) = (Operative::from(cup), Anatomical::from(cup));
        let found =
            [operative.inclination, operative.anteversion, anatomical.inclination, anatomical.anteversion];
        for (found, expected) in found.iter().zip(expected) {
            let off_deg = (found.degrees() - expected).abs();
            // What is not a number is worse than any.
            if off_deg.total_cmp(&worst_deg).is_gt() {
                worst_deg = off_deg;
            }
        }
        println!("radiographic {inclination} and {anteversion}: {operative:?}, {anatomical:?}");
        rows += 1;
    }
    println!("{rows} rows, off by {worst_deg:.1e} degrees at most");
    ensure!(rows > 0 && worst_deg <= TOLERANCE_DEG, "the conversions do not agree with the table");
    Ok(())
}
