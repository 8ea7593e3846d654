//! `study.toml`: what readers are asked, who reads, and with what help.

use crate::error::ReadersError;
use crate::mark::MarksWanted;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Most readers of a study.
const MAX_READERS: usize = 200;
/// Most methods of a study.
const MAX_METHODS: usize = 6;
/// Most grades or classes: what keys 1 to 9 can give.
const MAX_GRADES: usize = 9;
/// Longest text of the settings, characters.
const MAX_TEXT: usize = 4000;

/// The settings of a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudySettings {
    /// Version of the form; 1.
    pub format: u32,
    /// Name of the study.
    pub title: String,
    /// The question that each case is shown with.
    pub question: String,
    /// What a reader is told before the first case.
    #[serde(default)]
    pub instructions: String,
    /// Pseudonyms of the readers: letters, digits, `-` and `_`.
    pub readers: Vec<String>,
    /// Seed of all orders.
    #[serde(default = "one")]
    pub seed: u64,
    /// Days between the end of one session and the start of the next.
    #[serde(default = "month")]
    pub washout_days: f64,
    /// Whether a reader may change a submitted answer while the session lasts.
    #[serde(default)]
    pub may_change: bool,
    /// Marks that readers draw.
    #[serde(default)]
    pub marks: MarksWanted,
    /// Window with which pictures open.
    #[serde(default)]
    pub window: WindowSetting,
    /// How readers answer.
    pub scale: Scale,
    /// Ways of reading; the first is the reference of comparisons.
    #[serde(rename = "method")]
    pub methods: Vec<Method>,
}

fn one() -> u64 {
    1
}

fn month() -> f64 {
    28.0
}

/// A way of reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Its name in tables.
    pub name: String,
    /// Whether the module's output is shown.
    pub help: bool,
}

/// How readers answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scale {
    /// Grades from 1 up, each with a label; higher for more disease.
    Confidence {
        /// Labels from the lowest grade on.
        labels: Vec<String>,
    },
    /// A whole number from 0 to 100; higher for more disease.
    Percent {},
    /// One of some classes.
    Classes {
        /// Names of the classes, in their order where they have one.
        classes: Vec<String>,
        /// Whether the classes have an order, so that neighbours disagree less.
        #[serde(default)]
        ordered: bool,
    },
}

/// Window with which pictures open: what the image says, the range of its values, or centre and width.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum WindowSetting {
    /// By a word.
    Named(NamedWindow),
    /// Centre and width in the unit of the image.
    Fixed([f64; 2]),
    /// Not given: as the image says.
    #[default]
    #[serde(skip)]
    Default,
}

/// A window by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedWindow {
    /// Of the image, where it has one; else its range.
    Image,
    /// From the first to the last hundredth of its values.
    Range,
}

impl Scale {
    /// Grades of confidence from 1 to 5.
    pub fn five_grades() -> Scale {
        let labels = ["definitely not", "probably not", "uncertain", "probably", "definitely"];
        Scale::Confidence { labels: labels.map(str::to_owned).to_vec() }
    }

    /// The lowest and highest rating; of classes none.
    pub fn range(&self) -> Option<[f64; 2]> {
        match self {
            Scale::Confidence { labels } => Some([1.0, labels.len() as f64]),
            Scale::Percent {} => Some([0.0, 100.0]),
            Scale::Classes { .. } => None,
        }
    }

    /// What is wrong with a rating on this scale.
    pub(crate) fn fault_of(&self, rating: f64) -> Option<String> {
        let [least, most] = self.range()?;
        let is_fit = rating.is_finite() && rating.fract() == 0.0 && (least..=most).contains(&rating);
        (!is_fit).then(|| format!("a rating is a whole number from {least} to {most}, and {rating} is not"))
    }
}

impl StudySettings {
    /// Of two methods, without and with help, and grades of confidence from 1 to 5.
    pub fn new(title: &str, readers: &[String]) -> StudySettings {
        let method = |name: &str, help| Method { name: name.to_owned(), help };
        StudySettings {
            format: 1,
            title: title.to_owned(),
            question: "How confident are you that disease is present?".to_owned(),
            instructions: String::new(),
            readers: readers.to_vec(),
            seed: one(),
            washout_days: month(),
            may_change: false,
            marks: MarksWanted::None,
            window: WindowSetting::Named(NamedWindow::Image),
            scale: Scale::five_grades(),
            methods: vec![method("without", false), method("with", true)],
        }
    }

