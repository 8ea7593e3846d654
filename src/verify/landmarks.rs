//! Suite `landmarks`: bone surfaces of people against landmarks that several raters set on them (`people`). The
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
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Limits of a single person, in mm and degrees.
const HEAD_CENTRE_MM: f64 = 1.0;
const PLANE_DEG: f64 = 1.5;

/// What is asked of a landmark over people: median, 90th percentile and worst, mm; each of a person's mean over the sides.
struct Limit {
    kind: LandmarkKind,
    median: f64,
    most: f64,
    worst: f64,
}

const fn limit(kind: LandmarkKind, median: f64, most: f64, worst: f64) -> Limit {
    Limit { kind, median, most, worst }
}

/// What the project asks of its landmarks; the last four are this suite's own. Of one person only the worst is asked.
const LIMITS: [Limit; 12] = [
    limit(LandmarkKind::Asis, 2.5, 5.0, 7.0),
    limit(LandmarkKind::PubicTubercle, 2.5, 5.0, 7.0),
    limit(LandmarkKind::Psis, 2.0, 4.5, 7.0),
    limit(LandmarkKind::Aiis, 2.2, 5.0, 7.0),
    limit(LandmarkKind::IschialSpine, 2.2, 5.0, 7.0),
    limit(LandmarkKind::MedialEpicondyle, 3.0, 7.0, 9.0),
    limit(LandmarkKind::IntercondylarNotch, 3.5, 6.0, 8.0),
    limit(LandmarkKind::GreaterTrochanter, 2.0, 4.0, 7.0),
    limit(LandmarkKind::LesserTrochanter, 2.0, 4.0, 7.0),
    limit(LandmarkKind::LateralEpicondyle, 3.0, 7.0, 9.0),
    limit(LandmarkKind::MedialPosteriorCondyle, 2.5, 5.0, 7.0),
    limit(LandmarkKind::LateralPosteriorCondyle, 2.5, 5.0, 7.0),
];

/// The same of the angle between the planes.
const PLANE_LIMITS_DEG: [f64; 2] = [0.4, 1.0];

/// The range of errors over stated spreads, root mean square over all landmarks, that calls spreads honest.
const HONEST: [f64; 2] = [0.85, 1.2];

/// Distances of a person's landmarks from those of the raters, as they are and as parts of their stated spreads.
#[derive(Default)]
struct Outcome {
    distances: BTreeMap<LandmarkKind, Vec<f64>>,
    shares: BTreeMap<LandmarkKind, Vec<f64>>,
    plane_deg: Option<f64>,
}

/// Runs the suite on the folder of one person or of several.
///
/// # Errors
/// Where the folder holds no surfaces or no landmark table in this form, or one that cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let (mut checks, mut outcomes) = (Vec::new(), Vec::new());
    for person in people(folder)? {
        let (of_person, outcome) = of_person(&person)?;
        checks.extend(of_person);
        outcomes.push(outcome);
    }
    let kinds: BTreeSet<LandmarkKind> = outcomes.iter().flat_map(|o| o.distances.keys().copied()).collect();
    checks.extend(kinds.into_iter().flat_map(|kind| over_people(kind, &outcomes)));
    checks.extend(planes(&outcomes));
    let all = |o: &Outcome| {
        let judged = o.shares.iter().filter(|(kind, _)| **kind != LandmarkKind::NeckIsthmus);
        judged.flat_map(|(_, shares)| shares.clone()).collect()
    };
    checks.extend(honesty("all landmarks", &outcomes, all, |ratio, _| {
        (HONEST[0]..=HONEST[1]).contains(&ratio)
    }));
    Ok(SuiteReport { suite: "landmarks", evidence: "real-reference", checks })
}

/// The distances of a person's landmarks, shown, and those of heads and plane, judged.
fn of_person(person: &Person) -> Result<(Vec<Check>, Outcome)> {
    let Person { name, surfaces, raters } = person;
    let anatomy = measure(surfaces, None);
    let mut checks = Vec::new();
    let mut outcome = Outcome::default();
    for (&(kind, side), found) in &raters.landmarks {
        let own = anatomy.landmark(kind, side);
        let distance = own.map_or(f64::NAN, |l| l.position_mm.distance(found.mean()));
        let spread = own.map_or(String::new(), |l| format!("own spread {:.1} mm per axis", l.spread_mm));
        // The neck's isthmus is set as four points around it.
        let scatter =
            if kind == LandmarkKind::NeckIsthmus { String::new() } else { format!("{}; ", found.scatter()) };
        let check = Check::shown(format!("{name}: {}_{side}", kind.name()), &[distance], "mm");
        checks.push(check.with_note(format!("{scatter}{spread}")));
        outcome.distances.entry(kind).or_default().push(distance);
        let share = own.map(|own| distance / (own.spread_mm * 3.0_f64.sqrt()));
        outcome.shares.entry(kind).or_default().extend(share);
    }
    for (&side, points) in &raters.heads {
        checks.push(head_check(name, &anatomy, side, points)?);
    }
    if let Some(check) = plane_check(name, &anatomy, raters) {
        outcome.plane_deg = check.worst;
        checks.push(check);
    }
    Ok((checks, outcome))
}

