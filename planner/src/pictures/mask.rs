//! Silhouettes of meshes in a view.

use super::{Canvas, Colour, View};
use coxa_geometry::Mesh;
use coxa_geometry::frame::Patient;

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

    /// Tints the covered pixels and draws their border.
    pub(super) fn draw(&self, canvas: &mut Canvas, colour: Colour, fill: f64, border: f64) {
        for y in 0..self.height {
            for x in 0..self.width {
                if !self.covered[y * self.width + x] {
                    continue;
                }
                let opacity = if self.is_border(x, y) { border } else { fill };
                canvas.blend(x as i64, y as i64, colour, opacity);
            }
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
    use coxa_geometry::Point;

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
    }
}
