//! From a seed to bones that fit together, lying on a scanner table.

use super::deform::{self, Lesion};
use super::disease::HipDisease;
use super::error::VirtualPatientError;
use super::femur_form::FemurForm;
use super::hip_truth::HipTruth;
use super::joint::{Head, Socket, form_head, form_socket, keep_clear};
use super::options::VirtualPatientOptions;
use super::pose::{femur_pose, normal, pelvis_pose};
use super::smooth::smoothstep;
use super::template::{Template, TemplateBone};
use coxa_anatomy::{Bone, BoneSurfaces, LandmarkKind};
use coxa_geometry::frame::{Patient, Pelvis, RightSide};
use coxa_geometry::side::KeptAxes;
use coxa_geometry::{Angle, Mesh, Point, Side, Transform};
use nalgebra::{Isometry3, Point3, Rotation3, Vector3};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Share of the training subjects' spread in shape that is drawn, so that odd combinations stay rare.
const SCORE_SPREAD: f64 = 0.7;
/// Spread of a common factor of size.
const SIZE_SPREAD: f64 = 0.035;
/// Smallest gap between sacrum and hip bone in the sacroiliac joint.
const SACROILIAC_GAP_MM: f64 = 2.5;
/// Smallest gap between the pubic bones.
const SYMPHYSIS_GAP_MM: f64 = 3.0;
/// Smallest gap between the femur beside its head and the hip bone.
const FREE_GAP_MM: f64 = 2.0;
/// Part of what disease leaves of a joint space that is kept all over; less than all of it, for flat triangles on a sphere lie nearer. Assumption.
const LEAST_OF_SPACE: f64 = 0.9;
/// How much the version of a femur differs from what the person's shape has, as a standard deviation. The people of the model have the version
/// of populations, 15 degrees about the mechanical axis, which is 26 about the axis of the proximal shaft, as this program gives it.
const VERSION_SPREAD_DEG: f64 = 4.0;
/// Length of the template femur from head centre to the condyles.
const TEMPLATE_LENGTH_MM: f64 = 418.0;

/// A bone in the scanner, with the way back to the template, where its material is described.
#[derive(Debug, Clone)]
pub(super) struct PosedBone {
    pub(super) bone: Bone,
    pub(super) mesh: Mesh<Patient>,
    /// Where it is not as it is elsewhere.
    pub(super) lesions: Vec<Lesion>,
    to_template: Isometry3<f64>,
    /// As a bone of which side it is seen by the template: a left one mirrored, those of the middle as they are.
    seen_as: Side,
    scale: f64,
}

impl PosedBone {
    /// The place in the right-hip template that a point of the patient corresponds to, near enough to look up
    /// material properties.
    pub(super) fn template_point(&self, point: Point3<f64>) -> Point3<f64> {
        self.to_template * self.seen_as.enter(Point::from_coords(point)).coords() * self.scale
    }
}

/// The bones of a virtual patient in the patient frame.
#[derive(Debug, Clone)]
pub(super) struct Anatomy {
    /// Hip bones, femora, sacrum.
    pub(super) bones: Vec<PosedBone>,
    right: HipTruth,
    left: HipTruth,
    pub(super) posterior_tilt: Angle,
    /// Pelvis template (of a patient lying straight) to patient.
    pub(super) pelvis: Isometry3<f64>,
}

/// A bone shape as on a right hip, not yet posed.
struct Shape<'a> {
    vertices: Vec<Point3<f64>>,
    triangles: Vec<[u32; 3]>,
    source: &'a TemplateBone,
}

