//! Suite `vessels`: courses of vessels that a case holds against the truth of a virtual patient, or against labels of another program.
//!
//! The case is a folder with `anatomy.json`; the reference a virtual patient's folder (`truth.json`), or a label map with iliac vessels. Distances
//! are from the middle of the reference to the course that was found, between the heights that it reaches.

use super::{Check, SuiteReport};
use anyhow::{Context, Result, bail};
use coxa_anatomy::label_names::{self, Mapping};
use coxa_anatomy::{CourseEvidence, CourseStation, VesselCourse};
use coxa_case::folder::read_anatomy;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
use coxa_imaging::LabelMap;
use coxa_synthetic::Truth;
use serde::Deserialize;
use std::path::Path;

/// Largest mean distance from a vessel that contrast medium shows, and from one that it does not.
const CONTRAST_MM: f64 = 2.0;
const PLAIN_MM: f64 = 5.0;
/// Of an error along two axes with one standard deviation, 68.3 % and 95 % lie within so many of it (Rayleigh's distribution).
const WITHIN_SD: [(f64, f64); 2] = [(68.3, 1.516), (95.0, 2.448)];
/// A longer `truth.json` is none of ours.
const MOST_TRUTH_BYTES: u64 = 1 << 24;
/// Points at which tubes are compared lie so far apart.
const DICE_STEP_MM: f64 = 1.0;
/// Names of the parts of one vessel, without side, from the trunk outwards.
const KINDS: [&[&str]; 4] = [
    &["iliac_artery", "external_iliac_artery", "common_femoral_artery", "superficial_femoral_artery"],
    &["iliac_vena", "external_iliac_vein", "common_femoral_vein", "superficial_femoral_vein"],
    &["obturator_artery"],
    &["obturator_vein"],
];

/// One vessel of the reference.
struct Reference {
    kind: usize,
    side: Side,
    /// Its middle.
    middle: Vec<Point<Patient>>,
    /// Its middle with radii, where tubes can be compared.
    tubes: Vec<VesselCourse>,
}

/// Runs the suite: `path` is a case, `against` the reference.
///
/// # Errors
/// Files that cannot be read, a case without courses, a reference without vessels.
pub fn run(path: &Path, against: &Path) -> Result<SuiteReport> {
    let anatomy = read_anatomy(path).with_context(|| format!("cannot verify {}", path.display()))?;
    if anatomy.vessels.is_empty() {
        bail!("{} holds no courses of vessels: measure the CT again", path.display());
    }
    let truth = against.join("truth.json");
    let is_virtual = truth.is_file();
    let references = if is_virtual { of_truth(&truth)? } else { of_labels(against)? };
    if references.is_empty() {
        bail!("{} holds no vessels to compare with", against.display());
    }
    let mut names: Vec<&str> = anatomy.vessels.iter().map(|course| course.name.as_str()).collect();
    names.dedup();
    let mut checks = Vec::new();
    for name in KINDS.iter().flat_map(|parts| parts.iter()).filter(|name| names.contains(name)) {
        let courses: Vec<&VesselCourse> = anatomy.vessels.iter().filter(|c| c.name == *name).collect();
        compare(&mut checks, name, &courses, &references);
    }
    let evidence = if is_virtual { "synthetic-same-anatomy" } else { "real-pseudo-label" };
    Ok(SuiteReport { suite: "vessels", evidence, checks })
}

