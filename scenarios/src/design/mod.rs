//! How levels are combined: for every row of a design a level of every factor, made from the row's number alone, so that a design of
//! millions of rows is never held in memory.

mod place;

pub(crate) use place::{hash, unit};

use crate::study::{Choice, Design, Factor, Study, StudyError};
use place::{latin, morris, sobol};

/// Where a factor stands in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// Level by its number.
    Level(usize),
    /// Part of all, 0 to 1.
    Part(f64),
}

impl Study {
    /// Rows of the design: combinations of levels that every patient gets.
    pub fn row_count(&self) -> u64 {
        let factors = self.factors.len() as u64;
        let counts = || self.factors.iter().map(|factor| factor.level_count().unwrap_or(1) as u64);
        match self.design {
            Design::Factorial => counts().fold(1u64, u64::saturating_mul),
            Design::OneAtATime => 1 + counts().map(|count| count.saturating_sub(1)).sum::<u64>(),
            Design::LatinHypercube { samples } | Design::Sobol { samples } => samples as u64,
            Design::SobolIndices { samples } => samples as u64 * (factors + 2),
            Design::Morris { trajectories } => trajectories as u64 * (factors + 1),
        }
    }

    /// The levels of all factors in a row, in the order of the file.
    ///
    /// # Errors
    /// A level that cannot be, of a study that was not checked.
    pub fn row(&self, row: u64) -> Result<Vec<Choice>, StudyError> {
        let places = self.places(row);
        self.factors.iter().zip(places).map(|(factor, place)| chosen(factor, place)).collect()
    }

    /// Whether rows are combinations of levels, rather than samples.
    pub fn is_enumerated(&self) -> bool {
        matches!(self.design, Design::Factorial | Design::OneAtATime)
    }

    /// The level of a factor in a row, by its number; `None` of samples.
    pub(crate) fn level_at(&self, row: u64, factor: usize) -> Option<usize> {
        match self.places(row).get(factor)? {
            Place::Level(level) => Some(*level),
            Place::Part(_) => None,
        }
    }

    /// Of a factorial design: by how many rows two neighbouring levels of a factor lie apart, and how many levels it has.
    pub(crate) fn stride(&self, factor: usize) -> (u64, u64) {
        let count = |factor: &Factor| factor.level_count().unwrap_or(1).max(1) as u64;
        (self.factors[factor + 1..].iter().map(count).product(), count(&self.factors[factor]))
    }

    /// The row that differs from another in one factor alone, which has this level there; `None` where the design has none.
    pub(crate) fn row_with(&self, row: u64, factor: usize, level: usize) -> Option<u64> {
        let counts =
            |from: usize| self.factors.iter().skip(from).map(|f| f.level_count().unwrap_or(1) as u64);
        match self.design {
            Design::Factorial => {
                let stride: u64 = counts(factor + 1).product();
                let now = self.level_at(row, factor)? as u64;
                Some(row - now * stride + level as u64 * stride)
            }
            Design::OneAtATime if row == 0 && level > 0 => {
                let before: u64 = counts(0).take(factor).map(|count| count.saturating_sub(1)).sum();
                Some(before + level as u64)
            }
            _ => None,
        }
    }

    /// In a design of trajectories the factor in which a row differs from the one before, and by what part of its range; `None` where the step
    /// leads from a level to itself.
    pub(crate) fn step_at(&self, row: u64) -> Option<(usize, f64)> {
        let factor = place::moved(self.seed, self.factors.len(), row)?;
        let [before, now] = [row - 1, row].map(|row| morris(self.seed, self.factors.len(), row)[factor]);
        let step = match self.factors[factor].level_count() {
            None => now - before,
            Some(count) => {
                let level = |part: f64| ((part * count as f64) as usize).min(count - 1) as f64;
                (level(now) - level(before)) / count.saturating_sub(1).max(1) as f64
            }
        };
        (step != 0.0).then_some((factor, step))
    }

    /// Whether a row shows a level of a factor against its others: one at a time, the first level is that of the first row alone.
    pub(crate) fn shows(&self, row: u64, factor: usize, level: usize) -> bool {
        let is_there = self.level_at(row, factor) == Some(level);
        is_there && !(self.design == Design::OneAtATime && level == 0 && row != 0)
    }

    fn places(&self, row: u64) -> Vec<Place> {
        let count = self.factors.len();
        let dimensions = 0..count;
        match self.design {
            Design::Factorial => factorial(&self.factors, row),
            Design::OneAtATime => one_at_a_time(&self.factors, row),
            Design::LatinHypercube { samples } => {
                dimensions.map(|factor| Place::Part(latin(self.seed, factor, row, samples as u64))).collect()
            }
            Design::Sobol { .. } => {
                dimensions.map(|factor| Place::Part(sobol(self.seed, factor, row))).collect()
            }
            Design::SobolIndices { .. } => {
                let (sample, matrix) = (row / (count as u64 + 2), row % (count as u64 + 2));
                // Matrix 0 is A, 1 is B, 2 + i is A with the column i of B.
                let of_b = |factor: usize| matrix == 1 || matrix == 2 + factor as u64;
                let column = |factor: usize| if of_b(factor) { count + factor } else { factor };
                dimensions.map(|factor| Place::Part(sobol(self.seed, column(factor), sample))).collect()
            }
            Design::Morris { .. } => {
                let parts = morris(self.seed, count, row).into_iter().zip(&self.factors);
                parts.map(|(part, factor)| Place::Part(factor.part_of_grid(part))).collect()
            }
        }
    }
}

fn chosen(factor: &Factor, place: Place) -> Result<Choice, StudyError> {
    match place {
        Place::Level(level) => factor.level(level),
        Place::Part(part) => factor.at(part),
    }
}

/// The last factor varies fastest.
fn factorial(factors: &[Factor], row: u64) -> Vec<Place> {
    let mut rest = row;
    let mut places: Vec<Place> = factors
        .iter()
        .rev()
        .map(|factor| {
            let count = factor.level_count().unwrap_or(1).max(1) as u64;
            let level = rest % count;
            rest /= count;
            Place::Level(level as usize)
        })
        .collect();
    places.reverse();
    places
}

fn one_at_a_time(factors: &[Factor], row: u64) -> Vec<Place> {
    let mut places = vec![Place::Level(0); factors.len()];
    let Some(mut rest) = row.checked_sub(1) else { return places };
    for (place, factor) in places.iter_mut().zip(factors) {
        let others = factor.level_count().unwrap_or(1).saturating_sub(1) as u64;
        if rest < others {
            *place = Place::Level(1 + rest as usize);
            break;
        }
        rest -= others;
    }
    places
}

#[cfg(test)]
mod tests;
