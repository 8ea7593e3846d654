//! How sure limits are: what the spreads of a plan's ingredients make of them.
//!
//! Zeros of pelvis and femur: each motion is followed again with the pelvis or the femur turned by plus and minus one spread about
//! each axis in question, and a limit's step is the root mean square of both changes. A turn of the whole is one motion about an
//! axis of its own, so that it is followed exactly. Where the femur's zero is the leg as scanned, it goes with the pelvis.
//!
//! Surfaces of bone: had a surface stood out by one spread more, the pair would have met where it now leaves that much clearance, so the
//! step is the turn from there to the limit. Implants have no spread, nor has neck on liner by its surfaces.
//!
//! Steps are taken as independent and added by their squares.

use super::joint::PlannedJoint;
use super::pair::{ContactPair, Reach};
use crate::planned::MotionSpread;
use coxa_geometry::Angle;
use coxa_geometry::joint::HipAngles;
use coxa_rom::Motion;
use coxa_rom::path::Path;
use nalgebra::{Rotation3, Vector3};
use rayon::prelude::*;

/// Spreads of one motion's limits, where there are limits after a free start.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct LimitSpread {
    /// Of what meets first.
    pub(super) first: Option<Angle>,
    /// Of each pair of [`ContactPair::ALL`] alone.
    pub(super) pairs: [Option<Angle>; 4],
}

/// Turns before a limit at which the clearance is looked at.
const BEFORE_DEG: [f64; 6] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

/// Turns of femur against pelvis as they are taken: one of the pelvis before the motion, one of the femur behind it.
struct Turned {
    pelvis: Rotation3<f64>,
    femur: Rotation3<f64>,
}

/// Spreads of the limits of motions, whose `reaches` are known.
pub(super) fn spreads(joint: &PlannedJoint, motions: &[Motion], reaches: &[[Reach; 4]]) -> Vec<LimitSpread> {
    let turns = turns(joint.spread(), joint.frames().is_femur_zero_as_scanned());
    motions.par_iter().zip(reaches).map(|(motion, reaches)| spread(joint, motion, reaches, &turns)).collect()
}

/// Both signs of every turn that one spread makes.
fn turns(spread: &MotionSpread, is_zero_as_scanned: bool) -> Vec<[Turned; 2]> {
    let (x, y, z) = (Vector3::x_axis(), Vector3::y_axis(), Vector3::z_axis());
    let both = |make: &dyn Fn(f64) -> Turned| [make(1.0), make(-1.0)];
    let pelvis = [(x, spread.pelvis_deg), (y, spread.pelvis_deg)];
    let pelvis = pelvis.into_iter().filter(|(_, angle)| *angle > Angle::ZERO).map(|(axis, angle)| {
        both(&|sign| {
            let pelvis = Rotation3::from_axis_angle(&axis, sign * angle.radians());
            let femur = if is_zero_as_scanned { pelvis.inverse() } else { Rotation3::identity() };
            Turned { pelvis, femur }
        })
    });
    let femur = [(x, spread.femur_lean_deg), (z, spread.femur_lean_deg), (y, spread.femur_rotation_deg)];
    let femur = femur.into_iter().filter(|(_, angle)| *angle > Angle::ZERO).map(|(axis, angle)| {
        both(&|sign| Turned {
            pelvis: Rotation3::identity(),
            femur: Rotation3::from_axis_angle(&axis, sign * angle.radians()),
        })
    });
    pelvis.chain(femur).collect()
}

fn spread(joint: &PlannedJoint, motion: &Motion, reaches: &[Reach; 4], turns: &[[Turned; 2]]) -> LimitSpread {
    let found = reaches.each_ref().map(|reach| reach.limit);
    if first(&found).is_none_or(|(_, limit)| limit <= Angle::ZERO) {
        return LimitSpread::default();
    }
    let again: Vec<[[Option<Angle>; 4]; 2]> =
        turns.par_iter().map(|both| both.each_ref().map(|turned| limits_of(joint, motion, turned))).collect();
    let by_zeros = |limit: Angle, of: &dyn Fn(&[Option<Angle>; 4]) -> Option<Angle>| {
        let steps = again.iter().map(|both| {
            let changes = both.each_ref().map(|limits| of(limits).map(|other| (other - limit).radians()));
            match changes {
                [Some(a), Some(b)] => (a * a + b * b) / 2.0,
                // Where one of them meets nothing at all, the other tells of the step.
                [Some(a), None] | [None, Some(a)] => a * a,
                [None, None] => 0.0,
            }
        });
        Angle::from_radians(steps.sum::<f64>().sqrt())
    };
    let together =
        |zeros: Angle, surfaces: Angle| Angle::from_radians(zeros.radians().hypot(surfaces.radians()));
    let surfaces: Vec<Option<Angle>> = ContactPair::ALL
        .into_iter()
        .zip(found)
        .map(|(pair, limit)| {
            let limit = limit.filter(|limit| *limit > Angle::ZERO)?;
            Some(by_surfaces(joint, motion, pair, limit))
        })
        .collect();
    let mut pairs = [None; 4];
    for (index, of_pair) in pairs.iter_mut().enumerate() {
        *of_pair = found[index]
            .zip(surfaces[index])
            .map(|(limit, surfaces)| together(by_zeros(limit, &|limits| limits[index]), surfaces));
    }
    let whole = first(&found).and_then(|(index, limit)| {
        let zeros = by_zeros(limit, &|limits| Some(first(limits)?.1));
        Some(together(zeros, surfaces[index]?))
    });
    LimitSpread { first: whole, pairs }
}

