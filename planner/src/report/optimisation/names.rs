//! Names and figures of the optimiser in the words of the page.

use super::super::words::{capitalised, motion, number, title};
use crate::optimise::criteria::{Criterion, Group, Known, Subject};
use coxa_activity::Activity;
use coxa_activity::posture::Posture;
use coxa_geometry::Unit;

/// What a criterion is called.
pub(super) fn criterion(subject: &Subject) -> String {
    match subject {
        Subject::Motion { motion: what, posture: Posture::Supine } => motion(what),
        Subject::Motion { motion: what, posture } => format!("{}, pelvis {}", motion(what), posture.name()),
        Subject::Activity(name) => {
            Activity::named(name).map_or_else(|_| title(name), |named| named.activity.title.clone())
        }
        // The definition stands in the meaning; every criterion of the cup is of the same one.
        Subject::Plan(quantity) => {
            quantity.title().trim_end_matches(", radiographic, supine functional plane").to_owned()
        }
    }
}

/// What a criterion means, in a few words.
pub(super) fn meaning(subject: &Subject) -> String {
    Known::of(subject).map(|known| capitalised(&known.meaning)).unwrap_or_default()
}

/// What a group of criteria is about, in one word.
pub(super) const fn group(group: Group) -> &'static str {
    match group {
        Group::Fixation => "Fixation",
        Group::Restoration => "Restoration",
        Group::Motion => "Motion",
        Group::Stability => "Stability",
        Group::Orientation => "Orientation",
    }
}

/// From where to where a criterion holds.
pub(super) fn limit(criterion: &Criterion) -> String {
    range(criterion.least, criterion.most, criterion.unit)
}

/// From where to where it is ideal.
pub(super) fn ideal(criterion: &Criterion) -> String {
    range(criterion.ideal_least, criterion.ideal_most, criterion.unit)
}

fn range(least: Option<f64>, most: Option<f64>, unit: Unit) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("{} to {}", bare(least, unit), number(most, unit)),
        (Some(least), None) => format!("\u{2265} {}", number(least, unit)),
        (None, Some(most)) => format!("\u{2264} {}", number(most, unit)),
        (None, None) => String::new(),
    }
}

/// A plan's number, to one decimal of every unit: what just misses a whole limit must not look as if it reached it.
pub(super) fn figure(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Percent if value.is_finite() => format!("{value:.1} %"),
        Unit::Ratio if value.is_finite() => format!("{:.1} %", 100.0 * value),
        _ => number(value, unit),
    }
}

/// A number whose unit is said by the one that follows.
pub(super) fn bare(value: f64, unit: Unit) -> String {
    let text = number(value, unit);
    text.trim_end_matches(['m', '%', '\u{b0}', ' ']).to_owned()
}

/// A share of samples in whole per cent. Only all of them are 100, only none is 0.
pub(super) fn chance(share: f64) -> String {
    match share {
        share if share > 0.0 && share < 0.005 => "< 1 %".into(),
        share if (0.995..1.0).contains(&share) => "> 99 %".into(),
        share => number(share, Unit::Ratio),
    }
}

/// A change of a share, in points of a hundred.
pub(super) fn points(change: f64) -> String {
    let digits = format!("{:.1}", (100.0 * change).abs());
    match change {
        _ if !change.is_finite() => "not known".into(),
        _ if digits == "0.0" => "0".into(),
        change if change < 0.0 => format!("\u{2212}{digits}"),
        _ => format!("+{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::criteria::Criteria;
    use coxa_geometry::Quantity;

    #[test]
    fn criteria_are_called_as_elsewhere_on_the_page() {
        let criterion = |name: &str| super::criterion(&name.parse().unwrap());
        assert_eq!(criterion("cup_coverage"), "Bone coverage");
        assert_eq!(criterion("leg_length_difference"), "Leg length, operated less other side");
        assert_eq!(criterion("motion.flexion"), "Flexion");
        assert_eq!(criterion("stem_flexion"), "Stem flexion");
        assert_eq!(
            criterion("motion.internal_rotation_at_90@sitting"),
            "Internal rotation at 90\u{b0} flexion, pelvis sitting"
        );
        assert!(!criterion("activity.chair_rise").contains(['_', '.']));
        for known in Known::all() {
            assert!(!super::criterion(&known.subject).contains(['_', '@']), "{}", known.subject);
            assert!(!meaning(&known.subject).is_empty(), "{}", known.subject);
        }
    }

    #[test]
    fn bounds_read_well() {
        let criteria = Criteria::preset("patient_specific").unwrap();
        let of = |quantity: Quantity| criteria.get(quantity).unwrap();
        assert_eq!(limit(of(Quantity::CupCoverage)), "\u{2265} 60 %");
        assert_eq!(limit(of(Quantity::RimOverhang)), "\u{2264} 8.0 mm");
        assert_eq!(limit(of(Quantity::StemVarus)), "\u{2212}3.0 to 3.0\u{b0}");
        assert_eq!(ideal(of(Quantity::CanalFill)), "\u{2265} 80 %");
    }

    #[test]
    fn only_certainty_is_said_to_be_certain() {
        let shown = [0.0, 0.001, 0.714, 0.999, 1.0].map(chance);
        assert_eq!(shown, ["0 %", "< 1 %", "71 %", "> 99 %", "100 %"]);
        assert_eq!(
            [0.284, -0.0701, 0.0002, f64::NAN].map(points),
            ["+28.4", "\u{2212}7.0", "0", "not known"]
        );
    }
}
