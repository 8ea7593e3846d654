//! One path in one posture: where it runs, how long it is, and how that changes.

use super::super::kinematics::Posture;
use super::super::model::WrapShape;
use super::super::wrap::{Detour, around, cylinder, direction};
use super::compiled::{Path, Place, Wrap};
use nalgebra::{Point3, Vector3};

/// Rounds over several surfaces, and the way in m that their touching points still go when these end.
const ROUNDS: usize = 100;
const SETTLED_M: f64 = 1e-12;
/// Conditional points count this far beyond their range, in radians or metres.
const CONDITION: f64 = 1e-5;

/// A point of a path as it runs in one posture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    pub(super) body: usize,
    pub(super) at: Point3<f64>,
    /// Its place among the points of the muscle, none of where it touches a surface.
    point: Option<usize>,
    /// The place of the surface that it touches among those of the muscle.
    pub(super) wrap: Option<usize>,
    /// Length on a surface from here to the next.
    pub(super) on_surface: Option<f64>,
}

/// Length of a path by its stops.
pub(super) fn length(stops: &[Stop]) -> f64 {
    let pairs = stops.iter().zip(stops.iter().skip(1));
    pairs.map(|(stop, next)| stop.on_surface.unwrap_or_else(|| (next.at - stop.at).norm())).sum()
}

/// The gradient of a length by the place of each of its stops.
pub(super) fn gradients(stops: &[Stop], all: &mut Vec<Vector3<f64>>) {
    all.clear();
    all.resize(stops.len(), Vector3::zeros());
    for n in 0..stops.len().saturating_sub(1) {
        if stops[n].on_surface.is_none() {
            let along = direction(&stops[n].at, &stops[n + 1].at);
            all[n] -= along;
            all[n + 1] += along;
        }
    }
}

impl Path {
    /// The points that are part of the path.
    pub(super) fn place(&self, q: &[f64], posture: &Posture, stops: &mut Vec<Stop>) {
        stops.clear();
        for (n, point) in self.points.iter().enumerate() {
            let at = match &point.place {
                Place::Fixed(at) => *at,
                Place::Conditional { at, coordinate, range: [low, high] } => {
                    let value = q[*coordinate];
                    // As OpenSim: with a little room at both ends.
                    if value < low - CONDITION || value > high + CONDITION {
                        continue;
                    }
                    *at
                }
                Place::Moving(axes) => Point3::from(std::array::from_fn::<f64, 3, _>(|axis| {
                    let (coordinate, function) = &axes[axis];
                    function.value(&[q[*coordinate]])
                })),
            };
            let at = posture.frames[point.body].point(&at);
            stops.push(Stop { body: point.body, at, point: Some(n), wrap: None, on_surface: None });
        }
    }

    /// Where the path runs.
    pub(super) fn lead(&self, q: &[f64], posture: &Posture, stops: &mut Vec<Stop>) {
        self.place(q, posture, stops);
        if let [wrap] = &self.wraps[..] {
            wrap.lead_around(0, posture, stops);
            return;
        }
        // Where a path runs around several surfaces, each moves the points at which it meets the next: one after the other is led anew
        // until these stay.
        for _ in 0..if self.wraps.is_empty() { 0 } else { ROUNDS } {
            let mut moved: f64 = 0.0;
            for (n, wrap) in self.wraps.iter().enumerate() {
                let [before, now] = wrap.lead_anew(n, posture, stops);
                moved = moved.max(match (before, now) {
                    (None, None) => 0.0,
                    (Some(before), Some(now)) => {
                        before.iter().zip(&now).map(|(one, other)| (other - one).norm()).fold(0.0, f64::max)
                    }
                    _ => f64::INFINITY,
                });
            }
            if moved < SETTLED_M {
                break;
            }
        }
    }

