//! Laws of placement on a hip that is known by construction: a spherical socket in a round block, a straight femur with a
//! round canal, and a head on a straight neck.

use super::gather::gather;
use super::*;
use crate::document::{from_toml, to_toml};
use crate::implants::solid::{arc, revolved};
use crate::implants::{DEFAULT_TOLERANCE_MM, NeckOffset};
use coxa_anatomy::{
    Acetabulum, Bone, BoneSurfaces, Canal, CanalSection, FemoralHead, HipAnatomy, Landmark, LandmarkKind,
    Neck, Shaft,
};
use coxa_geometry::cup::Radiographic;
use coxa_geometry::finding::Code;
use coxa_geometry::frame::{AnteriorPelvicPlane, Cup, Gravity, Patient, Stem};
use coxa_geometry::mesh::validate::defects;
use coxa_geometry::quantity::CUP_ANGLES;
use coxa_geometry::side::Mirror;
use coxa_geometry::{Angle, Finding, Mesh, Point, Quantity, Severity, Side, Transform, Vector, finding};
use coxa_imaging::{CtVolume, Grid, Label, LabelMap, Volume};
use ndarray::Array3;
use std::f64::consts::PI;

const SOCKET_RADIUS: f64 = 25.0;
const CANAL_RADIUS: f64 = 8.5;
const FLOOR: f64 = 14.0;

/// Everything a plan needs.
pub(crate) struct Case {
    pub(crate) ct: CtVolume,
    labels: LabelMap,
    pub(crate) surfaces: BoneSurfaces,
    pub(crate) anatomy: HipAnatomy,
    side: Side,
}

/// A round block with a spherical socket.
fn block_with_socket(centre: Point<Patient>, out: Vector<Patient>) -> Mesh<Patient> {
    let block: Mesh<Cup> = revolved(120, |_| {
        let mut outline = vec![(0.0, -SOCKET_RADIUS - FLOOR), (60.0, -SOCKET_RADIUS - FLOOR), (60.0, 0.0)];
        outline.extend(arc(SOCKET_RADIUS, 0.0, PI / 2.0, PI, 0.02));
        outline
    });
    let any = out.cross(Vector::new(0.0, 0.0, 1.0));
    Transform::<Cup, Patient>::from_axes(centre, any, out.cross(any)).unwrap().apply(&block)
}

/// The outline of a stem nearly twice as large as any, for a femur.
fn large_stem() -> Mesh<Stem> {
    let catalogue = Catalogue::builtin();
    let family = catalogue.stem("metaphyseal_filling").unwrap();
    let mesh = family.mesh(
        &family.sizes[5],
        Angle::from_degrees(135.0),
        NeckOffset::Standard,
        catalogue.taper("12/14").unwrap(),
        0.2,
    );
    let larger = |v: &Point<Stem>| Point::new(v.x() * 1.8, v.y() * 1.8, v.z() * 1.8);
    Mesh { vertices: mesh.vertices.iter().map(larger).collect(), triangles: mesh.triangles }
}

/// A round canal, wider above the lesser trochanter.
fn canal_sections(trochanter: Point<Patient>, axis: Vector<Patient>) -> Vec<CanalSection> {
    let section = |i| {
        let level_mm = 10.0 - 5.0 * f64::from(i);
        let radius = if level_mm > 0.0 { CANAL_RADIUS + level_mm } else { CANAL_RADIUS };
        CanalSection {
            level_mm,
            centre_mm: trochanter + axis * level_mm,
            inner_mm: vec![radius; 72],
            outer_mm: vec![radius + 5.0; 72],
        }
    };
    (0..40).map(section).collect()
}

