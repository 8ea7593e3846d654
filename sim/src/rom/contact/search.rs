//! Walks over the sphere tree: which triangles of the moving side may be near a fixed one.

use super::field::{Bounds, Field, LANES, Lanes};
use super::planes::Planes;
use super::spheres::{Block, PENDING, SphereTree};
use nalgebra::Matrix3;

/// What one position leaves for the next: points that were deep inside the fixed side are likely to be so again. It decides
/// only how quickly an answer is found.
pub(in crate::rom) struct Memory {
    x: Lanes,
    y: Lanes,
    z: Lanes,
    oldest: usize,
    /// Triangles that the field does not decide.
    pub(super) doubtful: Vec<u32>,
    /// The triangle of either side that met last.
    pub(super) met: Option<(u32, u32)>,
}

impl Memory {
    pub(in crate::rom) fn new() -> Self {
        // What is not a number is looked up at the grid's outermost nodes, which are outside.
        let nowhere = [f32::NAN; LANES];
        Memory { x: nowhere, y: nowhere, z: nowhere, oldest: 0, doubtful: Vec::new(), met: None }
    }

    fn remember(&mut self, block: &Block, slot: usize) {
        let i = self.oldest;
        (self.x[i], self.y[i], self.z[i]) = (block.x[slot], block.y[slot], block.z[slot]);
        self.oldest = (i + 1) % LANES;
    }
}

/// A rotation in single precision.
pub(super) struct Turned([[f32; 3]; 3]);

impl Turned {
    pub(super) fn new(rotation: &Matrix3<f64>) -> Self {
        Turned([0, 1, 2].map(|i| [0, 1, 2].map(|j| rotation[(i, j)] as f32)))
    }

    #[inline(always)]
    fn apply(&self, x: &Lanes, y: &Lanes, z: &Lanes) -> [Lanes; 3] {
        [row(&self.0[0], x, y, z), row(&self.0[1], x, y, z), row(&self.0[2], x, y, z)]
    }

    #[inline(always)]
    fn point(&self, [x, y, z]: [f32; 3]) -> [f32; 3] {
        let [a, b, c] = &self.0;
        let row = |r: &[f32; 3]| r[0] * x + r[1] * y + r[2] * z;
        [row(a), row(b), row(c)]
    }
}

#[inline(always)]
fn row(r: &[f32; 3], x: &Lanes, y: &Lanes, z: &Lanes) -> Lanes {
    let mut out = [0f32; LANES];
    for i in 0..LANES {
        out[i] = r[0] * x[i] + r[1] * y[i] + r[2] * z[i];
    }
    out
}

/// Whether a point remembered, or a sphere's centre, is surely inside the fixed side.
#[inline(always)]
fn is_inside(bounds: &Bounds, slot: usize) -> bool {
    bounds.node[slot] < 0.0 && bounds.away[slot] > 0.0
}

/// Whether the plane of a node shows that a triangle touches nothing, also where it is moved by a margin.
#[inline(always)]
fn is_cleared(
    field: &Field,
    planes: &Planes,
    tree: &SphereTree,
    turned: &Turned,
    triangle: u32,
    node: u32,
    margin: f32,
) -> bool {
    let [a, b, c] = tree.corners[triangle as usize];
    let corners = [turned.point(a), turned.point(b), turned.point(c)];
    planes.clears(node, field.place_of(node), &corners, margin)
}

