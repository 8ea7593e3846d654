//! `truth.json`: everything that is known of a virtual patient.

use super::made::Made;
use coxa_case::folder::version;
use coxa_synthetic::{
    CtPhysics, MrContrast, MrProtocol, MuscleTruth, RadiographTruth, Truth, VirtualPatientOptions,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the form.
const FORMAT: u32 = 1;

/// The document.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    format: u32,
    program_version: String,
    /// What the patient was made from; the same options make the same patient.
    options: &'a VirtualPatientOptions,
    /// Bones, disease, person, and what was drawn of muscle and fat.
    truth: &'a Truth,
    /// The muscles as they lie in the labels.
    muscles: &'a [MuscleTruth],
    /// The grid of labels, CT and MR.
    grid: GridTruth,
    ct: Option<CtTruth>,
    radiograph: Option<&'a RadiographTruth>,
    mr: BTreeMap<&'static str, MrProtocol>,
}

#[derive(Serialize)]
struct GridTruth {
    columns: usize,
    rows: usize,
    slices: usize,
    spacing_mm: [f64; 3],
    /// Centre of the first voxel, patient frame (LPS).
    origin_mm: [f64; 3],
}

#[derive(Serialize)]
struct CtTruth {
    physics: CtPhysics,
    noise_hu: f64,
    tube_voltage_kv: f64,
}

impl<'a> Document<'a> {
    pub(super) fn new(made: &'a Made) -> Self {
        let grid = &made.phantom.hu.grid;
        let [columns, rows, slices] = grid.dims;
        let origin = grid.origin.coords();
        let physics = made.options.physics;
        Document {
            format: FORMAT,
            program_version: version(),
            options: &made.options,
            truth: &made.phantom.truth,
            muscles: &made.phantom.muscles,
            grid: GridTruth {
                columns,
                rows,
                slices,
                spacing_mm: grid.spacing_mm(),
                origin_mm: [origin.x, origin.y, origin.z],
            },
            ct: made.ct.as_ref().map(|_| CtTruth {
                physics,
                noise_hu: made.options.noise_hu,
                tube_voltage_kv: 120.0,
            }),
            radiograph: made.radiograph.as_ref().map(|radiograph| &radiograph.truth),
            mr: made
                .mr
                .iter()
                .map(|(contrast, protocol, _)| (MrContrast::name(*contrast), *protocol))
                .collect(),
        }
    }
}
