//! Readings from a table or from the folder of a study.

use super::data::{Data, RatingRow, Truth};
use super::imported::lesions;
use crate::error::ReadersError;
use crate::mark::MarksWanted;
use crate::reading::{Reading, read_log};
use crate::study::{HiddenCase, Scale, Study};
use crate::table::{Row, Table, short};
use std::collections::BTreeMap;
use std::path::Path;

/// Columns of a table of ratings.
const NEEDED: [&str; 5] = ["reader", "treatment", "case", "truth", "rating"];

/// Readings from a table with columns `reader`, `treatment`, `case`, `truth` (0 or 1) and `rating` in any order, and `seconds` where it is there.
///
/// # Errors
/// The first mistake, with row and column.
pub fn from_table(path: &Path) -> Result<Data, ReadersError> {
    let table = Table::read(path)?;
    table.expect(&NEEDED, &["seconds"])?;
    let mut truths: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    let mut seen: BTreeMap<[&str; 3], usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for row in table.rows() {
        let key = ["reader", "treatment", "case"].map(|column| row.cell(column));
        for column in ["reader", "treatment", "case"] {
            row.needed(column)?;
        }
        let truth = truth(row)?;
        let (first, known) = *truths.entry(key[2]).or_insert((row.number(), truth));
        if known != truth {
            let reason = format!(
                "two truths for one case: {} here and {} in row {first}",
                u8::from(truth),
                u8::from(known)
            );
            return Err(row.wrong("truth", &reason));
        }
        if let Some(first) = seen.insert(key, row.number()) {
            let reason =
                format!("reader, treatment and case are those of row {first}; each case is rated once");
            return Err(row.wrong("case", &reason));
        }
        let rating = row.number_in("rating")?.ok_or_else(|| row.wrong("rating", "it is empty"))?;
        let seconds = row.number_in("seconds")?;
        if seconds.is_some_and(|seconds| seconds < 0.0) {
            return Err(row.wrong("seconds", "a time is not below 0"));
        }
        let [reader, treatment, case] = key.map(str::to_owned);
        rows.push(RatingRow { reader, treatment, case, rating, seconds, marks: Vec::new() });
    }
    let names = |of: fn(&RatingRow) -> &String| {
        let mut names: Vec<String> = rows.iter().map(|row| of(row).clone()).collect();
        names.sort_by(|a, b| natural(a, b));
        names.dedup();
        names
    };
    let (readers, treatments) = (names(|row| &row.reader), names(|row| &row.treatment));
    let cases = names(|row| &row.case).into_iter().map(|case| {
        let truth = truths.get(case.as_str()).is_some_and(|(_, truth)| *truth);
        (case, Truth::Disease(truth))
    });
    let cases = cases.collect();
    Ok(Data {
        title: table.file.clone(),
        readers,
        treatments,
        cases,
        classes: Vec::new(),
        ordered: false,
        range: None,
        rows,
        module: None,
        lesions: None,
        notes: Vec::new(),
    })
}

fn truth(row: Row<'_>) -> Result<bool, ReadersError> {
    match row.needed("truth")? {
        "0" => Ok(false),
        "1" => Ok(true),
        text => Err(row.wrong("truth", &format!("0 or 1 is wanted and \"{}\" found", short(text)))),
    }
}

/// Numbers by their value, before texts by their letters.
fn natural(a: &str, b: &str) -> std::cmp::Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
        (Ok(_), Err(_)) => std::cmp::Ordering::Less,
        (Err(_), Ok(_)) => std::cmp::Ordering::Greater,
        _ => a.cmp(b),
    }
}

/// Readings from the folder of a study. Of an answer that was changed the last one counts.
///
/// # Errors
/// A study that cannot be opened, and readings that cannot be read or do not belong to it.
pub fn from_study(folder: &Path) -> Result<Data, ReadersError> {
    let study = Study::open(folder)?;
    let hidden = study.hidden()?;
    let classes = match &study.settings.scale {
        Scale::Classes { classes, .. } => classes.clone(),
        _ => Vec::new(),
    };
    let mut notes = Vec::new();
    let mut rows = Vec::new();
    for list in &study.worklists {
        let path = study.readings().join(format!("{}.jsonl", list.reader));
        let (readings, torn) = read_log(&path)?;
        if !torn.is_empty() {
            let lines = torn.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            notes.push(format!(
                "{}: line {lines} of the readings was torn by a crash and is left out",
                list.reader
            ));
        }
        let wanted: usize = list.sessions.iter().map(Vec::len).sum();
        let mut last: BTreeMap<(&str, &str), &Reading> = BTreeMap::new();
        for reading in &readings {
            let is_listed =
                study.case(&reading.case).is_some() && study.settings.method(&reading.method).is_some();
            if reading.reader != list.reader || !is_listed {
                let reason = "a reading is not on the reader's worklist; was the study made anew?";
                return Err(ReadersError::file(&path, reason));
            }
            last.insert((&reading.method, &reading.case), reading);
        }
        if last.len() < wanted {
            notes.push(format!("{} has read {} of {wanted}", list.reader, last.len()));
        }
        for ((method, case), reading) in last {
            let rating = rating(reading, &classes).ok_or_else(|| {
                ReadersError::file(&path, format!("the reading of {case} has no answer on the scale"))
            })?;
            rows.push(RatingRow {
                reader: list.reader.clone(),
                treatment: method.to_owned(),
                case: case.to_owned(),
                rating,
                seconds: Some(reading.answer.seconds),
                marks: reading.answer.marks.clone(),
            });
        }
    }
    let cases = hidden.iter().map(|case| Ok((case.id.clone(), of_hidden(case, &classes)?)));
    let cases = cases.collect::<Result<Vec<_>, ReadersError>>()?;
    let is_marked = study.settings.marks != MarksWanted::None && classes.is_empty();
    let lesions = if is_marked { lesions(&cases, &hidden) } else { None };
    let module: Option<Vec<f64>> = hidden.iter().map(|case| case.score).collect();
    Ok(Data {
        title: study.settings.title.clone(),
        readers: study.settings.readers.clone(),
        treatments: study.settings.methods.iter().map(|method| method.name.clone()).collect(),
        cases,
        ordered: matches!(&study.settings.scale, Scale::Classes { ordered: true, .. }),
        range: study.settings.scale.range(),
        classes,
        rows,
        module,
        lesions,
        notes,
    })
}

fn rating(reading: &Reading, classes: &[String]) -> Option<f64> {
    if classes.is_empty() {
        return reading.answer.rating.filter(|rating| rating.is_finite());
    }
    let class = reading.answer.class.as_ref()?;
    classes.iter().position(|known| known == class).map(|place| place as f64)
}

fn of_hidden(case: &HiddenCase, classes: &[String]) -> Result<Truth, ReadersError> {
    let found = match case.truth.as_str() {
        "0" if classes.is_empty() => Some(Truth::Disease(false)),
        "1" if classes.is_empty() => Some(Truth::Disease(true)),
        name => classes.iter().position(|known| known == name).map(Truth::Class),
    };
    found.ok_or_else(|| {
        let reason = format!("the truth of {} does not fit the scale of study.toml", case.id);
        ReadersError::File { file: "hidden/truth.json".to_owned(), reason }
    })
}