impl Shape<'_> {
    fn mesh(&self) -> Mesh<RightSide> {
        Mesh {
            vertices: self.vertices.iter().copied().map(Point::from_coords).collect(),
            triangles: self.triangles.clone(),
        }
    }

    fn mirrored(self) -> Self {
        let mesh = Side::Left.leave(self.mesh());
        Shape {
            vertices: mesh.vertices.into_iter().map(Point::coords).collect(),
            triangles: mesh.triangles,
            source: self.source,
        }
    }

    /// From between the trochanters of a femur, whose head is the origin, to its head.
    fn neck_axis(&self) -> Vector3<f64> {
        let ids = [LandmarkKind::GreaterTrochanter, LandmarkKind::LesserTrochanter];
        let at =
            ids.iter().filter_map(|kind| self.source.landmarks.get(kind)).map(|&v| self.vertices[v].coords);
        -at.sum::<Vector3<f64>>().try_normalize(1e-9).unwrap_or_else(Vector3::z)
    }

    fn landmarks(&self) -> impl Iterator<Item = (LandmarkKind, Point<RightSide>)> {
        self.source.landmarks.iter().map(|(&kind, &v)| (kind, Point::from_coords(self.vertices[v])))
    }
}

/// Right and left hip bone, the left one as a right one, and the sacrum; with `is_swapped` those of the mirrored pelvis.
fn draw_pelvis<'t>(
    template: &'t Template,
    scores: &[f64],
    size: f64,
    is_swapped: bool,
) -> ([Shape<'t>; 2], Shape<'t>) {
    let shaped = |source: &'t TemplateBone| Shape {
        vertices: source.shaped(scores, size),
        triangles: source.triangles.clone(),
        source,
    };
    let mut hips = [&template.hip_right, &template.hip_left].map(shaped);
    let mut sacrum = shaped(&template.sacrum);
    if is_swapped {
        let [a, b] = hips;
        hips = [b.mirrored(), a.mirrored()];
        sacrum = sacrum.mirrored();
    }
    let [right, left] = hips;
    ([right, left.mirrored()], sacrum)
}

