//! Activities of daily life as tracks of hip angles, with pelvic tilt and, where it has been measured, joint force.
//!
//! The numbers stand in `tables/`, each with a mark: found in a source, derived from one, or known and still to be verified
//! against its source ([`Mark`]). They are means of groups of people; single people differ from them by ten degrees and more.
//!
//! **What is stored.** [`ActivityFrame::angles`] are those of the femur against the pelvis bone, zero in the supine functional
//! frame, as everywhere in this library. Sources give something else, and are converted:
//! - a joint angle of motion analysis, counted from upright standing: the tilt from supine to standing is taken off. Few
//!   sources name their zero; one that counts from the pelvis' own plane reads some ten degrees more than is used here;
//! - a thigh in the room: the tilt of the pelvis at that moment is taken off ([`super::posture`]).
//!
//! **Between the key frames** every angle follows a monotone cubic (`track.rs`), so none goes beyond its key values; the force
//! is a straight line between two key frames that both have one.
//!
//! **Another pelvis.** [`Activity::for_pelvis`] leaves the thigh where it is in the room and tilts the pelvis as the patient's
//! does: a stiff spine that stays upright in sitting pays for it with hip flexion.

mod tables;
mod track;

use super::posture::{PelvicTilts, Posture, joint_angles, room_angles};
use coxa_geometry::frame::{Femur, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Vector};
use serde::{Deserialize, Serialize};
use track::Track;

pub(crate) use track::Track as MonotoneTrack;

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Read in the source that the activity names, or in an abstract or restatement of it.
    Found,
    /// Computed from numbers that were found.
    Derived,
    /// Known or assumed, and to be verified.
    Unverified,
}

/// The marks of a key frame's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// Of flexion.
    pub flexion: Mark,
    /// Of adduction.
    pub adduction: Mark,
    /// Of internal rotation.
    pub internal_rotation: Mark,
    /// Of pelvic tilt.
    pub pelvic_tilt: Mark,
}

/// One moment of an activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActivityFrame {
    /// Share of the activity that has passed, from 0 to 1.
    pub share: f64,
    /// Of the femur against the pelvis bone, zero in the supine functional frame.
    pub angles: HipAngles,
    /// Posterior tilt of the pelvis from its supine position.
    pub pelvic_tilt: Angle,
    /// Force of the cup on the head in the femur's frame, in body weights; `None` where no direction has been measured.
    pub force: Option<Vector<Femur>>,
}

impl ActivityFrame {
    /// The angles that the thigh shows in the room.
    pub fn thigh_in_room(&self) -> HipAngles {
        room_angles(self.angles, self.pelvic_tilt)
    }

    /// The force of the cup on the head in the supine functional frame of the pelvis, in body weights.
    pub fn force_in_pelvis(&self) -> Option<Vector<Gravity>> {
        self.force.map(|force| Vector::from_coords(self.angles.rotation() * force.coords()))
    }
}

/// An activity of daily life.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Stable snake_case name.
    pub name: &'static str,
    /// What a person calls it.
    pub title: &'static str,
    /// The posture that it belongs to.
    pub posture: Posture,
    /// Whether it begins again where it ends; its last key frame is then the first once more.
    pub is_cycle: bool,
    /// Sources, and what each of them gave.
    pub source: &'static str,
    /// The key frames, from share 0 to share 1.
    pub frames: Vec<ActivityFrame>,
    /// The marks of the key frames' numbers, in the same order.
    pub marks: Vec<Marks>,
    /// The posture of each key frame, whose tilt another pelvis changes.
    postures: Vec<Posture>,
}

/// A name that no activity has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no activity `{name}`; choose one of {}", known.join(", "))]
pub struct UnknownActivity {
    /// The name given.
    pub name: String,
    /// The names there are.
    pub known: Vec<&'static str>,
}

impl Activity {
    /// All activities, for a pelvis of [`PelvicTilts::default`].
    pub fn catalogue() -> Vec<Activity> {
        tables::all().map(tables::Table::activity).collect()
    }

    /// One activity.
    ///
    /// # Errors
    /// [`UnknownActivity`], with the names there are.
    pub fn named(name: &str) -> Result<Activity, UnknownActivity> {
        tables::all().find(|table| table.name == name).map(tables::Table::activity).ok_or_else(|| {
            UnknownActivity { name: name.to_owned(), known: tables::all().map(|table| table.name).collect() }
        })
    }

