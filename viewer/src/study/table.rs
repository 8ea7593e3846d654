//! The list of a study as a table: its columns, how wide they are, and what their cells say.

use super::choice::Key;
use coxa_scenario::listing::{ListedJob, Listing};
use std::path::Path;

/// Characters that a column of names is wide at most, and that of reasons.
const MOST_NAME: usize = 30;
const MOST_REASON: usize = 44;

/// What stands in a cell of a job without a value.
const NOTHING: &str = "\u{2013}";

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The job's number.
    Job,
    /// The patient.
    Patient,
    /// The level of a factor, by its place.
    Level(usize),
    /// Whether there is a plan, and why not.
    Plan,
    /// A quantity, by its place.
    Quantity(usize),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it holds.
    pub content: Content,
    /// What it is headed with.
    pub title: String,
    /// Unit of its numbers; empty where they have none.
    pub unit: &'static str,
    /// Characters of its widest cell, as far as it has room.
    pub characters: usize,
    /// Decimals of its numbers.
    decimals: usize,
}

/// How a cell is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As any other.
    Usual,
    /// Of less weight.
    Weak,
    /// Something is there already.
    Good,
    /// There is no plan.
    Refusal,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its words.
    pub words: String,
    /// How they are meant.
    pub tone: Tone,
}

/// A study's jobs with the columns that they are shown in.
pub struct Table {
    /// The jobs.
    pub listing: Listing,
    /// The columns, from left to right.
    pub columns: Vec<Column>,
    /// Jobs that were not run yet.
    pub not_run: u64,
}

impl Column {
    /// What a click on its heading sorts by.
    pub fn key(&self) -> Option<Key> {
        match self.content {
            Content::Job => Some(Key::Job),
            Content::Quantity(quantity) => Some(Key::Quantity(quantity)),
            Content::Patient | Content::Level(_) | Content::Plan => None,
        }
    }

    /// Whether it holds numbers, which stand at its right edge.
    pub fn is_number(&self) -> bool {
        self.key().is_some()
    }

    fn new(content: Content, title: &str, unit: &'static str, widest: usize) -> Self {
        let most = if content == Content::Plan { MOST_REASON } else { MOST_NAME };
        // Beside the heading there is room for the sign of the order.
        let heading = title.chars().count().max(unit.chars().count()) + 3;
        let characters = widest.max(heading).min(most);
        Column { content, title: title.to_owned(), unit, characters, decimals: 0 }
    }
}

impl Table {
    /// The table of a listing; `job_count`: jobs of the whole study.
    pub fn new(listing: Listing, job_count: u64) -> Self {
        let rows = &listing.rows;
        let widest = |words: &dyn Fn(&ListedJob) -> usize| rows.iter().map(words).max().unwrap_or(0);
        let length = |words: &str| words.chars().count();
        let job = widest(&|row| length(&row.job.to_string()));
        let patient = widest(&|row| length(&row.patient));
        let mut columns = vec![
            Column::new(Content::Job, "Job", "", job),
            Column::new(Content::Patient, "Patient", "", patient),
        ];
        for (place, factor) in listing.factors.iter().enumerate() {
            let level = widest(&|row| row.levels.get(place).map_or(0, |level| length(level)));
            columns.push(Column::new(Content::Level(place), factor, "", level));
        }
        let plan = widest(&|row| length(&plan_in_words(row, row.case.as_deref()).words));
        columns.push(Column::new(Content::Plan, "Plan", "", plan));
        for (place, quantity) in listing.quantities.iter().enumerate() {
            let values = || rows.iter().filter_map(|row| value(row, place));
            let decimals = decimals(values());
            let number = values().map(|value| length(&format!("{value:.decimals$}"))).max().unwrap_or(0);
            // As listings name that a number has none.
            let unit = if quantity.unit == "1" { "" } else { quantity.unit };
            let column = Column::new(Content::Quantity(place), &quantity.name, unit, number);
            columns.push(Column { decimals, ..column });
        }
        let not_run = job_count.saturating_sub(rows.len() as u64 + listing.left_out);
        Table { columns, not_run, listing }
    }

    /// What stands in a cell of a row; `case`: the case folder of its job, where one was made.
    pub fn cell(&self, column: &Column, row: &ListedJob, case: Option<&Path>) -> Cell {
        let usual = |words: String| Cell { words, tone: Tone::Usual };
        match column.content {
            Content::Job => usual(row.job.to_string()),
            Content::Patient => usual(row.patient.clone()),
            Content::Level(place) => usual(row.levels.get(place).cloned().unwrap_or_default()),
            Content::Plan => plan_in_words(row, case),
            Content::Quantity(place) => match value(row, place) {
                Some(value) => usual(format!("{value:.*}", column.decimals)),
                None => Cell { words: NOTHING.into(), tone: Tone::Weak },
            },
        }
    }
}

