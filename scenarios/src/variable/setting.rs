//! What the levels of one job say, sorted by the stage that it concerns.

use super::table::{
    CUP_ANTEVERSION, CUP_INCLINATION, Domain, HEAD_DIAMETER, PELVIC_TILT, PLANNING, Planning,
    STEM_VERSION_CHANGE, Variable,
};
use coxa_activity::posture::{Posture, SpinalMobility};
use coxa_geometry::Angle;
use coxa_planner::optimise::error_model::ErrorModel;
use coxa_planner::placement::PlanOptions;
use coxa_synthetic::FemurForm;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A level of a variable.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number in the variable's unit.
    Number(f64),
    /// A word or the name of a part.
    Word(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => number.fmt(f),
            Value::Word(word) => f.write_str(word),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ReadValue)
    }
}

struct ReadValue;

impl Visitor<'_> for ReadValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text in quotes")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, word: &str) -> Result<Value, E> {
        Ok(Value::Word(word.to_owned()))
    }
}

/// What is set of a virtual patient.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patient {
    /// Body mass index, kg/m².
    pub bmi: Option<f64>,
    /// Healthy joint space, mm.
    pub joint_space_mm: Option<f64>,
    /// Form of the femora.
    pub femur: Option<FemurForm>,
}

/// What is set of the plan after placement by rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Placement {
    /// Another cup family.
    pub cup_family: Option<String>,
    /// Shell larger by, mm.
    pub cup_size_change_mm: f64,
    /// Kind of liner.
    pub liner: Option<String>,
    /// Diameter of the head, mm.
    pub head_diameter_mm: Option<f64>,
    /// Offset of the head, mm.
    pub head_offset_mm: Option<f64>,
    /// Offset of the stem.
    pub stem_offset: Option<String>,
    /// Stem larger by so many sizes.
    pub stem_size_change: i32,
    /// Inclination and anteversion of the cup, degrees.
    pub cup_angles_deg: [Option<f64>; 2],
    /// The same, more than by rule.
    pub cup_angle_changes_deg: [f64; 2],
    /// Cup moved medially, superiorly, anteriorly, mm.
    pub cup_shift_mm: [f64; 3],
    /// Stem turned: version, varus, flexion, degrees.
    pub stem_turn_deg: [f64; 3],
    /// Stem deeper, mm.
    pub stem_depth_mm: f64,
    /// With what error the plan is carried out.
    pub error: Option<ErrorModel>,
    /// Number of the draw from it.
    pub draw: usize,
}

/// What all levels of one job say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Of a virtual patient.
    pub patient: Patient,
    /// What placement by rule aims at.
    pub options: PlanOptions,
    /// Who makes the plan.
    pub planning: Planning,
    /// Of the plan after it.
    pub plan: Placement,
    /// Posture in which motions are followed.
    pub posture: Posture,
    /// Tilt of the pelvis in that posture, degrees.
    pub pelvic_tilt_deg: Option<f64>,
    /// How far the spine lets the pelvis roll back.
    pub spine: Option<SpinalMobility>,
    /// Mass of the body, kg.
    pub body_mass_kg: Option<f64>,
    /// Strength of muscles over the patient's own.
    pub strengths: BTreeMap<&'static str, f64>,
}

/// A value that a variable does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} cannot be {value}: it takes {takes}")]
pub struct WrongValue {
    variable: String,
    value: String,
    takes: String,
}

impl Domain {
    /// In words.
    pub fn in_words(self, unit: &str) -> String {
        match self {
            Domain::Number(low, high) => format!("{low} to {high} {unit}").trim_end().to_owned(),
            Domain::Whole(low, high) => format!("whole numbers from {low} to {high}"),
            Domain::Word(words) => words.join(", "),
            Domain::Part(_) => "the name of a part in the catalogue".to_owned(),
        }
    }
}

impl Variable {
    /// Whether a value may be that of the variable. Whether there is a part of that name, the catalogue says.
    ///
    /// # Errors
    /// A number outside the range, a word that is none of the variable's.
    pub fn check(self, value: &Value) -> Result<(), WrongValue> {
        let is_right = match (self.domain(), value) {
            (Domain::Number(low, high), Value::Number(number)) => (low..=high).contains(number),
            (Domain::Whole(low, high), Value::Number(number)) => {
                (low..=high).contains(number) && number.fract() == 0.0
            }
            (Domain::Word(words), Value::Word(word)) => words.contains(&word.as_str()),
            (Domain::Part(_), Value::Word(word)) => !word.is_empty(),
            _ => false,
        };
        if is_right {
            return Ok(());
        }
        let value = match value {
            Value::Number(number) => number.to_string(),
            Value::Word(word) => format!("{word:?}"),
        };
        Err(WrongValue { variable: self.name(), value, takes: self.domain().in_words(self.unit()) })
    }
}

impl Settings {
    /// Whether two jobs of one hip have the same plan before their levels change it. The optimiser plans for the error that the plan is carried
    /// out with.
    pub fn is_planned_alike(&self, other: &Settings) -> bool {
        let is_same_error = self.planning == Planning::Rule || self.plan.error == other.plan.error;
        self.options == other.options && self.planning == other.planning && is_same_error
    }

    /// Sets a variable.
    ///
    /// # Errors
    /// As [`Variable::check`].
    pub fn set(&mut self, variable: Variable, value: &Value) -> Result<(), WrongValue> {
        variable.check(value)?;
        if let (Variable::Strength(_), Value::Number(ratio)) = (variable, value) {
            // Wasted twice is wasted by both.
            for muscle in variable.muscles() {
                *self.strengths.entry(muscle).or_insert(1.0) *= ratio;
            }
            return Ok(());
        }
        match value {
            Value::Number(number) => self.set_number(&variable.name(), *number),
            Value::Word(word) => self.set_word(&variable.name(), word),
        }
        Ok(())
    }

