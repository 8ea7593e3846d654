//! The way of the joint force over the liner, as one looks into the opening.

use super::super::numbers::fixed;
use super::super::plot::{LEFT, Plot, TOP};
use super::super::speech::{in_drawing, say};
use coxa_locale::Language;
use std::f64::consts::{FRAC_PI_2, TAU};
use std::fmt::{Result, Write};

/// Units of a degree from the pole.
const PX: f64 = 1.5;
/// The drawing reaches so many degrees from the pole: the widest bearing with room for its rim and the letters around it.
const MOST_DEG: f64 = 112.0;
/// Rings at these angles from the pole, with their numbers.
const RINGS_DEG: [f64; 3] = [30.0, 60.0, 90.0];
/// Marks along the way, by share of the cycle.
const MARK: f64 = 0.1;
/// Radius of a mark at the greatest force; others by the root of the force, so that areas compare.
const MOST_RADIUS: f64 = 7.0;

/// Where a force meets the liner at a moment of the cycle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Share of the cycle, 0 to 1.
    pub(super) share: f64,
    /// Angle from the pole, degrees.
    pub(super) from_pole_deg: f64,
    /// Angle about the pole from superior towards anterior, degrees.
    pub(super) azimuth_deg: f64,
    /// Joint force in per cent of body weight.
    pub(super) force_pct_bw: f64,
}

/// Draws the way over the liner, its rim given at equal steps of azimuth from superior towards anterior, in degrees from the pole. Anterior
/// is to the right, as one sees a right hip from its side; a left hip's numbers are those of its mirror image, and so is its drawing.
pub(super) fn draw(language: Language, places: &[Place], rim_deg: &[f64], peak: Option<&Place>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_drawing(&mut out, language, places, rim_deg, peak);
    out
}

/// A force in per cent of body weight.
pub(super) fn body_weights(language: Language, pct_bw: f64) -> String {
    say(language, "report-body-weights", [("percent", fixed(pct_bw, 0))])
}

/// In the drawing; the distance from the pole is the angle from it.
fn place(from_pole_deg: f64, azimuth: f64) -> [f64; 2] {
    let far = from_pole_deg.clamp(0.0, MOST_DEG) * PX;
    let middle = MOST_DEG * PX;
    [LEFT + middle + far * azimuth.sin(), TOP + middle - far * azimuth.cos()]
}

fn path(points: impl Iterator<Item = [f64; 2]>) -> String {
    let points: Vec<String> = points.map(|[x, y]| format!("{x:.1} {y:.1}")).collect();
    format!("M{}", points.join("L"))
}

fn write_drawing(
    out: &mut String,
    language: Language,
    places: &[Place],
    rim_deg: &[f64],
    peak: Option<&Place>,
) -> Result {
    let plot = Plot { wide: 2.0 * MOST_DEG * PX, high: 2.0 * MOST_DEG * PX };
    plot.open(out, &language.text("report-on-the-liner"))?;
    let around = |n: usize, of: usize| TAU * n as f64 / of.max(1) as f64;
    if rim_deg.len() > 2 {
        let rim = path((0..rim_deg.len()).map(|n| place(rim_deg[n], around(n, rim_deg.len()))));
        let words = in_drawing(&language.text("report-bearing-to-rim"));
        write!(out, "<path class=\"bearing\" d=\"{rim}z\"><title>{words}</title></path>")?;
    }
    let [x, y] = place(0.0, 0.0);
    for ring in RINGS_DEG {
        write!(out, "<circle class=\"grid\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>", ring * PX)?;
        let [x, y] = place(ring, 0.75 * FRAC_PI_2 + FRAC_PI_2);
        write!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{ring:.0}\u{b0}</text>")?;
    }
    let letters = [
        "report-letter-superior",
        "report-letter-anterior",
        "report-letter-inferior",
        "report-letter-posterior",
    ];
    for (letter, quarter) in letters.into_iter().zip(0u8..) {
        let (letter, azimuth) = (in_drawing(&language.text(letter)), f64::from(quarter) * FRAC_PI_2);
        let [x, y] = place(MOST_DEG - 4.0, azimuth);
        let y = y + 4.0;
        write!(
            out,
            "<text class=\"number\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{letter}</text>"
        )?;
    }
    write!(out, "<path class=\"grid\" d=\"M{x:.1} {:.1}v8m-4 -4h8\"/>", y - 4.0)?;
    let at = |p: &Place| place(p.from_pole_deg, p.azimuth_deg.to_radians());
    let way = path(places.iter().map(at));
    if places.len() > 1 {
        write!(out, "<path class=\"halo\" d=\"{way}\"/><path class=\"force\" d=\"{way}\"/>")?;
    }
    let most = places.iter().map(|p| p.force_pct_bw).fold(0.0, f64::max);
    let mut next = 0.0;
    for p in places.iter().filter(|_| most > 0.0) {
        if p.share + 1e-9 < next {
            continue;
        }
        next += MARK;
        let ([x, y], r) = (at(p), MOST_RADIUS * (p.force_pct_bw / most).max(0.0).sqrt());
        let of = [
            ("percent", fixed(100.0 * p.share, 0)),
            ("force", body_weights(language, p.force_pct_bw).into()),
        ];
        let words = in_drawing(&say(language, "report-force-at", of));
        write!(
            out,
            "<circle class=\"load\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"><title>{words}</title></circle>"
        )?;
    }
    if let Some(p) = peak {
        let [x, y] = at(p);
        let words = in_drawing(&body_weights(language, p.force_pct_bw));
        write!(
            out,
            "<circle class=\"peak\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{MOST_RADIUS}\"/><text class=\"number\" x=\"{:.1}\" y=\"{:.1}\">{words}</text>",
            x + MOST_RADIUS + 4.0,
            y + 4.0
        )?;
    }
    write!(out, "</svg>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(share: f64, from_pole_deg: f64, azimuth_deg: f64, force_pct_bw: f64) -> Place {
        Place { share, from_pole_deg, azimuth_deg, force_pct_bw }
    }

    #[test]
    fn superior_is_up_and_anterior_to_the_right() {
        let [middle, up, right] = [place(0.0, 0.0), place(40.0, 0.0), place(40.0, FRAC_PI_2)];
        assert!((up[0] - middle[0]).abs() < 1e-9 && (middle[1] - up[1] - 40.0 * PX).abs() < 1e-9);
        assert!((right[1] - middle[1]).abs() < 1e-9 && (right[0] - middle[0] - 40.0 * PX).abs() < 1e-9);
        // What lies beyond the drawing stays at its edge.
        assert_eq!(place(500.0, 0.0), place(MOST_DEG, 0.0));
    }

    #[test]
    fn marks_stand_at_tenths_and_grow_with_the_root_of_the_force() {
        let places: Vec<Place> = (0..=100)
            .map(|n| at(f64::from(n) / 100.0, 30.0, 20.0, if n < 50 { 250.0 } else { 62.5 }))
            .collect();
        let svg = draw(Language::English, &places, &[90.0; 8], Some(&places[0]));
        assert_eq!(svg.matches("class=\"load\"").count(), 11);
        assert_eq!(svg.matches("r=\"7.0\"").count(), 5);
        assert_eq!(svg.matches("r=\"3.5\"").count(), 6);
        assert!(svg.contains(">250 %BW<") && svg.contains("100 % of the cycle: 62 %BW"));
    }

    #[test]
    fn nothing_to_draw_is_an_empty_liner() {
        let svg = draw(Language::English, &[], &[], None);
        assert!(svg.ends_with("</svg>") && !svg.contains("class=\"load\"") && !svg.contains("NaN"));
    }
}
