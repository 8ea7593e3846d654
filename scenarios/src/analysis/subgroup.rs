//! Subgroups of the patients, by what is known of each.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch};
use coxa_synthetic::{BmiClass, Sex};

/// Age from which people usually count as old.
const AGE_YEARS: f64 = 65.0;

/// What parts the patients into two subgroups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trait {
    /// Women and men.
    Sex,
    /// Below 65 years and from there on.
    Age,
    /// Below 30 kg/m² and from there on.
    Bmi,
}

impl Trait {
    /// All of them.
    pub const ALL: [Trait; 3] = [Trait::Sex, Trait::Age, Trait::Bmi];

    /// Names of the two subgroups.
    pub const fn names(self) -> [&'static str; 2] {
        match self {
            Trait::Sex => ["women", "men"],
            Trait::Age => ["age below 65", "age 65 and above"],
            Trait::Bmi => ["BMI below 30", "BMI 30 and above"],
        }
    }
}

/// For each trait the subgroup of a patient, 0 or 1; `None` where it is not known.
pub(super) type Membership = [Option<u8>; 3];

/// Subgroups of the patient in a row of results.
pub(super) fn membership(batch: &RecordBatch, row: usize) -> Membership {
    let column = |name: &str| batch.column_by_name(name).filter(|column| column.is_valid(row));
    let number = |name: &str| Some(column(name)?.as_primitive_opt::<Float64Type>()?.value(row));
    let sex = column("sex").and_then(|column| Some(column.as_string_opt::<i32>()?.value(row)));
    Trait::ALL.map(|parting| match parting {
        Trait::Sex => sex.map(|sex| u8::from(sex == Sex::Male.name())),
        Trait::Age => number("age_years").map(|age| u8::from(age >= AGE_YEARS)),
        Trait::Bmi => number("bmi_kg_m2").map(|bmi| u8::from(BmiClass::of(bmi) == BmiClass::Obese)),
    })
}
