//! A cut pelvis completed by the shipped shape model: the anterior pelvic plane where its landmarks are not in the scan.
//!
//! The model is fitted to what is seen of the hip bones. Samples of the posterior go through the landmark code of patients;
//! landmarks that were measured keep their place and their spread, and what the samples scatter is the spread of the plane.

use super::complete::{NotCompleted, root_mean_square, sampled, without_metal};
use super::prepared::is_at_image_edge;
use super::record::InPatient;
use coxa_anatomy::PelvisCompletion;
use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy, Landmark, LandmarkKind, Missing};
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{AnteriorPelvicPlane, Patient, RightSide};
use coxa_geometry::{Finding, Key, Measurements, Mesh, Point, Quantity, Side, Transform, Vector, finding};
use coxa_imaging::CtVolume;
use coxa_shape::landmarks::axes::Axes;
use coxa_shape::landmarks::ball::{Facing, Sphere, find_sphere};
use coxa_shape::landmarks::hip_bone::{HipBone, find_axes, find_prominences, plane_axes};
use coxa_shape::landmarks::shape::Shape;
use coxa_shape::shape_model::model::standard_normal;
use coxa_shape::shape_model::{Fit, FitOptions, Pieces, ShapeModel, fit_pieces_prepared, shipped};
use nalgebra::{Matrix3, Rotation3, Vector3};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::sync::OnceLock;

/// Modes of the model and its kernel.
pub const MODES: usize = 60;
/// Hip bones that the model does not come nearer to than this are none that it knows.
const MOST_RESIDUAL_MM: f64 = 2.0;
/// Root mean square errors as shares of what the posterior's samples scatter: of the 26 people of the model, each left out, crests cut off
/// or the left half (`coxa verify pelvis`, before these factors): tilt 1.13 and 1.25, other turns 0.94 and 1.48, spines 1.25 and 1.42,
/// tubercles 0.98; the root mean square over the cuts.
const TILT_FACTOR: f64 = 1.19;
const TURN_FACTOR: f64 = 1.24;
const SPINE_FACTOR: f64 = 1.31;
/// Landmarks that the anterior pelvic plane is made of.
const KINDS: [LandmarkKind; 2] = [LandmarkKind::Asis, LandmarkKind::PubicTubercle];

/// Completes the anterior pelvic plane where a landmark of it is not in the scan, see [`PelvisCompletion`]; with the CT, surface
/// beside metal is left out. What cannot be completed is missing, with the reason.
pub fn complete_pelvis(anatomy: &mut HipAnatomy, surfaces: &BoneSurfaces, ct: Option<&CtVolume>) {
    if let Some(model) = extended() {
        complete_pelvis_by(model, anatomy, surfaces, ct);
    }
}

/// As [`complete_pelvis`], by a model of one's own: right hip bone, left hip bone and sacrum, three pieces in this order.
pub fn complete_pelvis_by(
    model: &ShapeModel,
    anatomy: &mut HipAnatomy,
    surfaces: &BoneSurfaces,
    ct: Option<&CtVolume>,
) {
    if anatomy.pelvis.anterior_plane.is_some() {
        return;
    }
    match complete(model, anatomy, surfaces, ct) {
        Some(Ok(completion)) => {
            anatomy.findings.push(completed(&completion));
            anatomy.pelvis.completion = Some(completion);
        }
        Some(Err(NotCompleted::Missing(why))) => {
            anatomy.missing.push(Missing { what: "completed_pelvis".into(), why: why.into() });
        }
        Some(Err(NotCompleted::Unlike(residual_mm))) => {
            let unlike = finding::PelvisNotCompleted { residual_mm, limit_mm: MOST_RESIDUAL_MM };
            anatomy.findings.push(unlike.finding());
        }
        None => {}
    }
}

fn completed(completion: &PelvisCompletion) -> Finding {
    let names: Vec<String> =
        completion.landmarks.iter().map(|l| format!("{} {}", l.side, words(l.kind))).collect();
    let completed = finding::PelvisCompleted {
        landmarks: names.join(", "),
        obtained_by: completion.obtained_by.clone(),
        tilt_deg: completion.tilt_spread_deg,
        turn_deg: completion.turn_spread_deg,
    };
    completed.finding()
}

fn words(kind: LandmarkKind) -> &'static str {
    match kind {
        LandmarkKind::Asis => "anterior superior iliac spine",
        _ => "pubic tubercle",
    }
}

/// The shipped pelvis with its kernel.
fn extended() -> Option<&'static ShapeModel> {
    static MODEL: OnceLock<Option<ShapeModel>> = OnceLock::new();
    MODEL.get_or_init(|| Some(shipped::pelvis()?.extended(MODES))).as_ref()
}

