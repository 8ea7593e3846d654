//! Where the voxels lie: sform and qform to a [`Grid`] and back.
//!
//! NIfTI has x to the right, y anterior and z to the head (RAS); the patient frame here is LPS, so the first two
//! rows change sign. Formulas: nifti1.h, "METHOD 2" (quaternion) and "METHOD 3" (affine).

use super::error::Problem;
use crate::Grid;
use coxa_geometry::{Finding, Point, finding};
use nalgebra::{Matrix3, Quaternion, Rotation3, UnitQuaternion, Vector3};
use nifti::NiftiHeader;

/// Voxel spacings outside this range, in millimetres, are taken for an error of the header.
const SPACING_RANGE_MM: std::ops::RangeInclusive<f64> = 1e-3..=100.0;

/// Cosine between two voxel axes above which the grid is refused: half a millimetre over 500 mm. Rounding to f32
/// stays below 1e-6.
const SHEAR_TOLERANCE: f64 = 1e-3;

/// Cosine above which the axes are made orthogonal, so that what is left is rounding only.
const ROUNDING: f64 = 1e-6;

/// Distance between the places that sform and qform give to a corner, above which it is worth a note.
const FORM_TOLERANCE_MM: f64 = 0.1;

/// No scanner coordinate is further from its origin.
const FARTHEST_MM: f64 = 1e6;

/// An affine from voxel indices to RAS millimetres.
struct Affine {
    step: Matrix3<f64>,
    origin: Vector3<f64>,
}

/// The grid of a header, with notes on how it was found. The sform counts where its code is above 0, else the
/// qform.
pub(super) fn grid(header: &NiftiHeader, dims: [usize; 3]) -> Result<(Grid, Vec<Finding>), Problem> {
    let mut notes = Vec::new();
    let unit_mm = unit_mm(header, &mut notes)?;
    let sform = (header.sform_code > 0).then(|| sform(header));
    let qform = if header.qform_code > 0 { Some(qform(header)) } else { None };
    let affine = match (sform, qform) {
        (Some(sform), Some(Ok(qform))) => {
            notes.extend(disagreement(&sform, &qform, dims, unit_mm));
            sform
        }
        (Some(sform), _) => sform,
        (None, Some(qform)) => qform?,
        (None, None) => return Err(Problem::NoOrientation),
    };
    let to_lps = Matrix3::from_diagonal(&Vector3::new(-1.0, -1.0, 1.0)) * unit_mm;
    let step = orthogonal(to_lps * affine.step)?;
    let origin = to_lps * affine.origin;
    if !origin.iter().all(|c| c.abs() <= FARTHEST_MM) {
        return Err(Problem::field(
            "srow or qoffset",
            format!("{:?}", origin.as_slice()),
            "not a finite position",
        ));
    }
    Ok((Grid { dims, origin: Point::from_coords(origin.into()), step }, notes))
}

/// Millimetres in the header's unit of length.
fn unit_mm(header: &NiftiHeader, notes: &mut Vec<Finding>) -> Result<f64, Problem> {
    match header.xyzt_units & 0o7 {
        0 => {
            notes.push(finding::NiftiUnitMissing {}.finding());
            Ok(1.0)
        }
        1 => Ok(1000.0),
        2 => Ok(1.0),
        3 => Ok(1e-3),
        other => Err(Problem::field(
            "xyzt_units",
            other,
            "but must be metres (1), millimetres (2) or micrometres (3)",
        )),
    }
}

fn sform(header: &NiftiHeader) -> Affine {
    let rows = [header.srow_x, header.srow_y, header.srow_z];
    Affine {
        step: Matrix3::from_fn(|r, c| f64::from(rows[r][c])),
        origin: Vector3::from_fn(|r, _| f64::from(rows[r][3])),
    }
}

fn qform(header: &NiftiHeader) -> Result<Affine, Problem> {
    let [b, c, d] = [header.quatern_b, header.quatern_c, header.quatern_d].map(f64::from);
    let squares = b * b + c * c + d * d;
    // A little above 1 is rounding; a half turn has a = 0.
    if !(squares.is_finite() && squares < 1.0 + 1e-3) {
        return Err(Problem::field("quatern_b, c, d", format!("{b}, {c}, {d}"), "not a rotation"));
    }
    let a = (1.0 - squares).max(0.0).sqrt();
    let rotation = UnitQuaternion::new_normalize(Quaternion::new(a, b, c, d)).to_rotation_matrix();
    let qfac = if header.pixdim[0] < 0.0 { -1.0 } else { 1.0 };
    let spacing = [header.pixdim[1], header.pixdim[2], header.pixdim[3]].map(f64::from);
    if !spacing.iter().all(|s| s.is_finite() && *s > 0.0) {
        return Err(Problem::field("pixdim", format!("{spacing:?}"), "not a voxel spacing"));
    }
    let scale = Matrix3::from_diagonal(&Vector3::new(spacing[0], spacing[1], spacing[2] * qfac));
    Ok(Affine {
        step: rotation.matrix() * scale,
        origin: Vector3::new(header.quatern_x, header.quatern_y, header.quatern_z).map(f64::from),
    })
}

