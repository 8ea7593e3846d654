//! Femoral stems: families, sizes, necks and tapers.

use super::error::{CatalogueError, list};
use coxa_geometry::frame::Stem;
use coxa_geometry::{Angle, Mesh, Point, Vector};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A conical taper that holds the head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taper {
    /// Name by which stems refer to it, such as `12/14`.
    pub name: String,
    /// Diameter at the tip.
    pub tip_diameter_mm: f64,
    /// Included angle of the cone.
    #[serde(rename = "included_cone_deg")]
    pub included_cone: Angle,
    /// Length of the cone.
    pub length_mm: f64,
    /// How far the tip reaches beyond the centre of a head of offset 0.
    pub head_seat_mm: f64,
}

impl Taper {
    /// Radius at a distance below the tip.
    pub fn radius_mm(&self, below_tip_mm: f64) -> f64 {
        self.tip_diameter_mm / 2.0 + below_tip_mm * (self.included_cone / 2.0).tan()
    }
}

/// Lateralisation of the neck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeckOffset {
    /// The neck axis meets the stem axis at the family's neck origin.
    Standard,
    /// The same neck further medially, without change of length.
    High,
}

impl NeckOffset {
    /// Both, standard first.
    pub const ALL: [NeckOffset; 2] = [NeckOffset::Standard, NeckOffset::High];

    /// `standard` or `high`.
    pub const fn name(self) -> &'static str {
        match self {
            NeckOffset::Standard => "standard",
            NeckOffset::High => "high",
        }
    }
}

impl fmt::Display for NeckOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A family of stems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StemFamily {
    /// Name in plans.
    pub name: String,
    /// One line for a person.
    pub description: String,
    /// Name of its taper.
    pub taper: String,
    /// Neck-shaft angles offered.
    #[serde(rename = "neck_shaft_deg")]
    pub neck_shaft: Vec<Angle>,
    /// How far the high-offset neck lies further medially; 0 where there is none.
    pub high_offset_mm: f64,
    /// Height in the stem frame at which the neck axis meets the stem axis.
    pub neck_origin_mm: f64,
    /// Diameter of the neck below the taper.
    pub neck_diameter_mm: f64,
    /// Between the stem axis and the normal of the resection plane.
    #[serde(rename = "resection_deg")]
    pub resection: Angle,
    /// Exponent of the medial flare; 1 is straight.
    pub medial_curve: f64,
    /// Exponent n of the superellipse |x/a|^n + |z/b|^n = 1 of the sections.
    pub section_power: f64,
    /// Sizes, ascending.
    pub sizes: Vec<StemSize>,
}

/// One size of a family. Widths are along X of the stem frame, depths along Z.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StemSize {
    /// Number within the family.
    pub size: u32,
    /// From the frame's origin to the tip.
    pub length_mm: f64,
    /// Width above the rounded tip.
    pub distal_width_mm: f64,
    /// Depth above the rounded tip.
    pub distal_depth_mm: f64,
    /// Medial extent of the body at the resection plane.
    pub medial_mm: f64,
    /// Lateral extent of the body at the resection plane.
    pub lateral_mm: f64,
    /// Depth of the body at the resection plane.
    pub depth_mm: f64,
    /// From the stem axis along the neck to the centre of a head of offset 0.
    pub neck_length_mm: f64,
    /// A user's own mesh instead of the parametric body.
    #[serde(skip)]
    pub own: Option<Arc<OwnStem>>,
}

/// A user's stem, its mesh in the stem frame.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnStem {
    /// The surface.
    pub mesh: Mesh<Stem>,
}

/// The neck of one stem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neck {
    /// Where the neck axis starts: on the stem axis, or beside it for a high offset.
    pub origin: Point<Stem>,
    /// Unit vector towards the head.
    pub axis: Vector<Stem>,
    /// From the origin to the centre of a head of offset 0.
    pub length_mm: f64,
}

impl Neck {
    /// Centre of a head of this offset.
    pub fn head_centre(&self, head_offset_mm: f64) -> Point<Stem> {
        self.origin + self.axis * (self.length_mm + head_offset_mm)
    }
}

/// Outline of taper and neck: distance below the centre of a head of offset 0, and radius, both in millimetres.
pub type NeckOutline = Vec<(f64, f64)>;

/// Step from the taper to the neck below it.
const TAPER_STEP_MM: f64 = 0.7;
/// Length of the cylindrical neck below the taper, over which rims meet it.
const NECK_CYLINDER_MM: f64 = 12.0;
/// How much wider the neck is where it leaves the body.
const NECK_BASE_WIDENING_MM: f64 = 2.0;

impl StemFamily {
    /// A size by number.
    ///
    /// # Errors
    /// Names the sizes there are.
    pub fn size(&self, size: u32) -> Result<&StemSize, CatalogueError> {
        self.sizes.iter().find(|s| s.size == size).ok_or_else(|| CatalogueError::Unknown {
            what: "stem size",
            name: size.to_string(),
            known: format!("{} of {}", list(self.sizes.iter().map(|s| s.size)), self.name),
        })
    }

