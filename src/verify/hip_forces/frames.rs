//! Anatomical frames of a person's bones, by landmarks.

use anyhow::{Result, anyhow};
use coxa_muscle::leg::Landmark;
use nalgebra::{Matrix3, Point3, RowVector3, Vector3};
use std::collections::BTreeMap;

pub(super) fn find(places: &BTreeMap<Landmark, Point3<f64>>, name: Landmark) -> Result<Point3<f64>> {
    places.get(&name).copied().ok_or_else(|| anyhow!("the landmark {name:?} is missing"))
}

/// Rows lateral, anterior, superior of the frame of Bergmann et al. 2016: up along the line from the notch to where neck and shaft meet,
/// lateral along the posterior condyles.
pub(super) fn bergmann_axes(femur: &BTreeMap<Landmark, Point3<f64>>) -> Result<Matrix3<f64>> {
    let up = find(femur, Landmark::NeckOnShaft)? - find(femur, Landmark::IntercondylarNotch)?;
    let across =
        find(femur, Landmark::LateralPosteriorCondyle)? - find(femur, Landmark::MedialPosteriorCondyle)?;
    let [forwards, up, right] = axes(up, across)?;
    Ok(Matrix3::from_rows(&[right, forwards, up]))
}

/// Rows forwards, up, right of the frame of Wu et al. 2002.
pub(super) fn isb_axes(femur: &BTreeMap<Landmark, Point3<f64>>) -> Result<Matrix3<f64>> {
    let (lateral, medial) =
        (find(femur, Landmark::LateralEpicondyle)?, find(femur, Landmark::MedialEpicondyle)?);
    let up = find(femur, Landmark::HipCentre)? - nalgebra::center(&lateral, &medial);
    Ok(Matrix3::from_rows(&axes(up, lateral - medial)?))
}

/// Rows forwards, up, right of the frame of Wu et al. 2002: the plane of both anterior and the middle of the posterior superior iliac spines is level.
pub(super) fn spines_axes(pelvis: &BTreeMap<Landmark, Point3<f64>>) -> Result<Matrix3<f64>> {
    let (asis, opposite) = (find(pelvis, Landmark::Asis)?, find(pelvis, Landmark::OppositeAsis)?);
    let back = nalgebra::center(&find(pelvis, Landmark::Psis)?, &find(pelvis, Landmark::OppositePsis)?);
    let (right, forwards) = (asis - opposite, nalgebra::center(&asis, &opposite) - back);
    Ok(Matrix3::from_rows(&axes(right.cross(&forwards), right)?))
}

/// Rows forwards, up and right of the frame that stands along `up`.
fn axes(up: Vector3<f64>, lateral: Vector3<f64>) -> Result<[RowVector3<f64>; 3]> {
    let flat = || anyhow!("landmarks of a bone lie on one line");
    let y = up.try_normalize(1e-9).ok_or_else(flat)?;
    let x = up.cross(&lateral).try_normalize(1e-9).ok_or_else(flat)?;
    Ok([x, y, x.cross(&y)].map(|axis| axis.transpose()))
}
