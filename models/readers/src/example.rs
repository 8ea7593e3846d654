//! Made-up films to try a study with: a rounded body with texture, half of them with a faint bright spot.

use crate::error::ReadersError;
use coxa_imaging::dicom::{RadiographImage, write_radiograph};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write;
use std::path::Path;

/// Columns and rows of a film.
const SIZE: [usize; 2] = [480, 600];
/// Number of films.
const COUNT: usize = 12;
/// Standard deviation of a spot, pixels.
const SPOT: f64 = 9.0;

/// A spot and what a made-up module says of the film.
struct Film {
    spot: Option<[f64; 2]>,
    contrast: f64,
    score: u32,
    guess: [f64; 2],
}

/// Writes twelve films as DICOM, boxes of a made-up module and the table of cases `cases.csv` into a folder that must not be there or be empty. The
/// same seed writes the same bytes.
///
/// # Errors
/// Whatever the system refuses.
pub fn write(folder: &Path, seed: u64) -> Result<(), ReadersError> {
    let io = |error: std::io::Error| ReadersError::io(folder, &error);
    std::fs::create_dir_all(folder).map_err(io)?;
    if std::fs::read_dir(folder).map_err(io)?.next().is_some() {
        return Err(ReadersError::file(folder, "the folder is not empty; give a new one"));
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut table = "case,patient,image,truth,truth_marks,help,help_marks,score\n".to_owned();
    for number in 1..=COUNT {
        let film = Film::drawn(&mut random, number % 2 == 0);
        let name = format!("film{number:02}");
        film.write(&folder.join(format!("{name}.dcm")), &mut random)?;
        let put = |name: String, [x, y]: [f64; 2]| {
            let text = format!(
                "x_min,y_min,x_max,y_max,lesion\n{:.0},{:.0},{:.0},{:.0},1\n",
                x - 2.5 * SPOT,
                y - 2.5 * SPOT,
                x + 2.5 * SPOT,
                y + 2.5 * SPOT
            );
            let path = folder.join(name);
            coxa_imaging::atomic::write(&path, text.as_bytes())
                .map_err(|error| ReadersError::io(&path, &error))
        };
        let truth = match film.spot {
            Some(at) => {
                put(format!("{name}_truth.csv"), at)?;
                format!("{name}_truth.csv")
            }
            None => String::new(),
        };
        put(format!("{name}_module.csv"), film.guess)?;
        let _ = writeln!(
            table,
            "{number},{number},{name}.dcm,{},{truth},\"Probability of a lesion: {} %\",{name}_module.csv,{}",
            u8::from(film.spot.is_some()),
            film.score,
            film.score
        );
    }
    let path = folder.join("cases.csv");
    coxa_imaging::atomic::write(&path, table.as_bytes()).map_err(|error| ReadersError::io(&path, &error))
}

impl Film {
    fn drawn(random: &mut ChaCha8Rng, has_spot: bool) -> Film {
        let mut place = || [random.random_range(150.0..330.0), random.random_range(180.0..420.0)];
        let (at, elsewhere) = (place(), place());
        let contrast = random.random_range(140.0..420.0);
        // The module is right more often than not, and more so of spots that are plain.
        let finds = has_spot && random.random_range(0.0..420.0) < contrast + 120.0;
        let score = if finds { random.random_range(55..96) } else { random.random_range(4..60) };
        Film { spot: has_spot.then_some(at), contrast, score, guess: if finds { at } else { elsewhere } }
    }

    fn write(&self, path: &Path, random: &mut ChaCha8Rng) -> Result<(), ReadersError> {
        let [columns, rows] = SIZE;
        let phases: Vec<[f64; 4]> = (0..10)
            .map(|_| {
                let mut draw = |low: f64, high: f64| random.random_range(low..high);
                [draw(-0.06, 0.06), draw(-0.06, 0.06), draw(0.0, 6.3), draw(20.0, 70.0)]
            })
            .collect();
        let mut pixels = Vec::with_capacity(columns * rows);
        for (y, x) in (0..rows).flat_map(|y| (0..columns).map(move |x| (y as f64, x as f64))) {
            let (u, v) = ((x - 240.0) / 225.0, (y - 300.0) / 285.0);
            let body = (1.0 - u * u - v * v).max(0.0).sqrt();
            // A shaft of bone, as long as the film.
            let shaft = (-(((x - 240.0 - 18.0 * (y / 90.0).sin()) / 70.0).powi(4))).exp();
            let waves: f64 =
                phases.iter().map(|[a, b, phase, height]| height * (a * x + b * y + phase).sin()).sum();
            let spot = self.spot.map_or(0.0, |[a, b]| {
                let squared = (x - a).powi(2) + (y - b).powi(2);
                self.contrast * (-squared / (2.0 * SPOT * SPOT)).exp()
            });
            let noise = random.random_range(-55.0..55.0);
            let value = 180.0 + body * (1500.0 + 1100.0 * shaft + waves + spot) + noise;
            pixels.push(value.clamp(0.0, 4095.0) as u16);
        }
        let image = RadiographImage {
            columns,
            rows,
            pixels: &pixels,
            detector_spacing_mm: 0.4,
            source_to_detector_mm: 1150.0,
            source_to_patient_mm: 1000.0,
            orientation: ["L", "F"],
            view: "AP",
        };
        write_radiograph(&image, path).map_err(|error| ReadersError::file(path, error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{CaseTable, StudySettings};

    #[test]
    fn the_example_makes_a_study() {
        let folder = tempfile::tempdir().unwrap();
        let films = folder.path().join("films");
        write(&films, 1).unwrap();
        let settings = StudySettings::new("T", &["anna".to_owned()]);
        let table = CaseTable::read(&films.join("cases.csv"), &settings).unwrap();
        assert_eq!((table.cases.len(), table.notes.len()), (12, 0));
        assert!(write(&films, 1).unwrap_err().to_string().contains("not empty"));
    }
}
