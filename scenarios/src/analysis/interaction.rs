//! Whether the levels of one factor change what the levels of another do: differences of differences within patients.

use super::compare::{adjusted, is_draw, is_of_patient};
use super::data::{Data, LEVEL};
use crate::output::Output;
use crate::study::{Design, Factor, Study};
use anyhow::Result;
use coxa_statistics::{Paired, paired};
use rayon::prelude::*;

/// By how much more a level of one factor changes a quantity at a level of another factor than at that one's first.
#[derive(Debug, Clone, PartialEq)]
pub struct Interaction {
    /// The quantity.
    pub output: Output,
    /// The factor whose effect is looked at, its first level, and the level that is compared with it.
    pub effect: [String; 3],
    /// The factor that may change it, its first level, and another.
    pub by: [String; 3],
    /// The difference of differences, the mean over the levels of all other factors.
    pub found: Paired,
    /// The p value, adjusted by Holm for all interactions of the study.
    pub adjusted_p: Option<f64>,
}

/// Differences that spread by less than this part of the values are rounding.
const ROUNDING: f64 = 1e-12;

/// Two levels of two factors.
struct Square {
    effect: [String; 3],
    by: [String; 3],
    /// Places of the factors, each with its level.
    levels: [(usize, u64); 2],
    is_of_patient: bool,
}

/// All interactions of two factors of a factorial study; none of other designs.
///
/// # Errors
/// A study that was not checked.
pub fn interactions(study: &Study, data: &Data, outputs: &[Output]) -> Result<Vec<Interaction>> {
    if study.design != Design::Factorial {
        return Ok(Vec::new());
    }
    let squares = squares(study)?;
    let largest: Vec<f64> = (0..outputs.len()).map(|place| data.largest(place)).collect();
    let of_square = |square: &Square| {
        let rows = corners(study, data.rows, square.levels);
        let of = |(place, output): (usize, &Output)| {
            // The patient as scanned is the same at all levels that are no patient's.
            if !square.is_of_patient && matches!(output, Output::Patient(_)) {
                return None;
            }
            let less = data.contrasts(place, &rows, [-1.0, 1.0, 0.0, 0.0]);
            let more = data.contrasts(place, &rows, [0.0, 0.0, -1.0, 1.0]);
            let mut found = paired(&less, &more, LEVEL).ok()?;
            found.p = found.p.filter(|_| found.standard_deviation > ROUNDING * largest[place]);
            let (effect, by) = (square.effect.clone(), square.by.clone());
            Some(Interaction { output: output.clone(), effect, by, found, adjusted_p: None })
        };
        outputs.iter().enumerate().filter_map(of).collect::<Vec<_>>()
    };
    let mut all: Vec<Interaction> = squares.par_iter().flat_map_iter(of_square).collect();
    let p: Vec<Option<f64>> = all.iter().map(|one| one.found.p).collect();
    for (one, adjusted) in all.iter_mut().zip(adjusted(&p)?) {
        one.adjusted_p = adjusted;
    }
    Ok(all)
}

fn squares(study: &Study) -> Result<Vec<Square>> {
    let mut tested = Vec::new();
    for (place, factor) in study.factors.iter().enumerate() {
        if !is_draw(factor)? {
            tested.push((place, factor));
        }
    }
    let names = |factor: &Factor, level: u64| -> Result<[String; 3]> {
        let [from, to] = [factor.level(0)?, factor.level(level as usize)?];
        Ok([factor.name.clone(), from.value.to_string(), to.value.to_string()])
    };
    let mut squares = Vec::new();
    for (n, (one, effect)) in tested.iter().enumerate() {
        for (other, by) in &tested[n + 1..] {
            let levels = |factor: &Factor| 1..factor.level_count().unwrap_or(0) as u64;
            for (a, b) in levels(effect).flat_map(|a| levels(by).map(move |b| (a, b))) {
                squares.push(Square {
                    effect: names(effect, a)?,
                    by: names(by, b)?,
                    levels: [(*one, a), (*other, b)],
                    is_of_patient: is_of_patient(effect)? || is_of_patient(by)?,
                });
            }
        }
    }
    Ok(squares)
}

/// Rows at the first level of both factors, each with those that differ from it in the first of them, the second, and both.
fn corners(study: &Study, rows: u64, [(one, a), (other, b)]: [(usize, u64); 2]) -> Vec<[u64; 4]> {
    let [(way_a, count_a), (way_b, count_b)] = [study.stride(one), study.stride(other)];
    let is_first = |row: &u64| (row / way_a).is_multiple_of(count_a) && (row / way_b).is_multiple_of(count_b);
    let corners = |row: u64| [row, row + a * way_a, row + b * way_b, row + a * way_a + b * way_b];
    (0..rows).filter(is_first).map(corners).collect()
}
