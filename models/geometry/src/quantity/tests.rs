//! Laws of the table and of the map that it keys.

use super::*;
use crate::Side;
use std::collections::HashSet;

/// Every key that files may hold, with screws of some holes.
fn keys() -> Vec<Key> {
    let of = |quantity: Quantity| match quantity.scope() {
        Scope::Whole => vec![quantity.into()],
        Scope::Side => vec![quantity.into(), quantity.of(Side::Right), quantity.of(Side::Left)],
        Scope::Screw => [1, 2, 10].map(|hole| quantity.of_screw(hole)).to_vec(),
        Scope::Each => Vec::new(),
    };
    Quantity::ALL.iter().copied().flat_map(of).collect()
}

#[test]
fn every_name_stands_for_one_quantity_of_one_thing() {
    let keys = keys();
    let names: HashSet<_> = keys.iter().map(Key::name).collect();
    assert_eq!(names.len(), keys.len());
    let criteria: HashSet<_> = Quantity::ALL.iter().map(|q| q.criterion_name()).collect();
    assert_eq!(
        criteria.len(),
        Quantity::ALL.len() - 2,
        "two differences are judged as planned, under one name"
    );
    for key in keys {
        assert_eq!(key.name().parse(), Ok(key));
        assert!(
            key.name().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
            "{key}"
        );
    }
    for &quantity in Quantity::ALL {
        assert_eq!(quantity.name().parse(), Ok(quantity));
    }
}

#[test]
fn every_row_says_what_it_is() {
    let mut titles = HashSet::new();
    for &quantity in Quantity::ALL {
        let definition = quantity.definition();
        assert!(titles.insert(quantity.title()), "{quantity}: title of another");
        assert!(quantity.title().starts_with(char::is_uppercase), "{quantity}");
        assert!(
            definition.starts_with(|c: char| c.is_lowercase() || definition.starts_with("CT")),
            "{quantity}"
        );
        assert!(!definition.contains(['_', '|']) && !definition.ends_with('.'), "{quantity}");
        assert!(!quantity.source().is_empty(), "{quantity}");
        assert!(!quantity.is_relative() || !quantity.sign().is_empty(), "{quantity}");
    }
}

#[test]
fn limits_are_ordered_and_the_graver_one_is_the_wider() {
    let mut seen = 0;
    for &quantity in Quantity::ALL {
        for limit in quantity.limits() {
            assert!(limit.least < limit.most && !limit.source.is_empty(), "{quantity}");
            assert!(limit.least.is_finite() || limit.most.is_finite(), "{quantity}");
            assert_eq!(quantity.limit(limit.severity), Some(limit), "{quantity}");
            seen += 1;
        }
        for pair in quantity.limits().windows(2) {
            assert!(pair[0].severity > pair[1].severity, "{quantity}");
            // Where both bound the same end.
            let ends = [(-pair[0].least, -pair[1].least), (pair[0].most, pair[1].most)];
            for (graver, milder) in ends.into_iter().filter(|(a, b)| a.is_finite() && b.is_finite()) {
                assert!(graver > milder, "{quantity}");
            }
        }
    }
    assert!(seen > 25, "{seen}");
    let coverage = Quantity::CupCoverage.limit(Caution).unwrap();
    assert_eq!([50.0, 60.0].map(|value| coverage.crossed_by(value)), [Some(60.0), None]);
}

#[test]
fn an_ideal_lies_within_the_caution_and_bounds_the_same_ends() {
    let of_quantities =
        Quantity::ALL.iter().filter_map(|&q| Some((q.name(), *q.limit(Caution)?, *q.ideal()?)));
    let of_motions = MOTION_NEEDS.iter().map(|need| (need.motion, need.limit, need.ideal));
    let all: Vec<_> = of_quantities.chain(of_motions).collect();
    for (name, limit, ideal) in &all {
        assert_eq!(limit.least.is_finite(), ideal.least.is_finite(), "{name}");
        assert_eq!(limit.most.is_finite(), ideal.most.is_finite(), "{name}");
        assert!(
            ideal.least <= ideal.most && (ideal.least > limit.least || ideal.least.is_infinite()),
            "{name}"
        );
        assert!(ideal.most < limit.most || ideal.most.is_infinite(), "{name}");
    }
    assert!(all.len() > 30, "{}", all.len());
}

