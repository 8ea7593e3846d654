//! The stem in the canal: outlines, contact, fill, and the sizes that fit.

use super::hip::{Contours, RightHip};
use crate::implants::{NeckOffset, StemFamily, StemSize, Taper};
use coxa_geometry::frame::{RightSide, Stem};
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::mesh::section::{plane_section, plane_section_by};
use coxa_geometry::{Point, Quantity, Transform, Vector};

/// How far a stem is planned to reach into the cortex, where it takes its hold.
pub(crate) const CORTICAL_CONTACT_MM: f64 = match Quantity::CorticalContact.ideal() {
    Some(ideal) => ideal.most,
    None => 0.0,
};
/// Sections nearer to the resection plane than this are opened by the cut and say nothing about the fit.
const BELOW_RESECTION_MM: f64 = 3.0;
/// Tolerance of the meshes that are cut into outlines.
const OUTLINE_TOLERANCE_MM: f64 = 0.2;
/// Distance of the outlines along the stem.
const OUTLINE_STEP_MM: f64 = 1.0;

/// Outlines of one stem at equal steps below its origin, in the (x, z) plane of the stem frame.
pub(crate) struct Outlines {
    /// First at y = 0.
    rings: Vec<Vec<[f64; 2]>>,
    /// Height below which the whole section lies under the resection plane.
    top_mm: f64,
    /// Height of the tip.
    tip_mm: f64,
}

/// How a stem sits in the part of the canal that is seen.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fit {
    /// Furthest that the stem reaches beyond the endosteal contour; negative: the least gap.
    pub(crate) into_cortex_mm: f64,
    /// Furthest that it reaches towards (negative) or beyond the periosteal contour.
    pub(crate) beyond_bone_mm: f64,
    /// Stem width over canal width in the coronal plane of the stem, mean over the lower half of the sections.
    pub(crate) fill: f64,
    /// Sections compared.
    pub(crate) sections: usize,
    /// Lowest height in the stem frame that was compared.
    pub(crate) lowest_mm: f64,
}

impl Outlines {
    pub(crate) fn new(family: &StemFamily, size: &StemSize, taper: &Taper) -> Self {
        let angle = family.neck_shaft.first().copied().unwrap_or_default();
        let mesh = family.mesh(size, angle, NeckOffset::Standard, taper, OUTLINE_TOLERANCE_MM);
        let steps = (size.length_mm / OUTLINE_STEP_MM).clamp(1.0, 1000.0) as usize;
        let up = Vector::<Stem>::new(0.0, 1.0, 0.0);
        // A stem's mesh can be queried; were it not so, its sections would only take longer.
        let query = MeshQuery::new(&mesh).ok();
        let section = |at| match &query {
            Some(query) => plane_section_by(&mesh, query, at, up),
            None => plane_section(&mesh, at, up),
        };
        let rings = (0..=steps)
            .map(|i| {
                let cuts = section(Point::new(0.0, -(i as f64) * OUTLINE_STEP_MM, 0.0));
                let longest = cuts.into_iter().max_by_key(Vec::len).unwrap_or_default();
                longest.iter().map(|p| [p.x(), p.z()]).collect()
            })
            .collect();
        Outlines {
            rings,
            top_mm: -size.medial_mm * family.resection.tan() - BELOW_RESECTION_MM,
            tip_mm: -size.length_mm,
        }
    }

    fn at(&self, y: f64) -> &[[f64; 2]] {
        let index = (-y / OUTLINE_STEP_MM).round().max(0.0) as usize;
        self.rings.get(index).map_or(&[], Vec::as_slice)
    }

