//! Where the rays of a simulated radiograph come from and go to.

use crate::Grid;
use coxa_geometry::{Point, Vector, frame};

/// Where the rays come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source {
    /// An X-ray tube's focal spot.
    Focus(Point<frame::Patient>),
    /// Parallel rays of this direction: no magnification, so the picture is to scale everywhere.
    Parallel(Vector<frame::Patient>),
}

/// A source and a flat detector.
#[derive(Debug, Clone, PartialEq)]
pub struct Camera {
    /// Where the rays come from.
    pub source: Source,
    /// Centre of the pixel in the first column of the first row.
    pub first_pixel: Point<frame::Patient>,
    /// From a pixel to its neighbour in the next column, in millimetres.
    pub column_step: Vector<frame::Patient>,
    /// From a pixel to its neighbour in the next row, in millimetres.
    pub row_step: Vector<frame::Patient>,
    /// Pixels in a row.
    pub columns: usize,
    /// Pixels in a column.
    pub rows: usize,
}

impl Camera {
    /// An anteroposterior view of a whole volume with parallel rays and square pixels, as a radiograph is looked at:
    /// the patient's left is on the right of the picture, the head at the top.
    pub fn anteroposterior(grid: &Grid, pixel_mm: f64) -> Self {
        let [low, high] = grid.bounds(0.5);
        let pixels = |extent: f64| ((extent / pixel_mm).ceil().max(1.0)) as usize;
        let (columns, rows) = (pixels(high.x() - low.x()), pixels(high.z() - low.z()));
        // The picture is centred on the volume, the detector behind it.
        let middle = low.midpoint(high);
        let first = |count: usize| (count as f64 - 1.0) / 2.0 * pixel_mm;
        Camera {
            source: Source::Parallel(Vector::new(0.0, 1.0, 0.0)),
            first_pixel: Point::new(middle.x() - first(columns), high.y(), middle.z() + first(rows)),
            column_step: Vector::new(pixel_mm, 0.0, 0.0),
            row_step: Vector::new(0.0, 0.0, -pixel_mm),
            columns,
            rows,
        }
    }

    /// Centre of a pixel; fractions lie between pixel centres.
    pub fn pixel(&self, column: f64, row: f64) -> Point<frame::Patient> {
        self.first_pixel + self.column_step * column + self.row_step * row
    }

    /// Column and row (fractional) at which a point appears; `None` where no ray goes through it.
    pub fn project(&self, point: Point<frame::Patient>) -> Option<(f64, f64)> {
        let direction = match self.source {
            Source::Focus(focus) => point - focus,
            Source::Parallel(direction) => direction,
        };
        let normal = self.column_step.cross(self.row_step);
        let along = (self.first_pixel - point).dot(normal) / direction.dot(normal);
        let in_front = !matches!(self.source, Source::Focus(_)) || along > -1.0;
        if !along.is_finite() || !in_front {
            return None;
        }
        let hit = point + direction * along - self.first_pixel;
        // Columns and rows need not be at right angles.
        let area = normal.dot(normal);
        let column = hit.cross(self.row_step).dot(normal) / area;
        let row = self.column_step.cross(hit).dot(normal) / area;
        Some((column, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_project_onto_themselves() {
        let mut camera = Camera {
            source: Source::Focus(Point::new(10.0, -900.0, 5.0)),
            first_pixel: Point::new(-100.0, 300.0, 80.0),
            column_step: Vector::new(0.8, 0.1, 0.0),
            row_step: Vector::new(0.1, 0.0, -0.9),
            columns: 200,
            rows: 100,
        };
        for source in [camera.source, Source::Parallel(Vector::new(0.1, 1.0, 0.2))] {
            camera.source = source;
            for (column, row) in [(0.0, 0.0), (17.25, 88.5), (199.0, 3.0)] {
                let pixel = camera.pixel(column, row);
                // Anywhere along the ray.
                let towards_source = match source {
                    Source::Focus(focus) => (focus - pixel) * 0.4,
                    Source::Parallel(direction) => direction * -250.0,
                };
                let (c, r) = camera.project(pixel + towards_source).unwrap();
                assert!((c - column).abs() < 1e-9 && (r - row).abs() < 1e-9);
            }
        }
        camera.source = Source::Parallel(camera.column_step);
        assert_eq!(camera.project(Point::origin()), None);
    }

    #[test]
    fn the_anteroposterior_view_shows_left_on_the_right_and_the_head_on_top() {
        let grid = Grid::axis_aligned([100, 80, 120], Point::new(-50.0, -40.0, 300.0), [1.0, 1.0, 2.0]);
        let camera = Camera::anteroposterior(&grid, 0.5);
        assert_eq!((camera.columns, camera.rows), (200, 480));
        let at = |x, z| camera.project(Point::new(x, 0.0, z)).unwrap();
        assert!(at(20.0, 400.0).0 > at(-20.0, 400.0).0);
        assert!(at(0.0, 500.0).1 < at(0.0, 400.0).1);
        // To scale.
        assert!((at(20.0, 400.0).0 - at(-20.0, 400.0).0 - 80.0).abs() < 1e-9);
    }
}
