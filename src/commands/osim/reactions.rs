//! Joint reactions, as OpenSim's `JointReaction` has them: force and moment of one bone on the other, and where the joint lies.

use super::sharing::Bench;
use super::text;
use super::trial::{Trial, beside};
use crate::cli::osim::OsimArgs;
use crate::progress::Progress;
use anyhow::{Context, Result, anyhow, bail};
use coxa_sim::muscle::Skeleton;
use coxa_sim::muscle::dynamics::{BodyMotion, Wrench};
use coxa_sim::muscle::files::Storage;
use coxa_sim::muscle::followed::{Followed, FollowedInstant};
use coxa_sim::muscle::model::{GROUND, Model};
use coxa_sim::muscle::optimisation::{Settings, Shares};
use coxa_sim::muscle::osim::setup::Analysis;
use nalgebra::Point3;
use serde_json::json;

/// What is told of one joint.
struct Asked {
    /// Whose joint to its parent it is.
    child: usize,
    /// Whether the load is that on the child; else on the parent.
    is_on_child: bool,
    /// Along whose axes; ground's where none.
    frame: Option<usize>,
    /// What its columns begin with.
    name: String,
}

/// Runs the action.
pub(super) fn run(args: &OsimArgs, progress: &Progress) -> Result<()> {
    let trial = progress.stage("reading", |_| Trial::read(args))?;
    let (Some(setup), Some(file)) = (&trial.setup, &args.setup) else {
        bail!("joint reactions go by a set-up: give --setup");
    };
    let analysis = setup.analyses.iter().find(|analysis| matches!(analysis, Analysis::JointReaction { .. }));
    let Some(Analysis::JointReaction { forces, joints, on, expressed_in, every }) = analysis else {
        bail!("the set-up asks for no JointReaction that is switched on");
    };
    let asked = asked(&trial.model, &trial.skeleton, [joints, on, expressed_in])?;
    let table = match forces {
        Some(named) => {
            let file = beside(file, named);
            Some((Storage::read(&text(&file)?).map_err(|e| anyhow!("{}: {e}", file.display()))?, file))
        }
        None => None,
    };
    let every = *every;
    let mut bench = Bench::new(args, trial, Settings::default(), every)?;
    let columns = match &table {
        Some((table, file)) => {
            let place = |name: &String| {
                let found = table.columns.iter().position(|column| column == name);
                found.with_context(|| format!("{} has no column `{name}`", file.display()))
            };
            Some(bench.optimisation.names().iter().map(place).collect::<Result<Vec<_>>>()?)
        }
        None => None,
    };
    let rows = progress.stage("joint reactions", |_| -> Result<Vec<Vec<f64>>> {
        let Bench { trial, paths, dynamics, optimisation, followed, times } = &mut bench;
        let (mut instant, mut shares) = (FollowedInstant::default(), Shares::default());
        let mut one = |time: f64| {
            followed.at(time, &trial.skeleton, &mut instant);
            if let (Some((table, file)), Some(columns)) = (&table, &columns) {
                let row = between(table, time)
                    .with_context(|| format!("{} has nothing at {time} s", file.display()))?;
                shares.forces = columns.iter().map(|&column| row[column]).collect();
            } else {
                Followed::share(&trial.skeleton, paths, dynamics, optimisation, &mut instant, &mut shares);
            }
            Followed::react(&trial.skeleton, paths, dynamics, optimisation, &shares.forces, &mut instant);
            Ok(asked.iter().flat_map(|one| one.load(&instant.motion)).collect())
        };
        times.iter().map(|time| one(*time)).collect()
    })?;
    let axes = ["fx", "fy", "fz", "mx", "my", "mz", "px", "py", "pz"];
    let columns = asked.iter().flat_map(|one| axes.map(|axis| format!("{}_{axis}", one.name))).collect();
    let table = Storage {
        name: "Joint Reaction Loads".to_owned(),
        in_degrees: Some(false),
        columns,
        times: bench.times.clone(),
        rows,
    };
    let files = bench.write(&[("JointReaction_ReactionLoads".to_owned(), table)])?;
    if args.json {
        let names: Vec<&String> = asked.iter().map(|one| &one.name).collect();
        let all = json!({ "model": bench.trial.model.name, "rows": bench.times.len(), "loads": names, "files": files });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    say!("{} rows of {} loads, N, N m and m:", bench.times.len(), asked.len());
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}

impl Asked {
    /// Force in N, moment in N m about where the joint lies, and that place in m, along the axes asked for.
    fn load(&self, motion: &BodyMotion) -> [f64; 9] {
        let sign = if self.is_on_child { 1.0 } else { -1.0 };
        let borne = motion.borne(self.child);
        let load = Wrench { force: borne.force * sign, moment: borne.moment * sign };
        let at = motion.joint_centre(self.child);
        let moment = load.moment_about(at);
        let [force, moment, place] = match self.frame {
            None => [load.force, moment, at.coords],
            Some(body) => {
                let origin = motion.point(body, &Point3::origin());
                [load.force, moment, at - origin].map(|vector| motion.in_body(body, vector))
            }
        };
        let mut all = [0.0; 9];
        for (n, vector) in [force, moment, place].into_iter().enumerate() {
            all[3 * n..3 * n + 3].copy_from_slice(vector.as_slice());
        }
        all
    }
}

/// Joints by name, each with the body that it loads and the frame that the load is told in, once for each or once for all.
fn asked(model: &Model, skeleton: &Skeleton, [joints, on, within]: [&[String]; 3]) -> Result<Vec<Asked>> {
    let all: Vec<String> = model.joints.iter().map(|joint| joint.name.clone()).collect();
    let names = if joints.is_empty() { &all[..] } else { joints };
    let of = |list: &[String], n: usize, usual: &str, what: &str| match list {
        [] => Ok(usual.to_owned()),
        [only] => Ok(only.clone()),
        list if list.len() == names.len() => Ok(list[n].clone()),
        list => bail!("`{what}` names {} for {} joints: give one, or one for each", list.len(), names.len()),
    };
    let one = |(n, name): (usize, &String)| {
        let joint = model.joints.iter().find(|joint| joint.name == *name);
        let joint = joint.with_context(|| format!("the model has no joint `{name}`"))?;
        let child = skeleton.body(&joint.child).context("a joint without its body")?;
        let is_on_child = match of(on, n, "child", "apply_on_bodies")?.to_ascii_lowercase().as_str() {
            "child" => true,
            "parent" => false,
            other => bail!("`apply_on_bodies` is `{other}`, and child or parent are possible"),
        };
        let loaded = if is_on_child { &joint.child } else { &joint.parent };
        let frame = of(within, n, "ground", "express_in_frame")?;
        let told_in = match frame.to_ascii_lowercase().as_str() {
            "child" => joint.child.clone(),
            "parent" => joint.parent.clone(),
            _ => frame,
        };
        let frame = match told_in.as_str() {
            GROUND => None,
            body => Some(skeleton.body(body).with_context(|| format!("the model has no body `{body}`"))?),
        };
        Ok(Asked { child, is_on_child, frame, name: format!("{name}_on_{loaded}_in_{told_in}") })
    };
    names.iter().enumerate().map(one).collect()
}

/// A row of a table at a time within it, straight between its rows.
fn between(table: &Storage, time: f64) -> Option<Vec<f64>> {
    const ROUNDING_S: f64 = 1e-6;
    let (first, last) = (*table.times.first()?, *table.times.last()?);
    if time < first - ROUNDING_S || time > last + ROUNDING_S {
        return None;
    }
    let next = table.times.partition_point(|own| *own <= time).clamp(1, table.times.len().max(2) - 1);
    let (before, after) = (next - 1, next.min(table.times.len() - 1));
    let span = table.times[after] - table.times[before];
    let part = if span > 0.0 { ((time - table.times[before]) / span).clamp(0.0, 1.0) } else { 0.0 };
    let pairs = table.rows[before].iter().zip(&table.rows[after]);
    Some(pairs.map(|(one, other)| one * (1.0 - part) + other * part).collect())
}
