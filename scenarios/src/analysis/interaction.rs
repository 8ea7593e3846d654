//! Whether the levels of one factor change what the levels of another do: differences of differences within patients.

use super::compare::{adjusted, is_draw, is_of_patient};
use super::data::{Data, LEVEL};
use crate::output::Output;
use crate::study::{Design, Study};
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

/// Two levels of two factors, with the rows in which all else is alike.
struct Square {
    effect: [String; 3],
    by: [String; 3],
    /// Both first; the effect alone; the other alone; both.
    rows: Vec<[u64; 4]>,
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
    let squares = squares(study, data.rows)?;
    let places = squares.iter().flat_map(|square| (0..outputs.len()).map(move |place| (square, place)));
    let places: Vec<_> = places
        .filter(|(square, place)| square.is_of_patient || !matches!(outputs[*place], Output::Patient(_)))
        .collect();
    let mut all: Vec<Interaction> = places
        .par_iter()
        .filter_map(|(square, place)| {
            let less = data.contrasts(*place, &square.rows, [-1.0, 1.0, 0.0, 0.0]);
            let more = data.contrasts(*place, &square.rows, [0.0, 0.0, -1.0, 1.0]);
            let found = paired(&less, &more, LEVEL).ok()?;
            let (output, effect, by) = (outputs[*place].clone(), square.effect.clone(), square.by.clone());
            Some(Interaction { output, effect, by, found, adjusted_p: None })
        })
        .collect();
    let p: Vec<Option<f64>> = all.iter().map(|one| one.found.p).collect();
    for (one, adjusted) in all.iter_mut().zip(adjusted(&p)?) {
        one.adjusted_p = adjusted;
    }
    Ok(all)
}

fn squares(study: &Study, rows: u64) -> Result<Vec<Square>> {
    let mut squares = Vec::new();
    let mut tested = Vec::new();
    for (place, factor) in study.factors.iter().enumerate() {
        if !is_draw(factor)? {
            tested.push((place, factor));
        }
    }
    for (n, (one, effect)) in tested.iter().enumerate() {
        for (other, by) in &tested[n + 1..] {
            for a in 1..effect.level_count().unwrap_or(0) {
                for b in 1..by.level_count().unwrap_or(0) {
                    let names = |factor: &crate::study::Factor, level: usize| -> Result<[String; 3]> {
                        let [from, to] = [factor.level(0)?, factor.level(level)?];
                        Ok([factor.name.clone(), from.value.to_string(), to.value.to_string()])
                    };
                    squares.push(Square {
                        effect: names(effect, a)?,
                        by: names(by, b)?,
                        rows: corners(study, rows, [(*one, a), (*other, b)]),
                        is_of_patient: is_of_patient(effect)? || is_of_patient(by)?,
                    });
                }
            }
        }
    }
    Ok(squares)
}

/// Rows at the first level of both factors, each with the three that differ from it in these alone.
fn corners(study: &Study, rows: u64, [(one, a), (other, b)]: [(usize, usize); 2]) -> Vec<[u64; 4]> {
    let is_first = |row: &u64| [one, other].iter().all(|factor| study.level_at(*row, *factor) == Some(0));
    let corners = |row: u64| {
        let alone = study.row_with(row, one, a)?;
        Some([row, alone, study.row_with(row, other, b)?, study.row_with(alone, other, b)?])
    };
    (0..rows).filter(is_first).filter_map(corners).collect()
}
