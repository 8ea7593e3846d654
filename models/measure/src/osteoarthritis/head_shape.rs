//! How far a femoral head is from a sphere, and how far bone stands out of it where the neck begins.

use coxa_shape::landmarks::ball::Sphere;
use coxa_shape::landmarks::shape::Shape;
use nalgebra::Vector3;

/// The head's own part of the sphere reaches so far from its pole; the fovea lies in it and counts.
const HEAD_DEG: f64 = 75.0;
/// Osteophytes are sought between these angles from the pole, where head and neck meet.
const JUNCTION_DEG: std::ops::Range<f64> = 80.0..112.0;
/// Surface further from the sphere than this belongs to something else, in mm.
const FARTHEST_MM: f64 = 9.0;
/// Surface further from the sphere than this is aspherical, in mm; a head of a healthy joint stays within a half.
const ASPHERICAL_MM: f64 = 1.0;
/// Part of the junction's surface that is allowed to stand out further than the height that is given.
const HIGHEST_SHARE: f64 = 0.05;

/// Deviations of a head from its sphere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HeadShape {
    /// Root mean square over the area, mm.
    pub(crate) rms_mm: f64,
    /// That which a twentieth of the area exceeds, mm.
    pub(crate) most_mm: f64,
    /// Part of the area that is further than a millimetre from the sphere.
    pub(crate) aspherical_fraction: f64,
    /// How far bone stands out of the sphere at the junction, but for its highest twentieth, mm.
    pub(crate) osteophyte_mm: f64,
}

/// Measures a head; `pole` points from the neck to the head. `None` where too little of it is seen.
pub(crate) fn measure(femur: &Shape, head: &Sphere, pole: &Vector3<f64>) -> Option<HeadShape> {
    let (head_cosine, [from, to]) =
        (HEAD_DEG.to_radians().cos(), [JUNCTION_DEG.start, JUNCTION_DEG.end].map(|d| d.to_radians().cos()));
    // Deviation and area of the surface that faces outwards.
    let (mut on_head, mut at_junction) = (Vec::new(), Vec::new());
    for (i, p) in femur.points.iter().enumerate() {
        let arm = p - head.centre.coords();
        let distance = arm.norm();
        let away = distance - head.radius;
        if femur.cut[i] || away.abs() > FARTHEST_MM || distance < 1.0 {
            continue;
        }
        let out = arm / distance;
        let along = out.dot(pole);
        let facing = femur.normals[i].dot(&out);
        if along > head_cosine && facing > 0.3 {
            on_head.push((away, femur.areas[i]));
        } else if along < from && along > to {
            at_junction.push((away.max(0.0), femur.areas[i]));
        }
    }
    let area: f64 = on_head.iter().map(|(_, a)| a).sum();
    // A third of the cap must be seen.
    let cap = 2.0 * std::f64::consts::PI * head.radius.powi(2) * (1.0 - head_cosine);
    if area < cap / 3.0 || at_junction.is_empty() {
        return None;
    }
    let square: f64 = on_head.iter().map(|(d, a)| d * d * a).sum();
    let beyond: f64 = on_head.iter().filter(|(d, _)| d.abs() > ASPHERICAL_MM).map(|(_, a)| a).sum();
    on_head.iter_mut().for_each(|(d, _)| *d = d.abs());
    Some(HeadShape {
        rms_mm: (square / area).sqrt(),
        most_mm: exceeded_by(on_head, HIGHEST_SHARE),
        aspherical_fraction: beyond / area,
        osteophyte_mm: exceeded_by(at_junction, HIGHEST_SHARE),
    })
}

/// The value that a share of the area exceeds.
fn exceeded_by(mut values: Vec<(f64, f64)>, share: f64) -> f64 {
    values.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut left = share * values.iter().map(|(_, area)| area).sum::<f64>();
    for (value, area) in values {
        left -= area;
        if left <= 0.0 {
            return value;
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::{Mesh, Point};
    use nalgebra::Point3;

    fn ball(deform: impl Fn(Vector3<f64>) -> f64) -> (Shape, Sphere) {
        const RINGS: u32 = 60;
        let at = |i: u32, j: u32| {
            let (polar, azimuth) = (
                std::f64::consts::PI * f64::from(i) / f64::from(RINGS),
                std::f64::consts::TAU * f64::from(j % (2 * RINGS)) / f64::from(2 * RINGS),
            );
            let out = Vector3::new(polar.sin() * azimuth.cos(), polar.sin() * azimuth.sin(), polar.cos());
            Point::from_coords(Point3::from(out * (24.0 + deform(out))))
        };
        let mut vertices = Vec::new();
        for i in 0..=RINGS {
            vertices.extend((0..2 * RINGS).map(|j| at(i, j)));
        }
        let id = |i: u32, j: u32| i * 2 * RINGS + j % (2 * RINGS);
        let mut triangles = Vec::new();
        for i in 0..RINGS {
            for j in 0..2 * RINGS {
                triangles.push([id(i, j), id(i + 1, j), id(i + 1, j + 1)]);
                triangles.push([id(i, j), id(i + 1, j + 1), id(i, j + 1)]);
            }
        }
        let sphere = Sphere {
            centre: Point::origin(),
            radius: 24.0,
            rms: 0.0,
            spread: 0.1,
            radius_spread: 0.1,
            coverage: 0.5,
        };
        (Shape::whole(Mesh { vertices, triangles }).unwrap(), sphere)
    }

    #[test]
    fn a_sphere_is_one() {
        let (shape, sphere) = ball(|_| 0.0);
        let found = measure(&shape, &sphere, &Vector3::z()).unwrap();
        assert!(found.rms_mm < 1e-9 && found.most_mm < 1e-9 && found.osteophyte_mm < 1e-9);
        assert_eq!(found.aspherical_fraction, 0.0);
    }

    #[test]
    fn flat_heads_and_collars_are_measured() {
        // A cap of 28.5 degrees flattened by 1.5 mm: 1 - cos 28.5 of the 1 - cos 75 of the head.
        let (shape, sphere) = ball(|out| if out.z > 28.5_f64.to_radians().cos() { -1.5 } else { 0.0 });
        let found = measure(&shape, &sphere, &Vector3::z()).unwrap();
        let share = (1.0 - 28.5_f64.to_radians().cos()) / (1.0 - 75_f64.to_radians().cos());
        assert!((found.aspherical_fraction - share).abs() < 0.02, "{found:?} {share}");
        assert!((found.rms_mm - 1.5 * share.sqrt()).abs() < 0.08 && (found.most_mm - 1.5).abs() < 1e-9);
        let (shape, sphere) = ball(|out| 4.0 * (-(out.z / 0.1).powi(2)).exp());
        let found = measure(&shape, &sphere, &Vector3::z()).unwrap();
        assert!((found.osteophyte_mm - 4.0).abs() < 0.2, "{found:?}");
    }
}
