//! Lists of what a publication must say, filled where a run knows the answer.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Files of the lists by name.
const LISTS: [(&str, &str); 3] = [
    ("tripod-ai", include_str!("../../checklists/tripod-ai.toml")),
    ("stard", include_str!("../../checklists/stard.toml")),
    ("claim", include_str!("../../checklists/claim.toml")),
];

/// Answers that a run knows, by name.
pub type KnownAnswers = BTreeMap<&'static str, String>;

/// A list as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    title: String,
    source: String,
    item: Vec<ItemForm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemForm {
    number: String,
    asks: String,
    #[serde(default)]
    known: Vec<String>,
}

/// A filled list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checklist {
    /// Its title.
    pub title: String,
    /// Its publication.
    pub source: String,
    /// Its items.
    pub items: Vec<Item>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its number there.
    pub number: String,
    /// What it asks, in our words.
    pub asks: String,
    /// What the run knows; `None` where the author alone can answer.
    pub answer: Option<String>,
}

/// A list by its name (`tripod-ai`, `stard`, `claim`), filled; `None` of another name.
pub fn checklist(name: &str, known: &KnownAnswers) -> Option<Checklist> {
    let (_, text) = LISTS.iter().find(|(own, _)| *own == name)?;
    let form: Form = toml::from_str(text).expect("lists that ship are read by a test");
    let item = |item: ItemForm| {
        let answers = item.known.iter().filter_map(|key| known.get(key.as_str()));
        let answers: Vec<&str> = answers.map(String::as_str).filter(|answer| !answer.is_empty()).collect();
        let answer = (!answers.is_empty()).then(|| answers.join(" "));
        Item { number: item.number, asks: item.asks, answer }
    };
    let items = form.item.into_iter().map(item).collect();
    Some(Checklist { title: form.title, source: form.source, items })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_whole_and_filled_where_the_run_knows() {
        let known = KnownAnswers::from([("sample", "200 cases.".to_owned())]);
        for (name, last, count) in [("tripod-ai", "27c", 52), ("stard", "30", 34), ("claim", "42", 42)] {
            let list = checklist(name, &known).expect("it ships");
            assert_eq!(list.items.last().map(|item| item.number.as_str()), Some(last));
            assert_eq!(list.items.len(), count, "{name}");
            assert!(list.items.iter().any(|item| item.answer.as_deref() == Some("200 cases.")));
            assert!(list.items.iter().any(|item| item.answer.is_none()));
        }
        assert_eq!(checklist("other", &known), None);
    }
}
