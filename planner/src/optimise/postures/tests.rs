//! What was measured is kept, what was not follows from it, and what cannot be is refused.

use super::*;

fn degrees(posture: &PelvicPosture) -> (f64, f64) {
    (f64::from(posture.tilt), f64::from(posture.spread))
}

#[test]
fn of_an_unknown_patient_the_usual_is_expected() {
    let unknown = PostureInput::default().spinopelvic().unwrap();
    assert_eq!(unknown, Spinopelvic::default());
    assert_eq!(unknown.tilts(), PelvicTilts::default());
    assert_eq!(degrees(&unknown.standing), (5.5, 4.5));
    assert!((degrees(&unknown.sitting).1 - 4.5_f64.hypot(13.0)).abs() < 1e-9);
    assert!(unknown.mobility.is_none() && unknown.sitting.of_standing == 1.0);
    // A class narrows it.
    for class in [SpinalMobility::Stiff, SpinalMobility::Normal, SpinalMobility::Hypermobile] {
        let known = PostureInput { mobility: Some(class), ..Default::default() }.spinopelvic().unwrap();
        assert_eq!(known.tilts(), PelvicTilts::usual(class));
        assert!(known.sitting.spread < unknown.sitting.spread);
        assert_eq!(known.mobility, Some(class));
    }
}

#[test]
fn the_form_knows_nothing_and_names_every_field() {
    assert_eq!(PostureInput::from_toml(PostureInput::FORM).unwrap(), PostureInput::default());
    let lines = PostureInput::FORM.lines().filter_map(|line| line.strip_prefix("# "));
    let filled: Vec<&str> = lines.filter(|line| line.contains(" = ")).collect();
    let filled = filled.join("\n");
    let all = PostureInput::from_toml(&filled).unwrap();
    let fields = serde_json::to_value(&all).unwrap();
    assert!(fields.as_object().unwrap().values().all(|value| !value.is_null()), "{fields}");
}

#[test]
fn slopes_and_tilts_say_the_same() {
    let slopes = PostureInput {
        supine_sacral_slope_deg: Some(41.0),
        standing_sacral_slope_deg: Some(38.0),
        sitting_sacral_slope_deg: Some(16.0),
        flexed_seated_sacral_slope_deg: Some(47.5),
        ..Default::default()
    };
    let tilts = PostureInput {
        standing_tilt_deg: Some(3.0),
        sitting_tilt_deg: Some(25.0),
        flexed_seated_tilt_deg: Some(-6.5),
        ..Default::default()
    };
    let (slopes, tilts) = (slopes.spinopelvic().unwrap(), tilts.spinopelvic().unwrap());
    for (a, b) in [
        (&slopes.standing, &tilts.standing),
        (&slopes.sitting, &tilts.sitting),
        (&slopes.flexed_seated, &tilts.flexed_seated),
    ] {
        assert_eq!((degrees(a), a.of_standing), (degrees(b), b.of_standing));
        assert!(a.how.starts_with("measured") && b.how.starts_with("measured"));
    }
    assert_eq!(
        (slopes.mobility, tilts.mobility),
        (Some(SpinalMobility::Normal), Some(SpinalMobility::Normal))
    );
    assert_eq!(degrees(&slopes.flexed_seated), (-6.5, 3.0));
}

#[test]
fn one_upright_posture_gives_the_other() {
    let standing =
        PostureInput { standing_tilt_deg: Some(12.0), ..Default::default() }.spinopelvic().unwrap();
    assert!((standing.sitting.tilt.degrees() - 32.0).abs() < 1e-9);
    assert!((standing.sitting.spread.degrees() - 3.0_f64.hypot(13.0)).abs() < 1e-9);
    // From sitting: more than usual by 14.5 degrees, most of it the change's, which is the less sure.
    let sitting = PostureInput {
        sitting_tilt_deg: Some(40.0),
        measured_spread_deg: Some(0.0),
        mobility: Some(SpinalMobility::Normal),
        ..Default::default()
    };
    let sitting = sitting.spinopelvic().unwrap();
    let (own, change) = (4.5_f64.powi(2), 5.8_f64.powi(2));
    assert!((sitting.standing.tilt.degrees() - (5.5 + 14.5 * own / (own + change))).abs() < 1e-9);
    assert!((sitting.standing.spread.degrees() - (own * change / (own + change)).sqrt()).abs() < 1e-9);
    assert_eq!(degrees(&sitting.sitting), (40.0, 0.0));
}

#[test]
fn the_class_comes_from_the_change_and_a_stiff_one_with_a_warning() {
    let with = |change: f64, mobility| PostureInput {
        standing_tilt_deg: Some(2.0),
        sitting_tilt_deg: Some(2.0 + change),
        mobility,
        ..Default::default()
    };
    use SpinalMobility::{Hypermobile, Normal, Stiff};
    for (change, class) in [(-3.0, Stiff), (9.0, Stiff), (10.0, Normal), (30.0, Normal), (31.0, Hypermobile)]
    {
        let known = with(change, None).spinopelvic().unwrap();
        assert_eq!(known.mobility, Some(class), "{change}");
        assert_eq!(known.findings.len(), usize::from(class == Stiff));
    }
    // Named by somebody who knows more than the rule: no warning.
    assert!(with(5.0, Some(Stiff)).spinopelvic().unwrap().findings.is_empty());
    assert_eq!(with(5.0, Some(Normal)).spinopelvic().unwrap().mobility, Some(Normal));
    for (change, named) in [(40.0, Stiff), (16.0, Stiff), (36.0, Normal), (20.0, Hypermobile)] {
        let error = with(change, Some(named)).spinopelvic().unwrap_err();
        assert!(matches!(error, PostureError::Mobility { .. }), "{change}: {error}");
    }
    let error = with(40.0, Some(Stiff)).spinopelvic().unwrap_err().to_string();
    assert!(error.starts_with("mobility is stiff, but the pelvis tilts back by 40.0 degrees"), "{error}");
}

#[test]
fn what_cannot_be_is_refused() {
    let error = |toml: &str| match PostureInput::from_toml(toml) {
        Ok(input) => input.spinopelvic().unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    for (toml, message) in [
        ("standing_tilt_deg = 61", "standing_tilt_deg is 61; it must be -60 to 60 degrees"),
        ("sitting_tilt_deg = nan", "sitting_tilt_deg is NaN"),
        ("supine_sacral_slope_deg = 91", "it must be 0 to 90 degrees"),
        ("supine_sacral_slope_deg = 40\nstanding_sacral_slope_deg = -1", "standing_sacral_slope_deg is -1"),
        ("sitting_sacral_slope_deg = 20", "gives no tilt without supine_sacral_slope_deg"),
        (
            "supine_sacral_slope_deg = 40\nsitting_tilt_deg = 20\nsitting_sacral_slope_deg = 20",
            "give only one of them",
        ),
        ("supine_sacral_slope_deg = 85\nflexed_seated_sacral_slope_deg = 5", "a tilt of 80.0 degrees"),
        ("measured_spread_deg = -1", "it must be 0 to 20"),
        ("standing_tilt_deg = 3\nmobility = \"floppy\"", "line 2: "),
        ("pelvic_tilt = 3", "line 1: unknown field `pelvic_tilt`"),
        ("standing_tilt_deg = \"3\"", "line 1: standing_tilt_deg: found the text"),
        ("standing_tilt_deg 3", "line 1: "),
    ] {
        assert!(error(toml).contains(message), "{toml}: {}", error(toml));
    }
    assert!(matches!(PostureInput::from_toml(&"#".repeat(1 << 17)), Err(PostureError::TooLarge(_))));
}
