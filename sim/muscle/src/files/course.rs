//! A motion as smooth curves: values, velocities and accelerations of coordinates at any time.

use super::Motion;
use crate::function::{Spline, SplineError};
use std::f64::consts::PI;

/// Degree of the curves, as OpenSim's tools have it.
const DEGREE: usize = 5;
/// Rows that a motion needs to be filtered, and to be a curve.
const LEAST_ROWS: usize = 6;
/// Most rows of a motion that is made even, of each row that it has and in all: one mistyped time must not make hours of work.
const MOST_ROWS_OF_ONE: f64 = 1e3;
const MOST_ROWS: f64 = 1e6;
/// Steps of time that differ by less, in s, are even but for rounding.
const EVEN_S: f64 = 1e-12;

/// Why a motion is no curve.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CourseError {
    /// Too few rows.
    #[error("a motion of {0} rows is too short: at least {LEAST_ROWS} are needed")]
    Short(usize),
    /// A cut-off frequency without sense.
    #[error("the cut-off frequency is {0} Hz; it must be greater than 0")]
    CutOff(f64),
    /// Times that differ too much in their steps.
    #[error("the shortest step between two rows, {0} s, is too small for the length of the motion")]
    Step(f64),
    /// A curve cannot be laid through the rows.
    #[error(transparent)]
    Spline(#[from] SplineError),
}

/// The curves of all coordinates.
#[derive(Debug, Clone)]
pub struct Course {
    curves: Vec<Spline>,
}

impl Course {
    /// The smoothest curves of the fifth degree through the rows of a motion.
    ///
    /// # Errors
    /// Where there are too few rows.
    pub fn new(motion: &Motion) -> Result<Course, CourseError> {
        if motion.rows.len() < LEAST_ROWS {
            return Err(CourseError::Short(motion.rows.len()));
        }
        let curve = |coordinate: usize| {
            let values: Vec<f64> = motion.rows.iter().map(|row| row[coordinate]).collect();
            Spline::natural(DEGREE, &motion.times, &values)
        };
        let count = motion.rows.first().map_or(0, Vec::len);
        Ok(Course { curves: (0..count).map(curve).collect::<Result<_, _>>()? })
    }

    /// Values, velocities and accelerations at a time, in the order of the coordinates.
    ///
    /// # Panics
    /// Where the lists are shorter than there are coordinates.
    pub fn at(&self, time: f64, values: &mut [f64], velocities: &mut [f64], accelerations: &mut [f64]) {
        for (n, curve) in self.curves.iter().enumerate() {
            [values[n], velocities[n], accelerations[n]] =
                [0, 1, 2].map(|order| curve.derivative(time, order));
        }
    }
}

impl Motion {
    /// The motion without what is faster than a frequency: a Butterworth filter of the third order forwards and backwards, after rows were added at
    /// both ends, half as many as there are, by turning the motion about its first and last point. As OpenSim's tools filter, so that what
    /// they compute can be compared; uneven steps are made even first.
    ///
    /// # Errors
    /// A frequency without sense, or too few rows.
    pub fn low_pass(&self, cut_off_hz: f64) -> Result<Motion, CourseError> {
        if !(cut_off_hz > 0.0 && cut_off_hz.is_finite()) {
            return Err(CourseError::CutOff(cut_off_hz));
        }
        let count = self.rows.len();
        if count < LEAST_ROWS {
            return Err(CourseError::Short(count));
        }
        let mut all = Motion { times: padded(&self.times, count / 2), ..self.clone() };
        let coordinates = self.rows[0].len();
        let columns: Vec<Vec<f64>> = (0..coordinates)
            .map(|n| padded(&self.rows.iter().map(|row| row[n]).collect::<Vec<_>>(), count / 2))
            .collect();
        let row = |at: usize| columns.iter().map(|column| column[at]).collect();
        all.rows = (0..all.times.len()).map(row).collect();
        let steps = all.times.windows(2).map(|pair| pair[1] - pair[0]);
        let least = steps.fold(f64::INFINITY, f64::min);
        let span = all.times[all.times.len() - 1] - all.times[0];
        if span / (all.times.len() - 1) as f64 - least > EVEN_S {
            all = all.resampled(least, span)?;
        }
        for n in 0..coordinates {
            let column: Vec<f64> = all.rows.iter().map(|row| row[n]).collect();
            for (row, value) in all.rows.iter_mut().zip(butterworth(&column, least, cut_off_hz)) {
                row[n] = value;
            }
        }
        Ok(all)
    }

    fn resampled(&self, step: f64, span: f64) -> Result<Motion, CourseError> {
        let most = MOST_ROWS.min(MOST_ROWS_OF_ONE * self.times.len() as f64);
        if step <= 0.0 || step.is_nan() || span / step > most {
            return Err(CourseError::Step(step));
        }
        let course = Course::new(self)?;
        let mut motion = Motion { times: Vec::new(), rows: Vec::new(), ..self.clone() };
        let count = self.rows.first().map_or(0, Vec::len);
        let (mut velocities, mut accelerations) = (vec![0.0; count], vec![0.0; count]);
        for n in 0..=(span / step) as usize {
            let (time, mut row) = (self.times[0] + n as f64 * step, vec![0.0; count]);
            course.at(time, &mut row, &mut velocities, &mut accelerations);
            motion.times.push(time);
            motion.rows.push(row);
        }
        Ok(motion)
    }
}

