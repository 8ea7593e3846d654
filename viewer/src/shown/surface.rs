//! A surface that can be cut.

use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::mesh::section::plane_section_by;
use coxa_geometry::{Mesh, Point, Transform, Vector};
use coxa_planner::pictures::View;

/// A surface with the tree that its sections are found by.
pub struct Surface {
    /// The surface.
    pub mesh: Mesh<Patient>,
    pub(super) query: Option<MeshQuery<Patient>>,
}

impl Surface {
    /// A surface made ready; one that is empty or broken has no sections.
    pub fn new(mesh: Mesh<Patient>) -> Self {
        let query = MeshQuery::new(&mesh).ok();
        Surface { mesh, query }
    }

    /// How far away a line of sight first meets the surface where `pose` brings it, of a part of that line, from where to where. Where it
    /// begins further on, inside of the surface, it meets the face along which that is cut.
    pub fn seen_from(
        &self,
        eye: Point<Patient>,
        into: Vector<Patient>,
        [from, to]: [f64; 2],
        pose: &Transform<Patient, Patient>,
    ) -> Option<f64> {
        let (back, query) = (pose.inverse(), self.query.as_ref()?);
        let begin = back.apply(eye + into * from);
        if from > 0.0 && query.contains(begin) {
            return Some(from);
        }
        let hit = query.ray(begin, back.apply(into), to - from)?;
        Some(from + hit.distance)
    }

    /// Outlines in the plane of a view, in millimetres right and down from its middle, of the surface where `pose` brings it.
    pub fn outlines(&self, view: &View, pose: &Transform<Patient, Patient>) -> Vec<Vec<[f64; 2]>> {
        let Some(query) = &self.query else { return Vec::new() };
        // The plane is brought to the surface: it has two vectors, the surface has many.
        let back = pose.inverse();
        let view = View {
            centre: back.apply(view.centre),
            right: back.apply(view.right),
            down: back.apply(view.down),
            ..*view
        };
        let flat = |point: &Point<Patient>| {
            let d = *point - view.centre;
            [d.dot(view.right), d.dot(view.down)]
        };
        plane_section_by(&self.mesh, query, view.centre, view.into_picture())
            .iter()
            .map(|line| line.iter().map(flat).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_lie_in_the_view_to_scale() {
        let surface = Surface::new(Mesh::cuboid([-3.0, -4.0, -5.0], [3.0, 4.0, 5.0]));
        let view = View::coronal(Point::new(1.0, 0.0, 0.0), 100.0, 80.0, 2.0);
        let extents = |pose: &Transform<Patient, Patient>| {
            let lines = surface.outlines(&view, pose);
            assert_eq!(lines.len(), 1);
            [0, 1].map(|axis| {
                let along = || lines[0].iter().map(|p| p[axis]);
                (along().fold(f64::INFINITY, f64::min), along().fold(f64::NEG_INFINITY, f64::max))
            })
        };
        let still = Transform::identity();
        assert_eq!(extents(&still), [(-4.0, 2.0), (-5.0, 5.0)]);
        assert!(Surface::new(Mesh::default()).outlines(&view, &still).is_empty());
        // Moved down and to the left of the patient: up is superior, right is left.
        let moved = Transform::from_isometry(nalgebra::Translation3::new(2.0, 1.0, -3.0).into());
        assert_eq!(extents(&moved), [(-2.0, 4.0), (-2.0, 8.0)]);
    }
}
