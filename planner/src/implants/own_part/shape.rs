//! What the mesh of a user's own stem shows of its shape, against what its description says.

use super::fields::problem;
use crate::implants::error::Problem;
use crate::implants::stem::Taper;
use coxa_geometry::frame::Stem;
use coxa_geometry::mesh::section::plane_section;
use coxa_geometry::{Angle, Mesh, Point, Vector};

/// Extents of the body in the resection plane.
pub(super) struct Extents {
    pub(super) medial_mm: f64,
    pub(super) lateral_mm: f64,
    pub(super) depth_mm: f64,
}

/// How far below the resection plane the body is measured: a face in the plane itself has no section.
const BELOW_RESECTION_MM: f64 = 1e-3;

/// Extents of the body just below the resection plane through the frame's origin; the neck above it is no part of them.
pub(super) fn extents_at_resection(mesh: &Mesh<Stem>, normal: Vector<Stem>) -> Option<Extents> {
    let sections = plane_section(mesh, Point::origin() - normal * BELOW_RESECTION_MM, normal);
    let points: Vec<Point<Stem>> = sections.into_iter().flatten().collect();
    let most = |of: fn(&Point<Stem>) -> f64| points.iter().map(of).reduce(f64::max);
    Some(Extents {
        medial_mm: most(|p| p.x())?,
        lateral_mm: most(|p| -p.x())?,
        depth_mm: most(|p| p.z())? + most(|p| -p.z())?,
    })
}

// Tolerances of the checks below are assumptions: wide enough for necks that are waisted or flattened, narrow enough for slips of a drawing.

/// How far below the taper the neck is looked at, and again for its direction.
const BELOW_TAPER_MM: [f64; 2] = [1.0, 7.0];
/// How far the direction of the neck may be from the stated one.
const NECK_TILT_DEG: f64 = 4.0;
/// How far the end of the taper may be from where the head centre has it.
const TAPER_END_TOLERANCE_MM: f64 = 1.5;
/// How far the middle of the neck's section may be from the stated neck axis.
const NECK_AXIS_TOLERANCE_MM: f64 = 2.0;
/// How far the diameter of the circle of the section's area may be from the stated diameter: necks may be flattened.
const NECK_DIAMETER_TOLERANCE: f64 = 0.3;

/// Holds head centre, neck-shaft angle and neck diameter against the neck of the mesh, just below the taper.
pub(super) fn check_neck_of_mesh(
    mesh: &Mesh<Stem>,
    head: Point<Stem>,
    neck_shaft: Angle,
    taper: &Taper,
    diameter_mm: f64,
    problems: &mut Vec<Problem>,
) {
    let from_shaft = Angle::from_degrees(180.0) - neck_shaft;
    let axis = Vector::<Stem>::new(from_shaft.sin(), from_shaft.cos(), 0.0);
    let below = |more: f64| head - axis * (taper.length_mm - taper.head_seat_mm + more);
    let [upper, lower] = BELOW_TAPER_MM.map(|more| section_nearest(mesh, below(more), axis));
    let (Some((centre, line)), at) = (upper, below(BELOW_TAPER_MM[0])) else {
        problems.push(problem("neck_off", "the mesh has no neck below head_centre_mm along neck_shaft_deg"));
        return;
    };
    let off = centre.distance(at);
    let tilt = lower
        .and_then(|(lower, _)| (centre - lower).normalised())
        .map_or(0.0, |found| found.dot(axis).clamp(-1.0, 1.0).acos().to_degrees());
    if off > NECK_AXIS_TOLERANCE_MM || tilt > NECK_TILT_DEG {
        problems.push(problem(
            "neck_off",
            format!(
                "the neck of the mesh is {off:.1} mm beside the neck axis, {:.1} mm below the head centre, and at {tilt:.0} degrees to it: check head_centre_mm and neck_shaft_deg",
                head.distance(at)
            ),
        ));
        return;
    }
    let end = mesh.vertices.iter().map(|v| (*v - head).dot(axis)).fold(f64::MIN, f64::max);
    if (end - taper.head_seat_mm).abs() > TAPER_END_TOLERANCE_MM {
        problems.push(problem(
            "head_off",
            format!(
                "the mesh ends {end:.1} mm beyond head_centre_mm along the neck, but its taper should end {:.1} mm beyond it: check head_centre_mm",
                taper.head_seat_mm
            ),
        ));
    }
    let found = (4.0 * area_across(&line, axis) / std::f64::consts::PI).sqrt();
    if (found / diameter_mm - 1.0).abs() > NECK_DIAMETER_TOLERANCE {
        problems.push(problem(
            "neck_diameter",
            format!("the neck of the mesh is {found:.1} mm thick below the taper, but neck_diameter_mm is {diameter_mm}"),
        ));
    }
}

/// The closed line across the neck whose middle is nearest to a point of its axis, with that middle.
fn section_nearest(
    mesh: &Mesh<Stem>,
    at: Point<Stem>,
    axis: Vector<Stem>,
) -> Option<(Point<Stem>, Vec<Point<Stem>>)> {
    let sections = plane_section(mesh, at, axis).into_iter();
    let with_centre = sections.filter_map(|line| Some((centroid(&line)?, line)));
    with_centre.min_by(|(a, _), (b, _)| a.distance(at).total_cmp(&b.distance(at)))
}

/// Mean of the points of a closed line by the length of what lies beside each.
fn centroid(line: &[Point<Stem>]) -> Option<Point<Stem>> {
    let (mut sum, mut length) = (Vector::new(0.0, 0.0, 0.0), 0.0);
    for pair in line.windows(2) {
        let along = pair[0].distance(pair[1]);
        sum = sum + ((pair[0] - Point::origin()) + (pair[1] - Point::origin())) * (along / 2.0);
        length += along;
    }
    (length > 0.0).then(|| Point::origin() + sum * (1.0 / length))
}

/// Area that a closed line in the plane across `axis` encloses.
fn area_across(line: &[Point<Stem>], axis: Vector<Stem>) -> f64 {
    let Some(first) = line.first() else { return 0.0 };
    let twice: f64 = line.windows(2).map(|p| (p[0] - *first).cross(p[1] - *first).dot(axis)).sum();
    twice.abs() / 2.0
}

/// Heights above the tip, as part of the body's length below the resection, at which the body is cut, and the most that the lower section
/// may have of the upper one's area: stems narrow towards their tip.
const SECTIONS: [f64; 2] = [0.15, 0.85];
const MOST_AT_TIP: f64 = 0.9;

/// Whether the body narrows towards its tip, as a stem does and a box or a cylinder does not.
pub(super) fn check_shape(mesh: &Mesh<Stem>, problems: &mut Vec<Problem>) -> bool {
    let Some((low, _)) = mesh.bounds() else { return false };
    let area = |part: f64| {
        let at = Point::new(0.0, low.y() * (1.0 - part), 0.0);
        let section = plane_section(mesh, at, Vector::new(0.0, 1.0, 0.0));
        section.iter().map(|line| shoelace_mm2(line)).sum::<f64>().abs()
    };
    let [tip, top] = SECTIONS.map(area);
    let narrows = low.y() >= 0.0 || tip <= MOST_AT_TIP * top;
    if !narrows {
        problems.push(problem(
            "no_taper",
            "the body does not narrow towards its tip: this is not a stem, or frame.y_axis points the wrong way",
        ));
    }
    narrows
}

/// Signed area of a closed line across the stem axis.
fn shoelace_mm2(line: &[Point<Stem>]) -> f64 {
    line.windows(2).map(|p| p[0].z() * p[1].x() - p[1].z() * p[0].x()).sum::<f64>() / 2.0
}