/// A finding where the two forms do not put the corners of the volume in the same place.
fn disagreement(sform: &Affine, qform: &Affine, dims: [usize; 3], unit_mm: f64) -> Option<Finding> {
    let apart = (0..8)
        .map(|corner| {
            let index = Vector3::from_fn(|axis, _| {
                if corner >> axis & 1 == 1 { dims[axis].saturating_sub(1) as f64 } else { 0.0 }
            });
            let place = |affine: &Affine| affine.step * index + affine.origin;
            (place(sform) - place(qform)).norm() * unit_mm
        })
        .fold(0.0, f64::max);
    // Not-a-number is a disagreement too.
    if apart <= FORM_TOLERANCE_MM {
        return None;
    }
    let turned = (0..3).any(|axis| {
        let (s, q) = (sform.step.column(axis), qform.step.column(axis));
        let cosine = s.dot(&q) / (s.norm() * q.norm());
        cosine.is_nan() || cosine < 0.5
    });
    let (apart_mm, limit_mm) = (apart, FORM_TOLERANCE_MM);
    Some(if turned {
        finding::NiftiFormsTurned { apart_mm, limit_mm }.finding()
    } else {
        finding::NiftiFormsShifted { apart_mm, limit_mm }.finding()
    })
}

/// Checks lengths and angles of the steps and takes out what shear rounding or a sloppy writer left.
fn orthogonal(step: Matrix3<f64>) -> Result<Matrix3<f64>, Problem> {
    let spacing = Vector3::from_fn(|axis, _| step.column(axis).norm());
    if !spacing.iter().all(|s| SPACING_RANGE_MM.contains(s)) {
        let value = format!("{:?} mm", spacing.as_slice());
        return Err(Problem::field("voxel spacing (srow or pixdim)", value, "outside 0.001 to 100 mm"));
    }
    let directions = Matrix3::from_fn(|r, c| step[(r, c)] / spacing[c]);
    let cosine = [(0, 1), (0, 2), (1, 2)]
        .map(|(a, b)| directions.column(a).dot(&directions.column(b)).abs())
        .into_iter()
        .fold(0.0, f64::max);
    if cosine > SHEAR_TOLERANCE {
        return Err(Problem::Sheared { degrees: cosine.min(1.0).asin().to_degrees() });
    }
    if cosine <= ROUNDING {
        return Ok(step);
    }
    // The nearest orthogonal axes favour none of the three.
    let svd = directions.svd(true, true);
    let (Some(u), Some(v_t)) = (svd.u, svd.v_t) else { return Ok(step) };
    Ok(u * v_t * Matrix3::from_diagonal(&spacing))
}

