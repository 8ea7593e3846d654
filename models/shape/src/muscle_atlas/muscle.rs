//! A muscle of the atlas, about the mean bones and where a patient's bones carry it.

use coxa_geometry::frame::{RightSide, Template};
use coxa_geometry::{Mesh, Point, Vector};
use nalgebra::Vector3;

/// One muscle of the atlas.
#[derive(Debug, Clone, PartialEq)]
pub struct AtlasMuscle {
    /// Name without side, such as `adductor_magnus`.
    pub name: String,
    /// Name of its label without side, such as `adductors`: some muscles share one.
    pub structure: String,
    /// Closed surface of a right one about the mean pelvis of the shape model, millimetres: of a person halfway between the atlas's two.
    pub mesh: Mesh<Template>,
    /// Half of the way from the first person's to the second's, vertex by vertex, in mm. Zero in an atlas of one.
    pub difference: Vec<Vector<Template>>,
    /// From the person halfway to the mean of both, vertex by vertex, in mm: mean surfaces of two muscles may cross, and are moved apart.
    pub bow: Vec<Vector<Template>>,
    /// Where a usual person lies between the first (-1) and the second (1), by how much of all muscle of the leg this one is in many people.
    pub usual: f64,
}

impl AtlasMuscle {
    /// Places of the vertices of a person between the two: -1 is the first, 0 the one halfway, 1 the second.
    pub fn member(&self, member: f64) -> impl Iterator<Item = Point<Template>> {
        let vertices = self.mesh.vertices.iter().zip(&self.difference).zip(&self.bow);
        vertices.map(move |((middle, d), bow)| *middle + *d * member + *bow * (member * member))
    }
}

/// A muscle where the bones carry it.
#[derive(Debug, Clone, PartialEq)]
pub struct CarriedMuscle {
    /// Name without side, such as `adductor_magnus`.
    pub name: String,
    /// Name of its label without side, such as `adductors`.
    pub structure: String,
    /// Closed surface as on a right hip, where it was carried of a person halfway between the atlas's two: [`coxa_geometry::Side::leave`] takes it to
    /// the patient.
    pub mesh: Mesh<RightSide>,
    /// Half of the way from the first person's to the second's, vertex by vertex, in mm.
    pub difference: Vec<Vector3<f64>>,
    /// From the person halfway to the mean of both, vertex by vertex, in mm.
    pub bow: Vec<Vector3<f64>>,
    /// Where a usual person lies between the first (-1) and the second (1).
    pub usual: f64,
}

impl CarriedMuscle {
    /// The muscle of a person between the atlas's two: -1 is the first, 0 the one halfway, 1 the second.
    pub fn member(&self, member: f64) -> Mesh<RightSide> {
        let vertices = self.mesh.vertices.iter().zip(&self.difference).zip(&self.bow);
        let place = |((middle, d), bow): ((&Point<RightSide>, &Vector3<f64>), &Vector3<f64>)| {
            Point::from_coords(middle.coords() + d * member + bow * (member * member))
        };
        Mesh { vertices: vertices.map(place).collect(), triangles: self.mesh.triangles.clone() }
    }

    /// The muscle of a person between the first (-1), the usual one (0) and the second (1).
    pub fn person(&self, person: f64) -> Mesh<RightSide> {
        self.member(self.usual + person * (1.0 - self.usual * person.signum()))
    }
}
