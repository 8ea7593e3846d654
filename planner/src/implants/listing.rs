//! What `coxa implant list` and `coxa implant show` say.

use super::error::{CatalogueError, list};
use super::{Catalogue, NeckOffset, ScrewHole};
use coxa_geometry::frame::{Cup, Stem};
use coxa_geometry::{Angle, Mesh};
use serde::Serialize;

/// The catalogue in one view.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listing {
    /// Shell families.
    pub cups: Vec<Family>,
    /// Liners: kind and description.
    pub liners: Vec<Family>,
    /// Heads.
    pub heads: Vec<HeadEntry>,
    /// Stem families.
    pub stems: Vec<Family>,
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Family {
    /// Name in plans.
    pub name: String,
    /// One line for a person.
    pub description: String,
    /// Sizes in words, such as `44-66 mm` or `1-12`; empty for liners.
    pub sizes: String,
    /// Whether it is a user's own part.
    pub own: bool,
}

/// One head.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadEntry {
    /// Diameter.
    pub diameter_mm: f64,
    /// Offsets along the neck axis.
    pub offsets_mm: Vec<f64>,
    /// Smallest shell with a fixed liner.
    pub smallest_cup_mm: f64,
}

/// One family with its sizes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shown {
    /// A shell family.
    Cup {
        /// Name in plans.
        name: String,
        /// One line for a person.
        description: String,
        /// Arc of the outer profile.
        arc_deg: Angle,
        /// Wall of the shell.
        shell_wall_mm: f64,
        /// Shell diameter less reamer diameter.
        under_reaming_mm: f64,
        /// Holes for screws.
        screw_holes: Vec<ScrewHole>,
        /// Lengths of the screws that they take, from under the head to the tip.
        screw_lengths_mm: Vec<f64>,
        /// Sizes.
        sizes: Vec<CupRow>,
    },
    /// A stem family.
    Stem {
        /// Name in plans.
        name: String,
        /// One line for a person.
        description: String,
        /// Taper.
        taper: String,
        /// Neck-shaft angles.
        neck_shaft_deg: Vec<Angle>,
        /// How much further medially the high-offset neck lies.
        high_offset_mm: f64,
        /// Sizes.
        sizes: Vec<StemRow>,
    },
}

/// One shell size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CupRow {
    /// Outer diameter.
    pub size_mm: f64,
    /// Heads by liner kind.
    pub heads_mm: Vec<(String, Vec<f64>)>,
}

/// One stem size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StemRow {
    /// Number.
    pub size: u32,
    /// Resection plane to tip.
    pub length_mm: f64,
    /// Width at the resection plane.
    pub width_mm: f64,
    /// Depth at the resection plane.
    pub depth_mm: f64,
    /// Offset of the head centre from the stem axis, standard neck and head offset 0, per neck-shaft angle.
    pub offset_mm: Vec<f64>,
    /// Height of that head centre over the frame's origin, per neck-shaft angle.
    pub height_mm: Vec<f64>,
}

/// The whole catalogue, one line a family.
pub fn list_catalogue(catalogue: &Catalogue) -> Listing {
    let builtin = Catalogue::builtin();
    let cups = catalogue.cups.iter().map(|cup| {
        let own = builtin.cup(&cup.name).is_err();
        let sizes = match (cup.sizes_mm.first(), cup.sizes_mm.last()) {
            (Some(first), Some(last)) => format!("{first}-{last} mm"),
            _ => String::new(),
        };
        Family { name: cup.name.clone(), description: cup.description.clone(), sizes, own }
    });
    let liners = catalogue.liners.iter().map(|liner| Family {
        name: liner.kind.clone(),
        description: liner.description.clone(),
        sizes: String::new(),
        own: false,
    });
    let stems = catalogue.stems.iter().map(|stem| {
        let own = stem.sizes.iter().any(|s| s.own.is_some());
        let sizes = match stem.sizes.as_slice() {
            [first, .., last] if !own => format!("{}-{}", first.size, last.size),
            sizes => list(sizes.iter().map(|s| s.size)),
        };
        Family { name: stem.name.clone(), description: stem.description.clone(), sizes, own }
    });
    let heads = catalogue.heads.iter().map(|head| HeadEntry {
        diameter_mm: head.diameter_mm,
        offsets_mm: head.offsets_mm.clone(),
        smallest_cup_mm: head.smallest_cup_mm,
    });
    Listing { cups: cups.collect(), liners: liners.collect(), heads: heads.collect(), stems: stems.collect() }
}