    /// Adds the derivative of the length by each coordinate. Where a path touches a surface its points slide without making it longer, so
    /// that they count as fixed to the surface's body.
    pub(super) fn add_slopes(
        &self,
        q: &[f64],
        posture: &Posture,
        stops: &[Stop],
        pulls: &mut Vec<Vector3<f64>>,
        slopes: &mut [f64],
    ) {
        gradients(stops, pulls);
        for (cut, (first, along)) in self.cuts.iter().enumerate() {
            // Force and moment about ground's origin of what a joint moves.
            let (mut force, mut moment) = (Vector3::zeros(), Vector3::zeros());
            for (stop, pull) in stops.iter().zip(&*pulls) {
                if along.contains(&stop.body) {
                    force += pull;
                    moment += stop.at.coords.cross(pull);
                }
            }
            for (coordinate, _) in self.levers.iter().filter(|(_, own)| *own == cut) {
                for (_, twist) in posture.motions[*coordinate].iter().filter(|(body, _)| body == first) {
                    slopes[*coordinate] += force.dot(&twist.linear) + moment.dot(&twist.angular);
                }
            }
        }
        for (stop, pull) in stops.iter().zip(&*pulls) {
            let Some(Place::Moving(axes)) = stop.point.map(|n| &self.points[n].place) else { continue };
            let turn = &posture.frames[stop.body].turn;
            for (axis, (coordinate, function)) in axes.iter().enumerate() {
                let rate = function.derivative(&[q[*coordinate]], &[0]);
                slopes[*coordinate] += pull.dot(&turn.column(axis)) * rate;
            }
        }
    }
}

impl Wrap {
    /// Takes the two touching points out of a path and puts them in where they belong now; tells where they were and are.
    pub(super) fn lead_anew(
        &self,
        own: usize,
        posture: &Posture,
        stops: &mut Vec<Stop>,
    ) -> [Option<[Point3<f64>; 2]>; 2] {
        let first = stops.iter().position(|stop| stop.wrap == Some(own));
        let before = first.map(|first| [stops[first].at, stops[first + 1].at]);
        if let Some(first) = first {
            stops.drain(first..first + 2);
        }
        [before, self.lead_around(own, posture, stops)]
    }

    /// Puts the two touching points into the straight part of a path that is made longer the least by it, and tells them.
    pub(super) fn lead_around(
        &self,
        own: usize,
        posture: &Posture,
        stops: &mut Vec<Stop>,
    ) -> Option<[Point3<f64>; 2]> {
        let frame = posture.frames[self.body].of(&self.frame);
        let local = |at: &Point3<f64>| Point3::from(frame.turn.tr_mul(&(at.coords - frame.origin)));
        // Touching points of other surfaces count by where they lie between points.
        let is_from =
            |stop: &Stop| stop.point.is_some_and(|n| self.range[0].is_none_or(|first| n + 1 >= first));
        let is_to = |stop: &Stop| stop.point.is_some_and(|n| self.range[1].is_none_or(|last| n < last));
        let start = stops.iter().position(is_from)?;
        let end = stops.iter().rposition(is_to)?;
        let mut best: Option<(usize, f64, Detour)> = None;
        for n in start..end {
            if stops[n].on_surface.is_some() {
                continue;
            }
            let (from, to) = (local(&stops[n].at), local(&stops[n + 1].at));
            let found = around(&self.shape, self.quadrant, &from, &to);
            let found = match self.shape {
                WrapShape::Cylinder { radius, length } if self.is_through_apex => {
                    found.and_then(|way| cylinder::through_apex(radius, length, &from, &to, &way))
                }
                _ => found,
            };
            if let Some(found) = found {
                let longer = found.length(&from, &to) - (to - from).norm();
                if best.is_none_or(|(_, least, _)| longer < least) {
                    best = Some((n, longer, found));
                }
            }
        }
        let (n, _, found) = best?;
        let touches = found.touches.map(|at| frame.point(&at));
        let touch = |at, on_surface| Stop { body: self.body, at, point: None, wrap: Some(own), on_surface };
        stops.insert(n + 1, touch(touches[0], Some(found.on_surface)));
        stops.insert(n + 2, touch(touches[1], None));
        Some(touches)
    }
}
