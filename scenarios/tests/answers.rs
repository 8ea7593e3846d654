//! Studies whose answer is known: what was planted is found as often as is said, and what is not there is not.

#![allow(clippy::unwrap_used)]

use coxa_scenario::analysis::{Data, LEVEL, comparisons, interactions, sensitivities};
use coxa_scenario::study::Study;
use coxa_statistics::{PairsNeeded, pairs_needed};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, Normal};
use std::f64::consts::PI;

const STUDIES: u64 = 1000;

fn study(rest: &str, keep: &str) -> Study {
    let text = format!(
        "format = 1\ntitle = \"t\"\nkeep = [{keep}]\n[cohort]\nkind = \"virtual\"\ncount = 1\n{rest}"
    );
    Study::from_toml(&text).unwrap()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|patient| format!("seed {patient}")).collect()
}

struct Draw(ChaCha8Rng);

impl Draw {
    fn part(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        Normal::standard().inverse_cdf(self.part())
    }
}

/// A cup that costs half of the people 2 mm and the others nothing, over patients who differ by 5 mm.
#[test]
fn a_planted_difference_is_found_with_the_power_that_is_stated() {
    let study = study("[[factor]]\nname = \"cup_medial\"\nlevels = [0, 1]\n", "\"jumping_distance\"");
    let outputs = study.outputs().unwrap();
    // The difference is 2 or 0 in equal parts, and 1.5 of noise: mean 1, standard deviation 1.80.
    let sd = (1.0f64 + 1.5f64.powi(2)).sqrt();
    let Ok(PairsNeeded::Pairs(patients)) = pairs_needed(1.0 / sd, 0.8, LEVEL, 1000) else { panic!() };
    let mut found = 0;
    for seed in 0..STUDIES {
        let mut draw = Draw(ChaCha8Rng::seed_from_u64(seed));
        let mut column = Vec::new();
        for _ in 0..patients {
            let own = 15.0 + 5.0 * draw.normal();
            let lost = if draw.part() < 0.5 { 2.0 } else { 0.0 };
            column.extend([own, own - lost + 1.5 * draw.normal()]);
        }
        let data = Data::of_columns(names(patients), 2, vec![column]);
        let compared = comparisons(&study, &data, &outputs).unwrap();
        found += u32::from(compared[0].adjusted_p.unwrap() < LEVEL.error());
    }
    let percent = f64::from(found) / STUDIES as f64 * 100.0;
    println!("found in {percent:.1} % of studies with {patients} patients");
    assert!((76.0..84.5).contains(&percent), "{percent}");
}

/// Four levels and three quantities without any difference.
#[test]
fn a_study_of_nothing_claims_something_no_more_often_than_it_says() {
    let study = study(
        "[[factor]]\nname = \"cup_medial\"\nlevels = [0, 1, 2, 3]\n",
        "\"jumping_distance\", \"cup_coverage\", \"medial_wall\"",
    );
    let outputs = study.outputs().unwrap();
    let mut claimed = 0;
    for seed in 0..STUDIES {
        let mut draw = Draw(ChaCha8Rng::seed_from_u64(seed));
        let mut columns = vec![Vec::new(); 3];
        for _ in 0..30 {
            for column in &mut columns {
                let own = 5.0 * draw.normal();
                column.extend((0..4).map(|_| own + draw.normal()));
            }
        }
        let data = Data::of_columns(names(30), 4, columns);
        let compared = comparisons(&study, &data, &outputs).unwrap();
        assert_eq!(compared.len(), 9);
        claimed += u32::from(compared.iter().any(|one| one.adjusted_p.unwrap() < LEVEL.error()));
    }
    let percent = f64::from(claimed) / STUDIES as f64 * 100.0;
    println!("claimed in {percent:.1} % of studies");
    // 5 % and three standard errors of a thousand studies.
    assert!(percent < 7.1, "{percent}");
}

fn numbers(study: &Study, row: u64) -> Vec<f64> {
    study.row(row).unwrap().iter().map(|choice| choice.value.to_string().parse().unwrap()).collect()
}

