//! The sacrum apart from the fifth lumbar vertebra.

use super::cut::{self, SOLID, Seed};
use super::field::Field;
use super::median::median;
use super::midplane::PelvicAxes;
use nalgebra::{Point3, Vector3};

/// Half the width and depth of the disc that is looked for.
const DISC_MM: (f64, f64) = (14.0, 9.0);
/// Columns through it, five by five; how far from its middle endplates are looked for, and where a vertebra's body is behind them.
const DISC_COLUMNS: usize = 25;
const ENDPLATES_MM: [f64; 3] = [4.0, 6.0, 8.0];
const BODY_MM: f64 = 12.0;
/// Usual slope of the upper end of the sacrum, lying or standing.
const USUAL_SLOPE_DEG: f64 = 38.0;
/// Half the thickness of the disc, and how far from where it is expected its middle lies over a sacrum that was laid on the scan. Assumption.
const HALF_DISC_MM: f64 = 5.0;
const ENDPLATE_SPREAD_MM: f64 = 7.0;
/// Along the axis of the sacrum none of it lies so far above the disc's middle, nor between the wings so far, in mm and half hip distances.
const ABOVE_ALL_MM: f64 = 15.0;
const ABOVE_MIDDLE_MM: f64 = -3.0;
const MIDDLE: f64 = 0.35;
/// A disc this much darker than its endplates is sure to be one.
const ENOUGH_HU: f64 = 100.0;
/// Depth of a valley that makes a voxel e times easier to cut.
const VALLEY_HU: f64 = 45.0;

/// The disc between sacrum and spine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disc {
    pub(super) centre: Point3<f64>,
    /// Unit normal, towards the head.
    pub(super) up: Vector3<f64>,
}

impl Disc {
    /// The disc on an upper end of the sacrum.
    pub(super) fn on(endplate: Point3<f64>, up: Vector3<f64>) -> Disc {
        Disc { centre: endplate + up * HALF_DISC_MM, up }
    }
}

/// Whether a place lies above the sacrum, whose wings and joints with the spine reach higher than its middle.
pub(super) fn is_above(at: Point3<f64>, disc: &Disc, axes: &PelvicAxes) -> bool {
    let height = (at - disc.centre).dot(&disc.up);
    let is_middle = axes.relative(at).x.abs() < MIDDLE * axes.half_mm;
    height > ABOVE_ALL_MM || height > ABOVE_MIDDLE_MM && is_middle
}

/// Where the disc is expected in a pelvis.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected {
    /// Near the upper end of the sacrum that was laid on the scan.
    Endplate(Point3<f64>),
    /// Near the height over the hips of the upper end of the sacro-iliac joints.
    JointsTop(f64),
}

impl Expected {
    /// Where it is looked for.
    fn middle(self, axes: &PelvicAxes) -> Point3<f64> {
        match self {
            Expected::Endplate(at) => at,
            Expected::JointsTop(height) => axes.place(Vector3::new(0.0, 5.0, height)),
        }
    }

    /// How many standard deviations a place is off. Discs above lie higher, remnants of discs within the sacrum lower.
    fn off(self, from_middle: Vector3<f64>, up: Vector3<f64>) -> f64 {
        match self {
            // Behind the disc lies the canal, as dark and between bones as well.
            Expected::Endplate(_) => (from_middle - up * HALF_DISC_MM).norm() / ENDPLATE_SPREAD_MM,
            Expected::JointsTop(_) => (from_middle.z + 4.0) / 14.0,
        }
    }
}

/// Which way the upper end of a sacrum faces in a pelvis that lies as usual.
pub(super) fn usual_up() -> Vector3<f64> {
    up_at(USUAL_SLOPE_DEG)
}

/// Which way the upper end of a sacrum of a slope faces.
fn up_at(degrees: f64) -> Vector3<f64> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    Vector3::new(0.0, -sin, cos)
}

/// Finds the disc that lies in the midplane where it is expected.
pub(super) fn find_disc(
    field: &Field<i16>,
    axes: &PelvicAxes,
    expected: Expected,
    bone_hu: i16,
) -> Option<Disc> {
    let mut best: Option<(f64, Disc)> = None;
    let middle = expected.middle(axes);
    let steps = |most: i32| (-most..=most).step_by(2).map(f64::from);
    for (dz, dy) in steps(36).flat_map(|dz| steps(40).map(move |dy| (dz, dy))) {
        let from_middle = Vector3::new(0.0, dy, dz);
        let centre = middle + axes.direction(from_middle);
        for degrees in (0..=6).map(|n| f64::from(n) * 10.0) {
            let up = up_at(degrees);
            if let Some(depth) = disc_depth(field, centre, axes.direction(up), axes, bone_hu) {
                let off = (expected.off(from_middle, up), (degrees - USUAL_SLOPE_DEG) / 18.0);
                let score = depth.min(ENOUGH_HU) * (-(off.0 * off.0 + off.1 * off.1) / 2.0).exp();
                if best.is_none_or(|(s, _)| score > s) {
                    best = Some((score, Disc { centre, up: axes.direction(up) }));
                }
            }
        }
    }
    best.filter(|(score, _)| *score > 15.0).map(|(_, disc)| disc)
}

