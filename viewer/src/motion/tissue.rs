//! Muscles that go along with a hip.
//!
//! A surface of a label does not say what moves with what. Each of its places goes a part of the femur's motion: none of it where the
//! pelvis is near and the femur far, all of it the other way round, w = p^4 / (p^4 + f^4) with p and f the distances from both bones as
//! scanned. A part of a motion is the same turn about the hip's centre by a part of its angle, so that what bends keeps its girth. It shows
//! which way a muscle goes; it is an illustration and no mechanics. Lines of action are computed
//! ([`coxa_planner::loads::MovingLeg`]).

use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, Transform, Vector};
use nalgebra::{Isometry3, Translation3, UnitQuaternion, Vector3};
use rayon::prelude::*;

/// Steps from what stays to what goes all the way.
const LEVELS: u8 = 128;

/// A surface that bends with the hip.
pub struct Tissue {
    vertices: Vec<Point<Patient>>,
    normals: Vec<Vector<Patient>>,
    /// Part of the motion that each vertex makes, of [`LEVELS`].
    levels: Vec<u8>,
}

impl Tissue {
    /// A surface between bones of the pelvis and the femur, all as scanned.
    pub fn new(mesh: &Mesh<Patient>, pelvis: &[MeshQuery<Patient>], femur: &MeshQuery<Patient>) -> Self {
        let nearest =
            |at: Point<Patient>| pelvis.iter().map(|bone| bone.closest(at).2).fold(f64::INFINITY, f64::min);
        let level = |at: &Point<Patient>| {
            let (p, f) = (nearest(*at).powi(4), femur.closest(*at).2.powi(4));
            let part = if p + f > 0.0 && p.is_finite() { p / (p + f) } else { 0.5 };
            (part * f64::from(LEVELS)).round() as u8
        };
        Tissue {
            levels: mesh.vertices.par_iter().map(level).collect(),
            normals: mesh.vertex_normals(),
            vertices: mesh.vertices.clone(),
        }
    }

    /// Vertices and normals when the femur makes a motion from where it was scanned, about the centre of the hip.
    pub fn moved(
        &self,
        centre: Point<Patient>,
        motion: &Transform<Patient, Patient>,
    ) -> (Vec<Point<Patient>>, Vec<Vector<Patient>>) {
        let parts: Vec<Transform<Patient, Patient>> =
            (0..=LEVELS).map(|level| part(centre, motion, f64::from(level) / f64::from(LEVELS))).collect();
        let of = |level: &u8| &parts[usize::from(*level).min(parts.len() - 1)];
        let places = self.vertices.par_iter().zip(&self.levels).map(|(v, level)| of(level).apply(*v));
        let normals = self.normals.par_iter().zip(&self.levels).map(|(n, level)| of(level).apply(*n));
        (places.collect(), normals.collect())
    }
}

/// A part of a motion about a centre: of its angle, and of the way of the centre.
fn part(
    centre: Point<Patient>,
    motion: &Transform<Patient, Patient>,
    share: f64,
) -> Transform<Patient, Patient> {
    let centre_moved: Vector3<f64> = (motion.apply(centre) - centre).coords();
    let turn = motion.isometry().rotation.scaled_axis() * share;
    let turn = UnitQuaternion::from_scaled_axis(turn);
    let at = centre.coords();
    let origin = at - turn * at + centre_moved * share;
    Transform::from_isometry(Isometry3::from_parts(Translation3::from(origin), turn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_a_bone_goes_with_it_and_what_is_between_keeps_its_distance_from_the_centre() {
        let pelvis = MeshQuery::new(&Mesh::cuboid([-20.0, -20.0, 80.0], [20.0, 20.0, 120.0])).unwrap();
        let femur = MeshQuery::new(&Mesh::cuboid([-20.0, -20.0, -120.0], [20.0, 20.0, -80.0])).unwrap();
        let strand = Mesh::cuboid([-2.0, 30.0, -90.0], [2.0, 34.0, 90.0]);
        let mut strand = strand;
        strand.vertices.push(Point::new(0.0, 30.0, 0.0));
        let tissue = Tissue::new(&strand, &[pelvis], &femur);
        let centre = Point::<Patient>::origin();
        let turn = UnitQuaternion::from_axis_angle(&Vector3::x_axis(), 1.2);
        let motion = Transform::from_isometry(Isometry3::from_parts(Translation3::identity(), turn));
        let (moved, normals) = tissue.moved(centre, &motion);
        assert_eq!(normals.len(), moved.len());
        for (was, is) in strand.vertices.iter().zip(&moved) {
            assert!((was.distance(centre) - is.distance(centre)).abs() < 1e-9);
            if was.z() > 80.0 {
                assert!(was.distance(*is) < 1.0);
            }
            if was.z() < -80.0 {
                assert!(motion.apply(*was).distance(*is) < 1.0);
            }
        }
        // In the middle by half the angle.
        let half = UnitQuaternion::from_axis_angle(&Vector3::x_axis(), 0.6) * Vector3::new(0.0, 30.0, 0.0);
        assert!((moved[moved.len() - 1].coords().coords - half).norm() < 0.3);
        // No motion moves nothing; a step of the centre is shared out too.
        let (still, _) = tissue.moved(centre, &Transform::identity());
        assert!(still.iter().zip(&strand.vertices).all(|(a, b)| a.distance(*b) < 1e-12));
        let step = Transform::from_isometry(Translation3::new(0.0, 0.0, 8.0).into());
        let (stepped, _) = tissue.moved(centre, &step);
        assert!((stepped[stepped.len() - 1].z() - 4.0).abs() < 0.05);
    }
}
