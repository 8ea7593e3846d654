//! Who a virtual patient is: sex, age, height and weight that go with the bones, and how dense these are.

use super::choices::Disease;
use super::error::VirtualPatientError;
use super::options::VirtualPatientOptions;
use super::pose::normal;
use super::shape::Anatomy;
use super::template::Template;
use coxa_anatomy::Bone;
use coxa_geometry::Side;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Stream of the seed that persons are drawn from, so that they change no bone.
const STREAM: u64 = 2;

/// Where the diameters of women's and men's femoral heads are equally likely, and by how much the logarithm of the odds
/// changes with a millimetre: two normal distributions about 5.5 mm apart, with a spread of 2.5 mm each.
const SEXES_MEET_MM: f64 = 45.6;
const LOG_ODDS_PER_MM: f64 = 0.88;

/// Median of the body mass index of those who come to a hip clinic, and spread of its logarithm.
const BMI_MEDIAN: f64 = 27.0;
const BMI_LOG_SPREAD: f64 = 0.17;

/// Mean age of those who come to a hip clinic, which is also the age that the materials of [`super::bone`] are those of.
const MEAN_AGE_YEARS: f64 = 64.0;
/// Share of spongy bone that is lost in a year: women, men. Round numbers.
const YEARLY_LOSS: [f64; 2] = [0.009, 0.006];
/// Spread of density between people of one age.
const DENSITY_SPREAD: f64 = 0.12;

/// Sex, by which bones are sized and lose density.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// A woman.
    Female,
    /// A man.
    Male,
}

impl Sex {
    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Sex::Female => "female",
            Sex::Male => "male",
        }
    }
}

/// Class of the body mass index by the World Health Organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BmiClass {
    /// Below 18.5.
    Underweight,
    /// 18.5 to 25.
    Normal,
    /// 25 to 30.
    Overweight,
    /// 30 and above.
    Obese,
}

impl BmiClass {
    /// The class of an index in kg/m².
    pub fn of(bmi: f64) -> Self {
        match bmi {
            b if b < 18.5 => BmiClass::Underweight,
            b if b < 25.0 => BmiClass::Normal,
            b if b < 30.0 => BmiClass::Overweight,
            _ => BmiClass::Obese,
        }
    }

    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            BmiClass::Underweight => "underweight",
            BmiClass::Normal => "normal",
            BmiClass::Overweight => "overweight",
            BmiClass::Obese => "obese",
        }
    }
}

/// Who a virtual patient is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Sex, likely for the size of the femoral heads.
    pub sex: Sex,
    /// Age in years.
    pub age_years: f64,
    /// Standing height, by the length of the femora.
    pub height_cm: f64,
    /// Body weight.
    pub weight_kg: f64,
    /// Weight over the square of height.
    pub bmi_kg_per_m2: f64,
    /// Its class.
    pub bmi_class: BmiClass,
    /// Density of spongy bone over that of the average patient.
    pub spongy_density_ratio: f64,
    /// Thickness of the cortex over that of the average patient.
    pub cortex_thickness_ratio: f64,
}

impl Person {
    /// The person that a patient of these options is, without the rest of the patient.
    ///
    /// # Errors
    /// An option outside its range; bones that do not fit together.
    pub fn of(template: &Template, options: &VirtualPatientOptions) -> Result<Person, VirtualPatientError> {
        options.check()?;
        Ok(Person::draw(options, &Anatomy::draw(template, options)?))
    }

    /// A person whose bones are these.
    pub(super) fn draw(options: &VirtualPatientOptions, anatomy: &Anatomy) -> Person {
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        rng.set_stream(STREAM);
        let diameter: f64 = Side::BOTH.map(|side| anatomy.side(side).head_radius_mm).iter().sum();
        let male = 1.0 / (1.0 + (-LOG_ODDS_PER_MM * (diameter - SEXES_MEET_MM)).exp());
        let sex = if rng.random::<f64>() < male { Sex::Male } else { Sex::Female };
        let femur_cm = anatomy
            .bones
            .iter()
            .filter(|posed| posed.bone == Bone::FemurRight || posed.bone == Bone::FemurLeft)
            .filter_map(|posed| posed.mesh.bounds())
            .map(|(low, high)| (high.z() - low.z()) / 20.0)
            .sum::<f64>();
        // Trotter and Gleser 1952 (Am J Phys Anthropol 10:463), from the length of the femur; whites, with their error.
        let (slope, constant, error) = match sex {
            Sex::Male => (2.38, 61.41, 3.27),
            Sex::Female => (2.47, 54.10, 3.72),
        };
        let height_cm = slope * femur_cm + constant + error * normal(&mut rng);
        let age_years = MEAN_AGE_YEARS + 11.0 * normal(&mut rng);
        // Drawn whether or not it is given, so that an index that is given changes no density.
        let usual = BMI_MEDIAN * (BMI_LOG_SPREAD * normal(&mut rng)).exp();
        let bmi = options.bmi_kg_per_m2.unwrap_or(usual);
        let lost = YEARLY_LOSS[usize::from(sex == Sex::Male)] * (age_years - MEAN_AGE_YEARS);
        let mut density = (1.0 - lost) * (1.0 + DENSITY_SPREAD * normal(&mut rng));
        let mut cortex = 1.0 - 0.3 * lost;
        if options.disease == Disease::Osteoporosis {
            density *= 0.6;
            cortex *= 0.72;
        }
        Person {
            sex,
            age_years,
            height_cm,
            weight_kg: bmi * (height_cm / 100.0).powi(2),
            bmi_kg_per_m2: bmi,
            bmi_class: BmiClass::of(bmi),
            spongy_density_ratio: density,
            cortex_thickness_ratio: cortex,
        }
    }
}
