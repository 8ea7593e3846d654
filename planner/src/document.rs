//! The plan document, `plan.toml`: written with comments for a person to edit, read with the line of every mistake.

use crate::implants::{Catalogue, CatalogueError};
use crate::lines::{FormMistake, Lines, number, quoted, shortened};
use crate::placed::{ComponentError, Components, VersionReference};
use crate::plan::{CupPlan, HeadPlan, LinerPlan, Plan, StemPlan};
use coxa_geometry::{Angle, Point, Vector};
use std::fmt::Write;

/// Version of the document's form.
pub const FORMAT: u32 = 1;

/// No plan comes near this.
const MAX_BYTES: usize = 1 << 20;

/// Why a plan document cannot be used. Every message begins with the line.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
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
        "line {line}: this plan has format {format}; this program reads formats up to {FORMAT}: use a newer Coxa"
    )]
    Newer {
        /// Counted from 1.
        line: usize,
        /// The document's form.
        format: i64,
    },
    /// A value outside what is allowed.
    #[error("line {line}: {field} is {value}; it must be {allowed}")]
    Value {
        /// Counted from 1.
        line: usize,
        /// Such as `cup.size_mm`.
        field: String,
        /// What stands there.
        value: String,
        /// What could.
        allowed: String,
    },
    /// A part that the catalogue does not have.
    #[error("line {line}: {field}: {source}")]
    Part {
        /// Counted from 1.
        line: usize,
        /// Such as `stem.size`.
        field: String,
        /// Which, and what there is.
        source: CatalogueError,
    },
    /// Larger than any plan.
    #[error("line 1: the file has {0} bytes, too many for a plan")]
    TooLarge(usize),
}

/// Writes a plan as a commented document. Reading it back gives the same numbers bit for bit, but for angles with more than
/// nine decimals of a degree.
pub fn to_toml(plan: &Plan) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write_plan(plan, &mut out);
    out
}

/// What the mobility of a spine may be.
const SPINES: &str = "stiff, normal or hypermobile: how much the pelvis tilts from standing to sitting";

fn write_plan(plan: &Plan, out: &mut String) -> std::fmt::Result {
    let Plan { format, side, targets, cup, liner, head, stem } = plan;
    writeln!(out, "# A hip plan by Coxa. Edit it and run: coxa plan --from plan.toml")?;
    writeln!(
        out,
        "# Lengths are millimetres, angles degrees, places and directions [x, y, z] in the patient frame of DICOM:"
    )?;
    writeln!(
        out,
        "# x to the patient's left, y posterior, z to the head. `coxa implant list` names the parts."
    )?;
    writeln!(out, "format = {format}            # version of this file format")?;
    writeln!(
        out,
        "side = {}         # \"right\" or \"left\": must be the side of the case",
        quoted(side.name())
    )?;

    writeln!(
        out,
        "\n# Targets of the placement, kept for the record; changing them moves nothing.\n[targets]"
    )?;
    writeln!(
        out,
        "inclination_deg = {}     # radiographic, functional plane: standing where its tilt is given, else supine",
        degrees(targets.inclination_deg)
    )?;
    match targets.anteversion_deg {
        Some(asked) => {
            writeln!(out, "anteversion_deg = {}     # radiographic, same plane", degrees(asked))?;
        }
        None => writeln!(
            out,
            "# anteversion_deg = 15.0     # radiographic, same plane; absent: from the combined anteversion and the stem"
        )?,
    }
    writeln!(
        out,
        "combined_anteversion_deg = {}     # of cup and stem together",
        degrees(targets.combined_anteversion_deg)
    )?;
    match targets.standing_tilt_deg {
        Some(tilt) => writeln!(
            out,
            "standing_tilt_deg = {}     # of the standing pelvis from the supine one, posterior tilt positive",
            degrees(tilt)
        )?,
        None => writeln!(
            out,
            "# standing_tilt_deg = 0.0     # of the standing pelvis from the supine one, posterior tilt positive; absent: not known"
        )?,
    }
    match targets.spine {
        Some(spine) => writeln!(out, "spine = {}     # {SPINES}", quoted(spine.name()))?,
        None => writeln!(out, "# spine = \"normal\"     # {SPINES}; absent: not known")?,
    }
    for (name, value, what) in [
        ("leg_length_change_mm", targets.leg_length_change_mm, "lengthening positive"),
        ("offset_change_mm", targets.offset_change_mm, "lateral positive"),
    ] {
        match value {
            Some(value) => writeln!(out, "{name} = {}     # {what}", number(value))?,
            None => {
                writeln!(out, "# {name} = 0.0     # {what}; absent: as on the other side, else unchanged")?;
            }
        }
    }

    write_cup(cup, out)?;
    write_liner_and_head(liner, head, out)?;
    write_stem(stem, out)
}

