//! The table as a document for people.

use super::{Basis, Ideal, Limit, MOTION_NEEDS, Quantity, Scope};
use std::fmt::Write;

/// The table in Markdown: `docs/quantities.md`.
pub fn markdown() -> String {
    let mut out = String::from(HEAD);
    for &quantity in Quantity::ALL {
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            name_in_files(quantity),
            quantity.unit().name(),
            quantity.title(),
            quantity.definition(),
            quantity.sign(),
            quantity.limits().iter().map(in_words).collect::<Vec<_>>().join("; "),
            quantity.source(),
        );
    }
    out
}

const HEAD: &str = "\
# Quantities

What Coxa measures, plans and judges, under the names that files use. Written by `cargo run -p coxa-geometry --example tables` from
the rows in `models/geometry/src/quantity/`. Names are stable. `SIDE` is `right` or `left`, and is omitted where the place in a
file says the side; `N` is the hole of a screw, counted from 1. Where criteria and prices use another name, it follows the
first. The reasons for the limits are in [limits.md](limits.md).

| Name | Unit | Title | Definition | Positive | Limits | Source of the definition |
|---|---|---|---|---|---|---|
";

fn name_in_files(quantity: Quantity) -> String {
    let name = quantity.name();
    let own = match quantity.scope() {
        Scope::Side => format!("`{name}_SIDE`"),
        Scope::Screw => format!("`{}`", name.replacen("screw_", "screw_N_", 1)),
        Scope::Whole | Scope::Each => format!("`{name}`"),
    };
    match quantity.criterion_name() {
        criterion if criterion == name => own,
        criterion => format!("{own}, `{criterion}`"),
    }
}

fn in_words(limit: &Limit) -> String {
    let severity = format!("{:?}", limit.severity).to_lowercase();
    let range = match (limit.least.is_finite(), limit.most.is_finite()) {
        (true, true) => format!("outside {} to {}", limit.least, limit.most),
        (true, false) => format!("below {}", limit.least),
        _ => format!("above {}", limit.most),
    };
    format!("{severity} {range}")
}

/// Every limit with what it rests on, in Markdown: `docs/limits.md`.
pub fn limits_markdown() -> String {
    let mut rows = Vec::new();
    for &quantity in Quantity::ALL {
        let name = name_in_files(quantity);
        rows.extend(quantity.limits().iter().map(|limit| Row::of_limit(name.clone(), quantity, limit)));
        rows.extend(quantity.ideal().map(|ideal| Row::of_ideal(name.clone(), quantity, ideal)));
    }
    for need in MOTION_NEEDS {
        let name = format!("`{}`", Quantity::MotionRange.name().replace('*', need.motion));
        rows.push(Row::of_limit(name.clone(), Quantity::MotionRange, &need.limit));
        rows.push(Row::of_ideal(name, Quantity::MotionRange, &need.ideal));
    }
    let count = |basis| rows.iter().filter(|row| row.basis == basis).count();
    let [study, derived, assumption] = [Basis::Study, Basis::Derived, Basis::Assumption].map(count);
    let mut out = format!(
        "{LIMITS_HEAD}\nOf {} limits {study} rest on a study, {derived} are derived from measurements of patients, and {assumption} are \
         assumptions of this program, each with its reason.\n\n| Name | Unit | Kind | Range | Rests on | Source or reason |\n|---|---|---|---|---|---|\n",
        rows.len()
    );
    for Row { name, unit, kind, range, basis, source } in rows {
        // Writing to a string does not fail.
        let _ = writeln!(out, "| {name} | {unit} | {kind} | {range} | {} | {source} |", basis.name());
    }
    out
}

const LIMITS_HEAD: &str = "\
# Limits

Every limit that a plan is compared with: findings, criteria of the optimiser, report and viewer all use these. Written by
`cargo run -p coxa-geometry --example tables` from the rows in `models/geometry/src/quantity/`.

A value outside the range of a *refusal* ends planning; outside that of a *caution* or *note* it is a finding of that severity. A plan
succeeds in the optimiser where every value that its criteria name is within the range of the caution; within the *ideal* range
there is no further gain. Ranges of other rules (`widmer`) and your own are in the criteria file.
";

struct Row {
    name: String,
    unit: &'static str,
    kind: String,
    range: String,
    basis: Basis,
    source: &'static str,
}

impl Row {
    fn of_limit(name: String, quantity: Quantity, limit: &Limit) -> Self {
        let kind = format!("{:?}", limit.severity).to_lowercase();
        let range = range(limit.least, limit.most);
        Row { name, unit: quantity.unit().name(), kind, range, basis: limit.basis, source: limit.source }
    }

    fn of_ideal(name: String, quantity: Quantity, ideal: &Ideal) -> Self {
        let range = range(ideal.least, ideal.most);
        let unit = quantity.unit().name();
        Row { name, unit, kind: "ideal".into(), range, basis: ideal.basis, source: ideal.source }
    }
}

fn range(least: f64, most: f64) -> String {
    match (least.is_finite(), most.is_finite()) {
        (true, true) => format!("{least} to {most}"),
        (true, false) => format!("from {least}"),
        _ => format!("up to {most}"),
    }
}
