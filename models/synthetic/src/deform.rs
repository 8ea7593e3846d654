//! What disease does to the shape and the inside of a joint: osteophytes, a flattened head with its roof settled on it, the open roof of
//! dysplasia, dense bone and cysts.

use super::disease::{Cyst, HipDisease};
use super::joint::{Head, Socket};
use super::materials::CYST_HU;
use super::noise::texture;
use super::smooth::smoothstep;
use coxa_geometry::{Point, Side, frame::Patient};
use nalgebra::{Isometry3, Point3, Rotation3, Vector3};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Stream of the seed that cysts are drawn from.
const STREAM: u64 = 18;
/// Where the load goes through a right hip, from the centre of the head: up, a little outwards and to the front.
const LOAD: Vector3<f64> = Vector3::new(-0.25, -0.12, 0.96);
/// Cosine of the angle from the pole of the head at which osteophytes are highest, and half the width of their ring.
const HEAD_RING: [f64; 2] = [-0.22, 0.26];
/// The same for the rim, from the middle of the socket.
const RIM_RING: [f64; 2] = [0.12, 0.22];

/// How far the roof of a dysplastic socket lies from the head where it has sloped away, and over which angle it gets there.
const OPEN_MM: f64 = 8.0;
const OPENS_OVER_DEG: f64 = 14.0;
/// How thick a layer of bone moves with the roof of a socket.
const GIVES_WAY_MM: f64 = 15.0;
/// Over how many millimetres of bone the turn of a retroverted acetabulum fades.
const TURNS_OVER_MM: f64 = 35.0;

/// A place where bone is not what it is elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lesion {
    pub(super) centre: Point3<f64>,
    pub(super) radius: f64,
    pub(super) kind: LesionKind,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum LesionKind {
    /// Denser by so much in the middle, fading towards the radius.
    Sclerosis(f64),
    /// Fluid, with a dense border.
    Cyst,
}

/// How much the border of a cyst rises over the bone around it, and how wide it is.
const CYST_BORDER_HU: f64 = 260.0;
const CYST_BORDER_MM: f64 = 1.4;

impl Lesion {
    /// Whether a place is inside a cyst.
    pub(super) fn is_fluid(&self, p: Point3<f64>) -> bool {
        matches!(self.kind, LesionKind::Cyst) && (p - self.centre).norm() < self.radius
    }

    /// CT number at a place, given that of the bone as it would be.
    pub(super) fn changed(&self, hu: f64, p: Point3<f64>) -> f64 {
        let outside = (p - self.centre).norm() - self.radius;
        match self.kind {
            LesionKind::Sclerosis(more) => hu + more * smoothstep(-outside / (0.7 * self.radius)),
            LesionKind::Cyst => {
                let inner = smoothstep(0.5 - outside / 0.8);
                let border = CYST_BORDER_HU * (1.0 - (outside / CYST_BORDER_MM - 0.6).abs()).max(0.0);
                (hu + border) * (1.0 - inner) + CYST_HU * inner
            }
        }
    }
}

/// Changes a right femur whose head centre is the origin.
pub(super) fn femur(vertices: &mut [Point3<f64>], head: &Head, disease: &HipDisease, seed: u64) {
    if disease.osteophyte_mm == 0.0 && disease.head_flattening_mm == 0.0 {
        return;
    }
    let load = LOAD.normalize();
    for v in vertices {
        let distance = v.coords.norm();
        if distance > 1.3 * head.radius || distance < 1.0 {
            continue;
        }
        let out = v.coords / distance;
        let ring = ring(head.pole.dot(&out), HEAD_RING) * lumps(seed ^ 0x0f, out);
        // The ring ends where the neck is well below the head's surface.
        let near = smoothstep((distance / head.radius - 0.7) / 0.2);
        let flat = flattened(load, out, disease) * smoothstep((head.radius + 1.5 - distance) / 1.0);
        *v += out * (disease.osteophyte_mm * ring * near - flat);
    }
}

