//! Inverse dynamics, as OpenSim's `InverseDynamicsTool` has it.

use super::loads::external_loads;
use super::trial::{Request, Tool, Trial};
use crate::cli::osim::MotionArgs;
use crate::commands::findings::print_findings;
use anyhow::{Result, bail};
use coxa_case::progress::Progress;
use coxa_muscle::Posture;
use coxa_muscle::dynamics::{Balance, BodyMotion, Dynamics, State};
use coxa_muscle::files::Storage;
use coxa_muscle::model::Motion as Kind;
use coxa_muscle::osim::setup::Analysis;
use serde_json::json;
use std::path::Path;

/// Runs the action.
pub(super) fn run(model: &Path, args: &MotionArgs, progress: &dyn Progress) -> Result<()> {
    let request = Request::of_motion(model, args, Tool::InverseDynamics);
    let trial = progress.stage("reading", |_| Trial::read(&request))?;
    let (Some(motion), Some(course)) = (&trial.motion, &trial.course) else {
        bail!("inverse dynamics needs a motion: give --motion or --setup");
    };
    let mut output = None;
    let mut without: &[String] = &[];
    if let Some((_, file)) = &trial.setup {
        let asked = trial.asked(|analysis| matches!(analysis, Analysis::InverseDynamics { .. }));
        let Some(Analysis::InverseDynamics { without: theirs, output: file }) =
            asked.map(|asked| &asked.analysis)
        else {
            bail!("{} is not a set-up of an InverseDynamicsTool", file.display());
        };
        (without, output) = (theirs, file.clone());
    }
    // Springs and ligaments would bear a part of the moments.
    if let Some(force) = trial.unsupported_forces.first()
        && !without.iter().any(|name| name.eq_ignore_ascii_case("all"))
    {
        bail!("{}: {force}; to leave it out, set forces_to_exclude to `all` in a set-up", model.display());
    }
    let loads = external_loads(&trial)?;
    let dynamics = Dynamics::new(&trial.model, &trial.skeleton);
    let mut balance = Balance::new(&trial.model, &trial.skeleton, &dynamics);
    let (mut posture, mut moved, mut on_bodies) = (Posture::default(), BodyMotion::default(), Vec::new());
    let mut lists = [(); 3].map(|()| vec![0.0; trial.skeleton.coordinates().len()]);
    let (mut rows, mut outside) = (Vec::new(), 0.0_f64);
    for time in &motion.times {
        let [q, velocities, accelerations] = &mut lists;
        course.at(*time, q, velocities, accelerations);
        trial.skeleton.place(q, &mut posture);
        if let Some(loads) = &loads {
            loads.at(*time, &posture, &mut on_bodies);
        }
        dynamics.inverse(&trial.skeleton, &State { q, velocities, accelerations }, &on_bodies, &mut moved);
        rows.push(moved.generalised_forces().to_vec());
        balance.add(*time, &dynamics, &moved);
        let push: nalgebra::Vector3<f64> = on_bodies.iter().map(|(_, load)| load.force).sum();
        outside = outside.max(push.norm());
    }
    let mut findings = motion.findings.clone();
    // Without loads nothing is said of what holds the body.
    if loads.is_some() {
        findings.extend(balance.findings());
    }
    let coordinates = trial.model.joints.iter().flat_map(|joint| &joint.coordinates);
    let column = |c: &coxa_muscle::model::Coordinate| {
        format!("{}_{}", c.name, if c.motion == Kind::Translation { "force" } else { "moment" })
    };
    let table = Storage {
        name: "Inverse Dynamics Generalized Forces".to_owned(),
        in_degrees: Some(false),
        columns: coordinates.map(column).collect(),
        times: motion.times.clone(),
        rows,
    };
    let file = output.unwrap_or_else(|| "inverse_dynamics.sto".to_owned());
    let rows = table.rows.len();
    let columns = table.columns.len();
    let files = trial.write(&[(file, table)])?;
    if args.json {
        let worst = balance.worst();
        let all = json!({
            "model": trial.model.name, "rows": rows, "files": files, "greatest_residual_force_n": worst.map(|[force, _]| force),
            "greatest_residual_moment_n_m": worst.map(|[_, moment]| moment), "greatest_external_force_n": outside, "missing_coordinates": motion.missing, "findings": findings,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(&findings);
    say!("{rows} rows of {columns} generalised forces, N m and N:");
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}
