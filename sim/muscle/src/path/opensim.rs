//! Lengths as OpenSim 4.6 has them, to be compared with ours.
//!
//! Around one cylinder OpenSim's touching points lie in a plane through both ends and not where the shortest way has them: its length is
//! that of a longer way.
//!
//! Around several surfaces it is the length of no way at all. OpenSim leads the path around one surface after the other, as we do, in up
//! to eight rounds. But where a touching point is in ground it computes once for a posture, in the first round that has the point, and
//! keeps it although later rounds move the point (the place that it tells of the point in the surface's body and the one in ground then
//! differ). Its length is the sum of straight parts between these first places and of arcs of the last round.

use super::super::kinematics::Posture;
use super::compiled::Path;
use super::run::{Stop, length};
use super::{Paths, Workspace};
use nalgebra::Point3;

/// Rounds over several surfaces, and the change of a length in m between two of them at which OpenSim is content.
const ROUNDS: usize = 8;
const CONTENT_M: f64 = 5e-4;

/// Lengths as OpenSim 4.6 has them around cylinders, which are not those of the shortest ways: for comparisons with it. They have no moment
/// arms, since what OpenSim calls so is not their slope.
#[derive(Debug, Clone)]
pub struct OpenSimLengths(Paths);

impl OpenSimLengths {
    /// Of the same paths.
    pub fn new(paths: &Paths) -> OpenSimLengths {
        let mut paths = paths.clone();
        for path in paths.muscles.iter_mut().filter(|path| path.wraps.len() == 1) {
            path.wraps.iter_mut().for_each(|wrap| wrap.is_through_apex = true);
        }
        OpenSimLengths(paths)
    }

    /// See [`Paths::lengths`].
    ///
    /// # Panics
    /// As there.
    pub fn lengths(&self, muscles: &[usize], q: &[f64], posture: &Posture, workspace: &mut Workspace) {
        workspace.clear(q.len());
        for muscle in muscles {
            let length = self.0.muscles[*muscle].opensim_length(q, posture, &mut workspace.stops);
            workspace.lengths.push(length);
        }
    }
}

impl Path {
    fn opensim_length(&self, q: &[f64], posture: &Posture, stops: &mut Vec<Stop>) -> f64 {
        if self.wraps.len() < 2 {
            self.lead(q, posture, stops);
            return length(stops);
        }
        self.place(q, posture, stops);
        let mut first_places: Vec<Option<[Point3<f64>; 2]>> = vec![None; self.wraps.len()];
        let mut last = f64::INFINITY;
        for _ in 0..ROUNDS {
            for (n, wrap) in self.wraps.iter().enumerate() {
                let [_, now] = wrap.lead_anew(n, posture, stops);
                first_places[n] = first_places[n].or(now);
            }
            let now = summed(stops, &first_places);
            let is_content = (now - last).abs() < CONTENT_M;
            last = now;
            if is_content {
                break;
            }
        }
        last
    }
}

/// Straight parts between first places, and arcs as they are.
fn summed(stops: &[Stop], first_places: &[Option<[Point3<f64>; 2]>]) -> f64 {
    let at = |stop: &Stop| {
        let first = stop.wrap.and_then(|wrap| first_places[wrap]);
        first.map_or(stop.at, |[meets, leaves]| if stop.on_surface.is_some() { meets } else { leaves })
    };
    let pairs = stops.iter().zip(stops.iter().skip(1));
    pairs.map(|(stop, next)| stop.on_surface.unwrap_or_else(|| (at(next) - at(stop)).norm())).sum()
}
