//! From the results to the page: what goes where, in which words.

use super::comparison::{Tile, before_and_after, headline};
use super::findings::sorted;
use super::input::{Provenance, ReportInput};
use super::tables::{completed, not_seen, of_plan, of_scan};
use super::words::{capitalised, lower, number, signed_mm, title, value, whole_degrees};
use super::{contacts, loads, motion, muscles, optimisation};
use crate::pictures::{Picture, implant_colour};
use crate::planned::Planned;
use base64::Engine;
use coxa_geometry::quantity::CUP_ANGLES;
use coxa_geometry::{Quantity, Unit};
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

const TEMPLATE: &str = include_str!("../../templates/report.html");

/// Parts in the order in which they are put in.
const PARTS: [&str; 5] = ["shell", "liner", "mobile_bearing", "stem", "head"];

/// Fills in the page.
pub(super) fn fill(
    input: &ReportInput<'_>,
    pictures: &[Picture],
    contacts: &[Picture],
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.add_template("report", TEMPLATE)?;
    environment.get_template("report")?.render(context! {
        side => input.side.name(),
        refused => input.planned.is_none(),
        headline => tiles(input),
        compared => before_and_after(input),
        components => input.planned.map(components).unwrap_or_default(),
        cup_angles => input.planned.map(cup_angles).unwrap_or_default(),
        versions => input.planned.map(|planned| versions(input, planned)).unwrap_or_default(),
        planned => input.planned.map(|p| of_plan(&p.results)).unwrap_or_default(),
        optimised => optimised(input),
        rom => input.simulation.map(motion::Section::new),
        loads => input.loads.map(loads::Section::new),
        measurements => of_scan(&input.anatomy.measurements, &completed(input.anatomy)),
        muscles => muscles::rows(&input.anatomy.muscles),
        landmarks => landmarks(input),
        missing => not_seen(&input.anatomy.missing),
        findings => sorted(input.findings),
        pictures => pictures.iter().map(Shown::new).collect::<Vec<_>>(),
        legend => legend(input.planned),
        contacts => contacts.iter().map(Shown::new).collect::<Vec<_>>(),
        contact_legend => contacts::legend().map(|(name, [r, g, b])| (name, format!("rgb({r},{g},{b})"))),
        voxels => voxels(input),
        provenance => provenance(input.provenance),
    })
}

/// The headline figures; what the optimiser expects of this very plan comes first.
fn tiles(input: &ReportInput<'_>) -> Vec<Tile> {
    let Some(planned) = input.planned else { return Vec::new() };
    let chance = input.optimisation.and_then(|found| optimisation::tile(found, &planned.plan));
    chance.into_iter().chain(headline(planned, input.simulation.map(|s| &s.results))).collect()
}

fn optimised(input: &ReportInput<'_>) -> Option<optimisation::Section> {
    let plan = input.planned.map(|planned| &planned.plan);
    input.optimisation.map(|found| optimisation::Section::new(found, plan, input.anatomy, input.side))
}

/// Femoral and combined version by each definition.
fn versions(input: &ReportInput<'_>, planned: &Planned) -> Vec<(&'static str, String)> {
    let scanned = input.anatomy.measurements.get(Quantity::FemoralVersion.of(input.side));
    let result = |quantity| planned.results.get(quantity);
    let all = [
        ("Femur, native (Murphy)", scanned),
        ("Native head about the stem", result(Quantity::FemoralVersionNative)),
        ("Stem", result(Quantity::StemVersion)),
        ("Combined (cup + stem)", result(Quantity::CombinedAnteversion)),
        ("Combined (cup + 0.7 stem)", result(Quantity::CombinedAnteversionWidmer)),
    ];
    all.into_iter().filter_map(|(name, measured)| Some((name, value(measured?)))).collect()
}

