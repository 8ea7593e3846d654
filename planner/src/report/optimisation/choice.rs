//! Components and places by rule beside those that are recommended.

use super::super::words::{capitalised, number, signed, signed_mm, title, whole_degrees};
use crate::optimise::{Optimisation, Variable};
use crate::placed::ComponentNames;
use coxa_geometry::Unit;
use serde::Serialize;

/// One thing that is chosen.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Chosen {
    pub(super) what: String,
    pub(super) by_rule: String,
    pub(super) recommended: String,
    /// Of numbers, recommended less by rule, or that they were not to be changed; empty where both plans have the same.
    pub(super) change: String,
    pub(super) is_changed: bool,
}

/// Components, then the numbers that place them.
pub(super) fn rows(found: &Optimisation) -> Vec<Chosen> {
    let (by_rule, recommended) = (&found.first.design, &found.recommended.design);
    let pairs = components(&by_rule.components).into_iter().zip(components(&recommended.components));
    let mut rows: Vec<Chosen> =
        pairs.map(|((what, a), (_, b))| Chosen::new(what.into(), a, b, "changed".into())).collect();
    rows.extend(Variable::ALL.map(|variable| {
        let (a, b) = (by_rule.placement.get(variable), recommended.placement.get(variable));
        let unit = variable.unit();
        let shown = |value| if unit == Unit::Degree { number(value, unit) } else { signed(value, unit) };
        let mut row = Chosen::new(capitalised(variable.title()), shown(a), shown(b), signed(b - a, unit));
        if found.options.held.contains(&variable) {
            row.change = "held".into();
        }
        row
    }));
    rows
}

impl Chosen {
    fn new(what: String, by_rule: String, recommended: String, change: String) -> Self {
        let is_changed = by_rule != recommended;
        let change = if is_changed { change } else { String::new() };
        Chosen { what, by_rule, recommended, change, is_changed }
    }
}

fn components(c: &ComponentNames) -> [(&'static str, String); 4] {
    let lip =
        c.lip_direction_deg.map(|lip| format!(", lip {} from superior towards anterior", whole_degrees(lip)));
    [
        ("Shell", format!("{}, {:.0} mm", title(&c.cup_family), c.cup_size_mm)),
        ("Liner", title(&c.liner) + &lip.unwrap_or_default()),
        ("Head", format!("{} mm, offset {}", c.head_mm, signed_mm(c.head_offset_mm))),
        (
            "Stem",
            format!(
                "{}, size {}, neck-shaft angle {}, {} offset",
                title(&c.stem_family),
                c.stem_size,
                whole_degrees(c.neck_shaft_deg),
                c.neck_offset
            ),
        ),
    ]
}

/// The components in one line.
pub(super) fn in_one_line(c: &ComponentNames) -> String {
    components(c).map(|(what, choice)| format!("{what}: {choice}")).join("; ")
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn what_is_changed_is_marked_and_by_how_much_it_is_said() {
        let found = fixture::optimisation();
        let rows = rows(&found);
        assert_eq!(rows.len(), 4 + Variable::ALL.len());
        let row = |what: &str| rows.iter().find(|row| row.what == what).unwrap();
        let head = row("Head");
        assert!(head.is_changed && head.change == "changed" && head.recommended.starts_with("36 mm"));
        let anteversion = row("Cup anteversion");
        assert_eq!(
            (anteversion.by_rule.as_str(), anteversion.recommended.as_str()),
            ("15.0\u{b0}", "21.5\u{b0}")
        );
        assert_eq!((anteversion.change.as_str(), anteversion.is_changed), ("+6.5\u{b0}", true));
        let same = row("Cup inclination");
        assert_eq!((same.change.as_str(), same.is_changed), ("", false));
        assert_eq!(row("Stem height").change, "held");
    }
}
