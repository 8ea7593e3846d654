//! Models are what their files say, and samples are distributed as they should be, more evenly than by chance.

use super::*;
use crate::optimise::postures::{PostureInput, Spinopelvic};
use coxa_geometry::Angle;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, Normal};

fn spread() -> MeasurementSpread {
    MeasurementSpread {
        functional_deg: 2.0,
        femoral_version_deg: 3.0,
        surface_mm: 0.3,
        leg_length_mm: 1.5,
        offset_mm: 1.0,
        socket_diameter_mm: 0.5,
    }
}

fn draw(model: &str, count: usize, seed: u64) -> Vec<Deviation> {
    Deviations::draw(&ErrorModel::preset(model).unwrap(), &spread(), &Spinopelvic::default(), count, seed)
}

#[test]
fn better_guidance_misses_by_less_and_every_number_says_where_it_comes_from() {
    let [freehand, navigated, robot, none] = ErrorModel::presets().map(|n| ErrorModel::preset(n).unwrap());
    for (((name, f), (_, n)), ((_, r), (_, z))) in
        freehand.terms().into_iter().zip(navigated.terms()).zip(robot.terms().into_iter().zip(none.terms()))
    {
        assert!(f.sd >= n.sd && n.sd >= r.sd && r.sd > 0.0 && z.sd == 0.0, "{name}");
        for term in [f, n, r] {
            let is_marked = term.source.contains("to be verified");
            assert_eq!(term.mark == Mark::Unverified, is_marked, "{name}: {}", term.source);
            assert!(is_marked || term.source.chars().any(|c| c.is_ascii_digit()), "{name}");
        }
    }
    let error = ErrorModel::preset("laser").unwrap_err().to_string();
    assert_eq!(error, "there is no error model `laser`; choose one of freehand, navigated, robot, none");
}

#[test]
fn derived_deviations_are_those_of_the_errors_that_their_sources_print() {
    let sd = |model: &str, field: &str| {
        ErrorModel::preset(model).unwrap().terms().into_iter().find(|(name, _)| *name == field).unwrap().1.sd
    };
    for (model, field, mean_absolute, scatter) in [
        ("freehand", "cup_inclination_deg", 4.4, 3.2),
        ("freehand", "cup_anteversion_deg", 5.8, 4.7),
        ("navigated", "cup_inclination_deg", 2.8, 2.5),
        ("navigated", "cup_anteversion_deg", 2.8, 1.9),
        ("navigated", "cup_centre_superior_mm", 1.8, 1.4),
        ("navigated", "stem_version_deg", 2.9, 3.1),
        ("robot", "cup_inclination_deg", 1.2, 1.2),
        ("robot", "cup_anteversion_deg", 1.4, 1.2),
        ("robot", "cup_centre_medial_mm", 1.1, 0.8),
        ("robot", "cup_centre_superior_mm", 1.3, 0.5),
    ] {
        assert!((sd(model, field) - f64::hypot(mean_absolute, scatter)).abs() <= 0.051, "{model} {field}");
    }
    let difference = (11.8_f64.powi(2) + 14.1_f64.powi(2) - 2.0 * 0.8 * 11.8 * 14.1).sqrt();
    assert!((sd("freehand", "stem_version_deg") - difference).abs() < 0.051);
    let normal = Normal::standard();
    let size = 1.0 / normal.inverse_cdf((1.0 + 0.86) / 2.0);
    assert!((sd("freehand", "reamed_diameter_mm") - size).abs() < 0.051);
    let varus = 3.0 / normal.inverse_cdf((1.0 + 978.0 / 1028.0) / 2.0);
    assert!((sd("freehand", "stem_varus_deg") - varus).abs() < 0.051);
}

#[test]
fn written_models_come_back_and_a_file_changes_what_it_names() {
    for name in ErrorModel::presets() {
        let model = ErrorModel::preset(name).unwrap();
        assert_eq!(ErrorModel::from_toml(&model.to_toml()).unwrap(), model);
    }
    let text = "format = 1\nbase = \"robot\"\nstem_version_deg = { sd = 6, mean = -1.5 }\n";
    let changed = ErrorModel::from_toml(text).unwrap();
    let robot = ErrorModel::preset("robot").unwrap();
    assert_eq!(changed.name, "robot, changed");
    assert_eq!((changed.stem_version_deg.sd, changed.stem_version_deg.mean), (6.0, -1.5));
    assert_eq!(changed.stem_version_deg.mark, Mark::Unverified);
    assert_eq!(changed.stem_version_deg.source, "set in this error model file, no source given");
    assert_eq!(changed.cup_inclination_deg, robot.cup_inclination_deg);
    assert_eq!(ErrorModel::from_toml(&changed.to_toml()).unwrap(), changed);
}

