//! Parts of the cases that a manifest names.

use crate::cases::{Cases, Column};
use crate::manifest::Manifest;

/// A part of the cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subgroup {
    /// What its cases have in common: `Sex: female`.
    pub name: String,
    /// Places of its cases.
    pub cases: Vec<usize>,
}

/// The parts that `[evaluation] subgroups` names: by class of an input, or below and from a limit. Cases without the value are in none.
pub fn subgroups(cases: &Cases, manifest: &Manifest) -> Vec<Subgroup> {
    manifest.evaluation.subgroups.iter().flat_map(|name| of(cases, manifest, name)).collect()
}

fn of(cases: &Cases, manifest: &Manifest, name: &str) -> Vec<Subgroup> {
    let (id, limit) =
        name.split_once(':').map_or((name, None), |(id, limit)| (id, limit.parse::<f64>().ok()));
    let title = manifest.input(id).map_or(id, |input| &input.title);
    match (cases.inputs.get(id), limit) {
        (Some(Column::Numbers(values)), Some(limit)) => {
            let those = |fits: &dyn Fn(f64) -> bool| {
                values.iter().enumerate().filter(|(_, value)| fits(**value)).map(|(case, _)| case).collect()
            };
            vec![
                Subgroup { name: format!("{title} below {limit}"), cases: those(&|value| value < limit) },
                Subgroup {
                    name: format!("{title} {limit} and above"),
                    cases: those(&|value| value >= limit),
                },
            ]
        }
        (Some(Column::Classes { names, of }), None) => {
            let those = |class: usize| {
                of.iter().enumerate().filter(|(_, own)| **own == Some(class)).map(|(case, _)| case).collect()
            };
            let part = |(class, name): (usize, &String)| Subgroup {
                name: format!("{title}: {name}"),
                cases: those(class),
            };
            names.iter().enumerate().map(part).collect()
        }
        _ => Vec::new(),
    }
}