/// Looks for contact: true where a point of the moving surface is surely inside a fixed solid. Otherwise `doubtful` holds
/// every triangle that may meet a fixed one.
pub(super) fn is_surely_in_contact(
    field: &Field,
    planes: &Planes,
    tree: &SphereTree,
    turned: &Turned,
    memory: &mut Memory,
) -> bool {
    memory.doubtful.clear();
    let [x, y, z] = turned.apply(&memory.x, &memory.y, &memory.z);
    let bounds = field.bounds(&x, &y, &z);
    if (0..LANES).any(|i| is_inside(&bounds, i)) {
        return true;
    }
    let mut pending = [0u32; PENDING];
    let mut count = 1;
    while count > 0 {
        count -= 1;
        let block = &tree.blocks[pending[count] as usize];
        let [x, y, z] = turned.apply(&block.x, &block.y, &block.z);
        let bounds = field.bounds(&x, &y, &z);
        let mut inside = 0u32;
        for i in 0..LANES {
            if bounds.away[i] > block.radius[i] {
                continue;
            }
            inside |= u32::from(is_inside(&bounds, i)) << i;
            if !block.is_leaf {
                pending[count] = block.child[i];
                count += 1;
                continue;
            }
            if !is_cleared(field, planes, tree, turned, block.child[i], bounds.index[i], 0.0) {
                memory.doubtful.push(block.child[i]);
            }
        }
        if inside != 0 {
            memory.remember(block, inside.trailing_zeros() as usize);
            return true;
        }
    }
    false
}

/// Calls with every triangle that may be nearer to a fixed one than its margin; ends where that returns true, and says whether
/// it did. The margin of a sphere, from its place in the pelvis, must be no less than that of anything in it.
pub(super) fn any_within(
    field: &Field,
    tree: &SphereTree,
    turned: &Turned,
    margin: impl Fn(&Block, [&Lanes; 3]) -> Lanes,
    mut found: impl FnMut(u32) -> bool,
) -> bool {
    let mut pending = [0u32; PENDING];
    let mut count = 1;
    while count > 0 {
        count -= 1;
        let block = &tree.blocks[pending[count] as usize];
        let [x, y, z] = turned.apply(&block.x, &block.y, &block.z);
        let bounds = field.bounds(&x, &y, &z);
        let margin = margin(block, [&x, &y, &z]);
        for (i, &margin) in margin.iter().enumerate() {
            // A place that is not used has no radius and is never near.
            if block.radius[i] < 0.0 || bounds.away[i] > block.radius[i] + margin {
                continue;
            }
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

/// What holds for all rotations near one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rom) enum Around {
    /// All are free of crossing surfaces.
    Free,
    /// All are in contact.
    Contact,
    /// Not known.
    Unknown,
}

/// Blocks that are still looked at for a contact after it is known that not all rotations are surely free.
const PATIENCE: usize = 16;

/// What holds for all rotations by which no point at a distance r from the hip centre moves by more than `chord` times r.
pub(super) fn around(
    field: &Field,
    planes: &Planes,
    tree: &SphereTree,
    turned: &Turned,
    chord: f32,
    memory: &mut Memory,
) -> Around {
    let sure = |bounds: &Bounds, i: usize, [x, y, z]: &[Lanes; 3]| {
        let lever = (x[i] * x[i] + y[i] * y[i] + z[i] * z[i]).sqrt();
        bounds.node[i] < 0.0 && bounds.away[i] > chord * lever
    };
    let places = turned.apply(&memory.x, &memory.y, &memory.z);
    let bounds = field.bounds(&places[0], &places[1], &places[2]);
    if (0..LANES).any(|i| sure(&bounds, i, &places)) {
        return Around::Contact;
    }
    let mut pending = [0u32; PENDING];
    let (mut count, mut patience, mut is_free) = (1, PATIENCE, true);
    while count > 0 && patience > 0 {
        count -= 1;
        patience -= usize::from(!is_free);
        let block = &tree.blocks[pending[count] as usize];
        let places = turned.apply(&block.x, &block.y, &block.z);
        let bounds = field.bounds(&places[0], &places[1], &places[2]);
        for i in 0..LANES {
            if block.radius[i] < 0.0 || bounds.away[i] > block.radius[i] + chord * block.lever[i] {
                // A sphere far from all surfaces may still lie inside.
                if block.radius[i] < 0.0 || !is_inside(&bounds, i) {
                    continue;
                }
            }
            if sure(&bounds, i, &places) {
                memory.remember(block, i);
                return Around::Contact;
            }
            if block.is_leaf {
                let margin = chord * block.lever[i];
                is_free &= is_cleared(field, planes, tree, turned, block.child[i], bounds.index[i], margin);
            } else {
                pending[count] = block.child[i];
                count += 1;
            }
        }
    }
    if is_free { Around::Free } else { Around::Unknown }
}
