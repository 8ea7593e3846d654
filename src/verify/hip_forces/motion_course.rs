//! One motion: its mean course over people, with the peaks and valleys that have names.

use super::prediction::PEAKS;
use super::published::PublishedForce;
use crate::table::Table;
use coxa_activity::LegMotion;
use serde::Serialize;
use std::fmt;

/// Every so many percent are printed.
const PRINTED: usize = 10;

/// A place of a course that has a name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CourseFeature {
    /// Such as `first peak`.
    pub name: &'static str,
    /// When, percent of the motion.
    pub at_percent: f64,
    /// Mean over the people there, percent of body weight.
    pub force_pct_bw: f64,
    /// One standard deviation between the people there.
    pub spread_pct_bw: f64,
}

/// The force at one time step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CourseStep {
    /// Percent of the motion.
    pub at_percent: f64,
    /// Mean over the people, percent of body weight.
    pub force_pct_bw: f64,
    /// One standard deviation between the people.
    pub spread_pct_bw: f64,
}

/// One motion.
#[derive(Debug, Clone, Serialize)]
pub struct MotionCourse {
    /// What is done.
    pub title: &'static str,
    /// Name of the shipped motion.
    pub motion: &'static str,
    /// People whose bones and weight were used.
    pub people: usize,
    /// Mean of what was measured of these people, percent of body weight; absent where the table has nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_pct_bw: Option<f64>,
    /// Steps of one percent; those while a seat bears weight too are left out.
    pub steps: Vec<CourseStep>,
    /// Peaks and valleys in the order of time.
    pub features: Vec<CourseFeature>,
    /// What has been published.
    pub published: &'static [PublishedForce],
    /// Why its size is not to be relied on; empty where there is nothing to say.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub caution: &'static str,
}

/// Mean and standard deviation of courses with the same time steps, each a fraction of the motion and a force.
pub(super) fn mean_course(all: &[Vec<[f64; 2]>]) -> Vec<CourseStep> {
    let Some(first) = all.first() else { return Vec::new() };
    let count = all.len() as f64;
    let step = |n: usize| {
        let here = || all.iter().filter_map(|course| course.get(n)).map(|[_, force]| force);
        let mean = here().sum::<f64>() / count;
        let squares = here().map(|force| (force - mean).powi(2)).sum::<f64>();
        CourseStep {
            at_percent: 100.0 * first[n][0],
            force_pct_bw: mean,
            spread_pct_bw: (squares / (count - 1.0).max(1.0)).sqrt(),
        }
    };
    (0..first.len()).map(step).collect()
}

/// Peaks and valleys of a stride, or the peak of a motion that ends. A second peak is one that rises from a valley.
pub(super) fn features(leg: &LegMotion, steps: &[CourseStep]) -> Vec<CourseFeature> {
    let named = |name: &'static str, n: usize| {
        let CourseStep { at_percent, force_pct_bw, spread_pct_bw } = steps[n];
        CourseFeature { name, at_percent, force_pct_bw, spread_pct_bw }
    };
    let within = |from: f64, until: f64| {
        (0..steps.len()).filter(move |&n| (from..=until).contains(&steps[n].at_percent))
    };
    let greater = |a: &usize, b: &usize| steps[*a].force_pct_bw.total_cmp(&steps[*b].force_pct_bw);
    if !leg.is_cycle {
        return within(0.0, 100.0).max_by(greater).map(|n| named("peak", n)).into_iter().collect();
    }
    let (between, off) = (100.0 * PEAKS[1], leg.foot_off_percent.unwrap_or(100.0));
    let rises_to = |n: &usize| *n > 0 && steps[n - 1].force_pct_bw < steps[*n].force_pct_bw;
    let first = within(0.0, between).max_by(greater);
    let second = within(between, off).filter(rises_to).max_by(greater);
    let valley = first.zip(second).and_then(|(first, second)| (first..=second).min_by(greater));
    let swing = within(off, 100.0).min_by(greater);
    [("first peak", first), ("valley", valley), ("second peak", second), ("least in swing", swing)]
        .into_iter()
        .filter_map(|(name, place)| Some(named(name, place?)))
        .collect()
}

