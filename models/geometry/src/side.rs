//! Body side, and the one mirror that lets everything inside think of a right hip.

use crate::frame::Patient;
use crate::mesh::Mesh;
use crate::spatial::{Point, Vector};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Left or right side of the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The patient's right.
    Right,
    /// The patient's left.
    Left,
}

impl Side {
    /// Both sides, right first.
    pub const BOTH: [Side; 2] = [Side::Right, Side::Left];

    /// The other side.
    pub const fn other(self) -> Side {
        match self {
            Side::Right => Side::Left,
            Side::Left => Side::Right,
        }
    }

    /// `right` or `left`.
    pub const fn name(self) -> &'static str {
        match self {
            Side::Right => "right",
            Side::Left => "left",
        }
    }

    /// Takes something of this side to the right-hip world: a left thing is mirrored in the patient's sagittal
    /// plane x = 0, a right thing is returned as it is. Its own inverse.
    pub fn to_right<T: Mirror>(self, thing: T) -> T {
        match self {
            Side::Right => thing,
            Side::Left => thing.mirror(),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text named no side.
#[derive(Debug, thiserror::Error)]
#[error("unknown side '{0}': say left or right")]
pub struct UnknownSide(String);

impl FromStr for Side {
    type Err = UnknownSide;
    fn from_str(text: &str) -> Result<Self, UnknownSide> {
        match text.trim().to_ascii_lowercase().as_str() {
            "right" | "r" => Ok(Side::Right),
            "left" | "l" => Ok(Side::Left),
            _ => Err(UnknownSide(text.chars().take(40).collect())),
        }
    }
}

/// Reflection in the patient's sagittal plane (x -> -x in LPS).
pub trait Mirror {
    /// The mirror image; applying it twice gives the original back exactly.
    fn mirror(self) -> Self;
}

impl Mirror for Point<Patient> {
    fn mirror(self) -> Self {
        Point::new(-self.x(), self.y(), self.z())
    }
}

impl Mirror for Vector<Patient> {
    fn mirror(self) -> Self {
        Vector::new(-self.x(), self.y(), self.z())
    }
}

impl Mirror for Mesh<Patient> {
    /// Also reverses the triangles, so that normals keep pointing outwards.
    fn mirror(mut self) -> Self {
        for vertex in &mut self.vertices {
            *vertex = vertex.mirror();
        }
        for triangle in &mut self.triangles {
            triangle.swap(1, 2);
        }
        self
    }
}

impl<T: Mirror> Mirror for Option<T> {
    fn mirror(self) -> Self {
        self.map(Mirror::mirror)
    }
}

impl<T: Mirror> Mirror for Vec<T> {
    fn mirror(self) -> Self {
        self.into_iter().map(Mirror::mirror).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sides_have_names() {
        for side in Side::BOTH {
            assert_eq!(side.name().parse::<Side>().unwrap(), side);
            assert_eq!(side.other().other(), side);
        }
        assert_eq!(" R ".parse::<Side>().unwrap(), Side::Right);
        assert!("both".parse::<Side>().is_err());
    }

    #[test]
    fn a_mirrored_mesh_keeps_its_inside_inside() {
        let cube = crate::mesh::tests::cube(2.0);
        let vertices = cube.vertices.iter().map(|v| Point::from_coords(v.coords())).collect();
        let mesh: Mesh<Patient> = Mesh { vertices, triangles: cube.triangles };
        let mirrored = mesh.clone().mirror();
        assert!((mirrored.signed_volume() - mesh.signed_volume()).abs() < 1e-12);
        assert_eq!(mirrored.mirror(), mesh);
    }

    proptest! {
        #[test]
        fn a_mirror_keeps_lengths_and_angles_and_undoes_itself(
            a in prop::array::uniform3(-1e3..1e3f64),
            b in prop::array::uniform3(-1e3..1e3f64),
        ) {
            let (p, q) = (Point::<Patient>::new(a[0], a[1], a[2]), Point::new(b[0], b[1], b[2]));
            prop_assert_eq!(p.mirror().mirror(), p);
            prop_assert_eq!(p.mirror().distance(q.mirror()), p.distance(q));
            let (u, v) = (p - Point::origin(), q - Point::origin());
            prop_assert_eq!(u.mirror().dot(v.mirror()), u.dot(v));
            // A mirror turns a right-handed triple into a left-handed one.
            prop_assert!((u.mirror().cross(v.mirror()) + u.cross(v).mirror()).norm() <= 1e-9);
        }
    }
}
