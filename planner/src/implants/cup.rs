//! Acetabular shells and liners.
//!
//! Cup frame: origin at the centre of the bore, Z out of the opening. Both parts are bodies around Z but for the
//! lip of a lipped liner, whose middle lies at azimuth zero of the mesh (+X).

use super::error::{CatalogueError, list};
use super::head::Head;
use super::screw::ScrewHole;
use super::solid::{arc, revolved, steps_around};
use coxa_geometry::frame::Cup;
use coxa_geometry::{Angle, Mesh, Transform};
use nalgebra::Isometry3;
use serde::{Deserialize, Serialize};
use std::f64::consts::{FRAC_PI_2, PI};
use std::sync::Arc;

/// A family of acetabular shells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CupFamily {
    /// Name in plans.
    pub name: String,
    /// One line for a person.
    pub description: String,
    /// Outer diameters, ascending.
    pub sizes_mm: Vec<f64>,
    /// Arc of the outer profile about the sphere's centre: 180 is a full hemisphere.
    #[serde(rename = "arc_deg")]
    pub arc: Angle,
    /// Wall thickness of the shell.
    pub shell_wall_mm: f64,
    /// How far the rim stands out of the sphere.
    pub flare_mm: f64,
    /// Height over which it does so.
    pub flare_height_mm: f64,
    /// Diameter of the shell less that of the reamer.
    pub under_reaming_mm: f64,
    /// Holes for screws, the first of them number 1.
    #[serde(default, rename = "hole", skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<ScrewHole>,
    /// A user's own meshes of sizes, in the frame of the cup with the centre of the outer sphere at its origin, instead of the bodies that
    /// the numbers above describe. What a shell touches in bone is told of the numbers all the same.
    #[serde(skip)]
    pub own: Vec<(f64, Arc<Mesh<Cup>>)>,
}

/// A liner, for every shell that is thick enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Liner {
    /// `flush`, `lipped`, `offset`, `dual_mobility`, or a user's own name.
    pub kind: String,
    /// One line for a person.
    pub description: String,
    /// Thinnest polyethylene: of the liner or, with dual mobility, of the mobile bearing.
    pub minimum_wall_mm: f64,
    /// Centre of the bore out of the shell's centre, along the cup axis.
    pub offset_mm: f64,
    /// How far the lip wraps round the head beyond its equator; 0 for none.
    #[serde(rename = "lip_deg")]
    pub lip: Angle,
    /// Azimuth over which the lip has its full height.
    #[serde(rename = "lip_sector_deg")]
    pub lip_sector: Angle,
    /// Present where the head moves in a bearing that moves in a metal liner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<MobileBearing>,
}

/// The second joint of a dual mobility cup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MobileBearing {
    /// Wall of the metal liner in which the bearing moves.
    pub metal_wall_mm: f64,
}

/// Azimuth over which a lip falls from its full height to nothing, on either side.
const LIP_RAMP: f64 = PI / 9.0;

impl CupFamily {
    /// A hole by its number, counted from 1.
    ///
    /// # Errors
    /// Says how many there are.
    pub fn hole(&self, number: u32) -> Result<&ScrewHole, CatalogueError> {
        let index = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        index.and_then(|index| self.holes.get(index)).ok_or_else(|| CatalogueError::Unknown {
            what: "screw hole",
            name: number.to_string(),
            known: match self.holes.len() {
                0 => format!("none in {}", self.name),
                count => format!("{} in {}", list(1..=count), self.name),
            },
        })
    }

    /// Radius of the shell's inner sphere.
    pub fn inner_radius_mm(&self, size_mm: f64) -> f64 {
        size_mm / 2.0 - self.shell_wall_mm
    }

    /// Height of the shell's face over the centre of its sphere; zero or negative.
    pub fn face_mm(&self, size_mm: f64) -> f64 {
        -(size_mm / 2.0) * (FRAC_PI_2 - self.arc.radians() / 2.0).sin()
    }

