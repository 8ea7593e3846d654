//! how much clearance is left between both sides, or how deep they are in one another.
//!
//! **Apart**: the smallest distance of any two triangles, exact in double precision. The moving spheres are looked at in the order of
//! the lower bound that the field gives them; a triangle that may be nearer than the best found so far asks a tree of spheres
//! over the fixed triangles for the nearest one. The search ends where no bound is below the best distance.
//!
//! **In contact**: minus the depth of the surface point that lies deepest in a watertight part of the other side, over the corners
//! of the triangles of both sides (the moving ones as refined for the search, with sides of at most 3 mm). The depth of a point is
//! its distance from that part's surface. This is no more than the distance by which the sides would have to be moved apart,
//! and nearly it for bodies that are smooth at the scale of their triangles; edges that cross without a corner inside, and
//! open surfaces, have depth zero.
//!
//! Both are signed distances of points from solids, or minima of them. So the clearance is continuous, also where contact begins,
//! and between two rotations an angle a apart it changes by no more than 2 sin(a/2) times the largest distance of a
//! corner from the hip centre.

use super::body::{Body, Solid};
use super::lanes::LANES;
use super::region::{Memory, Open, Span};
use super::spheres::SphereTree;
use super::{BATCH, ContactModel, Pose, centred, placed, pose_of};
use coxa_geometry::frame::{Femur, Frame};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::triangle::{Corners, closest_points_of_corners, gap};
use coxa_geometry::{Point, Transform};
use nalgebra::Point3;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Clearance between two parts, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Clearance<P: Frame> {
    /// Distance, or minus the depth of contact.
    pub distance_mm: f64,
    /// Part of the pelvis side.
    pub fixed: String,
    /// Part of the femur side.
    pub moving: String,
    /// The place on the pelvis side, in the pelvis.
    pub on_fixed: Point<P>,
    /// The place on the femur side, in the pelvis. In contact, one of both places is the deepest point and the other the point
    /// of the other side's surface next to it.
    pub on_moving: Point<P>,
}

/// What one position leaves for the next; it decides only how quickly an answer is found.
struct Last {
    open: Open,
    memory: Memory,
    /// The nearest fixed and moving triangle.
    nearest: Option<(u32, u32)>,
}

impl Last {
    fn new() -> Self {
        Last { open: Open::new(), memory: Memory::new(), nearest: None }
    }
}

/// What single precision may lose of a distance between spheres.
const ROUNDING_MM: f32 = 4e-3;

impl<P: Frame> ContactModel<P> {
    /// Clearance in a position, negative in contact; `None` where the sides can never meet. Only what can meet for its
    /// distance from the hip centre counts.
    pub fn clearance(&self, angles: HipAngles) -> Option<Clearance<P>> {
        self.clearance_after(&centred(angles.rotation()), &mut Last::new())
    }

    /// As [`ContactModel::clearance`], for many positions on all threads; quicker where neighbours in the list are similar.
    pub fn clearances(&self, positions: &[HipAngles]) -> Vec<Option<Clearance<P>>> {
        self.clearances_of(positions, |angles| centred(angles.rotation()))
    }

    /// Clearance in a pose of the femur in the pelvis, as [`ContactModel::clearance`]. A pose that is off by more
    /// than the model's play, or is not finite, is no clearance: it counts as contact, with zero or some depth.
    pub fn clearance_at(&self, femur: &Transform<Femur, P>) -> Option<Clearance<P>> {
        self.clearance_after(&pose_of(femur), &mut Last::new())
    }

    /// As [`ContactModel::clearance_at`], for many poses on all threads; quicker where neighbours in the list are similar.
    pub fn clearances_at(&self, femurs: &[Transform<Femur, P>]) -> Vec<Option<Clearance<P>>> {
        self.clearances_of(femurs, pose_of)
    }

    fn clearances_of<T: Sync>(
        &self,
        list: &[T],
        pose: impl Fn(&T) -> Pose + Sync,
    ) -> Vec<Option<Clearance<P>>> {
        let pose = &pose;
        let batches = list.par_chunks(BATCH).flat_map_iter(|batch| {
            let mut last = Last::new();
            batch.iter().map(move |item| self.clearance_after(&pose(item), &mut last))
        });
        batches.collect()
    }

