//! Standing on one leg as a static balance: what the hip bears by bones and weight alone, without a model of the leg.
//!
//! [`one_leg_stance`] is the balance in space of Iglič et al. (1990, Acta Orthop Iugosl 20:35), one of the static models that Fischer et al.
//! (2021, J Biomech, doi 10.1016/j.jbiomech.2021.110526) hold against measured forces: the weight of the body less the standing leg is held
//! by nine muscles of the abductor group, and the joint takes the rest. Every number is published:
//!
//! - the standing leg weighs 0.161 of the body (Clauser et al. 1969); its centre of mass lies 0.48, the line of the ground's push 1.01 half
//!   distances between the hips towards the middle of the body (McLeish and Charnley 1970, J Biomech 3:191, as used by Iglič), the weight
//!   straight above the hip as seen from the side;
//! - attachments of Dostal and Andrews (1981, J Biomech 14:803), carried along three axes to the person: width of the pelvis by the distance
//!   between the hips, height and depth by the iliac spines, the femur by its length and by how far its trochanter stands out;
//! - cross-sections of Johnston, Brand and Crowninshield (1979, J Bone Joint Surg Am 61:639), a third to each part of a gluteal muscle.
//!
//! Iglič gives the muscles of each of three groups one stress, which leads to groups that push. Here the stresses are those whose squares have
//! the least sum (Pedotti et al. 1978, Math Biosci 38:57), all of them pulls. Muscles that cross the hip elsewhere and act against one
//! another are left out, so that the force is rather too small where a person braces the hip.
//!
//! Where the sources leave a choice, outcomes were compared and not the best was taken: with the pelvis upright, as on the table or its
//! spines level, the exponent 2 or 3, and the trochanter's tip where piriformis inserts or between it and obturator internus, the median
//! error of the force over seven patients is 2 to 18 % of body weight in either activity of `coxa verify hip-forces`, that of its direction
//! 3 to 5 degrees.
//!
//! [`frontal_balance`] is the lever of Pauwels (1965), in the frontal plane.

use super::leg::{Landmark, Landmarks};
use super::optimisation::{Demand, Sharing};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use std::collections::BTreeMap;

/// Weight of the standing leg over that of the body.
const LEG_SHARE: f64 = 0.161;
/// Its centre of mass, and the line of the ground's push, in half distances between the hips.
const LEG_ARM: f64 = 0.48;
const GROUND_ARM: f64 = 1.01;
/// How far the pelvis leans over the standing hip, degrees (Iglič).
const LEAN_DEG: f64 = 0.5;
/// Power of stresses in the sum that is made least.
const EXPONENT: f64 = 2.0;
/// A stress that no muscle reaches, in body weights over the cross-section of gluteus maximus: there is no bound but that muscles pull.
const ENDLESS_STRESS: f64 = 1e6;

/// Of Dostal and Andrews' specimen, mm: depth from anterior to posterior and height from hip centre to anterior superior iliac spines,
/// the anterior pelvic plane upright, distance between the hip centres; from hip centre to the epicondyles, and out to the tip of the
/// greater trochanter, where piriformis inserts.
const DEPTH: f64 = 164.0;
const HEIGHT: f64 = 83.0;
const WIDTH: f64 = 169.0;
const FEMUR: f64 = 423.0;
const TROCHANTER: f64 = 55.0;

/// A muscle from its origin on the pelvis to its insertion on the femur, mm from the hip centre: x forwards, y up, z to the right.
struct Line {
    name: &'static str,
    origin: [f64; 3],
    insertion: [f64; 3],
    /// Cross-section over that of gluteus maximus.
    section: f64,
}

const MEDIUS: f64 = 0.80 / 3.0;
const MINIMUS: f64 = 0.34 / 3.0;
const fn line(name: &'static str, origin: [f64; 3], insertion: [f64; 3], section: f64) -> Line {
    Line { name, origin, insertion, section }
}
const MUSCLES: [Line; 9] = [
    line("gluteus medius, anterior", [27.0, 102.0, 62.0], [-18.0, -26.0, 73.0], MEDIUS),
    line("gluteus medius, middle", [-2.0, 132.0, 18.0], [-18.0, -26.0, 73.0], MEDIUS),
    line("gluteus medius, posterior", [-48.0, 97.0, -15.0], [-18.0, -26.0, 73.0], MEDIUS),
    line("gluteus minimus, anterior", [29.0, 73.0, 41.0], [4.0, -27.0, 69.0], MINIMUS),
    line("gluteus minimus, middle", [-4.0, 88.0, 20.0], [4.0, -27.0, 69.0], MINIMUS),
    line("gluteus minimus, posterior", [-26.0, 71.0, 0.0], [4.0, -27.0, 69.0], MINIMUS),
    line("tensor fasciae latae", [45.0, 78.0, 56.0], [22.0, -436.0, 33.0], 0.12),
    line("rectus femoris", [43.0, 37.0, 26.0], [43.0, -415.0, 2.0], 0.40),
    line("piriformis", [-78.0, 55.0, -47.0], [-1.0, -1.0, 55.0], 0.10),
];

