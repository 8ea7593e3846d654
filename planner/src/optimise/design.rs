//! What the optimiser may choose: components of the catalogue, and seven numbers that place them.

use crate::placed::ComponentNames;
use crate::placement::rounding::to_step;
use coxa_geometry::Unit;
use serde::{Deserialize, Serialize};

/// A plan as the optimiser sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// What is implanted.
    pub components: ComponentNames,
    /// Where.
    pub placement: Placement,
}

/// Where the components are placed. Lengths are millimetres, angles degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// Shell centre medial of the centre of the native acetabulum, functional axes.
    pub cup_medial_mm: f64,
    /// The same, superior.
    pub cup_superior_mm: f64,
    /// The same, anterior.
    pub cup_anterior_mm: f64,
    /// Radiographic, supine functional plane.
    pub inclination_deg: f64,
    /// Radiographic, supine functional plane.
    pub anteversion_deg: f64,
    /// Of the neck about the stem axis, in the version reference of the plan.
    pub stem_version_deg: f64,
    /// How much higher the stem stands than at the usual resection.
    pub stem_height_mm: f64,
}

/// One of the numbers of a [`Placement`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variable {
    /// [`Placement::cup_medial_mm`].
    CupMedial,
    /// [`Placement::cup_superior_mm`].
    CupSuperior,
    /// [`Placement::cup_anterior_mm`].
    CupAnterior,
    /// [`Placement::inclination_deg`].
    Inclination,
    /// [`Placement::anteversion_deg`].
    Anteversion,
    /// [`Placement::stem_version_deg`].
    StemVersion,
    /// [`Placement::stem_height_mm`].
    StemHeight,
}

impl Variable {
    /// All, in the order of the fields.
    pub const ALL: [Variable; 7] = [
        Variable::CupMedial,
        Variable::CupSuperior,
        Variable::CupAnterior,
        Variable::Inclination,
        Variable::Anteversion,
        Variable::StemVersion,
        Variable::StemHeight,
    ];

    /// Its name in files: `cup_medial`.
    pub const fn name(self) -> &'static str {
        match self {
            Variable::CupMedial => "cup_medial",
            Variable::CupSuperior => "cup_superior",
            Variable::CupAnterior => "cup_anterior",
            Variable::Inclination => "inclination",
            Variable::Anteversion => "anteversion",
            Variable::StemVersion => "stem_version",
            Variable::StemHeight => "stem_height",
        }
    }

    /// What a person calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Variable::CupMedial => "cup centre, medially",
            Variable::CupSuperior => "cup centre, superiorly",
            Variable::CupAnterior => "cup centre, anteriorly",
            Variable::Inclination => "cup inclination",
            Variable::Anteversion => "cup anteversion",
            Variable::StemVersion => "stem version",
            Variable::StemHeight => "stem height",
        }
    }

    /// Degrees or millimetres.
    pub const fn unit(self) -> Unit {
        match self {
            Variable::Inclination | Variable::Anteversion | Variable::StemVersion => Unit::Degree,
            Variable::CupMedial | Variable::CupSuperior | Variable::CupAnterior | Variable::StemHeight => {
                Unit::Millimetre
            }
        }
    }

    /// What the search may choose: how far a cup may leave its socket, what no surgeon aims beyond, and what a resection
    /// allows. A stem's version counts from the native neck's here. Limits of this program.
    pub const fn bounds(self) -> (f64, f64) {
        match self {
            Variable::CupMedial => (-4.0, 6.0),
            Variable::CupSuperior => (-3.0, 5.0),
            Variable::CupAnterior => (-4.0, 4.0),
            Variable::Inclination => (25.0, 55.0),
            Variable::Anteversion => (-5.0, 40.0),
            Variable::StemVersion => (-15.0, 15.0),
            Variable::StemHeight => (-8.0, 8.0),
        }
    }
}

#[cfg(test)]
impl Placement {
    /// The cup at 40 and 15 degrees in its socket, for tests.
    pub(crate) const USUAL: Placement = Placement {
        cup_medial_mm: 0.0,
        cup_superior_mm: 0.0,
        cup_anterior_mm: 0.0,
        inclination_deg: 40.0,
        anteversion_deg: 15.0,
        stem_version_deg: 0.0,
        stem_height_mm: 0.0,
    };
}

impl Placement {
    /// One of the numbers.
    pub const fn get(&self, variable: Variable) -> f64 {
        match variable {
            Variable::CupMedial => self.cup_medial_mm,
            Variable::CupSuperior => self.cup_superior_mm,
            Variable::CupAnterior => self.cup_anterior_mm,
            Variable::Inclination => self.inclination_deg,
            Variable::Anteversion => self.anteversion_deg,
            Variable::StemVersion => self.stem_version_deg,
            Variable::StemHeight => self.stem_height_mm,
        }
    }

    /// The same with one number changed.
    #[must_use]
    pub const fn with(mut self, variable: Variable, value: f64) -> Self {
        let place = match variable {
            Variable::CupMedial => &mut self.cup_medial_mm,
            Variable::CupSuperior => &mut self.cup_superior_mm,
            Variable::CupAnterior => &mut self.cup_anterior_mm,
            Variable::Inclination => &mut self.inclination_deg,
            Variable::Anteversion => &mut self.anteversion_deg,
            Variable::StemVersion => &mut self.stem_version_deg,
            Variable::StemHeight => &mut self.stem_height_mm,
        };
        *place = value;
        self
    }

    /// To tenths of a millimetre or degree, less than anyone can carry out.
    #[must_use]
    pub fn rounded(self) -> Self {
        Variable::ALL.into_iter().fold(self, |p, variable| p.with(variable, to_step(p.get(variable), 10.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_a_number_of_its_own() {
        let zero = Placement {
            cup_medial_mm: 0.0,
            cup_superior_mm: 0.0,
            cup_anterior_mm: 0.0,
            inclination_deg: 0.0,
            anteversion_deg: 0.0,
            stem_version_deg: 0.0,
            stem_height_mm: 0.0,
        };
        let all = Variable::ALL.into_iter().enumerate().fold(zero, |p, (i, v)| p.with(v, 1.0 + i as f64));
        for (i, variable) in Variable::ALL.into_iter().enumerate() {
            assert_eq!(all.get(variable), 1.0 + i as f64);
            let (low, high) = variable.bounds();
            assert!(low < high);
        }
        assert_eq!(zero.with(Variable::Inclination, 40.26).rounded().inclination_deg, 40.3);
    }
}
