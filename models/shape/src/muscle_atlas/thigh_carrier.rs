//! Where the bones that the shape models complete carry the strands of the thigh.

use super::thigh::{ThighBones, ThighLandmarks};
use crate::landmarks::ball::{Facing, find_sphere};
use crate::landmarks::hip_bone::{HipBone, find_axes, find_prominences};
use crate::landmarks::shape::Shape;
use crate::landmarks::{distal_femur, proximal_femur};
use crate::shape_model::shipped;
use coxa_geometry::frame::{Frame, Patient, RightSide};
use coxa_geometry::{Mesh, Point, Side, Transform};
use nalgebra::{Point3, Vector3};
use std::sync::OnceLock;

/// What carries the strands of one side.
#[derive(Debug, Clone)]
pub struct ThighCarrier {
    /// Where the strands are fastened, seen as of a right hip.
    pub bones: ThighBones,
    /// Whether the scan shows the knee.
    pub is_knee_seen: bool,
    /// The middle of the pelvis: beyond this x is the other thigh.
    pub middle_x: f64,
}

/// Vertices of the shape models that are landmarks.
struct Anchors {
    trochanter: usize,
    medial: usize,
    lateral: usize,
    asis: usize,
    tubercle: usize,
    /// Vertices of the hip bone.
    hip: Vec<usize>,
}

impl Anchors {
    /// Of the shipped models; `None` where a landmark is not found on a mean.
    fn get() -> Option<&'static Anchors> {
        static ANCHORS: OnceLock<Option<Anchors>> = OnceLock::new();
        ANCHORS.get_or_init(Anchors::find).as_ref()
    }

    fn find() -> Option<Anchors> {
        let (pelvis, femur) = (shipped::pelvis()?, shipped::femur()?);
        let thigh: Mesh<RightSide> = Transform::identity().apply(&femur.mean_mesh());
        let shape = Shape::whole(thigh.clone())?;
        let head = find_sphere(&shape, Facing::Ball)?;
        let proximal = proximal_femur::find(&shape, &head, Vector3::z())?;
        let distal = distal_femur::find(&shape, &head, proximal.up, proximal.medial).ok()?;
        let whole: Mesh<Patient> = Transform::identity().apply(&pelvis.mean_mesh());
        let pieces = pelvis.pieces();
        let [right, left] = [(0, Side::Right), (1, Side::Left)]
            .map(|(n, side)| Shape::whole(side.enter(pieces.mesh(&whole, n))));
        let (right, left) = (right?, left?);
        let bone = |side, shape| Some(HipBone { side, shape, joint: find_sphere(shape, Facing::Socket)? });
        let hips = [bone(Side::Right, &right)?, bone(Side::Left, &left)?];
        let prominences = find_prominences(&hips[0], &find_axes(&hips));
        Some(Anchors {
            trochanter: nearest(&thigh, proximal.lesser.ok()?.point)?,
            medial: nearest(&thigh, distal.medial_epicondyle.point)?,
            lateral: nearest(&thigh, distal.lateral_epicondyle.point)?,
            asis: nearest(&whole, Side::Right.leave(prominences.asis.ok()?.point))?,
            tubercle: nearest(&whole, Side::Right.leave(prominences.pubic_tubercle.ok()?.point))?,
            hip: pieces.vertices(0),
        })
    }
}

/// The vertex nearest to a place.
fn nearest<F: Frame>(mesh: &Mesh<F>, place: Point<F>) -> Option<usize> {
    let distance = |v: &usize| (mesh.vertices[*v] - place).coords().norm_squared();
    (0..mesh.vertices.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

impl ThighCarrier {
    /// On bones with the vertices of the shape models, seen as right ones, of which the scan shows those of the femur that are `seen`.
    pub fn on(
        pelvis: &[Point<RightSide>],
        femur: &[Point<RightSide>],
        seen: &[bool],
    ) -> Option<ThighCarrier> {
        let anchors = Anchors::get()?;
        let at = |all: &[Point<RightSide>], vertex: usize| all.get(vertex).map(|p| p.coords());
        let landmarks = ThighLandmarks {
            trochanter: at(femur, anchors.trochanter)?,
            medial: at(femur, anchors.medial)?,
            lateral: at(femur, anchors.lateral)?,
            asis: at(pelvis, anchors.asis)?,
            tubercle: at(pelvis, anchors.tubercle)?,
        };
        let hip = anchors.hip.iter().filter_map(|&v| at(pelvis, v));
        let bones = ThighBones::of(&landmarks, femur.iter().map(|p| p.coords()), hip)?;
        let (least, most) = pelvis
            .iter()
            .map(|p| p.x())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), x| (least.min(x), most.max(x)));
        let is_knee_seen =
            [anchors.medial, anchors.lateral].iter().all(|&vertex| seen.get(vertex) == Some(&true));
        Some(ThighCarrier { bones, is_knee_seen, middle_x: (least + most) / 2.0 })
    }

    /// Lowest and highest corner of a box about the thigh below the lesser trochanter.
    pub fn bounds(&self) -> [Point3<f64>; 2] {
        let ends = [self.bones.shaft, self.bones.knee];
        let low = ends[0].inf(&ends[1]) - Vector3::new(75.0, 90.0, 20.0);
        let high = ends[0].sup(&ends[1]) + Vector3::new(0.0, 100.0, 0.0);
        [low, Point3::new(high.x.max(self.middle_x), high.y, high.z)]
    }
}

#[cfg(test)]
mod tests {
    use super::super::MuscleAtlas;
    use super::*;

    fn stand(vertices: Vec<Point<coxa_geometry::frame::Template>>) -> Vec<Point<RightSide>> {
        vertices.into_iter().map(|p| Point::from_coords(p.coords())).collect()
    }

    #[test]
    fn strands_hang_on_the_bones_of_the_models() {
        let (pelvis, femur) = (shipped::pelvis().unwrap(), shipped::femur().unwrap());
        let atlas = MuscleAtlas::shipped().unwrap();
        let carrier =
            ThighCarrier::on(&stand(pelvis.mean_mesh().vertices), &stand(atlas.femur_vertices(femur)), &[])
                .unwrap();
        let ThighBones { shaft, knee, lateral, asis, ramus, ischium } = carrier.bones;
        // A right hip: outwards is -x, the front -y, up +z. How far the atlas's thigh is adducted is no matter here.
        assert!(lateral.x < knee.x - 25.0, "{:?}", carrier.bones);
        assert!((280.0..450.0).contains(&(shaft - knee).norm()));
        assert!(asis.z > shaft.z + 90.0 && asis.y < ischium.y - 60.0 && asis.x < ramus.x - 50.0);
        assert!(ischium.z < ramus.z && ramus.x < carrier.middle_x && ischium.x < ramus.x);
        assert!(ThighCarrier::on(&[], &[], &[]).is_none());
        let [low, high] = carrier.bounds();
        assert!(low.z < knee.z && high.x >= carrier.middle_x && low.x < lateral.x);
    }
}
