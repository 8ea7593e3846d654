//! What a lever-out adds up on its way.

use super::body::LinerForces;
use super::lever_out_sample::{Dislocation, LeverOutSample};
use coxa_geometry::{Angle, Point};
use nalgebra::Vector3;

/// What has been done since the neck met the rim.
#[derive(Default)]
pub(super) struct Climb {
    pub(super) work_j: f64,
    pub(super) peak_n_m: f64,
    pub(super) peak_turn: Angle,
    /// Work of the head centre against all forces but the neck's, in N mm, and its largest value so far. A neck that is hit by
    /// a head already falling does not count, since the fall loses more than it.
    height: f64,
    highest: f64,
    pub(super) top: Option<Dislocation>,
}

impl Climb {
    /// One step: work of the driven turning in J, and the move in mm of a head centre on which all but the neck act with
    /// `holding` in N. True where the neck has pushed farther than ever.
    pub(super) fn step(&mut self, work_j: f64, holding: &Vector3<f64>, moved: &Vector3<f64>) -> bool {
        self.work_j += work_j;
        self.height -= holding.dot(moved);
        let highest = self.height >= self.highest;
        self.highest = self.highest.max(self.height);
        highest
    }

    /// Takes a finished sample into account for the peak.
    pub(super) fn peak(&mut self, sample: &LeverOutSample) {
        if self.top.is_some() && sample.resisting_moment_n_m > self.peak_n_m {
            (self.peak_n_m, self.peak_turn) = (sample.resisting_moment_n_m, sample.turn);
        }
    }
}

/// Sums for a sample.
#[derive(Default)]
pub(super) struct Means {
    count: f64,
    turn: f64,
    centre: Vector3<f64>,
    moment: f64,
    head: f64,
    neck: f64,
}

impl Means {
    pub(super) fn add(&mut self, turn: Angle, centre: &Vector3<f64>, moment: f64, liner: &LinerForces) {
        self.count += 1.0;
        self.turn += turn.radians();
        self.centre += centre;
        self.moment += moment;
        self.head += liner.head.norm();
        self.neck += liner.neck.norm();
    }

    /// The means since the last call; `None` if nothing was added.
    pub(super) fn take(&mut self) -> Option<LeverOutSample> {
        let sums = std::mem::take(self);
        (sums.count > 0.0).then(|| LeverOutSample {
            turn: Angle::from_radians(sums.turn / sums.count),
            head_centre: Point::from_coords((sums.centre / sums.count).into()),
            resisting_moment_n_m: sums.moment / sums.count,
            head_force_n: sums.head / sums.count,
            neck_force_n: sums.neck / sums.count,
        })
    }
}
