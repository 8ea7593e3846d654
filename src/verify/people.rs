//! People of a reference folder: bone surfaces with the landmarks that raters set on them.
//!
//! A person's folder holds surfaces (PLY or STL, millimetres, LPS) whose file names contain `Hip_L`, `Hip_R`, `Sacrum`, `Femur_L` or
//! `Femur_R`, and one CSV with the columns bone, side_of_annotated_femur, rater, trial, landmark, x_mm, y_mm, z_mm. Names of
//! pelvic landmarks begin with `Left` or `Right`. A folder of people holds one such folder each.

use anyhow::{Context, Result, bail};
use coxa_anatomy::{Bone, BoneSurfaces, LandmarkKind};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side, Vector, mesh};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Raters' names of landmarks.
const NAMES: [(&str, LandmarkKind); 13] = [
    ("ASIS", LandmarkKind::Asis),
    ("Pubic Tubercle", LandmarkKind::PubicTubercle),
    ("PSIS", LandmarkKind::Psis),
    ("Medial Epicondyle", LandmarkKind::MedialEpicondyle),
    ("Lateral Epicondyle", LandmarkKind::LateralEpicondyle),
    ("AIIS", LandmarkKind::Aiis),
    ("Ischial Spine", LandmarkKind::IschialSpine),
    ("Neck Isthmus", LandmarkKind::NeckIsthmus),
    ("Greater Trochanter", LandmarkKind::GreaterTrochanter),
    ("Lesser Trochanter", LandmarkKind::LesserTrochanter),
    ("Intercondylar Notch", LandmarkKind::IntercondylarNotch),
    ("Posterior Medial Condyle", LandmarkKind::MedialPosteriorCondyle),
    ("Posterior Lateral Condyle", LandmarkKind::LateralPosteriorCondyle),
];

/// A person of a reference folder.
pub(super) struct Person {
    /// The name of the folder.
    pub(super) name: String,
    /// Bones.
    pub(super) surfaces: BoneSurfaces,
    /// What raters set on them.
    pub(super) raters: Raters,
}

/// Annotations by landmark and side, and the points on femoral heads.
#[derive(Default)]
pub(super) struct Raters {
    pub(super) landmarks: BTreeMap<(LandmarkKind, Side), Annotations>,
    pub(super) heads: BTreeMap<Side, Vec<Point<Patient>>>,
}

/// All people of a folder, which is one person's or holds one folder for each, in the order of their names.
///
/// # Errors
/// A folder without surfaces or without a table of landmarks in this form, or one that cannot be read.
pub(super) fn people(folder: &Path) -> Result<Vec<Person>> {
    let files = list(folder)?;
    let folders: Vec<&PathBuf> = files.iter().filter(|f| f.is_dir()).collect();
    if folders.is_empty() {
        return Ok(vec![person(folder)?]);
    }
    folders
        .into_iter()
        .map(|folder| person(folder).with_context(|| format!("cannot use '{}'", folder.display())))
        .collect()
}

fn person(folder: &Path) -> Result<Person> {
    let files = list(folder)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Person { name, surfaces: read_surfaces(&files)?, raters: read_annotations(&files)? })
}

/// One annotation.
#[derive(Debug, Deserialize)]
struct RatingRow {
    #[serde(default)]
    side_of_annotated_femur: String,
    rater: String,
    landmark: String,
    x_mm: f64,
    y_mm: f64,
    z_mm: f64,
}

/// All annotations of one landmark.
#[derive(Default)]
pub(super) struct Annotations {
    pub(super) points: Vec<Point<Patient>>,
    by_rater: BTreeMap<String, Vec<Point<Patient>>>,
}

impl Annotations {
    pub(super) fn mean(&self) -> Point<Patient> {
        mean(&self.points)
    }

    /// Root mean square distance of single annotations to the mean, and of the raters' own means.
    pub(super) fn scatter(&self) -> String {
        let centre = self.mean();
        let rms = |points: &[Point<Patient>]| {
            (points.iter().map(|p| p.distance(centre).powi(2)).sum::<f64>() / points.len().max(1) as f64)
                .sqrt()
        };
        let raters: Vec<Point<Patient>> = self.by_rater.values().map(|points| mean(points)).collect();
        format!("raters scatter {:.1} mm, their means {:.1} mm", rms(&self.points), rms(&raters))
    }
}

fn mean(points: &[Point<Patient>]) -> Point<Patient> {
    let sum = points.iter().fold(Vector::new(0.0, 0.0, 0.0), |sum, &p| sum + (p - Point::origin()));
    Point::origin() + sum * (1.0 / points.len().max(1) as f64)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot list the folder '{}'", folder.display()))?;
    let mut files = entries.map(|e| Ok(e?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    files.sort();
    Ok(files)
}

fn has_extension(file: &Path, wanted: &str) -> bool {
    file.extension().is_some_and(|e| e.eq_ignore_ascii_case(wanted))
}

fn read_surfaces(files: &[PathBuf]) -> Result<BoneSurfaces> {
    const PARTS: [(&str, Bone); 5] = [
        ("Hip_L", Bone::HipLeft),
        ("Hip_R", Bone::HipRight),
        ("Femur_L", Bone::FemurLeft),
        ("Femur_R", Bone::FemurRight),
        ("Sacrum", Bone::Sacrum),
    ];
    let mut surfaces = BoneSurfaces::new();
    for file in files.iter().filter(|f| has_extension(f, "ply") || has_extension(f, "stl")) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some((_, bone)) = PARTS.iter().find(|(part, _)| name.contains(part)) {
            surfaces.insert(*bone, mesh::file::read(file)?);
        }
    }
    if surfaces.is_empty() {
        bail!("the folder has no surface named Hip_L, Hip_R, Sacrum, Femur_L or Femur_R (PLY or STL)");
    }
    Ok(surfaces)
}

fn read_annotations(files: &[PathBuf]) -> Result<Raters> {
    let Some(file) = files.iter().find(|f| has_extension(f, "csv")) else {
        bail!(
            "the folder has no CSV of landmarks; it needs the columns rater, landmark, x_mm, y_mm and z_mm"
        );
    };
    let mut table = Raters::default();
    let mut reader =
        csv::Reader::from_path(file).with_context(|| format!("cannot read '{}'", file.display()))?;
    for row in reader.deserialize() {
        let row: RatingRow = row.with_context(|| format!("cannot read a row of '{}'", file.display()))?;
        let Some(side) = side_of(&row) else { continue };
        let point = Point::new(row.x_mm, row.y_mm, row.z_mm);
        if row.landmark.contains("Femoral Head") {
            table.heads.entry(side).or_default().push(point);
        } else if let Some((_, kind)) = NAMES.iter().find(|(name, _)| row.landmark.contains(name)) {
            let annotations = table.landmarks.entry((*kind, side)).or_default();
            annotations.points.push(point);
            annotations.by_rater.entry(row.rater).or_default().push(point);
        }
    }
    if table.landmarks.is_empty() {
        bail!("the table of landmarks names none that this suite knows, such as 'Left ASIS'");
    }
    Ok(table)
}

/// Side by the landmark's name, else by the femur it was set on.
fn side_of(row: &RatingRow) -> Option<Side> {
    if row.landmark.starts_with("Left ") {
        Some(Side::Left)
    } else if row.landmark.starts_with("Right ") {
        Some(Side::Right)
    } else {
        row.side_of_annotated_femur.parse().ok()
    }
}
