//! The rows of a table as cases of a module, every cell checked.

use super::cell;
use super::content::{Cases, Column};
use super::problem::{Problem, Problems};
use super::repeats;
use super::sheet::Sheet;
use crate::manifest::{Dated, Input, Manifest, Missing, Numeric, Scale, Score, Value};
use coxa_tables::Row;
use std::collections::BTreeMap;

/// What notes on missing values say.
pub(crate) const MISSING_NOTE: &str = "is missing in";

/// Whether the truth is in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// Its columns are there; single cells may be empty.
    Wanted,
    /// It is not asked, and not read where it is there.
    Unasked,
}

/// The table, and what is wrong with it.
struct Reader<'a> {
    sheet: &'a Sheet,
    group: &'a str,
    /// Networks look at the image of each case.
    looks: bool,
    problems: Vec<Problem>,
}

impl Cases {
    /// Reads the rows of a table. Columns that the module does not name are not looked at.
    ///
    /// # Errors
    /// Everything that is wrong with it, by row and column: columns that are not there, cells of the wrong kind or out of range, values that may not be
    /// missing, dates that do not pair, rows of one case that contradict each other.
    pub fn read(sheet: &Sheet, manifest: &Manifest, truth: Truth) -> Result<Cases, Problems> {
        let group = &manifest.evaluation.group;
        let mut reader = Reader { sheet, group, looks: manifest.looks(), problems: Vec::new() };
        let (patients, studies) = (reader.patients(), reader.studies());
        let mut inputs = BTreeMap::new();
        for input in &manifest.inputs {
            let column = reader.input(input);
            if let Some(dated) = &input.dated {
                reader.dates(input, dated);
            }
            inputs.insert(input.id.clone(), column);
        }
        let mut truths = BTreeMap::new();
        if truth == Truth::Wanted {
            for output in &manifest.outputs {
                truths.insert(output.id.clone(), reader.truth(&output.column, &output.scale));
            }
            for score in manifest.association.iter().flat_map(|association| &association.scores) {
                truths.insert(score.column.clone(), reader.score(score));
            }
        }
        let Reader { mut problems, .. } = reader;
        let lines = sheet.rows.iter().map(|row| row.number).collect();
        let mut cases = Cases { lines, patients, studies, inputs, truths, notes: Vec::new() };
        if problems.is_empty() {
            problems.extend(repeats::problems(&cases));
        }
        if !problems.is_empty() {
            problems.sort_by_key(|problem| problem.line);
            return Err(Problems(problems));
        }
        cases.notes = notes(&cases, manifest);
        Ok(cases)
    }
}

/// How much is missing, by input and truth.
fn notes(cases: &Cases, manifest: &Manifest) -> Vec<String> {
    let titles = manifest.inputs.iter().map(|input| (input.id.as_str(), input.title.as_str()));
    let titles =
        titles.chain(manifest.outputs.iter().map(|output| (output.id.as_str(), output.title.as_str())));
    let all = cases.len();
    let note = |(id, title): (&str, &str)| {
        let column = cases.inputs.get(id).or_else(|| cases.truths.get(id))?;
        let count = column.missing().iter().filter(|missing| **missing).count();
        let is_said = count > 0 && !matches!(column, Column::Paths(_));
        is_said.then(|| format!("{title} {MISSING_NOTE} {count} of {all} cases"))
    };
    titles.filter_map(note).collect()
}

