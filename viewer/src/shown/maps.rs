//! Colour maps: a number for every vertex of a surface, with its unit and the range that its colours span.

use super::{Body, Group, Shown, ShownPart, Stage, Surface};
use coxa_anatomy::Bone;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Point, Transform, Vector};
use coxa_imaging::Volume;
use coxa_imaging::sample::Sampler;
use coxa_planner::pictures::Colour;
use coxa_planner::placement::{WALL_REACH_MM, bone_behind_shell};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What a surface is coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MapKind {
    /// From the outside of the shell to the bone it sits in: what is within a millimetre is covered.
    CupContact,
    /// Bone of the pelvis that is left beyond the cup, along lines from its centre.
    Wall,
    /// Hounsfield units of bone just under its surface.
    Density,
    /// Width of the joint space as it was measured, on the socket.
    JointSpace,
    /// How unsure the labels are at the surface.
    Uncertainty,
}

impl MapKind {
    /// All, in the order in which they are listed.
    pub const ALL: [MapKind; 5] =
        [MapKind::CupContact, MapKind::Wall, MapKind::Density, MapKind::JointSpace, MapKind::Uncertainty];

    /// What a list calls it.
    pub const fn title(self) -> &'static str {
        match self {
            MapKind::CupContact => "Cup-bone gap",
            MapKind::Wall => "Bone thickness behind the cup",
            MapKind::Density => "Density beneath the surface",
            MapKind::JointSpace => "Joint space",
            MapKind::Uncertainty => "Segmentation uncertainty",
        }
    }

    /// Unit of its numbers.
    pub const fn unit(self) -> &'static str {
        match self {
            MapKind::CupContact | MapKind::Wall | MapKind::JointSpace => "mm",
            MapKind::Density => "HU",
            MapKind::Uncertainty => "%",
        }
    }

    /// What the ends of the colour scale mean; beyond them colours stay.
    pub const fn range(self) -> [f64; 2] {
        match self {
            MapKind::CupContact => [0.0, 3.0],
            MapKind::Wall => [0.0, 12.0],
            MapKind::Density => [0.0, 1200.0],
            MapKind::JointSpace => [0.0, 6.0],
            MapKind::Uncertainty => [0.0, 100.0],
        }
    }

    /// The colour of a value. Scales rise evenly in lightness and ask for no particular eyes (viridis, cividis and magma of
    /// matplotlib); little of a wall or a joint is what stands out.
    pub fn colour(self, value: f64) -> Colour {
        let [low, high] = self.range();
        let part = ((value - low) / (high - low)).clamp(0.0, 1.0);
        let colour = match self {
            MapKind::CupContact | MapKind::Uncertainty => colorous::MAGMA.eval_continuous(0.95 - 0.8 * part),
            MapKind::Wall | MapKind::JointSpace => colorous::MAGMA.eval_continuous(0.3 + 0.65 * part),
            MapKind::Density => colorous::VIRIDIS.eval_continuous(part),
        };
        [colour.r, colour.g, colour.b]
    }

    /// Whether a part has values of it.
    pub fn is_of(self, shown: &Shown, index: usize) -> bool {
        let Some(part) = shown.parts.get(index) else { return false };
        let is_own_hip = part.name == Bone::hip(shown.side).name();
        match self {
            MapKind::CupContact => part.name == "shell",
            MapKind::Wall => is_own_hip && shown.planned.is_some(),
            MapKind::Density => part.group == Group::Bones,
            MapKind::JointSpace => is_own_hip && !shown.anatomy.side(shown.side).joint_space.is_empty(),
            MapKind::Uncertainty => {
                let is_labelled = part.group != Group::Implants && part.stage != Some(Stage::Planned);
                is_labelled && matches!(shown.uncertainty(), Ok(Some(_)))
            }
        }
    }

    /// Values at the vertices of a part; `None` where it has none.
    pub fn of_part(self, shown: &Shown, index: usize) -> Option<Vec<Option<f64>>> {
        let part = shown.parts.get(index).filter(|_| self.is_of(shown, index))?;
        let mesh = &part.surface.mesh;
        match self {
            MapKind::CupContact => cup_contact(shown, mesh),
            MapKind::Wall => walls(shown, &part.surface),
            MapKind::Density => Some(densities(shown, part)),
            MapKind::JointSpace => joint_space(shown, mesh),
            MapKind::Uncertainty => Some(uncertainties(shown.uncertainty().as_ref().ok()?.as_ref()?, mesh)),
        }
    }
}

fn each(
    mesh: &Mesh<Patient>,
    value: impl Fn(Point<Patient>, usize) -> Option<f64> + Sync,
) -> Vec<Option<f64>> {
    mesh.vertices
        .par_iter()
        .enumerate()
        .map(|(n, &place)| value(place, n).filter(|v| v.is_finite()))
        .collect()
}

fn own_hip(shown: &Shown) -> Option<&Surface> {
    let name = Bone::hip(shown.side).name();
    shown.parts.iter().find(|part| part.name == name).map(|part| &*part.surface)
}

