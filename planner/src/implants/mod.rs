//! The implant catalogue: generic parametric parts, and a user's own.

pub mod cup;
mod error;
pub mod head;
pub mod listing;
pub mod own_part;
pub mod screw;
pub mod solid;
pub mod stem;
mod stem_mesh;
mod stock;

pub use cup::{CupFamily, Liner, MobileBearing};
pub use error::{CatalogueError, Problem};
pub use head::{Head, Skirt};
pub use listing::{Listing, PartMesh, Shown, list_catalogue, show, show_mesh};
pub use own_part::{Example, check, example};
pub use screw::{Screw, ScrewHole};
pub use solid::DEFAULT_TOLERANCE_MM;
pub use stem::{Neck, NeckOffset, NeckOutline, StemFamily, StemSize, Taper};
pub use stock::{Stock, StockEntry, StockedPart};

use coxa_geometry::quantity::nearest;
pub(crate) use error::list;
use serde::Deserialize;
use std::sync::Arc;

/// Version of the catalogue files this program reads.
const FORMAT: u32 = 1;

/// All parts that a plan may name. Each is shared with the plans that were made with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// Shells.
    pub cups: Vec<Arc<CupFamily>>,
    /// Liners.
    pub liners: Vec<Arc<Liner>>,
    /// Heads, ascending.
    pub heads: Vec<Arc<Head>>,
    /// Stems.
    pub stems: Vec<Arc<StemFamily>>,
    /// Tapers.
    pub tapers: Vec<Arc<Taper>>,
    /// Screws for shells.
    pub screw: Arc<Screw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CupFile {
    format: u32,
    cup: Vec<CupFamily>,
    liner: Vec<Liner>,
    head: Vec<Head>,
    screw: Screw,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StemFile {
    format: u32,
    taper: Vec<Taper>,
    stem: Vec<StemFamily>,
}

impl Catalogue {
    /// The generic parts that come with the program.
    pub fn builtin() -> Self {
        // The files are part of the program; a test reads them.
        let cups: CupFile = toml::from_str(include_str!("../../data/cups.toml")).expect("built-in cups.toml");
        let stems: StemFile =
            toml::from_str(include_str!("../../data/stems.toml")).expect("built-in stems.toml");
        debug_assert_eq!((cups.format, stems.format), (FORMAT, FORMAT));
        Catalogue {
            cups: shared(cups.cup),
            liners: shared(cups.liner),
            heads: shared(cups.head),
            stems: shared(stems.stem),
            tapers: shared(stems.taper),
            screw: Arc::new(cups.screw),
        }
    }

    /// A shell family by name.
    ///
    /// # Errors
    /// Names the families there are; so do the other look-ups.
    pub fn cup(&self, name: &str) -> Result<&Arc<CupFamily>, CatalogueError> {
        find("cup family", &self.cups, name, |c| &c.name)
    }

    /// A shell family that has this size.
    pub fn cup_of_size(&self, name: &str, size_mm: f64) -> Result<&Arc<CupFamily>, CatalogueError> {
        let family = self.cup(name)?;
        if family.sizes_mm.contains(&size_mm) {
            return Ok(family);
        }
        Err(CatalogueError::Unknown {
            what: "cup size",
            name: format!("{size_mm} mm"),
            known: format!("{} mm in {name}", list(&family.sizes_mm)),
        })
    }

    /// A liner by kind.
    pub fn liner(&self, kind: &str) -> Result<&Arc<Liner>, CatalogueError> {
        find("liner", &self.liners, kind, |l| &l.kind)
    }

    /// A head by diameter.
    pub fn head(&self, diameter_mm: f64) -> Result<&Arc<Head>, CatalogueError> {
        self.heads.iter().find(|h| h.diameter_mm == diameter_mm).ok_or_else(|| CatalogueError::Unknown {
            what: "head",
            name: format!("{diameter_mm} mm"),
            known: format!("{} mm", list(self.heads.iter().map(|h| h.diameter_mm))),
        })
    }

    /// A stem family by name.
    pub fn stem(&self, name: &str) -> Result<&Arc<StemFamily>, CatalogueError> {
        find("stem family", &self.stems, name, |s| &s.name)
    }

    /// A taper by name.
    pub fn taper(&self, name: &str) -> Result<&Arc<Taper>, CatalogueError> {
        find("taper", &self.tapers, name, |t| &t.name)
    }

    /// The heads that a shell and liner take, ascending: the polyethylene keeps its least thickness, and a fixed liner's
    /// shell is no smaller than the head asks for.
    pub fn heads_for(&self, cup: &CupFamily, size_mm: f64, liner: &Liner) -> Vec<&Arc<Head>> {
        self.heads.iter().filter(|head| cup.takes(size_mm, liner, head)).collect()
    }
}

fn shared<T>(parts: Vec<T>) -> Vec<Arc<T>> {
    parts.into_iter().map(Arc::new).collect()
}

fn find<'a, T>(
    what: &'static str,
    parts: &'a [T],
    name: &str,
    name_of: impl Fn(&T) -> &String,
) -> Result<&'a T, CatalogueError> {
    parts.iter().find(|p| name_of(p) == name).ok_or_else(|| {
        let name: String = name.chars().take(40).collect();
        let all = list(parts.iter().map(&name_of));
        let known = match nearest(&name, parts.iter().map(&name_of)).first() {
            Some(nearest) => format!("{all}; the nearest is {nearest}"),
            None => all,
        };
        let own =
            if what.ends_with("family") { "; for parts of your own give --implants FOLDER" } else { "" };
        CatalogueError::Unknown { what, name, known: known + own }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_grow_and_names_are_unique() {
        let catalogue = Catalogue::builtin();
        for cup in &catalogue.cups {
            assert_eq!(cup.sizes_mm, (0..12).map(|i| 44.0 + 2.0 * f64::from(i)).collect::<Vec<_>>());
            assert!((160.0..=180.0).contains(&cup.arc.degrees()) && (3.0..=4.0).contains(&cup.shell_wall_mm));
        }
        for stem in &catalogue.stems {
            assert!(stem.sizes.len() >= 10);
            catalogue.taper(&stem.taper).unwrap();
            for pair in stem.sizes.windows(2) {
                let [a, b] = [&pair[0], &pair[1]].map(|s| {
                    [
                        f64::from(s.size),
                        s.length_mm,
                        s.distal_width_mm,
                        s.distal_depth_mm,
                        s.medial_mm,
                        s.lateral_mm,
                        s.depth_mm,
                        s.neck_length_mm,
                    ]
                });
                assert!(a.iter().zip(b).all(|(x, y)| *x < y), "{} {}", stem.name, pair[0].size);
            }
            for size in &stem.sizes {
                let overall = size.length_mm - stem.neck_origin_mm.abs() + size.neck_length_mm * 0.8;
                assert!((90.0..=175.0).contains(&overall), "{} {}: {overall}", stem.name, size.size);
            }
        }
        let mut names: Vec<_> =
            catalogue.cups.iter().map(|c| &c.name).chain(catalogue.stems.iter().map(|s| &s.name)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 5);
        let offsets: Vec<_> = catalogue.heads.iter().flat_map(|h| &h.offsets_mm).collect();
        assert!(offsets.contains(&&-3.5) && offsets.contains(&&12.0));
    }

    #[test]
    fn the_largest_head_grows_with_the_cup_and_leaves_the_wall_its_thickness() {
        let catalogue = Catalogue::builtin();
        let cup = catalogue.cup("hemispherical").unwrap();
        let flush = catalogue.liner("flush").unwrap();
        let largest = |size: f64| catalogue.heads_for(cup, size, flush).last().unwrap().diameter_mm;
        let expected = [
            (44.0, 28.0),
            (46.0, 28.0),
            (48.0, 32.0),
            (50.0, 32.0),
            (52.0, 36.0),
            (54.0, 36.0),
            (58.0, 40.0),
            (66.0, 40.0),
        ];
        for (size, head) in expected {
            assert_eq!(largest(size), head, "cup {size}");
        }
        for &size in &cup.sizes_mm {
            for liner in &catalogue.liners {
                let heads = catalogue.heads_for(cup, size, liner);
                assert!(!heads.is_empty(), "no head for {size} {}", liner.kind);
                for head in heads {
                    let walls = 2.0
                        * (cup.shell_wall_mm
                            + liner.minimum_wall_mm
                            + liner.mobile.as_ref().map_or(0.0, |m| m.metal_wall_mm));
                    assert!(
                        size - walls >= head.diameter_mm - 1e-9,
                        "{size} {} {}",
                        liner.kind,
                        head.diameter_mm
                    );
                }
            }
        }
        let mobile = catalogue.liner("dual_mobility").unwrap();
        assert_eq!(catalogue.heads_for(cup, 44.0, mobile).last().unwrap().diameter_mm, 22.225);
        assert_eq!(catalogue.heads_for(cup, 50.0, mobile).last().unwrap().diameter_mm, 28.0);
    }

    #[test]
    fn look_ups_answer_with_what_there_is() {
        let catalogue = Catalogue::builtin();
        assert!(
            catalogue.cup("conical").unwrap_err().to_string().contains("hemispherical, peripheral_flare")
        );
        let mistyped = catalogue.stem("tapred_wedge").unwrap_err().to_string();
        assert!(mistyped.contains("the nearest is tapered_wedge; for parts of your own"), "{mistyped}");
        assert!(!catalogue.cup("xyz").unwrap_err().to_string().contains("nearest"));
        assert!(catalogue.cup_of_size("hemispherical", 80.0).unwrap_err().to_string().contains("64, 66 mm"));
        assert!(catalogue.head(30.0).unwrap_err().to_string().contains("28, 32"));
        assert!(catalogue.liner("x").is_err() && catalogue.taper("14/16").is_err());
    }
}
