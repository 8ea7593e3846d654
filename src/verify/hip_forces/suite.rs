//! The suite: balance and muscles against what was measured.

use super::prediction::{Compared, by_balance, by_muscles};
use super::trials::{self, ACTIVITIES, NOT_JUDGED, RISING, Trial};
use crate::verify::{Check, SuiteReport};
use anyhow::{Context, Result};
use std::path::Path;

/// Medians of both activities together, percent of body weight and degrees.
const FORCE: f64 = 15.0;
const DIRECTION_DEG: f64 = 6.0;
/// Mean of one-leg stance.
const STANCE: [f64; 2] = [200.0, 330.0];
/// Mean of walking, and how much people differ: ten instrumented patients of Bergmann et al. 2016.
const WALKING: [f64; 2] = [247.0, 20.0];

/// Runs the suite.
///
/// # Errors
/// Where the folder lacks the table or landmarks, or they cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let (mut checks, mut all) = (Vec::new(), [Vec::new(), Vec::new()]);
    for trial in trials::read(folder, &ACTIVITIES)? {
        let Trial { subject, activity, weight_n, measured, landmarks, motion } = &trial;
        let who = || format!("{subject} of {}", folder.display());
        let still = Compared::of(&by_balance(landmarks, *weight_n).with_context(who)?, measured);
        let moving = Compared::of(&by_muscles(landmarks, *weight_n, motion).with_context(who)?, measured);
        let shown = ACTIVITIES.iter().find(|(short, ..)| short == activity).map_or("", |(_, shown, _)| shown);
        let note = format!("measured {:.0}: balance {still}, muscles {moving}", still.measured);
        let check = Check::shown(format!("{subject} {shown}"), &[still.error()], "%BW");
        checks.push(check.with_note(note));
        all[0].push((*activity, still));
        all[1].push((*activity, moving));
    }
    for (name, found, is_judged) in [("balance", &all[0], true), ("muscles", &all[1], false)] {
        checks.extend(summary(name, found, is_judged));
    }
    checks.extend(rising(folder)?);
    Ok(SuiteReport { suite: "hip-forces", evidence: "real-reference", checks })
}

/// Standing up, by muscles alone; nothing where nobody was measured.
fn rising(folder: &Path) -> Result<Vec<Check>> {
    let Ok(trials) = trials::read(folder, &[RISING]) else { return Ok(Vec::new()) };
    let compared = |trial: &Trial| -> Result<Compared> {
        let force = by_muscles(&trial.landmarks, trial.weight_n, trial.motion);
        Ok(Compared::of(&force.with_context(|| trial.subject.clone())?, &trial.measured))
    };
    let found = trials.iter().map(compared).collect::<Result<Vec<_>>>()?;
    let of = |get: &dyn Fn(&Compared) -> f64| -> Vec<f64> { found.iter().map(get).collect() };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (predicted, measured) = (mean(&of(&|c| c.predicted)), mean(&of(&|c| c.measured)));
    let shown = RISING.1;
    let note = format!("mean force {predicted:.0}, measured {measured:.0} %BW; {NOT_JUDGED}");
    Ok(vec![
        Check::shown(format!("muscles, {shown}, error"), &of(&Compared::error), "%BW"),
        Check::shown(format!("muscles, {shown}, direction"), &of(&|c| c.angle_deg), "deg"),
        Check::shown(format!("muscles, {shown}, mean"), &[predicted], "%BW").with_note(note),
    ])
}

/// Medians and means of one way of predicting.
fn summary(name: &str, found: &[(&str, Compared)], is_judged: bool) -> Vec<Check> {
    let of = |activity: Option<&str>, get: &dyn Fn(&Compared) -> f64| -> Vec<f64> {
        found.iter().filter(|(own, _)| activity.is_none_or(|a| a == *own)).map(|(_, c)| get(c)).collect()
    };
    let median = |values: &[f64]| Check::shown("", values, "").median;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let judged = |name: String, value: Option<f64>, bound: f64, unit: &'static str| match is_judged {
        true => Check::at_most(name, value.as_slice(), bound, unit),
        false => Check::shown(name, value.as_slice(), unit),
    };
    let count = found.len();
    let mut checks = vec![
        judged(format!("{name}, median error"), median(&of(None, &Compared::error)), FORCE, "%BW")
            .with_note(format!("both activities, {count} peaks")),
        judged(
            format!("{name}, median direction"),
            median(&of(None, &|c| c.angle_deg)),
            DIRECTION_DEG,
            "deg",
        )
        .with_note(format!("both activities, {count} peaks")),
    ];
    for (short, shown, _) in ACTIVITIES {
        let (errors, angles) = (of(Some(short), &Compared::error), of(Some(short), &|c| c.angle_deg));
        let (predicted, measured) = (of(Some(short), &|c| c.predicted), of(Some(short), &|c| c.measured));
        let (predicted, measured) = (mean(&predicted), mean(&measured));
        checks.push(Check::shown(format!("{name}, {shown}, error"), &errors, "%BW"));
        checks.push(Check::shown(format!("{name}, {shown}, direction"), &angles, "deg"));
        let note = format!("mean force {predicted:.0}, measured {measured:.0} %BW");
        let title = format!("{name}, {shown}, mean");
        checks.push(match short {
            "OLS" if is_judged => {
                let [least, most] = STANCE;
                let off = (predicted - (least + most) / 2.0).abs();
                Check::at_most(title, &[off], (most - least) / 2.0, "%BW")
                    .with_note(format!("{note}; from the middle of {least} to {most}"))
            }
            _ if is_judged => {
                let [expected, spread] = WALKING;
                Check::at_most(title, &[(predicted - expected).abs()], spread, "%BW")
                    .with_note(format!("{note}; from {expected} of ten patients"))
            }
            _ => Check::shown(title, &[predicted], "%BW").with_note(note),
        });
    }
    checks
}
