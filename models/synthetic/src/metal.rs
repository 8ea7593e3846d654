//! Implants in a virtual patient: a nail with its head screw, or a replaced hip, as simple solids.

use super::choices::ImplantKind;
use super::materials::{METAL_HU, POLYETHYLENE_HU};
use super::options::VirtualPatientOptions;
use super::shape::Anatomy;
use super::tissue::Tissue;
use coxa_anatomy::{Bone, LandmarkKind};
use coxa_geometry::{Side, Vector, frame::RightSide};
use coxa_imaging::tomography::Material;
use nalgebra::{Point3, Vector3};

const NAIL_RADIUS_MM: f64 = 5.5;
const SCREW_RADIUS_MM: f64 = 5.0;
/// Rise of the screw towards the head; 130 degrees to the nail.
const SCREW_SLOPE_DEG: f64 = 40.0;

/// Head of 32 mm; wall of the shell; how much wider than the socket it is reamed.
const HEAD_RADIUS_MM: f64 = 16.0;
const SHELL_MM: f64 = 4.0;
const REAMED_MM: f64 = 0.5;
/// Radiographic inclination and anteversion of the shell.
const INCLINATION_DEG: f64 = 42.0;
const ANTEVERSION_DEG: f64 = 17.0;
/// Radii of the neck and, at its top and its tip, of the stem.
const NECK_RADIUS_MM: f64 = 6.0;
const STEM_RADII_MM: [f64; 2] = [9.5, 5.0];
/// How far below the head centre the neck is cut, along it, and how far below that the tip lies.
const CUT_MM: f64 = 30.0;
const STEM_MM: f64 = 115.0;
/// Radius of the stem where the neck is cut, and how far down the canal it has tapered to that of its top.
const BODY_RADIUS_MM: f64 = 10.5;
const BODY_MM: f64 = 18.0;

/// A solid of one material.
struct ImplantBody {
    shape: Shape,
    hu: f64,
    tissue: Tissue,
    material: Material,
}

enum Shape {
    /// From one ball to another, straight between them.
    Cone { from: Point3<f64>, to: Point3<f64>, radii: [f64; 2] },
    /// What lies between two half balls; the axis points out of the opening.
    Shell { centre: Point3<f64>, radii: [f64; 2], axis: Vector3<f64> },
}

impl Shape {
    /// Distance from the surface, negative inside; exact enough within a voxel of it.
    fn outside(&self, p: Point3<f64>) -> f64 {
        match self {
            Shape::Cone { from, to, radii } => {
                let along = to - from;
                let t = ((p - from).dot(&along) / along.norm_squared().max(1e-9)).clamp(0.0, 1.0);
                (p - (from + along * t)).norm() - (radii[0] + (radii[1] - radii[0]) * t)
            }
            Shape::Shell { centre, radii, axis } => {
                let from = p - centre;
                let (middle, half) = ((radii[0] + radii[1]) / 2.0, (radii[1] - radii[0]) / 2.0);
                ((from.norm() - middle).abs() - half).max(from.dot(axis))
            }
        }
    }

    /// Least and greatest coordinate along an axis.
    fn reach(&self, axis: usize) -> [f64; 2] {
        match self {
            Shape::Cone { from, to, radii } => [
                (from[axis] - radii[0]).min(to[axis] - radii[1]),
                (from[axis] + radii[0]).max(to[axis] + radii[1]),
            ],
            Shape::Shell { centre, radii, .. } => [centre[axis] - radii[1], centre[axis] + radii[1]],
        }
    }
}

/// What a femur and its socket carry.
pub(super) struct Implant {
    parts: Vec<ImplantBody>,
    /// The femur ends here: its bone, a point on the cut, and the direction that is cut off.
    cut: Option<(Bone, Point3<f64>, Vector3<f64>)>,
}

