//! A law of virtual cases, read and checked.

use super::form::{DrawForm, Form, LawError, VariableForm};
use super::terms::{Known, Terms};
use coxa_anatomy::toml_reason::toml_reason;

/// Form of the file that this program reads.
const FORMAT: u32 = 1;
const MOST_BYTES: usize = 1 << 20;

/// How one variable is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Draw {
    /// Normal, rounded to multiples of `step`, clipped.
    Normal { mean: Terms, sd: f64, range: [f64; 2], step: f64 },
    /// Log odds of each class, up to a constant.
    Softmax(Vec<Terms>),
    /// Log odds of being beyond each class but the last: the sum less its cut.
    Ordered { sum: Terms, cuts: Vec<f64> },
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    pub(super) name: String,
    /// Names of its classes; of a number none.
    pub(super) classes: Vec<String>,
    pub(super) draw: Draw,
    pub(super) missing: f64,
}

/// A law: variables, each drawn given those before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Law {
    pub(super) variables: Vec<Variable>,
}

impl Law {
    /// Reads `virtual.toml`.
    ///
    /// # Errors
    /// The first mistake, with its line or the variable.
    pub fn from_toml(text: &str) -> Result<Law, LawError> {
        if text.len() > MOST_BYTES {
            return Err(LawError("the file has more than 1 MiB, too much for a law".into()));
        }
        let form: Form = toml::from_str(text).map_err(|error| LawError(toml_reason(text, &error)))?;
        if form.format != FORMAT {
            return Err(LawError(format!("format is {}, and this program reads {FORMAT}", form.format)));
        }
        let mut variables: Vec<Variable> = Vec::new();
        for form in form.variables {
            let name = form.name.clone();
            let variable =
                read(form, &variables).map_err(|what| LawError(format!("variable {name}: {what}")))?;
            variables.push(variable);
        }
        let law = Law { variables };
        for (place, variable) in law.variables.iter().enumerate() {
            // The best prediction without it would need an integral over it.
            if variable.missing > 0.0 && law.variables.iter().any(|other| other.depends_on(place)) {
                let what = "others depend on it, so that it cannot be `missing`";
                return Err(LawError(format!("variable {}: {what}", variable.name)));
            }
        }
        Ok(law)
    }

    /// Place of a column.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|variable| variable.name == name)
    }
}

impl Variable {
    pub(super) fn depends_on(&self, place: usize) -> bool {
        match &self.draw {
            Draw::Normal { mean, .. } => mean.has(place),
            Draw::Softmax(of) => of.iter().any(|terms| terms.has(place)),
            Draw::Ordered { sum, .. } => sum.has(place),
        }
    }
}

fn read(form: VariableForm, before: &[Variable]) -> Result<Variable, String> {
    if before.iter().any(|other| other.name == form.name) {
        return Err("there are two of this name".into());
    }
    if !(0.0..1.0).contains(&form.missing) {
        return Err("`missing` is 0 or more and below 1".into());
    }
    let known: Vec<Known<'_>> =
        before.iter().map(|one| Known { name: &one.name, classes: &one.classes }).collect();
    let (classes, draw) = match form.draw {
        DrawForm::Normal { mean, sd, of, range, step } => {
            let is_right =
                sd > 0.0 && sd.is_finite() && step > 0.0 && step.is_finite() && range[0] < range[1];
            if !is_right || range.iter().any(|end| !end.is_finite()) {
                return Err("`sd` and `step` are above 0 and `range` holds numbers".into());
            }
            (Vec::new(), Draw::Normal { mean: Terms::read(mean, &of, &known)?, sd, range, step })
        }
        DrawForm::Classes { classes, probabilities } => {
            let sum: f64 = probabilities.iter().sum();
            if probabilities.len() != classes.len()
                || !probabilities.iter().all(|p| *p > 0.0)
                || (sum - 1.0).abs() > 1e-6
            {
                return Err("`probabilities` are above 0, one for each class, and sum to 1".into());
            }
            let log = |p: &f64| Terms::read(p.ln(), &Default::default(), &known);
            let of = probabilities.iter().map(log).collect::<Result<_, _>>()?;
            (classes, Draw::Softmax(of))
        }
        DrawForm::Softmax { classes, of } => {
            if let Some(other) = of.keys().find(|name| !classes.contains(name)) {
                return Err(format!("`of` names {other}, which is no class"));
            }
            let zero = super::form::SumForm { intercept: 0.0, of: Default::default() };
            let terms = |class: &String| {
                let sum = of.get(class).unwrap_or(&zero);
                Terms::read(sum.intercept, &sum.of, &known)
            };
            let terms = classes.iter().map(terms).collect::<Result<_, _>>()?;
            (classes, Draw::Softmax(terms))
        }
        DrawForm::Logistic { intercept, of } => {
            let none = Terms::read(0.0, &Default::default(), &known)?;
            let yes = Terms::read(intercept, &of, &known)?;
            (vec!["no".into(), "yes".into()], Draw::Softmax(vec![none, yes]))
        }
        DrawForm::Ordered { classes, cuts, of } => {
            let grows =
                cuts.windows(2).all(|pair| pair[0] < pair[1]) && cuts.iter().all(|cut| cut.is_finite());
            if cuts.len() + 1 != classes.len() || !grows {
                return Err("`cuts` grow, one fewer than classes".into());
            }
            (classes, Draw::Ordered { sum: Terms::read(0.0, &of, &known)?, cuts })
        }
    };
    if matches!(draw, Draw::Softmax(_) | Draw::Ordered { .. }) && classes.len() < 2 {
        return Err("there are two classes or more".into());
    }
    Ok(Variable { name: form.name, classes, draw, missing: form.missing })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_that_cannot_be_drawn_from_says_why() {
        let x = "[[variable]]\nname = \"x\"\ndraw = { law = \"normal\", mean = 0, sd = 1, range = [-5, 5], step = 0.1 }\n";
        let then = |name: &str, draw: &str| {
            format!("format = 1\n{x}[[variable]]\nname = \"{name}\"\ndraw = {draw}\n")
        };
        for (text, said) in [
            (then("x", "{ law = \"logistic\", intercept = 0 }"), "variable x: there are two of this name"),
            (
                then("y", "{ law = \"logistic\", intercept = 0, of = { z = 1 } }"),
                "variable y: the term \"z\" names no variable that comes before",
            ),
            (
                then("y", "{ law = \"logistic\", intercept = 0, of = { \"x=1\" = 1 } }"),
                "variable y: the term \"x=1\" names no class of x",
            ),
            (
                then("y", "{ law = \"logistic\", intercept = inf }"),
                "variable y: a coefficient is no finite number",
            ),
            (
                then("y", "{ law = \"ordered\", classes = [\"a\", \"b\"], cuts = [1, 0] }"),
                "variable y: `cuts` grow, one fewer than classes",
            ),
            (
                then("y", "{ law = \"classes\", classes = [\"a\", \"b\"], probabilities = [0.5, 0.6] }"),
                "variable y: `probabilities` are above 0, one for each class, and sum to 1",
            ),
            (
                then("y", "{ law = \"normal\", mean = 0, sd = 0, range = [0, 1], step = 1 }"),
                "variable y: `sd` and `step` are above 0 and `range` holds numbers",
            ),
            (
                then("y", "{ law = \"logistic\", intercept = 0, of = { x = 1 } }").replacen(
                    "draw",
                    "missing = 0.1\ndraw",
                    1,
                ),
                "variable x: others depend on it, so that it cannot be `missing`",
            ),
        ] {
            assert_eq!(Law::from_toml(&text), Err(LawError(said.into())));
        }
    }
}
