//! How the pelvis lies in the laboratory: supine, standing, sitting, and seated leaning forwards.
//!
//! A posture turns the pelvis about its axis to the right by its **pelvic tilt**, counted from the supine pelvis in which a hip
//! is planned and positive for posterior tilt (the sacral end moves back, so the cup opens more forwards): with tilt t, a
//! direction c of the pelvis lies in the laboratory as Rz(t) c. The spinopelvic literature counts posterior tilt as positive
//! too; papers that use the anterior pelvic plane often count it the other way.
//!
//! Hip angles of this library are those of the femur against the pelvis bone, zero where the femur's frame is parallel to
//! the supine functional frame. A thigh that shows an angle in the laboratory has in the joint the same angles with the tilt taken
//! from its flexion, because Rz(-t) Rz(flexion) Rx(adduction) Ry(rotation) = Rz(flexion - t) Rx(adduction) Ry(rotation):
//! exact, and why a pelvis that rolls back in sitting spares flexion.

use coxa_geometry::Angle;
use coxa_geometry::joint::HipAngles;
use serde::{Deserialize, Serialize};

/// Where the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posture {
    /// Lying on the back, as in the scanner.
    #[default]
    Supine,
    /// Upright.
    Standing,
    /// Relaxed on a chair.
    Sitting,
    /// On a chair, leaning forwards to rise or to reach the feet.
    FlexedSeated,
}

/// How far the spine lets the pelvis roll back from standing to sitting: the change of spinopelvic tilt, below 10° stiff, 10°
/// to 30° normal, above hypermobile (Haffer et al. 2021, Arch Orthop Trauma Surg).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpinalMobility {
    /// Less than 10°.
    Stiff,
    /// 10° to 30°.
    #[default]
    Normal,
    /// More than 30°.
    Hypermobile,
}

impl SpinalMobility {
    /// All of them, the stiffest first.
    pub const ALL: [SpinalMobility; 3] =
        [SpinalMobility::Stiff, SpinalMobility::Normal, SpinalMobility::Hypermobile];

    /// As files have it.
    pub const fn name(self) -> &'static str {
        match self {
            SpinalMobility::Stiff => "stiff",
            SpinalMobility::Normal => "normal",
            SpinalMobility::Hypermobile => "hypermobile",
        }
    }
}

/// Posterior tilt of a pelvis in standing, in sitting and on a flexed seat, from its supine position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PelvicTilts {
    /// Standing.
    #[serde(rename = "standing_deg")]
    pub standing: Angle,
    /// Sitting relaxed.
    #[serde(rename = "sitting_deg")]
    pub sitting: Angle,
    /// Seated, leaning forwards.
    #[serde(rename = "flexed_seated_deg", default = "usual_flexed_seated")]
    pub flexed_seated: Angle,
}

/// Mean posterior tilt from supine to standing of 1,517 patients before hip arthroplasty; single patients from 8.4° of anterior
/// to 21.8° of posterior tilt (Pierrepont et al. 2017, Bone Joint J 99-B:184).
const STANDING_DEG: f64 = 5.5;
/// The same when they lean forwards to rise; single patients from 38.6° of anterior to 48.3° of posterior tilt (Pierrepont et al.
/// 2017).
const FLEXED_SEATED_DEG: f64 = 3.7;

fn usual_flexed_seated() -> Angle {
    Angle::from_degrees(FLEXED_SEATED_DEG)
}

impl SpinalMobility {
    /// The change of tilt from standing to sitting that stands for the class: the middle of the two closed classes, and 5°
    /// beyond the bound of the open one. A choice made here, for no source gives the classes' means.
    pub fn standing_to_sitting(self) -> Angle {
        Angle::from_degrees(match self {
            SpinalMobility::Stiff => 5.0,
            SpinalMobility::Normal => 20.0,
            SpinalMobility::Hypermobile => 35.0,
        })
    }
}

impl PelvicTilts {
    /// What is usual for a spine of this mobility.
    pub fn usual(mobility: SpinalMobility) -> Self {
        let standing = Angle::from_degrees(STANDING_DEG);
        let sitting = standing + mobility.standing_to_sitting();
        PelvicTilts { standing, sitting, flexed_seated: usual_flexed_seated() }
    }

    /// In a posture; zero for the supine one.
    pub fn in_posture(&self, posture: Posture) -> Angle {
        match posture {
            Posture::Supine => Angle::ZERO,
            Posture::Standing => self.standing,
            Posture::Sitting => self.sitting,
            Posture::FlexedSeated => self.flexed_seated,
        }
    }
}

