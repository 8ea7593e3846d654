//! The walls of the acetabulum that a shell leaves: bone beyond its outer sphere, medially, in front and behind.

use super::hip::RightHip;
use coxa_geometry::frame::{Frame, RightSide};
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Point, Vector};
use std::f64::consts::TAU;

/// pi (3 - sqrt 5)
pub(crate) const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;
/// Bone that starts further than this beyond the cup is not the wall of its bed.
pub const WALL_REACH_MM: f64 = 12.0;
/// Bone is followed no further.
const THICKEST_MM: f64 = 40.0;
/// How far beyond a shell the walls of a hip are sought: behind one that is brought back from protrusio lies the gap as well.
pub(crate) fn wall_reach_mm(hip: &RightHip) -> f64 {
    WALL_REACH_MM + hip.inwards_mm()
}

/// Half the opening of the cones in which walls are looked for.
pub(crate) const MEDIAL_CONE_DEG: f64 = 35.0;
pub(crate) const OBLIQUE_CONE_DEG: f64 = 20.0;
/// Rays in the cone in which a wall is looked for, and the fewest of which there is a tenth percentile.
const RAYS: usize = 61;
const LEAST_RAYS: usize = 10;

/// Bone that remains beyond the shell in a cone of directions; no thickness where no bone lies along a ray.
#[derive(Debug, Clone)]
pub(crate) struct Wall {
    /// Of each ray through the native acetabulum, sorted; at least [`LEAST_RAYS`].
    thicknesses_mm: Vec<f64>,
    /// Of each ray that meets bone, sorted.
    of_bone_mm: Vec<f64>,
    /// Part of the shell's sphere that each ray stands for.
    ray_mm2: f64,
}

impl Wall {
    /// The wall within a cone of directions from a shell's centre; `None` of one that lies outside the native acetabulum.
    fn in_cone(
        hip: &RightHip,
        centre: Point<RightSide>,
        radius_mm: f64,
        direction: Vector<RightSide>,
        half_cone_deg: f64,
    ) -> Option<Self> {
        let direction = direction.normalised()?;
        let (u, v) = direction.across();
        let reach_mm = wall_reach_mm(hip);
        let least_cos = half_cone_deg.to_radians().cos();
        let rays: Vec<(bool, Option<f64>)> = (0..RAYS)
            .map(|i| {
                let z = 1.0 - (1.0 - least_cos) * (i as f64 + 0.5) / RAYS as f64;
                let r = (1.0 - z * z).max(0.0).sqrt();
                let (sin, cos) = (i as f64 * GOLDEN_ANGLE).sin_cos();
                let along = direction * z + u * (r * cos) + v * (r * sin);
                // Past the rim of the acetabulum no bone is missing from its wall.
                let is_within = hip.rim.holds(centre + along * radius_mm);
                (is_within, met_bone(&hip.pelvis, centre, [radius_mm, reach_mm], along))
            })
            .collect();
        let sorted = |mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            all
        };
        let within = rays.iter().filter(|(is_within, _)| *is_within);
        let thicknesses_mm = sorted(within.map(|(_, met)| met.unwrap_or(0.0)).collect());
        let of_bone_mm = sorted(rays.iter().filter_map(|(_, met)| *met).collect());
        let ray_mm2 = TAU * (1.0 - least_cos) * radius_mm * radius_mm / RAYS as f64;
        (thicknesses_mm.len() >= LEAST_RAYS).then_some(Wall { thicknesses_mm, of_bone_mm, ray_mm2 })
    }

    /// Tenth percentile of the rays.
    pub(crate) fn thickness_mm(&self) -> f64 {
        self.thicknesses_mm[self.thicknesses_mm.len() / 10]
    }

    /// Area of the sphere behind which no more than so much bone remains: the hole in the wall, of zero.
    pub(crate) fn hole_mm2(&self, thickness_mm: f64) -> f64 {
        let open = self.thicknesses_mm.partition_point(|thickness| *thickness <= thickness_mm);
        self.ray_mm2 * open as f64
    }

    /// Tenth percentile of the rays that meet bone; `None` where most meet none. Placement weighs this: bone that is missing in the native
    /// hip comes back wherever the shell lies, and to flee from it costs bone elsewhere.
    pub(super) fn of_bone_mm(&self) -> Option<f64> {
        (self.of_bone_mm.len() >= RAYS / 2).then(|| self.of_bone_mm[self.of_bone_mm.len() / 10])
    }

    /// Number of rays.
    pub(crate) fn rays(&self) -> usize {
        self.thicknesses_mm.len()
    }
}

