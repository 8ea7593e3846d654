//! Everything that bone surfaces, and the CT where there is one, tell about a patient's hips.
//!
//! A hip is seen as a right one on the way in ([`Side::enter`]) and its results leave ([`Side::leave`]); all in between is
//! written for a right hip.
//! What the surfaces do not show is named in [`HipAnatomy::missing`] with the reason; no value is made up for it.

mod complete;
mod complete_pelvis;
mod femur;
mod hip;
mod legs;
mod osteoarthritis;
mod pelvis;
mod prepared;
mod record;
mod tissue;

pub use complete::{FemurTemplate, complete_femora, complete_femora_by};
pub use complete_pelvis::{MODES as PELVIS_MODES, complete_pelvis, complete_pelvis_by};
use coxa_anatomy::calibration::Calibration;
use coxa_anatomy::{Bone, BoneSurfaces, FemoralHead, HipAnatomy, LEAST_ADULT_HEAD_MM};
use coxa_geometry::{Quantity, Side, finding};
use coxa_imaging::{CtVolume, Grid, LabelMap};
use coxa_shape::landmarks::ball::is_cut;
use coxa_shape::landmarks::hip_bone::{self, HipBone};
pub(crate) use femur::Femur;
use prepared::{Hip, prepare};
use rayon::prelude::*;
use record::Record;

/// Head and socket centres further apart than this are no joint, in mm.
const MAX_JOINT_GAP_MM: f64 = 10.0;

/// What the place of a head is sure to at best beside metal, in mm: how far streaks move an edge of bone. Assumption.
const BESIDE_METAL_MM: f64 = 3.0;

/// Completes what the scan cuts off by the shipped shape models: pelvis, femora, and leg length by them. What was measured stays as
/// it is; completions stand apart, and what rests on them says so. With the CT, surface beside metal is left out.
pub fn complete(anatomy: &mut HipAnatomy, surfaces: &BoneSurfaces, ct: Option<&CtVolume>) {
    complete_pelvis(anatomy, surfaces, ct);
    complete_femora(anatomy, surfaces, ct);
    legs::complete(anatomy);
}

/// Measures a patient from bone surfaces in any pose; with the CT and its labels also the medullary canals, densities, the
/// cortex and muscles, and the ends of the image are known exactly. Never fails: what cannot be measured is missing, with the reason.
///
/// # Examples
/// The [crate's page](crate) measures a femur alone.
pub fn measure(surfaces: &BoneSurfaces, scan: Option<(&CtVolume, &LabelMap)>) -> HipAnatomy {
    let calibration = scan.map_or_else(Calibration::typical, |(ct, _)| Calibration::from_tissues(ct));
    measured(surfaces, scan, scan.map(|(_, labels)| &labels.volume.grid), calibration)
}

/// As [`measure`], of bones that are whole, with a CT of a part of them: what lies outside of it was not cut.
pub fn measure_whole(surfaces: &BoneSurfaces, ct: &CtVolume, labels: &LabelMap) -> HipAnatomy {
    measured(surfaces, Some((ct, labels)), None, Calibration::typical())
}

/// As [`measure`], with densities by a calibration of the user's choice.
pub fn measure_calibrated(
    surfaces: &BoneSurfaces,
    ct: &CtVolume,
    labels: &LabelMap,
    calibration: Calibration,
) -> HipAnatomy {
    measured(surfaces, Some((ct, labels)), Some(&labels.volume.grid), calibration)
}