    fn set_number(&mut self, name: &str, number: f64) {
        let plan = &mut self.plan;
        let targets = &mut self.options.targets;
        match name {
            "bmi" => self.patient.bmi = Some(number),
            "joint_space" => self.patient.joint_space_mm = Some(number),
            "target_inclination" => targets.inclination_deg = Angle::from_degrees(number),
            "target_combined_anteversion" => targets.combined_anteversion_deg = Angle::from_degrees(number),
            "target_leg_length_change" => targets.leg_length_change_mm = Some(number),
            "target_offset_change" => targets.offset_change_mm = Some(number),
            "cup_size_change" => plan.cup_size_change_mm = number,
            HEAD_DIAMETER => plan.head_diameter_mm = Some(number),
            "head_offset" => plan.head_offset_mm = Some(number),
            "stem_size_change" => plan.stem_size_change = number.round() as i32,
            CUP_INCLINATION => plan.cup_angles_deg[0] = Some(number),
            CUP_ANTEVERSION => plan.cup_angles_deg[1] = Some(number),
            "cup_inclination_change" => plan.cup_angle_changes_deg[0] = number,
            "cup_anteversion_change" => plan.cup_angle_changes_deg[1] = number,
            "cup_medial" => plan.cup_shift_mm[0] = number,
            "cup_superior" => plan.cup_shift_mm[1] = number,
            "cup_anterior" => plan.cup_shift_mm[2] = number,
            STEM_VERSION_CHANGE => plan.stem_turn_deg[0] = number,
            "stem_varus_change" => plan.stem_turn_deg[1] = number,
            "stem_flexion_change" => plan.stem_turn_deg[2] = number,
            "stem_depth_change" => plan.stem_depth_mm = number,
            "draw" => plan.draw = number.round() as usize,
            PELVIC_TILT => self.pelvic_tilt_deg = Some(number),
            "body_mass" => self.body_mass_kg = Some(number),
            _ => {}
        }
    }

    fn set_word(&mut self, name: &str, word: &str) {
        let own = || Some(word.to_owned());
        match name {
            "femur_form" => self.patient.femur = word.parse().ok(),
            "rule_cup_family" => self.options.cup_family = own(),
            "rule_stem_family" => self.options.stem_family = own(),
            "cup_family" => self.plan.cup_family = own(),
            "liner" => self.plan.liner = own(),
            "stem_offset" => self.plan.stem_offset = own(),
            "error_model" => self.plan.error = ErrorModel::preset(word).ok(),
            PLANNING if word == Planning::Optimiser.name() => self.planning = Planning::Optimiser,
            PLANNING => self.planning = Planning::Rule,
            "posture" => self.posture = posture(word),
            "spine" => self.spine = SpinalMobility::ALL.into_iter().find(|spine| spine.name() == word),
            _ => {}
        }
    }
}

fn posture(name: &str) -> Posture {
    match name {
        "standing" => Posture::Standing,
        "sitting" => Posture::Sitting,
        "flexed_seated" => Posture::FlexedSeated,
        _ => Posture::Supine,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value that a variable takes and that is not what it is without.
    fn some(variable: Variable) -> Value {
        match variable.domain() {
            Domain::Number(low, high) | Domain::Whole(low, high) => {
                Value::Number((low + 0.7 * (high - low)).floor().max(low))
            }
            Domain::Word(words) => Value::Word(words[words.len() - 1].into()),
            Domain::Part(_) => Value::Word("some".into()),
        }
    }

    #[test]
    fn every_variable_changes_something_and_is_found_by_its_name() {
        for variable in Variable::all() {
            assert_eq!(Variable::named(&variable.name()).unwrap(), variable);
            let mut settings = Settings::default();
            settings.set(variable, &some(variable)).unwrap();
            assert_ne!(settings, Settings::default(), "{} does nothing", variable.name());
        }
    }

    #[test]
    fn values_out_of_range_and_of_the_wrong_kind_are_refused_with_what_is_taken() {
        let of = |name: &str, value: Value| {
            Settings::default().set(Variable::named(name).unwrap(), &value).unwrap_err().to_string()
        };
        let message = of("cup_inclination", Value::Number(95.0));
        assert_eq!(message, "cup_inclination cannot be 95: it takes 0 to 90 deg");
        assert!(of("error_model", Value::Word("shaky".into())).contains("freehand"));
        assert!(of("body_mass", Value::Word("much".into())).contains("25 to 300 kg"));
        assert!(of("cup_inclination", Value::Number(f64::NAN)).contains("NaN"));
        let unknown = Variable::named("cup_inclinaton").unwrap_err().to_string();
        assert!(unknown.contains("cup_inclination"), "{unknown}");
    }

    #[test]
    fn groups_of_muscles_and_single_ones_multiply() {
        let mut settings = Settings::default();
        for (name, ratio) in [("strength.abductors", 0.5), ("strength.gluteus_medius", 0.8)] {
            settings.set(Variable::named(name).unwrap(), &Value::Number(ratio)).unwrap();
        }
        assert_eq!(settings.strengths["gluteus_medius"], 0.4);
        assert_eq!(settings.strengths["gluteus_minimus"], 0.5);
        assert!(!settings.strengths.contains_key("psoas_major"));
    }
}
