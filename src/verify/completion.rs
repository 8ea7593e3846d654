//! Suite `completion`: cut femora and pelves completed as the product does, against the whole bones, measured by the same code.
//!
//! The folder is of people (`people`), whose bones the models that ship complete; or a point-distribution model as for
//! suite `shape`, of right femora standing upright or of pelves as for suite `pelvis`: each person is left out of a model of the others.

use super::pelvis::{CUTS as PELVIC_CUTS, cut as cut_pelvis};
use super::people::people;
use super::shape::{Examples, examples};
use super::{Check, SuiteReport, interval};
use anyhow::{Context, Result, bail};
use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy, LandmarkKind};
use coxa_geometry::frame::{AnteriorPelvicPlane, Patient};
use coxa_geometry::{Mesh, Point, Quantity, Side, Vector};
use coxa_measure::{
    FemurTemplate, PELVIS_MODES, complete_femora, complete_femora_by, complete_pelvis, complete_pelvis_by,
    measure,
};
use coxa_shape::shape_model::{self, Metrics, Provenance, ShapeModel, shipped};
use nalgebra::{Matrix3, Rotation3};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// How far below the apex of the lesser trochanter, along the shaft, femora are cut, in mm.
const BELOW_MM: [f64; 4] = [0.0, 20.0, 60.0, 100.0];
/// Modes of models of all people but one, as of those that ship.
const MODES: usize = 20;
/// Shares of a normal distribution within one and two standard deviations.
const SHARES: [(f64, f64); 2] = [(1.0, 0.683), (2.0, 0.954)];
/// Version that a published population would let expect: median of 1,070 CTs by the neck's axis (Hartel et al. 2016, PLoS One
/// 11:e0149480), and what this program's definition adds to that axis in the 26 people of its model (`docs/evidence.md`).
const PRIOR_VERSION_DEG: f64 = 14.2 + 8.2;

/// An error of a completed number, with the spread that was stated and the true value where the number has one.
#[derive(Debug, Clone, Copy)]
struct Error {
    error: f64,
    spread: f64,
    truth: Option<f64>,
}

/// What came of one person: errors by quantity, and bones completed and held back by cut.
#[derive(Default)]
struct Outcome {
    errors: BTreeMap<&'static str, Vec<Error>>,
    completed: BTreeMap<String, [usize; 2]>,
}

impl Outcome {
    fn add(&mut self, what: &'static str, error: f64, spread: f64, truth: Option<f64>) {
        self.errors.entry(what).or_default().push(Error { error, spread, truth });
    }

    fn count(&mut self, cut: String, is_completed: bool) {
        self.completed.entry(cut).or_default()[usize::from(!is_completed)] += 1;
    }
}

/// Runs the suite.
///
/// # Errors
/// A folder of neither kind, or one that cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let outcomes = if folder.join("modes.npy").is_file() {
        left_out(folder)?
    } else {
        people(folder)?
            .par_iter()
            .map(|person| {
                let mut found = Outcome::default();
                for side in Side::BOTH {
                    let bones = person.surfaces.iter().filter(|(bone, _)| **bone == Bone::femur(side));
                    let femur: BoneSurfaces = bones.map(|(bone, mesh)| (*bone, mesh.clone())).collect();
                    of_femur(&femur, side, &|anatomy, cut| complete_femora(anatomy, cut, None), &mut found);
                }
                let hips = person
                    .surfaces
                    .iter()
                    .filter(|(bone, _)| Side::BOTH.iter().any(|side| **bone == Bone::hip(*side)));
                let hips = hips.map(|(bone, mesh)| (*bone, mesh.clone())).collect();
                of_pelvis(&hips, &|anatomy, cut| complete_pelvis(anatomy, cut, None), &mut found);
                found
            })
            .collect()
    };
    Ok(SuiteReport { suite: "completion", evidence: "real-reference", checks: checks(&outcomes) })
}