/// Standing on one leg.
#[derive(Debug, Clone, PartialEq)]
pub struct Stance {
    /// Of the pelvis on the head of the femur, N, along the axes of the femur (Wu et al. 2002): x forwards, y up, z to the right.
    pub on_head_in_femur: Vector3<f64>,
    /// The same along the axes of the pelvis, the anterior pelvic plane upright.
    pub on_head_in_pelvis: Vector3<f64>,
    /// The same in the laboratory: x to where the person looks, y straight up.
    pub on_head_in_laboratory: Vector3<f64>,
    /// Force of each muscle, N, with its name.
    pub muscles: Vec<(&'static str, f64)>,
    /// Moment of the weight about the hip in the frontal plane, N m.
    pub moment: f64,
    /// Lever of the force of all muscles in the frontal plane, mm.
    pub abductor_arm_mm: f64,
}

/// Why there is no balance.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StanceError {
    /// A landmark that is needed.
    #[error("single-leg stance cannot be computed without the landmark {0:?}")]
    Missing(Landmark),
    /// Landmarks that are no hip.
    #[error("landmarks of the pelvis or femur coincide or are swapped: single-leg stance cannot be computed")]
    Shape,
    /// A weight that is none.
    #[error("a body weight of {0} N is not possible")]
    Weight(f64),
    /// Muscles that cannot hold the pelvis.
    #[error("the abductors of this hip cannot hold the pelvis in single-leg stance")]
    Falls,
}

/// The balance of a person whose landmarks are those of a right hip, as [`super::leg::scaled`] takes them, of body weight `weight_n`.
///
/// The pelvis stands nearly level with the anterior pelvic plane tilted backwards by `pelvic_tilt_rad` (0: upright, as in the tables); the femur
/// is adducted so that the foot comes under the body.
///
/// # Errors
/// Where a landmark is missing, contradicts the others, or muscles have no lever.
pub fn one_leg_stance(
    landmarks: &Landmarks,
    weight_n: f64,
    pelvic_tilt_rad: f64,
) -> Result<Stance, StanceError> {
    if !(weight_n.is_finite() && weight_n > 0.0) {
        return Err(StanceError::Weight(weight_n));
    }
    let bones = Bones::of(landmarks)?;
    let half = bones.width / 2.0;
    let adduction = (LEG_ARM * half / bones.length).clamp(-1.0, 1.0).asin();
    let pelvis = Rotation3::from_axis_angle(&Vector3::x_axis(), LEAN_DEG.to_radians())
        * Rotation3::from_axis_angle(&Vector3::z_axis(), pelvic_tilt_rad);
    let femur = Rotation3::from_axis_angle(&Vector3::x_axis(), adduction);
    let lines = MUSCLES.each_ref().map(|muscle| {
        let origin = pelvis * Vector3::from(muscle.origin).component_mul(&bones.pelvis);
        let insertion = femur * Vector3::from(muscle.insertion).component_mul(&bones.femur);
        (origin, (insertion - origin).normalize())
    });
    // Weight of all but the standing leg, and its lever about the hip.
    let weight = Vector3::new(0.0, -(1.0 - LEG_SHARE), 0.0);
    let arm = (GROUND_ARM - LEG_SHARE * LEG_ARM) / (1.0 - LEG_SHARE) * half;
    let moment = Vector3::new(0.0, 0.0, -arm).cross(&weight);
    let effects: Vec<f64> = lines
        .iter()
        .zip(&MUSCLES)
        .flat_map(|((origin, along), muscle)| (origin.cross(along) * muscle.section).data.0[0])
        .collect();
    let mut stresses = [0.0; MUSCLES.len()];
    let demand = Demand {
        effects: &effects,
        bounds: &[[0.0, ENDLESS_STRESS]; MUSCLES.len()],
        moments: &[-moment.x, -moment.y, -moment.z],
    };
    let mut sharing = Sharing::new(EXPONENT).map_err(|_| StanceError::Falls)?;
    if !sharing.solve(&demand, &mut stresses).is_met {
        return Err(StanceError::Falls);
    }
    let forces: [f64; MUSCLES.len()] = std::array::from_fn(|n| stresses[n] * MUSCLES[n].section * weight_n);
    let pull: Vector3<f64> = lines.iter().zip(forces).map(|((_, along), force)| along * force).sum();
    let on_head = pull + weight * weight_n;
    let in_all: f64 = forces.iter().sum();
    Ok(Stance {
        on_head_in_femur: femur.inverse() * on_head,
        on_head_in_pelvis: pelvis.inverse() * on_head,
        on_head_in_laboratory: on_head,
        muscles: MUSCLES.iter().zip(forces).map(|(muscle, force)| (muscle.name, force)).collect(),
        moment: moment.norm() * weight_n * 1e-3,
        abductor_arm_mm: moment.norm() * weight_n / in_all,
    })
}