const THREE: &str = "[[factor]]\nname = \"cup_medial\"\ndistribution = { uniform = [-3.141592653589793, 3.141592653589793] }\n[[factor]]\nname = \"cup_superior\"\ndistribution = { uniform = [-3.141592653589793, 3.141592653589793] }\n[[factor]]\nname = \"cup_anterior\"\ndistribution = { uniform = [-3.141592653589793, 3.141592653589793] }\n";

/// Ishigami and Homma 1990 with a = 7 and b = 0.1, in patients who differ by a constant.
#[test]
fn the_indices_of_the_ishigami_function_lie_within_their_intervals() {
    let study =
        study(&format!("[design]\nkind = \"sobol_indices\"\nsamples = 4096\n{THREE}"), "\"cup_coverage\"");
    let ishigami = |x: &[f64]| x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin();
    let values: Vec<f64> = (0..study.row_count()).map(|row| ishigami(&numbers(&study, row))).collect();
    let column =
        [0.0, 10.0].into_iter().flat_map(|own| values.iter().map(move |value| value + own)).collect();
    let data = Data::of_columns(names(2), study.row_count(), vec![column]);
    let found = sensitivities(&study, &data, &study.outputs().unwrap()).unwrap();
    assert_eq!((found.len(), found[0].method, found[0].patients), (1, "sobol_indices", 2));
    let [first, total] = [[0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]];
    for (factor, effect) in found[0].factors.iter().enumerate() {
        for (estimate, truth) in
            [(&effect.first, first[factor]), (effect.total.as_ref().unwrap(), total[factor])]
        {
            assert!(
                estimate.interval.unwrap().contains(truth),
                "{}: {estimate:?}, not {truth}",
                effect.factor
            );
        }
    }
}

/// Of a linear function every effect is its slope, and so are the coefficients of a regression.
#[test]
fn slopes_are_found_by_elementary_effects_and_by_regression() {
    let linear = |x: &[f64]| 3.0 * x[0] - 0.5 * x[1];
    let of = |design: &str| {
        let study = study(&format!("[design]\n{design}\n{THREE}"), "\"cup_coverage\"");
        let values = (0..study.row_count()).map(|row| linear(&numbers(&study, row))).collect();
        let data = Data::of_columns(names(1), study.row_count(), vec![values]);
        let found = sensitivities(&study, &data, &study.outputs().unwrap()).unwrap();
        found[0].factors.iter().map(|effect| effect.first.value).collect::<Vec<f64>>()
    };
    let effects = of("kind = \"morris\"\ntrajectories = 20");
    for (effect, slope) in effects.iter().zip([3.0, -0.5, 0.0]) {
        assert!((effect - slope * 2.0 * PI).abs() < 1e-9, "{effects:?}");
    }
    let design = "kind = \"latin_hypercube\"\nsamples = 200";
    let coefficients = of(design);
    // Standardised: slopes times the spread of a factor over that of the outcome.
    let drawn = study(&format!("[design]\n{design}\n{THREE}"), "\"cup_coverage\"");
    let rows: Vec<Vec<f64>> = (0..200).map(|row| numbers(&drawn, row)).collect();
    let spread = |values: Vec<f64>| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - mean).powi(2)).sum::<f64>().sqrt()
    };
    let of_outcome = spread(rows.iter().map(|row| linear(row)).collect());
    for (factor, slope) in [3.0, -0.5, 0.0].into_iter().enumerate() {
        let expected = slope * spread(rows.iter().map(|row| row[factor]).collect()) / of_outcome;
        assert!((coefficients[factor] - expected).abs() < 1e-9, "{coefficients:?}, not {expected}");
    }
}

