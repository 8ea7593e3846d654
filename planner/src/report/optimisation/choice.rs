//! Components and places by rule beside those that are recommended.

use super::super::numbers::{fixed, number, signed, signed_mm, whole_degrees};
use super::super::speech::{listed_apart, say};
use super::super::words::{capitalised, titled};
use crate::optimise::{Optimisation, Variable};
use crate::placed::ComponentNames;
use coxa_geometry::Unit;
use coxa_locale::Language;
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
pub(super) fn rows(found: &Optimisation, language: Language) -> Vec<Chosen> {
    let (by_rule, recommended) = (&found.first.design, &found.recommended.design);
    let components = |names| components(names, language).into_iter();
    let pairs = components(&by_rule.components).zip(components(&recommended.components));
    let changed = || language.text("report-changed");
    let mut rows: Vec<Chosen> = pairs.map(|((what, a), (_, b))| Chosen::new(what, a, b, changed())).collect();
    rows.extend(Variable::ALL.map(|variable| {
        let (a, b) = (by_rule.placement.get(variable), recommended.placement.get(variable));
        let unit = variable.unit();
        let shown = |value| match unit {
            Unit::Degree => number(language, value, unit),
            _ => signed(language, value, unit),
        };
        let title = capitalised(&language.word(variable.title()));
        let mut row = Chosen::new(title, shown(a), shown(b), signed(language, b - a, unit));
        if found.options.held.contains(&variable) {
            row.change = language.text("report-held");
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

fn components(c: &ComponentNames, language: Language) -> [(String, String); 4] {
    let part = |name: &str| titled(language, name);
    let shell = [("family", part(&c.cup_family).into()), ("size", fixed(c.cup_size_mm, 0))];
    let liner = match c.lip_direction_deg {
        None => part(&c.liner),
        Some(lip) => {
            let lip = whole_degrees(language, lip);
            say(
                language,
                "report-chosen-liner",
                [("liner", part(&c.liner).into()), ("direction", lip.into())],
            )
        }
    };
    let head = [("diameter", c.head_mm.into()), ("offset", signed_mm(language, c.head_offset_mm).into())];
    let stem = [
        ("family", part(&c.stem_family).into()),
        ("size", c.stem_size.to_string().into()),
        ("neck_shaft", whole_degrees(language, c.neck_shaft_deg).into()),
        ("offset", language.word(&c.neck_offset).into_owned().into()),
    ];
    [
        (part("shell"), say(language, "report-chosen-shell", shell)),
        (part("liner"), liner),
        (part("head"), say(language, "report-chosen-head", head)),
        (part("stem"), say(language, "report-chosen-stem", stem)),
    ]
}

/// The components in one line.
pub(super) fn in_one_line(c: &ComponentNames, language: Language) -> String {
    let both = |(part, choice): (String, String)| {
        say(language, "report-part-and-choice", [("part", part.into()), ("choice", choice.into())])
    };
    listed_apart(language, components(c, language).map(both))
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn what_is_changed_is_marked_and_by_how_much_it_is_said() {
        let found = fixture::optimisation();
        let rows = rows(&found, Language::English);
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