/// How much darker the middle of a plate is than what lies above and below it; `None` unless most of its columns are bone on both sides
/// and most are none in the middle. Each is judged by the median of the columns, for a plate that lies half in marrow and half before the
/// sacrum is darker than bone on average. It need not be the same columns that are dark and bright.
fn disc_depth(
    field: &Field<i16>,
    centre: Point3<f64>,
    up: Vector3<f64>,
    axes: &PelvicAxes,
    bone_hu: i16,
) -> Option<f64> {
    let left = axes.direction(Vector3::x());
    let back = up.cross(&left);
    let level = |offset: f64| -> Option<[f64; DISC_COLUMNS]> {
        let mut values = [0.0; DISC_COLUMNS];
        for (n, value) in values.iter_mut().enumerate() {
            let [x, b] = [n % 5, n / 5].map(|step| step as f64 / 2.0 - 1.0);
            let at = centre + up * offset + left * (x * DISC_MM.0) + back * (b * DISC_MM.1);
            *value = field.linear(at)?.min(600.0);
        }
        Some(values)
    };
    let bone = f64::from(bone_hu);
    let middle = median(level(0.0)?)?;
    if middle >= bone {
        return None;
    }
    let mut least = f64::INFINITY;
    for sign in [-1.0, 1.0] {
        // An endplate is curved: each column has it elsewhere.
        let mut brightest = [f64::NEG_INFINITY; DISC_COLUMNS];
        for offset in ENDPLATES_MM {
            for (brightest, value) in brightest.iter_mut().zip(level(sign * offset)?) {
                *brightest = brightest.max(value);
            }
        }
        least = least.min(median(brightest)?);
        // Behind the endplate there is a vertebral body, not more soft tissue.
        let body = level(sign * BODY_MM)?;
        if body.iter().sum::<f64>() / (DISC_COLUMNS as f64) < bone - 40.0 {
            return None;
        }
    }
    (least > bone).then_some(least - middle)
}

/// Whether each voxel (ascending) of sacrum and spine belongs to the sacrum.
pub(super) fn split(
    field: &Field<i16>,
    nodes: &[u32],
    disc: &Disc,
    axes: &PelvicAxes,
    bone_hu: i16,
) -> Vec<bool> {
    let seed = |n: usize| {
        let at = field.lattice.place(n);
        let from = at - disc.centre;
        let height = from.dot(&disc.up);
        let along = axes.rows * from;
        if along.z < -35.0 {
            return Seed::First;
        }
        if along.z > 45.0 {
            return Seed::Second;
        }
        let body = axes.relative(at).x.abs() < 20.0 && along.y.abs() < 16.0;
        match height {
            h if body && h < -7.0 => Seed::First,
            h if body && h > 7.0 => Seed::Second,
            _ => Seed::Open,
        }
    };
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let directions =
        [Vector3::x(), Vector3::y(), Vector3::new(half, half, 0.0), Vector3::new(half, -half, 0.0)];
    let directions: Vec<Vector3<f64>> =
        std::iter::once(disc.up).chain(directions.map(|along| axes.direction(along))).collect();
    let strength = |n: usize| {
        let from = field.lattice.place(n) - disc.centre;
        if from.norm() > 60.0 {
            return SOLID;
        }
        let mut depth = cut::valley(field, n, &directions, 4.5);
        if field.data[n] < bone_hu {
            depth += 40.0;
        }
        let plane = (-(from.dot(&disc.up) / 4.0).powi(2)).exp();
        cut::strength(depth + 20.0 * plane, VALLEY_HU)
    };
    cut::split(&field.lattice, nodes, strength, seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Lattice;
    use nalgebra::Matrix3;

    fn axes() -> PelvicAxes {
        PelvicAxes { hips: Point3::origin(), rows: Matrix3::identity(), half_mm: 88.0 }
    }

    fn field(value: impl Fn(Point3<f64>) -> i16) -> Field<i16> {
        let lattice = Lattice { dims: [61, 61, 61], origin: Point3::new(-45.0, -45.0, -45.0), step: 1.5 };
        Field { lattice, data: (0..lattice.len()).map(|n| value(lattice.place(n))).collect() }
    }

    #[test]
    fn the_sacrum_reaches_higher_beside_its_middle() {
        let disc = Disc { centre: Point3::new(0.0, 0.0, 50.0), up: Vector3::z() };
        let above = |x: f64, height: f64| is_above(Point3::new(x, 0.0, 50.0 + height), &disc, &axes());
        assert_eq!([-4.0, -2.0].map(|height| above(0.0, height)), [false, true]);
        assert_eq!([14.0, 16.0].map(|height| above(40.0, height)), [false, true]);
    }

    #[test]
    fn a_disc_is_dark_between_curved_endplates_and_an_edge_of_marrow_is_none() {
        let depth = |field: &Field<i16>| disc_depth(field, Point3::origin(), Vector3::z(), &axes(), 140);
        let disc = field(|at| {
            // Endplates are hollow by three millimetres.
            let from_endplate = at.z.abs() - 4.0 - 3.0 * (1.0 - (at.x / 20.0).powi(2));
            match from_endplate {
                off if off < 0.0 => 80,
                off if off < 2.0 => 400,
                _ => 110,
            }
        });
        assert!(depth(&disc).unwrap() > 100.0);
        // Half in marrow and half before the sacrum, with cortex between them that is thin at this height.
        let edge = field(|at| match at.y {
            y if y < -2.0 => 50,
            y if y < 2.0 && at.z.abs() > 3.0 => 450,
            _ => 150,
        });
        assert_eq!(depth(&edge), None);
    }
}
