//! Files of markers, and what stands beside them in a set-up.

use super::info::counted;
use super::text::text;
use super::trial::read_motion;
use crate::commands::findings::print_findings;
use anyhow::{Context, Result, anyhow, bail};
use coxa_case::bounded::read_bytes;
use coxa_muscle::Skeleton;
use coxa_muscle::files::{Course, Markers, c3d, markers};
use coxa_muscle::model::Model;
use coxa_muscle::osim::Survey;
use std::path::Path;

/// No trial has more bytes.
const MOST_BYTES: u64 = 1 << 30;

/// Places of markers over time, of a `.trc` or `.c3d`.
pub(super) fn read(file: &Path) -> Result<Markers> {
    let named = |error: String| anyhow!("{}: {error}", file.display());
    match file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("c3d")) {
        true => {
            let capture =
                c3d::read(&read_bytes(file, MOST_BYTES)?).map_err(|error| named(error.to_string()))?;
            Ok(capture.markers)
        }
        false => markers::read_trc(&text(file)?).map_err(|error| named(error.to_string())),
    }
}

/// Says which markers of a model could not be read.
pub(super) fn note_unread(survey: &Survey) {
    for problem in &survey.unread_markers {
        eprintln!("note: marker left out: {problem}");
    }
}

/// Says what of a model is not in the one that is written.
pub(super) fn note_left_out(survey: &Survey) {
    for force in &survey.unsupported_forces {
        eprintln!("note: left out: {force}");
    }
    note_unread(survey);
    if !survey.left_aside.is_empty() {
        let parts = counted(&survey.left_aside);
        eprintln!("note: left out, because they do not affect paths and dynamics: {parts}");
    }
}

/// Coordinates that tasks follow over a time of a trial, and those that the file does not have.
pub(super) fn coordinates(
    file: &Path,
    model: &Model,
    skeleton: &Skeleton,
    trial: &Markers,
    [first, last]: [f64; 2],
) -> Result<(Course, Vec<String>)> {
    let motion = read_motion(file, model, skeleton)?;
    print_findings(&motion.findings);
    let within = |time: &&f64| (first..=last).contains(*time);
    let known = motion.times.first().copied().unwrap_or(0.0)..=motion.times.last().copied().unwrap_or(0.0);
    let asked = trial.times.iter().filter(within);
    if let Some(time) = asked.into_iter().find(|time| !known.contains(*time)) {
        bail!(
            "{}: it has coordinates from {} to {} s, and the markers are followed at {time} s",
            file.display(),
            known.start(),
            known.end()
        );
    }
    let course = Course::new(&motion).with_context(|| file.display().to_string())?;
    Ok((course, motion.missing))
}
