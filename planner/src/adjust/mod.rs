//! Small changes of a plan by hand: components moved and turned along and about their own anatomical axes, and parts exchanged.
//!
//! What comes out is a plan document like any other: lengths to hundredths of a millimetre, angles to thousandths of a degree.
//! Whether a plan is one at all is for [`crate::document::from_toml`] to say, and how good it is for
//! [`crate::placement::PreparedHip::sketch`].

mod parts;

pub use parts::{PartChange, Substitution};

use crate::placed::{HipAxes, PoseError, cup_angles};
use crate::placement::rounding::{rounded, rounded_direction, to_step};
use crate::plan::{CupPlan, Plan, StemPlan};
use coxa_geometry::cup::{Anatomical, Operative, Radiographic, ReferencePlane};
use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity, RightSide, Stem};
use coxa_geometry::{Angle, Transform, Vector};
use nalgebra::{Rotation3, Unit};
use serde::{Deserialize, Serialize};

/// How cup angles are defined (Murray 1993).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CupDefinition {
    /// As plan documents hold them.
    Radiographic,
    /// As theatre sees them.
    Operative,
    /// As anatomy describes them.
    Anatomical,
}

/// The plane that cup angles refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CupPlane {
    /// The supine functional plane, as plan documents hold them.
    Functional,
    /// The anterior pelvic plane.
    AnteriorPelvic,
}

/// A change of where a component is. Lengths are millimetres, angles degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Adjustment {
    /// The cup along the axes of the pelvis.
    MoveCup {
        /// Towards the midline.
        medial_mm: f64,
        /// Towards the head.
        superior_mm: f64,
        /// To the front.
        anterior_mm: f64,
    },
    /// The cup's angles become larger by so much.
    TurnCup {
        /// By which definition.
        definition: CupDefinition,
        /// Against which plane.
        plane: CupPlane,
        /// Inclination.
        inclination_deg: f64,
        /// Anteversion.
        anteversion_deg: f64,
    },
    /// The cup's angles become these.
    SetCupAngles {
        /// By which definition.
        definition: CupDefinition,
        /// Against which plane.
        plane: CupPlane,
        /// Inclination.
        inclination_deg: f64,
        /// Anteversion.
        anteversion_deg: f64,
    },
    /// The stem along its own axes.
    MoveStem {
        /// Down the canal.
        deeper_mm: f64,
        /// In the direction of its neck.
        medial_mm: f64,
        /// To the front, across its neck.
        anterior_mm: f64,
    },
    /// The stem about its own axes, through its axis in the resection plane.
    TurnStem {
        /// Anteversion of the neck.
        version_deg: f64,
        /// Tip laterally.
        varus_deg: f64,
        /// Tip backwards.
        flexion_deg: f64,
    },
}

/// Why a component cannot be moved so.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AdjustError {
    /// A number that is none.
    #[error("the distance or angle to move a component by must be a number")]
    NotFinite,
    /// The anterior pelvic plane is not known of this patient.
    #[error(
        "the anterior pelvic plane was not measured in this patient: give cup angles in the functional plane"
    )]
    NoAnteriorPlane,
    /// The cup would face where its angles are not defined.
    #[error("inclination and anteversion are not defined for this direction of the cup")]
    NoAngles,
    /// The stem of the plan has no place.
    #[error(transparent)]
    NoPlace(#[from] PoseError),
}

impl HipAxes {
    /// Cup angles by a definition against a plane, inclination first; `None` where the plane is not known.
    pub fn cup_angles(
        &self,
        cup: &CupPlan,
        definition: CupDefinition,
        plane: CupPlane,
    ) -> Option<[Angle; 2]> {
        Some(match plane {
            CupPlane::Functional => angles_by(cup_angles(cup), definition),
            CupPlane::AnteriorPelvic => {
                let opening = self.direction_of(cup_angles(cup).axis());
                let axis = self.anterior_plane?.inverse().apply(opening);
                angles_by(Radiographic::from_axis(axis), definition)
            }
        })
    }

