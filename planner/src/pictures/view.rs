//! A rectangle in the patient and the direction one looks at it.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Vector};

/// An orthographic view: a rectangle around a centre, in millimetres, drawn to scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Middle of the rectangle.
    pub centre: Point<Patient>,
    /// Unit vector to the right of the picture.
    pub right: Vector<Patient>,
    /// Unit vector down the picture.
    pub down: Vector<Patient>,
    /// Width in millimetres.
    pub width_mm: f64,
    /// Height in millimetres.
    pub height_mm: f64,
    /// Scale.
    pub px_per_mm: f64,
    /// Orientation letters at the left and right edge; blank where none fits.
    pub sides: [char; 2],
}

impl View {
    /// From the front: the patient's right is on the left, as on a radiograph.
    pub fn coronal(centre: Point<Patient>, width_mm: f64, height_mm: f64, px_per_mm: f64) -> Self {
        let (right, down) = (Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 0.0, -1.0));
        View { centre, right, down, width_mm, height_mm, px_per_mm, sides: ['R', 'L'] }
    }

    /// From the patient's left: anterior is on the left.
    pub fn sagittal(centre: Point<Patient>, width_mm: f64, height_mm: f64, px_per_mm: f64) -> Self {
        let (right, down) = (Vector::new(0.0, 1.0, 0.0), Vector::new(0.0, 0.0, -1.0));
        View { centre, right, down, width_mm, height_mm, px_per_mm, sides: ['A', 'P'] }
    }

    /// From the feet: the patient's right is on the left, anterior on top.
    pub fn axial(centre: Point<Patient>, width_mm: f64, height_mm: f64, px_per_mm: f64) -> Self {
        let (right, down) = (Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 1.0, 0.0));
        View { centre, right, down, width_mm, height_mm, px_per_mm, sides: ['R', 'L'] }
    }

    /// The view turned about the picture's vertical: positive turns bring the patient's right side to the front.
    #[must_use]
    pub fn turned(mut self, radians: f64) -> Self {
        let into = self.into_picture();
        let right = self.right;
        self.right = right * radians.cos() - into * radians.sin();
        self
    }

    /// Unit vector away from the viewer.
    pub fn into_picture(&self) -> Vector<Patient> {
        self.right.cross(self.down)
    }

    /// Width and height in pixels, at least one.
    pub fn size_px(&self) -> (u32, u32) {
        let px = |mm: f64| (mm * self.px_per_mm).round().clamp(1.0, 8192.0) as u32;
        (px(self.width_mm), px(self.height_mm))
    }

    /// Pixel coordinates of a point and its distance behind the view's plane in millimetres. Pixel centres are at
    /// halves.
    pub fn project(&self, point: Point<Patient>) -> [f64; 3] {
        let d = point - self.centre;
        [
            (d.dot(self.right) + self.width_mm / 2.0) * self.px_per_mm,
            (d.dot(self.down) + self.height_mm / 2.0) * self.px_per_mm,
            d.dot(self.into_picture()),
        ]
    }

    /// The place in the view's plane under a pixel coordinate.
    pub fn place(&self, x_px: f64, y_px: f64) -> Point<Patient> {
        self.centre
            + self.right * (x_px / self.px_per_mm - self.width_mm / 2.0)
            + self.down * (y_px / self.px_per_mm - self.height_mm / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patients_right_is_on_the_left_and_the_scale_is_true() {
        let view = View::coronal(Point::new(10.0, 20.0, 30.0), 100.0, 50.0, 4.0);
        assert_eq!(view.size_px(), (400, 200));
        let [x, y, depth] = view.project(Point::new(-15.0, 25.0, 40.0));
        assert!((x - 100.0).abs() < 1e-9 && (y - 60.0).abs() < 1e-9 && (depth - 5.0).abs() < 1e-9);
        assert!(view.place(x, y).distance(Point::new(-15.0, 20.0, 40.0)) < 1e-9);
    }

    #[test]
    fn a_quarter_turn_of_the_front_view_looks_at_the_right_side() {
        let view = View::coronal(Point::origin(), 10.0, 10.0, 1.0).turned(std::f64::consts::FRAC_PI_2);
        assert!((view.into_picture() - Vector::new(1.0, 0.0, 0.0)).norm() < 1e-12);
    }
}
