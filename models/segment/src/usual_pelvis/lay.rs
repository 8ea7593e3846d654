//! The search for the pose in which the model lies on the bone of a scan.

use super::model::{Modes, Pose, Usual};
use crate::field::{Field, OUTSIDE};
use crate::heads::{Head, side_sign};
use crate::midplane::{Midplane, USUAL_HALF_MM};
use nalgebra::{Rotation3, Vector3};
use rayon::prelude::*;

/// No point counts as further from bone than this: it may belong to what the scan does not show as a surface.
const FURTHEST_MM: f64 = 8.0;
/// What a point costs that the scan does not show: about what one costs in a good pose. A point further from bone than this gains by leaving
/// the scan, one that is nearer loses. Assumption.
const UNSEEN_MM: f64 = 2.0;
/// Share of the points that the scan must show.
const LEAST_SEEN: f64 = 0.15;
/// How far pelves are tilted from the usual, and in what steps that is tried.
const MOST_TILT_DEG: i32 = 50;
const TILT_STEP_DEG: usize = 5;
/// With one head in view, how a pelvis may be turned, in steps, and by which share its size may differ.
const TURNS: i32 = 2;
const TURN_DEG: f64 = 12.0;
const SIZES: f64 = 0.1;
/// So many of the best of these are followed.
const STARTS: usize = 4;
/// Sizes of steps that are searched with, each half the one before.
const STEP_SIZES: usize = 5;
/// What a squared standard deviation of a mode costs, in mm of distance; what people differ by in size beyond the modes counts as one.
const DEVIATION_COST_MM: f64 = 0.01;
const SIZE_SD: f64 = 0.05;
/// How near a head lies to the middle of its socket, as a standard deviation; and the shell of a replaced joint, which need not lie where
/// the native socket was. Assumptions.
const SOCKET_SD_MM: f64 = 3.0;
const SHELL_SD_MM: f64 = 6.0;
/// What one such deviation squared costs in mm of distance, and how many count at most: a head further off has left its socket. Assumptions.
const SOCKET_COST_MM: f64 = 0.05;
const MOST_DEVIATIONS: f64 = 3.0;
/// A pelvis that stays further away from bone than this, on average, is not laid on it.
const MOST_AWAY_MM: f64 = 3.5;

/// What the model is laid on.
pub(super) struct Seen<'a> {
    pub(super) field: &'a Field<i16>,
    /// Distance of every voxel from the border of bone in mm.
    pub(super) away: &'a [f32],
    /// Heads that were found, not guessed.
    pub(super) heads: &'a [Head],
}

/// The pose with the least cost; `None` where the scan shows too little or no pose lies on its bone.
pub(super) fn lay(usual: &Usual, seen: &Seen<'_>, midplane: &Midplane) -> Option<Pose> {
    let upright = Pose {
        rotation: Rotation3::from_matrix_unchecked(midplane.axes().transpose()),
        middle: midplane.hips,
        scale: midplane.half_mm / usual.half_mm,
        modes: Modes::default(),
    };
    let cost = |pose: &Pose| seen.cost(usual, pose);
    let mut starts = starts(&upright, usual, seen.heads, &cost);
    starts.truncate(STARTS);
    for (least, pose) in &mut starts {
        descend(least, pose, 1.0, &cost);
    }
    let (mut least, mut pose) = starts.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let mut step = 0.5;
    for _ in 1..STEP_SIZES {
        descend(&mut least, &mut pose, step, &cost);
        step /= 2.0;
    }
    (seen.away(usual, &pose)?.0 <= MOST_AWAY_MM).then_some(pose)
}

