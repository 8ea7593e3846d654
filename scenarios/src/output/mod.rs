//! What a study keeps: numbers of a plan, of the motions and activities that are simulated, and of its loads, under the names of tables.

mod value;

pub use value::{Results, Series};

use coxa_activity::Activity;
use coxa_geometry::Quantity;
use coxa_geometry::quantity::{Scope, nearest};
use coxa_planner::simulate::motion_names;

/// What is kept of an activity's contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfActivity {
    /// Least distance, or minus the depth of contact.
    Clearance,
    /// Part of the activity in which something is in contact.
    Contact,
}

/// What is kept of an activity's loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfLoad {
    /// Greatest hip force.
    Peak,
    /// The same, more than with the hip as scanned.
    PeakChange,
    /// Part of the activity in which the patch of contact runs over the rim.
    EdgeLoading,
}

/// One column of a study's results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// A number of the plan.
    Plan(Quantity),
    /// A number of the patient as scanned, of the planned side.
    Patient(Quantity),
    /// How far a motion goes before something meets; where nothing meets, how far it was followed.
    Motion(String),
    /// An activity's contact.
    Activity(String, OfActivity),
    /// An activity's loads.
    Load(String, OfLoad),
    /// Part of the abductors' moment that standing on one leg leaves.
    AbductorReserve,
    /// Cautions about the plan.
    Cautions,
    /// How likely the plan is to meet every criterion of the optimiser.
    Success,
}

/// A name that nothing that is kept has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no quantity {name:?} to keep{}; `coxa scenario list` names all", if nearest.is_empty() { String::new() } else { format!("; did you mean {}?", nearest.join(", ")) })]
pub struct UnknownOutput {
    /// What was given.
    pub name: String,
    /// Names nearest to it.
    pub nearest: Vec<String>,
}

/// Quantities of the patient as a whole, as scanned.
const OF_PATIENTS: [Quantity; 4] = [
    Quantity::PelvicTilt,
    Quantity::InterAsisDistance,
    Quantity::LegLengthDifference,
    Quantity::OffsetDifference,
];
/// What only the optimiser computes of a plan, only a completion of a femur, or only a search of the CT for vessels and nerve.
const NOT_IN_STUDIES: [Quantity; 6] = [
    Quantity::PressFitContact,
    Quantity::ScrewLength,
    Quantity::EdgeLoading,
    Quantity::EdgeMargin,
    Quantity::FemurLengthDifference,
    Quantity::PosteriorRetractorNerveDistance,
];

const OF_ACTIVITY: [(OfActivity, &str); 2] =
    [(OfActivity::Clearance, "clearance"), (OfActivity::Contact, "contact")];
const OF_LOAD: [(OfLoad, &str); 3] = [
    (OfLoad::Peak, "peak"),
    (OfLoad::PeakChange, "peak_change"),
    (OfLoad::EdgeLoading, Quantity::EdgeLoading.name()),
];

impl Output {
    /// All that can be kept.
    pub fn all() -> Vec<Output> {
        let of_plan = Quantity::ALL
            .iter()
            .filter(|quantity| quantity.scope() == Scope::Whole)
            .filter(|quantity| !OF_PATIENTS.contains(quantity) && !NOT_IN_STUDIES.contains(quantity));
        let of_patient = Quantity::ALL
            .iter()
            .filter(|quantity| quantity.scope() == Scope::Side && **quantity != Quantity::FemurLength)
            .chain(&OF_PATIENTS);
        let mut all: Vec<Output> = of_plan.copied().map(Output::Plan).collect();
        all.extend(of_patient.copied().map(Output::Patient));
        all.push(Output::AbductorReserve);
        all.push(Output::Cautions);
        all.push(Output::Success);
        all.extend(motion_names().into_iter().map(Output::Motion));
        for activity in Activity::catalogue() {
            all.extend(OF_ACTIVITY.map(|(of, _)| Output::Activity(activity.name.clone(), of)));
        }
        for activity in Activity::catalogue() {
            // A former name is that of another activity.
            if Activity::named_with_loads(&activity.name)
                .is_ok_and(|found| found.activity.name == activity.name)
            {
                all.extend(OF_LOAD.map(|(of, _)| Output::Load(activity.name.clone(), of)));
            }
        }
        all
    }

