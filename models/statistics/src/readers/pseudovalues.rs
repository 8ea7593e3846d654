//! The analysis of variance of pseudovalues of Dorfman, Berbaum and Metz 1992 (Invest Radiol 27:723), with the degrees of freedom of Hillis 2007.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::readers::figures::FigureStudy;
use crate::readers::inference::{Inference, MethodTest};
use crate::roc::mean;
use crate::student;

/// Mean squares of methods with nothing, with readers, with cases, with both.
struct Squares {
    of_methods: f64,
    with_readers: f64,
    with_cases: f64,
    with_both: f64,
}

impl FigureStudy {
    /// Whether methods differ, by the analysis of variance of pseudovalues. For random readers and cases F, degrees of freedom and intervals are those
    /// of [`FigureStudy::test`]; for fixed readers the denominator has (methods − 1)(cases − 1) degrees of freedom where that has infinitely many.
    ///
    /// # Errors
    /// Too few below two methods or two readers.
    pub fn dorfman_berbaum_metz(
        &self,
        inference: Inference,
        level: Level,
    ) -> Result<MethodTest, StatisticsError> {
        self.is_crossed()?;
        let values = self.pseudovalues();
        let [t, r, n] = [values.len(), values[0].len(), self.cases()].map(|count| count as f64);
        let squares = Squares::of(&values);
        let both = (t - 1.0) * (r - 1.0);
        let (error, df2) = match inference {
            Inference::RandomReadersRandomCases => {
                let error = squares.with_readers + (squares.with_cases - squares.with_both).max(0.0);
                (error, error * error / (squares.with_readers * squares.with_readers / both))
            }
            Inference::FixedReadersRandomCases => (squares.with_cases, (t - 1.0) * (n - 1.0)),
            Inference::RandomReadersFixedCases => (squares.with_readers, both),
        };
        let f = if squares.of_methods > 0.0 { squares.of_methods / error } else { 0.0 };
        let of_level =
            if df2.is_finite() { student::two_sided(level, df2) } else { student::normal_two_sided(level) };
        let half = of_level * (2.0 * error / (r * n)).sqrt();
        let means: Vec<f64> = self.figures().iter().map(|readers| mean(readers)).collect();
        let pairs = (0..means.len()).flat_map(|a| (a + 1..means.len()).map(move |b| (a, b)));
        let differences = pairs.map(|(a, b)| {
            let value = means[b] - means[a];
            (a, b, Estimate { value, interval: Interval::around(value, half, level), n: self.cases() })
        });
        let (df1, differences) = (t - 1.0, differences.collect());
        Ok(MethodTest { inference, f, df1, df2, p: student::f_tail(f, df1, df2), differences })
    }
}

impl Squares {
    /// Of values by method, reader and case.
    fn of(values: &[Vec<Vec<f64>>]) -> Squares {
        let (t, r, n) = (values.len(), values[0].len(), values[0][0].len());
        let means = |keep: [bool; 3]| Means::of(values, keep);
        let (i, j, k) = (true, true, true);
        let no = false;
        let all = means([no, no, no]);
        let [of_i, of_j, of_k] = [means([i, no, no]), means([no, j, no]), means([no, no, k])];
        let [of_ij, of_ik, of_jk] = [means([i, j, no]), means([i, no, k]), means([no, j, k])];
        let (mut ti, mut tij, mut tik, mut tijk) = (0.0, 0.0, 0.0, 0.0);
        for (a, readers) in values.iter().enumerate() {
            for (b, cases) in readers.iter().enumerate() {
                for (c, value) in cases.iter().enumerate() {
                    let at = |means: &Means| means.at([a, b, c]);
                    ti += (at(&of_i) - at(&all)).powi(2);
                    tij += (at(&of_ij) - at(&of_i) - at(&of_j) + at(&all)).powi(2);
                    tik += (at(&of_ik) - at(&of_i) - at(&of_k) + at(&all)).powi(2);
                    let rest =
                        value - at(&of_ij) - at(&of_ik) - at(&of_jk) + at(&of_i) + at(&of_j) + at(&of_k)
                            - at(&all);
                    tijk += rest * rest;
                }
            }
        }
        let [t, r, n] = [t, r, n].map(|count| count as f64 - 1.0);
        Squares {
            of_methods: ti / t,
            with_readers: tij / (t * r),
            with_cases: tik / (t * n),
            with_both: tijk / (t * r * n),
        }
    }
}

