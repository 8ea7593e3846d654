//! Static optimisation, as OpenSim's `StaticOptimization` has it.

use super::dynamics::external_loads;
use super::trial::Trial;
use crate::cli::osim::OsimArgs;
use crate::commands::plan::print_findings;
use crate::failure::file_error;
use crate::progress::Progress;
use anyhow::{Context, Result, anyhow, bail};
use coxa_sim::muscle::Paths;
use coxa_sim::muscle::dynamics::Dynamics;
use coxa_sim::muscle::files::Storage;
use coxa_sim::muscle::followed::{Followed, FollowedInstant};
use coxa_sim::muscle::optimisation::{Settings, Shares, StaticOptimisation};
use coxa_sim::muscle::osim::setup::Analysis;
use serde_json::json;
use std::path::PathBuf;

/// A trial, ready to be followed.
pub(super) struct Bench {
    pub(super) trial: Trial,
    pub(super) paths: Paths,
    pub(super) dynamics: Dynamics,
    pub(super) optimisation: StaticOptimisation,
    pub(super) followed: Followed,
    /// When results are asked for, s.
    pub(super) times: Vec<f64>,
}

impl Bench {
    /// Of the command line; forces by `settings`, results at every so manieth row.
    pub(super) fn new(args: &OsimArgs, trial: Trial, settings: Settings, every: usize) -> Result<Bench> {
        if let Some(force) = trial.unsupported_forces.first() {
            bail!("{}: {force}: it would bear a part", args.model.display());
        }
        let named = |error: String| anyhow!("{}: {error}", args.model.display());
        let paths = Paths::new(&trial.model, &trial.skeleton).map_err(|e| named(e.to_string()))?;
        let dynamics = Dynamics::new(&trial.model, &trial.skeleton);
        let optimisation = StaticOptimisation::new(&trial.model, &trial.skeleton, &paths, settings)
            .map_err(|e| named(e.to_string()))?;
        let (Some(whole), Some(motion)) = (&trial.whole, &trial.motion) else {
            bail!("this needs a motion: give --setup");
        };
        let followed = Followed::new(whole.clone(), external_loads(args, &trial)?)?;
        let mut times: Vec<f64> = motion.times.iter().copied().step_by(every).collect();
        // As OpenSim, the last moment is told too.
        times.extend(motion.times.last().filter(|last| times.last() != Some(last)));
        Ok(Bench { paths, dynamics, optimisation, followed, times, trial })
    }

    /// Writes tables into the folder of results and tells their names.
    pub(super) fn write(&self, tables: &[(String, Storage)]) -> Result<Vec<PathBuf>> {
        let folder = &self.trial.folder;
        std::fs::create_dir_all(folder).map_err(|e| file_error("write", folder, &e))?;
        let mut files = Vec::new();
        for (name, table) in tables {
            let file = folder.join(format!("{}_{name}.sto", self.trial.name));
            std::fs::write(&file, table.write()).map_err(|e| file_error("write", &file, &e))?;
            files.push(file);
        }
        Ok(files)
    }
}

/// Runs the action.
pub(super) fn run(args: &OsimArgs, progress: &Progress) -> Result<()> {
    let trial = progress.stage("reading", |_| Trial::read(args))?;
    let setup = trial.setup.as_ref().context("static optimisation goes by a set-up: give --setup")?;
    let asked = setup.analyses.iter().find_map(|analysis| match analysis {
        Analysis::StaticOptimisation { exponent, uses_physiology, every } => {
            Some((Settings { exponent: *exponent, uses_physiology: *uses_physiology }, *every))
        }
        _ => None,
    });
    let (settings, every) = asked.context("the set-up asks for no StaticOptimization that is switched on")?;
    let mut bench = Bench::new(args, trial, settings, every)?;
    let all = progress.stage("static optimisation", |_| {
        let Bench { trial, paths, dynamics, optimisation, followed, times } = &mut bench;
        let mut instant = FollowedInstant::default();
        let one = |time: &f64| {
            let mut shares = Shares::default();
            followed.at(*time, &trial.skeleton, &mut instant);
            Followed::share(&trial.skeleton, paths, dynamics, optimisation, &mut instant, &mut shares);
            shares
        };
        times.iter().map(one).collect::<Vec<Shares>>()
    });
    let table = |name: &str, rows: Vec<Vec<f64>>| Storage {
        name: name.to_owned(),
        in_degrees: Some(false),
        columns: bench.optimisation.names().to_vec(),
        times: bench.times.clone(),
        rows,
    };
    let controls = all.iter().map(|shares| shares.controls.clone()).collect();
    let forces = all.iter().map(|shares| shares.forces.clone()).collect();
    let files = bench.write(&[
        ("StaticOptimization_activation".to_owned(), table("Static Optimization Controls", controls)),
        ("StaticOptimization_force".to_owned(), table("Static Optimization Forces", forces)),
    ])?;
    let findings = bench.optimisation.findings(&all);
    if args.json {
        let all = json!({
            "model": bench.trial.model.name, "rows": bench.times.len(), "muscles": bench.optimisation.muscles(), "files": files,
            "findings": findings,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(&findings);
    let actuators = bench.optimisation.names().len() - bench.optimisation.muscles();
    say!("{} rows of {} muscles and {actuators} actuators:", bench.times.len(), bench.optimisation.muscles());
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}
