//! Body composition: how much muscle and fat a virtual patient has, of what CT number, and what disease has wasted.
//!
//! Muscles have the form of one of the atlas's people or one between them at the size of the patient's bones, times the ratios drawn here (`bulk` resizes
//! them); fat within them is drawn by `marbling`. Where no source is named, figures are round numbers of the size that the literature reports, and remain
//! to be verified.

use super::disease::HipDisease;
use super::person::{Person, Sex};
use super::pose::normal;
use coxa_anatomy::muscle::MUSCLES;
use coxa_geometry::Side;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Stream of the seed that it is drawn from, so that it changes neither bones nor person.
const STREAM: u64 = 3;

/// Volume of muscle over the atlas's at the same bones, for women and men of [`MEAN_AGE_YEARS`] and [`MEAN_BMI`].
const VOLUME_BY_SEX: [f64; 2] = [0.94, 1.06];
const MEAN_AGE_YEARS: f64 = 64.0;
const MEAN_BMI: f64 = 27.0;
/// Share of muscle that is lost in a year, and carried for a unit of body mass index.
const LOST_EACH_YEAR: f64 = 0.006;
const MORE_EACH_BMI: f64 = 0.008;
/// Spread of the logarithm of volume: common to all muscles of a person, of one muscle on both sides, of one side of it.
const VOLUME_SPREADS: [f64; 3] = [0.10, 0.07, 0.03];
/// Limits of the volume ratio.
const VOLUME_LIMITS: [f64; 2] = [0.5, 1.4];

/// Fat within muscle of the lean, and how much there is more for a unit of body mass index above theirs: CT numbers of 49 HU in the
/// lean and 39 HU in the obese (Goodpaster 2000, J Appl Physiol 89:104), between lean muscle of 58 and fat of -105 HU.
const FAT_OF_LEAN: f64 = 0.055;
const BMI_OF_LEAN: f64 = 23.0;
const FAT_EACH_BMI: f64 = 0.0055;
/// And for each year of age beyond 50.
const FAT_EACH_YEAR: f64 = 0.0015;
/// Spread of the logarithm of the fat fraction: of persons, of a muscle, of a side.
const FAT_SPREADS: [f64; 3] = [0.35, 0.2, 0.1];
const FAT_LIMITS: [f64; 2] = [0.01, 0.6];

/// Share of the muscles that no fat parts from their neighbours, as CT shows of the small glutei and the deep rotators in many people; and the
/// spread of the logarithm of that fat's thickness between the others. Assumptions.
const BARE_SHARE: f64 = 0.2;
const BORDER_SPREAD: f64 = 0.35;

/// How much more fat, as a share of their volume, these muscles have than others.
const FATTY: [(&str, f64); 5] = [
    ("gluteus_minimus", 0.03),
    ("gluteus_maximus", 0.03),
    ("tensor_fasciae_latae", 0.02),
    ("semimembranosus", 0.02),
    ("biceps_femoris", 0.02),
];

/// What the worst grade of disease takes of a muscle's volume and adds to its fat. In 44 people with one diseased hip that awaited
/// surgery, six groups of muscles of hip and thigh were smaller than on the other side by 16.3 % on average and of 7.9 HU less (2023,
/// Int J CARS, doi:10.1007/s11548-022-02797-8), which a test below holds. That gluteus minimus suffers
/// most is of Kivle 2021 (Bone Jt Open 2:40) and that gluteus maximus follows the grade of Zacharias 2016 (Osteoarthritis Cartilage 24:1727);
/// how the average is shared out among the others is to be verified.
const WASTING: [(&str, f64, f64); 9] = [
    ("gluteus_maximus", 0.18, 0.08),
    ("gluteus_medius", 0.16, 0.07),
    ("gluteus_minimus", 0.22, 0.14),
    ("tensor_fasciae_latae", 0.08, 0.04),
    ("iliacus", 0.18, 0.04),
    ("psoas_major", 0.18, 0.04),
    ("rectus_femoris", 0.15, 0.04),
    ("vastus_lateralis_and_intermedius", 0.15, 0.05),
    ("vastus_medialis", 0.16, 0.05),
];
/// The same of every other muscle of the side.
const WASTING_ELSEWHERE: (f64, f64) = (0.13, 0.03);
/// Part of the worst that each grade has: Kellgren and Lawrence 0 to 4, Crowe 0 to 3.
const BY_KELLGREN_LAWRENCE: [f64; 5] = [0.0, 0.05, 0.3, 0.65, 1.0];
const BY_CROWE: [f64; 4] = [0.0, 0.4, 0.8, 1.0];

