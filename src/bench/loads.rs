//! Muscles and loads on one thread: lengths, moment arms, inverse dynamics, static optimisation, joint reactions. On the leg that ships also a thousand samples of
//! walking, on all cores.

use super::BenchReport;
use anyhow::{Context, Result, anyhow, bail};
use coxa_muscle::dynamics::{BodyMotion, Dynamics, State};
use coxa_muscle::model::Model;
use coxa_muscle::optimisation::{Instant, MuscleForces, Settings, StaticOptimisation};
use coxa_muscle::{Paths, Posture, Skeleton, Workspace, leg, osim};
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::{self, LoadOptions};
use coxa_planner::placement::{PlanOptions, PreparedHip};
use coxa_scenario::hip::CohortHip;
use coxa_scenario::study::Cohort;
use coxa_scenario::variable::Patient;
use coxa_synthetic::Template;
use std::f64::consts::TAU;
use std::hint::black_box;
use std::path::Path;

/// A model's file is read no further than this.
const MOST_BYTES: u64 = 1 << 28;
/// Frames of the motion, and the time from one to the next, s.
const FRAMES: usize = 200;
const STEP_S: f64 = 0.01;
/// Runs through all frames, the quickest of which counts.
const RUNS: usize = 25;
/// Each coordinate swings by this share of its range to both sides.
const SWING: f64 = 0.2;
/// Rotations of the right hip, by the names of public models.
const HIP: [&str; 3] = ["hip_flexion_r", "hip_adduction_r", "hip_rotation_r"];
/// Moment arms below this are none, m.
const NO_ARM: f64 = 1e-7;
/// Monte Carlo samples of walking, each of a virtual hip as scanned and as planned.
const SAMPLES: usize = 1000;
/// What the others take, on one core of the machines on which this was written.
const PEERS: &str = "for comparison, once measured on gait2392: OpenSim 4.6 takes 4,700 to 8,500 us for lengths and moment arms of 27 muscles, \
                     149 us for inverse dynamics, 74,000 us for static optimisation and 6,600 us for joint reactions; MuJoCo 8 us for simpler paths";

/// Measures on the leg that ships, or on a model of OpenSim.
///
/// # Errors
/// Where the model cannot be read or computed with.
pub fn run(file: Option<&Path>) -> Result<BenchReport> {
    let read;
    let model = match file {
        None => leg::generic(),
        Some(file) => {
            let size =
                std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
            if size > MOST_BYTES {
                bail!("{} has {size} bytes, more than any model", file.display());
            }
            let text =
                std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            read = osim::read(&text).map_err(|error| anyhow!("{}: {error}", file.display()))?;
            &read
        }
    };
    let mut report = measure(model)?;
    if file.is_none() {
        report.push("thousand_samples_of_walking_seconds", samples_of_walking()?);
    }
    Ok(report)
}

/// Seconds that the loads of walking take with a thousand samples, on all cores.
fn samples_of_walking() -> Result<f64> {
    let Cohort::Virtual(cohort) =
        toml::from_str("kind = \"virtual\"\ncount = 1\ndisease = \"osteoarthritis\"")?
    else {
        bail!("the cohort of the bench is virtual")
    };
    let refused = |error: coxa_planner::placement::Refusal| anyhow!("{error}");
    let hip = CohortHip::of_seed(&Template::shipped()?, &cohort, 0, &Patient::default())?;
    let prepared = PreparedHip::new(hip.planning(PlanOptions::default())).map_err(refused)?;
    let planned = prepared.place(&Catalogue::builtin()).map_err(refused)?;
    let options = LoadOptions { activities: vec!["walking".into()], samples: SAMPLES, ..Default::default() };
    let start = std::time::Instant::now();
    let found = loads::simulate(&planned, &hip.anatomy, &options, None)?;
    let seconds = start.elapsed().as_secs_f64();
    match found.activities.first() {
        Some(walking) if walking.samples > SAMPLES / 2 => Ok(seconds),
        _ => bail!("most samples of walking could not be solved; report this with `coxa --version`"),
    }
}