fn components(planned: &Planned) -> Vec<(&'static str, String, String)> {
    let plan = &planned.plan;
    let shell = format!("{:.0} mm outer diameter", plan.cup.size_mm);
    let lip = plan
        .liner
        .lip_direction_deg
        .map(|d| format!("lip {} from superior towards anterior", whole_degrees(d)));
    let head = format!("{} mm, head offset {}", plan.head.diameter_mm, signed_mm(plan.head.offset_mm));
    let stem = format!(
        "size {}, neck-shaft angle {}, {} offset, version {} against the {}",
        plan.stem.size,
        whole_degrees(plan.stem.neck_shaft_deg),
        plan.stem.offset,
        whole_degrees(plan.stem.version_deg),
        match plan.stem.version_reference.as_str() {
            "table" => "coronal plane of the scanner".into(),
            other => other.replace('_', " "),
        }
    );
    let screws = plan
        .cup
        .screws
        .iter()
        .map(|screw| ("Screw", String::new(), format!("{:.0} mm, hole {}", screw.length_mm, screw.hole)));
    let shell = ("Shell", title(&plan.cup.family), shell);
    let parts = &planned.components;
    let polyethylene = parts.cup.polyethylene_mm(plan.cup.size_mm, &parts.liner, plan.head.diameter_mm);
    let wall = format!("polyethylene {polyethylene:.1} mm");
    let liner = lip.map_or_else(|| wall.clone(), |lip| format!("{wall}, {lip}"));
    let others = [
        ("Liner", title(&plan.liner.kind), liner),
        ("Stem", title(&plan.stem.family), stem),
        ("Head", String::new(), head),
    ];
    std::iter::once(shell).chain(screws).chain(others).collect()
}

/// Definition, then inclination and anteversion in the functional plane and in the anterior pelvic plane.
fn cup_angles(planned: &Planned) -> Vec<(&'static str, [String; 4])> {
    let angle = |quantity| planned.results.get(quantity).map_or("not known".into(), value);
    ["Radiographic", "Operative", "Anatomical"]
        .into_iter()
        .zip(CUP_ANGLES)
        .map(|(definition, [functional, app])| {
            let ([a, b], [c, d]) = (functional.map(angle), app.map(angle));
            (definition, [a, b, c, d])
        })
        .collect()
}

/// Name, place, spread, method.
fn landmarks(input: &ReportInput<'_>) -> Vec<(String, String, String, String)> {
    let name = |kind| {
        let text = serde_json::to_value(kind).ok();
        text.as_ref().and_then(|t| t.as_str()).map(title).unwrap_or_default()
    };
    input
        .anatomy
        .landmarks
        .iter()
        .map(|l| {
            let p = l.position_mm;
            let place = [p.x(), p.y(), p.z()].map(|c| number(c, Unit::Millimetre));
            (
                capitalised(&format!("{} {}", l.side, lower(&name(l.kind)))),
                place.join(", ").replace(" mm", ""),
                format!("\u{b1} {:.1} mm", l.spread_mm),
                l.method.clone(),
            )
        })
        .collect()
}

/// A picture as the page shows it.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    caption: &'a str,
    width: u32,
    height: u32,
    /// Width on paper at the scale of the print.
    print_mm: f64,
    data: String,
}

impl<'a> Shown<'a> {
    fn new(picture: &'a Picture) -> Self {
        Shown {
            name: &picture.name,
            caption: &picture.caption,
            width: picture.width,
            height: picture.height,
            print_mm: picture.width_mm() / f64::from(picture.print_scale()),
            data: base64::engine::general_purpose::STANDARD.encode(&picture.png),
        }
    }
}

/// Names and colours of the outlines.
fn legend(planned: Option<&Planned>) -> Vec<(String, String)> {
    let colour = |[r, g, b]: [u8; 3]| format!("rgb({r},{g},{b})");
    let bones =
        coxa_anatomy::Bone::ALL.into_iter().map(|b| (b.name(), colour(crate::pictures::bone_colour(b))));
    let mut legend: Vec<(String, String)> = Vec::new();
    for (name, colour) in bones {
        let name = match title(name.trim_end_matches("_right").trim_end_matches("_left")) {
            hip if hip == "Hip" => "Hip bone".into(),
            other => other,
        };
        if !legend.iter().any(|(n, _)| *n == name) {
            legend.push((name, colour));
        }
    }
    if let Some(planned) = planned {
        let parts = PARTS.into_iter().filter(|part| planned.implants.contains_key(*part));
        legend.extend(parts.map(|part| (title(part), colour(implant_colour(part)))));
    }
    legend
}

fn voxels(input: &ReportInput<'_>) -> String {
    let [i, j, k] = input.grid.dims;
    let [x, y, z] = input.grid.spacing_mm();
    format!("{i} \u{d7} {j} \u{d7} {k} voxels of {x:.2} \u{d7} {y:.2} \u{d7} {z:.2} mm")
}

fn provenance(provenance: &Provenance) -> Vec<(String, String)> {
    let mut lines = vec![("Program".to_owned(), format!("Coxa {}", provenance.program_version))];
    lines.extend(
        provenance.seed.map(|seed| ("Input".to_owned(), format!("built-in virtual patient, seed {seed}"))),
    );
    lines.extend(provenance.inputs.iter().map(|i| (i.role.clone(), format!("BLAKE3 {}", i.blake3))));
    lines
}