impl Case {
    pub(crate) fn right() -> Self {
        let head: Point<Patient> = Point::new(-90.0, 5.0, 30.0);
        let axis = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
        // Functional X, Y, Z are anterior, superior, right: -y, z, -x in LPS.
        let out: Vector<Patient> = Vector::new(-axis.z(), -axis.x(), axis.y());
        let mut surfaces = BoneSurfaces::new();
        surfaces.insert(Bone::HipRight, block_with_socket(head, out));

        let femur_axis = Vector::new(0.0, 0.0, 1.0);
        // The neck points medially and 12 degrees forwards.
        let version = Angle::from_degrees(12.0);
        let neck_out = Vector::new(version.cos(), -version.sin(), 0.0);
        let neck_axis = neck_out * 45.0_f64.to_radians().sin() + femur_axis * 45.0_f64.to_radians().cos();
        let crossing = head - neck_axis * 60.0;
        let frame = Transform::<Stem, Patient>::from_axes(crossing + femur_axis * 20.0, neck_out, femur_axis)
            .unwrap();
        surfaces.insert(Bone::FemurRight, frame.apply(&large_stem()));

        let mut anatomy = HipAnatomy::default();
        let trochanter = crossing + femur_axis * -4.0;
        anatomy.right = coxa_anatomy::HipSide {
            head: Some(FemoralHead { centre_mm: head, radius_mm: 23.0, residual_mm: 0.2, spread_mm: 0.3 }),
            acetabulum: Some(Acetabulum {
                centre_mm: head,
                radius_mm: SOCKET_RADIUS,
                residual_mm: 0.3,
                rim_mm: Vec::new(),
                opening: out,
                rim_residual_mm: 0.5,
            }),
            neck: Some(Neck {
                isthmus_mm: head - neck_axis * 25.0,
                axis: neck_axis,
                isthmus_radius_mm: 16.0,
            }),
            shaft: Some(Shaft { point_mm: trochanter, axis: femur_axis, seen_mm: 180.0, spread_deg: 0.4 }),
            canal: Some(Canal { sections: canal_sections(trochanter, femur_axis) }),
            ..Default::default()
        };
        let mut landmark = |kind, side, position_mm| {
            let method = String::new();
            anatomy.landmarks.push(Landmark { kind, side, position_mm, spread_mm: 1.0, method });
        };
        landmark(LandmarkKind::Asis, Side::Right, Point::new(-120.0, -60.0, 110.0));
        landmark(LandmarkKind::Asis, Side::Left, Point::new(120.0, -60.0, 110.0));
        landmark(LandmarkKind::PubicTubercle, Side::Right, Point::new(-25.0, -60.0, 20.0));
        landmark(LandmarkKind::PubicTubercle, Side::Left, Point::new(25.0, -60.0, 20.0));
        landmark(LandmarkKind::LesserTrochanter, Side::Right, trochanter + neck_out * 16.0);
        let axes = (Vector::new(0.0, -1.0, 0.0), Vector::new(0.0, 0.0, 1.0));
        anatomy.pelvis.functional = Transform::<Gravity, Patient>::from_axes(Point::origin(), axes.0, axes.1);
        anatomy.pelvis.anterior_plane = Transform::<AnteriorPelvicPlane, Patient>::from_axes(
            Point::new(0.0, -60.0, 110.0),
            axes.0,
            axes.1,
        );

        let grid = Grid::axis_aligned([2, 2, 2], Point::origin(), [0.8; 3]);
        Case {
            ct: Volume::new(grid.clone(), Array3::zeros((2, 2, 2))),
            labels: LabelMap { volume: Volume::new(grid, Array3::zeros((2, 2, 2))), table: Vec::new() },
            surfaces,
            anatomy,
            side: Side::Right,
        }
    }

