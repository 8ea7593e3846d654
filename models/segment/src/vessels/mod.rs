//! Vessels beside the hip, from the CT: the usual course about the bones, laid on what the scan shows.
//!
//! 1. `hip`: the frame of the hip that courses are told in; `usual`: the usual course, as planes across it.
//! 2. `view`: what the scan shows in each plane. `rounds`: how like a vessel each place of it looks, for blood with and without contrast medium.
//! 3. `lattice`: forward and backward sums over all ways of two neighbours through the planes. `pair`: artery and vein of one side.
//! 4. `by_bones`: what is not looked for in the scan: deep femoral artery, obturator vessels, the corridor of the sciatic nerve.

mod by_bones;
mod hip;
mod lattice;
mod pair;
mod rounds;
mod usual;
mod view;

use coxa_anatomy::calibration::Calibration;
use coxa_anatomy::{CourseEvidence, CourseStation, HipAnatomy, Missing, SCIATIC_NERVE, VesselCourse};
use coxa_geometry::Side;
use coxa_imaging::{CtVolume, LabelMap};
use hip::Hip;
use pair::{Found, Soft, VIEW_HALF};
use rayon::prelude::*;
use usual::Station;

/// The external iliac vessels become femoral beneath the inguinal ligament, so far above the middle of the socket in a pelvis whose sockets lie 172
/// mm apart; the common femoral artery divides so far below it (40 mm below the ligament and more: textbooks of anatomy).
const LIGAMENT_MM: f64 = 14.0;
const FORK_MM: f64 = -42.0;
/// Parts by height, of artery and vein, and the standard deviation by which they were off on the one real CT with labels of iliac vessels, where the
/// spread by the scan was far too small (the last part, which has no labels, as the second): none is surer.
const PARTS: [(f64, [&str; 2], f64); 3] = [
    (LIGAMENT_MM, ["external_iliac_artery", "external_iliac_vein"], 12.5),
    (FORK_MM, ["common_femoral_artery", "common_femoral_vein"], 2.5),
    (f64::NEG_INFINITY, ["superficial_femoral_artery", "superficial_femoral_vein"], 2.5),
];

/// Vessels and nerves of both sides.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct FoundVessels {
    /// Courses, of the right side first.
    pub courses: Vec<VesselCourse>,
    /// What could not be found, and why.
    pub missing: Vec<Missing>,
}

/// Courses of the vessels beside both hips and of the sciatic nerves, in the patient.
///
/// External iliac, common and superficial femoral artery and vein are looked for in the scan, with and without contrast medium, in planes across
/// their usual course about the bones; the others are by bones alone. Of each station `sd_mm` is the standard deviation of the middle, given
/// everything the scan shows along the course, with what a real CT was off by beyond that. `labels` keep vessels out of bone, and out of muscles where they are labelled.
/// Never fails: what cannot be found is missing, with the reason.
pub fn find_vessels(ct: &CtVolume, labels: &LabelMap, anatomy: &HipAnatomy) -> FoundVessels {
    let calibration = Calibration::from_tissues(ct);
    let mode = |wanted: &str| calibration.tissues_hu.iter().find(|(n, _)| n == wanted).map(|t| t.1);
    let soft = mode("muscle").zip(mode("fat")).map(|(muscle_hu, fat_hu)| Soft { muscle_hu, fat_hu });
    let sides: Vec<FoundVessels> =
        Side::BOTH.into_par_iter().map(|side| of_side(ct, labels, anatomy, soft, side)).collect();
    let mut found = FoundVessels::default();
    for side in sides {
        found.courses.extend(side.courses);
        found.missing.extend(side.missing);
    }
    found
}

fn of_side(
    ct: &CtVolume,
    labels: &LabelMap,
    anatomy: &HipAnatomy,
    soft: Option<Soft>,
    side: Side,
) -> FoundVessels {
    let mut found = FoundVessels::default();
    let mut missing = |what: &str, why: &str| {
        found.missing.push(Missing { what: format!("{what}_{side}"), why: why.to_owned() });
    };
    let hip = match Hip::of(anatomy, side) {
        Ok(hip) => hip,
        Err(why) => {
            missing("vessels", why);
            missing(SCIATIC_NERVE, why);
            return found;
        }
    };
    let nerve = by_bones::sciatic(&hip, anatomy, side).map_err(|why| missing(SCIATIC_NERVE, why)).ok();
    let great = match soft {
        Some(soft) => great(ct, labels, &hip, soft, side),
        None => Err("the scan shows no fat beside muscle"),
    };
    let great = great.map_err(|why| missing("vessels", why)).unwrap_or_default();
    let fork =
        great.iter().find(|course| course.name == PARTS[1].1[0]).and_then(|course| course.stations.last());
    let deep = fork
        .filter(|_| great.iter().any(|course| course.name == PARTS[2].1[0]))
        .map(|fork| by_bones::deep_femoral(&hip, side, side.enter(fork.centre_mm), fork.sd_mm));
    found.courses.extend(great);
    found.courses.extend(deep);
    found.courses.extend(by_bones::obturator(&hip, side));
    found.courses.extend(nerve);
    found
}