/// Changes the rim of a right socket: it grows over the head, never into it.
pub(super) fn rim(vertices: &mut [Point3<f64>], socket: &Socket, disease: &HipDisease, seed: u64) {
    if disease.osteophyte_mm == 0.0 {
        return;
    }
    for v in vertices {
        let from = *v - socket.centre;
        let distance = from.norm();
        if distance > socket.radius + 8.0 || distance < 1.0 {
            continue;
        }
        let out = from / distance;
        let along = socket.floor.dot(&out);
        let near = 1.0 - smoothstep((distance - socket.radius - 3.0) / 5.0);
        let grown =
            2.0 / 3.0 * disease.osteophyte_mm * ring(along, RIM_RING) * near * lumps(seed ^ 0x1f, out);
        // Towards the opening, along the sphere.
        let Some(tangent) = (out * along - socket.floor).try_normalize(1e-9) else { continue };
        let moved = from + tangent * grown;
        *v = socket.centre + moved * (distance / moved.norm());
    }
}

/// Lays the roof of a right socket on a flattened head, which would leave a gap there otherwise; `pose` takes the head's frame to the
/// socket's.
pub(super) fn settle_roof(
    vertices: &mut [Point3<f64>],
    socket: &Socket,
    pose: &Isometry3<f64>,
    disease: &HipDisease,
) {
    if disease.head_flattening_mm == 0.0 {
        return;
    }
    let (load, head) = (pose * LOAD.normalize(), pose * Point3::origin());
    for v in vertices {
        let distance = (*v - socket.centre).norm();
        let from = *v - head;
        if distance > socket.radius + GIVES_WAY_MM || from.norm() < 1.0 {
            continue;
        }
        let out = from.normalize();
        let layer = 1.0 - smoothstep((distance - socket.radius) / GIVES_WAY_MM);
        *v -= out * (flattened(load, out, disease) * layer);
    }
}

/// How much a head has lost in a direction from its centre.
fn flattened(load: Vector3<f64>, out: Vector3<f64>, disease: &HipDisease) -> f64 {
    smoothstep((load.dot(&out) - 0.72) / 0.28) * disease.head_flattening_mm
}

/// Opens the roof of a dysplastic right socket to the side.
pub(super) fn open_roof(vertices: &mut [Point3<f64>], socket: &Socket, disease: &HipDisease) {
    let Some(open_from) = disease.roof_open_from_deg else { return };
    for v in vertices {
        let from = *v - socket.centre;
        let distance = from.norm();
        if distance > socket.radius + GIVES_WAY_MM || distance < 1.0 {
            continue;
        }
        let aside = (-from.x).atan2(from.z).to_degrees();
        let open =
            smoothstep((aside - open_from) / OPENS_OVER_DEG) * (1.0 - smoothstep((aside - 100.0) / 20.0));
        // Slower than the place itself moves outwards, so that no layer overtakes the next.
        let layer = 1.0 - smoothstep((distance - socket.radius) / GIVES_WAY_MM);
        *v += from / distance * (OPEN_MM * open * layer);
    }
}

/// Turns a right acetabulum about the vertical through its centre, so that it opens further back; the bone around follows less and less.
pub(super) fn turn_back(vertices: &mut [Point3<f64>], socket: &Socket, disease: &HipDisease) {
    if disease.turned_back_deg == 0.0 {
        return;
    }
    for v in vertices {
        let from = *v - socket.centre;
        let follows = 1.0 - smoothstep((from.norm() - socket.radius - 4.0) / TURNS_OVER_MM);
        // A right socket looks to -x; backwards is +y.
        let turn =
            Rotation3::from_axis_angle(&Vector3::z_axis(), -(disease.turned_back_deg * follows).to_radians());
        *v = socket.centre + turn * from;
    }
}

