//! How measures of shape, bone and muscle change with the grade of a disease, from any table of people.
//!
//! Of each measure: its trend with grade as a line with its interval, as the nearest means that only rise or only fall (pool adjacent
//! violators, Barlow et al. 1972), and how much of it the grade foretells in people who were left out. Of all together: how well they foretell
//! the grade, by the proportional-odds model. Both are held against the same with the grades shuffled, which is what chance gives.

use super::ordinal::{Ordinal, OrdinalError};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Ridge on the slopes of the ordinal model, in squared standard deviations.
const RIDGE: f64 = 1.0;
/// Fewer people with a measure give no trend.
const FEWEST: usize = 6;
/// Fewer people for each measure make the ordinal model of all measures meaningless.
const PEOPLE_FOR_EACH: usize = 2;

/// People with their grades and measures; a measure may be missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// Names of the measures.
    pub measures: Vec<String>,
    /// Grade of each person, from 0.
    pub grades: Vec<usize>,
    /// Measures of each person, in the order of their names.
    pub rows: Vec<Vec<Option<f64>>>,
}

/// The trend of one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// The measure.
    pub measure: String,
    /// People who have it.
    pub people: usize,
    /// Least-squares change with one grade, in the measure's unit.
    pub change_per_grade: f64,
    /// Its 95 % confidence interval.
    pub interval_95: [f64; 2],
    /// At grade 0, by that line.
    pub at_grade_0: f64,
    /// Mean of each grade; `None` where nobody has it.
    pub mean_by_grade: Vec<Option<f64>>,
    /// The nearest means that only rise, or only fall.
    pub monotone_by_grade: Vec<Option<f64>>,
    /// Share of the variance that the line foretells in people left out of it, one at a time; below zero where it is worse than the mean.
    pub skill: f64,
    /// Share of shuffled grades with as much or more of a trend.
    pub p_shuffled: f64,
}

/// How well all measures together foretell the grade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Together {
    /// The proportional-odds model.
    pub model: Ordinal,
    /// Its measures, in the model's order.
    pub measures: Vec<String>,
    /// People who have all of them.
    pub people: usize,
    /// Part by which the logarithmic score of people left out, one at a time, is better than by how common each grade is among the others.
    pub skill: f64,
    /// Agreement of the likeliest grade of people left out with their own.
    pub agreement: Agreement,
    /// The skill with shuffled grades: mean, and what one in twenty exceeds.
    pub skill_shuffled: [f64; 2],
    /// Mean agreement with shuffled grades.
    pub agreement_shuffled: Agreement,
    /// Share of shuffled grades with as much skill or more.
    pub p_shuffled: f64,
}

/// How the likeliest grade agrees with the true one.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Agreement {
    /// Part of the people with the very grade.
    #[serde(rename = "exact_share")]
    pub exact_fraction: f64,
    /// Part within one grade.
    #[serde(rename = "within_one_share")]
    pub within_one_fraction: f64,
    /// Cohen's kappa with quadratic weights (Cohen 1968 Psychol Bull 70:213).
    pub weighted_kappa: f64,
}

impl Agreement {
    /// Of grades foretold and true, one by one.
    fn of(told: &[usize], truth: &[usize]) -> Agreement {
        let count = truth.len().max(1) as f64;
        let away = |(a, b): (&usize, &usize)| a.abs_diff(*b) as f64;
        let share =
            |most: f64| told.iter().zip(truth).filter(|pair| away(*pair) <= most).count() as f64 / count;
        let observed = told.iter().zip(truth).map(|pair| away(pair).powi(2)).sum::<f64>() / count;
        let mut by_chance = 0.0;
        for a in told {
            by_chance += truth.iter().map(|b| away((a, b)).powi(2)).sum::<f64>() / (count * count);
        }
        // Nobody differs from anybody: agreement says nothing.
        let weighted_kappa = if by_chance > 0.0 { 1.0 - observed / by_chance } else { 0.0 };
        Agreement { exact_fraction: share(0.0), within_one_fraction: share(1.0), weighted_kappa }
    }

