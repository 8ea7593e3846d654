//! The surface of a parametric stem: a loft of superelliptic sections from the tip to the resection plane, then of
//! circles along the neck.
//!
//! Below the neck the sections are horizontal. Between there and the oblique resection plane they fan out around a line
//! medial of the body, so that no two of them cross inside it.

use super::solid::{loft, steps_around};
use super::stem::{NeckOffset, StemFamily, StemSize, Taper};
use coxa_geometry::frame::Stem;
use coxa_geometry::{Angle, Mesh, Point, Vector};
use std::f64::consts::{FRAC_PI_2, TAU};

/// Distance of the fan's line from the body's medial edge.
const FAN_CLEARANCE_MM: f64 = 3.0;
/// Chamfer between the body's top and its sides.
const CHAMFER_MM: f64 = 1.5;
/// Height over the resection plane at which the neck has become round.
const SHOULDER_MM: f64 = 7.0;
/// Steps of the fan and of the widening below it per millimetre of tolerance are not worth adapting: the flare is
/// gentle, and these keep it below 0.02 mm.
const BODY_STEPS: usize = 40;
const FAN_STEPS: usize = 10;
const TIP_STEPS: usize = 8;

/// A section of the body: an oblique plane with the superellipse's centre and half axes.
struct Section {
    centre: Point<Stem>,
    /// In-plane unit vector, lateral (and up, where the plane is oblique).
    lateral: Vector<Stem>,
    half_width: f64,
    half_depth: f64,
}

impl StemFamily {
    /// Surface of body, neck and taper within `tolerance_mm`; a user's own part as it is.
    pub fn mesh(
        &self,
        size: &StemSize,
        neck_shaft: Angle,
        offset: NeckOffset,
        taper: &Taper,
        tolerance_mm: f64,
    ) -> Mesh<Stem> {
        match &size.own {
            Some(own) => own.mesh.clone(),
            None => parametric(self, size, neck_shaft, offset, taper, tolerance_mm),
        }
    }
}

fn parametric(
    family: &StemFamily,
    size: &StemSize,
    neck_shaft: Angle,
    offset: NeckOffset,
    taper: &Taper,
    tolerance_mm: f64,
) -> Mesh<Stem> {
    let around = steps_around(size.depth_mm.max(size.medial_mm), tolerance_mm);
    let mut rings: Vec<Vec<Point<Stem>>> =
        body_sections(family, size).iter().map(|s| superellipse(s, family.section_power, around)).collect();
    let tip = Point::new(0.0, -size.length_mm, 0.0);

    let neck = family.neck(size, neck_shaft, offset);
    let head = neck.head_centre(0.0);
    let normal = family.resection_normal();
    // Above this the neck is round and stands free.
    let leaves_body = (head - Point::origin()).dot(normal) / neck.axis.dot(normal) - SHOULDER_MM;
    let mut outline = family.neck_outline(size, taper);
    outline.reverse();
    if let Some(base) = outline.first_mut() {
        base.0 = leaves_body;
    }
    outline.retain(|&(below, _)| below <= leaves_body);
    let lateral = Vector::new(-neck.axis.y(), neck.axis.x(), 0.0);
    for &(below, radius) in &outline {
        let circle =
            Section { centre: head - neck.axis * below, lateral, half_width: radius, half_depth: radius };
        rings.push(superellipse(&circle, 2.0, around));
    }
    let top = head + neck.axis * taper.head_seat_mm;
    loft(tip, &rings, top)
}

/// Sections from just above the tip to the chamfered resection plane.
fn body_sections(family: &StemFamily, size: &StemSize) -> Vec<Section> {
    let horizontal = Vector::new(-1.0, 0.0, 0.0);
    let pivot_x = size.medial_mm + FAN_CLEARANCE_MM;
    let pivot_y = -pivot_x * family.resection.tan();
    let tip = -size.length_mm;
    let rounding = size.distal_width_mm / 2.0;

    // Extents at a height below the fan.
    let body = |y: f64| {
        let t = ((y - tip) / (pivot_y - tip)).clamp(0.0, 1.0);
        let distal = size.distal_width_mm / 2.0;
        let medial = distal + (size.medial_mm - distal) * t.powf(family.medial_curve);
        let lateral = distal + (size.lateral_mm - distal) * t;
        let depth = size.distal_depth_mm + (size.depth_mm - size.distal_depth_mm) * t;
        (medial, lateral, depth / 2.0)
    };
    let section = |y: f64, scale: f64| {
        let (medial, lateral, half_depth) = body(y);
        Section {
            centre: Point::new((medial - lateral) / 2.0 * scale, y, 0.0),
            lateral: horizontal,
            half_width: (medial + lateral) / 2.0 * scale,
            half_depth: half_depth * scale,
        }
    };

    let mut sections = Vec::new();
    for i in 1..TIP_STEPS {
        // Half of an ellipsoid: equal steps of its parameter.
        let parameter = FRAC_PI_2 * i as f64 / TIP_STEPS as f64;
        sections.push(section(tip + rounding * (1.0 - parameter.cos()), parameter.sin()));
    }
    for i in 0..=BODY_STEPS {
        let y = tip + rounding + (pivot_y - tip - rounding) * i as f64 / BODY_STEPS as f64;
        sections.push(section(y, 1.0));
    }
    let oblique = |angle: f64, chamfer: f64, lift: f64| {
        let lateral = Vector::new(-angle.cos(), angle.sin(), 0.0);
        let near = (pivot_x - size.medial_mm) / angle.cos() + chamfer;
        let far = (pivot_x + size.lateral_mm) / angle.cos() - chamfer;
        Section {
            centre: Point::new(pivot_x, pivot_y, 0.0)
                + lateral * ((near + far) / 2.0)
                + Vector::new(angle.sin(), angle.cos(), 0.0) * lift,
            lateral,
            half_width: (far - near) / 2.0,
            half_depth: size.depth_mm / 2.0 - chamfer,
        }
    };
    let resection = family.resection.radians();
    for i in 1..=FAN_STEPS {
        sections.push(oblique(resection * i as f64 / FAN_STEPS as f64, 0.0, 0.0));
    }
    sections.push(oblique(resection, CHAMFER_MM, CHAMFER_MM));
    sections
}

