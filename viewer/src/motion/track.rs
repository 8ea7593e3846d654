//! One thing that can be played, from its start to its end.

use anyhow::{Result, bail};
use coxa_geometry::frame::Patient;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Point, Vector};
use coxa_planner::loads::LegFrame;
use coxa_planner::report::motion_in_words;
use coxa_planner::simulate::{ActivityResult, AfterContact, ContactPair, Holding, MotionLimit};
use coxa_rom::Motion;
use nalgebra::UnitQuaternion;

/// How far a motion can be followed beyond what stops it or is required of it.
const BEYOND_DEG: f64 = 25.0;
/// Speed at which a motion is played.
const DEGREES_PER_S: f64 = 30.0;
/// An activity whose duration is not known takes so long.
const ACTIVITY_S: f64 = 4.0;

/// What kind of thing is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrackKind {
    /// One hip angle changes until something meets.
    Motion,
    /// An activity of daily life, by its extremes.
    Activity,
    /// An activity with the force in the joint.
    Load,
    /// A motion carried on past contact.
    LeverOut,
}

impl TrackKind {
    /// What a list is headed with.
    pub const fn title(self) -> &'static str {
        match self {
            TrackKind::Motion => "Motions",
            TrackKind::Activity => "Activities",
            TrackKind::Load => "Activities with forces",
            TrackKind::LeverOut => "Past contact (lever-out)",
        }
    }
}

/// Where something first meets on a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// Part of the way, 0 to 1.
    pub at: f64,
    /// What meets.
    pub cause: ContactPair,
    /// Where, in the patient, pelvis as scanned.
    pub place_mm: Option<Point<Patient>>,
    /// Whether it is the stem, where it stands bare only because the femur is cut off in the scan.
    pub is_bare_stem: bool,
}

/// A place on a track worth a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Part of the way, 0 to 1.
    pub at: f64,
    /// What is there.
    pub words: String,
}

/// Where a leg is in one frame of a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MotionFrame {
    /// Hip, of the femur against the pelvis as it lay supine, and knee.
    pub leg: LegFrame,
    /// Where the head centre has gone from where it was at the start of a lever-out.
    pub head_shift_mm: Vector<Patient>,
}

/// Something that can be played.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Its name in scripts: that in results.
    pub name: String,
    /// What a person calls it.
    pub title: String,
    /// What it is.
    pub kind: TrackKind,
    /// Where its numbers come from; empty where that is the simulation alone.
    pub source: String,
    /// How long it takes.
    pub duration_s: f64,
    /// Whether it begins again where it ends.
    pub is_cycle: bool,
    /// Parts of the way in which something is in contact.
    pub blocked: Vec<[f64; 2]>,
    /// First contact.
    pub stop: Option<Stop>,
    /// What else is worth a mark.
    pub marks: Vec<Mark>,
    /// From where on the head has left the liner, of a lever-out in which it does.
    pub out_at: Option<f64>,
    course: Course,
}

#[derive(Debug, Clone, PartialEq)]
enum Course {
    /// A turn; the way is the motion's range.
    Turn(Motion),
    /// Positions at parts of the way, ascending.
    Frames(Vec<(f64, LegFrame)>),
    /// A turn with the head centre at parts of the way.
    LeverOut { motion: Motion, shifts: Vec<(f64, Vector<Patient>)> },
}

impl Track {
    /// A motion, as far as it is worth being looked at.
    pub fn of_limit(limit: &MotionLimit) -> Track {
        let whole = limit.motion.range.degrees();
        let reached = limit.limit_deg.map(|angle| angle.degrees().max(0.0));
        let required = limit.required_deg.map(Angle::degrees);
        let most = reached.into_iter().chain(required).reduce(f64::max).map_or(whole, |far| far + BEYOND_DEG);
        let range_deg = most.min(whole).max(1.0);
        let motion = Motion { range: Angle::from_degrees(range_deg), ..limit.motion.clone() };
        let stop = reached.zip(limit.cause).map(|(reached, cause)| Stop {
            at: (reached / range_deg).clamp(0.0, 1.0),
            cause,
            place_mm: limit.place_mm,
            is_bare_stem: limit.is_bare_stem,
        });
        let required = required.filter(|required| *required <= range_deg);
        let marks = required.map(|required| Mark {
            at: required / range_deg,
            words: format!("{required:.0}\u{b0} required"),
        });
        Track {
            name: limit.motion.name.clone(),
            title: motion_in_words(&limit.motion.name),
            kind: TrackKind::Motion,
            source: limit.required_source.clone().unwrap_or_default(),
            duration_s: range_deg / DEGREES_PER_S,
            is_cycle: false,
            blocked: stop.iter().map(|stop| [stop.at, 1.0]).collect(),
            stop,
            marks: marks.into_iter().collect(),
            out_at: None,
            course: Course::Turn(motion),
        }
    }

