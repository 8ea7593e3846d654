//! From the results to the page: what goes where, in which words.

use super::words::{change, number, severity, spread, title, value};
use super::{Provenance, ReportInput};
use crate::pictures::{Picture, implant_colour};
use crate::plan::{Planned, RomRow, Simulation};
use base64::Engine;
use coxa_geometry::{Finding, Measured, Severity};
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;
use std::collections::BTreeMap;

const TEMPLATE: &str = include_str!("../../templates/report.html");

/// Required motion of ordinary activities reaches at most this; the bars of the table are drawn to it.
const BAR_DEG: f64 = 160.0;

/// Fills in the page.
pub(super) fn fill(input: &ReportInput<'_>, pictures: &[Picture]) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.add_template("report", TEMPLATE)?;
    let refused = input.planned.is_none();
    environment.get_template("report")?.render(context! {
        side => input.side.name(),
        refused,
        headline => input.planned.map(headline).unwrap_or_default(),
        components => input.planned.map(components).unwrap_or_default(),
        cup_angles => input.planned.map(cup_angles).unwrap_or_default(),
        planned => input.planned.map(|p| rows(&p.results, is_not_cup_angle)).unwrap_or_default(),
        motions => input.simulation.map(motions).unwrap_or_default(),
        oscillation => input.simulation.map(|s| format!("{:.0}", s.oscillation_deg)),
        jumping => input.simulation.map(|s| format!("{:.1} mm", s.jumping_distance_mm)),
        posture => input.simulation.map(|s| s.posture.clone()),
        measurements => rows(&input.anatomy.measurements, |_| true),
        landmarks => landmarks(input),
        missing => input.anatomy.missing.iter().map(|m| (title(&m.what), &m.why)).collect::<Vec<_>>(),
        findings => findings(input.findings),
        pictures => pictures.iter().map(Shown::new).collect::<Vec<_>>(),
        legend => legend(input.planned),
        voxels => voxels(input),
        provenance => provenance(input.provenance),
    })
}

/// One line of a table of measured values.
#[derive(Serialize)]
struct Row {
    name: String,
    value: String,
    spread: String,
    method: String,
}

fn row(name: &str, m: &Measured) -> Row {
    Row { name: title(name), value: value(m), spread: spread(m), method: m.method.clone() }
}

fn rows(values: &BTreeMap<String, Measured>, wanted: impl Fn(&str) -> bool) -> Vec<Row> {
    values.iter().filter(|(name, _)| wanted(name)).map(|(name, m)| row(name, m)).collect()
}

/// The numbers that a surgeon looks for first.
fn headline(planned: &Planned) -> Vec<(String, String, String)> {
    let plan = &planned.plan;
    let mut figures = vec![
        (
            "Cup".to_owned(),
            format!("{:.0} mm", plan.cup.size_mm),
            format!(
                "{}, {} liner, {} mm head",
                title(&plan.cup.family),
                plan.liner.kind.replace('_', " "),
                plan.head.diameter_mm
            ),
        ),
        (
            "Inclination / anteversion".to_owned(),
            format!("{:.0} / {:.0}", plan.cup.inclination_deg, plan.cup.anteversion_deg),
            "radiographic, supine functional plane".to_owned(),
        ),
        (
            "Stem".to_owned(),
            format!("size {}", plan.stem.size),
            format!(
                "{}, {:.0}, {} offset, head offset {:+.1} mm",
                title(&plan.stem.family),
                plan.stem.neck_shaft_deg,
                plan.stem.offset,
                plan.head.offset_mm
            ),
        ),
    ];
    for (key, name) in [("leg_length_change", "Leg length"), ("offset_change", "Global offset")] {
        if let Some(m) = planned.results.get(key) {
            figures.push((name.to_owned(), change(m), format!("{} by the plan", spread(m))));
        }
    }
    for (key, name) in [("cup_coverage", "Cup coverage"), ("combined_anteversion", "Combined anteversion")] {
        if let Some(m) = planned.results.get(key) {
            figures.push((name.to_owned(), value(m), spread(m)));
        }
    }
    figures
}

fn components(planned: &Planned) -> Vec<(&'static str, String, String)> {
    let plan = &planned.plan;
    let shell = format!("{:.0} mm outer diameter", plan.cup.size_mm);
    let lip = plan.liner.lip_direction_deg.map(|d| format!("lip {d:.0} from superior towards anterior"));
    let head = format!("{} mm, offset {:+.1} mm", plan.head.diameter_mm, plan.head.offset_mm);
    let stem = format!(
        "size {}, neck-shaft angle {:.0}, {} offset, version {:.0} against the {}",
        plan.stem.size,
        plan.stem.neck_shaft_deg,
        plan.stem.offset,
        plan.stem.version_deg,
        plan.stem.version_reference.replace('_', " ")
    );
    vec![
        ("Shell", title(&plan.cup.family), shell),
        ("Liner", title(&plan.liner.kind), lip.unwrap_or_default()),
        ("Head", String::new(), head),
        ("Stem", title(&plan.stem.family), stem),
    ]
}

