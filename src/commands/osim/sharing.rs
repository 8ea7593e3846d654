//! Static optimisation, as OpenSim's `StaticOptimization` has it.

use super::loads::external_loads;
use super::trial::{Request, Trial};
use crate::cli::osim::SetupArgs;
use crate::commands::findings::print_findings;
use anyhow::{Result, anyhow, bail};
use coxa_case::progress::Progress;
use coxa_muscle::files::Storage;
use coxa_muscle::followed::{Followed, FollowedInstant};
use coxa_muscle::optimisation::{MuscleForces, Settings};
use coxa_muscle::osim::AppliedLoads;
use coxa_muscle::osim::setup::{Analysis, RequestedAnalysis};
use serde_json::json;
use std::path::Path;

/// A trial, ready to be followed.
pub(super) struct Bench {
    pub(super) trial: Trial,
    pub(super) followed: Followed,
    /// When results are asked for, s.
    pub(super) times: Vec<f64>,
}

impl Bench {
    /// Of a trial; forces by `settings`, results at every n-th row.
    pub(super) fn new(trial: Trial, settings: Settings, every: usize) -> Result<Bench> {
        if let Some(force) = trial.unsupported_forces.first() {
            bail!(
                "{}: {force}, but it would carry part of the load: to compute without it, remove it from the model",
                trial.file.display()
            );
        }
        let (Some(whole), Some(motion)) = (&trial.whole, &trial.motion) else {
            bail!("a motion is needed: give --setup");
        };
        let loads = external_loads(&trial)?;
        let followed = Followed::new(&trial.model, trial.skeleton.clone(), whole.clone(), loads, settings)
            .map_err(|error| anyhow!("{}: {error}", trial.file.display()))?;
        let times = trial.told(every).into_iter().map(|n| motion.times[n]).collect();
        Ok(Bench { followed, times, trial })
    }
}

/// Runs the action.
pub(super) fn run(model: &Path, args: &SetupArgs, progress: &dyn Progress) -> Result<()> {
    let trial = progress.stage("reading", |_| Trial::read(&Request::of_setup(model, args)))?;
    let asked = trial.asked(|analysis| matches!(analysis, Analysis::StaticOptimisation { .. }));
    let Some(RequestedAnalysis {
        name,
        every,
        analysis: Analysis::StaticOptimisation { exponent, uses_physiology },
    }) = asked.cloned()
    else {
        return Err(trial.asks_otherwise("StaticOptimization"));
    };
    let settings = Settings { exponent, uses_physiology, ..Settings::default() };
    let mut bench = Bench::new(trial, settings, every)?;
    let (all, loads) = progress.stage("static optimisation", |_| {
        let Bench { followed, times, .. } = &mut bench;
        let mut instant = FollowedInstant::default();
        let one = |time: &f64| {
            let mut shares = MuscleForces::default();
            followed.at(*time, &mut instant);
            followed.share(&instant, &mut shares);
            (shares, followed.record_loads(&instant))
        };
        times.iter().map(one).collect::<(Vec<MuscleForces>, Vec<Vec<f64>>)>()
    });
    let optimisation = bench.followed.optimisation();
    let table = |name: &str, columns: Vec<String>, rows: Vec<Vec<f64>>| Storage {
        name: name.to_owned(),
        in_degrees: Some(false),
        columns,
        times: bench.times.clone(),
        rows,
    };
    let names = optimisation.names().to_vec();
    let controls = all.iter().map(|shares| shares.controls.clone()).collect();
    let controls = table("Static Optimization Controls", names.clone(), controls);
    // As in OpenSim, the loads from outside stand behind the forces.
    let forces = all.iter().zip(&loads).map(|(shares, loads)| [&shares.forces[..], loads].concat()).collect();
    let of_loads = bench.followed.loads().map(AppliedLoads::record_columns).unwrap_or_default();
    let forces = table("Static Optimization Forces", [names, of_loads].concat(), forces);
    let prefix = format!("{}_{name}", bench.trial.name);
    let files = bench
        .trial
        .write(&[(format!("{prefix}_activation.sto"), controls), (format!("{prefix}_force.sto"), forces)])?;
    let findings = optimisation.findings(&all);
    if args.json {
        let all = json!({
            "model": bench.trial.model.name, "rows": bench.times.len(), "muscles": optimisation.muscles(), "files": files,
            "findings": findings,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(&findings);
    let actuators = optimisation.names().len() - optimisation.muscles();
    say!("{} rows of {} muscles and {actuators} actuators:", bench.times.len(), optimisation.muscles());
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}
