//! Criteria read back as written, contradictions are found, and margins behave as their definition says.

use super::*;
use proptest::prelude::*;

fn two_sided() -> Criterion {
    Criterion {
        subject: Quantity::StemVarus.into(),
        group: Group::Fixation,
        unit: Unit::Degree,
        least: Some(-3.0),
        most: Some(3.0),
        ideal_least: Some(-1.0),
        ideal_most: Some(1.0),
        weight: 1.0,
        source: "test".into(),
    }
}

#[test]
fn margins_are_zero_at_the_limit_one_at_the_ideal_and_those_of_the_nearer_side() {
    let c = two_sided();
    for (value, margin) in
        [(0.0, 1.0), (1.0, 1.0), (2.0, 0.5), (3.0, 0.0), (5.0, -1.0), (-4.0, -0.5), (13.0, -5.0)]
    {
        assert_eq!(c.margin(value), Some(margin), "{value}");
    }
    assert_eq!((c.holds(3.0), c.holds(3.01), c.holds(f64::NAN)), (Some(true), Some(false), None));
    assert_eq!([3.0, 0.9, 5.0, 50.0].map(|v| c.desirability(v).unwrap()), [0.5, 1.0, 0.0, 0.0]);
    assert_eq!((c.margin(f64::INFINITY), c.desirability(f64::NEG_INFINITY)), (None, None));
    // An upper bound alone.
    let upper = Criterion { least: None, ideal_least: None, ..two_sided() };
    assert_eq!((upper.margin(-1e6), upper.margin(4.0)), (Some(1.0), Some(-0.5)));
}

proptest! {
    #[test]
    fn margins_are_monotone_on_each_side_and_mirror_with_the_criterion(
        value in -50.0..50.0f64, step in 0.0..20.0f64, least in -20.0..20.0f64, way in 0.01..10.0f64, top in 0.0..10.0f64, down in 0.01..10.0f64,
    ) {
        let ideal = least + way;
        let (ideal_most, most) = (ideal + top, ideal + top + down);
        let c = Criterion {
            least: Some(least), ideal_least: Some(ideal), ideal_most: Some(ideal_most), most: Some(most), ..two_sided()
        };
        let one = Criterion { most: None, ideal_most: None, ..c.clone() };
        prop_assert!(one.margin(value + step) >= one.margin(value));
        prop_assert!(one.margin(value) >= c.margin(value));
        // Away from the ideal nothing is gained.
        let away = if value >= ideal { value + step } else { value - step };
        if value >= ideal_most || value < ideal {
            prop_assert!(c.margin(away) <= c.margin(value));
        }
        let mirrored = Criterion {
            least: Some(-most), ideal_least: Some(-ideal_most), ideal_most: Some(-ideal), most: Some(-least), ..two_sided()
        };
        prop_assert_eq!(mirrored.margin(-value), c.margin(value));
        let desirability = c.desirability(value).unwrap();
        prop_assert!((0.0..=1.0).contains(&desirability));
        prop_assert_eq!(c.holds(value).unwrap(), desirability >= 0.5);
        prop_assert_eq!(c.holds(value).unwrap(), (least..=most).contains(&value));
    }
}