    /// By its name; `motion.*` and the like are all whose names begin so.
    ///
    /// # Errors
    /// A name that nothing has, with those nearest to it.
    pub fn named(name: &str) -> Result<Vec<Output>, UnknownOutput> {
        let all = Output::all();
        let is_meant = |output: &&Output| match name.strip_suffix('*') {
            Some(beginning) => output.name().starts_with(beginning),
            None => output.name() == name,
        };
        let found: Vec<Output> = all.iter().filter(is_meant).cloned().collect();
        if found.is_empty() {
            let names = all.iter().map(Output::name);
            return Err(UnknownOutput { name: name.to_owned(), nearest: nearest(name, names) });
        }
        Ok(found)
    }

    /// Its name in study files.
    pub fn name(&self) -> String {
        let suffix =
            |of: &OfActivity| OF_ACTIVITY.iter().find(|(other, _)| other == of).map_or("", |(_, name)| name);
        let of_load =
            |of: &OfLoad| OF_LOAD.iter().find(|(other, _)| other == of).map_or("", |(_, name)| name);
        match self {
            Output::Plan(quantity) => quantity.name().to_owned(),
            Output::Patient(quantity) => format!("patient.{}", quantity.name()),
            Output::Motion(name) => format!("motion.{name}"),
            Output::Activity(name, of) => format!("activity.{name}.{}", suffix(of)),
            Output::Load(name, of) => format!("load.{name}.{}", of_load(of)),
            Output::AbductorReserve => "abductor_reserve".to_owned(),
            Output::Cautions => "cautions".to_owned(),
            Output::Success => "success".to_owned(),
        }
    }

    /// What it is, in words.
    pub fn meaning(&self) -> String {
        match self {
            Output::Plan(quantity) => quantity.title().to_owned(),
            Output::Patient(quantity) => format!("{}, as scanned", quantity.title()),
            Output::Motion(_) => "angle at which something meets; where nothing does, to which it was followed".to_owned(),
            Output::Activity(_, OfActivity::Clearance) => {
                "least distance between the bodies, or minus the depth of contact".to_owned()
            }
            Output::Activity(_, OfActivity::Contact) => "part of the activity in contact".to_owned(),
            Output::Load(_, OfLoad::Peak) => "greatest hip force".to_owned(),
            Output::Load(_, OfLoad::PeakChange) => "greatest hip force, more than with the hip as scanned".to_owned(),
            Output::Load(_, OfLoad::EdgeLoading) => "part of the activity in which contact runs over the rim".to_owned(),
            Output::AbductorReserve => {
                "part of the abductors' moment that standing on one leg leaves".to_owned()
            }
            Output::Cautions => "cautions about the plan".to_owned(),
            Output::Success => {
                "part of the samples in which the plan meets every criterion of the optimiser, under the error of freehand placement; with a factor error_model as it lies".to_owned()
            }
        }
    }

    /// Its unit as files name it; `1` of numbers without one.
    pub fn unit(&self) -> &'static str {
        match self {
            Output::Plan(quantity) | Output::Patient(quantity) => quantity.unit().name(),
            Output::Motion(_) => "deg",
            Output::Activity(_, OfActivity::Clearance) => "mm",
            Output::Activity(_, OfActivity::Contact)
            | Output::Load(_, OfLoad::EdgeLoading)
            | Output::AbductorReserve
            | Output::Success => "%",
            Output::Load(..) => "% body weight",
            Output::Cautions => "1",
        }
    }

    /// The column in tables: its name with the unit, in letters that every program takes.
    pub fn column(&self) -> String {
        let unit = match self.unit() {
            "1" => return self.name().replace('.', "_"),
            "%" => "pct",
            "% body weight" => "pct_bw",
            "mg/cm3" => "mg_cm3",
            other => other,
        };
        format!("{}_{unit}", self.name().replace('.', "_")).to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_output_is_found_by_its_name_and_has_a_column_of_its_own() {
        let all = Output::all();
        assert!(all.len() > 100);
        for output in &all {
            assert_eq!(Output::named(&output.name()).unwrap(), std::slice::from_ref(output));
        }
        let columns: BTreeSet<String> = all.iter().map(Output::column).collect();
        assert_eq!(columns.len(), all.len());
        let is_plain = |column: &String| {
            column.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        assert!(columns.iter().all(is_plain), "{columns:?}");
    }

    #[test]
    fn a_star_names_all_of_a_kind_and_a_mistyped_name_the_nearest() {
        assert_eq!(Output::named("motion.*").unwrap().len(), motion_names().len());
        let error = Output::named("jumping_distanse").unwrap_err().to_string();
        assert!(error.contains("jumping_distance"), "{error}");
    }
}
