//! Writing criteria as a commented document for a person to edit.

use super::file::FORMAT;
use super::known::Known;
use super::{Criteria, Group, PartPrice};
use crate::lines::{number, quoted};
use std::fmt::Write;

const HEAD: &str = "\
# Criteria by which a plan is judged. Edit them and run: coxa optimise CASE --criteria FILE
# least and most are the limits of what is acceptable; from ideal_least to ideal_most all values are equally good. A number
# with a bound on one side only is unlimited on the other. Where no ideal is given, the middle between least and most is best.
# weight is relative to the other criteria. source says where the bounds come from; the report shows it.
# A file may also start from a preset, base = \"patient_specific\", and name only what it changes: then give all bounds of a criterion
# together; anything else not given stays, and use = false drops a criterion. A criterion without bounds has those of the program
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
    writeln!(out, "format = {FORMAT}            # version of this file format")?;
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
        "\n# Least gain that justifies a component or a departure from the plan by rule, in percentage points of success"
    )?;
    for PartPrice { name, points, unit, source } in &criteria.prices {
        writeln!(out, "\n[[price]]\nname = {}\npoints = {}", quoted(name), number(*points))?;
        writeln!(out, "unit = {}\nsource = {}", quoted(unit), quoted(source))?;
    }
    Ok(())
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Fixation => "Fixation of the components",
        Group::Restoration => "Leg length, offset and hip centre",
        Group::Motion => "Motions and activities of daily life: clearance before impingement",
        Group::Stability => "Stability of the head in the liner",
        Group::Orientation => "Orientation of the components",
    }
}
