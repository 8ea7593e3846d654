//! Where the slices of a series lie: sorted, evenly spaced, sheared or not.
//!
//! Only Image Position and Image Orientation count (PS3.3 C.7.6.2.1.1). Slice Thickness is a reconstruction
//! parameter, Patient Position a label, and Spacing Between Slices is often wrong.

use crate::source::ReadError;
use coxa_geometry::{Finding, finding};
use nalgebra::{Vector2, Vector3};

/// Positions closer than this are one position; their decimal strings carry no more.
const SAME_POSITION_MM: f64 = 0.01;
/// Deviation from an even stack that is rounding of the decimal strings.
const ROUNDING_MM: f64 = 0.02;
/// Deviation from an even stack that is read with a note, as a part of the slice distance.
const UNEVEN_PART: f64 = 0.1;
/// In-plane drift of the whole stack below this part of a pixel is rounding.
const DRIFT_PIXELS: f64 = 0.1;
/// A slice may lie this part of a pixel beside the straight line of a sheared stack.
const JITTER_PIXELS: f64 = 0.5;
/// Direction cosines and pixel spacings of one stack agree to this.
const COSINE_TOLERANCE: f64 = 1e-3;
const SPACING_TOLERANCE: f64 = 1e-3;

/// Where one slice lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plane {
    /// Centre of the first pixel in mm, patient frame.
    pub(crate) position: Vector3<f64>,
    /// Direction of increasing column index.
    pub(crate) along_row: Vector3<f64>,
    /// Direction of increasing row index.
    pub(crate) along_column: Vector3<f64>,
    /// Distance of neighbouring columns, of neighbouring rows, in mm.
    pub(crate) spacing: Vector2<f64>,
}

impl Plane {
    /// From Image Position, Image Orientation and Pixel Spacing as DICOM gives them; the error says what is
    /// wrong.
    pub(crate) fn new(
        position: Option<[f64; 3]>,
        orientation: Option<[f64; 6]>,
        spacing: Option<[f64; 2]>,
    ) -> Result<Self, &'static str> {
        let position = position.ok_or("Image Position (Patient) is missing")?;
        let [a, b, c, d, e, f] = orientation.ok_or("Image Orientation (Patient) is missing")?;
        let [row_spacing, column_spacing] = spacing.ok_or("Pixel Spacing is missing")?;
        if !position.iter().all(|p| p.is_finite() && p.abs() < 1e6) {
            return Err("Image Position (Patient) is not a valid position");
        }
        let (x, y) = (Vector3::new(a, b, c), Vector3::new(d, e, f));
        let unit = |v: Vector3<f64>| (v.norm() - 1.0).abs() < 0.01;
        if !unit(x) || !unit(y) || x.dot(&y).abs() >= 0.01 {
            return Err("Image Orientation (Patient) is not a pair of perpendicular directions");
        }
        // Rounded cosines are made orthonormal.
        let x = x.normalize();
        let y = (y - x * x.dot(&y)).normalize();
        let possible = |s: f64| s.is_finite() && s > 1e-4 && s < 1e3;
        if !possible(row_spacing) || !possible(column_spacing) {
            return Err("Pixel Spacing is zero, negative or not a number");
        }
        let spacing = Vector2::new(column_spacing, row_spacing);
        Ok(Plane { position: Vector3::from(position), along_row: x, along_column: y, spacing })
    }

    /// Direction of the slice normal.
    pub(crate) fn normal(&self) -> Vector3<f64> {
        self.along_row.cross(&self.along_column)
    }
}

/// A regular stack of slices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stack {
    /// The planes' indices from first to last along the normal, one of each position.
    pub(crate) order: Vec<usize>,
    /// Pairs of planes at one position; the second of each is not in `order`.
    pub(crate) duplicates: Vec<(usize, usize)>,
    /// Distance of neighbouring slices along the normal, in mm.
    pub(crate) step_mm: f64,
    /// In-plane offset of each slice of `order` from the first, in pixels; empty where the stack is upright.
    pub(crate) shear: Vec<Vector2<f64>>,
    /// What the user must know.
    pub(crate) notes: Vec<Finding>,
}