/// The people of a point-distribution model, each by a model of the others.
fn left_out(folder: &Path) -> Result<Vec<Outcome>> {
    let Examples { faces, shapes } = examples(folder)?;
    // By how much spreads are widened is one number of the models that ship.
    let build = |bone: &str, shapes: &[Vec<_>], metrics: Option<Metrics>| {
        let provenance = Provenance { metrics, ..Provenance::default() };
        shape_model::build(bone, faces.clone(), shapes, MODES, provenance)
            .with_context(|| format!("{}", folder.display()))
    };
    let pieces = build("bone", &shapes, None)?.pieces();
    let metrics = |model: Option<&ShapeModel>| model.and_then(|m| m.provenance.metrics.clone());
    let one = |left_out: usize| -> Result<Outcome> {
        let others: Vec<_> =
            shapes.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, s)| s.clone()).collect();
        let mesh = Mesh::<Patient> {
            vertices: shapes[left_out].iter().map(|&p| Point::from_coords(p)).collect(),
            triangles: faces.clone(),
        };
        let mut found = Outcome::default();
        match pieces.count() {
            1 => {
                let model = build("femur", &others, metrics(shipped::femur()))?;
                let Some(template) = FemurTemplate::new(&model) else {
                    bail!("{}: the mean of its shapes is no right femur standing upright", folder.display());
                };
                let complete = |anatomy: &mut HipAnatomy, cut: &BoneSurfaces| {
                    complete_femora_by(&template, anatomy, cut, None);
                };
                of_femur(&[(Bone::FemurRight, mesh)].into(), Side::Right, &complete, &mut found);
            }
            3 => {
                let model = build("pelvis", &others, metrics(shipped::pelvis()))?.extended(PELVIS_MODES);
                let hips =
                    [(Bone::HipRight, pieces.mesh(&mesh, 0)), (Bone::HipLeft, pieces.mesh(&mesh, 1))].into();
                of_pelvis(&hips, &|a, cut| complete_pelvis_by(&model, a, cut, None), &mut found);
            }
            count => bail!(
                "{} holds neither femora (one piece) nor pelves (three): its surface has {count} pieces",
                folder.display()
            ),
        }
        Ok(found)
    };
    (0..shapes.len()).into_par_iter().map(one).collect()
}

type Complete<'a> = &'a dyn Fn(&mut HipAnatomy, &BoneSurfaces);

/// Cuts a femur at every height and adds the errors of its completions; one that is not measured whole is passed over.
fn of_femur(whole: &BoneSurfaces, side: Side, complete: Complete<'_>, found: &mut Outcome) {
    let truth = measure(whole, None);
    let hip = truth.side(side);
    let lesser = truth.landmark(LandmarkKind::LesserTrochanter, side);
    let (Some(mesh), Some(lesser), Some(shaft), Some(frame), Some(length)) =
        (whole.get(&Bone::femur(side)), lesser, &hip.shaft, hip.femur_frame, length(&truth, side))
    else {
        return;
    };
    let Some(version) = truth.measurements.get(Quantity::FemoralVersion.of(side)) else { return };
    for below in BELOW_MM {
        let is_kept = |v: &u32| (mesh.vertices[*v as usize] - lesser.position_mm).dot(shaft.axis) > -below;
        let triangles = mesh.triangles.iter().filter(|t| t.iter().all(is_kept)).copied().collect();
        let cut: BoneSurfaces =
            [(Bone::femur(side), Mesh { vertices: mesh.vertices.clone(), triangles })].into();
        let mut anatomy = measure(&cut, None);
        complete(&mut anatomy, &cut);
        let completion = anatomy.side(side).completion.as_ref();
        found.count(format!("femora cut {below} mm below the lesser trochanter"), completion.is_some());
        let Some(completion) = completion else { continue };
        for (what, quantity, truth) in [
            ("version", Quantity::FemoralVersion, version.value),
            ("femur length", Quantity::FemurLength, length),
        ] {
            if let Some(m) = completion.measurements.get(quantity) {
                found.add(what, m.value - truth, m.spread, Some(truth));
            }
        }
        // About each of two axes across it, in the axes of the whole femur.
        let away = frame.inverse().apply(completion.shaft.axis - shaft.axis).coords();
        for component in [away.x, away.z] {
            found.add("shaft axis, per axis", component.to_degrees(), completion.shaft.spread_deg, None);
        }
    }
}

/// Head centre to the middle of the epicondyles.
fn length(anatomy: &HipAnatomy, side: Side) -> Option<f64> {
    let at = |kind| anatomy.landmark(kind, side).map(|l| l.position_mm);
    let middle = at(LandmarkKind::MedialEpicondyle)?.midpoint(at(LandmarkKind::LateralEpicondyle)?);
    Some(anatomy.side(side).head.as_ref()?.centre_mm.distance(middle))
}