#[test]
fn presets_are_read_and_judge_what_their_name_says() {
    let names = |preset: &str| {
        let criteria = Criteria::preset(preset).unwrap();
        assert_eq!(criteria.preset, preset);
        criteria.list.into_iter().map(|c| c.subject).collect::<Vec<_>>()
    };
    let own = names("patient_specific");
    let activities = own.iter().filter(|subject| matches!(subject, Subject::Activity(_))).count();
    assert_eq!(activities, coxa_activity::Activity::catalogue().len());
    let has = |names: &[Subject], group| names.iter().any(|n| Known::of(n).unwrap().group == group);
    assert!(!has(&own, Group::Orientation) && has(&own, Group::Stability));
    for (preset, zone) in [
        ("lewinnek", ["cup_inclination_app", "cup_anteversion_app"]),
        ("combined_anteversion", ["cup_inclination", "combined_anteversion"]),
        ("widmer", ["cup_inclination", "combined_anteversion_widmer"]),
    ] {
        let names = names(preset);
        let of_zone = names.iter().filter(|n| Known::of(n).unwrap().group == Group::Orientation);
        let zone_found: Vec<_> = of_zone.map(Subject::name).collect();
        assert_eq!(zone_found, zone);
        assert!(
            !has(&names, Group::Motion) && has(&names, Group::Fixation) && has(&names, Group::Restoration)
        );
    }
    assert_eq!(Criteria::default(), Criteria::preset("essential").unwrap());
    // What two presets judge they judge by the same bounds.
    let aims = Criteria::preset("patient_specific").unwrap().list;
    for criterion in Criteria::default().list {
        let aim = aims.iter().find(|aim| aim.subject == criterion.subject);
        assert!(
            aim.is_none_or(|aim| Criterion { weight: aim.weight, ..criterion.clone() } == *aim),
            "{}",
            criterion.subject
        );
    }
    let error = Criteria::preset("ranawat").unwrap_err().to_string();
    assert!(
        error.contains("`ranawat`")
            && error.ends_with("essential, patient_specific, lewinnek, combined_anteversion, widmer")
    );
}

#[test]
fn written_criteria_come_back_and_keep_the_name_only_unchanged() {
    for preset in Criteria::presets() {
        let criteria = Criteria::preset(preset).unwrap();
        let text = criteria.to_toml();
        assert_eq!(Criteria::from_toml(&text).unwrap(), criteria);
        let least = criteria.get(Quantity::CupCoverage).unwrap().least.unwrap();
        let edited = text.replacen(&format!("least = {least:.1}"), "least = 65.0", 1);
        let changed = Criteria::from_toml(&edited).unwrap();
        assert_eq!(changed.preset, format!("{preset}, changed"));
        assert_eq!(changed.get(Quantity::CupCoverage).unwrap().least, Some(65.0));
        assert_eq!(Criteria::from_toml(&changed.to_toml()).unwrap(), changed);
        // Every line of a written document is within what an editor shows.
        assert!(text.lines().all(|line| line.chars().count() < 700));
    }
}

fn activity(name: &str) -> Subject {
    format!("activity.{name}").parse().unwrap()
}

#[test]
fn a_file_changes_what_it_names_and_keeps_the_rest() {
    let before = Criteria::preset("patient_specific").unwrap();
    let text = "format = 1\nbase = \"patient_specific\"\n\
                [[criterion]]\nname = \"activity.squat\"\nleast = 3\nideal_least = 6\n\
                [[criterion]]\nname = \"activity.*\"\nweight = 0.25\n\
                [[criterion]]\nname = \"activity.seiza\"\nuse = false\n\
                [[criterion]]\nname = \"cup_coverage\"\nleast = 60\nideal_least = 75\nsource = \"our clinic\"\n\
                [[criterion]]\nname = \"stem_version\"\nleast = 5\nmost = 25\n";
    let after = Criteria::from_toml(text).unwrap();
    assert_eq!(after.preset, "patient_specific, changed");
    assert_eq!(after.list.len(), before.list.len());
    assert!(after.get(activity("seiza")).is_none());
    let squat = after.get(activity("squat")).unwrap();
    assert_eq!((squat.least, squat.weight), (Some(3.0), 0.25));
    assert_eq!(squat.source, "set in this criteria file, no source given");
    let bow = after.get(activity("bow")).unwrap();
    assert_eq!((bow.weight, &bow.source), (0.25, &before.get(activity("bow")).unwrap().source));
    assert_eq!(after.get(Quantity::CupCoverage).unwrap().source, "our clinic");
    let version = after.get(Quantity::StemVersion).unwrap();
    assert_eq!((version.ideal_least, version.ideal_most, version.weight), (Some(15.0), Some(15.0), 1.0));
    assert_eq!(after.get(Quantity::CanalFill), before.get(Quantity::CanalFill));
    assert_eq!(
        Criteria::from_toml("format = 1\nbase = \"widmer\"").unwrap(),
        Criteria::preset("widmer").unwrap()
    );
}