    /// The same hip on the other side.
    pub(crate) fn mirrored(self) -> Self {
        let mut surfaces = BoneSurfaces::new();
        for (bone, mesh) in self.surfaces {
            let other = match bone {
                Bone::HipRight => Bone::HipLeft,
                Bone::FemurRight => Bone::FemurLeft,
                other => other,
            };
            surfaces.insert(other, mesh.mirror());
        }
        let mut anatomy = self.anatomy;
        let mut hip = std::mem::take(&mut anatomy.right);
        (hip.head, hip.acetabulum) = (hip.head.mirror(), hip.acetabulum.mirror());
        (hip.neck, hip.shaft) = (hip.neck.mirror(), hip.shaft.mirror());
        if let Some(c) = &mut hip.canal {
            c.sections.iter_mut().for_each(|s| s.centre_mm = s.centre_mm.mirror());
        }
        anatomy.left = hip;
        for l in &mut anatomy.landmarks {
            (l.side, l.position_mm) = (l.side.other(), l.position_mm.mirror());
        }
        let mut labels = self.labels;
        labels.volume.grid.origin = labels.volume.grid.origin.mirror();
        for label in &mut labels.table {
            label.name = label.name.replace(Side::Right.name(), Side::Left.name());
        }
        Case { surfaces, anatomy, labels, side: Side::Left, ..self }
    }

    /// The same hip with one voxel of a vessel at a place.
    pub(crate) fn with_vessel(self, place: Point<Patient>, name: &str) -> Self {
        let grid = Grid::axis_aligned([1; 3], place, [1.0; 3]);
        let label = Label { id: 7, name: name.into(), snomed: None, colour: [0; 3] };
        let volume = Volume::new(grid, Array3::from_elem((1, 1, 1), 7));
        Case { labels: LabelMap { volume, table: vec![label] }, ..self }
    }

    pub(crate) fn set_bone(&mut self, bone: Bone, mesh: Mesh<Patient>) {
        self.surfaces.insert(bone, mesh);
    }

    pub(crate) fn input(&self, options: PlanOptions) -> PlanningInput<'_> {
        PlanningInput {
            grid: &self.ct.grid,
            labels: &self.labels,
            surfaces: &self.surfaces,
            anatomy: &self.anatomy,
            findings: &[],
            side: self.side,
            options,
        }
    }

    pub(crate) fn plan(&self, options: PlanOptions) -> Planned {
        place(&self.input(options), &Catalogue::builtin()).unwrap()
    }
}

fn value(planned: &Planned, quantity: Quantity) -> f64 {
    planned.results[quantity].value
}

#[test]
fn the_cup_takes_its_size_and_centre_from_the_socket() {
    let planned = Case::right().plan(PlanOptions::default());
    // 2 x 25 + 2.5 reamed: 52 or 54.
    assert!((planned.plan.cup.size_mm - 52.0).abs() <= 2.0, "{}", planned.plan.cup.size_mm);
    let native = Point::new(-90.0, 5.0, 30.0);
    let shift = planned.plan.cup.centre_mm - native;
    assert!(shift.norm() < 6.5, "{shift:?}");
    assert!(value(&planned, Quantity::CupCoverage) > 90.0, "{}", value(&planned, Quantity::CupCoverage));
    // The floor is 14 mm thick; the wall left is what the cup has not taken.
    let along =
        shift.dot(Vector::new(-planned.pose.cup_frame.apply(Vector::new(0.0, 0.0, 1.0)).x(), 0.0, 0.0));
    assert!(along >= 0.0);
    assert!(value(&planned, Quantity::MedialWall) > 3.0 - 1e-9);
    for plane in CUP_ANGLES[0] {
        for (quantity, expected) in plane.into_iter().zip([40.0, 15.0]) {
            assert!((value(&planned, quantity) - expected).abs() < 1e-9);
        }
    }
    assert!((value(&planned, Quantity::CupInclinationOperativeApp) - 38.3808).abs() < 1e-3);
}

