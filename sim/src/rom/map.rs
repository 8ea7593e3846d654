//! Every position of a hip at once: free, or in contact and by which pair of bodies.
//!
//! The three hip angles span a box of cells. Two rotations whose angles differ by f, a and r (flexion, adduction, internal
//! rotation) are no further apart than sqrt(f² + a² + r² + 2 f r sin|adduction|): flexion and rotation turn about axes that
//! enclose 90 degrees less adduction, and adduction about the normal of both. So a clearance or a depth of contact at the middle
//! of a box of cells decides all of them at once where it exceeds the way that any point can go (`ContactModel::around`). A box
//! that is not decided is divided, down to single cells, which are answered exactly at their middle.
//!
//! The free volume is measured in rotation space: a cell counts by the cosine of its adduction, the invariant measure of
//! rotations in these angles.

use super::cone::ConeHip;
use super::contact::{Around, ContactModel, Memory, Open, Span};
use super::rim::RimHip;
use coxa_geometry::frame::Frame;
use coxa_geometry::joint::HipAngles;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Values of one angle at equal steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapAxis {
    /// First value in degrees.
    pub first_deg: f64,
    /// Step in degrees.
    pub step_deg: f64,
    /// How many values.
    pub count: usize,
}

/// Which positions a map has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapOptions {
    /// Flexion, extension negative.
    pub flexion: MapAxis,
    /// Adduction, abduction negative.
    pub adduction: MapAxis,
    /// Internal rotation, external negative.
    pub internal_rotation: MapAxis,
}

/// Why there is no map.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MapError {
    /// An axis without values, with a step that is not above zero, or beyond a full turn (adduction beyond 90 degrees).
    #[error("the {0} axis of the map is empty, has no positive step or goes beyond the angle's range")]
    Axis(&'static str),
    /// More cells than can be counted in 32 bits.
    #[error("a map of {0} cells is too large; take a larger step")]
    TooLarge(usize),
    /// More pairs than causes can be told apart.
    #[error("a map takes from 1 to {most} pairs, not {0}", most = MOST_PAIRS)]
    Pairs(usize),
}

/// Pairs that one map can hold.
const MOST_PAIRS: usize = 32;
/// Cells along each side of the boxes that threads work on.
const BRICK: usize = 16;

impl MapAxis {
    /// From one value to another, both in degrees and included.
    pub fn new(first_deg: f64, last_deg: f64, step_deg: f64) -> Self {
        let count = ((last_deg - first_deg) / step_deg + 1e-9).floor() + 1.0;
        // What is no number becomes zero, and is refused when the map is made.
        MapAxis { first_deg, step_deg, count: count.max(0.0) as usize }
    }

    /// The value at an index, which may lie between two.
    fn at(&self, index: f64) -> f64 {
        self.first_deg + self.step_deg * index
    }

    fn is_sound(&self, most_deg: f64) -> bool {
        let last = self.at(self.count as f64 - 1.0);
        self.count > 0 && self.step_deg > 0.0 && self.first_deg.abs() <= most_deg && last.abs() <= most_deg
    }
}

impl Default for MapOptions {
    /// Flexion -40° to 140°, abduction and adduction to 60°, rotation to 90° both ways, at 1 degree: 4.0 million cells.
    fn default() -> Self {
        MapOptions {
            flexion: MapAxis::new(-40.0, 140.0, 1.0),
            adduction: MapAxis::new(-60.0, 60.0, 1.0),
            internal_rotation: MapAxis::new(-90.0, 90.0, 1.0),
        }
    }
}