impl Implant {
    /// What the options ask for; `None` where nothing is asked for, or the femur has no landmarks to place it by.
    pub(super) fn new(options: &VirtualPatientOptions, anatomy: &Anatomy) -> Option<Implant> {
        let side = options.metal?;
        let truth = anatomy.side(side);
        let centre = truth.head_centre_mm.coords();
        let femur = anatomy.bones.iter().find(|b| b.bone == Bone::femur(side))?;
        // The canal's middle at two levels of the shaft, from the bone's own surface.
        let length = centre.z - truth.landmarks_mm.get(&LandmarkKind::MedialEpicondyle)?.z();
        let middle = |share: f64| {
            let level = centre.z - share * length;
            let near = femur.mesh.vertices.iter().map(|v| v.coords()).filter(|v| (v.z - level).abs() < 8.0);
            let (sum, count) = near.fold((Vector3::zeros(), 0.0), |(s, n), v| (s + v.coords, n + 1.0));
            (count > 0.0).then(|| Point3::from(sum / count))
        };
        let (high, low) = (middle(0.3)?, middle(0.55)?);
        let axis = (high - low).normalize();
        // Where the canal's axis comes to the height of the head.
        let top = high + axis * (centre - high).dot(&axis);
        match options.implant {
            ImplantKind::Nail => Some(nail(centre, top, low, axis)),
            ImplantKind::HipReplacement => Some(replacement(
                side,
                centre,
                truth.socket_centre_mm.coords(),
                truth.socket_radius_mm,
                top,
                axis,
            )),
        }
    }

    /// Whether bone has been sawn off here.
    pub(super) fn is_removed(&self, bone: Bone, p: Point3<f64>) -> bool {
        self.cut.is_some_and(|(cut, at, direction)| cut == bone && (p - at).dot(&direction) > 0.0)
    }

    /// Enters the implant into a row along +x: CT numbers, and tissue where it fills the voxel.
    pub(super) fn expose(&self, hu: &mut [f64], tissue: &mut [u8], start: Point3<f64>, spacing: f64) {
        for part in &self.parts {
            let within = |axis: usize| {
                let [low, high] = part.shape.reach(axis);
                start[axis] > low - spacing && start[axis] < high + spacing
            };
            if !within(1) || !within(2) {
                continue;
            }
            let [low, high] = part.shape.reach(0).map(|x| (x - start.x) / spacing);
            let first = (low - 1.0).max(0.0) as usize;
            let end = ((high + 2.0).max(0.0) as usize).min(hu.len());
            for i in first..end {
                let p = Point3::new(start.x + i as f64 * spacing, start.y, start.z);
                let cover = (0.5 - part.shape.outside(p) / spacing).clamp(0.0, 1.0);
                hu[i] += (part.hu - hu[i]) * cover;
                if cover > 0.5 {
                    tissue[i] = part.tissue as u8;
                }
            }
        }
    }

    /// The metal that a scanner sees.
    pub(super) fn material(&self) -> Material {
        let heaviest = |m: Material| u8::from(m == Material::CobaltChrome);
        self.parts.iter().map(|part| part.material).max_by_key(|&m| heaviest(m)).unwrap_or(Material::Titanium)
    }
}

fn titanium(shape: Shape) -> ImplantBody {
    ImplantBody { shape, hu: METAL_HU, tissue: Tissue::Metal, material: Material::Titanium }
}

fn nail(centre: Point3<f64>, top: Point3<f64>, low: Point3<f64>, axis: Vector3<f64>) -> Implant {
    // The screw meets the nail's axis at the usual angle.
    let across = centre - top;
    let meeting = top - axis * (across.norm() * SCREW_SLOPE_DEG.to_radians().tan());
    let along = (centre - meeting).normalize();
    let (entry, tip) = (meeting - along * 22.0, centre + along * 8.0);
    let rod = |from, to, radius| titanium(Shape::Cone { from, to, radii: [radius; 2] });
    Implant { parts: vec![rod(top, low, NAIL_RADIUS_MM), rod(entry, tip, SCREW_RADIUS_MM)], cut: None }
}

