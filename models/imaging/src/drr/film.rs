//! From attenuation to what a detector and its software show: scatter, dose, heel effect, noise, logarithm and tone curve.

use super::Projection;
use crate::noise::normal;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Largest value of a pixel, 12 bits.
pub const WHITE: u16 = 4095;

/// Share of the coarse structure that equalisation takes away, and how coarse.
const EQUALISED: f32 = 0.55;
const EQUALISED_OVER_MM: f64 = 30.0;

/// How a radiograph is exposed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Photons that reach a pixel where nothing is in their way.
    pub photons: f64,
    /// Share of what reaches the detector that is scattered radiation; 0.3 behind a grid, 0.8 without (large fields).
    pub scatter_fraction: f64,
    /// How far scattered radiation spreads, as a standard deviation.
    pub scatter_mm: f64,
    /// By how much the field is weaker at the foot of the picture than in its middle, and stronger at the head (heel effect).
    pub heel: f64,
}

/// A picture as software shows it: bone bright, 12 bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Film {
    /// Pixels, row by row from the top.
    pub pixels: Vec<u16>,
    /// Signal of every pixel over that of the open field.
    pub signals: Vec<f64>,
}

/// Exposes a projection. `seed` decides the noise.
pub fn expose(projection: &Projection, exposure: &Exposure, seed: u64) -> Film {
    let (columns, rows) = (projection.camera.columns, projection.camera.rows);
    let primary: Vec<f32> = projection.values.iter().map(|&p| (-p).exp()).collect();
    let pixel_mm = projection.camera.column_step.norm().max(1e-6);
    let scatter = blurred(&primary, columns, rows, exposure.scatter_mm / pixel_mm);
    let share = exposure.scatter_fraction;
    let signals: Vec<f64> = (0..rows)
        .into_par_iter()
        .flat_map_iter(|row| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(row as u64);
            let heel = 1.0 - exposure.heel * (2.0 * row as f64 / rows as f64 - 1.0);
            let line = row * columns..(row + 1) * columns;
            let pairs = primary[line.clone()].iter().zip(&scatter[line]);
            pairs
                .map(move |(&p, &s)| {
                    let mean =
                        heel * ((1.0 - share) * f64::from(p) + share * f64::from(s)) * exposure.photons;
                    (mean + mean.sqrt() * normal(&mut rng)).max(1.0) / exposure.photons
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let pixels = tone(&signals, columns, rows, EQUALISED_OVER_MM / pixel_mm);
    Film { pixels, signals }
}

/// Logarithm, equalised so that thick and thin parts show together, and a tone curve between what nearly all of the body
/// exceeds and what nearly nothing does.
fn tone(signals: &[f64], columns: usize, rows: usize, sigma: f64) -> Vec<u16> {
    let depths: Vec<f32> = signals.iter().map(|s| -s.ln() as f32).collect();
    let coarse = blurred(&depths, columns, rows, sigma);
    let logs: Vec<f64> = depths.iter().zip(&coarse).map(|(d, c)| f64::from(d - EQUALISED * c)).collect();
    // Where a third of the open field is lost, the body begins.
    let is_body = |depth: &f32| *depth > 0.35;
    let within = depths.iter().zip(&logs).filter(|(depth, _)| is_body(depth));
    let mut body: Vec<f64> = within.map(|(_, &log)| log).collect();
    body.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| body.get((share * body.len() as f64) as usize).copied();
    let (black, white) = match (at(0.02), at(0.999)) {
        (Some(black), Some(white)) if white > black => (black, white),
        _ => (0.0, 1.0),
    };
    logs.iter()
        .map(|depth| {
            let t = (depth - black) / (white - black);
            // A gentle S, as presets for bone have it.
            let s = 1.0 / (1.0 + (-5.0 * (t - 0.5)).exp());
            let (low, high) = (1.0 / (1.0 + 2.5f64.exp()), 1.0 / (1.0 + (-2.5f64).exp()));
            (((s - low) / (high - low)) * f64::from(WHITE)).round().clamp(0.0, f64::from(WHITE)) as u16
        })
        .collect()
}

/// Three running means in either direction: near enough to a Gaussian of this standard deviation in pixels.
fn blurred(values: &[f32], columns: usize, rows: usize, sigma: f64) -> Vec<f32> {
    let half = (((4.0 * sigma * sigma + 1.0).sqrt() - 1.0) / 2.0).round().max(0.0) as usize;
    let mut across = values.to_vec();
    let mut turned = vec![0.0; values.len()];
    for _ in 0..3 {
        for row in across.chunks_mut(columns.max(1)) {
            running_mean(row, half);
        }
    }
    let transpose = |from: &[f32], to: &mut [f32], columns: usize, rows: usize| {
        for row in 0..rows {
            for column in 0..columns {
                to[column * rows + row] = from[row * columns + column];
            }
        }
    };
    transpose(&across, &mut turned, columns, rows);
    for _ in 0..3 {
        for column in turned.chunks_mut(rows.max(1)) {
            running_mean(column, half);
        }
    }
    transpose(&turned, &mut across, rows, columns);
    across
}

/// Mean over so many neighbours on either side; the outermost values hold beyond the ends.
fn running_mean(values: &mut [f32], half: usize) {
    let Some(&last) = values.last() else { return };
    if half == 0 {
        return;
    }
    let first = values[0];
    let from = values.to_vec();
    let at = |n: isize| {
        let inside = usize::try_from(n).ok().map_or(first, |n| from.get(n).copied().unwrap_or(last));
        f64::from(inside)
    };
    let reach = half as isize;
    let mut sum: f64 = (-reach..=reach).map(at).sum();
    for (n, value) in values.iter_mut().enumerate() {
        *value = (sum / (2 * half + 1) as f64) as f32;
        sum += at(n as isize + reach + 1) - at(n as isize - reach);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Camera;
    use super::*;
    use crate::Grid;
    use coxa_geometry::Point;

    /// A step from 1 to 4 in the middle of a picture, with a border of open field so many pixels wide.
    fn step(open: usize) -> Projection {
        let grid = Grid::axis_aligned([200, 4, 100], Point::origin(), [1.0; 3]);
        let camera = Camera::anteroposterior(&grid, 1.0);
        let values = (0..camera.rows * camera.columns)
            .map(|n| match n % camera.columns {
                n if n < open => 0.0,
                ..110 => 1.0,
                _ => 4.0,
            })
            .collect();
        Projection { camera, values }
    }

    const EXPOSURE: Exposure = Exposure { photons: 1e9, scatter_fraction: 0.0, scatter_mm: 40.0, heel: 0.0 };

    fn mean(film: &Film, columns: std::ops::Range<usize>) -> f64 {
        let all: Vec<f64> = (40..60)
            .flat_map(|row| columns.clone().map(move |c| (row, c)))
            .map(|(row, c)| f64::from(film.pixels[row * 200 + c]))
            .collect();
        all.iter().sum::<f64>() / all.len() as f64
    }

    #[test]
    fn dense_is_bright_and_open_field_black() {
        let film = expose(&step(20), &EXPOSURE, 1);
        assert!(mean(&film, 2..10) < 0.03 * f64::from(WHITE), "{}", mean(&film, 2..10));
        assert!(mean(&film, 115..140) > mean(&film, 80..105) + 0.3 * f64::from(WHITE));
        // What comes through, to the noise.
        assert!((film.signals[50 * 200 + 60].ln() + 1.0).abs() < 1e-3);
        assert!((film.signals[50 * 200 + 160].ln() + 4.0).abs() < 1e-2);
    }

    #[test]
    fn scatter_takes_contrast_and_few_photons_add_noise() {
        let signals = |scatter_fraction: f64| {
            let exposure = Exposure { scatter_fraction, scatter_mm: 120.0, ..EXPOSURE };
            let film = expose(&step(0), &exposure, 1);
            [60, 160].map(|column| film.signals[50 * 200 + column])
        };
        let contrast = |[thin, thick]: [f64; 2]| thin / thick;
        let (clear, grey) = (contrast(signals(0.0)), contrast(signals(0.6)));
        assert!((clear / 3.0f64.exp() - 1.0).abs() < 0.01 && grey < 0.3 * clear, "{clear} {grey}");
        let spread = |photons: f64| {
            let exposure = Exposure { photons, ..EXPOSURE };
            let [a, b] = [1, 2].map(|seed| expose(&step(0), &exposure, seed));
            let squares: Vec<f64> = (40..60)
                .flat_map(|row| (60..90).map(move |c| row * 200 + c))
                .map(|n| (a.signals[n] - b.signals[n]).powi(2))
                .collect();
            (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
        };
        // As the square root.
        assert!((spread(1e3) / spread(1e5) / 10.0 - 1.0).abs() < 0.1, "{} {}", spread(1e3), spread(1e5));
    }
}