    /// Reads a file and checks it.
    ///
    /// # Errors
    /// A file that cannot be read or is no such study, with the line.
    pub fn read(path: &Path) -> Result<StudySettings, ReadersError> {
        let text = std::fs::read_to_string(path).map_err(|error| ReadersError::io(path, &error))?;
        StudySettings::parse(&text).map_err(|reason| ReadersError::file(path, reason))
    }

    /// From the text of a file.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(text: &str) -> Result<StudySettings, String> {
        let settings: StudySettings = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            match line {
                Some(line) => format!("line {line}: {}", error.message()),
                None => error.message().to_owned(),
            }
        })?;
        settings.check()?;
        Ok(settings)
    }

    /// The first thing that is wrong.
    fn check(&self) -> Result<(), String> {
        if self.format != 1 {
            return Err(format!("format {} is unknown; this version reads format 1", self.format));
        }
        for (what, text) in [("title", &self.title), ("question", &self.question)] {
            if text.trim().is_empty() {
                return Err(format!("{what} is empty"));
            }
        }
        for text in [&self.title, &self.question, &self.instructions] {
            if text.chars().count() > MAX_TEXT {
                return Err(format!("a text is longer than {MAX_TEXT} characters"));
            }
        }
        let methods: Vec<&str> = self.methods.iter().map(|method| method.name.as_str()).collect();
        let readers: Vec<&str> = self.readers.iter().map(String::as_str).collect();
        names("readers", &readers, MAX_READERS)?;
        names("method", &methods, MAX_METHODS)?;
        if !(self.washout_days.is_finite() && (0.0..=3650.0).contains(&self.washout_days)) {
            return Err("washout_days is a number of days from 0 to 3650".to_owned());
        }
        if let WindowSetting::Fixed([centre, width]) = self.window
            && !(centre.is_finite() && width.is_finite() && width > 0.0)
        {
            return Err("window is \"image\", \"range\" or [centre, width] with a width above 0".to_owned());
        }
        match &self.scale {
            Scale::Confidence { labels } => grades("labels", labels),
            Scale::Classes { classes, .. } => grades("classes", classes),
            Scale::Percent {} => Ok(()),
        }
    }

    /// The file of these settings, with comments.
    pub fn text(&self) -> String {
        let list = |items: &[String]| items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ");
        let window = match self.window {
            WindowSetting::Fixed([centre, width]) => format!("[{centre:?}, {width:?}]"),
            WindowSetting::Named(NamedWindow::Range) => "\"range\"".to_owned(),
            _ => "\"image\"".to_owned(),
        };
        let scale = match &self.scale {
            Scale::Confidence { labels } => format!("kind = \"confidence\"\nlabels = [{}]", list(labels)),
            Scale::Percent {} => "kind = \"percent\"".to_owned(),
            Scale::Classes { classes, ordered } => {
                format!("kind = \"classes\"\nclasses = [{}]\nordered = {ordered}", list(classes))
            }
        };
        let method = |method: &Method| {
            format!("[[method]]\nname = {}\nhelp = {}\n", quoted(&method.name), method.help)
        };
        let methods: Vec<String> = self.methods.iter().map(method).collect();
        format!(
            "# A study with human readers. Title, question, instructions, wash-out, may_change and window may be changed until\n\
             # the first reading; the rest is fixed once `coxa diagnose read-study new` has made the worklists.\n\
             format = 1\n\
             title = {}\n\
             # What the reader is asked about each case.\n\
             question = {}\n\
             # What the reader is told before the first case.\n\
             instructions = {}\n\
             # Pseudonyms: letters, digits, - and _. They appear in results.\n\
             readers = [{}]\n\
             # Orders of cases follow from this number.\n\
             seed = {}\n\
             # Days from the end of one session to the start of the next.\n\
             washout_days = {:?}\n\
             # Whether submitted answers may be changed while the session lasts.\n\
             may_change = {}\n\
             # Marks that readers draw: \"none\", \"boxes\", \"contours\" or \"both\".\n\
             marks = \"{}\"\n\
             # Window with which pictures open: \"image\" (what the file says), \"range\" (all values) or [centre, width].\n\
             window = {}\n\
             \n\
             # How readers answer: \"confidence\" with two to nine labels from grade 1 on, \"percent\" (0 to 100),\n\
             # or \"classes\" with two to nine names.\n\
             [scale]\n{}\n\
             \n\
             # Ways of reading, each case once with each, a session apart; help shows the module's output.\n\
             # The first is what others are compared with.\n{}",
            quoted(&self.title),
            quoted(&self.question),
            quoted(&self.instructions),
            list(&self.readers),
            self.seed,
            self.washout_days,
            self.may_change,
            self.marks.word(),
            window,
            scale,
            methods.join("\n"),
        )
    }

    /// The settings that worklists rest on, as text that is compared.
    pub(crate) fn fixed(&self) -> String {
        let fixed = (&self.readers, self.seed, &self.marks, &self.scale, &self.methods);
        serde_json::to_string(&fixed).unwrap_or_default()
    }

    /// A method by its name.
    pub(crate) fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.name == name)
    }
}

