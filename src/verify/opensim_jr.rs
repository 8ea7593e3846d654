//! Suite `opensim-jr`: the reaction in the hip against that of OpenSim's `JointReaction`.
//!
//! The folder holds `gait2392_subject01_walk1_JR.csv` and `..._SO_force.csv`; model, kinematics and loads are in
//! `opensim-models/gait2392-static-optimization` beside it. Both programs get the same muscle forces, the reference's, so that what is compared is
//! the reaction alone.

use super::opensim_paths::limited;
use super::opensim_so::Table;
use super::{Check, SuiteReport};
use anyhow::{Context, Result, anyhow, bail};
use coxa_sim::muscle::dynamics::{BodyMotion, Dynamics, State};
use coxa_sim::muscle::files::{Course, Motion, Storage};
use coxa_sim::muscle::{Paths, Posture, Skeleton, osim};
use nalgebra::Vector3;
use std::path::Path;

const MODELS: &str = "../opensim-models/gait2392-static-optimization";
/// The joint: its child, its parent, and what the columns of its force on the child begin with.
const CHILD: &str = "femur_r";
const PARENT: &str = "pelvis";
const COLUMNS: &str = "hip_r_on_femur_r_in_femur_r_f";
/// Difference that is allowed, over the greatest reaction.
const SHARE: f64 = 0.02;

/// Runs the suite.
///
/// # Errors
/// Where a file is missing or cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let models = folder.join(MODELS);
    let read = |name: &str| -> Result<(String, String)> {
        let file = models.join(name);
        Ok((file.display().to_string(), limited(&file)?))
    };
    let (file, text) = read("subject01_simbody_adjusted_StaticOp.osim")?;
    let model = osim::read(&text).map_err(|error| anyhow!("{file}: {error}"))?;
    let (open, apart) = model.with_open_joint(CHILD)?;
    let skeleton = Skeleton::new(&open)?;
    let paths = Paths::new(&open, &skeleton)?;
    let dynamics = Dynamics::new(&open, &skeleton);
    let table = |name: &str| -> Result<Storage> {
        let (file, text) = read(name)?;
        Storage::read(&text).with_context(|| file)
    };
    let course = Course::new(&Motion::new(&table("subject01_walk1_Kinematics.sto")?, &open, &skeleton)?)?;
    let (file, text) = read("foot_floor_loads.xml")?;
    let loads = osim::read_external_loads(&text).map_err(|error| anyhow!("{file}: {error}"))?;
    let loads = osim::AppliedLoads::new(&loads, &table("subject01_walk1_grf.mot")?, &skeleton)?;

    let place = |name: &str| skeleton.coordinate(name).ok_or_else(|| anyhow!("no coordinate `{name}`"));
    let [x, y, z] = apart.each_ref().map(|name| place(name));
    let apart = [x?, y?, z?];
    let body = |name: &str| skeleton.body(name).ok_or_else(|| anyhow!("the model has no body `{name}`"));
    let (child, parent) = (body(CHILD)?, body(PARENT)?);
    let joint = open.joints.iter().find(|joint| joint.child == CHILD);
    let turn = joint.map(|joint| joint.in_parent.rotation).unwrap_or_default();

    let forces = Table::read(folder, "SO_force")?;
    let reactions = Table::read(folder, "JR")?;
    let columns = ["x", "y", "z"].map(|axis| reactions.column(&format!("{COLUMNS}{axis}")));
    let [cx, cy, cz] = columns;
    let columns = [cx?, cy?, cz?];
    let muscles: Vec<(usize, usize)> =
        forces.columns.iter().filter_map(|(name, column)| Some((*column, paths.muscle(name)?))).collect();
    if muscles.len() < open.muscles.len() {
        bail!("the table of forces has {} of the model's {} muscles", muscles.len(), open.muscles.len());
    }
    let mut list = [(); 3].map(|()| vec![0.0; skeleton.coordinates().len()]);
    let mut arms = vec![0.0; skeleton.coordinates().len()];
    let (mut posture, mut moved, mut on_bodies) = (Posture::default(), BodyMotion::default(), Vec::new());
    let (mut errors, mut sizes) = (Vec::new(), Vec::new());
    if reactions.rows.len() != forces.rows.len() {
        bail!(
            "the tables have {} rows of reactions and {} of forces",
            reactions.rows.len(),
            forces.rows.len()
        );
    }
    for (row, forces) in reactions.rows.iter().zip(&forces.rows) {
        if (row[0] - forces[0]).abs() > 1e-6 {
            bail!("the tables of forces and reactions differ in their times, {} and {} s", forces[0], row[0]);
        }
        let [q, velocities, accelerations] = &mut list;
        course.at(row[0], q, velocities, accelerations);
        skeleton.place(q, &mut posture);
        loads.at(row[0], &posture, &mut on_bodies);
        dynamics.inverse(&skeleton, &State { q, velocities, accelerations }, &on_bodies, &mut moved);
        let mut along = Vector3::from(apart.map(|place| moved.generalised_forces()[place]));
        for &(column, muscle) in &muscles {
            paths.length(muscle, &skeleton, q, &posture, Some(&mut arms));
            along -= Vector3::from(apart.map(|place| arms[place])) * forces[column];
        }
        let found = moved.in_body(child, moved.direction(parent, &(turn * along)));
        let expected = Vector3::from(columns.map(|column| row[column]));
        errors.push((found - expected).norm());
        sizes.push(expected.norm());
    }
    let most = sizes.iter().copied().fold(0.0, f64::max);
    let shares: Vec<f64> = errors.iter().map(|error| error / most).collect();
    Ok(SuiteReport {
        suite: "opensim-jr",
        evidence: "real-reference",
        checks: vec![
            Check::at_most("hip reaction over its peak", &shares, SHARE, "")
                .with_note(format!("peak {most:.0} N, muscle forces of the reference")),
            Check::shown("hip reaction", &errors, "N"),
        ],
    })
}
