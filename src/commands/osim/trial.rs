//! A model with the motion that it is asked to make.

use super::text::text;
use crate::cli::osim::{MotionArgs, SetupArgs};
use crate::exported;
use anyhow::{Context, Result, anyhow, bail};
use coxa_muscle::files::{Course, Motion, Storage};
use coxa_muscle::model::Model;
use coxa_muscle::osim::Survey;
use coxa_muscle::osim::setup::{self, Analysis, RequestedAnalysis, Setup};
use coxa_muscle::{Skeleton, osim};
use std::path::{Path, PathBuf};

/// Rounding of times in files, s.
const SAME_TIME: f64 = 1e-9;

/// What the command line names.
pub(super) struct Request<'a> {
    /// The model's file.
    pub(super) model: &'a Path,
    motion: Option<&'a Path>,
    setup: Option<&'a Path>,
    output: Option<&'a Path>,
    /// What is to be done.
    tool: Tool,
}

/// What is done with a motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    /// Lengths and moment arms.
    Muscles,
    /// What forces it takes.
    InverseDynamics,
    /// What bears these.
    Forces,
}

impl<'a> Request<'a> {
    pub(super) fn of_motion(model: &'a Path, args: &'a MotionArgs, tool: Tool) -> Self {
        let MotionArgs { motion, setup, output, .. } = args;
        let [motion, setup, output] = [motion, setup, output].map(Option::as_deref);
        Request { model, motion, setup, output, tool }
    }

    pub(super) fn of_setup(model: &'a Path, args: &'a SetupArgs) -> Self {
        let SetupArgs { setup, output, .. } = args;
        Request { model, motion: None, setup: Some(setup), output: output.as_deref(), tool: Tool::Forces }
    }
}

/// A model, and what is done with it.
pub(super) struct Trial {
    /// Its file.
    pub(super) file: PathBuf,
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
    /// How many rows of what results are counted from lie before the motion that is left.
    before: usize,
    /// The set-up with its file, where one was given.
    pub(super) setup: Option<(Setup, PathBuf)>,
    /// What results are called after.
    pub(super) name: String,
    /// Where results go.
    pub(super) folder: PathBuf,
}

impl Trial {
    /// What a request names.
    pub(super) fn read(request: &Request<'_>) -> Result<Trial> {
        let named = |error: String| anyhow!("{}: {error}", request.model.display());
        let mut survey = read_model(request.model)?;
        let skeleton = Skeleton::new(&survey.model).map_err(|error| named(error.to_string()))?;
        let setup = match request.setup {
            Some(file) => {
                let setup = setup::read(&text(file)?).map_err(|e| anyhow!("{}: {e}", file.display()))?;
                Some((setup, file.to_owned()))
            }
            None => None,
        };
        if let (Some((setup, file)), Tool::Forces) = (&setup, request.tool) {
            add_forces(&mut survey.model, file, setup)?;
        }
        let motion_file = match &setup {
            Some((setup, file)) => {
                let motion = setup.motion.as_ref();
                let motion =
                    motion.with_context(|| format!("{} names no coordinates_file", file.display()))?;
                Some(beside(file, motion))
            }
            None => request.motion.map(Path::to_owned),
        };
        let mut motion = match &motion_file {
            Some(file) => Some(read_motion(file, &survey.model, &skeleton)?),
            None => None,
        };
        let low_pass = setup.as_ref().and_then(|(setup, _)| setup.low_pass);
        let mut before = 0;
        let course = match &mut motion {
            Some(motion) if request.tool == Tool::InverseDynamics || low_pass.is_some() => {
                let asked =
                    setup.as_ref().map_or([f64::NEG_INFINITY, f64::INFINITY], |(setup, _)| setup.time);
                let (course, left_out) = follow(motion, low_pass, asked)?;
                before += left_out;
                Some(course)
            }
            _ => None,
        };
        let whole = motion.clone();
        if let (Some(motion), Some((setup, file))) = (&mut motion, &setup) {
            before += cut(motion, setup.time);
            if motion.rows.is_empty() {
                bail!(
                    "{}: the motion has no rows from {} to {} s",
                    file.display(),
                    setup.time[0],
                    setup.time[1]
                );
            }
        }
        let stem = |file: &PathBuf| Some(file.file_stem()?.to_string_lossy().into_owned());
        let name =
            setup.as_ref().map(|(setup, _)| setup.name.clone()).or_else(|| stem(motion_file.as_ref()?));
        let results = setup.as_ref().and_then(|(setup, file)| Some(beside(file, setup.results.as_deref()?)));
        Ok(Trial {
            file: request.model.to_owned(),
            model: survey.model,
            skeleton,
            unsupported_forces: survey.unsupported_forces.iter().map(ToString::to_string).collect(),
            motion,
            course,
            whole,
            before,
            setup,
            name: name.unwrap_or_else(|| "results".to_owned()),
            folder: request.output.map(Path::to_owned).or(results).unwrap_or_else(|| PathBuf::from(".")),
        })
    }

