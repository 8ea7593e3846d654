//! Femora that few people have and that change a plan: turned back, with a short neck, with a narrow or a wide canal.

use super::error::VirtualPatientError;
use super::smooth::smoothstep;
use nalgebra::{Point3, Vector3};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// By how much a retroverted femur is turned back from what the person's would have, which leaves a version near zero, and an
/// anteverted one forwards.
const TURNED_BACK_DEG: f64 = 25.0;
const TURNED_FORWARDS_DEG: f64 = 20.0;
/// By how much a short neck is shorter.
const SHORTER_MM: f64 = 11.0;
/// Where the neck is drawn together: from this share of the head's radius on, over so many millimetres along its axis.
const NECK_FROM_RADII: f64 = 0.75;
const NECK_OVER_MM: f64 = 30.0;
/// What the cortex of the shaft has more or less of: a champagne flute narrows towards an isthmus of thick walls (Dorr type A), a
/// stovepipe has lost them (type C). Round numbers about the canal-to-calcar ratios of Dorr et al. 1993, Bone 14:231.
const FLUTE: f64 = 1.3;
const STOVEPIPE: f64 = 0.5;

/// What form both femora of a virtual patient have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FemurForm {
    /// That of the person's shape.
    #[default]
    Usual,
    /// Turned back about the shaft.
    Retroverted,
    /// Turned forwards about the shaft.
    Anteverted,
    /// With a short neck.
    ShortNeck,
    /// With a canal that narrows like a champagne flute (Dorr type A).
    ChampagneFlute,
    /// With a canal as wide as a stovepipe (Dorr type C).
    Stovepipe,
}

impl FemurForm {
    /// All of them.
    pub const ALL: [FemurForm; 6] = [
        FemurForm::Usual,
        FemurForm::Retroverted,
        FemurForm::Anteverted,
        FemurForm::ShortNeck,
        FemurForm::ChampagneFlute,
        FemurForm::Stovepipe,
    ];

    /// Name at the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            FemurForm::Usual => "usual",
            FemurForm::Retroverted => "retroverted",
            FemurForm::Anteverted => "anteverted",
            FemurForm::ShortNeck => "short_neck",
            FemurForm::ChampagneFlute => "champagne_flute",
            FemurForm::Stovepipe => "stovepipe",
        }
    }

    /// Whether it is the usual one.
    pub fn is_usual(&self) -> bool {
        *self == FemurForm::Usual
    }

    /// By how much the upper end of a right femur is turned about its axis, proximal, from the person's own version: backwards positive.
    pub(super) const fn turned_deg(self) -> f64 {
        match self {
            FemurForm::Retroverted => TURNED_BACK_DEG,
            FemurForm::Anteverted => -TURNED_FORWARDS_DEG,
            FemurForm::Usual | FemurForm::ShortNeck | FemurForm::ChampagneFlute | FemurForm::Stovepipe => 0.0,
        }
    }

    /// Draws the neck of a femur together; the head's centre is the origin, and the axis runs from between the trochanters to it.
    pub(super) fn shorten(self, vertices: &mut [Point3<f64>], head_radius: f64, axis: Vector3<f64>) {
        if self != FemurForm::ShortNeck {
            return;
        }
        for v in vertices {
            let down = -axis.dot(&v.coords) - NECK_FROM_RADII * head_radius;
            *v += axis * (SHORTER_MM * smoothstep(down / NECK_OVER_MM));
        }
    }

    /// Thickness of the cortex over the usual one, at a height over the head's centre.
    pub(super) fn cortex_ratio(self, height_mm: f64) -> f64 {
        let ratio = match self {
            FemurForm::ChampagneFlute => FLUTE,
            FemurForm::Stovepipe => STOVEPIPE,
            FemurForm::Usual | FemurForm::Retroverted | FemurForm::Anteverted | FemurForm::ShortNeck => 1.0,
        };
        // The end with head and trochanters keeps its shell.
        1.0 + (ratio - 1.0) * smoothstep((-60.0 - height_mm) / 60.0)
    }
}

impl fmt::Display for FemurForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FemurForm {
    type Err = VirtualPatientError;

    fn from_str(name: &str) -> Result<Self, VirtualPatientError> {
        FemurForm::ALL
            .into_iter()
            .find(|form| form.name() == name)
            .ok_or_else(|| VirtualPatientError::UnknownFemur { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::VirtualPatientOptions;
    use super::super::shape::Anatomy;
    use super::super::template::Template;
    use super::*;
    use coxa_anatomy::{Bone, LandmarkKind};
    use coxa_geometry::Side;
    use coxa_geometry::mesh::validate;

    fn draw(femur: FemurForm) -> Anatomy {
        let options = VirtualPatientOptions { seed: 3, femur, ..Default::default() };
        Anatomy::draw(&Template::shipped().unwrap(), &options).unwrap()
    }

    #[test]
    fn a_short_neck_brings_the_trochanters_nearer_and_keeps_the_bone_whole() {
        let reach = |anatomy: &Anatomy| {
            let truth = anatomy.side(Side::Right);
            let at = |kind| truth.landmarks_mm[&kind];
            let base = at(LandmarkKind::GreaterTrochanter).midpoint(at(LandmarkKind::LesserTrochanter));
            truth.head_centre_mm.distance(base)
        };
        let (usual, short) = (draw(FemurForm::Usual), draw(FemurForm::ShortNeck));
        let shorter = reach(&usual) - reach(&short);
        assert!((5.0..=SHORTER_MM + 0.5).contains(&shorter), "{shorter}");
        for posed in short.bones.iter().filter(|posed| posed.bone == Bone::FemurRight) {
            assert_eq!(validate::defects(&posed.mesh), []);
        }
    }

    #[test]
    fn a_flute_has_thicker_walls_than_a_stovepipe_and_only_in_the_shaft() {
        assert!(FemurForm::ChampagneFlute.cortex_ratio(-150.0) > 1.2);
        assert!(FemurForm::Stovepipe.cortex_ratio(-150.0) < 0.6);
        assert!(FemurForm::ALL.iter().all(|&form| form.cortex_ratio(-40.0) == 1.0));
        assert_eq!(FemurForm::Usual.cortex_ratio(-150.0), 1.0);
    }

    #[test]
    fn names_are_read_back_and_others_are_refused() {
        for form in FemurForm::ALL {
            assert_eq!(form.name().parse::<FemurForm>().unwrap(), form);
        }
        assert!("trumpet".parse::<FemurForm>().is_err());
    }
}
