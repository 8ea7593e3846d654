//! Error models as files.

use super::{ErrorModel, ErrorTerm};
use crate::lines::{FormMistake, Lines, is_plain, number, quoted, shortened};
use coxa_activity::Mark;
use serde::Deserialize;
use std::fmt::Write;

/// Version of the form of error model files.
pub const FORMAT: u32 = 1;

/// No error model comes near this.
const MAX_BYTES: usize = 1 << 18;
const LONGEST_NAME: usize = 60;
const LONGEST_SOURCE: usize = 400;
/// Largest standard deviation, degrees or millimetres: with more, nothing is planned.
const MOST_SD: f64 = 30.0;
/// Largest systematic deviation either way, degrees or millimetres.
const MOST_MEAN: f64 = 30.0;
/// What a number rests on that a user changed without saying why.
const NO_SOURCE: &str = "set in this error model file, no source given";

/// Why an error model cannot be used. Every message about a file begins with the line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ErrorModelError {
    /// Not TOML, a field missing, unknown or of the wrong kind.
    #[error("line {line}: {message}")]
    Form {
        /// Counted from 1.
        line: usize,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// Written by a newer program.
    #[error(
        "line {line}: this error model has format {format}; this program reads formats up to {FORMAT}: use a newer Coxa"
    )]
    Newer {
        /// Counted from 1.
        line: usize,
        /// The document's form.
        format: i64,
    },
    /// A number outside what an error may be.
    #[error("line {line}: {field} is {value}; it must be {least} to {most}")]
    Value {
        /// Counted from 1.
        line: usize,
        /// Such as `stem_version_deg.sd`.
        field: String,
        /// What stands there.
        value: f64,
        /// Least that is allowed.
        least: f64,
        /// Most that is allowed.
        most: f64,
    },
    /// A deviation of which nothing is said.
    #[error(
        "line 1: {field} is missing; give it, or start from a model with base = one of {}",
        ErrorModel::presets().join(", ")
    )]
    Missing {
        /// Such as `stem_version_deg`.
        field: &'static str,
    },
    /// The file starts from a model that there is not.
    #[error("line {line}: there is no error model `{name}` to start from; choose one of {}", ErrorModel::presets().join(", "))]
    Base {
        /// Counted from 1.
        line: usize,
        /// The name given.
        name: String,
    },
    /// There is no such model.
    #[error("there is no error model `{name}`; choose one of {}", ErrorModel::presets().join(", "))]
    Preset {
        /// The name given.
        name: String,
    },
    /// Larger than any.
    #[error("line 1: the file has {0} bytes, too many for an error model")]
    TooLarge(usize),
}

impl From<FormMistake> for ErrorModelError {
    fn from(mistake: FormMistake) -> Self {
        ErrorModelError::Form { line: mistake.line, message: mistake.message }
    }
}

impl ErrorModel {
    /// A model by name.
    ///
    /// # Errors
    /// [`ErrorModelError::Preset`], with the names there are.
    pub fn preset(name: &str) -> Result<Self, ErrorModelError> {
        built_in(name)
    }

    /// Reads a model as a user writes it; see [`ErrorModel::to_toml`] for the form. A file may start from another model with
    /// `base = "NAME"` and give only what differs.
    ///
    /// # Errors
    /// The first [`ErrorModelError`], with its line.
    ///
    /// # Examples
    /// ```
    /// use coxa_planner::optimise::error_model::ErrorModel;
    ///
    /// let robot = ErrorModel::preset("robot").unwrap();
    /// assert_eq!(ErrorModel::from_toml(&robot.to_toml()).unwrap(), robot);
    /// assert!(robot.cup_inclination_deg.sd < ErrorModel::preset("freehand").unwrap().cup_inclination_deg.sd);
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, ErrorModelError> {
        read(text)
    }

