//! Tables of virtual cases.

use super::density;
use super::form::LawError;
use super::law::{Draw, Law};
use super::terms::Drawn;
use crate::manifest::{Manifest, Scale};
use coxa_learning::Predictions;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::BTreeMap;

/// Dates that a table has where a value may not be old.
const DATE: &str = "2020-01-01";

/// A table of virtual cases.
#[derive(Debug, Clone, PartialEq)]
pub struct VirtualCases {
    /// The table, as a CSV file.
    pub csv: Vec<u8>,
    /// By output the best possible predictions: the truth's own law, given all that the table holds. Of an output that the law does not settle there is none.
    pub ceiling: BTreeMap<String, Predictions>,
}

/// Draws so many cases, each of another patient.
///
/// # Errors
/// A law without a column that the manifest predicts, or with other classes.
pub fn draw(law: &Law, manifest: &Manifest, count: usize, seed: u64) -> Result<VirtualCases, LawError> {
    let cases: Vec<(Vec<Drawn>, Vec<bool>)> = (0..count as u64).map(|case| law.case(seed, case)).collect();
    let mut ceiling = BTreeMap::new();
    for output in &manifest.outputs {
        let wrong = |what: &str| LawError(format!("output {}: {what}", output.id));
        let Some(place) = law.place(&output.column) else {
            return Err(wrong("the law has no variable for it"));
        };
        let names = &law.variables[place].classes;
        let best = match &output.scale {
            Scale::Number(_) => {
                let means = cases.iter().map(|(values, _)| law.mean(place, values));
                means.collect::<Option<Vec<f64>>>().map(Predictions::Numbers)
            }
            Scale::AtLeast(limit, _) => {
                let yes = cases.iter().map(|(values, _)| law.at_least(place, *limit, values));
                yes.map(|p| p.map(|p| vec![1.0 - p, p]))
                    .collect::<Option<_>>()
                    .map(Predictions::Probabilities)
            }
            _ if output.classes() == names.iter().map(String::as_str).collect::<Vec<_>>() => {
                let of = cases.iter().map(|(values, missing)| law.posterior(place, values, missing));
                Some(Predictions::Probabilities(of.collect()))
            }
            _ => return Err(wrong("the law has other classes for it")),
        };
        ceiling.extend(best.map(|best| (output.id.clone(), best)));
    }
    Ok(VirtualCases { csv: law.csv(manifest, &cases), ceiling })
}

impl Law {
    /// Values of one case, and which of them its table lacks.
    fn case(&self, seed: u64, case: u64) -> (Vec<Drawn>, Vec<bool>) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(case);
        let mut uniform = move || rng.random::<f64>();
        let mut values: Vec<Drawn> = Vec::new();
        let mut missing = Vec::new();
        for variable in &self.variables {
            let at = uniform();
            let value = match &variable.draw {
                Draw::Normal { mean, sd, range, step } => {
                    // Half a step of the generator keeps the deviate finite.
                    let deviate = Normal::standard().inverse_cdf(at.max(f64::EPSILON / 2.0));
                    let value = ((mean.at(&values) + sd * deviate) / step).round() * step;
                    Drawn::Number(value.clamp(range[0], range[1]))
                }
                _ => {
                    let mut left = at;
                    let probabilities = density::classes(variable, &values);
                    let last = probabilities.len() - 1;
                    let mut beyond = |p: &f64| {
                        left -= p;
                        left < 0.0
                    };
                    Drawn::Class(probabilities.iter().position(&mut beyond).unwrap_or(last))
                }
            };
            values.push(value);
            missing.push(uniform() < variable.missing);
        }
        (values, missing)
    }

    fn csv(&self, manifest: &Manifest, cases: &[(Vec<Drawn>, Vec<bool>)]) -> Vec<u8> {
        let mut dates: Vec<&str> = Vec::new();
        for dated in manifest.inputs.iter().filter_map(|input| input.dated.as_ref()) {
            for column in [dated.column.as_str(), dated.truth.as_str()] {
                if !dates.contains(&column) {
                    dates.push(column);
                }
            }
        }
        let names = self.variables.iter().map(|variable| variable.name.as_str());
        let header: Vec<&str> = [manifest.evaluation.group.as_str(), "study"]
            .into_iter()
            .chain(dates.iter().copied())
            .chain(names)
            .collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = writer.write_record(&header);
        for (case, (values, missing)) in cases.iter().enumerate() {
            let cells = self.variables.iter().zip(values).zip(missing).map(|((variable, value), missing)| {
                match (value, missing) {
                    (_, true) => String::new(),
                    (Drawn::Class(class), _) => variable.classes[*class].clone(),
                    (Drawn::Number(value), _) => plain(*value),
                }
            });
            let start = [format!("V{case:05}"), "1".into()].into_iter();
            let start = start.chain(dates.iter().map(|_| DATE.to_owned()));
            let _ = writer.write_record(start.chain(cells));
        }
        writer.into_inner().unwrap_or_default()
    }
}

/// A multiple of a step without the digits of its rounding.
fn plain(value: f64) -> String {
    let text = format!("{value:.9}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".into() } else { short.to_owned() }
}
