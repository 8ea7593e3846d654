//! Strength of a patient's muscles by their lean volume in the scan.
//!
//! The volume of a label is shared among the muscles of the model that lie in it, by the volumes that these have by their own numbers
//! (strength times fibre length over the cosine of pennation). With V the share, l the optimal fibre length and a the pennation, the
//! physiological cross-section is V cos(a) / l, and the greatest isometric force that times the specific tension.

use super::results::StrengthSource;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::Side;
use coxa_muscle::model::{Model, Muscle};

/// Greatest force of a cross-section, N/cm² (Arnold et al. 2010, Ann Biomed Eng 38:269; others use 25 to 60), and the spread of that as
/// a share.
const TENSION_N_PER_CM2: f64 = 61.0;
/// Density of muscle, g/cm³.
const DENSITY: f64 = 1.056;
/// One standard deviation of a strength, as a share: of a generic muscle scaled to a body, and of one whose volume is known, for its
/// fibre length and specific tension stay generic. To be verified.
pub(crate) const GENERIC_SPREAD: f64 = 0.3;
pub(crate) const MEASURED_SPREAD: f64 = 0.2;

/// Labels by the beginnings of the names of the muscles that lie in them; the first that fits holds.
const STRUCTURES: &[(&str, &str)] = &[
    ("glut_max", "gluteus_maximus"),
    ("glut_med", "gluteus_medius"),
    ("glut_min", "gluteus_minimus"),
    ("gluteus_maximus", "gluteus_maximus"),
    ("gluteus_medius", "gluteus_medius"),
    ("gluteus_minimus", "gluteus_minimus"),
    ("tfl", "tensor_fasciae_latae"),
    ("tensor_fasciae_latae", "tensor_fasciae_latae"),
    ("iliacus", "iliacus"),
    ("psoas", "psoas_major"),
    ("pect", "pectineus"),
    ("obt_int", "obturator_internus"),
    ("obt_ext", "obturator_externus"),
    ("peri", "piriformis"),
    ("piri", "piriformis"),
    ("quad_fem", "quadratus_femoris"),
    ("quadratus_femoris", "quadratus_femoris"),
    ("rect_fem", "rectus_femoris"),
    ("rectus_femoris", "rectus_femoris"),
    ("sar", "sartorius"),
    ("grac", "gracilis"),
    ("add_long", "adductor_longus"),
    ("adductor_longus", "adductor_longus"),
    ("semimem", "semimembranosus"),
    ("semiten", "semitendinosus"),
    ("bifem", "biceps_femoris"),
    ("biceps_femoris", "biceps_femoris"),
    ("vas_med", "vastus_medialis"),
    ("vastus_medialis", "vastus_medialis"),
];

/// The label in which a muscle of the model lies, without side.
pub(crate) fn structure_of(muscle: &str) -> Option<&'static str> {
    STRUCTURES.iter().find(|(beginning, _)| muscle.starts_with(beginning)).map(|(_, structure)| *structure)
}

/// The muscles that hold the pelvis up in standing on one leg.
pub(crate) fn is_abductor(muscle: &str) -> bool {
    let structure = structure_of(muscle);
    structure.is_some_and(|s| matches!(s, "gluteus_medius" | "gluteus_minimus" | "tensor_fasciae_latae"))
}

/// Strength of one muscle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Strength {
    pub(crate) newtons: f64,
    /// One standard deviation, as a share.
    pub(crate) spread: f64,
    pub(crate) from: StrengthSource,
}

/// Strengths of a model's muscles, in its order: by the lean volume of each label that shows a whole muscle, else as the model has them.
pub(crate) fn strengths(model: &Model, anatomy: &HipAnatomy, side: Side) -> Vec<Strength> {
    let own_volume = |m: &Muscle| m.max_isometric_force * m.optimal_fibre_length / m.pennation.cos().max(0.1);
    let strength = |muscle: &Muscle| {
        let generic = Strength {
            newtons: muscle.max_isometric_force,
            spread: GENERIC_SPREAD,
            from: StrengthSource::Generic,
        };
        let Some(structure) = structure_of(&muscle.name) else { return generic };
        let whole = |m: &&coxa_anatomy::muscle::MuscleMeasure| {
            m.side == side && m.name == structure && !m.is_cut && m.lean_mass.value > 0.0
        };
        let Some(measured) = anatomy.muscles.iter().find(whole) else { return generic };
        let together: f64 = model
            .muscles
            .iter()
            .filter(|other| structure_of(&other.name) == Some(structure))
            .map(own_volume)
            .sum();
        let share_cm3 = measured.lean_mass.value / DENSITY * own_volume(muscle) / together;
        let section_cm2 = share_cm3 * muscle.pennation.cos() / (100.0 * muscle.optimal_fibre_length);
        let newtons = TENSION_N_PER_CM2 * section_cm2;
        if !(newtons.is_finite() && newtons > 0.0) {
            return generic;
        }
        let spread = MEASURED_SPREAD.hypot(measured.lean_mass.spread / measured.lean_mass.value);
        Strength { newtons, spread, from: StrengthSource::LeanVolume }
    };
    model.muscles.iter().map(strength).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_anatomy::muscle::MuscleMeasure;
    use coxa_geometry::{Measured, Unit};
    use coxa_muscle::leg;

    fn measured(lean_g: f64, is_cut: bool) -> HipAnatomy {
        let number = |value, unit| Measured { value, spread: 0.0, unit, method: String::new() };
        let muscle = MuscleMeasure {
            name: "gluteus_medius".into(),
            side: Side::Right,
            is_cut,
            volume: number(400.0, Unit::CubicCentimetre),
            mean: number(40.0, Unit::Hounsfield),
            fat_fraction: number(0.1, Unit::Ratio),
            lean_mass: number(lean_g, Unit::Gram),
            predicted_dice: None,
        };
        HipAnatomy { muscles: vec![muscle], ..HipAnatomy::default() }
    }

    #[test]
    fn parts_of_a_muscle_share_its_lean_volume_and_others_stay_generic() {
        let model = leg::generic();
        let found = strengths(model, &measured(316.8, false), Side::Right);
        let (mut volume, mut parts) = (0.0, 0);
        for (muscle, strength) in model.muscles.iter().zip(&found) {
            if muscle.name.starts_with("glut_med") {
                parts += 1;
                assert_eq!(strength.from, StrengthSource::LeanVolume);
                let section = strength.newtons / TENSION_N_PER_CM2;
                volume += section * 100.0 * muscle.optimal_fibre_length / muscle.pennation.cos();
            } else {
                assert_eq!(
                    (strength.newtons, strength.from),
                    (muscle.max_isometric_force, StrengthSource::Generic)
                );
            }
        }
        // 316.8 g of 1.056 g/cm3.
        assert!(parts == 3 && (volume - 300.0).abs() < 1e-9, "{volume}");
    }

    #[test]
    fn what_is_cut_or_of_the_other_side_says_nothing() {
        let model = leg::generic();
        for (anatomy, side) in [(measured(300.0, true), Side::Right), (measured(300.0, false), Side::Left)] {
            assert!(strengths(model, &anatomy, side).iter().all(|s| s.from == StrengthSource::Generic));
        }
    }

    #[test]
    fn every_muscle_of_the_leg_that_has_a_label_finds_it() {
        let abductors = leg::generic().muscles.iter().filter(|muscle| is_abductor(&muscle.name)).count();
        assert_eq!(abductors, 7);
        assert_eq!(structure_of("psoas_r"), Some("psoas_major"));
        assert_eq!(structure_of("soleus_r"), None);
    }
}
