//! Which jobs of a study are listed, and in which order.

use crate::script::StudyShot;
use anyhow::{Result, bail};
use coxa_scenario::listing::{ListedJob, Listing};

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Key {
    /// The job's number.
    #[default]
    Job,
    /// A quantity, by its place.
    Quantity(usize),
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// What it goes by.
    pub by: Key,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// What of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Words that a row holds, all of them; numbers are looked for whole, so that 8 does not find 28.
    pub words: String,
    /// The order of the rows.
    pub order: Order,
}

impl Choice {
    /// What a picture of a script shows.
    ///
    /// # Errors
    /// A quantity that the study does not keep.
    pub fn of_shot(listing: &Listing, shot: &StudyShot) -> Result<Self> {
        let by = match &shot.sort_by {
            None => Key::Job,
            Some(name) => match listing.quantities.iter().position(|quantity| quantity.name == *name) {
                Some(place) => Key::Quantity(place),
                None => {
                    let names: Vec<&str> =
                        listing.quantities.iter().map(|quantity| quantity.name.as_str()).collect();
                    bail!("this study keeps no quantity named {name:?}; it keeps {}", names.join(", "));
                }
            },
        };
        let order = Order { by, is_descending: shot.descending };
        Ok(Choice { words: shot.find.clone(), order })
    }

    /// Sorts by another key, the least first; by the same key the other way round.
    pub fn turn_to(&mut self, key: Key) {
        let is_descending = self.order.by == key && !self.order.is_descending;
        self.order = Order { by: key, is_descending };
    }

    /// Places of the rows that are wanted, in their order. Rows without a value come last.
    pub fn places(&self, listing: &Listing) -> Vec<usize> {
        let Order { by, is_descending } = self.order;
        let mut places = match by {
            Key::Quantity(quantity) if quantity < listing.quantities.len() => {
                listing.sorted_by(quantity, is_descending)
            }
            Key::Quantity(_) | Key::Job => by_job(listing, is_descending),
        };
        let words = self.words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        if !words.is_empty() {
            places.retain(|&place| {
                let text = text_of(listing, &listing.rows[place]);
                words.iter().all(|word| holds(&text, word))
            });
        }
        places
    }
}

fn by_job(listing: &Listing, is_descending: bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..listing.rows.len()).collect();
    places.sort_by_key(|&place| listing.rows[place].job);
    if is_descending {
        places.reverse();
    }
    places
}

/// Whether a text holds a word, and not as a piece of a longer number.
fn holds(text: &str, word: &str) -> bool {
    let is_number = |character: char| character.is_ascii_digit() || character == '.';
    let goes_on = |inner: Option<char>, outer: Option<char>| {
        inner.is_some_and(|inner| inner.is_ascii_digit()) && outer.is_some_and(is_number)
    };
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !goes_on(word.chars().next(), before.chars().next_back())
            && !goes_on(word.chars().next_back(), after.chars().next())
    })
}

/// What words are looked for in: `job 3`, the patient, `factor=level`, and why there is no plan.
fn text_of(listing: &Listing, row: &ListedJob) -> String {
    let mut text = format!("job {} {}", row.job, row.patient);
    for (factor, level) in listing.factors.iter().zip(&row.levels) {
        text += &format!(" {factor}={level}");
    }
    if let Some(reason) = &row.refusal {
        text += &format!(" no plan {reason}");
    }
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_scenario::listing::Heading;

    fn row(job: u64, patient: &str, level: &str, value: Option<f64>) -> ListedJob {
        let refusal = value.is_none().then(|| "the head does not fit the shell".to_owned());
        ListedJob {
            job,
            patient: patient.into(),
            levels: vec![level.into()],
            values: vec![value],
            refusal,
            case: None,
        }
    }

    fn listing() -> Listing {
        Listing {
            title: "Heads".into(),
            factors: vec!["head_diameter".into()],
            quantities: vec![Heading { name: "motion.flexion".into(), unit: "deg" }],
            rows: vec![
                row(0, "seed 7", "28", Some(110.0)),
                row(1, "seed 7", "36", None),
                row(2, "Seed 8", "28", Some(95.0)),
                row(3, "Seed 8", "36", Some(120.0)),
            ],
            left_out: 0,
        }
    }

    #[test]
    fn a_second_click_turns_the_order_round() {
        let listing = listing();
        let mut choice = Choice::default();
        assert_eq!(choice.places(&listing), [0, 1, 2, 3]);
        choice.turn_to(Key::Job);
        assert_eq!(choice.places(&listing), [3, 2, 1, 0]);
        choice.turn_to(Key::Quantity(0));
        assert_eq!(choice.places(&listing), [2, 0, 3, 1]);
        choice.turn_to(Key::Quantity(0));
        assert_eq!(choice.places(&listing), [3, 0, 2, 1]);
        // One that a list does not have any more.
        choice.turn_to(Key::Quantity(5));
        assert_eq!(choice.places(&listing), [0, 1, 2, 3]);
    }

    #[test]
    fn a_picture_shows_what_its_script_asks_for() {
        let listing = listing();
        let sorted_by =
            |name: &str| StudyShot { find: "seed".into(), sort_by: Some(name.into()), descending: true };
        let choice = Choice::of_shot(&listing, &sorted_by("motion.flexion")).unwrap();
        assert_eq!(choice.places(&listing), [3, 0, 2, 1]);
        assert_eq!(Choice::of_shot(&listing, &StudyShot::default()).unwrap(), Choice::default());
        let error = Choice::of_shot(&listing, &sorted_by("flexion")).unwrap_err().to_string();
        assert!(error.contains("\"flexion\"; it keeps motion.flexion"), "{error}");
    }

    #[test]
    fn all_words_are_looked_for_in_patient_levels_and_reason() {
        let listing = listing();
        let found = |words: &str| Choice { words: words.into(), ..Choice::default() }.places(&listing);
        assert_eq!(found("  "), [0, 1, 2, 3]);
        assert_eq!(found("SEED 8"), [2, 3]);
        assert_eq!(found("ed 28"), [0, 2]);
        assert_eq!(found("head_diameter=36"), [1, 3]);
        assert_eq!(found("seed 8 =36"), [3]);
        assert_eq!(found("no plan shell"), [1]);
        assert!(found("navigated").is_empty());
    }

    #[test]
    fn numbers_are_looked_for_whole() {
        let text = "job 8 seed 28 head_offset=-1.5 36 mm";
        for word in ["8", "28", "1.5", "-1.5", "36", "seed", "m"] {
            assert!(holds(text, word), "{word}");
        }
        for word in ["2", "1", "5", "3", "6", "80"] {
            assert!(!holds(text, word), "{word}");
        }
    }
}
