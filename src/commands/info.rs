//! `coxa info`: what a file or folder holds.

use crate::case;
use crate::cli::InfoArgs;
use crate::failure::file_error;
use anyhow::{Context, Result};
use coxa_geometry::mesh::{self, validate};
use coxa_geometry::{Mesh, frame};
use coxa_imaging::dicom;
use coxa_imaging::source::{self, Opened, ReadError, ReadOptions};
use coxa_planner::document;
use coxa_planner::implants::Catalogue;
use serde_json::{Value, json};
use std::path::Path;

/// Runs the command.
pub fn run(args: &InfoArgs) -> Result<()> {
    let path = args.path.as_path();
    let facts = match extension(path).as_str() {
        _ if path.join("case.toml").is_file() => describe_case(path)?,
        "ply" | "stl" => describe_mesh(path)?,
        "toml" => describe_plan(path)?,
        _ => describe_image(path)?,
    };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&facts)?);
    } else if let Value::Object(facts) = facts {
        for (name, value) in facts {
            match value {
                Value::String(text) => println!("{name:14} {text}"),
                Value::Array(lines) if lines.iter().all(Value::is_string) => {
                    for line in lines {
                        println!("{name:14} {}", line.as_str().unwrap_or_default());
                    }
                }
                other => println!("{name:14} {other}"),
            }
        }
    }
    Ok(())
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn describe_image(path: &Path) -> Result<Value> {
    let Opened { ct, notes, files, .. } = match source::open(path, &ReadOptions::default()) {
        Err(ReadError::NotCt { .. }) if path.is_file() => return describe_radiograph(path),
        opened => opened?,
    };
    let (low, high) = ct.as_slice().iter().fold((i16::MAX, i16::MIN), |(l, h), &v| (l.min(v), h.max(v)));
    let axes: Vec<String> = (0..3).map(|axis| direction(ct.grid.step.column(axis).into())).collect();
    Ok(json!({
        "kind": "CT",
        "files": files,
        "voxels": ct.grid.dims,
        "spacing_mm": ct.grid.spacing_mm().map(|mm| (mm * 1e4).round() / 1e4),
        "axes": axes.join(", "),
        "range_hu": [low, high],
        "note": notes.iter().map(|n| n.message.as_str()).collect::<Vec<_>>(),
    }))
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
        "sound": defects.is_empty(),
        "defect": defects,
    }))
}

fn describe_plan(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).map_err(|e| file_error("read", path, &e))?;
    let plan = document::from_toml(&text, &Catalogue::builtin())
        .with_context(|| format!("{} is no plan that can be carried out", path.display()))?;
    Ok(json!({
        "kind": "plan",
        "side": plan.side.name(),
        "cup": format!("{} {} mm", plan.cup.family, plan.cup.size_mm),
        "stem": format!("{} size {}", plan.stem.family, plan.stem.size),
    }))
}

fn describe_case(path: &Path) -> Result<Value> {
    let record = case::read_record(path)?;
    Ok(json!({
        "kind": "case",
        "program": record.program_version,
        "side": record.input.side.map(coxa_geometry::Side::name),
        "stages": record.stages.keys().collect::<Vec<_>>(),
        "plan": path.join("plan.toml").is_file(),
        "report": path.join("report.html").is_file(),
    }))
}