    fn mean(all: impl ExactSizeIterator<Item = Agreement>) -> Agreement {
        let count = all.len().max(1) as f64;
        all.fold(Agreement::default(), |sum, a| Agreement {
            exact_fraction: sum.exact_fraction + a.exact_fraction / count,
            within_one_fraction: sum.within_one_fraction + a.within_one_fraction / count,
            weighted_kappa: sum.weighted_kappa + a.weighted_kappa / count,
        })
    }
}

/// What a table says of a disease.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progression {
    /// Version of this file.
    pub format: u32,
    /// People in the table.
    pub people: usize,
    /// Number of grades, from 0.
    pub grades: usize,
    /// People of each grade.
    pub people_by_grade: Vec<usize>,
    /// Seed of the shuffling.
    pub seed: u64,
    /// The measures, in the table's order; without those that too few people have.
    pub trends: Vec<Trend>,
    /// All together; `None` where there are too few people for them.
    pub together: Option<Together>,
}

/// How to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgressionOptions {
    /// Seed of the shuffling.
    pub seed: u64,
    /// Times that grades are shuffled for each trend.
    pub shuffles: usize,
    /// Times that they are shuffled for the model of all measures, which takes a fit for each person.
    pub shuffles_together: usize,
}

impl Default for ProgressionOptions {
    fn default() -> Self {
        ProgressionOptions { seed: 1, shuffles: 999, shuffles_together: 39 }
    }
}

impl Progression {
    /// Fits a cohort.
    ///
    /// # Errors
    /// Any [`OrdinalError`]: rows of different lengths, numbers that are not finite, or one grade only.
    pub fn fit(cohort: &Cohort, options: &ProgressionOptions) -> Result<Progression, OrdinalError> {
        let width = cohort.measures.len();
        if cohort.rows.is_empty()
            || cohort.rows.len() != cohort.grades.len()
            || cohort.rows.iter().any(|r| r.len() != width)
        {
            return Err(OrdinalError::Shape);
        }
        if cohort.rows.iter().flatten().flatten().any(|v| !v.is_finite()) {
            return Err(OrdinalError::NotFinite);
        }
        let grades = cohort.grades.iter().max().map_or(0, |g| g + 1);
        if cohort.grades.iter().all(|g| *g == cohort.grades[0]) {
            return Err(OrdinalError::OneGrade);
        }
        let trends =
            (0..width).into_par_iter().filter_map(|j| trend(cohort, j, grades, options)).collect::<Vec<_>>();
        let people_by_grade =
            (0..grades).map(|k| cohort.grades.iter().filter(|&&g| g == k).count()).collect();
        Ok(Progression {
            format: 1,
            people: cohort.rows.len(),
            grades,
            people_by_grade,
            seed: options.seed,
            together: together(cohort, grades, options),
            trends,
        })
    }
}

/// `None` where too few people have the measure, all have the same, or all who have it are of one grade.
fn trend(cohort: &Cohort, j: usize, grades: usize, options: &ProgressionOptions) -> Option<Trend> {
    let (mut of, y): (Vec<usize>, Vec<f64>) =
        cohort.grades.iter().zip(&cohort.rows).filter_map(|(&g, row)| Some((g, row[j]?))).unzip();
    if y.len() < FEWEST {
        return None;
    }
    let line = Line::fit(&of, &y)?;
    let means: Vec<Option<f64>> = (0..grades)
        .map(|k| {
            let own: Vec<f64> = of.iter().zip(&y).filter(|(g, _)| **g == k).map(|(_, v)| *v).collect();
            (!own.is_empty()).then(|| own.iter().sum::<f64>() / own.len() as f64)
        })
        .collect();
    let counts: Vec<f64> = (0..grades).map(|k| of.iter().filter(|&&g| g == k).count() as f64).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    rng.set_stream(j as u64);
    let grades_as_given = of.clone();
    let as_much = (0..options.shuffles)
        .filter(|_| {
            of.shuffle(&mut rng);
            Line::fit(&of, &y).is_some_and(|l| l.slope.abs() >= line.slope.abs() - 1e-12)
        })
        .count();
    let quantile = StudentsT::new(0.0, 1.0, y.len() as f64 - 2.0).ok()?.inverse_cdf(0.975);
    Some(Trend {
        measure: cohort.measures[j].clone(),
        people: y.len(),
        change_per_grade: line.slope,
        interval_95: [-1.0, 1.0].map(|sign| line.slope + sign * quantile * line.slope_error),
        at_grade_0: line.at_zero,
        monotone_by_grade: monotone(&means, &counts, line.slope >= 0.0),
        mean_by_grade: means,
        skill: line.skill_left_out(&grades_as_given, &y),
        p_shuffled: (as_much + 1) as f64 / (options.shuffles + 1) as f64,
    })
}