fn write_cup(cup: &CupPlan, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n[cup]\nfamily = {}     # `coxa implant list`", quoted(&cup.family))?;
    writeln!(out, "size_mm = {}     # outer diameter, a size of the family", number(cup.size_mm))?;
    writeln!(out, "centre_mm = {}     # centre of the outer sphere", triple(cup.centre_mm))?;
    writeln!(
        out,
        "inclination_deg = {}     # radiographic, supine functional plane; 0 to 90",
        degrees(cup.inclination_deg)
    )?;
    writeln!(
        out,
        "anteversion_deg = {}     # radiographic, supine functional plane; -60 to 60",
        degrees(cup.anteversion_deg)
    )?;
    if cup.screws.is_empty() {
        writeln!(
            out,
            "# [[cup.screws]]     # one for each screw; `coxa implant show` names holes and lengths"
        )?;
        writeln!(out, "# hole = 1\n# length_mm = 30.0     # from under the head to the tip")?;
    }
    for screw in &cup.screws {
        writeln!(out, "\n[[cup.screws]]\nhole = {}     # of the shell, counted from 1", screw.hole)?;
        writeln!(out, "length_mm = {}     # from under the head to the tip", number(screw.length_mm))?;
    }
    Ok(())
}

fn write_liner_and_head(liner: &LinerPlan, head: &HeadPlan, out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "\n[liner]\nkind = {}     # \"flush\", \"lipped\", \"offset\", \"dual_mobility\"",
        quoted(&liner.kind)
    )?;
    match liner.lip_direction_deg {
        Some(lip) => writeln!(
            out,
            "lip_direction_deg = {}     # middle of the lip about the cup axis, from superior (0) towards anterior (90)",
            degrees(lip)
        )?,
        None => writeln!(
            out,
            "# lip_direction_deg = -45.0     # lipped liners only: from superior (0) towards anterior (90)"
        )?,
    }

    writeln!(
        out,
        "\n[head]\ndiameter_mm = {}     # 22.225, 28, 32, 36 or 40, as the shell and liner allow",
        number(head.diameter_mm)
    )?;
    writeln!(
        out,
        "offset_mm = {}     # along the neck: -3.5, 0, 3.5, 7, 10.5 or 12",
        number(head.offset_mm)
    )?;
    Ok(())
}

fn write_stem(stem: &StemPlan, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n[stem]\nfamily = {}     # `coxa implant list`", quoted(&stem.family))?;
    writeln!(out, "size = {}     # a size of the family", stem.size)?;
    writeln!(
        out,
        "neck_shaft_deg = {}     # an angle of the family: 127 or 132",
        degrees(stem.neck_shaft_deg)
    )?;
    writeln!(out, "offset = {}     # \"standard\" or \"high\"", quoted(&stem.offset))?;
    writeln!(
        out,
        "origin_mm = {}     # on the stem axis, in the resection plane; femur as scanned",
        triple(stem.origin_mm)
    )?;
    writeln!(out, "axis = {}     # proximal along the stem, length 1", vector(stem.axis))?;
    writeln!(
        out,
        "version_deg = {}     # of the neck about the axis, anterior positive; -90 to 90",
        degrees(stem.version_deg)
    )?;
    writeln!(
        out,
        "# \"posterior_condylar_line\" (condyles in the scan), \"native_neck\", or \"table\" (coronal plane of the scan)"
    )?;
    writeln!(out, "version_reference = {}", quoted(&stem.version_reference))
}

/// Degrees as every file holds them.
fn degrees(angle: Angle) -> String {
    number(f64::from(angle))
}

fn triple<F: coxa_geometry::frame::Frame>(p: Point<F>) -> String {
    format!("[{}, {}, {}]", number(p.x()), number(p.y()), number(p.z()))
}

fn vector<F: coxa_geometry::frame::Frame>(v: Vector<F>) -> String {
    triple(Point::<F>::from_coords(v.coords().into()))
}

