//! Moving a label's surface to the edge that the CT shows.

use super::{Surface, border_hu, relax};
use crate::sample::Sampler;
use crate::{CtVolume, LabelMap};
use coxa_geometry::{Mesh, Side, frame};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// How far outwards a vertex may go from the label's surface, in voxels. Inwards the same, but see [`KEPT`].
const SEARCH: f64 = 1.25;

/// Part of a plate's thickness that is kept when its two sides move towards each other.
const KEPT: f64 = 0.3;

/// Distance between the samples along the normal, in voxels.
const SAMPLE: f64 = 0.25;

/// Rounds of search; each begins from the surface that the last one left.
const ROUNDS: usize = 3;

/// Steps in which the displacements are spread over the surface.
const SPREAD: usize = 12;

/// Weight of a vertex's own crossing against its neighbours' displacements: image noise moves single vertices, the
/// bone's edge moves all of them.
const OWN: f64 = 0.35;

/// A crossing further than this from the median of its neighbours' is another edge, such as a vessel's, in voxels.
const OUTLIER: f64 = 0.6;

/// How far on either side of where the edge may lie its cortex and its surroundings are looked for, in millimetres: twice the width of a
/// scanner's blur. This and the next two are assumptions, not fitted to any scan.
const EDGE_MM: f64 = 2.5;

/// The least contrast of an edge, in Hounsfield units: trabeculae and noise have less.
const LEAST_CONTRAST_HU: f64 = 100.0;

/// What counts as surroundings at least and as cortex at most, in Hounsfield units: fat beside gas, bone beside metal.
const PLAUSIBLE_HU: (f64, f64) = (-120.0, 2000.0);

/// How far apart voxels of CT and labels may lie; files round positions to a thousandth.
const SAME_GRID_MM: f64 = 0.01;

/// Pairs of smoothing steps after each round, and their bound in voxels.
const TIDY: (usize, f64) = (3, 0.15);

/// The surface of one bone where the CT falls to what the border of its cortex is seen at ([`border_hu`]), in millimetres.
///
/// Cortex is the brightest place of the bone within some millimetres behind the edge, surroundings the darkest before it, neither
/// beyond what is plausible, at least 100 HU apart. Halfway between the two is where a blurred edge was, if cortex is thicker than the
/// blur (Prevrhal et al. 1999, doi 10.1088/0031-9155/44/3/017), and higher up where it is thinner, which what lies behind it tells. A
/// level that is the same everywhere lies outside of it, the more so the brighter the cortex. Each vertex of
/// [`label_surface`](super::label_surface) is moved along its normal, at most 1.25 voxels, to the nearest place where the CT falls
/// through that level from inside to outside; where there is none (cancellous bone at a cut, a plate thinner than the scan
/// resolves, bones without a gap between them) it follows its neighbours. The mesh stays closed. Only crossings next to the label
/// count, so marrow below the level makes no hole. Where CT and labels are not on the same grid the surface of the label is
/// returned as it is. The surface of a `side`'s bone is the mirror image of what the other side's would be in a mirrored CT; a bone
/// of neither goes as a right one.
pub fn bone_surface(ct: &CtVolume, labels: &LabelMap, id: u8, side: Side) -> Mesh<frame::Patient> {
    let Some(mut surface) = Surface::around(labels, id, side) else { return Mesh::default() };
    if ct.grid.matches(&labels.volume.grid, SAME_GRID_MM) {
        let search = Search { sampler: Sampler::new(ct), labels, id };
        let normals = relax::normals(&surface.places, &surface.triangles);
        let mut ranges: Vec<Range> = surface
            .places
            .par_iter()
            .zip(&normals)
            .map(|(&place, normal)| Range {
                inwards: search.room_inwards(place, normal),
                outwards: SEARCH,
                level: search.level(place, normal),
            })
            .collect();
        for _ in 0..ROUNDS {
            let normals = relax::normals(&surface.places, &surface.triangles);
            let displacements = displacements(&search, &surface, &normals, &ranges);
            let moved = surface.places.iter_mut().zip(&normals).zip(&mut ranges).zip(displacements);
            for (((place, normal), range), by) in moved {
                *place += normal * by;
                range.inwards += by;
                range.outwards -= by;
            }
            relax::smooth(&mut surface.places, &surface.neighbours, TIDY.0, TIDY.1);
        }
    }
    relax::to_patient(&labels.volume.grid, &surface.places, surface.triangles)
}

