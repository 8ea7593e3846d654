//! What an optimiser might find, small enough to be checked by eye.

use crate::optimise::criteria::{Criteria, Group, Subject};
use crate::optimise::error_model::ErrorModel;
use crate::optimise::postures::Spinopelvic;
use crate::optimise::{
    Assessment, Candidate, CriterionPrice, CriterionScore, Design, FORMAT, Families, GroupScore,
    Optimisation, OptimiseOptions, OrientationMap, Placement, Price, SizeProbability, Tried, Variable,
};
use crate::placed::ComponentNames;
use crate::placement::synthetic::Case;
use coxa_geometry::{Angle, Unit};

/// Name, value by rule, value recommended, chance by rule, chance recommended.
const SCORES: [(&str, Option<[f64; 4]>); 6] = [
    ("cup_coverage", Some([82.0, 78.0, 1.0, 0.985])),
    ("canal_fill", None),
    ("motion.flexion", Some([112.0, 118.0, 0.7, 0.9])),
    ("motion.extension", Some([26.0, 36.0, 0.5, 0.8])),
    ("activity.chair_rise", Some([2.0, 6.0, 0.75, 0.995])),
    ("jumping_distance", Some([12.0, 13.5, 1.0, 1.0])),
];

fn named(name: &str) -> Subject {
    name.parse().unwrap()
}

/// By rule 42.5 per cent, recommended 71 per cent; a larger head and more anteversion.
pub(in super::super) fn optimisation() -> Optimisation {
    let all = Criteria::preset("patient_specific").unwrap();
    let criteria = Criteria {
        preset: all.preset.clone(),
        prices: all.prices.clone(),
        list: SCORES.iter().filter_map(|(name, _)| all.get(named(name)).cloned()).collect(),
    };
    let plan = Case::right().plan(Default::default()).sketch.plan;
    let (first, best) = (design(32.0, 15.0), design(36.0, 21.5));
    let mut recommended = plan.clone();
    recommended.cup.anteversion_deg = Angle::from_degrees(21.5);
    let tried = |fixation, motion, stability| Tried {
        design: best.clone(),
        score: 0.8,
        success: 0.1,
        samples: 48,
        groups: groups([fixation, motion, stability]),
    };
    Optimisation {
        format: FORMAT,
        options: OptimiseOptions {
            error_model: ErrorModel::preset("freehand").unwrap(),
            postures: Spinopelvic::default(),
            families: Families::default(),
            held: vec![Variable::StemHeight],
            kept: Vec::new(),
            demographics: None,
            seed: 1,
            samples: 200,
        },
        first: Candidate { plan, assessment: assessment(&criteria, 0, 0.425, [0.354, 0.494]), design: first },
        recommended: Candidate {
            plan: recommended,
            assessment: assessment(&criteria, 1, 0.71, [0.644, 0.768]),
            design: best.clone(),
        },
        criteria,
        changes: Vec::new(),
        gains: Vec::new(),
        out_of_reach: None,
        baseline: None,
        pareto: vec![tried(0.9, 0.4, 0.8), tried(0.7, 0.8, 0.9), tried(0.5, 0.95, 0.7)],
        cup_sizes: [(50.0, 0.05), (52.0, 0.71), (54.0, 0.24)].map(share).to_vec(),
        stem_sizes: [(4.0, 0.04), (5.0, 0.96)].map(share).to_vec(),
        prices: vec![price()],
        price_samples: 128,
        slips: Vec::new(),
        orientation_map: Some(map()),
        tried: 4210,
        is_stopped: false,
        finalists: vec![best],
    }
}

fn share((size, probability): (f64, f64)) -> SizeProbability {
    SizeProbability { size, probability }
}

fn design(head_mm: f64, anteversion_deg: f64) -> Design {
    Design {
        components: ComponentNames {
            cup_family: "hemispherical".into(),
            cup_size_mm: 52.0,
            liner: "flush".into(),
            lip_direction_deg: None,
            head_mm,
            head_offset_mm: 0.0,
            stem_family: "metaphyseal_filling".into(),
            stem_size: 5,
            neck_shaft_deg: Angle::from_degrees(135.0),
            neck_offset: "standard".into(),
        },
        placement: Placement {
            cup_medial_mm: 1.0,
            cup_superior_mm: -0.5,
            cup_anterior_mm: 0.0,
            inclination_deg: 40.0,
            anteversion_deg,
            stem_version_deg: 12.0,
            stem_height_mm: 1.5,
        },
    }
}

fn groups(desirabilities: [f64; 3]) -> Vec<GroupScore> {
    let groups = [Group::Fixation, Group::Motion, Group::Stability].into_iter().zip(desirabilities);
    groups.map(|(group, desirability)| GroupScore { group, desirability }).collect()
}

/// Of the plan by rule, or of the recommended one.
fn assessment(criteria: &Criteria, which: usize, success: f64, success_interval: [f64; 2]) -> Assessment {
    let scores = criteria.list.iter().map(|criterion| {
        let numbers =
            SCORES.iter().find(|(name, _)| *name == criterion.subject.name()).and_then(|(_, found)| *found);
        let planned = numbers.map(|n| n[which]);
        CriterionScore {
            subject: criterion.subject.clone(),
            group: criterion.group,
            unit: criterion.unit,
            planned,
            desirability: planned.and_then(|value| criterion.desirability(value)),
            percentiles: planned.map(|value| [value - 8.5, value, value + 9.0]),
            probability: numbers.map(|n| n[2 + which]),
            costs: if criterion.subject == named("motion.extension") { 0.12 } else { 0.0 },
        }
    });
    Assessment {
        samples: 200,
        success,
        success_interval,
        groups: groups([[0.9, 0.3, 0.75], [0.7, 0.85, 0.92]][which]),
        criteria: scores.collect(),
        binding: Some(named("motion.extension")),
    }
}

fn price() -> Price {
    let change =
        |name: &str, planned, probability| CriterionPrice { subject: named(name), planned, probability };
    Price {
        variable: Variable::Anteversion,
        unit: Unit::Degree,
        step: 1.0,
        success: -0.035,
        criteria: vec![
            change("cup_coverage", 0.1, 0.0),
            change("motion.flexion", 0.8, 0.0),
            change("motion.extension", -1.2, -0.04),
            change("activity.chair_rise", 0.05, 0.0),
            change("jumping_distance", -0.3, -0.005),
        ],
    }
}

/// A hill about 42 degrees of inclination and 20 of anteversion.
fn map() -> OrientationMap {
    let hill = |most: f64| {
        let at = |ri: i32, ra: i32| {
            let off = f64::from(ri - 42).hypot(f64::from(ra - 20));
            (most * (1.0 - off / 25.0)).max(0.0)
        };
        (15..=75).map(|ri| (-10..=40).map(|ra| at(ri, ra)).collect()).collect()
    };
    OrientationMap {
        inclinations_deg: (15..=75).map(f64::from).collect(),
        anteversions_deg: (-10..=40).map(f64::from).collect(),
        samples: 200,
        success: hill(0.72),
        motion: hill(0.94),
    }
}