fn replacement(
    side: Side,
    head: Point3<f64>,
    socket: Point3<f64>,
    socket_radius: f64,
    top: Point3<f64>,
    axis: Vector3<f64>,
) -> Implant {
    // Murray 1993, radiographic definition: the opening of a right cup looks outwards, forwards and down.
    let (inclination, anteversion) = (INCLINATION_DEG.to_radians(), ANTEVERSION_DEG.to_radians());
    let opening = Vector::<RightSide>::new(
        -anteversion.cos() * inclination.sin(),
        -anteversion.sin(),
        -anteversion.cos() * inclination.cos(),
    );
    let opening = side.leave(opening).coords();
    let outer = socket_radius + REAMED_MM;
    let shell = |radii| Shape::Shell { centre: socket, radii, axis: opening };
    // The neck leaves the head towards the canal, and meets it where it was cut.
    let neck = top - axis * (0.95 * (top - head).norm()) - head;
    let cut_direction = -neck.normalize();
    // The body of the stem fills the metaphysis from the cut to the canal, and goes on down the canal.
    let collar = head + neck.normalize() * CUT_MM;
    let shoulder = head + neck;
    let body = shoulder - axis * BODY_MM;
    let down = shoulder - axis * STEM_MM;
    let cone = |from, to, radii| Shape::Cone { from, to, radii };
    let polymer = ImplantBody {
        shape: shell([HEAD_RADIUS_MM, outer - SHELL_MM]),
        hu: POLYETHYLENE_HU,
        tissue: Tissue::Polymer,
        material: Material::Water,
    };
    let ball = cone(socket, socket, [HEAD_RADIUS_MM; 2]);
    Implant {
        parts: vec![
            polymer,
            titanium(shell([outer - SHELL_MM, outer])),
            titanium(cone(socket, collar, [NECK_RADIUS_MM, NECK_RADIUS_MM + 1.5])),
            titanium(cone(collar, body, [BODY_RADIUS_MM, STEM_RADII_MM[0]])),
            titanium(cone(body, down, STEM_RADII_MM)),
            ImplantBody {
                shape: ball,
                hu: METAL_HU,
                tissue: Tissue::Metal,
                material: Material::CobaltChrome,
            },
        ],
        cut: Some((Bone::femur(side), head + neck.normalize() * CUT_MM, cut_direction)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solids_have_their_size() {
        let cone = Shape::Cone { from: Point3::origin(), to: Point3::new(0.0, 0.0, 10.0), radii: [2.0, 4.0] };
        assert!((cone.outside(Point3::new(5.0, 0.0, 5.0)) - 2.0).abs() < 1e-12);
        assert_eq!(cone.reach(2), [-2.0, 14.0]);
        let shell = Shape::Shell { centre: Point3::origin(), radii: [20.0, 24.0], axis: Vector3::z() };
        assert!((shell.outside(Point3::new(0.0, 0.0, -22.0)) + 2.0).abs() < 1e-12);
        assert!(shell.outside(Point3::new(0.0, 0.0, 22.0)) > 20.0, "the opening is open");
        assert!((shell.outside(Point3::origin()) - 20.0).abs() < 1e-12);
    }

    #[test]
    fn a_replaced_hip_has_no_neck_of_bone_and_a_head_of_metal() {
        let (head, axis) = (Point3::origin(), Vector3::z());
        let hip = replacement(Side::Right, head, head, 26.0, Point3::new(-45.0, 5.0, 0.0), axis);
        assert!(hip.is_removed(Bone::FemurRight, head) && !hip.is_removed(Bone::FemurLeft, head));
        assert!(!hip.is_removed(Bone::FemurRight, Point3::new(-45.0, 5.0, -60.0)));
        let (mut hu, mut tissue) = (vec![0.0; 61], vec![0u8; 61]);
        hip.expose(&mut hu, &mut tissue, Point3::new(-30.0, 0.0, 0.0), 1.0);
        assert_eq!((hu[30], Tissue::of(tissue[30])), (METAL_HU, Tissue::Metal));
        // Medially: head, liner, shell, and nothing.
        let at = |mm: i32| Tissue::of(tissue[(30 + mm) as usize]);
        assert_eq!(
            (at(15), at(19), at(25), at(28)),
            (Tissue::Metal, Tissue::Polymer, Tissue::Metal, Tissue::Air)
        );
        assert_eq!(hip.material(), Material::CobaltChrome);
    }
}
