//! The patient's midsagittal plane.

use super::field::Field;
use super::heads::{Head, side_sign};
use nalgebra::{Matrix3, Point3, Unit, Vector3};

/// Half the distance between the hip centres of adults, where only one is in view.
pub(super) const USUAL_HALF_MM: f64 = 88.0;
/// How far the midplane may lie from where one hip alone suggests it.
const SEARCH_MM: f64 = 30.0;
/// How far to both sides of the plane mirror images are compared.
const BAND_MM: f64 = 50.0;

/// A plane between left and right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Midplane {
    point: Point3<f64>,
    /// Towards the patient's left.
    left: Unit<Vector3<f64>>,
    /// Half the distance between the hip centres.
    pub(super) half_mm: f64,
    /// The height and depth of the hip centres.
    pub(super) hips: Point3<f64>,
}

impl Midplane {
    /// From one or two heads; `None` without any.
    pub(super) fn of(field: &Field<i16>, heads: &[Head]) -> Option<Self> {
        match heads {
            [] => None,
            [only] => Some(Self::beside(field, only)),
            [a, b, ..] => {
                let (right, left) = if a.centre.x < b.centre.x { (a, b) } else { (b, a) };
                let apart = left.centre - right.centre;
                let point = nalgebra::center(&left.centre, &right.centre);
                Some(Midplane {
                    point,
                    left: Unit::new_normalize(apart),
                    half_mm: apart.norm() / 2.0,
                    hips: point,
                })
            }
        }
    }

    /// With one hip in view: where the two sides of the scan resemble each other most, near the usual distance.
    fn beside(field: &Field<i16>, head: &Head) -> Self {
        let towards = side_sign(head.side);
        let usual = head.centre.x + towards * USUAL_HALF_MM;
        let mut best = (f64::INFINITY, usual);
        let steps = (SEARCH_MM / field.lattice.step) as i32;
        for n in -steps..=steps {
            let x = usual + f64::from(n) * field.lattice.step;
            if let Some(difference) = asymmetry(field, head.centre, x) {
                // The usual place wins where nothing speaks against it.
                let cost = difference + 20.0 * (f64::from(n) / f64::from(steps.max(1))).powi(2);
                if cost < best.0 {
                    best = (cost, x);
                }
            }
        }
        let point = Point3::new(best.1, head.centre.y, head.centre.z);
        Midplane { point, left: Vector3::x_axis(), half_mm: (best.1 - head.centre.x).abs(), hips: point }
    }

    /// The point of the plane at a depth and height.
    pub(super) fn at(&self, y: f64, z: f64) -> Point3<f64> {
        let off = self.lateral(Point3::new(self.point.x, y, z));
        Point3::new(self.point.x - off / self.left.x, y, z)
    }

    /// A place from the middle of the hips along the axes of the pelvis: left, back, up.
    pub(super) fn relative(&self, at: Point3<f64>) -> Vector3<f64> {
        pelvic(self.left) * (at - self.hips)
    }

    /// Distance of a place from the plane, positive to the left.
    pub(super) fn lateral(&self, at: Point3<f64>) -> f64 {
        (at - self.point).dot(&self.left)
    }
}

/// What takes a vector to the axes of a pelvis (left, back, up) whose hips lie along `left`: the hips show how it is turned and how
/// oblique it lies, not how it is tilted.
fn pelvic(left: Unit<Vector3<f64>>) -> Matrix3<f64> {
    let back = Vector3::z().cross(&left);
    let back = back.try_normalize(1e-6).unwrap_or_else(Vector3::y);
    Matrix3::from_rows(&[left.transpose(), back.transpose(), left.cross(&back).transpose()])
}

/// The same by the heads that were found; the patient's axes where there are not two.
pub(super) fn axes(heads: &[Head]) -> Matrix3<f64> {
    let [a, b] = heads else { return Matrix3::identity() };
    let apart = (b.centre - a.centre) * if a.centre.x < b.centre.x { 1.0 } else { -1.0 };
    Unit::try_new(apart, 1.0).map_or_else(Matrix3::identity, pelvic)
}

/// Mean difference between the two sides of a sagittal plane, behind and above the hip; `None` where too little of
/// both sides is in the scan.
fn asymmetry(field: &Field<i16>, hip: Point3<f64>, x: f64) -> Option<f64> {
    let step = 3.0;
    let (mut sum, mut count, mut asked) = (0.0, 0usize, 0usize);
    let mut z = -20.0;
    while z <= 130.0 {
        let mut y = -20.0;
        while y <= 110.0 {
            let mut t = step;
            while t <= BAND_MM {
                asked += 1;
                let at = |side: f64| field.linear(Point3::new(x + side * t, hip.y + y, hip.z + z));
                if let (Some(a), Some(b)) = (at(1.0), at(-1.0)) {
                    sum += (a.clamp(-150.0, 450.0) - b.clamp(-150.0, 450.0)).abs();
                    count += 1;
                }
                t += step;
            }
            y += step;
        }
        z += step;
    }
    (count * 4 > asked).then(|| sum / count as f64)
}
