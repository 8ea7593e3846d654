//! What the section shows of an optimisation, and that it shows it safely.

use super::super::plot::{LEFT, TOP};
use super::super::{Provenance, ReportInput, render};
use super::ramp::ramp;
use super::*;
use crate::optimise::OrientationMap;
use crate::optimise::criteria::Group;
use crate::placement::synthetic::Case;
use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity, Patient};
use coxa_geometry::{Angle, Point, Quantity, Transform, Vector};

fn svgs(section: &Section) -> Vec<String> {
    let json = serde_json::to_value(section).unwrap();
    let of = |part: &str| json[part]["drawings"].as_array().cloned().unwrap_or_default();
    let drawings: Vec<serde_json::Value> = of("map").into_iter().chain(of("pareto")).collect();
    drawings.iter().map(|drawing| drawing["svg"].as_str().unwrap().to_owned()).collect()
}

fn section(found: &Optimisation) -> Section {
    Section::new(found, None, &HipAnatomy::default(), Side::Right, Language::English)
}

/// The page of a plan by rule, with what the optimiser found.
fn page(found: Option<&Optimisation>) -> String {
    let case = Case::right();
    let input = case.input(Default::default());
    let planned = case.plan(Default::default());
    let report = render(
        &ReportInput {
            language: Language::English,
            grid: input.grid,
            surfaces: input.surfaces,
            anatomy: input.anatomy,
            side: input.side,
            planned: Some(&planned),
            simulation: None,
            loads: None,
            optimisation: found,
            modules: &[],
            findings: &[],
            provenance: &Provenance::default(),
        },
        &case.ct,
    );
    report.unwrap().html
}

/// Every element that is opened is closed in its turn, attributes are quoted, and no bare `<` or `&` stands in a text.
fn is_well_formed(svg: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        if text.contains('>')
            || text.split('&').skip(1).any(|t| t.split_once(';').is_none_or(|(e, _)| e.len() >= 8))
        {
            return Err(format!("bare text: {text}"));
        }
        let end = rest[at..].find('>').ok_or("an element has no end")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("{name} is closed but was not open"));
            }
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default().trim_end_matches('/');
        if tag.matches('"').count() % 2 == 1 || tag.matches('=').count() * 2 != tag.matches('"').count() {
            return Err(format!("attributes of {tag}"));
        }
        if tag.contains("NaN") || tag.contains("inf") {
            return Err(format!("a number that is none in {tag}"));
        }
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are left open")) }
}

