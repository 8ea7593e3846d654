//! From the results to the page: what goes where, in which words.

use super::before_after::before_and_after;
use super::comparison::{Tile, headline};
use super::findings::sorted;
use super::input::{InputHash, Provenance, ReportInput};
use super::numbers::{bare, fixed, plus_minus, signed_mm, value, whole_degrees};
use super::speech::{listed, say};
use super::tables::{completed, not_seen, of_plan, of_scan};
use super::words::{lower, of_side, titled};
use super::{captions, contacts, gallery, loads, modules, motion, muscles, optimisation};
use crate::pictures::{Picture, implant_colour};
use crate::planned::Planned;
use base64::Engine;
use coxa_geometry::quantity::CUP_ANGLES;
use coxa_geometry::{Quantity, Unit};
use coxa_locale::{Argument, Arguments, Language};
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{AutoEscape, Environment, HtmlEscape, Value, context};
use serde::Serialize;

const TEMPLATE: &str = include_str!("../../templates/report.html");

/// Parts in the order in which they are put in.
const PARTS: [&str; 5] = ["shell", "liner", "mobile_bearing", "stem", "head"];

/// Fills in the page.
pub(super) fn fill(
    input: &ReportInput<'_>,
    pictures: &[Picture],
    contact_pictures: &[Picture],
    modules: &[modules::Section<'_>],
) -> Result<String, minijinja::Error> {
    let language = input.language;
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.add_function("t", move |id: &str, named: Kwargs| message(language, id, &named));
    environment.add_filter("word", move |english: &str| language.word(english).into_owned());
    environment.add_template("report", TEMPLATE)?;
    environment.get_template("report")?.render(context! {
        language => language.tag(),
        is_unreviewed => !language.is_reviewed(),
        unreviewed_in_english => Language::English.text("report-unreviewed"),
        side => input.side.name(),
        refused => input.planned.is_none(),
        headline => tiles(input),
        compared => before_and_after(input),
        components => input.planned.map(|planned| components(planned, language)).unwrap_or_default(),
        cup_angles => input.planned.map(|planned| cup_angles(planned, language)).unwrap_or_default(),
        versions => input.planned.map(|planned| versions(input, planned)).unwrap_or_default(),
        planned => input.planned.map(|p| of_plan(&p.results, language)).unwrap_or_default(),
        optimised => optimised(input),
        rom => input.simulation.map(|simulated| motion::Section::new(simulated, language)),
        loads => input.loads.map(|found| loads::Section::new(found, language)),
        measurements => of_scan(&input.anatomy.measurements, &completed(input.anatomy), language),
        muscles => muscles::rows(&input.anatomy.muscles, language),
        modules => modules,
        landmarks => landmarks(input),
        missing => not_seen(&input.anatomy.missing, language),
        findings => sorted(input.findings, language),
        pictures => pictures.iter().map(|p| Shown::new(p, gallery::caption(input, p))).collect::<Vec<_>>(),
        legend => legend(input.planned, language),
        contacts => contact_pictures.iter().map(|p| Shown::new(p, contacts::caption(input, p))).collect::<Vec<_>>(),
        contact_legend => contacts::legend().map(|(name, [r, g, b])| (titled(language, name), format!("rgb({r},{g},{b})"))),
        voxels => voxels(input),
        provenance => provenance(input.provenance, language),
    })
}

/// `t("report-...", name=value)`: a message, safe as the messages of the program are; arguments are escaped where they are not safe.
fn message(language: Language, id: &str, named: &Kwargs) -> Result<Value, minijinja::Error> {
    let mut arguments = Arguments::new();
    for name in named.args() {
        arguments = arguments.with(name, argument(&named.get::<Value>(name)?));
    }
    Ok(Value::from_safe_string(language.say(id, arguments)))
}

fn argument(value: &Value) -> Argument {
    if value.kind() == ValueKind::Number
        && let Ok(number) = f64::try_from(value.clone())
    {
        return Argument::Number { value: number, decimals: value.is_integer().then_some(0) };
    }
    if value.is_safe() { value.to_string().into() } else { HtmlEscape(&value.to_string()).to_string().into() }
}

/// The headline figures; what the optimiser expects of this very plan comes first.
fn tiles(input: &ReportInput<'_>) -> Vec<Tile> {
    let Some(planned) = input.planned else { return Vec::new() };
    let chance =
        input.optimisation.and_then(|found| optimisation::tile(found, &planned.plan, input.language));
    chance
        .into_iter()
        .chain(headline(planned, input.simulation.map(|s| &s.results), input.language))
        .collect()
}

fn optimised(input: &ReportInput<'_>) -> Option<optimisation::Section> {
    let plan = input.planned.map(|planned| &planned.plan);
    input
        .optimisation
        .map(|found| optimisation::Section::new(found, plan, input.anatomy, input.side, input.language))
}

/// Femoral and combined version by each definition.
fn versions(input: &ReportInput<'_>, planned: &Planned) -> Vec<(String, String)> {
    let language = input.language;
    let scanned = input.anatomy.measurements.get(Quantity::FemoralVersion.of(input.side));
    let result = |quantity| planned.results.get(quantity);
    let all = [
        ("report-version-native-femur", scanned),
        ("report-version-native-head", result(Quantity::FemoralVersionNative)),
        ("report-version-stem", result(Quantity::StemVersion)),
        ("report-version-combined", result(Quantity::CombinedAnteversion)),
        ("report-version-combined-widmer", result(Quantity::CombinedAnteversionWidmer)),
    ];
    all.into_iter()
        .filter_map(|(name, measured)| Some((language.text(name), value(language, measured?))))
        .collect()
}

/// Part, family and choice.
fn components(planned: &Planned, language: Language) -> Vec<(String, String, String)> {
    let plan = &planned.plan;
    let degrees = |angle| whole_degrees(language, angle);
    let shell = say(language, "report-shell-choice", [("size", fixed(plan.cup.size_mm, 0))]);
    let head = [
        ("diameter", plan.head.diameter_mm.into()),
        ("offset", signed_mm(language, plan.head.offset_mm).into()),
    ];
    let screws = plan.cup.screws.iter().map(|screw| {
        let choice = [("length", fixed(screw.length_mm, 0)), ("hole", screw.hole.to_string().into())];
        (language.text("report-screw"), String::new(), say(language, "report-screw-choice", choice))
    });
    let shell = (titled(language, "shell"), titled(language, &plan.cup.family), shell);
    let parts = &planned.components;
    let polyethylene = parts.cup.polyethylene_mm(plan.cup.size_mm, &parts.liner, plan.head.diameter_mm);
    let wall = ("thickness", fixed(polyethylene, 1));
    let liner = match plan.liner.lip_direction_deg {
        Some(lip) => say(language, "report-liner-choice-lip", [wall, ("direction", degrees(lip).into())]),
        None => say(language, "report-liner-choice", [wall]),
    };
    let others = [
        (titled(language, "liner"), titled(language, &plan.liner.kind), liner),
        (titled(language, "stem"), titled(language, &plan.stem.family), stem(planned, language)),
        (titled(language, "head"), String::new(), say(language, "report-head-choice", head)),
    ];
    std::iter::once(shell).chain(screws).chain(others).collect()
}

fn stem(planned: &Planned, language: Language) -> String {
    let stem = &planned.plan.stem;
    let reference = match stem.version_reference.as_str() {
        "table" => "coronal plane of the scanner".to_owned(),
        other => other.replace('_', " "),
    };
    let choice = [
        ("size", stem.size.to_string().into()),
        ("neck_shaft", whole_degrees(language, stem.neck_shaft_deg).into()),
        ("offset", language.word(&stem.offset).into_owned().into()),
        ("version", whole_degrees(language, stem.version_deg).into()),
        ("reference", language.word(&reference).into_owned().into()),
    ];
    say(language, "report-stem-choice", choice)
}

/// Definition, then inclination and anteversion in the functional plane and in the anterior pelvic plane.
fn cup_angles(planned: &Planned, language: Language) -> Vec<(String, [String; 4])> {
    let unknown = || language.text("report-not-known");
    let angle = |quantity| planned.results.get(quantity).map_or_else(unknown, |m| value(language, m));
    ["report-radiographic", "report-operative", "report-anatomical"]
        .into_iter()
        .zip(CUP_ANGLES)
        .map(|(definition, [functional, app])| {
            let ([a, b], [c, d]) = (functional.map(angle), app.map(angle));
            (language.text(definition), [a, b, c, d])
        })
        .collect()
}

/// Name, place, spread, method.
fn landmarks(input: &ReportInput<'_>) -> Vec<(String, String, String, String)> {
    let language = input.language;
    input
        .anatomy
        .landmarks
        .iter()
        .map(|l| {
            let p = l.position_mm;
            let place = [p.x(), p.y(), p.z()].map(|c| bare(language, c, Unit::Millimetre));
            (
                of_side(language, l.side, &lower(&titled(language, l.kind.name()))),
                listed(language, place),
                plus_minus(language, l.spread_mm, Unit::Millimetre),
                l.method.clone(),
            )
        })
        .collect()
}

/// A picture as the page shows it.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    caption: String,
    is_scene: bool,
    width: u32,
    height: u32,
    /// Width on paper at the scale of the print.
    print_mm: f64,
    data: String,
}

