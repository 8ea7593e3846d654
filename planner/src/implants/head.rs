//! Femoral heads.

use super::error::{CatalogueError, list};
use super::solid::{arc, revolved, steps_around};
use super::stem::Taper;
use coxa_geometry::Mesh;
use coxa_geometry::frame::Cup;
use serde::{Deserialize, Serialize};

/// A femoral head in its neck lengths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Diameter of the articulating sphere.
    pub diameter_mm: f64,
    /// The smallest shell that takes this head in a fixed polyethylene liner.
    pub smallest_cup_mm: f64,
    /// Distances of the head centre from its place on offset 0, along the neck axis, ascending.
    pub offsets_mm: Vec<f64>,
}

/// Height of the head above its bore, and the play at the bore's end.
const BORE_CLEARANCE_MM: f64 = 0.5;
/// Flat around the mouth of the bore.
const MOUTH_FLAT_MM: f64 = 1.0;
/// Wall of a skirt.
const SKIRT_WALL_MM: f64 = 2.5;
/// Part of the taper that a head must hold.
const LEAST_ENGAGEMENT_MM: f64 = 8.0;

/// A cylinder below the sphere that makes a long head hold enough of the taper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skirt {
    /// Outer radius.
    pub radius_mm: f64,
    /// How far below the head centre it ends.
    pub end_mm: f64,
}

impl Head {
    /// The neck length that this head comes in within a millionth of a millimetre of this one.
    ///
    /// # Errors
    /// Names those that the head has.
    pub fn offset(&self, wanted_mm: f64) -> Result<f64, CatalogueError> {
        let near = |offset: &&f64| (**offset - wanted_mm).abs() < 1e-6;
        self.offsets_mm.iter().find(near).copied().ok_or_else(|| CatalogueError::Unknown {
            what: "head offset",
            name: format!("{wanted_mm} mm"),
            known: format!("{} mm on a head of {} mm", list(&self.offsets_mm), self.diameter_mm),
        })
    }

    /// The skirt of a neck length; `None` where the sphere itself holds enough of the taper.
    pub fn skirt(&self, offset_mm: f64, taper: &Taper) -> Option<Skirt> {
        let end = offset_mm - taper.head_seat_mm + LEAST_ENGAGEMENT_MM;
        let bore = taper.radius_mm(LEAST_ENGAGEMENT_MM);
        let sphere_end = (self.diameter_mm.powi(2) / 4.0 - bore * bore).max(0.0).sqrt();
        (end > sphere_end).then_some(Skirt { radius_mm: bore + SKIRT_WALL_MM, end_mm: end })
    }

    /// The head of a neck length: origin at its centre, +Z away from the neck.
    pub fn mesh(&self, offset_mm: f64, taper: &Taper, tolerance_mm: f64) -> Mesh<Cup> {
        let radius = self.diameter_mm / 2.0;
        // Heights over the head centre.
        let tip = taper.head_seat_mm - offset_mm;
        let skirt = self.skirt(offset_mm, taper);
        let bore_at = |z: f64| taper.radius_mm(tip - z);
        let leaves_sphere_at = skirt.map_or_else(|| bore_at(-radius * 0.9) + MOUTH_FLAT_MM, |s| s.radius_mm);
        let equator_side = (radius * radius - leaves_sphere_at * leaves_sphere_at).max(0.0).sqrt();
        let mouth = skirt.map_or(-equator_side, |s| -s.end_mm);
        let mut outline = arc(radius, 0.0, 0.0, (-equator_side / radius).acos(), tolerance_mm);
        if let Some(skirt) = skirt {
            outline.push((skirt.radius_mm, mouth));
        }
        outline.extend([(bore_at(mouth), mouth), (bore_at(tip), tip + BORE_CLEARANCE_MM)]);
        outline.push((0.0, tip + BORE_CLEARANCE_MM));
        revolved(steps_around(radius, tolerance_mm), |_| outline.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::implants::Catalogue;
    use coxa_geometry::mesh::validate::defects;
    use std::f64::consts::PI;

    #[test]
    fn every_head_is_sound_and_loses_only_its_bore() {
        let catalogue = Catalogue::builtin();
        let taper = &catalogue.tapers[0];
        for head in &catalogue.heads {
            for &offset in &head.offsets_mm {
                let mesh = head.mesh(offset, taper, 0.02);
                assert_eq!(defects(&mesh), [], "{} {offset}", head.diameter_mm);
                let sphere = PI * head.diameter_mm.powi(3) / 6.0;
                let ratio = mesh.signed_volume() / sphere;
                assert!(0.5 < ratio && ratio < 1.1, "{} {offset}: {ratio}", head.diameter_mm);
                let (_, top) = mesh.bounds().unwrap();
                assert!((top.z() - head.diameter_mm / 2.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn only_long_necks_on_small_heads_have_skirts() {
        let catalogue = Catalogue::builtin();
        let taper = &catalogue.tapers[0];
        let skirted =
            |diameter: f64, offset: f64| catalogue.head(diameter).unwrap().skirt(offset, taper).is_some();
        assert!(!skirted(28.0, 0.0) && !skirted(28.0, 3.5));
        assert!(skirted(28.0, 10.5) && skirted(28.0, 12.0));
        assert!(!skirted(36.0, 10.5) && !skirted(40.0, 12.0));
    }
}