impl Anatomy {
    /// Draws shapes and pose.
    pub(super) fn draw(
        template: &Template,
        options: &VirtualPatientOptions,
    ) -> Result<Anatomy, VirtualPatientError> {
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        let count = template.femur.modes.len();
        let scores: Vec<f64> = (0..count).map(|_| SCORE_SPREAD * normal(&mut rng)).collect();
        // The model's left and right hip bone differ a little; a coin decides which side gets which.
        let swapped = rng.random::<bool>();
        // The model's own spread in size is narrow: few subjects, and only half of it is drawn.
        let size = 1.0 + SIZE_SPREAD * normal(&mut rng);
        let pelvis_pose = pelvis_pose(&mut rng, size);

        let (hips, mut sacrum) = draw_pelvis(template, &scores, size, swapped);
        let mut posed = Vec::with_capacity(Bone::ALL.len());
        let mut truths = Vec::with_capacity(2);
        let mut femora = Vec::with_capacity(2);
        for (side, mut hip) in Side::BOTH.into_iter().zip(hips) {
            let mut disease = HipDisease::draw(options, side);
            let mut femur = draw_femur(&template.femur, &scores, size, options.femur, &mut rng);
            let head = form_head(&mut femur.vertices, &femur.source.articular)?;
            let neck = femur.neck_axis();
            options.femur.shorten(&mut femur.vertices, head.radius, neck);
            let socket = form_socket(
                &hip.mesh(),
                &mut hip.vertices,
                &hip.source.articular,
                head.radius + options.joint_space_mm,
                disease.socket_shift(),
            )?;
            deform::femur(&mut femur.vertices, &head, &disease, options.seed);
            deform::turn_back(&mut hip.vertices, &socket, &disease);
            deform::open_roof(&mut hip.vertices, &socket, &disease);
            deform::rim(&mut hip.vertices, &socket, &disease, options.seed);
            // Y and Z of the template mean the same in its mirror image.
            let pose = Transform::<Pelvis, Patient>::from_isometry(pelvis_pose);
            let hip_pose = *side.enter_frame(&pose, KeptAxes::YZ).isometry();
            let migration = disease.joint_space_lost_fraction * options.joint_space_mm;
            let femur_pose = femur_pose(&mut rng, migration, &hip_pose, &socket);
            let femur_to_hip = hip_pose.inverse() * femur_pose;
            deform::settle_roof(&mut hip.vertices, &socket, &femur_to_hip, &disease);
            let [hip_lesions, femur_lesions] =
                deform::lesions(&mut disease, options.seed, side, (&head, &femur_pose), (&socket, &hip_pose));
            let length = -femur.vertices.iter().map(|v| v.z).fold(0.0, f64::min);
            move_all(&mut hip.vertices, &hip_pose);
            move_all(&mut femur.vertices, &femur_pose);
            truths.push(truth(side, &hip, &femur, &head, &socket, &hip_pose, &femur_pose, disease));
            posed.push(PosedBone {
                bone: Bone::hip(side),
                mesh: side.leave(hip.mesh()),
                lesions: hip_lesions,
                to_template: hip_pose.inverse(),
                seen_as: side,
                scale: 1.0 / size,
            });
            femora.push(PosedBone {
                bone: Bone::femur(side),
                mesh: side.leave(femur.mesh()),
                lesions: femur_lesions,
                to_template: femur_pose.inverse(),
                seen_as: side,
                scale: TEMPLATE_LENGTH_MM / length.max(1.0),
            });
        }
        posed.append(&mut femora);
        move_all(&mut sacrum.vertices, &pelvis_pose);
        posed.push(PosedBone {
            bone: Bone::Sacrum,
            mesh: Side::Right.leave(sacrum.mesh()),
            lesions: Vec::new(),
            to_template: pelvis_pose.inverse(),
            seen_as: Side::Right,
            scale: 1.0 / size,
        });
        let truths = <[HipTruth; 2]>::try_from(truths).map_err(|_| VirtualPatientError::Unfit)?;
        separate(&mut posed, &truths, options.joint_space_mm)?;
        let [right, left] = truths;
        let mut anatomy =
            Anatomy { bones: posed, right, left, posterior_tilt: Angle::ZERO, pelvis: pelvis_pose };
        anatomy.posterior_tilt = anatomy.anterior_plane_tilt();
        Ok(anatomy)
    }

    /// Truth of one side.
    pub(super) fn side(&self, side: Side) -> &HipTruth {
        match side {
            Side::Right => &self.right,
            Side::Left => &self.left,
        }
    }

    /// Halfway between the sockets.
    pub(super) fn hip_midpoint(&self) -> Point3<f64> {
        self.right.socket_centre_mm.midpoint(self.left.socket_centre_mm).coords()
    }

    /// Copies of the surfaces.
    pub(super) fn surfaces(&self) -> BoneSurfaces {
        self.bones.iter().map(|posed| (posed.bone, posed.mesh.clone())).collect()
    }

    /// The surfaces alone.
    pub(super) fn into_surfaces(self) -> BoneSurfaces {
        self.bones.into_iter().map(|posed| (posed.bone, posed.mesh)).collect()
    }

    /// Angle of the anterior pelvic plane to the coronal plane of the scan, posterior tilt positive.
    fn anterior_plane_tilt(&self) -> Angle {
        let mid = |kind| {
            let at = |truth: &HipTruth| truth.landmarks_mm.get(&kind).copied().unwrap_or(Point::origin());
            at(&self.right).midpoint(at(&self.left))
        };
        let up = mid(LandmarkKind::Asis) - mid(LandmarkKind::PubicTubercle);
        // Tilted backwards, the iliac spines lie behind (+y) the pubis.
        Angle::from_radians(up.y().atan2(up.z()))
    }
}

fn move_all(vertices: &mut [Point3<f64>], pose: &Isometry3<f64>) {
    for vertex in vertices {
        *vertex = pose * *vertex;
    }
}