/// Writes a grid into sform and qform, both with code 1 (scanner coordinates).
pub(super) fn set_grid(header: &mut NiftiHeader, grid: &Grid) {
    let to_ras = Matrix3::from_diagonal(&Vector3::new(-1.0, -1.0, 1.0));
    let step = to_ras * grid.step;
    let origin = to_ras * grid.origin.coords().coords;
    let row = |r: usize| [step[(r, 0)], step[(r, 1)], step[(r, 2)], origin[r]].map(|v| v as f32);
    (header.srow_x, header.srow_y, header.srow_z) = (row(0), row(1), row(2));
    (header.sform_code, header.qform_code) = (1, 1);
    header.xyzt_units = 2;

    let spacing = grid.spacing_mm();
    let mut directions = Matrix3::from_fn(|r, c| step[(r, c)] / spacing[c]);
    let qfac = if directions.determinant() < 0.0 { -1.0 } else { 1.0 };
    directions.column_mut(2).scale_mut(qfac);
    let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(directions));
    // Only b, c and d are stored; the reader takes a positive a.
    let sign = if rotation.w < 0.0 { -1.0 } else { 1.0 };
    (header.quatern_b, header.quatern_c, header.quatern_d) =
        ((sign * rotation.i) as f32, (sign * rotation.j) as f32, (sign * rotation.k) as f32);
    (header.quatern_x, header.quatern_y, header.quatern_z) =
        (origin[0] as f32, origin[1] as f32, origin[2] as f32);
    header.pixdim =
        [qfac as f32, spacing[0] as f32, spacing[1] as f32, spacing[2] as f32, 0.0, 0.0, 0.0, 0.0];
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Severity;
    use coxa_geometry::finding::Code;

    fn oblique(handed: f64) -> Grid {
        let rotation = Rotation3::from_euler_angles(0.3, -0.7, 2.1);
        let scale = Matrix3::from_diagonal(&Vector3::new(0.7, 0.8, 1.5 * handed));
        Grid { dims: [7, 8, 9], origin: Point::new(-120.5, 33.25, 901.0), step: rotation.matrix() * scale }
    }

    #[test]
    fn either_form_alone_gives_the_grid_that_was_written() {
        for handed in [1.0, -1.0] {
            let grid = oblique(handed);
            let mut header = NiftiHeader::default();
            set_grid(&mut header, &grid);
            for (sform_code, qform_code) in [(1, 1), (1, 0), (0, 1), (4, 2)] {
                (header.sform_code, header.qform_code) = (sform_code, qform_code);
                let (read, notes) = super::grid(&header, grid.dims).unwrap();
                assert!(read.matches(&grid, 1e-4), "{read:?}");
                assert_eq!(notes, []);
            }
        }
    }

    #[test]
    fn neither_form_is_refused_and_a_disagreement_is_told() {
        let mut header = NiftiHeader::default();
        set_grid(&mut header, &oblique(1.0));
        header.quatern_x += 3.0;
        let (read, notes) = grid(&header, [7, 8, 9]).unwrap();
        assert!(read.matches(&oblique(1.0), 1e-4));
        assert_eq!(notes[0].severity, Severity::Note);
        assert!((notes[0].value.unwrap() - 3.0).abs() < 1e-3);
        header.srow_x = header.srow_x.map(|v| -v);
        assert_eq!(grid(&header, [7, 8, 9]).unwrap().1[0].severity, Severity::Caution);
        (header.sform_code, header.qform_code) = (0, 0);
        assert!(matches!(grid(&header, [7, 8, 9]), Err(Problem::NoOrientation)));
    }

    #[test]
    fn shear_is_refused_and_a_trace_of_it_is_taken_out() {
        let mut header = NiftiHeader::default();
        let cube = Grid::axis_aligned([10, 10, 10], Point::origin(), [1.0, 1.0, 1.0]);
        set_grid(&mut header, &cube);
        header.srow_x[1] = 0.2;
        let Err(Problem::Sheared { degrees }) = grid(&header, cube.dims) else { panic!("not refused") };
        assert!((degrees - 11.31).abs() < 0.01);
        header.srow_x[1] = 5e-4;
        let (read, _) = grid(&header, cube.dims).unwrap();
        let gram = read.step.transpose() * read.step;
        assert!(gram[(0, 1)].abs() < 1e-12 && (gram[(0, 0)] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn units_are_read_and_missing_ones_told() {
        let mut header = NiftiHeader::default();
        set_grid(&mut header, &oblique(1.0));
        for (units, factor) in [(2, 1.0), (1, 1000.0), (3, 1e-3)] {
            header.xyzt_units = units;
            match grid(&header, [7, 8, 9]) {
                Ok((read, _)) => assert!((read.spacing_mm()[0] - 0.7 * factor).abs() < 1e-5),
                Err(problem) => assert!(units != 2, "{problem}"),
            }
        }
        header.xyzt_units = 0;
        assert_eq!(grid(&header, [7, 8, 9]).unwrap().1[0].code, Code::NiftiUnitMissing);
        header.xyzt_units = 5;
        assert!(grid(&header, [7, 8, 9]).is_err());
    }

    #[test]
    fn values_that_are_no_numbers_are_refused() {
        for spoil in [
            |h: &mut NiftiHeader| h.srow_y[2] = f32::NAN,
            |h: &mut NiftiHeader| h.srow_y[3] = f32::INFINITY,
            |h: &mut NiftiHeader| (h.srow_x, h.srow_y, h.srow_z) = ([0.0; 4], [0.0; 4], [0.0; 4]),
            |h: &mut NiftiHeader| (h.sform_code, h.quatern_b) = (0, f32::NAN),
            |h: &mut NiftiHeader| (h.sform_code, h.pixdim[3]) = (0, 0.0),
            |h: &mut NiftiHeader| (h.sform_code, h.pixdim[2]) = (0, f32::NAN),
        ] {
            let mut header = NiftiHeader::default();
            set_grid(&mut header, &oblique(1.0));
            spoil(&mut header);
            assert!(grid(&header, [7, 8, 9]).is_err());
        }
    }
}