/// Two bodies that may meet, by surfaces or in closed form.
#[derive(Clone, Copy)]
pub enum Pair<'a, P: Frame> {
    /// Surfaces of both sides.
    Surfaces(&'a ContactModel<P>),
    /// A neck in a round liner.
    Cone(&'a ConeHip<P>),
    /// A neck in a liner with a rim of any shape.
    Rim(&'a RimHip<P>),
}

impl<P: Frame> Pair<'_, P> {
    /// For a closed form, the angle by which the hip may turn any way, or must turn back, until contact begins or ends; `None` for
    /// surfaces.
    fn margin(&self, angles: HipAngles) -> Option<f64> {
        match self {
            Pair::Surfaces(_) => None,
            Pair::Cone(cone) => Some(cone.margin(angles).radians()),
            Pair::Rim(rim) => Some(rim.margin(angles).radians()),
        }
    }
}

/// What is known of every cell.
#[derive(Debug, Clone, PartialEq)]
pub struct RomMap {
    options: MapOptions,
    /// Zero where free, else one more than the index of the pair; internal rotation runs fastest, then adduction.
    cells: Vec<u8>,
}

impl RomMap {
    /// Answers every cell for some pairs of bodies; of several that are in contact the first counts.
    /// `progress` is called now and then, from any thread, with the part done.
    ///
    /// # Errors
    /// Any [`MapError`].
    pub fn new<P: Frame>(
        pairs: &[Pair<'_, P>],
        options: MapOptions,
        progress: &(dyn Fn(f64) + Sync),
    ) -> Result<Self, MapError> {
        if pairs.is_empty() || pairs.len() > MOST_PAIRS {
            return Err(MapError::Pairs(pairs.len()));
        }
        let axes = [options.flexion, options.adduction, options.internal_rotation];
        for (axis, (name, most)) in
            axes.iter().zip([("flexion", 360.0), ("adduction", 90.0), ("rotation", 360.0)])
        {
            if !axis.is_sound(most) {
                return Err(MapError::Axis(name));
            }
        }
        let counts = axes.map(|axis| axis.count);
        let total =
            counts.iter().try_fold(1usize, |product, &n| product.checked_mul(n)).unwrap_or(usize::MAX);
        if total > u32::MAX as usize {
            return Err(MapError::TooLarge(total));
        }
        let pieces = counts.map(|n| n.div_ceil(BRICK));
        let bricks: Vec<Cells> = (0..pieces.iter().product())
            .map(|i: usize| {
                let at = [i / pieces[2] / pieces[1], i / pieces[2] % pieces[1], i % pieces[2]];
                Cells([0, 1, 2].map(|axis| at[axis] * BRICK..((at[axis] + 1) * BRICK).min(counts[axis])))
            })
            .collect();
        let done = AtomicUsize::new(0);
        let answers: Vec<Vec<u8>> = bricks
            .par_iter()
            .map(|brick| {
                let mut work = Work {
                    pairs,
                    options: &options,
                    origin: brick.0.clone().map(|range| range.start),
                    answers: vec![0; BRICK * BRICK * BRICK],
                    memories: pairs.iter().map(|_| Memory::new()).collect(),
                    open: pairs.iter().map(|_| Open::new()).collect(),
                };
                work.answer(brick, &[const { Some(Span::ALL) }; MOST_PAIRS]);
                progress((done.fetch_add(1, Ordering::Relaxed) + 1) as f64 / bricks.len() as f64);
                work.answers
            })
            .collect();
        let mut cells = vec![0; total];
        for (Cells([flexion, adduction, rotation]), answers) in bricks.iter().zip(&answers) {
            for (i, f) in flexion.clone().enumerate() {
                for (j, a) in adduction.clone().enumerate() {
                    let from = (i * BRICK + j) * BRICK;
                    let to = (f * counts[1] + a) * counts[2] + rotation.start;
                    cells[to..to + rotation.len()].copy_from_slice(&answers[from..from + rotation.len()]);
                }
            }
        }
        Ok(RomMap { options, cells })
    }

    /// The positions of the map.
    pub fn options(&self) -> &MapOptions {
        &self.options
    }

    /// Which pair is in contact at a cell, by the indices of flexion, adduction and internal rotation; `None` where the
    /// position is free or not on the map.
    pub fn contact(&self, flexion: usize, adduction: usize, internal_rotation: usize) -> Option<usize> {
        let [_, na, nr] = self.counts();
        if adduction >= na || internal_rotation >= nr {
            return None;
        }
        let cell = self.cells.get((flexion * na + adduction) * nr + internal_rotation)?;
        usize::from(*cell).checked_sub(1)
    }

    /// How many cells are free, and how many each of so many pairs stops first.
    pub fn census(&self, pairs: usize) -> (usize, Vec<usize>) {
        let mut counts = vec![0; pairs + 1];
        for &cell in &self.cells {
            if let Some(count) = counts.get_mut(usize::from(cell)) {
                *count += 1;
            }
        }
        let stopped = counts.split_off(1);
        (counts[0], stopped)
    }

    /// The part of the map's rotations that is free, by the invariant measure of rotations: the range-of-motion score.
    pub fn free_share(&self) -> f64 {
        let [_, na, nr] = self.counts();
        let (mut free, mut all) = (0.0, 0.0);
        for (row, cells) in self.cells.chunks_exact(nr).enumerate() {
            let adduction = self.options.adduction.at((row % na) as f64).to_radians();
            let count = cells.iter().filter(|&&cell| cell == 0).count();
            free += adduction.cos() * count as f64;
            all += adduction.cos() * cells.len() as f64;
        }
        if all > 0.0 { free / all } else { 0.0 }
    }

    fn counts(&self) -> [usize; 3] {
        let MapOptions { flexion, adduction, internal_rotation } = &self.options;
        [flexion.count, adduction.count, internal_rotation.count]
    }
}

/// A box of cells, by the indices of flexion, adduction and internal rotation.
struct Cells([Range<usize>; 3]);

/// One brick of cells and what its thread needs.
struct Work<'a, P: Frame> {
    pairs: &'a [Pair<'a, P>],
    options: &'a MapOptions,
    origin: [usize; 3],
    answers: Vec<u8>,
    memories: Vec<Memory>,
    open: Vec<Open>,
}