/// A least-squares line.
struct Line {
    slope: f64,
    slope_error: f64,
    at_zero: f64,
    mean_x: f64,
    square_x: f64,
}

impl Line {
    fn fit(of: &[usize], y: &[f64]) -> Option<Line> {
        let count = y.len() as f64;
        let mean_x = of.iter().map(|&g| g as f64).sum::<f64>() / count;
        let mean_y = y.iter().sum::<f64>() / count;
        let square_x: f64 = of.iter().map(|&g| (g as f64 - mean_x).powi(2)).sum();
        let square_y: f64 = y.iter().map(|v| (v - mean_y).powi(2)).sum();
        if square_x <= 0.0 || square_y <= 0.0 || count < 3.0 {
            return None;
        }
        let slope =
            of.iter().zip(y).map(|(&g, v)| (g as f64 - mean_x) * (v - mean_y)).sum::<f64>() / square_x;
        let at_zero = mean_y - slope * mean_x;
        let left: f64 = of.iter().zip(y).map(|(&g, v)| (v - at_zero - slope * g as f64).powi(2)).sum();
        let slope_error = (left / (count - 2.0) / square_x).sqrt();
        Some(Line { slope, slope_error, at_zero, mean_x, square_x })
    }

    /// One less the squared errors of people left out by the line, over those by the mean of the others; in closed form by the
    /// leverages (Allen 1974 Technometrics 16:125).
    fn skill_left_out(&self, of: &[usize], y: &[f64]) -> f64 {
        let count = y.len() as f64;
        let mean = y.iter().sum::<f64>() / count;
        let (mut by_line, mut by_mean) = (0.0, 0.0);
        for (&g, v) in of.iter().zip(y) {
            let x = g as f64;
            let leverage = 1.0 / count + (x - self.mean_x).powi(2) / self.square_x;
            // A person who alone holds the line says nothing of others.
            by_line += ((v - self.at_zero - self.slope * x) / (1.0 - leverage).max(1e-6)).powi(2);
            by_mean += ((v - mean) * count / (count - 1.0)).powi(2);
        }
        1.0 - by_line / by_mean
    }
}

