//! Cases as a manifest reads them.

use std::collections::BTreeMap;

/// Values of one input or output, case by case.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; NaN where one is missing.
    Numbers(Vec<f64>),
    /// Places among the classes; `None` where one is missing. Yes and no are the classes 1 and 0.
    Classes {
        /// Names of the classes.
        names: Vec<String>,
        /// Place of each case's class.
        of: Vec<Option<usize>>,
    },
    /// Paths, as the table has them.
    Paths(Vec<Option<String>>),
}

/// Cases of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    /// Line of the file where each stands, from 1.
    pub lines: Vec<usize>,
    /// Patient of each: all cases of one stay together.
    pub patients: Vec<String>,
    /// Study of each; empty where the table has none.
    pub studies: Vec<String>,
    /// Values by id of input.
    pub inputs: BTreeMap<String, Column>,
    /// Truth by id of output, or by column of a score; NaN and `None` where it is not known.
    pub truths: BTreeMap<String, Column>,
    /// Sentences about what was left out or is missing, for the report.
    pub notes: Vec<String>,
}

impl Column {
    /// Whether each case has no value.
    pub fn missing(&self) -> Vec<bool> {
        match self {
            Column::Numbers(values) => values.iter().map(|value| value.is_nan()).collect(),
            Column::Classes { of, .. } => of.iter().map(Option::is_none).collect(),
            Column::Paths(paths) => paths.iter().map(Option::is_none).collect(),
        }
    }

    /// The cases named, in that order.
    pub(crate) fn at(&self, cases: &[usize]) -> Column {
        match self {
            Column::Numbers(values) => Column::Numbers(cases.iter().map(|&case| values[case]).collect()),
            Column::Classes { names, of } => {
                Column::Classes { names: names.clone(), of: cases.iter().map(|&case| of[case]).collect() }
            }
            Column::Paths(paths) => Column::Paths(cases.iter().map(|&case| paths[case].clone()).collect()),
        }
    }
}

impl Cases {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.patients.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.patients.is_empty()
    }

    /// The cases named, in that order.
    ///
    /// # Panics
    /// Beyond the last case.
    pub fn at(&self, cases: &[usize]) -> Cases {
        let strings = |all: &[String]| cases.iter().map(|&case| all[case].clone()).collect();
        let columns = |all: &BTreeMap<String, Column>| {
            all.iter().map(|(id, column)| (id.clone(), column.at(cases))).collect()
        };
        Cases {
            lines: cases.iter().map(|&case| self.lines[case]).collect(),
            patients: strings(&self.patients),
            studies: strings(&self.studies),
            inputs: columns(&self.inputs),
            truths: columns(&self.truths),
            notes: self.notes.clone(),
        }
    }
}