    fn clearance_after(&self, pose: &Pose, last: &mut Last) -> Option<Clearance<P>> {
        if !self.is_free_within(pose, &mut last.open, Span::ALL, &mut last.memory) {
            return Some(self.depth(pose));
        }
        let nearest = self.nearest(pose, last.nearest)?;
        last.nearest = Some((nearest.fixed, nearest.moving));
        let (fixed, moving) =
            (&self.fixed.body.faces[nearest.fixed as usize], &self.moving.faces[nearest.moving as usize]);
        Some(Clearance {
            distance_mm: nearest.distance,
            fixed: self.fixed.body.solids[fixed.part as usize].name.clone(),
            moving: self.moving.solids[moving.part as usize].name.clone(),
            on_fixed: Point::from_coords(nearest.places[0]),
            on_moving: Point::from_coords(nearest.places[1]),
        })
    }

    /// The nearest two triangles of sides that are apart. `guess` is a pair that may be near.
    fn nearest(&self, pose: &Pose, guess: Option<(u32, u32)>) -> Option<Pair> {
        let fixed_tree = self.fixed.tree();
        let placed_in_grid = self.sides().placed(pose);
        let mut best: Option<Pair> = None;
        if let Some((fixed, moving)) = guess {
            let corners = placed(pose, &self.moving.faces[moving as usize].corners);
            best = Some(Pair::of(fixed, &self.fixed.body.faces[fixed as usize].corners, moving, &corners));
        }
        let mut waiting = BinaryHeap::from([Waiting { bound: 0.0, what: What::Block(0) }]);
        while let Some(Waiting { bound, what }) = waiting.pop() {
            if best.as_ref().is_some_and(|best| f64::from(bound) >= best.distance) {
                break;
            }
            match what {
                What::Triangle(moving) => {
                    let corners = placed(pose, &self.moving.faces[moving as usize].corners);
                    self.nearest_fixed(fixed_tree, moving, &corners, &mut best);
                }
                What::Block(index) => {
                    let block = &self.tree.blocks[index as usize];
                    let (away, _) = self.sides().away(&placed_in_grid, block);
                    for (&away, &child) in away.iter().zip(&block.child) {
                        // A place that is not used is infinitely far.
                        if away == f32::INFINITY {
                            continue;
                        }
                        let bound = bound.max(away);
                        let what = if block.is_leaf { What::Triangle(child) } else { What::Block(child) };
                        waiting.push(Waiting { bound, what });
                    }
                }
            }
        }
        best
    }

    /// Takes the fixed triangle nearest to a moving one, if that is nearer than the best pair so far.
    fn nearest_fixed(&self, tree: &SphereTree, moving: u32, corners: &Corners, best: &mut Option<Pair>) {
        let centre = Point3::from((corners[0].coords + corners[1].coords + corners[2].coords) / 3.0);
        let radius = corners.iter().map(|c| (c - centre).norm()).fold(0.0, f64::max) as f32 + ROUNDING_MM;
        let [cx, cy, cz] = [centre.x as f32, centre.y as f32, centre.z as f32];
        let reach = |best: &Option<Pair>| best.as_ref().map_or(f32::INFINITY, |best| best.distance as f32);
        let mut waiting = vec![(0.0f32, 0u32)];
        while let Some((bound, index)) = waiting.pop() {
            if bound >= reach(best) {
                continue;
            }
            let block = &tree.blocks[index as usize];
            let mut bounds = [0f32; LANES];
            for (i, bound) in bounds.iter_mut().enumerate() {
                let (x, y, z) = (block.x[i] - cx, block.y[i] - cy, block.z[i] - cz);
                // A place that is not used has no centre, and what is not a number is nearer than nothing.
                *bound = (x * x + y * y + z * z).sqrt() - block.radius[i] - radius;
            }
            let (mut near, mut count) = ([(0f32, 0u32); LANES], 0);
            for (&bound, &child) in bounds.iter().zip(&block.child) {
                if bound < reach(best) {
                    near[count] = (bound, child);
                    count += 1;
                }
            }
            // The nearest last, so that it is looked at first.
            near[..count].sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
            if !block.is_leaf {
                waiting.extend(&near[..count]);
                continue;
            }
            for &(bound, fixed) in near[..count].iter().rev() {
                let other = &self.fixed.body.faces[fixed as usize].corners;
                let least = best.as_ref().map_or(f64::INFINITY, |best| best.distance);
                if f64::from(bound) < least && gap(other, corners) < least {
                    let pair = Pair::of(fixed, other, moving, corners);
                    if pair.distance < least {
                        *best = Some(pair);
                    }
                }
            }
        }
    }

