//! Plan documents written, read back, and with mistakes in them.

use super::*;
use crate::plan::{CupPlan, HeadPlan, LinerPlan, ScrewPlan, StemPlan, Targets};
use coxa_geometry::Side;

fn plan() -> Plan {
    Plan {
        format: FORMAT,
        side: Side::Right,
        targets: Targets {
            inclination_deg: Angle::from_degrees(40.0),
            anteversion_deg: Some(Angle::from_degrees(15.0)),
            combined_anteversion_deg: Angle::from_degrees(37.0),
            standing_tilt_deg: Some(Angle::from_degrees(6.5)),
            spine: Some(coxa_activity::posture::SpinalMobility::Stiff),
            leg_length_change_mm: Some(0.1 + 0.2),
            offset_change_mm: None,
        },
        cup: CupPlan {
            family: "hemispherical".into(),
            size_mm: 54.0,
            centre_mm: Point::new(-91.37, 12.02, -1e-7),
            inclination_deg: Angle::from_degrees(40.1),
            anteversion_deg: Angle::from_degrees(14.7),
            screws: vec![ScrewPlan { hole: 1, length_mm: 30.0 }, ScrewPlan { hole: 3, length_mm: 25.0 }],
        },
        liner: LinerPlan { kind: "lipped".into(), lip_direction_deg: Some(Angle::from_degrees(-45.0)) },
        head: HeadPlan { diameter_mm: 36.0, offset_mm: -3.5 },
        stem: StemPlan {
            family: "tapered_wedge".into(),
            size: 7,
            neck_shaft_deg: Angle::from_degrees(127.0),
            offset: "high".into(),
            origin_mm: Point::new(-101.0, 15.5, -40.25),
            axis: Vector::new(0.100001, -0.05, 0.993731),
            version_deg: Angle::from_degrees(12.3),
            version_reference: "native_neck".into(),
        },
    }
}

#[test]
fn a_plan_comes_back_bit_for_bit() {
    let catalogue = Catalogue::builtin();
    let text = to_toml(&plan());
    let again = from_toml(&text, &catalogue).unwrap();
    assert_eq!(again, plan());
    assert_eq!(to_toml(&again), text);
    let mut plain = plan();
    plain.liner = LinerPlan { kind: "flush".into(), lip_direction_deg: None };
    plain.targets.leg_length_change_mm = None;
    plain.side = Side::Left;
    plain.cup.screws.clear();
    assert_eq!(from_toml(&to_toml(&plain), &catalogue).unwrap(), plain);
}

#[test]
fn angles_of_a_tenth_of_a_degree_lose_nothing() {
    for tenth in -900..=900 {
        let angle = Angle::from_degrees(f64::from(tenth) / 10.0);
        let back: f64 = degrees(angle).parse().unwrap();
        assert_eq!(Angle::from_degrees(back), angle);
    }
}

/// The error of the document after one replacement, and the line on which it was made.
fn error(from: &str, to: &str) -> (String, usize) {
    let text = to_toml(&plan());
    let at = text.find(from).unwrap_or_else(|| panic!("no {from}"));
    let line = 1 + text[..at].matches('\n').count();
    let text = text.replacen(from, to, 1);
    (from_toml(&text, &Catalogue::builtin()).unwrap_err().to_string(), line)
}

#[test]
fn every_mistake_is_answered_with_its_line_and_what_is_allowed() {
    for (from, to, allowed) in [
        ("side = \"right\"", "side = \"middle\"", "left"),
        ("format = 1", "format = 2", "newer Coxa"),
        ("format = 1", "format = 0", "it must be 1"),
        ("size_mm = 54.0", "size_mm = 90.0", "64, 66 mm"),
        ("size_mm = 54.0", "size_mm = nan", "64, 66 mm"),
        ("diameter_mm = 36.0", "diameter_mm = 40.0", "22.225, 28, 32, 36 mm in the lipped liner"),
        ("diameter_mm = 36.0", "diameter_mm = 33.0", "28, 32"),
        ("kind = \"lipped\"", "kind = \"ceramic\"", "flush, lipped"),
        ("family = \"tapered_wedge\"", "family = \"x\"", "metaphyseal_filling"),
        ("size = 7", "size = 70", "17, 18 of tapered_wedge"),
        ("size = 7", "size = -7", "size: found the whole number `-7`, expected a whole number"),
        ("size = 7", "size = 7.5", "expected a whole number"),
        ("size = 7", "size = \"7\"", "size: found the text \"7\", expected a whole number"),
        ("size_mm = 54.0", "size_mm = \"54\"", "expected a number without quotes"),
        ("family = \"hemispherical\"", "family = 3", "expected text in quotes"),
        ("[-91.37, 12.02, -1e-7]", "[1.0, 2.0]", "three numbers in square brackets"),
        ("[-91.37, 12.02, -1e-7]", "[-91, 37, 12, 2]", "three numbers in square brackets"),
        ("offset_mm = -3.5", "offset_mm = -3.6", "-3.5, 0, 3.5, 7, 10.5"),
        ("size = 7", "size = 7\nsise = 8", "unknown field"),
        ("neck_shaft_deg = 127.0", "neck_shaft_deg = 130.0", "127, 132 degrees in tapered_wedge"),
        ("offset = \"high\"", "offset = \"higher\"", "standard, high"),
        ("[-91.37, 12.02, -1e-7]", "[nan, 0, 0]", "three numbers"),
        ("[0.100001, -0.05, 0.993731]", "[0, 0, 0]", "length 1"),
        ("version_deg = 12.3", "version_deg = inf", "-90 to 90"),
        ("inclination_deg = 40.1", "inclination_deg = 140", "0 to 90"),
        ("\"native_neck\"\n", "\"neck\"\n", "posterior_condylar_line, native_neck, table"),
        ("hole = 3 ", "hole = 4 ", "1, 2, 3 in hemispherical"),
        ("hole = 3 ", "hole = 0 ", "1, 2, 3 in hemispherical"),
        ("hole = 3 ", "hole = 1 ", "one screw in each of 3 holes"),
        ("length_mm = 25.0", "length_mm = 27.5", "15, 20, 25"),
        ("length_mm = 25.0", "length_mm = nan", "15, 20, 25"),
        ("hole = 3 ", "hole = 3.5 ", "expected a whole number"),
        ("[head]", "[head", ""),
    ] {
        let (message, line) = error(from, to);
        let at: usize = message["line ".len()..].split(':').next().unwrap().parse().unwrap();
        let expected = line + to.matches('\n').count() * usize::from(to.contains("sise"));
        assert_eq!(at, expected, "{to}: {message}");
        assert!(message.contains(allowed), "{to}: {message}");
    }
}

#[test]
fn a_missing_field_and_an_overlong_text_are_refused() {
    let catalogue = Catalogue::builtin();
    let text = to_toml(&plan()).replace("size = 7", "# size = 7");
    assert!(from_toml(&text, &catalogue).unwrap_err().to_string().contains("missing field `size`"));
    assert!(matches!(from_toml(&"#".repeat(MAX_BYTES + 1), &catalogue), Err(DocumentError::TooLarge(_))));
    assert!(from_toml("", &catalogue).is_err());
}
