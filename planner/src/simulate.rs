//! Simulation of a plan: neck on liner in closed form, and bones and stem as surfaces.
//!
//! The pelvis stands still in the supine functional frame; the femur turns about the planned hip centre. Hip angles are zero
//! where the ISB femur frame is parallel to the functional frame; where the condyles are not seen, zero is the pose of the
//! leg in the scan.

use crate::implants::{Catalogue, CatalogueError, Liner, NeckOutline, Skirt};
use crate::placement::hip::FunctionalAxes;
use crate::plan::{Planned, RomRow, Simulation};
use coxa_anatomy::{Bone, HipAnatomy};
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{Cup, Femur, Gravity, Patient};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Finding, Mesh, Point, Severity, Side, Transform, Unit, Vector};
use coxa_sim::rom::cone::{ConeError, ConeHip};
use coxa_sim::rom::contact::{ContactError, ContactLimit, ContactModel, Part};
use coxa_sim::rom::rim::{self, RimError, RimHip};
use coxa_sim::rom::stability::{Bearing, BearingError, Rim, jumping_distance};
use coxa_sim::rom::{Direction, JointAxis, Limit, Motion};

/// Why a plan cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The plan names a part that the catalogue does not have.
    #[error(transparent)]
    Part(#[from] CatalogueError),
    /// Head, neck and liner do not make a joint.
    #[error(transparent)]
    Bearing(#[from] BearingError),
    /// The cone of the neck has no axis.
    #[error(transparent)]
    Cone(#[from] ConeError),
    /// The rim of the liner cannot be met.
    #[error(transparent)]
    Rim(#[from] RimError),
    /// A surface cannot be moved against another.
    #[error(transparent)]
    Contact(#[from] ContactError),
    /// The plan has no neck at the rim, or its surfaces are missing.
    #[error("the planned {0} cannot be simulated")]
    Incomplete(&'static str),
}

/// Simulates range of motion and stability.
///
/// # Errors
/// A plan that does not belong to the catalogue, or components and surfaces without sense.
pub fn simulate(
    planned: &Planned,
    anatomy: &HipAnatomy,
    catalogue: &Catalogue,
) -> Result<Simulation, SimulateError> {
    let joint = Joint::new(planned, anatomy, catalogue)?;
    let motions = motions();
    let neck = joint.neck_limits(&motions)?;
    let bone = joint.bone_limits(planned, &motions)?;
    let rows = motions
        .iter()
        .zip(neck.into_iter().zip(bone))
        .map(|(motion, (neck, bone))| row(motion, neck, bone))
        .collect();
    Ok(Simulation {
        oscillation_deg: joint.oscillation()?,
        jumping_distance_mm: joint.jumping_distance()?,
        posture: "supine".into(),
        rows,
    })
}

/// Motions that stop short of what is commonly required, as cautions.
pub fn findings(simulation: &Simulation) -> Vec<Finding> {
    let short = simulation.rows.iter().filter_map(|row| {
        let reached = [row.neck_on_liner_deg, row.bone_deg].into_iter().flatten().reduce(|a, b| if b < a { b } else { a })?;
        let required = row.required_deg.filter(|&required| reached < required)?;
        let motion = row.motion.replace('_', " ");
        let cause = row.cause.replace('_', " ");
        let message = format!(
            "In {motion} the hip meets {cause} before the motion that is commonly required; look at cup orientation, \
             stem version, head size and offset."
        );
        let finding = Finding::new(Severity::Caution, "motion_short", "range_of_motion", message);
        Some(finding.with_limit(f64::from(reached), f64::from(required), Unit::Degree, REQUIRED_SOURCE))
    });
    short.collect()
}

/// Where the required motions come from.
const REQUIRED_SOURCE: &str = "ordinary plan check, Miki 2007; stability tests, Turley 2013";

/// The table's motions, and rotation in the position of sleep, in which hips dislocate backwards.
fn motions() -> Vec<Motion> {
    let mut all = Motion::table();
    all.push(Motion::new(
        "internal_rotation_at_45_adducted_15",
        HipAngles::from_degrees(45.0, 15.0, 0.0),
        JointAxis::InternalRotation,
        Direction::Positive,
        Angle::from_degrees(120.0),
    ));
    all
}

/// Motion that a plan should allow: the ordinary criteria of Miki 2007 and, for stability, 30 degrees of rotation in the
/// positions in which hips dislocate.
fn required(motion: &str) -> Option<Angle> {
    let degrees = match motion {
        "flexion" => 110.0,
        "extension"
        | "external_rotation"
        | "internal_rotation_at_90"
        | "external_rotation_extended_10"
        | "internal_rotation_at_45_adducted_15" => 30.0,
        _ => return None,
    };
    Some(Angle::from_degrees(degrees))
}

fn row(motion: &Motion, neck: Limit, bone: ContactLimit<Gravity>) -> RomRow {
    let neck_on_liner_deg = match neck {
        Limit::At(angle) => Some(angle),
        Limit::Unlimited => None,
        Limit::Blocked => Some(Angle::ZERO),
    };
    let (bone_deg, touching) = match bone {
        ContactLimit::At { angle, touch } => (Some(angle), Some(touch)),
        ContactLimit::Free => (None, None),
        ContactLimit::BlockedAtStart(touch) => (Some(Angle::ZERO), Some(touch)),
    };
    let by_bone = touching.map(|touch| format!("{}_on_{}", touch.moving, touch.fixed));
    let cause = match (neck_on_liner_deg, bone_deg, by_bone) {
        (Some(neck), Some(bone), Some(parts)) if bone < neck => parts,
        (None, Some(_), Some(parts)) => parts,
        (Some(_), _, _) => "neck_on_liner".into(),
        _ => "none".into(),
    };
    RomRow {
        motion: motion.name.clone(),
        neck_on_liner_deg,
        bone_deg,
        cause,
        required_deg: required(&motion.name),
    }
}

/// The planned joint in the right-hip world, axes as the simulation wants them.
struct Joint<'a> {
    side: Side,
    axes: FunctionalAxes,
    /// Rotation of the femur frame at zero hip angles, as its axes in the patient frame; `None`: as scanned.
    femur: Option<[Vector<Patient>; 3]>,
    centre: Point<Patient>,
    cup: Transform<Cup, Gravity>,
    angles: Radiographic<Gravity>,
    /// From the head centre along the neck.
    neck_axis: Vector<Femur>,
    /// Outline of neck, taper and skirt: distance below the head centre, radius.
    outline: NeckOutline,
    liner: &'a Liner,
    /// Middle of the lip about the cup axis, from +X towards +Y of the cup frame.
    lip: Angle,
    bearing_radius_mm: f64,
    /// The shell's face over the bore's centre.
    shell_face_mm: f64,
}

impl<'a> Joint<'a> {
    fn new(planned: &Planned, anatomy: &HipAnatomy, catalogue: &'a Catalogue) -> Result<Self, SimulateError> {
        let plan = &planned.plan;
        let side = plan.side;
        let axes = FunctionalAxes::new(anatomy, side);
        let cup = catalogue.cup_of_size(&plan.cup.family, plan.cup.size_mm)?;
        let liner = catalogue.liner(&plan.liner.kind)?;
        let head = catalogue.head(plan.head.diameter_mm)?;
        let stem = catalogue.stem(&plan.stem.family)?;
        let taper = catalogue.taper(&stem.taper)?;
        let size = stem.size(plan.stem.size)?;
        let neck = stem.neck(size, plan.stem.neck_shaft_deg, stem.offset(&plan.stem.offset)?);

        let femur = anatomy.side(side).femur_frame.map(|frame| {
            let axis = |x, y| side.to_right(frame.apply(Vector::<Femur>::new(x, y, 0.0)));
            let (anterior, proximal) = (axis(1.0, 0.0), axis(0.0, 1.0));
            [anterior, proximal, anterior.cross(proximal)]
        });
        let up = side.to_right(planned.cup_frame.apply(Vector::<Cup>::new(0.0, 1.0, 0.0)));
        let out = side.to_right(planned.cup_frame.apply(Vector::<Cup>::new(0.0, 0.0, 1.0)));
        let to_functional = |v: Vector<Patient>| -> Vector<Gravity> {
            Vector::new(v.dot(axes.anterior), v.dot(axes.superior), v.dot(axes.lateral))
        };
        let cup_pose = Transform::from_axes(Point::origin(), to_functional(up.cross(out)), to_functional(up))
            .ok_or(SimulateError::Incomplete("cup"))?;
        let offset = plan.head.offset_mm;
        let mut joint = Joint {
            side,
            femur,
            centre: side.to_right(planned.hip_centre_mm),
            cup: cup_pose,
            angles: Radiographic::new(plan.cup.inclination_deg, plan.cup.anteversion_deg),
            neck_axis: Vector::new(0.0, -1.0, 0.0),
            outline: outline(stem.neck_outline(size, taper), offset, head.skirt(offset, taper)),
            liner,
            lip: Angle::from_degrees(90.0) - plan.liner.lip_direction_deg.unwrap_or_default(),
            bearing_radius_mm: cup.bearing_diameter_mm(plan.cup.size_mm, liner, head.diameter_mm) / 2.0,
            shell_face_mm: cup.face_mm(plan.cup.size_mm) - liner.offset_mm,
            axes,
        };
        joint.neck_axis = joint.to_femur(-side.to_right(planned.stem_frame.apply(neck.axis)));
        Ok(joint)
    }

    /// A direction of the reduced femur in its own frame.
    fn to_femur(&self, v: Vector<Patient>) -> Vector<Femur> {
        let [x, y, z] = self.femur.unwrap_or([self.axes.anterior, self.axes.superior, self.axes.lateral]);
        Vector::new(v.dot(x), v.dot(y), v.dot(z))
    }

    /// Height of the liner's face over the head centre at an azimuth of the cup frame.
    fn rim_height(&self, azimuth: Angle) -> f64 {
        self.liner.face_mm(self.bearing_radius_mm, azimuth - self.lip).max(self.shell_face_mm)
    }

    fn has_lip(&self) -> bool {
        self.liner.lip > Angle::ZERO
    }

    /// The piece of neck that a rim point at this distance from the head centre meets.
    fn neck_at(&self, distance_mm: f64) -> Result<rim::Neck, SimulateError> {
        self.outline
            .windows(2)
            .filter_map(|pair| {
                let [(s0, r0), (s1, r1)] = [pair[0], pair[1]];
                let (near, far) = (s0.hypot(r0), s1.hypot(r1));
                (near <= distance_mm && distance_mm <= far && s1 > s0).then(|| {
                    let slope = (r1 - r0) / (s1 - s0);
                    let at_centre = r0 - slope * s0;
                    (at_centre, Angle::from_radians(slope.atan()))
                })
            })
            .filter(|(at_centre, _)| *at_centre > 0.0)
            // Where the outline comes back to this distance, the widest piece is met first.
            .max_by(|a, b| keep_out(a, distance_mm).total_cmp(&keep_out(b, distance_mm)))
            .map(|(at_centre, half_taper)| rim::Neck {
                axis: self.neck_axis,
                diameter_mm: 2.0 * at_centre,
                half_taper,
            })
            .ok_or(SimulateError::Incomplete("neck"))
    }

    /// Head, neck and the rim away from any lip.
    fn bearing(&self) -> Result<Bearing, SimulateError> {
        let depth_mm = self.rim_height(self.lip + Angle::from_degrees(180.0));
        let radius_mm = self.bearing_radius_mm;
        let neck = self.neck_at(radius_mm.hypot(depth_mm))?;
        Ok(Bearing {
            head_diameter_mm: 2.0 * radius_mm,
            neck_diameter_mm: neck.diameter_mm,
            neck_half_taper: neck.half_taper,
            rim: Rim::Bevelled { radius_mm, depth_mm },
        })
    }

    /// Full cone of the neck in the flush part of the rim.
    fn oscillation(&self) -> Result<Angle, SimulateError> {
        Ok(self.bearing()?.oscillation_angle()?)
    }

    fn jumping_distance(&self) -> Result<f64, SimulateError> {
        let outside = -self.rim_height(self.lip + Angle::from_degrees(180.0));
        Ok(jumping_distance(2.0 * self.bearing_radius_mm, self.angles, outside)?)
    }

    fn neck_limits(&self, motions: &[Motion]) -> Result<Vec<Limit>, SimulateError> {
        if !self.has_lip() {
            let out = self.cup.apply(Vector::<Cup>::new(0.0, 0.0, 1.0));
            let cone = ConeHip::new(out, self.neck_axis, self.oscillation()?)?;
            return Ok(motions.iter().map(|motion| cone.limit(motion)).collect());
        }
        let points = rim::profile(|azimuth| (self.bearing_radius_mm, self.rim_height(azimuth)));
        // The lip's top is the farthest point of the rim; the neck may be wider there.
        let top = self.bearing_radius_mm.hypot(self.rim_height(self.lip));
        let (near, far) = (self.neck_at(self.bearing_radius_mm)?, self.neck_at(top)?);
        let wider = if keep_out_of(&far, top) > keep_out_of(&near, top) { far } else { near };
        let rim = RimHip::new(&points, &self.cup, &wider)?;
        Ok(motions.iter().map(|motion| rim.limit(motion)).collect())
    }

    /// How far each motion goes before surfaces meet: the hip bone with femur or stem, or shell or liner with the femur.
    /// Stem and head in the cup are the closed form's, and head and liner touch by design.
    fn bone_limits(
        &self,
        planned: &Planned,
        motions: &[Motion],
    ) -> Result<Vec<ContactLimit<Gravity>>, SimulateError> {
        let bone = |bone, what| planned.bones.get(&bone).ok_or(SimulateError::Incomplete(what));
        let implant = |name| planned.implants.get(name).ok_or(SimulateError::Incomplete(name));
        let axes = [self.axes.anterior, self.axes.superior, self.axes.lateral];
        let own = self.femur.unwrap_or(axes);
        let pelvis: Mesh<Gravity> = self.seen_from(bone(Bone::hip(self.side), "hip bone")?, axes);
        let shell: Mesh<Gravity> = self.seen_from(implant("shell")?, axes);
        let liner: Mesh<Gravity> = self.seen_from(implant("liner")?, axes);
        let femur: Mesh<Femur> = self.seen_from(bone(Bone::femur(self.side), "femur")?, own);
        let stem: Mesh<Femur> = self.seen_from(implant("stem")?, own);

        let femur = Part { name: "femur", mesh: &femur };
        let on_pelvis = ContactModel::new(
            &[Part { name: "pelvis", mesh: &pelvis }],
            &[femur, Part { name: "stem", mesh: &stem }],
        )?;
        let on_cup = ContactModel::new(
            &[Part { name: "cup", mesh: &shell }, Part { name: "cup", mesh: &liner }],
            &[femur],
        )?;
        let pairs = on_pelvis.limits(motions).into_iter().zip(on_cup.limits(motions));
        Ok(pairs.map(|(pelvis, cup)| earlier(pelvis, cup)).collect())
    }

    /// A surface of the patient in axes about the hip centre.
    fn seen_from<F: coxa_geometry::frame::Frame>(
        &self,
        mesh: &Mesh<Patient>,
        [x, y, z]: [Vector<Patient>; 3],
    ) -> Mesh<F> {
        let Mesh { vertices, triangles } = self.side.to_right(mesh.clone());
        let place = |v: &Point<Patient>| {
            let d = *v - self.centre;
            Point::new(d.dot(x), d.dot(y), d.dot(z))
        };
        Mesh { vertices: vertices.iter().map(place).collect(), triangles }
    }
}

/// What stops a motion first; of two that stop it alike, the first.
fn earlier(a: ContactLimit<Gravity>, b: ContactLimit<Gravity>) -> ContactLimit<Gravity> {
    let reach = |limit: &ContactLimit<Gravity>| match limit {
        ContactLimit::BlockedAtStart(_) => -1.0,
        ContactLimit::At { angle, .. } => angle.radians(),
        ContactLimit::Free => f64::INFINITY,
    };
    if reach(&b) < reach(&a) { b } else { a }
}

fn keep_out(&(at_centre, half_taper): &(f64, Angle), distance_mm: f64) -> f64 {
    half_taper.radians() + (at_centre * half_taper.cos() / distance_mm).min(1.0).asin()
}

fn keep_out_of(neck: &rim::Neck, distance_mm: f64) -> f64 {
    keep_out(&(neck.diameter_mm / 2.0, neck.half_taper), distance_mm)
}

/// Outline below a head of this offset, with its skirt over the neck.
fn outline(neck: NeckOutline, head_offset_mm: f64, skirt: Option<Skirt>) -> NeckOutline {
    let moved = neck.into_iter().map(|(s, r)| (s + head_offset_mm, r));
    let Some(skirt) = skirt else { return moved.collect() };
    let below: NeckOutline =
        moved.filter(|(s, r)| *s > skirt.end_mm + STEP_MM && *r < skirt.radius_mm).collect();
    let first = below.first().map_or(skirt.radius_mm, |p| p.1);
    [(0.0, skirt.radius_mm), (skirt.end_mm, skirt.radius_mm), (skirt.end_mm + STEP_MM, first)]
        .into_iter()
        .chain(below)
        .collect()
}

/// The end of a skirt is a step; over this length it is a cone.
const STEP_MM: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::solid::{arc, revolved};
    use crate::placement::synthetic::Case;
    use crate::placement::{PlanOptions, realise};
    use coxa_sim::rom::cone::neck_axis;

    #[test]
    fn the_free_cone_is_that_of_the_components() {
        let case = Case::right();
        let planned = case.plan(PlanOptions::default());
        let simulation = simulate(&planned, &case.anatomy, &Catalogue::builtin()).unwrap();
        let head = planned.plan.head.diameter_mm;
        // The rim meets the cylindrical neck of 12 mm below the taper.
        let expected = Bearing::flush(head, 12.0).oscillation_angle().unwrap();
        assert!(
            (simulation.oscillation_deg - expected).abs().degrees() < 1e-9,
            "{}",
            simulation.oscillation_deg
        );
        // Without a femur frame zero is the scanned pose: the neck's version is that of the stem on the table.
        let version = planned.results["stem_version"].value;
        let neck = neck_axis(planned.plan.stem.neck_shaft_deg, Angle::from_degrees(version));
        let cup = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
        let cone = ConeHip::new(cup, neck, expected).unwrap();
        for (motion, row) in motions().iter().zip(&simulation.rows) {
            let limit = cone.limit(motion).angle().unwrap();
            let found = row.neck_on_liner_deg.unwrap();
            assert!((found - limit).abs().degrees() < 1e-3, "{}: {found} against {limit}", row.motion);
        }
        let jump = jumping_distance(head, Radiographic::<Gravity>::from_degrees(40.0, 15.0), 0.0).unwrap();
        assert!((simulation.jumping_distance_mm - jump).abs() < 1e-9);
    }

    #[test]
    fn a_lip_takes_motion_on_its_side_and_gives_none() {
        let case = Case::right();
        let catalogue = Catalogue::builtin();
        let planned = case.plan(PlanOptions::default());
        let flush = simulate(&planned, &case.anatomy, &catalogue).unwrap();
        let mut plan = planned.plan.clone();
        plan.liner.kind = "lipped".into();
        let limits = |direction: f64| {
            let mut plan = plan.clone();
            plan.liner.lip_direction_deg = Some(Angle::from_degrees(direction));
            let planned = realise(&plan, &case.input(PlanOptions::default()), &catalogue).unwrap();
            simulate(&planned, &case.anatomy, &catalogue).unwrap().rows
        };
        let of = |rows: &[RomRow], name: &str| {
            rows.iter().find(|r| r.motion == name).unwrap().neck_on_liner_deg.unwrap().degrees()
        };
        // In flexion the neck comes to the front of the rim, in extension with external rotation to its back.
        let (front, back) = (limits(90.0), limits(-90.0));
        assert!(of(&front, "flexion") < of(&flush.rows, "flexion") - 3.0);
        assert!(of(&back, "external_rotation") < of(&flush.rows, "external_rotation") - 3.0);
        for rows in [&front, &back] {
            for row in &flush.rows {
                let lipped = of(rows, &row.motion);
                assert!(lipped < row.neck_on_liner_deg.unwrap().degrees() + 1e-3, "{}: {lipped}", row.motion);
            }
        }
    }

    #[test]
    fn a_skirt_narrows_the_cone_and_a_small_head_more() {
        let case = Case::right();
        let catalogue = Catalogue::builtin();
        let planned = case.plan(PlanOptions::default());
        let oscillation = |diameter: f64, offset: f64| {
            let mut plan = planned.plan.clone();
            plan.cup.size_mm = 54.0;
            (plan.head.diameter_mm, plan.head.offset_mm) = (diameter, offset);
            let planned = realise(&plan, &case.input(PlanOptions::default()), &catalogue).unwrap();
            simulate(&planned, &case.anatomy, &catalogue).unwrap().oscillation_deg.degrees()
        };
        assert!((oscillation(28.0, 0.0) - 129.2461).abs() < 1e-3);
        assert!((oscillation(32.0, 0.0) - 135.9514).abs() < 1e-3);
        assert!(oscillation(28.0, 12.0) < oscillation(28.0, 0.0) - 15.0);
    }

    #[test]
    fn a_femur_that_meets_the_cup_is_found_where_geometry_says() {
        const DISTANCE: f64 = 22.0;
        const RADIUS: f64 = 2.0;
        let case = Case::right();
        let catalogue = Catalogue::builtin();
        let mut planned = case.plan(PlanOptions::default());
        // A ball of bone over the face of shell and liner, and a pelvis that is out of the way.
        let cup = planned.cup_frame;
        let out = cup.apply(Vector::new(0.0, 0.0, 1.0));
        let ahead = cup.apply(Vector::new(1.0, 0.0, 0.0));
        let direction = (ahead * 0.5 + out).normalised().unwrap();
        let ball: Mesh<Cup> = revolved(90, |_| arc(RADIUS, 0.0, 0.0, std::f64::consts::PI, 0.01));
        let place = |at: Point<Patient>| {
            Transform::<Cup, Patient>::from_axes(at, ahead, out.cross(ahead)).unwrap().apply(&ball)
        };
        let centre = planned.hip_centre_mm;
        planned.bones.insert(Bone::FemurRight, place(centre + direction * DISTANCE));
        planned.bones.insert(Bone::HipRight, place(centre + direction * 900.0));
        let rows = simulate(&planned, &case.anatomy, &catalogue).unwrap().rows;

        let functional = |v: Vector<Patient>| nalgebra::Vector3::new(-v.y(), v.z(), -v.x());
        let mut met = 0;
        for (motion, row) in motions().iter().zip(&rows) {
            let height = |degrees: f64| {
                let turned = motion.at(Angle::from_degrees(degrees)).rotation() * functional(direction);
                DISTANCE * turned.dot(&functional(out))
            };
            let steps = (motion.range.degrees() * 100.0) as usize;
            let expected = (0..=steps).map(|i| i as f64 / 100.0).find(|&t| height(t) <= RADIUS);
            match (expected, row.bone_deg) {
                (Some(expected), Some(found)) => {
                    met += 1;
                    let found = found.degrees();
                    assert!((found - expected).abs() < 0.3, "{}: {found} against {expected}", row.motion);
                    if row.neck_on_liner_deg.is_none_or(|neck| found < neck.degrees()) {
                        assert_eq!(row.cause, "femur_on_cup");
                    }
                }
                (expected, found) => assert!(expected.is_none() && found.is_none(), "{}", row.motion),
            }
        }
        assert!(met >= 3, "only {met} motions met the cup");
        assert!(rows.iter().any(|row| row.cause == "femur_on_cup"));
    }

    #[test]
    fn both_sides_move_alike() {
        let catalogue = Catalogue::builtin();
        let run = |case: Case| {
            let planned = case.plan(PlanOptions::default());
            simulate(&planned, &case.anatomy, &catalogue).unwrap()
        };
        let (right, left) = (run(Case::right()), run(Case::right().mirrored()));
        for (a, b) in right.rows.iter().zip(&left.rows) {
            assert_eq!((&a.motion, &a.cause), (&b.motion, &b.cause));
            for (x, y) in [(a.neck_on_liner_deg, b.neck_on_liner_deg), (a.bone_deg, b.bone_deg)] {
                assert_eq!(x.is_some(), y.is_some());
                let difference = x.zip(y).map_or(0.0, |(x, y)| (x - y).abs().degrees());
                assert!(difference < 0.02, "{}: {difference}", a.motion);
            }
        }
    }
}
