//! Fills in what the table lacks.

use super::features::Regions;
use super::muscles::Anatomies;
use crate::cases::{Cases, Column, Problem, Problems};
use crate::images::Wanted;
use crate::manifest::{Input, Manifest, Missing, Value};
use std::path::Path;

/// Computes the features and the comparisons of muscles that the table does not hold, from the files that it names below `folder`. `done` is told of each case.
///
/// # Errors
/// Files that are not there, cannot be read or do not belong together; the same image for two patients; a value that may not be missing: each with the row of its case.
pub fn derive(
    cases: &mut Cases,
    manifest: &Manifest,
    folder: &Path,
    done: &mut dyn FnMut(usize),
) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let (mut regions, mut anatomies) = (Regions::of(manifest), Anatomies::default());
    for case in 0..cases.len() {
        for input in &manifest.inputs {
            let is_open =
                matches!(cases.inputs.get(&input.id), Some(Column::Numbers(values)) if values[case].is_nan());
            if !is_open {
                continue;
            }
            let found = match &input.value {
                Value::Feature(of, _) => {
                    let paths = (path(cases, case, &of.image), path(cases, case, &of.mask));
                    match paths {
                        (Some(image), Some(mask)) => {
                            let wanted = wanted(manifest, &of.image);
                            regions
                                .value(
                                    folder,
                                    (&image, &mask),
                                    wanted,
                                    (&cases.patients[case], cases.lines[case]),
                                    of,
                                )
                                .map(Some)
                        }
                        _ => Ok(None),
                    }
                }
                Value::Muscle(of, _) => match path(cases, case, &of.case) {
                    Some(path) => anatomies.compare(folder.join(path), side(cases, case, &of.side), of),
                    None => Ok(None),
                },
                _ => continue,
            };
            match found {
                Ok(Some(value)) => {
                    problems.extend(put(cases, case, input, value));
                }
                Ok(None) if input.missing == Missing::Refuse => {
                    let what = "no value, and no file from which it could be computed";
                    problems.push(Problem::cell(cases.lines[case], &input.column, what));
                }
                Ok(None) => {}
                Err(what) => problems.push(Problem::cell(cases.lines[case], &input.column, what)),
            }
        }
        done(case);
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// What is asked of an image.
fn wanted<'a>(manifest: &'a Manifest, image: &str) -> Wanted<'a> {
    match manifest.input(image).map(|input| &input.value) {
        Some(Value::Image { modality, view }) => Wanted { modality, view: view.as_deref() },
        _ => Wanted { modality: &[], view: None },
    }
}

/// Sets a value, unless it lies outside of its range.
fn put(cases: &mut Cases, case: usize, input: &Input, value: f64) -> Option<Problem> {
    let (Value::Feature(_, numeric) | Value::Muscle(_, numeric)) = &input.value else { return None };
    let [low, high] = numeric.range;
    if !(low..=high).contains(&value) {
        let what =
            format!("the value that was computed lies outside {low} to {high}: is it the right region?");
        return Some(Problem::cell(cases.lines[case], &input.column, what));
    }
    if let Some(Column::Numbers(values)) = cases.inputs.get_mut(&input.id) {
        values[case] = value;
    }
    None
}

fn path(cases: &Cases, case: usize, id: &str) -> Option<String> {
    match cases.inputs.get(id) {
        Some(Column::Paths(paths)) => paths[case].clone(),
        _ => None,
    }
}

/// Name of the affected side.
fn side<'a>(cases: &'a Cases, case: usize, id: &str) -> Option<&'a str> {
    match cases.inputs.get(id) {
        Some(Column::Classes { names, of }) => of[case].map(|class| names[class].as_str()),
        _ => None,
    }
}