/// Sorts planes along their common normal and checks that they make one regular stack.
pub(crate) fn stack(planes: &[Plane]) -> Result<Stack, ReadError> {
    let refuse = |reason: String| Err(ReadError::Inconsistent { reason });
    let Some(first) = planes.first() else { return refuse("it has no slices".to_owned()) };
    for plane in planes {
        let turned =
            (plane.along_row - first.along_row).amax().max((plane.along_column - first.along_column).amax());
        if turned > COSINE_TOLERANCE {
            return refuse("its slices have different orientations; choose or export one stack".to_owned());
        }
        if (plane.spacing - first.spacing).amax() > SPACING_TOLERANCE * first.spacing.amax() {
            return refuse("its slices have different pixel spacings; choose or export one stack".to_owned());
        }
    }
    let normal = first.normal();
    let height = |plane: &Plane| plane.position.dot(&normal);
    let mut sorted: Vec<usize> = (0..planes.len()).collect();
    sorted.sort_by(|&a, &b| height(&planes[a]).total_cmp(&height(&planes[b])).then(a.cmp(&b)));
    let mut order: Vec<usize> = Vec::with_capacity(planes.len());
    let mut duplicates = Vec::new();
    for index in sorted {
        match order.last() {
            Some(&last) if height(&planes[index]) - height(&planes[last]) < SAME_POSITION_MM => {
                duplicates.push((last, index));
            }
            _ => order.push(index),
        }
    }
    if order.len() < 2 {
        return refuse("it has slices at only one position, but a volume needs at least two".to_owned());
    }
    let heights: Vec<f64> = order.iter().map(|&index| height(&planes[index])).collect();
    let mut notes = Vec::new();
    let step_mm = even_step(&heights, &mut notes)?;
    let ordered: Vec<Plane> = order.iter().map(|&index| planes[index]).collect();
    let shear = shear(&ordered, &heights, &mut notes)?;
    Ok(Stack { order, duplicates, step_mm, shear, notes })
}

/// The slice distance of ascending heights.
fn even_step(heights: &[f64], notes: &mut Vec<Finding>) -> Result<f64, ReadError> {
    let mut gaps: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let middle = gaps.len() / 2;
    let typical = *gaps.clone().select_nth_unstable_by(middle, f64::total_cmp).1;
    let mut positions_mm = Vec::new();
    let mut uneven = 0;
    for (pair, gap) in heights.windows(2).zip(&mut gaps) {
        let ratio = *gap / typical;
        let whole = ratio.round();
        if (ratio - whole).abs() > UNEVEN_PART * whole.max(1.0) || whole < 1.0 {
            uneven += 1;
        } else if whole > 1.0 {
            // A gap of thousands of slices is no list anyone wants; the count is bounded, the refusal is not.
            let missing = (whole as usize - 1).min(10_000);
            positions_mm.extend((1..=missing).map(|n| pair[0] + n as f64 * *gap / whole));
        }
    }
    if uneven > 0 {
        let (least, most) =
            gaps.iter().fold((f64::MAX, 0.0_f64), |(low, high), &gap| (low.min(gap), high.max(gap)));
        return Err(ReadError::Inconsistent {
            reason: format!(
                "the distance between its slices varies from {least:.3} to {most:.3} mm; it may hold several stacks, \
                 export one evenly spaced reconstruction"
            ),
        });
    }
    if !positions_mm.is_empty() {
        let missing = positions_mm.len();
        return Err(ReadError::MissingSlices { missing, positions_mm, spacing_mm: typical });
    }
    let (first, last) = (heights[0], heights[heights.len() - 1]);
    let step = (last - first) / (heights.len() - 1) as f64;
    let off =
        heights.iter().enumerate().map(|(k, h)| (h - first - k as f64 * step).abs()).fold(0.0, f64::max);
    if off > UNEVEN_PART * step {
        return Err(ReadError::Inconsistent {
            reason: format!(
                "its slices are up to {off:.3} mm away from even spacing of {step:.3} mm; export one evenly spaced \
                 reconstruction"
            ),
        });
    }
    if off > ROUNDING_MM {
        notes.push(finding::UnevenSlices { off_mm: off, limit_mm: UNEVEN_PART * step }.finding());
    }
    Ok(step)
}