/// Distances of a landmark over people, and how large they are as parts of the stated spreads.
fn over_people(kind: LandmarkKind, outcomes: &[Outcome]) -> Vec<Check> {
    let means: Vec<f64> = outcomes
        .iter()
        .filter_map(|o| o.distances.get(&kind))
        .map(|distances| distances.iter().sum::<f64>() / distances.len() as f64)
        .collect();
    let name = kind.name();
    let mut checks = match LIMITS.iter().find(|l| l.kind == kind) {
        Some(limit) => judged(name, &means, [limit.median, limit.most, limit.worst], "mm"),
        None => vec![Check::shown(format!("{name}, over people"), &means, "mm")],
    };
    let of = |o: &Outcome| o.shares.get(&kind).cloned().unwrap_or_default();
    // Four points around the neck are no error of its isthmus.
    if kind != LandmarkKind::NeckIsthmus {
        checks.extend(honesty(name, outcomes, of, |_, [low, high]| (low..=high).contains(&1.0)));
    }
    checks
}

/// The angles between planes over people.
fn planes(outcomes: &[Outcome]) -> Vec<Check> {
    let angles: Vec<f64> = outcomes.iter().filter_map(|o| o.plane_deg).collect();
    let [median, most] = PLANE_LIMITS_DEG;
    if angles.is_empty() {
        vec![]
    } else {
        judged("anterior pelvic plane", &angles, [median, most, PLANE_DEG], "deg")
    }
}

/// Worst of the values; of several, their 90th percentile and median as well.
fn judged(name: &str, values: &[f64], [median, most, worst]: [f64; 3], unit: &'static str) -> Vec<Check> {
    let at = |quantile: f64| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        // Between order statistics as in R's type 7 (Hyndman and Fan 1996, Am Stat 50:361).
        let place = (sorted.len() - 1) as f64 * quantile;
        let (below, part) = (place.floor() as usize, place.fract());
        sorted[below] + part * (sorted[(below + 1).min(sorted.len() - 1)] - sorted[below])
    };
    let mut checks = vec![Check::at_most(format!("{name}, over people"), values, worst, unit)];
    if values.len() > 1 {
        checks.push(Check::at_most(format!("{name}, 90th percentile"), &[at(0.9)], most, unit));
        checks.push(Check::at_most(format!("{name}, median"), &[at(0.5)], median, unit));
    }
    checks
}

/// Errors over stated spreads, root mean square, with the 95 % interval by person: 1 where spreads say what they should. `holds` judges both; the
/// check counts the failures, 0 or 1.
fn honesty(
    name: &str,
    outcomes: &[Outcome],
    of: impl Fn(&Outcome) -> Vec<f64>,
    holds: impl Fn(f64, [f64; 2]) -> bool,
) -> Option<Check> {
    let rms = |shares: &[f64]| (shares.iter().map(|z| z * z).sum::<f64>() / shares.len() as f64).sqrt();
    let shares: Vec<Vec<f64>> = outcomes.iter().map(of).filter(|shares| !shares.is_empty()).collect();
    let interval = interval::by_person(&shares, rms)?;
    let ratio = rms(&shares.concat());
    let [low, high] = interval;
    let note = format!("{ratio:.2}, 95 % interval over {} people {low:.2} to {high:.2}", shares.len());
    let failures = if holds(ratio, interval) { 0.0 } else { 1.0 };
    let name = format!("{name}: error over stated spread, beside 1");
    Some(Check::at_most(name, &[failures], 0.0, "").with_note(note))
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
    fn people_are_judged_together_and_spreads_against_errors() {
        let checks = judged("asis", &[5.0, 1.0, 2.0, 3.0], [2.5, 4.5, 7.0], "mm");
        assert!(checks.iter().all(Check::holds));
        let worst: Vec<f64> = checks.iter().map(|check| check.worst.unwrap()).collect();
        // Seven tenths of the way from the third value to the last.
        assert!((worst[0] - 5.0).abs() + (worst[1] - 4.4).abs() + (worst[2] - 2.5).abs() < 1e-12);
        assert!(!judged("asis", &[1.0, f64::NAN], [2.5, 4.5, 7.0], "mm").iter().any(Check::holds));
        let holds = |shares: [f64; 4]| {
            let people = shares.map(|share| Outcome {
                distances: [(LandmarkKind::Asis, vec![1.0])].into(),
                shares: [(LandmarkKind::Asis, vec![share; 3])].into(),
                plane_deg: None,
            });
            over_people(LandmarkKind::Asis, &people).iter().all(Check::holds)
        };
        assert!(holds([0.7, 0.9, 1.1, 1.3]));
        assert!(!holds([2.0, 2.1, 2.2, 2.3]) && !holds([0.1, 0.2, 0.3, 0.4]));
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