#[test]
fn mistakes_are_refused_with_their_line() {
    const HEAD: &str = "format = 1\nbase = \"robot\"\n";
    for (text, line, message) in [
        ("format = 3\nsway = 1", 1, "format 3"),
        ("format = 0\nbase = \"robot\"", 1, "it must be 1"),
        ("format = 1", 1, "cup_inclination_deg is missing; give it, or start from"),
        ("format = 1\nbase = \"laser\"", 2, "no error model `laser` to start from"),
        ("+stem_version = { sd = 6 }", 3, "unknown field `stem_version`, expected one of"),
        ("+[stem_version_deg]\nsd = 6\nspread = 3", 5, "unknown field `spread`"),
        ("+[stem_version_deg]\nsd = -0.1", 4, "stem_version_deg.sd is -0.1; it must be 0 to 30"),
        ("+[stem_version_deg]\nsd = nan", 4, "stem_version_deg.sd is NaN"),
        ("+[stem_version_deg]\nsd = 5\nmean = inf", 5, "stem_version_deg.mean is inf; it must be -30 to 30"),
        ("+[stem_version_deg]\nmean = 5", 3, "missing field `sd`"),
        ("+[stem_version_deg]\nsd = \"5\"", 4, "expected a number without quotes"),
        ("+[stem_version_deg]\nsd = 5\nmark = \"sure\"", 5, "unknown variant `sure`"),
        ("+[stem_version_deg]\nsd = 5\nsource = \"\"", 5, "1 to 400 characters"),
        ("+name = \"\"", 3, "1 to 60 characters"),
        ("+[", 3, ""),
    ] {
        let text = text.strip_prefix('+').map_or_else(|| text.to_owned(), |rest| format!("{HEAD}{rest}"));
        let error = ErrorModel::from_toml(&text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("line {line}: ")) && error.contains(message), "{text}: {error}");
    }
    assert!(matches!(ErrorModel::from_toml(&"#".repeat(1 << 19)), Err(ErrorModelError::TooLarge(_))));
}

/// All numbers of a deviation, in standard deviations where the model has one.
fn numbers(d: &Deviation) -> Vec<f64> {
    let m = &d.measurement;
    vec![
        d.cup_inclination.degrees(),
        d.cup_anteversion.degrees(),
        d.cup_centre_mm[0],
        d.cup_centre_mm[1],
        d.cup_centre_mm[2],
        d.stem_version.degrees(),
        d.stem_varus.degrees(),
        d.stem_flexion.degrees(),
        d.stem_depth_mm,
        d.leg_length_mm,
        d.reamed_diameter_mm,
        m.functional.degrees(),
        m.femoral_version.degrees(),
        m.surface_mm,
        m.leg_length_mm,
        m.offset_mm,
        m.socket_diameter_mm,
        d.tilts.standing.degrees(),
        d.tilts.sitting.degrees(),
        d.tilts.flexed_seated.degrees(),
    ]
}

/// What the numbers' standard deviations are.
fn deviations(model: &str) -> Vec<f64> {
    let s = spread();
    let postures = Spinopelvic::default();
    let model = ErrorModel::preset(model).unwrap();
    let mut sds: Vec<f64> = model.terms().iter().map(|(_, term)| term.sd).collect();
    sds.extend([s.functional_deg, s.femoral_version_deg, s.surface_mm]);
    sds.extend([s.leg_length_mm, s.offset_mm, s.socket_diameter_mm]);
    sds.extend([&postures.standing, &postures.sitting, &postures.flexed_seated].map(|p| p.spread.degrees()));
    sds
}