    /// Compares the stem at `to_patient` with every section of the canal that lies along it.
    pub(crate) fn fit(&self, canal: &[Contours], to_patient: &Transform<Stem, RightSide>) -> Fit {
        let to_stem = to_patient.inverse();
        let mut fit =
            Fit { into_cortex_mm: f64::NEG_INFINITY, beyond_bone_mm: f64::NEG_INFINITY, ..Fit::default() };
        let mut fills = Vec::new();
        for section in canal {
            let y = to_stem.apply(section.centre).y();
            let outline = self.at(y);
            if y > self.top_mm || y < self.tip_mm || outline.is_empty() {
                continue;
            }
            let flat = |points: &[Point<RightSide>]| -> Vec<[f64; 2]> {
                points.iter().map(|&p| to_stem.apply(p)).map(|p| [p.x(), p.z()]).collect()
            };
            let (inner, outer) = (flat(&section.inner), flat(&section.outer));
            fit.into_cortex_mm = reach(outline, &inner, fit.into_cortex_mm);
            fit.beyond_bone_mm = reach(outline, &outer, fit.beyond_bone_mm);
            if let (Some(stem), Some(canal)) = (width(outline), width(&inner)) {
                fills.push(stem / canal);
            }
            fit.sections += 1;
            fit.lowest_mm = fit.lowest_mm.min(y);
        }
        // Proximally a stem rests in spongy bone and fills less; the hold is in the lower part.
        let lower = &fills[fills.len() / 2..];
        fit.fill = lower.iter().sum::<f64>() / lower.len().max(1) as f64;
        fit
    }
}

/// Points of an outline that are looked at first, one in so many, so that most of the others need not be.
const STRIDE: usize = 16;
/// What rounding may add to a distance, with much to spare, mm.
const SLACK_MM: f64 = 1e-6;

/// Furthest that an outline's points lie outside a closed contour, negative where all lie inside; `least` where none lies further than that.
///
/// From one point to another a signed distance changes by no more than their distance: points near one that lies well inside are left out, and
/// the result is that of all points to the last digit.
fn reach(outline: &[[f64; 2]], contour: &[[f64; 2]], least: f64) -> f64 {
    let mut most = least;
    for &point in outline.iter().step_by(STRIDE) {
        most = most.max(outside(point, contour));
    }
    let mut last = None;
    for &point in outline {
        let is_less = |([x, y], distance): ([f64; 2], f64)| {
            let way = ((point[0] - x).powi(2) + (point[1] - y).powi(2)).sqrt();
            distance + way < most - SLACK_MM
        };
        if last.is_some_and(is_less) {
            continue;
        }
        let distance = outside(point, contour);
        most = most.max(distance);
        last = Some((point, distance));
    }
    most
}

