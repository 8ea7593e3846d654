//! The one table of variables.

use coxa_activity::posture::SpinalMobility;
use coxa_anatomy::muscle::MUSCLES;
use coxa_geometry::Quantity;
use coxa_geometry::quantity::nearest;
use coxa_planner::optimise::error_model::ErrorModel;
use coxa_synthetic::FemurForm;

/// From which stage of a hip on a variable makes a difference. Stages before it are shared by all levels of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The patient's bones: everything is made anew.
    Patient,
    /// Placement by rule.
    Placement,
    /// The plan: parts exchanged or moved.
    Plan,
    /// How muscles and posture are simulated.
    Simulation,
}

/// Who makes the plan of a job before its levels change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Planning {
    /// Placement by rule.
    #[default]
    Rule,
    /// The optimiser, from the plan by rule.
    Optimiser,
}

impl Planning {
    /// Name in study files.
    pub const fn name(self) -> &'static str {
        match self {
            Planning::Rule => "rule",
            Planning::Optimiser => "optimiser",
        }
    }
}

/// Parts that go by names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A cup family.
    Cup,
    /// A stem family.
    Stem,
    /// A kind of liner.
    Liner,
}

/// What values a variable takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Domain {
    /// Numbers from the first to the second, both included.
    Number(f64, f64),
    /// The same, whole ones.
    Whole(f64, f64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of such a part in the catalogue.
    Part(Part),
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    name: &'static str,
    /// `deg`, `mm`, `kg`; empty of numbers without a unit and of words.
    unit: &'static str,
    domain: Domain,
    stage: Stage,
    meaning: &'static str,
}

const fn row(
    name: &'static str,
    unit: &'static str,
    domain: Domain,
    stage: Stage,
    meaning: &'static str,
) -> Row {
    Row { name, unit, domain, stage, meaning }
}

use Domain::{Number, Whole, Word};
use Stage::Patient as OfPatient;
use Stage::Placement as OfPlacement;
use Stage::Plan as OfPlan;
use Stage::Simulation as OfSimulation;

// Variables that set what a quantity measures have its name.
pub(super) const HEAD_DIAMETER: &str = Quantity::HeadDiameter.name();
pub(super) const CUP_INCLINATION: &str = Quantity::CupInclinationRadiographicFunctional.criterion_name();
pub(super) const CUP_ANTEVERSION: &str = Quantity::CupAnteversionRadiographicFunctional.criterion_name();
pub(super) const STEM_VERSION_CHANGE: &str = Quantity::StemVersionChange.name();
pub(super) const PLANNING: &str = "planning";
pub(super) const PELVIC_TILT: &str = Quantity::PelvicTilt.name();

// Words of others.
const FEMORA: [&str; 6] = {
    let [a, b, c, d, e, f] = FemurForm::ALL;
    [a.name(), b.name(), c.name(), d.name(), e.name(), f.name()]
};
const ERROR_MODELS: [&str; 4] = ErrorModel::presets();
const PLANNERS: [&str; 2] = [Planning::Rule.name(), Planning::Optimiser.name()];
const SPINES: [&str; 3] = {
    let [a, b, c] = SpinalMobility::ALL;
    [a.name(), b.name(), c.name()]
};

/// The table.
const ROWS: &[Row] = &[
    row("bmi", "kg/m2", Number(16.0, 45.0), OfPatient, "body mass index of a virtual patient"),
    row(
        "joint_space",
        "mm",
        Number(1.0, 6.0),
        OfPatient,
        "bone-to-bone distance in a healthy hip of a virtual patient",
    ),
    row("femur_form", "", Word(&FEMORA), OfPatient, "form of both femora of a virtual patient"),
    row(
        "target_inclination",
        "deg",
        Number(0.0, 90.0),
        OfPlacement,
        "radiographic inclination that placement by rule aims at",
    ),
    row(
        "target_combined_anteversion",
        "deg",
        Number(-60.0, 90.0),
        OfPlacement,
        "combined anteversion that placement by rule aims at",
    ),
    row(
        "target_leg_length_change",
        "mm",
        Number(-60.0, 60.0),
        OfPlacement,
        "change of leg length that placement by rule aims at, lengthening positive",
    ),
    row(
        "target_offset_change",
        "mm",
        Number(-60.0, 60.0),
        OfPlacement,
        "change of global offset that placement by rule aims at, lateral positive",
    ),
    row(
        PLANNING,
        "",
        Word(&PLANNERS),
        OfPlacement,
        "who makes the plan that other variables change: placement by rule, or the optimiser from there, about a minute a hip",
    ),
    row(
        "rule_cup_family",
        "",
        Domain::Part(Part::Cup),
        OfPlacement,
        "cup family that placement by rule takes its sizes from",
    ),
    row(
        "rule_stem_family",
        "",
        Domain::Part(Part::Stem),
        OfPlacement,
        "stem family that placement by rule takes its sizes from",
    ),
    row(
        "cup_family",
        "",
        Domain::Part(Part::Cup),
        OfPlan,
        "another cup family in the place of the planned one, of the same size",
    ),
    row(
        "cup_size_change",
        "mm",
        Number(-20.0, 20.0),
        OfPlan,
        "outer diameter of the shell more than by rule",
    ),
    row("liner", "", Domain::Part(Part::Liner), OfPlan, "kind of the liner"),
    row(HEAD_DIAMETER, "mm", Number(22.0, 60.0), OfPlan, "diameter of the head"),
    row("head_offset", "mm", Number(-10.0, 20.0), OfPlan, "offset of the head along the neck"),
    row("stem_offset", "", Word(&["standard", "high"]), OfPlan, "offset of the stem"),
    row(
        "stem_size_change",
        "",
        Whole(-10.0, 10.0),
        OfPlan,
        "size of the stem more than by rule, in sizes of its family",
    ),
    row(
        CUP_INCLINATION,
        "deg",
        Number(0.0, 90.0),
        OfPlan,
        "radiographic inclination of the cup, supine functional plane",
    ),
    row(
        CUP_ANTEVERSION,
        "deg",
        Number(-60.0, 60.0),
        OfPlan,
        "radiographic anteversion of the cup, supine functional plane",
    ),
    row(
        "cup_inclination_change",
        "deg",
        Number(-45.0, 45.0),
        OfPlan,
        "radiographic inclination more than by rule",
    ),
    row(
        "cup_anteversion_change",
        "deg",
        Number(-45.0, 45.0),
        OfPlan,
        "radiographic anteversion more than by rule",
    ),
    row("cup_medial", "mm", Number(-30.0, 30.0), OfPlan, "cup moved medially"),
    row("cup_superior", "mm", Number(-30.0, 30.0), OfPlan, "cup moved superiorly"),
    row("cup_anterior", "mm", Number(-30.0, 30.0), OfPlan, "cup moved anteriorly"),
    row(STEM_VERSION_CHANGE, "deg", Number(-60.0, 60.0), OfPlan, "stem turned to more anteversion"),
    row("stem_varus_change", "deg", Number(-15.0, 15.0), OfPlan, "stem turned into varus"),
    row("stem_flexion_change", "deg", Number(-15.0, 15.0), OfPlan, "stem turned with its tip backwards"),
    row("stem_depth_change", "mm", Number(-20.0, 20.0), OfPlan, "stem deeper in the canal"),
    row(
        "error_model",
        "",
        Word(&ERROR_MODELS),
        OfPlan,
        "with what error the plan is carried out: one draw for each patient and draw",
    ),
    row("draw", "", Whole(0.0, 1e6), OfPlan, "number of the draw from the error model, counted from 0"),
    row(
        "posture",
        "",
        Word(&["supine", "standing", "sitting", "flexed_seated"]),
        OfSimulation,
        "posture in which motions are followed",
    ),
    row(
        PELVIC_TILT,
        "deg",
        Number(-60.0, 60.0),
        OfSimulation,
        "tilt of the pelvis from supine in that posture, posterior positive",
    ),
    row("spine", "", Word(&SPINES), OfSimulation, "how far the spine lets the pelvis roll back in sitting"),
    row("body_mass", "kg", Number(25.0, 300.0), OfSimulation, "mass of the body"),
];