    /// The deepest point of sides in contact.
    fn depth(&self, pose: &Pose) -> Clearance<P> {
        let fixed_tree = self.fixed.tree();
        let back = pose.inverse();
        let of_moving = deepest(&self.moving, &self.tree, &self.fixed.body.solids, pose, 0.0);
        let least = of_moving.as_ref().map_or(0.0, |found| found.depth);
        let of_fixed = deepest(&self.fixed.body, fixed_tree, &self.moving.solids, &back, least);
        // Points of the other side come in its own axes.
        let place = |p: Point3<f64>| Point::from_coords(pose * p);
        let (found, on_fixed, on_moving) = match (of_fixed, of_moving) {
            (Some(found), _) => {
                let (on_fixed, on_moving) = (place(found.point), place(found.surface));
                (found, on_fixed, on_moving)
            }
            (None, Some(found)) => {
                let (on_fixed, on_moving) =
                    (Point::from_coords(found.surface), Point::from_coords(found.point));
                (Deepest { part: found.other, other: found.part, ..found }, on_fixed, on_moving)
            }
            (None, None) => {
                // Surfaces cross and no corner lies inside.
                let touch = self.touch_in(pose);
                let at = touch.as_ref().map_or(Point::origin(), |touch| touch.at);
                let (fixed, moving) = touch.map(|touch| (touch.fixed, touch.moving)).unwrap_or_default();
                return Clearance { distance_mm: 0.0, fixed, moving, on_fixed: at, on_moving: at };
            }
        };
        Clearance {
            distance_mm: -found.depth,
            fixed: self.fixed.body.solids[found.part].name.clone(),
            moving: self.moving.solids[found.other].name.clone(),
            on_fixed,
            on_moving,
        }
    }
}

/// Two triangles and their nearest points, on the fixed and on the moving one.
struct Pair {
    fixed: u32,
    moving: u32,
    distance: f64,
    places: [Point3<f64>; 2],
}

impl Pair {
    fn of(fixed: u32, fixed_corners: &Corners, moving: u32, moving_corners: &Corners) -> Pair {
        let places = closest_points_of_corners(fixed_corners, moving_corners);
        Pair { fixed, moving, distance: (places[0] - places[1]).norm(), places }
    }
}

/// What is not nearer than its bound; the nearest comes first.
struct Waiting {
    bound: f32,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Block(u32),
    Triangle(u32),
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound).then_with(|| other.what.cmp(&self.what))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

/// The deepest point of one side in the solids of the other, in the other's axes.
struct Deepest {
    depth: f64,
    point: Point3<f64>,
    /// The nearest point of the solid's surface.
    surface: Point3<f64>,
    /// The part that the point belongs to.
    part: usize,
    /// The part that it lies in.
    other: usize,
}

/// The point of `body` that lies deepest in one of `solids`, and deeper than `least`; `pose` leads to the solids' axes.
fn deepest<A: Frame, B: Frame>(
    body: &Body<A>,
    tree: &SphereTree,
    solids: &[Solid<B>],
    pose: &Pose,
    least: f64,
) -> Option<Deepest> {
    let mut best: Option<Deepest> = None;
    let floor = |best: &Option<Deepest>| best.as_ref().map_or(least, |best| best.depth);
    let look = |best: &mut Option<Deepest>, part: usize, p: &Point3<f64>| {
        let point = pose * p;
        for (other, solid) in solids.iter().enumerate() {
            if let Some((depth, surface)) = solid.depth(&point).filter(|found| found.0 > floor(best)) {
                *best = Some(Deepest { depth, point, surface, part, other });
            }
        }
    };
    // Pieces that never come near the other side's surface may yet lie in it.
    for (part, solid) in body.solids.iter().enumerate() {
        solid.pieces.iter().flatten().for_each(|p| look(&mut best, part, p));
    }
    let mut waiting = vec![0u32];
    while let Some(index) = waiting.pop() {
        let block = &tree.blocks[index as usize];
        for i in 0..LANES {
            if block.radius[i] < 0.0 {
                continue;
            }
            let centre = pose * Point3::new(block.x[i], block.y[i], block.z[i]).cast::<f64>();
            // A depth changes by no more than the way gone.
            let enough = floor(&best) - f64::from(block.radius[i]);
            if !solids.iter().any(|solid| solid.is_deeper_than(&centre, enough)) {
                continue;
            }
            if block.is_leaf {
                let face = &body.faces[block.child[i] as usize];
                face.corners.iter().for_each(|p| look(&mut best, face.part as usize, p));
            } else {
                waiting.push(block.child[i]);
            }
        }
    }
    best
}
