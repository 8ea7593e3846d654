//! A bitmap with lines, letters and a scale bar.

use super::picture::Picture;
use super::view::View;
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use tiny_skia::{Paint, PathBuilder, Pixmap, Stroke, Transform};

/// Red, green, blue.
pub type Colour = [u8; 3];

/// Letters of the sides and of the scale bar: a picture is often shown at half its width.
const SIDE_FONT: RasterHeight = RasterHeight::Size32;
const BAR_FONT: RasterHeight = RasterHeight::Size24;
/// Outlines leave a fifth of what they lie on.
const OUTLINE_OPACITY: u8 = 204;
const INK: Colour = [255, 255, 255];

/// A picture being drawn.
pub struct Canvas {
    pixmap: Pixmap,
    px_per_mm: f64,
}

impl Canvas {
    /// A black canvas of a view's size.
    pub fn new(view: &View) -> Self {
        let (width, height) = view.size_px();
        // A view is at least one and at most 8192 pixels wide and high, which a pixmap can always hold.
        let mut pixmap = Pixmap::new(width, height).expect("the size of a view is within limits");
        pixmap.fill(tiny_skia::Color::BLACK);
        Canvas { pixmap, px_per_mm: view.px_per_mm }
    }

    /// A canvas of so many pixels, at most 8192 either way, in one colour.
    pub fn plain(width: u32, height: u32, px_per_mm: f64, colour: Colour) -> Self {
        let side = |n: u32| n.clamp(1, 8192);
        let mut pixmap = Pixmap::new(side(width), side(height)).expect("the size is within limits");
        let [r, g, b] = colour;
        pixmap.fill(tiny_skia::Color::from_rgba8(r, g, b, 255));
        Canvas { pixmap, px_per_mm }
    }

    /// Copies another canvas into this one with its left upper corner at a pixel; what reaches beyond is cut off.
    pub fn paste(&mut self, other: &Canvas, left: u32, top: u32) {
        let (width, height) = self.size();
        let (columns, rows) = other.size();
        let columns = columns.min(width.saturating_sub(left)) as usize * 4;
        for row in 0..rows.min(height.saturating_sub(top)) {
            let to = ((top + row) * width + left) as usize * 4;
            let from = (row * other.size().0) as usize * 4;
            self.pixmap.data_mut()[to..to + columns]
                .copy_from_slice(&other.pixmap.data()[from..from + columns]);
        }
    }

    /// Scale, in pixels.
    pub fn px_per_mm(&self) -> f64 {
        self.px_per_mm
    }

