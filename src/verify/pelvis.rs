//! Suite `pelvis`: the completion of cut pelves, on the people of a point-distribution model, each left out once.
//!
//! The folder is as for suite `shape`; its surface holds right hip bone, left hip bone and sacrum, three pieces in this order, and
//! its axes are those of the patient (LPS). A model of the others completes what is left of a pelvis that was cut, and
//! landmarks and plane are held against those of the whole one, by the same landmark code.

use super::shape::{Examples, examples};
use super::{Check, SuiteReport};
use anyhow::{Context, Result, bail};
use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy, LandmarkKind};
use coxa_geometry::finding::Code;
use coxa_geometry::frame::{AnteriorPelvicPlane, Patient};
use coxa_geometry::{Mesh, Point, Side, Vector};
use coxa_measure::{PELVIS_MODES, complete_pelvis_by, measure};
use coxa_shape::shape_model::{self, Provenance, ShapeModel, metrics};
use nalgebra::{Matrix3, Rotation3};
use std::collections::BTreeSet;
use std::path::Path;

/// Modes of the models that complete, as of the one that comes with the program.
const MODES: usize = 20;
/// How far above the hip centres crests are cut off; the anterior superior iliac spines lie 60 to 90 mm above them.
const CUT_ABOVE_HIPS_MM: f64 = 40.0;
/// Errors beyond this many of the stated standard deviations are too many if they are more than this share.
const FAR: f64 = 2.0;
const FAR_SHARE: f64 = 0.1;

/// What is left of a pelvis.
pub(super) const CUTS: [(&str, bool, bool); 3] =
    [("crests off", true, false), ("left half off", false, true), ("left half and crest off", true, true)];

/// Errors of completed pelves, each with its share of the stated spread.
#[derive(Default)]
struct Errors {
    asis: Vec<(f64, f64)>,
    tubercle: Vec<(f64, f64)>,
    tilt: Vec<(f64, f64)>,
    turn: Vec<(f64, f64)>,
    /// Why some were not completed.
    not_completed: Vec<String>,
}

/// Runs the suite.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let Examples { faces, shapes } = examples(folder)?;
    let build = |shapes: &[Vec<_>], provenance| {
        shape_model::build("pelvis", faces.clone(), shapes, MODES, provenance)
            .with_context(|| format!("{}", folder.display()))
    };
    let all = build(&shapes, Provenance::default())?;
    if all.pieces().count() != 3 {
        bail!(
            "{} is no pelvis: its surface has {} pieces, not right hip bone, left hip bone and sacrum",
            folder.display(),
            all.pieces().count()
        );
    }
    // By how much spreads are widened is one number, found by leaving out too; each person's part in it is small.
    let widened = Provenance { metrics: Some(metrics::measure(&all, &shapes)?), ..Provenance::default() };
    let mut errors = CUTS.map(|_| Errors::default());
    for (left_out, shape) in shapes.iter().enumerate() {
        let others: Vec<_> =
            shapes.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, s)| s.clone()).collect();
        let model = build(&others, widened.clone())?.extended(PELVIS_MODES);
        let mesh = Mesh::<Patient> {
            vertices: shape.iter().map(|&p| Point::from_coords(p)).collect(),
            triangles: faces.clone(),
        };
        let pieces = model.pieces();
        let whole: BoneSurfaces =
            [(Bone::HipRight, pieces.mesh(&mesh, 0)), (Bone::HipLeft, pieces.mesh(&mesh, 1))].into();
        let truth = measure(&whole, None);
        for ((_, without_crests, without_left), errors) in CUTS.iter().zip(&mut errors) {
            compare(&model, &truth, &cut(&whole, &truth, *without_crests, *without_left), errors);
        }
    }
    Ok(SuiteReport { suite: "pelvis", evidence: "real-reference", checks: checks(&errors, shapes.len()) })
}

/// What is left of the hip bones.
pub(super) fn cut(
    whole: &BoneSurfaces,
    truth: &HipAnatomy,
    without_crests: bool,
    without_left: bool,
) -> BoneSurfaces {
    let heights: Vec<f64> = Side::BOTH
        .iter()
        .filter_map(|side| truth.side(*side).acetabulum.as_ref().map(|a| a.centre_mm.z()))
        .collect();
    let top = heights.iter().sum::<f64>() / heights.len().max(1) as f64 + CUT_ABOVE_HIPS_MM;
    let kept = |mesh: &Mesh<Patient>| Mesh {
        vertices: mesh.vertices.clone(),
        triangles: mesh
            .triangles
            .iter()
            .filter(|t| !without_crests || t.iter().all(|&v| mesh.vertices[v as usize].z() < top))
            .copied()
            .collect(),
    };
    whole
        .iter()
        .filter(|(bone, _)| !without_left || **bone == Bone::HipRight)
        .map(|(bone, mesh)| (*bone, kept(mesh)))
        .collect()
}

