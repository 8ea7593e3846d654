//! Lengths of materials along parallel rays through a slice.

use super::slice::Slice;
use std::f64::consts::PI;

/// Detectors, a pixel apart, that cover a slice from every side.
pub(super) fn detectors(columns: usize, rows: usize) -> usize {
    (columns as f64).hypot(rows as f64).ceil() as usize + 3
}

/// Direction of the rays of a view.
pub(super) fn direction(view: usize, views: usize) -> (f64, f64) {
    (PI * view as f64 / views as f64).sin_cos()
}

/// Length in millimetres of each material along each ray, view by view.
///
/// Joseph 1982 (IEEE Trans Med Imaging 1:192): a ray is followed along the axis that it is nearest to, and interpolated between
/// the two pixels beside it in each row or column.
pub(super) fn lengths(slice: &Slice<'_>, views: usize) -> Vec<Vec<f32>> {
    let detectors = detectors(slice.columns, slice.rows);
    let mut out: Vec<Vec<f32>> = slice.shares.iter().map(|_| vec![0.0; views * detectors]).collect();
    // Materials that are nowhere have no length.
    let present: Vec<usize> =
        (0..slice.shares.len()).filter(|&m| slice.shares[m].1.iter().any(|&s| s != 0.0)).collect();
    for view in 0..views {
        // A ray is where x cos + y sin = t, in pixels from the middle.
        let (sin, cos) = direction(view, views);
        let along_y = cos.abs() >= sin.abs();
        for detector in 0..detectors {
            let t = detector as f64 - (detectors as f64 - 1.0) / 2.0;
            let ray = Ray::new(slice, t, sin, cos, along_y);
            for &m in &present {
                let sum = ray.sum(slice.shares[m].1);
                out[m][view * detectors + detector] = (f64::from(sum) * ray.step * slice.pixel_mm) as f32;
            }
        }
    }
    out
}

/// A ray through the rows (or columns) of a slice: one place across in each.
struct Ray {
    /// Place across at the first line, and how far it moves from line to line.
    start: f64,
    slope: f64,
    lines: std::ops::Range<usize>,
    /// Distance in memory of lines and of places across.
    strides: [usize; 2],
    /// Length of the ray between lines, in pixels.
    step: f64,
}

impl Ray {
    fn new(slice: &Slice<'_>, t: f64, sin: f64, cos: f64, along_y: bool) -> Ray {
        let (nx, ny) = (slice.columns, slice.rows);
        let ((lines, across), strides, (major, minor)) =
            if along_y { ((ny, nx), [nx, 1], (cos, sin)) } else { ((nx, ny), [1, nx], (sin, cos)) };
        let middle = |n: usize| (n as f64 - 1.0) / 2.0;
        // Across = (t - line * minor) / major, both from the middle.
        let slope = -minor / major;
        let start = t / major + middle(across) - slope * middle(lines);
        // Lines on which both neighbours are in the slice: 0 <= place < across - 1.
        let last = across as f64 - 1.0;
        let (mut low, mut high) = (0.0, lines as f64);
        if slope.abs() > 1e-12 {
            let (a, b) = (-start / slope, (last - start) / slope);
            low = f64::max(low, a.min(b).ceil());
            high = f64::min(high, a.max(b).floor() + 1.0);
        } else if !(0.0..last).contains(&start) {
            high = 0.0;
        }
        let lines = low as usize..(high.max(low) as usize).min(lines);
        Ray { start, slope, lines, strides, step: 1.0 / major.abs() }
    }

    fn sum(&self, shares: &[f32]) -> f32 {
        let [stride, next] = self.strides;
        let mut sum = 0.0;
        for line in self.lines.clone() {
            let place = self.start + self.slope * line as f64;
            // Rounding may put the first or last a hair outside.
            let at = place.max(0.0) as usize;
            let weight = (place - at as f64) as f32;
            let index = line * stride + at * next;
            let (Some(&a), Some(&b)) = (shares.get(index), shares.get(index + next)) else { continue };
            sum += a + (b - a) * weight;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::super::Material;
    use super::*;

    #[test]
    fn the_mass_of_a_slice_is_the_same_from_every_side() {
        let (columns, rows) = (40, 30);
        let shares: Vec<f32> = (0..columns * rows)
            .map(|n| {
                let (x, y) = ((n % columns) as f64 - 17.0, (n / columns) as f64 - 16.0);
                (-(x * x / 20.0 + y * y / 12.0)).exp() as f32
            })
            .collect();
        let slice = Slice { columns, rows, pixel_mm: 2.0, shares: &[(Material::Water, &shares)] };
        let mass: f64 = shares.iter().map(|&s| f64::from(s)).sum::<f64>() * 4.0;
        let views = 12;
        let all = &lengths(&slice, views)[0];
        for view in all.chunks(detectors(columns, rows)) {
            // Lengths in mm, rays 2 mm apart.
            let seen: f64 = view.iter().map(|&l| f64::from(l) * 2.0).sum();
            assert!((seen / mass - 1.0).abs() < 1e-3, "{seen} {mass}");
        }
    }
}