/// `None` where there is no hip bone with a joint.
fn complete(
    model: &ShapeModel,
    anatomy: &HipAnatomy,
    surfaces: &BoneSurfaces,
    ct: Option<&CtVolume>,
) -> Option<Result<PelvisCompletion, NotCompleted>> {
    // The model is of a whole pelvis: that of the patient, seen from the right.
    let seen_from = Side::Right;
    let is_at_edge =
        |p: Point<RightSide>| ct.is_some_and(|ct| is_at_image_edge(&ct.grid, seen_from.leave(p)));
    let voxel_mm = ct.map_or(0.0, |ct| ct.grid.voxel_volume_mm3().cbrt());
    let shapes: Vec<(usize, Shape)> = Side::BOTH
        .into_iter()
        .enumerate()
        .filter(|(_, side)| joint(anatomy, *side).is_some())
        .filter_map(|(piece, side)| {
            let surface = surfaces.get(&Bone::hip(side))?;
            let seen = ct.map_or_else(|| surface.clone(), |ct| without_metal(surface, ct));
            Some((piece, Shape::new(&seen_from.enter(seen), voxel_mm, &is_at_edge)?))
        })
        .collect();
    if shapes.is_empty() {
        return None;
    }
    let Ok(fit) = fit_pieces_prepared(model, &shapes, seen_from, &FitOptions::default()) else {
        return Some(Err(NotCompleted::Missing("the shape model could not be fitted to the pelvis")));
    };
    if fit.residual_mm > MOST_RESIDUAL_MM {
        return Some(Err(NotCompleted::Unlike(fit.residual_mm)));
    }
    Some(
        completion(&fit, anatomy).ok_or(NotCompleted::Missing(
            "the completed pelvis has no landmarks: its shape is too uncertain",
        )),
    )
}

/// Centre and radius of a hip joint that was measured, seen as a right one.
fn joint(anatomy: &HipAnatomy, side: Side) -> Option<Sphere> {
    let hip = anatomy.side(side);
    let head = hip.head.as_ref().map(|h| (h.centre_mm, h.radius_mm));
    let (centre, radius) = head.or(hip.acetabulum.as_ref().map(|a| (a.centre_mm, a.radius_mm)))?;
    let centre = side.enter(centre);
    Some(Sphere { centre, radius, rms: 0.0, spread: 0.0, radius_spread: 0.0, coverage: 1.0 })
}

/// The four landmarks of the anterior pelvic plane, ASIS before tubercle and right before left, and what is
/// made of them.
struct Plane {
    found: [[InPatient; 2]; 2],
    axes: Axes<Patient>,
}

impl Plane {
    /// Of a whole pelvis, but for the landmarks that were measured: these stay where they are, or scatter where `rng` is given.
    fn find(
        mesh: &Mesh<Patient>,
        pieces: &Pieces,
        anatomy: &HipAnatomy,
        mut rng: Option<ChaCha8Rng>,
    ) -> Option<Plane> {
        let shape = |piece: usize, side: Side| Shape::whole(side.enter(pieces.mesh(mesh, piece)));
        let (right, left) = (shape(0, Side::Right)?, shape(1, Side::Left)?);
        let bone = |side: Side, shape| {
            let joint = joint(anatomy, side).or_else(|| find_sphere(shape, Facing::Socket))?;
            Some(HipBone { side, shape, joint })
        };
        let bones = [bone(Side::Right, &right)?, bone(Side::Left, &left)?];
        let axes = find_axes(&bones);
        let prominences = bones.each_ref().map(|bone| find_prominences(bone, &axes));
        let mut one = |kind: LandmarkKind, which: usize| -> Option<InPatient> {
            let side = bones[which].side;
            if let Some(seen) = anatomy.landmark(kind, side) {
                let mut away = || rng.as_mut().map_or(0.0, |rng| seen.spread_mm * standard_normal(rng));
                let moved = Vector::new(away(), away(), away());
                return Some(InPatient { point: seen.position_mm + moved, spread: seen.spread_mm });
            }
            let own = &prominences[which];
            let found = if kind == LandmarkKind::Asis { own.asis } else { own.pubic_tubercle }.ok()?;
            Some(InPatient { point: side.leave(found.point), spread: found.spread })
        };
        let found = [[one(KINDS[0], 0)?, one(KINDS[0], 1)?], [one(KINDS[1], 0)?, one(KINDS[1], 1)?]];
        let [[a, b], [c, d]] = found.map(|pair| pair.map(|f| f.point));
        Some(Plane { found, axes: plane_axes(a, b, c, d)? })
    }

    /// Small turn from another plane's axes to these, about its anterior, superior and lateral axis, in radians.
    fn turn_from(&self, other: &Plane) -> Vector3<f64> {
        let matrix = |a: &Axes<Patient>| Matrix3::from_columns(&[a.anterior, a.superior, a.lateral]);
        let turn = Rotation3::from_matrix_unchecked(matrix(&self.axes) * matrix(&other.axes).transpose());
        matrix(&other.axes).tr_mul(&turn.scaled_axis())
    }

