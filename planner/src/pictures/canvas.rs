//! A bitmap with lines, letters and a scale bar.

use super::{Picture, View};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use tiny_skia::{Paint, PathBuilder, Pixmap, Stroke, Transform};

/// Red, green, blue.
pub type Colour = [u8; 3];

const FONT: RasterHeight = RasterHeight::Size16;
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
        let mut path = PathBuilder::new();
        for (n, &[x, y]) in points.iter().enumerate() {
            if n == 0 { path.move_to(x as f32, y as f32) } else { path.line_to(x as f32, y as f32) }
        }
        // No path: fewer than two points, or coordinates that are not finite.
        let Some(path) = path.finish() else { return };
        let mut paint = Paint::default();
        let [r, g, b] = colour;
        paint.set_color_rgba8(r, g, b, 255);
        paint.anti_alias = true;
        let stroke = Stroke { width: width_px, line_join: tiny_skia::LineJoin::Round, ..Stroke::default() };
        self.pixmap.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
    }

    /// Writes text with its left upper corner at a pixel, on a dark ground so that it can be read on any picture.
    pub fn text(&mut self, x: i64, y: i64, text: &str, colour: Colour) {
        let advance = get_raster_width(FontWeight::Regular, FONT) as i64;
        let ground = advance * text.chars().count() as i64;
        for dy in 0..FONT.val() as i64 {
            for dx in -2..ground + 2 {
                self.blend(x + dx, y + dy, [0, 0, 0], 0.55);
            }
        }
        for (n, letter) in text.chars().enumerate() {
            let Some(raster) = get_raster(letter, FontWeight::Regular, FONT) else { continue };
            for (dy, row) in raster.rows().enumerate() {
                for (dx, &ink) in row.iter().enumerate() {
                    self.blend(
                        x + n as i64 * advance + dx as i64,
                        y + dy as i64,
                        colour,
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
        let middle = h / 2 - FONT.val() as i64 / 2;
        for (x, letter) in [(6, sides[0]), (w - 14, sides[1])] {
            if letter != ' ' {
                self.text(x, middle, &letter.to_string(), INK);
            }
        }
        let bar_mm = if f64::from(width) / self.px_per_mm > 200.0 { 50.0 } else { 20.0 };
        let (left, bottom) = (12.0, f64::from(height) - 12.0);
        let right = left + bar_mm * self.px_per_mm;
        for (x0, y0, x1, y1) in [
            (left, bottom, right, bottom),
            (left, bottom - 5.0, left, bottom + 5.0),
            (right, bottom - 5.0, right, bottom + 5.0),
        ] {
            self.polyline(&[[x0, y0], [x1, y1]], INK, 2.0);
        }
        self.text(left as i64 + 2, bottom as i64 - 24, &format!("{bar_mm:.0} mm"), INK);
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
        encoder.set_color(if is_grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
        let mut writer = encoder.write_header()?;
        if is_grey {
            let grey: Vec<u8> = rgb.iter().step_by(3).copied().collect();
            writer.write_image_data(&grey)?;
        } else {
            writer.write_image_data(&rgb)?;
        }
        writer.finish()?;
        Ok(Picture { name: name.into(), caption: caption.into(), width, height, png: bytes })
    }
}