/// How far a vertex may still go, in voxels, and through which level the CT falls at the edge, if there is one.
#[derive(Clone, Copy)]
struct Range {
    inwards: f64,
    outwards: f64,
    level: Option<f64>,
}

/// How far each vertex goes along its normal.
fn displacements(
    search: &Search<'_>,
    surface: &Surface,
    normals: &[Vector3<f64>],
    ranges: &[Range],
) -> Vec<f64> {
    let crossings: Vec<Option<f64>> = surface
        .places
        .par_iter()
        .zip(normals)
        .zip(ranges)
        .map(|((&place, normal), &range)| search.crossing(place, normal, range))
        .collect();
    let found: Vec<Option<f64>> = (0..crossings.len())
        .into_par_iter()
        .with_min_len(4096)
        .map(|v| {
            let own = crossings[v]?;
            let mut around: Vec<f64> =
                surface.neighbours.of(v).iter().filter_map(|&n| crossings[n as usize]).collect();
            around.sort_by(f64::total_cmp);
            let median = around.get(around.len() / 2)?;
            ((own - median).abs() <= OUTLIER).then_some(own)
        })
        .collect();
    let mut spread: Vec<f64> = found.iter().map(|d| d.unwrap_or(0.0)).collect();
    let mut next = spread.clone();
    for _ in 0..SPREAD {
        next.par_iter_mut().enumerate().with_min_len(4096).for_each(|(v, to)| {
            let around = surface.neighbours.of(v);
            let mean = around.iter().map(|&n| spread[n as usize]).sum::<f64>() / around.len().max(1) as f64;
            let wanted = match found[v] {
                Some(own) => OWN * own + (1.0 - OWN) * mean,
                None => mean,
            };
            *to = wanted.max(-ranges[v].inwards).min(ranges[v].outwards);
        });
        std::mem::swap(&mut spread, &mut next);
    }
    spread
}

/// What is looked for along the normals.
struct Search<'a> {
    sampler: Sampler<'a, i16>,
    labels: &'a LabelMap,
    id: u8,
}

