//! The frame of a drawing on the page: its head, axes with their numbers, and titles.

use super::speech::in_drawing;
use coxa_locale::Language;
use std::fmt::{Result, Write};

/// Room around a drawing for its words.
pub(super) const LEFT: f64 = 46.0;
pub(super) const TOP: f64 = 26.0;
const RIGHT: f64 = 13.0;
const BOTTOM: f64 = 40.0;

/// A drawing of a size, in its own units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plot {
    pub(super) wide: f64,
    pub(super) high: f64,
}

impl Plot {
    /// Right edge of what is drawn.
    pub(super) fn right(&self) -> f64 {
        LEFT + self.wide
    }

    /// Its lower edge.
    pub(super) fn bottom(&self) -> f64 {
        TOP + self.high
    }

    /// Begins the drawing with its name.
    pub(super) fn open(&self, out: &mut String, name: &str) -> Result {
        let name = in_drawing(name);
        let (wide, high) = (self.right() + RIGHT, self.bottom() + BOTTOM);
        write!(out, "<svg viewBox=\"0 0 {wide:.0} {high:.0}\" role=\"img\" aria-label=\"{name}\">")?;
        write!(out, "<text x=\"{LEFT}\" y=\"17\" class=\"name\">{name}</text>")
    }

    /// A line across the drawing at `x`, with its number below.
    pub(super) fn tick_x(&self, out: &mut String, language: Language, x: f64, number: f64) -> Result {
        let bottom = self.bottom();
        write!(out, "<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom:.1}\"/>")?;
        let (y, shown) = (bottom + 14.0, shown(language, number, 0));
        write!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{shown}</text>")
    }

    /// A line across the drawing at `y`, with its number of so many decimals on the left.
    pub(super) fn tick_y(
        &self,
        out: &mut String,
        language: Language,
        y: f64,
        number: f64,
        decimals: usize,
    ) -> Result {
        write!(out, "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{:.1}\"/>", self.right())?;
        let (x, y, shown) = (LEFT - 5.0, y + 4.0, shown(language, number, decimals));
        write!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{shown}</text>")
    }

    /// The frame, and what the axes are.
    pub(super) fn frame(&self, out: &mut String, below: &str, beside: &str) -> Result {
        let Plot { wide, high } = self;
        let (below, beside) = (in_drawing(below), in_drawing(beside));
        write!(out, "<path class=\"frame\" d=\"M{LEFT} {TOP}h{wide:.1}v{high:.1}h-{wide:.1}z\"/>")?;
        let (x, y) = (LEFT + wide / 2.0, self.bottom() + 32.0);
        write!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{below}</text>")?;
        let y = TOP + high / 2.0;
        write!(
            out,
            "<text transform=\"translate(13 {y:.1}) rotate(-90)\" text-anchor=\"middle\">{beside}</text>"
        )
    }
}

/// A number with a true minus sign.
fn shown(language: Language, number: f64, decimals: usize) -> String {
    language.number(number, Some(decimals)).replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_room_for_its_words_and_true_minus_signs() {
        let plot = Plot { wide: 100.0, high: 50.0 };
        let mut out = String::new();
        plot.open(&mut out, "Name").unwrap();
        plot.tick_x(&mut out, Language::English, 60.0, -30.0).unwrap();
        plot.tick_y(&mut out, Language::English, 40.0, -0.5, 1).unwrap();
        plot.frame(&mut out, "below", "beside").unwrap();
        assert!(out.starts_with("<svg viewBox=\"0 0 159 116\""), "{out}");
        assert!(out.contains(">\u{2212}30<") && out.contains(">\u{2212}0.5<"), "{out}");
        assert!(out.contains("M46 26h100.0v50.0h-100.0z"), "{out}");
    }
}
