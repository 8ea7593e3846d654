//! Taking fields out of a table, with all that is wrong with them.

use crate::implants::error::Problem;

/// What every part begins with.
pub(super) struct Header {
    pub(super) family: Option<String>,
    pub(super) description: Option<String>,
}

/// Collects problems while fields are taken out of a table; what is left over is unknown.
pub(super) struct Fields<'a> {
    pub(super) table: toml::Table,
    pub(super) prefix: &'a str,
}

impl Fields<'_> {
    pub(super) fn take(
        &mut self,
        name: &str,
        expected: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<toml::Value> {
        let value = self.table.remove(name);
        if value.is_none() {
            let code = match name {
                "taper" => "taper_missing",
                "resection" => "resection_missing",
                _ => "field_missing",
            };
            problems.push(problem(code, format!("{}{name} is missing: give {expected}", self.prefix)));
        }
        value
    }

    pub(super) fn get<T>(
        &mut self,
        name: &str,
        expected: &str,
        problems: &mut Vec<Problem>,
        convert: impl Fn(&toml::Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(name, expected, problems)?;
        let converted = convert(&value);
        if converted.is_none() {
            problems.push(problem("field_wrong", format!("{}{name} must be {expected}", self.prefix)));
        }
        converted
    }

    pub(super) fn text(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<String> {
        self.get(name, expected, problems, |v| v.as_str().filter(|s| !s.trim().is_empty()).map(str::to_owned))
    }

    pub(super) fn positive(
        &mut self,
        name: &str,
        expected: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<f64> {
        self.get(name, expected, problems, |v| number(v).filter(|x| *x > 0.0))
    }

    pub(super) fn triple(
        &mut self,
        name: &str,
        expected: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<[f64; 3]> {
        self.get(name, expected, problems, |v| {
            let items = v.as_array().filter(|a| a.len() == 3)?;
            Some([number(&items[0])?, number(&items[1])?, number(&items[2])?])
        })
    }

    pub(super) fn table(
        &mut self,
        name: &str,
        expected: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<toml::Table> {
        self.get(name, expected, problems, |v| v.as_table().cloned())
    }

    pub(super) fn finish(self, problems: &mut Vec<Problem>) {
        for name in self.table.keys() {
            problems.push(problem("field_unknown", format!("unknown field {}{name}", self.prefix)));
        }
    }
}

pub(super) fn number(value: &toml::Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|i| i as f64)).filter(|x| x.is_finite())
}

pub(super) fn problem(code: &'static str, message: impl Into<String>) -> Problem {
    Problem { code, message: message.into() }
}
