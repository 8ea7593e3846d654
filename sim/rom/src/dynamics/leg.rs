//! Mass and inertia of the leg.

use super::{DynamicsError, within};
use coxa_geometry::Vector;
use coxa_geometry::frame::Femur;
use nalgebra::{Matrix3, Vector3};
use serde::{Deserialize, Serialize};

/// Which of the two tables of segment parameters holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Women.
    Female,
    /// Men.
    Male,
}

/// A leg as one rigid body, the knee straight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    /// Mass in kg.
    pub mass_kg: f64,
    /// From the head centre to the centre of mass, in mm.
    #[serde(rename = "centre_of_mass_mm")]
    pub centre_of_mass: Vector<Femur>,
    /// Moments of inertia about the femur's X, Y and Z through the centre of mass, in kg m². Products of inertia, small
    /// for a straight leg, are left out.
    pub inertia_kg_m2: [f64; 3],
}

/// Mass as a share of the body's, length as a share of its height, place of the centre of mass and radii of gyration
/// (sagittal, transverse and longitudinal axis) as shares of the segment's length.
struct Segment {
    mass: f64,
    length: f64,
    centre: f64,
    gyration: [f64; 3],
}

/// De Leva 1996 (J Biomech 29:1223), table 4: thigh from hip to knee centre, shank from knee centre to lateral malleolus,
/// foot from heel to the tip of the longest toe. Lengths are those of the table over the sample's heights, 1.735 m and
/// 1.741 m.
const FEMALE: [Segment; 3] = [
    Segment { mass: 0.1478, length: 0.3685 / 1.735, centre: 0.3612, gyration: [0.369, 0.364, 0.162] },
    Segment { mass: 0.0481, length: 0.4323 / 1.735, centre: 0.4416, gyration: [0.271, 0.267, 0.093] },
    Segment { mass: 0.0129, length: 0.2283 / 1.735, centre: 0.4014, gyration: [0.299, 0.279, 0.139] },
];
const MALE: [Segment; 3] = [
    Segment { mass: 0.1416, length: 0.4222 / 1.741, centre: 0.4095, gyration: [0.329, 0.329, 0.149] },
    Segment { mass: 0.0433, length: 0.4340 / 1.741, centre: 0.4459, gyration: [0.255, 0.249, 0.103] },
    Segment { mass: 0.0137, length: 0.2581 / 1.741, centre: 0.4415, gyration: [0.257, 0.245, 0.124] },
];

/// Where the table leaves the foot open, an assumption: the malleolus stands a quarter of the foot's length before the
/// heel, and the foot's centre of mass half the ankle's height (0.039 of the body's) below it.
const HEEL_TO_ANKLE: f64 = 0.25;
const ANKLE_TO_FOOT_CENTRE: f64 = 0.039 / 2.0;

impl Leg {
    /// The leg of a body of this mass and height by de Leva's table: thigh, shank and foot in a straight line, the foot
    /// at a right angle to it.
    ///
    /// # Errors
    /// [`DynamicsError::OutOfRange`] unless the mass lies in 1 to 500 kg and the height in 300 to 2,500 mm.
    pub fn de_leva(sex: Sex, body_mass_kg: f64, body_height_mm: f64) -> Result<Leg, DynamicsError> {
        let body = within("body mass in kg", body_mass_kg, 1.0, 500.0)?;
        let height = within("body height in mm", body_height_mm, 300.0, 2500.0)? / 1e3;
        let [thigh, shank, foot] = match sex {
            Sex::Female => &FEMALE,
            Sex::Male => &MALE,
        };
        let down = |share_of_height: f64| Vector3::new(0.0, -share_of_height * height, 0.0);
        let ankle = thigh.length + shank.length;
        let forwards = Vector3::new((foot.centre - HEEL_TO_ANKLE) * foot.length * height, 0.0, 0.0);
        let parts = [
            (thigh, down(thigh.centre * thigh.length), [0, 2, 1]),
            (shank, down(thigh.length + shank.centre * shank.length), [0, 2, 1]),
            // The foot lies along X: its longitudinal axis is the leg's X, its sagittal one the leg's Y.
            (foot, down(ankle + ANKLE_TO_FOOT_CENTRE) + forwards, [2, 0, 1]),
        ];
        let share: f64 = parts.iter().map(|(segment, ..)| segment.mass).sum();
        let centre = parts.iter().map(|(segment, at, _)| at * segment.mass).sum::<Vector3<f64>>() / share;
        let mut inertia = [0.0; 3];
        for (segment, at, axes) in parts {
            let mass = segment.mass * body;
            let from_centre = at - centre;
            for (axis, total) in inertia.iter_mut().enumerate() {
                let radius = segment.gyration[axes[axis]] * segment.length * height;
                let lever = from_centre.norm_squared() - from_centre[axis].powi(2);
                *total += mass * (radius * radius + lever);
            }
        }
        Ok(Leg {
            mass_kg: share * body,
            centre_of_mass: Vector::from_coords(centre * 1e3),
            inertia_kg_m2: inertia,
        })
    }