/// A text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Whether a word can be a name of a file and a part of a table without further thought.
pub(crate) fn is_plain(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=40).contains(&name.len()) && name.chars().all(fits)
}

fn names(what: &str, names: &[&str], most: usize) -> Result<(), String> {
    if names.is_empty() || names.len() > most {
        return Err(format!("{what}: 1 to {most} are wanted and {} given", names.len()));
    }
    for (place, name) in names.iter().enumerate() {
        if !is_plain(name) {
            return Err(format!("{what}: \"{name}\" is no name of 1 to 40 letters, digits, - and _"));
        }
        // File systems may not tell upper from lower case.
        if names[..place].iter().any(|other| other.eq_ignore_ascii_case(name)) {
            return Err(format!("{what}: \"{name}\" occurs twice"));
        }
    }
    Ok(())
}

fn grades(what: &str, labels: &[String]) -> Result<(), String> {
    if !(2..=MAX_GRADES).contains(&labels.len()) {
        return Err(format!("{what}: 2 to {MAX_GRADES} are wanted and {} given", labels.len()));
    }
    for (place, label) in labels.iter().enumerate() {
        if label.trim().is_empty() || label.chars().count() > 60 {
            return Err(format!("{what}: a label has 1 to 60 characters"));
        }
        if labels[..place].contains(label) {
            return Err(format!("{what}: \"{label}\" occurs twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> StudySettings {
        StudySettings::new("A \"study\"", &["anna".to_owned(), "ben".to_owned()])
    }

    #[test]
    fn settings_are_read_as_they_are_written() {
        let mut settings = settings();
        assert_eq!(StudySettings::parse(&settings.text()).unwrap(), settings);
        settings.scale = Scale::Classes { classes: vec!["none".into(), "neck".into()], ordered: true };
        settings.window = WindowSetting::Fixed([40.0, 400.0]);
        settings.marks = MarksWanted::Both;
        settings.instructions = "First line.\nSecond \\ line.".into();
        assert_eq!(StudySettings::parse(&settings.text()).unwrap(), settings);
        settings.scale = Scale::Percent {};
        assert_eq!(StudySettings::parse(&settings.text()).unwrap(), settings);
    }

    #[test]
    fn mistakes_are_named() {
        let text = settings().text();
        for (from, to, expected) in [
            ("format = 1", "format = 2", "format 2 is unknown"),
            ("[\"anna\", \"ben\"]", "[\"anna\", \"Anna\"]", "occurs twice"),
            ("[\"anna\", \"ben\"]", "[\"../anna\"]", "is no name"),
            ("[\"anna\", \"ben\"]", "[]", "1 to 200 are wanted"),
            ("28.0", "-1.0", "washout_days"),
            ("seed = 1", "sead = 1", "line 12: unknown field `sead`"),
            ("kind = \"confidence\"", "kind = \"stars\"", "unknown variant `stars`"),
            ("\"none\"\n", "\"circles\"\n", "unknown variant `circles`"),
            ("window = \"image\"", "window = [40.0, 0.0]", "width above 0"),
            ("\"probably\"", "\"uncertain\"", "occurs twice"),
        ] {
            assert!(text.contains(from), "{from}");
            let found = StudySettings::parse(&text.replacen(from, to, 1)).unwrap_err();
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn ratings_are_held_to_the_scale() {
        let five = Scale::five_grades();
        assert_eq!(five.range(), Some([1.0, 5.0]));
        assert!(five.fault_of(5.0).is_none() && Scale::Percent {}.fault_of(0.0).is_none());
        for wrong in [0.0, 6.0, 2.5, f64::NAN, f64::INFINITY] {
            assert!(five.fault_of(wrong).is_some(), "{wrong}");
        }
    }
}