impl Search<'_> {
    /// How far inwards a vertex may go so that the other side, going the same way, leaves a plate between them.
    fn room_inwards(&self, place: Point3<f64>, normal: &Vector3<f64>) -> f64 {
        let deepest = 2.0 * SEARCH / (1.0 - KEPT);
        let (mut thickness, mut entered) = (0.0, false);
        // The label's outermost voxel lies somewhat further in, and the walk ends on its far side.
        while thickness < deepest {
            let within = self.label(place - normal * thickness) == Some(self.id);
            if entered && !within {
                break;
            }
            entered |= within;
            thickness += SAMPLE;
        }
        if !entered {
            return 0.0;
        }
        (thickness * (1.0 - KEPT) / 2.0).min(SEARCH)
    }

    /// The border's level, from the brightest bone behind a vertex, the darkest behind that and the darkest place before the vertex.
    fn level(&self, place: Point3<f64>, normal: &Vector3<f64>) -> Option<f64> {
        let voxel_mm = (self.labels.volume.grid.step * normal).norm();
        if voxel_mm <= 0.0 {
            // Triangles that cancel leave a vertex without a normal.
            return None;
        }
        let steps = ((SEARCH + EDGE_MM / voxel_mm) / SAMPLE) as i32;
        // The blur of a far side reaches so far.
        let far_side = (EDGE_MM / 2.0 / voxel_mm / SAMPLE) as i32;
        let along = |towards: i32, steps: i32| {
            (0..=steps).map(move |step| place + normal * (f64::from(step * towards) * SAMPLE))
        };
        // Behind the edge not out of the bone again on its far side.
        let mut entered = false;
        let within = along(-1, steps.saturating_add(far_side)).take_while(|&here| {
            let label = self.label(here);
            let is_own = label == Some(self.id);
            let goes_on = is_own || !entered && label == Some(0);
            entered |= is_own;
            goes_on
        });
        let (dark, bright) = PLAUSIBLE_HU;
        let within: Vec<f64> = within.map_while(|here| self.sampler.linear(here)).collect();
        let nearest = 0..within.len().min(steps as usize + 1);
        let peak = nearest.reduce(|a, b| if within[b] > within[a] { b } else { a })?;
        let cortex = within[peak].min(bright);
        // Before it not into another bone, nor beyond the end of the volume.
        let free = |label: Option<u8>| label.is_some_and(|label| label == self.id || label == 0);
        let before = along(1, steps).take_while(|&here| free(self.label(here)));
        let surroundings = before.filter_map(|here| self.sampler.linear(here)).reduce(f64::min)?.max(dark);
        // A far side within its blur says nothing of what lies behind the cortex, and behind a thin plate there is nothing.
        let behind = within.get(peak..within.len().saturating_sub(far_side as usize)).unwrap_or_default();
        let behind = behind.iter().copied().reduce(f64::min).unwrap_or(surroundings).max(surroundings);
        (cortex - surroundings >= LEAST_CONTRAST_HU).then(|| border_hu(cortex, behind, surroundings))
    }

    /// The nearest place along the normal where the CT falls through the level, in voxels from the vertex.
    fn crossing(&self, place: Point3<f64>, normal: &Vector3<f64>, range: Range) -> Option<f64> {
        let level = range.level?;
        let mut best: Option<f64> = None;
        let mut inner: Option<f64> = None;
        // One more sample on either side, so that a crossing at the end of the range is seen.
        let steps = -((range.inwards / SAMPLE) as i32) - 1..=(range.outwards / SAMPLE) as i32 + 1;
        for step in steps {
            let at = f64::from(step) * SAMPLE;
            let here = place + normal * at;
            // Beyond this point lies another bone, or the end of the volume.
            if step > 0 && self.label(here).is_none_or(|label| label != self.id && label != 0) {
                break;
            }
            let outer = self.sampler.linear(here);
            if let (Some(inner), Some(outer)) = (inner, outer)
                && inner >= level
                && outer < level
            {
                let exact = at - SAMPLE * (level - outer) / (inner - outer);
                if exact >= -range.inwards
                    && exact <= range.outwards
                    && best.is_none_or(|b| exact.abs() < b.abs())
                {
                    best = Some(exact);
                }
            }
            inner = outer;
        }
        best
    }

    /// The label of the nearest voxel.
    fn label(&self, place: Point3<f64>) -> Option<u8> {
        let [i, j, k] = [place.x, place.y, place.z].map(f64::round);
        // A negative index or one that is not a number must not become voxel 0.
        let inside = i >= 0.0 && j >= 0.0 && k >= 0.0;
        if inside {
            self.labels.volume.voxels.get([k as usize, j as usize, i as usize]).copied()
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Grid, Label, Volume};
    use coxa_geometry::Point;
    use coxa_geometry::mesh::validate::defects;
    use ndarray::Array3;

    /// A CT of what a function says of places relative to the middle, in millimetres.
    fn ct(grid: &Grid, hu: impl Fn(Vector3<f64>) -> f64) -> CtVolume {
        let [ni, nj, nk] = grid.dims;
        let voxels = Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| {
            let place = grid.to_patient(Point::new(i as f64, j as f64, k as f64));
            hu(place.coords().coords).round() as i16
        });
        Volume::new(grid.clone(), voxels)
    }

    fn grid(n: usize, spacing: f64) -> Grid {
        let low = -spacing * (n as f64 - 1.0) / 2.0;
        Grid::axis_aligned([n; 3], Point::new(low, low, low), [spacing; 3])
    }

    /// An edge blurred by the scanner: from 1 well inside to 0 well outside.
    fn edge(depth: f64, width: f64) -> f64 {
        1.0 / (1.0 + (-depth / width * 4.0).exp())
    }

    #[test]
    fn a_ball_is_found_to_a_tenth_of_a_voxel_from_labels_that_are_wrong() {
        let radius = 20.0;
        let grid = grid(40, 1.5);
        let ct = ct(&grid, |p| 1000.0 * edge(radius - p.norm(), 1.5));
        for wrong_by in [0.0, -1.2, 1.2] {
            let volume = ct.map(|_| 0_u8);
            let mut labels = LabelMap { volume, table: vec![Label::unnamed(1)] };
            for (n, label) in labels.volume.as_mut_slice().iter_mut().enumerate() {
                let index = Point::new((n % 40) as f64, (n / 40 % 40) as f64, (n / 1600) as f64);
                *label = u8::from(grid.to_patient(index).coords().coords.norm() < radius + wrong_by);
            }
            let mesh = bone_surface(&ct, &labels, 1, Side::Right);
            assert_eq!(defects(&mesh), []);
            let mut squares = 0.0;
            for vertex in &mesh.vertices {
                let off = vertex.coords().coords.norm() - radius;
                assert!(off.abs() < 0.4, "{off} mm off from labels wrong by {wrong_by}");
                squares += off * off;
            }
            let rms = (squares / mesh.vertices.len() as f64).sqrt();
            assert!(rms < 0.15, "rms {rms} mm from labels wrong by {wrong_by}");
        }
    }

    #[test]
    fn the_surface_lies_halfway_up_its_own_cortex() {
        // One half of the ball has a bright cortex in muscle, the other a weak one in fat.
        let radius = 18.0;
        let grid = grid(44, 1.0);
        let hu = |p: Vector3<f64>| {
            let (bone, around) = if p.x > 0.0 { (1500.0, 50.0) } else { (400.0, -100.0) };
            around + (bone - around) * edge(radius - p.norm(), 1.5)
        };
        let ct = ct(&grid, hu);
        let labels = LabelMap { volume: ct.map(|&hu| u8::from(hu > 200)), table: Vec::new() };
        let mesh = bone_surface(&ct, &labels, 1, Side::Right);
        assert_eq!(defects(&mesh), []);
        for vertex in mesh.vertices.iter().filter(|vertex| vertex.x().abs() > 4.0) {
            let off = vertex.coords().coords.norm() - radius;
            assert!(off.abs() < 0.35, "{off} mm off at {vertex:?}");
        }
    }

    #[test]
    fn what_is_bright_behind_a_plate_is_not_its_cortex() {
        let grid = grid(40, 1.0);
        // A plate 4 mm thick of 500 HU, on one side of which a vessel full of contrast medium lies at 3 mm.
        let hu = |vessel: f64| {
            move |p: Vector3<f64>| {
                let plate = edge(2.0 - p.x.abs(), 1.2) * edge(14.0 - p.y.hypot(p.z), 1.2);
                50.0 + 450.0 * plate + vessel * edge(1.5 - (p.x + 6.5).abs(), 1.2)
            }
        };
        let made = |vessel: f64| {
            let ct = ct(&grid, hu(vessel));
            let plate = ct_labels(&grid);
            bone_surface(&ct, &plate, 1, Side::Right)
        };
        let (without, with) = (made(0.0), made(900.0));
        let far = |mesh: &Mesh<frame::Patient>| {
            let of = mesh.vertices.iter().filter(|v| v.x() > 0.5 && v.y().hypot(v.z()) < 10.0).map(|v| v.x());
            let of: Vec<f64> = of.collect();
            of.iter().sum::<f64>() / of.len() as f64
        };
        assert!((far(&without) - 2.0).abs() < 0.15, "{}", far(&without));
        assert!((far(&with) - far(&without)).abs() < 0.05, "{} {}", far(&with), far(&without));
    }

    /// A plate of half the thickness 2 and the radius 14 mm.
    fn ct_labels(grid: &Grid) -> LabelMap {
        let plate = |p: Vector3<f64>| if p.x.abs() < 2.0 && p.y.hypot(p.z) < 14.0 { 1000.0 } else { 0.0 };
        LabelMap { volume: ct(grid, plate).map(|&hu| u8::from(hu > 500)), table: Vec::new() }
    }

    #[test]
    fn an_edge_without_contrast_leaves_the_label_surface_but_for_smoothing() {
        let grid = grid(30, 1.0);
        let faint = ct(&grid, |p| 50.0 + 60.0 * edge(10.0 - p.norm(), 1.5));
        let labels = LabelMap { volume: faint.map(|&hu| u8::from(hu > 80)), table: Vec::new() };
        let mesh = bone_surface(&faint, &labels, 1, Side::Right);
        assert_eq!(defects(&mesh), []);
        assert!(mesh.vertices.iter().all(|v| (v.coords().coords.norm() - 10.0).abs() < 0.8));
    }

    #[test]
    fn marrow_makes_no_hole_and_a_neighbour_is_not_taken_in() {
        // Two balls of cortex around marrow, 2 mm apart; the gap stays above the level.
        let grid = grid(48, 1.0);
        let centre = [Vector3::new(-11.0, 0.0, 0.0), Vector3::new(11.0, 0.0, 0.0)];
        let hu = |p: Vector3<f64>| {
            let depth = centre.iter().map(|c| 10.0 - (p - c).norm()).fold(f64::MIN, f64::max);
            900.0 * edge(depth, 2.5) - 800.0 * edge(depth - 3.0, 2.0)
        };
        let ct = ct(&grid, hu);
        let mut labels = LabelMap { volume: ct.map(|_| 0_u8), table: Vec::new() };
        for (n, label) in labels.volume.as_mut_slice().iter_mut().enumerate() {
            let p = grid.to_patient(Point::new((n % 48) as f64, (n / 48 % 48) as f64, (n / 48 / 48) as f64));
            for (id, c) in (1..).zip(&centre) {
                if (p.coords().coords - c).norm() < 10.0 {
                    *label = id;
                }
            }
        }
        for (id, c) in (1..).zip(&centre) {
            let mesh = bone_surface(&ct, &labels, id, Side::Right);
            assert_eq!(defects(&mesh), []);
            assert_eq!(coxa_geometry::mesh::components(&mesh).len(), 1);
            for vertex in &mesh.vertices {
                let radius = (vertex.coords().coords - c).norm();
                assert!((9.0..11.5).contains(&radius), "{radius}");
            }
        }
    }

    #[test]
    fn the_surface_depends_neither_on_the_side_nor_on_the_order_of_voxels() {
        let grid = grid(30, 1.5);
        // A lump without symmetry.
        let lump = |p: Vector3<f64>| {
            let waves = 2.5 * (p.x / 4.0).sin() * (p.y / 5.0 + 1.0).cos() + 2.0 * (p.z / 3.0 - 0.5).sin();
            let plate = 4.0 - (p.x - 0.4 * p.y).abs();
            (13.0 - p.norm() + waves).max(plate.min(18.0 - p.norm()))
        };
        let hu = |p: Vector3<f64>| 1000.0 * edge(lump(p), 1.5);
        let made = |grid: &Grid, side: Side, hu: &dyn Fn(Vector3<f64>) -> f64| {
            let ct = ct(grid, hu);
            let labels = LabelMap { volume: ct.map(|&v| u8::from(v > 400)), table: Vec::new() };
            bone_surface(&ct, &labels, 1, side)
        };
        let right = made(&grid, Side::Right, &hu);
        assert!(right.vertices.len() > 2000);
        let mirrored = |p: Vector3<f64>| Vector3::new(-p.x, p.y, p.z);
        let left = made(&grid, Side::Left, &|p| hu(mirrored(p)));
        assert_eq!(left.vertices.len(), right.vertices.len());
        for (a, b) in right.vertices.iter().zip(&left.vertices) {
            let off = (a.coords().coords - mirrored(b.coords().coords)).norm();
            assert!(off < 1e-6, "{off}");
        }
        assert!((left.signed_volume() - right.signed_volume()).abs() < 1e-6 * right.signed_volume());
        // The same CT with its first and last axis stored the other way round.
        let mut stored = grid.clone();
        stored.origin = Point::new(-grid.origin.x(), grid.origin.y(), -grid.origin.z());
        for axis in [0, 2] {
            stored.step.column_mut(axis).neg_mut();
        }
        let again = made(&stored, Side::Right, &hu);
        assert_eq!(again.triangles, right.triangles);
        for (a, b) in right.vertices.iter().zip(&again.vertices) {
            assert!(a.distance(*b) < 1e-6);
        }
    }

    #[test]
    fn a_ct_on_another_grid_leaves_the_label_surface() {
        let grid = grid(20, 1.0);
        let small = ct(&grid, |p| 9.0 - p.norm());
        let labels = LabelMap { volume: small.map(|&v| u8::from(v > 3)), table: Vec::new() };
        let other = ct(&super::tests::grid(10, 1.0), |_| 0.0);
        assert_eq!(bone_surface(&other, &labels, 1, Side::Right), super::super::label_surface(&labels, 1));
    }
}
