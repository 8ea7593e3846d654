//! A muscle of the people of the atlas, about the mean bones or where a patient's bones carry it.

use coxa_geometry::frame::{Frame, RightSide, Template};
use coxa_geometry::{Mesh, Vector};

/// A muscle of the two people of an atlas and of those between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Muscle<F: Frame> {
    /// Name without side, such as `adductor_magnus`.
    pub name: String,
    /// Name of its label without side, such as `adductors`: some muscles share one.
    pub structure: String,
    /// Closed surface of a right one, millimetres: as it was read or carried, of a person halfway between the two.
    pub mesh: Mesh<F>,
    /// Half of the way from the first person's to the second's, vertex by vertex, in mm. Zero in an atlas of one.
    pub difference: Vec<Vector<F>>,
    /// From the person halfway to the mean of both, vertex by vertex, in mm: mean surfaces of two muscles may cross, and are moved apart.
    pub bow: Vec<Vector<F>>,
    /// Where a usual person lies between the first (-1) and the second (1), by how much of all muscle of the leg this one is in many people.
    pub usual: f64,
}

/// About the mean bones of the shape models.
pub type AtlasMuscle = Muscle<Template>;

/// Where the bones of a patient carry it, as on a right hip: [`coxa_geometry::Side::leave`] takes it to the patient.
pub type CarriedMuscle = Muscle<RightSide>;

impl<F: Frame> Muscle<F> {
    /// The muscle of a person between the two: -1 is the first, 0 the one halfway, 1 the second.
    pub fn member(&self, member: f64) -> Mesh<F> {
        let vertices = self.mesh.vertices.iter().zip(&self.difference).zip(&self.bow);
        let vertices =
            vertices.map(|((middle, d), bow)| *middle + *d * member + *bow * (member * member)).collect();
        Mesh { vertices, triangles: self.mesh.triangles.clone() }
    }

    /// The muscle of a person between the first (-1), the usual one (0) and the second (1).
    pub fn person(&self, person: f64) -> Mesh<F> {
        self.member(self.usual + person * (1.0 - self.usual * person.signum()))
    }
}
