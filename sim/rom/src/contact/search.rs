//! Walks over the sphere tree: which triangles of the moving side may be near a fixed one.

use super::field::{Bounds, Field};
use super::lanes::{ALL, LANES, Lanes};
use super::planes::Planes;
use super::pose::Pose;
use super::spheres::{Block, PENDING, SphereTree};
use pulp::{Simd, WithSimd};

/// Where the moving side is, in single precision and to the field's grid.
pub(super) struct Placed([[f32; 4]; 3]);

impl Placed {
    #[inline(always)]
    pub(super) fn apply(&self, x: &Lanes, y: &Lanes, z: &Lanes) -> [Lanes; 3] {
        [row(&self.0[0], x, y, z), row(&self.0[1], x, y, z), row(&self.0[2], x, y, z)]
    }

    /// A direction of the pelvis with one spacing's length, as the unit vector that it is in the femur, and how high along
    /// it the femur's origin lies over the grid's.
    #[inline(always)]
    pub(super) fn back(&self, x: f32, y: f32, z: f32) -> [f32; 4] {
        let [a, b, c] = &self.0;
        let column = |i: usize| a[i] * x + b[i] * y + c[i] * z;
        [column(0), column(1), column(2), column(3)]
    }
}

#[inline(always)]
fn row(r: &[f32; 4], x: &Lanes, y: &Lanes, z: &Lanes) -> Lanes {
    let mut out = [0f32; LANES];
    for i in 0..LANES {
        out[i] = r[0] * x[i] + r[1] * y[i] + r[2] * z[i] + r[3];
    }
    out
}

/// The lanes of a set, lowest first.
#[inline(always)]
pub(super) fn each(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = bits.trailing_zeros() as usize;
        let some = bits != 0;
        bits &= bits.wrapping_sub(1);
        some.then_some(lowest)
    })
}

/// Fixed and moving side, as the walks see them.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) field: &'a Field,
    pub(super) planes: &'a Planes,
    pub(super) tree: &'a SphereTree,
}

impl Sides<'_> {
    /// The moving side in a pose.
    pub(super) fn placed(&self, pose: &Pose) -> Placed {
        Placed(self.field.to_grid(pose))
    }

    /// Calls with every triangle that may be nearer to a fixed one than its margin; ends where that returns true, and says
    /// whether it did. The margin of a sphere must be no less than that of anything in it.
    pub(super) fn any_within(
        self,
        placed: &Placed,
        margin: impl Fn(&Block) -> Lanes,
        found: impl FnMut(u32) -> bool,
    ) -> bool {
        self.field.arch().dispatch(MarginWalk { sides: self, placed, margin, found })
    }

    /// What the field alone can say of the distance of both sides: in millimetres, zero where they may touch and where a part of
    /// the moving surface is inside.
    pub(super) fn least_away(self, placed: &Placed) -> f64 {
        self.field.arch().dispatch(DistanceWalk { sides: self, placed })
    }

    /// What anything in each sphere of a block is at least away from every surface within reach, in millimetres, and a bit where the
    /// sphere's centre is surely inside. An unused place is infinitely far.
    #[inline(always)]
    pub(super) fn away(&self, placed: &Placed, block: &Block) -> (Lanes, u32) {
        let [x, y, z] = placed.apply(&block.x, &block.y, &block.z);
        let bounds = self.field.bounds(&x, &y, &z);
        let (_, deep) = bounds.judge(|_| (0.0, 0.0));
        let mut away = self.field.away(&x, &y, &z, &bounds);
        away.iter_mut().zip(&block.radius).for_each(|(away, radius)| *away -= radius);
        (away, deep)
    }

    /// What the field says of points of the moving side.
    #[inline(always)]
    pub(super) fn look(&self, placed: &Placed, [x, y, z]: [&Lanes; 3]) -> Bounds {
        let [x, y, z] = placed.apply(x, y, z);
        self.field.bounds(&x, &y, &z)
    }
}

struct MarginWalk<'a, M, F> {
    sides: Sides<'a>,
    placed: &'a Placed,
    margin: M,
    found: F,
}

impl<M: Fn(&Block) -> Lanes, F: FnMut(u32) -> bool> WithSimd for MarginWalk<'_, M, F> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> bool {
        let MarginWalk { sides, placed, margin, mut found } = self;
        let mut pending = [0u32; PENDING];
        let mut count = 1;
        while count > 0 {
            count -= 1;
            let block = &sides.tree.blocks[pending[count] as usize];
            let bounds = sides.look(placed, block.centres());
            let margin = margin(block);
            // A place without a sphere has no margin either.
            let (far, _) = bounds.judge(|i| {
                let reach = block.radius[i] + margin[i];
                (if block.radius[i] >= 0.0 { reach } else { f32::NEG_INFINITY }, 0.0)
            });
            for i in each(ALL & !far) {
                if !block.is_leaf {
                    pending[count] = block.child[i];
                    count += 1;
                } else if found(block.child[i]) {
                    return true;
                }
            }
        }
        false
    }
}

struct DistanceWalk<'a> {
    sides: Sides<'a>,
    placed: &'a Placed,
}

impl WithSimd for DistanceWalk<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        let DistanceWalk { sides, placed } = self;
        let mut least = f32::INFINITY;
        let mut pending = [(0f32, 0u32); PENDING];
        let mut count = 1;
        while count > 0 && least > 0.0 {
            count -= 1;
            let (bound, block) = pending[count];
            if bound >= least {
                continue;
            }
            let block = &sides.tree.blocks[block as usize];
            // What is inside is no distance away, however far its surface is.
            let (away, deep) = sides.away(placed, block);
            if deep != 0 {
                return 0.0;
            }
            if block.is_leaf {
                least = away.iter().fold(least, |least, &away| least.min(away));
            } else {
                let from = count;
                for (i, &away) in away.iter().enumerate().filter(|(_, away)| **away < least) {
                    pending[count] = (away, block.child[i]);
                    count += 1;
                }
                // The nearest last, so that it is looked at first.
                pending[from..count].sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
            }
        }
        f64::from(least.max(0.0))
    }
}