/// Courses of one name, both sides.
fn compare(checks: &mut Vec<Check>, name: &str, courses: &[&VesselCourse], references: &[Reference]) {
    let (mut means, mut all, mut dice) = (Vec::new(), Vec::new(), Vec::new());
    for course in courses {
        let heights = course.stations.iter().map(|station| station.centre_mm.z());
        let (low, high) =
            heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), z| (low.min(z), high.max(z)));
        let is_same = |other: &&Reference| {
            other.side == course.side && KINDS[other.kind].contains(&course.name.as_str())
        };
        for reference in references.iter().filter(is_same) {
            let level = reference.middle.iter().filter(|place| (low..=high).contains(&place.z()));
            let off: Vec<(f64, f64)> = level.filter_map(|&place| course.nearest_mm(place)).collect();
            if off.is_empty() {
                continue;
            }
            means.push(off.iter().map(|(mm, _)| mm).sum::<f64>() / off.len() as f64);
            all.extend(off);
            if !reference.tubes.is_empty() {
                dice.push(tube_dice(course, &reference.tubes, [low, high]));
            }
        }
    }
    if means.is_empty() {
        return;
    }
    let errors: Vec<f64> = all.iter().map(|(mm, _)| *mm).collect();
    let spreads: Vec<f64> = all.iter().map(|(_, sd)| *sd).collect();
    let seen = courses.first().map_or(CourseEvidence::Bones, |course| course.seen);
    let mean = format!("{name} mean distance");
    checks.push(match seen {
        CourseEvidence::Contrast => {
            Check::at_most(mean, &means, CONTRAST_MM, "mm").with_note("contrast medium")
        }
        CourseEvidence::Plain => Check::at_most(mean, &means, PLAIN_MM, "mm").with_note("no contrast medium"),
        CourseEvidence::Bones => Check::shown(mean, &means, "mm").with_note("by bones alone"),
    });
    checks.push(Check::shown(format!("{name} distance"), &errors, "mm"));
    checks.push(Check::shown(format!("{name} standard deviation"), &spreads, "mm"));
    for (share, limit) in WITHIN_SD {
        let within = all.iter().filter(|(mm, sd)| *mm <= limit * sd).count();
        let percent = 100.0 * within as f64 / all.len() as f64;
        let note = format!("{share} % where the standard deviation is exact");
        checks.push(Check::shown(format!("{name} within {limit} sd"), &[percent], "%").with_note(note));
    }
    if !dice.is_empty() {
        checks.push(Check::shown(format!("{name} Dice of tubes"), &dice, ""));
    }
}

/// Dice of the tube of a course with those of the reference, between two heights.
fn tube_dice(course: &VesselCourse, reference: &[VesselCourse], [low, high]: [f64; 2]) -> f64 {
    let margin = 15.0;
    let places = course.stations.iter().map(|station| station.centre_mm.coords());
    let start = nalgebra::Point3::from([f64::INFINITY; 3]);
    let (least, most) = places.fold((start, -start), |(a, b), p| (a.inf(&p), b.sup(&p)));
    let radius = |courses: &[VesselCourse]| {
        let all: Vec<f64> = courses.iter().flat_map(|c| c.stations.iter().map(|s| s.radius_mm)).collect();
        all.iter().sum::<f64>() / all.len().max(1) as f64
    };
    let is_in = |courses: &[VesselCourse], radius: f64, place: Point<Patient>| {
        courses.iter().filter_map(|c| c.nearest_mm(place)).any(|(mm, _)| mm <= radius)
    };
    let own = std::slice::from_ref(course);
    let (own_mm, other_mm) = (radius(own), radius(reference));
    let (mut both, mut sum) = (0usize, 0usize);
    let steps = |from: f64, to: f64| (((to - from) / DICE_STEP_MM).ceil().clamp(0.0, 1000.0)) as usize;
    for k in 0..steps(low, high) {
        let z = low + k as f64 * DICE_STEP_MM;
        for j in 0..steps(least.y - margin, most.y + margin) {
            for i in 0..steps(least.x - margin, most.x + margin) {
                let [x, y] =
                    [(least.x, i), (least.y, j)].map(|(from, n)| from - margin + n as f64 * DICE_STEP_MM);
                let place = Point::new(x, y, z);
                let [a, b] = [is_in(own, own_mm, place), is_in(reference, other_mm, place)];
                both += usize::from(a && b);
                sum += usize::from(a) + usize::from(b);
            }
        }
    }
    2.0 * both as f64 / sum.max(1) as f64
}