/// A motion that swings all coordinates that are not locked, each with a rhythm of its own.
struct Swing {
    q: Vec<Vec<f64>>,
    velocities: Vec<Vec<f64>>,
    accelerations: Vec<Vec<f64>>,
}

impl Swing {
    fn new(model: &Model, skeleton: &Skeleton) -> Swing {
        let coordinates: Vec<_> = model.joints.iter().flat_map(|joint| &joint.coordinates).collect();
        let mut swing = Swing { q: Vec::new(), velocities: Vec::new(), accelerations: Vec::new() };
        for frame in 0..FRAMES {
            let at = |n: usize, derivative: u32| {
                let [least, most] = coordinates[n].range;
                let wide =
                    if coordinates[n].is_locked { 0.0 } else { SWING * (most - least).clamp(0.0, TAU) };
                let rhythm = TAU * (0.5 + 0.13 * n as f64);
                let phase = rhythm * STEP_S * frame as f64 + f64::from(derivative) * TAU / 4.0;
                let middle = if derivative > 0 {
                    0.0
                } else if coordinates[n].is_locked {
                    coordinates[n].default_value
                } else {
                    0.5 * (least + most)
                };
                middle + wide * rhythm.powi(derivative as i32) * phase.sin()
            };
            let all = |derivative| (0..coordinates.len()).map(|n| at(n, derivative)).collect::<Vec<f64>>();
            let mut q = all(0);
            skeleton.couple(&mut q);
            swing.q.push(q);
            swing.velocities.push(all(1));
            swing.accelerations.push(all(2));
        }
        swing
    }
}

fn measure(model: &Model) -> Result<BenchReport> {
    let skeleton = Skeleton::new(model)?;
    let paths = Paths::new(model, &skeleton)?;
    let swing = Swing::new(model, &skeleton);
    let mut posture = Posture::default();
    let muscles = over_the_hip(model, &skeleton, &paths, &swing.q[0], &mut posture);
    let mut optimisation = StaticOptimisation::new(model, &skeleton, &paths, Settings::default())?;
    let workload = format!(
        "{}: {} muscles, {} of them over the right hip, {} coordinates, {FRAMES} frames, one thread; {PEERS}",
        model.name,
        optimisation.muscles(),
        muscles.len(),
        optimisation.coordinates().len(),
    );
    let mut report = BenchReport::new("loads", workload);
    let mut workspace = Workspace::default();

    let each = |work: &mut dyn FnMut(usize)| 1e6 * per_frame(work);
    report.push("place_us", each(&mut |frame| skeleton.place(&swing.q[frame], &mut posture)));
    report.push(
        "hip_lengths_us",
        each(&mut |frame| {
            skeleton.place(&swing.q[frame], &mut posture);
            paths.lengths(&muscles, &swing.q[frame], &posture, &mut workspace);
            black_box(workspace.lengths());
        }),
    );
    report.push(
        "hip_lengths_and_arms_us",
        each(&mut |frame| {
            skeleton.place(&swing.q[frame], &mut posture);
            paths.lengths_and_arms(&muscles, &skeleton, &swing.q[frame], &posture, &mut workspace);
            black_box(workspace.lengths());
        }),
    );
    let (dynamics, mut motion) = (Dynamics::new(model, &skeleton), BodyMotion::default());
    report.push(
        "inverse_dynamics_us",
        each(&mut |frame| {
            let (q, velocities, accelerations) =
                (&swing.q[frame], &swing.velocities[frame], &swing.accelerations[frame]);
            dynamics.inverse(&skeleton, &State { q, velocities, accelerations }, &[], &mut motion);
            black_box(motion.generalised_forces());
        }),
    );

    let needed = bearable_moments(&mut optimisation, &skeleton, &paths, &swing, &mut posture);
    let mut shares = MuscleForces::default();
    let mut rounds = 0;
    report.push(
        "static_optimisation_us",
        each(&mut |frame| {
            let q = &swing.q[frame];
            skeleton.place(q, &mut posture);
            let velocities = &swing.velocities[frame];
            let instant = Instant { q, velocities, posture: &posture, moments: &needed[frame] };
            optimisation.solve(&skeleton, &paths, &instant, &mut shares);
            rounds = rounds.max(shares.rounds);
        }),
    );
    report.push("static_optimisation_most_rounds", rounds as f64);
    let mut on_bodies = Vec::new();
    report.push(
        "static_optimisation_and_reaction_us",
        each(&mut |frame| {
            let (q, velocities) = (&swing.q[frame], &swing.velocities[frame]);
            skeleton.place(q, &mut posture);
            let instant = Instant { q, velocities, posture: &posture, moments: &needed[frame] };
            optimisation.solve(&skeleton, &paths, &instant, &mut shares);
            on_bodies.clear();
            optimisation.add_pulls(&paths, q, &posture, &shares.forces, &mut workspace, &mut on_bodies);
            let state = State { q, velocities, accelerations: &swing.accelerations[frame] };
            dynamics.inverse(&skeleton, &state, &on_bodies, &mut motion);
            black_box(&motion);
        }),
    );
    Ok(report)
}

