//! `coxa verify rom-workload`: contact of surfaces against answers that other collision libraries agree on.

use super::workload::{AgreedPose, Workload};
use super::{Check, SuiteReport};
use anyhow::Result;
use coxa_geometry::Angle;
use coxa_geometry::frame::Gravity;
use coxa_geometry::joint::HipAngles;
use coxa_rom::contact::ContactLimit;
use coxa_rom::{Direction, JointAxis, Motion};
use rayon::prelude::*;
use std::path::Path;

/// Degrees that a limit may differ; the tables are bisected to 0.02.
const LIMIT_TOLERANCE_DEG: f64 = 0.05;

/// Every so many poses the clearance is measured, which takes longer than to say whether there is contact.
const CLEARANCE_EVERY: usize = 10;

/// Compares every pose, asked in a row and asked alone for its place, the sign of clearances, and every limit of flexion.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let workload = Workload::read(folder)?;
    let rotations: Vec<_> = workload.poses.iter().map(|pose| pose.angles.rotation()).collect();
    let mut checks = Vec::new();
    for (i, pair) in workload.pairs.iter().enumerate() {
        let model = pair.model()?;
        let free = model.are_free(&rotations);
        let in_a_row = workload.poses.iter().zip(free).map(|(pose, free)| wrong(free == pose.collides[i]));
        checks.push(Check::at_most(
            format!("{}: disagreement", pair.name),
            &in_a_row.collect::<Vec<_>>(),
            0.0,
            "",
        ));
        let alone: Vec<f64> = workload
            .poses
            .par_iter()
            .map(|pose| wrong(model.touch(pose.angles).is_some() != pose.collides[i]))
            .collect();
        checks.push(Check::at_most(format!("{}: disagreement, asked alone", pair.name), &alone, 0.0, ""));
        let some: Vec<&AgreedPose> = workload.poses.iter().step_by(CLEARANCE_EVERY).collect();
        let clearances = model.clearances(&some.iter().map(|pose| pose.angles).collect::<Vec<_>>());
        let apart = clearances.iter().map(|c| c.as_ref().map_or(f64::INFINITY, |c| c.distance_mm));
        let signs = some.iter().zip(apart).map(|(pose, apart)| wrong((apart <= 0.0) != pose.collides[i]));
        checks.push(Check::at_most(
            format!("{}: sign of the clearance", pair.name),
            &signs.collect::<Vec<_>>(),
            0.0,
            "",
        ));
        let errors: Vec<f64> = workload
            .limits
            .par_iter()
            .map(|limit| limit_error(&model.limit(&flexion(limit.start)), limit.flexion_deg[i]))
            .collect();
        checks.push(Check::at_most(
            format!("{}: flexion limit", pair.name),
            &errors,
            LIMIT_TOLERANCE_DEG,
            "deg",
        ));
    }
    Ok(SuiteReport { suite: "rom-workload", evidence: "real-reference", checks })
}

fn wrong(is_wrong: bool) -> f64 {
    f64::from(u8::from(is_wrong))
}

fn flexion(start: HipAngles) -> Motion {
    let range = Angle::from_degrees(Workload::FLEXION_END_DEG - Workload::FLEXION_START_DEG);
    Motion::new("flexion", start, JointAxis::Flexion, Direction::Positive, range)
}

/// Degrees between a limit found and the table's; a limit where the other has none counts as not a number. A hip that is in
/// contact where the search begins has its limit there.
fn limit_error(found: &ContactLimit<Gravity>, expected_deg: Option<f64>) -> f64 {
    let found_deg = match found {
        ContactLimit::At { angle, .. } => Some(Workload::FLEXION_START_DEG + angle.degrees()),
        ContactLimit::BlockedAtStart(_) => Some(Workload::FLEXION_START_DEG),
        ContactLimit::Free => None,
    };
    match (found_deg, expected_deg) {
        (Some(found), Some(expected)) => (found - expected).abs(),
        (None, None) => 0.0,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Mesh;
    use coxa_geometry::frame::Patient;
    use coxa_geometry::mesh::ply;

    /// A rod below the hip centre flexes up to the underside of a plate before it.
    fn folder(limit: &str, collides: u8) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let rod = Mesh::<Patient>::cuboid([-5.0, -5.0, -100.0], [5.0, 5.0, -50.0]);
        let plate = Mesh::<Patient>::cuboid([-40.0, -120.0, 40.0], [40.0, -30.0, 60.0]);
        for (name, mesh) in
            [("pelvis", &plate), ("cup", &plate), ("femur_resected", &rod), ("neck_and_stem", &rod)]
        {
            let file = std::fs::File::create(folder.path().join(format!("{name}.ply"))).unwrap();
            ply::write(mesh, file).unwrap();
        }
        let poses = format!(
            "flexion_deg,abduction_deg,internal_rotation_deg,bone_bone_collides,neck_cup_collides\n\
             0,0,0,0,0\n90,0,0,0,0\n118,0,0,{collides},1\n"
        );
        let limits = format!(
            "abduction_deg,internal_rotation_deg,bone_bone_flexion_limit_deg,neck_cup_flexion_limit_deg\n0,0,{limit},{limit}\n"
        );
        std::fs::write(folder.path().join("poses.csv"), poses).unwrap();
        std::fs::write(folder.path().join("flexion_limits.csv"), limits).unwrap();
        folder
    }

    #[test]
    fn right_answers_hold_and_wrong_ones_do_not() {
        // The rod's upper far edge, 100 mm along it and 5 mm above its axis, comes to a height of 40 mm.
        let limit =
            90.0 + (40.0 / f64::hypot(100.0, 5.0)).asin().to_degrees() - (5f64 / 100.0).atan().to_degrees();
        let report = run(folder(&format!("{limit}"), 1).path()).unwrap();
        assert!(report.holds(), "{report}");
        assert_eq!(report.checks.len(), 8);
        assert!(!run(folder(&format!("{}", limit + 0.1), 1).path()).unwrap().holds());
        assert!(!run(folder("", 1).path()).unwrap().holds());
        assert!(!run(folder(&format!("{limit}"), 0).path()).unwrap().holds());
    }

    #[test]
    fn what_is_not_a_workload_is_said() {
        let empty = tempfile::tempdir().unwrap();
        let error = format!("{:#}", run(empty.path()).unwrap_err());
        assert!(
            error.contains("is not a range-of-motion workload") && error.contains("pelvis.ply"),
            "{error}"
        );
        let odd = folder("100", 2);
        let error = format!("{:#}", run(odd.path()).unwrap_err());
        assert!(error.contains("poses.csv, line 4: bone_bone_collides is 2"), "{error}");
    }
}
