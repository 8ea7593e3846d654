//! Suite `leg-peers`: our leg in our motion as OpenSim and MuJoCo compute it.
//!
//! The folder is made by `sim/muscle/benches/opensim_leg.py` from what `coxa load CASE -o DIR` wrote: the leg with its motion, and tables of what the other programs
//! made of it. Lengths, moment arms and the ways along which muscles press the hip are compared muscle by muscle, and the force in the hip by the criterion
//! of OpenSim, activations alone, and by ours, which spares the joint too: with a solver of SciPy on OpenSim's inverse dynamics, arms and strengths, and by OpenSim's
//! own static optimisation and reaction, whose accelerations are those of curves through velocities.

#[cfg(test)]
mod tests;
mod trial;

use super::{Check, SuiteReport};
use anyhow::{Result, anyhow};
use coxa_muscle::hip_loads::FEMUR;
use coxa_muscle::optimisation::{Instant, Settings, StaticOptimisation};
use coxa_muscle::{Paths, Posture, Skeleton};
use nalgebra::Vector3;
use std::path::Path;
use trial::{Accelerations, Row, Trial};

const HIP: [&str; 3] = ["hip_flexion_r", "hip_adduction_r", "hip_rotation_r"];
const AXES: [&str; 3] = ["x", "y", "z"];
/// Differences that are allowed, mm, parts of a way, N and percent of body weight.
const LENGTH_MM: f64 = 0.05;
const ARM_MM: f64 = 0.1;
const WAY: f64 = 1e-3;
const MUSCLE_N: f64 = 10.0;
const HIP_PCT_BW: f64 = 1.0;
/// A weight of the joint's force that makes it as good as free.
const FREE: f64 = 1e-9;

/// Runs the suite.
///
/// # Errors
/// Where a file is missing or cannot be read. Tables of MuJoCo may be missing.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let trial = Trial::read(folder)?;
    let mut checks = of_muscles(&trial, "OpenSim", "opensim_muscles.csv")?;
    if folder.join("mujoco_muscles.csv").exists() {
        checks.extend(of_muscles(&trial, "MuJoCo", "mujoco_muscles.csv")?);
    }
    checks.extend(of_hip(&trial)?);
    Ok(SuiteReport { suite: "leg-peers", evidence: "analytic", checks })
}

/// Lengths and arms, and, where the table has them, ways and strengths.
fn of_muscles(trial: &Trial, peer: &str, table: &str) -> Result<Vec<Check>> {
    let (model, apart) = trial.model.with_open_joint(FEMUR)?;
    let skeleton = Skeleton::new(&model)?;
    let paths = Paths::new(&model, &skeleton)?;
    let mut optimisation = StaticOptimisation::new(&model, &skeleton, &paths, Settings::default())?;
    let loads = trial.loads(&skeleton)?;
    let place =
        |name: &str| skeleton.coordinate(name).ok_or_else(|| anyhow!("the leg has no coordinate `{name}`"));
    let hip = HIP.iter().map(|name| place(name)).collect::<Result<Vec<_>>>()?;
    let ways = apart.iter().map(|name| place(name)).collect::<Result<Vec<_>>>()?;
    let (mut posture, mut arms) = (Posture::default(), vec![0.0; skeleton.coordinates().len()]);
    let zeros = arms.clone();
    let [mut length, mut arm, mut way, mut force] = [(); 4].map(|()| Vec::new());
    let mut now = None;
    for row in trial.rows(table)? {
        let (time, name) = (row.number("time")?, row.text("muscle")?);
        let muscle =
            paths.muscle(name).ok_or_else(|| anyhow!("{}: the leg has no muscle `{name}`", row.place))?;
        if now.as_ref().is_none_or(|(then, _, _): &(f64, Vec<f64>, Vec<f64>)| *then != time) {
            let frame = trial.at(time, Accelerations::OfValues, &skeleton, &loads);
            skeleton.place(&frame.q, &mut posture);
            let instant =
                Instant { q: &frame.q, velocities: &frame.rate, posture: &posture, moments: &zeros };
            now = Some((time, optimisation.bearable(&skeleton, &paths, &instant), frame.q));
        }
        let Some((_, strengths, q)) = &now else { continue };
        let found = paths.length(muscle, &skeleton, q, &posture, Some(&mut arms));
        length.push(1000.0 * (found - row.number("length_m")?).abs());
        for (name, &place) in HIP.iter().zip(&hip) {
            arm.push(1000.0 * (arms[place] - row.number(&format!("{name}_arm_m"))?).abs());
        }
        if row.cells.contains_key("force_n") {
            for (name, &place) in apart.iter().zip(&ways) {
                way.push((arms[place] - row.number(&format!("{name}_way"))?).abs());
            }
            if let Some(own) = optimisation.names().iter().position(|own| own == name) {
                force.push((strengths[own] - row.number("force_n")?).abs());
            }
        }
    }
    let mut checks = vec![
        Check::at_most(format!("{peer}, length"), &length, LENGTH_MM, "mm"),
        Check::at_most(format!("{peer}, moment arms about the hip"), &arm, ARM_MM, "mm"),
    ];
    if !way.is_empty() {
        checks.push(Check::at_most(format!("{peer}, way across the hip"), &way, WAY, ""));
        checks.push(Check::at_most(format!("{peer}, force at full activation"), &force, MUSCLE_N, "N"));
    }
    Ok(checks)
}

fn of_hip(trial: &Trial) -> Result<Vec<Check>> {
    let rows = trial.rows("opensim_hip.csv")?;
    let times = rows.iter().map(|row| row.number("time")).collect::<Result<Vec<_>>>()?;
    let compared = |name: &str, who: &str, weight: f64, of: Accelerations| -> Result<Check> {
        let own = trial.hip(&times, weight, of)?;
        let force = |row: &Row| row.numbers(AXES.map(|axis| format!("{who}_{axis}_n")));
        let theirs =
            rows.iter().map(|row| Ok(force(row)? * (100.0 / trial.weight_n))).collect::<Result<Vec<_>>>()?;
        let differences: Vec<f64> = own.iter().zip(&theirs).map(|(a, b)| (a - b).norm()).collect();
        let mean = differences.iter().sum::<f64>() / differences.len() as f64;
        let [ours, peer] = [&own, &theirs].map(|all| all.iter().map(Vector3::norm).fold(0.0, f64::max));
        let note = format!("mean {mean:.2e}; greatest force {ours:.1}, theirs {peer:.1} %BW");
        Ok(Check::at_most(name, &differences, HIP_PCT_BW, "%BW").with_note(note))
    };
    Ok(vec![
        compared("hip force, our criterion on OpenSim's leg", "both", 1.0, Accelerations::OfValues)?,
        compared("hip force, activations alone on OpenSim's leg", "alone", FREE, Accelerations::OfValues)?,
        compared("hip force, OpenSim's static optimisation", "tool", FREE, Accelerations::OfSpeeds)?,
    ])
}
