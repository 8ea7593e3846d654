//! Silhouettes of meshes in a view.

use super::{Canvas, Colour, View};
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::section::plane_section;
use coxa_geometry::{Mesh, Point};

/// What of a silhouette is at a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Nothing.
    Outside,
    /// The body.
    Inside,
    /// The body, within two pixels of its border.
    Border,
}

/// The silhouette of a mesh in a view, row by row from the top.
pub fn silhouette(view: &View, mesh: &Mesh<Patient>) -> Vec<Cover> {
    let mask = Mask::new(view, mesh);
    (0..mask.covered.len()).map(|at| mask.cover(at % mask.width, at / mask.width)).collect()
}

/// Which pixels of a view lie within closed lines by the even-odd rule, row by row from the top. Lines are in millimetres right and down
/// from the middle of the view.
pub fn filled(view: &View, lines: &[Vec<[f64; 2]>]) -> Vec<bool> {
    let to_px = |&[x, y]: &[f64; 2]| {
        [(x + view.width_mm / 2.0) * view.px_per_mm, (y + view.height_mm / 2.0) * view.px_per_mm]
    };
    Mask::within(view, lines.iter().map(|line| line.iter().map(to_px).collect())).covered
}

/// Which pixels a mesh covers.
pub(super) struct Mask {
    width: usize,
    height: usize,
    covered: Vec<bool>,
}

impl Mask {
    /// Projects a mesh.
    pub(super) fn new(view: &View, mesh: &Mesh<Patient>) -> Self {
        let (width, height) = view.size_px();
        let mut mask = Mask {
            width: width as usize,
            height: height as usize,
            covered: vec![false; width as usize * height as usize],
        };
        let projected: Vec<[f64; 3]> = mesh.vertices.iter().map(|&v| view.project(v)).collect();
        for triangle in &mesh.triangles {
            let corners = triangle.map(|v| projected[v as usize]);
            for_each_pixel(corners, mask.width, mask.height, |at, _| mask.covered[at] = true);
        }
        mask
    }

    /// What a view's plane cuts out of a mesh, by the even-odd rule.
    pub(super) fn of_section(view: &View, mesh: &Mesh<Patient>) -> Self {
        let to_px = |&place: &Point<Patient>| {
            let [x, y, _] = view.project(place);
            [x, y]
        };
        let lines = plane_section(mesh, view.centre, view.into_picture());
        Mask::within(view, lines.iter().map(|line| line.iter().map(to_px).collect()))
    }

    /// What lies within closed lines in pixel coordinates, by the even-odd rule.
    fn within(view: &View, lines: impl Iterator<Item = Vec<[f64; 2]>>) -> Self {
        let (width, height) = view.size_px();
        let (width, height) = (width as usize, height as usize);
        let mut crossings: Vec<Vec<f64>> = vec![Vec::new(); height];
        for line in lines {
            for ends in line.windows(2) {
                let [[ax, ay], [bx, by]] = [ends[0], ends[1]];
                // Rows whose middle lies between the two ends; a float cast saturates.
                let first = (ay.min(by) - 0.5).ceil().max(0.0) as usize;
                let last = ((ay.max(by) - 0.5).ceil().max(0.0) as usize).min(height);
                for (y, row) in crossings.iter_mut().enumerate().take(last).skip(first) {
                    row.push(ax + (bx - ax) * (y as f64 + 0.5 - ay) / (by - ay));
                }
            }
        }
        let mut covered = vec![false; width * height];
        for (row, pixels) in crossings.iter_mut().zip(covered.chunks_exact_mut(width)) {
            row.sort_unstable_by(f64::total_cmp);
            for pair in row.chunks_exact(2) {
                let at = |x: f64| ((x - 0.5).ceil().max(0.0) as usize).min(width);
                pixels[at(pair[0])..at(pair[1]).max(at(pair[0]))].fill(true);
            }
        }
        Mask { width, height, covered }
    }

    /// Whether a pixel is covered, by its place in rows from the top.
    pub(super) fn covers(&self, at: usize) -> bool {
        self.covered.get(at).copied().unwrap_or(false)
    }

    /// Tints the covered pixels and draws their border.
    pub(super) fn draw(&self, canvas: &mut Canvas, colour: Colour, fill: f64, border: f64) {
        for y in 0..self.height {
            for x in 0..self.width {
                let opacity = match self.cover(x, y) {
                    Cover::Outside => continue,
                    Cover::Inside => fill,
                    Cover::Border => border,
                };
                canvas.blend(x as i64, y as i64, colour, opacity);
            }
        }
    }

    fn cover(&self, x: usize, y: usize) -> Cover {
        match self.covered[y * self.width + x] {
            false => Cover::Outside,
            true if self.is_border(x, y) => Cover::Border,
            true => Cover::Inside,
        }
    }