    /// Moment of inertia in kg m² for turning about an axis of the femur through the head centre; the axis has unit
    /// length.
    pub fn inertia_about(&self, axis: Vector<Femur>) -> f64 {
        let (axis, centre) = (axis.coords(), self.centre_of_mass.coords() / 1e3);
        let own = axis.dot(&(Matrix3::from_diagonal(&Vector3::from(self.inertia_kg_m2)) * axis));
        own + self.mass_kg * centre.cross(&axis).norm_squared()
    }

    pub(super) fn check(&self) -> Result<(), DynamicsError> {
        within("mass of the leg in kg", self.mass_kg, 1e-3, 1e3)?;
        within(
            "distance of the leg's centre of mass from the hip centre in mm",
            self.centre_of_mass.norm(),
            0.0,
            1e4,
        )?;
        for moment in self.inertia_kg_m2 {
            within("moment of inertia of the leg in kg m2", moment, 1e-9, 1e4)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_is_the_sum_of_its_segments() {
        let leg = Leg::de_leva(Sex::Male, 73.0, 1741.0).unwrap();
        assert!((leg.mass_kg - 73.0 * 0.1986).abs() < 1e-9);
        // By hand: thigh 172.9 mm, shank 422.2 + 193.5 mm, foot 856.2 + 33.9 mm below the hip.
        let below = (0.1416 * 172.89 + 0.0433 * 615.72 + 0.0137 * 890.15) / 0.1986;
        assert!((leg.centre_of_mass.y() + below).abs() < 0.05, "{}", leg.centre_of_mass.y());
        assert!(leg.centre_of_mass.x() > 0.0 && leg.centre_of_mass.z() == 0.0);
        assert!(leg.inertia_kg_m2[1] < leg.inertia_kg_m2[0] / 10.0);
    }

    #[test]
    fn inertia_about_the_hip_is_that_of_the_segments_about_the_hip() {
        let leg = Leg::de_leva(Sex::Female, 60.0, 1600.0).unwrap();
        let scale = 1.6 / 1.735;
        let direct: f64 = [
            (0.1478, 0.3685, 0.364, 0.3612 * 0.3685, 0.0),
            (0.0481, 0.4323, 0.267, 0.3685 + 0.4416 * 0.4323, 0.0),
            (0.0129, 0.2283, 0.279, 0.8008 + 0.0195 * 1.735, (0.4014 - 0.25) * 0.2283),
        ]
        .iter()
        .map(|(mass, length, gyration, below, ahead): &(f64, f64, f64, f64, f64)| {
            mass * 60.0 * scale * scale * ((gyration * length).powi(2) + below * below + ahead * ahead)
        })
        .sum();
        let found = leg.inertia_about(Vector::new(0.0, 0.0, 1.0));
        assert!((found / direct - 1.0).abs() < 1e-12, "{found} {direct}");
    }

    #[test]
    fn impossible_bodies_are_refused() {
        for (mass, height) in [(f64::NAN, 1700.0), (0.0, 1700.0), (70.0, f64::INFINITY), (70.0, -1.0)] {
            assert!(Leg::de_leva(Sex::Male, mass, height).is_err());
        }
    }
}