    /// An activity of daily life; `None` of one without frames.
    pub fn of_activity(result: &ActivityResult) -> Option<Track> {
        let frames: Vec<(f64, LegFrame)> = result
            .time_steps
            .iter()
            .map(|step| (step.fraction, LegFrame { hip: step.angles, knee_rad: 0.0 }))
            .collect();
        let first = frames.first()?.0;
        let met = result.time_steps.iter().map(|step| (step.fraction, step.contact.is_some()));
        // The place of the deepest contact, where that is the first.
        let place = result.closest.filter(|closest| {
            result
                .first_contact
                .is_some_and(|first| (first.cause, first.fraction) == (closest.pair, closest.fraction))
        });
        let place = place.map(|closest| closest.place_mm);
        let stop = result.first_contact.map(|contact| Stop {
            at: contact.fraction,
            cause: contact.cause,
            place_mm: place,
            is_bare_stem: contact.is_bare_stem,
        });
        let nearest = result.closest.filter(|closest| closest.clearance_mm > 0.0);
        let marks = nearest.map(|closest| Mark {
            at: closest.fraction,
            words: format!("nearest: {}, {:.1} mm", closest.pair, closest.clearance_mm),
        });
        Some(Track {
            name: result.name.clone(),
            title: result.title.clone(),
            kind: TrackKind::Activity,
            source: result.source.clone(),
            duration_s: ACTIVITY_S,
            is_cycle: is_alike(frames[0].1.hip, frames[frames.len() - 1].1.hip),
            blocked: spans(first, met, stop.map(|stop| stop.at)),
            stop,
            marks: marks.into_iter().collect(),
            out_at: None,
            course: Course::Frames(frames),
        })
    }

    /// An activity that loads were computed for, by the positions of its frames; `None` without any.
    pub fn of_load(
        name: &str,
        title: &str,
        source: &str,
        duration_s: f64,
        course: Vec<(f64, LegFrame)>,
    ) -> Option<Track> {
        let (first, last) = (course.first()?.1.hip, course.last()?.1.hip);
        Some(Track {
            name: name.into(),
            title: title.into(),
            kind: TrackKind::Load,
            source: source.into(),
            duration_s: duration_s.clamp(0.2, 60.0),
            is_cycle: is_alike(first, last),
            blocked: Vec::new(),
            stop: None,
            marks: Vec::new(),
            out_at: None,
            course: Course::Frames(course),
        })
    }

    /// A motion carried on past contact; `None` where that was not simulated.
    pub fn of_lever_out(run: &AfterContact) -> Option<Track> {
        let (first, last) = (run.course.first()?, run.course.last()?);
        let range_deg = last.turn_deg.degrees();
        if !range_deg.is_finite() || range_deg <= 0.0 {
            return None;
        }
        let part = |turn: Angle| (turn.degrees() / range_deg).clamp(0.0, 1.0);
        let held = match run.holding {
            Holding::Muscles => "held by muscles",
            Holding::MusclesAndCapsule => "held by muscles and capsule",
        };
        let contact = run.neck_contact_deg.map(part);
        let stop = contact.map(|at| Stop {
            at,
            cause: ContactPair::NeckOnLiner,
            place_mm: None,
            is_bare_stem: false,
        });
        let out_at = run.dislocation_deg.map(part);
        let out = out_at.map(|at| Mark { at, words: "dislocation".into() });
        let peak = (run.peak_moment_n_m > 0.0).then(|| Mark {
            at: part(run.peak_turn_deg),
            words: format!("peak moment, {:.1} N m", run.peak_moment_n_m),
        });
        let ending = match run.holding {
            Holding::Muscles => "muscles",
            Holding::MusclesAndCapsule => "muscles_and_capsule",
        };
        let shift = |point: &coxa_planner::simulate::CoursePoint| {
            (part(point.turn_deg), point.head_centre_mm - first.head_centre_mm)
        };
        Some(Track {
            name: format!("lever_out_{}_{ending}", run.motion.name),
            title: format!("{}, {held}", motion_in_words(&run.motion.name)),
            kind: TrackKind::LeverOut,
            source: String::new(),
            duration_s: range_deg / DEGREES_PER_S,
            is_cycle: false,
            blocked: contact.map(|at| [at, 1.0]).into_iter().collect(),
            stop,
            marks: peak.into_iter().chain(out).collect(),
            out_at,
            course: Course::LeverOut {
                motion: Motion { range: Angle::from_degrees(range_deg), ..run.motion.clone() },
                shifts: run.course.iter().map(shift).collect(),
            },
        })
    }