#[test]
fn walls_are_measured_exactly_where_the_bone_is_a_block() {
    let case = Case::right();
    let hip = gather(&case.input(PlanOptions::default())).unwrap();
    let catalogue = Catalogue::builtin();
    let family = catalogue.cup("hemispherical").unwrap();
    let out = hip.socket.opening;
    let seat = |depth: f64| socket::Seat {
        family,
        size_mm: 52.0,
        centre: hip.socket.centre_mm - out * depth,
        axis: out,
    };
    // Of a hemisphere of 26 in a socket of 25 the whole surface lies in bone, but for the first millimetre.
    assert!(seat(0.0).final_coverage(&hip) > 0.97);
    // Drawn out by 10 mm, a sphere of 26 touches a socket of 25 nowhere but at the rim.
    let outward = seat(-10.0).final_coverage(&hip);
    assert!(outward < 0.35, "{outward}");
    let medial = |s: &socket::Seat<'_>| s.walls(&hip).medial.unwrap().thickness_mm();
    assert!(medial(&seat(2.0)) < medial(&seat(0.0)));
    assert_eq!(medial(&seat(30.0)), 0.0);
    // A hole where the shell has gone through, none where the floor is whole.
    let hole = |s: &socket::Seat<'_>| s.walls(&hip).medial.unwrap().hole_mm2(0.0);
    assert_eq!(hole(&seat(0.0)), 0.0);
    assert!(hole(&seat(30.0)) > 100.0, "{}", hole(&seat(30.0)));
    // The wall is the bone's, wherever the cup opens.
    let turned = socket::Seat { axis: hip.axes.lateral, ..seat(2.0) };
    assert_eq!(medial(&turned), medial(&seat(2.0)));
}

#[test]
fn the_stem_is_the_largest_that_the_canal_takes() {
    let case = Case::right();
    let planned = case.plan(PlanOptions::default());
    assert!(value(&planned, Quantity::CorticalContact) <= 1.0 + 1e-9);
    // One size larger at the same place would break into the cortex.
    let catalogue = Catalogue::builtin();
    let mut larger = planned.plan.clone();
    larger.stem.size += 1;
    let realised = realise(&larger, &case.input(PlanOptions::default()), &catalogue).unwrap();
    assert!(value(&realised, Quantity::CorticalContact) > 1.0);
    larger.stem.size += 3;
    let realised = realise(&larger, &case.input(PlanOptions::default()), &catalogue).unwrap();
    assert!(realised.findings.iter().any(|f| f.code == Code::StemOversized));
    // The axis runs through the canal.
    let axis_point: Point<Patient> = planned.plan.stem.origin_mm;
    let canal = case.anatomy.right.shaft.as_ref().unwrap().point_mm;
    assert!((axis_point - canal).cross(planned.plan.stem.axis).norm() < 0.02);
    assert!((planned.plan.stem.version_deg.degrees()).abs() < 1e-9);
    assert!((value(&planned, Quantity::StemVersion) - 12.0).abs() < 1e-6);
    assert!((value(&planned, Quantity::CombinedAnteversion) - 27.0).abs() < 1e-6);
}

#[test]
fn the_reduced_head_lies_in_the_cup_and_the_change_of_length_closes() {
    for (leg, offset) in [(None, None), (Some(6.0), Some(3.0)), (Some(-2.0), Some(0.0))] {
        let case = Case::right();
        let mut options = PlanOptions::default();
        (options.targets.leg_length_change_mm, options.targets.offset_change_mm) = (leg, offset);
        let planned = case.plan(options);
        let catalogue = Catalogue::builtin();
        let stem = &planned.plan.stem;
        let family = catalogue.stem(&stem.family).unwrap();
        let neck = family.neck(
            family.size(stem.size).unwrap(),
            stem.neck_shaft_deg,
            family.offset(&stem.offset).unwrap(),
        );
        let head = planned.pose.stem_frame.apply(neck.head_centre(planned.plan.head.offset_mm));
        assert!(planned.pose.reduced().apply(head).distance(planned.pose.hip_centre) < 1e-9);
        let moved = planned.pose.reduced().apply(Point::origin()) - Point::origin();
        assert!((value(&planned, Quantity::LegLengthChange) + moved.z()).abs() < 1e-9);
        assert!((value(&planned, Quantity::OffsetChange) + moved.x()).abs() < 1e-9);
        assert!(
            (value(&planned, Quantity::LegLengthChange) - leg.unwrap_or(0.0)).abs() < 2.0,
            "{leg:?}: {}",
            value(&planned, Quantity::LegLengthChange)
        );
        assert!(
            (value(&planned, Quantity::OffsetChange) - offset.unwrap_or(0.0)).abs() < 3.0,
            "{offset:?}: {}",
            value(&planned, Quantity::OffsetChange)
        );
    }
}

