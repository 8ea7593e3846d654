//! `coxa info`: what a file or folder holds.

use super::scenario::describe as scenario;
use crate::cli::InfoArgs;
use anyhow::Result;
use coxa_case::failure::file_error;
use coxa_case::folder::{self, Stage};
use coxa_case::input;
use coxa_case::stages::GivenPlan;
use coxa_geometry::mesh::{self, validate};
use coxa_geometry::{Finding, Mesh, Severity, frame};
use coxa_imaging::dicom;
use coxa_imaging::source::{self, Contents, Opened, ReadError, ReadOptions};
use coxa_planner::implants::Catalogue;
use coxa_planner::panels;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Most surfaces of a folder that are looked at.
const MAX_SURFACES: usize = 1000;

/// Runs the command.
pub fn run(args: &InfoArgs) -> Result<()> {
    let path = args.path.as_path();
    if args.history {
        return history(path, args.json);
    }
    let is_case_record = path.file_name().is_some_and(|name| name == "case.toml");
    let facts = match extension(path).as_str() {
        _ if path.join("case.toml").is_file() => describe_case(path)?,
        _ if is_case_record => describe_case(path.parent().unwrap_or(Path::new("")))?,
        _ if coxa_scenario::store::Store::is_at(path) => scenario::folder(path)?,
        "ply" | "stl" => describe_mesh(path)?,
        "toml" => match scenario::study(path) {
            Some(facts) => facts?,
            None => describe_plan(path)?,
        },
        _ => describe_image(path)?,
    };
    if args.json {
        say!("{}", serde_json::to_string_pretty(&facts)?);
    } else {
        print!("{}", text(&facts));
    }
    Ok(())
}

/// What was done to a case, a line each.
fn history(case: &Path, json: bool) -> Result<()> {
    folder::read_record(case)?;
    let history = folder::read_history(case)?;
    if json {
        say!("{}", serde_json::to_string_pretty(&history.entries)?);
    } else {
        history.entries.iter().for_each(|entry| say!("{entry}"));
    }
    if history.damaged > 0 {
        eprintln!("{}: unreadable lines ignored: {}", case.join("history.jsonl").display(), history.damaged);
    }
    Ok(())
}

