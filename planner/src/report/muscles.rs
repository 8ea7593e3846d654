//! The muscles of both sides, side by side.

use super::numbers::{signed, spread, value};
use super::words::titled;
use coxa_anatomy::muscle::MuscleMeasure;
use coxa_geometry::{Measured, Side, Unit};
use coxa_locale::Language;
use serde::Serialize;

/// A muscle of both sides.
#[derive(Debug, Serialize)]
pub(super) struct MuscleRow {
    name: String,
    right: Option<OneSide>,
    left: Option<OneSide>,
    /// Lean mass of the right less that of the left over their mean, where both are whole.
    difference: String,
}

/// What is shown of one side.
#[derive(Debug, Serialize)]
pub(super) struct OneSide {
    volume: (String, String),
    fat: (String, String),
    lean: (String, String),
    mean: String,
    /// Dice that the label is expected to have.
    dice: String,
    /// `whole` or `cut`.
    state: &'static str,
}

impl OneSide {
    fn new(muscle: &MuscleMeasure, language: Language) -> Self {
        let cell = |m: &Measured| (value(language, m), spread(language, m));
        OneSide {
            volume: cell(&muscle.volume),
            fat: cell(&muscle.fat_fraction),
            lean: cell(&muscle.lean_mass),
            mean: value(language, &muscle.mean),
            dice: muscle.predicted_dice.map(|dice| language.number(dice, Some(2))).unwrap_or_default(),
            state: if muscle.is_cut { "cut" } else { "whole" },
        }
    }
}

/// One row for each muscle, in the order in which they were measured.
pub(super) fn rows(muscles: &[MuscleMeasure], language: Language) -> Vec<MuscleRow> {
    let mut names: Vec<&str> = muscles.iter().map(|muscle| muscle.name.as_str()).collect();
    names.dedup();
    let of = |name: &str, side| muscles.iter().find(|muscle| muscle.name == name && muscle.side == side);
    let rows = names.into_iter().map(|name| {
        let (right, left) = (of(name, Side::Right), of(name, Side::Left));
        let both = right.zip(left).filter(|(right, left)| !right.is_cut && !left.is_cut);
        let difference = both.map(|(right, left)| {
            let (right, left) = (right.lean_mass.value, left.lean_mass.value);
            signed(language, 200.0 * (right - left) / (right + left), Unit::Percent)
        });
        MuscleRow {
            name: titled(language, name),
            right: right.map(|right| OneSide::new(right, language)),
            left: left.map(|left| OneSide::new(left, language)),
            difference: difference.unwrap_or_default(),
        }
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    fn muscle(name: &str, side: Side, lean_g: f64, is_cut: bool) -> MuscleMeasure {
        let of = |value, unit| Measured { value, spread: 1.0, unit, method: String::new() };
        MuscleMeasure {
            name: name.into(),
            side,
            is_cut,
            volume: of(lean_g * 1.2, Unit::CubicCentimetre),
            mean: of(48.0, Unit::Hounsfield),
            fat_fraction: of(0.06, Unit::Ratio),
            lean_mass: of(lean_g, Unit::Gram),
            predicted_dice: (side == Side::Right).then_some(0.874),
        }
    }

    #[test]
    fn sides_stand_side_by_side_and_are_compared_where_both_are_whole() {
        let (right, left) = (Side::Right, Side::Left);
        let found = rows(
            &[
                muscle("gluteus_medius", right, 220.0, false),
                muscle("gluteus_medius", left, 180.0, false),
                muscle("gluteus_minimus", right, 60.0, false),
                muscle("gluteus_minimus", left, 30.0, true),
                muscle("iliopsoas", left, 90.0, false),
            ],
            Language::English,
        );
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].name.as_str(), found[0].difference.as_str()), ("Gluteus medius", "+20 %"));
        assert_eq!(found[0].right.as_ref().unwrap().volume.0, "264 cm\u{b3}");
        let dice = |side: &Option<OneSide>| side.as_ref().unwrap().dice.clone();
        assert_eq!((dice(&found[0].right), dice(&found[0].left)), ("0.87".to_owned(), String::new()));
        assert_eq!(found[1].difference, "");
        assert_eq!(found[1].left.as_ref().unwrap().state, "cut");
        assert!(found[2].right.is_none() && found[2].difference.is_empty());
        let same = [muscle("iliopsoas", right, 90.0, false), muscle("iliopsoas", left, 90.0, false)];
        let same = rows(&same, Language::English);
        assert_eq!(same[0].difference, "0 %");
    }
}
