//! Reading an activity from TOML, and what may be wrong with it.

use super::channel::FORCE_TRACKS;
use super::{Activity, CHANNELS, Channel, Curves, Keys};
use crate::rom::activity::{Mark, MonotoneTrack};
use serde::Deserialize;
use std::collections::BTreeMap;

/// More keys than any measured course has.
const MOST_KEYS: usize = 1001;
/// Larger than any file of [`MOST_KEYS`] needs.
const MOST_BYTES: usize = 1 << 20;

/// Why a text is no activity.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ActivityError {
    /// Too long to be one.
    #[error("an activity has at most {MOST_BYTES} bytes, this has {0}")]
    TooLong(usize),
    /// Not TOML, or without a field it must have.
    #[error("not an activity: {0}")]
    Toml(String),
    /// Of another version.
    #[error("format {0} of activities is not known; this program reads format 1")]
    Format(u32),
    /// A number outside what it can be.
    #[error("`{field}` is {value}, it must be {must}")]
    Number {
        /// The field.
        field: String,
        /// What it is.
        value: f64,
        /// What it must be.
        must: &'static str,
    },
    /// A track that nothing is known to do with.
    #[error("the track `{name}` is not known; known are {}", known().join(", "))]
    UnknownTrack {
        /// Its name.
        name: String,
    },
    /// A track that must be there.
    #[error("the track `{0}` is missing")]
    MissingTrack(&'static str),
    /// A track whose lists do not belong together.
    #[error("the track `{name}` {what}")]
    Track {
        /// Its name.
        name: String,
        /// What is wrong.
        what: &'static str,
    },
}

fn known() -> Vec<&'static str> {
    Channel::ALL.iter().map(|channel| channel.track()).chain(FORCE_TRACKS).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    format: u32,
    name: String,
    title: String,
    is_cycle: bool,
    #[serde(default)]
    is_planted: bool,
    duration_s: f64,
    duration_spread_s: f64,
    foot_off_percent: Option<f64>,
    seat_percent: Option<[f64; 2]>,
    #[serde(default)]
    advance_share: f64,
    #[serde(default)]
    rise_share: f64,
    tracks: BTreeMap<String, TrackText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrackText {
    mark: Mark,
    source: String,
    phase_percent: Vec<f64>,
    mean: Vec<f64>,
    /// One number for all keys, or one for each.
    spread: Vec<f64>,
}

impl Activity {
    /// Reads an activity; `sim/data/motions/README.md` describes the form.
    ///
    /// # Errors
    /// [`ActivityError`], with the field or track and what must be there.
    pub fn parse(text: &str) -> Result<Activity, ActivityError> {
        if text.len() > MOST_BYTES {
            return Err(ActivityError::TooLong(text.len()));
        }
        let file: FileText = toml::from_str(text).map_err(|error| ActivityError::Toml(error.to_string()))?;
        if file.format != 1 {
            return Err(ActivityError::Format(file.format));
        }
        within("duration_s", file.duration_s, 0.05..=600.0, "between 0.05 and 600 seconds")?;
        within(
            "duration_spread_s",
            file.duration_spread_s,
            0.0..=file.duration_s / 2.0,
            "at most half the duration",
        )?;
        within("advance_share", file.advance_share, -20.0..=20.0, "within 20 leg lengths")?;
        within("rise_share", file.rise_share, -20.0..=20.0, "within 20 leg lengths")?;
        for percent in file.foot_off_percent.iter().chain(file.seat_percent.iter().flatten()) {
            within("foot_off_percent or seat_percent", *percent, 0.0..=100.0, "between 0 and 100")?;
        }
        let mut tracks = file.tracks;
        let mut joints = [const { None }; CHANNELS];
        for channel in Channel::ALL {
            let scale = if channel.is_angle() { std::f64::consts::PI / 180.0 } else { 1.0 };
            let most = if channel.is_angle() { 180.0 } else { 1.0 };
            joints[channel as usize] = match tracks.remove(channel.track()) {
                Some(track) => Some(track.keys(channel.track(), file.is_cycle, most, scale)?),
                None if Activity::may_lack(channel, file.is_planted) => None,
                None => return Err(ActivityError::MissingTrack(channel.track())),
            };
        }
        let mut forces = Vec::with_capacity(FORCE_TRACKS.len());
        for name in FORCE_TRACKS {
            let track = tracks.remove(name).ok_or(ActivityError::MissingTrack(name))?;
            let keys = track.keys(name, file.is_cycle, 20.0, 1.0)?;
            if name == "ground_vertical_bw" && keys.mean.iter().any(|force| *force < 0.0) {
                return Err(ActivityError::Track {
                    name: name.to_owned(),
                    what: "pulls: the ground only pushes",
                });
            }
            forces.push(keys);
        }
        if let Some(name) = tracks.into_keys().next() {
            return Err(ActivityError::UnknownTrack { name });
        }
        let Ok(forces) = <[Keys; 5]>::try_from(forces) else {
            return Err(ActivityError::MissingTrack(FORCE_TRACKS[0]));
        };
        let curves = Curves {
            joints: [const { None }; CHANNELS],
            forces: std::array::from_fn(|_| MonotoneTrack::new(Vec::new(), false)),
        };
        let activity = Activity {
            name: file.name,
            title: file.title,
            is_cycle: file.is_cycle,
            is_planted: file.is_planted,
            duration_s: file.duration_s,
            duration_spread_s: file.duration_spread_s,
            foot_off_percent: file.foot_off_percent,
            seat_percent: file.seat_percent,
            advance_share: file.advance_share,
            rise_share: file.rise_share,
            joints,
            forces,
            curves,
        };
        Ok(activity.assembled())
    }