#[test]
fn at_most_a_third_of_the_limits_are_assumptions() {
    let quantities = Quantity::ALL.iter();
    let bases = quantities.flat_map(|q| q.limits().iter().map(|l| l.basis).chain(q.ideal().map(|i| i.basis)));
    let motions = MOTION_NEEDS.iter().flat_map(|need| [need.limit.basis, need.ideal.basis]);
    let all: Vec<Basis> = bases.chain(motions).collect();
    let assumed = all.iter().filter(|basis| **basis == Basis::Assumption).count();
    assert!(assumed * 3 <= all.len(), "{assumed} of {}", all.len());
}

#[test]
fn files_hold_values_by_name_and_in_the_order_of_names() {
    let mut all = Measurements::new();
    all.insert(Quantity::StemVarus, 1.0, 0.5, "b");
    all.insert(Quantity::CanalFill, 0.9, 0.01, "c");
    all.insert(Quantity::HeadDiameter.of(Side::Right), 48.0, 0.2, "d");
    all.insert(Quantity::HeadDiameter.of(Side::Left), 47.0, 0.2, "d");
    for hole in [2, 10] {
        all.insert(Quantity::ScrewPurchase.of_screw(hole), 20.0, 0.3, "e");
    }
    let text = serde_json::to_string(&all).unwrap();
    let strings: std::collections::BTreeMap<String, Measured> = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&strings).unwrap(), text);
    assert_eq!(serde_json::from_str::<Measurements>(&text).unwrap(), all);
    assert_eq!(all[Quantity::CanalFill].unit, Ratio);
    assert_eq!(all.remove(Quantity::StemVarus).unwrap().unit, Degree);
    assert!(all.get(Quantity::StemVarus).is_none() && !all.contains(Quantity::StemVarus));
    assert_eq!((all.len(), all.keys().count()), (5, 5));
}

#[test]
fn spreads_and_methods_are_added_to_where_there_is_a_value() {
    let mut all = Measurements::new();
    all.insert(Quantity::StemVarus, 1.0, 0.5, "seen");
    all.add_to_method(Quantity::StemVarus, "; estimated");
    all.widen(Quantity::StemVarus, 2.0);
    all.widen(Quantity::StemVarus, 1.0);
    all.add_to_method(Quantity::StemFlexion, "; estimated");
    let varus = &all[Quantity::StemVarus];
    assert_eq!((varus.method.as_str(), varus.spread, all.len()), ("seen; estimated", 2.0, 1));
}

#[test]
fn unknown_names_and_foreign_units_are_refused_with_what_is_right() {
    let read = |name: &str, unit: &str| {
        let text =
            format!(r#"{{"{name}": {{"value": 1.0, "spread": 0.1, "unit": "{unit}", "method": ""}}}}"#);
        serde_json::from_str::<Measurements>(&text).map_err(|error| error.to_string())
    };
    assert!(read("canal_fill", "1").is_ok());
    let error = read("canal_filling", "1").unwrap_err();
    assert!(error.contains("`canal_filling`; nearest are canal_fill"), "{error}");
    let error = read("head_diameter_rihgt", "mm").unwrap_err();
    assert!(error.contains("nearest are head_diameter"), "{error}");
    let error = read("canal_fill", "%").unwrap_err();
    assert!(error.contains(r#"canal_fill is given in "%", but its unit is "1""#), "{error}");
    for name in
        ["screw_0x_purchase", "screw_+1_purchase", "screw_purchase", "screw_1_length", "pelvic_tilt_left", ""]
    {
        assert!(name.parse::<Key>().is_err(), "{name}");
    }
}

#[test]
fn the_document_names_every_quantity() {
    let text = markdown();
    let rows = text.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, Quantity::ALL.len());
    assert!(text.lines().filter(|line| line.starts_with('|')).all(|line| line.matches('|').count() == 8));
    assert!(text.contains("| `leg_length_difference_planned`, `leg_length_difference` | mm |"));
}

#[test]
fn the_document_in_docs_is_the_tables() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/quantities.md");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == markdown(), "docs/quantities.md is old: cargo run -p coxa-geometry --example tables");
}