    /// Whether one of the neighbours within two pixels is uncovered.
    fn is_border(&self, x: usize, y: usize) -> bool {
        let near = [
            (-2, 0),
            (-1, -1),
            (-1, 0),
            (-1, 1),
            (0, -2),
            (0, -1),
            (0, 1),
            (0, 2),
            (1, -1),
            (1, 0),
            (1, 1),
            (2, 0),
        ];
        near.iter().any(|&(dx, dy)| {
            let (nx, ny) = (x as i64 + dx, y as i64 + dy);
            let inside = nx >= 0 && ny >= 0 && nx < self.width as i64 && ny < self.height as i64;
            inside && !self.covered[ny as usize * self.width + nx as usize]
        })
    }
}

/// Calls back for every pixel whose centre lies in a projected triangle, with the corner weights there.
pub(super) fn for_each_pixel(
    corners: [[f64; 3]; 3],
    width: usize,
    height: usize,
    mut pixel: impl FnMut(usize, [f64; 3]),
) {
    let [a, b, c] = corners;
    let doubled_area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if !doubled_area.is_finite() || doubled_area == 0.0 {
        return;
    }
    let range = |axis: usize, limit: usize| {
        let low = a[axis].min(b[axis]).min(c[axis]) - 0.5;
        let high = a[axis].max(b[axis]).max(c[axis]) - 0.5;
        (low.ceil().max(0.0) as usize, (high.floor() + 1.0).clamp(0.0, limit as f64) as usize)
    };
    let ((left, right), (top, bottom)) = (range(0, width), range(1, height));
    for y in top..bottom {
        for x in left..right {
            let (px, py) = (x as f64 + 0.5, y as f64 + 0.5);
            let weight = |p: [f64; 3], q: [f64; 3]| {
                ((q[0] - p[0]) * (py - p[1]) - (q[1] - p[1]) * (px - p[0])) / doubled_area
            };
            let weights = [weight(b, c), weight(c, a), weight(a, b)];
            if weights.iter().all(|&w| w >= 0.0) {
                pixel(y * width + x, weights);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_covers_its_area_to_scale() {
        let n = 256;
        let rim = |k: usize| {
            let t = k as f64 / n as f64 * std::f64::consts::TAU;
            Point::new(24.0 * t.cos(), 0.0, 24.0 * t.sin())
        };
        let mut mesh = Mesh { vertices: vec![Point::origin()], triangles: Vec::new() };
        mesh.vertices.extend((0..n).map(rim));
        mesh.triangles.extend((0..n as u32).map(|k| [0, 1 + k, 1 + (k + 1) % n as u32]));
        let view = View::coronal(Point::origin(), 60.0, 60.0, 4.0);
        let covered = Mask::new(&view, &mesh).covered.iter().filter(|&&c| c).count() as f64;
        let expected = std::f64::consts::PI * (24.0f64 * 4.0).powi(2);
        assert!((covered / expected - 1.0).abs() < 0.005, "{covered} pixels, expected {expected}");
        // Its border is two pixels wide along rows and columns and one step across them, as told to others.
        let told = silhouette(&view, &mesh);
        let count = |cover: Cover| told.iter().filter(|&&c| c == cover).count() as f64;
        assert_eq!(count(Cover::Inside) + count(Cover::Border), covered);
        let width = count(Cover::Border) / (2.0 * std::f64::consts::PI * 95.0);
        assert!(width > 2f64.sqrt() && width < 2.0, "{width}");
    }

    #[test]
    fn a_section_is_filled_but_for_its_hole() {
        // Two boxes, one inside the other: the plane cuts a square of 40 mm with a hole of 20 mm.
        let corners = |half: f64| {
            [-half, half].into_iter().flat_map(move |x| {
                [-5.0, 5.0].into_iter().flat_map(move |y| [-half, half].map(|z| Point::new(x, y, z)))
            })
        };
        // Sides that the plane y = 0 cuts: x low, x high, z low, z high.
        let sides = [[0u32, 1, 3, 2], [4, 6, 7, 5], [0, 2, 6, 4], [1, 5, 7, 3]];
        let mut mesh = Mesh { vertices: corners(20.0).chain(corners(10.0)).collect(), triangles: Vec::new() };
        for first in [0, 8] {
            for [a, b, c, d] in sides.map(|side| side.map(|v| v + first)) {
                mesh.triangles.extend([[a, b, c], [a, c, d]]);
            }
        }
        let view = View::coronal(Point::origin(), 60.0, 60.0, 2.0);
        let mask = Mask::of_section(&view, &mesh);
        assert_eq!(mask.covered.iter().filter(|&&c| c).count(), 80 * 80 - 40 * 40);
        let lines: Vec<Vec<[f64; 2]>> = plane_section(&mesh, view.centre, view.into_picture())
            .iter()
            .map(|line| line.iter().map(|p| [p.x(), -p.z()]).collect())
            .collect();
        assert_eq!(filled(&view, &lines), mask.covered);
        assert!(mask.covers(60 * 120 + 25) && !mask.covers(60 * 120 + 60) && !mask.covers(usize::MAX));
    }
}
