//! What is brought to readings from elsewhere: marks drawn with other programs, and scores of a module.

use super::data::{Data, Truth};
use crate::error::ReadersError;
use crate::mark::{Mark, import, mark_rows};
use crate::picture::Picture;
use crate::study::{HiddenCase, Study, StudyCase};
use crate::table::Table;
use std::collections::BTreeMap;
use std::path::Path;

/// Puts marks of a table in the place of those that readers drew on the page. Its columns are those of a table of marks and `reader`, `treatment` and `case` (the
/// pseudonym or the name at home); a row may name in `file` a DICOM structure set or segmentation instead of corners.
///
/// # Errors
/// The first mistake, with row and column; a study that asks for no lesions.
pub fn with_marks(data: &mut Data, folder: &Path, path: &Path) -> Result<(), ReadersError> {
    let study = Study::open(folder)?;
    let hidden = study.hidden()?;
    if data.lesions.is_none() {
        data.lesions = lesions(&data.cases, &hidden);
    }
    let Some(_) = &data.lesions else {
        let reason = "the study has no true marks (column truth_marks of its cases) to hold marks against";
        return Err(ReadersError::file(path, reason));
    };
    let mut given: BTreeMap<[String; 3], Vec<Mark>> = BTreeMap::new();
    for row in mark_rows(path)? {
        let wrong = |column: &str, reason: String| row.wrong(column, &reason);
        if !data.readers.contains(&row.reader) {
            return Err(wrong("reader", format!("the study has no reader {}", row.reader)));
        }
        if !data.treatments.contains(&row.treatment) {
            return Err(wrong("treatment", format!("the study has no method {}", row.treatment)));
        }
        let known = hidden.iter().find(|case| case.id == row.case || case.case == row.case);
        let Some(case) = known.and_then(|case| study.case(&case.id)) else {
            return Err(wrong("case", "the study has no such case".to_owned()));
        };
        let own = marks_of(&study, case, row.mark.as_ref(), row.file.as_deref(), row.rating)
            .map_err(|reason| wrong(if row.file.is_some() { "file" } else { "case" }, reason))?;
        given.entry([row.reader.clone(), row.treatment.clone(), case.id.clone()]).or_default().extend(own);
    }
    for row in &mut data.rows {
        let key = [row.reader.clone(), row.treatment.clone(), row.case.clone()];
        row.marks = given.remove(&key).unwrap_or_default();
    }
    match given.into_keys().next() {
        Some([reader, treatment, case]) => {
            let reason = format!("{reader} has marks on {case} with {treatment}, and no reading of it");
            Err(ReadersError::file(path, reason))
        }
        None => Ok(()),
    }
}

fn marks_of(
    study: &Study,
    case: &StudyCase,
    mark: Option<&Mark>,
    file: Option<&Path>,
    rating: Option<f64>,
) -> Result<Vec<Mark>, String> {
    if let Some(mark) = mark {
        let sizes: Vec<[usize; 3]> = case.pictures.iter().map(|picture| picture.size).collect();
        return mark.misplaced(&sizes).map_or_else(|| Ok(vec![mark.clone()]), Err);
    }
    let Some(file) = file else { return Ok(Vec::new()) };
    let opened: Result<Vec<Picture>, ReadersError> =
        case.pictures.iter().map(|picture| study.picture(picture)).collect();
    let opened = opened.map_err(|error| error.to_string())?;
    let mut marks = import(file, &opened.iter().collect::<Vec<_>>()).map_err(|error| error.to_string())?;
    marks.iter_mut().for_each(|mark| mark.rating = mark.rating.or(rating));
    Ok(marks)
}

/// True marks of each case by lesion, in the order of the cases; `None` where no case has any.
pub(super) fn lesions(cases: &[(String, Truth)], hidden: &[HiddenCase]) -> Option<Vec<Vec<Vec<Mark>>>> {
    let of = |(id, _): &(String, Truth)| {
        let mut by: BTreeMap<usize, Vec<Mark>> = BTreeMap::new();
        let marks = hidden.iter().find(|case| case.id == *id).map_or(&[][..], |case| &case.marks);
        let numbered = marks.iter().filter_map(|mark| mark.lesion).max().unwrap_or(0);
        for (place, mark) in marks.iter().enumerate() {
            // Marks without a number are a lesion each.
            by.entry(mark.lesion.unwrap_or(numbered + 1 + place)).or_default().push(mark.clone());
        }
        by.into_values().collect::<Vec<_>>()
    };
    let all: Vec<Vec<Vec<Mark>>> = cases.iter().map(of).collect();
    all.iter().any(|lesions| !lesions.is_empty()).then_some(all)
}

/// Takes scores of a module from a table with the columns `case` and `score`, one for each case.
///
/// # Errors
/// The first mistake, with row and column.
pub fn with_module(data: &mut Data, path: &Path) -> Result<(), ReadersError> {
    let table = Table::read(path)?;
    table.expect(&["case", "score"], &[])?;
    let mut scores: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    for row in table.rows() {
        let case = row.needed("case")?;
        let score = row.number_in("score")?.ok_or_else(|| row.wrong("score", "it is empty"))?;
        if !data.cases.iter().any(|(known, _)| known == case) {
            return Err(row.wrong("case", "there are no ratings of this case"));
        }
        if let Some((first, _)) = scores.insert(case, (row.number(), score)) {
            return Err(row.wrong("case", &format!("it has a score in row {first} already")));
        }
    }
    let of = |(case, _): &(String, Truth)| scores.get(case.as_str()).map(|(_, score)| *score);
    let all: Option<Vec<f64>> = data.cases.iter().map(of).collect();
    if all.is_none() {
        let missing = data.cases.len() - scores.len();
        return Err(ReadersError::file(
            path,
            format!("{missing} cases have no score; the module reads every case"),
        ));
    }
    data.module = all;
    Ok(())
}
