//! What the segmentation must tell the user.

use super::bones::{self, Bones};
use super::scan::Scan;
use super::segmentation::Metal;
use coxa_anatomy::Bone;
use coxa_geometry::{Finding, Severity, Side, Unit};

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
        let text = format!(
            "The voxels are {coarsest:.1} mm in size: thin cortex and joint space are blurred, so that bone surfaces are \
             sure to about a millimetre only."
        );
        findings.push(Finding::new(Severity::Caution, "low_resolution", "scan", text).with_limit(
            coarsest,
            COARSE_MM,
            Unit::Millimetre,
            "cortex and joint space of 2 to 4 mm",
        ));
    }
    if let Some(misread) = bones.misread {
        findings.push(misread.finding());
        return findings;
    }
    if bones.heads.is_empty() {
        let text = "No femoral head was found: the scan shows no hip, or it is hidden by metal. Check that the scan is \
                    a CT of the hip and that its orientation is right.";
        findings.push(Finding::new(Severity::Refusal, "hips_not_found", "scan", text));
        return findings;
    }
    for side in Side::BOTH {
        if bones.guessed.contains(&side) {
            let text = format!(
                "The {side} femoral head was not recognised; the {side} joint was parted at the place opposite the other \
                 head. Check the labels before measuring on this side."
            );
            findings.push(Finding::new(Severity::Caution, "head_not_found", &format!("femur_{side}"), text));
        } else if bones.heads.iter().all(|head| head.side != side) {
            let text = format!("The {side} hip joint is not in the scan.");
            findings.push(Finding::new(Severity::Caution, "hip_missing", &format!("hip_{side}"), text));
        }
    }
    for metal in metal {
        findings.extend(about_metal(metal));
    }
    findings.extend(cut_off(ct, labels));
    if bones.blind_sacrum {
        let text = "The disc between sacrum and fifth lumbar vertebra was not seen; the upper end of the sacrum is a \
                    guess.";
        findings.push(Finding::new(Severity::Note, "sacrum_top_uncertain", "sacrum", text));
    }
    findings
}

pub(super) fn about_metal(metal: &Metal) -> Vec<Finding> {
    let side = metal.side;
    let mut findings = Vec::new();
    let mut tell = |volume_mm3: f64, code: &str, about: String, where_: &str| {
        if volume_mm3 >= LEAST_METAL_MM3 {
            let text = format!(
                "There are {:.1} ml of metal {where_}. Bone around it is hidden by streaks and was not segmented reliably.",
                volume_mm3 / 1000.0
            );
            findings.push(Finding::new(Severity::Caution, code, &about, text));
        }
    };
    tell(
        metal.in_femur_mm3,
        "metal_in_femur",
        format!("femur_{side}"),
        &format!("in or at the {side} femur"),
    );
    tell(metal.at_joint_mm3, "metal_at_joint", format!("hip_{side}"), &format!("at the {side} hip joint"));
    if metal.in_femur_mm3.max(metal.at_joint_mm3) < LEAST_METAL_MM3 {
        tell(
            metal.volume_mm3,
            "metal_in_pelvis",
            format!("hip_{side}"),
            &format!("in the pelvis on the {side}"),
        );
    }
    findings
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
                    .filter(|&n| labels[n] == bones::id(bone))
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

fn cut_finding(bone: Bone, end: &str, area: f64) -> Finding {
    let name = bone.name().replace('_', " ");
    let text = format!(
        "The {name} is cut off at the {end} of the scan ({:.0} cm² of it lie on the edge).",
        (area / 100.0).max(1.0)
    );
    // Hip scans end in the femoral shaft as a rule; what that costs is said where it matters.
    let usual = matches!(bone, Bone::FemurRight | Bone::FemurLeft) && end == "lower end";
    let severity = if usual { Severity::Note } else { Severity::Caution };
    Finding::new(severity, "bone_cut_off", bone.name(), text)
}

/// The end of the scan that a direction (patient axes) points to.
fn direction(outwards: nalgebra::Vector3<f64>) -> &'static str {
    let axis = outwards.iamax();
    match (axis, outwards[axis] > 0.0) {
        (0, true) => "left side",
        (0, false) => "right side",
        (1, true) => "back",
        (1, false) => "front",
        (_, true) => "upper end",
        (_, false) => "lower end",
    }
}