/// Outside of the shell: the part of its vertices that lies on its outer sphere.
fn cup_contact(shown: &Shown, shell: &Mesh<Patient>) -> Option<Vec<Option<f64>>> {
    const ON_SPHERE_MM: f64 = 0.3;
    const FURTHEST_MM: f64 = 30.0;
    let planned = shown.planned.as_ref()?;
    let bone = own_hip(shown)?.query.as_ref()?;
    let (centre, radius) = (planned.plan.cup.centre_mm, planned.plan.cup.size_mm / 2.0);
    Some(each(shell, |place, _| {
        if place.distance(centre) < radius - ON_SPHERE_MM {
            return None;
        }
        if bone.contains(place) {
            return Some(0.0);
        }
        Some(bone.closest_within(place, FURTHEST_MM).map_or(FURTHEST_MM, |(_, _, distance)| distance))
    }))
}

/// Bone that remains along the line from the cup's centre through each vertex of the bed and behind it.
fn walls(shown: &Shown, hip: &Surface) -> Option<Vec<Option<f64>>> {
    /// Vertices further from the cup than this are of other parts of the bone.
    const BEHIND_MM: f64 = 25.0;
    let planned = shown.planned.as_ref()?;
    let query = hip.query.as_ref()?;
    let (centre, radius) = (planned.plan.cup.centre_mm, planned.plan.cup.size_mm / 2.0);
    let out = planned.pose.cup_frame.apply(Vector::new(0.0, 0.0, 1.0));
    Some(each(&hip.mesh, |place, _| {
        let along = (place - centre).normalised()?;
        // The cup's own half of the sphere.
        if along.dot(out) > 0.0 || place.distance(centre) > radius + BEHIND_MM {
            return None;
        }
        let wall = bone_behind_shell(query, centre, radius, along);
        // Bone that begins further out is of another part.
        (wall > 0.0 || place.distance(centre) <= radius + WALL_REACH_MM).then_some(wall)
    }))
}

/// What the CT shows a little under a surface, where the cortex is: the mean over some depth, lest voxels show as rings.
fn densities(shown: &Shown, part: &ShownPart) -> Vec<Option<f64>> {
    const UNDER_MM: [f64; 5] = [1.0, 1.5, 2.0, 2.5, 3.0];
    let mesh = &part.surface.mesh;
    let normals = mesh.vertex_normals();
    let sampler = Sampler::new(&shown.ct);
    // The planned femur lies where the reduction brought it; the CT is of the scanned one.
    let planned = shown.planned.as_ref().filter(|_| part.body == Body::Femur);
    let back = planned.map_or_else(Transform::identity, |planned| planned.pose.reduced().inverse());
    each(mesh, |place, n| {
        mean(UNDER_MM.map(|under| {
            let place = back.apply(place - normals[n] * under);
            sampler.linear(shown.ct.grid.to_voxel(place).coords())
        }))
    })
}

/// Across the surface by a voxel either way: at its border a structure is unsure of itself in every other voxel.
fn uncertainties(uncertainty: &Volume<u16>, mesh: &Mesh<Patient>) -> Vec<Option<f64>> {
    let normals = mesh.vertex_normals();
    let sampler = Sampler::new(uncertainty);
    let voxel = uncertainty.grid.spacing_mm().into_iter().fold(0.0, f64::max);
    each(mesh, |place, n| {
        mean([-1.0, -0.5, 0.0, 0.5, 1.0].map(|off| {
            let place = place + normals[n] * (off * voxel);
            sampler.linear(uncertainty.grid.to_voxel(place).coords())
        }))
    })
}

fn mean(values: [Option<f64>; 5]) -> Option<f64> {
    let (sum, count) =
        values.iter().flatten().fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// The measured width nearest in direction from the head's centre, on the part of the socket that was measured.
fn joint_space(shown: &Shown, hip: &Mesh<Patient>) -> Option<Vec<Option<f64>>> {
    /// Measured directions are about four degrees apart.
    const NEAR_COS: f64 = 0.9962;
    const FURTHEST_MM: f64 = 18.0;
    let side = shown.anatomy.side(shown.side);
    let head = side.head.as_ref()?;
    let measured: Vec<_> = side
        .joint_space
        .iter()
        .filter_map(|place| Some(((place.place_mm - head.centre_mm).normalised()?, place.width_mm)))
        .collect();
    if measured.is_empty() {
        return None;
    }
    let normals = hip.vertex_normals();
    Some(each(hip, |place, n| {
        let off = place - head.centre_mm;
        let along = off.normalised()?;
        // The socket faces the head and is near to it.
        if off.norm() > head.radius_mm + FURTHEST_MM || normals[n].dot(along) > -0.2 {
            return None;
        }
        let nearest = measured.iter().max_by(|a, b| a.0.dot(along).total_cmp(&b.0.dot(along)))?;
        (nearest.0.dot(along) > NEAR_COS).then_some(nearest.1)
    }))
}
