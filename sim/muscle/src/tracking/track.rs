//! A whole trial.

use super::error::TrackingError;
use super::goals::Goals;
use super::plausible::plausible;
use super::solver::{Miss, Solver};
use crate::files::{Course, Markers};
use crate::model::{GROUND, Model};
use crate::{Posture, Skeleton};
use coxa_geometry::{Finding, finding};
use nalgebra::Point3;
use std::collections::BTreeMap;
use std::f64::consts::{FRAC_PI_2, PI};

/// A person who walks, stands or sits is not turned by more, degrees.
const LYING_DEG: f64 = 60.0;
/// Costs that differ by less than this part are of one posture.
const SAME_COST: f64 = 1e-3;
/// A body is placed by three markers at least.
const LEAST_SEEN: usize = 3;
/// Markers are missed by less than this, m, where the model fits the person: of all, and of the worst (OpenSim's guide to inverse kinematics; Hicks et al. 2015, J Biomech Eng
/// 137:020905).
const USUAL_RMS: f64 = 0.02;
const USUAL_MOST: f64 = 0.04;

/// A trial that was followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracked {
    /// Time of each frame, s.
    pub times: Vec<f64>,
    /// Of each frame all coordinates in the order of the skeleton, radians and metres.
    pub rows: Vec<Vec<f64>>,
    /// Of each frame how far markers are missed.
    pub misses: Vec<Miss>,
    /// What is doubtful.
    pub findings: Vec<Finding>,
}

impl Tracked {
    /// Root mean square over the frames of how far markers are missed, m.
    #[must_use]
    pub fn rms(&self) -> f64 {
        (self.misses.iter().map(|miss| miss.rms * miss.rms).sum::<f64>() / self.misses.len() as f64).sqrt()
    }
}

/// Follows markers over the frames of a time; `course` has the coordinates that tasks follow. A frame that shows less than three of the markers is left out.
///
/// # Errors
/// A time without frames, frames without markers, markers that cannot be of the model.
pub fn track(
    model: &Model,
    skeleton: &Skeleton,
    goals: &Goals,
    markers: &Markers,
    time: [f64; 2],
    course: Option<&Course>,
) -> Result<Tracked, TrackingError> {
    let frames = markers.frames_within(time);
    if frames.is_empty() {
        return Err(TrackingError::NoFrames(time[0], time[1]));
    }
    let mut solver = Solver::new(skeleton, goals);
    let mut found =
        Tracked { times: Vec::new(), rows: Vec::new(), misses: Vec::new(), findings: goals.findings.clone() };
    let mut open: BTreeMap<usize, usize> = BTreeMap::new();
    let mut unsolved = 0;
    let mut q = skeleton.defaults().to_vec();
    for &frame in &frames {
        let (time, seen) = (markers.times[frame], goals.seen(&markers.places[frame]));
        if seen.iter().flatten().count() < LEAST_SEEN {
            continue;
        }
        let near = near(goals, course, time, q.len());
        if found.times.is_empty() {
            plausible(skeleton, goals, &seen)?;
            begin(model, skeleton, &mut solver, &mut q, &seen, &near);
        }
        let cost = solver.solve(&mut q, &seen, &near);
        unsolved += usize::from(!solver.is_solved(&q, cost));
        solver.undetermined().into_iter().for_each(|place| *open.entry(place).or_default() += 1);
        found.misses.push(solver.miss(&q, &seen));
        found.times.push(time);
        found.rows.push(q.clone());
    }
    if found.times.is_empty() {
        return Err(TrackingError::NothingSeen);
    }
    let left_out = frames.len() - found.times.len();
    let of = found.times.len();
    found.findings.extend(doubts(goals, &found, left_out));
    if unsolved > 0 {
        found.findings.push(finding::TrackingNotConverged { frames: unsolved, of }.finding());
    }
    if !open.is_empty() {
        let named =
            open.iter().map(|(&place, frames)| format!("{} ({frames})", skeleton.coordinates()[place]));
        let coordinates = named.collect::<Vec<_>>().join(", ");
        found.findings.push(finding::CoordinatesNotDetermined { coordinates, of }.finding());
    }
    found.findings.extend(upright(model, skeleton, &found.rows[0]));
    Ok(found)
}

/// What is made least, of one frame with coordinates as they are: half of the weighted mean square of markers, m², and of the weighted squares of coordinates. `course` has the coordinates that tasks
/// follow.
pub fn objective(
    skeleton: &Skeleton,
    goals: &Goals,
    markers: &Markers,
    frame: usize,
    course: Option<&Course>,
    q: &[f64],
) -> f64 {
    let near = near(goals, course, markers.times[frame], q.len());
    Solver::new(skeleton, goals).cost(q, &goals.seen(&markers.places[frame]), &near)
}

/// Values of the coordinates that have tasks.
fn near(goals: &Goals, course: Option<&Course>, time: f64, count: usize) -> Vec<f64> {
    let mut lists = [(); 3].map(|()| vec![0.0; count]);
    if let Some(course) = course {
        let [values, speeds, accelerations] = &mut lists;
        course.at(time, values, speeds, accelerations);
    }
    goals.coordinates.iter().map(|goal| goal.value.unwrap_or(lists[0][goal.place])).collect()
}

