//! Joint reactions, as OpenSim's `JointReaction` has them: force and moment of one bone on the other, and where the joint lies.

use super::sharing::Bench;
use super::text::text;
use super::trial::{Request, Trial, beside};
use crate::cli::osim::SetupArgs;
use crate::commands::findings::print_findings;
use anyhow::{Context, Result, anyhow, bail};
use coxa_case::progress::Progress;
use coxa_geometry::{Finding, finding};
use coxa_muscle::Skeleton;
use coxa_muscle::dynamics::{BodyMotion, Wrench};
use coxa_muscle::files::{Between, Storage};
use coxa_muscle::followed::FollowedInstant;
use coxa_muscle::model::{GROUND, Model, Motion};
use coxa_muscle::optimisation::{MuscleForces, Settings};
use coxa_muscle::osim::setup::{Analysis, RequestedAnalysis};
use nalgebra::Point3;
use serde_json::json;
use std::path::{Path, PathBuf};

/// A table of forces is held so long before its first row and after its last one, s: times in files are rounded.
const ROUNDING_S: f64 = 1e-6;

/// What a file of forces may leave unborne, over the model's weight: the share that Hicks et al. 2015 leave to residual forces. Of moments the same
/// share at a metre, an assumption of this program: curves through the motion alone make a part of it.
const LEFT_SHARE: f64 = 0.05;

/// The table of forces that a set-up names: beside the set-up, or where results go, for there `so` with the same `-o` wrote it.
fn forces_file(setup: &Path, named: &str, results: &Path) -> Result<PathBuf> {
    let own = beside(setup, named);
    let there = results.join(Path::new(named).file_name().unwrap_or_default());
    if let Some(found) = [&own, &there].into_iter().find(|file| file.is_file()) {
        eprintln!("note: forces from {}", found.display());
        return Ok(found.clone());
    }
    bail!(
        "{} names the forces_file {named}, which is neither {} nor {}: run `so` first, with the set-up of a StaticOptimization and the same -o, or take forces_file out of the set-up, so that `jr` computes the forces",
        setup.display(),
        own.display(),
        there.display()
    )
}