fn superellipse(section: &Section, power: f64, around: usize) -> Vec<Point<Stem>> {
    let root = |c: f64| c.signum() * c.abs().powf(2.0 / power);
    (0..around)
        .map(|j| {
            // Quarter turns must hit the axes exactly, else near-zero cosines give needles.
            let quarter = around / 4;
            let (sin, cos) = match (j % quarter, j / quarter) {
                (0, 0) => (0.0, 1.0),
                (0, 1) => (1.0, 0.0),
                (0, 2) => (0.0, -1.0),
                (0, 3) => (-1.0, 0.0),
                _ => (TAU * j as f64 / around as f64).sin_cos(),
            };
            let flat = |c: f64| if c == 0.0 { 0.0 } else { root(c) };
            section.centre
                + section.lateral * (section.half_width * flat(cos))
                + Vector::new(0.0, 0.0, section.half_depth * flat(sin))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::Catalogue;
    use coxa_geometry::mesh::section::plane_section;
    use coxa_geometry::mesh::validate::defects;

    #[test]
    fn every_stem_is_sound() {
        let catalogue = Catalogue::builtin();
        let mut stems = 0;
        for family in &catalogue.stems {
            let taper = catalogue.taper(&family.taper).unwrap();
            let mut last_volume = 0.0;
            for size in &family.sizes {
                for &angle in &family.neck_shaft {
                    for &offset in family.offsets() {
                        let mesh = family.mesh(size, angle, offset, taper, 0.05);
                        assert_eq!(defects(&mesh), [], "{} {} {angle} {offset}", family.name, size.size);
                        let (low, high) = mesh.bounds().unwrap();
                        assert!((low.y() + size.length_mm).abs() < 1e-9);
                        let head = family.neck(size, angle, offset).head_centre(0.0);
                        assert!(high.y() > head.y() && high.y() < head.y() + 12.0);
                        stems += 1;
                    }
                }
                let volume = family
                    .mesh(size, family.neck_shaft[0], NeckOffset::Standard, taper, 0.05)
                    .signed_volume();
                assert!(volume > last_volume, "{} {}: {volume}", family.name, size.size);
                assert!((10_000.0..110_000.0).contains(&volume), "{} {}: {volume}", family.name, size.size);
                last_volume = volume;
            }
        }
        assert_eq!(stems, (18 + 16 + 14) * 4);
    }

    #[test]
    fn sections_have_the_stated_dimensions() {
        let catalogue = Catalogue::builtin();
        let family = catalogue.stem("tapered_wedge").unwrap();
        let size = family.size(4).unwrap();
        let taper = catalogue.taper("12/14").unwrap();
        let mesh = family.mesh(size, Angle::from_degrees(135.0), NeckOffset::Standard, taper, 0.02);
        let plane = family.resection_normal();
        let cut = plane_section(&mesh, Point::origin() - plane * 1e-6, plane);
        assert_eq!(cut.len(), 1);
        let extent = |f: fn(&Point<Stem>) -> f64| cut[0].iter().map(f).fold(f64::MIN, f64::max);
        assert!((extent(|p| p.x()) - size.medial_mm).abs() < 1e-3);
        assert!((extent(|p| -p.x()) - size.lateral_mm).abs() < 1e-3);
        assert!((extent(|p| p.z()) - size.depth_mm / 2.0).abs() < 1e-3);

        // Across the neck, 16 mm below the head centre.
        let neck = family.neck(size, Angle::from_degrees(135.0), NeckOffset::Standard);
        let cut = plane_section(&mesh, neck.head_centre(0.0) - neck.axis * 16.0, neck.axis);
        for p in &cut[0] {
            let radius = p.distance(neck.head_centre(0.0) - neck.axis * 16.0);
            assert!((radius - 6.0).abs() < 0.02, "{radius}");
        }
    }
}