/// Criteria, with `+` for a criterion and `$` for a price behind the head of a file; the line that is wrong, and words of the message.
const CONTRADICTIONS: &[(&str, usize, &str)] = &[
    ("format = 2\nzone = 3", 1, "format 2; this program reads formats up to 1"),
    ("format = 0", 1, "it must be 1"),
    ("format = 1\nbase = \"dorr\"", 2, "no preset `dorr`"),
    ("format = 1\nname = \"\"", 2, "1 to 60 characters"),
    ("format = 1", 1, "there is no criterion"),
    ("format = 1\nzone = 3", 2, "unknown field `zone`"),
    ("format = 1\ncriterion = 3", 2, "criterion: found the whole number"),
    ("", 1, "missing field `format`"),
    ("format = 1\n[[criterion]\n", 2, ""),
    (
        "+name = \"cup_covering\"\nleast = 3",
        3,
        "there is no quantity `cup_covering`; nearest are cup_coverage",
    ),
    ("+name = \"motion.hopping\"\nleast = 3", 3, "NAME one of flexion, extension, "),
    ("+name = \"activity.skiing\"\nleast = 3", 3, "activity.* or activity.NAME with NAME one of walking, "),
    ("+least = 3", 2, "missing field `name`"),
    ("+name = \"screw_length\"", 3, "give least, most or both"),
    (
        "+name = \"canal_fill\"\nleast = 0.9\nmost = 0.8\nideal_least = 1",
        5,
        "least 0.9 must be below most 0.8",
    ),
    ("+name = \"canal_fill\"\nleast = 0.9\nideal_least = 0.8", 5, "ideal_least 0.8 must lie above least 0.9"),
    ("+name = \"canal_fill\"\nleast = 0.9\nideal_least = 0.9", 5, "must lie above least 0.9"),
    ("+name = \"stem_varus\"\nmost = 2\nideal_most = 3", 5, "ideal_most 3 must lie below most 2"),
    (
        "+name = \"stem_varus\"\nleast = -2\nideal_least = 2\nmost = 1\nideal_most = 0",
        7,
        "ideal_least 2 is above ideal_most 0",
    ),
    ("+name = \"canal_fill\"\nleast = 0.9", 4, "give ideal_least too"),
    ("+name = \"stem_varus\"\nleast = -2\nideal_least = 0\nmost = 2", 6, "give ideal_most too"),
    ("+name = \"canal_fill\"\nleast = 0.9\nideal_least = 1\nideal_most = 1", 6, "give most too"),
    ("+name = \"canal_fill\"\nleast = nan\nideal_least = 1", 4, "least is NaN; it must be -10 to 10"),
    ("+name = \"stem_varus\"\nmost = inf\nideal_most = 1", 4, "most is inf; it must be -360 to 360 deg"),
    ("+name = \"stem_varus\"\nmost = \"3\"\nideal_most = 1", 4, "expected a number without quotes"),
    (
        "+name = \"stem_varus\"\nunit = \"mm\"\nmost = 3\nideal_most = 1",
        4,
        "the unit is \"mm\", but this number is in \"deg\"",
    ),
    (
        "+name = \"stem_varus\"\nmost = 3\nideal_most = 1\nweight = 0",
        6,
        "weight is 0; it must be more than 0",
    ),
    ("+name = \"stem_varus\"\nmost = 3\nideal_most = 1\nweight = -inf", 6, "use = false"),
    ("+name = \"stem_varus\"\nmost = 3\nideal_most = 1\nsource = \"\"", 6, "source: give 1 to 800"),
    ("+name = \"stem_varus\"\nmost = 3\nideal_most = 1\nuse = 1", 6, "expected true or false"),
    (
        "+name = \"stem_varus\"\nmost = 3\nideal_most = 1\n[[criterion]]\nname = \"stem_varus\"\nuse = false",
        7,
        "stem_varus is given twice",
    ),
    ("+name = \"stem_varus\"\nuse = false", 1, "there is no criterion"),
    (
        "format = 1\nbase = \"combined_anteversion\"\n[[criterion]]\nname = \"cup_anteversion\"\nleast = 5\nmost = 15\n\
         [[criterion]]\nname = \"stem_version\"\nleast = 0\nmost = 9",
        4,
        "combined_anteversion: least 25 is out of reach: the upper limits of cup_anteversion and stem_version give no more than 24",
    ),
    (
        "format = 1\n[[criterion]]\nname = \"cup_anteversion\"\nleast = 20\nmost = 25\n\
         [[criterion]]\nname = \"stem_version\"\nleast = 20\nmost = 25\n\
         [[criterion]]\nname = \"combined_anteversion_widmer\"\nleast = 20\nmost = 30",
        11,
        "most 30 is out of reach: the lower limits of cup_anteversion and stem_version give no less than 34",
    ),
    ("$name = \"neck\"\npoints = 1", 4, "neck: say the unit: unit = \"points\""),
    (
        "$name = \"neck\"\npoints = 1\nunit = \"EUR\"",
        6,
        "the unit is \"EUR\", but this price is in \"points\"",
    ),
    ("$name = \"neck\"\npoints = -1\nunit = \"points\"", 5, "points is -1; it must be 0 to 100"),
    ("$name = \"neck\"\npoints = nan\nunit = \"points\"", 5, "points is NaN"),
    ("$name = \"liner.gold\"\npoints = 1\nunit = \"points\"", 4, "a price can be set for liner.lipped, "),
    (
        "$name = \"neck\"\npoints = 1\nunit = \"points\"\n[[price]]\nname = \"neck\"\npoints = 2\nunit = \"points\"",
        8,
        "neck is given twice",
    ),
];