/// In-plane offsets of a stack whose slices do not lie above each other, as after gantry tilt.
fn shear(
    planes: &[Plane],
    heights: &[f64],
    notes: &mut Vec<Finding>,
) -> Result<Vec<Vector2<f64>>, ReadError> {
    let (first, last) = (&planes[0], planes.len() - 1);
    let offsets: Vec<Vector2<f64>> = planes
        .iter()
        .map(|plane| {
            let moved = plane.position - first.position;
            Vector2::new(moved.dot(&first.along_row), moved.dot(&first.along_column))
                .component_div(&first.spacing)
        })
        .collect();
    let rise = heights[last] - heights[0];
    let drift = offsets[last];
    let jitter = offsets
        .iter()
        .zip(heights)
        .map(|(offset, height)| (offset - drift * ((height - heights[0]) / rise)).amax())
        .fold(0.0, f64::max);
    if jitter > JITTER_PIXELS {
        return Err(ReadError::Inconsistent {
            reason: format!("its slices are shifted relative to each other by up to {jitter:.2} pixels"),
        });
    }
    if drift.amax() <= DRIFT_PIXELS {
        return Ok(Vec::new());
    }
    let degrees = drift.component_mul(&first.spacing).norm().atan2(rise).to_degrees();
    notes.push(finding::GantryTiltCorrected { tilt_deg: degrees }.finding());
    Ok(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(position: [f64; 3]) -> Plane {
        Plane::new(Some(position), Some([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]), Some([0.8, 0.7])).unwrap()
    }

    fn axial(heights: &[f64]) -> Result<Stack, ReadError> {
        stack(&heights.iter().map(|&z| plane([1.0, 2.0, z])).collect::<Vec<_>>())
    }

    #[test]
    fn slices_are_sorted_along_the_normal() {
        let stack = axial(&[4.0, -2.0, 1.0]).unwrap();
        assert_eq!(stack.order, [1, 2, 0]);
        assert_eq!(stack.step_mm, 3.0);
        assert!(stack.notes.is_empty() && stack.shear.is_empty() && stack.duplicates.is_empty());
    }

    #[test]
    fn missing_slices_are_named() {
        let error = axial(&[0.0, 2.0, 4.0, 10.0, 12.0, 14.0]).unwrap_err();
        let ReadError::MissingSlices { missing, positions_mm, spacing_mm } = &error else {
            panic!("{error}")
        };
        assert_eq!((*missing, *spacing_mm), (2, 2.0));
        assert_eq!(positions_mm, &[6.0, 8.0]);
        assert!(error.to_string().contains("6.00, 8.00"), "{error}");
    }

    #[test]
    fn slightly_uneven_slices_are_noted_and_uneven_ones_refused() {
        let noted = axial(&[0.0, 2.0, 4.1, 6.0]).unwrap();
        assert_eq!(noted.notes[0].code, finding::Code::UnevenSlices);
        assert!(axial(&[0.0, 2.0, 4.0, 7.0]).is_err());
        assert!(axial(&[0.0, 2.0, 4.0, 9.0, 14.0, 19.0, 24.0]).is_err());
    }

    #[test]
    fn duplicates_are_paired() {
        let stack = axial(&[0.0, 2.0, 2.0, 4.0]).unwrap();
        assert_eq!(stack.order, [0, 1, 3]);
        assert_eq!(stack.duplicates, [(1, 2)]);
        assert!(axial(&[2.0, 2.0]).is_err());
    }

    #[test]
    fn a_tilted_stack_gives_offsets_in_pixels() {
        let planes: Vec<Plane> =
            (0..5).map(|k| plane([0.0, 0.4 * f64::from(k), 3.0 * f64::from(k)])).collect();
        let stack = stack(&planes).unwrap();
        assert_eq!(stack.shear.len(), 5);
        assert!((stack.shear[4] - Vector2::new(0.0, 2.0)).amax() < 1e-12);
        let tilt = stack.notes[0].value.unwrap();
        assert!((tilt - (0.4_f64 / 3.0).atan().to_degrees()).abs() < 1e-9);
    }

    #[test]
    fn impossible_geometry_is_refused() {
        let straight = Some([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let origin = Some([0.0; 3]);
        for spacing in [[0.0, 1.0], [-1.0, 1.0], [f64::NAN, 1.0], [1.0, f64::INFINITY]] {
            assert!(Plane::new(origin, straight, Some(spacing)).is_err());
        }
        assert!(Plane::new(origin, Some([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]), Some([1.0; 2])).is_err());
        assert!(Plane::new(Some([f64::NAN, 0.0, 0.0]), straight, Some([1.0; 2])).is_err());
        assert!(Plane::new(None, straight, Some([1.0; 2])).is_err());
    }
}
