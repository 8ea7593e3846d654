//! Sums of products of columns: `age`, `sex=male`, `age*sex=male`.

use std::collections::BTreeMap;

/// A value that was drawn: a number, or the place of a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Drawn {
    Number(f64),
    Class(usize),
}

/// One factor of a product.
#[derive(Debug, Clone, PartialEq)]
enum Factor {
    /// The number of a variable; of classes the place from 0.
    Value(usize),
    /// 1 where a variable has this class, else 0.
    Is(usize, usize),
}

/// An intercept and products with their coefficients.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Terms {
    intercept: f64,
    products: Vec<(Vec<Factor>, f64)>,
}

/// A variable that terms may name: its name and classes, of a number none.
pub(super) struct Known<'a> {
    pub(super) name: &'a str,
    pub(super) classes: &'a [String],
}

impl Terms {
    /// Reads coefficients by term, of variables that come before.
    pub(super) fn read(
        intercept: f64,
        of: &BTreeMap<String, f64>,
        known: &[Known<'_>],
    ) -> Result<Terms, String> {
        let finite = of.values().chain([&intercept]).all(|value| value.is_finite());
        if !finite {
            return Err("a coefficient is no finite number".into());
        }
        let product = |(term, coefficient): (&String, &f64)| {
            let factors = term.split('*').map(|factor| read_factor(factor.trim(), known));
            Ok((factors.collect::<Result<_, String>>()?, *coefficient))
        };
        Ok(Terms { intercept, products: of.iter().map(product).collect::<Result<_, String>>()? })
    }

    /// Whether a variable is among them.
    pub(super) fn has(&self, variable: usize) -> bool {
        let names =
            |factor: &Factor| matches!(factor, Factor::Value(of) | Factor::Is(of, _) if *of == variable);
        self.products.iter().any(|(factors, _)| factors.iter().any(names))
    }

    /// The sum at these values.
    pub(super) fn at(&self, values: &[Drawn]) -> f64 {
        let factor = |factor: &Factor| match (factor, values) {
            (Factor::Value(of), values) => match values[*of] {
                Drawn::Number(value) => value,
                Drawn::Class(place) => place as f64,
            },
            (Factor::Is(of, class), values) => f64::from(u8::from(values[*of] == Drawn::Class(*class))),
        };
        let products = self.products.iter();
        let sum: f64 = products.map(|(factors, by)| by * factors.iter().map(factor).product::<f64>()).sum();
        self.intercept + sum
    }
}

fn read_factor(text: &str, known: &[Known<'_>]) -> Result<Factor, String> {
    let (name, class) = text.split_once('=').map_or((text, None), |(name, class)| (name, Some(class)));
    let place = known.iter().position(|known| known.name == name);
    let Some(place) = place else {
        return Err(format!("the term {text:?} names no variable that comes before"));
    };
    match class {
        None => Ok(Factor::Value(place)),
        Some(class) => match known[place].classes.iter().position(|own| own == class) {
            Some(class) => Ok(Factor::Is(place, class)),
            None => Err(format!("the term {text:?} names no class of {name}")),
        },
    }
}