    /// The shell of an outer diameter, for a bore that lies `offset_mm` out of the shell's centre.
    pub fn shell_mesh(&self, size_mm: f64, offset_mm: f64, tolerance_mm: f64) -> Mesh<Cup> {
        if let Some((_, own)) = self.own.iter().find(|(size, _)| *size == size_mm) {
            return moved(own, offset_mm);
        }
        let (outer, inner, face) = (size_mm / 2.0, self.inner_radius_mm(size_mm), self.face_mm(size_mm));
        let polar = |radius: f64| (face / radius).clamp(-1.0, 1.0).acos();
        let mut outline: Vec<(f64, f64)> = arc(outer, 0.0, PI, polar(outer), tolerance_mm)
            .into_iter()
            .map(|(r, z)| {
                // The flare rises from the sphere over its height and is widest at the face.
                let rise = if self.flare_mm > 0.0 {
                    (1.0 - (face - z) / self.flare_height_mm).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                (r + self.flare_mm * rise, z)
            })
            .collect();
        outline.extend(arc(inner, 0.0, polar(inner), PI, tolerance_mm));
        for point in &mut outline {
            point.1 -= offset_mm;
        }
        revolved(steps_around(outer, tolerance_mm), |_| outline.clone())
    }

    /// Diameter of the sphere that articulates with the liner: the head, or with dual mobility the mobile bearing.
    pub fn bearing_diameter_mm(&self, size_mm: f64, liner: &Liner, head_mm: f64) -> f64 {
        match &liner.mobile {
            Some(mobile) => 2.0 * (self.inner_radius_mm(size_mm) - mobile.metal_wall_mm),
            None => head_mm,
        }
    }

    /// Polyethylene between head and the next harder surface.
    pub fn polyethylene_mm(&self, size_mm: f64, liner: &Liner, head_mm: f64) -> f64 {
        match &liner.mobile {
            Some(_) => (self.bearing_diameter_mm(size_mm, liner, head_mm) - head_mm) / 2.0,
            None => self.inner_radius_mm(size_mm) - head_mm / 2.0,
        }
    }

    /// Whether a shell of this size with a liner takes a head; see [`super::Catalogue::heads_for`].
    pub fn takes(&self, size_mm: f64, liner: &Liner, head: &Head) -> bool {
        let wall = self.polyethylene_mm(size_mm, liner, head.diameter_mm);
        let small_head = head.diameter_mm <= 28.0;
        let fits = if liner.mobile.is_some() { small_head } else { size_mm >= head.smallest_cup_mm };
        fits && wall >= liner.minimum_wall_mm - 1e-9
    }
}

/// A shell's mesh about the centre of a bore that lies `offset_mm` out of its own.
fn moved(shell: &Mesh<Cup>, offset_mm: f64) -> Mesh<Cup> {
    Transform::<Cup, Cup>::from_isometry(Isometry3::translation(0.0, 0.0, -offset_mm)).apply(shell)
}

impl Liner {
    /// Height of the liner's face over the bore's centre at an azimuth from the middle of the lip, for a bore of this
    /// radius. The wall above the equator is a cylinder, so that a head can enter.
    pub fn face_mm(&self, bore_radius_mm: f64, azimuth_from_lip: Angle) -> f64 {
        let azimuth = azimuth_from_lip.radians().rem_euclid(2.0 * PI);
        let away = azimuth.min(2.0 * PI - azimuth);
        let beyond = ((away - self.lip_sector.radians() / 2.0) / LIP_RAMP).clamp(0.0, 1.0);
        let weight = 0.5 * (1.0 + (PI * beyond).cos());
        // At a quarter turn beyond the sector the cosine leaves a rounding error instead of zero.
        if weight < 1e-12 { 0.0 } else { bore_radius_mm * (self.lip.radians() * weight).tan() }
    }

    /// The liner in a shell; with dual mobility the metal liner. `None` where the wall would have no thickness.
    pub fn mesh(&self, cup: &CupFamily, size_mm: f64, head_mm: f64, tolerance_mm: f64) -> Option<Mesh<Cup>> {
        let seat = cup.inner_radius_mm(size_mm);
        let bore = cup.bearing_diameter_mm(size_mm, self, head_mm) / 2.0;
        // The shell's sphere lies `offset_mm` below the bore's.
        let shell_face = cup.face_mm(size_mm) - self.offset_mm;
        let rim = (seat * seat - cup.face_mm(size_mm).powi(2)).max(0.0).sqrt();
        if bore <= 0.0 || rim <= bore {
            return None;
        }
        let from = (cup.face_mm(size_mm) / seat).acos();
        let outside: Vec<(f64, f64)> = arc(seat, -self.offset_mm, PI, from, tolerance_mm);
        let inside = arc(bore, 0.0, FRAC_PI_2, PI, tolerance_mm);
        let steps = steps_around(cup.inner_radius_mm(size_mm), tolerance_mm);
        Some(revolved(steps, |azimuth| {
            let face = self.face_mm(bore, Angle::from_radians(azimuth)).max(shell_face);
            let mut outline = outside.clone();
            outline.extend([(rim, face), (bore, face)]);
            outline.extend(&inside);
            outline
        }))
    }

