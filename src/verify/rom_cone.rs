//! `coxa verify rom-cone`: neck-on-liner limits against a table, by the exact cone model or by surfaces.

use super::SuiteReport;
use super::table::{Errors, Table};
use anyhow::bail;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{Cup, Femur, Frame, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Mesh, Point, Vector};
use coxa_planner::implants::solid::{arc, revolved};
use coxa_rom::cone::{ConeHip, neck_axis};
use coxa_rom::contact::{ContactLimit, ContactModel, NamedMesh};
use coxa_rom::{FreeInterval, Limit, Motion};
use rayon::prelude::*;
use std::f64::consts::PI;
use std::path::Path;

/// What finds the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// The cone model in closed form.
    Cone,
    /// Neck and cup as surfaces.
    Mesh,
}

impl Engine {
    /// Degrees that a limit may differ from the table.
    fn tolerance_deg(self) -> f64 {
        match self {
            Engine::Cone => 1e-3,
            Engine::Mesh => 0.1,
        }
    }
}

const CASE: [&str; 6] = [
    "cup_RI_deg",
    "cup_RA_deg",
    "stem_anteversion_deg",
    "neck_shaft_deg",
    "oscillation_angle_deg",
    "neutral_axis_angle_deg",
];

/// The limits' columns, in the order of [`Motion::table`].
const LIMITS: [&str; 10] = [
    "flexion_limit_deg",
    "extension_limit_deg",
    "abduction_limit_deg",
    "adduction_limit_deg",
    "ir_at0_limit_deg",
    "er_at0_limit_deg",
    "ir_at90_limit_deg",
    "er_at90_limit_deg",
    "ir_at90_add10_limit_deg",
    "er_at_ext10_limit_deg",
];

/// Compares the limit of every motion, and by the cone model the angle between neck and cup in neutral.
pub fn run(path: &Path, engine: Engine) -> anyhow::Result<SuiteReport> {
    let mut errors = Errors::default();
    for row in Table::read(path, &[&CASE[..], &LIMITS[..]].concat())?.rows() {
        let cup = Radiographic::<Gravity>::from_degrees(row.number("cup_RI_deg")?, row.number("cup_RA_deg")?);
        let angle = |column: &str| row.number(column).map(Angle::from_degrees);
        let neck = neck_axis(angle("neck_shaft_deg")?, angle("stem_anteversion_deg")?);
        let oscillation = angle("oscillation_angle_deg")?;
        let hip = ConeHip::new(cup.axis(), neck, oscillation).map_err(|e| row.error(e))?;
        let surfaces = match engine {
            Engine::Cone => {
                let neutral = hip.axis_angle(HipAngles::default());
                // The table prints the neutral angle to 1e-4 degrees, as the limits.
                errors.add("neutral axis angle", neutral.degrees(), row.number("neutral_axis_angle_deg")?);
                None
            }
            Engine::Mesh => Some(joint(cup.axis(), neck, oscillation).map_err(|e| row.error(e))?),
        };
        let motions = Motion::table();
        let found: Vec<f64> = motions
            .par_iter()
            .map(|motion| match &surfaces {
                // A limit in the table is an angle; no limit at all differs from it by more than any tolerance.
                None => match hip.limit(motion) {
                    Limit::At(angle) => angle.degrees(),
                    Limit::Unlimited | Limit::Blocked => f64::NAN,
                },
                Some(surfaces) => limit_of_surfaces(surfaces, motion, &hip),
            })
            .collect();
        for (found, column) in found.into_iter().zip(LIMITS) {
            errors.add(column.trim_end_matches("_deg"), found, row.number(column)?);
        }
    }
    let checks = errors.checks(engine.tolerance_deg(), "deg");
    Ok(SuiteReport { suite: "rom-cone", evidence: "analytic", checks })
}

/// Radius of the bore; the neck's follows from the oscillation angle.
const BORE_RADIUS_MM: f64 = 14.0;
/// Outer radius of the cup.
const CUP_RADIUS_MM: f64 = 22.0;
/// Length of the neck from the head centre.
const NECK_LENGTH_MM: f64 = 40.0;
/// Sides of the rim and of the neck.
const SIDES: usize = 360;
/// Furthest that a surface may be from the true one.
const SURFACE_TOLERANCE_MM: f64 = 0.01;