    /// A planted foot tells the ankle and where the hips are.
    fn may_lack(channel: Channel, is_planted: bool) -> bool {
        match channel {
            Channel::AnkleDorsiflexion => is_planted,
            Channel::MidHipForward | Channel::MidHipUp | Channel::MidHipLateral => true,
            _ => false,
        }
    }
}

fn within(
    field: &str,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    must: &'static str,
) -> Result<(), ActivityError> {
    // NaN is in no range.
    if range.contains(&value) {
        Ok(())
    } else {
        Err(ActivityError::Number { field: field.to_owned(), value, must })
    }
}

impl TrackText {
    /// Checked, and in radians where it is in degrees.
    fn keys(self, name: &str, is_cycle: bool, most: f64, scale: f64) -> Result<Keys, ActivityError> {
        let wrong = |what| Err(ActivityError::Track { name: name.to_owned(), what });
        let count = self.phase_percent.len();
        if count == 0 || count > MOST_KEYS {
            return wrong("needs between 1 and 1001 keys");
        }
        if self.mean.len() != count || !(self.spread.len() == count || self.spread.len() == 1) {
            return wrong("needs as many means as phases, and as many spreads or a single one");
        }
        let rises = self.phase_percent.windows(2).all(|pair| pair[0] < pair[1]);
        let inside = self.phase_percent.iter().all(|phase| (0.0..=100.0).contains(phase));
        if !rises || !inside {
            return wrong("needs rising phases between 0 and 100");
        }
        let (first, last) = (self.phase_percent[0], self.phase_percent[count - 1]);
        if first != 0.0 || (is_cycle && last >= 100.0) || (!is_cycle && last != 100.0) {
            return wrong("must begin at phase 0 and end at 100, or in a cycle before it");
        }
        if !self.mean.iter().all(|value| value.abs() <= most) {
            return wrong("has a mean that is no number, or none of its unit");
        }
        if !self.spread.iter().all(|value| (0.0..=most).contains(value)) {
            return wrong("has a spread that is no number, negative, or beyond its unit");
        }
        let spread = if self.spread.len() == 1 { vec![self.spread[0]; count] } else { self.spread };
        Ok(Keys {
            phase: self.phase_percent,
            mean: self.mean.iter().map(|value| value * scale).collect(),
            spread: spread.iter().map(|value| value * scale).collect(),
            mark: self.mark,
            source: self.source,
        })
    }
}