#[test]
fn samples_have_the_moments_of_the_model_and_no_correlation_but_that_of_the_postures() {
    let sds = deviations("freehand");
    let samples: Vec<Vec<f64>> = draw("freehand", 4096, 7).iter().map(numbers).collect();
    let mean = |f: &dyn Fn(&[f64]) -> f64| samples.iter().map(|s| f(s)).sum::<f64>() / samples.len() as f64;
    for i in 0..sds.len() {
        assert!(mean(&|s| s[i]).abs() < 0.003 * sds[i], "mean {i}");
        assert!((mean(&|s| s[i] * s[i]).sqrt() / sds[i] - 1.0).abs() < 0.01, "spread {i}");
        for j in 0..i {
            let correlation = mean(&|s| s[i] * s[j]) / (sds[i] * sds[j]);
            // Sitting was not measured, so that it goes with standing.
            let expected = if (i, j) == (18, 17) { sds[17] / sds[18] } else { 0.0 };
            assert!((correlation - expected).abs() < 0.02, "{i} {j}: {correlation}");
        }
        let farthest = samples.iter().map(|s| (s[i] / sds[i]).abs()).fold(0.0, f64::max);
        assert!((3.0..6.0).contains(&farthest), "tail {i}: {farthest}");
    }
}

#[test]
fn systematic_errors_move_all_samples() {
    let text = "format = 1\nbase = \"none\"\ncup_anteversion_deg = { sd = 0, mean = -3 }\n";
    let model = ErrorModel::from_toml(text).unwrap();
    let measured = PostureInput { measured_spread_deg: Some(0.0), ..Default::default() };
    let postures = PostureInput { standing_tilt_deg: Some(4.0), sitting_tilt_deg: Some(20.0), ..measured };
    let postures = postures.spinopelvic().unwrap();
    for d in Deviations::draw(&model, &MeasurementSpread::default(), &postures, 64, 3) {
        assert!((d.cup_anteversion.degrees() + 3.0).abs() < 1e-12);
        assert_eq!((d.cup_inclination, d.measurement), (Angle::ZERO, MeasurementError::default()));
        assert_eq!((d.tilts.standing, d.tilts.sitting), (Angle::ZERO, Angle::ZERO));
        assert!(d.tilts.flexed_seated != Angle::ZERO);
    }
}

#[test]
fn random_numbers_are_common_to_models_counts_and_runs() {
    let (freehand, robot) = (draw("freehand", 100, 11), draw("robot", 100, 11));
    let (a, b) = (deviations("freehand"), deviations("robot"));
    for (x, y) in freehand.iter().zip(&robot) {
        for (i, (x, y)) in numbers(x).into_iter().zip(numbers(y)).enumerate() {
            assert!((x / a[i] - y / b[i]).abs() < 1e-9, "{i}");
        }
    }
    assert_eq!(draw("freehand", 50, 11), freehand[..50]);
    assert_eq!(draw("freehand", 100, 11), freehand);
    assert_ne!(draw("freehand", 100, 12), freehand);
    // Seeds that differ only in their upper half are different seeds.
    assert_ne!(draw("freehand", 100, 11 + (1 << 40)), freehand);
}

#[test]
fn samples_beyond_the_sequence_are_new_ones() {
    let all = draw("robot", (1 << 16) + 2, 5);
    assert_eq!(all.len(), (1 << 16) + 2);
    assert_ne!(all[1 << 16], all[0]);
    assert!(all.iter().all(|d| numbers(d).iter().all(|x| x.is_finite())));
}

/// Root mean square error of the mean of something smooth, over seeds.
fn error_of_mean(count: usize, draw: impl Fn(u64) -> Vec<[f64; 4]>) -> f64 {
    // Its mean over normal numbers is known: exp(0.5 * 4 * 0.3^2).
    let exact = (0.5 * 4.0 * 0.09_f64).exp();
    let seeds = 24;
    let squares = (0..seeds).map(|seed| {
        let sum: f64 = draw(seed).iter().map(|z| (0.3 * z.iter().sum::<f64>()).exp()).sum();
        (sum / count as f64 - exact).powi(2)
    });
    (squares.sum::<f64>() / seeds as f64).sqrt()
}

#[test]
fn the_error_of_a_mean_is_far_below_that_of_independent_samples() {
    let sds = deviations("freehand");
    let count = 1024;
    let even = error_of_mean(count, |seed| {
        let standard = |d: &Deviation| {
            let all = numbers(d);
            [0, 1, 5, 9].map(|i| all[i] / sds[i])
        };
        draw("freehand", count, seed).iter().map(standard).collect()
    });
    let independent = error_of_mean(count, |seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let normal = Normal::standard();
        let mut number = || normal.inverse_cdf(rng.random_range(1e-12..1.0 - 1e-12));
        (0..count).map(|_| std::array::from_fn(|_| number())).collect()
    });
    assert!(even < independent / 5.0, "{even} against {independent}");
}