fn value(row: &ListedJob, quantity: usize) -> Option<f64> {
    row.values.get(quantity).copied().flatten()
}

/// Whether there is a plan: why not, and whether its case was made.
fn plan_in_words(row: &ListedJob, case: Option<&Path>) -> Cell {
    match (&row.refusal, case) {
        (Some(reason), _) => Cell { words: reason.clone(), tone: Tone::Refusal },
        (None, Some(_)) => Cell { words: "case made".into(), tone: Tone::Good },
        (None, None) => Cell { words: "planned".into(), tone: Tone::Weak },
    }
}

/// Decimals that all numbers of a column are written with: none where all are whole, else as many as give the greatest four digits, three
/// at most.
fn decimals(values: impl Iterator<Item = f64>) -> usize {
    let mut greatest: f64 = 0.0;
    let mut are_whole = true;
    for value in values {
        greatest = greatest.max(value.abs());
        are_whole &= value.fract() == 0.0;
    }
    if are_whole {
        return 0;
    }
    [1.0, 10.0, 100.0].into_iter().filter(|limit| greatest < *limit * 10.0).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_scenario::listing::Heading;
    use std::path::PathBuf;

    fn table() -> Table {
        let heading = |name: &str, unit| Heading { name: name.into(), unit };
        let row = |job: u64, values: [Option<f64>; 3], refusal: Option<&str>| ListedJob {
            job,
            patient: format!("seed {job}"),
            levels: vec!["a level whose name goes on for longer than any column".into()],
            values: values.to_vec(),
            refusal: refusal.map(str::to_owned),
            case: None,
        };
        let listing = Listing {
            title: "t".into(),
            factors: vec!["bearing".into()],
            quantities: vec![
                heading("cup_size", "mm"),
                heading("motion.flexion", "deg"),
                heading("cautions", "1"),
            ],
            rows: vec![
                row(4, [Some(54.0), Some(112.345), Some(2.0)], None),
                row(1234, [None, None, None], Some("the head does not fit the shell")),
                row(5, [Some(56.0), Some(9.96), None], None),
            ],
            left_out: 2,
        };
        Table::new(listing, 10)
    }

    fn words(table: &Table, row: usize) -> Vec<String> {
        let row = &table.listing.rows[row];
        table.columns.iter().map(|column| table.cell(column, row, row.case.as_deref()).words).collect()
    }

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let table = table();
        let titles: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
        assert_eq!(titles, ["Job", "Patient", "bearing", "Plan", "cup_size", "motion.flexion", "cautions"]);
        assert_eq!((table.columns[5].unit, table.columns[6].unit), ("deg", ""));
        let long = "a level whose name goes on for longer than any column";
        assert_eq!(words(&table, 0), ["4", "seed 4", long, "planned", "54", "112.3", "2"]);
        assert_eq!(words(&table, 2), ["5", "seed 5", long, "planned", "56", "10.0", NOTHING]);
        let refused = words(&table, 1);
        assert_eq!(refused[3..], ["the head does not fit the shell", NOTHING, NOTHING, NOTHING]);
        assert_eq!(table.not_run, 5);
    }

    #[test]
    fn a_column_is_as_wide_as_what_it_holds_and_no_wider_than_there_is_room() {
        let table = table();
        let characters: Vec<usize> = table.columns.iter().map(|column| column.characters).collect();
        assert_eq!(characters, [6, 10, MOST_NAME, 31, 11, 17, 11]);
        let keys: Vec<Option<Key>> = table.columns.iter().map(Column::key).collect();
        let quantities = [0, 1, 2].map(|place| Some(Key::Quantity(place)));
        assert_eq!(keys, [[Some(Key::Job), None, None, None].as_slice(), &quantities].concat());
    }

    #[test]
    fn a_plan_says_whether_its_case_is_there() {
        let table = table();
        let (made, plan) = (PathBuf::from("cases/job-000004"), &table.columns[3]);
        let cell = |row: usize| table.cell(plan, &table.listing.rows[row], Some(&made));
        assert_eq!((cell(0).words.as_str(), cell(0).tone), ("case made", Tone::Good));
        assert_eq!(cell(1).tone, Tone::Refusal);
    }

    #[test]
    fn numbers_have_the_digits_that_are_read() {
        let of = |values: &[f64]| decimals(values.iter().copied());
        assert_eq!([of(&[]), of(&[3.0, 40.0]), of(&[0.25]), of(&[-12.5, 3.0])], [0, 0, 3, 2]);
        assert_eq!([of(&[112.5]), of(&[2000.5])], [1, 0]);
    }
}
