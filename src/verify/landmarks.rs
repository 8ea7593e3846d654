//! Suite `landmarks`: bone surfaces of people against landmarks that several raters set on them ([`people`](super::people)). The
//! reference is the mean of all annotations of a landmark.

use super::interval;
use super::people::{Annotations, Person, Raters, people};
use super::{Check, SuiteReport};
use anyhow::{Context, Result};
use coxa_anatomy::{HipAnatomy, LandmarkKind};
use coxa_geometry::fit::{self, Method};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side, Vector};
use coxa_measure::measure;
use std::collections::BTreeMap;
use std::path::Path;

/// Limits; each holds for the mean over the sides that were annotated.
const PROMINENCE_MM: f64 = 3.0;
const EPICONDYLE_MM: f64 = 5.0;
const HEAD_CENTRE_MM: f64 = 1.0;
const PLANE_DEG: f64 = 2.0;

/// Landmarks whose distance is judged.
const JUDGED: [(LandmarkKind, f64); 5] = [
    (LandmarkKind::Asis, PROMINENCE_MM),
    (LandmarkKind::PubicTubercle, PROMINENCE_MM),
    (LandmarkKind::Psis, PROMINENCE_MM),
    (LandmarkKind::MedialEpicondyle, EPICONDYLE_MM),
    (LandmarkKind::LateralEpicondyle, EPICONDYLE_MM),
];

/// Runs the suite on the folder of one person or of several.
///
/// # Errors
/// Where the folder holds no surfaces or no landmark table in this form, or one that cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let (mut checks, mut shares) = (Vec::new(), Vec::new());
    for person in people(folder)? {
        let (of_person, of_spread) = of_person(&person)?;
        checks.extend(of_person);
        shares.push(of_spread);
    }
    checks.extend(spread_check(&shares));
    Ok(SuiteReport { suite: "landmarks", evidence: "real-reference", checks })
}

/// The checks of a person, and the errors of all landmarks as shares of their stated spreads.
fn of_person(person: &Person) -> Result<(Vec<Check>, Vec<f64>)> {
    let Person { name, surfaces, raters } = person;
    let anatomy = measure(surfaces, None);
    let mut checks = Vec::new();
    let mut shares = Vec::new();
    let mut judged: BTreeMap<LandmarkKind, Vec<f64>> = BTreeMap::new();
    for (&(kind, side), found) in &raters.landmarks {
        let own = anatomy.landmark(kind, side);
        let distance = own.map_or(f64::NAN, |l| l.position_mm.distance(found.mean()));
        let spread = own.map_or(String::new(), |l| format!("own spread {:.1} mm per axis", l.spread_mm));
        // The neck's isthmus is set as four points around it.
        let scatter =
            if kind == LandmarkKind::NeckIsthmus { String::new() } else { format!("{}; ", found.scatter()) };
        let check = Check::shown(format!("{name}: {}_{side}", kind.name()), &[distance], "mm");
        checks.push(check.with_note(format!("{scatter}{spread}")));
        judged.entry(kind).or_default().push(distance);
        shares.extend(own.map(|own| distance / (own.spread_mm * 3.0_f64.sqrt())));
    }
    for (kind, limit) in JUDGED {
        let Some(distances) = judged.get(&kind) else { continue };
        let mean = distances.iter().sum::<f64>() / distances.len() as f64;
        let title = format!("{name}: {}, mean distance", kind.name());
        checks.push(
            Check::at_most(title, &[mean], limit, "mm").with_note("to the raters' mean point, over sides"),
        );
    }
    for (&side, points) in &raters.heads {
        checks.push(head_check(name, &anatomy, side, points)?);
    }
    checks.extend(plane_check(name, &anatomy, raters));
    Ok((checks, shares))
}

/// How large errors are, as a share of the spreads that are stated with them: 1 where spreads say what they should.
fn spread_check(shares: &[Vec<f64>]) -> Option<Check> {
    let rms = |shares: &[f64]| (shares.iter().map(|z| z * z).sum::<f64>() / shares.len() as f64).sqrt();
    let [low, high] = interval::by_person(shares, rms)?;
    let note = format!(
        "root mean square over landmarks; 95 % interval over {} people {low:.2} to {high:.2}",
        shares.len()
    );
    Some(Check::shown("error over stated spread", &[rms(&shares.concat())], "").with_note(note))
}

fn head_check(name: &str, anatomy: &HipAnatomy, side: Side, points: &[Point<Patient>]) -> Result<Check> {
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
    Ok(Check::at_most(format!("{name}: head_centre_{side}"), &[distance], HEAD_CENTRE_MM, "mm")
        .with_note(note))
}

/// Angle between the normals of the anterior pelvic planes.
fn plane_check(name: &str, anatomy: &HipAnatomy, table: &Raters) -> Option<Check> {
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
        Check::at_most(format!("{name}: anterior pelvic plane"), &[angle], PLANE_DEG, "deg")
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