    fn origin(&self) -> Point<Patient> {
        self.found[0][0].point.midpoint(self.found[0][1].point)
    }

    fn frame(&self) -> Option<Transform<AnteriorPelvicPlane, Patient>> {
        super::pelvis::frame(&self.axes, self.origin())
    }
}

/// What samples of the posterior make of a fit.
fn completion(fit: &Fit<'_>, anatomy: &HipAnatomy) -> Option<PelvisCompletion> {
    let pieces = fit.model().pieces();
    let plane = Plane::find(&fit.mesh(), &pieces, anatomy, None)?;
    let samples = sampled(|seed| {
        Plane::find(&fit.sample(seed), &pieces, anatomy, Some(ChaCha8Rng::seed_from_u64(seed)))
    })?;
    let spread = |away: &dyn Fn(&Plane) -> f64| root_mean_square(&samples, away);
    let people = fit.model().provenance.shapes;
    let how = format!("Shape model of {people} people, fitted to the parts of the hip bones in the scan");
    let mut landmarks = Vec::new();
    for (k, kind) in KINDS.into_iter().enumerate() {
        for (which, side) in Side::BOTH.into_iter().enumerate() {
            if anatomy.landmark(kind, side).is_some() {
                continue;
            }
            let found = plane.found[k][which];
            let factor = if kind == LandmarkKind::Asis { SPINE_FACTOR } else { 1.0 };
            let scatter =
                factor * spread(&|s| (s.found[k][which].point - found.point).norm()) / 3.0_f64.sqrt();
            landmarks.push(Landmark {
                kind,
                side,
                position_mm: found.point,
                spread_mm: scatter.hypot(found.spread),
                method: format!("{how}."),
            });
        }
    }
    let degrees = |axis: usize| spread(&|s| s.turn_from(&plane)[axis]).to_degrees();
    Some(PelvisCompletion {
        obtained_by: format!("{how}."),
        residual_mm: fit.residual_mm,
        samples: samples.len(),
        landmarks,
        anterior_plane: plane.frame()?,
        tilt_spread_deg: TILT_FACTOR * degrees(2),
        turn_spread_deg: TURN_FACTOR * degrees(0).max(degrees(1)),
        measurements: measurements(anatomy, &plane, &samples, &how),
    })
}

/// Pelvic tilt and native acetabular angles in the completed plane.
fn measurements(anatomy: &HipAnatomy, plane: &Plane, samples: &[Plane], how: &str) -> Measurements {
    let mut all = Measurements::new();
    let mut keep = |key: Key, of: &dyn Fn(&Plane) -> f64, own_spread: f64, what: &str| {
        let value = of(plane);
        let factor = if key == Quantity::PelvicTilt.into() { TILT_FACTOR } else { TURN_FACTOR };
        let spread = (factor * root_mean_square(samples, |s| of(s) - value)).hypot(own_spread);
        if value.is_finite() && spread.is_finite() {
            let method = format!("{what}. {how}.");
            all.insert(key, value, spread, method);
        }
    };
    if let Some(functional) = anatomy.pelvis.functional {
        let tilt = |p: &Plane| {
            let x = functional.inverse().apply(Vector::from_coords(p.axes.anterior));
            x.y().atan2(x.x()).to_degrees()
        };
        let what = "Angle of the completed anterior pelvic plane to the coronal plane of the table, supine; posterior tilt positive";
        keep(Quantity::PelvicTilt.into(), &tilt, 0.0, what);
    }
    for side in Side::BOTH {
        let Some(socket) = anatomy.side(side).acetabulum.as_ref() else { continue };
        // How sure the rim's own plane is, of what was measured.
        let rim = (socket.rim_residual_mm / socket.radius_mm.max(1.0)).to_degrees();
        let angles = |p: &Plane| {
            let axes = p.axes.seen_from(side);
            let opening = side.enter(socket.opening).coords();
            Radiographic::<AnteriorPelvicPlane>::from_axis(Vector::new(
                opening.dot(&axes.anterior),
                opening.dot(&axes.superior),
                opening.dot(&axes.lateral),
            ))
        };
        let what = |angle: &str| {
            format!(
                "Radiographic {angle} of the normal of the plane through the bony acetabular rim in the completed anterior pelvic plane"
            )
        };
        keep(
            Quantity::AcetabularInclinationApp.of(side),
            &|p| angles(p).inclination.degrees(),
            rim,
            &what("inclination"),
        );
        keep(
            Quantity::AcetabularAnteversionApp.of(side),
            &|p| angles(p).anteversion.degrees(),
            rim,
            &what("anteversion"),
        );
    }
    all
}
