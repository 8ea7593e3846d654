//! A user's own parts: a TOML file for each, with `format = 1`, its `kind`, the `family` that plans will name and a one-line
//! `description`; the rest depends on the kind, see [`stem`] and [`cup`].

pub mod cup;
mod example;
mod fields;
mod mesh;
mod shape;
pub mod stem;

pub use example::{Example, example};

use super::cup::CupFamily;
use super::error::{CatalogueError, Problem};
use super::stem::StemFamily;
use super::{Catalogue, FORMAT};
use coxa_geometry::Angle;
use fields::{Fields, Header, problem};
use std::path::Path;
use std::sync::Arc;

/// No part description comes near this.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// Everything that is wrong with the part described by the TOML file at `path`; empty where it can be used.
pub fn check(path: &Path) -> Vec<Problem> {
    match read(path, &Catalogue::builtin()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    }
}

impl Catalogue {
    /// The built-in parts and every part described by a TOML file in `folder`.
    ///
    /// # Errors
    /// An unreadable folder, a part with problems, or a name that exists already.
    ///
    /// # Examples
    /// ```
    /// use coxa_planner::implants::Catalogue;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let cup = "format = 1\nkind = \"cup\"\nfamily = \"our_cup\"\ndescription = \"Prototype C\"\nsizes_mm = [48, 50, 52]\n\
    ///            arc_deg = 170\nshell_wall_mm = 3.0\nunder_reaming_mm = 1.0\n";
    /// std::fs::write(folder.path().join("our-cup.toml"), cup).unwrap();
    /// let catalogue = Catalogue::load(folder.path()).unwrap();
    /// assert_eq!(catalogue.cup("our_cup").unwrap().sizes_mm, [48.0, 50.0, 52.0]);
    /// ```
    pub fn load(folder: &Path) -> Result<Self, CatalogueError> {
        let mut catalogue = Catalogue::builtin();
        let unreadable = |source| CatalogueError::Unreadable { path: folder.to_owned(), source };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
                files.push(path);
            }
        }
        // The order of a folder is the file system's whim; the catalogue's is not.
        files.sort();
        for path in files {
            add_to(&mut catalogue, &path)?;
        }
        Ok(catalogue)
    }
}

/// Reads a part and puts it into the catalogue.
fn add_to(catalogue: &mut Catalogue, path: &Path) -> Result<(), CatalogueError> {
    let part = read(path, catalogue)
        .map_err(|problems| CatalogueError::BadPart { path: path.to_owned(), problems })?;
    let duplicate =
        |what, name: &str| Err(CatalogueError::Duplicate { path: path.to_owned(), what, name: name.into() });
    match part {
        OwnPart::Cup(cup) if catalogue.cup(&cup.name).is_ok() => duplicate("a cup family", &cup.name),
        OwnPart::Cup(cup) => {
            catalogue.cups.push(Arc::new(cup));
            Ok(())
        }
        OwnPart::Stem(part) => {
            let size = part.sizes.first().map_or(0, |s| s.size);
            let Some(family) = catalogue.stems.iter_mut().find(|s| s.name == part.name) else {
                catalogue.stems.push(Arc::new(part));
                return Ok(());
            };
            if family.sizes.iter().any(|s| s.size == size) {
                return duplicate("a stem of the same size in family", &part.name);
            }
            if let Some(difference) = difference(family, &part) {
                return Err(CatalogueError::OtherNeck {
                    path: path.to_owned(),
                    family: part.name.clone(),
                    difference,
                });
            }
            let family = Arc::make_mut(family);
            family.sizes.extend(part.sizes);
            family.sizes.sort_by_key(|s| s.size);
            Ok(())
        }
    }
}

/// How far the neck of one size may be from that of another of its family: drawings are rounded.
const SAME_NECK: f64 = 0.05;

/// In which of what a family has once a part differs, in words.
fn difference(family: &StemFamily, part: &StemFamily) -> Option<String> {
    if family.taper != part.taper {
        return Some(format!("taper is \"{}\", in the family \"{}\"", part.taper, family.taper));
    }
    let degrees = |angles: &[Angle]| angles.first().map_or(f64::NAN, |angle| angle.degrees());
    let numbers = [
        ("neck_shaft_deg", degrees(&part.neck_shaft), degrees(&family.neck_shaft)),
        ("neck_diameter_mm", part.neck_diameter_mm, family.neck_diameter_mm),
        ("the angle of resection.normal in degrees", part.resection.degrees(), family.resection.degrees()),
        (
            "the height in mm at which the neck axis meets the stem axis",
            part.neck_origin_mm,
            family.neck_origin_mm,
        ),
    ];
    let other = numbers.into_iter().find(|(_, own, first)| (own - first).abs() > SAME_NECK)?;
    let (name, own, first) = other;
    Some(format!("{name} is {own:.2}, in the family {first:.2}"))
}

/// A part as a file describes it.
enum OwnPart {
    Cup(CupFamily),
    /// Of one size.
    Stem(StemFamily),
}

/// What a file describes, or all that is wrong with it.
fn read(path: &Path, catalogue: &Catalogue) -> Result<OwnPart, Vec<Problem>> {
    let one = |code, message: String| vec![problem(code, message)];
    let size = std::fs::metadata(path)
        .map_err(|e| one("unreadable", format!("cannot read {}: {e}", path.display())))?
        .len();
    if size > MAX_FILE_BYTES {
        return Err(one(
            "unreadable",
            format!("{} has {size} bytes, too many for the description of a part", path.display()),
        ));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|e| one("unreadable", format!("cannot read {}: {e}", path.display())))?;
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| one("not_toml", format!("not TOML: {}", e.to_string().trim_end())))?;

    let mut problems = Vec::new();
    let mut fields = Fields { table, prefix: "" };
    let p = &mut problems;
    if let Some(format) = fields.get("format", "1", p, toml::Value::as_integer)
        && format != i64::from(FORMAT)
    {
        p.push(problem(
            "format",
            format!("format {format} is not known: this program reads format {FORMAT}"),
        ));
    }
    let kind = fields.text("kind", "\"stem\" or \"cup\"", p);
    let family = fields.text("family", "the name that plans will use", p);
    let description = fields.text("description", "a description in one line", p);
    let header = Header { family, description };
    match kind.as_deref() {
        Some("cup") => cup::read(path, header, fields, problems).map(OwnPart::Cup),
        Some("stem") => stem::read(path, catalogue, header, fields, problems).map(OwnPart::Stem),
        Some(kind) => {
            let text = format!("kind '{kind}' is not known: give \"stem\" or \"cup\"");
            problems.push(problem("kind", text));
            Err(problems)
        }
        None => Err(problems),
    }
}

#[cfg(test)]
mod tests;