/// One line a fact, and one line each for what there are several of.
fn text(facts: &Value) -> String {
    let mut lines = String::new();
    let Value::Object(facts) = facts else { return lines };
    for (name, value) in facts {
        let values = match value {
            Value::Null => continue,
            Value::Array(several) if several.iter().all(|v| v.is_string() || v.is_object()) => {
                several.as_slice()
            }
            one => std::slice::from_ref(one),
        };
        for value in values {
            lines.push_str(&format!("{name:14} {}\n", words(value)));
        }
    }
    lines
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().map(words).collect::<Vec<_>>().join(" "),
        Value::Object(facts) => {
            let known = facts.iter().filter(|(_, value)| !value.is_null());
            known.map(|(name, value)| format!("{name} {}", words(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// An image, or a folder or zip with any number of series. What cannot be read as one CT is listed all the same.
fn describe_image(path: &Path) -> Result<Value> {
    let found = source::contents(path)?;
    if found.series.is_empty() && path.is_dir() {
        let surfaces = surfaces(path)?;
        if !surfaces.is_empty() {
            return describe_surfaces(&surfaces);
        }
    }
    let several = found.series.len() + found.labels.len() > 1;
    let only_labels = !found.labels.is_empty() && found.series.iter().all(|series| series.modality == "SEG");
    let mut facts = match source::open(path, &ReadOptions::default()) {
        Ok(opened) => describe_ct(&opened),
        Err(_) if only_labels => json!({ "kind": "labels" }),
        Err(ReadError::NotCt { what }) if found.series.is_empty() => {
            json!({ "kind": "volume", "note": [what] })
        }
        Err(ReadError::NotCt { .. }) if path.is_file() && !several => {
            return describe_radiograph(path);
        }
        Err(ReadError::SeveralSeries(_)) => {
            json!({ "kind": "several series", "note": ["choose one with --series ID"] })
        }
        Err(ReadError::NotCt { .. }) => json!({ "kind": "images, not a CT" }),
        Err(error) if several => json!({ "kind": "several series", "note": [error.to_string()] }),
        Err(error) => return Err(error.into()),
    };
    if let Value::Object(facts) = &mut facts {
        add_contents(facts, found)?;
    }
    Ok(facts)
}

fn add_contents(facts: &mut Map<String, Value>, found: Contents) -> Result<()> {
    let Contents { series, labels, damaged, files } = found;
    if !series.is_empty() {
        facts.insert("series".into(), serde_json::to_value(series)?);
    }
    if !labels.is_empty() {
        facts.insert("labels".into(), serde_json::to_value(labels)?);
    }
    if !damaged.is_empty() {
        facts.insert("damaged".into(), serde_json::to_value(damaged)?);
    }
    facts.entry("files").or_insert(json!(files));
    Ok(())
}

fn describe_ct(opened: &Opened) -> Value {
    let Opened { ct, notes, files, .. } = opened;
    let (low, high) = ct.as_slice().iter().fold((i16::MAX, i16::MIN), |(l, h), &v| (l.min(v), h.max(v)));
    let axes: Vec<String> = (0..3).map(|axis| direction(ct.grid.step.column(axis).into())).collect();
    json!({
        "kind": "CT",
        "files": files,
        "voxels": ct.grid.dims,
        "spacing_mm": ct.grid.spacing_mm().map(|mm| (mm * 1e4).round() / 1e4),
        "axes": axes.join(", "),
        "range_hu": [low, high],
        "note": notes.iter().map(|n| n.message.as_str()).collect::<Vec<_>>(),
    })
}

fn describe_radiograph(path: &Path) -> Result<Value> {
    let radiograph = dicom::read_radiograph(path)?;
    let (rows, columns) = radiograph.pixels.dim();
    Ok(json!({
        "kind": format!("radiograph ({})", radiograph.modality),
        "pixels": [columns, rows],
        "spacing_mm": radiograph.spacing_mm,
        "note": radiograph.notes.iter().map(|n| n.message.as_str()).collect::<Vec<_>>(),
    }))
}

/// Nearest anatomical direction of a step in the patient frame.
fn direction(step: [f64; 3]) -> String {
    let (axis, mm) =
        step.into_iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).unwrap_or((0, 0.0));
    let names = [["right", "left"], ["anterior", "posterior"], ["feet", "head"]];
    format!("to {}", names[axis][usize::from(mm > 0.0)])
}

fn describe_mesh(path: &Path) -> Result<Value> {
    let surface: Mesh<frame::Patient> = mesh::file::read(path)?;
    let size = surface.bounds().map(|(low, high)| (high - low).coords().map(|mm| (mm * 10.0).round() / 10.0));
    let defects: Vec<String> = validate::defects(&surface).iter().map(ToString::to_string).take(20).collect();
    Ok(json!({
        "kind": "surface",
        "vertices": surface.vertices.len(),
        "triangles": surface.triangles.len(),
        "size_mm": size.map(|s| [s.x, s.y, s.z]),
        "volume_ml": (surface.signed_volume() / 100.0).round() / 10.0,
        "area_cm2": (surface.area() / 10.0).round() / 10.0,
        "watertight": validate::is_watertight(&surface),
        "sound": defects.is_empty(),
        "defect": defects,
    }))
}

/// The surface files of a folder itself, in the order of their names.
fn surfaces(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| file_error("read", folder, &e))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && ["ply", "stl"].contains(&extension(path).as_str()))
        .take(MAX_SURFACES)
        .collect();
    paths.sort();
    Ok(paths)
}

fn describe_surfaces(paths: &[PathBuf]) -> Result<Value> {
    let describe = |path: &PathBuf| -> Value {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match mesh::file::read::<frame::Patient>(path) {
            Ok(surface) => json!({
                "file": name,
                "vertices": surface.vertices.len(),
                "triangles": surface.triangles.len(),
                "watertight": validate::is_watertight(&surface),
            }),
            Err(error) => json!({ "file": name, "unreadable": error.to_string() }),
        }
    };
    let surfaces: Vec<Value> = paths.iter().map(describe).collect();
    Ok(json!({ "kind": "surfaces", "files": paths.len(), "surface": surfaces }))
}

fn describe_plan(path: &Path) -> Result<Value> {
    let mut facts = Map::from_iter([("kind".to_owned(), json!("plan"))]);
    facts.extend(components(path, &Catalogue::builtin())?);
    Ok(Value::Object(facts))
}

/// Side and components of a plan.
fn components(path: &Path, catalogue: &Catalogue) -> Result<Map<String, Value>> {
    let GivenPlan { plan, .. } = GivenPlan::read(path, catalogue, None)?;
    let parts = [
        ("side", plan.side.name().to_owned()),
        ("cup", format!("{} {} mm", plan.cup.family, plan.cup.size_mm)),
        ("liner", plan.liner.kind),
        ("head", format!("{} mm {:+} mm", plan.head.diameter_mm, plan.head.offset_mm)),
        ("stem", format!("{} size {} {}", plan.stem.family, plan.stem.size, plan.stem.offset)),
    ];
    Ok(parts.into_iter().map(|(name, part)| (name.to_owned(), json!(part))).collect())
}

fn describe_case(path: &Path) -> Result<Value> {
    let record = folder::read_record(path)?;
    let mut facts = json!({
        "kind": "case",
        "program": record.program_version,
        "side": record.input.side.map(coxa_geometry::Side::name),
        "stages": record.stages.keys().map(|stage| stage.name()).collect::<Vec<_>>(),
        "report": path.join("report.html").is_file(),
        "findings": match record.refuse_changed_findings(path) {
            Ok(()) => findings(path)?,
            Err(changed) => json!(changed.to_string()),
        },
    });
    let older: Vec<String> = record.older(path).iter().map(|older| older.in_words(path)).collect();
    if let (Value::Object(facts), false) = (&mut facts, older.is_empty()) {
        facts.insert("older".into(), json!(older));
    }
    let modules = modules(path);
    if let (Value::Object(facts), false) = (&mut facts, modules.is_empty()) {
        facts.insert("modules".into(), json!(modules));
    }
    let plan = path.join("plan.toml");
    if let (Value::Object(facts), true) = (&mut facts, plan.is_file()) {
        let is_edited = std::fs::read_to_string(&plan).is_ok_and(|text| !record.is_of_plan(&text));
        if is_edited && record.stages.contains_key(&Stage::Planned) {
            let words = "the plan was edited after its findings, report, motion and loads were computed; update them with coxa report";
            facts.insert("note".into(), json!(words));
        }
        // A plan that was edited into something impossible is still part of what the case holds.
        let catalogue = input::catalogue(None, record.input.implants.as_ref());
        match catalogue.and_then(|(catalogue, _)| components(&plan, &catalogue)) {
            Ok(parts) => facts.extend(parts),
            Err(error) => {
                facts.insert("plan".into(), json!(coxa_case::failure::message(&error)));
            }
        }
    }
    Ok(facts)
}

/// What modules left in a case: name, title and evidence of each, or why it cannot be used.
fn modules(case: &Path) -> Vec<Value> {
    let found = panels::stored(case);
    let known = found.panels.iter().map(|stored| {
        let panel = &stored.panel;
        let evidence = panel.card.as_ref().map_or(&panel.evidence, |card| &card.evidence);
        json!({ "name": panel.module, "title": panel.title, "evidence": evidence, "caution": stored.caution })
    });
    known.chain(found.problems.iter().map(|problem| json!(problem))).collect()
}

/// Number of findings by severity, and what the gravest of them say.
fn findings(case: &Path) -> Result<Value> {
    if !case.join("findings.json").is_file() {
        return Ok(Value::Null);
    }
    let stages = folder::read_findings(case)?;
    let all: Vec<&Finding> = stages.values().flatten().collect();
    let count = |severity| all.iter().filter(|finding| finding.severity == severity).count();
    let worst = all.iter().map(|finding| finding.severity).max();
    let gravest = all.iter().filter(|f| Some(f.severity) == worst && f.severity > Severity::Note);
    Ok(json!({
        "refusals": count(Severity::Refusal),
        "cautions": count(Severity::Caution),
        "notes": count(Severity::Note),
        "worst": gravest.map(|finding| finding.code.name()).collect::<Vec<_>>(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::finding;
    use coxa_imaging::{CtVolume, Grid, Volume};
    use ndarray::Array3;

    fn ct(offset: i16) -> CtVolume {
        let grid = Grid::axis_aligned([8, 7, 6], coxa_geometry::Point::origin(), [1.0, 1.0, 2.0]);
        Volume::new(
            grid,
            Array3::from_shape_fn((6, 7, 8), |(k, j, i)| offset + (k * 100 + j * 10 + i) as i16),
        )
    }

    #[test]
    fn all_series_of_a_folder_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        dicom::write_series(&ct(-500), &folder.path().join("one")).unwrap();
        let alone = describe_image(folder.path()).unwrap();
        assert_eq!((&alone["kind"], &alone["series"][0]["files"]), (&json!("CT"), &json!(6)));
        dicom::write_series(&ct(-700), &folder.path().join("two")).unwrap();
        let both = describe_image(folder.path()).unwrap();
        assert_eq!(both["kind"], "several series");
        let ids: Vec<&str> = (0..2).map(|n| both["series"][n]["id"].as_str().unwrap()).collect();
        let printed = text(&both);
        for id in ids {
            assert!(printed.contains(&format!("id {id}")), "{printed}");
            let options = ReadOptions { series: Some(id.to_owned()) };
            assert!(source::open(folder.path(), &options).is_ok());
        }
        assert!(printed.contains("modality CT") && printed.contains("slice_spacing_mm 2.0"), "{printed}");
    }

    #[test]
    fn a_damaged_file_is_named_and_a_broken_series_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let series = folder.path().join("one");
        dicom::write_series(&ct(-500), &series).unwrap();
        std::fs::write(folder.path().join("stray.dcm"), [&[0; 128][..], b"DICM", &[7; 99]].concat()).unwrap();
        let facts = describe_image(folder.path()).unwrap();
        assert_eq!(facts["kind"], "CT");
        assert!(facts["damaged"][0].as_str().unwrap().starts_with("stray.dcm ("), "{facts}");
        std::fs::remove_file(series.join("slice_00003.dcm")).unwrap();
        assert!(describe_image(folder.path()).unwrap_err().to_string().contains("missing"));
    }

    #[test]
    fn a_folder_of_surfaces_says_which_are_watertight() {
        let folder = tempfile::tempdir().unwrap();
        let faces = ["3 0 2 1", "3 0 1 3", "3 0 3 2", "3 1 2 3"];
        for (name, faces) in [("closed.ply", &faces[..]), ("open.ply", &faces[1..])] {
            let text = format!(
                "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\n\
                 element face {}\nproperty list uchar int vertex_indices\nend_header\n\
                 0 0 0\n10 0 0\n0 10 0\n0 0 10\n{}\n",
                faces.len(),
                faces.join("\n")
            );
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let facts = describe_image(folder.path()).unwrap();
        let told: Vec<_> = (0..2).map(|n| &facts["surface"][n]["watertight"]).collect();
        assert_eq!(told, [&json!(true), &json!(false)], "{facts}");
        assert!(text(&facts).contains("file open.ply, triangles 3, vertices 4, watertight false"));
    }

    #[test]
    fn findings_are_counted_by_severity() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(findings(folder.path()).unwrap(), Value::Null);
        let (note, first) = (finding::LewinnekNotJudged {}.finding(), finding::NoRescale {}.finding());
        let second = finding::LossyCompression {}.finding();
        let stages = json!({ "bones": [note, first], "plan": [second] });
        std::fs::write(folder.path().join("findings.json"), stages.to_string()).unwrap();
        let counted = findings(folder.path()).unwrap();
        assert_eq!(
            counted,
            json!({ "refusals": 0, "cautions": 2, "notes": 1, "worst": ["no_rescale", "lossy_compression"] })
        );
    }
}
