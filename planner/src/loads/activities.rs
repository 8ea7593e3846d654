//! Activities of a patient's leg, with the hip as scanned and as planned, and how far their results are sure.

use super::LoadOptions;
use super::landmarks::direction_from_world;
use super::liner::LoadedLiner;
use super::patient::Patient;
use super::results::{ActivityLoad, BeforeAfter, JointLoad, JointPeak, MusclePeak, MuscleWork};
use super::task::{Run, Task};
use crate::percentiles::percentiles;
use crate::planned::Planned;
use coxa_activity::DEVIATES;
use coxa_geometry::Vector;
use coxa_geometry::frame::Cup;
use coxa_muscle::hip_loads::{HipInstant, HipLoadsError};
use coxa_muscle::model::{Model, PathPlace};
use coxa_muscle::optimisation::work;
use coxa_rom::stability::BearingError;
use nalgebra::{Rotation3, Vector3};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

/// Standard deviations beyond which nothing is drawn.
const FARTHEST: f64 = 3.0;

/// One activity solved for the hip as scanned and as planned.
pub(crate) struct Solved {
    pub(crate) load: ActivityLoad,
    pub(crate) before: Vec<HipInstant>,
    pub(crate) after: Vec<HipInstant>,
    /// Names of the muscles, in the order of forces, activations and lengths.
    pub(crate) muscles: Vec<String>,
    /// Why it is not known whether contact runs over the rim.
    pub(crate) no_patch: Option<BearingError>,
}