/// Those that are looked for in the scan.
fn great(
    ct: &CtVolume,
    labels: &LabelMap,
    hip: &Hip,
    soft: Soft,
    side: Side,
) -> Result<Vec<VesselCourse>, &'static str> {
    let stations = usual::stations(hip);
    let views = view::views(ct, labels, side, &stations, VIEW_HALF);
    let pair = pair::find(&stations, &views, soft).ok_or("the scan does not reach them")?;
    let seen = if pair.has_contrast { CourseEvidence::Contrast } else { CourseEvidence::Plain };
    let mut courses = Vec::new();
    for (which, found) in [&pair.artery, &pair.vein].into_iter().enumerate() {
        let mut above = f64::INFINITY;
        for (below, names, real_sd_mm) in PARTS {
            let stations = part(&stations, found, [above, below], real_sd_mm, side);
            above = below;
            if stations.len() > 1 {
                courses.push(VesselCourse { name: names[which].into(), side, seen, stations });
            }
        }
    }
    Ok(courses)
}

/// Stations between two heights, with the first of the next part, where neighbours meet. To the spread by the scan comes that of real CTs.
fn part(
    stations: &[Station],
    found: &[Option<Found>],
    [above, below]: [f64; 2],
    real_sd_mm: f64,
    side: Side,
) -> Vec<CourseStation> {
    let mut own = Vec::new();
    for (station, found) in stations.iter().zip(found).filter(|(station, _)| station.height <= above) {
        if let Some(Found { place, radius_mm, sd_mm }) = *found {
            let sd_mm = sd_mm.hypot(real_sd_mm);
            own.push(CourseStation { centre_mm: side.leave(station.place(place)), radius_mm, sd_mm });
        }
        if station.height <= below {
            break;
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_anatomy::FemoralHead;
    use coxa_geometry::Point;
    use coxa_imaging::Grid;
    use ndarray::Array3;

    fn anatomy() -> HipAnatomy {
        let head = |x| {
            Some(FemoralHead {
                centre_mm: Point::new(x, 0.0, 0.0),
                radius_mm: 24.0,
                residual_mm: 0.2,
                spread_mm: 0.3,
            })
        };
        let mut anatomy = HipAnatomy::default();
        (anatomy.right.head, anatomy.left.head) = (head(-86.0), head(86.0));
        anatomy
    }

    /// Fat with a slab of muscle behind, and vessels along the usual course, moved forwards.
    fn scan(blood_hu: i16, forwards_mm: f64) -> (CtVolume, LabelMap) {
        let grid = Grid::axis_aligned([135, 75, 95], Point::new(-134.0, -90.0, -90.0), [2.0; 3]);
        let usual = [Side::Right, Side::Left].map(|side| {
            let hip = Hip::of(&anatomy(), side).unwrap();
            (side, usual::stations(&hip))
        });
        let hu = Array3::from_shape_fn((95, 75, 135), |(k, j, i)| {
            let place = grid.to_patient(Point::new(i as f64, j as f64, k as f64));
            let is_blood = usual.iter().any(|(side, stations)| {
                let own = side.enter(place);
                stations.iter().any(|station| {
                    let off = |at: [f64; 2]| own.distance(station.place([at[0], at[1] - forwards_mm]));
                    off([0.0, 0.0]) < 4.7 || off(station.to_vein) < 5.8
                })
            });
            if is_blood {
                blood_hu
            } else if place.y() > 10.0 {
                55
            } else {
                -100
            }
        });
        let labels = LabelMap {
            volume: coxa_imaging::Volume::new(grid.clone(), Array3::zeros((95, 75, 135))),
            table: Vec::new(),
        };
        (CtVolume::new(grid, hu), labels)
    }

    #[test]
    fn vessels_off_their_usual_course_are_found_with_and_without_contrast() {
        for (blood_hu, seen) in [(48, CourseEvidence::Plain), (250, CourseEvidence::Contrast)] {
            let (ct, labels) = scan(blood_hu, 8.0);
            let found = find_vessels(&ct, &labels, &anatomy());
            for side in Side::BOTH {
                let artery = |c: &&VesselCourse| c.name == "external_iliac_artery" && c.side == side;
                let artery = found.courses.iter().find(artery).unwrap();
                assert_eq!(artery.seen, seen);
                let hip = Hip::of(&anatomy(), side).unwrap();
                for station in &artery.stations {
                    let own = side.enter(station.centre_mm);
                    let nearest = usual::stations(&hip)
                        .iter()
                        .map(|usual| own.distance(usual.place([0.0, -8.0])))
                        .fold(f64::INFINITY, f64::min);
                    assert!(nearest < 3.5, "{nearest} with {blood_hu} HU");
                    assert!(station.sd_mm >= PARTS[0].2 && station.sd_mm < PARTS[0].2 + 1.0);
                }
            }
        }
    }

    #[test]
    fn what_is_not_seen_is_missing_with_its_reason() {
        let (ct, labels) = scan(48, 0.0);
        let nothing = find_vessels(&ct, &labels, &HipAnatomy::default());
        assert!(nothing.courses.is_empty());
        assert_eq!(nothing.missing.len(), 4, "{:?}", nothing.missing);
        // A scan of another part of the body.
        let mut elsewhere = ct.clone();
        elsewhere.grid.origin = Point::new(500.0, 500.0, 500.0);
        let found = find_vessels(&elsewhere, &labels, &anatomy());
        assert!(found.missing.iter().any(|m| m.what == "vessels_left" && m.why.contains("reach")));
        assert!(found.courses.iter().all(|course| course.seen == CourseEvidence::Bones));
        let empty =
            CtVolume::new(Grid::axis_aligned([0; 3], Point::origin(), [1.0; 3]), Array3::zeros((0, 0, 0)));
        let none = LabelMap {
            volume: coxa_imaging::Volume::new(empty.grid.clone(), Array3::zeros((0, 0, 0))),
            table: Vec::new(),
        };
        assert!(!find_vessels(&empty, &none, &anatomy()).missing.is_empty());
    }
}
