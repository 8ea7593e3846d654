//! Reading the leg motion of an activity, and what may be wrong with it.

use super::channel::FORCE_TRACKS;
use super::{CHANNELS, Channel, Curves, Keys, LegMotion};
use crate::curve::MonotoneTrack;
use crate::file_error::FileError;
use crate::mark::Mark;
use serde::Deserialize;
use std::collections::BTreeMap;

/// More keys than any measured course has.
const MOST_KEYS: usize = 1001;

/// The table `leg` of an activity's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegText {
    #[serde(default)]
    is_planted: bool,
    duration_s: f64,
    duration_spread_s: f64,
    foot_off_percent: Option<f64>,
    seat_percent: Option<[f64; 2]>,
    #[serde(default)]
    advance_leg_lengths: f64,
    #[serde(default)]
    rise_leg_lengths: f64,
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

impl LegText {
    /// Checked, with angles in radians.
    pub(crate) fn motion(self, is_cycle: bool) -> Result<LegMotion, FileError> {
        within("duration_s", self.duration_s, 0.05..=600.0, "between 0.05 and 600 seconds")?;
        within(
            "duration_spread_s",
            self.duration_spread_s,
            0.0..=self.duration_s / 2.0,
            "at most half the duration",
        )?;
        within(
            "advance_leg_lengths",
            self.advance_leg_lengths,
            -20.0..=20.0,
            "between -20 and 20 leg lengths",
        )?;
        within("rise_leg_lengths", self.rise_leg_lengths, -20.0..=20.0, "between -20 and 20 leg lengths")?;
        for percent in self.foot_off_percent.iter().chain(self.seat_percent.iter().flatten()) {
            within("foot_off_percent or seat_percent", *percent, 0.0..=100.0, "between 0 and 100")?;
        }
        let mut tracks = self.tracks;
        let joints = joints(&mut tracks, is_cycle, self.is_planted)?;
        let forces = forces(&mut tracks, is_cycle)?;
        if let Some(name) = tracks.into_keys().next() {
            return Err(FileError::UnknownTrack { name });
        }
        let curves = Curves {
            joints: [const { None }; CHANNELS],
            forces: std::array::from_fn(|_| MonotoneTrack::new(Vec::new(), false)),
        };
        let motion = LegMotion {
            is_cycle,
            is_planted: self.is_planted,
            duration_s: self.duration_s,
            duration_spread_s: self.duration_spread_s,
            foot_off_percent: self.foot_off_percent,
            seat_percent: self.seat_percent,
            advance_leg_lengths: self.advance_leg_lengths,
            rise_leg_lengths: self.rise_leg_lengths,
            joints,
            forces,
            curves,
        };
        Ok(motion.assembled())
    }
}

type Tracks = BTreeMap<String, TrackText>;

fn joints(
    tracks: &mut Tracks,
    is_cycle: bool,
    is_planted: bool,
) -> Result<[Option<Keys>; CHANNELS], FileError> {
    let mut joints = [const { None }; CHANNELS];
    for channel in Channel::ALL {
        let scale = if channel.is_angle() { std::f64::consts::PI / 180.0 } else { 1.0 };
        let most = if channel.is_angle() { 180.0 } else { 1.0 };
        joints[channel as usize] = match tracks.remove(channel.track()) {
            Some(track) => Some(track.keys(channel.track(), is_cycle, most, scale)?),
            None if may_lack(channel, is_planted) => None,
            None => return Err(FileError::MissingTrack(channel.track())),
        };
    }
    Ok(joints)
}

/// A planted foot tells the ankle and where the hips are.
fn may_lack(channel: Channel, is_planted: bool) -> bool {
    match channel {
        Channel::AnkleDorsiflexion => is_planted,
        Channel::MidHipForward | Channel::MidHipUp | Channel::MidHipLateral => true,
        _ => false,
    }
}

fn forces(tracks: &mut Tracks, is_cycle: bool) -> Result<[Keys; 5], FileError> {
    let mut forces = Vec::with_capacity(FORCE_TRACKS.len());
    for name in FORCE_TRACKS {
        let track = tracks.remove(name).ok_or(FileError::MissingTrack(name))?;
        let keys = track.keys(name, is_cycle, 20.0, 1.0)?;
        if name == "ground_vertical_bw" && keys.mean.iter().any(|force| *force < 0.0) {
            return Err(FileError::Track {
                name: name.to_owned(),
                what: "has a negative force: the ground only pushes",
            });
        }
        forces.push(keys);
    }
    <[Keys; 5]>::try_from(forces).map_err(|_| FileError::MissingTrack(FORCE_TRACKS[0]))
}

fn within(
    field: &str,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    must: &'static str,
) -> Result<(), FileError> {
    // NaN is in no range.
    if range.contains(&value) {
        Ok(())
    } else {
        Err(FileError::Number { field: field.to_owned(), value, must })
    }
}

impl TrackText {
    /// Checked, and in radians where it is in degrees.
    fn keys(self, name: &str, is_cycle: bool, most: f64, scale: f64) -> Result<Keys, FileError> {
        let wrong = |what| Err(FileError::Track { name: name.to_owned(), what });
        let count = self.phase_percent.len();
        if count == 0 || count > MOST_KEYS {
            return wrong("needs between 1 and 1001 keys");
        }
        if self.mean.len() != count || !(self.spread.len() == count || self.spread.len() == 1) {
            return wrong("needs one mean per phase, and one spread per phase or a single one");
        }
        let rises = self.phase_percent.windows(2).all(|pair| pair[0] < pair[1]);
        let inside = self.phase_percent.iter().all(|phase| (0.0..=100.0).contains(phase));
        if !rises || !inside {
            return wrong("needs increasing phases between 0 and 100");
        }
        let (first, last) = (self.phase_percent[0], self.phase_percent[count - 1]);
        if first != 0.0 || (is_cycle && last >= 100.0) || (!is_cycle && last != 100.0) {
            return wrong("must begin at phase 0 and end at 100; in a cycle it must end before 100");
        }
        if !self.mean.iter().all(|value| value.abs() <= most) {
            return wrong("has a mean that is not a number or is out of range");
        }
        if !self.spread.iter().all(|value| (0.0..=most).contains(value)) {
            return wrong("has a spread that is not a number, is negative or is out of range");
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