impl<'a> Shown<'a> {
    fn new(picture: &'a Picture, caption: String) -> Self {
        Shown {
            name: &picture.name,
            caption,
            is_scene: captions::is_scene(&picture.name),
            width: picture.width,
            height: picture.height,
            print_mm: picture.width_mm() / f64::from(picture.print_scale()),
            data: base64::engine::general_purpose::STANDARD.encode(&picture.png),
        }
    }
}

/// Names and colours of the outlines.
fn legend(planned: Option<&Planned>, language: Language) -> Vec<(String, String)> {
    let colour = |[r, g, b]: [u8; 3]| format!("rgb({r},{g},{b})");
    let bones =
        coxa_anatomy::Bone::ALL.into_iter().map(|b| (b.name(), colour(crate::pictures::bone_colour(b))));
    let mut legend: Vec<(String, String)> = Vec::new();
    for (name, colour) in bones {
        let name = match name.trim_end_matches("_right").trim_end_matches("_left") {
            "hip" => titled(language, "hip_bone"),
            other => titled(language, other),
        };
        if !legend.iter().any(|(n, _)| *n == name) {
            legend.push((name, colour));
        }
    }
    if let Some(planned) = planned {
        let parts = PARTS.into_iter().filter(|part| planned.implants.contains_key(*part));
        legend.extend(parts.map(|part| (titled(language, part), colour(implant_colour(part)))));
    }
    legend
}

fn voxels(input: &ReportInput<'_>) -> String {
    let [i, j, k] = input.grid.dims;
    let [x, y, z] = input.grid.spacing_mm();
    let of = [
        ("columns", i.into()),
        ("rows", j.into()),
        ("slices", k.into()),
        ("x", fixed(x, 2)),
        ("y", fixed(y, 2)),
        ("z", fixed(z, 2)),
    ];
    say(input.language, "report-voxels", of)
}

fn provenance(provenance: &Provenance, language: Language) -> Vec<String> {
    let version = provenance.program_version.as_str();
    let mut lines = vec![say(language, "report-program", [("version", version.into())])];
    let seed = |seed: u64| say(language, "report-virtual-patient", [("seed", seed.to_string().into())]);
    lines.extend(provenance.seed.map(seed));
    let input = |input: &InputHash| {
        let of = [("role", input.role.as_str().into()), ("hash", input.blake3.as_str().into())];
        say(language, "report-input-hash", of)
    };
    lines.extend(provenance.inputs.iter().map(input));
    lines
}
