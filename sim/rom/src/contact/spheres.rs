//! The moving side as a tree of spheres about points of its surface.
//!
//! Every sphere holds all triangles below it and has a point of them as its centre. So one look-up in the field answers
//! twice: far enough outside, nothing below touches; far enough inside, the body touches for sure.

use super::lanes::{LANES, Lanes};
use coxa_geometry::mesh::triangle::Corners;
use nalgebra::{Point3, Vector3};

/// Children of one sphere, side by side, in whole cache lines. Unused places have no centre and a radius of minus
/// infinity, so that they are never near anything.
#[repr(align(64))]
pub(super) struct Block {
    pub(super) x: Lanes,
    pub(super) y: Lanes,
    pub(super) z: Lanes,
    pub(super) radius: Lanes,
    /// Largest distance of anything within from the hip centre.
    pub(super) lever: Lanes,
    /// Block of the children or index of the triangle.
    pub(super) child: [u32; LANES],
    /// Whether the children are triangles.
    pub(super) is_leaf: bool,
}

impl Block {
    /// The spheres' centres, by coordinate.
    #[inline(always)]
    pub(super) fn centres(&self) -> [&Lanes; 3] {
        [&self.x, &self.y, &self.z]
    }
}

/// The tree; the first block is the top, and there is always one.
pub(super) struct SphereTree {
    pub(super) blocks: Vec<Block>,
    /// The triangles in single precision.
    pub(super) corners: Vec<[[f32; 3]; 3]>,
}

/// Room for the blocks that wait while the tree is walked depth first: fifteen a level, and six levels hold 16 million
/// triangles.
pub(super) const PENDING: usize = 96;

/// What rounding to single precision may add to a radius.
const ROUNDING_MM: f64 = 1e-3;

impl SphereTree {
    pub(super) fn new(triangles: &[Corners]) -> Self {
        let mut order: Vec<u32> = (0..triangles.len() as u32).collect();
        let mut capacity = 1;
        while capacity * LANES < order.len() {
            capacity *= LANES;
        }
        let single = |p: &Point3<f64>| [p.x as f32, p.y as f32, p.z as f32];
        let corners = triangles.iter().map(|[a, b, c]| [single(a), single(b), single(c)]).collect();
        let mut tree = SphereTree { blocks: Vec::with_capacity(order.len() / 6 + 2), corners };
        tree.add(triangles, &mut order, capacity);
        tree
    }

    /// Adds the block over some triangles, each child to hold `capacity` of them.
    fn add(&mut self, triangles: &[Corners], order: &mut [u32], capacity: usize) -> u32 {
        let index = self.blocks.len();
        self.blocks.push(Block {
            x: [f32::NAN; LANES],
            y: [f32::NAN; LANES],
            z: [f32::NAN; LANES],
            radius: [f32::NEG_INFINITY; LANES],
            lever: [0.0; LANES],
            child: [0; LANES],
            is_leaf: capacity == 1,
        });
        let mut groups: Vec<&mut [u32]> = Vec::with_capacity(LANES);
        split(triangles, order, capacity, &mut groups);
        for (slot, group) in groups.into_iter().enumerate() {
            let (centre, radius, lever) = if let [one] = *group {
                of_triangle(&triangles[one as usize])
            } else {
                of_group(triangles, group)
            };
            let child = match *group {
                [one] if capacity == 1 => one,
                _ => self.add(triangles, group, capacity / LANES),
            };
            let block = &mut self.blocks[index];
            (block.x[slot], block.y[slot], block.z[slot]) =
                (centre.x as f32, centre.y as f32, centre.z as f32);
            block.radius[slot] = (radius + ROUNDING_MM) as f32;
            block.lever[slot] = (lever + ROUNDING_MM) as f32;
            block.child[slot] = child;
        }
        index as u32
    }
}

