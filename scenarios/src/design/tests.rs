//! Rows of every design.

use super::*;
use crate::study::Study;
use std::collections::BTreeSet;

fn study(design: &str, factors: &str) -> Study {
    let text = format!(
        "format = 1\ntitle = \"t\"\nkeep = [\"cup_coverage\"]\n[cohort]\nkind = \"virtual\"\ncount = 1\n[design]\n{design}\n{factors}"
    );
    Study::from_toml(&text).unwrap()
}

const TWO: &str = "[[factor]]\nname = \"cup_inclination\"\nlevels = [30, 40, 50]\n[[factor]]\nname = \"spine\"\nlevels = [\"stiff\", \"normal\"]";
const DRAWN: &str = "[[factor]]\nname = \"cup_inclination\"\ndistribution = { uniform = [30, 50] }\n[[factor]]\nname = \"cup_anteversion\"\ndistribution = { normal = [20, 5] }\n[[factor]]\nname = \"stem_version_change\"\ndistribution = { uniform = [-10, 10] }";

fn shown(study: &Study) -> Vec<Vec<String>> {
    let row = |row| study.row(row).unwrap().iter().map(|choice| choice.value.to_string()).collect();
    (0..study.row_count()).map(row).collect()
}

fn numbers(study: &Study, factor: usize) -> Vec<f64> {
    shown(study).iter().map(|row| row[factor].parse().unwrap()).collect()
}

#[test]
fn a_factorial_has_every_level_with_every_other_once() {
    let rows = shown(&study("kind = \"factorial\"", TWO));
    assert_eq!(rows.len(), 6);
    assert_eq!(
        (&rows[0][..], &rows[1][..]),
        (&["30".into(), "stiff".into()][..], &["30".into(), "normal".into()][..])
    );
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>().len(), 6);
}

#[test]
fn one_at_a_time_changes_one_factor_against_the_first_row() {
    let rows = shown(&study("kind = \"one_at_a_time\"", TWO));
    assert_eq!(rows.len(), 4);
    for row in &rows[1..] {
        assert_eq!(row.iter().zip(&rows[0]).filter(|(a, b)| a != b).count(), 1);
    }
}

#[test]
fn a_latin_hypercube_has_one_sample_in_each_part() {
    for samples in [1, 2, 7, 64, 1000] {
        let study = study(&format!("kind = \"latin_hypercube\"\nsamples = {samples}"), DRAWN);
        let mut parts: Vec<usize> = numbers(&study, 0)
            .iter()
            .map(|number| ((number - 30.0) / 20.0 * samples as f64).floor() as usize)
            .collect();
        parts.sort_unstable();
        assert_eq!(parts, (0..samples).collect::<Vec<_>>());
    }
}

#[test]
fn samples_have_the_distribution_that_is_asked_for() {
    for design in ["latin_hypercube", "sobol"] {
        let study = study(&format!("kind = \"{design}\"\nsamples = 1024"), DRAWN);
        let drawn = numbers(&study, 1);
        let mean = drawn.iter().sum::<f64>() / 1024.0;
        let sd = (drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1023.0).sqrt();
        assert!((mean - 20.0).abs() < 0.1 && (sd - 5.0).abs() < 0.1, "{design}: {mean} {sd}");
    }
}

#[test]
fn saltelli_matrices_take_one_column_of_the_second_sample_at_a_time() {
    let study = study("kind = \"sobol_indices\"\nsamples = 8", DRAWN);
    let rows = shown(&study);
    assert_eq!(rows.len(), 8 * 5);
    for block in rows.chunks(5) {
        let [a, b, mixed @ ..] = block else { panic!() };
        assert!(a.iter().zip(b).all(|(a, b)| a != b));
        for (column, row) in mixed.iter().enumerate() {
            for (place, value) in row.iter().enumerate() {
                assert_eq!(value, if place == column { &b[place] } else { &a[place] });
            }
        }
    }
}

#[test]
fn a_trajectory_moves_every_factor_once() {
    let study = study("kind = \"morris\"\ntrajectories = 50", DRAWN);
    let rows = shown(&study);
    assert_eq!(rows.len(), 50 * 4);
    for (trajectory, block) in rows.chunks(4).enumerate() {
        let mut moved = Vec::new();
        for (step, pair) in block.windows(2).enumerate() {
            let changed: Vec<usize> = (0..3).filter(|&factor| pair[0][factor] != pair[1][factor]).collect();
            assert_eq!(changed.len(), 1, "{pair:?}");
            assert_eq!(place::moved(study.seed, 3, (trajectory * 4 + step + 1) as u64), Some(changed[0]));
            moved.extend(changed);
        }
        moved.sort_unstable();
        assert_eq!(moved, [0, 1, 2]);
    }
}

#[test]
fn ten_million_rows_are_made_one_by_one() {
    let factor = |name: &str, count: usize| {
        let levels: Vec<String> = (0..count).map(|level| format!("{:.3}", level as f64 / 100.0)).collect();
        format!("[[factor]]\nname = \"{name}\"\nlevels = [{}]\n", levels.join(", "))
    };
    let text = factor("cup_medial", 300) + &factor("cup_superior", 300) + &factor("cup_anterior", 112);
    let study = study("kind = \"factorial\"", &text);
    assert_eq!(study.row_count(), 300 * 300 * 112);
    let last = study.row(study.row_count() - 1).unwrap();
    assert_eq!(last[0].value.to_string(), "2.99");
}
