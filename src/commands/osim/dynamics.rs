//! Inverse dynamics, as OpenSim's `InverseDynamicsTool` has it.

use super::text;
use super::trial::{Trial, beside};
use crate::cli::osim::OsimArgs;
use crate::commands::plan::print_findings;
use crate::failure::file_error;
use crate::progress::Progress;
use anyhow::{Result, anyhow, bail};
use coxa_geometry::{Finding, Severity};
use coxa_sim::muscle::Posture;
use coxa_sim::muscle::dynamics::{BodyMotion, Dynamics, State};
use coxa_sim::muscle::files::Storage;
use coxa_sim::muscle::model::{GROUND, Motion as Kind};
use coxa_sim::muscle::osim::setup::Analysis;
use coxa_sim::muscle::osim::{self, AppliedLoads};
use serde_json::json;

/// Force that holds a body that nothing joins to ground, over the greatest one from outside: Hicks et al. 2015 (J Biomech Eng
/// 137:020905).
const RESIDUAL_SHARE: f64 = 0.05;

/// Rounding of times in files, s.
const ROUNDING_S: f64 = 1e-6;

/// Runs the action.
pub(super) fn run(args: &OsimArgs, progress: &Progress) -> Result<()> {
    let trial = progress.stage("reading", |_| Trial::read(args))?;
    let (Some(motion), Some(course)) = (&trial.motion, &trial.course) else {
        bail!("inverse dynamics needs a motion: give --motion or --setup");
    };
    let mut output = None;
    let mut without: &[String] = &[];
    if let Some(setup) = &trial.setup {
        let Some(Analysis::InverseDynamics { without: theirs, output: file }) = setup.analyses.first() else {
            bail!("the set-up is none of an InverseDynamicsTool");
        };
        (without, output) = (theirs, file.clone());
    }
    // Springs and ligaments would bear a part of the moments.
    if let Some(force) = trial.unsupported_forces.first()
        && !without.iter().any(|name| name.eq_ignore_ascii_case("all"))
    {
        bail!("{}: {force}; a set-up whose forces_to_exclude is `all` leaves it out", args.model.display());
    }
    let loads = external_loads(args, &trial)?;
    let dynamics = Dynamics::new(&trial.model, &trial.skeleton);
    let roots =
        trial.model.joints.iter().filter(|joint| joint.parent == GROUND && joint.coordinates.len() == 6);
    let roots: Vec<usize> = roots.filter_map(|joint| trial.skeleton.body(&joint.child)).collect();
    let (mut posture, mut moved, mut on_bodies) = (Posture::default(), BodyMotion::default(), Vec::new());
    let mut lists = [(); 3].map(|()| vec![0.0; trial.skeleton.coordinates().len()]);
    let (mut rows, mut residual, mut outside) = (Vec::new(), 0.0_f64, 0.0_f64);
    for time in &motion.times {
        let [q, velocities, accelerations] = &mut lists;
        course.at(*time, q, velocities, accelerations);
        trial.skeleton.place(q, &mut posture);
        if let Some(loads) = &loads {
            loads.at(*time, &posture, &mut on_bodies);
        }
        dynamics.inverse(&trial.skeleton, &State { q, velocities, accelerations }, &on_bodies, &mut moved);
        rows.push(moved.generalised_forces().to_vec());
        residual = roots.iter().map(|root| moved.borne(*root).force.norm()).fold(residual, f64::max);
        let push: nalgebra::Vector3<f64> = on_bodies.iter().map(|(_, load)| load.force).sum();
        outside = outside.max(push.norm());
    }
    let mut findings = motion.findings.clone();
    if loads.is_some() && residual > RESIDUAL_SHARE * outside {
        let message = format!(
            "Loads do not balance the motion: a force of up to {residual:.0} N must hold the body, {:.0} % of the greatest push from outside, {outside:.0} N; forces of joints are not to be relied on.",
            100.0 * residual / outside.max(f64::MIN_POSITIVE)
        );
        let finding = Finding::new(Severity::Caution, "loads_do_not_balance", "external_loads", message);
        findings.push(Finding { value: Some(residual), source: "Hicks et al. 2015".to_owned(), ..finding });
    }
    let coordinates = trial.model.joints.iter().flat_map(|joint| &joint.coordinates);
    let column = |c: &coxa_sim::muscle::model::Coordinate| {
        format!("{}_{}", c.name, if c.motion == Kind::Translation { "force" } else { "moment" })
    };
    let table = Storage {
        name: "Inverse Dynamics Generalized Forces".to_owned(),
        in_degrees: Some(false),
        columns: coordinates.map(column).collect(),
        times: motion.times.clone(),
        rows,
    };
    std::fs::create_dir_all(&trial.folder).map_err(|e| file_error("write", &trial.folder, &e))?;
    let file = trial.folder.join(output.unwrap_or_else(|| "inverse_dynamics.sto".to_owned()));
    std::fs::write(&file, table.write()).map_err(|e| file_error("write", &file, &e))?;
    if args.json {
        let all = json!({
            "model": trial.model.name, "rows": table.rows.len(), "files": [file], "greatest_residual_force_n": residual,
            "greatest_external_force_n": outside, "missing_coordinates": motion.missing, "findings": findings,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(&findings);
    say!("{} rows of {} generalised forces, N m and N:", table.rows.len(), table.columns.len());
    say!("{}", file.display());
    Ok(())
}

/// What the set-up says that pushes on the bodies.
pub(super) fn external_loads(args: &OsimArgs, trial: &Trial) -> Result<Option<AppliedLoads>> {
    let (Some(setup), Some(file)) = (&trial.setup, &args.setup) else { return Ok(None) };
    let Some(named) = &setup.external_loads else { return Ok(None) };
    let file = beside(file, named);
    let loads = osim::read_external_loads(&text(&file)?).map_err(|e| anyhow!("{}: {e}", file.display()))?;
    let Some(data) = &loads.data_file else { bail!("{} names no datafile", file.display()) };
    let data = beside(&file, data);
    let table = Storage::read(&text(&data)?).map_err(|e| anyhow!("{}: {e}", data.display()))?;
    let loads =
        AppliedLoads::new(&loads, &table, &trial.skeleton).map_err(|e| anyhow!("{}: {e}", file.display()))?;
    let [from, until] = loads.span();
    let times = trial.motion.iter().flat_map(|motion| &motion.times);
    if times.clone().any(|time| *time < from - ROUNDING_S || *time > until + ROUNDING_S) {
        let data = data.display();
        eprintln!(
            "note: {data} tells loads from {from} to {until} s; at other times the nearest ones are taken"
        );
    }
    Ok(Some(loads))
}
