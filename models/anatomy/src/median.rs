//! The median plane of a pelvis, and where a hip would lie by the other one: what a hip that has risen from its socket is compared
//! with.

use crate::fitted::{Acetabulum, FemoralHead};
use crate::patient::{HipAnatomy, Pelvis};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side, Vector};

/// A head that lies higher, or further in, than the other one by more than this part of its diameter is out of place: half of the way
/// to Crowe's grade II (Crowe et al. 1979). Six people differed by 5 mm at most, and some 40 virtual patients by 3 mm upwards and 7 inwards.
const OUT_OF_PLACE_PART: f64 = 0.25;

/// How a head lies out of place by the other side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OutOfPlace {
    /// It has risen by so many millimetres, as in dysplasia.
    Risen(f64),
    /// It has gone inwards by so many millimetres, as in protrusio.
    Inwards(f64),
}

/// The plane that parts a pelvis into its halves.
struct MedianPlane {
    point_mm: Point<Patient>,
    normal: Vector<Patient>,
}

impl MedianPlane {
    /// A place on the other side.
    fn mirrored(&self, point: Point<Patient>) -> Point<Patient> {
        point - self.normal * (2.0 * (point - self.point_mm).dot(self.normal))
    }

    /// A direction on the other side.
    fn turned(&self, direction: Vector<Patient>) -> Vector<Patient> {
        direction - self.normal * (2.0 * direction.dot(self.normal))
    }
}

impl Pelvis {
    /// The plane halfway between the anterior superior iliac spines and normal to the line between them; `None` where the anterior
    /// pelvic plane is not in the scan.
    fn median_plane(&self) -> Option<MedianPlane> {
        let plane = self.anterior_plane?;
        let normal = plane.apply(Vector::new(0.0, 0.0, 1.0));
        Some(MedianPlane { point_mm: plane.apply(Point::origin()), normal })
    }
}

impl HipAnatomy {
    /// The head of the other side, mirrored to this one.
    pub fn mirrored_head(&self, side: Side) -> Option<FemoralHead> {
        let plane = self.pelvis.median_plane()?;
        let head = self.side(side.other()).head.clone()?;
        Some(FemoralHead { centre_mm: plane.mirrored(head.centre_mm), ..head })
    }

    /// The acetabulum of the other side, mirrored to this one.
    pub fn mirrored_acetabulum(&self, side: Side) -> Option<Acetabulum> {
        let plane = self.pelvis.median_plane()?;
        let socket = self.side(side.other()).acetabulum.clone()?;
        // A mirror turns the order of the rim about; it is told in the same sense on both sides.
        let rim_mm = socket.rim_mm.iter().rev().map(|&point| plane.mirrored(point)).collect();
        Some(Acetabulum {
            centre_mm: plane.mirrored(socket.centre_mm),
            opening: plane.turned(socket.opening),
            rim_mm,
            ..socket
        })
    }

    /// How the head of a side lies against the mirrored one of the other, where it lies higher or further in by more than a quarter of
    /// its diameter; `None` of one that lies where it belongs, or of which it is not known. Where both have left their places alike
    /// nothing is found.
    pub fn out_of_place(&self, side: Side) -> Option<OutOfPlace> {
        let head = self.side(side).head.as_ref()?;
        let frame = self.pelvis.functional?;
        let away = head.centre_mm - self.mirrored_head(side)?.centre_mm;
        let along = |axis: Vector<_>| away.dot(frame.apply(axis));
        let right_mm = along(Vector::new(0.0, 0.0, 1.0));
        let (up_mm, in_mm) =
            (along(Vector::new(0.0, 1.0, 0.0)), if side == Side::Right { -right_mm } else { right_mm });
        let limit_mm = OUT_OF_PLACE_PART * 2.0 * head.radius_mm;
        // Where the other head has risen, and stands out to the side, it is not this one that lies too far in.
        let is_level = up_mm > -limit_mm;
        let risen = (up_mm > limit_mm).then_some(OutOfPlace::Risen(up_mm));
        risen.or((is_level && in_mm > limit_mm).then_some(OutOfPlace::Inwards(in_mm)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Transform;
    use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity};
    use nalgebra::{Matrix3, Rotation3, UnitQuaternion};

    /// Anterior, superior and right along the axes of a patient who lies straight, the midpoint of the spines at x = 5.
    fn pelvis() -> Pelvis {
        let axes = Matrix3::from_columns(&[
            nalgebra::Vector3::new(0.0, -1.0, 0.0),
            nalgebra::Vector3::new(0.0, 0.0, 1.0),
            nalgebra::Vector3::new(-1.0, 0.0, 0.0),
        ]);
        let turn = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(axes));
        let at = nalgebra::Isometry3::from_parts(nalgebra::Translation3::new(5.0, 0.0, 80.0), turn);
        Pelvis {
            anterior_plane: Some(Transform::<AnteriorPelvicPlane, Patient>::from_isometry(at)),
            functional: Some(Transform::<Gravity, Patient>::from_isometry(at)),
            completion: None,
        }
    }

    fn head(x: f64, z: f64) -> FemoralHead {
        FemoralHead { centre_mm: Point::new(x, 3.0, z), radius_mm: 24.0, residual_mm: 0.0, spread_mm: 0.2 }
    }

    #[test]
    fn a_head_is_out_of_place_by_what_it_lies_above_or_inside_of_the_other_mirrored() {
        let mut anatomy = HipAnatomy { pelvis: pelvis(), ..HipAnatomy::default() };
        anatomy.right.head = Some(head(-100.0, 30.0));
        anatomy.left.head = Some(head(90.0, 0.0));
        let mirrored = anatomy.mirrored_head(Side::Right).unwrap().centre_mm;
        assert!(mirrored.distance(Point::new(-80.0, 3.0, 0.0)) < 1e-9, "{mirrored:?}");
        let out = |anatomy: &HipAnatomy, side| anatomy.out_of_place(side);
        assert!(
            matches!(out(&anatomy, Side::Right), Some(OutOfPlace::Risen(mm)) if (mm - 30.0).abs() < 1e-9)
        );
        assert_eq!(out(&anatomy, Side::Left), None);
        anatomy.right.head = Some(head(-64.0, 6.0));
        assert!(
            matches!(out(&anatomy, Side::Right), Some(OutOfPlace::Inwards(mm)) if (mm - 16.0).abs() < 1e-9)
        );
        assert_eq!(out(&anatomy, Side::Left), None);
        // What differs between healthy sides is nothing.
        anatomy.right.head = Some(head(-75.0, 6.0));
        assert_eq!(out(&anatomy, Side::Right), None);
    }

    #[test]
    fn nothing_is_mirrored_without_the_spines() {
        let anatomy = HipAnatomy {
            left: crate::HipSide { head: Some(head(90.0, 0.0)), ..Default::default() },
            ..Default::default()
        };
        assert!(anatomy.mirrored_head(Side::Right).is_none() && anatomy.out_of_place(Side::Right).is_none());
    }
}