/// What is told of one joint.
struct WantedReaction {
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
pub(super) fn run(model: &Path, args: &SetupArgs, progress: &dyn Progress) -> Result<()> {
    let trial = progress.stage("reading", |_| Trial::read(&Request::of_setup(model, args)))?;
    let file = &args.setup;
    let wanted = trial.asked(|analysis| matches!(analysis, Analysis::JointReaction { .. }));
    let Some(RequestedAnalysis {
        name,
        every,
        analysis: Analysis::JointReaction { forces, joints, on, expressed_in },
    }) = wanted.cloned()
    else {
        return Err(trial.asks_otherwise("JointReaction"));
    };
    let asked = asked(&trial.model, &trial.skeleton, [&joints, &on, &expressed_in])?;
    let table = match forces {
        Some(named) => {
            let file = forces_file(file, &named, &trial.folder)?;
            Some((Storage::read(&text(&file)?).map_err(|e| anyhow!("{}: {e}", file.display()))?, file))
        }
        None => None,
    };
    let mut bench = Bench::new(trial, Settings::default(), every)?;
    let columns = match &table {
        Some((table, file)) => {
            let place = |name: &String| {
                let found = table.columns.iter().position(|column| column == name);
                found.with_context(|| format!("{} has no column `{name}`", file.display()))
            };
            Some(bench.followed.optimisation().names().iter().map(place).collect::<Result<Vec<_>>>()?)
        }
        None => None,
    };
    let mut unborne = Unborne::of(&bench);
    let rows = progress.stage("joint reactions", |_| -> Result<Vec<Vec<f64>>> {
        let Bench { followed, times, .. } = &mut bench;
        let (mut instant, mut shares, mut borne, mut left) =
            (FollowedInstant::default(), MuscleForces::default(), Vec::new(), Vec::new());
        let mut one = |time: f64| {
            followed.at(time, &mut instant);
            if let (Some((table, file)), Some(columns)) = (&table, &columns) {
                let row = within(table, time)
                    .with_context(|| format!("{} has no values at {time} s", file.display()))?;
                shares.forces = columns.iter().map(|&column| row.value(column)).collect();
                followed.left_by(&instant, &shares.forces, &mut left);
                unborne.add(time, &left);
            } else {
                followed.share(&instant, &mut shares);
            }
            followed.react(&instant, &shares.forces, &mut borne);
            Ok(asked.iter().flat_map(|one| one.load(&instant.motion, &borne)).collect())
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
    let file = format!("{}_{name}_ReactionLoads.sto", bench.trial.name);
    let files = bench.trial.write(&[(file, table)])?;
    let findings: Vec<Finding> = unborne.finding().into_iter().collect();
    if args.json {
        let names: Vec<&String> = asked.iter().map(|one| &one.name).collect();
        let all = json!({
            "model": bench.trial.model.name, "rows": bench.times.len(), "loads": names, "files": files, "findings": findings,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(&findings);
    say!("{} rows of {} loads, N, N m and m:", bench.times.len(), asked.len());
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}

/// Watches what forces of a file leave unborne of a motion.
struct Unborne {
    /// Coordinates with what may be left on each, N or N m, and whether that is a moment.
    limits: Vec<(String, f64, bool)>,
    /// Place among them, size and time of what was most over its limit.
    worst: Option<(usize, f64, f64)>,
}

impl Unborne {
    fn of(bench: &Bench) -> Self {
        let weight = bench.followed.weight_n();
        let joints = &bench.trial.model.joints;
        let limit = |name: &String| {
            let coordinate = joints.iter().flat_map(|joint| &joint.coordinates).find(|c| c.name == *name);
            let is_moment = coordinate.is_none_or(|c| c.motion == Motion::Rotation);
            (name.clone(), weight * LEFT_SHARE, is_moment)
        };
        let names = bench.followed.optimisation().coordinates();
        Unborne { limits: names.iter().map(limit).collect(), worst: None }
    }

    fn add(&mut self, time_s: f64, left: &[f64]) {
        for (n, (left, (_, limit, _))) in left.iter().zip(&self.limits).enumerate() {
            let share = |(at, size, _): (usize, f64, f64)| size / self.limits[at].1;
            if left.abs() > *limit && self.worst.is_none_or(|worst| left.abs() / limit > share(worst)) {
                self.worst = Some((n, left.abs(), time_s));
            }
        }
    }

    fn finding(&self) -> Option<Finding> {
        let (n, size, time_s) = self.worst?;
        let (name, _, is_moment) = &self.limits[n];
        let coordinate = name.to_string();
        Some(match is_moment {
            true => finding::MomentsDoNotBearTheMotion { coordinate, moment_n_m: size, time_s }.finding(),
            false => finding::ForcesDoNotBearTheMotion { coordinate, force_n: size, time_s }.finding(),
        })
    }
}

impl WantedReaction {
    /// Force in N, moment in N m about where the joint lies, and that place in m, along the axes asked for.
    fn load(&self, motion: &BodyMotion, borne: &[Wrench]) -> [f64; 9] {
        let sign = if self.is_on_child { 1.0 } else { -1.0 };
        let borne = borne[self.child];
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
fn asked(
    model: &Model,
    skeleton: &Skeleton,
    [joints, on, within]: [&[String]; 3],
) -> Result<Vec<WantedReaction>> {
    let all: Vec<String> = model.joints.iter().map(|joint| joint.name.clone()).collect();
    let names = if joints.is_empty() { &all[..] } else { joints };
    let of = |list: &[String], n: usize, usual: &str, what: &str| match list {
        [] => Ok(usual.to_owned()),
        [only] => Ok(only.clone()),
        list if list.len() == names.len() => Ok(list[n].clone()),
        list => bail!(
            "`{what}` has {} entries for {} joints: give one, or one per joint",
            list.len(),
            names.len()
        ),
    };
    let one = |(n, name): (usize, &String)| {
        let joint = model.joints.iter().find(|joint| joint.name == *name);
        let joint = joint.with_context(|| format!("the model has no joint `{name}`"))?;
        let child = skeleton.body(&joint.child).context("a joint has no child body")?;
        let is_on_child = match of(on, n, "child", "apply_on_bodies")?.to_ascii_lowercase().as_str() {
            "child" => true,
            "parent" => false,
            other => bail!("`apply_on_bodies` is `{other}`; it must be child or parent"),
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
        Ok(WantedReaction { child, is_on_child, frame, name: format!("{name}_on_{loaded}_in_{told_in}") })
    };
    names.iter().enumerate().map(one).collect()
}

/// A table at a time that it covers.
fn within(table: &Storage, time: f64) -> Option<Between<'_>> {
    let (first, last) = (*table.times.first()?, *table.times.last()?);
    let is_within = time >= first - ROUNDING_S && time <= last + ROUNDING_S;
    is_within.then(|| table.between(time)).flatten()
}