#[test]
fn the_other_side_is_matched_where_it_was_measured() {
    let mut case = Case::right();
    case.anatomy.measurements.insert(Quantity::LegLengthDifference, -5.0, 0.5, "by construction");
    case.anatomy.measurements.insert(Quantity::OffsetDifference, 2.0, 0.5, "by construction");
    let planned = case.plan(PlanOptions::default());
    assert!(value(&planned, Quantity::LegLengthChange) > 3.0);
    assert!(value(&planned, Quantity::LegLengthDifferencePlanned).abs() < 2.0);
    assert!(value(&planned, Quantity::OffsetDifferencePlanned).abs() < 3.0);
    assert!(!planned.findings.iter().any(|f| f.code == Code::OtherSideNotMeasurable));
}

#[test]
fn a_left_hip_gets_the_mirror_image_of_a_right_hips_plan() {
    let right = Case::right().plan(PlanOptions::default());
    let left = Case::right().mirrored().plan(PlanOptions::default());
    let mut expected = right.plan.clone();
    expected.side = Side::Left;
    expected.cup.centre_mm = expected.cup.centre_mm.mirror();
    expected.stem.origin_mm = expected.stem.origin_mm.mirror();
    expected.stem.axis = expected.stem.axis.mirror();
    assert_eq!(left.plan, expected);
    for (key, measured) in right.results.iter() {
        assert_eq!(left.results[key].value, measured.value, "{key}");
    }
    for (name, mesh) in &right.implants {
        let mirrored = mesh.clone().mirror();
        for (a, b) in left.implants[name].vertices.iter().zip(&mirrored.vertices) {
            assert!(a.distance(*b) < 1e-9, "{name}");
        }
    }
    // Frames of a left hip are right-handed and keep what their axes mean.
    let up = left.pose.cup_frame.apply(Vector::new(0.0, 1.0, 0.0));
    assert!(up.z() > 0.5);
    let medial = left.pose.stem_frame.apply(Vector::new(1.0, 0.0, 0.0));
    assert!(medial.x() < -0.9);
    let back = right.plan.clone();
    let wrong_side =
        realise(&back, &Case::right().mirrored().input(PlanOptions::default()), &Catalogue::builtin());
    assert_eq!(wrong_side.unwrap_err().findings[0].code, Code::OtherSide);
}

#[test]
fn a_plan_read_back_gives_the_same_results() {
    let case = Case::right();
    let catalogue = Catalogue::builtin();
    let planned = case.plan(PlanOptions::default());
    let again = from_toml(&to_toml(&planned.plan), &catalogue).unwrap();
    assert_eq!(again, planned.plan);
    let realised = realise(&again, &case.input(PlanOptions::default()), &catalogue).unwrap();
    assert_eq!(realised.results, planned.results);
    assert_eq!(realised.findings, planned.findings);
    assert_eq!(realised.implants, planned.implants);
}

#[test]
fn implants_and_the_cut_femur_are_sound_and_in_place() {
    let planned = Case::right().plan(PlanOptions::default());
    for name in ["shell", "liner", "head", "stem"] {
        assert_eq!(defects(&planned.implants[name]), [], "{name}");
    }
    assert_eq!(defects(&planned.bones[&Bone::FemurRight]), []);
    let centre = planned.pose.hip_centre;
    let radius = planned.plan.head.diameter_mm / 2.0;
    let farthest = planned.implants["head"].vertices.iter().map(|v| v.distance(centre)).fold(0.0, f64::max);
    assert!((farthest - radius).abs() < DEFAULT_TOLERANCE_MM, "{farthest}");
    // Seen from the stem, no femur is left above the sloping cut but the trochanter lateral of the upright one.
    let scanned = planned.pose.reduced().inverse();
    let catalogue = Catalogue::builtin();
    let stem = catalogue.stem(&planned.plan.stem.family).unwrap();
    let shoulder = stem.size(planned.plan.stem.size).unwrap().lateral_mm + 2.0;
    let above = |v: &Point<Patient>| {
        let p = planned.pose.stem_frame.inverse().apply(scanned.apply(*v));
        p.x() + p.y() > 0.01 && p.x() > 0.01 - shoulder
    };
    let beyond = planned.bones[&Bone::FemurRight].vertices.iter().filter(|v| above(v)).count();
    assert_eq!(beyond, 0);
}

