//! A user's own parts: a TOML file for each, with `format = 1`, its `kind`, the `family` that plans will name and a one-line
//! `description`; the rest depends on the kind, see [`stem`] and [`cup`].

pub mod cup;
pub mod stem;

pub use stem::OwnStem;

use super::cup::CupFamily;
use super::stem::StemFamily;
use super::{Catalogue, CatalogueError, FORMAT, MAX_FILE_BYTES};
use serde::Serialize;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// One thing that is wrong with a user's part, in a sentence that says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable snake_case code, such as `units` or `not_watertight`.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Everything that is wrong with the part described by the TOML file at `path`; empty where it can be used.
pub fn check(path: &Path) -> Vec<Problem> {
    match read(path, &Catalogue::builtin()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    }
}

/// Reads a part and puts it into the catalogue.
pub(super) fn add_to(catalogue: &mut Catalogue, path: &Path) -> Result<(), CatalogueError> {
    let part = read(path, catalogue)
        .map_err(|problems| CatalogueError::BadPart { path: path.to_owned(), problems })?;
    let duplicate =
        |what, name: &str| Err(CatalogueError::Duplicate { path: path.to_owned(), what, name: name.into() });
    match part {
        Part::Cup(cup) if catalogue.cup(&cup.name).is_ok() => duplicate("a cup family", &cup.name),
        Part::Cup(cup) => {
            catalogue.cups.push(Arc::new(cup));
            Ok(())
        }
        Part::Stem(part) => {
            let size = part.sizes.first().map_or(0, |s| s.size);
            let Some(family) = catalogue.stems.iter_mut().find(|s| s.name == part.name) else {
                catalogue.stems.push(Arc::new(part));
                return Ok(());
            };
            let same_kind = StemFamily {
                sizes: family.sizes.clone(),
                description: family.description.clone(),
                ..part.clone()
            };
            if family.sizes.iter().any(|s| s.size == size) || same_kind != **family {
                return duplicate("a stem with another neck or the same size in family", &part.name);
            }
            let family = Arc::make_mut(family);
            family.sizes.extend(part.sizes);
            family.sizes.sort_by_key(|s| s.size);
            Ok(())
        }
    }
}

/// A part as a file describes it.
enum Part {
    Cup(CupFamily),
    /// Of one size.
    Stem(StemFamily),
}

/// What every part begins with.
struct Header {
    family: Option<String>,
    description: Option<String>,
}

/// Collects problems while fields are taken out of a table; what is left over is unknown.
struct Fields<'a> {
    table: toml::Table,
    prefix: &'a str,
}

impl Fields<'_> {
    fn take(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<toml::Value> {
        let value = self.table.remove(name);
        if value.is_none() {
            let code = match name {
                "taper" => "taper_missing",
                "resection" => "resection_missing",
                _ => "field_missing",
            };
            problems.push(problem(code, format!("{}{name} is missing: give {expected}", self.prefix)));
        }
        value
    }

    fn get<T>(
        &mut self,
        name: &str,
        expected: &str,
        problems: &mut Vec<Problem>,
        convert: impl Fn(&toml::Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(name, expected, problems)?;
        let converted = convert(&value);
        if converted.is_none() {
            problems.push(problem("field_wrong", format!("{}{name} must be {expected}", self.prefix)));
        }
        converted
    }

    fn text(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<String> {
        self.get(name, expected, problems, |v| v.as_str().filter(|s| !s.trim().is_empty()).map(str::to_owned))
    }

    fn positive(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<f64> {
        self.get(name, expected, problems, |v| number(v).filter(|x| *x > 0.0))
    }

    fn triple(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<[f64; 3]> {
        self.get(name, expected, problems, |v| {
            let items = v.as_array().filter(|a| a.len() == 3)?;
            Some([number(&items[0])?, number(&items[1])?, number(&items[2])?])
        })
    }

    fn table(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<toml::Table> {
        self.get(name, expected, problems, |v| v.as_table().cloned())
    }

    fn finish(self, problems: &mut Vec<Problem>) {
        for name in self.table.keys() {
            problems.push(problem("field_unknown", format!("unknown field {}{name}", self.prefix)));
        }
    }
}

fn number(value: &toml::Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|i| i as f64)).filter(|x| x.is_finite())
}

fn problem(code: &'static str, message: impl Into<String>) -> Problem {
    Problem { code, message: message.into() }
}

/// What a file describes, or all that is wrong with it.
fn read(path: &Path, catalogue: &Catalogue) -> Result<Part, Vec<Problem>> {
    let one = |code, message: String| vec![problem(code, message)];
    let size = std::fs::metadata(path)
        .map_err(|e| one("unreadable", format!("cannot read {}: {e}", path.display())))?
        .len();
    if size > MAX_FILE_BYTES {
        return Err(one(
            "unreadable",
            format!("{} is {size} bytes long: not the description of a part", path.display()),
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
    let description = fields.text("description", "one line for a person", p);
    let header = Header { family, description };
    match kind.as_deref() {
        Some("cup") => cup::read(header, fields, problems).map(Part::Cup),
        Some("stem") => stem::read(path, catalogue, header, fields, problems).map(Part::Stem),
        Some(kind) => {
            let text = format!("kind '{kind}' is not known: a part of one's own is a \"stem\" or a \"cup\"");
            problems.push(problem("kind", text));
            Err(problems)
        }
        None => Err(problems),
    }
}

#[cfg(test)]
mod tests;