/// Dense bone and cysts of one hip, those of the hip bone first, then those of the femur, in the patient. Cysts are
/// entered into the disease.
pub(super) fn lesions(
    disease: &mut HipDisease,
    seed: u64,
    side: Side,
    head: (&Head, &Isometry3<f64>),
    socket: (&Socket, &Isometry3<f64>),
) -> [Vec<Lesion>; 2] {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(STREAM + u64::from(side == Side::Left));
    let ((head, femur), (socket, hip)) = (head, socket);
    let load = LOAD.normalize();
    let place = |p: Point3<f64>| side.leave(Point::from_coords(p));
    let roof =
        |out: Vector3<f64>, depth: f64| place(hip * socket.centre + (hip * out) * (socket.radius + depth));
    let inside = |out: Vector3<f64>, depth: f64| place(femur * Point3::from(out * (head.radius - depth)));
    let mut found = [Vec::new(), Vec::new()];
    if disease.sclerosis_hu > 0.0 {
        let kind = LesionKind::Sclerosis(disease.sclerosis_hu);
        let dense = |centre: Point<Patient>, radius| Lesion { centre: centre.coords(), radius, kind };
        found[0].push(dense(roof(load, 1.0), 15.0));
        found[1].push(dense(inside(load, 2.0), 13.0));
    }
    for (which, count) in disease.cyst_counts().into_iter().enumerate() {
        for _ in 0..count {
            let mut side_step = || rng.random_range(-0.45..0.45);
            let out = (load + Vector3::new(side_step(), side_step(), 0.0)).normalize();
            let radius = rng.random_range(2.0..4.5);
            let depth = radius + rng.random_range(1.0..3.5);
            let centre = if which == 0 { roof(out, depth) } else { inside(out, depth) };
            disease.cysts.push(Cyst { centre_mm: centre, radius_mm: radius });
            found[which].push(Lesion { centre: centre.coords(), radius, kind: LesionKind::Cyst });
        }
    }
    found
}

/// 1 in the middle of a ring of cosines, 0 at its borders.
fn ring(cosine: f64, [middle, half]: [f64; 2]) -> f64 {
    smoothstep(1.0 - (cosine - middle).abs() / half)
}