/// Vessels of a virtual patient.
fn of_truth(path: &Path) -> Result<Vec<Reference>> {
    #[derive(Deserialize)]
    struct File {
        truth: Truth,
    }
    let length = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    if length > MOST_TRUTH_BYTES {
        bail!("{} is too long for the truth of a virtual patient", path.display());
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file: File = serde_json::from_str(&text)
        .with_context(|| format!("{} is no truth of a virtual patient", path.display()))?;
    let mut references = Vec::new();
    for side in Side::BOTH {
        for (kind, names) in KINDS.iter().enumerate() {
            let parts =
                file.truth.vessels.iter().filter(|v| v.side == side && names.contains(&v.name.as_str()));
            let tubes: Vec<VesselCourse> = parts
                .map(|vessel| VesselCourse {
                    name: vessel.name.clone(),
                    side,
                    seen: CourseEvidence::Contrast,
                    stations: vessel
                        .course_mm
                        .iter()
                        .map(|&centre_mm| CourseStation {
                            centre_mm,
                            radius_mm: vessel.diameter_mm / 2.0,
                            sd_mm: 0.0,
                        })
                        .collect(),
                })
                .collect();
            let middle: Vec<_> = tubes.iter().flat_map(|t| t.stations.iter().map(|s| s.centre_mm)).collect();
            if !middle.is_empty() {
                references.push(Reference { kind, side, middle, tubes });
            }
        }
    }
    Ok(references)
}

/// Vessels that another program labelled: the middle of each in every slice that shows it.
fn of_labels(path: &Path) -> Result<Vec<Reference>> {
    let (labels, _) = label_names::read_file(path, &Mapping::default())?;
    let mut references = Vec::new();
    for side in Side::BOTH {
        for (kind, names) in KINDS.iter().enumerate() {
            let ids: Vec<u8> = labels
                .table
                .iter()
                .filter(|label| names.iter().any(|name| label.name == format!("{name}_{side}")))
                .map(|label| label.id)
                .collect();
            let middle = middles(&labels, &ids);
            if !middle.is_empty() {
                references.push(Reference { kind, side, middle, tubes: Vec::new() });
            }
        }
    }
    Ok(references)
}

/// Centres of gravity of labels by slice of the volume.
fn middles(labels: &LabelMap, ids: &[u8]) -> Vec<Point<Patient>> {
    let slices = labels.volume.voxels.outer_iter().enumerate();
    let middle = |(k, slice): (usize, ndarray::ArrayView2<'_, u8>)| {
        let (mut sum, mut count) = ([0.0; 2], 0.0);
        for ((j, i), id) in slice.indexed_iter() {
            if ids.contains(id) {
                sum = [sum[0] + i as f64, sum[1] + j as f64];
                count += 1.0;
            }
        }
        let [i, j] = sum.map(|c| c / count);
        (count > 0.0).then(|| labels.volume.grid.to_patient(Point::new(i, j, k as f64)))
    };
    if ids.is_empty() { Vec::new() } else { slices.filter_map(middle).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Bound;

    fn course(x: f64, seen: CourseEvidence) -> VesselCourse {
        let station = |n: i32| CourseStation {
            centre_mm: Point::new(x, 0.0, f64::from(n) * 5.0),
            radius_mm: 4.0,
            sd_mm: 1.0,
        };
        VesselCourse {
            name: "external_iliac_artery".into(),
            side: Side::Right,
            seen,
            stations: (0..8).map(station).collect(),
        }
    }

    #[test]
    fn a_course_off_by_a_millimetre_holds_and_one_off_by_three_holds_without_contrast_alone() {
        let truth = course(0.0, CourseEvidence::Contrast);
        let middle = truth.stations.iter().map(|station| station.centre_mm).collect();
        let references = [Reference { kind: 0, side: Side::Right, middle, tubes: vec![truth] }];
        for (off, seen, holds) in [
            (1.0, CourseEvidence::Contrast, true),
            (3.0, CourseEvidence::Contrast, false),
            (3.0, CourseEvidence::Plain, true),
        ] {
            let own = course(off, seen);
            let mut checks = Vec::new();
            compare(&mut checks, &own.name, &[&own], &references);
            assert_eq!(checks[0].holds(), holds);
            assert!((checks[1].median.unwrap() - off).abs() < 1e-9 && checks[1].bound == Bound::Shown);
            let within = checks[3].worst.unwrap();
            assert_eq!(within, if off < 1.5 { 100.0 } else { 0.0 });
            let dice = checks.last().unwrap().worst.unwrap();
            assert!(if off < 1.5 { dice > 0.8 } else { dice < 0.7 }, "{dice}");
        }
        let mut none = Vec::new();
        compare(&mut none, "external_iliac_vein", &[], &references);
        assert!(none.is_empty());
    }
}
