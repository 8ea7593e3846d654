//! Closed forms, brute force and laws of the sharing of moments.

use super::*;
use proptest::prelude::*;

/// A problem drawn by chance: like a leg, some muscles on one coordinate, some on two.
#[derive(Debug, Clone)]
struct Drawn {
    effects: Vec<f64>,
    bounds: Vec<[f64; 2]>,
    moments: Vec<f64>,
}

impl Drawn {
    fn demand(&self) -> Demand<'_> {
        Demand { effects: &self.effects, bounds: &self.bounds, moments: &self.moments }
    }

    fn solve(&self, exponent: f64) -> (Vec<f64>, Outcome) {
        let mut controls = vec![0.0; self.bounds.len()];
        let outcome = Sharing::new(exponent).unwrap().solve(&self.demand(), &mut controls);
        (controls, outcome)
    }

    fn done(&self, controls: &[f64]) -> Vec<f64> {
        let rows = self.moments.len();
        let mut done = vec![0.0; rows];
        for (column, control) in self.effects.chunks_exact(rows).zip(controls) {
            for (sum, effect) in done.iter_mut().zip(column) {
                *sum += effect * control;
            }
        }
        done
    }
}

/// Problems that some controls within their bounds solve; the last few act on one coordinate each, without bounds, and are weak.
fn feasible(rows: usize, muscles: usize) -> impl Strategy<Value = Drawn> {
    let arms = prop::collection::vec((-60.0..60.0f64, 0..rows, 0..3usize), 2 * muscles);
    let taken = prop::collection::vec(0.0..1.0f64, muscles + rows);
    (arms, taken).prop_map(move |(arms, taken)| {
        let mut effects = vec![0.0; rows * (muscles + rows)];
        for (n, (arm, row, kind)) in arms.iter().enumerate() {
            // A third of the second arms is none.
            if n % 2 == 0 || *kind > 0 {
                effects[(n / 2) * rows + row] += arm;
            }
        }
        for row in 0..rows {
            effects[(muscles + row) * rows + row] = 1.0;
        }
        let mut bounds = vec![[0.01, 1.0]; muscles];
        bounds.extend(std::iter::repeat_n([f64::NEG_INFINITY, f64::INFINITY], rows));
        let mut drawn = Drawn { effects, bounds, moments: vec![0.0; rows] };
        let controls: Vec<f64> = taken.iter().map(|x| x.max(0.01)).collect();
        drawn.moments = drawn.done(&controls);
        drawn
    })
}

/// The conditions of Karush, Kuhn and Tucker, from the controls and multipliers alone.
fn check_optimum(drawn: &Drawn, exponent: f64, controls: &[f64], multipliers: &[f64]) {
    let rows = drawn.moments.len();
    for ((column, control), [least, most]) in
        drawn.effects.chunks_exact(rows).zip(controls).zip(&drawn.bounds)
    {
        let price: f64 = column.iter().zip(multipliers).map(|(a, k)| a * k).sum();
        let cost = exponent * control.abs().powf(exponent - 1.0).copysign(*control);
        let scale = 1e-9 * (1.0 + price.abs() + cost.abs());
        assert!(control >= least && control <= most);
        assert!(*control <= *least || price > cost - scale, "{price} {cost} at {control}");
        assert!(*control >= *most || price < cost + scale, "{price} {cost} at {control}");
    }
    for (done, needed) in drawn.done(controls).iter().zip(&drawn.moments) {
        assert!((done - needed).abs() < 1e-8, "{done} for {needed}");
    }
}

#[test]
fn two_muscles_share_by_the_square_of_their_arms() {
    // Least a^2 + b^2 with 3 a + 4 b = 2: (a, b) = 2 (3, 4) / 25. With the cube: a : b = 3^(1/2) : 4^(1/2).
    let drawn = Drawn { effects: vec![3.0, 4.0], bounds: vec![[0.0, 1.0]; 2], moments: vec![2.0] };
    let (controls, outcome) = drawn.solve(2.0);
    assert!((controls[0] - 0.24).abs() < 1e-15 && (controls[1] - 0.32).abs() < 1e-15);
    assert!(outcome.is_met && outcome.rounds <= 2 && (outcome.cost - 0.16).abs() < 1e-15);
    let (controls, _) = drawn.solve(3.0);
    let both = 3.0f64.powf(1.5) + 8.0;
    assert!((controls[0] - 2.0 * 3.0f64.sqrt() / both).abs() < 1e-12);
    assert!((controls[1] - 4.0 / both).abs() < 1e-12);
}

#[test]
fn what_is_out_of_reach_is_missed_by_the_least_and_said() {
    let drawn = Drawn {
        effects: vec![3.0, 0.0, 4.0, 0.0, 0.0, 2.0],
        bounds: vec![[0.0, 1.0]; 3],
        moments: vec![10.0, 1.0],
    };
    let mut controls = vec![0.0; 3];
    let mut sharing = Sharing::new(2.0).unwrap();
    let outcome = sharing.solve(&drawn.demand(), &mut controls);
    assert!(!outcome.is_met);
    let excess: Vec<f64> = sharing.excess().collect();
    assert!((excess[0] + 3.0).abs() < 1e-5 && excess[1].abs() < 1e-5, "{excess:?}");
    assert!((outcome.residual - 3.0).abs() < 1e-5);
    // The next problem does not suffer from it.
    let easy = Drawn { moments: vec![3.0, 1.0], ..drawn };
    assert!(sharing.solve(&easy.demand(), &mut controls).is_met);
}

