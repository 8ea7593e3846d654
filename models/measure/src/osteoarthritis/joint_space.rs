//! Width of the joint space between the bones of head and socket, over the part of the socket that bears load.

use super::profile::{self, Gap};
use coxa_anatomy::osteoarthritis::{JointSpacePlace, Sector};
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side, Vector};
use coxa_imaging::CtVolume;
use coxa_imaging::sample::Sampler;
use coxa_shape::landmarks::axes::Axes;
use coxa_shape::landmarks::ball::Sphere;
use coxa_shape::landmarks::shape::Shape;
use nalgebra::Vector3;
use rayon::prelude::*;

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
/// Blurs that a scanner may have of itself (standard deviation in mm, from a sharp kernel to a soft one), by which a joint's lines are
/// explained; how many of them are asked.
const BLURS_MM: [f64; 5] = [0.3, 0.5, 0.7, 0.9, 1.1];
const ASKED_FOR_BLUR: usize = 60;
/// Lines this near to each other see the same joint space: their mean counts where the least is sought, for noise alone makes one of many
/// narrow.
const TOGETHER_DEG: f64 = 6.0;
/// Share of the loaded part that must be covered by the socket for its joint space to be measured.
const LEAST_COVERED: f64 = 0.3;
/// The least width is that which this share of the part is below: one flaw of a surface is no lost cartilage.
const LEAST_SHARE: f64 = 0.05;

/// The map, seen as of a right hip.
pub(crate) struct JointSpace {
    pub(crate) places: Vec<JointSpacePlace<RightSide>>,
    /// Where each line meets the socket, and its direction.
    pub(crate) on_socket: Vec<(Point<RightSide>, Vector<RightSide>)>,
    /// What the width of each place is sure to, in mm; `None` where it is that between the surfaces.
    pub(crate) spreads: Vec<Option<f64>>,
}

/// A line from the head centre through the joint: its direction, where it leaves the head and meets the socket, and its sector.
struct Line {
    along: Vector<RightSide>,
    bone: f64,
    socket: f64,
    sector: Sector,
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
    let (lines, asked) = lines(pelvis, femur, head, axes);
    if (lines.len() as f64) < LEAST_COVERED * asked as f64 || lines.len() <= 20 {
        return None;
    }
    let gaps = match scan {
        Some((ct, side)) => Across { ct, side, centre: head.centre }.gaps(&lines),
        None => vec![None; lines.len()],
    };
    let place = |(line, gap): (&Line, &Option<Gap>)| JointSpacePlace {
        place_mm: head.centre + line.along * line.bone,
        width_mm: gap.map_or((line.socket - line.bone).max(0.0), |gap| gap.width_mm),
        sector: line.sector,
    };
    Some(JointSpace {
        places: lines.iter().zip(&gaps).map(place).collect(),
        on_socket: lines.iter().map(|l| (head.centre + l.along * l.socket, l.along)).collect(),
        spreads: gaps.iter().map(|gap| gap.map(|gap| gap.spread_mm)).collect(),
    })
}

/// The lines through the loaded part of the joint that meet both bones, and how many were asked.
fn lines(pelvis: &Shape, femur: &Shape, head: &Sphere, axes: &Axes<RightSide>) -> (Vec<Line>, usize) {
    let (mut lines, mut asked) = (Vec::new(), 0_usize);
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
        let Some(bone) = femur.query.ray(head.centre, along, farthest) else { continue };
        let Some(socket) = pelvis.query.ray(head.centre, along, farthest) else { continue };
        let is_cut = |shape: &Shape, triangle: usize| {
            shape.mesh.triangles[triangle].iter().any(|&v| shape.cut[v as usize])
        };
        if is_cut(femur, bone.triangle) || is_cut(pelvis, socket.triangle) {
            continue;
        }
        if (socket.distance - bone.distance).abs() < WIDEST_MM {
            let sector = sector(&local, from_vertical);
            lines.push(Line { along, bone: bone.distance, socket: socket.distance, sector });
        }
    }
    (lines, asked)
}

/// The scan across a joint.
struct Across<'a> {
    ct: &'a CtVolume,
    side: Side,
    centre: Point<RightSide>,
}

impl Across<'_> {
    /// The gap along every line where it is narrow and shows two cortices. How much the scanner blurs is what explains the lines best.
    fn gaps(&self, lines: &[Line]) -> Vec<Option<Gap>> {
        let every = lines.len().div_ceil(ASKED_FOR_BLUR).max(1);
        let cost = |blur: f64| -> f64 {
            let some: Vec<&Line> = lines.iter().step_by(every).collect();
            let costs: Vec<f64> =
                some.par_iter().filter_map(|line| Some(self.gap(line, blur)?.cost)).collect();
            costs.iter().sum()
        };
        let costs = BLURS_MM.map(|blur| (cost(blur), blur));
        let blur = costs.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or(BLURS_MM[1], |best| best.1);
        lines.par_iter().map(|line| self.gap(line, blur)).collect()
    }

    /// Width by the grey values along a line, for a scanner that blurs so much of itself; its voxels and what is read between them add to it.
    fn gap(&self, line: &Line, blur_mm: f64) -> Option<Gap> {
        let (from, to) = (line.bone.min(line.socket), line.bone.max(line.socket));
        if to - from >= NARROW_MM {
            return None;
        }
        let sampler = Sampler::new(self.ct);
        let start = from - profile::REACH_MM - 1.0;
        let steps = ((to - start + profile::REACH_MM + 1.0) / profile::STEP_MM) as usize;
        let hu: Vec<f64> = (0..=steps)
            .map(|k| {
                let p = self.centre + line.along * (start + profile::STEP_MM * k as f64);
                sampler.linear(self.ct.grid.to_voxel(self.side.leave(p)).coords())
            })
            .collect::<Option<_>>()?;
        let along = self.side.leave(line.along).coords();
        // A voxel averages over a box (its square over twelve); reading linearly between voxels over a triangle, on average a sixth.
        let voxel_mm2: f64 = self.ct.grid.step.column_iter().map(|step| step.dot(&along).powi(2)).sum();
        let blur = (blur_mm * blur_mm + voxel_mm2 * (1.0 / 12.0 + 1.0 / 6.0)).sqrt();
        profile::gap(&hu, from - start, to - start, blur, voxel_mm2.sqrt())
    }
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

    /// The width that a twentieth of the places is below, each taken together with its neighbours.
    pub(crate) fn least(&self) -> f64 {
        let together = TOGETHER_DEG.to_radians().cos();
        let mut widths: Vec<f64> = self
            .on_socket
            .iter()
            .map(|(_, along)| {
                let near =
                    self.on_socket.iter().zip(&self.places).filter(|((_, a), _)| a.dot(*along) >= together);
                let (sum, count) =
                    near.fold((0.0, 0.0), |(sum, count), (_, p)| (sum + p.width_mm, count + 1.0));
                sum / f64::max(count, 1.0)
            })
            .collect();
        widths.sort_by(f64::total_cmp);
        widths.get((LEAST_SHARE * widths.len() as f64) as usize).copied().unwrap_or(0.0)
    }

    /// What widths are sure to, where surfaces are sure to `surface_mm`: lines share the blur, the density of plates and cartilage that were
    /// assumed, so that many of them are little surer than one.
    pub(crate) fn spread(&self, surface_mm: f64) -> f64 {
        let surfaces = surface_mm * 2.0_f64.sqrt();
        let sum: f64 = self.spreads.iter().map(|s| s.unwrap_or(surfaces).powi(2)).sum();
        (sum / self.spreads.len().max(1) as f64).sqrt()
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