    /// The lateralisations there are.
    pub fn offsets(&self) -> &'static [NeckOffset] {
        if self.high_offset_mm > 0.0 { &NeckOffset::ALL } else { &NeckOffset::ALL[..1] }
    }

    /// A lateralisation by name.
    ///
    /// # Errors
    /// Names those that the family has.
    pub fn offset(&self, name: &str) -> Result<NeckOffset, CatalogueError> {
        self.offsets().iter().copied().find(|o| o.name() == name).ok_or_else(|| CatalogueError::Unknown {
            what: "neck offset",
            name: name.chars().take(40).collect(),
            known: format!("{} in {}", list(self.offsets()), self.name),
        })
    }

    /// The neck-shaft angle that the family offers within a millionth of a degree of this one.
    ///
    /// # Errors
    /// Names those that the family has.
    pub fn neck_shaft_angle(&self, wanted: Angle) -> Result<Angle, CatalogueError> {
        let near = |a: &&Angle| (**a - wanted).abs().degrees() < 1e-6;
        self.neck_shaft.iter().find(near).copied().ok_or_else(|| CatalogueError::Unknown {
            what: "neck-shaft angle",
            name: f64::from(wanted).to_string(),
            known: format!(
                "{} degrees in {}",
                list(self.neck_shaft.iter().map(|&a| f64::from(a))),
                self.name
            ),
        })
    }

    /// The neck of a size. Offset grows by sin, height by cos of 180 degrees less the neck-shaft angle.
    pub fn neck(&self, size: &StemSize, neck_shaft: Angle, offset: NeckOffset) -> Neck {
        let from_shaft = Angle::from_degrees(180.0) - neck_shaft;
        let medial = match offset {
            NeckOffset::Standard => 0.0,
            NeckOffset::High => self.high_offset_mm,
        };
        Neck {
            origin: Point::new(medial, self.neck_origin_mm, 0.0),
            axis: Vector::new(from_shaft.sin(), from_shaft.cos(), 0.0),
            length_mm: size.neck_length_mm,
        }
    }

    /// Unit normal of the resection plane through the frame's origin, towards the head.
    pub fn resection_normal(&self) -> Vector<Stem> {
        Vector::new(self.resection.sin(), self.resection.cos(), 0.0)
    }

    /// Outline of taper and neck down to the body.
    pub fn neck_outline(&self, size: &StemSize, taper: &Taper) -> NeckOutline {
        let base = taper.length_mm - taper.head_seat_mm;
        let neck = self.neck_diameter_mm / 2.0;
        let body = size.neck_length_mm + self.neck_origin_mm;
        vec![
            (-taper.head_seat_mm, taper.radius_mm(0.0)),
            (base, taper.radius_mm(taper.length_mm)),
            (base + TAPER_STEP_MM, neck),
            (base + TAPER_STEP_MM + NECK_CYLINDER_MM, neck),
            (body.max(base + TAPER_STEP_MM + NECK_CYLINDER_MM + 1.0), neck + NECK_BASE_WIDENING_MM),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::Catalogue;

    #[test]
    fn a_longer_neck_adds_offset_and_length_by_the_neck_shaft_angle() {
        let catalogue = Catalogue::builtin();
        let family = catalogue.stem("tapered_wedge").unwrap();
        let size = family.size(5).unwrap();
        for (angle, step, offset, length) in [(135.0, 3.5, 2.475, 2.475), (127.0, 4.0, 3.195, 2.407)] {
            let neck = family.neck(size, Angle::from_degrees(angle), NeckOffset::Standard);
            let change = neck.head_centre(step) - neck.head_centre(0.0);
            assert!((change.x() - offset).abs() < 5e-4, "{}", change.x());
            assert!((change.y() - length).abs() < 5e-4, "{}", change.y());
            assert_eq!(change.z(), 0.0);
        }
    }

    #[test]
    fn high_offset_lateralises_without_lengthening() {
        let catalogue = Catalogue::builtin();
        for family in &catalogue.stems {
            for size in &family.sizes {
                for &angle in &family.neck_shaft {
                    let [standard, high] =
                        NeckOffset::ALL.map(|o| family.neck(size, angle, o).head_centre(0.0));
                    assert!((5.0..=8.0).contains(&(high.x() - standard.x())));
                    assert_eq!(high.y(), standard.y());
                    assert!(
                        (34.0..=52.0).contains(&standard.x()),
                        "{} {}: {}",
                        family.name,
                        size.size,
                        standard.x()
                    );
                }
            }
        }
    }

    #[test]
    fn unknown_names_are_answered_with_the_known_ones() {
        let catalogue = Catalogue::builtin();
        let family = catalogue.stem("short").unwrap();
        assert!(family.size(99).unwrap_err().to_string().contains("1, 2, 3"));
        assert!(family.offset("medium").unwrap_err().to_string().contains("standard, high in short"));
        let wrong = family.neck_shaft_angle(Angle::from_degrees(131.0)).unwrap_err().to_string();
        assert!(wrong.contains("127, 132 degrees in short"), "{wrong}");
        let head = catalogue.head(22.225).unwrap().offset(10.5).unwrap_err().to_string();
        assert!(head.contains("0, 3.5, 7 mm on a head of 22.225 mm"), "{head}");
    }
}
