//! The patient's midsagittal plane.

use super::field::Field;
use super::heads::{Head, side_sign};
use coxa_anatomy::thresholds::SIDES_COMPARED_HU;
use nalgebra::{Matrix3, Point3, Unit, Vector3};
use rayon::prelude::*;

/// Half the distance between the hip centres of adults, where only one is in view.
pub(super) const USUAL_HALF_MM: f64 = 88.0;
/// How far the midplane may lie from where one hip alone suggests it.
const SEARCH_MM: f64 = 30.0;
/// How the pelvis may lie turned and oblique: so many steps of so many degrees to both sides, together no further than the last.
const TURNS: i32 = 3;
const TURN_DEG: f64 = 9.0;
const MOST_TURN_DEG: f64 = 30.0;
/// How far to both sides of the plane mirror images are compared.
const BAND_MM: f64 = 50.0;

/// Axes of a pelvis about the middle of its hips, in which its parts lie where they usually do.
#[derive(Debug, Clone, Copy)]
pub(super) struct PelvicAxes {
    /// Middle between the hip centres.
    pub(super) hips: Point3<f64>,
    /// Left, back and up.
    pub(super) rows: Matrix3<f64>,
    /// Half the distance between the hip centres.
    pub(super) half_mm: f64,
}

impl PelvicAxes {
    /// A place from the middle of the hips: to the left, back and up.
    pub(super) fn relative(&self, at: Point3<f64>) -> Vector3<f64> {
        self.rows * (at - self.hips)
    }

    /// A direction in the scan from one to the left, back and up.
    pub(super) fn direction(&self, along: Vector3<f64>) -> Vector3<f64> {
        self.rows.transpose() * along
    }

    /// The place of what lies so far to the left, back and up.
    pub(super) fn place(&self, relative: Vector3<f64>) -> Point3<f64> {
        self.hips + self.direction(relative)
    }
}

/// A plane between left and right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Midplane {
    /// Towards the patient's left.
    left: Unit<Vector3<f64>>,
    /// Half the distance between the hip centres.
    pub(super) half_mm: f64,
    /// The middle between the hip centres.
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
                Some(Midplane {
                    left: Unit::new_normalize(apart),
                    half_mm: apart.norm() / 2.0,
                    hips: nalgebra::center(&left.centre, &right.centre),
                })
            }
        }
    }

    /// With one hip in view: where the two sides of the scan resemble each other most, near the usual distance and as the patient lies, or
    /// turned if the sides of a turned pelvis are more alike.
    fn beside(field: &Field<i16>, head: &Head) -> Self {
        let towards = side_sign(head.side);
        let steps = (SEARCH_MM / field.lattice.step) as i32;
        let shifts = || (-steps..=steps).map(|n| f64::from(n) * field.lattice.step);
        let turns = || (-TURNS..=TURNS).map(|n| f64::from(n) * TURN_DEG.to_radians());
        // Coarsely over turns first, then as finely as the lattice goes along the best of them.
        let looks = turns().flat_map(|yaw| turns().map(move |roll| (yaw, roll)));
        let tried: Vec<(f64, f64)> =
            looks.filter(|(yaw, roll)| yaw.hypot(*roll) < MOST_TURN_DEG.to_radians()).collect();
        let best_of = |left: Unit<Vector3<f64>>, every: usize, step: f64| {
            let usual = head.centre + left.scale(towards * USUAL_HALF_MM);
            let mut best = (f64::INFINITY, 0.0);
            for shift in shifts().step_by(every) {
                let at = usual + left.scale(shift);
                if let Some(difference) = asymmetry(field, head.centre, at, left, step) {
                    // The usual place wins where nothing speaks against it.
                    let cost = difference + 20.0 * (shift / SEARCH_MM).powi(2);
                    if cost < best.0 {
                        best = (cost, shift);
                    }
                }
            }
            best
        };
        let left_of = |(yaw, roll): (f64, f64)| {
            Unit::new_normalize(Vector3::new(yaw.cos() * roll.cos(), yaw.sin() * roll.cos(), roll.sin()))
        };
        let cost = |turn: &(f64, f64)| {
            let off = turn.0.hypot(turn.1).to_degrees() / MOST_TURN_DEG;
            best_of(left_of(*turn), 4, 9.0).0 + 20.0 * off * off
        };
        let costs: Vec<f64> = tried.par_iter().map(cost).collect();
        let straight = (0.0, 0.0);
        let best =
            tried.iter().zip(&costs).min_by(|a, b| a.1.total_cmp(b.1)).map_or(straight, |(turn, _)| *turn);
        let left = left_of(best);
        let (_, shift) = best_of(left, 1, 3.0);
        let apart = towards * USUAL_HALF_MM + shift;
        Midplane { left, half_mm: apart.abs(), hips: head.centre + left.scale(apart) }
    }

    /// A place from the middle of the hips along the axes of the pelvis: left, back, up.
    pub(super) fn relative(&self, at: Point3<f64>) -> Vector3<f64> {
        self.pelvic_axes().relative(at)
    }

    /// The axes of a pelvis that is tilted as usual.
    pub(super) fn pelvic_axes(&self) -> PelvicAxes {
        PelvicAxes { hips: self.hips, rows: self.axes(), half_mm: self.half_mm }
    }

    /// What takes vectors to the axes of the pelvis: left, back, up.
    pub(super) fn axes(&self) -> Matrix3<f64> {
        pelvic(self.left)
    }
}

/// What takes a vector to the axes of a pelvis (left, back, up) whose hips lie along `left`: the hips show how it is turned and how
/// oblique it lies, not how it is tilted.
fn pelvic(left: Unit<Vector3<f64>>) -> Matrix3<f64> {
    let back = Vector3::z().cross(&left);
    let back = back.try_normalize(1e-6).unwrap_or_else(Vector3::y);
    Matrix3::from_rows(&[left.transpose(), back.transpose(), left.cross(&back).transpose()])
}

/// Mean difference between the two sides of a plane through a place, behind and above the hip; `None` where too little of both sides is in
/// the scan.
fn asymmetry(
    field: &Field<i16>,
    hip: Point3<f64>,
    place: Point3<f64>,
    left: Unit<Vector3<f64>>,
    step: f64,
) -> Option<f64> {
    let axes = pelvic(left).transpose();
    let off = (hip - place).dot(&left);
    let (mut sum, mut count, mut asked) = (0.0, 0usize, 0usize);
    let mut z = -20.0;
    while z <= 130.0 {
        let mut y = -20.0;
        while y <= 110.0 {
            let mut t = 3.0;
            while t <= BAND_MM {
                asked += 1;
                let at = |side: f64| field.linear(hip + axes * Vector3::new(side * t - off, y, z));
                if let (Some(a), Some(b)) = (at(1.0), at(-1.0)) {
                    let [low, high] = SIDES_COMPARED_HU;
                    sum += (a.clamp(low, high) - b.clamp(low, high)).abs();
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
