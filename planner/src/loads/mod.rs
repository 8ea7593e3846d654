//! Muscles and forces of a planned hip: what a plan does to lengths, lever arms and strength of muscles, and they to the joint.
//!
//! 1. `landmarks`, `body`, `strength`, `patient`: the leg that ships becomes the patient's, by bones, mass and lean volume of muscles.
//! 2. A plan moves the centre of rotation in the pelvis, and that of the head in the femur: the hip before and after.
//! 3. `leg`: lengths, lever arms and abductors, standing, beside the static balance of [`coxa_sim::muscle::stance`].
//! 4. `activities`: the same motions before and after; samples of strength, attachments and gait say how sure it is. `liner`: where forces
//!    meet the bearing.
//! 5. `findings`: what the user must know.

mod activities;
mod body;
mod findings;
mod landmarks;
mod leg;
mod liner;
mod options;
mod patient;
mod results;
mod strength;
#[cfg(test)]
mod tests;

pub use leg::LegError;
pub use options::{LoadOptions, LoadOptionsError};
pub use results::{
    Abductors, ActivityLoad, BeforeAfter, FORMAT, JointLoad, JointPeak, LinerPlace, Loads, ModelSummary,
    MuscleLoad, MusclePeak, MuscleState, StanceForce, StrengthSource,
};

use crate::implants::Catalogue;
use crate::plan::Planned;
use crate::simulate::SimulateError;
use activities::Bench;
use coxa_anatomy::HipAnatomy;
use coxa_sim::muscle::MovedHipError;
use coxa_sim::muscle::activity::{Activity, UnknownActivity};
use coxa_sim::muscle::hip_loads::HipLoadsError;
use coxa_sim::muscle::leg::{ScaleError, anatomical_name};
use coxa_sim::muscle::stance::{Stance, StanceError, one_leg_stance};
use leg::PatientLeg;
use liner::LoadedLiner;
use patient::Patient;
use strength::structure_of;

/// What findings of loads are about.
pub const LOADS: &str = "loads";

/// Why loads cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// What was asked for makes no sense.
    #[error(transparent)]
    Options(#[from] LoadOptionsError),
    /// An activity that there is not.
    #[error(transparent)]
    Activity(#[from] UnknownActivity),
    /// No native hip centre.
    #[error("no femoral head is known on this side, so that muscles cannot be laid on the bones")]
    NoHead,
    /// The leg cannot be laid on the patient's bones.
    #[error(transparent)]
    Scale(#[from] ScaleError),
    /// The hip cannot be moved to where the plan has it.
    #[error(transparent)]
    Moved(#[from] MovedHipError),
    /// The leg cannot be computed with.
    #[error(transparent)]
    Leg(#[from] LegError),
    /// The leg cannot do the activity.
    #[error(transparent)]
    Loads(#[from] HipLoadsError),
    /// There is no balance on one leg.
    #[error(transparent)]
    Stance(#[from] StanceError),
    /// The liner is none.
    #[error(transparent)]
    Liner(#[from] SimulateError),
}

/// Activities that can be simulated: name as in results, title, sources.
pub fn activities() -> Vec<(String, String, String)> {
    let entry = |activity: Activity| {
        let mut sources: Vec<&str> = activity.sources().map(|(_, _, source)| source).collect();
        sources.sort_unstable();
        sources.dedup();
        (activity.name.replace('-', "_"), activity.title.clone(), sources.join("; "))
    };
    Activity::shipped().into_iter().map(entry).collect()
}

/// Simulates loads of a plan.
///
/// # Errors
/// What was asked for is not there, or the scan does not show what a leg needs: the femoral head, both anterior superior iliac spines and
/// a pubic tubercle, the epicondyles, seen or completed.
pub fn simulate(
    planned: &Planned,
    anatomy: &HipAnatomy,
    catalogue: &Catalogue,
    options: &LoadOptions,
) -> Result<Loads, LoadError> {
    options.check()?;
    let wanted = options.activities()?;
    let patient = Patient::new(planned, anatomy, options)?;
    let (before, after) = (PatientLeg::new(&patient.before)?, PatientLeg::new(&patient.after)?);
    let bench = Bench::new(&patient, planned, LoadedLiner::new(&planned.plan, catalogue)?, options);
    let solved = wanted.iter().map(|activity| bench.solve(activity)).collect::<Result<Vec<_>, _>>()?;

    let weight_n = bench.weight_n();
    let [stance_was, stance_is] =
        patient.landmarks.each_ref().map(|landmarks| one_leg_stance(landmarks, weight_n, 0.0));
    let (stance_was, stance_is) = (stance_was?, stance_is?);
    let [was, is] =
        [(&before, &stance_was), (&after, &stance_is)].map(|(leg, stance)| leg.abductors(stance.moment));
    let asked = options.before_after;
    let muscles = muscles(&patient, &before, &after, asked);
    let findings = findings::findings(&patient, [&before, &after], [&was, &is], &solved, options.samples);
    Ok(Loads {
        format: FORMAT,
        program_version: env!("CARGO_PKG_VERSION").into(),
        side: planned.plan.side,
        options: options.clone(),
        model: ModelSummary {
            body_mass_kg: patient.mass.kg,
            body_mass_spread_kg: patient.mass.spread_kg,
            body_mass_method: patient.mass.method.clone(),
            attachments_method: patient.attachments_method.clone(),
            attachment_spread_mm: patient.attachment_spread_mm,
            samples: options.samples,
        },
        muscles,
        abductors: BeforeAfter { before: asked.then_some(was), after: is },
        stance: BeforeAfter {
            before: asked.then(|| stance_force(&stance_was, weight_n)),
            after: stance_force(&stance_is, weight_n),
        },
        activities: solved.into_iter().map(|solved| solved.load).collect(),
        findings,
    })
}

fn stance_force(stance: &Stance, weight_n: f64) -> StanceForce {
    let force = stance.on_head_in_pelvis * (100.0 / weight_n);
    StanceForce {
        force_pct_bw: force.norm(),
        on_head_in_pelvis_pct_bw: force.into(),
        method:
            "static balance of Iglic et al. 1990 by landmarks and weight; axes of the anterior pelvic plane"
                .into(),
    }
}

/// The muscles that cross the hip, standing upright.
fn muscles(patient: &Patient, before: &PatientLeg, after: &PatientLeg, asked: bool) -> Vec<MuscleLoad> {
    let crosses = before.crosses_hip();
    let (was, is) = (before.readings([0.0; 3]), after.readings([0.0; 3]));
    let load = |n: usize| {
        let (name, strength) = (&patient.after.muscles[n].name, &patient.strengths[n]);
        MuscleLoad {
            name: short_name(name).into(),
            title: title(name),
            structure: structure_of(name).map(Into::into),
            strength_n: strength.newtons,
            strength_from: strength.from,
            upright: BeforeAfter {
                before: asked.then(|| before.state(n, &was[n])),
                after: after.state(n, &is[n]),
            },
        }
    };
    (0..crosses.len()).filter(|&n| crosses[n]).map(load).collect()
}

/// What an anatomist calls a part of the model: its muscle, and which part of it where there are several.
fn title(name: &str) -> String {
    let muscle = anatomical_name(name).unwrap_or(short_name(name));
    match short_name(name).chars().last().filter(char::is_ascii_digit) {
        Some(part) => format!("{muscle}, part {part}"),
        None => muscle.into(),
    }
}

/// A muscle's name without the side of the model, which is always a right one.
fn short_name(name: &str) -> &str {
    name.strip_suffix("_r").unwrap_or(name)
}
