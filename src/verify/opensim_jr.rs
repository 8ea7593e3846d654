//! Suite `opensim-jr`: the reaction in the hip against that of OpenSim's `JointReaction`.
//!
//! The folder holds `gait2392_subject01_walk1_JR.csv` and `..._SO_force.csv`; model, kinematics and loads are in
//! `opensim-models/gait2392-static-optimization` beside it. First both programs get the same muscle forces, the reference's, so that what is
//! compared is the reaction alone; then ours are those of our own static optimisation.

use super::opensim_so::{MODELS, Table, read_trial};
use super::{Check, SuiteReport};
use anyhow::{Result, anyhow, bail};
use coxa_muscle::followed::FollowedInstant;
use coxa_muscle::optimisation::MuscleForces;
use nalgebra::Vector3;
use std::path::Path;

/// The body on which the joint bears, and what the columns of the force on it begin with.
const CHILD: &str = "femur_r";
const COLUMNS: &str = "hip_r_on_femur_r_in_femur_r_";
/// Difference that is allowed, over the greatest reaction.
const SHARE: f64 = 0.02;

/// Runs the suite.
///
/// # Errors
/// Where a file is missing or cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let mut followed = read_trial(&folder.join(MODELS))?;
    let child = followed.skeleton().body(CHILD).ok_or_else(|| anyhow!("the model has no body `{CHILD}`"))?;
    let (forces, reactions) = (Table::read(folder, "SO_force")?, Table::read(folder, "JR")?);
    let column = |axis: &str| reactions.column(&format!("{COLUMNS}{axis}"));
    let columns = [column("fx")?, column("fy")?, column("fz")?];
    let names = followed.optimisation().names().iter();
    let of_force = names.map(|name| forces.column(name)).collect::<Result<Vec<_>>>()?;
    if reactions.rows.len() != forces.rows.len() {
        bail!(
            "the tables have {} rows of reactions and {} of forces",
            reactions.rows.len(),
            forces.rows.len()
        );
    }
    let (mut instant, mut shares, mut borne) =
        (FollowedInstant::default(), MuscleForces::default(), Vec::new());
    let (mut errors, mut sizes) = ([Vec::new(), Vec::new()], Vec::new());
    for (row, forces) in reactions.rows.iter().zip(&forces.rows) {
        if (row[0] - forces[0]).abs() > 1e-6 {
            bail!("the tables of forces and reactions differ in their times, {} and {} s", forces[0], row[0]);
        }
        let expected = Vector3::from(columns.map(|column| row[column]));
        sizes.push(expected.norm());
        followed.at(row[0], &mut instant);
        followed.share(&instant, &mut shares);
        let theirs: Vec<f64> = of_force.iter().map(|&column| forces[column]).collect();
        for (errors, forces) in errors.iter_mut().zip([&theirs, &shares.forces]) {
            followed.react(&instant, forces, &mut borne);
            let found = instant.motion.in_body(child, borne[child].force);
            errors.push((found - expected).norm());
        }
    }
    let most = sizes.iter().copied().fold(0.0, f64::max);
    let mut checks = Vec::new();
    for (errors, whose) in errors.iter().zip(["of the reference", "of our own static optimisation"]) {
        let shares: Vec<f64> = errors.iter().map(|error| error / most).collect();
        let note = format!("peak {most:.0} N, muscle forces {whose}");
        checks.push(
            Check::at_most(format!("hip reaction over its peak, forces {whose}"), &shares, SHARE, "")
                .with_note(note),
        );
        checks.push(Check::shown(format!("hip reaction, forces {whose}"), errors, "N"));
    }
    Ok(SuiteReport { suite: "opensim-jr", evidence: "real-reference", checks })
}
