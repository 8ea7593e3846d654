//! What the segmentation must tell the user.

use super::found::{self, Bones};
use super::heads::{Head, side_sign};
use super::midplane::USUAL_HALF_MM;
use super::scan::Scan;
use super::segmentation::Metal;
use coxa_anatomy::Bone;
use coxa_geometry::Side;
use coxa_geometry::finding::{self, Finding, Subject};

/// Voxel size from which thin cortex and joint space blur.
const COARSE_MM: f64 = 2.0;
/// Less metal than this is a clip or a marker.
const LEAST_METAL_MM3: f64 = 200.0;
/// Area of a bone on a face of the scan that shows it to be cut.
const CUT_AREA_MM2: f64 = 40.0;

/// Findings about a segmentation; `labels` in memory order.
pub(super) fn of(ct: &Scan<'_>, bones: &Bones, labels: &[u8], metal: &[Metal]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let coarsest = ct.grid.spacing_mm().into_iter().fold(0.0, f64::max);
    if coarsest > COARSE_MM {
        findings.push(finding::LowResolution { voxel_mm: coarsest, limit_mm: COARSE_MM }.finding());
    }
    if let Some(misread) = bones.misread {
        findings.push(misread.finding());
        return findings;
    }
    if bones.heads.is_empty() {
        findings.push(finding::HipsNotFound {}.finding());
        return findings;
    }
    for side in Side::BOTH {
        if bones.guessed.contains(&side) {
            findings.push(finding::HeadNotFound { side }.finding());
        } else if bones.heads.iter().all(|head| head.side != side) {
            findings.push(match reaches(ct, &bones.heads, side) {
                true => finding::HipNotRecognised { side }.finding(),
                false => finding::HipMissing { side }.finding(),
            });
        }
    }
    for metal in metal {
        findings.extend(about_metal(metal));
    }
    findings.extend(cut_off(ct, labels));
    if bones.blind_sacrum {
        findings.push(finding::SacrumTopUncertain {}.finding());
    }
    findings
}

/// Whether the scan reaches to where the hip of a side should lie, opposite the one that was found.
fn reaches(ct: &Scan<'_>, heads: &[Head], side: Side) -> bool {
    let [low, high] = ct.grid.bounds(0.0);
    heads.iter().any(|head| {
        let opposite = head.centre.x + side_sign(head.side) * 2.0 * USUAL_HALF_MM;
        head.side != side && (low.x()..=high.x()).contains(&opposite)
    })
}

pub(super) fn about_metal(metal: &Metal) -> Vec<Finding> {
    let side = metal.side;
    let volume_ml = |mm3: f64| (mm3 >= LEAST_METAL_MM3).then_some(mm3 / 1000.0);
    let in_femur = volume_ml(metal.in_femur_mm3);
    let at_joint = volume_ml(metal.at_joint_mm3);
    let elsewhere = volume_ml(metal.volume_mm3).filter(|_| in_femur.is_none() && at_joint.is_none());
    [
        in_femur.map(|volume_ml| finding::MetalInFemur { side, volume_ml }.finding()),
        at_joint.map(|volume_ml| finding::MetalAtJoint { side, volume_ml }.finding()),
        elsewhere.map(|volume_ml| finding::MetalInPelvis { side, volume_ml }.finding()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Bones that the end of the scan cuts.
pub(super) fn cut_off(ct: &Scan<'_>, labels: &[u8]) -> Vec<Finding> {
    let dims = ct.grid.dims;
    let spacing = ct.grid.spacing_mm();
    let strides = [1, dims[0], dims[0] * dims[1]];
    let mut findings = Vec::new();
    for bone in Bone::ALL {
        for axis in 0..3 {
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
            for last in [false, true] {
                let start = if last { (dims[axis] - 1) * strides[axis] } else { 0 };
                let voxels = (0..dims[u])
                    .flat_map(|a| (0..dims[v]).map(move |b| start + a * strides[u] + b * strides[v]))
                    .filter(|&n| labels[n] == found::id(bone))
                    .count();
                let area = voxels as f64 * spacing[u] * spacing[v];
                if area >= CUT_AREA_MM2 {
                    let outwards = ct.grid.step.column(axis) * if last { 1.0 } else { -1.0 };
                    findings.push(cut_finding(bone, direction(outwards), area));
                }
            }
        }
    }
    findings
}

fn cut_finding(bone: Bone, end: &'static str, area: f64) -> Finding {
    let area_cm2 = (area / 100.0).max(1.0);
    let about = Subject::of(bone.name());
    match about {
        // Hip scans end in the femoral shaft as a rule; what that costs is said where it matters.
        Subject::Femur(side) if end == LOWER_END => {
            finding::FemoralShaftCutOff { side, end, area_cm2 }.finding()
        }
        about => finding::BoneCutOff { bone: about, name: bone.title(), end, area_cm2 }.finding(),
    }
}

const LOWER_END: &str = "lower end";

/// The end of the scan that a direction (patient axes) points to.
fn direction(outwards: nalgebra::Vector3<f64>) -> &'static str {
    let axis = outwards.iamax();
    match (axis, outwards[axis] > 0.0) {
        (0, true) => "left side",
        (0, false) => "right side",
        (1, true) => "back",
        (1, false) => "front",
        (_, true) => "upper end",
        (_, false) => LOWER_END,
    }
}