/// Poses to begin from and their costs, best first: tilted, and with one head in view turned about it and nearer to it or further from it,
/// for then it is not known where the middle is.
fn starts(
    upright: &Pose,
    usual: &Usual,
    heads: &[Head],
    cost: &(dyn Fn(&Pose) -> Option<f64> + Sync),
) -> Vec<(f64, Pose)> {
    let turned = match heads {
        [head] => about(head, usual),
        _ => Vec::new(),
    };
    let tilts = || (-MOST_TILT_DEG..=MOST_TILT_DEG).step_by(TILT_STEP_DEG);
    let tilted = |pose: Pose| {
        tilts().map(move |degrees| {
            let tilt = Rotation3::from_axis_angle(&Vector3::x_axis(), f64::from(degrees).to_radians());
            Pose { rotation: pose.rotation * tilt, ..pose }
        })
    };
    let poses: Vec<Pose> = std::iter::once(*upright).chain(turned).flat_map(tilted).collect();
    let costs: Vec<Option<f64>> = poses.par_iter().map(cost).collect();
    let mut found: Vec<(f64, Pose)> =
        poses.into_iter().zip(costs).filter_map(|(pose, cost)| Some((cost?, pose))).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

/// Pelves of the usual size and somewhat smaller and larger ones that are turned in any way about a head.
fn about(head: &Head, usual: &Usual) -> Vec<Pose> {
    let towards = side_sign(head.side);
    let turns = || (-TURNS..=TURNS).map(|n| (f64::from(n) * TURN_DEG).to_radians());
    let looks = turns().flat_map(|yaw| turns().map(move |roll| (yaw, roll)));
    let turned = looks.map(|(yaw, roll)| {
        Rotation3::from_axis_angle(&Vector3::z_axis(), yaw)
            * Rotation3::from_axis_angle(&Vector3::y_axis(), roll)
    });
    let at = |rotation: Rotation3<f64>| {
        [-1.0, 0.0, 1.0].map(|size| {
            let scale = USUAL_HALF_MM * (1.0 + SIZES * size) / usual.half_mm;
            let middle = head.centre + rotation * Vector3::x() * (towards * scale * usual.half_mm);
            Pose { rotation, middle, scale, modes: Modes::default() }
        })
    };
    turned.flat_map(at).collect()
}

/// Steps of one number at a time for as long as any comes nearer.
fn descend(least: &mut f64, pose: &mut Pose, step: f64, cost: &(dyn Fn(&Pose) -> Option<f64> + Sync)) {
    while let Some((better, moved)) = improved(*least, pose, step, cost) {
        (*least, *pose) = (better, moved);
    }
}

/// The best step of one number, if any comes nearer.
fn improved(
    least: f64,
    pose: &Pose,
    step: f64,
    cost: &(dyn Fn(&Pose) -> Option<f64> + Sync),
) -> Option<(f64, Pose)> {
    let steps: Vec<Pose> =
        (0..Pose::NUMBERS).flat_map(|number| [step, -step].map(|by| pose.moved(number, by))).collect();
    let costs: Vec<Option<f64>> = steps.par_iter().map(cost).collect();
    let found = steps.into_iter().zip(costs).filter_map(|(pose, cost)| Some((cost?, pose)));
    found.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(cost, _)| *cost < least - 1e-3)
}

impl Seen<'_> {
    /// What a pose costs: how far it lies from bone and from the heads, and how unusual it is.
    fn cost(&self, usual: &Usual, pose: &Pose) -> Option<f64> {
        let (away, share) = self.away(usual, pose)?;
        let size = pose.scale.ln() / SIZE_SD;
        let unusual: f64 = size * size + pose.modes.iter().map(|c| c * c).sum::<f64>();
        let off: f64 = self
            .heads
            .iter()
            .map(|head| {
                let sd = if head.is_replaced { SHELL_SD_MM } else { SOCKET_SD_MM };
                let off = (pose.socket(usual, head.side) - head.centre).norm() / sd;
                off.min(MOST_DEVIATIONS).powi(2)
            })
            .sum();
        Some(away * share + UNSEEN_MM * (1.0 - share) + DEVIATION_COST_MM * unusual + SOCKET_COST_MM * off)
    }

    /// Mean distance of the model's points from the border of bone where the scan shows their places, and the share it shows.
    fn away(&self, usual: &Usual, pose: &Pose) -> Option<(f64, f64)> {
        let lattice = self.field.lattice;
        let (mut sum, mut seen) = (0.0, 0usize);
        for &v in &usual.sampled {
            let Some(cell) = lattice.nearest(pose.vertex(usual, v)) else { continue };
            let n = lattice.index(cell);
            if self.field.data[n] != OUTSIDE {
                sum += f64::from(self.away[n]).min(FURTHEST_MM);
                seen += 1;
            }
        }
        let share = seen as f64 / usual.sampled.len().max(1) as f64;
        (share > LEAST_SEEN).then(|| (sum / seen as f64, share))
    }
}
