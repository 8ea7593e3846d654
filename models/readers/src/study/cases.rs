//! The table of cases that a study is made from.

use super::settings::{Scale, StudySettings};
use crate::error::{ReadersError, name_of};
use crate::table::{Row, Table, short};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Columns that must be there.
const NEEDED: [&str; 4] = ["case", "patient", "image", "truth"];
/// Columns that may be there.
const ALSO: [&str; 5] = ["truth_marks", "help", "help_image", "help_marks", "score"];
/// Most cases of a study.
const MAX_CASES: usize = 10_000;
/// Most pictures of a case.
const MAX_PICTURES: usize = 12;
/// Longest text of help, characters.
const MAX_HELP: usize = 2000;

/// One case of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// Row of the table where it is first named; the header is 1.
    pub row: usize,
    /// Its name there.
    pub case: String,
    /// The patient's.
    pub patient: String,
    /// Files or folders of its pictures, and the rows that name them.
    pub pictures: Vec<(usize, PathBuf)>,
    /// 0 or 1, or the name of a class.
    pub truth: String,
    /// File of true marks.
    pub truth_marks: Option<PathBuf>,
    /// What the module says, in words.
    pub help: String,
    /// A picture that the module made, of the size of the first picture.
    pub help_image: Option<PathBuf>,
    /// File of marks that the module made.
    pub help_marks: Option<PathBuf>,
    /// What the module alone rates the case, higher for more disease.
    pub score: Option<f64>,
}

/// The table of cases, checked but for its pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseTable {
    /// File name.
    pub file: String,
    /// Cases in the order of the table.
    pub cases: Vec<CaseRow>,
    /// What the researcher is to know.
    pub notes: Vec<String>,
}

impl CaseTable {
    /// Reads the table; paths are relative to it. A case may have several rows, one for each picture, or several pictures in a cell with `;` between.
    ///
    /// # Errors
    /// The first mistake, with row and column.
    pub fn read(path: &Path, settings: &StudySettings) -> Result<CaseTable, ReadersError> {
        let table = Table::read(path)?;
        table.expect(&NEEDED, &ALSO)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut cases: Vec<CaseRow> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for row in table.rows() {
            let found = of_row(row, folder, &settings.scale)?;
            match places.get(&found.case) {
                Some(place) => join(&mut cases[*place], found, row)?,
                None => {
                    places.insert(found.case.clone(), cases.len());
                    cases.push(found);
                }
            }
        }
        let file = name_of(path);
        let wrong = |reason: String| ReadersError::File { file: file.clone(), reason };
        if cases.len() > MAX_CASES {
            return Err(wrong(format!("it has {} cases, and a study {MAX_CASES} at most", cases.len())));
        }
        classes(&cases, &settings.scale).map_err(wrong)?;
        helped(&table, &cases, settings)?;
        let mut patients: BTreeMap<&str, usize> = BTreeMap::new();
        cases.iter().for_each(|case| *patients.entry(&case.patient).or_default() += 1);
        let several = patients.values().filter(|count| **count > 1).count();
        let mut notes = Vec::new();
        if several > 0 {
            notes.push(format!(
                "{several} of {} patients have several cases; the analysis takes cases as independent, so that its intervals are too narrow",
                patients.len()
            ));
        }
        Ok(CaseTable { file, cases, notes })
    }
}

fn of_row(row: Row<'_>, folder: &Path, scale: &Scale) -> Result<CaseRow, ReadersError> {
    let path = |text: &str| folder.join(text);
    let optional = |column: &str| Some(row.cell(column)).filter(|text| !text.is_empty()).map(path);
    let pictures: Vec<(usize, PathBuf)> = row
        .needed("image")?
        .split(';')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| (row.number(), path(text)))
        .collect();
    if pictures.is_empty() {
        return Err(row.wrong("image", "it is empty"));
    }
    let there = |column: &str, file: &Path| match file.exists() {
        true => Ok(()),
        false => Err(row.wrong(column, &format!("there is no file or folder {}", name_of(file)))),
    };
    pictures.iter().try_for_each(|(_, file)| there("image", file))?;
    for column in ["truth_marks", "help_image", "help_marks"] {
        optional(column).iter().try_for_each(|file| there(column, file))?;
    }
    let truth = row.needed("truth")?;
    let known: Vec<&str> = match scale {
        Scale::Classes { classes, .. } => classes.iter().map(String::as_str).collect(),
        _ => vec!["0", "1"],
    };
    if !known.contains(&truth) {
        let reason = format!("\"{}\" is none of {}", short(truth), known.join(", "));
        return Err(row.wrong("truth", &reason));
    }
    let help = row.cell("help");
    if help.chars().count() > MAX_HELP {
        return Err(row.wrong("help", &format!("it is longer than {MAX_HELP} characters")));
    }
    Ok(CaseRow {
        row: row.number(),
        case: row.needed("case")?.to_owned(),
        patient: row.needed("patient")?.to_owned(),
        pictures,
        truth: truth.to_owned(),
        truth_marks: optional("truth_marks"),
        help: help.to_owned(),
        help_image: optional("help_image"),
        help_marks: optional("help_marks"),
        score: row.number_in("score")?,
    })
}

