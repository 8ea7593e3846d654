//! Outlines of plane sections.

use super::shape::Shape;
use coxa_geometry::mesh::section::plane_section_by;
use coxa_geometry::{Point, Vector};
use nalgebra::{Point3, Vector3};

/// One closed outline of a section.
#[derive(Debug, Clone)]
pub struct Outline {
    /// Centroid of the enclosed area.
    pub centroid: Point3<f64>,
    /// Enclosed area in mm², positive for solid bone.
    pub area: f64,
    /// The outline itself; the last point repeats the first.
    pub points: Vec<Point3<f64>>,
}

/// The closed outlines of the section through a point, solid ones only.
pub fn outlines(shape: &Shape, point: Point3<f64>, normal: Vector3<f64>) -> Vec<Outline> {
    plane_section_by(&shape.mesh, &shape.query, Point::from_coords(point), Vector::from_coords(normal))
        .into_iter()
        .filter(|line| line.len() > 3 && line.first() == line.last())
        .filter_map(|line| {
            let points: Vec<Point3<f64>> = line.into_iter().map(Point::coords).collect();
            let start = points[0];
            let (mut area, mut moment) = (0.0, Vector3::zeros());
            for pair in points.windows(2) {
                let (a, b) = (pair[0] - start, pair[1] - start);
                let part = a.cross(&b).dot(&normal) / 2.0;
                area += part;
                moment += (a + b) * (part / 3.0);
            }
            (area > 1.0).then(|| Outline { centroid: start + moment / area, area, points })
        })
        .collect()
}

/// The outline whose centroid is nearest to where the plane is laid, among those of at least `min_area`.
pub fn outline_around(
    shape: &Shape,
    point: Point3<f64>,
    normal: Vector3<f64>,
    min_area: f64,
) -> Option<Outline> {
    outlines(shape, point, normal)
        .into_iter()
        .filter(|o| o.area >= min_area)
        .min_by(|a, b| (a.centroid - point).norm().total_cmp(&(b.centroid - point).norm()))
}
