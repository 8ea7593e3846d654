//! Reading criteria: a preset to start from, what is changed about it, and every contradiction with its line.

use super::check::{alone, contradiction, unit};
use super::known::{EVERY_ACTIVITY, Known, Subject, renamed};
use super::priced::{self, PartPrice, PriceEntry, PriceError, over, usual};
use super::problem::Problem;
use super::standard::Standard;
use super::{Criteria, Criterion};
use crate::lines::{FormMistake, Lines, is_plain, shortened};
use coxa_geometry::quantity::UnknownQuantity;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Version of the form of criteria files.
pub const FORMAT: u32 = 1;

/// No criteria come near this.
const MAX_BYTES: usize = 1 << 20;
/// Longest name that a set of criteria may have.
const LONGEST_NAME: usize = 60;
/// What bounds rest on that a user changed without saying why.
const NO_SOURCE: &str = "set in this criteria file, no source given";

/// Why criteria cannot be used. Every message about a file begins with the line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CriteriaError {
    /// Not TOML, a field missing, unknown or of the wrong kind.
    #[error("line {line}: {message}")]
    Form {
        /// Counted from 1.
        line: usize,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// Written by a newer program.
    #[error(
        "line {line}: these criteria have format {format}; this program reads formats up to {FORMAT}: use a newer Coxa"
    )]
    Newer {
        /// Counted from 1.
        line: usize,
        /// The document's form.
        format: i64,
    },
    /// A number that no plan has.
    #[error("line {line}: {unknown}; choose one of {}", Known::in_words())]
    Unknown {
        /// Counted from 1.
        line: usize,
        /// The name given, and those that it may have meant.
        unknown: UnknownQuantity,
    },
    /// Something that has no price.
    #[error("line {line}: {unknown}; a price can be set for {}", priced::names())]
    UnknownPrice {
        /// Counted from 1.
        line: usize,
        /// The name given, and those that it may have meant.
        unknown: UnknownQuantity,
    },
    /// The same number is judged twice.
    #[error("line {line}: {name} is given twice; remove one")]
    Twice {
        /// Counted from 1.
        line: usize,
        /// The number.
        name: String,
    },
    /// Bounds, weight, unit or source that make no sense.
    #[error("line {line}: {name}: {problem}")]
    Criterion {
        /// Counted from 1.
        line: usize,
        /// The number.
        name: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The file starts from a preset that there is not.
    #[error("line {line}: there is no preset `{name}` to start from; choose one of {}", Criteria::presets().join(", "))]
    Base {
        /// Counted from 1.
        line: usize,
        /// The name given.
        name: String,
    },
    /// There is no such preset.
    #[error("there is no preset `{name}` of criteria; choose one of {}", Criteria::presets().join(", "))]
    Preset {
        /// The name given.
        name: String,
    },
    /// Nothing is judged.
    #[error("line 1: there is no criterion; name at least one, or a preset to start from, such as base = \"{}\"", Criteria::presets()[0])]
    Empty,
    /// Larger than any criteria.
    #[error("line 1: the file has {0} bytes, too many for criteria")]
    TooLarge(usize),
}

impl From<FormMistake> for CriteriaError {
    fn from(mistake: FormMistake) -> Self {
        CriteriaError::Form { line: mistake.line, message: mistake.message }
    }
}

impl Criteria {
    /// A preset by name.
    ///
    /// # Errors
    /// [`CriteriaError::Preset`], with the names there are.
    pub fn preset(name: &str) -> Result<Self, CriteriaError> {
        match Criteria::presets().into_iter().find(|&known| known == name) {
            Some(known) => built_in(known),
            None => Err(CriteriaError::Preset { name: crate::lines::shortened(name) }),
        }
    }

    /// Reads criteria as a user writes them; see [`Criteria::to_toml`] for the form. A file may start from a preset with
    /// `base = "NAME"`: a criterion that it names again then keeps what the file does not give, except that bounds are given all
    /// together, and `use = false` drops one. A criterion without bounds has those of `docs/limits.md`.
    ///
    /// # Errors
    /// The first [`CriteriaError`], with its line.
    ///
    /// # Examples
    /// ```
    /// use coxa_geometry::Quantity;
    /// use coxa_planner::optimise::criteria::Criteria;
    ///
    /// let text = "format = 1\nbase = \"essential\"\n[[criterion]]\nname = \"cup_coverage\"\nleast = 65\nideal_least = 75\n";
    /// let criteria = Criteria::from_toml(text).unwrap();
    /// assert_eq!(criteria.get(Quantity::CupCoverage).unwrap().least, Some(65.0));
    /// let mistyped = Criteria::from_toml(&text.replace("cup_coverage", "cup_covrage")).unwrap_err();
    /// assert!(mistyped.to_string().starts_with("line 4: "));
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, CriteriaError> {
        read(text)
    }