/// How much muscle and fat a virtual patient has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Composition {
    /// Mean CT number of muscle without fat.
    pub lean_muscle_hu: f64,
    /// Mean CT number of fat.
    pub fat_hu: f64,
    /// Thickness of the fat under the skin, over that of the average person of the same body mass index.
    pub subcutaneous_fat_ratio: f64,
    /// Thickness of the fat between two muscles.
    pub intermuscular_fat_mm: f64,
    /// Whose form the muscles have: between the atlas's first person (-1), a usual one (0) and its second (1).
    #[serde(default)]
    pub muscle_member: f64,
    /// What is common to all muscles: their volume over that of the average person at the same bones.
    pub muscle_volume_ratio: f64,
    /// Muscles of the right side, by their names without side.
    pub right: BTreeMap<String, MuscleCondition>,
    /// Muscles of the left side.
    pub left: BTreeMap<String, MuscleCondition>,
}

/// What was drawn for one muscle. What it measures in the scan, where neighbours and bones take their part, is in
/// [`super::MuscleTruth`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MuscleCondition {
    /// Volume over the geometric mean of the volumes of this person's form and of the average one's at the same bones.
    pub volume_ratio: f64,
    /// Share of fat within the muscle.
    pub fat_fraction: f64,
    /// Thickness of the fat at its border over that of all muscles; 0 where it touches its neighbours.
    #[serde(default = "one")]
    pub border_fat_ratio: f64,
}

/// Of a truth that was written before this was drawn.
fn one() -> f64 {
    1.0
}

impl Default for MuscleCondition {
    fn default() -> Self {
        MuscleCondition { volume_ratio: 1.0, fat_fraction: FAT_OF_LEAN, border_fat_ratio: 1.0 }
    }
}

