//! What holds for all rotations near one: free, in contact, or not known.
//!
//! A region is a rotation with a radius, which may be zero. What a region leaves open is kept as a list of spheres, so that
//! smaller regions within it look at these alone. A sphere is divided where its own size is what keeps it open, and kept as it
//! is where that is the size of the region; so both shrink together, and deciding all parts of a region costs little more than
//! deciding it.
//!
//! The tree is walked level by level: all spheres of a level are looked up before anything depends on an answer, so that the
//! processor can work on many at a time.

use super::lanes::{ALL, LANES, Lanes};
use super::search::{Placed, Sides, each};
use super::spheres::Block;
use pulp::{Simd, WithSimd};

/// Spheres that regions left open, as a stack: a smaller region's lie above those of the region it is part of.
pub(crate) struct Open(Vec<Siblings>);

/// Some spheres of one block of the tree, as a bit for each.
#[derive(Clone, Copy)]
pub(super) struct Siblings {
    pub(super) block: u32,
    pub(super) lanes: u32,
}

/// A region's part of the stack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    from: usize,
    to: usize,
}

/// What holds for all rotations of a region.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Around {
    /// All are free of crossing surfaces.
    Free,
    /// All are in contact.
    Contact,
    /// Not known, for these spheres; where the radius is zero, all are triangles.
    Unknown(Span),
}

/// What one region leaves for the next: points that were deep inside the fixed side are likely to be so again. It decides
/// only how quickly an answer is found.
pub(crate) struct Memory {
    x: Lanes,
    y: Lanes,
    z: Lanes,
    lever: Lanes,
    oldest: usize,
    level: Vec<Siblings>,
    next: Vec<Siblings>,
    looked: Vec<Looked>,
    /// The triangle of either side that met last.
    pub(super) met: Option<(u32, u32)>,
}

/// What a look at some siblings found.
struct Looked {
    near: u32,
    index: [u32; LANES],
    off_squared: Lanes,
}

/// A sphere is divided where its radius is more than this times how far the region moves it.
const DIVIDE_FROM: f32 = 2.0;

impl Open {
    pub(crate) fn new() -> Self {
        Open(vec![Siblings { block: 0, lanes: ALL }])
    }

    /// The spheres of a span.
    pub(super) fn within(&self, span: Span) -> &[Siblings] {
        &self.0[span.from..span.to]
    }
}

impl Span {
    /// The whole of the moving side.
    pub(crate) const ALL: Span = Span { from: 0, to: 1 };
}

impl Memory {
    pub(crate) fn new() -> Self {
        // What is not a number is looked up at the grid's outermost nodes, which are outside.
        let nowhere = [f32::NAN; LANES];
        Memory {
            x: nowhere,
            y: nowhere,
            z: nowhere,
            lever: [0.0; LANES],
            oldest: 0,
            level: Vec::new(),
            next: Vec::new(),
            looked: Vec::new(),
            met: None,
        }
    }

    fn remember(&mut self, block: &Block, lane: usize) {
        let i = self.oldest;
        (self.x[i], self.y[i], self.z[i]) = (block.x[lane], block.y[lane], block.z[lane]);
        self.lever[i] = block.lever[lane];
        self.oldest = (i + 1) % LANES;
    }
}

impl Sides<'_> {
    /// What holds for all rotations by which no point at a distance r from the hip centre moves by more than `chord` times r;
    /// only the spheres of `span` can be in contact. What was on the stack above them is dropped.
    pub(super) fn around(
        self,
        placed: &Placed,
        chord: f32,
        open: &mut Open,
        span: Span,
        memory: &mut Memory,
    ) -> Around {
        open.0.truncate(span.to);
        self.field.arch().dispatch(RegionWalk { sides: self, placed, chord, open, span, memory })
    }
}

struct RegionWalk<'a> {
    sides: Sides<'a>,
    placed: &'a Placed,
    chord: f32,
    open: &'a mut Open,
    span: Span,
    memory: &'a mut Memory,
}

impl WithSimd for RegionWalk<'_> {
    type Output = Around;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Around {
        let RegionWalk { sides, placed, chord, open: Open(spheres), span, memory } = self;
        let bounds = sides.look(placed, [&memory.x, &memory.y, &memory.z]);
        let (_, deep) = bounds.judge(|i| (0.0, chord * memory.lever[i]));
        if deep != 0 {
            return Around::Contact;
        }
        let from = spheres.len();
        memory.level.clear();
        memory.level.extend_from_slice(&spheres[span.from..span.to]);
        while !memory.level.is_empty() {
            memory.looked.clear();
            let mut contact = None;
            for siblings in &memory.level {
                let block = &sides.tree.blocks[siblings.block as usize];
                let bounds = sides.look(placed, block.centres());
                // Also a sphere that is far from all surfaces may lie inside.
                let (far, deep) = bounds.judge(|i| {
                    let moves = chord * block.lever[i];
                    (block.radius[i] + moves, moves)
                });
                if siblings.lanes & deep != 0 {
                    contact = Some((block, siblings.lanes & deep));
                }
                let near = siblings.lanes & !far;
                memory.looked.push(Looked { near, index: bounds.index, off_squared: bounds.off_squared });
            }
            if let Some((block, deep)) = contact {
                memory.remember(block, deep.trailing_zeros() as usize);
                spheres.truncate(from);
                return Around::Contact;
            }
            memory.next.clear();
            for (siblings, looked) in memory.level.iter().zip(&memory.looked) {
                let block = &sides.tree.blocks[siblings.block as usize];
                let mut kept = 0;
                for i in each(looked.near) {
                    if block.is_leaf {
                        kept |= u32::from(!sides.is_cleared(placed, block, looked, i, chord)) << i;
                    } else if block.radius[i] > DIVIDE_FROM * chord * block.lever[i] {
                        memory.next.push(Siblings { block: block.child[i], lanes: ALL });
                    } else {
                        kept |= 1 << i;
                    }
                }
                if kept != 0 {
                    spheres.push(Siblings { block: siblings.block, lanes: kept });
                }
            }
            std::mem::swap(&mut memory.level, &mut memory.next);
        }
        if spheres.len() == from { Around::Free } else { Around::Unknown(Span { from, to: spheres.len() }) }
    }
}

impl Sides<'_> {
    /// Whether a plane shows that a triangle touches nothing, at all rotations of a region.
    #[inline(always)]
    fn is_cleared(&self, placed: &Placed, block: &Block, looked: &Looked, lane: usize, chord: f32) -> bool {
        let margin = chord * block.lever[lane];
        let fits = looked.off_squared[lane].sqrt() + block.radius[lane] + margin < self.planes.reach();
        // Of a single position nearly all fit, and asking later costs less than a wrong guess.
        if chord > 0.0 && !fits {
            return false;
        }
        let Some(&[x, y, z, height]) = self.planes.of(looked.index[lane]) else { return false };
        let [x, y, z, origin] = placed.back(x, y, z);
        let [a, b, c] = self.tree.corners[block.child[lane] as usize];
        let is_above = |c: [f32; 3]| x * c[0] + y * c[1] + z * c[2] + origin > height + margin;
        fits & is_above(a) & is_above(b) & is_above(c)
    }
}
