//! A patient's leg, what it does and what was computed of it, as files that OpenSim opens.

use super::body::BodyMass;
use super::landmarks::{CentreSteps, PatientLandmarks};
use super::patient::Patient;
use super::task::{OwnMotion, Task};
use super::{LoadError, LoadOptions};
use crate::planned::Planned;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::Side;
use coxa_muscle::hip_loads::{HipInstant, MotionFrame};
use coxa_muscle::model::Model;
use coxa_muscle::osim::{self, write_external_loads};
use coxa_muscle::trial;

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
    let patient = patient.with_strengths(&options.strength);
    let (tasks, _) = Task::all(&options.activities()?, own, side, &patient.before);
    let mut files = vec![ExportFile { name: "README.txt".into(), text: readme(side) }];
    for (folder, model, is_moved) in
        [("as_planned", &patient.after, true), ("as_scanned", &patient.before, false)]
    {
        files.push(ExportFile { name: format!("{folder}/leg.osim"), text: osim::write(&trial::held(model)) });
        if is_moved || options.before_after {
            files.extend(tasks.iter().flat_map(|task| of_task(folder, task, model, &patient)));
        }
    }
    Ok(files)
}

fn of_task(folder: &str, task: &Task, model: &Model, patient: &Patient) -> Vec<ExportFile> {
    let Ok(run) = task.run(model, &patient.person, &Task::fractions()) else { return Vec::new() };
    let (name, all) = (task.name(), &run.frames);
    let ground = format!("{name}_ground.mot");
    let (loads, table) = trial::external_loads(&format!("{name}_ground"), &ground, &run.leg, all);
    // While a seat bears weight too forces are not known.
    let known = all.iter().cloned().zip(run.instants).filter(|(frame, _)| !frame.is_seated);
    let (frames, instants): (Vec<MotionFrame>, Vec<HipInstant>) = known.unzip();
    let span = frames.first().zip(frames.last()).map(|(first, last)| [first.time_s, last.time_s]);
    let activations =
        trial::of_muscles(&format!("{name}_activation"), &run.leg, &frames, &instants, |i| &i.activations);
    let forces = trial::forces(&format!("{name}_force"), model, &run.leg, &frames, &instants);
    let reaction = trial::reaction(&format!("{name}_hip_reaction"), &frames, &instants);
    [
        (
            format!("{name}_motion.mot"),
            trial::motion(&format!("{name}_motion"), model, &run.leg, all).write(),
        ),
        (ground, table.write()),
        (format!("{name}_external_loads.xml"), write_external_loads(&loads, &name)),
        (format!("{name}_activation.sto"), activations.write()),
        (format!("{name}_force.sto"), forces.write()),
        (format!("{name}_hip_reaction.sto"), reaction.write()),
        (format!("{name}_joint_reaction.xml"), joint_reaction(&name, span.unwrap_or_default())),
    ]
    .map(|(file, text)| ExportFile { name: format!("{folder}/{file}"), text })
    .into()
}

/// A set-up of OpenSim's AnalyzeTool for the reaction of the hip of an activity, from one time to another.
fn joint_reaction(name: &str, [from, until]: [f64; 2]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n\
         <OpenSimDocument Version=\"40000\">\n\
         <AnalyzeTool name=\"{name}\">\n\
         <model_file>leg.osim</model_file>\n\
         <replace_force_set>false</replace_force_set>\n\
         <results_directory>opensim</results_directory>\n\
         <initial_time>{from}</initial_time>\n\
         <final_time>{until}</final_time>\n\
         <solve_for_equilibrium_for_auxiliary_states>false</solve_for_equilibrium_for_auxiliary_states>\n\
         <AnalysisSet><objects><JointReaction name=\"hip\">\n\
         <on>true</on>\n\
         <forces_file>{name}_force.sto</forces_file>\n\
         <joint_names>hip_r</joint_names>\n\
         <apply_on_bodies>child</apply_on_bodies>\n\
         <express_in_frame>child</express_in_frame>\n\
         </JointReaction></objects></AnalysisSet>\n\
         <external_loads_file>{name}_external_loads.xml</external_loads_file>\n\
         <coordinates_file>{name}_motion.mot</coordinates_file>\n\
         </AnalyzeTool>\n\
         </OpenSimDocument>\n"
    )
}

fn readme(side: Side) -> String {
    let mirrored = match side {
        Side::Right => "",
        Side::Left => {
            "This is a left hip: every file is of its mirror image, a right leg; z points laterally, to the patient's left.\n"
        }
    };
    format!(
        "A patient's leg with its muscles, as_planned and as_scanned, for OpenSim 4.\n{mirrored}\n\
         leg.osim                   the leg; metres, newtons, x forwards, y up, z to the right\n\
         NAME_motion.mot            coordinates over an activity, degrees and metres\n\
         NAME_ground.mot            ground reaction: force, point and torque in ground\n\
         NAME_external_loads.xml    which of these forces acts on which body\n\
         NAME_activation.sto        activations by static optimisation\n\
         NAME_force.sto             forces of muscles, and of the actuators COORDINATE_hold of the model that bear what muscles cannot, N and N m\n\
         NAME_hip_reaction.sto      force of the pelvis on the femur, N, along the axes of both bodies of the model\n\
         NAME_joint_reaction.xml    set-up of OpenSim's AnalyzeTool that computes the same force from these files\n\n\
         In Coxa, muscles and reserve actuators balance the moments of hip, knee and ankle; the pelvis stands for the rest of the body. What muscles\n\
         cannot bear, above all the support of the pelvis, is in the columns COORDINATE_hold: without them OpenSim finds other accelerations, and\n\
         other reactions. While a seat also bears weight, forces are not known; these times are left out of activations, forces and\n\
         reactions. The files of a motion of your own have the times of your recording. Strength is from the scan or a generic leg: see loads.json of the case.\n"
    )
}
