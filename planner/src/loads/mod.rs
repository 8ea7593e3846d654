//! Muscles and forces of a planned hip: what a plan does to lengths, lever arms and strength of muscles, and they to the joint.
//!
//! 1. `landmarks`, `body`, `strength`, `patient`: the leg that ships becomes the patient's, by bones, mass and lean volume of muscles.
//! 2. A plan moves the centre of rotation in the pelvis, and that of the head in the femur: the hip before and after.
//! 3. `leg`: lengths, lever arms and abductors, standing, beside the static balance of [`coxa_muscle::stance`].
//! 4. `activities`: the same motions before and after; samples of strength, attachments and gait say how sure it is. `liner`: where forces
//!    meet the bearing.
//! 5. `task`: an activity that ships or a motion of the user's own; `export`: all of it as files of OpenSim.
//! 6. `lever_arms`: the cheap part of it for a hip in many places, for the optimiser.
//! 7. `moving_leg`: lines of action and the hip's angles over an activity, to be looked at.
//! 8. `findings`: what the user must know.

mod activities;
mod body;
mod error;
mod export;
mod findings;
mod landmarks;
mod leg;
mod lever_arms;
mod liner;
mod moving_leg;
mod names;
mod options;
mod patient;
mod results;
mod strength;
mod task;
#[cfg(test)]
mod tests;

pub use error::{LoadError, MuscleError};
pub use export::{ExportFile, export};
pub use leg::LegError;
pub(crate) use lever_arms::{LeverArm, LeverArms, StandingForce};
pub use moving_leg::{LegFrame, MovingLeg};
pub use options::{LoadOptions, LoadOptionsError};
pub use results::{
    Abductors, ActivityLoad, BeforeAfter, DropReserve, FORMAT, JointLoad, JointPeak, LinerPlace, Loads,
    ModelSummary, MuscleLoad, MusclePeak, MuscleState, MuscleWork, StanceForce, StrengthSource,
};

use crate::planned::Planned;
use activities::{Bench, Solved};
use body::BodyMass;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::Finding;
use coxa_muscle::stance::{Stance, one_leg_stance};
use landmarks::{CentreSteps, PatientLandmarks};
use leg::PatientLeg;
use liner::LoadedLiner;
use names::{short_name, title};
use patient::Patient;
use strength::structure_of;
pub use task::OwnMotion;
use task::Task;

/// Simulates loads of a plan: by muscles, and by the static balance on one leg. Where the scan bears only one of them a finding says why
/// the other is missing, and where one activity cannot be done, the others are there. A motion of the user's own comes after those that ship.
///
/// # Errors
/// What was asked for is not there, or the scan bears neither: the femoral head, both anterior superior iliac spines and a pubic tubercle,
/// the epicondyles, seen, completed or mirrored.
pub fn simulate(
    planned: &Planned,
    anatomy: &HipAnatomy,
    options: &LoadOptions,
    own: Option<&OwnMotion>,
) -> Result<Loads, LoadError> {
    options.check()?;
    let wanted = options.activities()?;
    let side = planned.plan.side;
    let mass = BodyMass::new(options, anatomy);
    let weight_n = mass.weight_n();
    let known = PatientLandmarks::new(anatomy, side).ok_or(LoadError::NoHead)?;
    let steps = CentreSteps::new(planned, anatomy).ok_or(LoadError::NoHead)?;
    let liner = LoadedLiner::new(&planned.components)?;
    let stances =
        [known.all.clone(), steps.on(&known.all)].map(|bones| one_leg_stance(&bones, weight_n, 0.0));
    let by_muscles = Patient::new(&known, &steps, mass.clone(), anatomy, side).and_then(|patient| {
        let patient = patient.with_strengths(&options.strength);
        let legs = [PatientLeg::new(&patient.before)?, PatientLeg::new(&patient.after)?];
        Ok((patient, legs))
    });
    let mut findings: Vec<Finding> = known.finding().into_iter().collect();
    let mut model = ModelSummary {
        body_mass_kg: mass.kg,
        body_mass_spread_kg: mass.spread_kg,
        body_mass_method: mass.method.clone(),
        attachments_method: None,
        attachment_spread_mm: None,
        samples: options.samples,
    };
    let (mut muscles, mut abductors, mut activities) = (Vec::new(), None, Vec::new());
    match by_muscles {
        Ok((patient, legs)) => {
            let bench = Bench::new(&patient, planned, liner, options);
            let (tasks, error) = Task::all(&wanted, own, side, &patient.before);
            findings.extend(error.map(|error| findings::not_done("The user's own motion", &error)));
            let mut solved: Vec<Solved> = Vec::new();
            for task in &tasks {
                findings.extend(task.findings(weight_n));
                match bench.solve(task) {
                    Ok(one) => solved.push(one),
                    Err(error) => findings.push(findings::not_done(task.title(), &error)),
                }
            }
            let asked = stances.each_ref().map(|stance| stance.as_ref().ok().map(|stance| stance.moment));
            let [was, is] =
                [(&legs[0], asked[0]), (&legs[1], asked[1])].map(|(leg, asked)| leg.abductors(asked));
            findings.extend(findings::of_muscles(&patient, &legs, [&was, &is], &solved, options.samples));
            muscles = crossing_muscles(&patient, &legs, options.before_after);
            abductors = Some(BeforeAfter { before: options.before_after.then_some(was), after: is });
            model.attachments_method = Some(patient.attachments_method.clone());
            model.attachment_spread_mm = Some(patient.attachment_spread_mm);
            activities = solved.into_iter().map(|solved| solved.load).collect();
        }
        Err(muscles) => {
            if let [_, Err(stance)] = stances {
                return Err(LoadError::Nothing { muscles, stance });
            }
            findings.push(findings::no_muscles(&muscles));
        }
    }
    findings.extend(findings::of_mass(&mass));
    let [was, is] = stances;
    let stance = match is {
        Ok(is) => {
            let before = was.ok().filter(|_| options.before_after).map(|was| stance_force(&was, weight_n));
            Some(BeforeAfter { before, after: stance_force(&is, weight_n) })
        }
        Err(error) => {
            findings.push(findings::no_stance(&error));
            None
        }
    };
    Ok(Loads {
        format: FORMAT,
        program_version: env!("CARGO_PKG_VERSION").into(),
        side,
        options: options.clone(),
        model,
        muscles,
        abductors,
        stance,
        activities,
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
fn crossing_muscles(patient: &Patient, [before, after]: &[PatientLeg; 2], asked: bool) -> Vec<MuscleLoad> {
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
