//! Motions: one hip angle changes, the others stay.

use coxa_geometry::Angle;
use coxa_geometry::joint::HipAngles;
use nalgebra::{Unit, UnitQuaternion, Vector3};
use serde::{Deserialize, Serialize};

/// The hip angle that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JointAxis {
    /// About the pelvis' axis to the right.
    Flexion,
    /// About the floating axis.
    Adduction,
    /// About the femur's long axis.
    InternalRotation,
}

/// The sense of a motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Flexion, adduction or internal rotation.
    Positive,
    /// Extension, abduction or external rotation.
    Negative,
}

impl Direction {
    /// 1 or -1.
    pub const fn sign(self) -> f64 {
        match self {
            Direction::Positive => 1.0,
            Direction::Negative => -1.0,
        }
    }
}

/// A turn about one joint axis from a starting position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Motion {
    /// Stable snake_case name.
    pub name: String,
    /// Where it begins.
    pub start: HipAngles,
    /// The angle that changes.
    pub axis: JointAxis,
    /// Which way.
    pub direction: Direction,
    /// How far it is followed.
    #[serde(rename = "range_deg")]
    pub range: Angle,
}

impl Motion {
    /// A motion followed for `range`.
    pub fn new(name: &str, start: HipAngles, axis: JointAxis, direction: Direction, range: Angle) -> Self {
        Motion { name: name.into(), start, axis, direction, range }
    }

    /// The ten motions of a range-of-motion table, in its order: flexion, extension, abduction, adduction, internal
    /// and external rotation in neutral, both at 90° of flexion, internal rotation at 90° with 10° of adduction,
    /// and external rotation in 10° of extension. Each is followed somewhat further than any hip goes.
    pub fn table() -> Vec<Motion> {
        use Direction::{Negative, Positive};
        use JointAxis::{Adduction, Flexion, InternalRotation};
        [
            ("flexion", (0.0, 0.0), Flexion, Positive, 160.0),
            ("extension", (0.0, 0.0), Flexion, Negative, 90.0),
            ("abduction", (0.0, 0.0), Adduction, Negative, 90.0),
            ("adduction", (0.0, 0.0), Adduction, Positive, 90.0),
            ("internal_rotation", (0.0, 0.0), InternalRotation, Positive, 120.0),
            ("external_rotation", (0.0, 0.0), InternalRotation, Negative, 120.0),
            ("internal_rotation_at_90", (90.0, 0.0), InternalRotation, Positive, 120.0),
            ("external_rotation_at_90", (90.0, 0.0), InternalRotation, Negative, 120.0),
            ("internal_rotation_at_90_adducted_10", (90.0, 10.0), InternalRotation, Positive, 120.0),
            ("external_rotation_extended_10", (-10.0, 0.0), InternalRotation, Negative, 120.0),
        ]
        .into_iter()
        .map(|(name, (flexion, adduction), axis, direction, range)| {
            let start = HipAngles::from_degrees(flexion, adduction, 0.0);
            Motion::new(name, start, axis, direction, Angle::from_degrees(range))
        })
        .collect()
    }

    /// The position after turning by `turn` in the motion's direction.
    pub fn at(&self, turn: Angle) -> HipAngles {
        let turn = turn * self.direction.sign();
        let mut angles = self.start;
        match self.axis {
            JointAxis::Flexion => angles.flexion = angles.flexion + turn,
            JointAxis::Adduction => angles.adduction = angles.adduction + turn,
            JointAxis::InternalRotation => angles.internal_rotation = angles.internal_rotation + turn,
        }
        angles
    }
}

/// A turn as R(t) = Rot(k, t) S: the axis k stands still in the pelvis, S is the rotation at the start.
#[derive(Debug, Clone)]
pub(super) struct FixedAxisTurn {
    pub(super) axis: Unit<Vector3<f64>>,
    pub(super) start: UnitQuaternion<f64>,
}

impl FixedAxisTurn {
    pub(super) fn new(start: HipAngles, axis: JointAxis) -> Self {
        let (flexion, adduction) = (start.flexion.radians(), start.adduction.radians());
        let flexed = UnitQuaternion::from_axis_angle(&Vector3::z_axis(), flexion);
        let axis = match axis {
            JointAxis::Flexion => Vector3::z_axis(),
            JointAxis::Adduction => flexed * Vector3::x_axis(),
            JointAxis::InternalRotation => {
                flexed * UnitQuaternion::from_axis_angle(&Vector3::x_axis(), adduction) * Vector3::y_axis()
            }
        };
        FixedAxisTurn { axis, start: UnitQuaternion::from_rotation_matrix(&start.rotation()) }
    }

    /// A motion, its direction the positive one.
    pub(super) fn of(motion: &Motion) -> Self {
        let turn = FixedAxisTurn::new(motion.start, motion.axis);
        match motion.direction {
            Direction::Positive => turn,
            Direction::Negative => FixedAxisTurn { axis: -turn.axis, ..turn },
        }
    }

    /// The rotation after some radians.
    pub(super) fn at(&self, turn: f64) -> UnitQuaternion<f64> {
        UnitQuaternion::from_axis_angle(&self.axis, turn) * self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_motion_is_a_turn_about_an_axis_that_stands_still_in_the_pelvis() {
        for mut motion in Motion::table() {
            motion.start.internal_rotation = Angle::from_degrees(7.0);
            let turn = FixedAxisTurn::new(motion.start, motion.axis);
            for degrees in [0.0, 20.0, 75.0] {
                let by = Angle::from_degrees(degrees);
                let expected = motion.at(by).rotation();
                let found = turn.at(by.radians() * motion.direction.sign()).to_rotation_matrix();
                assert!((found.matrix() - expected.matrix()).norm() < 1e-14, "{}", motion.name);
            }
        }
    }

    #[test]
    fn motions_are_plain_files() {
        let motion = &Motion::table()[6];
        let json = serde_json::to_value(motion).unwrap();
        assert_eq!(json["name"], "internal_rotation_at_90");
        assert_eq!(json["direction"], "positive");
        assert!((json["range_deg"].as_f64().unwrap() - 120.0).abs() < 1e-12);
        assert_eq!(&serde_json::from_value::<Motion>(json).unwrap(), motion);
    }
}