    /// The first analysis of the set-up that is of a kind. The others are named in a note.
    pub(super) fn asked(&self, is_own: fn(&Analysis) -> bool) -> Option<&RequestedAnalysis> {
        let (setup, file) = self.setup.as_ref()?;
        let own = setup.analyses.iter().find(|asked| is_own(&asked.analysis))?;
        let others = in_words(setup.analyses.iter().filter(|other| !std::ptr::eq(*other, own)));
        if !others.is_empty() {
            eprintln!(
                "note: {} asks for more analyses than `{}`; ignored: {others}",
                file.display(),
                own.name
            );
        }
        Some(own)
    }

    /// That the set-up does not ask for what the action does.
    pub(super) fn asks_otherwise(&self, wanted: &str) -> anyhow::Error {
        let Some((setup, file)) = &self.setup else { return anyhow!("no set-up asks for {wanted}") };
        let others = in_words(setup.analyses.iter());
        let instead = if others.is_empty() { String::new() } else { format!("; it asks for {others}") };
        anyhow!("{} asks for no {wanted}, or has it switched off{instead}", file.display())
    }

    /// Places of the motion's rows that a result tells, as OpenSim's AnalyzeTool has it: the first, those whose place in the whole motion is a
    /// multiple of the step, and the last.
    pub(super) fn told(&self, every: usize) -> Vec<usize> {
        let count = self.motion.as_ref().map_or(0, |motion| motion.times.len());
        (0..count).filter(|n| *n == 0 || n + 1 == count || (self.before + n).is_multiple_of(every)).collect()
    }

    /// Writes tables into the folder of results, each as a file of this name, and tells where they are.
    pub(super) fn write(&self, tables: &[(String, Storage)]) -> Result<Vec<PathBuf>> {
        let files: Vec<_> = tables.iter().map(|(name, table)| (name.clone(), table.write())).collect();
        exported::write(&self.folder, &files)
    }
}

/// A model that can be computed with.
pub(super) fn read_model(file: &Path) -> Result<Survey> {
    let survey = osim::survey(&text(file)?).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    let Some(problem) = survey.problems.first() else { return Ok(survey) };
    let more = match survey.problems.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more: see coxa osim MODEL info)"),
    };
    bail!("{}: {problem}{more}", file.display())
}

/// Analyses with the actions that do them.
fn in_words<'a>(analyses: impl Iterator<Item = &'a RequestedAnalysis>) -> String {
    let words = analyses.map(|asked| {
        let name = &asked.name;
        match &asked.analysis {
            Analysis::Muscles { .. } => format!("`{name}` (actions lengths and moment-arms)"),
            Analysis::StaticOptimisation { .. } => format!("`{name}` (action so)"),
            Analysis::JointReaction { .. } => format!("`{name}` (action jr)"),
            Analysis::InverseDynamics { .. } => format!("`{name}` (action id)"),
            Analysis::Other { class } => format!("`{name}` ({class}: not supported)"),
        }
    });
    words.collect::<Vec<_>>().join(", ")
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

pub(super) fn read_motion(file: &Path, model: &Model, skeleton: &Skeleton) -> Result<Motion> {
    let table = Storage::read(&text(file)?).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    Motion::new(&table, model, skeleton).map_err(|error| anyhow!("{}: {error}", file.display()))
}

/// The curve through a motion, and how many rows before those that are left were dropped. Where it is to be low-passed it is so at even steps, as
/// OpenSim's tools have it, and has these rows then, before and after what was recorded too where the time asked for reaches there.
fn follow(motion: &mut Motion, low_pass: Option<f64>, asked: [f64; 2]) -> Result<(Course, usize)> {
    let (Some(frequency), [first, .., last]) = (low_pass, &motion.times[..]) else {
        return Ok((Course::new(motion)?, 0));
    };
    let end = |asked: f64, own: f64| if asked.is_finite() { asked } else { own };
    let span = [end(asked[0], *first), end(asked[1], *last)];
    *motion = motion.low_pass(frequency)?;
    let course = Course::new(motion)?;
    let dropped = cut(motion, span);
    Ok((course, dropped))
}

/// Only the rows between two times, and where none is at the first time the last one before it, as OpenSim's tools have it. Tells how many were
/// dropped before.
fn cut(motion: &mut Motion, [first, last]: [f64; 2]) -> usize {
    let until = motion.times.partition_point(|time| *time <= last + SAME_TIME);
    let from = motion.times.partition_point(|time| *time < first - SAME_TIME).min(until);
    let is_at_first = motion.times.get(from).is_some_and(|time| *time <= first + SAME_TIME);
    let from = if from < until && !is_at_first { from.saturating_sub(1) } else { from };
    motion.times = motion.times[from..until].to_vec();
    motion.rows = motion.rows[from..until].to_vec();
    from
}