    /// Writes a line of words with its left upper corner at a pixel.
    pub fn words(&mut self, x: i64, y: i64, text: &str) {
        self.text(x, y, text, BAR_FONT);
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.pixmap.width(), self.pixmap.height())
    }

    /// Sets every pixel, row by row, from opaque colours.
    pub fn fill_from(&mut self, colours: impl IntoIterator<Item = Colour>) {
        for (pixel, [r, g, b]) in self.pixmap.data_mut().chunks_exact_mut(4).zip(colours) {
            pixel.copy_from_slice(&[r, g, b, 255]);
        }
    }

    /// Colour of a pixel, black outside.
    #[cfg(test)]
    pub(super) fn pixel(&self, x: i64, y: i64) -> Colour {
        let at = (y * i64::from(self.pixmap.width()) + x) as usize * 4;
        self.pixmap.data().get(at..at + 3).map_or([0; 3], |p| [p[0], p[1], p[2]])
    }

    /// Mixes a colour into one pixel; outside the canvas nothing happens.
    pub fn blend(&mut self, x: i64, y: i64, colour: Colour, opacity: f64) {
        let (width, height) = self.size();
        if x < 0 || y < 0 || x >= i64::from(width) || y >= i64::from(height) {
            return;
        }
        let at = (y as usize * width as usize + x as usize) * 4;
        for (channel, new) in self.pixmap.data_mut()[at..at + 3].iter_mut().zip(colour) {
            *channel = (f64::from(*channel) * (1.0 - opacity) + f64::from(new) * opacity).round() as u8;
        }
    }

    /// Draws a line through points in pixel coordinates.
    pub fn polyline(&mut self, points: &[[f64; 2]], colour: Colour, width_px: f32) {
        self.stroke(points, colour, width_px, 255);
    }

    /// As [`Canvas::polyline`], but what lies below shows through.
    pub fn outline(&mut self, points: &[[f64; 2]], colour: Colour, width_px: f32) {
        self.stroke(points, colour, width_px, OUTLINE_OPACITY);
    }

    fn stroke(&mut self, points: &[[f64; 2]], colour: Colour, width_px: f32, opacity: u8) {
        let mut path = PathBuilder::new();
        for (n, &[x, y]) in points.iter().enumerate() {
            if n == 0 { path.move_to(x as f32, y as f32) } else { path.line_to(x as f32, y as f32) }
        }
        // No path: fewer than two points, or coordinates that are not finite.
        let Some(path) = path.finish() else { return };
        let mut paint = Paint::default();
        let [r, g, b] = colour;
        paint.set_color_rgba8(r, g, b, opacity);
        paint.anti_alias = true;
        let stroke = Stroke { width: width_px, line_join: tiny_skia::LineJoin::Round, ..Stroke::default() };
        self.pixmap.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
    }

    /// Writes text with its left upper corner at a pixel, on a dark ground so that it can be read on any picture.
    fn text(&mut self, x: i64, y: i64, text: &str, font: RasterHeight) {
        let advance = get_raster_width(FontWeight::Regular, font) as i64;
        let ground = advance * text.chars().count() as i64;
        for dy in 0..font.val() as i64 {
            for dx in -2..ground + 2 {
                self.blend(x + dx, y + dy, [0, 0, 0], 0.55);
            }
        }
        for (n, letter) in text.chars().enumerate() {
            let Some(raster) = get_raster(letter, FontWeight::Regular, font) else { continue };
            for (dy, row) in raster.rows().enumerate() {
                for (dx, &ink) in row.iter().enumerate() {
                    self.blend(
                        x + n as i64 * advance + dx as i64,
                        y + dy as i64,
                        INK,
                        f64::from(ink) / 255.0,
                    );
                }
            }
        }
    }

    /// Orientation letters at the left and right edge and a scale bar of 50 or 20 mm at the foot.
    pub fn marks(&mut self, sides: [char; 2]) {
        let (width, height) = self.size();
        let (w, h) = (i64::from(width), i64::from(height));
        let letter_width = get_raster_width(FontWeight::Regular, SIDE_FONT) as i64;
        let top = (h / 2 - SIDE_FONT.val() as i64 / 2).max(0);
        for (x, letter) in [(8, sides[0]), (w - 8 - letter_width, sides[1])] {
            if letter != ' ' {
                self.text(x, top, &letter.to_string(), SIDE_FONT);
            }
        }
        let bar_mm = if f64::from(width) / self.px_per_mm > 200.0 { 50.0 } else { 20.0 };
        let (left, bottom) = (14.0, f64::from(height) - 16.0);
        let right = left + bar_mm * self.px_per_mm;
        for (colour, line_px) in [([0; 3], 7.0), (INK, 3.0)] {
            for (x0, y0, x1, y1) in [
                (left, bottom, right, bottom),
                (left, bottom - 7.0, left, bottom + 7.0),
                (right, bottom - 7.0, right, bottom + 7.0),
            ] {
                self.polyline(&[[x0, y0], [x1, y1]], colour, line_px);
            }
        }
        let above = bottom as i64 - 12 - BAR_FONT.val() as i64;
        self.text(left as i64 + 2, above, &format!("{bar_mm:.0} mm"), BAR_FONT);
    }

    /// Encodes the canvas.
    ///
    /// # Errors
    /// What the PNG encoder says; writing to memory, it has nothing to complain of but a bug.
    pub fn finish(self, name: &str, caption: impl Into<String>) -> Result<Picture, png::EncodingError> {
        let (width, height) = self.size();
        let rgb: Vec<u8> = self.pixmap.data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        let is_grey = rgb.chunks_exact(3).all(|p| p[0] == p[1] && p[1] == p[2]);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_depth(png::BitDepth::Eight);
        let per_metre = (self.px_per_mm * 1000.0).round() as u32;
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: per_metre,
            yppu: per_metre,
            unit: png::Unit::Meter,
        }));
        encoder.set_color(if is_grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
        let mut writer = encoder.write_header()?;
        if is_grey {
            let grey: Vec<u8> = rgb.iter().step_by(3).copied().collect();
            writer.write_image_data(&grey)?;
        } else {
            writer.write_image_data(&rgb)?;
        }
        writer.finish()?;
        Ok(Picture {
            name: name.into(),
            caption: caption.into(),
            width,
            height,
            px_per_mm: self.px_per_mm,
            png: bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;

    /// Width of the widest row of full ink in a part of the picture, in pixels.
    fn ink(canvas: &Canvas, columns: std::ops::Range<u32>) -> usize {
        let (width, height) = canvas.size();
        let is_ink = |x: u32, y: u32| canvas.pixmap.data()[((y * width + x) * 4) as usize] > 200;
        (0..height).map(|y| columns.clone().filter(|&x| is_ink(x, y)).count()).max().unwrap_or(0)
    }

    #[test]
    fn the_bar_is_as_long_as_it_says_and_letters_are_large() {
        let view = crate::pictures::View::coronal(Point::origin(), 150.0, 100.0, 4.0);
        let mut canvas = Canvas::new(&view);
        canvas.marks(['R', ' ']);
        // 20 mm at 4 pixels a millimetre, and half the serif at either end.
        let bar = ink(&canvas, 0..200);
        assert!((80..=84).contains(&bar), "{bar}");
        assert!(ink(&canvas, 300..600) == 0, "a blank side has no letter");
        // A capital of 15 pixels is 9 points high on a phone that shows the picture at 0.6 of its width.
        let rows =
            (0..400).filter(|&y| (8..26).any(|x| canvas.pixmap.data()[((y * 600 + x) * 4) as usize] > 200));
        assert!(rows.filter(|y| *y < 300).count() >= 15);
    }

    #[test]
    fn the_file_carries_its_scale() {
        let view = crate::pictures::View::coronal(Point::origin(), 10.0, 10.0, 4.0);
        let picture = Canvas::new(&view).finish("a", "").unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(&picture.png)).read_info().unwrap();
        let dims = reader.info().pixel_dims.unwrap();
        assert_eq!((dims.xppu, dims.unit), (4000, png::Unit::Meter));
    }
}