#[test]
fn the_check_of_drawings_finds_what_is_wrong() {
    assert!(is_well_formed("<svg a=\"1\"><path d=\"M0 0\"/><text>a &lt; b</text></svg>").is_ok());
    for wrong in ["<svg><g></svg>", "<svg a=1/>", "<svg>a & b</svg>", "<svg", "<path d=\"MNaN 0\"/>"] {
        assert!(is_well_formed(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn drawings_are_well_formed_and_hostile_words_stay_words() {
    let mut found = fixture::optimisation();
    for tried in &mut found.pareto {
        tried.design.components.cup_family = "<script>\"'&</title>".into();
    }
    let drawings = svgs(&section(&found));
    assert_eq!(drawings.len(), 3, "two maps, and one drawing for the third group");
    for svg in &drawings {
        assert_eq!(is_well_formed(svg), Ok(()));
        assert!(!svg.contains("<script"));
    }
}

#[test]
fn what_was_damaged_by_hand_draws_nothing_and_breaks_nothing() {
    let whole = fixture::optimisation().orientation_map.unwrap();
    let damaged = |change: fn(&mut OrientationMap)| {
        let mut found = fixture::optimisation();
        let mut map = whole.clone();
        change(&mut map);
        found.orientation_map = Some(map);
        section(&found)
    };
    assert!(damaged(|map| map.success.truncate(3)).map.is_none());
    assert!(damaged(|map| map.motion[4].clear()).map.is_none());
    assert!(damaged(|map| map.inclinations_deg.clear()).map.is_none());
    assert!(damaged(|map| map.anteversions_deg[1] = -10.0).map.is_none());
    assert!(damaged(|_| {}).map.is_some());

    let mut found = fixture::optimisation();
    found.pareto.clear();
    found.recommended.assessment.criteria.truncate(1);
    found.recommended.assessment.groups.truncate(1);
    found.criteria.list[0].subject = Quantity::RimOverhang.into();
    found.prices[0].criteria[0].subject = Quantity::StemVarus.into();
    found.orientation_map = None;
    let bare = section(&found);
    assert!(bare.map.is_none() && bare.pareto.is_none());
}

#[test]
fn a_map_on_which_nothing_succeeds_is_white_and_says_so() {
    let mut found = fixture::optimisation();
    if let Some(map) = &mut found.orientation_map {
        map.success.iter_mut().flatten().for_each(|share| *share = 0.0);
    }
    let json = serde_json::to_value(section(&found)).unwrap();
    let legend = json["map"]["drawings"][0]["legend"].as_array().unwrap();
    assert_eq!(legend.len(), 1);
    assert_eq!(legend[0][1], "#ffffff");
    assert!(json["map"]["best"].is_null());
}

#[test]
fn the_recommended_orientation_is_marked_where_it_is() {
    let svg = &svgs(&section(&fixture::optimisation()))[0];
    // 40 degrees lie 25 beyond the first inclination and 21.5 lie 31.5 above the first anteversion, at 6 units a degree.
    let (x, y) = (150.0, 300.0 - 189.0);
    assert!(svg.contains(&format!("class=\"mark best\" d=\"M{x:.1} {:.1}l9 9", y - 9.0)), "{svg}");
    assert!(svg.contains(&format!("<svg x=\"{LEFT}\" y=\"{TOP}\" width=\"360.0\" height=\"300.0\"")));
    assert!(svg.contains("rx=\"32.4\" ry=\"45.0\""), "5.4 and 7.5 degrees of the freehand model");
}

#[test]
fn the_zone_of_lewinnek_turns_with_the_pelvis() {
    let plane = |tilt: f64| {
        let superior = Vector::new(0.0, -Angle::from_degrees(tilt).sin(), Angle::from_degrees(tilt).cos());
        let anterior = Vector::new(0.0, -Angle::from_degrees(tilt).cos(), -Angle::from_degrees(tilt).sin());
        (anterior, superior)
    };
    let mut anatomy = HipAnatomy::default();
    let (anterior, superior) = plane(0.0);
    anatomy.pelvis.functional = Transform::<Gravity, Patient>::from_axes(Point::origin(), anterior, superior);
    let (anterior, superior) = plane(10.0);
    anatomy.pelvis.anterior_plane =
        Transform::<AnteriorPelvicPlane, Patient>::from_axes(Point::origin(), anterior, superior);
    let svg = |anatomy: &HipAnatomy, side| {
        svgs(&Section::new(&fixture::optimisation(), None, anatomy, side, Language::English)).swap_remove(0)
    };
    let corner = |svg: &str| -> [f64; 2] {
        let path = svg.split("class=\"zone\" d=\"M").nth(1).unwrap();
        let (x, y) = path.split('L').next().unwrap().split_once(' ').unwrap();
        [x.parse::<f64>().unwrap() / 6.0 + 15.0, (300.0 - y.parse::<f64>().unwrap()) / 6.0 - 10.0]
    };
    let [ri, ra] = corner(&svg(&HipAnatomy::default(), Side::Right));
    assert!((ri - 30.0).abs() < 0.02 && (ra - 5.0).abs() < 0.02, "{ri} {ra}");
    // The superior axis of the plane leans forwards: the pelvis is tilted forwards, and a cup less anteverted for it.
    let exact = coxa_geometry::cup::Radiographic::<AnteriorPelvicPlane>::from_degrees(30.0, 5.0)
        .tilted(Angle::from_degrees(-10.0));
    for side in [Side::Right, Side::Left] {
        let [ri, ra] = corner(&svg(&anatomy, side));
        let expected = [exact.inclination, exact.anteversion].map(Angle::degrees);
        assert!(
            (ri - expected[0]).abs() < 0.02 && (ra - expected[1]).abs() < 0.02,
            "{ri} {ra} against {expected:?}"
        );
    }
}

#[test]
fn the_axes_are_the_groups_that_fall_while_the_other_rises() {
    let json = serde_json::to_value(section(&fixture::optimisation())).unwrap();
    let svg = json["pareto"]["drawings"][0]["svg"].as_str().unwrap();
    assert!(svg.contains(">Fixation, desirability") && svg.contains(">Motion, desirability"));
    assert!(svg.contains(&format!(
        "Coloured by {}",
        names::group(Language::English, Group::Stability).to_lowercase()
    )));
    assert_eq!(svg.matches("class=\"plan\"").count(), 3);
    assert_eq!(
        (svg.matches("class=\"plan rule\"").count(), svg.matches("class=\"plan best\"").count()),
        (1, 1)
    );
}

#[test]
fn colours_grow_darker_throughout() {
    let lightness = |colour: String| -> f64 {
        let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap());
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let all: Vec<f64> = (0..=20).map(|n| lightness(ramp(f64::from(n) / 20.0))).collect();
    assert!(all.windows(2).all(|pair| pair[0] - pair[1] > 3.0), "{all:?}");
    assert_eq!((ramp(-1.0), ramp(2.0)), ("#ffffff".into(), "#10346e".into()));
}

#[test]
fn the_section_is_there_only_where_something_was_optimised() {
    let headings = [
        "<h2>Chance of success</h2>",
        "<h3>Criteria</h3>",
        "class=\"zone\"",
        "no longer the recommended one",
    ];
    let (without, with) = (page(None), page(Some(&fixture::optimisation())));
    for heading in headings {
        assert!(!without.contains(heading) && with.contains(heading), "{heading}");
    }
    let mut found = fixture::optimisation();
    found.recommended.plan = found.first.plan.clone();
    let own = page(Some(&found));
    assert!(!own.contains("no longer the recommended one"));
    let tile = "<span>Chance that all criteria hold</span><b>71.0 %</b>";
    assert!(own.contains(tile) && !with.contains(tile));
}

#[test]
fn the_table_has_the_numbers_of_the_file() {
    let found = fixture::optimisation();
    let html = page(Some(&found));
    let file = serde_json::to_value(&found).unwrap();
    let list = file["criteria"]["list"].as_array().unwrap();
    let mut compared = 0;
    for (n, criterion) in list.iter().enumerate() {
        let name = names::criterion(Language::English, &criterion["name"].as_str().unwrap().parse().unwrap());
        let start = html.find(&format!("\">{name}<")).or_else(|| html.find(&format!("\">{name} <"))).unwrap();
        let row = html[start..].split("</tr>").next().unwrap();
        let [limit, by_rule, recommended] =
            [&criterion["least"], &number_of(&file, "first", n), &number_of(&file, "recommended", n)]
                .map(|number| number.as_f64());
        let decimals = if ["mm", "deg"].contains(&criterion["unit"].as_str().unwrap()) { 1 } else { 0 };
        let Some(recommended) = recommended else {
            assert!(row.contains("Not measurable"), "{row}");
            continue;
        };
        for number in [limit.unwrap(), by_rule.unwrap(), recommended] {
            assert!(row.contains(&format!("{number:.decimals$}")), "{number} is not in {row}");
            compared += 1;
        }
        let chance = file["recommended"]["assessment"]["criteria"][n]["probability"].as_f64().unwrap();
        let shown = if (0.995..1.0).contains(&chance) {
            "&gt; 99 %".into()
        } else {
            format!("{:.0} %", 100.0 * chance)
        };
        assert!(row.contains(&format!("<b>{shown}</b>")), "{shown} is not in {row}");
    }
    assert_eq!(compared, 15);
}

fn number_of(file: &serde_json::Value, which: &str, n: usize) -> serde_json::Value {
    file[which]["assessment"]["criteria"][n]["planned"].clone()
}

#[test]
fn no_word_of_a_file_becomes_markup() {
    let hostile = || "<script>alert(1)</script>\"'&".to_owned();
    let mut found = fixture::optimisation();
    found.criteria.preset = hostile();
    found.options.error_model.name = hostile();
    found.options.postures.standing.how = hostile();
    found.recommended.design.components.stem_family = hostile();
    found.first.design.components.liner = hostile();
    for criterion in &mut found.criteria.list {
        criterion.source = hostile();
    }
    let html = page(Some(&found));
    assert!(html.contains("alert(1)") && !html.contains("<script"));
}
