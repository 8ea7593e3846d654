//! Boxes of cells, answered together where a bound decides them and divided where none does.

use super::options::{MOST_PAIRS, MapOptions, Pair};
use crate::contact::{Around, Memory, Open, Span, centred};
use coxa_geometry::frame::Frame;
use coxa_geometry::joint::HipAngles;
use std::ops::Range;

/// Cells along each side of the boxes that threads work on.
pub(super) const BRICK: usize = 16;

/// A box of cells, by the indices of flexion, adduction and internal rotation.
pub(super) struct Cells(pub(super) [Range<usize>; 3]);

/// One brick of cells and what its thread needs.
pub(super) struct Work<'a, P: Frame> {
    pub(super) pairs: &'a [Pair<'a, P>],
    pub(super) options: &'a MapOptions,
    pub(super) origin: [usize; 3],
    pub(super) answers: Vec<u8>,
    pub(super) memories: Vec<Memory>,
    pub(super) open: Vec<Open>,
}

impl<P: Frame> Work<'_, P> {
    /// Answers a brick: for each of its cells, rotation running fastest, zero where free or one more than the index of a pair.
    pub(super) fn of(pairs: &[Pair<'_, P>], options: &MapOptions, brick: &Cells) -> Vec<u8> {
        let mut work = Work {
            pairs,
            options,
            origin: brick.0.clone().map(|range| range.start),
            answers: vec![0; BRICK * BRICK * BRICK],
            memories: pairs.iter().map(|_| Memory::new()).collect(),
            open: pairs.iter().map(|_| Open::new()).collect(),
        };
        work.answer(brick, &[const { Some(Span::ALL) }; MOST_PAIRS]);
        work.answers
    }

    /// Answers a box of cells. For each pair, `spans` has what a larger box left open, `None` where that is nothing: the pair
    /// is free in all of the box.
    fn answer(&mut self, cells: &Cells, spans: &[Option<Span>; MOST_PAIRS]) {
        let (angles, radius) = self.middle(cells);
        let pose = centred(angles.rotation());
        let is_single = cells.0.iter().all(|range| range.len() == 1);
        let mut spans = *spans;
        let mut is_open = false;
        for (index, pair) in self.pairs.iter().enumerate() {
            let Some(span) = spans[index] else { continue };
            let (memory, open) = (&mut self.memories[index], &mut self.open[index]);
            let around = match pair {
                Pair::Surfaces(model) if is_single => match model.is_free_within(&pose, open, span, memory) {
                    true => Around::Free,
                    false => Around::Contact,
                },
                Pair::Surfaces(model) => model.around(&pose, radius, open, span, memory),
                Pair::Cone(_) | Pair::Rim(_) => match pair.margin(angles) {
                    // A margin changes by no more than the hip turns.
                    Some(margin) if margin >= radius => Around::Free,
                    Some(margin) if margin < -radius => Around::Contact,
                    _ if is_single => Around::Contact,
                    _ => Around::Unknown(span),
                },
            };
            match around {
                Around::Free => spans[index] = None,
                // Of several in contact the first counts, so those before must be known to be free.
                Around::Contact if !is_open => return self.fill(cells, index as u8 + 1),
                Around::Contact => {}
                Around::Unknown(span) => (spans[index], is_open) = (Some(span), true),
            }
        }
        if is_open {
            for part in parts(cells) {
                self.answer(&part, &spans);
            }
        }
    }

    /// The position in the middle of a box, and how far in radians any cell of it is turned from there at most.
    pub(super) fn middle(&self, Cells(cells): &Cells) -> (HipAngles, f64) {
        let MapOptions { flexion, adduction, internal_rotation } = self.options;
        let axes = [flexion, adduction, internal_rotation];
        let middle = [0, 1, 2].map(|i| axes[i].at((cells[i].start + cells[i].end - 1) as f64 / 2.0));
        let [f, a, r] =
            [0, 1, 2].map(|i| (axes[i].step_deg * (cells[i].len() - 1) as f64 / 2.0).to_radians());
        let steepest = (middle[1].abs().to_radians() + a).min(std::f64::consts::FRAC_PI_2).sin();
        let radius = (f * f + a * a + r * r + 2.0 * f * r * steepest).sqrt();
        (HipAngles::from_degrees(middle[0], middle[1], middle[2]), radius)
    }

    fn fill(&mut self, Cells([flexion, adduction, rotation]): &Cells, value: u8) {
        let [f0, a0, r0] = self.origin;
        for f in flexion.clone() {
            for a in adduction.clone() {
                let row = ((f - f0) * BRICK + a - a0) * BRICK;
                self.answers[row + rotation.start - r0..row + rotation.end - r0].fill(value);
            }
        }
    }
}

/// The up to eight parts of a box of more than one cell, halved across every side of more than one.
fn parts(Cells(cells): &Cells) -> impl Iterator<Item = Cells> {
    let [flexion, adduction, rotation] = cells.clone().map(halves);
    flexion.into_iter().flatten().flat_map(move |f| {
        let rotation = rotation.clone();
        adduction.clone().into_iter().flatten().flat_map(move |a| {
            let f = f.clone();
            rotation.clone().into_iter().flatten().map(move |r| Cells([f.clone(), a.clone(), r]))
        })
    })
}

/// The halves of a range, or the range where it holds but one.
fn halves(range: Range<usize>) -> [Option<Range<usize>>; 2] {
    let middle = range.start + range.len() / 2;
    if range.len() > 1 { [Some(range.start..middle), Some(middle..range.end)] } else { [Some(range), None] }
}