/// The pair that meets first, by its place, and where.
fn first(limits: &[Option<Angle>; 4]) -> Option<(usize, Angle)> {
    let met = limits.iter().enumerate().filter_map(|(index, limit)| Some((index, (*limit)?)));
    met.reduce(|a, b| if b.1 < a.1 { b } else { a })
}

/// The limits of a motion between bodies that are turned against their zeros.
fn limits_of(joint: &PlannedJoint, motion: &Motion, turned: &Turned) -> [Option<Angle>; 4] {
    // In three places, for a turn between two of them must be the shorter way round.
    let places = [0.0, 0.5, 1.0].map(|share| {
        let rotation = turned.pelvis * motion.at(motion.range * share).rotation() * turned.femur;
        HipAngles::from_rotation(&rotation)
    });
    Path::new(&places).map(|path| joint.limits_on(&path)).unwrap_or_default()
}

/// The turn by which a pair would have met earlier had its bones stood out by one spread more.
fn by_surfaces(joint: &PlannedJoint, motion: &Motion, pair: ContactPair, limit: Angle) -> Angle {
    let surface_mm = joint.spread().bone_surface_mm;
    let wanted = match pair {
        ContactPair::NeckOnLiner => return Angle::ZERO,
        ContactPair::FemurOnPelvis => surface_mm * std::f64::consts::SQRT_2,
        ContactPair::StemOnPelvis | ContactPair::FemurOnCup => surface_mm,
    };
    let mut before = (0.0, 0.0);
    for degrees in BEFORE_DEG {
        let position = motion.at(limit - Angle::from_degrees(degrees));
        let Some(clearance) = joint.clearances_of(pair, &[position]).pop().flatten() else { break };
        let (turn, mm) = before;
        if clearance.distance_mm >= wanted {
            let share = (wanted - mm) / (clearance.distance_mm - mm);
            return Angle::from_degrees(turn + share * (degrees - turn));
        }
        before = (degrees, clearance.distance_mm.max(mm));
    }
    // A contact that grazes: what is left of the clearance opens at the rate seen so far.
    let (turn, mm) = before;
    let most = motion.range.degrees();
    Angle::from_degrees(if mm > 0.0 { (turn * wanted / mm).min(most) } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::solid::{arc, revolved};
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;
    use coxa_anatomy::Bone;
    use coxa_geometry::frame::{Cup, Gravity, Patient};
    use coxa_geometry::{Mesh, Transform, Vector};
    use coxa_rom::JointAxis;
    use coxa_rom::cone::ConeHip;

    const NECK: usize = 0;

    fn joint(spread: MotionSpread) -> PlannedJoint {
        let case = Case::right();
        let mut planned = case.plan(PlanOptions::default());
        planned.motion_spread = spread;
        PlannedJoint::new(&planned, &case.anatomy).unwrap()
    }

    fn of_neck(joint: &PlannedJoint) -> Vec<(Motion, Angle, Angle)> {
        let motions = Motion::table();
        let reaches = joint.reaches(&motions);
        let spreads = spreads(joint, &motions, &reaches);
        let all = motions.into_iter().zip(reaches).zip(spreads);
        all.filter_map(|((motion, reaches), spread)| {
            Some((motion, reaches[NECK].limit?, spread.pairs[NECK]?))
        })
        .collect()
    }

    #[test]
    fn an_unsure_rotation_of_the_femur_is_that_of_every_limit_in_rotation() {
        let sure = Angle::from_degrees(4.0);
        let joint = joint(MotionSpread { femur_rotation_deg: sure, ..Default::default() });
        let (mut rotations, mut others) = (0, 0);
        for (motion, limit, spread) in of_neck(&joint) {
            if motion.axis == JointAxis::InternalRotation {
                assert!((spread - sure).abs().degrees() < 1e-4, "{}: {spread}", motion.name);
                rotations += 1;
                continue;
            }
            // The same by hand: the motion from a start that is turned in or out.
            let from = |degrees: f64| {
                let mut motion = motion.clone();
                motion.start.internal_rotation = Angle::from_degrees(degrees);
                (joint.reaches(&[motion])[0][NECK].limit.unwrap() - limit).radians()
            };
            let expected = ((from(4.0).powi(2) + from(-4.0).powi(2)) / 2.0).sqrt();
            assert!((spread.radians() - expected).abs() < 1e-6, "{}: {spread}", motion.name);
            others += 1;
        }
        assert!(rotations >= 4 && others >= 3, "{rotations} {others}");
    }

    #[test]
    fn lean_of_the_femur_moves_flexion_by_itself_and_by_what_adduction_costs() {
        let joint = joint(MotionSpread { femur_lean_deg: Angle::from_degrees(3.0), ..Default::default() });
        let (motion, limit, spread) = of_neck(&joint).swap_remove(0);
        assert_eq!(motion.name, "flexion");
        let adducted = |degrees: f64| {
            let mut motion = motion.clone();
            motion.start.adduction = Angle::from_degrees(degrees);
            (joint.reaches(&[motion])[0][NECK].limit.unwrap() - limit).degrees()
        };
        let expected = ((adducted(3.0).powi(2) + adducted(-3.0).powi(2)) / 2.0 + 9.0).sqrt();
        assert!((spread.degrees() - expected).abs() < 1e-4, "{spread} against {expected}");
    }

    #[test]
    fn what_is_sure_has_no_spread_and_the_zero_of_a_scanned_leg_goes_with_the_pelvis() {
        assert!(of_neck(&joint(MotionSpread::default())).iter().all(|(.., spread)| *spread == Angle::ZERO));
        // Cup and neck turn together against the axes: in closed form, for a flush liner is a cone.
        let sure = Angle::from_degrees(2.0);
        let joint = joint(MotionSpread { pelvis_deg: sure, ..Default::default() });
        assert!(joint.frames().is_femur_zero_as_scanned());
        let cup = joint.neck().cup().apply(Vector::<Cup>::new(0.0, 0.0, 1.0)).coords();
        let neck = joint.neck().axis().coords();
        for (motion, limit, spread) in of_neck(&joint) {
            let step = |axis, sign: f64| {
                let turn = Rotation3::from_axis_angle(&axis, sign * sure.radians());
                let (cup, neck) = (Vector::from_coords(turn * cup), Vector::from_coords(turn * neck));
                let hip = ConeHip::<Gravity>::new(cup, neck, joint.oscillation()).unwrap();
                (hip.limit(&motion).angle().unwrap() - limit).radians().powi(2)
            };
            let of = |axis| (step(axis, 1.0) + step(axis, -1.0)) / 2.0;
            let expected = Angle::from_radians((of(Vector3::x_axis()) + of(Vector3::y_axis())).sqrt());
            assert!((spread - expected).abs().degrees() < 1e-3, "{}: {spread} {expected}", motion.name);
        }
    }

    #[test]
    fn a_surface_that_stands_out_by_its_spread_meets_earlier_by_the_spread_of_the_limit() {
        const SURFACE_MM: f64 = 0.4;
        let case = Case::right();
        let mut planned = case.plan(PlanOptions::default());
        planned.motion_spread = MotionSpread { bone_surface_mm: SURFACE_MM, ..Default::default() };
        let cup = planned.pose.cup_frame;
        let out = cup.apply(Vector::new(0.0, 0.0, 1.0));
        let ahead = cup.apply(Vector::new(1.0, 0.0, 0.0));
        let direction = (ahead * 0.5 + out).normalised().unwrap();
        let centre = planned.pose.hip_centre;
        let mut with_ball = |radius: f64| {
            let ball: Mesh<Cup> = revolved(180, |_| arc(radius, 0.0, 0.0, std::f64::consts::PI, 0.002));
            let place = |at| Transform::<Cup, Patient>::from_axes(at, ahead, out.cross(ahead)).unwrap();
            planned.bones.insert(Bone::FemurRight, place(centre + direction * 22.0).apply(&ball));
            planned.bones.insert(Bone::HipRight, place(centre + direction * 900.0).apply(&ball));
            let joint = PlannedJoint::new(&planned, &case.anatomy).unwrap();
            let reaches = joint.reaches(&Motion::table());
            let spreads = spreads(&joint, &Motion::table(), &reaches);
            reaches.into_iter().zip(spreads).map(|(r, s)| (r[3].limit, s.pairs[3])).collect::<Vec<_>>()
        };
        let (usual, larger) = (with_ball(2.0), with_ball(2.0 + SURFACE_MM));
        let mut met = 0;
        for ((limit, spread), (earlier, _)) in usual.into_iter().zip(larger) {
            let (Some(limit), Some(spread), Some(earlier)) = (limit, spread, earlier) else { continue };
            let step = (limit - earlier).degrees();
            assert!((spread.degrees() - step).abs() < 0.05 + 0.03 * step, "{spread} against {step}");
            met += 1;
        }
        assert!(met >= 3, "only {met}");
    }
}
