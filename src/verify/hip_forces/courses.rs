//! Whole motions: the mean course of the hip force over the people, beside what has been published. Shown, never judged.
//!
//! What could be read of instrumented hips are peaks, not courses, and not when they occur: they are lines beside ours.

use super::motion_course::{CourseStep, MotionCourse, features, mean_course};
use super::picture;
use super::prediction::{Variation, course};
use super::published::{self, PublishedForce};
use super::trials::{self, ACTIVITIES, Measured, NOT_JUDGED, RISING, Trial};
use anyhow::{Context, Result, anyhow};
use coxa_activity::{Activity, LegMotion};
use serde::Serialize;
use std::fmt;
use std::path::Path;

const NOT_SOUGHT: &str =
    "most of its angles, forces and moments are from memory (sim/activity/data/README.md)";

/// A motion that is shown.
struct Shown {
    title: &'static str,
    /// Name of the shipped motion.
    motion: &'static str,
    /// Rows of the table whose people do it.
    people: Measured,
    published: &'static [PublishedForce],
    caution: &'static str,
}

const SHOWN: [Shown; 4] = [
    Shown {
        title: "level walking",
        motion: "walking",
        people: ACTIVITIES[1],
        published: published::WALKING,
        caution: "",
    },
    Shown {
        title: "climbing stairs",
        motion: "stairs_up",
        people: ACTIVITIES[1],
        published: published::STAIRS_UP,
        caution: NOT_SOUGHT,
    },
    Shown {
        title: "going down stairs",
        motion: "stairs_down",
        people: ACTIVITIES[1],
        published: published::STAIRS_DOWN,
        caution: NOT_SOUGHT,
    },
    Shown {
        title: "standing up",
        motion: "chair_rise",
        people: RISING,
        published: published::STANDING_UP,
        caution: NOT_JUDGED,
    },
];

/// All motions.
#[derive(Debug, Clone, Serialize)]
pub struct Courses {
    /// Evidence tag of the published forces.
    pub evidence: &'static str,
    /// In the order in which they are shown.
    pub motions: Vec<MotionCourse>,
}

impl Courses {
    /// As a picture.
    ///
    /// # Errors
    /// Where it cannot be drawn.
    pub fn svg(&self) -> Result<String> {
        picture::svg(&self.motions)
    }
}

/// Computes the mean course of each motion.
///
/// # Errors
/// As the suite.
pub fn run(folder: &Path) -> Result<Courses> {
    let motions = SHOWN.iter().map(|shown| motion(folder, shown)).collect::<Result<Vec<_>>>()?;
    Ok(Courses { evidence: "real-reference", motions })
}

fn motion(folder: &Path, shown: &Shown) -> Result<MotionCourse> {
    let trials = trials::read(folder, &[shown.people])?;
    let leg = Activity::named(shown.motion)?
        .activity
        .leg()
        .ok_or_else(|| anyhow!("{} has no loads", shown.motion))?;
    let of_person = |trial: &Trial| -> Result<Vec<[f64; 2]>> {
        let course = course(&trial.landmarks, trial.weight_n, &Variation::shipped(leg))
            .with_context(|| trial.subject.clone())?;
        Ok(course.into_iter().map(|(part, force)| [part, force.norm()]).collect())
    };
    let all = trials.iter().map(of_person).collect::<Result<Vec<_>>>()?;
    let steps: Vec<CourseStep> =
        mean_course(&all).into_iter().filter(|step| !is_seated(leg, step.at_percent)).collect();
    let measured = trials.iter().map(|trial| trial.measured.norm()).sum::<f64>() / trials.len() as f64;
    Ok(MotionCourse {
        title: shown.title,
        motion: shown.motion,
        people: trials.len(),
        measured_pct_bw: (shown.people.2 == shown.motion).then_some(measured),
        features: features(leg, &steps),
        steps,
        published: shown.published,
        caution: shown.caution,
    })
}

fn is_seated(leg: &LegMotion, percent: f64) -> bool {
    leg.seat_percent.is_some_and(|[from, until]| (from..=until).contains(&percent))
}

impl fmt::Display for Courses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "hip force by muscles over whole motions, % of body weight; shown, without a threshold [{}]",
            self.evidence
        )?;
        for motion in &self.motions {
            writeln!(f, "\n{motion}")?;
        }
        write!(f, "\nno published course could be read, only peaks, and not when they occur")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_shown_of_time_steps_at_which_a_seat_bears() {
        let leg = |name: &str| Activity::named(name).unwrap().activity.leg().unwrap();
        let rise = leg("chair_rise");
        let [from, until] = rise.seat_percent.unwrap();
        assert!(is_seated(rise, from) && is_seated(rise, until) && !is_seated(rise, until + 1.0));
        assert!(!is_seated(leg("walking"), 10.0));
    }

    #[test]
    fn every_motion_that_is_shown_ships_with_loads() {
        for shown in &SHOWN {
            assert!(Activity::named(shown.motion).unwrap().activity.leg().is_some(), "{}", shown.motion);
        }
    }
}