#[test]
fn every_contradiction_is_refused_with_its_line() {
    let whole = |text: &str| match (text.strip_prefix('+'), text.strip_prefix('$')) {
        (Some(criterion), _) => format!("format = 1\n[[criterion]]\n{criterion}"),
        (_, Some(price)) => format!("format = 1\nbase = \"essential\"\n[[price]]\n{price}"),
        _ => text.to_owned(),
    };
    for &(text, line, message) in CONTRADICTIONS {
        let text = whole(text);
        let error = Criteria::from_toml(&text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("line {line}: ")), "{text}: {error}");
        assert!(error.contains(message), "{text}: {error}");
    }
    assert!(matches!(Criteria::from_toml(&"#".repeat(2 << 20)), Err(CriteriaError::TooLarge(_))));
}

proptest! {
    #[test]
    fn any_edit_is_read_back_as_itself_or_refused_with_a_line(
        preset in 0..4_usize,
        cut in any::<prop::sample::Index>(),
        length in 0..200_usize,
        put in prop::sample::select(vec!["", "-", "1e400", "nan", "\"", "\n", "[[criterion]]\n", "use = false\n", "=", "#", "[", "é", "0x9"]),
    ) {
        let text = Criteria::preset(Criteria::presets()[preset]).unwrap().to_toml();
        let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let from = cut.index(edges.len());
        let to = (from + length).min(edges.len() - 1);
        let edited = format!("{}{put}{}", &text[..edges[from]], &text[edges[to]..]);
        match Criteria::from_toml(&edited) {
            Ok(criteria) => {
                prop_assert_eq!(Criteria::from_toml(&criteria.to_toml()).unwrap(), criteria);
            }
            Err(error) => prop_assert!(error.to_string().starts_with("line "), "{}", error),
        }
    }
}
