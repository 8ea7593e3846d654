//! Suite `opensim-id`: generalised forces of inverse dynamics against those of OpenSim.
//!
//! The folder holds `gait2392_subject01_walk1_ID_moments.csv`, what OpenSim's tool made of the set-up in `opensim-models/gait2392-inverse-dynamics`
//! beside it: kinematics low-passed at 6 Hz, ground reactions as external loads.

use super::opensim_paths::limited;
use super::{Check, SuiteReport};
use anyhow::{Context, Result, anyhow, bail};
use coxa_muscle::dynamics::{BodyMotion, Dynamics, State};
use coxa_muscle::files::{Course, Motion, Storage};
use coxa_muscle::{Posture, Skeleton, osim};
use std::path::Path;

const TABLE: &str = "gait2392_subject01_walk1_ID_moments.csv";
const MODELS: &str = "../opensim-models/gait2392-inverse-dynamics";
const CUT_OFF_HZ: f64 = 6.0;
/// Difference that is allowed at hip, knee and ankle.
const MOMENT_N_M: f64 = 0.5;
/// What the check is on; the other coordinates are shown.
const JOINTS: [&str; 3] = ["hip_", "knee_", "ankle_"];

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
    let (file, text) = read("subject01_simbody.osim")?;
    let model = osim::read(&text).map_err(|error| anyhow!("{file}: {error}"))?;
    let table = |name: &str| -> Result<Storage> {
        let (file, text) = read(name)?;
        Storage::read(&text).with_context(|| file)
    };
    let skeleton = Skeleton::new(&model)?;
    let motion = Motion::new(&table("subject01_walk1_ik.mot")?, &model, &skeleton)?.low_pass(CUT_OFF_HZ)?;
    let course = Course::new(&motion)?;
    let (file, text) = read("subject01_walk1_grf.xml")?;
    let loads = osim::read_external_loads(&text).map_err(|error| anyhow!("{file}: {error}"))?;
    let loads = osim::AppliedLoads::new(&loads, &table("subject01_walk1_grf.mot")?, &skeleton)?;
    let dynamics = Dynamics::new(&model, &skeleton);

    let file = folder.join(TABLE);
    let text = limited(&file)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns: Vec<(String, usize)> = reader
        .headers()?
        .iter()
        .skip(1)
        .map(|name| {
            let own = name.strip_suffix("_moment").or(name.strip_suffix("_force")).unwrap_or(name);
            let place = skeleton.coordinate(own);
            place.map(|place| (name.to_owned(), place)).ok_or_else(|| anyhow!("the model has no `{own}`"))
        })
        .collect::<Result<_>>()?;
    let mut errors = vec![Vec::new(); columns.len()];
    let (mut posture, mut moved, mut on_bodies) = (Posture::default(), BodyMotion::default(), Vec::new());
    let mut list = [(); 3].map(|()| vec![0.0; skeleton.coordinates().len()]);
    for (row, record) in reader.records().enumerate() {
        let record = record?;
        let number = |column: usize| -> Result<f64> {
            let word = record.get(column).unwrap_or_default();
            word.trim()
                .parse()
                .map_err(|_| anyhow!("{}, row {}: `{word}` is no number", file.display(), row + 2))
        };
        let time = number(0)?;
        let [q, velocities, accelerations] = &mut list;
        course.at(time, q, velocities, accelerations);
        skeleton.place(q, &mut posture);
        loads.at(time, &posture, &mut on_bodies);
        dynamics.inverse(&skeleton, &State { q, velocities, accelerations }, &on_bodies, &mut moved);
        for (n, (_, place)) in columns.iter().enumerate() {
            errors[n].push((moved.generalised_forces()[*place] - number(n + 1)?).abs());
        }
    }
    if errors.iter().any(Vec::is_empty) {
        bail!("{} has no rows", file.display());
    }
    let is_joint = |name: &str| JOINTS.iter().any(|joint| name.starts_with(joint));
    let mut checks: Vec<Check> = JOINTS
        .iter()
        .map(|joint| {
            let own = columns.iter().zip(&errors).filter(|((name, _), _)| name.starts_with(joint));
            let all: Vec<f64> = own.flat_map(|(_, errors)| errors.iter().copied()).collect();
            Check::at_most(format!("{} moments", joint.trim_end_matches('_')), &all, MOMENT_N_M, "N m")
        })
        .collect();
    for ((name, _), errors) in columns.iter().zip(&errors).filter(|((name, _), _)| !is_joint(name)) {
        let unit = if name.ends_with("_force") { "N" } else { "N m" };
        checks.push(Check::shown(name.as_str(), errors, unit));
    }
    Ok(SuiteReport { suite: "opensim-id", evidence: "real-reference", checks })
}