    /// Writes the model as a commented document to be edited. Reading it gives the same model.
    pub fn to_toml(&self) -> String {
        to_toml(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    name: Option<String>,
    base: Option<String>,
    cup_inclination_deg: Option<Entry>,
    cup_anteversion_deg: Option<Entry>,
    cup_centre_medial_mm: Option<Entry>,
    cup_centre_superior_mm: Option<Entry>,
    cup_centre_anterior_mm: Option<Entry>,
    stem_version_deg: Option<Entry>,
    stem_varus_deg: Option<Entry>,
    stem_flexion_deg: Option<Entry>,
    stem_depth_mm: Option<Entry>,
    leg_length_mm: Option<Entry>,
    reamed_diameter_mm: Option<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sd: f64,
    #[serde(default)]
    mean: f64,
    mark: Option<Mark>,
    source: Option<String>,
}

/// A model that comes with the program.
fn built_in(name: &str) -> Result<ErrorModel, ErrorModelError> {
    let text = match name {
        "freehand" => include_str!("../../../data/error_models/freehand.toml"),
        "navigated" => include_str!("../../../data/error_models/navigated.toml"),
        "robot" => include_str!("../../../data/error_models/robot.toml"),
        "none" => include_str!("../../../data/error_models/none.toml"),
        _ => return Err(ErrorModelError::Preset { name: shortened(name) }),
    };
    parse(text)
}

/// A file, under the name of a model that comes with the program only where it is that one.
fn read(text: &str) -> Result<ErrorModel, ErrorModelError> {
    let mut model = parse(text)?;
    if built_in(&model.name).is_ok_and(|preset| preset != model) {
        model.name += ", changed";
    }
    Ok(model)
}

fn parse(text: &str) -> Result<ErrorModel, ErrorModelError> {
    if text.len() > MAX_BYTES {
        return Err(ErrorModelError::TooLarge(text.len()));
    }
    let lines = Lines::new(text)?;
    if let Some(format) = lines.format()
        && format > i64::from(FORMAT)
    {
        return Err(ErrorModelError::Newer { line: lines.of("format"), format });
    }
    let file: File = toml::from_str(text).map_err(|error| FormMistake::from((text, error)))?;
    let form = |field: &str, message: String| ErrorModelError::Form { line: lines.of(field), message };
    if file.format != FORMAT {
        return Err(form("format", format!("format is {}; it must be {FORMAT}", file.format)));
    }
    let base = file.base.as_deref().map(built_in).transpose().map_err(|_| ErrorModelError::Base {
        line: lines.of("base"),
        name: shortened(file.base.as_deref().unwrap_or_default()),
    })?;
    let name = file.name.or(file.base).unwrap_or_else(|| "own".into());
    if !is_plain(&name, LONGEST_NAME) {
        return Err(form("name", format!("name: give 1 to {LONGEST_NAME} characters on one line")));
    }
    let base = base.as_ref();
    let term = |field: &'static str, entry: Option<Entry>, before: Option<&ErrorTerm>| {
        let Some(entry) = entry else {
            return before.cloned().ok_or(ErrorModelError::Missing { field });
        };
        for (part, value, least, most) in
            [("sd", entry.sd, 0.0, MOST_SD), ("mean", entry.mean, -MOST_MEAN, MOST_MEAN)]
        {
            if !(least..=most).contains(&value) {
                let field = format!("{field}.{part}");
                return Err(ErrorModelError::Value { line: lines.of(&field), field, value, least, most });
            }
        }
        let source = entry.source.unwrap_or_else(|| NO_SOURCE.into());
        if !is_plain(&source, LONGEST_SOURCE) {
            let message = format!("source: give 1 to {LONGEST_SOURCE} characters on one line");
            return Err(form(&format!("{field}.source"), message));
        }
        Ok(ErrorTerm { sd: entry.sd, mean: entry.mean, mark: entry.mark.unwrap_or(Mark::Unverified), source })
    };
    Ok(ErrorModel {
        name,
        cup_inclination_deg: term(
            "cup_inclination_deg",
            file.cup_inclination_deg,
            base.map(|b| &b.cup_inclination_deg),
        )?,
        cup_anteversion_deg: term(
            "cup_anteversion_deg",
            file.cup_anteversion_deg,
            base.map(|b| &b.cup_anteversion_deg),
        )?,
        cup_centre_medial_mm: term(
            "cup_centre_medial_mm",
            file.cup_centre_medial_mm,
            base.map(|b| &b.cup_centre_medial_mm),
        )?,
        cup_centre_superior_mm: term(
            "cup_centre_superior_mm",
            file.cup_centre_superior_mm,
            base.map(|b| &b.cup_centre_superior_mm),
        )?,
        cup_centre_anterior_mm: term(
            "cup_centre_anterior_mm",
            file.cup_centre_anterior_mm,
            base.map(|b| &b.cup_centre_anterior_mm),
        )?,
        stem_version_deg: term("stem_version_deg", file.stem_version_deg, base.map(|b| &b.stem_version_deg))?,
        stem_varus_deg: term("stem_varus_deg", file.stem_varus_deg, base.map(|b| &b.stem_varus_deg))?,
        stem_flexion_deg: term("stem_flexion_deg", file.stem_flexion_deg, base.map(|b| &b.stem_flexion_deg))?,
        stem_depth_mm: term("stem_depth_mm", file.stem_depth_mm, base.map(|b| &b.stem_depth_mm))?,
        leg_length_mm: term("leg_length_mm", file.leg_length_mm, base.map(|b| &b.leg_length_mm))?,
        reamed_diameter_mm: term(
            "reamed_diameter_mm",
            file.reamed_diameter_mm,
            base.map(|b| &b.reamed_diameter_mm),
        )?,
    })
}

const HEAD: &str = "\
# Errors with which a plan is carried out. Edit them and run: coxa optimise CASE --error-model FILE
# sd is one standard deviation, mean a systematic deviation; degrees or millimetres as the names say. Positive is: more inclination
# and anteversion; medial, superior, anterior; anterior version, varus, tip of the stem posterior, deeper, a longer leg.
# mark is \"found\" (read in the source), \"derived\" from it, or \"unverified\".
# A file may also start from another model, base = \"freehand\", and give only what differs.
";

fn to_toml(model: &ErrorModel) -> String {
    let mut out = HEAD.to_owned();
    // Writing to a string does not fail.
    let _ = write_terms(model, &mut out);
    out
}

fn write_terms(model: &ErrorModel, out: &mut String) -> std::fmt::Result {
    writeln!(out, "format = {FORMAT}")?;
    writeln!(out, "name = {}", quoted(&model.name))?;
    for (field, term) in model.terms() {
        let mark = match term.mark {
            Mark::Found => "found",
            Mark::Derived => "derived",
            Mark::Unverified => "unverified",
        };
        writeln!(out, "\n[{field}]\nsd = {}\nmean = {}", number(term.sd), number(term.mean))?;
        writeln!(out, "mark = {}\nsource = {}", quoted(mark), quoted(&term.source))?;
    }
    Ok(())
}
