//! The folder of one virtual patient.

use super::made::Made;
use super::renderings;
use super::truth::Document;
use anyhow::{Context, Result};
use coxa_case::failure::file_error;
use coxa_geometry::mesh::ply;
use coxa_imaging::dicom::{self, InStudy, MrSeries, RadiographImage};
use coxa_imaging::{labels, nifti};
use coxa_synthetic::VirtualRadiograph;
use std::fs;
use std::path::Path;

/// Writes everything into a new folder.
pub(super) fn write(folder: &Path, made: &Made, as_dicom: bool) -> Result<()> {
    make(folder)?;
    // One patient is one study; what made the patient tells it from every other.
    let study = serde_json::to_string(&made.options).context("cannot write the options as JSON")?;
    if let Some(ct) = &made.ct {
        nifti::write_ct(ct, &folder.join("ct.nii.gz"))?;
        if as_dicom {
            dicom::write_series_in(ct, InStudy { study: &study, number: 1 }, &folder.join("ct_dicom"))?;
        }
    }
    if let Some(radiograph) = &made.radiograph {
        write_radiograph(folder, radiograph)?;
    }
    for (number, (contrast, protocol, image)) in (2..).zip(&made.mr) {
        let name = contrast.name();
        nifti::write_ct(image, &folder.join(format!("mr_{name}.nii.gz")))?;
        if as_dicom {
            let series = MrSeries {
                description: name.to_uppercase(),
                repetition_ms: protocol.repetition_ms,
                echo_ms: protocol.echo_ms,
                inversion_ms: protocol.inversion_ms,
                field_tesla: protocol.field.tesla(),
            };
            let study = InStudy { study: &study, number };
            dicom::write_mr_series(image, &series, study, &folder.join(format!("mr_{name}_dicom")))?;
        }
    }
    let phantom = &made.phantom;
    nifti::write_labels(&phantom.labels.volume, &folder.join("labels.nii.gz"))?;
    labels::write_table(&phantom.labels.table, &folder.join("labels.json"))?;
    let surfaces = folder.join("surfaces");
    make(&surfaces)?;
    for (bone, mesh) in &phantom.surfaces {
        let mut bytes = Vec::new();
        ply::write(mesh, &mut bytes).context("cannot write a surface into memory")?;
        write_file(&surfaces.join(format!("{}.ply", bone.name())), &bytes)?;
    }
    let text =
        serde_json::to_string_pretty(&Document::new(made)).context("cannot write truth.json as JSON")?;
    write_file(&folder.join("truth.json"), text.as_bytes())?;
    write_file(&folder.join("renderings.png"), &renderings::page(made)?)
}

/// `radiograph.dcm`, and the same as PNG.
fn write_radiograph(folder: &Path, radiograph: &VirtualRadiograph) -> Result<()> {
    let VirtualRadiograph { camera, film, truth } = radiograph;
    let image = RadiographImage {
        columns: camera.columns,
        rows: camera.rows,
        pixels: &film.pixels,
        detector_spacing_mm: truth.protocol.pixel_mm,
        source_to_detector_mm: truth.protocol.source_to_detector_mm,
        source_to_patient_mm: truth.source_to_hips_mm,
        orientation: ["L", "F"],
        view: "AP",
    };
    dicom::write_radiograph(&image, &folder.join("radiograph.dcm"))?;
    let picture = renderings::film(radiograph).finish("radiograph", "a radiograph of a virtual patient")?;
    write_file(&folder.join("radiograph.png"), &picture.png)
}

/// Writes a file.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|e| file_error("write", path, &e))
}

fn make(folder: &Path) -> Result<()> {
    fs::create_dir(folder).map_err(|e| file_error("create", folder, &e))
}