    /// Where the leg is at a part of the way, 0 to 1.
    pub fn at(&self, part: f64) -> MotionFrame {
        let part = if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 };
        let turned = |motion: &Motion| LegFrame { hip: motion.at(motion.range * part), knee_rad: 0.0 };
        let none = Vector::new(0.0, 0.0, 0.0);
        match &self.course {
            Course::Turn(motion) => MotionFrame { leg: turned(motion), head_shift_mm: none },
            Course::Frames(frames) => {
                let (a, b, share) = around(frames, part);
                MotionFrame { leg: between(a, b, share), head_shift_mm: none }
            }
            Course::LeverOut { motion, shifts } => {
                let (a, b, share) = around(shifts, part);
                MotionFrame { leg: turned(motion), head_shift_mm: *a + (*b - *a) * share }
            }
        }
    }

    /// The part of the way at which a motion has turned so far.
    ///
    /// # Errors
    /// A turn that it does not reach, and what is no motion.
    pub fn part_of_turn(&self, turn: Angle) -> Result<f64> {
        match &self.course {
            Course::Turn(motion) | Course::LeverOut { motion, .. } => {
                let range = motion.range.degrees();
                if !(0.0..=range + 1e-9).contains(&turn.degrees()) {
                    bail!(
                        "{} runs from 0 to {range:.0} degrees and cannot be shown at {:.0}",
                        self.name,
                        turn.degrees()
                    );
                }
                Ok((turn.degrees() / range).clamp(0.0, 1.0))
            }
            Course::Frames(_) => bail!("{} is an activity: set at_fraction, not at_deg", self.name),
        }
    }

    /// Whether something is in contact at a part of the way, as far as the simulation of the whole says.
    pub fn is_blocked(&self, part: f64) -> bool {
        self.blocked.iter().any(|[from, to]| (*from..=*to).contains(&part))
    }

    /// How far along: `87°` turned, or `34 %` of an activity.
    pub fn place_in_words(&self, part: f64) -> String {
        match &self.course {
            Course::Turn(motion) | Course::LeverOut { motion, .. } => {
                format!("{:.0}\u{b0}", motion.range.degrees() * part)
            }
            Course::Frames(_) => format!("{:.0} %", 100.0 * part),
        }
    }
}

/// Whether an activity ends as it begins.
fn is_alike(first: HipAngles, last: HipAngles) -> bool {
    first.angle_to(last).degrees() < 1.0
}

/// The values at neighbouring parts of the way, and how far between them. The list is never empty.
fn around<T>(list: &[(f64, T)], part: f64) -> (&T, &T, f64) {
    let next =
        list.partition_point(|(at, _)| *at <= part).clamp(1, list.len().max(2) - 1).min(list.len() - 1);
    let (a, b) = (&list[next.saturating_sub(1)], &list[next]);
    let step = b.0 - a.0;
    let share = if step > 0.0 { ((part - a.0) / step).clamp(0.0, 1.0) } else { 0.0 };
    (&a.1, &b.1, share)
}

/// By the shortest turn, as the simulation joins frames.
fn between(a: &LegFrame, b: &LegFrame, share: f64) -> LegFrame {
    let [from, to] = [a, b].map(|frame| UnitQuaternion::from_rotation_matrix(&frame.hip.rotation()));
    let hip = match (share, from.try_slerp(&to, share, 1e-9)) {
        (0.0, _) | (_, None) => a.hip,
        (_, Some(turn)) => HipAngles::from_rotation(&turn.to_rotation_matrix()),
    };
    LegFrame { hip, knee_rad: a.knee_rad + (b.knee_rad - a.knee_rad) * share }
}

/// Spans of frames in contact; the first begins where the path between frames first meets.
fn spans(start: f64, frames: impl Iterator<Item = (f64, bool)>, first: Option<f64>) -> Vec<[f64; 2]> {
    let mut all: Vec<[f64; 2]> = Vec::new();
    let (mut before, mut is_open) = (start, false);
    for (share, is_met) in frames {
        match (is_met, is_open) {
            (true, false) => {
                let from = first.filter(|first| all.is_empty() && *first <= share).unwrap_or(before);
                all.push([from, share]);
            }
            (_, true) => {
                if let Some(last) = all.last_mut() {
                    last[1] = share;
                }
            }
            (false, false) => {}
        }
        (before, is_open) = (share, is_met);
    }
    // What meets between two frames alone.
    if let Some(first) = first.filter(|first| all.iter().all(|[from, to]| !(*from..=*to).contains(first))) {
        all.push([first, first]);
        all.sort_by(|a, b| a[0].total_cmp(&b[0]));
    }
    all
}

#[cfg(test)]
#[path = "track_tests.rs"]
mod tests;
