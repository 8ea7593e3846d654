//! Writing criteria as a commented document for a person to edit.

use super::file::FORMAT;
use super::known::Known;
use super::{Criteria, Group, PartPrice};
use crate::lines::{number, quoted};
use std::fmt::Write;

const HEAD: &str = "\
# What a plan is judged by. Edit it and run: coxa optimise CASE --criteria FILE
# least and most are the limits of what is acceptable; from ideal_least up to ideal_most nothing is gained any more. A number
# without one of the sides is free there. Between least and most without an ideal the middle is the best.
# weight is that among the others. source says where the bounds come from, and stands in the report.
# A file may also start from a preset, base = \"patient_specific\", and name only what it changes: bounds are then given all
# together, what else is not given stays, and use = false drops a criterion. A criterion without bounds has those of the program
# (docs/limits.md). activity.* stands for all activities.
# Presets: ";

impl Criteria {
    /// Writes all criteria as a commented document to be edited. Reading it gives the same criteria.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = write(self, &mut out);
        out
    }
}

fn write(criteria: &Criteria, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{HEAD}{}.", Criteria::presets().join(", "))?;
    writeln!(out, "format = {FORMAT}            # version of this document's form")?;
    writeln!(out, "name = {}     # what the report calls these criteria", quoted(&criteria.preset))?;
    let known = Known::all();
    let mut group = None;
    for c in &criteria.list {
        if group != Some(c.group) {
            writeln!(out, "\n# {}", heading(c.group))?;
            group = Some(c.group);
        }
        writeln!(out, "\n[[criterion]]")?;
        let meaning =
            known.iter().find(|known| known.subject == c.subject).map_or("", |known| &known.meaning);
        writeln!(out, "name = {}     # {meaning}", quoted(&c.subject.name()))?;
        writeln!(out, "unit = {}", quoted(c.unit.name()))?;
        for (field, bound) in [
            ("least", c.least),
            ("ideal_least", c.ideal_least),
            ("ideal_most", c.ideal_most),
            ("most", c.most),
        ] {
            if let Some(bound) = bound {
                writeln!(out, "{field} = {}", number(bound))?;
            }
        }
        writeln!(out, "weight = {}", number(c.weight))?;
        writeln!(out, "source = {}", quoted(&c.source))?;
    }
    writeln!(
        out,
        "\n# What a component or a departure from the plan by rule must gain, in percentage points of success"
    )?;
    for PartPrice { name, points, unit, source } in &criteria.prices {
        writeln!(out, "\n[[price]]\nname = {}\npoints = {}", quoted(name), number(*points))?;
        writeln!(out, "unit = {}\nsource = {}", quoted(unit), quoted(source))?;
    }
    Ok(())
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Fixation => "Components in their bones",
        Group::Restoration => "Leg length, offset and hip centre",
        Group::Motion => "Motions, and activities of daily life: angle left before anything meets",
        Group::Stability => "The head in the liner",
        Group::Orientation => "Angles of the components",
    }
}
