//! The folder of one virtual patient.

use super::renderings;
use crate::case::version;
use crate::failure::file_error;
use anyhow::{Context, Result};
use coxa_anatomy::virtual_patient::{Truth, VirtualPatient, VirtualPatientOptions};
use coxa_geometry::mesh::ply;
use coxa_imaging::{Grid, dicom, labels, nifti};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// Version of the form of `truth.json`.
const FORMAT: u32 = 1;

/// `truth.json`: everything that is known of a virtual patient.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    program_version: String,
    /// What the patient was made from; the same options make the same patient.
    options: &'a VirtualPatientOptions,
    /// Bones, disease and person.
    truth: &'a Truth,
    ct: Acquisition,
}

/// How the CT was taken.
#[derive(Serialize)]
struct Acquisition {
    columns: usize,
    rows: usize,
    slices: usize,
    spacing_mm: [f64; 3],
    /// Centre of the first voxel, patient frame (LPS).
    origin_mm: [f64; 3],
    noise_hu: f64,
}

impl Acquisition {
    fn new(grid: &Grid, options: &VirtualPatientOptions) -> Self {
        let [columns, rows, slices] = grid.dims;
        let origin = grid.origin.coords();
        Acquisition {
            columns,
            rows,
            slices,
            spacing_mm: grid.spacing_mm(),
            origin_mm: [origin.x, origin.y, origin.z],
            noise_hu: options.noise_hu,
        }
    }
}

/// Writes everything into a new folder.
pub(super) fn write(
    folder: &Path,
    patient: &VirtualPatient,
    options: &VirtualPatientOptions,
    as_dicom: bool,
) -> Result<()> {
    make(folder)?;
    nifti::write_ct(&patient.ct, &folder.join("ct.nii.gz"))?;
    if as_dicom {
        dicom::write_series(&patient.ct, &folder.join("ct_dicom"))?;
    }
    nifti::write_labels(&patient.labels.volume, &folder.join("labels.nii.gz"))?;
    labels::write_table(&patient.labels.table, &folder.join("labels.json"))?;
    let surfaces = folder.join("surfaces");
    make(&surfaces)?;
    for (bone, mesh) in &patient.surfaces {
        let mut bytes = Vec::new();
        ply::write(mesh, &mut bytes).context("writing a surface into memory")?;
        write_file(&surfaces.join(format!("{}.ply", bone.name())), &bytes)?;
    }
    let document = Document {
        format: FORMAT,
        program_version: version(),
        options,
        truth: &patient.truth,
        ct: Acquisition::new(&patient.ct.grid, options),
    };
    let text = serde_json::to_string_pretty(&document).context("truth.json cannot be written as JSON")?;
    write_file(&folder.join("truth.json"), text.as_bytes())?;
    write_file(&folder.join("renderings.png"), &renderings::page(patient)?)
}

/// Writes a file.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|e| file_error("write", path, &e))
}

fn make(folder: &Path) -> Result<()> {
    fs::create_dir(folder).map_err(|e| file_error("create", folder, &e))
}