impl<P: Frame> Work<'_, P> {
    /// Answers a box of cells. For each pair, `spans` has what a larger box left open, `None` where that is nothing: the pair
    /// is free in all of the box.
    fn answer(&mut self, cells: &Cells, spans: &[Option<Span>; MOST_PAIRS]) {
        let (angles, radius) = self.middle(cells);
        let rotation = angles.rotation();
        let is_single = cells.0.iter().all(|range| range.len() == 1);
        let mut spans = *spans;
        let mut is_open = false;
        for (index, pair) in self.pairs.iter().enumerate() {
            let Some(span) = spans[index] else { continue };
            let (memory, open) = (&mut self.memories[index], &mut self.open[index]);
            let around = match pair {
                Pair::Surfaces(model) if is_single => {
                    match model.is_free_within(&rotation, open, span, memory) {
                        true => Around::Free,
                        false => Around::Contact,
                    }
                }
                Pair::Surfaces(model) => model.around(&rotation, radius, open, span, memory),
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
    fn middle(&self, Cells(cells): &Cells) -> (HipAngles, f64) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rom::cone::neck_axis;
    use crate::rom::contact::Part;
    use crate::rom::rim::{self, Neck};
    use coxa_geometry::cup::Radiographic;
    use coxa_geometry::frame::{Cup, Femur, Gravity};
    use coxa_geometry::{Angle, Mesh, Point, Transform};

    fn cuboid<F: Frame>(low: [f64; 3], high: [f64; 3]) -> Mesh<F> {
        let vertices = (0..8)
            .map(|i: usize| {
                let coordinate = |axis: usize| if i >> axis & 1 == 1 { high[axis] } else { low[axis] };
                Point::new(coordinate(0), coordinate(1), coordinate(2))
            })
            .collect();
        let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        let triangles = quads.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
        Mesh { vertices, triangles }
    }

    /// A thigh with a crooked end, before it a wall and inside of it another.
    fn models() -> [ContactModel<Gravity>; 2] {
        let rod = cuboid::<Femur>([-10.0, -200.0, -14.0], [14.0, -50.0, 8.0]);
        let walls: [Mesh<Gravity>; 2] = [
            cuboid([40.0, -30.0, -60.0], [300.0, 20.0, 60.0]),
            cuboid([-90.0, -90.0, -120.0], [90.0, -10.0, -70.0]),
        ];
        walls.map(|wall| {
            ContactModel::new(&[Part { name: "wall", mesh: &wall }], &[Part { name: "rod", mesh: &rod }])
                .unwrap()
        })
    }

    fn coarse() -> MapOptions {
        MapOptions {
            flexion: MapAxis::new(-40.0, 140.0, 6.0),
            adduction: MapAxis::new(-60.0, 60.0, 5.0),
            internal_rotation: MapAxis::new(-90.0, 90.0, 9.0),
        }
    }

    #[test]
    fn every_cell_is_what_its_position_alone_gives() {
        let models = models();
        let both: Vec<Pair<'_, Gravity>> = models.iter().map(Pair::Surfaces).collect();
        let map = RomMap::new(&both, coarse(), &|_| {}).unwrap();
        let (mut free, mut all) = (0.0, 0.0);
        for f in 0..31 {
            for a in 0..25 {
                for r in 0..21 {
                    let angles = HipAngles::from_degrees(
                        -40.0 + 6.0 * f as f64,
                        -60.0 + 5.0 * a as f64,
                        -90.0 + 9.0 * r as f64,
                    );
                    let expected = models.iter().position(|model| !model.is_free(&angles.rotation()));
                    assert_eq!(map.contact(f, a, r), expected, "{angles}");
                    all += angles.adduction.cos();
                    free += if expected.is_none() { angles.adduction.cos() } else { 0.0 };
                }
            }
        }
        assert!((map.free_share() - free / all).abs() < 1e-12);
        let (free, stopped) = map.census(2);
        assert_eq!(free + stopped[0] + stopped[1], 31 * 25 * 21);
        assert!(free > 1000 && stopped.iter().all(|&count| count > 300), "{free} {stopped:?}");
    }

    #[test]
    fn more_bodies_leave_less_free_and_threads_change_nothing() {
        let models = models();
        let [front, inside] = models.each_ref().map(Pair::Surfaces);
        let one = RomMap::new(&[front], coarse(), &|_| {}).unwrap();
        let both = RomMap::new(&[front, inside], coarse(), &|_| {}).unwrap();
        assert!(both.free_share() < one.free_share());
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(alone.install(|| RomMap::new(&[front, inside], coarse(), &|_| {}).unwrap()), both);
    }

    #[test]
    fn closed_forms_answer_every_cell_as_its_position_alone_does() {
        let axis = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
        let neck = neck_axis(Angle::from_degrees(135.0), Angle::from_degrees(12.0));
        let cone = ConeHip::new(axis, neck, Angle::from_degrees(150.0)).unwrap();
        // A narrower rim with a lip on a side.
        let out = axis.coords();
        let up = coxa_geometry::Vector::from_coords(out.cross(&nalgebra::Vector3::z()));
        let across = coxa_geometry::Vector::from_coords(up.coords().cross(&out));
        let cup = Transform::<Cup, Gravity>::from_axes(Point::origin(), across, up).unwrap();
        let points = rim::profile(|azimuth| (18.0, 3.0 * azimuth.cos().max(0.0)));
        let neck = Neck { axis: neck, diameter_mm: 12.0, half_taper: Angle::ZERO };
        let lipped = RimHip::new(&points, &cup, &neck).unwrap();
        let [wall, _] = models();
        let pairs = [Pair::Surfaces(&wall), Pair::Cone(&cone), Pair::Rim(&lipped)];
        let map = RomMap::new(&pairs, coarse(), &|_| {}).unwrap();
        let mut seen = [0; 4];
        for f in 0..31 {
            for a in 0..25 {
                for r in 0..21 {
                    let [f_deg, a_deg, r_deg] =
                        [6.0 * f as f64 - 40.0, 5.0 * a as f64 - 60.0, 9.0 * r as f64 - 90.0];
                    let angles = HipAngles::from_degrees(f_deg, a_deg, r_deg);
                    let met = [
                        !wall.is_free(&angles.rotation()),
                        cone.margin(angles) < Angle::ZERO,
                        lipped.margin(angles) < Angle::ZERO,
                    ];
                    let expected = met.iter().position(|&met| met);
                    assert_eq!(map.contact(f, a, r), expected, "{angles}");
                    seen[expected.map_or(3, |n| n)] += 1;
                }
            }
        }
        assert!(seen.iter().all(|&n| n > 50), "{seen:?}");
    }

    #[test]
    fn a_box_of_cells_lies_within_its_radius() {
        let [front, _] = models();
        let options = MapOptions { adduction: MapAxis::new(-90.0, 90.0, 5.0), ..coarse() };
        let pairs = [Pair::Surfaces(&front)];
        let work = Work {
            pairs: &pairs,
            options: &options,
            origin: [0; 3],
            answers: vec![],
            memories: vec![],
            open: vec![],
        };
        for (f, a, r) in [(0, 0, 0), (4, 20, 7), (9, 33, 3)] {
            let cells = Cells([f..f + 8, a..a + 3, r..r + 9]);
            let (middle, radius) = work.middle(&cells);
            for f in cells.0[0].clone() {
                for a in cells.0[1].clone() {
                    for r in cells.0[2].clone() {
                        let [f, a, r] = [f, a, r].map(|i| i as f64);
                        let axes = [options.flexion, options.adduction, options.internal_rotation];
                        let angles = HipAngles::from_degrees(axes[0].at(f), axes[1].at(a), axes[2].at(r));
                        assert!(middle.angle_to(angles).radians() <= radius + 1e-12, "{angles}");
                    }
                }
            }
        }
    }

    #[test]
    fn maps_without_sense_are_refused() {
        let [front, _] = models();
        let refused = |options| RomMap::new(&[Pair::Surfaces(&front)], options, &|_| {}).err();
        for axis in
            [MapAxis::new(0.0, 10.0, 0.0), MapAxis::new(10.0, 0.0, 1.0), MapAxis::new(f64::NAN, 1.0, 1.0)]
        {
            assert_eq!(refused(MapOptions { flexion: axis, ..coarse() }), Some(MapError::Axis("flexion")));
        }
        let adduction = MapAxis::new(-100.0, 0.0, 1.0);
        assert_eq!(refused(MapOptions { adduction, ..coarse() }), Some(MapError::Axis("adduction")));
        let fine = MapAxis::new(-90.0, 90.0, 1e-3);
        let options = MapOptions { flexion: fine, adduction: fine, internal_rotation: fine };
        assert!(matches!(refused(options), Some(MapError::TooLarge(_))));
        assert_eq!(RomMap::new::<Gravity>(&[], coarse(), &|_| {}).err(), Some(MapError::Pairs(0)));
    }
}