/// Completes what is left of a pelvis and adds its errors.
fn compare(model: &ShapeModel, truth: &HipAnatomy, left: &BoneSurfaces, errors: &mut Errors) {
    let mut anatomy = measure(left, None);
    complete_pelvis_by(model, &mut anatomy, left, None);
    let (Some(found), Some(plane)) = (&anatomy.pelvis.completion, truth.pelvis.anterior_plane) else {
        let missing = anatomy.missing.iter().find(|m| m.what == "completed_pelvis").map(|m| m.why.clone());
        let unlike =
            anatomy.findings.iter().find(|f| f.code == Code::PelvisNotCompleted).map(|f| f.code.to_string());
        errors.not_completed.push(missing.or(unlike).unwrap_or_else(|| "no joint".into()));
        return;
    };
    for landmark in &found.landmarks {
        let Some(whole) = truth.landmark(landmark.kind, landmark.side) else { continue };
        let away = (landmark.position_mm - whole.position_mm).norm();
        let spread = landmark.spread_mm * 3.0_f64.sqrt();
        let of_kind =
            if landmark.kind == LandmarkKind::Asis { &mut errors.asis } else { &mut errors.tubercle };
        of_kind.push((away, away / spread));
    }
    let back = plane.inverse();
    let axis = |x: f64, y: f64, z: f64| {
        back.apply(found.anterior_plane.apply(Vector::<AnteriorPelvicPlane>::new(x, y, z))).coords()
    };
    let turn = Matrix3::from_columns(&[axis(1.0, 0.0, 0.0), axis(0.0, 1.0, 0.0), axis(0.0, 0.0, 1.0)]);
    let turn = Rotation3::from_matrix_unchecked(turn).scaled_axis().map(|a| a.to_degrees().abs());
    errors.tilt.push((turn.z, turn.z / found.tilt_spread_deg));
    for away in [turn.x, turn.y] {
        errors.turn.push((away, away / found.turn_spread_deg));
    }
}

fn checks(errors: &[Errors], people: usize) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut shares = Vec::new();
    for ((cut, ..), errors) in CUTS.iter().zip(errors) {
        let completed = people - errors.not_completed.len().min(people);
        let mut note = format!("{people} people, each left out");
        for why in errors.not_completed.iter().collect::<BTreeSet<_>>() {
            let count = errors.not_completed.iter().filter(|w| *w == why).count();
            note = format!("{note}; {count} not completed: {why}");
        }
        checks.push(
            Check::shown(format!("{cut}: completed"), &[completed as f64], "people").with_note(note.clone()),
        );
        for (what, found, unit) in [
            ("ASIS", &errors.asis, "mm"),
            ("pubic tubercle", &errors.tubercle, "mm"),
            ("tilt of the plane", &errors.tilt, "deg"),
            ("its other turns", &errors.turn, "deg"),
        ] {
            if found.is_empty() {
                continue;
            }
            let sizes: Vec<f64> = found.iter().map(|(size, _)| *size).collect();
            let square = found.iter().map(|(_, z)| z * z).sum::<f64>() / found.len() as f64;
            let note = format!("{note}; root mean square {:.2} of the stated spread", square.sqrt());
            checks.push(Check::shown(format!("{cut}: {what}"), &sizes, unit).with_note(note));
            shares.extend(found.iter().map(|(_, z)| *z));
        }
    }
    // Where nothing was completed this is no number, which fails.
    let far = shares.iter().filter(|z| z.is_nan() || z.abs() > FAR).count() as f64 / shares.len() as f64;
    checks.push(
        Check::at_most("share beyond twice the stated spread", &[far], FAR_SHARE, "")
            .with_note(format!("of {} errors", shares.len())),
    );
    checks
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_shape::shape_model::shipped;

    #[test]
    fn what_is_cut_is_completed_and_compared() {
        let model = shipped::pelvis().unwrap();
        let sample = model.sample(3);
        let mesh = Mesh::<Patient> {
            vertices: sample.vertices.iter().map(|v| Point::from_coords(v.coords())).collect(),
            triangles: sample.triangles.clone(),
        };
        let pieces = model.pieces();
        let whole: BoneSurfaces =
            [(Bone::HipRight, pieces.mesh(&mesh, 0)), (Bone::HipLeft, pieces.mesh(&mesh, 1))].into();
        let truth = measure(&whole, None);
        let mut errors = Errors::default();
        compare(model, &truth, &cut(&whole, &truth, true, false), &mut errors);
        assert_eq!((errors.asis.len(), errors.tubercle.len(), errors.tilt.len()), (2, 0, 1));
        // The sample is one of the model's own, of which four tenths are gone.
        assert!(errors.asis.iter().all(|(mm, z)| *mm < 20.0 && *z < 3.0), "{:?}", errors.asis);
        assert!(errors.tilt[0].0 < 4.0, "{:?}", errors.tilt);
        // A whole pelvis has nothing to complete, and is counted so.
        compare(model, &truth, &whole, &mut errors);
        assert_eq!((errors.not_completed.len(), errors.tilt.len()), (1, 1));
    }
}
