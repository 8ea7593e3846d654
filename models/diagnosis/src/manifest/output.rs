//! What a module predicts.

use super::input::{Numeric, classes, numeric};
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// An `[[output]]` as it is written: which fields it has depends on its kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutputForm {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) kind: Kind,
    pub(super) column: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) range: Option<[f64; 2]>,
    pub(super) classes: Option<Vec<String>>,
    pub(super) at_least: Option<f64>,
    pub(super) code: Option<String>,
    #[serde(default, rename = "threshold")]
    pub(super) thresholds: Vec<Threshold>,
}

/// Kinds of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Number,
    Binary,
    Classes,
    Ordered,
}

/// One output.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Name within the module.
    pub id: String,
    /// Title in reports.
    pub title: String,
    /// Column of the table with the truth.
    pub column: String,
    /// What it is.
    pub scale: Scale,
    /// SNOMED CT code of the finding, where there is one.
    pub code: Option<String>,
    /// Named thresholds of the probability, of a binary output.
    pub thresholds: Vec<Threshold>,
}

/// What an output is.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// A number.
    Number(Numeric),
    /// Yes or no, as the column says.
    Flag,
    /// Yes where the column's number reaches a limit.
    AtLeast(f64, Numeric),
    /// One of several classes without order.
    Classes(Vec<String>),
    /// One of several classes from least to most.
    Ordered(Vec<String>),
}

/// A named threshold of a probability: at a value, or where it finds a part of those who have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Name in reports.
    pub name: String,
    /// From this probability on it is called yes, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Or the highest threshold that finds this part of those with the finding in cross-validation, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<f64>,
}

impl Output {
    /// Names of the classes; of a number none.
    pub fn classes(&self) -> Vec<&str> {
        match &self.scale {
            Scale::Number(_) => Vec::new(),
            Scale::Flag | Scale::AtLeast(..) => vec!["no", "yes"],
            Scale::Classes(classes) | Scale::Ordered(classes) => classes.iter().map(String::as_str).collect(),
        }
    }

    /// Numbers that a network gives for it: one for a number and for yes or no, else one for each class.
    pub fn width(&self) -> usize {
        match &self.scale {
            Scale::Number(_) | Scale::Flag | Scale::AtLeast(..) => 1,
            Scale::Classes(classes) | Scale::Ordered(classes) => classes.len(),
        }
    }

    /// Whether it is yes or no.
    pub fn is_binary(&self) -> bool {
        matches!(self.scale, Scale::Flag | Scale::AtLeast(..))
    }
}

impl OutputForm {
    /// The output, or everything that is wrong with it.
    pub(super) fn read(self) -> Result<Output, Vec<String>> {
        let mut wrong = Vec::new();
        let is_limit = self.kind == Kind::Binary && self.at_least.is_some();
        let is_number = self.kind == Kind::Number || is_limit;
        let fields = [
            ("unit", self.unit.is_some(), is_number),
            ("range", self.range.is_some(), is_number),
            ("classes", self.classes.is_some(), matches!(self.kind, Kind::Classes | Kind::Ordered)),
            ("at_least", self.at_least.is_some(), self.kind == Kind::Binary),
            ("threshold", !self.thresholds.is_empty(), self.kind == Kind::Binary),
        ];
        for (name, is_there, is_meant) in fields {
            if is_there && !is_meant {
                wrong.push(format!("`{name}` is not allowed for this kind"));
            }
        }
        for threshold in &self.thresholds {
            let given = [threshold.probability, threshold.sensitivity];
            let values: Vec<f64> = given.into_iter().flatten().collect();
            if !matches!(values[..], [value] if value > 0.0 && value < 1.0) {
                wrong.push(format!(
                    "threshold {:?} has either a `probability` or a `sensitivity` between 0 and 1",
                    threshold.name
                ));
            }
        }
        let scale = match (self.kind, self.at_least) {
            (Kind::Number, _) => numeric(self.unit, self.range).map(Scale::Number),
            (Kind::Binary, None) => Ok(Scale::Flag),
            (Kind::Binary, Some(limit)) => numeric(self.unit, self.range).and_then(|numeric| {
                match limit > numeric.range[0] && limit <= numeric.range[1] {
                    true => Ok(Scale::AtLeast(limit, numeric)),
                    false => Err("`at_least` lies outside of the `range`".into()),
                }
            }),
            (Kind::Classes, _) => classes(self.classes).map(Scale::Classes),
            (Kind::Ordered, _) => classes(self.classes).map(Scale::Ordered),
        };
        match scale {
            Ok(scale) if wrong.is_empty() => {
                let id = self.id.into_inner();
                let column = self.column.unwrap_or_else(|| id.clone());
                let (title, code, thresholds) = (self.title, self.code, self.thresholds);
                Ok(Output { id, title, column, scale, code, thresholds })
            }
            scale => {
                wrong.extend(scale.err());
                Err(wrong)
            }
        }
    }
}