#[test]
fn a_femur_that_ends_early_is_planned_with_findings() {
    let mut case = Case::right();
    case.anatomy.right.canal.as_mut().unwrap().sections.truncate(8);
    case.anatomy.right.shaft.as_mut().unwrap().seen_mm = 25.0;
    let planned = case.plan(PlanOptions::default());
    let codes: Vec<_> = planned.findings.iter().map(|f| f.code).collect();
    for code in [
        Code::CanalNotSeenBelow,
        Code::ShaftAxisUncertain,
        Code::CondylesNotSeen,
        Code::OtherSideNotMeasurable,
    ] {
        assert!(codes.contains(&code), "{code} not in {codes:?}");
    }
    assert!(planned.findings.iter().all(|f| f.severity < Severity::Refusal));
}

#[test]
fn a_femur_without_shaft_gets_a_draft_that_says_so() {
    let mut case = Case::right();
    (case.anatomy.right.shaft, case.anatomy.right.canal) = (None, None);
    let planned = case.plan(PlanOptions::default());
    let codes: Vec<_> = planned.findings.iter().map(|f| f.code).collect();
    assert!(codes.contains(&Code::FemurCutOff) && codes.contains(&Code::StemSizeUnknown), "{codes:?}");
    assert!(!planned.results.contains(Quantity::CanalFill));
    assert!(planned.results[Quantity::StemVersion].method.contains("estimate"));
    assert!(planned.results[Quantity::StemVarus].spread >= 5.0);
    assert!(value(&planned, Quantity::LegLengthChange).abs() < 3.0);
}

#[test]
fn against_the_table_the_stem_is_judged_and_cup_and_stem_together_are_not() {
    let case = Case::right();
    let catalogue = Catalogue::builtin();
    let with_version = |case: &Case, degrees: f64| -> Vec<Finding> {
        let mut plan = case.plan(PlanOptions::default()).sketch.plan;
        plan.stem.version_deg = Angle::from_degrees(degrees);
        let findings =
            realise(&plan, &case.input(PlanOptions::default()), &catalogue).unwrap().sketch.findings;
        findings.into_iter().filter(|f| f.code.name().contains("version")).collect()
    };
    let codes = |findings: &[Finding]| -> Vec<(Severity, Code)> {
        findings.iter().map(|f| (f.severity, f.code)).collect()
    };
    // Native version on the table is 12 degrees, known to 12: enough for a range of 40 degrees, too little for one of 25.
    for degrees in [0.0, 20.0] {
        let findings = with_version(&case, degrees);
        assert_eq!(
            codes(&findings),
            [(Severity::Note, Code::CombinedAnteversionNotJudged)],
            "{degrees}: {findings:?}"
        );
        assert!(findings[0].value.unwrap() > 12.0 && findings[0].limit == Some(10.0));
    }
    for degrees in [40.0, 60.0] {
        assert!(codes(&with_version(&case, degrees)).contains(&(Severity::Caution, Code::StemVersion)));
    }

    // With condyles in the scan the same numbers are known and judged.
    let mut known = Case::right();
    for (kind, x) in
        [(LandmarkKind::MedialPosteriorCondyle, -75.0), (LandmarkKind::LateralPosteriorCondyle, -125.0)]
    {
        let (side, position_mm) = (Side::Right, Point::new(x, 20.0, -380.0));
        known.anatomy.landmarks.push(Landmark {
            kind,
            side,
            position_mm,
            spread_mm: 1.0,
            method: String::new(),
        });
    }
    assert_eq!(codes(&with_version(&known, 12.0)), []);
    assert_eq!(
        codes(&with_version(&known, 45.0)),
        [(Severity::Caution, Code::CombinedAnteversion), (Severity::Caution, Code::StemVersion),]
    );
}