/// What all activities of a plan share.
pub(crate) struct Bench<'a> {
    pub(crate) patient: &'a Patient,
    pub(crate) liner: LoadedLiner,
    /// Axes of the cup in the pelvis of the model.
    cup: [Vector3<f64>; 3],
    options: &'a LoadOptions,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(
        patient: &'a Patient,
        planned: &Planned,
        liner: LoadedLiner,
        options: &'a LoadOptions,
    ) -> Self {
        let side = planned.plan.side;
        let axis = |y, z| side.enter(planned.pose.cup_frame.apply(Vector::<Cup>::new(0.0, y, z)));
        let (up, out) = (axis(1.0, 0.0), axis(0.0, 1.0));
        // Directions, seen as of a right hip, along each axis of the model's pelvis.
        let back = patient.scaled.pelvis.rotation.inverse();
        let pelvis = [Vector3::x(), Vector3::y(), Vector3::z()].map(|axis| direction_from_world(back * axis));
        let in_pelvis = |v: Vector<_>| Vector3::from(pelvis.map(|axis| axis.dot(v)));
        let cup = [in_pelvis(up.cross(out)), in_pelvis(up), in_pelvis(out)];
        Bench { patient, liner, cup, options }
    }

    /// A force in the model's pelvis, in the cup.
    fn in_cup(&self, force: Vector3<f64>) -> Vector<Cup> {
        let [x, y, z] = self.cup.map(|axis| axis.dot(&force));
        Vector::new(x, y, z)
    }

    /// Solves an activity.
    ///
    /// # Errors
    /// Where the leg cannot do it.
    pub(crate) fn solve(&self, task: &Task) -> Result<Solved, HipLoadsError> {
        let fractions = Task::fractions();
        let patient = self.patient;
        let run = |model: &Model| task.run(model, &patient.person, &fractions);
        let before = run(&patient.before)?.instants;
        let Run { leg, duration_s, instants: after, .. } = run(&patient.after)?;
        let muscles = leg.muscles().to_vec();
        let samples = self.samples(task, &fractions);
        let kept = samples.len();
        let asked = self.options.before_after;
        let mut joint_before = asked.then(|| self.joint(&before, false));
        let mut joint_after = self.joint(&after, true);
        let (mut edge_loading_percentiles, mut change_percentiles_pct_bw) = (None, None);
        if !samples.is_empty() {
            joint_after.spread(samples.iter().map(|sample| &sample.after));
            if let Some(joint) = &mut joint_before {
                joint.spread(samples.iter().map(|sample| &sample.before));
                let changes = samples.iter().map(|sample| sample.after.peak - sample.before.peak);
                change_percentiles_pct_bw = percentiles(changes.collect());
            }
            edge_loading_percentiles =
                percentiles(samples.iter().filter_map(|s| s.edge_loading_fraction).collect());
        }
        let on_liner = after.iter().map(|instant| self.liner.place(self.in_cup(instant.on_head_in_pelvis)));
        let edge_loading = self.edge_loading(&after);
        let muscle_loads = self.muscle_peaks(&muscles, duration_s, &before, &after);
        let load = ActivityLoad {
            name: task.name(),
            title: task.title().into(),
            source: task.source(),
            duration_s,
            samples: kept,
            is_seated: after.iter().map(|instant| instant.is_seated).collect(),
            joint: BeforeAfter { before: joint_before, after: joint_after },
            change_percentiles_pct_bw,
            on_liner: on_liner.collect(),
            rim_deg: self.liner.rim_deg(),
            edge_loading_fraction: edge_loading.as_ref().ok().copied(),
            edge_loading_percentiles,
            muscles: muscle_loads,
            fractions,
        };
        Ok(Solved { load, before, after, muscles, no_patch: edge_loading.err() })
    }

    /// Part of what is known of an activity in which the patch of contact runs over the rim; while sitting nothing is known.
    fn edge_loading(&self, instants: &[HipInstant]) -> Result<f64, BearingError> {
        let over = |i: &HipInstant| match i.is_seated {
            true => Ok(false),
            false => self.liner.is_edge_loaded(self.in_cup(i.on_head_in_pelvis)),
        };
        let over = instants.iter().map(over).collect::<Result<Vec<bool>, _>>()?;
        let (mut met, mut known) = (0.0, 0.0);
        for (pair, over) in instants.windows(2).zip(over.windows(2)) {
            let half = (pair[1].fraction - pair[0].fraction) / 2.0;
            met += half * over.iter().filter(|over| **over).count() as f64;
            known += half * pair.iter().filter(|instant| !instant.is_seated).count() as f64;
        }
        Ok(if known > 0.0 { met / known } else { 0.0 })
    }

    fn joint(&self, instants: &[HipInstant], has_cup: bool) -> JointLoad {
        // The model's pelvis stands tilted against the plane of its spines.
        let to_isb = Rotation3::from_axis_angle(&Vector3::z_axis(), self.patient.person.level_tilt_rad);
        let femur_to_isb = self.patient.femur_to_isb;
        let in_cup = instants.iter().map(|i| self.in_cup(i.on_head_in_pelvis).coords().into());
        let force_pct_bw = self.sizes(instants);
        JointLoad {
            peak: self.peak(instants),
            force_pct_bw,
            band_pct_bw: Vec::new(),
            on_head_in_pelvis_n: instants.iter().map(|i| (to_isb * i.on_head_in_pelvis).into()).collect(),
            on_head_in_cup_n: if has_cup { in_cup.collect() } else { Vec::new() },
            on_head_in_femur_n: instants.iter().map(|i| (femur_to_isb * i.on_head_in_femur).into()).collect(),
        }
    }

    fn sizes(&self, instants: &[HipInstant]) -> Vec<f64> {
        instants.iter().map(|i| 100.0 * i.on_head_in_pelvis.norm() / self.patient.mass.weight_n()).collect()
    }

    fn peak(&self, instants: &[HipInstant]) -> JointPeak {
        let standing = instants.iter().filter(|i| !i.is_seated);
        let highest = standing
            .max_by(|a, b| a.on_head_in_pelvis.norm_squared().total_cmp(&b.on_head_in_pelvis.norm_squared()));
        let (fraction, force_n) = highest.map_or((0.0, 0.0), |i| (i.fraction, i.on_head_in_pelvis.norm()));
        JointPeak {
            fraction,
            force_n,
            force_pct_bw: 100.0 * force_n / self.patient.mass.weight_n(),
            percentiles_pct_bw: None,
        }
    }

    /// Greatest force and work of each muscle that crosses the hip, strongest first.
    fn muscle_peaks(
        &self,
        names: &[String],
        duration_s: f64,
        before: &[HipInstant],
        after: &[HipInstant],
    ) -> Vec<MusclePeak> {
        let peak = |instants: &[HipInstant], n: usize| {
            let standing = instants.iter().filter(|i| !i.is_seated);
            let highest = standing.max_by(|a, b| a.forces[n].total_cmp(&b.forces[n]));
            highest.map_or((0.0, 0.0), |i| (i.forces[n], i.activations[n]))
        };
        let asked = self.options.before_after;
        let mut peaks: Vec<MusclePeak> = names
            .iter()
            .enumerate()
            .map(|(n, name)| {
                let (was, is) = (peak(before, n), peak(after, n));
                MusclePeak {
                    name: super::names::short_name(name).into(),
                    force_n: BeforeAfter { before: asked.then_some(was.0), after: is.0 },
                    activation: BeforeAfter { before: asked.then_some(was.1), after: is.1 },
                    work: Some(BeforeAfter {
                        before: asked.then(|| work_of(before, n, duration_s)),
                        after: work_of(after, n, duration_s),
                    }),
                }
            })
            .collect();
        peaks.sort_by(|a, b| b.force_n.after.total_cmp(&a.force_n.after));
        peaks
    }

    /// The activity done by patients who may be this one. Those that a leg cannot do are left out.
    fn samples(&self, task: &Task, fractions: &[f64]) -> Vec<Sample> {
        let one = |index: usize| {
            let mut normals = Normals::new(self.options.seed, index as u64);
            let varied = task.varied(&(0..DEVIATES).map(|_| normals.next()).collect::<Vec<_>>());
            let task = varied.as_ref().unwrap_or(task);
            let changes = Changes::draw(self.patient, &mut normals);
            let run = |model: &Model| -> Option<Vec<HipInstant>> {
                Some(task.run(&changes.of(model), &self.patient.person, fractions).ok()?.instants)
            };
            let after = run(&self.patient.after)?;
            let before = if self.options.before_after {
                self.curve(&run(&self.patient.before)?)
            } else {
                Curve::default()
            };
            let edge_loading_fraction = self.edge_loading(&after).ok();
            Some(Sample { before, after: self.curve(&after), edge_loading_fraction })
        };
        (0..self.options.samples).into_par_iter().filter_map(one).collect()
    }

    fn curve(&self, instants: &[HipInstant]) -> Curve {
        Curve { sizes: self.sizes(instants), peak: self.peak(instants).force_pct_bw }
    }
}

