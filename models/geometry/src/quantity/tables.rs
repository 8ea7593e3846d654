//! The table as a document for people.

use super::{Limit, Quantity, Scope};
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
the rows in `models/geometry/src/quantity/`. Names are stable. `SIDE` is `right` or `left`, and is left out where the place in a
file says the side; `N` is the hole of a screw, counted from 1. Where criteria and prices use another name, it stands behind the
first. Limits are those that findings rest on; the limits that plans are optimised by stand in the criteria file.

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
    format!("{severity} {range} ({})", limit.source)
}
