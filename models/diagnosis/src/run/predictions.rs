//! Predictions as a table: patient, study, truth, and a number or a probability for each class.

use crate::cases::{Cases, Encoding, Problem, Problems, Sheet};
use crate::manifest::Output;
use coxa_learning::{Outcomes, Predictions};

/// Prefix of the columns of probabilities.
const PROBABILITY: &str = "p:";
/// Column of a predicted number.
const NUMBER: &str = "predicted";
/// Probabilities of a case may miss 1 by this much: what four digits round.
const ROUNDING: f64 = 0.01;

/// Predictions read from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictedTable {
    /// Patient and study of each.
    pub keys: Vec<(String, String)>,
    /// The predictions.
    pub predictions: Predictions,
}

/// Predictions of cases as a CSV file. `cases` are the places of the predicted ones; `folds` says in which each was tested.
pub fn predictions_csv(
    cases: &Cases,
    places: &[usize],
    output: &Output,
    outcomes: Option<&Outcomes>,
    predictions: &Predictions,
    folds: Option<&[usize]>,
) -> Vec<u8> {
    let classes = output.classes();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["patient".to_owned(), "study".to_owned()];
    header.extend(folds.map(|_| "fold".to_owned()));
    header.extend(outcomes.map(|_| "truth".to_owned()));
    match predictions {
        Predictions::Numbers(_) => header.push(NUMBER.to_owned()),
        Predictions::Probabilities(_) => {
            header.extend(classes.iter().map(|class| format!("{PROBABILITY}{class}")));
        }
    }
    // Writing to memory cannot fail.
    let _ = writer.write_record(&header);
    for (row, &case) in places.iter().enumerate() {
        let mut cells = vec![cases.patients[case].clone(), cases.studies[case].clone()];
        cells.extend(folds.map(|folds| folds[row].to_string()));
        match outcomes {
            Some(Outcomes::Numbers(values)) => cells.push(values[row].to_string()),
            Some(Outcomes::Classes { of, .. }) => cells.push(classes[of[row]].to_owned()),
            None => {}
        }
        match predictions {
            Predictions::Numbers(values) => cells.push(values[row].to_string()),
            Predictions::Probabilities(rows) => cells.extend(rows[row].iter().map(f64::to_string)),
        }
        let _ = writer.write_record(&cells);
    }
    writer.into_inner().unwrap_or_default()
}

/// Reads predictions of an output, of this program or another.
///
/// # Errors
/// Columns that are not there, text in numbers, probabilities that do not lie in 0 to 1 or do not sum to 1, with their row.
pub fn read_predictions(bytes: &[u8], output: &Output) -> Result<PredictedTable, Problems> {
    let sheet = Sheet::read(bytes, Encoding::Unicode)?;
    let classes = output.classes();
    let names: Vec<String> = match classes.is_empty() {
        true => vec![NUMBER.to_owned()],
        false => classes.iter().map(|class| format!("{PROBABILITY}{class}")).collect(),
    };
    let place = |name: &str| {
        sheet.place(name).ok_or_else(|| Problem::column(name, "the table of predictions does not have it"))
    };
    let patient = place("patient")?;
    let study = sheet.place("study");
    let places = names.iter().map(|name| place(name)).collect::<Result<Vec<usize>, Problem>>()?;
    let mut problems = Vec::new();
    let (mut keys, mut rows) = (Vec::new(), Vec::new());
    let mut seen = std::collections::BTreeSet::new();
    for row in &sheet.rows {
        let mut values = Vec::new();
        for (&at, name) in places.iter().zip(&names) {
            match row.cells[at].parse::<f64>() {
                Ok(value) if value.is_finite() && (classes.is_empty() || (0.0..=1.0).contains(&value)) => {
                    values.push(value);
                }
                Ok(_) if !classes.is_empty() => {
                    problems.push(Problem::cell(row.number, name, "a probability lies between 0 and 1"));
                }
                _ => problems.push(Problem::cell(row.number, name, "no finite number")),
            }
        }
        let sum: f64 = values.iter().sum();
        if values.len() == places.len() && !classes.is_empty() {
            if (sum - 1.0).abs() > ROUNDING {
                problems.push(Problem::row(row.number, "the probabilities do not sum to 1"));
            }
            values.iter_mut().for_each(|value| *value /= sum);
        }
        let own_study = study.map(|at| row.cells[at].clone()).unwrap_or_default();
        let key = (row.cells[patient].clone(), own_study);
        if !seen.insert(key.clone()) {
            problems.push(Problem::row(row.number, "a second prediction of the same patient and study"));
        }
        keys.push(key);
        rows.push(values);
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let predictions = match classes.is_empty() {
        true => Predictions::Numbers(rows.into_iter().flatten().collect()),
        false => Predictions::Probabilities(rows),
    };
    Ok(PredictedTable { keys, predictions })
}
