//! Answers of networks to the cases that they were not trained on.

use super::error::RecipeError;
use super::folder::WorkFolder;
use super::plan::{Job, Plan};
use crate::graphs::to_prediction;
use crate::manifest::{Activation, Output, Scale};
use coxa_learning::Predictions;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a job leaves.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Answers {
    /// By id of output, for each case of the test: a number in its unit, or logits.
    pub(crate) outputs: BTreeMap<String, Vec<Vec<f64>>>,
    /// Where it was computed: `cpu`, `cuda`.
    pub(crate) device: String,
    /// Version of PyTorch.
    pub(crate) torch: String,
}

/// The answers of a job, with as many numbers as the plan asks for.
///
/// # Errors
/// A file that is not there, or is another.
pub(crate) fn answered(folder: &WorkFolder, plan: &Plan, job: &Job) -> Result<Answers, RecipeError> {
    let file = format!("{}.json", job.name);
    let wrong = |what: String| RecipeError::Answers { file: file.clone(), what };
    let answers: Answers =
        serde_json::from_slice(&folder.read(&file)?).map_err(|error| wrong(error.to_string()))?;
    for (id, size) in plan.sizes() {
        let rows = answers.outputs.get(id).ok_or_else(|| wrong(format!("it has no {id}")))?;
        let fits = |row: &Vec<f64>| row.len() == size && row.iter().all(|value| value.is_finite());
        if rows.len() != job.test.len() || !rows.iter().all(fits) {
            return Err(wrong(format!("{id} has not {size} numbers for each of {} cases", job.test.len())));
        }
    }
    Ok(answers)
}

/// Predictions of an output by the networks of folds, for each case of the plan; not a number, or no probabilities, for cases that none of them was tested on.
pub(crate) fn out_of_fold(output: &Output, all: &[(Job, Answers)], cases: usize) -> Predictions {
    let mut rows = vec![Vec::new(); cases];
    for (job, answers) in all {
        let values = answers.outputs.get(&output.id).map(Vec::as_slice).unwrap_or_default();
        for (&case, values) in job.test.iter().zip(values) {
            rows[case] = to_prediction(output, Activation::Logits, values.clone());
        }
    }
    match output.scale {
        Scale::Number(_) => {
            Predictions::Numbers(rows.iter().map(|row| row.first().copied().unwrap_or(f64::NAN)).collect())
        }
        _ => Predictions::Probabilities(rows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Numeric;

    #[test]
    fn answers_stand_at_their_cases_and_logits_become_probabilities() {
        let output = |scale| Output {
            id: "x".into(),
            title: "X".into(),
            column: "x".into(),
            scale,
            code: None,
            thresholds: Vec::new(),
        };
        let mut job = Job::default();
        job.test = vec![3, 1];
        let answers = |rows: &[&[f64]]| {
            let rows = rows.iter().map(|row| row.to_vec()).collect();
            let outputs = BTreeMap::from([("x".to_owned(), rows)]);
            [(job.clone(), Answers { outputs, device: String::new(), torch: String::new() })]
        };
        let number = output(Scale::Number(Numeric { unit: String::new(), range: [0.0, 9.0] }));
        let Predictions::Numbers(found) = out_of_fold(&number, &answers(&[&[7.0], &[5.0]]), 4) else {
            panic!("numbers")
        };
        assert!(found[0].is_nan() && found[2].is_nan(), "no network was tested on these");
        assert_eq!([found[1], found[3]], [5.0, 7.0]);
        let Predictions::Probabilities(found) =
            out_of_fold(&output(Scale::Flag), &answers(&[&[0.0], &[3.0f64.ln()]]), 4)
        else {
            panic!("probabilities")
        };
        assert_eq!(found[3], [0.5, 0.5]);
        assert!((found[1][1] - 0.75).abs() < 1e-15);
        let classes = output(Scale::Classes(["a", "b", "c"].map(str::to_owned).to_vec()));
        let logits = [800.0, 800.0 + 2.0f64.ln(), 800.0];
        let Predictions::Probabilities(found) = out_of_fold(&classes, &answers(&[&logits, &logits]), 4)
        else {
            panic!("probabilities")
        };
        assert!(found[1].iter().zip([0.25, 0.5, 0.25]).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }
}
