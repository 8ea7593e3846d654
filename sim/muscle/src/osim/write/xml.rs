//! Text of an XML document, element by element.

use std::fmt::Write as _;

/// A document that is being written.
#[derive(Default)]
pub(super) struct Document {
    text: String,
    open: Vec<String>,
}

impl Document {
    /// Begins an element, with a name where it has one.
    pub(super) fn open(&mut self, kind: &str, name: Option<&str>) {
        match name {
            Some(name) => self.line(&format!("<{kind} name=\"{}\">", escaped(&word(name)))),
            None => self.line(&format!("<{kind}>")),
        }
        self.open.push(kind.to_owned());
    }

    /// Begins the outermost element.
    pub(super) fn root(&mut self, kind: &str, version: &str) {
        self.line("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>");
        self.line(&format!("<{kind} Version=\"{version}\">"));
        self.open.push(kind.to_owned());
    }

    /// Ends the element that was begun last.
    pub(super) fn close(&mut self) {
        if let Some(kind) = self.open.pop() {
            self.line(&format!("</{kind}>"));
        }
    }

    /// A property of words.
    pub(super) fn words(&mut self, property: &str, words: &str) {
        self.line(&format!("<{property}>{}</{property}>", escaped(words)));
    }

    /// A property of numbers, each in the fewest digits that read back to the same bits.
    pub(super) fn numbers(&mut self, property: &str, numbers: &[f64]) {
        self.words(property, &joined(numbers));
    }

    /// A property of numbers with an attribute of other numbers, which OpenSim passes over.
    pub(super) fn numbers_with(&mut self, property: &str, numbers: &[f64], attribute: (&str, &[f64])) {
        let (key, values) = attribute;
        self.line(&format!("<{property} {key}=\"{}\">{}</{property}>", joined(values), joined(numbers)));
    }

    /// A property of one number.
    pub(super) fn number(&mut self, property: &str, number: f64) {
        self.numbers(property, &[number]);
    }

    /// A property that is true or false.
    pub(super) fn flag(&mut self, property: &str, flag: bool) {
        self.words(property, if flag { "true" } else { "false" });
    }

    /// The whole text; all that is open is closed.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn line(&mut self, line: &str) {
        for _ in 0..self.open.len() {
            self.text.push('\t');
        }
        self.text.push_str(line);
        self.text.push('\n');
    }
}

fn joined(numbers: &[f64]) -> String {
    let mut text = String::new();
    for (n, number) in numbers.iter().enumerate() {
        let gap = if n == 0 { "" } else { " " };
        // Writing to a string does not fail.
        let _ = match number {
            number if *number == f64::INFINITY => write!(text, "{gap}Inf"),
            number if *number == f64::NEG_INFINITY => write!(text, "{gap}-Inf"),
            number => write!(text, "{gap}{number:?}"),
        };
    }
    text
}

/// A name such as OpenSim 4 takes: what it does not take it has itself replaced in older files.
pub(super) fn word(name: &str) -> String {
    name.replace(|c: char| c.is_whitespace() || matches!(c, '/' | '\\' | '*' | '+'), "_")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