/// One shell or stem family by name.
///
/// # Errors
/// Names all families there are.
pub fn show(catalogue: &Catalogue, name: &str) -> Result<Shown, CatalogueError> {
    if let Ok(cup) = catalogue.cup(name) {
        let row = |&size_mm: &f64| CupRow {
            size_mm,
            heads_mm: catalogue
                .liners
                .iter()
                .map(|liner| {
                    let heads = catalogue.heads_for(cup, size_mm, liner);
                    (liner.kind.clone(), heads.iter().map(|h| h.diameter_mm).collect())
                })
                .collect(),
        };
        return Ok(Shown::Cup {
            name: cup.name.clone(),
            description: cup.description.clone(),
            arc_deg: cup.arc,
            shell_wall_mm: cup.shell_wall_mm,
            under_reaming_mm: cup.under_reaming_mm,
            screw_holes: cup.holes.clone(),
            screw_lengths_mm: catalogue.screw.lengths_mm.clone(),
            sizes: cup.sizes_mm.iter().map(row).collect(),
        });
    }
    let stem = catalogue.stem(name).map_err(|_| unknown(catalogue, name))?;
    let sizes = stem.sizes.iter().map(|size| {
        let heads: Vec<_> = stem
            .neck_shaft
            .iter()
            .map(|&a| stem.neck(size, a, NeckOffset::Standard).head_centre(0.0))
            .collect();
        StemRow {
            size: size.size,
            length_mm: size.length_mm,
            width_mm: size.medial_mm + size.lateral_mm,
            depth_mm: size.depth_mm,
            offset_mm: heads.iter().map(|h| h.x()).collect(),
            height_mm: heads.iter().map(|h| h.y()).collect(),
        }
    });
    Ok(Shown::Stem {
        name: stem.name.clone(),
        description: stem.description.clone(),
        taper: stem.taper.clone(),
        neck_shaft_deg: stem.neck_shaft.clone(),
        high_offset_mm: stem.high_offset_mm,
        sizes: sizes.collect(),
    })
}

fn unknown(catalogue: &Catalogue, name: &str) -> CatalogueError {
    let known = catalogue.cups.iter().map(|c| &c.name).chain(catalogue.stems.iter().map(|s| &s.name));
    CatalogueError::Unknown { what: "family", name: name.chars().take(40).collect(), known: list(known) }
}

/// The surface of one part, to be written for another program.
#[derive(Debug, Clone, PartialEq)]
pub enum PartMesh {
    /// A shell in the cup frame, its sphere's centre at the origin.
    Cup(Mesh<Cup>),
    /// A stem in the stem frame, with its first neck-shaft angle and the standard offset.
    Stem(Mesh<Stem>),
}

/// The mesh of a family's size within `tolerance_mm`.
///
/// # Errors
/// Names the families or sizes there are.
pub fn show_mesh(
    catalogue: &Catalogue,
    name: &str,
    size: f64,
    tolerance_mm: f64,
) -> Result<PartMesh, CatalogueError> {
    if catalogue.cup(name).is_ok() {
        let cup = catalogue.cup_of_size(name, size)?;
        return Ok(PartMesh::Cup(cup.shell_mesh(size, 0.0, tolerance_mm)));
    }
    let stem = catalogue.stem(name).map_err(|_| unknown(catalogue, name))?;
    // A number that is no whole size becomes one that no family has.
    let number = if size.fract() == 0.0 && (1.0..1e6).contains(&size) { size as u32 } else { 0 };
    let size = stem.size(number)?;
    let taper = catalogue.taper(&stem.taper)?;
    let angle = stem.neck_shaft.first().copied().unwrap_or(Angle::from_degrees(135.0));
    Ok(PartMesh::Stem(stem.mesh(size, angle, NeckOffset::Standard, taper, tolerance_mm)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_listing_names_every_family() {
        let listing = list_catalogue(&Catalogue::builtin());
        assert_eq!(listing.cups[0].sizes, "44-66 mm");
        assert_eq!(
            listing.stems.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(),
            ["tapered_wedge", "metaphyseal_filling", "short"]
        );
        assert_eq!(listing.stems[0].sizes, "1-18");
        assert_eq!((listing.liners.len(), listing.heads.len()), (4, 5));
    }

    #[test]
    fn a_family_shows_its_sizes_and_an_unknown_name_all_families() {
        let catalogue = Catalogue::builtin();
        let Shown::Stem { sizes, .. } = show(&catalogue, "tapered_wedge").unwrap() else { panic!("no stem") };
        assert_eq!(sizes.len(), 18);
        // A neck of 132 degrees leaves the shaft at 48.
        let slope = 48f64.to_radians().tan();
        assert!((sizes[0].offset_mm[1] - (sizes[0].height_mm[1] + 20.0) * slope).abs() < 1e-9);
        assert!(matches!(show(&catalogue, "hemispherical").unwrap(), Shown::Cup { .. }));
        let message = show(&catalogue, "x").unwrap_err().to_string();
        assert!(message.contains("hemispherical") && message.contains("short"), "{message}");
    }

    #[test]
    fn meshes_come_by_family_and_size() {
        let catalogue = Catalogue::builtin();
        let PartMesh::Cup(shell) = show_mesh(&catalogue, "hemispherical", 54.0, 0.1).unwrap() else {
            panic!()
        };
        let (low, _) = shell.bounds().unwrap();
        assert!((low.z() + 27.0).abs() < 1e-9);
        assert!(matches!(show_mesh(&catalogue, "short", 3.0, 0.1), Ok(PartMesh::Stem(_))));
        for size in [53.0, f64::NAN, -1.0, 1e30] {
            assert!(show_mesh(&catalogue, "hemispherical", size, 0.1).is_err());
            assert!(show_mesh(&catalogue, "short", size, 0.1).is_err());
        }
    }
}
