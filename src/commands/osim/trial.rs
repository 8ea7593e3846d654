//! A model with the motion that it is asked to make.

use super::text;
use crate::cli::osim::{OsimAction, OsimArgs};
use anyhow::{Context, Result, anyhow, bail};
use coxa_sim::muscle::files::{Course, Motion, Storage};
use coxa_sim::muscle::model::Model;
use coxa_sim::muscle::osim::setup::{self, Setup};
use coxa_sim::muscle::{Skeleton, osim};
use std::path::{Path, PathBuf};

/// Rounding of times in files, s.
const SAME_TIME: f64 = 1e-9;

/// A model, and what is done with it.
pub(super) struct Trial {
    /// The model.
    pub(super) model: Model,
    /// It, to be computed with.
    pub(super) skeleton: Skeleton,
    /// Forces of the model that are not supported.
    pub(super) unsupported_forces: Vec<String>,
    /// The motion; none where it stands in its default position.
    pub(super) motion: Option<Motion>,
    /// What it follows between and beyond its rows.
    pub(super) course: Option<Course>,
    /// The motion before it was cut to the time that is asked for.
    pub(super) whole: Option<Motion>,
    /// The set-up, where one was given.
    pub(super) setup: Option<Setup>,
    /// What results are called after.
    pub(super) name: String,
    /// Where results go.
    pub(super) folder: PathBuf,
}

impl Trial {
    /// What the command line names.
    pub(super) fn read(args: &OsimArgs) -> Result<Trial> {
        let named = |error: String| anyhow!("{}: {error}", args.model.display());
        let survey = osim::survey(&text(&args.model)?).map_err(|error| named(error.to_string()))?;
        if let Some(problem) = survey.problems.first() {
            let more = survey.problems.len() - 1;
            let more = if more > 0 {
                format!(" (and {more} more: see coxa osim MODEL info)")
            } else {
                String::new()
            };
            return Err(named(format!("{problem}{more}")));
        }
        let mut survey = survey;
        let skeleton = Skeleton::new(&survey.model).map_err(|error| named(error.to_string()))?;
        let setup = match &args.setup {
            Some(file) => {
                Some((file, setup::read(&text(file)?).map_err(|e| anyhow!("{}: {e}", file.display()))?))
            }
            None => None,
        };
        if let Some((file, setup)) = &setup
            && matches!(args.action, OsimAction::So | OsimAction::Jr)
        {
            add_forces(&mut survey.model, file, setup)?;
        }
        let motion_file = match &setup {
            Some((file, setup)) => {
                let motion = setup.motion.as_ref();
                let motion =
                    motion.with_context(|| format!("{} names no coordinates_file", file.display()))?;
                Some(beside(file, motion))
            }
            None => args.motion.clone(),
        };
        let mut motion = match &motion_file {
            Some(file) => Some(read_motion(file, &survey.model, &skeleton)?),
            None => None,
        };
        let low_pass = setup.as_ref().and_then(|(_, setup)| setup.low_pass);
        let course = match (&mut motion, args.action == OsimAction::Id || low_pass.is_some()) {
            (Some(motion), true) => {
                let asked =
                    setup.as_ref().map_or([f64::NEG_INFINITY, f64::INFINITY], |(_, setup)| setup.time);
                Some(follow(motion, low_pass, asked)?)
            }
            _ => None,
        };
        let whole = motion.clone();
        if let (Some(motion), Some((file, setup))) = (&mut motion, &setup) {
            cut(motion, setup.time, args.action == OsimAction::Id);
            if motion.rows.is_empty() {
                bail!(
                    "{}: the motion has nothing from {} to {} s",
                    file.display(),
                    setup.time[0],
                    setup.time[1]
                );
            }
        }
        let stem = |file: &PathBuf| Some(file.file_stem()?.to_string_lossy().into_owned());
        let name =
            setup.as_ref().map(|(_, setup)| setup.name.clone()).or_else(|| stem(motion_file.as_ref()?));
        let results = setup.as_ref().and_then(|(file, setup)| Some(beside(file, setup.results.as_deref()?)));
        Ok(Trial {
            model: survey.model,
            skeleton,
            unsupported_forces: survey.unsupported_forces.iter().map(ToString::to_string).collect(),
            motion,
            course,
            whole,
            setup: setup.map(|(_, setup)| setup),
            name: name.unwrap_or_else(|| "results".to_owned()),
            folder: args.output.clone().or(results).unwrap_or_else(|| PathBuf::from(".")),
        })
    }
}

/// Adds the forces of a set-up's own files to those of the model, or puts them in their place.
fn add_forces(model: &mut Model, file: &Path, setup: &Setup) -> Result<()> {
    if setup.replaces_forces {
        model.muscles.clear();
        model.actuators.clear();
    }
    for named in &setup.forces {
        let file = beside(file, named);
        let (muscles, actuators) = osim::read_forces(&text(&file)?, model)
            .map_err(|error| anyhow!("{}: {error}", file.display()))?;
        model.muscles.extend(muscles);
        model.actuators.extend(actuators);
    }
    Ok(())
}

/// A file as a set-up names it, which is seen from the folder of the set-up.
pub(super) fn beside(setup: &Path, named: &str) -> PathBuf {
    setup.parent().unwrap_or(Path::new("")).join(named)
}

fn read_motion(file: &Path, model: &Model, skeleton: &Skeleton) -> Result<Motion> {
    let table = Storage::read(&text(file)?).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    Motion::new(&table, model, skeleton).map_err(|error| anyhow!("{}: {error}", file.display()))
}

/// The curve through a motion. Where it is to be low-passed it is so at even steps, as OpenSim's tools have it, and has these rows then, before
/// and after what was recorded too where the time asked for reaches there.
fn follow(motion: &mut Motion, low_pass: Option<f64>, asked: [f64; 2]) -> Result<Course> {
    let (Some(frequency), [first, .., last]) = (low_pass, &motion.times[..]) else {
        return Ok(Course::new(motion)?);
    };
    let end = |asked: f64, own: f64| if asked.is_finite() { asked } else { own };
    let span = [end(asked[0], *first), end(asked[1], *last)];
    *motion = motion.low_pass(frequency)?;
    let course = Course::new(motion)?;
    cut(motion, span, true);
    Ok(course)
}

/// Only the rows between two times, and where the tool takes it, as InverseDynamicsTool does, the last one before them.
fn cut(motion: &mut Motion, [first, last]: [f64; 2], takes_one_before: bool) {
    let until = motion.times.partition_point(|time| *time <= last + SAME_TIME);
    let from = motion.times.partition_point(|time| *time < first - SAME_TIME).min(until);
    let is_at_first = motion.times.get(from).is_some_and(|time| *time <= first + SAME_TIME);
    let from = if takes_one_before && from < until && !is_at_first { from.saturating_sub(1) } else { from };
    motion.times = motion.times[from..until].to_vec();
    motion.rows = motion.rows[from..until].to_vec();
}
