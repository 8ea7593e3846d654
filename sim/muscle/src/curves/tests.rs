//! Closed forms, published points and laws of the curves.

use super::bezier::{Bezier, Knot};
use super::*;
use crate::model::MillardCurves;
use proptest::prelude::*;

/// Numbers of gait2392 with Thelen's muscles.
fn thelen() -> MuscleCurves {
    MuscleCurves::Thelen2003 {
        tendon_strain: 0.033,
        passive_strain: 0.6,
        active_shape: 0.5,
        passive_shape: 4.0,
        velocity_shape: 0.3,
        lengthening_force: 1.8,
    }
}

fn de_groote() -> MuscleCurves {
    MuscleCurves::DeGroote2016 { tendon_strain: 0.049, passive_strain: 0.6, active_width_scale: 1.0 }
}

fn families() -> [Curves; 3] {
    [thelen(), MuscleCurves::Millard2012(Box::default()), de_groote()]
        .map(|numbers| Curves::new(&numbers).unwrap())
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
}

/// Strain of the tendon and of the fibres at the greatest isometric force, of each family.
const STRAINS: [[f64; 2]; 3] = [[0.033, 0.6], [0.049, 0.7], [0.049, 0.6]];

#[test]
fn every_family_passes_the_points_that_define_it() {
    for (curves, [tendon, passive]) in families().iter().zip(STRAINS) {
        near(curves.tendon(1.0)[0], 0.0);
        near(curves.tendon(1.0 + tendon)[0], 1.0);
        near(curves.passive(1.0 + passive)[0], 1.0);
        near(curves.active(1.0)[0], 1.0);
        near(curves.velocity(-1.0, 1.0)[0], 0.0);
        near(curves.velocity(0.0, 1.0)[0], 1.0);
    }
}

#[test]
fn thelens_velocity_is_what_thelen_solves_for() {
    let curves = Curves::new(&thelen()).unwrap();
    let (shape, most): (f64, f64) = (0.3, 1.8);
    for activation in [0.01, 0.3, 1.0] {
        let scale = 0.25 + 0.75 * activation;
        for force in [0.1, 0.5, 0.9, 1.0, 1.3, 0.94 * most] {
            // Equations 6 and 7, over the isometric force at this activation.
            let below = if force <= 1.0 {
                1.0 + force / shape
            } else {
                (2.0 + 2.0 / shape) * (most - force) / (most - 1.0)
            };
            near(curves.velocity(scale * (force - 1.0) / below, activation)[0], force);
        }
    }
}

#[test]
fn millards_curves_have_the_slopes_they_are_made_with() {
    let curves = Curves::new(&MuscleCurves::Millard2012(Box::default())).unwrap();
    near(curves.velocity(0.0, 1.0)[1], 5.0);
    near(curves.velocity(1.0, 1.0)[0], 1.4);
    near(curves.velocity(-0.9, 1.0)[0], 0.0125);
    near(curves.tendon(1.049)[1], 1.375 / 0.049);
    near(curves.passive(1.7)[1], 2.0 / 0.7);
    near(curves.active(1.0)[1], 0.0);
    near(curves.active(0.4441)[0], 0.0);
    near(curves.active(1.8123)[0], 0.0);
}

#[test]
fn a_corner_is_the_polynomial_of_its_control_points() {
    let (from, to) = (Knot { x: 1.0, y: 0.0, slope: 0.0 }, Knot { x: 1.6, y: 1.0, slope: 4.0 });
    let curve = Bezier::new("a corner", &[from, to], &[0.5]).unwrap();
    // The lines meet at 1.35; a curviness of one half takes control points half of the way.
    let (xs, ys) = ([1.0, 1.175, 1.175, 1.475, 1.475, 1.6], [0.0, 0.0, 0.0, 0.5, 0.5, 1.0]);
    for n in 0..=20 {
        let u = f64::from(n) / 20.0;
        let weights = [1.0, 5.0, 10.0, 10.0, 5.0, 1.0];
        let sum = |points: [f64; 6]| -> f64 {
            (0..6).map(|k| weights[k] * points[k] * u.powi(k as i32) * (1.0 - u).powi(5 - k as i32)).sum()
        };
        near(curve.at(sum(xs))[0], sum(ys));
    }
    near(curve.at(1.7)[0], 1.4);
    assert!(curve.at(f64::NAN)[0].is_nan());
}