impl fmt::Display for MotionCourse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, mean of {} people (`{}`)", self.title, self.people, self.motion)?;
        if !self.caution.is_empty() {
            writeln!(f, "  caution: {}", self.caution)?;
        }
        let mut table = Table::new().indented().left("").right("force").right("SD").right("at, %").left("");
        for CourseFeature { name, at_percent, force_pct_bw, spread_pct_bw } in &self.features {
            table.row(&[
                name,
                &format_args!("{force_pct_bw:.0}"),
                &format_args!("{spread_pct_bw:.0}"),
                &format_args!("{at_percent:.0}"),
            ]);
        }
        if let Some(measured) = self.measured_pct_bw {
            table.row(&[&"measured, these people", &format_args!("{measured:.0}")]);
        }
        for force in self.published {
            let spread = force.spread_pct_bw.map(|spread| format!("{spread:.0}")).unwrap_or_default();
            let source = format!("{} people, {}", force.people, force.source);
            table.row(&[&force.what, &format_args!("{:.0}", force.force_pct_bw), &spread, &"", &source]);
        }
        writeln!(f, "{table}")?;
        let sampled = |get: &dyn Fn(&CourseStep) -> f64| -> Vec<String> {
            self.steps
                .iter()
                .filter(|step| (step.at_percent.round() as usize).is_multiple_of(PRINTED))
                .map(|step| format!("{:.0}", get(step)))
                .collect()
        };
        writeln!(f, "  at %   {}", sampled(&|step| step.at_percent).join(" "))?;
        write!(f, "  force  {}", sampled(&|step| step.force_pct_bw).join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_activity::Activity;

    fn walk() -> &'static LegMotion {
        Activity::named("walking").unwrap().activity.leg().unwrap()
    }

    /// Two humps in stance and little in swing.
    fn humps(height: f64) -> Vec<[f64; 2]> {
        let hump = |x: f64, at: f64| (-((x - at) / 0.08).powi(2)).exp();
        (0..=100)
            .map(|n| n as f64 / 100.0)
            .map(|x| [x, height * (hump(x, 0.15) + hump(x, 0.5)) + 20.0])
            .collect()
    }

    #[test]
    fn peaks_valley_and_swing_are_found_where_they_are() {
        let steps = mean_course(&[humps(200.0), humps(260.0)]);
        let found = features(walk(), &steps);
        let names: Vec<&str> = found.iter().map(|feature| feature.name).collect();
        assert_eq!(names, ["first peak", "valley", "second peak", "least in swing"]);
        assert_eq!((found[0].at_percent, found[2].at_percent), (15.0, 50.0));
        assert!((found[0].force_pct_bw - 250.0).abs() < 1.0, "{found:?}");
        // Of two people the standard deviation is their difference over the root of two.
        assert!((found[0].spread_pct_bw - 60.0 / 2f64.sqrt()).abs() < 1.0, "{found:?}");
        assert!(found[3].at_percent > 60.0 && found[3].force_pct_bw < 25.0);
    }

    #[test]
    fn a_course_that_only_falls_has_one_peak() {
        let falling: Vec<[f64; 2]> =
            (0..=100).map(|n| [f64::from(n) / 100.0, 300.0 - f64::from(n)]).collect();
        let names: Vec<&str> = features(walk(), &mean_course(&[falling])).iter().map(|f| f.name).collect();
        assert_eq!(names, ["first peak", "least in swing"]);
    }

    #[test]
    fn courses_without_people_have_no_steps() {
        assert!(mean_course(&[]).is_empty());
        assert!(features(walk(), &[]).is_empty());
    }
}