/// Strengths are named by muscle.
const STRENGTH: &str = "strength.";
/// All muscles that abduct the hip, all of the hip.
const GROUPS: [(&str, &[&str]); 2] =
    [("abductors", &["gluteus_medius", "gluteus_minimus", "tensor_fasciae_latae"]), ("all", &MUSCLES)];

/// One thing that a study may vary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Variable {
    /// A row of the table.
    Named(&'static str),
    /// Strength of a muscle, or of a group of them, over that of the patient.
    Strength(&'static str),
}

/// A name that no variable has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no variable {name:?}; did you mean {}? `coxa scenario list` names all", nearest.join(", "))]
pub struct UnknownVariable {
    /// What was given.
    pub name: String,
    /// Names that are nearest to it.
    pub nearest: Vec<String>,
}

impl Variable {
    /// Whether it is the diameter of the head, of which the catalogue has single ones.
    pub(crate) fn is_head_diameter(self) -> bool {
        self == Variable::Named(HEAD_DIAMETER)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Variable> {
        let groups = GROUPS.iter().map(|(name, _)| *name);
        ROWS.iter().map(|row| Variable::Named(row.name)).chain(groups.chain(MUSCLES).map(Variable::Strength))
    }

    /// By its name.
    ///
    /// # Errors
    /// A name that no variable has, with those nearest to it.
    pub fn named(name: &str) -> Result<Self, UnknownVariable> {
        Variable::all().find(|variable| variable.name() == name).ok_or_else(|| {
            let names: Vec<String> = Variable::all().map(|variable| variable.name()).collect();
            let nearest = nearest(name, names.iter().map(String::as_str));
            UnknownVariable {
                name: name.to_owned(),
                nearest: nearest.into_iter().map(str::to_owned).collect(),
            }
        })
    }

    fn row(self) -> Row {
        match self {
            // A name of the table, as `named` and `all` give it.
            Variable::Named(name) => ROWS.iter().copied().find(|row| row.name == name).unwrap_or(ROWS[0]),
            Variable::Strength(_) => row(
                STRENGTH,
                "",
                Number(0.05, 3.0),
                OfSimulation,
                "strength of the muscle over that of the patient; 0.5 is wasted by half",
            ),
        }
    }

    /// Its name in study files and tables.
    pub fn name(self) -> String {
        match self {
            Variable::Named(name) => name.to_owned(),
            Variable::Strength(of) => format!("{STRENGTH}{of}"),
        }
    }

    /// Its unit; empty where it has none.
    pub fn unit(self) -> &'static str {
        self.row().unit
    }

    /// What values it takes.
    pub fn domain(self) -> Domain {
        self.row().domain
    }

    /// From which stage on it makes a difference.
    pub fn stage(self) -> Stage {
        self.row().stage
    }

    /// What it is, in a few words.
    pub fn meaning(self) -> &'static str {
        self.row().meaning
    }

    /// The muscles whose strength it is.
    pub(crate) fn muscles(self) -> &'static [&'static str] {
        let Variable::Strength(of) = self else { return &[] };
        match GROUPS.iter().find(|(name, _)| *name == of) {
            Some((_, muscles)) => muscles,
            None => {
                let place = MUSCLES.iter().position(|name| *name == of);
                place.map_or(&[], |place| &MUSCLES[place..=place])
            }
        }
    }
}