#[test]
fn a_coordinate_that_nothing_acts_on_needs_nothing_or_is_out_of_reach() {
    let drawn =
        Drawn { effects: vec![3.0, 0.0, 4.0, 0.0], bounds: vec![[0.0, 1.0]; 2], moments: vec![2.0, 0.0] };
    assert!(drawn.solve(2.0).1.is_met);
    let outcome = Drawn { moments: vec![2.0, 0.5], ..drawn }.solve(2.0).1;
    assert!(!outcome.is_met && (outcome.residual - 0.5).abs() < 1e-6);
    let none = Drawn { effects: vec![], bounds: vec![], moments: vec![1.0] };
    assert!(!none.solve(2.0).1.is_met);
    let nothing = Drawn { effects: vec![], bounds: vec![[0.1, 1.0]], moments: vec![] };
    assert_eq!(nothing.solve(2.0).0, [0.1]);
}

#[test]
fn moments_that_are_no_numbers_are_out_of_reach() {
    let drawn = Drawn { effects: vec![3.0, 4.0], bounds: vec![[0.0, 1.0]; 2], moments: vec![f64::NAN] };
    assert!(!drawn.solve(2.0).1.is_met);
    assert!(Sharing::new(1.0).is_err() && Sharing::new(f64::NAN).is_err());
}

proptest! {
    #[test]
    fn the_conditions_of_the_optimum_hold(drawn in feasible(6, 20), which in 0..5usize) {
        let exponent = [2.0, 3.0, 1.5, 4.0, 1.2][which];
        let mut controls = vec![0.0; drawn.bounds.len()];
        let mut sharing = Sharing::new(exponent).unwrap();
        let outcome = sharing.solve(&drawn.demand(), &mut controls);
        prop_assert!(outcome.is_met, "{outcome:?}");
        let multipliers: Vec<f64> = sharing.multipliers.iter().zip(&sharing.scale).map(|(k, scale)| k * scale).collect();
        check_optimum(&drawn, exponent, &controls, &multipliers);
    }

    #[test]
    fn no_other_controls_cost_less(drawn in feasible(2, 3), other in prop::collection::vec(-1.0..1.0f64, 3)) {
        // Any three controls of muscles, the weak ones bearing the rest.
        let (controls, outcome) = drawn.solve(2.0);
        prop_assert!(outcome.is_met);
        for size in [1.0, 0.1, 0.01] {
            let mut changed = controls.clone();
            for (control, by) in changed.iter_mut().zip(&other) {
                *control = (*control + size * by).clamp(0.01, 1.0);
            }
            let done = drawn.done(&changed);
            for row in 0..2 {
                changed[3 + row] += drawn.moments[row] - done[row];
            }
            let cost: f64 = changed.iter().map(|x| x * x).sum();
            prop_assert!(cost >= outcome.cost - 1e-9);
        }
    }

    #[test]
    fn without_bounds_it_is_the_least_norm(drawn in feasible(4, 12)) {
        let mut free = drawn;
        free.bounds.fill([f64::NEG_INFINITY, f64::INFINITY]);
        let (controls, outcome) = free.solve(2.0);
        let matrix = nalgebra::DMatrix::from_column_slice(4, 16, &free.effects);
        let moments = nalgebra::DVector::from_column_slice(&free.moments);
        let k = (&matrix * matrix.transpose()).cholesky().unwrap().solve(&moments);
        let expected = matrix.transpose() * k;
        prop_assert!(outcome.rounds <= 4, "{outcome:?}");
        for (control, expected) in controls.iter().zip(expected.iter()) {
            prop_assert!((control - expected).abs() < 1e-10);
        }
    }

    #[test]
    fn units_and_order_change_nothing(drawn in feasible(5, 15), factor in 1e-3..1e3f64) {
        let (controls, _) = drawn.solve(2.0);
        let mut other = drawn.clone();
        // Another unit of one coordinate, and the whole the other way round.
        for column in other.effects.chunks_exact_mut(5) {
            column[2] *= factor;
        }
        other.moments[2] *= factor;
        other.effects.reverse();
        other.bounds.reverse();
        other.moments.reverse();
        let (mut turned, outcome) = other.solve(2.0);
        prop_assert!(outcome.is_met);
        turned.reverse();
        for (a, b) in controls.iter().zip(&turned) {
            prop_assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    }

    #[test]
    fn where_it_begins_changes_nothing(drawn in feasible(5, 15), before in feasible(5, 15)) {
        let mut sharing = Sharing::new(2.0).unwrap();
        let mut controls = vec![0.0; drawn.bounds.len()];
        sharing.solve(&before.demand(), &mut controls);
        sharing.solve(&drawn.demand(), &mut controls);
        for (a, b) in controls.iter().zip(drawn.solve(2.0).0) {
            prop_assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    }
}