#[test]
fn numbers_that_make_no_curve_are_errors() {
    let bad = |change: fn(&mut MillardCurves)| {
        let mut numbers = MillardCurves::default();
        change(&mut numbers);
        Curves::new(&MuscleCurves::Millard2012(Box::new(numbers))).unwrap_err().to_string()
    };
    assert!(bad(|n| n.tendon_strain = -1.0).contains("the tendon strain is -1"));
    assert!(bad(|n| n.tendon_curviness = 2.0).contains("curviness"));
    assert!(bad(|n| n.active_lengths = [0.9, 0.5, 0.4]).contains("active force-length"));
    assert!(bad(|n| n.isometric_slope = 0.1).contains("force-velocity"));
    assert!(bad(|n| n.lengthening_force = f64::NAN).contains("eccentric"));
    let flat =
        MuscleCurves::DeGroote2016 { tendon_strain: 0.0, passive_strain: 0.6, active_width_scale: 1.0 };
    assert!(Curves::new(&flat).is_err());
}

proptest! {
    #[test]
    fn slopes_are_those_of_the_values(x in -2.0..2.0f64, activation in 0.01..1.0f64) {
        const STEP: f64 = 1e-6;
        for curves in families() {
            let of: [&dyn Fn(f64) -> ValueAndSlope; 4] = [
                &|x| curves.active(x.abs()),
                &|x| curves.passive(x.abs()),
                &|x| curves.velocity(x, activation),
                &|x| curves.tendon(1.0 + 0.05 * x),
            ];
            for (n, curve) in of.iter().enumerate() {
                let [low, middle, high] = [x - STEP, x, x + STEP].map(curve);
                let difference = (high[0] - low[0]) / (2.0 * STEP);
                let scale = if n == 3 { 0.05 } else if n < 2 { x.signum() } else { 1.0 };
                // Slopes may jump where curves begin: there the difference lies between those of both sides.
                let (least, most) = [low[1], middle[1], high[1]]
                    .map(|slope| scale * slope)
                    .into_iter()
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), s| (a.min(s), b.max(s)));
                if x.abs() > STEP {
                    prop_assert!(difference > least - 1e-4 && difference < most + 1e-4, "{n}: {difference} {least} {most}");
                }
            }
        }
    }

    #[test]
    fn forces_grow_with_length_and_velocity_and_never_push(
        a in 0.0..2.0f64, by in 0.0..0.5f64, activation in 0.01..1.0f64,
    ) {
        for curves in families() {
            let (low, high) = (a, a + by);
            prop_assert!(curves.passive(low)[0] <= curves.passive(high)[0] && curves.passive(low)[0] >= 0.0);
            prop_assert!(curves.tendon(low)[0] <= curves.tendon(high)[0] && curves.tendon(low)[0] >= 0.0);
            // De Groote's curve passes one at the optimal length and is highest a little beyond.
            prop_assert!(curves.active(a)[0] >= 0.0 && curves.active(a)[0] < 1.01);
            let (slow, fast) = (curves.velocity(a - 1.0, activation), curves.velocity(high - 1.0, activation));
            prop_assert!(slow[0] <= fast[0] && slow[0] >= 0.0);
        }
    }

    #[test]
    fn what_is_slack_bears_nothing(length in 0.0..1.0f64) {
        for curves in families() {
            prop_assert_eq!(curves.tendon(length), [0.0, 0.0]);
        }
        // De Groote's fibres alone bear some force below their optimal length.
        for curves in &families()[..2] {
            prop_assert_eq!(curves.passive(length), [0.0, 0.0]);
        }
    }
}
