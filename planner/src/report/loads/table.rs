//! What the plan does to each muscle, as a table.

use super::super::numbers::{fixed, number, signed};
use super::super::speech::say;
use super::super::words::capitalised;
use crate::loads::{ActivityLoad, MuscleLoad, MuscleState, StrengthSource};
use coxa_geometry::Unit;
use coxa_locale::Language;
use serde::Serialize;

/// A muscle.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct MuscleLoadRow {
    name: String,
    strength: String,
    /// Whether its strength is that of the scan.
    is_own: bool,
    /// Change of its length with the tendon, and of its fibres over their best length, standing.
    longer: String,
    fibres: String,
    /// Lever arms as planned with their change: flexion, abduction, internal rotation.
    arms: [(String, String); 3],
    /// Greatest force in an activity, as scanned and as planned.
    force: (String, String),
}

/// One row for each muscle; forces are those of the activity.
pub(super) fn rows(
    muscles: &[MuscleLoad],
    activity: Option<&ActivityLoad>,
    language: Language,
) -> Vec<MuscleLoadRow> {
    muscles.iter().map(|muscle| row(muscle, activity, language)).collect()
}

fn row(muscle: &MuscleLoad, activity: Option<&ActivityLoad>, language: Language) -> MuscleLoadRow {
    let signed_mm = |value| signed(language, value, Unit::Millimetre);
    let (before, after) = (muscle.upright.before.as_ref(), &muscle.upright.after);
    let arm = |get: &dyn Fn(&MuscleState) -> f64| {
        let change = before.map(|before| signed_mm(get(after) - get(before)));
        (number(language, get(after), Unit::Millimetre), change.unwrap_or_default())
    };
    let fibres = number(language, after.fibre_length_ratio, Unit::Ratio);
    let peak = activity.and_then(|a| a.muscles.iter().find(|peak| peak.name == muscle.name));
    let newton = |force: f64| say(language, "report-newtons", [("force", fixed(force, 0))]);
    MuscleLoadRow {
        name: capitalised(&language.word(&muscle.title)),
        strength: newton(muscle.strength_n),
        is_own: muscle.strength_from == StrengthSource::LeanVolume,
        longer: before.map_or_else(String::new, |before| signed_mm(after.length_mm - before.length_mm)),
        fibres: match before {
            Some(before) => {
                format!("{} \u{2192} {fibres}", number(language, before.fibre_length_ratio, Unit::Ratio))
            }
            None => fibres,
        },
        // A surgeon speaks of abduction.
        arms: [
            arm(&|s| s.flexion_arm_mm),
            arm(&|s| -s.adduction_arm_mm),
            arm(&|s| s.internal_rotation_arm_mm),
        ],
        force: peak.map_or_else(Default::default, |peak| {
            (peak.force_n.before.map(newton).unwrap_or_default(), newton(peak.force_n.after))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loads::BeforeAfter;

    #[test]
    fn abductors_have_positive_arms_of_abduction_and_changes_their_signs() {
        let state = |length_mm, adduction_arm_mm| MuscleState {
            length_mm,
            fibre_length_ratio: 1.02,
            flexion_arm_mm: -0.01,
            adduction_arm_mm,
            internal_rotation_arm_mm: 4.0,
        };
        let muscle = |before| MuscleLoad {
            name: "gluteus_medius_middle".into(),
            title: "gluteus medius middle".into(),
            structure: Some("gluteus_medius".into()),
            strength_n: 812.4,
            strength_from: StrengthSource::LeanVolume,
            upright: BeforeAfter { before, after: state(123.0, -52.0) },
        };
        let row = &rows(&[muscle(Some(state(120.0, -50.0)))], None, Language::English)[0];
        assert_eq!((row.longer.as_str(), row.fibres.as_str()), ("+3.0 mm", "102 % \u{2192} 102 %"));
        assert_eq!(row.arms[1], ("52.0 mm".into(), "+2.0 mm".into()));
        assert_eq!(row.arms[0].0, "0.0 mm");
        assert_eq!((row.strength.as_str(), row.is_own), ("812 N", true));
        let alone = &rows(&[muscle(None)], None, Language::English)[0];
        assert_eq!((alone.longer.as_str(), alone.arms[1].1.as_str()), ("", ""));
    }
}