/// The first frame: the model may stand with its back to the way that it walks, or lie, from where the next minimum is another one. It is tried from each quarter turn of the
/// coordinates that turn it against ground.
fn begin(
    model: &Model,
    skeleton: &Skeleton,
    solver: &mut Solver<'_>,
    q: &mut Vec<f64>,
    seen: &[Option<Point3<f64>>],
    near: &[f64],
) {
    let root = model.joints.iter().filter(|joint| joint.parent == GROUND);
    let turning = root
        .flat_map(|joint| joint.coordinates.iter().filter(|c| c.motion == crate::model::Motion::Rotation));
    let places = turning.filter_map(|c| skeleton.coordinate(&c.name));
    let turning: Vec<usize> = places.filter(|place| solver.goals().free.contains(place)).collect();
    let mut best: Option<(f64, f64, Vec<f64>)> = None;
    let starts = [None]
        .into_iter()
        .chain(turning.iter().flat_map(|&place| [FRAC_PI_2, PI, -FRAC_PI_2].map(|turn| Some((place, turn)))));
    for start in starts {
        let mut own = q.clone();
        if let Some((place, turn)) = start {
            own[place] += turn;
        }
        let cost = solver.solve(&mut own, seen, near);
        // The same posture has several names in angles: that nearest to the usual one is taken.
        let away: f64 =
            own.iter().zip(skeleton.defaults()).map(|(value, usual)| (value - usual).powi(2)).sum();
        let is_better = best.as_ref().is_none_or(|(least, nearest, _)| {
            let is_same = (cost - least).abs() <= SAME_COST * least.max(cost) + f64::EPSILON;
            if is_same { away < *nearest } else { cost < *least }
        });
        if is_better {
            best = Some((cost, away, own));
        }
    }
    if let Some((.., own)) = best {
        *q = own;
    }
}

/// Whether the body that stands on ground lies in the first frame, as it does where the file's vertical axis is not the model's.
fn upright(model: &Model, skeleton: &Skeleton, q: &[f64]) -> Option<Finding> {
    let root = model.joints.iter().find(|joint| joint.parent == GROUND)?;
    let body = skeleton.body(&root.child)?;
    let up = -model.gravity.try_normalize(0.0)?;
    let mut postures = [Posture::default(), Posture::default()];
    skeleton.place(skeleton.defaults(), &mut postures[0]);
    skeleton.place(q, &mut postures[1]);
    let [usual, now] = postures.map(|posture| posture.turn(body, 0));
    let along = now * (usual.inverse() * up);
    let angle_deg = along.angle(&up).to_degrees();
    let axis = ["x", "y", "z"][along.iamax()];
    (angle_deg > LYING_DEG).then(|| finding::NotUpright { angle_deg, axis: axis.into() }.finding())
}

fn doubts(goals: &Goals, found: &Tracked, left_out: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    if left_out > 0 {
        let what = format!("{left_out} frames that show less than {LEAST_SEEN} of the markers");
        findings.push(finding::MotionLeftAside { what }.finding());
    }
    let worst =
        (0..found.misses.len()).max_by(|&a, &b| found.misses[a].most.total_cmp(&found.misses[b].most));
    if let Some(worst) = worst {
        let (miss, rms) = (found.misses[worst], found.rms());
        if rms > USUAL_RMS || miss.most > USUAL_MOST {
            let marker = goals.markers[miss.marker].name.clone();
            let (rms_mm, most_mm) = (1e3 * rms, 1e3 * miss.most);
            let time_s = found.times[worst];
            findings.push(finding::MarkersMissed { rms_mm, most_mm, marker, time_s }.finding());
        }
    }
    findings
}

/// The mean place of each marker over a time.
///
/// # Errors
/// A time without frames; one of the `followed` markers that moves by more than allowed along an axis, in the unit of the file, as OpenSim has it.
pub fn average(
    markers: &Markers,
    time: [f64; 2],
    followed: &[&str],
    most: Option<f64>,
) -> Result<Vec<Option<Point3<f64>>>, TrackingError> {
    let frames = markers.frames_within(time);
    if frames.is_empty() {
        return Err(TrackingError::NoFrames(time[0], time[1]));
    }
    let most = most.map(|most| most * markers.unit_m);
    let of = |(marker, name): (usize, &String)| {
        let places: Vec<Point3<f64>> =
            frames.iter().filter_map(|&n| markers.places[n].get(marker).copied().flatten()).collect();
        let Some(start) = places.first() else { return Ok(None) };
        let (low, high) = places.iter().fold((start.coords, start.coords), |(low, high), at| {
            (low.inf(&at.coords), high.sup(&at.coords))
        });
        let moved = (high - low).amax();
        match most.filter(|most| moved > *most && followed.contains(&name.as_str())) {
            Some(most) => {
                Err(TrackingError::Moved { marker: name.clone(), moved_mm: 1e3 * moved, most_mm: 1e3 * most })
            }
            None => {
                let sum: nalgebra::Vector3<f64> = places.iter().map(|at| at.coords).sum();
                Ok(Some(Point3::from(sum / places.len() as f64)))
            }
        }
    };
    markers.names.iter().enumerate().map(of).collect()
}