/// A list with so many points before and after it, by turning it about its first and last point.
fn padded(list: &[f64], by: usize) -> Vec<f64> {
    let (first, last) = (list[0], list[list.len() - 1]);
    let before = (1..=by).rev().map(|n| 2.0 * first - list[n]);
    let after = (1..=by).map(|n| 2.0 * last - list[list.len() - 1 - n]);
    before.chain(list.iter().copied()).chain(after).collect()
}

/// The filter of the third order, forwards and backwards. Its analogue (1 + s)(1 + s + s²) is taken over by the bilinear transform with the
/// frequency bent so that the cut-off stays (Oppenheim and Schafer, Discrete-time signal processing). The first three points of each
/// pass stay as they are.
fn butterworth(list: &[f64], step: f64, cut_off_hz: f64) -> Vec<f64> {
    // Beyond half of the sampling frequency nothing can be told.
    let cut_off = cut_off_hz.min(0.49 / step);
    let w = (PI * cut_off * step).tan();
    let (square, cube) = (w * w, w * w * w);
    let all = (w + 1.0) * (square + w + 1.0);
    let gain = cube / all;
    let back = [
        (3.0 * cube + 2.0 * square - 2.0 * w - 3.0) / all,
        (3.0 * cube - 2.0 * square - 2.0 * w + 3.0) / all,
        (w - 1.0) * (square - w + 1.0) / all,
    ];
    let pass = |list: &[f64]| {
        let mut out = list.to_vec();
        for n in 3..list.len() {
            out[n] = gain * (list[n] + 3.0 * list[n - 1] + 3.0 * list[n - 2] + list[n - 3])
                - back[0] * out[n - 1]
                - back[1] * out[n - 2]
                - back[2] * out[n - 3];
        }
        out.reverse();
        out
    };
    pass(&pass(list))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn motion(count: usize, step: f64, value: impl Fn(f64) -> f64) -> Motion {
        let times: Vec<f64> = (0..count).map(|n| n as f64 * step).collect();
        let rows = times.iter().map(|t| vec![value(*t)]).collect();
        Motion { times, rows, missing: Vec::new(), findings: Vec::new() }
    }

    #[test]
    fn curves_have_the_slopes_of_what_they_were_laid_through() {
        let course = Course::new(&motion(200, 0.01, |t| (3.0 * t).sin())).unwrap();
        let (mut q, mut v, mut a) = ([0.0], [0.0], [0.0]);
        course.at(0.987, &mut q, &mut v, &mut a);
        let angle = 3.0 * 0.987_f64;
        assert!((q[0] - angle.sin()).abs() < 1e-9 && (v[0] - 3.0 * angle.cos()).abs() < 1e-6);
        assert!((a[0] + 9.0 * angle.sin()).abs() < 1e-4);
        assert_eq!(Course::new(&motion(5, 0.1, |t| t)).unwrap_err(), CourseError::Short(5));
    }

    #[test]
    fn slow_things_pass_fast_ones_do_not_and_the_cut_off_halves_the_power_twice() {
        let most = |hz: f64| {
            let filtered = motion(1000, 0.005, |t| (2.0 * PI * hz * t).sin()).low_pass(6.0).unwrap();
            let middle = filtered.rows.len() / 2 - 200..filtered.rows.len() / 2 + 200;
            filtered.rows[middle].iter().map(|row| row[0].abs()).fold(0.0, f64::max)
        };
        assert!((most(0.5) - 1.0).abs() < 1e-3 && most(40.0) < 1e-3, "{} {}", most(0.5), most(40.0));
        // Two passes of a filter that lets the root of a half through.
        assert!((most(6.0) - 0.5).abs() < 2e-3, "{}", most(6.0));
        assert!(motion(9, 0.1, |t| t).low_pass(0.0).is_err());
        assert!(motion(9, 0.1, |t| t).low_pass(f64::NAN).is_err());
    }

    #[test]
    fn uneven_steps_are_made_even_where_that_is_no_typing_error() {
        let ending = |last: f64| {
            let mut uneven = motion(9, 0.1, |t| t);
            uneven.times[8] = last;
            uneven.low_pass(6.0)
        };
        let rows = |found: Motion| found.rows.len();
        // From -0.4 to 2.6 s with what is added at both ends.
        assert!([30, 31].contains(&ending(1.5).map(rows).unwrap()));
        assert!(matches!(ending(80_000.0), Err(CourseError::Step(step)) if (step - 0.1).abs() < 1e-9));
    }

    #[test]
    fn a_straight_motion_stays_and_goes_on_at_both_ends() {
        let filtered = motion(100, 0.01, |t| 2.0 * t).low_pass(6.0).unwrap();
        assert_eq!(filtered.rows.len(), 200);
        assert!((filtered.times[0] + 0.5).abs() < 1e-12);
        // The filter swings in and out at both ends of what was added.
        for (time, row) in filtered.times.iter().zip(&filtered.rows).skip(50).take(100) {
            assert!((row[0] - 2.0 * time).abs() < 1e-3, "{time} {row:?}");
        }
    }
}
