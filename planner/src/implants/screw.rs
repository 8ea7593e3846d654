//! Acetabular screws, and the holes of shells that take them.

use super::error::{CatalogueError, list};
use super::solid::{revolved, steps_around};
use coxa_geometry::frame::Cup;
use coxa_geometry::{Angle, Mesh, Vector};
use serde::{Deserialize, Serialize};

/// A family of screws that differ in length alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screw {
    /// Name for a person.
    pub name: String,
    /// One line for a person.
    pub description: String,
    /// Outer diameter of the thread.
    pub diameter_mm: f64,
    /// Diameter of the head.
    pub head_diameter_mm: f64,
    /// Height of the head, which sits in the wall of the shell.
    pub head_height_mm: f64,
    /// From under the head to the tip, ascending.
    pub lengths_mm: Vec<f64>,
}

/// A hole of a shell; the axis of its screw runs through the centre of the shell's sphere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScrewHole {
    /// From the pole of the shell.
    #[serde(rename = "polar_deg")]
    pub polar: Angle,
    /// About the cup axis, from superior towards anterior.
    #[serde(rename = "azimuth_deg")]
    pub azimuth: Angle,
}

impl ScrewHole {
    /// Direction of its screw, out of the shell into the bone.
    pub fn direction(&self) -> Vector<Cup> {
        let out = self.polar.sin();
        Vector::new(out * self.azimuth.sin(), out * self.azimuth.cos(), -self.polar.cos())
    }
}

/// Of the shaft's end, this much is its point.
const POINT_MM: f64 = 4.0;

impl Screw {
    /// The length that this family comes in within a millionth of a millimetre of this one.
    ///
    /// # Errors
    /// Names those there are.
    pub fn length(&self, wanted_mm: f64) -> Result<f64, CatalogueError> {
        let near = |length: &&f64| (**length - wanted_mm).abs() < 1e-6;
        self.lengths_mm.iter().find(near).copied().ok_or_else(|| CatalogueError::Unknown {
            what: "screw length",
            name: format!("{wanted_mm} mm"),
            known: format!("{} mm", list(&self.lengths_mm)),
        })
    }

    /// How deep the head sits in a wall: no deeper than the wall is thick.
    pub fn head_depth_mm(&self, wall_mm: f64) -> f64 {
        self.head_height_mm.min(wall_mm)
    }

    /// The screw of a length in a wall: origin on top of its head, +Z towards the tip.
    pub fn mesh(&self, length_mm: f64, wall_mm: f64, tolerance_mm: f64) -> Mesh<Cup> {
        let (head, shaft) = (self.head_diameter_mm / 2.0, self.diameter_mm / 2.0);
        let under = self.head_depth_mm(wall_mm);
        let tip = under + length_mm;
        // From the tip back, so that the surface faces outwards.
        let outline = [
            (0.0, tip),
            (shaft, tip - POINT_MM.min(length_mm / 2.0)),
            (shaft, under),
            (head, under),
            (head, 0.0),
            (0.0, 0.0),
        ];
        revolved(steps_around(head, tolerance_mm), |_| outline.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::Catalogue;
    use coxa_geometry::mesh::validate::defects;
    use std::f64::consts::PI;

    #[test]
    fn every_screw_is_sound_and_as_long_as_it_says() {
        let catalogue = Catalogue::builtin();
        let screw = &catalogue.screw;
        assert_eq!(screw.lengths_mm, (0..8).map(|i| 15.0 + 5.0 * f64::from(i)).collect::<Vec<_>>());
        for &length in &screw.lengths_mm {
            let mesh = screw.mesh(length, 3.5, 0.02);
            assert_eq!(defects(&mesh), [], "{length}");
            let (low, high) = mesh.bounds().unwrap();
            assert!((high.z() - low.z() - screw.head_height_mm - length).abs() < 1e-9);
            let cylinder = PI * screw.diameter_mm.powi(2) / 4.0 * length;
            assert!(mesh.signed_volume() > 0.85 * cylinder, "{length}");
        }
        assert!(screw.length(17.0).unwrap_err().to_string().contains("15, 20"));
        assert_eq!(screw.length(20.0 + 1e-9).unwrap(), 20.0);
    }

    #[test]
    fn holes_point_where_their_angles_say_and_heads_fit_into_every_shell() {
        let hole = |polar, azimuth| {
            ScrewHole { polar: Angle::from_degrees(polar), azimuth: Angle::from_degrees(azimuth) }.direction()
        };
        let near = |a: Vector<Cup>, b: [f64; 3]| (a - Vector::new(b[0], b[1], b[2])).norm() < 1e-12;
        assert!(near(hole(0.0, 77.0), [0.0, 0.0, -1.0]));
        assert!(near(hole(90.0, 0.0), [0.0, 1.0, 0.0]) && near(hole(90.0, 90.0), [1.0, 0.0, 0.0]));
        let catalogue = Catalogue::builtin();
        for cup in &catalogue.cups {
            assert!(!cup.holes.is_empty() && catalogue.screw.head_height_mm <= cup.shell_wall_mm);
            // Neighbouring holes leave metal between their heads in the smallest shell.
            let inner = cup.inner_radius_mm(cup.sizes_mm[0]);
            for (i, a) in cup.holes.iter().enumerate() {
                for b in &cup.holes[..i] {
                    let apart = 2.0 * inner * (a.direction().angle_to(b.direction()) / 2.0).sin();
                    assert!(apart > catalogue.screw.head_diameter_mm + 1.0, "{}: {apart}", cup.name);
                }
            }
        }
    }
}