impl Composition {
    /// Of a person with these hips, right and left.
    pub(super) fn draw(seed: u64, person: &Person, hips: [&HipDisease; 2]) -> Composition {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(STREAM);
        let mut normal = || normal(&mut rng);
        let by_sex = VOLUME_BY_SEX[usize::from(person.sex == Sex::Male)];
        let years = person.age_years - MEAN_AGE_YEARS;
        let typical =
            by_sex - LOST_EACH_YEAR * years + MORE_EACH_BMI * (person.bmi_kg_per_m2 - MEAN_BMI).min(12.0);
        let muscle_volume_ratio = typical * (VOLUME_SPREADS[0] * normal()).exp();
        let fat = (FAT_OF_LEAN
            + FAT_EACH_BMI * (person.bmi_kg_per_m2 - BMI_OF_LEAN)
            + FAT_EACH_YEAR * (person.age_years - 50.0))
            .max(0.03)
            * (FAT_SPREADS[0] * normal()).exp();
        // Women carry more of their fat under the skin.
        let under_skin = if person.sex == Sex::Female { 1.1 } else { 0.9 };
        let mut composition = Composition {
            lean_muscle_hu: 59.0 + 3.5 * normal(),
            fat_hu: -104.0 + 4.0 * normal(),
            subcutaneous_fat_ratio: under_skin * (0.15 * normal()).exp(),
            intermuscular_fat_mm: 1.4
                * (person.bmi_kg_per_m2 / MEAN_BMI).clamp(0.7, 1.5)
                * (0.25 * normal()).exp(),
            muscle_member: 0.0,
            muscle_volume_ratio,
            right: BTreeMap::new(),
            left: BTreeMap::new(),
        };
        let worse = hips.map(|hip| disuse(hip) * (1.0 + 0.25 * normal()));
        for name in MUSCLES {
            let volume = muscle_volume_ratio * (VOLUME_SPREADS[1] * normal()).exp();
            let more = FATTY.iter().find(|(fatty, _)| *fatty == name).map_or(0.0, |(_, more)| *more);
            let fat = (fat + more) * (FAT_SPREADS[1] * normal()).exp();
            let (lost, gained) = WASTING
                .iter()
                .find(|(wasted, ..)| *wasted == name)
                .map_or(WASTING_ELSEWHERE, |&(_, lost, gained)| (lost, gained));
            for (side, worse) in Side::BOTH.into_iter().zip(worse) {
                let volume = volume * (VOLUME_SPREADS[2] * normal()).exp() * (1.0 - lost * worse);
                let fat = fat * (FAT_SPREADS[2] * normal()).exp() + gained * worse;
                let condition = MuscleCondition {
                    volume_ratio: volume.clamp(VOLUME_LIMITS[0], VOLUME_LIMITS[1]),
                    fat_fraction: fat.clamp(FAT_LIMITS[0], FAT_LIMITS[1]),
                    border_fat_ratio: 1.0,
                };
                composition.side_mut(side).insert(name.to_owned(), condition);
            }
        }
        // Drawn last, so that it changes nothing else.
        composition.muscle_member = rng.random_range(-1.0..=1.0);
        for name in MUSCLES {
            let ratio = if rng.random_bool(BARE_SHARE) {
                0.0
            } else {
                (BORDER_SPREAD * super::pose::normal(&mut rng)).exp()
            };
            for side in Side::BOTH {
                if let Some(condition) = composition.side_mut(side).get_mut(name) {
                    condition.border_fat_ratio = ratio;
                }
            }
        }
        composition
    }