/// Of two levels the effect is their difference; draws are not compared.
#[test]
fn effects_of_levels_are_of_the_whole_range_and_draws_are_no_comparison() {
    let two = "[[factor]]\nname = \"head_diameter\"\nlevels = [28, 32]\n[[factor]]\nname = \"cup_medial\"\nlevels = [0, 1, 2]\n";
    let effects =
        study(&format!("[design]\nkind = \"morris\"\ntrajectories = 30\n{two}"), "\"cup_coverage\"");
    let value = |x: &[f64]| 0.5 * x[0] + 2.0 * x[1];
    let values = (0..effects.row_count()).map(|row| value(&numbers(&effects, row))).collect();
    let data = Data::of_columns(names(1), effects.row_count(), vec![values]);
    let found = sensitivities(&effects, &data, &effects.outputs().unwrap()).unwrap();
    for (effect, range) in found[0].factors.iter().zip([2.0, 4.0]) {
        assert!((effect.first.value - range).abs() < 1e-9, "{effect:?}");
    }
    let drawn = "[[factor]]\nname = \"error_model\"\nlevels = [\"none\", \"robot\"]\n[[factor]]\nname = \"draw\"\nlevels = [0, 1, 2]\n";
    let drawn = study(drawn, "\"cup_coverage\"");
    let data = Data::of_columns(names(2), 6, vec![(0..12).map(f64::from).collect()]);
    let compared = comparisons(&drawn, &data, &drawn.outputs().unwrap()).unwrap();
    assert_eq!(compared.iter().map(|one| one.factor.as_str()).collect::<Vec<_>>(), ["error_model"]);
}

/// A larger head gives 3 mm, and 5 mm more where the cup lies deep; without that an interaction is claimed no more often than it is said.
#[test]
fn an_interaction_is_found_where_there_is_one() {
    let factors = "[[factor]]\nname = \"head_diameter\"\nlevels = [28, 36]\n[[factor]]\nname = \"cup_medial\"\nlevels = [0, 3]\n[[factor]]\nname = \"draw\"\nlevels = [0, 1]\n";
    let study = study(factors, "\"jumping_distance\"");
    let outputs = study.outputs().unwrap();
    let of = |more: f64, seed: u64| {
        let mut draw = Draw(ChaCha8Rng::seed_from_u64(seed));
        let mut column = Vec::new();
        for _ in 0..40 {
            let own = 15.0 + 5.0 * draw.normal();
            for (head, deep) in [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] {
                let value = own + 3.0 * head - deep + more * head * deep;
                column.extend((0..2).map(|_| value + draw.normal()));
            }
        }
        let data = Data::of_columns(names(40), 8, vec![column]);
        interactions(&study, &data, &outputs).unwrap()
    };
    let found = of(5.0, 1);
    assert_eq!(found.len(), 1, "draws interact with nothing: {found:?}");
    assert_eq!((found[0].effect[0].as_str(), found[0].by[0].as_str()), ("head_diameter", "cup_medial"));
    assert!(found[0].found.difference.interval.unwrap().contains(5.0) && found[0].adjusted_p.unwrap() < 1e-6);
    let claimed =
        (0..STUDIES).filter(|seed| of(0.0, 100 + seed)[0].adjusted_p.unwrap() < LEVEL.error()).count();
    println!("claimed in {:.1} % of studies", claimed as f64 / STUDIES as f64 * 100.0);
    assert!((29..71).contains(&claimed), "{claimed}");
}

/// What has no spread does not weigh on what has.
#[test]
fn a_quantity_without_spread_does_not_count_among_the_comparisons() {
    let study = study(
        "[[factor]]\nname = \"cup_medial\"\nlevels = [0, 1]\n",
        "\"jumping_distance\", \"cup_coverage\"",
    );
    let constant: Vec<f64> = (0..20).map(|row| f64::from(row % 2)).collect();
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(3));
    let noisy: Vec<f64> = (0..20).map(|_| draw.normal()).collect();
    let data = Data::of_columns(names(10), 2, vec![constant, noisy]);
    let compared = comparisons(&study, &data, &study.outputs().unwrap()).unwrap();
    let p = compared[1].found.as_ref().unwrap().p;
    assert_eq!((compared[0].adjusted_p, compared[1].adjusted_p), (None, p));
}
