//! Width of the joint space between the bones of head and socket, over the part of the socket that bears load.

use super::profile;
use coxa_anatomy::osteoarthritis::{JointSpacePlace, Sector};
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side, Vector};
use coxa_imaging::CtVolume;
use coxa_imaging::sample::Sampler;
use coxa_shape::landmarks::axes::Axes;
use coxa_shape::landmarks::ball::Sphere;
use coxa_shape::landmarks::shape::Shape;
use nalgebra::Vector3;

/// The loaded part reaches so far from the vertical through the head centre.
const LOADED_DEG: f64 = 55.0;
/// Within this the part is superior, beyond it medial, anterior, lateral or posterior.
const SUPERIOR_DEG: f64 = 25.0;
/// Directions over a whole sphere; the loaded part has about a fifth of them.
const DIRECTIONS: usize = 2400;
/// Where the socket is further from the head than this, it does not cover it.
const WIDEST_MM: f64 = 15.0;
/// A space narrower than this, several times a scan's blur, may be narrowed by it and is measured by grey values; where it is wider, as
/// over the fossa, whose fat they would mistake, surfaces are right.
const NARROW_MM: f64 = 6.0;
/// The cortex is sought this far behind a surface, in mm.
const REACH_MM: f64 = 3.5;
/// Share of the loaded part that must be covered by the socket for its joint space to be measured.
const LEAST_COVERED: f64 = 0.3;
/// The least width is that which this share of the part is below: one flaw of a surface is no lost cartilage.
const LEAST_SHARE: f64 = 0.05;

/// The map, seen as of a right hip.
pub(crate) struct JointSpace {
    pub(crate) places: Vec<JointSpacePlace<RightSide>>,
    /// Where each line meets the socket, and its direction.
    pub(crate) on_socket: Vec<(Point<RightSide>, Vector<RightSide>)>,
}

/// Measures the joint space in every direction of the loaded part; `None` where the socket covers too little of it. With the CT by the
/// grey values across it, where it is narrow and they show two cortices, else between the surfaces; bone that overlaps leaves a width of zero.
pub(crate) fn measure(
    pelvis: &Shape,
    femur: &Shape,
    head: &Sphere,
    axes: &Axes<RightSide>,
    scan: Option<(&CtVolume, Side)>,
) -> Option<JointSpace> {
    let centre = head.centre;
    let (mut places, mut on_socket, mut asked) = (Vec::new(), Vec::new(), 0_usize);
    for direction in directions(DIRECTIONS) {
        let local = Vector3::new(
            direction.dot(&axes.anterior),
            direction.dot(&axes.superior),
            direction.dot(&axes.lateral),
        );
        let from_vertical = local.y.clamp(-1.0, 1.0).acos().to_degrees();
        if from_vertical > LOADED_DEG {
            continue;
        }
        asked += 1;
        let along = Vector::from_coords(direction);
        let farthest = head.radius + WIDEST_MM;
        let Some(bone) = femur.query.ray(centre, along, farthest) else { continue };
        let Some(socket) = pelvis.query.ray(centre, along, farthest) else { continue };
        let is_cut = |shape: &Shape, triangle: usize| {
            shape.mesh.triangles[triangle].iter().any(|&v| shape.cut[v as usize])
        };
        if is_cut(femur, bone.triangle) || is_cut(pelvis, socket.triangle) {
            continue;
        }
        let between = (bone.distance.min(socket.distance), socket.distance.max(bone.distance));
        if between.1 - between.0 >= WIDEST_MM {
            continue;
        }
        let narrow = scan.filter(|_| between.1 - between.0 < NARROW_MM);
        let by_grey = narrow.and_then(|(ct, side)| across(ct, side, centre, along, between));
        places.push(JointSpacePlace {
            place_mm: centre + along * bone.distance,
            width_mm: by_grey.unwrap_or((socket.distance - bone.distance).max(0.0)),
            sector: sector(&local, from_vertical),
        });
        on_socket.push((centre + along * socket.distance, along));
    }
    (places.len() as f64 >= LEAST_COVERED * asked as f64 && places.len() > 20)
        .then_some(JointSpace { places, on_socket })
}

/// Width by the grey values along a line from the head centre, between two distances from it.
fn across(
    ct: &CtVolume,
    side: Side,
    centre: Point<RightSide>,
    direction: Vector<RightSide>,
    (from, to): (f64, f64),
) -> Option<f64> {
    let sampler = Sampler::new(ct);
    let start = from - REACH_MM - 1.0;
    let steps = ((to - start + REACH_MM + 1.0) / profile::STEP_MM) as usize;
    let hu: Vec<f64> = (0..=steps)
        .map(|k| {
            let p = centre + direction * (start + profile::STEP_MM * k as f64);
            sampler.linear(ct.grid.to_voxel(side.leave(p)).coords())
        })
        .collect::<Option<_>>()?;
    profile::gap(&hu, from - start, to - start, REACH_MM)
}

fn sector(local: &Vector3<f64>, from_vertical: f64) -> Sector {
    if from_vertical <= SUPERIOR_DEG {
        Sector::Superior
    } else if local.x.abs() > local.z.abs() {
        if local.x > 0.0 { Sector::Anterior } else { Sector::Posterior }
    } else if local.z > 0.0 {
        Sector::Lateral
    } else {
        Sector::Medial
    }
}

impl JointSpace {
    /// Mean width in mm of a sector, of all where it is `None`; `None` where it has no places.
    pub(crate) fn mean(&self, sector: Option<Sector>) -> Option<f64> {
        let widths: Vec<f64> =
            self.places.iter().filter(|p| sector.is_none_or(|s| p.sector == s)).map(|p| p.width_mm).collect();
        (!widths.is_empty()).then(|| widths.iter().sum::<f64>() / widths.len() as f64)
    }

    /// The width that a twentieth of the places is below.
    pub(crate) fn least(&self) -> f64 {
        let mut widths: Vec<f64> = self.places.iter().map(|p| p.width_mm).collect();
        widths.sort_by(f64::total_cmp);
        widths.get((LEAST_SHARE * widths.len() as f64) as usize).copied().unwrap_or(0.0)
    }
}

/// Directions spread evenly over the sphere, by the golden angle.
pub(crate) fn directions(count: usize) -> impl Iterator<Item = Vector3<f64>> {
    let golden = std::f64::consts::PI * (3.0 - 5.0_f64.sqrt());
    (0..count).map(move |k| {
        let z = 1.0 - 2.0 * (k as f64 + 0.5) / count as f64;
        let (radius, angle) = ((1.0 - z * z).sqrt(), golden * k as f64);
        Vector3::new(radius * angle.cos(), radius * angle.sin(), z)
    })
}