    /// A line for each name of an earlier version in criteria that a user wrote, with the name of today.
    pub fn notices(text: &str) -> Vec<String> {
        notices(text)
    }
}

impl Default for Criteria {
    /// Those of the first preset.
    fn default() -> Self {
        let [name, ..] = Criteria::presets();
        // The files are part of the program; a test reads them.
        built_in(name).expect("built-in criteria")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    name: Option<String>,
    base: Option<String>,
    #[serde(default)]
    criterion: Vec<Entry>,
    #[serde(default)]
    price: Vec<PriceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(rename = "use")]
    is_used: Option<bool>,
    unit: Option<String>,
    least: Option<f64>,
    most: Option<f64>,
    ideal_least: Option<f64>,
    ideal_most: Option<f64>,
    weight: Option<f64>,
    source: Option<String>,
}

/// What all presets judge; a file may start from it, though alone it is none.
const FIXATION_AND_RESTORATION: &str = "fixation_and_restoration";

/// Criteria that come with the program.
fn built_in(name: &str) -> Result<Criteria, CriteriaError> {
    let text = match name {
        "patient_specific" => include_str!("../../../data/criteria/patient_specific.toml"),
        "essential" => include_str!("../../../data/criteria/essential.toml"),
        "lewinnek" => include_str!("../../../data/criteria/lewinnek.toml"),
        "combined_anteversion" => include_str!("../../../data/criteria/combined_anteversion.toml"),
        "widmer" => include_str!("../../../data/criteria/widmer.toml"),
        FIXATION_AND_RESTORATION => include_str!("../../../data/criteria/fixation_and_restoration.toml"),
        _ => return Err(CriteriaError::Preset { name: shortened(name) }),
    };
    let Criteria { list, prices, .. } = parse(text)?;
    Ok(Criteria { preset: name.into(), list, prices })
}

/// A file, under the name of a preset only where it is that preset.
fn read(text: &str) -> Result<Criteria, CriteriaError> {
    let read = parse(text)?;
    let is_changed = built_in(&read.preset)
        .is_ok_and(|preset| (preset.list, preset.prices) != (read.list.clone(), read.prices.clone()));
    let preset = if is_changed { format!("{}, changed", read.preset) } else { read.preset };
    Ok(Criteria { preset, ..read })
}

/// A line for each former name of an activity in a file that reads.
fn notices(text: &str) -> Vec<String> {
    let entries = toml::from_str::<File>(text).map(|file| file.criterion).unwrap_or_default();
    entries.iter().filter_map(|entry| Some(renamed(&entry.name)?.1)).collect()
}

fn parse(text: &str) -> Result<Criteria, CriteriaError> {
    if text.len() > MAX_BYTES {
        return Err(CriteriaError::TooLarge(text.len()));
    }
    let lines = Lines::new(text)?;
    if let Some(format) = lines.format()
        && format > i64::from(FORMAT)
    {
        return Err(CriteriaError::Newer { line: lines.of("format"), format });
    }
    let mut file: File = toml::from_str(text).map_err(|error| FormMistake::from((text, error)))?;
    for entry in &mut file.criterion {
        if let Some((name, _)) = renamed(&entry.name) {
            entry.name = name;
        }
    }
    let form = |field: &str, message: String| CriteriaError::Form { line: lines.of(field), message };
    if file.format != FORMAT {
        return Err(form("format", format!("format is {}; it must be {FORMAT}", file.format)));
    }
    if let Some(name) = &file.name
        && !is_plain(name, LONGEST_NAME)
    {
        return Err(form("name", format!("name: give 1 to {LONGEST_NAME} characters on one line")));
    }
    let base = file.base.as_deref().map(built_in).transpose().map_err(|_| CriteriaError::Base {
        line: lines.of("base"),
        name: shortened(file.base.as_deref().unwrap_or_default()),
    })?;
    let (list, prices) = base.map_or_else(|| (Vec::new(), usual()), |base| (base.list, base.prices));
    let prices = over(prices, own_prices(&file.price, &lines)?);
    let mut table = Table::new(list);
    table.check_names(&file.criterion, &lines)?;
    // What stands for all activities comes first, so that a single one may differ from it wherever it stands.
    let (every, single): (Vec<_>, Vec<_>) =
        file.criterion.iter().enumerate().partition(|(_, entry)| entry.name == EVERY_ACTIVITY);
    for (index, entry) in every.into_iter().chain(single) {
        table.apply(index, entry, &lines)?;
    }
    let preset = file.name.or(file.base).unwrap_or_else(|| "own".into());
    let list: Vec<Criterion> = table.criteria.into_values().collect();
    if list.is_empty() {
        return Err(CriteriaError::Empty);
    }
    if let Some((names, problem)) = contradiction(&list) {
        // What stands in this file, rather than in the one that it starts from, is what to change.
        let here = names.iter().find_map(|name| file.criterion.iter().position(|entry| entry.name == *name));
        let line = here.map_or(1, |index| lines.of(&format!("criterion.{index}.name")));
        return Err(CriteriaError::Criterion { line, name: names[0].into(), problem });
    }
    Ok(Criteria { preset, list, prices })
}

