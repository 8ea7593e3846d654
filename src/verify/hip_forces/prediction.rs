//! Forces that a person's landmarks and weight let expect, against what was measured.

use super::frames::{bergmann_axes, isb_axes};
use super::passive::{Passive, Prepared};
use anyhow::{Result, anyhow};
use coxa_activity::LegMotion;
use coxa_geometry::STANDARD_GRAVITY;
use coxa_muscle::Skeleton;
use coxa_muscle::activity::{Names, Person};
use coxa_muscle::hip_loads::LoadedLeg;
use coxa_muscle::leg::{self, Landmarks};
use coxa_muscle::model::Model;
use coxa_muscle::optimisation::Settings;
use coxa_muscle::stance::one_leg_stance;
use nalgebra::Vector3;

/// Steps at which a motion is looked at.
const STEPS: usize = 100;
/// Parts of a stride from which on the first and the second of the two peaks of walking lie, the second until the foot leaves the ground.
pub(super) const PEAKS: [f64; 2] = [0.0, 0.3];
/// Parts of standing on one leg, from two legs to two, between which the force stays the same.
const PLATEAU: [f64; 2] = [0.4, 0.6];

/// A prediction against what was measured.
pub(super) struct Compared {
    /// Percent of body weight.
    pub(super) predicted: f64,
    pub(super) measured: f64,
    pub(super) angle_deg: f64,
}

impl Compared {
    pub(super) fn of(predicted: &Vector3<f64>, measured: &Vector3<f64>) -> Compared {
        let angle_deg = predicted.angle(measured).to_degrees();
        Compared { predicted: predicted.norm(), measured: measured.norm(), angle_deg }
    }

    pub(super) fn error(&self) -> f64 {
        (self.predicted - self.measured).abs()
    }
}

impl std::fmt::Display for Compared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let off = self.predicted - self.measured;
        let share = 100.0 * off / self.measured;
        write!(f, "{:.0} ({off:+.0}, {share:+.0} %, {:.1} deg)", self.predicted, self.angle_deg)
    }
}

/// Force on the head by the balance on one leg, percent of body weight in Bergmann's frame.
pub(super) fn by_balance(person: &Landmarks, weight_n: f64) -> Result<Vector3<f64>> {
    let stance = one_leg_stance(person, weight_n, 0.0)?;
    let turn = bergmann_axes(&person.femur)? * isb_axes(&person.femur)?.transpose();
    Ok(turn * stance.on_head_in_femur * (100.0 / weight_n))
}

/// A leg, its motion and how its muscles share: what ships, or with something changed.
pub(super) struct Variation<'a> {
    pub(super) motion: LegMotion,
    pub(super) settings: Settings,
    /// How dear the force in the joint is, over the shipped criterion.
    pub(super) joint_weight: f64,
    /// Of the generic leg, before it is made the person's.
    pub(super) change: &'a dyn Fn(&mut Model),
    /// What bears the hip beside muscles.
    pub(super) passive: &'a Passive,
}

impl Variation<'_> {
    /// What ships.
    pub(super) fn shipped(motion: &LegMotion) -> Variation<'static> {
        Variation {
            motion: motion.clone(),
            settings: Settings::default(),
            joint_weight: 1.0,
            change: &|_| {},
            passive: &Passive::Nothing,
        }
    }
}

/// The force on the head over a motion, by muscles: percent of body weight in Bergmann's frame, by the part of the motion that has passed.
pub(super) fn course(
    person: &Landmarks,
    weight_n: f64,
    varied: &Variation<'_>,
) -> Result<Vec<(f64, Vector3<f64>)>> {
    let mass_kg = weight_n / STANDARD_GRAVITY;
    let (mut generic, own) = (leg::generic().clone(), leg::generic_landmarks());
    (varied.change)(&mut generic);
    let scaled = leg::scaled(&generic, own, leg::generic_mass_kg(), person, mass_kg)?;
    let skeleton = Skeleton::new(&scaled.model)?;
    let person = Person::of_leg(&skeleton, &Names::default(), &scaled.landmarks, mass_kg)?;
    // The square of the joint's force over this weight is what the criterion adds.
    let unit_n = weight_n / varied.joint_weight.sqrt();
    let mut leg = LoadedLeg::new(&scaled.model, unit_n, varied.settings)?;
    let shares: Vec<f64> = (0..=STEPS).map(|n| n as f64 / STEPS as f64).collect();
    let (_, mut frames) = leg.driven(&varied.motion, &person, &shares)?;
    let passive = Prepared::new(varied.passive, &scaled.landmarks, leg.skeleton())?;
    passive.add_to(&mut frames, leg.skeleton());
    let instants = leg.solve(&frames);
    let turn = bergmann_axes(&scaled.landmarks.femur)? * (100.0 / weight_n);
    Ok(instants.into_iter().map(|instant| (instant.fraction, turn * instant.on_head_in_femur)).collect())
}

/// The force of the motion that ships, as the table has it.
pub(super) fn by_muscles(person: &Landmarks, weight_n: f64, motion: &LegMotion) -> Result<Vector3<f64>> {
    let course = course(person, weight_n, &Variation::shipped(motion))?;
    typical(motion, &course, 0).ok_or_else(|| anyhow!("the motion has no moment"))
}

/// What the table holds of an activity, per-subject averages of Bergmann et al. 2016 (PLoS ONE 11:e0155612): of walking the mean of both peaks, of
/// standing up the peak once the seat is left, of standing on one leg the mean of the plateau. A peak is the mean over so many steps to either side.
pub(super) fn typical(
    motion: &LegMotion,
    course: &[(f64, Vector3<f64>)],
    around: usize,
) -> Option<Vector3<f64>> {
    if motion.is_cycle {
        let [early, late] = peaks(motion, course, around)?;
        return Some((early + late) / 2.0);
    }
    if let Some([_, left]) = motion.seat_percent {
        return peak(course, left / 100.0, 1.0, around);
    }
    let [from, until] = PLATEAU;
    let within = course.iter().filter(|(part, _)| (from..=until).contains(part));
    let count = within.clone().count();
    (count > 0).then(|| within.map(|(_, force)| force).sum::<Vector3<f64>>() / count as f64)
}

/// The two peaks of a stride.
pub(super) fn peaks(
    motion: &LegMotion,
    course: &[(f64, Vector3<f64>)],
    around: usize,
) -> Option<[Vector3<f64>; 2]> {
    let ([from, between], until) = (PEAKS, motion.foot_off_percent.map_or(1.0, |percent| percent / 100.0));
    Some([peak(course, from, between, around)?, peak(course, between, until, around)?])
}

/// The greatest force between two parts of a course.
fn peak(course: &[(f64, Vector3<f64>)], from: f64, until: f64, around: usize) -> Option<Vector3<f64>> {
    let within = (0..course.len()).filter(|&n| (from..=until).contains(&course[n].0));
    let at = within.max_by(|&a, &b| course[a].1.norm().total_cmp(&course[b].1.norm()))?;
    let near = &course[at.saturating_sub(around)..(at + around + 1).min(course.len())];
    Some(near.iter().map(|(_, force)| force).sum::<Vector3<f64>>() / near.len() as f64)
}
