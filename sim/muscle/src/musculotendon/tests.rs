//! Closed forms and laws of a muscle with its tendon.

use super::*;
use crate::model::{MillardCurves, MuscleCurves, MusclePath};
use proptest::prelude::*;

fn muscle(pennation: f64, curves: MuscleCurves) -> Muscle {
    Muscle {
        name: "soleus".into(),
        path: MusclePath::default(),
        max_isometric_force: 4000.0,
        optimal_fibre_length: 0.05,
        tendon_slack_length: 0.25,
        pennation,
        max_contraction_velocity: 10.0,
        min_activation: 0.01,
        applies_force: true,
        curves,
    }
}

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

fn families() -> [MuscleCurves; 3] {
    let de_groote =
        MuscleCurves::DeGroote2016 { tendon_strain: 0.049, passive_strain: 0.6, active_width_scale: 1.0 };
    [thelen(), MuscleCurves::Millard2012(Box::default()), de_groote]
}

#[test]
fn at_its_optimal_length_a_muscle_has_its_greatest_force_along_its_pennation() {
    for curves in families() {
        for pennation in [0.0, 0.3, 0.6] {
            let unit = Musculotendon::new(&muscle(pennation, curves.clone())).unwrap();
            let length = 0.25 + 0.05 * pennation.cos();
            let expected = 4000.0 * pennation.cos();
            assert!((unit.active_force(length, 0.0) - expected).abs() < 1e-9 * expected);
            let at = unit.with_rigid_tendon(0.5, length, 0.0);
            assert!((at.active_force - 0.5 * expected).abs() < 1e-9 * expected);
            assert!((at.fibre_length - 0.05).abs() < 1e-15);
        }
    }
}

#[test]
fn a_muscle_that_is_too_short_is_slack() {
    for curves in families() {
        let unit = Musculotendon::new(&muscle(0.4, curves)).unwrap();
        assert_eq!(unit.active_force(0.24, 0.0), 0.0);
        assert_eq!(unit.with_rigid_tendon(1.0, 0.24, 0.0).tendon_force, 0.0);
        assert_eq!(unit.in_equilibrium(1.0, 0.24, 0.1).tendon_force, 0.0);
    }
}

#[test]
fn a_stiff_tendon_is_as_good_as_rigid() {
    let curves = MuscleCurves::Millard2012(Box::new(MillardCurves {
        tendon_strain: 1e-6,
        tendon_stiffness: MillardCurves::usual_tendon_stiffness(1e-6),
        ..MillardCurves::default()
    }));
    let unit = Musculotendon::new(&muscle(0.3, curves)).unwrap();
    for (activation, velocity) in [(0.1, 0.0), (0.6, -0.1), (1.0, 0.15)] {
        let elastic = unit.in_equilibrium(activation, 0.296, velocity);
        let rigid = unit.with_rigid_tendon(activation, 0.296, velocity);
        assert!((elastic.tendon_force - rigid.tendon_force).abs() < 0.5, "{elastic:?} {rigid:?}");
    }
}

#[test]
fn numbers_that_make_no_muscle_are_errors() {
    let bad = |change: fn(&mut Muscle)| {
        let mut muscle = muscle(0.1, thelen());
        change(&mut muscle);
        Musculotendon::new(&muscle).unwrap_err().to_string()
    };
    assert_eq!(
        bad(|m| m.max_isometric_force = -1.0),
        "the muscle `soleus` has a maximum isometric force of -1, which is not possible"
    );
    assert!(bad(|m| m.pennation = 1.5).contains("pennation"));
    assert!(bad(|m| m.tendon_slack_length = f64::NAN).contains("slack"));
    assert!(bad(|m| m.min_activation = 1.0).contains("activation"));
}

proptest! {
    #[test]
    fn fibres_and_tendon_bear_the_same_force(
        activation in 0.01..1.0f64, length in 0.26..0.34f64, velocity in -0.3..0.3f64, pennation in 0.0..0.6f64,
    ) {
        for curves in families() {
            let unit = Musculotendon::new(&muscle(pennation, curves)).unwrap();
            let at = unit.in_equilibrium(activation, length, velocity);
            let off = at.active_force + at.passive_force - at.tendon_force;
            // Fibres at their shortest may pull more than the tendon bears.
            let is_shortest = at.fibre_length <= unit.least_length * (1.0 + 1e-9);
            prop_assert!(is_shortest || off.abs() < 1e-6 * 4000.0, "{off} {at:?}");
            let reach = at.fibre_length * at.cos_pennation + at.tendon_length;
            prop_assert!((reach - length).abs() < 1e-12);
            prop_assert!((at.fibre_length * (1.0 - at.cos_pennation.powi(2)).max(0.0).sqrt() - unit.thickness).abs() < 1e-9);
        }
    }

    #[test]
    fn scaling_a_muscle_scales_its_force(
        factor in 0.5..2.0f64, length in 0.27..0.33f64, velocity in -0.3..0.3f64,
    ) {
        for curves in families() {
            let small = muscle(0.2, curves);
            let mut large = small.clone();
            large.max_isometric_force *= factor;
            large.optimal_fibre_length *= factor;
            large.tendon_slack_length *= factor;
            let [small, large] = [small, large].map(|m| Musculotendon::new(&m).unwrap());
            let (a, b) = (small.active_force(length, velocity), large.active_force(factor * length, factor * velocity));
            prop_assert!((factor * a - b).abs() < 1e-8 * 4000.0);
            let (a, b) = (small.in_equilibrium(0.4, length, velocity), large.in_equilibrium(0.4, factor * length, factor * velocity));
            prop_assert!((factor * a.tendon_force - b.tendon_force).abs() < 1e-4 * 4000.0);
        }
    }
}