/// The prices of a file.
fn own_prices(entries: &[PriceEntry], lines: &Lines<'_>) -> Result<Vec<PartPrice>, CriteriaError> {
    let mut own: Vec<PartPrice> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let line = |field: &str| lines.of(&format!("price.{index}.{field}"));
        let price = entry.checked().map_err(|error| match error {
            PriceError::Unknown(unknown) => CriteriaError::UnknownPrice { line: line("name"), unknown },
            PriceError::Problem(Problem { field, problem }) => {
                CriteriaError::Criterion { line: line(field), name: entry.name.clone(), problem }
            }
        })?;
        if own.iter().any(|other| other.name == price.name) {
            return Err(CriteriaError::Twice { line: line("name"), name: price.name });
        }
        own.push(price);
    }
    Ok(own)
}

/// Criteria by the place of their numbers among all that are known.
struct Table {
    known: Vec<Known>,
    criteria: BTreeMap<usize, Criterion>,
}

impl Table {
    fn new(list: Vec<Criterion>) -> Self {
        let known = Known::all();
        let place = |subject: &Subject| known.iter().position(|known| known.subject == *subject);
        let criteria = list.into_iter().filter_map(|c| Some((place(&c.subject)?, c))).collect();
        Table { known, criteria }
    }

    /// The numbers that a name stands for.
    fn places(&self, name: &str) -> Result<Vec<usize>, UnknownQuantity> {
        let subject = (name != EVERY_ACTIVITY).then(|| name.parse()).transpose()?;
        let is_meant = |known: &Known| match &subject {
            Some(subject) => known.subject == *subject,
            None => matches!(known.subject, Subject::Activity(_)),
        };
        Ok((0..self.known.len()).filter(|&place| is_meant(&self.known[place])).collect())
    }

    fn check_names(&self, entries: &[Entry], lines: &Lines<'_>) -> Result<(), CriteriaError> {
        let mut seen = BTreeSet::new();
        for (index, entry) in entries.iter().enumerate() {
            let line = || lines.of(&format!("criterion.{index}.name"));
            self.places(&entry.name).map_err(|unknown| CriteriaError::Unknown { line: line(), unknown })?;
            if !seen.insert(&entry.name) {
                return Err(CriteriaError::Twice { line: line(), name: entry.name.clone() });
            }
        }
        Ok(())
    }

    fn apply(&mut self, index: usize, entry: &Entry, lines: &Lines<'_>) -> Result<(), CriteriaError> {
        let line = || lines.of(&format!("criterion.{index}.name"));
        let places =
            self.places(&entry.name).map_err(|unknown| CriteriaError::Unknown { line: line(), unknown })?;
        for place in places {
            if entry.is_used == Some(false) {
                self.criteria.remove(&place);
                continue;
            }
            let criterion = entry.over(&self.known[place], self.criteria.get(&place));
            let checked = unit(entry.unit.as_deref(), criterion.unit).and_then(|()| alone(&criterion));
            checked.map_err(|Problem { field, problem }| CriteriaError::Criterion {
                line: lines.of(&format!("criterion.{index}.{field}")),
                name: entry.name.clone(),
                problem,
            })?;
            self.criteria.insert(place, criterion);
        }
        Ok(())
    }
}

impl Entry {
    /// The criterion that results where `before` was judged so far.
    fn over(&self, known: &Known, before: Option<&Criterion>) -> Criterion {
        let bounds = [self.least, self.most, self.ideal_least, self.ideal_most];
        let is_bounded = bounds.iter().any(Option::is_some);
        let standard = if is_bounded { None } else { Standard::of(&known.subject) };
        let [least, most, mut ideal_least, mut ideal_most] = match (before, &standard) {
            (Some(c), _) if !is_bounded => [c.least, c.most, c.ideal_least, c.ideal_most],
            (None, Some(standard)) => standard.bounds,
            _ => bounds,
        };
        // Between two limits without an ideal, the middle is the best (Derringer and Suich's two-sided desirability).
        if let (Some(least), Some(most), None, None) = (least, most, ideal_least, ideal_most) {
            (ideal_least, ideal_most) = (Some(f64::midpoint(least, most)), Some(f64::midpoint(least, most)));
        }
        let kept = match before {
            Some(c) if !is_bounded => Some(c.source.clone()),
            _ => standard.map(|standard| standard.source),
        };
        Criterion {
            subject: known.subject.clone(),
            group: known.group,
            unit: known.unit,
            least,
            most,
            ideal_least,
            ideal_most,
            weight: self.weight.or(before.map(|c| c.weight)).unwrap_or(1.0),
            source: self.source.clone().or(kept).unwrap_or_else(|| NO_SOURCE.into()),
        }
    }
}