/// A femur of the patient's shape with a side's own small differences in shape, length and version.
fn draw_femur<'a>(
    source: &'a TemplateBone,
    scores: &[f64],
    size: f64,
    form: FemurForm,
    rng: &mut ChaCha8Rng,
) -> Shape<'a> {
    let own: Vec<f64> = scores.iter().map(|s| s + 0.1 * normal(rng)).collect();
    let length = 1.0 + 0.004 * normal(rng);
    let turned = (VERSION_SPREAD_DEG * normal(rng) + form.turned_deg()).to_radians();
    let mut vertices = source.shaped(&own, size);
    for v in &mut vertices {
        // Version is turned into the upper half of the shaft, about the mechanical axis; the shaft alone is
        // stretched.
        let twist =
            Rotation3::from_axis_angle(&Vector3::z_axis(), turned * smoothstep((v.z + 260.0) / 180.0));
        *v = twist * *v;
        v.z += (length - 1.0) * TEMPLATE_LENGTH_MM * (smoothstep((v.z + 330.0) / 230.0) - 1.0);
    }
    Shape { vertices, triangles: source.triangles.clone(), source }
}

#[allow(clippy::too_many_arguments)] // Everything that is known of a hip, where it is known.
fn truth(
    side: Side,
    hip: &Shape<'_>,
    femur: &Shape<'_>,
    head: &Head,
    socket: &Socket,
    hip_pose: &Isometry3<f64>,
    femur_pose: &Isometry3<f64>,
    disease: HipDisease,
) -> HipTruth {
    let head_centre = femur_pose * Point3::origin();
    let place = |p: Point3<f64>| side.leave(Point::from_coords(p));
    HipTruth {
        head_centre_mm: place(head_centre),
        head_radius_mm: head.radius,
        socket_centre_mm: place(hip_pose * socket.centre),
        socket_radius_mm: socket.radius,
        landmarks_mm: hip
            .landmarks()
            .chain(femur.landmarks())
            .map(|(kind, p)| (kind, side.leave(p)))
            .collect::<BTreeMap<_, _>>(),
        lateral_centre_edge_deg: centre_edge(&hip.vertices, head_centre, socket.radius),
        disease,
    }
}

/// How far the roof of a right hip reaches to the side over the centre of the head, in the coronal plane of the scan: the
/// lateral centre-edge angle of Wiberg, of the bone as it is.
fn centre_edge(hip: &[Point3<f64>], head: Point3<f64>, radius: f64) -> Angle {
    let roof = hip
        .iter()
        .map(|v| v - head)
        .filter(|from| from.y.abs() < 4.0 && from.z > 0.0 && from.norm() < radius + 4.0);
    Angle::from_radians(roof.map(|from| (-from.x).atan2(from.z)).fold(-std::f64::consts::FRAC_PI_2, f64::max))
}

