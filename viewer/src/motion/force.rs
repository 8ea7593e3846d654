//! The force in a planned joint over an activity, on the patient.

use coxa_geometry::frame::{Cup, Patient};
use coxa_geometry::{Point, Vector};
use coxa_planner::Planned;
use coxa_planner::loads::ActivityLoad;

/// A force at one time step.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Instant {
    share: f64,
    on_head_n: Vector<Patient>,
    pct_bw: f64,
    band_pct_bw: Option<[f64; 2]>,
    to_rim_deg: Option<f64>,
    is_seated: bool,
}

/// The force of the cup on the head over an activity.
#[derive(Debug, Clone, PartialEq)]
pub struct JointForce {
    centre_mm: Point<Patient>,
    head_radius_mm: f64,
    instants: Vec<Instant>,
    peak_n: f64,
}

/// A force at one time step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForceNow {
    /// Of the cup on the head, in newtons.
    pub on_head_n: Vector<Patient>,
    /// Its size in per cent of body weight.
    pub pct_bw: f64,
    /// 5th and 95th percentile of that, where samples were computed.
    pub band_pct_bw: Option<[f64; 2]>,
    /// Angle from where it meets the liner to the rim; `None` where nothing presses.
    pub to_rim_deg: Option<f64>,
    /// Where it comes through the bearing; `None` where nothing presses.
    pub on_liner_mm: Option<Point<Patient>>,
}

impl JointForce {
    /// Of an activity of a plan.
    pub fn new(planned: &Planned, activity: &ActivityLoad) -> Self {
        let side = planned.plan.side;
        // Loads are of right hips: the cup's Y and Z keep their meaning when a left one is mirrored, X is made anew.
        let axis = |y, z| side.enter(planned.pose.cup_frame.apply(Vector::<Cup>::new(0.0, y, z)));
        let (up, out) = (axis(1.0, 0.0), axis(0.0, 1.0));
        let forward = up.cross(out);
        let joint = &activity.joint.after;
        let instant = |(n, share): (usize, &f64)| {
            let [x, y, z] = *joint.on_head_in_cup_n.get(n)?;
            let liner = activity.on_liner.get(n).copied().flatten();
            Some(Instant {
                share: *share,
                on_head_n: side.leave(forward * x + up * y + out * z),
                pct_bw: *joint.force_pct_bw.get(n)?,
                band_pct_bw: joint.band_pct_bw.get(n).copied(),
                to_rim_deg: liner.map(|place| place.to_rim_deg),
                is_seated: activity.is_seated.get(n).copied().unwrap_or(false),
            })
        };
        JointForce {
            centre_mm: planned.pose.hip_centre,
            head_radius_mm: planned.plan.head.diameter_mm / 2.0,
            instants: activity.fractions.iter().enumerate().filter_map(instant).collect(),
            peak_n: joint.peak.force_n,
        }
    }

    /// Greatest size of the force over the activity, as far as it is known.
    pub fn peak_n(&self) -> f64 {
        self.peak_n
    }

    /// The force at a part of the activity; `None` while a seat bears weight too, of which nothing is known.
    pub fn at(&self, share: f64) -> Option<ForceNow> {
        let next = self.instants.partition_point(|instant| instant.share <= share);
        let next = next.min(self.instants.len().checked_sub(1)?);
        let (a, b) = (self.instants[next.saturating_sub(1)], self.instants[next]);
        let step = b.share - a.share;
        let t = if step > 0.0 { ((share - a.share) / step).clamp(0.0, 1.0) } else { 0.0 };
        if if t < 0.5 { a.is_seated } else { b.is_seated } {
            return None;
        }
        let mix = |a: f64, b: f64| a + (b - a) * t;
        let on_head_n = a.on_head_n * (1.0 - t) + b.on_head_n * t;
        let bands = a.band_pct_bw.zip(b.band_pct_bw);
        Some(ForceNow {
            on_head_n,
            pct_bw: mix(a.pct_bw, b.pct_bw),
            band_pct_bw: bands.map(|(a, b)| [mix(a[0], b[0]), mix(a[1], b[1])]),
            to_rim_deg: a.to_rim_deg.zip(b.to_rim_deg).map(|(a, b)| mix(a, b)),
            on_liner_mm: self.on_liner(on_head_n),
        })
    }

    /// Where the force goes on the bearing, in runs that a seat or a joint without load interrupts.
    pub fn trace(&self) -> Vec<Vec<Point<Patient>>> {
        let mut runs = vec![Vec::new()];
        for instant in &self.instants {
            let place = self.on_liner(instant.on_head_n).filter(|_| !instant.is_seated);
            match (place, runs.last_mut()) {
                (Some(place), Some(run)) => run.push(place),
                _ => runs.push(Vec::new()),
            }
        }
        runs.retain(|run| run.len() > 1);
        runs
    }

    /// Where a force of the cup on the head comes through the bearing: it points from there to the centre.
    fn on_liner(&self, on_head_n: Vector<Patient>) -> Option<Point<Patient>> {
        Some(self.centre_mm - on_head_n.normalised()? * self.head_radius_mm)
    }
}