/// Osteophytes are no even collar: 0.25 to 1 over the directions.
fn lumps(seed: u64, out: Vector3<f64>) -> f64 {
    let noise = texture(seed, 3.1 * out.x, 3.1 * out.y, 3.1 * out.z);
    (0.62 + 0.9 * noise).clamp(0.25, 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::options::HEALTHY_JOINT_SPACE_MM;
    use super::super::shape::Anatomy;
    use super::super::template::Template;
    use super::super::{Disease, VirtualPatientOptions};
    use super::*;
    use coxa_anatomy::Bone;
    use coxa_geometry::Mesh;
    use coxa_geometry::mesh::query::MeshQuery;
    use coxa_geometry::mesh::validate;

    fn draw(seed: u64, disease: Disease, grade: u8) -> Anatomy {
        let options = VirtualPatientOptions {
            seed,
            disease,
            grade: Some(grade),
            affected: Some(Side::Right),
            ..Default::default()
        };
        Anatomy::draw(&Template::shipped().unwrap(), &options).unwrap()
    }

    fn mesh(anatomy: &Anatomy, bone: Bone) -> &Mesh<Patient> {
        &anatomy.bones.iter().find(|posed| posed.bone == bone).unwrap().mesh
    }

    #[test]
    fn worn_joints_keep_their_bones_apart_and_grow_with_grade() {
        for seed in [3, 8, 9, 11] {
            let mut volume = 0.0;
            for grade in 0..=4 {
                let anatomy = draw(seed, Disease::Osteoarthritis, grade);
                let (hip, femur) = (mesh(&anatomy, Bone::HipRight), mesh(&anatomy, Bone::FemurRight));
                assert_eq!(validate::defects(femur), [], "grade {grade}");
                let query = MeshQuery::new(hip).unwrap();
                let truth = anatomy.side(Side::Right);
                let gap = femur.vertices.iter().map(|&v| query.closest(v).2).fold(f64::INFINITY, f64::min);
                assert!(gap > 0.25, "seed {seed}, grade {grade}: {gap} mm between the bones");
                assert!(femur.vertices.iter().all(|&v| !query.contains(v)), "grade {grade}");
                let space = HEALTHY_JOINT_SPACE_MM * (1.0 - truth.disease.joint_space_lost_fraction);
                let shift = truth.head_centre_mm.distance(truth.socket_centre_mm);
                assert!((shift - (HEALTHY_JOINT_SPACE_MM - space)).abs() < 1e-9);
                // However flat the head has become, its roof has followed.
                let load = Side::Right.leave(Point::from_coords(Point3::from(LOAD))) - Point::origin();
                let dome = femur.vertices.iter().filter(|v| {
                    let from = **v - truth.head_centre_mm;
                    from.norm() < truth.head_radius_mm + 0.5
                        && from.dot(load) > 0.97 * from.norm() * load.norm()
                });
                let widest = dome.map(|&v| query.closest(v).2).fold(0.0, f64::max);
                assert!(
                    widest < space + 0.5,
                    "seed {seed}, grade {grade}: {widest} mm under the roof for {space}"
                );
                // Bone grows round the junction of head and neck.
                let around = |v: &&Point<Patient>| {
                    v.distance(truth.head_centre_mm) > truth.head_radius_mm + 0.5
                        && v.distance(truth.head_centre_mm) < truth.head_radius_mm + 6.0
                };
                let count = femur.vertices.iter().filter(around).count() as f64;
                assert!(grade < 2 || count > volume, "seed {seed}, grade {grade}: {count} after {volume}");
                volume = count;
            }
        }
    }

    #[test]
    fn dysplastic_sockets_cover_less_and_lie_higher() {
        for seed in [3, 5] {
            let healthy = draw(seed, Disease::Osteoarthritis, 0);
            let edge = |anatomy: &Anatomy| anatomy.side(Side::Right).lateral_centre_edge_deg.degrees();
            for grade in 1..=3 {
                let anatomy = draw(seed, Disease::Dysplasia, grade);
                assert!(edge(&anatomy) < edge(&healthy) - 8.0, "{} {}", edge(&anatomy), edge(&healthy));
                let up = |anatomy: &Anatomy| anatomy.side(Side::Right).head_centre_mm.z();
                let rise = up(&anatomy) - up(&healthy);
                let stated = anatomy.side(Side::Right).disease.socket_superior_mm;
                // The pelvis is tilted a little.
                assert!((rise - stated).abs() < 4.0, "grade {grade}: {rise} instead of {stated}");
            }
        }
    }

    #[test]
    fn sockets_of_protrusio_lie_further_in_and_retroverted_ones_open_further_back() {
        let healthy = draw(3, Disease::Osteoarthritis, 0);
        let centre = |anatomy: &Anatomy| anatomy.side(Side::Right).socket_centre_mm;
        for grade in 1..=3 {
            let anatomy = draw(3, Disease::Protrusio, grade);
            let inwards = centre(&anatomy).x() - centre(&healthy).x();
            let stated = -anatomy.side(Side::Right).disease.socket_lateral_mm;
            assert!((inwards - stated).abs() < 1.0, "grade {grade}: {inwards} of {stated}");
            assert_eq!(validate::defects(mesh(&anatomy, Bone::HipRight)), []);
        }
        let options = VirtualPatientOptions {
            seed: 3,
            disease: Disease::Retroversion,
            affected: Some(Side::Right),
            ..Default::default()
        };
        let turned = Anatomy::draw(&Template::shipped().unwrap(), &options).unwrap();
        assert_eq!(validate::defects(mesh(&turned, Bone::HipRight)), []);
        // How far the posterior wall reaches out to the side of the centre.
        let posterior = |anatomy: &Anatomy| {
            let (c, r) = (centre(anatomy), anatomy.side(Side::Right).socket_radius_mm);
            let wall = mesh(anatomy, Bone::HipRight)
                .vertices
                .iter()
                .filter(|v| (v.z() - c.z()).abs() < 6.0 && v.y() > c.y() && v.distance(c) < r + 2.5);
            wall.map(|v| c.x() - v.x()).fold(f64::NEG_INFINITY, f64::max)
        };
        let (before, after) = (posterior(&healthy), posterior(&turned));
        assert!(after < before - 4.0, "posterior wall {before} to {after} mm");
    }

    #[test]
    fn a_cyst_is_fluid_with_a_dense_border_and_sclerosis_fades() {
        let at = |x: f64| Point3::new(x, 0.0, 0.0);
        let cyst = Lesion { centre: at(0.0), radius: 3.0, kind: LesionKind::Cyst };
        assert!((cyst.changed(250.0, at(0.0)) - CYST_HU).abs() < 1e-9);
        assert!(cyst.changed(250.0, at(3.8)) > 400.0);
        assert_eq!(cyst.changed(250.0, at(6.0)), 250.0);
        let dense = Lesion { radius: 10.0, kind: LesionKind::Sclerosis(300.0), ..cyst };
        assert_eq!((dense.changed(250.0, at(0.0)), dense.changed(250.0, at(10.0))), (550.0, 250.0));
    }
}