/// A hemispherical cup with a flush, sharp rim, and a cylindrical neck that fills the cone in it.
fn joint(
    cup_axis: Vector<Gravity>,
    neck_axis: Vector<Femur>,
    oscillation: Angle,
) -> anyhow::Result<ContactModel<Gravity>> {
    let ball = |radius: f64, from: f64, to: f64| arc(radius, 0.0, from, to, SURFACE_TOLERANCE_MM);
    let cup = revolved::<Cup>(SIDES, |_| {
        [ball(CUP_RADIUS_MM, PI, PI / 2.0), ball(BORE_RADIUS_MM, PI / 2.0, PI)].concat()
    });
    let radius = BORE_RADIUS_MM * (oscillation / 2.0).cos();
    let neck = revolved::<Cup>(SIDES, |_| {
        vec![(0.0, NECK_LENGTH_MM), (radius, NECK_LENGTH_MM), (radius, 0.0), (0.0, 0.0)]
    });
    let (cup, neck) = (along(&cup, cup_axis)?, along(&neck, neck_axis)?);
    Ok(ContactModel::new(
        &[NamedMesh { name: "cup", mesh: &cup }],
        &[NamedMesh { name: "neck", mesh: &neck }],
    )?)
}

/// A body of revolution with its axis turned to a direction.
fn along<F: Frame>(mesh: &Mesh<Cup>, axis: Vector<F>) -> anyhow::Result<Mesh<F>> {
    let across = [Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 1.0, 0.0)]
        .into_iter()
        .map(|other| axis.cross(other))
        .max_by(|u, v| u.norm().total_cmp(&v.norm()))
        .and_then(Vector::normalised);
    let (Some(z), Some(x)) = (axis.normalised(), across) else { bail!("an axis has no direction") };
    let y = z.cross(x);
    let place = |p: &Point<Cup>| Point::origin() + x * p.x() + y * p.y() + z * p.z();
    Ok(Mesh { vertices: mesh.vertices.iter().map(place).collect(), triangles: mesh.triangles.clone() })
}

/// Where surfaces meet on a motion. A limit of the table that is negative, or opposite to a negative one, has its start in contact;
/// the surfaces are then moved from the middle of what the cone leaves free.
fn limit_of_surfaces(surfaces: &ContactModel<Gravity>, motion: &Motion, cone: &ConeHip<Gravity>) -> f64 {
    let begin = match cone.free_interval(motion.start, motion.axis) {
        FreeInterval::Between { from, to } if from > Angle::ZERO || to < Angle::ZERO => {
            (from + to) / 2.0 * motion.direction.sign()
        }
        _ => Angle::ZERO,
    };
    let far = Motion { start: motion.at(begin), range: Angle::from_degrees(180.0), ..motion.clone() };
    match surfaces.limit(&far) {
        ContactLimit::At { angle, .. } => (begin + angle).degrees(),
        ContactLimit::BlockedAtStart(_) | ContactLimit::Free => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::table::tests::run_on;

    const ROW: &str = "45,0,0,135,135,0.0000,103.5700,103.5700,67.5000,67.5000,103.5700,103.5700,12.2349,102.2349,2.5679,92.6352";

    fn cone(path: &Path) -> anyhow::Result<SuiteReport> {
        run(path, Engine::Cone)
    }

    fn mesh(path: &Path) -> anyhow::Result<SuiteReport> {
        run(path, Engine::Mesh)
    }

    #[test]
    fn surfaces_stop_where_the_table_says() {
        let table = |row: &str| format!("{}\n{row}\n", [&CASE[..], &LIMITS[..]].concat().join(","));
        let report = run_on(&table(ROW), mesh).unwrap();
        assert!(report.holds(), "{report}");
        assert!(
            !run_on(&table(&ROW.replace("103.5700,103.5700,67", "103.5700,103.9700,67")), mesh)
                .unwrap()
                .holds()
        );
    }

    #[test]
    fn a_right_table_holds_and_a_wrong_or_impossible_one_does_not() {
        let table = |row: &str| format!("{}\n{row}\n", [&CASE[..], &LIMITS[..]].concat().join(","));
        let report = run_on(&table(ROW), cone).unwrap();
        assert!(report.holds(), "{report}");
        assert_eq!(report.checks.len(), 11);
        assert!(!run_on(&table(&ROW.replace("12.2349", "12.2369")), cone).unwrap().holds());
        let open = ROW.replacen("135,135", "135,359", 1);
        assert!(!run_on(&table(&open), cone).unwrap().holds());
        let negative = ROW.replacen("135,135", "135,-5", 1);
        assert_eq!(
            run_on(&table(&negative), cone).unwrap_err(),
            "cases.csv, line 2: an oscillation angle of -5 degrees is not between 0 and 360"
        );
    }
}