    /// A plan with a component moved.
    ///
    /// # Errors
    /// Any [`AdjustError`].
    pub fn adjusted(&self, plan: &Plan, by: &Adjustment) -> Result<Plan, AdjustError> {
        if !by.numbers().iter().all(|n| n.is_finite()) {
            return Err(AdjustError::NotFinite);
        }
        let mut plan = plan.clone();
        match *by {
            Adjustment::MoveCup { medial_mm, superior_mm, anterior_mm } => {
                let step =
                    self.lateral * -medial_mm + self.superior * superior_mm + self.anterior * anterior_mm;
                plan.cup.centre_mm = rounded(plan.cup.centre_mm + self.side.leave(step));
            }
            Adjustment::TurnCup { definition, plane, inclination_deg, anteversion_deg } => {
                let [inclination, anteversion] =
                    self.cup_angles(&plan.cup, definition, plane).ok_or(AdjustError::NoAnteriorPlane)?;
                let to = [inclination.degrees() + inclination_deg, anteversion.degrees() + anteversion_deg];
                self.set_cup(&mut plan.cup, definition, plane, to)?;
            }
            Adjustment::SetCupAngles { definition, plane, inclination_deg, anteversion_deg } => {
                self.set_cup(&mut plan.cup, definition, plane, [inclination_deg, anteversion_deg])?;
            }
            Adjustment::MoveStem { deeper_mm, medial_mm, anterior_mm } => {
                let frame = self.stem_in_right(&plan.stem)?;
                let step = frame.apply(Vector::<Stem>::new(medial_mm, -deeper_mm, anterior_mm));
                plan.stem.origin_mm = rounded(plan.stem.origin_mm + self.side.leave(step));
            }
            Adjustment::TurnStem { version_deg, varus_deg, flexion_deg } => {
                let version = plan.stem.version_deg.degrees() + version_deg;
                plan.stem.version_deg = Angle::from_degrees(to_step(version, ANGLE_STEPS));
                if varus_deg != 0.0 || flexion_deg != 0.0 {
                    let frame = self.stem_in_right(&plan.stem)?;
                    let about = |axis: Vector<Stem>, degrees: f64| {
                        Rotation3::from_axis_angle(
                            &Unit::new_normalize(frame.apply(axis).coords()),
                            degrees.to_radians(),
                        )
                    };
                    // A tip that goes laterally turns the axis about the anterior one the other way.
                    let turn = about(Vector::new(1.0, 0.0, 0.0), flexion_deg)
                        * about(Vector::new(0.0, 0.0, 1.0), -varus_deg);
                    let axis = self.side.enter(plan.stem.axis);
                    let turned = Vector::from_coords(turn * axis.coords());
                    let turned = turned.normalised().ok_or(PoseError::Degenerate("stem axis"))?;
                    plan.stem.axis = rounded_direction(self.side.leave(turned));
                }
            }
        }
        Ok(plan)
    }

    fn stem_in_right(&self, stem: &StemPlan) -> Result<Transform<Stem, RightSide>, PoseError> {
        self.stem_place(stem)?.frame(self)
    }

    fn set_cup(
        &self,
        cup: &mut CupPlan,
        definition: CupDefinition,
        plane: CupPlane,
        [inclination, anteversion]: [f64; 2],
    ) -> Result<(), AdjustError> {
        let angles = [inclination, anteversion].map(Angle::from_degrees);
        let [inclination, anteversion] = match plane {
            CupPlane::Functional => radiographic_of::<Gravity>(angles, definition),
            CupPlane::AnteriorPelvic => {
                let plane = self.anterior_plane.ok_or(AdjustError::NoAnteriorPlane)?;
                let [i, a] = radiographic_of::<AnteriorPelvicPlane>(angles, definition);
                let axis = plane.apply(Radiographic::<AnteriorPelvicPlane>::new(i, a).axis());
                let seen = |v: Vector<RightSide>| axis.dot(v);
                let axis = Vector::new(seen(self.anterior), seen(self.superior), seen(self.lateral));
                let angles = Radiographic::<Gravity>::from_axis(axis);
                [angles.inclination, angles.anteversion]
            }
        };
        if !(inclination.radians().is_finite() && anteversion.radians().is_finite()) {
            return Err(AdjustError::NoAngles);
        }
        let stepped = |angle: Angle| Angle::from_degrees(to_step(angle.degrees(), ANGLE_STEPS));
        (cup.inclination_deg, cup.anteversion_deg) = (stepped(inclination), stepped(anteversion));
        Ok(())
    }
}

/// Steps of an angle in a degree: ten thousand fine moves add up to less than anybody sees.
const ANGLE_STEPS: f64 = 1000.0;

fn angles_by<P: ReferencePlane>(radiographic: Radiographic<P>, definition: CupDefinition) -> [Angle; 2] {
    match definition {
        CupDefinition::Radiographic => [radiographic.inclination, radiographic.anteversion],
        CupDefinition::Operative => {
            let operative = Operative::from(radiographic);
            [operative.inclination, operative.anteversion]
        }
        CupDefinition::Anatomical => {
            let anatomical = Anatomical::from(radiographic);
            [anatomical.inclination, anatomical.anteversion]
        }
    }
}

fn radiographic_of<P: ReferencePlane>([i, a]: [Angle; 2], definition: CupDefinition) -> [Angle; 2] {
    let radiographic = match definition {
        CupDefinition::Radiographic => return [i, a],
        CupDefinition::Operative => Radiographic::from(Operative::<P>::new(i, a)),
        CupDefinition::Anatomical => Radiographic::from(Anatomical::<P>::new(i, a)),
    };
    [radiographic.inclination, radiographic.anteversion]
}

impl Adjustment {
    fn numbers(&self) -> [f64; 3] {
        match *self {
            Adjustment::MoveCup { medial_mm, superior_mm, anterior_mm } => {
                [medial_mm, superior_mm, anterior_mm]
            }
            Adjustment::TurnCup { inclination_deg, anteversion_deg, .. }
            | Adjustment::SetCupAngles { inclination_deg, anteversion_deg, .. } => {
                [inclination_deg, anteversion_deg, 0.0]
            }
            Adjustment::MoveStem { deeper_mm, medial_mm, anterior_mm } => [deeper_mm, medial_mm, anterior_mm],
            Adjustment::TurnStem { version_deg, varus_deg, flexion_deg } => {
                [version_deg, varus_deg, flexion_deg]
            }
        }
    }
}

#[cfg(test)]
mod tests;
