//! The hip that can be planned, or what speaks against planning it.

use super::hip::RightHip;
use super::input::PlanningInput;
use super::refusal::Refusal;
use super::vessels::Vessels;
use coxa_anatomy::LandmarkKind;
use coxa_geometry::finding::{self, Code, Finding, Subject};
use coxa_geometry::{Severity, Side};

/// The hip, unless something refuses.
pub(crate) fn gather(input: &PlanningInput<'_>) -> Result<RightHip, Refusal> {
    let side = input.side;
    let mut refusals = Vec::new();
    for finding in input.findings.iter().chain(&input.anatomy.findings) {
        // The same may have been found by several stages, or in an earlier run.
        let is_known = |f: &Finding| f.code == finding.code && f.about == finding.about;
        if let Some(refusal) = reason_against(finding, side)
            && !refusals.iter().any(is_known)
        {
            refusals.push(refusal);
        }
    }
    let voxel_mm = input.grid.voxel_volume_mm3().cbrt();
    let hip = RightHip::gather(input.surfaces, input.anatomy, side, voxel_mm);
    for (kind, landmark) in [
        (LandmarkKind::Asis, "anterior superior iliac spine"),
        (LandmarkKind::PubicTubercle, "pubic tubercle"),
    ] {
        if input.anatomy.landmark(kind, side).is_none() && input.anatomy.pelvis.completion.is_none() {
            refusals.push(finding::PelvisCutOff { side, landmark }.finding());
        }
    }
    match hip {
        Ok(mut hip) if refusals.is_empty() => {
            hip.vessels = Vessels::new(input.labels, hip.side, hip.socket.centre_mm);
            if hip.vessels.is_none() {
                hip.found_vessels = Vessels::found(&input.anatomy.vessels, hip.side, hip.socket.centre_mm);
            }
            Ok(hip)
        }
        Ok(_) => Err(Refusal { findings: refusals }),
        Err(missing) => Err(Refusal { findings: refusals.into_iter().chain(missing).collect() }),
    }
}

/// The finding as a refusal, where no hip is planned of which this was found.
fn reason_against(found: &Finding, side: Side) -> Option<Finding> {
    let is_here = found.side() == Some(side);
    let refusal = match found.code {
        Code::MetalAtJoint if is_here => finding::MetalAtJointRefuses { side }.finding(),
        Code::MetalInFemur if is_here => finding::MetalInFemurRefuses { side }.finding(),
        Code::FemoralHeadCut if is_here => finding::FemoralHeadCutRefuses { side }.finding(),
        Code::FemoralHeadSmall if is_here => finding::FemoralHeadSmallRefuses { side }.finding(),
        _ => {
            let is_of_scan = found.severity == Severity::Refusal && found.about == Subject::Scan;
            return is_of_scan.then(|| found.clone());
        }
    };
    Some(found.clone().weighed_as(refusal))
}