/// Opens the joints in which the model's bones touch. Hip bones come first in the list, then femora, then the
/// sacrum.
fn separate(
    bones: &mut [PosedBone],
    truths: &[HipTruth; 2],
    joint_space_mm: f64,
) -> Result<(), VirtualPatientError> {
    let [right, left, femora @ .., sacrum] = bones else { return Err(VirtualPatientError::Unfit) };
    keep_clear(&mut left.mesh, &right.mesh, SYMPHYSIS_GAP_MM, |_| true)?;
    for ((hip, femur), truth) in [&*right, &*left].into_iter().zip(femora).zip(truths) {
        // The articular part of the head has its distance from the socket already, perhaps a smaller one.
        let beside_head = |p: Point<Patient>| p.distance(truth.head_centre_mm) > truth.head_radius_mm + 0.2;
        keep_clear(&mut femur.mesh, &hip.mesh, FREE_GAP_MM, beside_head)?;
        // Osteophytes may have grown back into what is left of it.
        let remaining_mm = joint_space_mm * (1.0 - truth.disease.joint_space_lost_fraction);
        keep_clear(&mut femur.mesh, &hip.mesh, LEAST_OF_SPACE * remaining_mm, |_| true)?;
        keep_clear(&mut sacrum.mesh, &hip.mesh, SACROILIAC_GAP_MM, |_| true)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::options::HEALTHY_JOINT_SPACE_MM;
    use super::*;
    use coxa_geometry::fit::{self, Method};
    use coxa_geometry::mesh::query::MeshQuery;
    use coxa_geometry::mesh::validate;

    fn draw(seed: u64) -> Anatomy {
        draw_with(&VirtualPatientOptions { seed, ..VirtualPatientOptions::default() })
    }

    fn draw_with(options: &VirtualPatientOptions) -> Anatomy {
        Anatomy::draw(&Template::shipped().unwrap(), options).unwrap()
    }

    fn mesh(anatomy: &Anatomy, bone: Bone) -> &Mesh<Patient> {
        &anatomy.bones.iter().find(|posed| posed.bone == bone).unwrap().mesh
    }

    /// Smallest distance of two surfaces, from the vertices of each to the other; a vertex inside counts negative.
    fn gap(a: &Mesh<Patient>, b: &Mesh<Patient>) -> f64 {
        let one_way = |a: &Mesh<Patient>, b: &Mesh<Patient>| {
            let query = MeshQuery::new(b).unwrap();
            a.vertices
                .iter()
                .filter_map(|&v| {
                    query.closest_within(v, 15.0).map(|(_, _, d)| if query.contains(v) { -d } else { d })
                })
                .fold(f64::INFINITY, f64::min)
        };
        one_way(a, b).min(one_way(b, a))
    }

    #[test]
    fn bones_are_sound_and_apart_for_many_seeds() {
        for seed in 0..16 {
            let anatomy = draw(seed);
            for posed in &anatomy.bones {
                let defects = validate::defects(&posed.mesh);
                assert!(defects.is_empty(), "seed {seed}, {:?}: {defects:?}", posed.bone);
            }
            for side in Side::BOTH {
                let hip = mesh(&anatomy, Bone::hip(side));
                let joint = gap(hip, mesh(&anatomy, Bone::femur(side)));
                assert!((1.7..=2.2).contains(&joint), "seed {seed}, {side} joint {joint}");
                let sacroiliac = gap(hip, mesh(&anatomy, Bone::Sacrum));
                assert!(sacroiliac > 1.0, "seed {seed}, {side} sacroiliac {sacroiliac}");
            }
            let symphysis = gap(mesh(&anatomy, Bone::HipRight), mesh(&anatomy, Bone::HipLeft));
            assert!(symphysis > 2.0, "seed {seed}, symphysis {symphysis}");
        }
    }

    #[test]
    fn joint_space_is_as_asked_all_around_the_head() {
        for (seed, joint_space_mm) in [(3, 1.0), (4, HEALTHY_JOINT_SPACE_MM), (5, 6.0)] {
            let anatomy = draw_with(&VirtualPatientOptions { seed, joint_space_mm, ..Default::default() });
            for side in Side::BOTH {
                let truth = anatomy.side(side);
                let hip = MeshQuery::new(mesh(&anatomy, Bone::hip(side))).unwrap();
                let femur = mesh(&anatomy, Bone::femur(side));
                let least = femur
                    .vertices
                    .iter()
                    .filter(|v| v.distance(truth.head_centre_mm) < truth.head_radius_mm + 0.5)
                    .map(|&v| hip.closest(v).2)
                    .fold(f64::INFINITY, f64::min);
                // The socket's triangles cut a little into its sphere.
                assert!(
                    (-0.15..0.3).contains(&(least - joint_space_mm)),
                    "asked {joint_space_mm}, got {least}"
                );
            }
        }
    }

    #[test]
    fn worn_joint_is_narrow_above_and_wide_below() {
        let anatomy = draw_with(&VirtualPatientOptions { worn: Some(Side::Left), ..Default::default() });
        let truth = anatomy.side(Side::Left);
        let shift = truth.head_centre_mm - truth.socket_centre_mm;
        assert!((shift.norm() - 2.0 / 3.0 * HEALTHY_JOINT_SPACE_MM).abs() < 1e-9);
        assert!(shift.z() > 1.0 && shift.x() > 0.0, "the left head moves up and out: {shift:?}");
        let joint = gap(mesh(&anatomy, Bone::HipLeft), mesh(&anatomy, Bone::FemurLeft));
        assert!((0.5..0.8).contains(&joint), "{joint}");
        let right = anatomy.side(Side::Right);
        assert_eq!(right.head_centre_mm, right.socket_centre_mm);
    }

    #[test]
    fn truth_of_the_head_is_what_a_fit_to_the_surface_finds() {
        for seed in 0..6 {
            let anatomy = draw(seed);
            for side in Side::BOTH {
                let truth = anatomy.side(side);
                // The medial and upper half of a ball around the truth, as a reader would pick it.
                let points: Vec<_> = mesh(&anatomy, Bone::femur(side))
                    .vertices
                    .iter()
                    .copied()
                    .filter(|v| {
                        let d = side.enter(*v - truth.head_centre_mm);
                        d.norm() < 32.0 && d.x() + d.z() > 0.0
                    })
                    .collect();
                let sphere = fit::sphere(&points, Method::Robust).unwrap().shape;
                assert!(sphere.centre.distance(truth.head_centre_mm) < 0.5, "seed {seed} {side}");
                assert!((sphere.radius - truth.head_radius_mm).abs() < 0.5, "seed {seed} {side}");
            }
        }
    }

    #[test]
    fn patients_are_of_human_measure_and_differ() {
        let mut radii = Vec::new();
        for seed in 0..40 {
            let anatomy = draw(seed);
            for side in Side::BOTH {
                let truth = anatomy.side(side);
                let at = |kind| side.enter(truth.landmarks_mm[&kind]);
                radii.push(truth.head_radius_mm);
                let condyles =
                    at(LandmarkKind::MedialPosteriorCondyle) - at(LandmarkKind::LateralPosteriorCondyle);
                let head = side.enter(truth.head_centre_mm);
                let length = head.z() - at(LandmarkKind::MedialEpicondyle).z();
                assert!((320.0..480.0).contains(&length), "seed {seed}: femur {length}");
                // Toes point out when lying: the lateral condyle lies lower on the table.
                let out = condyles.y().atan2(condyles.x()).to_degrees();
                assert!((-5.0..25.0).contains(&-out), "seed {seed}: turned out {out}");
                assert!(
                    at(LandmarkKind::Asis).z() > head.z() + 50.0 && at(LandmarkKind::Psis).y() > head.y()
                );
                assert!(at(LandmarkKind::GreaterTrochanter).x() < head.x() - 25.0);
            }
            assert!(anatomy.posterior_tilt.degrees().abs() < 15.0);
        }
        let (low, high) = radii.iter().fold((f64::MAX, 0.0f64), |(l, h), &r| (l.min(r), h.max(r)));
        assert!(low > 19.5 && low < 22.0 && high < 27.0 && high > 24.0, "head radius {low} to {high}");
        assert_ne!(draw(1).right, draw(2).right);
    }

    #[test]
    fn posterior_tilt_has_its_sign() {
        let mut anatomy = draw(1);
        let before = anatomy.anterior_plane_tilt().degrees();
        // Turned so that the upper end of the pelvis goes back (+y).
        let turn = Rotation3::from_axis_angle(&Vector3::x_axis(), (-10f64).to_radians());
        for truth in [&mut anatomy.right, &mut anatomy.left] {
            for p in truth.landmarks_mm.values_mut() {
                *p = Point::from_coords(turn * p.coords());
            }
        }
        assert!((anatomy.anterior_plane_tilt().degrees() - before - 10.0).abs() < 0.05);
    }
}
