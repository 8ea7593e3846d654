//! Probabilities of values under a law, and of a class given everything else.

use super::law::{Draw, Law, Variable};
use super::terms::Drawn;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

/// Probability of each class of a variable, given the values that it depends on.
pub(super) fn classes(variable: &Variable, values: &[Drawn]) -> Vec<f64> {
    match &variable.draw {
        Draw::Normal { .. } => Vec::new(),
        Draw::Softmax(of) => {
            let logits: Vec<f64> = of.iter().map(|terms| terms.at(values)).collect();
            from_logs(&logits)
        }
        Draw::Ordered { sum, cuts } => {
            let sum = sum.at(values);
            let beyond = cuts.iter().map(|cut| 1.0 / (1.0 + (cut - sum).exp()));
            let edges: Vec<f64> = [1.0].into_iter().chain(beyond).chain([0.0]).collect();
            edges.windows(2).map(|pair| (pair[0] - pair[1]).max(0.0)).collect()
        }
    }
}

/// Probabilities whose logarithms are these up to a constant.
pub(super) fn from_logs(logs: &[f64]) -> Vec<f64> {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().map(|log| (log - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// Logarithm of the probability of a value, given those that it depends on. A rounded number has that of all that rounds to it.
fn log_probability(variable: &Variable, value: Drawn, values: &[Drawn]) -> f64 {
    match (&variable.draw, value) {
        (Draw::Normal { mean, sd, range, step }, Drawn::Number(value)) => {
            let Ok(normal) = Normal::new(mean.at(values), *sd) else { return f64::NEG_INFINITY };
            let [low, high] = *range;
            let (from, to) = (value - step / 2.0, value + step / 2.0);
            let below = if value <= low { 0.0 } else { normal.cdf(from) };
            let above = if value >= high { 0.0 } else { normal.sf(to) };
            // The smaller tail keeps its digits.
            let mass = if below > 0.5 { normal.sf(from) - above } else { 1.0 - below - above };
            if mass > 1e-12 { mass.ln() } else { normal.ln_pdf(value) + step.ln() }
        }
        (_, Drawn::Class(class)) => {
            classes(variable, values).get(class).map_or(f64::NEG_INFINITY, |p| p.ln())
        }
        _ => f64::NEG_INFINITY,
    }
}

impl Law {
    /// Probability of each class of a variable, given all other values that a case has: what nobody can know better.
    pub(super) fn posterior(&self, place: usize, values: &[Drawn], missing: &[bool]) -> Vec<f64> {
        let count = self.variables[place].classes.len();
        let mut values = values.to_vec();
        let prior = classes(&self.variables[place], &values);
        let children: Vec<usize> = (place + 1..self.variables.len())
            .filter(|&one| self.variables[one].depends_on(place) && !missing[one])
            .collect();
        let logs: Vec<f64> = (0..count)
            .map(|class| {
                values[place] = Drawn::Class(class);
                let of = |&child: &usize| log_probability(&self.variables[child], values[child], &values);
                prior[class].ln() + children.iter().map(of).sum::<f64>()
            })
            .collect();
        from_logs(&logs)
    }

    /// Probability that a number on which nothing depends reaches a limit, given the values that it depends on; `None` where something depends on it.
    pub(super) fn at_least(&self, place: usize, limit: f64, values: &[Drawn]) -> Option<f64> {
        let Draw::Normal { mean, sd, step, .. } = &self.variables[place].draw else { return None };
        let is_last = !self.variables.iter().any(|other| other.depends_on(place));
        // The least value that is written as the limit or more.
        let from = (limit / step - 1e-9).ceil() * step - step / 2.0;
        is_last.then(|| Normal::new(mean.at(values), *sd).map_or(f64::NAN, |normal| normal.sf(from)))
    }

    /// Mean of a number on which nothing depends, given the values that it depends on; `None` where something depends on it.
    pub(super) fn mean(&self, place: usize, values: &[Drawn]) -> Option<f64> {
        let Draw::Normal { mean, range, .. } = &self.variables[place].draw else { return None };
        let is_last = !self.variables.iter().any(|other| other.depends_on(place));
        is_last.then(|| mean.at(values).clamp(range[0], range[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(text: &str) -> Law {
        Law::from_toml(&format!("format = 1\n{text}")).expect("a law")
    }

    #[test]
    fn a_class_before_its_signs_follows_from_bayes_theorem() {
        let law = law(
            "[[variable]]\nname = \"sick\"\ndraw = { law = \"classes\", classes = [\"no\", \"yes\"], probabilities = [0.7, 0.3] }\n\
             [[variable]]\nname = \"sign\"\ndraw = { law = \"normal\", mean = 1, sd = 2, of = { \"sick=yes\" = 3 }, range = [-90, 90], step = 1e-6 }\n\
             [[variable]]\nname = \"other\"\ndraw = { law = \"logistic\", intercept = -1, of = { sign = 1 } }",
        );
        let values = [Drawn::Class(0), Drawn::Number(2.5), Drawn::Class(1)];
        let density = |mean: f64| (-(2.5f64 - mean).powi(2) / 8.0).exp();
        let wanted = 0.3 * density(4.0) / (0.3 * density(4.0) + 0.7 * density(1.0));
        let found = law.posterior(0, &values, &[false; 3]);
        assert!((found[1] - wanted).abs() < 1e-6, "{} {wanted}", found[1]);
        // A sign that is missing says nothing.
        let found = law.posterior(0, &values, &[false, true, false]);
        assert!((found[1] - 0.3).abs() < 1e-12);
        // Nor does one that the class does not touch.
        let found = law.posterior(2, &values, &[false; 3]);
        assert!((found[1] - 1.0 / (1.0 + (-1.5f64).exp())).abs() < 1e-12);
    }

    #[test]
    fn rounded_and_clipped_numbers_count_with_all_that_becomes_them() {
        let law = law("[[variable]]\nname = \"sick\"\ndraw = { law = \"logistic\", intercept = 0 }\n\
             [[variable]]\nname = \"sign\"\ndraw = { law = \"normal\", mean = 0, sd = 1, of = { \"sick=yes\" = 1 }, range = [-1, 1], step = 1 }");
        let standard = Normal::standard();
        let beyond = [standard.sf(0.5), standard.sf(-0.5)];
        let found = law.posterior(0, &[Drawn::Class(0), Drawn::Number(1.0)], &[false; 2]);
        assert!((found[1] - beyond[1] / (beyond[0] + beyond[1])).abs() < 1e-12);
        let sum: f64 = [-1.0, 0.0, 1.0]
            .map(|value| log_probability(&law.variables[1], Drawn::Number(value), &[Drawn::Class(1)]).exp())
            .iter()
            .sum();
        assert!((sum - 1.0).abs() < 1e-12);
        let at_least =
            law.at_least(1, 1.0, &[Drawn::Class(1), Drawn::Number(0.0)]).expect("nothing depends on it");
        assert!((at_least - standard.sf(-0.5)).abs() < 1e-12);
    }

    #[test]
    fn ordered_classes_have_the_log_odds_of_their_cuts() {
        let law = law(
            "[[variable]]\nname = \"x\"\ndraw = { law = \"normal\", mean = 0, sd = 1, range = [-5, 5], step = 0.1 }\n\
             [[variable]]\nname = \"grade\"\ndraw = { law = \"ordered\", classes = [\"a\", \"b\", \"c\"], cuts = [-1, 2], of = { x = 2 } }",
        );
        let found = classes(&law.variables[1], &[Drawn::Number(0.5)]);
        let beyond = |cut: f64| 1.0 / (1.0 + (cut - 1.0f64).exp());
        let wanted = [1.0 - beyond(-1.0), beyond(-1.0) - beyond(2.0), beyond(2.0)];
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