/// Cuts a pelvis in every way and adds the errors of its completions.
fn of_pelvis(whole: &BoneSurfaces, complete: Complete<'_>, found: &mut Outcome) {
    let truth = measure(whole, None);
    let Some(plane) = truth.pelvis.anterior_plane else { return };
    let back = plane.inverse();
    for (name, without_crests, without_left) in PELVIC_CUTS {
        let cut = cut_pelvis(whole, &truth, without_crests, without_left);
        let mut anatomy = measure(&cut, None);
        complete(&mut anatomy, &cut);
        let completion = anatomy.pelvis.completion.as_ref();
        found.count(format!("pelves, {name}"), completion.is_some());
        let Some(completion) = completion else { continue };
        let axis = |x: f64, y: f64, z: f64| {
            back.apply(completion.anterior_plane.apply(Vector::<AnteriorPelvicPlane>::new(x, y, z))).coords()
        };
        let turn = Matrix3::from_columns(&[axis(1.0, 0.0, 0.0), axis(0.0, 1.0, 0.0), axis(0.0, 0.0, 1.0)]);
        let turn = Rotation3::from_matrix_unchecked(turn).scaled_axis().map(f64::to_degrees);
        found.add("pelvic tilt", turn.z, completion.tilt_spread_deg, None);
        for turn in [turn.x, turn.y] {
            found.add("other turns of the pelvis", turn, completion.turn_spread_deg, None);
        }
        for landmark in &completion.landmarks {
            let Some(whole) = truth.landmark(landmark.kind, landmark.side) else { continue };
            let away = back.apply(landmark.position_mm - whole.position_mm).coords();
            let what = match landmark.kind {
                LandmarkKind::Asis => "ASIS, per axis",
                _ => "pubic tubercle, per axis",
            };
            for component in [away.x, away.y, away.z] {
                found.add(what, component, landmark.spread_mm, None);
            }
        }
    }
}

fn checks(outcomes: &[Outcome]) -> Vec<Check> {
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (cut, [completed, held_back]) in outcomes.iter().flat_map(|o| &o.completed) {
        let sum = counts.entry(cut).or_default();
        (sum[0], sum[1]) = (sum[0] + completed, sum[1] + held_back);
    }
    let mut checks: Vec<Check> = counts
        .iter()
        .map(|(cut, [completed, held_back])| {
            Check::shown(format!("completed: {cut}"), &[*completed as f64], "")
                .with_note(format!("{held_back} held back"))
        })
        .collect();
    let mut quantities: Vec<&'static str> = outcomes.iter().flat_map(|o| o.errors.keys().copied()).collect();
    quantities.sort_unstable();
    quantities.dedup();
    for what in quantities {
        let by_person: Vec<Vec<Error>> =
            outcomes.iter().filter_map(|outcome| outcome.errors.get(what).cloned()).collect();
        checks.extend(of_quantity(what, &by_person));
    }
    checks
}

/// Errors of a quantity, and whether the shares within one and two stated standard deviations may be those of a normal distribution.
fn of_quantity(what: &'static str, by_person: &[Vec<Error>]) -> Vec<Check> {
    let all: Vec<Error> = by_person.concat();
    let count = all.len().max(1) as f64;
    let rms = |of: &dyn Fn(&Error) -> f64| (all.iter().map(|e| of(e).powi(2)).sum::<f64>() / count).sqrt();
    let bias = all.iter().map(|e| e.error).sum::<f64>() / count;
    let mut spreads: Vec<f64> = all.iter().map(|e| e.spread).collect();
    spreads.sort_by(f64::total_cmp);
    let stated = spreads.get(spreads.len() / 2).copied().unwrap_or(f64::NAN);
    let unit = if what.contains("length") || what.contains("ASIS") || what.contains("tubercle") {
        "mm"
    } else {
        "deg"
    };
    let mut note = format!(
        "{} people; root mean square {:.2}, bias {bias:.2}, stated {stated:.2} in the median; error over stated {:.2}",
        by_person.len(),
        rms(&|e| e.error),
        rms(&|e| e.error / e.spread)
    );
    let truths: Vec<f64> = all.iter().filter_map(|e| e.truth).collect();
    if !truths.is_empty() {
        let mean = truths.iter().sum::<f64>() / truths.len() as f64;
        let about = |middle: f64| {
            (truths.iter().map(|t| (t - middle).powi(2)).sum::<f64>() / truths.len() as f64).sqrt()
        };
        note = format!("{note}; about their own mean of {mean:.1} they vary by {:.2}", about(mean));
        if what == "version" {
            note = format!(
                "{note}, about a published population's {PRIOR_VERSION_DEG:.1} by {:.2}",
                about(PRIOR_VERSION_DEG)
            );
        }
    }
    let errors: Vec<f64> = all.iter().map(|e| e.error.abs()).collect();
    let mut checks = vec![Check::shown(what, &errors, unit).with_note(note)];
    for (deviations, expected) in SHARES {
        let share = |errors: &[Error]| {
            let within = errors.iter().filter(|e| e.error.abs() <= deviations * e.spread).count();
            within as f64 / errors.len().max(1) as f64
        };
        let interval = interval_of_share(by_person, share);
        // How far the interval is from the share of a normal distribution; nothing where it holds it.
        let outside = interval.map(|[low, high]| (low - expected).max(expected - high).max(0.0));
        let name = format!("{what}: share within {deviations} stated, beside {:.0} %", 100.0 * expected);
        let within = 100.0 * share(&all);
        let note = match interval {
            Some([low, high]) => format!("{within:.0} % ({:.0} to {:.0})", 100.0 * low, 100.0 * high),
            None => format!("{within:.0} %, of fewer people than an interval needs"),
        };
        checks.push(Check::at_most(name, outside.as_slice(), 0.0, "").with_note(note));
    }
    checks
}

