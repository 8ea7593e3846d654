//! Suite `landmarks`: bone surfaces of one person against landmarks that several raters set on them.
//!
//! The folder holds surfaces (PLY or STL, millimetres, LPS) whose file names contain `Hip_L`, `Hip_R`, `Sacrum`, `Femur_L` or
//! `Femur_R`, and one CSV with the columns bone, side_of_annotated_femur, rater, trial, landmark, x_mm, y_mm, z_mm. Names of
//! pelvic landmarks begin with `Left` or `Right`. The reference is the mean of all annotations of a landmark.

use super::{Check, SuiteReport};
use anyhow::{Context, Result, bail};
use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy, LandmarkKind};
use coxa_geometry::fit::{self, Method};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side, Vector, mesh};
use coxa_measure::measure;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Limits; each holds for the mean over the sides that were annotated.
const PROMINENCE_MM: f64 = 3.0;
const EPICONDYLE_MM: f64 = 5.0;
const HEAD_CENTRE_MM: f64 = 1.0;
const PLANE_DEG: f64 = 2.0;

/// Raters' names of landmarks, and whether the distance is judged.
const NAMES: [(&str, LandmarkKind, Option<f64>); 13] = [
    ("ASIS", LandmarkKind::Asis, Some(PROMINENCE_MM)),
    ("Pubic Tubercle", LandmarkKind::PubicTubercle, Some(PROMINENCE_MM)),
    ("PSIS", LandmarkKind::Psis, Some(PROMINENCE_MM)),
    ("Medial Epicondyle", LandmarkKind::MedialEpicondyle, Some(EPICONDYLE_MM)),
    ("Lateral Epicondyle", LandmarkKind::LateralEpicondyle, Some(EPICONDYLE_MM)),
    ("AIIS", LandmarkKind::Aiis, None),
    ("Ischial Spine", LandmarkKind::IschialSpine, None),
    ("Neck Isthmus", LandmarkKind::NeckIsthmus, None),
    ("Greater Trochanter", LandmarkKind::GreaterTrochanter, None),
    ("Lesser Trochanter", LandmarkKind::LesserTrochanter, None),
    ("Intercondylar Notch", LandmarkKind::IntercondylarNotch, None),
    ("Posterior Medial Condyle", LandmarkKind::MedialPosteriorCondyle, None),
    ("Posterior Lateral Condyle", LandmarkKind::LateralPosteriorCondyle, None),
];

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
struct Annotations {
    points: Vec<Point<Patient>>,
    by_rater: BTreeMap<String, Vec<Point<Patient>>>,
}

impl Annotations {
    fn mean(&self) -> Point<Patient> {
        mean(&self.points)
    }

