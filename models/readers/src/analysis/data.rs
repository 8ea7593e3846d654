//! Readings in a row each, sorted into readers, methods and cases.

use crate::mark::Mark;
use std::collections::BTreeMap;

/// The truth of a case, or a rating of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    /// With disease or without.
    Disease(bool),
    /// Place of its class.
    Class(usize),
}

/// One reading.
#[derive(Debug, Clone, PartialEq)]
pub struct RatingRow {
    /// Who read.
    pub reader: String,
    /// With which method.
    pub treatment: String,
    /// Which case.
    pub case: String,
    /// Rating, higher for more disease; of classes the place of the class.
    pub rating: f64,
    /// Time that it took, seconds, without the time away.
    pub seconds: Option<f64>,
    /// Marks that were drawn.
    pub marks: Vec<Mark>,
}

/// Readings of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// Name of the study or of the table.
    pub title: String,
    /// Readers in their order.
    pub readers: Vec<String>,
    /// Methods in their order; the first is what others are compared with.
    pub treatments: Vec<String>,
    /// Cases in their order, with their truths.
    pub cases: Vec<(String, Truth)>,
    /// Names of the classes; empty of ratings of disease.
    pub classes: Vec<String>,
    /// Whether the classes have an order.
    pub ordered: bool,
    /// Lowest and highest rating of the scale, where it is known.
    pub range: Option<[f64; 2]>,
    /// Readings.
    pub rows: Vec<RatingRow>,
    /// Ratings of the module alone, by case in their order.
    pub module: Option<Vec<f64>>,
    /// True marks of each case by lesion; `None` where marks are not analysed.
    pub lesions: Option<Vec<Vec<Vec<Mark>>>>,
    /// What the researcher is to know.
    pub notes: Vec<String>,
}

/// Readings by treatment, reader and case; `None` where one is missing.
pub(super) type Cells<T> = Vec<Vec<Vec<Option<T>>>>;

impl Data {
    /// A value of each reading by treatment, reader and case.
    pub(super) fn cells<T: Copy>(&self, value: impl Fn(&RatingRow) -> Option<T>) -> Cells<T> {
        let of = |row: &Option<usize>| row.and_then(|row| value(&self.rows[row]));
        let of_reader = |cases: &Vec<Option<usize>>| cases.iter().map(of).collect();
        self.row_cells().iter().map(|readers| readers.iter().map(of_reader).collect()).collect()
    }

    /// Place of each reading in the rows by treatment, reader and case.
    pub(super) fn row_cells(&self) -> Cells<usize> {
        let places = |names: Vec<&String>| -> BTreeMap<String, usize> {
            names.into_iter().enumerate().map(|(place, name)| (name.clone(), place)).collect()
        };
        let readers = places(self.readers.iter().collect());
        let treatments = places(self.treatments.iter().collect());
        let cases = places(self.cases.iter().map(|(case, _)| case).collect());
        let mut cells = vec![vec![vec![None; cases.len()]; readers.len()]; treatments.len()];
        for (at, row) in self.rows.iter().enumerate() {
            let place = (treatments.get(&row.treatment), readers.get(&row.reader), cases.get(&row.case));
            if let (Some(treatment), Some(reader), Some(case)) = place {
                cells[*treatment][*reader][*case] = Some(at);
            }
        }
        cells
    }

    /// Whether each case has disease; `None` of classes.
    pub(super) fn diseased(&self) -> Option<Vec<bool>> {
        let of = |(_, truth): &(String, Truth)| match truth {
            Truth::Disease(is) => Some(*is),
            Truth::Class(_) => None,
        };
        self.cases.iter().map(of).collect()
    }

    /// Readers by place who rated all cases with all methods.
    pub(super) fn complete<T>(&self, cells: &Cells<T>) -> Vec<usize> {
        let is_whole = |reader: &usize| cells.iter().all(|of| of[*reader].iter().all(Option::is_some));
        (0..self.readers.len()).filter(is_whole).collect()
    }
}