    /// The same activity with another pelvis: the thigh goes where it goes in the room, and each key frame's tilt differs from
    /// the catalogue's by as much as the pelvis in the frame's posture does.
    #[must_use]
    pub fn for_pelvis(&self, tilts: &PelvicTilts) -> Activity {
        let mut changed = self.clone();
        for (frame, &posture) in changed.frames.iter_mut().zip(&self.postures) {
            let thigh = frame.thigh_in_room();
            frame.pelvic_tilt = frame.pelvic_tilt + tilts.in_posture(posture) - posture.pelvic_tilt();
            frame.angles = joint_angles(thigh, frame.pelvic_tilt);
        }
        changed
    }

    /// The moment at a share of the activity; before 0 and after 1 the first and the last.
    pub fn at(&self, share: f64) -> ActivityFrame {
        let track = |value: fn(&ActivityFrame) -> Angle| {
            let keys = self.frames.iter().map(|frame| (frame.share, value(frame).radians())).collect();
            Angle::from_radians(Track::new(keys, self.is_cycle).at(share))
        };
        ActivityFrame {
            share: share.clamp(0.0, 1.0),
            angles: HipAngles::new(
                track(|frame| frame.angles.flexion),
                track(|frame| frame.angles.adduction),
                track(|frame| frame.angles.internal_rotation),
            ),
            pelvic_tilt: track(|frame| frame.pelvic_tilt),
            force: self.force_at(share),
        }
    }

    /// How the pelvic tilt at a share of the activity answers to the tilt of the pelvis in standing, in sitting and on a flexed
    /// seat, each from 0 to 1, for a patient whose tilts lie near `tilts`. Hip flexion answers by as much the other way. Exact at
    /// the key frames, and between them wherever the curve does not bend with its key values; where it does, as on the way up from
    /// a chair, it is the mean answer to a change of five degrees either way, about as much as patients differ.
    pub fn tilt_answers(&self, tilts: &PelvicTilts) -> impl Fn(f64) -> [f64; 3] + use<> {
        const CHANGE_DEG: f64 = 5.0;
        let track = |tilts: PelvicTilts| {
            let frames = self.for_pelvis(&tilts).frames;
            let keys = frames.iter().map(|frame| (frame.share, frame.pelvic_tilt.degrees())).collect();
            Track::new(keys, self.is_cycle)
        };
        let changed = [-1.0, 1.0].map(|way| {
            let change = Angle::from_degrees(way * CHANGE_DEG);
            [
                track(PelvicTilts { standing: tilts.standing + change, ..*tilts }),
                track(PelvicTilts { sitting: tilts.sitting + change, ..*tilts }),
                track(PelvicTilts { flexed_seated: tilts.flexed_seated + change, ..*tilts }),
            ]
        });
        move |share| {
            let [less, more] = &changed;
            std::array::from_fn(|posture| {
                let answer = more[posture].at(share) - less[posture].at(share);
                (answer / (2.0 * CHANGE_DEG)).clamp(0.0, 1.0)
            })
        }
    }

    fn force_at(&self, share: f64) -> Option<Vector<Femur>> {
        self.frames.windows(2).find_map(|pair| match pair {
            [a, b] if a.share <= share && share <= b.share => {
                let part = (share - a.share) / (b.share - a.share);
                match (a.force, b.force) {
                    (Some(from), _) if part == 0.0 => Some(from),
                    (_, Some(to)) if part == 1.0 => Some(to),
                    (Some(from), Some(to)) => Some(from + (to - from) * part),
                    _ => None,
                }
            }
            _ => None,
        })
    }

    /// The activity in moments so close that two neighbours are no more than `step` of rotation apart, the key frames among
    /// them. A step below a hundredth of a degree is taken as that.
    pub fn sampled(&self, step: Angle) -> Vec<ActivityFrame> {
        let step = step.radians().max(Angle::from_degrees(0.01).radians());
        let mut moments = Vec::new();
        for pair in self.frames.windows(2) {
            let (from, to) = (pair[0].share, pair[1].share);
            let piece = |parts: usize| -> Vec<ActivityFrame> {
                (0..parts).map(|i| self.at(from + (to - from) * i as f64 / parts as f64)).collect()
            };
            let mut parts = 1;
            loop {
                let found = piece(parts);
                let next = found.iter().skip(1).chain(std::iter::once(&pair[1]));
                let widest = found
                    .iter()
                    .zip(next)
                    .map(|(a, b)| a.angles.angle_to(b.angles).radians())
                    .fold(0.0, f64::max);
                if widest <= step {
                    moments.extend(found);
                    break;
                }
                parts = ((parts as f64 * widest / step).ceil() as usize).max(parts + 1);
            }
        }
        moments.extend(self.frames.last());
        moments
    }
}

#[cfg(test)]
mod tests;
