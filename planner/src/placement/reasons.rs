//! What a surgeon asks of a plan that departs from the usual one: why the hip's centre moves, what was taken for a pelvis and spine that
//! nobody measured.

use super::geometry::Assembly;
use super::hip::{HEAD_IN_SOCKET_MM, RightHip};
use super::numbers::Numbers;
use super::socket::{CENTRE_WITHIN_MM, Seat, wanted_mm};
use crate::plan::Plan;
use coxa_activity::posture::SpinalMobility;
use coxa_anatomy::OutOfPlace;
use coxa_geometry::{Finding, Quantity, finding};

/// A centre that moves by more than this is said. Half a millimetre is what the rule's steps and rounding leave.
pub(crate) const CENTRE_SAID_MM: f64 = CENTRE_WITHIN_MM + 0.5;

/// Findings that give the reason for what others judge.
pub(super) fn reasons(plan: &Plan, assembly: &Assembly, hip: &RightHip, numbers: &Numbers) -> Vec<Finding> {
    let mut findings = Vec::new();
    let away_mm = hip.head.centre_mm.distance(hip.socket.centre_mm);
    if let Some(displaced) = &hip.displaced {
        let side = hip.side;
        let left = assembly.pose.hip_centre - displaced.belongs;
        findings.push(match displaced.how {
            OutOfPlace::Risen(risen_mm) => {
                let left_mm = whole(left.dot(hip.axes.superior));
                finding::HeadRisen { side, risen_mm, left_mm }.finding()
            }
            OutOfPlace::Inwards(inwards_mm) => {
                let left_mm = whole(left.dot(hip.medial()));
                finding::HeadInwards { side, inwards_mm, left_mm }.finding()
            }
        });
    } else if away_mm > HEAD_IN_SOCKET_MM {
        let limit_mm = HEAD_IN_SOCKET_MM;
        findings.push(finding::HeadOutOfSocket { side: hip.side, away_mm, limit_mm }.finding());
    }
    if hip.displaced.is_none() {
        findings.extend(centre_moved(assembly, hip, numbers));
    }
    findings.extend(size_off(assembly, hip));
    if plan.targets.standing_tilt_deg.is_none() {
        findings.push(finding::StandingTiltUnknown {}.finding());
    }
    if plan.targets.spine == Some(SpinalMobility::Stiff) && assembly.components.liner.mobile.is_none() {
        findings.push(finding::SpineStiff {}.finding());
    }
    findings
}

/// To the millimetre, without a sign on nothing.
fn whole(mm: f64) -> f64 {
    mm.round() + 0.0
}

/// A shell further than this from what reaming leads to, more than one size of 2 mm, is said. Assumption.
const SIZE_OFF_MM: f64 = 3.0;

/// A shell far from what reaming leads to: chosen by hand, or for want of a nearer one. Where the head is out of place the other side leads
/// to no size.
fn size_off(assembly: &Assembly, hip: &RightHip) -> Option<Finding> {
    let (size_mm, wanted_mm) = (assembly.components.cup_size_mm, wanted_mm(hip));
    let is_off = hip.displaced.is_none() && (size_mm - wanted_mm).abs() > SIZE_OFF_MM;
    is_off.then(|| finding::ShellSizeOff { size_mm, wanted_mm }.finding())
}

/// What the shell would meet at the native centre, where the plan's is elsewhere by more than the centre is restored to.
fn centre_moved(assembly: &Assembly, hip: &RightHip, numbers: &Numbers) -> Option<Finding> {
    let shift = |quantity| numbers.get(quantity).map_or(0.0, |measured| measured.value);
    let medial = shift(Quantity::HipCentreShiftMedial);
    let superior = shift(Quantity::HipCentreShiftSuperior);
    let moved_mm = medial.abs().max(superior.abs());
    if moved_mm <= CENTRE_SAID_MM {
        return None;
    }
    let seat = assembly.seat();
    let native = Seat { centre: seat.centre - hip.medial() * medial - hip.axes.superior * superior, ..seat };
    let coverage_percent = 100.0 * native.final_coverage(hip);
    let wall_mm = native.walls(hip).medial.map_or(0.0, |wall| wall.thickness_mm());
    let limit_mm = CENTRE_WITHIN_MM;
    Some(finding::HipCentreMovedFor { moved_mm, limit_mm, coverage_percent, wall_mm }.finding())
}