    /// The mobile bearing around a head that stands at its centre, opening along +Z; `None` unless this is a dual
    /// mobility liner with room for it.
    pub fn mobile_bearing_mesh(
        &self,
        cup: &CupFamily,
        size_mm: f64,
        head_mm: f64,
        tolerance_mm: f64,
    ) -> Option<Mesh<Cup>> {
        self.mobile.as_ref()?;
        let outer = cup.bearing_diameter_mm(size_mm, self, head_mm) / 2.0;
        let inner = head_mm / 2.0;
        if inner >= outer {
            return None;
        }
        // The bearing holds the head by reaching a little beyond its equator.
        let face = 0.2 * inner;
        let mut outline = arc(outer, 0.0, PI, (face / outer).acos(), tolerance_mm);
        outline.extend(arc(inner, 0.0, (face / inner).acos(), PI, tolerance_mm));
        Some(revolved(steps_around(outer, tolerance_mm), |_| outline.clone()))
    }
}

#[cfg(test)]
mod tests {
    use crate::implants::Catalogue;
    use coxa_geometry::Angle;
    use coxa_geometry::mesh::validate::defects;
    use std::f64::consts::PI;

    #[test]
    fn every_shell_is_sound_and_has_the_volume_of_its_spheres() {
        let catalogue = Catalogue::builtin();
        for cup in &catalogue.cups {
            for &size in &cup.sizes_mm {
                for offset in [0.0, 4.0] {
                    let mesh = cup.shell_mesh(size, offset, 0.05);
                    assert_eq!(defects(&mesh), [], "{} {size}", cup.name);
                    let cap = |r: f64| {
                        let h = r + cup.face_mm(size);
                        PI * h * h * (3.0 * r - h) / 3.0
                    };
                    let exact = cap(size / 2.0) - cap(cup.inner_radius_mm(size));
                    let ratio = mesh.signed_volume() / exact;
                    // The flare adds a ring of triangular section; a faceted shell loses a little.
                    let (low, high) = if cup.flare_mm > 0.0 { (1.0, 1.1) } else { (0.985, 1.001) };
                    assert!(low < ratio && ratio < high, "{} {size}: {ratio}", cup.name);
                    let (bottom, _) = mesh.bounds().unwrap();
                    assert!((bottom.z() + size / 2.0 + offset).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn every_feasible_liner_is_sound_and_lies_between_head_and_shell() {
        let catalogue = Catalogue::builtin();
        let mut liners = 0;
        for cup in &catalogue.cups {
            for &size in &cup.sizes_mm {
                for liner in &catalogue.liners {
                    for head in catalogue.heads_for(cup, size, liner) {
                        let mesh = liner.mesh(cup, size, head.diameter_mm, 0.05).unwrap();
                        assert_eq!(
                            defects(&mesh),
                            [],
                            "{} {size} {} {}",
                            cup.name,
                            liner.kind,
                            head.diameter_mm
                        );
                        let bore = cup.bearing_diameter_mm(size, liner, head.diameter_mm) / 2.0;
                        for v in &mesh.vertices {
                            let from_bore = v.coords().coords.norm();
                            assert!(from_bore > bore - 1e-9);
                            let from_shell =
                                (v.coords().coords + nalgebra::Vector3::z() * liner.offset_mm).norm();
                            assert!(
                                v.z() > cup.face_mm(size) - liner.offset_mm - 1e-9
                                    || from_shell < cup.inner_radius_mm(size) + 1e-9
                            );
                        }
                        if liner.mobile.is_some() {
                            let bearing =
                                liner.mobile_bearing_mesh(cup, size, head.diameter_mm, 0.05).unwrap();
                            assert_eq!(defects(&bearing), []);
                        }
                        liners += 1;
                    }
                }
            }
        }
        assert!(liners > 150, "only {liners} combinations");
    }

    #[test]
    fn a_lip_stands_over_its_sector_only() {
        let catalogue = Catalogue::builtin();
        let lipped = catalogue.liner("lipped").unwrap();
        let full = 16.0 * lipped.lip.tan();
        assert!((lipped.face_mm(16.0, Angle::from_degrees(0.0)) - full).abs() < 1e-12);
        assert!((lipped.face_mm(16.0, Angle::from_degrees(-59.0)) - full).abs() < 1e-12);
        let ramp = lipped.face_mm(16.0, Angle::from_degrees(70.0));
        assert!(0.2 * full < ramp && ramp < 0.8 * full);
        assert_eq!(lipped.face_mm(16.0, Angle::from_degrees(81.0)), 0.0);
        assert_eq!(lipped.face_mm(16.0, Angle::from_degrees(180.0)), 0.0);
    }
}
