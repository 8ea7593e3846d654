//! Names and figures of the optimiser in the words of the page.

use super::super::numbers::{bare, fixed, number, with_decimals};
use super::super::speech::say;
use super::super::words::{capitalised, motion_in, titled};
use crate::optimise::criteria::{Criterion, Group, Known, Subject};
use coxa_activity::Activity;
use coxa_activity::posture::Posture;
use coxa_geometry::Unit;
use coxa_locale::Language;

/// What a criterion is called.
pub(super) fn criterion(language: Language, subject: &Subject) -> String {
    match subject {
        Subject::Motion { motion: what, posture: Posture::Supine } => motion_in(language, what),
        Subject::Motion { motion: what, posture } => {
            let posture = language.word(posture.name()).into_owned();
            let of = [("motion", motion_in(language, what).into()), ("posture", posture.into())];
            say(language, "report-motion-in-posture", of)
        }
        Subject::Activity(name) => Activity::named(name).map_or_else(
            |_| titled(language, name),
            |named| language.word(&named.activity.title).into_owned(),
        ),
        // The definition stands in the meaning; every criterion of the cup is of the same one.
        Subject::Plan(quantity) => {
            let title = quantity.title().trim_end_matches(", radiographic, supine functional plane");
            capitalised(&language.word(title))
        }
    }
}

/// What a criterion means, in a few words of English.
pub(super) fn meaning(subject: &Subject) -> String {
    Known::of(subject).map(|known| capitalised(&known.meaning)).unwrap_or_default()
}

/// What a group of criteria is about, in one word.
pub(super) fn group(language: Language, group: Group) -> String {
    language.text(match group {
        Group::Fixation => "report-criteria-fixation",
        Group::Restoration => "report-criteria-restoration",
        Group::Motion => "report-criteria-motion",
        Group::Stability => "report-criteria-stability",
        Group::Orientation => "report-criteria-orientation",
    })
}

/// From where to where a criterion holds.
pub(super) fn limit(language: Language, criterion: &Criterion) -> String {
    range(language, criterion.least, criterion.most, criterion.unit)
}

/// From where to where it is ideal.
pub(super) fn ideal(language: Language, criterion: &Criterion) -> String {
    range(language, criterion.ideal_least, criterion.ideal_most, criterion.unit)
}

fn range(language: Language, least: Option<f64>, most: Option<f64>, unit: Unit) -> String {
    match (least, most) {
        (Some(least), Some(most)) => from_to(language, least, most, unit),
        (Some(least), None) => format!("\u{2265} {}", number(language, least, unit)),
        (None, Some(most)) => format!("\u{2264} {}", number(language, most, unit)),
        (None, None) => String::new(),
    }
}

/// Two numbers, the unit with the second.
pub(super) fn from_to(language: Language, low: f64, high: f64, unit: Unit) -> String {
    let of = [("low", bare(language, low, unit).into()), ("high", number(language, high, unit).into())];
    say(language, "report-from-to", of)
}

/// A plan's number, to one decimal of every unit: what just misses a whole limit must not look as if it reached it.
pub(super) fn figure(language: Language, value: f64, unit: Unit) -> String {
    match unit {
        Unit::Percent if value.is_finite() => say(language, "report-percent", [("number", fixed(value, 1))]),
        Unit::Ratio if value.is_finite() => figure(language, 100.0 * value, Unit::Percent),
        _ => number(language, value, unit),
    }
}

/// A share of samples in whole per cent. Only all of them are 100, only none is 0.
pub(super) fn chance(language: Language, share: f64) -> String {
    match share {
        share if share > 0.0 && share < 0.005 => {
            say(language, "report-less-than", [("value", number(language, 0.01, Unit::Ratio).into())])
        }
        share if (0.995..1.0).contains(&share) => {
            say(language, "report-more-than", [("value", number(language, 0.99, Unit::Ratio).into())])
        }
        share => number(language, share, Unit::Ratio),
    }
}

/// A share in per cent with one decimal.
pub(super) fn tenths(language: Language, share: f64) -> String {
    with_decimals(language, share, Unit::Ratio, 1)
}

/// A change of a share, in points of a hundred.
pub(super) fn points(language: Language, change: f64) -> String {
    let digits = format!("{:.1}", (100.0 * change).abs());
    let shown = language.number((100.0 * change).abs(), Some(1));
    match change {
        _ if !change.is_finite() => language.text("report-not-known"),
        _ if digits == "0.0" => "0".into(),
        change if change < 0.0 => format!("\u{2212}{shown}"),
        _ => format!("+{shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::criteria::Criteria;
    use coxa_geometry::Quantity;

    #[test]
    fn criteria_are_called_as_elsewhere_on_the_page() {
        let criterion = |name: &str| super::criterion(Language::English, &name.parse().unwrap());
        assert_eq!(criterion("cup_coverage"), "Bone coverage");
        assert_eq!(criterion("leg_length_difference"), "Leg length, operated minus other side");
        assert_eq!(criterion("motion.flexion"), "Flexion");
        assert_eq!(criterion("stem_flexion"), "Stem flexion");
        assert_eq!(
            criterion("motion.internal_rotation_at_90@sitting"),
            "Internal rotation at 90\u{b0} flexion, pelvis sitting"
        );
        assert!(!criterion("activity.chair_rise").contains(['_', '.']));
        for known in Known::all() {
            assert!(
                !super::criterion(Language::English, &known.subject).contains(['_', '@']),
                "{}",
                known.subject
            );
            assert!(!meaning(&known.subject).is_empty(), "{}", known.subject);
        }
    }

    #[test]
    fn bounds_read_well() {
        let criteria = Criteria::preset("patient_specific").unwrap();
        let of = |quantity: Quantity| criteria.get(quantity).unwrap();
        assert_eq!(limit(Language::English, of(Quantity::CupCoverage)), "\u{2265} 60 %");
        assert_eq!(limit(Language::English, of(Quantity::RimOverhang)), "\u{2264} 8.0 mm");
        assert_eq!(limit(Language::English, of(Quantity::StemVarus)), "\u{2212}3.0 to 3.0\u{b0}");
        assert_eq!(ideal(Language::English, of(Quantity::CanalFill)), "\u{2265} 80 %");
    }

    #[test]
    fn only_certainty_is_said_to_be_certain() {
        let shown = [0.0, 0.001, 0.714, 0.999, 1.0].map(|share| chance(Language::English, share));
        assert_eq!(shown, ["0 %", "< 1 %", "71 %", "> 99 %", "100 %"]);
        assert_eq!(
            [0.284, -0.0701, 0.0002, f64::NAN].map(|change| points(Language::English, change)),
            ["+28.4", "\u{2212}7.0", "0", "not known"]
        );
    }
}