/// Means of values over what is not kept of method, reader and case.
struct Means {
    strides: [usize; 3],
    values: Vec<f64>,
}

impl Means {
    fn of(values: &[Vec<Vec<f64>>], keep: [bool; 3]) -> Means {
        let sizes = [values.len(), values[0].len(), values[0][0].len()];
        let kept: [usize; 3] = std::array::from_fn(|d| if keep[d] { sizes[d] } else { 1 });
        let strides: [usize; 3] =
            std::array::from_fn(|d| if keep[d] { kept[d + 1..].iter().product() } else { 0 });
        let mut means = Means { strides, values: vec![0.0; kept.iter().product()] };
        let each = (sizes.iter().product::<usize>() / means.values.len()) as f64;
        for (a, readers) in values.iter().enumerate() {
            for (b, cases) in readers.iter().enumerate() {
                for (c, value) in cases.iter().enumerate() {
                    let place = means.place([a, b, c]);
                    means.values[place] += value / each;
                }
            }
        }
        means
    }

    fn place(&self, at: [usize; 3]) -> usize {
        at.iter().zip(self.strides).map(|(at, stride)| at * stride).sum()
    }

    fn at(&self, at: [usize; 3]) -> f64 {
        self.values[self.place(at)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{Numbers, near};
    use crate::readers::crossed::{Covariances, ReaderStudy};

    const ALL: [Inference; 3] = [
        Inference::RandomReadersRandomCases,
        Inference::FixedReadersRandomCases,
        Inference::RandomReadersFixedCases,
    ];

    /// Ratings of three methods, four readers and 50 cases.
    fn made() -> (Vec<Vec<Vec<f64>>>, Vec<bool>) {
        let mut numbers = Numbers::of(31);
        let diseased: Vec<bool> = (0..50).map(|_| numbers.next() < 0.45).collect();
        let hard: Vec<f64> = (0..50).map(|_| numbers.next()).collect();
        let mut rating = |i: usize, j: usize, k: usize| {
            let seen = f64::from(diseased[k]) * (0.5 + 0.15 * i as f64 + 0.1 * j as f64) + hard[k];
            (4.0 * (seen + numbers.next())).round()
        };
        let ratings =
            (0..3).map(|i| (0..4).map(|j| (0..50).map(|k| rating(i, j, k)).collect()).collect()).collect();
        (ratings, diseased)
    }

    #[test]
    fn pseudovalues_of_areas_give_what_obuchowski_and_rockette_s_covariances_give() {
        let (ratings, diseased) = made();
        let study = FigureStudy::areas(&ratings, &diseased).unwrap();
        let crossed = ReaderStudy::new(&ratings, &diseased).unwrap();
        for inference in ALL {
            let one = study.dorfman_berbaum_metz(inference, Level::NINETY_FIVE).unwrap();
            let other = crossed.test(Covariances::Jackknife, inference, Level::NINETY_FIVE);
            assert!((one.f / other.f - 1.0).abs() < 1e-10, "{one:?} {other:?}");
            // Sums of the cases in another order.
            near(study.test(inference, Level::NINETY_FIVE).unwrap().f, other.f);
            if inference == Inference::FixedReadersRandomCases {
                assert_eq!(one.df2, 98.0);
                continue;
            }
            assert!((one.df2 / other.df2 - 1.0).abs() < 1e-10, "{one:?} {other:?}");
            assert!((one.p / other.p - 1.0).abs() < 1e-9);
            let widths = [&one, &other].map(|test| test.differences[2].2.interval.unwrap().half_width());
            near(widths[0], widths[1]);
        }
    }

    #[test]
    fn the_squares_are_those_of_numpy() {
        let (ratings, diseased) = made();
        let squares = Squares::of(&FigureStudy::areas(&ratings, &diseased).unwrap().pseudovalues());
        let found = [squares.of_methods, squares.with_readers, squares.with_cases, squares.with_both];
        for (found, expected) in
            found.into_iter().zip([0.6731630651778, 0.0354475636802, 0.0632338439278, 0.0438145911940])
        {
            near(found, expected);
        }
    }

    #[test]
    fn other_figures_go_the_same_way() {
        let (ratings, diseased) = made();
        let truth: Vec<f64> = diseased.iter().map(|is| 6.0 * f64::from(*is)).collect();
        let inference = Inference::RandomReadersRandomCases;
        // F, degrees of freedom and p by numpy 2.4.6 from an analysis of variance of their pseudovalues.
        for (study, f, df2, p) in [
            (
                FigureStudy::sensitivities(&ratings, &diseased, 5.0),
                1.9911504424779,
                7.3750180135279,
                0.2034909507900,
            ),
            (
                FigureStudy::specificities(&ratings, &diseased, 5.0),
                0.4712491738268,
                8.5831767407708,
                0.6394630573292,
            ),
            (
                FigureStudy::absolute_errors(&ratings, &truth),
                2.7028414114987,
                10.0362227520258,
                0.1150688582980,
            ),
        ] {
            for found in [
                study.as_ref().unwrap().test(inference, Level::NINETY_FIVE).unwrap(),
                study.as_ref().unwrap().dorfman_berbaum_metz(inference, Level::NINETY_FIVE).unwrap(),
            ] {
                near(found.f, f);
                near(found.df2, df2);
                near(found.p, p);
            }
        }
        let of = |change: fn(f64) -> f64| -> Vec<Vec<Vec<f64>>> {
            let of = |cases: &Vec<f64>| cases.iter().map(|rating| change(*rating)).collect();
            ratings.iter().map(|readers| readers.iter().map(of).collect()).collect()
        };
        let times = FigureStudy::log_times(&of(|rating| rating + 1.0)).unwrap();
        near(times.test(inference, Level::NINETY_FIVE).unwrap().f, 2.1614910403082);
        let wrong = FigureStudy::log_times(&of(|rating| rating - 3.0));
        assert!(matches!(wrong, Err(StatisticsError::NoFigure { .. })), "{wrong:?}");
    }

    #[test]
    fn a_module_is_compared_with_the_mean_reader_as_by_numpy() {
        let (ratings, diseased) = made();
        let readers = FigureStudy::areas(&[ratings[0][..3].to_vec()], &diseased).unwrap();
        let module = FigureStudy::areas(&[vec![ratings[2][3].clone()]], &diseased).unwrap();
        let inference = Inference::RandomReadersRandomCases;
        let found = readers.against_module(0, &module, inference, Level::NINETY_FIVE).unwrap();
        near(found.module, 1.0000000000000);
        near(found.readers, 0.8373397435897);
        near(found.difference.estimate.value, 0.1626602564103);
        near(found.difference.standard_error, 0.0431917869784);
        near(found.difference.df, 9.9449864502933);
        near(found.p.unwrap(), 0.0037216124705);
        // Against one reader alone, who is fixed, it is DeLong's comparison but for the jackknife.
        let one = FigureStudy::areas(&[vec![ratings[0][0].clone()]], &diseased).unwrap();
        let fixed = one.against_module(0, &module, Inference::FixedReadersRandomCases, Level::NINETY_FIVE);
        let delong = crate::compare_areas(&ratings[0][0], &ratings[2][3], &diseased, Level::NINETY_FIVE);
        assert!((fixed.unwrap().p.unwrap() - delong.unwrap().p.unwrap()).abs() < 0.01);
        assert!(one.against_module(0, &module, inference, Level::NINETY_FIVE).is_err());
        assert!(readers.against_module(0, &readers, inference, Level::NINETY_FIVE).is_err());
    }
}