/// Adds a further row of a case.
fn join(case: &mut CaseRow, other: CaseRow, row: Row<'_>) -> Result<(), ReadersError> {
    let first = case.row;
    let differs = |what: &str| format!("another {what} than in row {first}, which names the same case");
    if case.truth != other.truth {
        let reason = format!(
            "two truths for one case: \"{}\" here and \"{}\" in row {first}",
            other.truth, case.truth
        );
        return Err(row.wrong("truth", &reason));
    }
    if case.patient != other.patient {
        return Err(row.wrong("patient", &differs("patient")));
    }
    if other.score.is_some() && case.score != other.score {
        return Err(row.wrong("score", &differs("score")));
    }
    if !other.help.is_empty() && case.help != other.help {
        return Err(row.wrong("help", &differs("text")));
    }
    for (column, own, others) in [
        ("truth_marks", &case.truth_marks, &other.truth_marks),
        ("help_image", &case.help_image, &other.help_image),
        ("help_marks", &case.help_marks, &other.help_marks),
    ] {
        if others.is_some() && own != others {
            return Err(row.wrong(column, &differs("file")));
        }
    }
    case.pictures.extend(other.pictures);
    if case.pictures.len() > MAX_PICTURES {
        return Err(row.wrong("image", &format!("a case has {MAX_PICTURES} pictures at most")));
    }
    Ok(())
}

/// Refuses truths that no comparison can be made of.
fn classes(cases: &[CaseRow], scale: &Scale) -> Result<(), String> {
    let count = |truth: &str| cases.iter().filter(|case| case.truth == truth).count();
    match scale {
        Scale::Classes { .. } => {
            let is_single = cases.iter().all(|case| case.truth == cases[0].truth);
            if cases.len() < 2 || is_single {
                return Err(
                    "all cases have one and the same truth; two classes or more are needed".to_owned()
                );
            }
        }
        _ => {
            for truth in ["0", "1"] {
                if count(truth) < 2 {
                    let found = count(truth);
                    return Err(format!(
                        "{found} cases have the truth {truth}; two or more of each are needed"
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Refuses help and scores that some cases lack.
fn helped(table: &Table, cases: &[CaseRow], settings: &StudySettings) -> Result<(), ReadersError> {
    let cell = |case: &CaseRow, column: &str, reason: &str| {
        Err(ReadersError::Cell {
            file: table.file.clone(),
            row: case.row,
            column: column.to_owned(),
            reason: reason.to_owned(),
        })
    };
    let is_bare =
        |case: &&CaseRow| case.help.is_empty() && case.help_image.is_none() && case.help_marks.is_none();
    if let Some(method) = settings.methods.iter().find(|method| method.help)
        && let Some(case) = cases.iter().find(is_bare)
    {
        let reason = format!(
            "the case has no help (columns help, help_image, help_marks), which the method {} shows",
            method.name
        );
        return cell(case, "help", &reason);
    }
    let scored = cases.iter().filter(|case| case.score.is_some()).count();
    match cases.iter().find(|case| case.score.is_none()) {
        Some(case) if scored > 0 => cell(case, "score", "it is empty, while other cases have a score"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<CaseTable, ReadersError> {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.png", "b.png", "c.png", "d.png", "m.csv"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let path = folder.path().join("cases.csv");
        std::fs::write(&path, text).unwrap();
        let settings = StudySettings::new("T", &["anna".to_owned()]);
        CaseTable::read(&path, &settings)
    }

    const GOOD: &str = "case,patient,image,truth,help\n1,p1,a.png,0,low\n2,p2,b.png,1,high\n3,p3,c.png,0,low\n4,p3,d.png,1,high\n";

    #[test]
    fn a_good_table_is_read() {
        let table = read(GOOD).unwrap();
        assert_eq!(table.cases.len(), 4);
        assert!(table.notes[0].starts_with("1 of 3 patients"), "{:?}", table.notes);
        let joined =
            read(&GOOD.replace("4,p3,d.png,1,high", "4,p4,a.png; b.png,1,high\n4,p4,c.png,1,")).unwrap();
        let rows: Vec<usize> = joined.cases[3].pictures.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, [5, 5, 6]);
    }

    #[test]
    fn mistakes_are_named_by_row_and_column() {
        for (from, to, expected) in [
            ("2,p2,b.png,1", "2,p2,x.png,1", "row 3, column image: there is no file or folder x.png"),
            ("2,p2,b.png,1", "2,p2,b.png,2", "row 3, column truth: \"2\" is none of 0, 1"),
            (
                "2,p2,b.png,1",
                "1,p1,b.png,1",
                "row 3, column truth: two truths for one case: \"1\" here and \"0\" in row 2",
            ),
            ("2,p2,b.png,1", "1,p9,b.png,0", "row 3, column patient: another patient"),
            ("2,p2,b.png,1", ",p2,b.png,1", "row 3, column case: it is empty"),
            ("2,p2,b.png,1", "2,p2,b.png,0", "1 cases have the truth 1"),
            ("b.png,1,high", "b.png,1,", "row 3, column help: the case has no help"),
            ("truth,help", "truth,hlp", "the column \"hlp\" is unknown"),
        ] {
            let found = read(&GOOD.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(found.contains(expected), "{found}");
        }
    }
}