/// Muscles of the right hip, where the model has one, else all.
fn over_the_hip(
    model: &Model,
    skeleton: &Skeleton,
    paths: &Paths,
    q: &[f64],
    posture: &mut Posture,
) -> Vec<usize> {
    let hip: Vec<usize> = HIP.iter().filter_map(|name| skeleton.coordinate(name)).collect();
    let mut arms = vec![0.0; skeleton.coordinates().len()];
    skeleton.place(q, posture);
    (0..model.muscles.len())
        .filter(|&muscle| {
            paths.length(muscle, skeleton, q, posture, Some(&mut arms));
            hip.is_empty() || hip.iter().any(|&n| arms[n].abs() > NO_ARM)
        })
        .collect()
}

/// Moments that muscles can bear, for each frame: those of activations that swing from a tenth to one half.
fn bearable_moments(
    optimisation: &mut StaticOptimisation,
    skeleton: &Skeleton,
    paths: &Paths,
    swing: &Swing,
    posture: &mut Posture,
) -> Vec<Vec<f64>> {
    let zeros = vec![0.0; skeleton.coordinates().len()];
    let places: Vec<usize> =
        optimisation.coordinates().iter().filter_map(|name| skeleton.coordinate(name)).collect();
    let mut needed = Vec::with_capacity(FRAMES);
    for frame in 0..FRAMES {
        let q = &swing.q[frame];
        skeleton.place(q, posture);
        let instant = Instant { q, velocities: &swing.velocities[frame], posture, moments: &zeros };
        let bearable = optimisation.bearable(skeleton, paths, &instant);
        let forces: Vec<f64> = bearable
            .iter()
            .enumerate()
            .map(|(n, force)| force * (0.3 + 0.2 * (TAU * STEP_S * frame as f64 + n as f64).sin()))
            .collect();
        let mut borne = Vec::new();
        optimisation.moments_of(skeleton, paths, q, posture, &forces, &mut borne);
        let mut moments = zeros.clone();
        for (&place, moment) in places.iter().zip(&borne) {
            moments[place] = *moment;
        }
        needed.push(moments);
    }
    needed
}

/// Least seconds for a frame over several runs through all of them: what the machine does besides only ever adds.
fn per_frame(work: &mut dyn FnMut(usize)) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let start = std::time::Instant::now();
        (0..FRAMES).for_each(&mut *work);
        least = least.min(start.elapsed().as_secs_f64() / FRAMES as f64);
    }
    least
}