/// Bone that remains around a cup; `None` where the native acetabulum opens and has no wall.
#[derive(Debug, Clone)]
pub(crate) struct Walls {
    pub(crate) medial: Option<Wall>,
    pub(crate) anterior: Option<Wall>,
    pub(crate) posterior: Option<Wall>,
}

impl Walls {
    /// Those of a shell about a centre. They do not depend on where the cup opens.
    pub(crate) fn new(hip: &RightHip, centre: Point<RightSide>, radius_mm: f64) -> Self {
        let medial = hip.medial();
        // The front wall of most people ends 60 to 65 degrees ahead of medial (anterior acetabular sector angle).
        let oblique = |ahead: Vector<RightSide>| medial + ahead;
        Walls {
            medial: Wall::in_cone(hip, centre, radius_mm, medial, MEDIAL_CONE_DEG),
            anterior: Wall::in_cone(hip, centre, radius_mm, oblique(hip.axes.anterior), OBLIQUE_CONE_DEG),
            posterior: Wall::in_cone(hip, centre, radius_mm, oblique(-hip.axes.anterior), OBLIQUE_CONE_DEG),
        }
    }
}

/// Bone that remains beyond a shell's outer sphere along a direction from its centre, mm: zero where the shell has gone through,
/// where no bone lies along the ray, and where none begins within 12 mm of the shell.
pub fn bone_behind_shell<F: Frame>(
    bone: &MeshQuery<F>,
    centre: Point<F>,
    radius_mm: f64,
    direction: Vector<F>,
) -> f64 {
    met_bone(bone, centre, [radius_mm, WALL_REACH_MM], direction).unwrap_or(0.0)
}

/// The same; `None` where no bone lies along the ray, or none that begins within reach of the shell.
fn met_bone<F: Frame>(
    bone: &MeshQuery<F>,
    centre: Point<F>,
    [radius_mm, reach_mm]: [f64; 2],
    direction: Vector<F>,
) -> Option<f64> {
    let reach = radius_mm + reach_mm + THICKEST_MM;
    let crossings = crossings(bone, centre, direction, reach);
    // A ray that runs along a ramus is still in bone where it ends.
    let mut near = crossings
        .chunks(2)
        .map(|pair| [pair[0], pair.get(1).copied().unwrap_or(reach)])
        .take_while(|[enters, _]| *enters <= radius_mm + reach_mm)
        .peekable();
    near.peek()?;
    let wall = near.find(|[_, leaves]| *leaves > radius_mm);
    Some(wall.map_or(0.0, |[enters, leaves]| leaves - enters.max(radius_mm)))
}

/// A ray goes on this far behind a crossing.
const RAY_STEP_MM: f64 = 1e-4;
/// More crossings than this are not looked for.
const MOST_CROSSINGS: usize = 16;

/// Distances at which a ray enters and leaves bone, in turn, beginning with an entry.
pub(super) fn crossings<F: Frame>(
    bone: &MeshQuery<F>,
    from: Point<F>,
    direction: Vector<F>,
    reach: f64,
) -> Vec<f64> {
    let mut found = Vec::new();
    if bone.contains(from) {
        found.push(0.0);
    }
    let mut at = 0.0;
    while found.len() < MOST_CROSSINGS
        && let Some(hit) = bone.ray(from + direction * at, direction, reach - at)
    {
        found.push(at + hit.distance);
        at += hit.distance + RAY_STEP_MM;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Mesh;
    use coxa_geometry::frame::Patient;

    /// A box from the origin's side of x = 20 on, so many millimetres long.
    fn bar(length_mm: f64) -> MeshQuery<Patient> {
        let corner = |i: usize| {
            let pick = |bit: usize, low: f64, high: f64| if i >> bit & 1 == 1 { high } else { low };
            Point::new(pick(0, 20.0, 20.0 + length_mm), pick(1, -5.0, 5.0), pick(2, -5.0, 5.0))
        };
        let faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        let triangles = faces.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
        MeshQuery::new(&Mesh { vertices: (0..8).map(corner).collect(), triangles }).unwrap()
    }

    #[test]
    fn bone_that_goes_on_past_the_reach_of_a_ray_is_a_thick_wall_and_not_none() {
        let along = Vector::new(1.0, 0.0, 0.0);
        let behind = |length: f64| bone_behind_shell(&bar(length), Point::origin(), 25.0, along);
        assert!((behind(15.0) - 10.0).abs() < 1e-3);
        assert!((behind(200.0) - WALL_REACH_MM - THICKEST_MM).abs() < 1e-3);
        // Through the far side, and too far from the shell to be its bed.
        assert_eq!(behind(4.0), 0.0);
        assert_eq!(bone_behind_shell(&bar(15.0), Point::origin(), 5.0, along), 0.0);
    }
}