const CUP_ANGLES: [&str; 2] = ["cup_inclination_", "cup_anteversion_"];

fn is_not_cup_angle(name: &str) -> bool {
    !CUP_ANGLES.iter().any(|prefix| name.starts_with(prefix))
}

/// Definition, then inclination and anteversion in the functional plane and in the anterior pelvic plane.
fn cup_angles(planned: &Planned) -> Vec<(&'static str, [String; 4])> {
    ["radiographic", "operative", "anatomical"]
        .into_iter()
        .map(|definition| {
            let angle = |kind: &str, plane: &str| {
                planned.results.get(&format!("{kind}{definition}_{plane}")).map_or("not known".into(), value)
            };
            let [inclination, anteversion] = CUP_ANGLES;
            let pair = |plane| [angle(inclination, plane), angle(anteversion, plane)];
            let ([a, b], [c, d]) = (pair("functional"), pair("app"));
            (definition, [a, b, c, d])
        })
        .collect()
}

/// One motion with its bar: percentages of the bar's length.
#[derive(Serialize)]
struct Motion {
    name: String,
    neck: String,
    bone: String,
    cause: String,
    required: String,
    short: bool,
    bar: f64,
    mark: Option<f64>,
}

fn motions(simulation: &Simulation) -> Vec<Motion> {
    simulation.rows.iter().map(motion).collect()
}

fn motion(row: &RomRow) -> Motion {
    let degrees = |a: Option<coxa_geometry::Angle>| a.map_or("no contact".into(), |a| format!("{a:.0}"));
    let first =
        [row.neck_on_liner_deg, row.bone_deg].into_iter().flatten().map(|a| a.degrees()).reduce(f64::min);
    let required = row.required_deg.map(|a| a.degrees());
    let length = |degrees: f64| (degrees / BAR_DEG * 100.0).clamp(0.0, 100.0);
    Motion {
        name: title(&row.motion),
        neck: degrees(row.neck_on_liner_deg),
        bone: degrees(row.bone_deg),
        cause: row.cause.replace('_', " "),
        required: row.required_deg.map_or(String::new(), |a| format!("{a:.0}")),
        short: matches!((first, required), (Some(f), Some(r)) if f < r),
        bar: first.map_or(100.0, length),
        mark: required.map(length),
    }
}

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
            let place = format!("{:.1}, {:.1}, {:.1}", p.x(), p.y(), p.z());
            (
                format!("{}, {}", name(l.kind), l.side),
                place,
                format!("\u{b1} {:.1} mm", l.spread_mm),
                l.method.clone(),
            )
        })
        .collect()
}

/// A finding as the page shows it.
#[derive(Serialize)]
struct Said {
    severity: &'static str,
    about: String,
    message: String,
    figure: String,
    source: String,
}

fn findings(findings: &[Finding]) -> Vec<Said> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f: &&Finding| std::cmp::Reverse::<Severity>(f.severity));
    sorted
        .into_iter()
        .map(|f| {
            let figure = match (f.value, f.limit, f.unit) {
                (Some(v), Some(l), Some(u)) => format!("{}, limit {}", number(v, u), number(l, u)),
                (Some(v), None, Some(u)) => number(v, u),
                _ => String::new(),
            };
            Said {
                severity: severity(f),
                about: title(&f.about),
                message: f.message.clone(),
                figure,
                source: f.source.clone(),
            }
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
    data: String,
}

impl<'a> Shown<'a> {
    fn new(picture: &'a Picture) -> Self {
        Shown {
            name: &picture.name,
            caption: &picture.caption,
            width: picture.width,
            height: picture.height,
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
        let name = title(name.trim_end_matches("_right").trim_end_matches("_left"));
        if !legend.iter().any(|(n, _)| *n == name) {
            legend.push((name, colour));
        }
    }
    legend.extend(
        planned
            .iter()
            .flat_map(|p| p.implants.keys())
            .map(|part| (title(part), colour(implant_colour(part)))),
    );
    legend
}

fn voxels(input: &ReportInput<'_>) -> String {
    let [i, j, k] = input.ct.grid.dims;
    let [x, y, z] = input.ct.grid.spacing_mm();
    format!("{i} x {j} x {k} voxels of {x:.2} x {y:.2} x {z:.2} mm")
}

fn provenance(provenance: &Provenance) -> Vec<(String, String)> {
    let mut lines = vec![("Program".to_owned(), format!("Coxa {}", provenance.program_version))];
    lines.extend(
        provenance.seed.map(|seed| ("Input".to_owned(), format!("built-in virtual patient, seed {seed}"))),
    );
    lines.extend(provenance.inputs.iter().map(|i| (i.role.clone(), format!("BLAKE3 {}", i.blake3))));
    lines
}