/// `field` is the grid at whose edges bones are cut.
fn measured(
    surfaces: &BoneSurfaces,
    scan: Option<(&CtVolume, &LabelMap)>,
    field: Option<&Grid>,
    calibration: Calibration,
) -> HipAnatomy {
    let hips: Vec<Hip> = Side::BOTH.par_iter().map(|&side| prepare(side, surfaces, field)).collect();
    let mut record = Record::default();
    for hip in &hips {
        record_bones(&mut record, hip, surfaces, scan.map(|(ct, _)| ct));
    }

    let pelvis_bones: Vec<HipBone<'_>> = hips.iter().filter_map(Hip::bone).collect();
    let axes = hip_bone::find_axes(&pelvis_bones);
    for bone in &pelvis_bones {
        pelvis::record_prominences(&mut record, bone, &axes);
    }
    let planes = pelvis::record_frames(&mut record, &axes);

    let femora: Vec<_> = hips.par_iter().map(|hip| femur::find(hip, &planes)).collect();
    for hip in &hips {
        hip::record_acetabulum(&mut record, hip, &planes);
    }
    for (hip, femur) in hips.iter().zip(&femora) {
        hip::record_roof(&mut record, hip, &planes);
        femur::record(&mut record, hip, femur.as_ref());
        if let (Some((ct, _)), Some(femur), Some(shape)) = (scan, femur, &hip.femur) {
            let canal = crate::canal::find_canal(ct, shape, femur, hip.side);
            match canal {
                Ok(canal) => record.anatomy.side_mut(hip.side).canal = Some(canal),
                Err(why) => record.missing(format!("canal_{}", hip.side), why),
            }
        }
    }
    legs::record(&mut record, &planes);
    for (hip, femur) in hips.iter().zip(&femora) {
        osteoarthritis::record(&mut record, hip, femur.as_ref(), &planes, scan);
    }
    if let Some((ct, labels)) = scan {
        tissue::record(&mut record, surfaces, ct, labels, calibration);
    }
    record.anatomy
}

/// Notes which bones are there and their joint.
fn record_bones(record: &mut Record, hip: &Hip, surfaces: &BoneSurfaces, ct: Option<&CtVolume>) {
    let side = hip.side;
    for (bone, shape) in [(Bone::hip(side), &hip.pelvis), (Bone::femur(side), &hip.femur)] {
        if shape.is_none() {
            let why = if surfaces.contains_key(&bone) {
                "its surface is too small or defective"
            } else {
                "it was not found in the scan"
            };
            record.missing(bone.name(), why);
        }
    }
    if hip.femur.is_some() && hip.head.is_none() {
        record.missing(format!("femoral_head_{side}"), "no part of the femur is spherical enough");
    }
    let Some(mut head) = hip.head else { return };
    // A surface that was drawn from voxels lies all around a little outside or inside of the bone.
    let drawn = hip.femur.as_ref().filter(|_| ct.is_some());
    let surface_mm = drawn.map_or(0.0, |bone| osteoarthritis::SURFACE_VOXELS * bone.resolution_mm);
    if ct.is_some_and(|ct| osteoarthritis::holds_implant(ct, side, &head)) {
        // Streaks move the edge of bone on one side of the metal and not on the other.
        head.spread = head.spread.max(BESIDE_METAL_MM);
        let why = "metal in or beside the head: its streak artefacts hide the bone surface";
        record.missing(Quantity::HeadDiameter.of(side), why);
    } else {
        record.value(
            Quantity::HeadDiameter.of(side),
            2.0 * head.radius,
            2.0 * head.radius_spread.hypot(surface_mm),
            "Diameter of the least-squares sphere through the articular surface of the bony femoral head.",
        );
    }
    record.anatomy.side_mut(side).head = Some(FemoralHead {
        centre_mm: side.leave(head.centre),
        radius_mm: head.radius,
        residual_mm: head.rms,
        spread_mm: head.spread,
    });
    record.landmark(
        coxa_anatomy::LandmarkKind::HeadCentre,
        side,
        Ok(coxa_shape::landmarks::rocking::Found { point: head.centre, spread: head.spread }),
        "Centre of the least-squares sphere through the articular surface of the femoral head.",
    );
    if 2.0 * head.radius < LEAST_ADULT_HEAD_MM {
        let (value, limit) = (2.0 * head.radius, LEAST_ADULT_HEAD_MM);
        record.anatomy.findings.push(finding::FemoralHeadSmall { side, value, limit }.finding());
    }
    if hip.femur.as_ref().is_some_and(|femur| is_cut(femur, &head)) {
        let seen_percent = 100.0 * head.coverage;
        record.anatomy.findings.push(finding::FemoralHeadCut { side, seen_percent }.finding());
    }
    if let Some(socket) = hip.socket {
        let gap = (socket.centre - head.centre).norm();
        if gap > MAX_JOINT_GAP_MM {
            let (gap_mm, limit_mm) = (gap, MAX_JOINT_GAP_MM);
            record.anatomy.findings.push(finding::JointNotConcentric { side, gap_mm, limit_mm }.finding());
        }
    }
}
