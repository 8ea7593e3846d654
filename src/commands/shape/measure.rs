//! `coxa shape measure`: samples of a model through the landmark code of patients.

use crate::cli::shape::MeasureArgs;
use crate::table::Table;
use anyhow::{Result, bail};
use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy};
use coxa_case::progress::Progress;
use coxa_geometry::frame::{Patient, Template};
use coxa_geometry::{Key, Mesh, Side, Transform, Unit};
use coxa_measure::measure;
use coxa_shape::shape_model::file;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// One measurement over the samples.
#[derive(serde::Serialize)]
struct SpreadRow {
    unit: Unit,
    mean_shape: Option<f64>,
    mean: f64,
    sd: f64,
    least: f64,
    most: f64,
    measured: usize,
}

/// Runs the command.
pub(super) fn run(args: &MeasureArgs, progress: &dyn Progress) -> Result<()> {
    let model = file::read(&args.model)?;
    let bone = match model.bone.as_str() {
        "femur" => Bone::femur(Side::Right),
        "hip" | "hip_bone" => Bone::hip(Side::Right),
        other => {
            bail!("a model of `{other}` cannot be measured; use one of a femur or hip_bone")
        }
    };
    let measured = |mesh: &Mesh<Template>| -> HipAnatomy {
        // A model stands as a patient does, so its own axes serve as the patient's.
        let lying: Mesh<Patient> = Transform::identity().apply(mesh);
        measure(&BoneSurfaces::from([(bone, lying)]), None)
    };
    let mean = measured(&model.mean_mesh());
    let samples: Vec<HipAnatomy> = progress.stage("measuring", |_| {
        let seeds: Vec<u64> = (args.seed..args.seed.saturating_add(args.count)).collect();
        seeds.into_par_iter().map(|seed| measured(&model.sample(seed))).collect()
    });
    let rows = rows(&mean, &samples);
    if args.json {
        say!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(());
    }
    let mut table = Table::new()
        .left("")
        .right("mean bone")
        .right("mean")
        .right("sd")
        .right("least")
        .right("most")
        .left("")
        .left("measured");
    for (key, row) in &rows {
        let alone = row.mean_shape.map_or_else(String::new, |v| format!("{v:.1}"));
        let shown = |value: f64| format!("{value:.1}");
        table.row(&[
            &key.quantity.name(),
            &alone,
            &shown(row.mean),
            &shown(row.sd),
            &shown(row.least),
            &shown(row.most),
            &row.unit,
            &row.measured,
        ]);
    }
    say!("{table}");
    Ok(())
}

fn rows(mean: &HipAnatomy, samples: &[HipAnatomy]) -> BTreeMap<Key, SpreadRow> {
    let all = || std::iter::once(mean).chain(samples);
    let keys: BTreeSet<Key> = all().flat_map(|a| a.measurements.keys()).collect();
    keys.into_iter()
        .map(|key| {
            let value = |a: &HipAnatomy| a.measurements.get(key).map(|m| m.value);
            let mut values: Vec<f64> = samples.iter().filter_map(value).collect();
            if samples.is_empty() {
                values.extend(value(mean));
            }
            let count = values.len() as f64;
            let average = values.iter().sum::<f64>() / count;
            let square = values.iter().map(|v| (v - average).powi(2)).sum::<f64>();
            let row = SpreadRow {
                unit: key.quantity.unit(),
                mean_shape: value(mean),
                mean: average,
                sd: (square / (count - 1.0).max(1.0)).sqrt(),
                least: values.iter().copied().fold(f64::INFINITY, f64::min),
                most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                measured: values.len(),
            };
            (key, row)
        })
        .collect()
}