/// Cuts triangles into at most sixteen groups of `capacity`, by halves across the longest extent; only the last group may
/// have fewer.
fn split<'a>(triangles: &[Corners], order: &'a mut [u32], capacity: usize, groups: &mut Vec<&'a mut [u32]>) {
    if order.len() <= capacity {
        if !order.is_empty() {
            groups.push(order);
        }
        return;
    }
    let middle = |t: u32| {
        let [a, b, c] = &triangles[t as usize];
        a.coords + b.coords + c.coords
    };
    let (mut low, mut high) = (Vector3::repeat(f64::INFINITY), Vector3::repeat(f64::NEG_INFINITY));
    for &t in order.iter() {
        let m = middle(t);
        (low, high) = (low.inf(&m), high.sup(&m));
    }
    let axis = (high - low).imax();
    let at = order.len().div_ceil(capacity).div_ceil(2) * capacity;
    // The index decides between equals, so that the tree is the same every time.
    order.select_nth_unstable_by(at, |&s, &t| middle(s)[axis].total_cmp(&middle(t)[axis]).then(s.cmp(&t)));
    let (before, after) = order.split_at_mut(at);
    split(triangles, before, capacity, groups);
    split(triangles, after, capacity, groups);
}

/// The smallest sphere about a triangle: about its circumcentre, or the middle of its longest side where that lies outside.
fn of_triangle(corners: &Corners) -> (Point3<f64>, f64, f64) {
    let [a, b, c] = corners;
    let sides = [(a, b, c), (b, c, a), (c, a, b)];
    let longest =
        sides.iter().max_by(|s, t| (s.1 - s.0).norm_squared().total_cmp(&(t.1 - t.0).norm_squared()));
    let mut centre = *a;
    if let Some(&(p, q, r)) = longest {
        centre = Point3::from((p.coords + q.coords) / 2.0);
        if (r - centre).norm_squared() > (p - centre).norm_squared() {
            // Acute: the circumcentre lies within (Ericson 2005, 3.4).
            let (u, v) = (q - p, r - p);
            let (uu, uv, vv) = (u.norm_squared(), u.dot(&v), v.norm_squared());
            let d = 2.0 * (uu * vv - uv * uv);
            let (s, t) = (vv * (uu - uv) / d, uu * (vv - uv) / d);
            if s.is_finite() && t.is_finite() {
                centre = p + u * s + v * t;
            }
        }
    }
    let centre = rounded(centre);
    let radius = corners.iter().map(|p| (p - centre).norm()).fold(0.0, f64::max);
    (centre, radius, lever(corners))
}

/// A sphere about the corner nearest to the middle of some triangles.
fn of_group(triangles: &[Corners], group: &[u32]) -> (Point3<f64>, f64, f64) {
    // Side by side, for they are gone through ten times.
    let corners: Vec<Point3<f64>> = group.iter().flat_map(|&t| triangles[t as usize]).collect();
    let furthest = |from: &Point3<f64>| {
        let away = corners.iter().map(|p| ((p - from).norm_squared(), p));
        away.reduce(|a, b| if b.0 >= a.0 { b } else { a }).map(|(_, far)| *far)
    };
    let (mut low, mut high) = (Vector3::repeat(f64::INFINITY), Vector3::repeat(f64::NEG_INFINITY));
    for p in &corners {
        (low, high) = (low.inf(&p.coords), high.sup(&p.coords));
    }
    // Towards the centre of the smallest sphere (Badoiu and Clarkson 2003): ever shorter steps to the furthest point.
    let mut middle = Point3::from((low + high) / 2.0);
    for step in 2..MIDDLE_STEPS + 2 {
        if let Some(far) = furthest(&middle) {
            middle += (far - middle) / f64::from(step + 1);
        }
    }
    let away = corners.iter().map(|p| ((p - middle).norm_squared(), p));
    let nearest = away.reduce(|a, b| if b.0 < a.0 { b } else { a }).map_or(middle, |(_, near)| *near);
    let centre = rounded(nearest);
    let radius = furthest(&centre).map_or(0.0, |far| (far - centre).norm());
    let lever = corners.iter().map(|p| p.coords.norm_squared()).fold(0.0, f64::max).sqrt();
    (centre, radius, lever)
}

/// Steps towards the middle of a group.
const MIDDLE_STEPS: u32 = 6;

fn lever(corners: &Corners) -> f64 {
    corners.iter().map(|p| p.coords.norm()).fold(0.0, f64::max)
}

fn rounded(p: Point3<f64>) -> Point3<f64> {
    p.map(|c| f64::from(c as f32))
}