/// A person's bones over those of the specimen, along x, y and z; distance between the hips and length of the femur, mm.
struct Bones {
    pelvis: Vector3<f64>,
    femur: Vector3<f64>,
    width: f64,
    length: f64,
}

impl Bones {
    fn of(landmarks: &Landmarks) -> Result<Bones, StanceError> {
        let find = |places: &BTreeMap<Landmark, Point3<f64>>, name| {
            places.get(&name).copied().ok_or(StanceError::Missing(name))
        };
        let on_pelvis = |name| find(&landmarks.pelvis, name);
        let on_femur = |name| find(&landmarks.femur, name);
        let hip = on_pelvis(Landmark::HipCentre)?;
        let (asis, opposite) = (on_pelvis(Landmark::Asis)?, on_pelvis(Landmark::OppositeAsis)?);
        let spines = nalgebra::center(&asis, &opposite);
        let upright = upright(spines - on_pelvis(Landmark::PubicTubercle)?, asis - opposite)?;
        let height = (upright * (asis - hip)).y;
        let width = (on_pelvis(Landmark::OppositeHipCentre)? - hip).norm();
        // Where the sacral end of the pelvis is not known, its depth goes with its height.
        let depth = match landmarks.pelvis.get(&Landmark::Psis) {
            Some(psis) => (upright * (asis - psis)).x / DEPTH,
            None => height / HEIGHT,
        };
        let head = on_femur(Landmark::HipCentre)?;
        let (lateral, medial) =
            (on_femur(Landmark::LateralEpicondyle)?, on_femur(Landmark::MedialEpicondyle)?);
        let along = head - nalgebra::center(&lateral, &medial);
        let forwards = along.cross(&(lateral - medial));
        let outwards = forwards.cross(&along).try_normalize(1e-9).ok_or(StanceError::Shape)?;
        let out = outwards.dot(&(on_femur(Landmark::GreaterTrochanter)? - head));
        let length = along.norm();
        let pelvis = Vector3::new(depth, height / HEIGHT, width / WIDTH);
        let femur = Vector3::new(length / FEMUR, length / FEMUR, out / TROCHANTER);
        // Written so that NaN is refused.
        let is_bone = |scale: &Vector3<f64>| scale.iter().all(|s| (0.2..5.0).contains(s));
        if !(is_bone(&pelvis) && is_bone(&femur)) {
            return Err(StanceError::Shape);
        }
        Ok(Bones { pelvis, femur, width, length })
    }
}

/// Into the frame whose z runs to the right and whose x stands on the plane of both directions.
fn upright(up: Vector3<f64>, right: Vector3<f64>) -> Result<Matrix3<f64>, StanceError> {
    let z = right.try_normalize(1e-9).ok_or(StanceError::Shape)?;
    let x = up.cross(&right).try_normalize(1e-9).ok_or(StanceError::Shape)?;
    Ok(Matrix3::from_rows(&[x.transpose(), z.cross(&x).transpose(), z.transpose()]))
}

/// The lever of Pauwels (1965): a weight on an arm about the hip, held by one muscle on its own arm, at an angle from the vertical. Gives
/// the force of the muscle and that of the joint, in the unit of the weight, and the angle of the latter from the vertical in radians.
pub fn frontal_balance(
    weight: f64,
    weight_arm: f64,
    muscle_arm: f64,
    muscle_angle_rad: f64,
) -> (f64, f64, f64) {
    let muscle = weight * weight_arm / muscle_arm;
    let (across, down) = (muscle * muscle_angle_rad.sin(), weight + muscle * muscle_angle_rad.cos());
    (muscle, across.hypot(down), across.atan2(down))
}

#[cfg(test)]
mod tests;