/// Work of a muscle over the moments in which forces are known.
fn work_of(instants: &[HipInstant], muscle: usize, duration_s: f64) -> MuscleWork {
    let mut sum = MuscleWork { shortening_j: 0.0, lengthening_j: 0.0 };
    for known in instants.chunk_by(|a, b| a.is_seated == b.is_seated).filter(|known| !known[0].is_seated) {
        let times: Vec<f64> = known.iter().map(|instant| instant.fraction * duration_s).collect();
        let powers: Vec<f64> = known.iter().map(|instant| instant.powers[muscle]).collect();
        let done = work(&times, &powers);
        sum.shortening_j += done.shortening;
        sum.lengthening_j += done.lengthening;
    }
    sum
}

/// One patient who may be this one.
struct Sample {
    before: Curve,
    after: Curve,
    edge_loading_fraction: Option<f64>,
}

/// Size of the joint's force in every moment, and at its peak, per cent of body weight.
#[derive(Default)]
struct Curve {
    sizes: Vec<f64>,
    peak: f64,
}

/// Standard normal numbers of one sample.
struct Normals {
    random: ChaCha8Rng,
    normal: Normal,
}

impl Normals {
    fn new(seed: u64, sample: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(sample);
        Normals { random, normal: Normal::standard() }
    }

    fn next(&mut self) -> f64 {
        let share: f64 = self.random.random();
        self.normal.inverse_cdf(share).clamp(-FARTHEST, FARTHEST)
    }
}

/// How a sample's muscles differ.
struct Changes {
    /// Factor of each muscle's strength.
    strength: Vec<f64>,
    /// Step in m of each muscle on the pelvis and on the femur.
    steps: Vec<[Vector3<f64>; 2]>,
}

impl Changes {
    fn draw(patient: &Patient, normals: &mut Normals) -> Self {
        let sd = patient.attachment_spread_mm / 1e3;
        let (mut strength, mut steps) = (Vec::new(), Vec::new());
        for own in &patient.strengths {
            strength.push((own.spread * normals.next()).exp());
            let mut step = || Vector3::from_fn(|_, _| sd * normals.next());
            steps.push([step(), step()]);
        }
        Changes { strength, steps }
    }

    fn of(&self, model: &Model) -> Model {
        let mut changed = model.clone();
        for ((muscle, factor), steps) in changed.muscles.iter_mut().zip(&self.strength).zip(&self.steps) {
            muscle.max_isometric_force *= factor;
            for point in &mut muscle.path.points {
                let step = match point.body.as_str() {
                    "pelvis" => steps[0],
                    coxa_muscle::hip_loads::FEMUR => steps[1],
                    _ => continue,
                };
                if let PathPlace::Fixed(at) | PathPlace::Conditional { at, .. } = &mut point.place {
                    *at += step;
                }
            }
        }
        changed
    }
}

impl JointLoad {
    fn spread<'c>(&mut self, curves: impl Iterator<Item = &'c Curve> + Clone) {
        let at = |n: usize| {
            let [low, _, high] = percentiles(curves.clone().map(|curve| curve.sizes[n]).collect())?;
            Some([low, high])
        };
        self.band_pct_bw = (0..self.force_pct_bw.len()).filter_map(at).collect();
        self.peak.percentiles_pct_bw = percentiles(curves.clone().map(|curve| curve.peak).collect());
    }
}