/// Signed distance of a point to a closed contour, positive outside.
fn outside([x, y]: [f64; 2], contour: &[[f64; 2]]) -> f64 {
    let (mut nearest, mut near_squared, mut inside) = (f64::INFINITY, f64::INFINITY, false);
    for (k, &[x0, y0]) in contour.iter().enumerate() {
        let [x1, y1] = contour[(k + 1) % contour.len()];
        let (dx, dy) = (x1 - x0, y1 - y0);
        let length = dx * dx + dy * dy;
        let t = if length > 0.0 { (((x - x0) * dx + (y - y0) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (off_x, off_y) = (x - x0 - t * dx, y - y0 - t * dy);
        // The square tells which sides are worth the root.
        if off_x * off_x + off_y * off_y <= near_squared {
            nearest = nearest.min(off_x.hypot(off_y));
            near_squared = nearest * nearest * (1.0 + 1e-12);
        }
        if (y0 > y) != (y1 > y) && x < x0 + (y - y0) / dy * dx {
            inside = !inside;
        }
    }
    if inside { -nearest } else { nearest }
}

/// Width of a contour along the line z = 0, where it surrounds the axis.
fn width(contour: &[[f64; 2]]) -> Option<f64> {
    let mut crossings: Vec<f64> = Vec::new();
    for (k, &[x0, z0]) in contour.iter().enumerate() {
        let [x1, z1] = contour[(k + 1) % contour.len()];
        if (z0 > 0.0) != (z1 > 0.0) {
            crossings.push(x0 + (x1 - x0) * z0 / (z0 - z1));
        }
    }
    let low = crossings.iter().copied().fold(f64::INFINITY, f64::min);
    let high = crossings.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (high > low).then_some(high - low)
}

/// The line that a stem's axis follows: along the shaft, through the middle of the canal.
pub(crate) fn stem_axis(hip: &RightHip) -> (Point<RightSide>, Vector<RightSide>) {
    let axis = hip.shaft.axis.normalised().unwrap_or(hip.axes.superior);
    if hip.canal.is_empty() {
        return (hip.shaft.point_mm, axis);
    }
    // Below the lesser trochanter the canal is a tube; where too little of that is seen, its lower half serves.
    let tube = hip.canal.iter().filter(|s| s.level_mm <= 0.0).count();
    let used = tube.max(hip.canal.len().div_ceil(2));
    let sections = &hip.canal[hip.canal.len() - used..];
    let sum = sections.iter().fold(Vector::new(0.0, 0.0, 0.0), |sum, s| {
        let from = s.centre - hip.shaft.point_mm;
        sum + (from - axis * from.dot(axis))
    });
    (hip.shaft.point_mm + sum * (1.0 / used as f64), axis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::Catalogue;

    fn circle(radius: f64) -> Vec<[f64; 2]> {
        (0..720)
            .map(|k| f64::from(k).to_radians() / 2.0)
            .map(|a| [radius * a.cos(), radius * a.sin()])
            .collect()
    }

    #[test]
    fn reach_is_the_signed_distance_to_the_contour() {
        assert!((reach(&circle(8.0), &circle(10.0), f64::NEG_INFINITY) + 2.0).abs() < 1e-3);
        assert!((reach(&circle(11.0), &circle(10.0), f64::NEG_INFINITY) - 1.0).abs() < 1e-3);
        let shifted: Vec<_> = circle(8.0).iter().map(|[x, z]| [x + 3.0, *z]).collect();
        assert!((reach(&shifted, &circle(10.0), f64::NEG_INFINITY) - 1.0).abs() < 1e-3);
        assert_eq!(reach(&shifted, &circle(10.0), 2.0), 2.0);
        assert!((width(&shifted).unwrap() - 16.0).abs() < 1e-2);
    }

    #[test]
    fn points_that_are_left_out_lie_no_further() {
        for k in 0..60 {
            let (wide, at) = (4.0 + f64::from(k) * 0.1, f64::from(k % 7));
            let outline: Vec<[f64; 2]> =
                circle(wide).iter().map(|[x, z]| [x * 0.7 + at - 3.0, z * 1.2]).collect();
            let contour: Vec<[f64; 2]> =
                circle(8.0).iter().enumerate().map(|(n, [x, z])| [x + (n as f64 * 0.4).sin(), *z]).collect();
            let all = outline.iter().map(|&p| outside(p, &contour)).fold(f64::NEG_INFINITY, f64::max);
            assert_eq!(reach(&outline, &contour, f64::NEG_INFINITY), all);
        }
    }

    #[test]
    fn a_signed_distance_is_that_of_all_sides() {
        let contour = [[0.0, 0.0], [7.0, -1.0], [9.0, 4.0], [4.0, 3.0], [1.0, 6.0]];
        for k in 0..400 {
            let (x, y) = (f64::from(k % 20) * 0.7 - 3.0, f64::from(k / 20) * 0.6 - 4.0);
            let sides = (0..5).map(|i| (contour[i], contour[(i + 1) % 5]));
            let all = sides.map(|([x0, y0], [x1, y1])| {
                let (dx, dy) = (x1 - x0, y1 - y0);
                let t: f64 = (((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
                (x - x0 - t * dx).hypot(y - y0 - t * dy)
            });
            assert_eq!(outside([x, y], &contour).abs(), all.fold(f64::INFINITY, f64::min));
        }
    }

    #[test]
    fn outlines_follow_the_stem() {
        let catalogue = Catalogue::builtin();
        let family = catalogue.stem("tapered_wedge").unwrap();
        let size = family.size(6).unwrap();
        let outlines = Outlines::new(family, size, catalogue.taper(&family.taper).unwrap());
        let low = width(outlines.at(-size.length_mm + 8.0)).unwrap();
        assert!((low - size.distal_width_mm).abs() < 0.6, "{low}");
        let high = width(outlines.at(-25.0)).unwrap();
        assert!(high > low + 5.0);
        assert!(outlines.at(-500.0).is_empty());
    }
}