impl Reader<'_> {
    fn patients(&mut self) -> Vec<String> {
        let group = self.group.to_owned();
        let found = self.column(&group, true, "stays together in folds", |cell| Ok(cell.to_owned()));
        found.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn studies(&mut self) -> Vec<String> {
        for name in ["study", "date"].into_iter().filter(|name| self.sheet.place(name).is_none()) {
            // It may be missing, so that nobody would notice that another spelling is not read.
            if let Some(other) = self.sheet.names.iter().find(|other| other.eq_ignore_ascii_case(name)) {
                self.problems.push(Problem::column(other, format!("write it {name}, in small letters")));
            }
        }
        let place = self.sheet.place("study").or_else(|| self.sheet.place("date"));
        let cell = |row: &Row| place.map(|place| row.cells[place].clone()).unwrap_or_default();
        self.sheet.rows.iter().map(cell).collect()
    }

    /// The cells of a column, read; `None` where one is missing or wrong.
    fn column<T>(
        &mut self,
        name: &str,
        is_needed: bool,
        what: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<Option<T>> {
        let Some(place) = self.sheet.place(name) else {
            if is_needed {
                let near =
                    coxa_geometry::quantity::nearest(name, self.sheet.names.iter().map(String::as_str));
                let near = near.first().map(|near| format!("; is it {near:?}?")).unwrap_or_default();
                self.problems
                    .push(Problem::column(name, format!("the table does not have it ({what}){near}")));
            }
            return self.sheet.rows.iter().map(|_| None).collect();
        };
        let mut found = Vec::with_capacity(self.sheet.rows.len());
        for row in &self.sheet.rows {
            let cell = row.cells[place].as_str();
            if cell::is_missing(cell) {
                if is_needed {
                    self.problems.push(Problem::cell(row.number, name, format!("no value ({what})")));
                }
                found.push(None);
                continue;
            }
            match read(cell) {
                Ok(value) => found.push(Some(value)),
                Err(wrong) => {
                    self.problems.push(Problem::cell(row.number, name, wrong));
                    found.push(None);
                }
            }
        }
        found
    }

    /// As [`Reader::column`], but single cells may be empty.
    fn with_gaps<T>(
        &mut self,
        name: &str,
        what: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<Option<T>> {
        if self.sheet.place(name).is_none() {
            return self.column(name, true, what, read);
        }
        self.column(name, false, what, read)
    }

    fn input(&mut self, input: &Input) -> Column {
        let what = &input.title;
        let is_needed = input.missing == Missing::Refuse;
        match &input.value {
            Value::Number(numeric) => self.numbers(&input.column, is_needed, what, numeric),
            // Without its column it is computed from the image or the case.
            Value::Feature(_, numeric) | Value::Muscle(_, numeric) => {
                let is_there = self.sheet.place(&input.column).is_some();
                self.numbers(&input.column, is_there && is_needed, what, numeric)
            }
            Value::Flag => {
                let of = self.column(&input.column, is_needed, what, cell::flag);
                yes_or_no(of)
            }
            Value::Classes(names) | Value::Ordered(names) => {
                let of = self.column(&input.column, is_needed, what, |text| cell::class(text, names));
                Column::Classes { names: names.clone(), of }
            }
            Value::Image { .. } if self.looks => {
                Column::Paths(self.column(&input.column, true, what, |text| Ok(text.to_owned())))
            }
            // Whether a path is needed is known when something is computed from it.
            Value::Image { .. } | Value::Mask { .. } | Value::Case => {
                Column::Paths(self.column(&input.column, false, what, |text| Ok(text.to_owned())))
            }
        }
    }

    fn numbers(&mut self, name: &str, is_needed: bool, what: &str, numeric: &Numeric) -> Column {
        let found = self.column(name, is_needed, what, |text| cell::number(text, numeric));
        Column::Numbers(found.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    }

    fn truth(&mut self, name: &str, scale: &Scale) -> Column {
        let what = "the truth";
        match scale {
            Scale::Number(numeric) => {
                let found = self.with_gaps(name, what, |text| cell::number(text, numeric));
                Column::Numbers(found.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
            }
            Scale::Flag => yes_or_no(self.with_gaps(name, what, cell::flag)),
            Scale::AtLeast(limit, numeric) => {
                yes_or_no(self.with_gaps(name, what, |text| Ok(cell::number(text, numeric)? >= *limit)))
            }
            Scale::Classes(names) | Scale::Ordered(names) => {
                let of = self.with_gaps(name, what, |text| cell::class(text, names));
                Column::Classes { names: names.clone(), of }
            }
        }
    }

    fn score(&mut self, score: &Score) -> Column {
        let numeric = Numeric { unit: String::new(), range: score.range };
        let found = self.with_gaps(&score.column, &score.title, |text| cell::number(text, &numeric));
        Column::Numbers(found.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    }

    /// Days from a value to the truth.
    fn dates(&mut self, input: &Input, dated: &Dated) {
        let of_value = self.column(&dated.column, true, "the date of a value", cell::date);
        let of_truth = self.column(&dated.truth, true, "the date of the truth", cell::date);
        let [least, most] = dated.days;
        for (row, pair) in self.sheet.rows.iter().zip(of_value.into_iter().zip(of_truth)) {
            if let (Some(value), Some(truth)) = pair {
                let days = (truth - value).num_days();
                if !(least..=most).contains(&days) {
                    let what = format!(
                        "{days} days from {} to the truth; {least} to {most} are allowed",
                        input.title
                    );
                    self.problems.push(Problem::cell(row.number, &dated.truth, what));
                }
            }
        }
    }
}

fn yes_or_no(of: Vec<Option<bool>>) -> Column {
    let of = of.into_iter().map(|yes| yes.map(usize::from)).collect();
    Column::Classes { names: vec!["no".into(), "yes".into()], of }
}