/// The nearest means, weighted by people, that only rise or only fall.
fn monotone(means: &[Option<f64>], counts: &[f64], rises: bool) -> Vec<Option<f64>> {
    let sign = if rises { 1.0 } else { -1.0 };
    // Blocks of mean, weight and grades pooled in them.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (mean, &weight) in means.iter().zip(counts).filter_map(|(m, w)| Some(((*m)? * sign, w))) {
        let mut block = (mean, weight, 1);
        while let Some(last) = blocks.last().filter(|last| last.0 >= block.0) {
            let sum = last.1 + block.1;
            block = ((last.0 * last.1 + block.0 * block.1) / sum, sum, last.2 + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let mut pooled = blocks.into_iter().flat_map(|(mean, _, count)| std::iter::repeat_n(mean * sign, count));
    means.iter().map(|m| m.and_then(|_| pooled.next())).collect()
}

/// `None` where too few people have all measures.
fn together(cohort: &Cohort, grades: usize, options: &ProgressionOptions) -> Option<Together> {
    let (of, rows): (Vec<usize>, Vec<Vec<f64>>) = cohort
        .grades
        .iter()
        .zip(&cohort.rows)
        .filter_map(|(&g, row)| Some((g, row.iter().copied().collect::<Option<Vec<f64>>>()?)))
        .unzip();
    if rows.len() < FEWEST.max(PEOPLE_FOR_EACH * cohort.measures.len()) || cohort.measures.is_empty() {
        return None;
    }
    let model = Ordinal::fit(&rows, &of, grades, RIDGE).ok()?;
    let (skill, agreement) = left_out(&rows, &of, grades)?;
    let shuffled: Vec<(f64, Agreement)> = (0..options.shuffles_together)
        .into_par_iter()
        .filter_map(|n| {
            let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
            rng.set_stream((1 << 32) + n as u64);
            let mut of = of.clone();
            of.shuffle(&mut rng);
            left_out(&rows, &of, grades)
        })
        .collect();
    let as_much = shuffled.iter().filter(|s| s.0 >= skill).count();
    let mut sorted: Vec<f64> = shuffled.iter().map(|s| s.0).collect();
    sorted.sort_by(f64::total_cmp);
    let mean = sorted.iter().sum::<f64>() / sorted.len().max(1) as f64;
    let exceeded =
        sorted.get((0.95 * sorted.len() as f64) as usize).or(sorted.last()).copied().unwrap_or(0.0);
    Some(Together {
        model,
        measures: cohort.measures.clone(),
        people: rows.len(),
        skill,
        agreement,
        skill_shuffled: [mean, exceeded],
        agreement_shuffled: Agreement::mean(shuffled.iter().map(|s| s.1)),
        p_shuffled: (as_much + 1) as f64 / (shuffled.len() + 1) as f64,
    })
}

/// See [`Together::skill`] and [`Together::agreement`]; `None` where the grades of the others are all the same.
fn left_out(rows: &[Vec<f64>], of: &[usize], grades: usize) -> Option<(f64, Agreement)> {
    let scores: Vec<(f64, f64, usize)> = (0..rows.len())
        .into_par_iter()
        .map(|out| {
            let kept = |i: &usize| *i != out;
            let others: Vec<Vec<f64>> = (0..rows.len()).filter(kept).map(|i| rows[i].clone()).collect();
            let their: Vec<usize> = (0..rows.len()).filter(kept).map(|i| of[i]).collect();
            let model = Ordinal::fit(&others, &their, grades, RIDGE).ok()?;
            let common = their.iter().filter(|&&g| g == of[out]).count() as f64 + 0.5;
            let plain = common / (their.len() as f64 + 0.5 * grades as f64);
            let told = model.probabilities(&rows[out], &vec![0.0; rows[out].len()]);
            let likeliest = (0..grades).max_by(|&a, &b| told[a].total_cmp(&told[b]).then(b.cmp(&a)))?;
            Some((told[of[out]].max(1e-6).ln(), plain.ln(), likeliest))
        })
        .collect::<Option<_>>()?;
    let (told, plain) = scores.iter().fold((0.0, 0.0), |sum, s| (sum.0 + s.0, sum.1 + s.1));
    let likeliest: Vec<usize> = scores.iter().map(|s| s.2).collect();
    (plain < 0.0).then(|| (1.0 - told / plain, Agreement::of(&likeliest, of)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_shape::shape_model::model::standard_normal;
    use proptest::prelude::*;

    /// People of grades 0 to 4: the first measure rises by `slope` with each grade, the second is noise.
    fn cohort(people: usize, slope: f64, seed: u64) -> Cohort {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let grades: Vec<usize> = (0..people).map(|i| i % 5).collect();
        let rows = grades
            .iter()
            .map(|&g| {
                vec![Some(slope * g as f64 + standard_normal(&mut rng)), Some(standard_normal(&mut rng))]
            })
            .collect();
        Cohort { measures: vec!["volume".into(), "noise".into()], grades, rows }
    }

    const QUICK: ProgressionOptions = ProgressionOptions { seed: 3, shuffles: 199, shuffles_together: 19 };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(6))]
        #[test]
        fn a_planted_trend_is_recovered_and_shuffled_grades_have_no_skill(seed in 0..1000_u64) {
            let planted = cohort(60, 1.0, seed);
            let found = Progression::fit(&planted, &QUICK).unwrap();
            let trend = &found.trends[0];
            prop_assert!((trend.change_per_grade - 1.0).abs() < 0.45, "{}", trend.change_per_grade);
            prop_assert!(trend.interval_95[0] > 0.3 && trend.skill > 0.3 && trend.p_shuffled < 0.02);
            prop_assert!(trend.monotone_by_grade.windows(2).all(|w| w[0] <= w[1]));
            let together = found.together.unwrap();
            prop_assert!(together.skill > 0.1 && together.p_shuffled < 0.1);

            let mut shuffled = planted;
            shuffled.grades.shuffle(&mut ChaCha8Rng::seed_from_u64(seed + 1));
            let nothing = Progression::fit(&shuffled, &QUICK).unwrap();
            // The people left out are foretold worse than by chance or hardly better.
            prop_assert!(nothing.trends[0].skill < 0.2, "{}", nothing.trends[0].skill);
            let nothing = nothing.together.unwrap();
            prop_assert!(nothing.skill < 0.1);
            prop_assert!(together.agreement.weighted_kappa > nothing.agreement.weighted_kappa + 0.2);
            prop_assert!(together.agreement_shuffled.weighted_kappa.abs() < 0.25);
        }
    }

    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        let options = ProgressionOptions { shuffles: 0, shuffles_together: 0, seed: 1 };
        let held = (0..300)
            .filter(|&seed| {
                let mut table = cohort(25, 0.3, 9000 + seed);
                table.measures.truncate(1);
                table.rows.iter_mut().for_each(|r| r.truncate(1));
                table.measures.push("absent".into());
                table.rows.iter_mut().for_each(|r| r.push(None));
                let trend = Progression::fit(&table, &options).unwrap().trends.remove(0);
                (trend.interval_95[0]..trend.interval_95[1]).contains(&0.3)
            })
            .count();
        assert!((270..=297).contains(&held), "{held} of 300");
    }

    #[test]
    fn agreement_is_that_of_a_worked_table() {
        // Three grades; observed squared distance 2/6, by chance (of shares 2:2:2 against 2:2:2) 4/3.
        let found = Agreement::of(&[0, 0, 1, 1, 2, 2], &[0, 1, 1, 0, 2, 2]);
        assert!((found.exact_fraction - 4.0 / 6.0).abs() < 1e-12 && found.within_one_fraction == 1.0);
        assert!((found.weighted_kappa - 0.75).abs() < 1e-12, "{found:?}");
        assert_eq!(Agreement::of(&[1, 1], &[1, 1]).weighted_kappa, 0.0);
    }

    #[test]
    fn adjacent_violators_are_pooled() {
        let means = [Some(1.0), Some(3.0), None, Some(2.0), Some(5.0)];
        let pooled = monotone(&means, &[1.0, 1.0, 0.0, 3.0, 1.0], true);
        assert_eq!(pooled, [Some(1.0), Some(2.25), None, Some(2.25), Some(5.0)]);
        let falling = monotone(&[Some(3.0), Some(1.0)], &[1.0, 1.0], false);
        assert_eq!(falling, [Some(3.0), Some(1.0)]);
    }

    #[test]
    fn the_answer_is_the_same_on_any_number_of_threads() {
        let table = cohort(30, 0.5, 4);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Progression::fit(&table, &QUICK).unwrap())
        };
        assert_eq!(on(1), on(3));
    }

    #[test]
    fn tables_that_say_nothing_are_refused() {
        let mut table = cohort(10, 1.0, 1);
        table.grades = vec![2; 10];
        assert_eq!(Progression::fit(&table, &QUICK), Err(OrdinalError::OneGrade));
        table.grades.pop();
        assert_eq!(Progression::fit(&table, &QUICK), Err(OrdinalError::Shape));
    }
}
