//! A patient's leg, what it does and what was computed of it, as files that OpenSim opens.

use super::body::BodyMass;
use super::landmarks::{CentreSteps, PatientLandmarks};
use super::patient::Patient;
use super::task::{OwnMotion, Task};
use super::{LoadError, LoadOptions};
use crate::plan::Planned;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::Side;
use coxa_sim::muscle::model::Model;
use coxa_sim::muscle::osim::{self, write_external_loads};
use coxa_sim::muscle::trial;

/// A file to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportFile {
    /// Its place in the folder, with slashes.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// Of a plan, for each hip (as planned and, where it is asked for, as scanned) the leg and what it does. An activity that the leg cannot do is
/// left out, which a finding of [`super::simulate`] says.
///
/// # Errors
/// As [`super::simulate`]; also where the scan bears no muscles.
pub fn export(
    planned: &Planned,
    anatomy: &HipAnatomy,
    options: &LoadOptions,
    own: Option<&OwnMotion>,
) -> Result<Vec<ExportFile>, LoadError> {
    options.check()?;
    let side = planned.plan.side;
    let known = PatientLandmarks::new(anatomy, side).ok_or(LoadError::NoHead)?;
    let steps = CentreSteps::new(planned, anatomy).ok_or(LoadError::NoHead)?;
    let mass = BodyMass::new(options, anatomy);
    let patient = Patient::new(&known, &steps, mass, anatomy, side).map_err(LoadError::Muscles)?;
    let (tasks, _) = Task::all(options.activities()?, own, side, &patient.before);
    let mut files = vec![ExportFile { name: "README.txt".into(), text: readme(side) }];
    for (folder, model, is_moved) in
        [("as_planned", &patient.after, true), ("as_scanned", &patient.before, false)]
    {
        files.push(ExportFile { name: format!("{folder}/leg.osim"), text: osim::write(model) });
        if is_moved || options.before_after {
            files.extend(tasks.iter().flat_map(|task| of_task(folder, task, model, &patient)));
        }
    }
    Ok(files)
}

fn of_task(folder: &str, task: &Task, model: &Model, patient: &Patient) -> Vec<ExportFile> {
    let Ok(run) = task.run(model, &patient.person, &Task::shares()) else { return Vec::new() };
    let (name, frames, instants) = (task.name(), &run.frames, &run.instants);
    let forces = format!("{name}_ground.mot");
    let (loads, table) = trial::external_loads(&format!("{name}_ground"), &forces, &run.leg, frames);
    let of_muscles = |what: &str, number| {
        trial::of_muscles(&format!("{name}_{what}"), &run.leg, frames, instants, number).write()
    };
    let reaction = trial::reaction(&format!("{name}_hip_reaction"), frames, instants);
    [
        (
            format!("{name}_motion.mot"),
            trial::motion(&format!("{name}_motion"), model, &run.leg, frames).write(),
        ),
        (forces, table.write()),
        (format!("{name}_external_loads.xml"), write_external_loads(&loads, &name)),
        (format!("{name}_activation.sto"), of_muscles("activation", |i| &i.activations)),
        (format!("{name}_force.sto"), of_muscles("force", |i| &i.forces)),
        (format!("{name}_hip_reaction.sto"), reaction.write()),
    ]
    .map(|(file, text)| ExportFile { name: format!("{folder}/{file}"), text })
    .into()
}

fn readme(side: Side) -> String {
    let mirrored = match side {
        Side::Right => "",
        Side::Left => {
            "This is a left hip: every file is of its mirror image, a right leg; z runs out of the body on that side.\n"
        }
    };
    format!(
        "A patient's leg with its muscles, as_planned and as_scanned, for OpenSim 4.\n{mirrored}\n\
         leg.osim                   the leg; metres, newtons, x forwards, y up, z to the right\n\
         NAME_motion.mot            coordinates over an activity, degrees and metres\n\
         NAME_ground.mot            push of the ground: force, point and torque in ground\n\
         NAME_external_loads.xml    what of it acts on which body\n\
         NAME_activation.sto        activations by static optimisation\n\
         NAME_force.sto             forces of muscles, N\n\
         NAME_hip_reaction.sto      force of the pelvis on the femur, N, along the axes of both bodies of the model\n\n\
         Coxa bears the moments of hip, knee and ankle by muscles and reserve actuators; the pelvis stands for the rest of the body, and\n\
         what holds it is not part of the model. Strength is of the scan or a generic leg: see loads.json of the case.\n"
    )
}