    /// Root mean square distance of single annotations to the mean, and of the raters' own means.
    fn scatter(&self) -> String {
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

/// Runs the suite on a folder.
///
/// # Errors
/// Where the folder holds no surfaces or no landmark table in this form, or one that cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let files = list(folder)?;
    let surfaces = read_surfaces(&files)?;
    let annotations = read_annotations(&files)?;
    let anatomy = measure(&surfaces, None);

    let mut checks = Vec::new();
    let mut judged: BTreeMap<LandmarkKind, (f64, Vec<f64>)> = BTreeMap::new();
    for (&(kind, side), found) in &annotations.landmarks {
        let own = anatomy.landmark(kind, side);
        let distance = own.map_or(f64::NAN, |l| l.position_mm.distance(found.mean()));
        let spread = own.map_or(String::new(), |l| format!("own spread {:.1} mm per axis", l.spread_mm));
        // The neck's isthmus is set as four points around it.
        let scatter =
            if kind == LandmarkKind::NeckIsthmus { String::new() } else { format!("{}; ", found.scatter()) };
        let check = Check::shown(format!("{}_{side}", kind.name()), &[distance], "mm");
        checks.push(check.with_note(format!("{scatter}{spread}")));
        if let Some(limit) = NAMES.iter().find(|(_, k, _)| *k == kind).and_then(|(_, _, limit)| *limit) {
            judged.entry(kind).or_insert_with(|| (limit, Vec::new())).1.push(distance);
        }
    }
    for (kind, (limit, distances)) in judged {
        let mean = distances.iter().sum::<f64>() / distances.len() as f64;
        let name = format!("{}, mean distance", kind.name());
        checks.push(
            Check::at_most(name, &[mean], limit, "mm").with_note("to the raters' mean point, over sides"),
        );
    }
    for (&side, points) in &annotations.heads {
        checks.push(head_check(&anatomy, side, points)?);
    }
    checks.extend(plane_check(&anatomy, &annotations));
    Ok(SuiteReport { suite: "landmarks", evidence: "real-reference", checks })
}

/// Annotations by landmark and side, and the points on femoral heads.
#[derive(Default)]
struct Table {
    landmarks: BTreeMap<(LandmarkKind, Side), Annotations>,
    heads: BTreeMap<Side, Vec<Point<Patient>>>,
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

fn read_annotations(files: &[PathBuf]) -> Result<Table> {
    let Some(file) = files.iter().find(|f| has_extension(f, "csv")) else {
        bail!(
            "the folder has no CSV of landmarks; it needs the columns rater, landmark, x_mm, y_mm and z_mm"
        );
    };
    let mut table = Table::default();
    let mut reader =
        csv::Reader::from_path(file).with_context(|| format!("cannot read '{}'", file.display()))?;
    for row in reader.deserialize() {
        let row: RatingRow = row.with_context(|| format!("cannot read a row of '{}'", file.display()))?;
        let Some(side) = side_of(&row) else { continue };
        let point = Point::new(row.x_mm, row.y_mm, row.z_mm);
        if row.landmark.contains("Femoral Head") {
            table.heads.entry(side).or_default().push(point);
        } else if let Some((_, kind, _)) = NAMES.iter().find(|(name, _, _)| row.landmark.contains(name)) {
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

fn head_check(anatomy: &HipAnatomy, side: Side, points: &[Point<Patient>]) -> Result<Check> {
    let sphere = fit::sphere(points, Method::LeastSquares)
        .context("the raters' points on the femoral head are no sphere")?;
    let head = anatomy.side(side).head.as_ref();
    let distance = head.map_or(f64::NAN, |h| h.centre_mm.distance(sphere.shape.centre));
    let radii = head.map_or(f64::NAN, |h| h.radius_mm);
    let note = format!(
        "to the sphere through {} rater points; radius {radii:.1} against {:.1} mm",
        points.len(),
        sphere.shape.radius
    );
    Ok(Check::at_most(format!("head_centre_{side}"), &[distance], HEAD_CENTRE_MM, "mm").with_note(note))
}

/// Angle between the normals of the anterior pelvic planes.
fn plane_check(anatomy: &HipAnatomy, table: &Table) -> Option<Check> {
    let raters = |kind, side| table.landmarks.get(&(kind, side)).map(Annotations::mean);
    let [asis_r, asis_l, pubis_r, pubis_l] = [
        raters(LandmarkKind::Asis, Side::Right)?,
        raters(LandmarkKind::Asis, Side::Left)?,
        raters(LandmarkKind::PubicTubercle, Side::Right)?,
        raters(LandmarkKind::PubicTubercle, Side::Left)?,
    ];
    let normal = (asis_r.midpoint(asis_l) - pubis_r.midpoint(pubis_l)).cross(asis_r - asis_l);
    let angle = anatomy
        .pelvis
        .anterior_plane
        .map_or(f64::NAN, |plane| plane.apply(Vector::new(1.0, 0.0, 0.0)).angle_to(normal).degrees());
    Some(
        Check::at_most("anterior pelvic plane", &[angle], PLANE_DEG, "deg")
            .with_note("angle to the plane of the raters' means"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raters_agree_with_the_program_on_real_bones() {
        let Some(folder) = coxa_test_support::reference_data("test-only/vsd") else { return };
        let report = run(&folder).unwrap();
        assert!(report.holds(), "{report}");
        assert!(report.checks.len() > 20);
    }

    #[test]
    fn a_folder_in_another_form_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let message = |folder: &Path| format!("{:#}", run(folder).unwrap_err());
        assert!(message(&folder.path().join("none")).contains("cannot list"));
        assert!(message(folder.path()).contains("no surface named"));
        let triangle = "solid x\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid x\n";
        std::fs::write(folder.path().join("a_Hip_L.stl"), triangle).unwrap();
        assert!(message(folder.path()).contains("no CSV"));
        let table = folder.path().join("a.csv");
        std::fs::write(&table, "rater,landmark,x_mm,y_mm,z_mm\n1,Left ASIS,1,two,3\n").unwrap();
        assert!(message(folder.path()).contains("row"));
        std::fs::write(&table, "rater,landmark,x_mm,y_mm,z_mm\n1,Left Elbow,1,2,3\n").unwrap();
        assert!(message(folder.path()).contains("names none"));
        // Landmarks that the surfaces do not show fail; they are not passed over.
        std::fs::write(&table, "rater,landmark,x_mm,y_mm,z_mm\n1,Left ASIS,1,2,3\n").unwrap();
        assert!(!run(folder.path()).unwrap().holds());
    }
}
