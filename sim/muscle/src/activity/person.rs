//! Whose leg an activity moves, and what the parts of it are called.

use super::super::kinematics::{Posture, Skeleton};
use super::error::DriveError;
use crate::leg::{Landmark, Landmarks};
use nalgebra::Point3;

/// Hip centre to floor over hip centre to ankle, of stature 0.530 and 0.491 (Drillis and Contini 1966, in Winter 2009, figure 4.1).
const FLOOR_BELOW_ANKLE: f64 = 0.530 / 0.491;

/// Whose leg it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Mass of the body, kg.
    pub body_mass_kg: f64,
    /// Hip centre to floor in standing, m.
    pub leg_length_m: f64,
    /// The middle between the two hip centres in the model's pelvis, m. A plan that moves one hip does not move it: it stands for the
    /// middle of the body.
    pub mid_hip_m: Point3<f64>,
    /// By how much the model's pelvis is tilted backwards when the plane of its anterior and the middle of its posterior superior
    /// iliac spines lies level, rad.
    pub level_tilt_rad: f64,
}

/// Names in the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The body that the root joint moves.
    pub pelvis: String,
    /// The body on which the ground pushes.
    pub foot: String,
    /// The body below the knee; its turn tells which way the knee's coordinate bends.
    pub shank: String,
    /// The body whose origin is the middle of the ankle.
    pub ankle: String,
    /// Tilt, list and rotation of the pelvis, its three translations, flexion, adduction and rotation of the hip, knee, ankle.
    pub coordinates: [String; 11],
}

impl Default for Names {
    /// Those of gait2392, Rajagopal2016 and the leg that ships.
    fn default() -> Names {
        let names = [
            "pelvis_tilt",
            "pelvis_list",
            "pelvis_rotation",
            "pelvis_tx",
            "pelvis_ty",
            "pelvis_tz",
            "hip_flexion_r",
            "hip_adduction_r",
            "hip_rotation_r",
            "knee_angle_r",
            "ankle_angle_r",
        ];
        Names {
            pelvis: "pelvis".to_owned(),
            foot: "calcn_r".to_owned(),
            shank: "tibia_r".to_owned(),
            ankle: "talus_r".to_owned(),
            coordinates: names.map(str::to_owned),
        }
    }
}

impl Person {
    /// Of a model and places on its pelvis. Hips that stand level and spines of both sides are needed; leg length is that of the model
    /// from hip over knee to ankle, with the height of the ankle that belongs to it.
    ///
    /// # Errors
    /// Where a landmark or body is missing.
    pub fn of_leg(
        skeleton: &Skeleton,
        names: &Names,
        landmarks: &Landmarks,
        body_mass_kg: f64,
    ) -> Result<Person, DriveError> {
        let middle = |own: Landmark, other: Landmark, called: &'static str| {
            let at = |landmark| landmarks.pelvis.get(&landmark).ok_or(DriveError::Landmark(called));
            Ok::<_, DriveError>(nalgebra::center(at(own)?, at(other)?) / 1000.0)
        };
        let mid_hip_m = middle(Landmark::HipCentre, Landmark::OppositeHipCentre, "hip_centre of both sides")?;
        let anterior = middle(Landmark::Asis, Landmark::OppositeAsis, "asis of both sides")?;
        let posterior = middle(Landmark::Psis, Landmark::OppositePsis, "psis of both sides")?;
        let forward = anterior - posterior;
        let body = |name: &String| skeleton.body(name).ok_or_else(|| DriveError::Body(name.clone()));
        let mut posture = Posture::default();
        let mut q = skeleton.defaults().to_vec();
        skeleton.couple(&mut q);
        skeleton.place(&q, &mut posture);
        let at = |name: &String| Ok::<_, DriveError>(posture.frames[body(name)?].origin);
        let hip = landmarks.pelvis.get(&Landmark::HipCentre).map_or(mid_hip_m, |hip| hip / 1000.0);
        let hip = posture.frames[body(&names.pelvis)?].point(&hip).coords;
        let (knee, ankle) = (at(&names.shank)?, at(&names.ankle)?);
        Ok(Person {
            body_mass_kg,
            leg_length_m: ((knee - hip).norm() + (ankle - knee).norm()) * FLOOR_BELOW_ANKLE,
            mid_hip_m,
            level_tilt_rad: (-forward.y).atan2(forward.x),
        })
    }
}