    /// Muscles of one side by their names.
    pub fn side(&self, side: Side) -> &BTreeMap<String, MuscleCondition> {
        match side {
            Side::Right => &self.right,
            Side::Left => &self.left,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut BTreeMap<String, MuscleCondition> {
        match side {
            Side::Right => &mut self.right,
            Side::Left => &mut self.left,
        }
    }

    /// One muscle; the average where it is not known by this name.
    pub(super) fn muscle(&self, name: &str, side: Side) -> MuscleCondition {
        self.side(side).get(name).copied().unwrap_or_default()
    }
}

/// Part of the worst wasting that a hip's disease brings.
fn disuse(hip: &HipDisease) -> f64 {
    let by =
        |table: &[f64], grade: u8| table.get(usize::from(grade)).or(table.last()).copied().unwrap_or(0.0);
    by(&BY_KELLGREN_LAWRENCE, hip.kellgren_lawrence).max(by(&BY_CROWE, hip.crowe))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BmiClass;

    fn person(age_years: f64, bmi_kg_per_m2: f64, sex: Sex) -> Person {
        Person {
            sex,
            age_years,
            height_cm: 170.0,
            weight_kg: bmi_kg_per_m2 * 2.89,
            bmi_kg_per_m2,
            bmi_class: BmiClass::of(bmi_kg_per_m2),
            spongy_density_ratio: 1.0,
            cortex_thickness_ratio: 1.0,
        }
    }

    /// Mean of something over many seeds.
    fn mean(of: impl Fn(u64) -> f64) -> f64 {
        (0..60).map(of).sum::<f64>() / 60.0
    }

    #[test]
    fn disease_wastes_its_own_side_more_with_every_grade() {
        let someone = person(64.0, 27.0, Sex::Female);
        let difference = |grade: u8, name: &str| {
            mean(|seed| {
                let sick = HipDisease { kellgren_lawrence: grade, ..HipDisease::default() };
                let drawn = Composition::draw(seed, &someone, [&sick, &HipDisease::default()]);
                let [right, left] = Side::BOTH.map(|side| drawn.muscle(name, side));
                right.volume_ratio / left.volume_ratio - 1.0 + left.fat_fraction - right.fat_fraction
            })
        };
        for name in ["gluteus_minimus", "vastus_medialis", "psoas_major"] {
            let by_grade: Vec<f64> = (1..=4).map(|grade| difference(grade, name)).collect();
            assert!(by_grade.is_sorted_by(|a, b| a > b) && by_grade[3] < -0.12, "{name}: {by_grade:?}");
        }
        assert!(difference(0, "gluteus_medius").abs() < 0.02);
    }

    #[test]
    fn the_worst_grade_wastes_as_much_as_measured() {
        let someone = person(64.0, 24.0, Sex::Female);
        let sick = HipDisease { kellgren_lawrence: 4, ..HipDisease::default() };
        let groups = [
            "gluteus_maximus",
            "gluteus_medius",
            "psoas_major",
            "vastus_lateralis_and_intermedius",
            "biceps_femoris",
            "adductors",
        ];
        let over_groups = |of: &dyn Fn(&Composition, MuscleCondition, MuscleCondition) -> f64| {
            mean(|seed| {
                let drawn = Composition::draw(seed, &someone, [&sick, &HipDisease::default()]);
                let sides = |name: &str| Side::BOTH.map(|side| drawn.muscle(name, side));
                groups
                    .iter()
                    .map(|name| sides(name))
                    .map(|[right, left]| of(&drawn, right, left))
                    .sum::<f64>()
                    / groups.len() as f64
            })
        };
        let lost = over_groups(&|_, right, left| 1.0 - right.volume_ratio / left.volume_ratio);
        let fallen_hu = over_groups(&|drawn, right, left| {
            (right.fat_fraction - left.fat_fraction) * (drawn.lean_muscle_hu - drawn.fat_hu)
        });
        assert!((lost - 0.163).abs() < 0.02 && (fallen_hu - 7.9).abs() < 1.5, "{lost} {fallen_hu}");
    }

    #[test]
    fn fat_of_muscle_goes_with_body_mass_as_measured() {
        // Goodpaster 2000: 49.2 HU at mid-thigh in the lean, 39.3 in the obese.
        let hu = |bmi: f64| {
            let someone = person(50.0, bmi, Sex::Male);
            let healthy = HipDisease::default();
            mean(|seed| {
                let drawn = Composition::draw(seed, &someone, [&healthy, &healthy]);
                let fat = drawn.muscle("adductors", Side::Right).fat_fraction;
                drawn.lean_muscle_hu + (drawn.fat_hu - drawn.lean_muscle_hu) * fat
            })
        };
        assert!((hu(23.0) - 49.2).abs() < 2.8 && (hu(34.0) - 39.3).abs() < 4.0, "{} {}", hu(23.0), hu(34.0));
    }

    #[test]
    fn what_is_drawn_stays_within_its_limits() {
        let sick = HipDisease { kellgren_lawrence: 4, crowe: 3, ..HipDisease::default() };
        for seed in 0..40 {
            for (age, bmi) in [(18.0, 16.0), (99.0, 45.0)] {
                let drawn = Composition::draw(seed, &person(age, bmi, Sex::Female), [&sick, &sick]);
                for condition in drawn.right.values().chain(drawn.left.values()) {
                    assert!((0.5..=1.4).contains(&condition.volume_ratio), "{condition:?}");
                    assert!((0.01..=0.6).contains(&condition.fat_fraction), "{condition:?}");
                }
                assert!((45.0..70.0).contains(&drawn.lean_muscle_hu));
                assert!((-1.0..=1.0).contains(&drawn.muscle_member));
            }
        }
    }
}
