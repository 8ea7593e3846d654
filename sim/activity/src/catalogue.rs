//! The activities that ship, found by their names of today and of earlier versions.

use crate::activity::Activity;
use std::sync::LazyLock;

/// Files of the activities, in the order in which they are listed.
const FILES: [&str; 22] = [
    include_str!("../data/walking.toml"),
    include_str!("../data/brisk_walking.toml"),
    include_str!("../data/one_leg_stance.toml"),
    include_str!("../data/stairs_up.toml"),
    include_str!("../data/stairs_down.toml"),
    include_str!("../data/knee_bend.toml"),
    include_str!("../data/squat.toml"),
    include_str!("../data/squat_deep.toml"),
    include_str!("../data/kneel.toml"),
    include_str!("../data/stoop.toml"),
    include_str!("../data/pivot.toml"),
    include_str!("../data/chair_rise.toml"),
    include_str!("../data/sitting_down.toml"),
    include_str!("../data/chair_low.toml"),
    include_str!("../data/shoe_tying.toml"),
    include_str!("../data/shoe_tying_crossed.toml"),
    include_str!("../data/leg_crossing.toml"),
    include_str!("../data/cross_legged.toml"),
    include_str!("../data/seiza.toml"),
    include_str!("../data/bow.toml"),
    include_str!("../data/roll_in_bed.toml"),
    include_str!("../data/sleep.toml"),
];

/// A test reads them all.
static CATALOGUE: LazyLock<Vec<Activity>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| Activity::parse(text).ok()).collect());

/// Most names that an error proposes.
const MOST_PROPOSED: usize = 3;
/// Longest part of a wrong name that an error repeats.
const LONGEST_NAME: usize = 60;

/// Why an activity cannot be had by a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActivityError {
    /// No activity has or had this name.
    #[error("there is no activity `{name}`; the nearest are {}", nearest.join(", "))]
    Unknown {
        /// The name given.
        name: String,
        /// Names that are nearest to it.
        nearest: Vec<&'static str>,
    },
    /// Loads were asked of an activity whose hip angles alone are known.
    #[error(
        "only the hip angles of `{name}` are known: it can be simulated for range of motion but not for loads; loads can be simulated for {}",
        with_loads().join(", ")
    )]
    NoLoads {
        /// Its name.
        name: String,
    },
}

fn with_loads() -> Vec<&'static str> {
    let all = Activity::catalogue().iter();
    all.filter(|activity| activity.has_leg()).map(|activity| activity.name.as_str()).collect()
}

/// An activity found by a name.
#[derive(Debug, Clone)]
pub struct Named {
    /// The activity.
    pub activity: &'static Activity,
    /// The name that was given, where it is one of an earlier version.
    pub former_name: Option<String>,
}

impl Named {
    /// One line that gives the name of today, where a former one was used.
    pub fn notice(&self) -> Option<String> {
        let former = self.former_name.as_ref()?;
        Some(format!("the activity `{former}` is now called `{}`", self.activity.name))
    }
}

impl Activity {
    /// All activities, for a pelvis of [`crate::posture::PelvicTilts::default`].
    pub fn catalogue() -> &'static [Activity] {
        &CATALOGUE
    }

    /// The activity of a name, or the one that once had it. Hyphens and spaces count as underscores.
    ///
    /// # Errors
    /// [`ActivityError::Unknown`], with the nearest names.
    pub fn named(name: &str) -> Result<Named, ActivityError> {
        find(name, |_| true).ok_or_else(|| unknown(name))
    }

    /// The same among activities of which loads can be computed.
    ///
    /// # Errors
    /// [`ActivityError::Unknown`], or [`ActivityError::NoLoads`] where only its hip angles are known.
    pub fn named_with_loads(name: &str) -> Result<Named, ActivityError> {
        find(name, Activity::has_leg).ok_or_else(|| match find(name, |_| true) {
            Some(Named { activity, .. }) => ActivityError::NoLoads { name: activity.name.clone() },
            None => unknown(name),
        })
    }
}

/// Names of today count before former ones.
fn find(name: &str, is_wanted: impl Fn(&Activity) -> bool) -> Option<Named> {
    let plain = name.trim().replace(['-', ' '], "_");
    let all = || Activity::catalogue().iter().filter(|activity| is_wanted(activity));
    if let Some(activity) = all().find(|activity| activity.name == plain) {
        return Some(Named { activity, former_name: None });
    }
    let activity = all().find(|activity| activity.former_names.contains(&plain))?;
    Some(Named { activity, former_name: Some(name.trim().to_owned()) })
}

fn unknown(name: &str) -> ActivityError {
    let plain = name.trim().replace(['-', ' '], "_");
    let mut ranked: Vec<(f64, &'static str)> = Activity::catalogue()
        .iter()
        .map(|activity| {
            let names = activity.former_names.iter().chain([&activity.name]);
            let nearness = names.map(|known| strsim::jaro_winkler(known, &plain)).fold(0.0, f64::max);
            (nearness, activity.name.as_str())
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let nearest = ranked.into_iter().take(MOST_PROPOSED).map(|(_, name)| name).collect();
    ActivityError::Unknown { name: name.chars().take(LONGEST_NAME).collect(), nearest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_file_reads_and_every_name_is_given_once() {
        for text in FILES {
            if let Err(error) = Activity::parse(text) {
                panic!("{error}: {}", &text[..200]);
            }
        }
        let all = Activity::catalogue();
        let names: HashSet<_> = all.iter().map(|activity| &activity.name).collect();
        assert_eq!((names.len(), all.len()), (FILES.len(), FILES.len()));
        let former: Vec<_> = all.iter().flat_map(|activity| &activity.former_names).collect();
        assert_eq!(former.iter().collect::<HashSet<_>>().len(), former.len());
        for activity in all {
            assert_eq!(Activity::named(&activity.name).unwrap().activity.name, activity.name);
            assert_eq!(
                activity.leg().is_some(),
                Activity::named_with_loads(&activity.name).is_ok_and(|n| n.former_name.is_none())
            );
        }
    }

    #[test]
    fn former_names_give_the_activity_of_today_and_one_line() {
        for (former, name) in [("level-walking", "walking"), ("chair", "chair_rise")] {
            let found = Activity::named(former).unwrap();
            assert_eq!(found.activity.name, name);
            let line = format!("the activity `{former}` is now called `{name}`");
            assert_eq!(found.notice(), Some(line));
        }
        let spoken = Activity::named("stairs up").unwrap();
        assert_eq!((spoken.activity.name.as_str(), spoken.notice()), ("stairs_up", None));
        // What once was the squat of loads is not that of range of motion.
        assert_eq!(Activity::named("squat").unwrap().activity.name, "squat");
        assert_eq!(Activity::named_with_loads("squat").unwrap().activity.name, "knee_bend");
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_and_one_without_loads_with_those_that_have_them() {
        let error = Activity::named("stair_down").unwrap_err();
        assert!(
            matches!(&error, ActivityError::Unknown { nearest, .. } if nearest[0] == "stairs_down"),
            "{error}"
        );
        let error = Activity::named_with_loads("levelwalking").unwrap_err().to_string();
        assert!(
            error.starts_with("there is no activity `levelwalking`; the nearest are walking, "),
            "{error}"
        );
        let error = Activity::named_with_loads("shoe-tying").unwrap_err().to_string();
        assert!(error.starts_with("only the hip angles of `shoe_tying` are known"), "{error}");
        assert!(error.ends_with("loads can be simulated for walking, brisk_walking, one_leg_stance, stairs_up, stairs_down, knee_bend, chair_rise, sitting_down"), "{error}");
    }
}
