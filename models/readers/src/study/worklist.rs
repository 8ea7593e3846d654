//! Who reads which case when, and with which method.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One reading to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Pseudonym of the case.
    pub case: String,
    /// Name of the method.
    pub method: String,
}

/// The sessions of a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worklist {
    /// The reader.
    pub reader: String,
    /// Items by session, in the order in which they are read.
    pub sessions: Vec<Vec<Item>>,
}

/// Streams of random numbers, so that no purpose changes what another draws.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    /// Pseudonyms.
    Names,
    /// Groups of cases.
    Groups,
    /// Order of a session.
    Order {
        /// Place of the reader.
        reader: usize,
        /// Place of the session.
        session: usize,
    },
}

/// Random numbers of a purpose.
pub(super) fn random(seed: u64, stream: Stream) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(match stream {
        Stream::Names => 1,
        Stream::Groups => 2,
        Stream::Order { reader, session } => (1 << 32) + ((reader as u64) << 8) + session as u64,
    });
    random
}

/// Worklists of cases (pseudonym and truth): each reader reads each case once with each method, a session apart. Cases are in as many groups as there
/// are methods, of equal size for each truth to one case; in a session each group is read with another method, and which one begins goes round with the
/// readers. The order within a session is random for each reader and session.
pub(super) fn worklists(
    cases: &[(String, String)],
    readers: &[String],
    methods: &[String],
    seed: u64,
) -> Vec<Worklist> {
    let groups = groups(cases, methods.len(), seed);
    let of_reader = |(place, reader): (usize, &String)| {
        let session = |session: usize| {
            let mut items: Vec<Item> = cases
                .iter()
                .zip(&groups)
                .map(|((case, _), group)| {
                    let method = methods[(group + place + session) % methods.len()].clone();
                    Item { case: case.clone(), method }
                })
                .collect();
            items.shuffle(&mut random(seed, Stream::Order { reader: place, session }));
            items
        };
        Worklist { reader: reader.clone(), sessions: (0..methods.len()).map(session).collect() }
    };
    readers.iter().enumerate().map(of_reader).collect()
}

/// The group of each case.
fn groups(cases: &[(String, String)], count: usize, seed: u64) -> Vec<usize> {
    let mut by_truth: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, (_, truth)) in cases.iter().enumerate() {
        by_truth.entry(truth).or_default().push(place);
    }
    let mut random = random(seed, Stream::Groups);
    let mut groups = vec![0; cases.len()];
    // Goes on from truth to truth, so that groups differ by one case at most also in all.
    let mut next = 0;
    for places in by_truth.values_mut() {
        places.shuffle(&mut random);
        for place in places {
            groups[*place] = next % count;
            next += 1;
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(seed: u64) -> (Vec<(String, String)>, Vec<Worklist>) {
        let truth = |n: usize| if n.is_multiple_of(3) { "1" } else { "0" };
        let cases: Vec<_> = (0..31).map(|n| (format!("c{n}"), truth(n).to_owned())).collect();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let lists = worklists(&cases, &names(&["anna", "ben", "cem"]), &names(&["without", "with"]), seed);
        (cases, lists)
    }

    #[test]
    fn every_reader_reads_every_case_once_with_each_method() {
        let (cases, lists) = made(1);
        for list in &lists {
            let mut readings: Vec<(&str, &str)> = list
                .sessions
                .iter()
                .flatten()
                .map(|item| (item.case.as_str(), item.method.as_str()))
                .collect();
            readings.sort_unstable();
            readings.dedup();
            assert_eq!(readings.len(), 2 * cases.len());
            assert!(list.sessions.iter().all(|session| session.len() == cases.len()));
        }
    }

    #[test]
    fn what_begins_with_help_is_balanced_over_truths_and_readers() {
        let (cases, lists) = made(1);
        let with = |reader: usize, session: usize, truth: &str| {
            let items = lists[reader].sessions[session].iter();
            items
                .filter(|item| {
                    item.method == "with" && cases.contains(&(item.case.clone(), truth.to_owned()))
                })
                .count()
        };
        for session in 0..2 {
            for reader in 0..3 {
                // 11 with disease and 20 without.
                assert!((5..=6).contains(&with(reader, session, "1")));
                assert!((9..=11).contains(&with(reader, session, "0")));
                let all = with(reader, session, "0") + with(reader, session, "1");
                assert!((15..=16).contains(&all));
            }
            assert_eq!(with(0, session, "1") + with(1, session, "1"), 11);
        }
    }

    #[test]
    fn orders_follow_from_the_seed_and_differ() {
        let order = |list: &Worklist, session: usize| -> Vec<String> {
            list.sessions[session].iter().map(|item| item.case.clone()).collect()
        };
        let (_, lists) = made(1);
        assert_eq!(lists, made(1).1);
        assert_ne!(lists, made(2).1);
        let mut orders: Vec<_> = lists.iter().flat_map(|list| [order(list, 0), order(list, 1)]).collect();
        orders.sort();
        orders.dedup();
        assert_eq!(orders.len(), 6);
    }
}