#[test]
fn metal_found_twice_refuses_once_and_the_same_way_in_every_run() {
    let case = Case::right();
    let (side, volume_ml) = (Side::Right, 2.0);
    let metal = [
        finding::MetalAtJoint { side, volume_ml }.finding(),
        finding::MetalInFemur { side, volume_ml }.finding(),
        finding::MetalAtJoint { side, volume_ml }.finding(),
    ];
    let refuse = |findings: &[Finding]| {
        let input = PlanningInput { findings, ..case.input(PlanOptions::default()) };
        place(&input, &Catalogue::builtin()).unwrap_err().findings
    };
    let first = refuse(&metal);
    assert_eq!(first.iter().map(|f| f.code).collect::<Vec<_>>(), [Code::MetalAtJoint, Code::MetalInFemur]);
    assert_eq!(refuse(&metal), first);
    // A case that is taken up again brings the refusals of the last run along.
    assert_eq!(refuse(&[&metal[..], &first[..]].concat()), first);
    assert_eq!(refuse(&[&first[..], &metal[..]].concat()), first);
}

#[test]
fn a_stem_whose_tip_points_laterally_stands_in_varus_on_either_side() {
    let catalogue = Catalogue::builtin();
    let varus = |case: Case, tip_lateral_deg: f64| {
        let mut plan = case.plan(PlanOptions::default()).sketch.plan;
        // Proximally the axis leans away from where its tip goes: the tip lateral, the top medial.
        let medial = if plan.side == Side::Right { 1.0 } else { -1.0 };
        let (sin, cos) = tip_lateral_deg.to_radians().sin_cos();
        plan.stem.axis = Vector::new(medial * sin, 0.0, cos);
        let planned = realise(&plan, &case.input(PlanOptions::default()), &catalogue).unwrap();
        (value(&planned, Quantity::StemVarus), planned)
    };
    // The plane of the neck stands at 12 degrees to that of the tilt.
    let expected = (4.0_f64.to_radians().tan() * 12.0_f64.to_radians().cos()).atan().to_degrees();
    let (right, planned) = varus(Case::right(), 4.0);
    assert!((right - expected).abs() < 0.02, "{right} against {expected}");
    assert!(planned.findings.iter().any(|f| f.code == Code::StemMalaligned));
    assert!((varus(Case::right(), -4.0).0 + expected).abs() < 0.02);
    assert!((varus(Case::right().mirrored(), 4.0).0 - right).abs() < 1e-9);
}

#[test]
fn the_pose_of_the_legs_is_in_the_spread_of_their_difference() {
    let mut case = Case::right();
    case.anatomy.measurements.insert(Quantity::LegLengthDifference, -5.0, 0.5, "");
    let spread = |case: &Case, quantity| case.plan(PlanOptions::default()).results[quantity].spread;
    let one_leg = spread(&case, Quantity::LegLengthDifferencePlanned);
    assert!(one_leg > 0.5);
    // A landmark further from the hip centre swings further.
    for l in case.anatomy.landmarks.iter_mut().filter(|l| l.kind == LandmarkKind::LesserTrochanter) {
        l.position_mm = l.position_mm + Vector::new(-40.0, 0.0, 0.0);
    }
    let wider = spread(&case, Quantity::LegLengthDifferencePlanned);
    assert!(wider > one_leg + 0.5, "{wider} {one_leg}");
    // What the plan itself changes depends on the pose only as far as the planned head is not the native one.
    let change = spread(&case, Quantity::LegLengthChange);
    assert!(change < 1.0, "{change}");
}