/// The 95 % interval by person of a share. Where all or none lie within, drawing people again says nothing; there the interval is that of
/// as many people, each all within or not (Clopper and Pearson 1934, Biometrika 26:404). `None` of fewer than two people.
fn interval_of_share(by_person: &[Vec<Error>], share: impl Fn(&[Error]) -> f64) -> Option<[f64; 2]> {
    let drawn = interval::by_person(by_person, &share)?;
    let beyond = 0.025_f64.powf(1.0 / by_person.len() as f64);
    Some(match share(&by_person.concat()) {
        all if all >= 1.0 => [beyond, 1.0],
        none if none <= 0.0 => [0.0, 1.0 - beyond],
        _ => drawn,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(spread: f64) -> Vec<Vec<Error>> {
        // Errors at the quantiles of a normal distribution of standard deviation one.
        let quantiles = [0.06, 0.19, 0.32, 0.45, 0.6, 0.77, 0.95, 1.15, 1.44, 1.96];
        let of =
            |q: f64| vec![Error { error: q, spread, truth: None }, Error { error: -q, spread, truth: None }];
        quantiles.map(of).to_vec()
    }

    #[test]
    fn spreads_that_are_too_sure_or_too_wide_do_not_hold_and_honest_ones_do() {
        let holds = |spread: f64| of_quantity("version", &people(spread)).iter().all(Check::holds);
        assert!(holds(1.0));
        assert!(!holds(0.3) && !holds(8.0));
        // Of a few people all within is no proof that too many are; of many it is.
        let within = |count: usize| of_quantity("version", &vec![people(1.0)[3].clone(); count])[2].holds();
        assert!(within(8) && !within(200));
        assert!(!of_quantity("version", &people(1.0)[..1]).iter().all(Check::holds));
    }

    #[test]
    fn a_femur_is_cut_completed_and_counted() {
        let model = shipped::femur().unwrap();
        let sample = model.sample(2);
        let mesh = Mesh::<Patient> {
            vertices: sample.vertices.iter().map(|v| Point::from_coords(v.coords())).collect(),
            triangles: sample.triangles,
        };
        let whole: BoneSurfaces = [(Bone::FemurRight, mesh)].into();
        let mut found = Outcome::default();
        of_femur(&whole, Side::Right, &|a, cut| complete_femora(a, cut, None), &mut found);
        assert_eq!(found.completed.len(), BELOW_MM.len());
        assert!(found.completed.values().all(|counts| *counts == [1, 0]));
        assert_eq!(found.errors["version"].len(), BELOW_MM.len());
        assert_eq!(found.errors["shaft axis, per axis"].len(), 2 * BELOW_MM.len());
        // A femur of the model's own, of which the upper part is seen.
        assert!(found.errors["version"].iter().all(|e| e.error.abs() < 3.0 * e.spread));
        // What completes nothing is held back.
        let mut nothing = Outcome::default();
        of_femur(&whole, Side::Right, &|_, _| {}, &mut nothing);
        assert!(nothing.errors.is_empty() && nothing.completed.values().all(|counts| *counts == [0, 1]));
    }
}