impl Default for PelvicTilts {
    /// Those of a spine of normal mobility.
    fn default() -> Self {
        PelvicTilts::usual(SpinalMobility::Normal)
    }
}

impl Posture {
    /// `supine`, `standing`, `sitting` or `flexed seated`.
    pub const fn name(self) -> &'static str {
        match self {
            Posture::Supine => "supine",
            Posture::Standing => "standing",
            Posture::Sitting => "sitting",
            Posture::FlexedSeated => "flexed seated",
        }
    }

    /// The posterior tilt from supine that is usual for a spine of normal mobility ([`PelvicTilts::default`]).
    pub fn pelvic_tilt(self) -> Angle {
        PelvicTilts::default().in_posture(self)
    }
}

/// The angles of the joint where a thigh shows `in_laboratory` and the pelvis is tilted back by `pelvic_tilt`.
pub fn joint_angles(in_laboratory: HipAngles, pelvic_tilt: Angle) -> HipAngles {
    HipAngles { flexion: in_laboratory.flexion - pelvic_tilt, ..in_laboratory }
}

/// The angles that a thigh shows in the laboratory: the inverse of [`joint_angles`].
pub fn laboratory_angles(in_joint: HipAngles, pelvic_tilt: Angle) -> HipAngles {
    joint_angles(in_joint, -pelvic_tilt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Vector;
    use coxa_geometry::cup::Radiographic;
    use coxa_geometry::frame::Gravity;
    use nalgebra::{Rotation3, Vector3};

    #[test]
    fn the_thigh_stays_where_it_is_when_the_pelvis_tilts() {
        let thigh = HipAngles::from_degrees(90.0, -12.0, 25.0);
        let tilt = Angle::from_degrees(25.5);
        let joint = joint_angles(thigh, tilt);
        let pelvis_in_laboratory = Rotation3::from_axis_angle(&Vector3::z_axis(), tilt.radians());
        assert!(
            ((pelvis_in_laboratory * joint.rotation()).matrix() - thigh.rotation().matrix()).norm() < 1e-14
        );
        assert!(laboratory_angles(joint, tilt).angle_to(thigh).degrees() < 1e-6);
    }

    #[test]
    fn posterior_tilt_opens_the_cup_forwards() {
        let cup = Radiographic::<Gravity>::from_degrees(40.0, 15.0);
        let after = |posture: Posture| {
            let turn = Rotation3::from_axis_angle(&Vector3::z_axis(), posture.pelvic_tilt().radians());
            Radiographic::<Gravity>::from_axis(Vector::from_coords(turn * cup.axis().coords()))
        };
        // A table of exact values has 22.5430 degrees of anteversion after 10 degrees of posterior tilt, from the same cup.
        let (standing, sitting) = (after(Posture::Standing), after(Posture::Sitting));
        assert!((15.0..22.543).contains(&standing.anteversion.degrees()), "{standing:?}");
        assert!(sitting.anteversion.degrees() > 22.543, "{sitting:?}");
    }

    #[test]
    fn a_stiffer_spine_sits_with_less_tilt_and_stands_alike() {
        use SpinalMobility::{Hypermobile, Normal, Stiff};
        let [stiff, normal, mobile] = [Stiff, Normal, Hypermobile].map(PelvicTilts::usual);
        assert!(stiff.sitting < normal.sitting && normal.sitting < mobile.sitting);
        assert_eq!(stiff.standing, mobile.standing);
        assert_eq!(normal, PelvicTilts::default());
        // Each class is represented by a change that belongs to it.
        let change = |t: PelvicTilts| (t.sitting - t.standing).degrees();
        assert!(change(stiff) < 10.0 && (10.0..30.0).contains(&change(normal)) && change(mobile) > 30.0);
        assert_eq!(normal.in_posture(Posture::Supine), Angle::ZERO);
    }

    #[test]
    fn names_in_files_are_plain() {
        let json =
            serde_json::to_value((Posture::Sitting, SpinalMobility::Hypermobile, PelvicTilts::default()));
        assert_eq!(
            json.unwrap(),
            serde_json::json!(["sitting", "hypermobile", {"standing_deg": 5.5, "sitting_deg": 25.5, "flexed_seated_deg": 3.7}])
        );
        assert_eq!(serde_json::to_value(Posture::FlexedSeated).unwrap(), "flexed_seated");
        // Tilts that were written before the flexed seat had its own.
        let before: PelvicTilts =
            serde_json::from_str(r#"{"standing_deg": 5.5, "sitting_deg": 25.5}"#).unwrap();
        assert_eq!(before.flexed_seated, PelvicTilts::default().flexed_seated);
    }
}