/// Reads a plan and holds it against the catalogue.
///
/// # Errors
/// The first [`DocumentError`], with its line.
///
/// # Examples
/// The [crate's page](crate) writes a plan and reads it back.
pub fn from_toml(text: &str, catalogue: &Catalogue) -> Result<Plan, DocumentError> {
    if text.len() > MAX_BYTES {
        return Err(DocumentError::TooLarge(text.len()));
    }
    let lines = Lines::new(text)?;
    if let Some(format) = lines.format()
        && format > i64::from(FORMAT)
    {
        return Err(DocumentError::Newer { line: lines.of("format"), format });
    }
    let plan: Plan = toml::from_str(text).map_err(|error| FormMistake::from((text, error)))?;
    check_values(&plan, &lines)?;
    check_parts(&plan, catalogue, &lines)?;
    Ok(plan)
}

impl From<FormMistake> for DocumentError {
    fn from(mistake: FormMistake) -> Self {
        DocumentError::Form { line: mistake.line, message: mistake.message }
    }
}

fn refused(
    lines: &Lines<'_>,
    field: &str,
    value: impl ToString,
    allowed: impl Into<String>,
) -> DocumentError {
    DocumentError::Value {
        line: lines.of(field),
        field: field.into(),
        value: value.to_string(),
        allowed: allowed.into(),
    }
}

/// No patient is further from the scanner's origin.
const FARTHEST_MM: f64 = 10_000.0;

fn check_values(plan: &Plan, lines: &Lines<'_>) -> Result<(), DocumentError> {
    if plan.format != FORMAT {
        return Err(refused(lines, "format", plan.format, FORMAT.to_string()));
    }
    let ranges = [
        ("targets.inclination_deg", Some(plan.targets.inclination_deg.degrees()), 0.0, 90.0),
        ("targets.anteversion_deg", plan.targets.anteversion_deg.map(Angle::degrees), -60.0, 60.0),
        (
            "targets.combined_anteversion_deg",
            Some(plan.targets.combined_anteversion_deg.degrees()),
            -60.0,
            90.0,
        ),
        ("targets.leg_length_change_mm", plan.targets.leg_length_change_mm, -60.0, 60.0),
        ("targets.offset_change_mm", plan.targets.offset_change_mm, -60.0, 60.0),
        ("cup.inclination_deg", Some(plan.cup.inclination_deg.degrees()), 0.0, 90.0),
        ("cup.anteversion_deg", Some(plan.cup.anteversion_deg.degrees()), -60.0, 60.0),
        ("liner.lip_direction_deg", plan.liner.lip_direction_deg.map(Angle::degrees), -360.0, 360.0),
        ("stem.version_deg", Some(plan.stem.version_deg.degrees()), -90.0, 90.0),
    ];
    for (field, value, low, high) in ranges {
        // Degrees come back from radians with a rounding error; the bounds themselves are allowed.
        if let Some(value) = value
            && !(low - 1e-9..=high + 1e-9).contains(&value)
        {
            return Err(refused(lines, field, value, format!("{low} to {high}")));
        }
    }
    for (field, place) in [("cup.centre_mm", plan.cup.centre_mm), ("stem.origin_mm", plan.stem.origin_mm)] {
        let coordinates = [place.x(), place.y(), place.z()];
        if !coordinates.iter().all(|c| c.abs() <= FARTHEST_MM) {
            return Err(refused(
                lines,
                field,
                triple(place),
                format!("three numbers within {FARTHEST_MM} mm"),
            ));
        }
    }
    let length = plan.stem.axis.norm();
    if !length.is_finite() || (length - 1.0).abs() > 1e-3 {
        return Err(refused(lines, "stem.axis", vector(plan.stem.axis), "a direction of length 1"));
    }
    if VersionReference::named(&plan.stem.version_reference).is_none() {
        let references = VersionReference::ALL.map(VersionReference::name);
        return Err(refused(
            lines,
            "stem.version_reference",
            shortened(&plan.stem.version_reference),
            references.join(", "),
        ));
    }
    Ok(())
}

fn check_parts(plan: &Plan, catalogue: &Catalogue, lines: &Lines<'_>) -> Result<(), DocumentError> {
    let components = Components::of_plan(plan, catalogue).map_err(|error| match error {
        ComponentError::Unknown { field, reason } => {
            DocumentError::Part { line: lines.of(&field), field, source: reason }
        }
        ComponentError::Head { head_mm, liner, size_mm, fitting } => {
            let allowed = format!("{fitting} mm in the {liner} liner of a {size_mm} mm shell");
            refused(lines, "head.diameter_mm", head_mm, allowed)
        }
    })?;
    let screws = &plan.cup.screws;
    for (index, planned) in screws.iter().enumerate() {
        if screws[..index].iter().any(|other| other.hole == planned.hole) {
            let allowed = format!("one screw in each of {} holes", components.cup.holes.len());
            return Err(refused(lines, &format!("cup.screws.{index}.hole"), planned.hole, allowed));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
