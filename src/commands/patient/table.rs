//! One line for each virtual patient.

use anyhow::{Context, Result};
use coxa_geometry::Side;
use coxa_synthetic::{BmiClass, Disease, Sex, Truth, VirtualPatientOptions};
use serde::Serialize;

/// A row of `patients.csv`.
#[derive(Debug, Serialize)]
pub(super) struct PatientRow {
    /// Name of the folder.
    pub(super) patient: String,
    seed: u64,
    sex: Sex,
    age_years: f64,
    height_cm: f64,
    weight_kg: f64,
    bmi_kg_per_m2: f64,
    bmi_class: BmiClass,
    spongy_density_ratio: f64,
    disease: Disease,
    kellgren_lawrence_right: u8,
    kellgren_lawrence_left: u8,
    crowe_right: u8,
    crowe_left: u8,
    head_radius_right_mm: f64,
    head_radius_left_mm: f64,
    joint_space_right_mm: f64,
    joint_space_left_mm: f64,
    lateral_centre_edge_right_deg: f64,
    lateral_centre_edge_left_deg: f64,
    posterior_tilt_deg: f64,
}

impl PatientRow {
    pub(super) fn new(patient: String, options: &VirtualPatientOptions, truth: &Truth) -> Self {
        let person = &truth.person;
        // Ten micrometres and hundredths of a degree are more than anybody uses of these.
        let short = |value: f64| (value * 100.0).round() / 100.0;
        let hip = |side| truth.side(side);
        let space =
            |side| short(options.joint_space_mm * (1.0 - hip(side).disease.joint_space_lost_fraction));
        let edge = |side| short(hip(side).lateral_centre_edge_deg.degrees());
        let (right, left) = (hip(Side::Right), hip(Side::Left));
        PatientRow {
            patient,
            seed: options.seed,
            sex: person.sex,
            age_years: short(person.age_years),
            height_cm: short(person.height_cm),
            weight_kg: short(person.weight_kg),
            bmi_kg_per_m2: short(person.bmi_kg_per_m2),
            bmi_class: person.bmi_class,
            spongy_density_ratio: short(person.spongy_density_ratio),
            disease: options.disease,
            kellgren_lawrence_right: right.disease.kellgren_lawrence,
            kellgren_lawrence_left: left.disease.kellgren_lawrence,
            crowe_right: right.disease.crowe,
            crowe_left: left.disease.crowe,
            head_radius_right_mm: short(right.head_radius_mm),
            head_radius_left_mm: short(left.head_radius_mm),
            joint_space_right_mm: space(Side::Right),
            joint_space_left_mm: space(Side::Left),
            lateral_centre_edge_right_deg: edge(Side::Right),
            lateral_centre_edge_left_deg: edge(Side::Left),
            posterior_tilt_deg: short(truth.posterior_tilt_deg.degrees()),
        }
    }
}

/// The rows as CSV with a line of names.
pub(super) fn csv(rows: &[PatientRow]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).context("cannot write a row of patients.csv")?;
    }
    Ok(writer.into_inner().map_err(|e| e.into_error())?)
}
